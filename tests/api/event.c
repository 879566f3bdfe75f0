/* SPDX-License-Identifier: MIT */
/*
 * event.c - history and outbox.
 */
#include "engine/call.h"
#include "harness/harness.h"

static ec_engine *engine;
static ec_session *session;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

typedef struct emit_args {
    int64_t count;
    ec_status outcome;
} emit_args;

static ec_status run_emit(ec_session *s, void *ctx, void **result)
{
    const emit_args *args = ctx;
    ec_id *ids = ec_arena_array(ec_scratch(s), (size_t)args->count, sizeof *ids);
    const char **data = ec_arena_array(ec_scratch(s), (size_t)args->count, sizeof *data);
    (void)result;
    for (int64_t i = 0; ids && data && i < args->count; i++) {
        ids[i] = i + 1;
        data[i] = i % 2 == 0 ? NULL : ec_arena_printf(ec_scratch(s), "{\"n\":%d}", (int)i);
    }
    ec_status status = ec_emit_many(s, "thing", ids, data, (size_t)args->count, "thing.made");
    return status == EC_OK ? args->outcome : status;
}

static void emit(int64_t count)
{
    static const ec_op op = {.name = "test.emit",
                             .permission = "test",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_WRITE,
                             .run = run_emit};
    emit_args args = {count, EC_OK};
    assert_ok(session, ec_call(session, &op, &args, NULL));
    args.outcome = EC_STATE; /* leaves nothing */
    assert_status(session, ec_call(session, &op, &args, NULL), EC_STATE);
}

static void event__tells_who_did_what_to_which(void **state)
{
    (void)state;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION,
                                  .actor = EC_ACTOR_STAFF,
                                  .user_id = 42,
                                  .request = "req-7"};
    ec_session *staff = NULL;
    ec_channel change = {.name = "Mine"};
    ec_channel *channel = NULL;
    ec_event_list *list = NULL;
    assert_int_equal(ec_session_open(engine, &options, &staff), EC_OK);
    assert_ok(staff, ec_channel_update(staff, ec_session_channel(staff), &change,
                                       ec_mask_of("channel", "name"), &channel));
    ec_event_filter filter = {
        .aggregate = "channel", .aggregate_id = channel->id, .newest_first = true};
    assert_ok(staff, ec_event_find(staff, &filter, NULL, &list));
    assert_string_equal(list->items[0].type, "channel.updated");
    assert_string_equal(list->items[0].request, "req-7");
    assert_int_equal(list->items[0].actor, EC_ACTOR_STAFF);
    assert_int_equal(list->items[0].user_id, 42);
    assert_int_equal(list->items[0].created_at, world_now());
    ec_free(list);
    ec_free(channel);
    ec_session_close(staff);
}

static void event_find__filters(void **state)
{
    (void)state;
    ec_event_list *list = NULL;
    ec_page page = {.limit = 100, .total = true};
    emit(70);
    ec_event_filter filter = {.aggregate = "thing"};
    assert_ok(session, ec_event_find(session, &filter, &page, &list));
    assert_int_equal(list->total, 70);
    assert_string_equal(list->items[1].data, "{\"n\":1}");
    assert_null(list->items[0].data);
    ec_free(list);
    filter.aggregate_id = 5;
    filter.type = "thing.made";
    assert_ok(session, ec_event_find(session, &filter, &page, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    filter = (ec_event_filter){.type = "thing.broken"};
    assert_ok(session, ec_event_find(session, &filter, &page, &list));
    assert_int_equal(list->items_count, 0);
    ec_free(list);
    filter = (ec_event_filter){.aggregate_id = 5};
    assert_status(session, ec_event_find(session, &filter, &page, &list), EC_INVALID);
    assert_field_error(session, "aggregate_id", "requires");
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_event_find(guest, NULL, &page, &list), EC_DENIED);
    assert_status(guest, ec_event_poll(guest, "mail", 1, &list), EC_DENIED);
    assert_status(guest, ec_event_ack(guest, "mail", 1), EC_DENIED);
    ec_session_close(guest);
}

/* Take all events in steps; how many there were. */
static int64_t consume(const char *consumer, int64_t step, ec_id *last)
{
    int64_t seen = 0;
    for (;;) {
        ec_event_list *list = NULL;
        assert_ok(session, ec_event_poll(session, consumer, step, &list));
        if (list->items_count == 0) {
            ec_free(list);
            return seen;
        }
        for (size_t i = 0; i < list->items_count; i++) {
            assert_true(list->items[i].id > *last);
            *last = list->items[i].id;
            seen++;
        }
        ec_free(list);
        assert_ok(session, ec_event_ack(session, consumer, *last));
    }
}

static void outbox__gives_each_consumer_everything_in_order(void **state)
{
    (void)state;
    ec_id mail = 0;
    ec_id search = 0;
    emit(130);
    assert_int_equal(consume("mail", 7, &mail), 131);
    emit(27);
    assert_int_equal(consume("mail", 100, &mail), 27);
    assert_int_equal(consume("search", 0, &search), 158);
    assert_ok(session, ec_session_idempotency(session, "ack"));
    assert_ok(session, ec_event_ack(session, "mail", mail));
    assert_int_equal(mail, search);
}

static void outbox__repeats_until_it_is_acknowledged(void **state)
{
    (void)state;
    ec_event_list *first = NULL;
    ec_event_list *again = NULL;
    emit(5);
    assert_ok(session, ec_event_poll(session, "mail", 3, &first));
    assert_ok(session, ec_event_poll(session, "mail", 3, &again));
    assert_int_equal(first->items[0].id, again->items[0].id);
    ec_free(again);
    assert_ok(session, ec_event_ack(session, "mail", first->items[1].id));
    /* a late acknowledgement does not move back */
    assert_ok(session, ec_event_ack(session, "mail", first->items[0].id));
    assert_ok(session, ec_event_poll(session, "mail", 3, &again));
    assert_int_equal(again->items[0].id, first->items[2].id);
    ec_free(again);
    ec_free(first);
}

static void outbox__refuses_wrong_input(void **state)
{
    (void)state;
    ec_event_list *list = NULL;
    assert_status(session, ec_event_poll(session, "", 1, &list), EC_INVALID);
    assert_field_error(session, "consumer", "format");
    assert_status(session, ec_event_poll(session, NULL, 1, &list), EC_INVALID);
    assert_status(session, ec_event_poll(session, "Mail", 1, &list), EC_INVALID);
    assert_status(session, ec_event_poll(session, "mail", 101, &list), EC_INVALID);
    assert_field_error(session, "limit", "range");
    assert_status(session, ec_event_poll(session, "mail", -1, &list), EC_INVALID);
    assert_status(session, ec_event_ack(session, "mail", 4711), EC_INVALID);
    assert_field_error(session, "id", "reference");
    assert_status(session, ec_event_ack(session, "mail", -1), EC_INVALID);
    assert_status(session, ec_event_ack(session, "a b", 1), EC_INVALID);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(event__tells_who_did_what_to_which),
        CASE(event_find__filters),
        CASE(outbox__gives_each_consumer_everything_in_order),
        CASE(outbox__repeats_until_it_is_acknowledged),
        CASE(outbox__refuses_wrong_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
