/* SPDX-License-Identifier: MIT */
/*
 * tour_customer.c - users and their address books.
 */
#include "harness/tour.h"

static ec_id tour_users(ec_session *session)
{
    ec_user user = {.email = "tour@example.cl", .name = "Tour", .is_active = true};
    ec_user *made = NULL;
    ec_user_list *list = NULL;
    const ec_user_filter filters[] = {{0}, {.role = "customer"}};
    assert_ok(session, ec_user_create(session, &user, &made));
    ec_id id = made->id;
    ec_free(made);
    user.name = "Round tour";
    user.version = 1;
    assert_ok(session, ec_user_update(session, id, &user, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_user_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_user_by_email(session, "TOUR@example.cl", &made));
    ec_free(made);
    for (size_t i = 0; i < 2; i++) {
        ec_page page = {.total = true};
        assert_ok(session, ec_user_find(session, &filters[i], &page, &list));
        ec_free(list);
    }
    return id;
}

void tour_customer(ec_session *session)
{
    ec_id user = tour_users(session);
    ec_address home = {
        .name = "Tour", .street = "Street 1", .city = "Arica", .country = "CL", .is_default = true};
    ec_address *made = NULL;
    ec_address_list *list = NULL;
    ec_id ids[2];
    for (size_t i = 0; i < 2; i++) {
        assert_ok(session, ec_address_create(session, user, &home, &made));
        ids[i] = made->id;
        ec_free(made);
    }
    home.street = "Street 2";
    assert_ok(session, ec_address_update(session, ids[0], &home, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_address_get(session, ids[0], &made));
    ec_free(made);
    assert_ok(session, ec_address_find(session, user, NULL, &list));
    ec_free(list);
    assert_ok(session, ec_address_delete(session, ids[0]));
}
