/* SPDX-License-Identifier: MIT */
/*
 * page.c - pages, tokens that come back from outside, and walking handles.
 */
#include "engine/page.h"
#include "engine/state.h"
#include "harness/harness.h"
#include "model/model.h"

static ec_engine *engine;
static ec_session *session;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    shop_sql(engine, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 250)"
                     " INSERT INTO users (id, email, name, role, email_verified, is_active,"
                     " version, created_at, updated_at)"
                     " SELECT i, 'u' || i || '@x.cl', 'U', 'customer', 0, 1, 1, 1, 1 FROM n");
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static void page__has_a_default_size_and_a_greatest(void **state)
{
    (void)state;
    ec_user_list *list = NULL;
    ec_page page = {0};
    assert_ok(session, ec_user_find(session, NULL, NULL, &list));
    assert_int_equal(list->items_count, EC_PAGE_SIZE_DEFAULT);
    assert_int_equal(list->total, -1);
    assert_non_null(list->next_cursor);
    ec_free(list);
    page.limit = EC_PAGE_SIZE_MAX;
    assert_ok(session, ec_user_find(session, NULL, &page, &list));
    assert_int_equal(list->items_count, EC_PAGE_SIZE_MAX);
    ec_free(list);
    page.limit = EC_PAGE_SIZE_MAX + 1;
    assert_status(session, ec_user_find(session, NULL, &page, &list), EC_INVALID);
    assert_field_error(session, "limit", "range");
    page.limit = -1;
    assert_status(session, ec_user_find(session, NULL, &page, &list), EC_INVALID);
    page = (ec_page){.page = -1};
    assert_status(session, ec_user_find(session, NULL, &page, &list), EC_INVALID);
    assert_field_error(session, "page", "range");
    page.page = INT64_MAX;
    assert_status(session, ec_user_find(session, NULL, &page, &list), EC_INVALID);
    page.page = INT64_MAX / EC_PAGE_SIZE_DEFAULT;
    assert_ok(session, ec_user_find(session, NULL, &page, &list));
    assert_int_equal(list->items_count, 0);
    assert_null(list->next_cursor);
    ec_free(list);
}

static void page__numbers_and_cursors_walk_the_same_way(void **state)
{
    (void)state;
    ec_page page = {.limit = 30, .total = true};
    char cursor[256] = "";
    ec_id last = 0;
    for (int64_t number = 1; number <= 9; number++) {
        ec_user_list *by_number = NULL;
        ec_user_list *by_cursor = NULL;
        page.cursor = NULL;
        page.page = number;
        assert_ok(session, ec_user_find(session, NULL, &page, &by_number));
        page.page = 0;
        page.cursor = number == 1 ? NULL : cursor;
        assert_ok(session, ec_user_find(session, NULL, &page, &by_cursor));
        assert_int_equal(by_number->items_count, number < 9 ? 30 : 10);
        assert_int_equal(by_number->items_count, by_cursor->items_count);
        assert_int_equal(by_number->items[0].id, by_cursor->items[0].id);
        assert_int_equal(by_number->items[0].id, last + 1);
        assert_int_equal(by_number->total, 250);
        assert_int_equal(by_cursor->total, 250);
        last = by_number->items[by_number->items_count - 1].id;
        assert_true((by_cursor->next_cursor != NULL) == (number < 9));
        snprintf(cursor, sizeof cursor, "%s", number < 9 ? by_cursor->next_cursor : "");
        ec_free(by_number);
        ec_free(by_cursor);
    }
    assert_int_equal(last, 250);
}

static void page__an_exact_end_has_no_next(void **state)
{
    (void)state;
    ec_user_list *list = NULL;
    ec_page page = {.limit = 50, .page = 5};
    assert_ok(session, ec_user_find(session, NULL, &page, &list));
    assert_int_equal(list->items_count, 50);
    assert_null(list->next_cursor);
    ec_free(list);
}

/* ---- tokens ---- */

static ec_status plan_of(const char *cursor, const char *sort, ec_page_plan *plan)
{
    bool outer;
    ec_page page = {.cursor = cursor};
    assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
    ec_status status = ec_page_plan_make(session, &page, sort, plan);
    if (status == EC_OK && plan->key.type == EC_VALUE_TEXT) {
        assert_true(strlen(plan->key.bytes) == plan->key.length);
    }
    ec_leave(session, outer);
    return status;
}

static void token__brings_any_position_back(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN};
    static const char *const texts[] = {"", "x", "Ñandú \"quoted\" \\ 100 %", "日本"};
    ec_page_plan plan;
    char token[512];
    bool outer;
    for (size_t i = 0; i < 5; i++) {
        ec_value key = {.type = EC_VALUE_INT, .integer = numbers[i]};
        assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
        snprintf(token, sizeof token, "%s", ec_page_token(session, "price", key, INT64_MAX));
        ec_leave(session, outer);
        assert_int_equal(plan_of(token, "price", &plan), EC_OK);
        assert_int_equal(plan.key.integer, numbers[i]);
        assert_true(plan.id == INT64_MAX && plan.after);
        assert_int_equal(plan_of(token, "name", &plan), EC_INVALID);
        assert_field_error(session, "cursor", "format");
    }
    for (size_t i = 0; i < 4; i++) {
        ec_page page;
        ec_value key = {.type = EC_VALUE_TEXT, .bytes = texts[i], .length = strlen(texts[i])};
        assert_int_equal(ec_enter_fresh(session, &outer), EC_OK);
        page = (ec_page){.cursor = ec_page_token(session, "name", key, 7)};
        assert_int_equal(ec_page_plan_make(session, &page, "name", &plan), EC_OK);
        assert_string_equal(plan.key.bytes, texts[i]);
        assert_int_equal(plan.id, 7);
        ec_leave(session, outer);
    }
}

static void token__is_doubted(void **state)
{
    (void)state;
    /* [], ["id"], ["id",0,"1"], ["id",0,-1], ["id",0,1,1], {"id":0}, ["id",0,1.5], ["id",[],1],
       ["id",0,99999999999999999999], ["id","a\u0000b",1] */
    static const char *const tokens[] = {"",
                                         "!",
                                         "====",
                                         "W10",
                                         "WyJpZCJd",
                                         "WyJpZCIsMCwiMSJd",
                                         "WyJpZCIsMCwtMV0",
                                         "WyJpZCIsMCwxLDFd",
                                         "eyJpZCI6MH0",
                                         "WyJpZCIsMCwxLjVd",
                                         "WyJpZCIsW10sMV0",
                                         "WyJpZCIsMCw5OTk5OTk5OTk5OTk5OTk5OTk5OV0",
                                         "WyJpZCIsImFcdTAwMDBiIiwxXQ",
                                         "WyJpZCIsMCwxXQ==",
                                         "\xff\xfe",
                                         "WyJpZCIsMCwxX"};
    ec_page_plan plan;
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        if (plan_of(tokens[i], "id", &plan) != EC_INVALID) {
            fail_msg("taken: %s", tokens[i]);
        }
    }
    assert_int_equal(plan_of("WyJpZCIsMCwxXQ", "id", &plan), EC_OK);
    char *endless = malloc(100001);
    assert_non_null(endless);
    memset(endless, 'W', 100000);
    endless[100000] = '\0';
    assert_int_equal(plan_of(endless, "id", &plan), EC_INVALID);
    free(endless);
    ec_user_list *list = NULL;
    ec_page both = {.page = 2, .cursor = "WyJpZCIsMCwxXQ"};
    assert_status(session, ec_user_find(session, NULL, &both, &list), EC_INVALID);
    assert_field_error(session, "page", "conflict");
}

/* ---- walking ---- */

static ec_status fetch_users(ec_session *s, void *ctx, const ec_page *page, void **list)
{
    (void)ctx;
    return ec_user_find(s, NULL, page, (ec_user_list **)list);
}

static void cursor__walks_to_the_end(void **state)
{
    (void)state;
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    ec_id last = 0;
    ec_status status;
    assert_ok(session, ec_cursor_make(session, &ec_user_list_entity, fetch_users, NULL, &cursor));
    assert_string_equal(ec_cursor_entity(cursor), "user");
    while ((status = ec_cursor_next(cursor, &object)) == EC_OK) {
        assert_int_equal(((const ec_user *)object)->id, ++last);
    }
    assert_int_equal(status, EC_DONE);
    assert_null(object);
    assert_int_equal(last, 250);
    assert_int_equal(ec_cursor_next(cursor, &object), EC_DONE);
    ec_cursor_close(cursor);
}

static void cursor__survives_its_session_without_working(void **state)
{
    (void)state;
    ec_session *other = session_system(engine);
    ec_cursor *first = NULL;
    ec_cursor *second = NULL;
    const void *object = NULL;
    assert_ok(other, ec_cursor_make(other, &ec_user_list_entity, fetch_users, NULL, &first));
    assert_ok(other, ec_cursor_make(other, &ec_user_list_entity, fetch_users, NULL, &second));
    assert_int_equal(ec_cursor_next(first, &object), EC_OK);
    ec_cursor_close(first);
    ec_session_close(other);
    assert_int_equal(ec_cursor_next(second, &object), EC_MISUSE);
    ec_cursor_close(second);
    ec_cursor_close(NULL);
    assert_int_equal(ec_cursor_next(NULL, &object), EC_MISUSE);
    assert_null(ec_cursor_entity(NULL));
}

static void cursor__tells_at_once_what_is_wrong(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_cursor *cursor = NULL;
    assert_status(guest, ec_cursor_make(guest, &ec_user_list_entity, fetch_users, NULL, &cursor),
                  EC_DENIED);
    assert_null(cursor);
    ec_session_close(guest);
}

static void cursor__a_failure_can_be_tried_again(void **state)
{
    (void)state;
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    assert_ok(session, ec_cursor_make(session, &ec_user_list_entity, fetch_users, NULL, &cursor));
    for (ec_id id = 1; id <= EC_PAGE_SIZE_MAX; id++) {
        assert_ok(session, ec_cursor_next(cursor, &object));
    }
    world_fail(1, true); /* the next page finds no room */
    assert_int_equal(ec_cursor_next(cursor, &object), EC_NO_MEMORY);
    assert_null(object);
    world_fail(0, false);
    assert_ok(session, ec_cursor_next(cursor, &object));
    assert_int_equal(((const ec_user *)object)->id, EC_PAGE_SIZE_MAX + 1);
    ec_cursor_close(cursor);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(page__has_a_default_size_and_a_greatest),
        CASE(page__numbers_and_cursors_walk_the_same_way),
        CASE(page__an_exact_end_has_no_next),
        CASE(token__brings_any_position_back),
        CASE(token__is_doubted),
        CASE(cursor__walks_to_the_end),
        CASE(cursor__survives_its_session_without_working),
        CASE(cursor__tells_at_once_what_is_wrong),
        CASE(cursor__a_failure_can_be_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
