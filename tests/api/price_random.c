/* SPDX-License-Identifier: MIT */
/*
 * price_random.c - which price holds, and what the log says of it, against models that look at
 * every price there is.
 */
#include "catalog/catalog.h"
#include "harness/products.h"

#define LISTS 5
#define PRICES 40
#define STEPS 400
#define ROUNDS 40

static ec_engine *engine;
static ec_session *session;
static ec_id variant, users[2], groups[2];

static int begin(void **state)
{
    (void)state;
    world_set(INT64_C(1768478400000));
    engine = shop_open();
    session = session_system(engine);
    for (int i = 0; i < 2; i++) {
        char code[8];
        ec_group group = {.code = code, .name = "G"}, *made = NULL;
        (void)snprintf(code, sizeof code, "g%d", i);
        assert_ok(session, ec_group_create(session, &group, &made));
        groups[i] = made->id;
        ec_free(made);
    }
    users[0] = shop_customer(engine, "ana@example.com");
    users[1] = shop_customer(engine, "eva@example.com");
    assert_ok(session, ec_group_add_users(session, groups[0], &users[0], 1));
    assert_ok(session, ec_group_add_users(session, groups[1], &users[0], 1));
    assert_ok(session, ec_group_add_users(session, groups[1], &users[1], 1));
    ec_product *product = product_make(session, "Mate", 1000);
    variant = product->variants[0].id;
    ec_free(product);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

/* ---- which price holds ---- */

static ec_price_list lists[LISTS];
static ec_price prices[PRICES];
static int lists_count, prices_count;

static ec_time some_time(void)
{
    return world_pick(3) == 0 ? 0 : world_now() + (world_pick(7) - 3) * 10;
}

static void make_lists(void)
{
    static const char *const here[] = {"default"};
    ec_id own = 0;
    lists_count = 0;
    for (int i = 0; i < LISTS; i++) {
        char code[8];
        (void)snprintf(code, sizeof code, "l%d", i);
        ec_price_list input = {
            .code = code,
            .name = "L",
            .currency = "CLP",
            .priority = world_pick(3),
            .group_id = world_pick(2) ? groups[world_pick(2)] : 0,
            .valid_from = some_time(),
            .channels = here,
            .channels_count = world_pick(4) != 0,
            .status =
                (ec_price_list_status)(world_pick(6) == 0 ? world_pick(3) : EC_PRICE_LIST_ACTIVE)};
        ec_time until = some_time();
        input.valid_until = until > input.valid_from ? until : 0;
        ec_price_list *made = NULL;
        assert_ok(session, ec_price_list_create(session, &input, &made));
        lists[lists_count] = input;
        lists[lists_count++].id = made->id;
        own = world_pick(5) == 0 ? made->id : own;
        ec_free(made);
    }
    ec_channel change = {.price_list_id = own}, *channel = NULL;
    assert_ok(session, ec_channel_update(session, 1, &change,
                                         ec_mask_of("channel", "price_list_id"), &channel));
    ec_free(channel);
    for (int i = 0; i < lists_count; i++) { /* version tells the model which one is the last */
        lists[i].version = lists[i].id == own;
    }
}

static bool same_key(const ec_price *a, const ec_price *b)
{
    return a->price_list_id == b->price_list_id && a->min_quantity == b->min_quantity &&
           a->valid_from == b->valid_from;
}

/* By SQL, so that prices of any time can be there. */
static void make_prices(void)
{
    shop_sql(engine, "DELETE FROM prices");
    prices_count = 0;
    for (int i = 0; i < PRICES; i++) {
        ec_price price = {.price_list_id = lists[world_pick(lists_count)].id,
                          .min_quantity = world_pick(2) ? 1 : 1 + world_pick(5),
                          .amount = 100 + i,
                          .valid_from = some_time()};
        ec_time until = some_time();
        bool twice = false;
        price.valid_until = until > price.valid_from ? until : 0;
        for (int k = 0; k < prices_count; k++) {
            twice = twice || same_key(&prices[k], &price);
        }
        if (twice) {
            continue;
        }
        char sql[256], from[24], to[24];
        (void)snprintf(from, sizeof from, "%lld", (long long)price.valid_from);
        (void)snprintf(to, sizeof to, "%lld", (long long)price.valid_until);
        (void)snprintf(sql, sizeof sql,
                       "INSERT INTO prices (price_list_id, variant_id, min_quantity, amount,"
                       " valid_from, valid_until) VALUES (%d, %d, %d, %d, %s, %s)",
                       (int)price.price_list_id, (int)variant, (int)price.min_quantity,
                       (int)price.amount, price.valid_from ? from : "NULL",
                       price.valid_until ? to : "NULL");
        shop_sql(engine, sql);
        prices[prices_count++] = price;
    }
}

static bool is_in(ec_id user, ec_id group)
{
    return user == users[0] || (user == users[1] && group == groups[1]);
}

/* Rules of the guide, said once more: the place of a list among those that count; -1: none. */
static int64_t rank(const ec_price_list *list, ec_id user)
{
    ec_time now = world_now();
    bool counts = list->status == EC_PRICE_LIST_ACTIVE && list->valid_from <= now &&
                  (list->valid_until == 0 || list->valid_until > now) &&
                  (list->group_id == 0 || is_in(user, list->group_id)) &&
                  (list->channels_count > 0 || list->version != 0);
    if (!counts) return -1;
    return (list->channels_count > 0 ? 1000000 : 0) + list->priority * 10000 +
           (list->group_id != 0 ? 1000 : 0) + (999 - list->id);
}

static int64_t expected(ec_id user, int64_t quantity)
{
    ec_time now = world_now();
    int64_t best = -1, amount = 1000;
    const ec_price *held = NULL;
    for (int i = 0; i < prices_count; i++) {
        const ec_price *price = &prices[i];
        const ec_price_list *list = NULL;
        for (int k = 0; k < lists_count; k++) {
            list = lists[k].id == price->price_list_id ? &lists[k] : list;
        }
        int64_t place = list ? rank(list, user) : -1;
        bool holds = price->min_quantity <= quantity && price->valid_from <= now &&
                     (price->valid_until == 0 || price->valid_until > now);
        if (place < 0 || !holds || place < best) continue;
        bool better =
            place > best || price->min_quantity > held->min_quantity ||
            (price->min_quantity == held->min_quantity && price->valid_from > held->valid_from);
        if (better) {
            held = price;
            best = place;
            amount = price->amount;
        }
    }
    return amount;
}

/* at: 0, or a moment of the past. */
static int64_t quoted(ec_id user, int64_t quantity, ec_time at)
{
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    const ec_quote_ask line = {.variant_id = variant, .quantity = quantity, .unit_price = -1};
    ec_quote *quote = NULL;
    request.user_id = user;
    request.at = at;
    request.lines = &line;
    request.lines_count = 1;
    assert_ok(session, ec_quote_make(session, &request, &quote));
    int64_t amount = quote->lines[0].unit_price;
    ec_free(quote);
    return amount;
}

static int64_t listed(ec_id user)
{
    ec_session *shopper = user == 0 ? session_guest(engine) : session_customer(engine, user);
    ec_product_list *found = NULL;
    ec_product_filter filter = {.sort = EC_SORT_PRICE};
    assert_ok(shopper, ec_product_find(shopper, &filter, NULL, &found));
    assert_int_equal(found->items_count, 1);
    int64_t amount = found->items[0].price;
    ec_free(found);
    ec_session_close(shopper);
    return amount;
}

static void price__is_that_of_the_rules(void **state)
{
    (void)state;
    const ec_id buyers[] = {0, users[0], users[1]};
    for (int round = 0; round < ROUNDS; round++) {
        shop_sql(engine, "DELETE FROM prices; UPDATE channels SET price_list_id = NULL;"
                         "DELETE FROM price_list_channels; DELETE FROM price_lists");
        make_lists();
        make_prices();
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(listed(buyers[i]), expected(buyers[i], 1));
            for (int64_t quantity = 1; quantity < 7; quantity++) {
                assert_int_equal(quoted(buyers[i], quantity, 0), expected(buyers[i], quantity));
            }
        }
        world_advance(1000);
    }
}

/* ---- what the log says ---- */

typedef struct seen {
    ec_time at;
    int64_t amount; /* -1: none */
} seen;

/* The price of the list itself. */
static int64_t held(ec_id list)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "SELECT COALESCE((SELECT amount FROM prices WHERE price_list_id = %d"
                   " AND min_quantity = 1 AND COALESCE(valid_from, 0) <= %lld"
                   " AND (valid_until IS NULL OR valid_until > %lld)"
                   " ORDER BY COALESCE(valid_from, 0) DESC LIMIT 1), -1)",
                   (int)list, (long long)world_now(), (long long)world_now());
    return shop_sql_int(engine, sql);
}

/* What the log says of a moment. */
static int64_t logged(ec_id list, ec_time at)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "SELECT COALESCE((SELECT CASE WHEN ended THEN -1 ELSE amount END"
                   " FROM price_history WHERE price_list_id = %d AND min_quantity = 1"
                   " AND valid_from <= %lld ORDER BY valid_from DESC, id DESC LIMIT 1), -1)",
                   (int)list, (long long)at);
    return shop_sql_int(engine, sql);
}

static void write_something(ec_id list)
{
    ec_price price = {.price_list_id = list, .variant_id = variant, .amount = 1 + world_pick(20)};
    ec_price *made = NULL;
    switch (world_pick(8)) {
    case 0:
    case 1:
        assert_ok(session, ec_price_set(session, &price, &made));
        ec_free(made);
        return;
    case 2:
    case 3:
    case 4:
        price.valid_from = world_now() + 1 + world_pick(30);
        price.valid_until = world_pick(2) ? price.valid_from + 1 + world_pick(30) : 0;
        assert_ok(session, ec_price_schedule(session, &price, &made));
        ec_free(made);
        return;
    case 5: {
        int64_t id = shop_sql_int(engine, "SELECT COALESCE(MAX(id), 0) FROM prices");
        ec_status status = ec_price_unschedule(session, id);
        assert_true(status == EC_OK || status == EC_STATE || status == EC_NOT_FOUND);
        return;
    }
    case 6: {
        ec_price_bulk_request request = {.price_list_id = list, .amount = 1};
        ec_price_bulk_report *report = NULL;
        assert_ok(session, ec_price_bulk(session, &request, &report));
        ec_free(report);
        return;
    }
    default: {
        ec_status status = ec_price_remove(session, list, variant, 1);
        assert_true(status == EC_OK || status == EC_NOT_FOUND);
    }
    }
}

static void price_history__says_what_was_paid_at_any_time(void **state)
{
    (void)state;
    static seen all[STEPS];
    static const char *const here[] = {"default"};
    ec_price_list input = {.code = "log",
                           .name = "Log",
                           .currency = "CLP",
                           .channels = here,
                           .channels_count = 1,
                           .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    assert_ok(session, ec_price_list_create(session, &input, &made));
    ec_id list = made->id;
    ec_free(made);
    for (int i = 0; i < STEPS; i++) {
        world_advance(1 + world_pick(10));
        if (world_pick(3) == 0) write_something(list);
        all[i] = (seen){.at = world_now(), .amount = held(list)};
        assert_int_equal(logged(list, world_now()), all[i].amount);
    }
    for (int i = 0; i < STEPS; i++) { /* and later it still says so */
        assert_int_equal(logged(list, all[i].at), all[i].amount);
        assert_int_equal(quoted(0, 1, all[i].at), all[i].amount < 0 ? 1000 : all[i].amount);
    }
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(price__is_that_of_the_rules),
        CASE(price_history__says_what_was_paid_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
