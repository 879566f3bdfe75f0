/* SPDX-License-Identifier: MIT */
/*
 * price.c - prices over time: what is logged, what is scheduled, what something cost before.
 */
#include "catalog/price_history.h"
#include "harness/products.h"
#include "harness/sale.h"

#define DAY INT64_C(86400000)

static ec_engine *engine;
static ec_session *staff;
static ec_id list, mate;
static ec_time start;

static const char *const here[] = {"default"};

static ec_id list_make(const char *code, int64_t priority)
{
    ec_price_list input = {.code = code,
                           .name = code,
                           .currency = "CLP",
                           .priority = priority,
                           .channels = here,
                           .channels_count = 1,
                           .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    assert_ok(staff, ec_price_list_create(staff, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static int begin(void **state)
{
    (void)state;
    world_set(INT64_C(1768478400000));
    engine = shop_open();
    staff = session_staff(engine);
    list = list_make("web", 0);
    ec_product *product = product_make(staff, "Mate", 1000);
    mate = product->variants[0].id;
    ec_free(product);
    start = world_now();
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(staff);
    shop_close(engine);
    return 0;
}

static ec_price price_of(int64_t amount, int64_t compare)
{
    return (ec_price){
        .price_list_id = list, .variant_id = mate, .amount = amount, .compare_amount = compare};
}

static ec_id set(ec_price price)
{
    ec_price *made = NULL;
    assert_ok(staff, ec_price_set(staff, &price, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_id schedule(int64_t amount, ec_time from, ec_time until)
{
    ec_price price = price_of(amount, 0), *made = NULL;
    price.valid_from = from;
    price.valid_until = until;
    assert_ok(staff, ec_price_schedule(staff, &price, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

/* The variant's own price. */
static void change_variant(int64_t price, int64_t compare)
{
    ec_variant change = {.price = price, .compare_price = compare}, *made = NULL;
    assert_ok(staff, ec_variant_update(staff, mate, &change,
                                       ec_mask_of("variant", "price,compare_price"), &made));
    ec_free(made);
}

/* What visitors pay. */
static int64_t shown(void)
{
    ec_session *guest = session_guest(engine);
    ec_variant *variant = NULL;
    assert_ok(guest, ec_variant_get(guest, mate, &variant));
    int64_t price = variant->price;
    ec_free(variant);
    ec_session_close(guest);
    return price;
}

/* "1000 900/1000 end": the log of the list (0: the catalogue), newest first; borrowed. */
static const char *history(ec_id of, bool scheduled)
{
    static char text[512];
    ec_price_change_list *found = NULL;
    ec_price_change_filter filter = {
        .variant_id = mate, .price_list_id = of, .catalog = of == 0, .scheduled = scheduled};
    assert_ok(staff, ec_price_history(staff, &filter, NULL, &found));
    text[0] = '\0';
    for (size_t i = 0; i < found->items_count; i++) {
        const ec_price_change *item = &found->items[i];
        char one[64];
        assert_string_equal(item->currency, "CLP");
        if (item->ended) {
            (void)snprintf(one, sizeof one, "%send", i == 0 ? "" : " ");
        } else if (item->compare_amount != 0) {
            (void)snprintf(one, sizeof one, "%s%d/%d", i == 0 ? "" : " ", (int)item->amount,
                           (int)item->compare_amount);
        } else {
            (void)snprintf(one, sizeof one, "%s%d", i == 0 ? "" : " ", (int)item->amount);
        }
        (void)strncat(text, one, sizeof text - strlen(text) - 1);
    }
    ec_free(found);
    return text;
}

/* ---- the log ---- */

static void price_history__has_each_change_of_the_catalogue_once(void **state)
{
    (void)state;
    assert_string_equal(history(0, false), "1000");
    world_advance(DAY);
    change_variant(900, 0);
    change_variant(900, 0);
    ec_variant change = {.barcode = "1234567890128"}, *made = NULL;
    assert_ok(staff,
              ec_variant_update(staff, mate, &change, ec_mask_of("variant", "barcode"), &made));
    ec_free(made);
    world_advance(DAY);
    change_variant(900, 1000);
    assert_string_equal(history(0, false), "900/1000 900 1000");
}

static void price_history__has_each_change_of_a_list_once(void **state)
{
    (void)state;
    (void)set(price_of(800, 0));
    (void)set(price_of(800, 0));
    world_advance(DAY);
    (void)set(price_of(700, 800));
    ec_price more = price_of(500, 0);
    more.min_quantity = 10;
    world_advance(1);
    (void)set(more);
    world_advance(1);
    assert_ok(staff, ec_price_remove(staff, list, mate, 1));
    assert_string_equal(history(list, false), "end 500 700/800 800");
    assert_string_equal(history(0, false), "1000");
    world_advance(1);
    (void)set(price_of(700, 0));
    assert_string_equal(history(list, false), "700 end 500 700/800 800");
}

static void price_history__comes_in_pages(void **state)
{
    (void)state;
    ec_price_change_list *page = NULL, *before = NULL;
    ec_page wanted = {.limit = 2, .total = true};
    int seen = 0;
    for (int i = 0; i < 5; i++) {
        world_advance(1000);
        (void)set(price_of(500 + i, 0));
    }
    do {
        assert_ok(staff, ec_price_history(staff, NULL, &wanted, &page));
        ec_free(before);
        before = page;
        assert_int_equal(page->total, 6);
        for (size_t i = 0; i < page->items_count; i++, seen++) {
            assert_int_equal(page->items[i].amount, seen == 5 ? 1000 : 504 - seen);
        }
        wanted.cursor = page->next_cursor;
    } while (wanted.cursor);
    assert_int_equal(seen, 6);
    ec_free(before);
    ec_price_change_filter late = {.since = world_now()};
    assert_ok(staff, ec_price_history(staff, &late, NULL, &page));
    assert_int_equal(page->items_count, 1);
    ec_free(page);
    wanted = (ec_page){.cursor = "x"};
    assert_status(staff, ec_price_history(staff, NULL, &wanted, &page), EC_INVALID);
}

/* ---- scheduled ---- */

static void price_schedule__holds_when_its_time_has_come(void **state)
{
    (void)state;
    (void)set(price_of(800, 0));
    (void)schedule(700, start + DAY, 0);
    (void)schedule(600, start + 2 * DAY, start + 3 * DAY);
    assert_int_equal(shown(), 800);
    assert_string_equal(history(list, false), "800");
    assert_string_equal(history(list, true), "700 600 700");
    world_set(start + DAY - 1);
    assert_int_equal(shown(), 800);
    world_set(start + DAY);
    assert_int_equal(shown(), 700);
    world_set(start + 2 * DAY);
    assert_int_equal(shown(), 600);
    world_set(start + 3 * DAY);
    assert_int_equal(shown(), 700);
    assert_string_equal(history(list, false), "700 600 700 800");
    assert_string_equal(history(list, true), "");
    (void)set(price_of(750, 0)); /* from now on, whatever has begun */
    assert_int_equal(shown(), 750);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM prices"), 1);
    assert_string_equal(history(list, false), "750 700 600 700 800");
}

static void price_schedule__stays_when_the_price_before_changes(void **state)
{
    (void)state;
    (void)set(price_of(800, 0));
    (void)schedule(600, start + 2 * DAY, start + 3 * DAY);
    world_set(start + DAY);
    (void)set(price_of(850, 0));
    assert_string_equal(history(list, true), "850 600"); /* what it returns to is another one */
    world_set(start + 2 * DAY);
    assert_int_equal(shown(), 600);
    world_set(start + 3 * DAY);
    assert_int_equal(shown(), 850);
    assert_string_equal(history(list, false), "850 600 850 800");
}

static void price_schedule__ends_in_the_catalogue_price_without_another(void **state)
{
    (void)state;
    (void)schedule(600, start + DAY, start + 2 * DAY);
    assert_string_equal(history(list, true), "end 600");
    assert_int_equal(shown(), 1000);
    world_set(start + DAY);
    assert_int_equal(shown(), 600);
    world_set(start + 2 * DAY);
    assert_int_equal(shown(), 1000);
}

static void price_unschedule__takes_it_back_before_it_begins(void **state)
{
    (void)state;
    ec_price_page *page = NULL;
    (void)set(price_of(800, 0));
    ec_id first = schedule(700, start + DAY, 0), second = schedule(600, start + 2 * DAY, 0);
    ec_price_filter filter = {.price_list_id = list, .scheduled = true};
    assert_ok(staff, ec_price_find(staff, &filter, NULL, &page));
    assert_int_equal(page->items_count, 2);
    assert_int_equal(page->items[0].valid_from, start + DAY);
    ec_free(page);
    assert_ok(staff, ec_price_unschedule(staff, first));
    assert_status(staff, ec_price_unschedule(staff, first), EC_NOT_FOUND);
    assert_string_equal(history(list, true), "600");
    world_set(start + DAY);
    assert_int_equal(shown(), 800);
    world_set(start + 2 * DAY);
    assert_status(staff, ec_price_unschedule(staff, second), EC_STATE);
    assert_int_equal(shown(), 600);
}

static void price_schedule__refuses_the_past(void **state)
{
    (void)state;
    ec_price price = price_of(700, 0), *made = NULL;
    assert_status(staff, ec_price_schedule(staff, &price, &made), EC_INVALID);
    assert_field_error(staff, "valid_from", "required");
    price.valid_from = start;
    assert_status(staff, ec_price_schedule(staff, &price, &made), EC_INVALID);
    assert_field_error(staff, "valid_from", "future");
    price.valid_from = start + DAY;
    price.valid_until = start + DAY;
    assert_status(staff, ec_price_schedule(staff, &price, &made), EC_INVALID);
    assert_field_error(staff, "valid_until", "order");
}

/* ---- the lowest price before ---- */

static int64_t prior_as(ec_session *session)
{
    ec_price_prior *found = NULL;
    assert_ok(session, ec_price_prior_get(session, mate, 0, &found));
    int64_t amount = found->prior_amount;
    ec_free(found);
    return amount;
}

static int64_t prior(void)
{
    return prior_as(staff);
}

static void price_prior__is_the_lowest_of_thirty_days_before(void **state)
{
    (void)state;
    ec_price_prior *found = NULL;
    change_variant(700, 0); /* day 0: holds until day 5 */
    world_set(start + 5 * DAY);
    change_variant(900, 0);
    world_set(start + 20 * DAY);
    assert_int_equal(prior(), 0); /* there is no discount */
    change_variant(800, 900);
    assert_int_equal(prior(), 700);
    assert_ok(staff, ec_price_prior_get(staff, mate, 0, &found));
    assert_int_equal(found->amount, 800);
    assert_int_equal(found->compare_amount, 900);
    assert_int_equal(found->since, start + 20 * DAY);
    assert_int_equal(found->prior_from, start - 10 * DAY);
    assert_string_equal(found->currency, "CLP");
    ec_free(found);
    world_set(start + 200 * DAY);
    assert_int_equal(prior(), 700); /* however long it lasts */
    change_variant(900, 0);
    assert_int_equal(prior(), 0);
    world_set(start + 300 * DAY);
    change_variant(850, 900);
    assert_int_equal(prior(), 900); /* the one that held when the period began */
}

static void price_prior__forgets_what_ended_before_the_period(void **state)
{
    (void)state;
    change_variant(100, 0);
    world_set(start + DAY);
    change_variant(900, 0); /* the last day of 100 */
    world_set(start + 31 * DAY - 1);
    change_variant(800, 900);
    assert_int_equal(prior(), 100);
    world_set(start + 31 * DAY);
    change_variant(700, 900);
    assert_int_equal(prior(), 800);
    world_set(start + 31 * DAY + 1);
    change_variant(900, 0);
    world_set(start + 61 * DAY + 1);
    change_variant(850, 900);
    assert_int_equal(prior(), 900); /* a millisecond earlier it would have been 700 */
}

static void price_prior__is_none_for_what_was_always_reduced(void **state)
{
    (void)state;
    ec_variant input = variant_of(500, "NEW", NULL);
    ec_product product = {.name = "New",
                          .status = EC_PRODUCT_ACTIVE,
                          .variants = &input,
                          .variants_count = 1},
               *made = NULL;
    ec_price_prior *found = NULL;
    input.compare_price = 900;
    assert_ok(staff, ec_product_create(staff, &product, &made));
    assert_ok(staff, ec_price_prior_get(staff, made->variants[0].id, 0, &found));
    assert_int_equal(found->compare_amount, 900);
    assert_int_equal(found->prior_amount, 0);
    ec_free(found);
    ec_free(made);
}

static void price_prior__looks_through_lists(void **state)
{
    (void)state;
    ec_price_list *made = NULL;
    ec_id sale = list_make("sale", 9);
    world_set(start + 10 * DAY);
    (void)set(price_of(950, 0)); /* "web", before it the catalogue's 1000 */
    ec_price offer = price_of(800, 1000);
    offer.price_list_id = sale;
    ec_price_list change = {.valid_from = start + 20 * DAY, .valid_until = start + 30 * DAY};
    assert_ok(staff,
              ec_price_list_update(staff, sale, &change,
                                   ec_mask_of("price_list", "valid_from,valid_until"), &made));
    ec_free(made);
    (void)set(offer);
    assert_int_equal(prior(), 0);
    world_set(start + 20 * DAY);
    assert_int_equal(shown(), 800);
    assert_int_equal(prior(), 950);
    world_set(start + 30 * DAY);
    assert_int_equal(shown(), 950);
    assert_int_equal(prior(), 0);
    world_set(start + 40 * DAY);
    (void)set(price_of(900, 950));
    assert_int_equal(prior(), 800); /* of the sale, which ended ten days ago */
    world_set(start + 70 * DAY);
    (void)set(price_of(950, 0));
    world_set(start + 110 * DAY);
    (void)set(price_of(900, 950));
    assert_int_equal(prior(), 950);
}

static void price_prior__knows_scheduled_prices(void **state)
{
    (void)state;
    (void)set(price_of(950, 0));
    ec_price offer = price_of(700, 950), *made = NULL;
    offer.valid_from = start + DAY;
    offer.valid_until = start + 2 * DAY;
    assert_ok(staff, ec_price_schedule(staff, &offer, &made));
    ec_free(made);
    assert_int_equal(prior(), 0);
    world_set(start + DAY);
    assert_int_equal(prior(), 950);
    world_set(start + 2 * DAY);
    assert_int_equal(prior(), 0);
    world_set(start + 10 * DAY);
    (void)set(price_of(900, 950));
    assert_int_equal(prior(), 700);
}

static void price_prior__is_hidden_by_policy_and_for_categories(void **state)
{
    (void)state;
    char value[32];
    ec_channel *channel = NULL;
    ec_product *product = NULL;
    ec_id top = category_make(staff, "Books", 0), below = category_make(staff, "Novels", top);
    ec_variant *variant = NULL;
    world_set(start + DAY);
    change_variant(900, 1000);
    assert_int_equal(prior(), 1000);
    assert_ok(staff, ec_variant_get(staff, mate, &variant));
    ec_product change = {.category_id = below};
    assert_ok(staff, ec_product_update(staff, variant->product_id, &change,
                                       ec_mask_of("product", "category_id"), &product));
    assert_int_equal(prior(), 1000);
    (void)snprintf(value, sizeof value, "77, %d", (int)top);
    assert_ok(staff, ec_setting_set(staff, "price.prior_excluded", value));
    assert_int_equal(prior(), 0);
    assert_ok(staff, ec_setting_set(staff, "price.prior_excluded", "77"));
    assert_int_equal(prior(), 1000);
    ec_policy policy = {.prior_days = 30, .hide_prior_price = true};
    ec_channel front = {.policy = &policy};
    assert_ok(staff,
              ec_channel_update(staff, 1, &front, ec_mask_of("channel", "policy"), &channel));
    assert_int_equal(prior(), 0);
    ec_free(channel);
    ec_free(product);
    ec_free(variant);
}

static void price_prior__is_for_everybody_who_sees_the_product(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_price_prior *found = NULL;
    world_set(start + DAY);
    change_variant(900, 1000);
    assert_int_equal(prior_as(guest), 1000);
    assert_status(guest, ec_price_prior_get(guest, 99, 0, &found), EC_NOT_FOUND);
    assert_status(guest, ec_price_prior_get(guest, mate, 99, &found), EC_NOT_FOUND);
    shop_sql(engine, "UPDATE products SET status = 'draft'");
    assert_status(guest, ec_price_prior_get(guest, mate, 0, &found), EC_NOT_FOUND);
    assert_int_equal(prior(), 1000);
    ec_session_close(guest);
}

static int64_t quoted_prior(void)
{
    ec_session *guest = session_guest(engine);
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    const ec_quote_ask line = {.variant_id = mate, .quantity = 2, .unit_price = -1};
    ec_quote *quote = NULL;
    request.lines = &line;
    request.lines_count = 1;
    assert_ok(guest, ec_quote_make(guest, &request, &quote));
    int64_t amount = quote->lines[0].prior_price;
    ec_free(quote);
    ec_session_close(guest);
    return amount;
}

static void price_prior__is_in_quotes_of_what_is_reduced(void **state)
{
    (void)state;
    world_set(start + DAY);
    assert_int_equal(quoted_prior(), 0);
    change_variant(900, 1200);
    assert_int_equal(quoted_prior(), 1000);
    ec_policy policy = {.hide_prior_price = true};
    ec_channel front = {.policy = &policy}, *channel = NULL;
    assert_ok(staff,
              ec_channel_update(staff, 1, &front, ec_mask_of("channel", "policy"), &channel));
    assert_int_equal(quoted_prior(), 0);
    ec_free(channel);
}

/* ---- promotions of the catalogue ---- */

static ec_status run_note(ec_session *session, void *ctx, void **result)
{
    (void)result;
    return ec_price_history_note(session, 1, ctx, 1, ec_now(session), "promotion:1");
}

static void note(int64_t amount, int64_t compare)
{
    static const ec_op op = {.name = "test.note",
                             .permission = "test",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_WRITE,
                             .run = run_note};
    ec_price_note noted = {.variant_id = mate, .amount = amount, .compare_amount = compare};
    ec_session *system = session_system(engine);
    assert_ok(system, ec_call(system, &op, &noted, NULL));
    ec_session_close(system);
}

static void price_history__has_promotions_of_the_catalogue(void **state)
{
    (void)state;
    ec_price_change_list *log = NULL;
    world_set(start + DAY);
    note(800, 1000);
    note(800, 1000);
    assert_int_equal(prior(), 1000);
    world_set(start + 2 * DAY);
    note(700, 1000);
    assert_int_equal(prior(), 800);
    world_set(start + 3 * DAY);
    note(-1, 0);
    note(-1, 0);
    assert_int_equal(prior(), 0);
    world_set(start + 10 * DAY);
    change_variant(900, 1000);
    assert_int_equal(prior(), 700);
    assert_ok(staff,
              ec_price_history(staff, &(ec_price_change_filter){.variant_id = mate}, NULL, &log));
    assert_int_equal(log->items_count, 5);
    assert_true(log->items[1].ended);
    assert_int_equal(log->items[1].channel_id, 1);
    assert_string_equal(log->items[1].cause, "promotion:1");
    ec_free(log);
}

static void sweep(void)
{
    ec_id at = 0;
    do {
        assert_ok(staff, ec_price_sweep(staff, 0, at, 1, &at));
    } while (at != 0);
}

static void price_sweep__logs_what_promotions_make_of_prices(void **state)
{
    (void)state;
    ec_promotion input = {.code = "sale",
                          .name = "Sale",
                          .actions = "percent_off(20%)",
                          .kind = EC_PROMOTION_CATALOG,
                          .starts_at = start + DAY,
                          .ends_at = start + 5 * DAY,
                          .status = EC_PROMOTION_ACTIVE},
                 *made = NULL;
    assert_ok(staff, ec_promotion_create(staff, &input, &made));
    ec_free(product_make(staff, "Tea", 500));
    sweep();
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM price_history"), 2);
    world_set(start + DAY);
    assert_int_equal(quoted_prior(), 1000); /* not logged yet: of the days before now */
    sweep();
    sweep();
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM price_history"), 4);
    assert_int_equal(prior(), 1000);
    assert_int_equal(quoted_prior(), 1000);
    world_set(start + 3 * DAY);
    change_variant(900, 0);
    sweep();
    assert_int_equal(prior(), 800);
    world_set(start + 5 * DAY);
    sweep();
    assert_int_equal(prior(), 0);
    assert_int_equal(quoted_prior(), 0);
    world_set(start + 20 * DAY);
    change_variant(850, 900);
    assert_int_equal(prior(), 720); /* 20 % off 900 */
    ec_free(made);
}

/* What so many cost at a moment. */
static int64_t quoted_at(ec_time at, int64_t quantity)
{
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    const ec_quote_ask line = {.variant_id = mate, .quantity = quantity, .unit_price = -1};
    ec_quote *quote = NULL;
    request.lines = &line;
    request.lines_count = 1;
    request.at = at;
    assert_ok(staff, ec_quote_make(staff, &request, &quote));
    int64_t amount = quote->lines[0].unit_price;
    ec_free(quote);
    return amount;
}

static void price_history__gives_quotes_of_the_past_their_prices(void **state)
{
    (void)state;
    ec_price_list *made = NULL;
    ec_price many = price_of(600, 0);
    many.min_quantity = 10;
    world_set(start + DAY);
    change_variant(900, 0);
    world_set(start + 2 * DAY);
    (void)set(price_of(800, 0));
    (void)set(many);
    world_set(start + 3 * DAY);
    (void)set(price_of(850, 0));
    world_set(start + 4 * DAY);
    ec_price_list archived = {.status = EC_PRICE_LIST_ARCHIVED};
    assert_ok(staff, ec_price_list_update(staff, list, &archived,
                                          ec_mask_of("price_list", "status"), &made));
    ec_free(made);
    world_set(start + 5 * DAY);
    change_variant(950, 0);
    assert_int_equal(quoted_at(0, 1), 950);
    assert_int_equal(quoted_at(start, 1), 1000);
    assert_int_equal(quoted_at(start + DAY, 1), 900);
    assert_int_equal(quoted_at(start + 2 * DAY, 1), 800);
    assert_int_equal(quoted_at(start + 2 * DAY, 10), 600);
    assert_int_equal(quoted_at(start + 3 * DAY, 9), 850);
    assert_int_equal(quoted_at(start + 3 * DAY, 12), 600);
    assert_int_equal(quoted_at(start + 4 * DAY, 12), 900);
    assert_int_equal(quoted_at(start + 6 * DAY, 1), 950);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(price_history__has_each_change_of_the_catalogue_once),
        CASE(price_history__has_each_change_of_a_list_once),
        CASE(price_history__comes_in_pages),
        CASE(price_schedule__holds_when_its_time_has_come),
        CASE(price_schedule__stays_when_the_price_before_changes),
        CASE(price_schedule__ends_in_the_catalogue_price_without_another),
        CASE(price_unschedule__takes_it_back_before_it_begins),
        CASE(price_schedule__refuses_the_past),
        CASE(price_prior__is_the_lowest_of_thirty_days_before),
        CASE(price_prior__forgets_what_ended_before_the_period),
        CASE(price_prior__is_none_for_what_was_always_reduced),
        CASE(price_prior__looks_through_lists),
        CASE(price_prior__knows_scheduled_prices),
        CASE(price_prior__is_hidden_by_policy_and_for_categories),
        CASE(price_prior__is_for_everybody_who_sees_the_product),
        CASE(price_prior__is_in_quotes_of_what_is_reduced),
        CASE(price_history__has_promotions_of_the_catalogue),
        CASE(price_history__gives_quotes_of_the_past_their_prices),
        CASE(price_sweep__logs_what_promotions_make_of_prices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
