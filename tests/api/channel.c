/* SPDX-License-Identifier: MIT */
/*
 * channel.c - shop fronts and price lists.
 */
#include "harness/harness.h"

static ec_engine *engine;
static ec_session *session;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_staff(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_channel sample(const char *code)
{
    return (ec_channel){.code = code,
                        .name = "Web",
                        .currency = "USD",
                        .locale = "en-US",
                        .country = "US",
                        .is_active = true};
}

static ec_id create(const char *code)
{
    ec_channel channel = sample(code);
    ec_channel *made = NULL;
    assert_ok(session, ec_channel_create(session, &channel, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void channel_create__stores_it(void **state)
{
    (void)state;
    ec_channel channel = sample("web");
    ec_channel *made = NULL;
    ec_channel *read = NULL;
    channel.stock_strategy = EC_STOCK_FEWEST_PARCELS;
    channel.merge_policy = EC_MERGE_KEEP_HIGHEST;
    channel.id = 4711;
    channel.version = 9;
    assert_ok(session, ec_channel_create(session, &channel, &made));
    assert_int_not_equal(made->id, 4711);
    assert_int_equal(made->version, 1);
    assert_int_equal(made->created_at, world_now());
    assert_ok(session, ec_channel_by_code(session, "web", &read));
    assert_int_equal(read->id, made->id);
    assert_int_equal(read->stock_strategy, EC_STOCK_FEWEST_PARCELS);
    assert_int_equal(read->merge_policy, EC_MERGE_KEEP_HIGHEST);
    assert_string_equal(read->country, "US");
    ec_free(made);
    ec_free(read);
}

static void channel_create__refuses_wrong_input(void **state)
{
    (void)state;
    ec_channel *made = NULL;
    ec_channel channel = sample("Not A Slug");
    channel.currency = "ZZZ";
    channel.locale = "es CL";
    channel.name = "";
    assert_status(session, ec_channel_create(session, &channel, &made), EC_INVALID);
    assert_field_error(session, "code", "slug");
    assert_field_error(session, "currency", "currency");
    assert_null(made);
    channel = sample("web");
    channel.locale = "es CL";
    assert_status(session, ec_channel_create(session, &channel, &made), EC_INVALID);
    assert_field_error(session, "locale", "format");
    channel = sample("web");
    channel.price_list_id = 99;
    assert_status(session, ec_channel_create(session, &channel, &made), EC_INVALID);
    assert_field_error(session, "price_list_id", "reference");
    assert_status(session, ec_channel_create(session, NULL, &made), EC_MISUSE);
    channel = sample("default");
    assert_status(session, ec_channel_create(session, &channel, &made), EC_EXISTS);
    assert_field_error(session, "code", "unique");
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels"), 1);
}

static void channel__exactly_one_is_the_default(void **state)
{
    (void)state;
    ec_id id = create("web");
    ec_channel change = {.is_default = true};
    ec_channel *changed = NULL;
    assert_ok(session, ec_channel_update(session, id, &change, ec_mask_of("channel", "is_default"),
                                         &changed));
    ec_free(changed);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM channels WHERE is_default"), 1);
    ec_session *later = session_guest(engine);
    ec_channel *read = NULL;
    assert_ok(later, ec_channel_get(later, id, &read));
    assert_true(read->is_default);
    ec_free(read);
    ec_session_close(later);

    change.is_default = false;
    assert_status(
        session,
        ec_channel_update(session, id, &change, ec_mask_of("channel", "is_default"), &changed),
        EC_INVALID);
    assert_field_error(session, "is_default", "conflict");
    assert_status(
        session,
        ec_channel_update(session, id, &change, ec_mask_of("channel", "is_active"), &changed),
        EC_INVALID);
    assert_field_error(session, "is_active", "conflict");
}

static void channel_update__changes_only_what_it_names(void **state)
{
    (void)state;
    ec_id id = create("web");
    ec_channel change = {.name = "Shop", .code = "ignored", .version = 1};
    ec_channel *changed = NULL;
    world_advance(1000);
    assert_ok(session,
              ec_channel_update(session, id, &change, ec_mask_of("channel", "name"), &changed));
    assert_string_equal(changed->name, "Shop");
    assert_string_equal(changed->code, "web");
    assert_int_equal(changed->version, 2);
    assert_int_equal(changed->updated_at, changed->created_at + 1000);
    ec_free(changed);
    /* the version is an old one now */
    assert_status(session,
                  ec_channel_update(session, id, &change, ec_mask_of("channel", "name"), &changed),
                  EC_STALE);
    /* nothing to change leaves everything as it is */
    change.version = 0;
    assert_ok(session,
              ec_channel_update(session, id, &change, ec_mask_of("channel", "name"), &changed));
    assert_int_equal(changed->version, 2);
    ec_free(changed);
}

static void channel_update__refuses_wrong_changes(void **state)
{
    (void)state;
    ec_id id = create("web");
    ec_channel change = sample("web");
    ec_channel *changed = NULL;
    change.currency = "EUR";
    assert_status(
        session,
        ec_channel_update(session, id, &change, ec_mask_of("channel", "currency"), &changed),
        EC_INVALID);
    assert_field_error(session, "currency", "immutable");
    assert_status(session, ec_channel_update(session, 4711, &change, EC_MASK_ALL, &changed),
                  EC_NOT_FOUND);
    change.name = NULL;
    assert_status(session,
                  ec_channel_update(session, id, &change, ec_mask_of("channel", "name"), &changed),
                  EC_INVALID);
    assert_field_error(session, "name", "required");
}

static void channel__what_is_not_active_is_hidden(void **state)
{
    (void)state;
    ec_id id = create("web");
    ec_channel change = {.is_active = false};
    ec_channel *changed = NULL;
    assert_ok(session, ec_channel_update(session, id, &change, ec_mask_of("channel", "is_active"),
                                         &changed));
    ec_free(changed);
    ec_session *guest = session_guest(engine);
    ec_channel_list *list = NULL;
    assert_status(guest, ec_channel_get(guest, id, &changed), EC_NOT_FOUND);
    assert_status(guest, ec_channel_by_code(guest, "web", &changed), EC_NOT_FOUND);
    assert_ok(guest, ec_channel_find(guest, NULL, &list));
    assert_int_equal(list->items_count, 1);
    assert_int_equal(list->total, -1);
    ec_free(list);
    ec_page page = {.total = true};
    assert_ok(session, ec_channel_find(session, &page, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->total, 2);
    ec_free(list);
    assert_status(guest, ec_channel_create(guest, &change, &changed), EC_DENIED);
    assert_status(guest, ec_channel_update(guest, id, &change, 1, &changed), EC_DENIED);
    ec_session_close(guest);
}

static void channel__has_prices_of_its_own_currency(void **state)
{
    (void)state;
    ec_price_list list = {
        .code = "sale", .name = "Sale", .currency = "EUR", .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    ec_channel *changed = NULL;
    assert_ok(session, ec_price_list_create(session, &list, &made));
    ec_id id = create("web");
    ec_channel change = {.price_list_id = made->id};
    assert_status(
        session,
        ec_channel_update(session, id, &change, ec_mask_of("channel", "price_list_id"), &changed),
        EC_INVALID);
    assert_field_error(session, "price_list_id", "currency");
    ec_free(made);
}

static void price_list__ends_after_it_begins(void **state)
{
    (void)state;
    ec_price_list list = {.code = "sale",
                          .name = "Sale",
                          .currency = "CLP",
                          .valid_from = 2000,
                          .valid_until = 1000,
                          .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    assert_status(session, ec_price_list_create(session, &list, &made), EC_INVALID);
    assert_field_error(session, "valid_until", "order");
    list.valid_until = 3000;
    assert_ok(session, ec_price_list_create(session, &list, &made));
    ec_id id = made->id;
    ec_free(made);
    /* each half keeps the rule, both together break it */
    list.valid_from = 4000;
    list.valid_until = 0;
    assert_status(
        session,
        ec_price_list_update(session, id, &list, ec_mask_of("price_list", "valid_from"), &made),
        EC_INVALID);
    assert_field_error(session, "valid_until", "order");
    list.valid_until = 5000;
    assert_ok(session,
              ec_price_list_update(session, id, &list,
                                   ec_mask_of("price_list", "valid_from,valid_until"), &made));
    assert_int_equal(made->valid_until, 5000);
    ec_free(made);
    assert_ok(session, ec_price_list_by_code(session, "sale", &made));
    assert_int_equal(made->id, id);
    ec_free(made);
    assert_ok(session, ec_price_list_get(session, id, &made));
    ec_free(made);
    ec_price_list_list *lists = NULL;
    assert_ok(session, ec_price_list_find(session, NULL, &lists));
    assert_int_equal(lists->items_count, 1);
    ec_free(lists);
    assert_status(session, ec_price_list_get(session, 99, &made), EC_NOT_FOUND);
    assert_status(session, ec_price_list_by_code(session, NULL, &made), EC_NOT_FOUND);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(channel_create__stores_it),
        CASE(channel_create__refuses_wrong_input),
        CASE(channel__exactly_one_is_the_default),
        CASE(channel_update__changes_only_what_it_names),
        CASE(channel_update__refuses_wrong_changes),
        CASE(channel__what_is_not_active_is_hidden),
        CASE(channel__has_prices_of_its_own_currency),
        CASE(price_list__ends_after_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
