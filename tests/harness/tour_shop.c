/* SPDX-License-Identifier: MIT */
/*
 * tour_shop.c - channels, price lists, settings, events, keys, migrations.
 */
#include "harness/tour.h"

static void tour_channels(ec_session *session)
{
    ec_channel channel = {
        .code = "tour", .name = "Tour", .currency = "USD", .locale = "en", .is_active = true};
    ec_channel *made = NULL;
    ec_channel_list *list = NULL;
    ec_page page = {.limit = 1, .total = true};
    assert_ok(session, ec_session_idempotency(session, "tour"));
    assert_ok(session, ec_channel_create(session, &channel, &made));
    ec_id id = made->id;
    ec_free(made);
    channel.name = "Round tour";
    assert_ok(session, ec_channel_update(session, id, &channel, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_channel_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_channel_by_code(session, "tour", &made));
    ec_free(made);
    assert_ok(session, ec_channel_find(session, &page, &list));
    page.cursor = list->next_cursor;
    ec_channel_list *next = NULL;
    assert_ok(session, ec_channel_find(session, &page, &next));
    ec_free(next);
    ec_free(list);
}

static void tour_price_lists(ec_session *session)
{
    ec_price_list sale = {.code = "tour", .name = "Tour", .currency = "CLP"};
    ec_price_list *made = NULL;
    ec_price_list_list *list = NULL;
    assert_ok(session, ec_price_list_create(session, &sale, &made));
    ec_id id = made->id;
    ec_free(made);
    sale.status = EC_PRICE_LIST_ACTIVE;
    assert_ok(session, ec_price_list_update(session, id, &sale, EC_MASK_ALL, &made));
    ec_free(made);
    assert_ok(session, ec_price_list_get(session, id, &made));
    ec_free(made);
    assert_ok(session, ec_price_list_by_code(session, "tour", &made));
    ec_free(made);
    assert_ok(session, ec_price_list_find(session, NULL, &list));
    ec_free(list);
}

static void tour_settings(ec_session *session)
{
    ec_setting *setting = NULL;
    ec_setting_list *list = NULL;
    assert_ok(session, ec_setting_set(session, "tour.guide", "me"));
    assert_ok(session, ec_setting_get(session, "tour.guide", &setting));
    ec_free(setting);
    assert_ok(session, ec_setting_set(session, "tour.guide", NULL));
    assert_ok(session, ec_setting_find(session, &list));
    ec_free(list);
}

static void tour_events(ec_session *session)
{
    const ec_event_filter filters[] = {
        {0},
        {.newest_first = true},
        {.aggregate = "channel"},
        {.aggregate = "channel", .aggregate_id = 1, .newest_first = true},
        {.aggregate = "channel", .aggregate_id = 1, .type = "channel.updated"},
        {.aggregate = "channel", .type = "channel.updated"},
        {.type = "channel.updated"},
    };
    ec_event_list *list = NULL;
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        ec_page page = {.limit = 1, .total = true};
        assert_ok(session, ec_event_find(session, &filters[i], &page, &list));
        page.cursor = list->next_cursor;
        ec_event_list *next = NULL;
        assert_ok(session, ec_event_find(session, &filters[i], &page, &next));
        ec_free(next);
        ec_free(list);
    }
    assert_ok(session, ec_event_poll(session, "tour", 1, &list));
    assert_ok(session, ec_event_ack(session, "tour", list->items[0].id));
    assert_ok(session, ec_event_ack(session, "tour", list->items[0].id + 1));
    ec_free(list);
}

void tour_shop(ec_session *session)
{
    ec_migration_status_list *migrations = NULL;
    tour_channels(session);
    tour_price_lists(session);
    tour_settings(session);
    tour_events(session);
    assert_ok(session, ec_migration_find(session, &migrations));
    ec_free(migrations);
}
