/* SPDX-License-Identifier: MIT */
/*
 * promotion.c - stored promotions: written, read, moved, removed; what is wrong with their texts;
 * and what the snapshot of the rules makes of them.
 */
#include "harness/goods.h"
#include "harness/harness.h"
#include "harness/sale.h"
#include "price/rules.h"
#include "promotion/stored.h"

typedef struct shop {
    ec_engine *engine;
    ec_session *staff;
} shop;

static int set_up(void **state)
{
    shop *s = calloc(1, sizeof(*s));
    s->engine = shop_open();
    s->staff = session_system(s->engine);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    shop *s = *state;
    ec_session_close(s->staff);
    shop_close(s->engine);
    world_set(WORLD_START);
    free(s);
    return 0;
}

static const ec_promotion plain = {
    .code = "ten", .name = "Ten", .actions = "order_percent_off(10%)"};

static ec_id create(shop *s, const ec_promotion *promotion)
{
    ec_promotion *made = NULL;
    assert_ok(s->staff, ec_promotion_create(s->staff, promotion, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

/* ---- writing and reading --------------------------------------------------------------------- */

static void promotion__keeps_what_it_was_given(void **state)
{
    shop *s = *state;
    static const char *const channels[] = {"default"};
    static const char *const tags[] = {"summer", "loud"};
    static const char *const with[] = {"quiet"};
    ec_promotion wanted = {
        .starts_at = WORLD_START,
        .ends_at = WORLD_START + 1000,
        .lane = 3,
        .priority = 7,
        .usage_limit = 100,
        .customer_limit = 1,
        .attribute_limit = 2,
        .budget = 50000,
        .code = "summer",
        .name = "Summer",
        .description = "Hot",
        .conditions = "signed_in and total >= 20000 CLP",
        .actions = "percent_off(20%, on: brand = 3); free_shipping()",
        .currency = "CLP",
        .channels = channels,
        .channels_count = 1,
        .tags = tags,
        .tags_count = 2,
        .combines_with = with,
        .combines_with_count = 1,
        .status = EC_PROMOTION_ACTIVE,
        .competes = EC_COMPETES_BEST,
        .limit_attribute = EC_LIMIT_BY_PHONE,
        .coupon_required = true,
        .is_exclusive = true,
        .stops = true,
        .spares_discounted = true,
    };
    int64_t found = shop_sql_int(s->engine, "SELECT COUNT(*) FROM channels WHERE code = 'default'");
    if (found == 0) wanted.channels_count = 0;
    ec_promotion *made = NULL, *read = NULL;
    assert_ok(s->staff, ec_promotion_create(s->staff, &wanted, &made));
    assert_int_equal(made->version, 1);
    assert_ok(s->staff, ec_promotion_by_code(s->staff, "summer", &read));
    ec_mask fields = EC_MASK_ALL;
    assert_true(ec_entity_equal(&ec_promotion_entity, made, read, fields));
    assert_string_equal(read->conditions, wanted.conditions);
    assert_int_equal(read->tags_count, 2);
    assert_string_equal(read->tags[0], "loud");
    assert_string_equal(read->combines_with[0], "quiet");
    assert_true(read->coupon_required && read->is_exclusive && read->stops);
    assert_int_equal(read->limit_attribute, EC_LIMIT_BY_PHONE);
    assert_int_equal(read->used_count, 0);
    ec_free(made);
    ec_free(read);
}

static void update__changes_what_is_named_and_counts(void **state)
{
    shop *s = *state;
    static const char *const tags[] = {"a", "b"};
    ec_promotion first = plain;
    first.tags = tags;
    first.tags_count = 2;
    ec_id id = create(s, &first);
    ec_promotion *out = NULL;
    ec_promotion change = {.name = "Twelve", .actions = "order_percent_off(12%)"};
    assert_ok(s->staff, ec_promotion_update(s->staff, id, &change,
                                            ec_mask_of("promotion", "name,actions"), &out));
    assert_string_equal(out->name, "Twelve");
    assert_string_equal(out->code, "ten");
    assert_int_equal(out->tags_count, 2);
    assert_int_equal(out->version, 2);
    ec_free(out);
    change.tags = tags + 1;
    change.tags_count = 1;
    assert_ok(s->staff,
              ec_promotion_update(s->staff, id, &change, ec_mask_of("promotion", "tags"), &out));
    assert_int_equal(out->tags_count, 1);
    assert_string_equal(out->tags[0], "b");
    assert_int_equal(out->version, 3);
    ec_free(out);
    /* The same once more is no change. */
    assert_ok(s->staff,
              ec_promotion_update(s->staff, id, &change, ec_mask_of("promotion", "tags"), &out));
    assert_int_equal(out->version, 3);
    ec_free(out);
    change.version = 2;
    assert_status(s->staff,
                  ec_promotion_update(s->staff, id, &change, ec_mask_of("promotion", "name"), &out),
                  EC_STALE);
    assert_status(s->staff, ec_promotion_delete(s->staff, id, 2), EC_STALE);
    assert_ok(s->staff, ec_promotion_delete(s->staff, id, 3));
    assert_status(s->staff, ec_promotion_get(s->staff, id, &out), EC_NOT_FOUND);
    assert_int_equal(shop_sql_int(s->engine, "SELECT COUNT(*) FROM promotion_tags"), 0);
    assert_int_equal(
        shop_sql_int(s->engine, "SELECT COUNT(*) FROM events WHERE type LIKE 'promotion.%'"), 4);
}

static void listing__filters_and_walks(void **state)
{
    shop *s = *state;
    ec_promotion_list *list = NULL;
    ec_cursor *cursor = NULL;
    const void *object = NULL;
    for (int i = 0; i < 5; i++) {
        char code[16];
        snprintf(code, sizeof code, "p-%d", i);
        ec_promotion one = plain;
        one.code = code;
        one.actions = "percent_off(10%)";
        one.kind = i % 2 ? EC_PROMOTION_CATALOG : EC_PROMOTION_CART;
        one.status = i < 3 ? EC_PROMOTION_ACTIVE : EC_PROMOTION_DRAFT;
        create(s, &one);
    }
    ec_promotion_filter filter = {.status = "active", .kind = "cart", .newest_first = true};
    ec_page page = {.limit = 1, .total = true};
    assert_ok(s->staff, ec_promotion_find(s->staff, &filter, &page, &list));
    assert_int_equal(list->total, 2);
    assert_string_equal(list->items[0].code, "p-2");
    ec_free(list);
    int walked = 0;
    assert_ok(s->staff, ec_promotion_cursor(s->staff, &filter, &cursor));
    while (ec_cursor_next(cursor, &object) == EC_OK)
        walked++;
    ec_cursor_close(cursor);
    assert_int_equal(walked, 2);
    filter.status = "gone";
    assert_status(s->staff, ec_promotion_find(s->staff, &filter, NULL, &list), EC_INVALID);
    assert_field_error(s->staff, "status", "enum");
}

/* ---- what is refused ------------------------------------------------------------------------- */

typedef struct bad_row {
    const char *conditions, *actions;
    ec_promotion_kind kind;
    const char *field, *rule, *says;
} bad_row;

static void text__that_is_no_rule_is_refused_with_its_place(void **state)
{
    shop *s = *state;
    static const bad_row rows[] = {
        {"units(", "free_shipping()", 0, "conditions", "syntax", "byte 6"},
        {"brand = 3", "free_shipping()", 0, "conditions", "scope", "byte 0"},
        {"total >= 5", "free_shipping()", 0, "conditions", "kind", "byte 9"},
        {NULL, "give_money(5)", 0, "actions", "unknown", "byte 0"},
        {NULL, " ", 0, "actions", "required", ""},
        {NULL, "free_shipping(); percent_off(120%)", 0, "actions", "max", "byte 17"},
        {NULL, "tiers_off([1: 10%, 2: 101%])", 0, "actions", "max", "byte 0"},
        {NULL, "tiers_off([1: 10])", 0, "actions", "kind", "byte 0"},
        {NULL, "buy_get(0, 1)", 0, "actions", "min", "byte 0"},
        {NULL, "gift(NONE)", 0, "actions", "unknown", "NONE"},
        {NULL, "order_percent_off(5%)", EC_PROMOTION_CATALOG, "actions", "scope", "byte 0"},
        {NULL, "percent_off(5%, units: 2)", EC_PROMOTION_CATALOG, "actions", "scope", "units"},
        {NULL, "percent_off(5%, units: 0)", 0, "actions", "min", "units"},
        {"guest and units > 3", "percent_off(5%)", EC_PROMOTION_CATALOG, "conditions", "scope",
         "byte 10"},
        {"not (guest or coupon = A)", "percent_off(5%)", EC_PROMOTION_CATALOG, "conditions",
         "scope", "byte 14"},
    };
    uint64_t before = shop_checksum(s->engine);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_promotion *out = NULL;
        ec_promotion one = plain;
        one.conditions = rows[i].conditions;
        one.actions = rows[i].actions;
        one.kind = rows[i].kind;
        assert_status(s->staff, ec_promotion_create(s->staff, &one, &out), EC_INVALID);
        assert_field_error(s->staff, rows[i].field, rows[i].rule);
        if (strstr(ec_session_error(s->staff)->items[0].message, rows[i].says) == NULL)
            fail_msg("row %zu: %s", i, ec_session_error(s->staff)->items[0].message);
    }
    assert_int_equal(shop_checksum(s->engine), before);
}

static void members__that_do_not_fit_are_refused(void **state)
{
    shop *s = *state;
    static const char *const twice[] = {"a", "a"};
    static const char *const unknown[] = {"default", "nowhere"};
    ec_promotion *out = NULL;
    ec_promotion one = plain;
    one.starts_at = WORLD_START;
    one.ends_at = WORLD_START;
    assert_status(s->staff, ec_promotion_create(s->staff, &one, &out), EC_INVALID);
    assert_field_error(s->staff, "ends_at", "min");
    one = plain;
    one.budget = 5;
    assert_status(s->staff, ec_promotion_create(s->staff, &one, &out), EC_INVALID);
    assert_field_error(s->staff, "currency", "required");
    one = plain;
    one.attribute_limit = 1;
    assert_status(s->staff, ec_promotion_create(s->staff, &one, &out), EC_INVALID);
    assert_field_error(s->staff, "limit_attribute", "required");
    one = plain;
    one.tags = twice;
    one.tags_count = 2;
    assert_status(s->staff, ec_promotion_create(s->staff, &one, &out), EC_INVALID);
    assert_field_error(s->staff, "tags[1]", "unique");
    one = plain;
    one.channels = unknown + 1;
    one.channels_count = 1;
    assert_status(s->staff, ec_promotion_create(s->staff, &one, &out), EC_INVALID);
    assert_field_error(s->staff, "channels[0]", "unknown");
    create(s, &plain);
    assert_status(s->staff, ec_promotion_create(s->staff, &plain, &out), EC_EXISTS);
    assert_field_error(s->staff, "code", "unique");
    /* An end before the stored start, too. */
    ec_promotion change = {.starts_at = WORLD_START + 5};
    assert_ok(s->staff, ec_promotion_update(s->staff, 1, &change,
                                            ec_mask_of("promotion", "starts_at"), &out));
    ec_free(out);
    change.ends_at = WORLD_START;
    assert_status(
        s->staff,
        ec_promotion_update(s->staff, 1, &change, ec_mask_of("promotion", "ends_at"), &out),
        EC_INVALID);
    assert_field_error(s->staff, "ends_at", "min");
}

static void customers__have_nothing_to_look_for_here(void **state)
{
    shop *s = *state;
    ec_promotion *out = NULL;
    ec_session *guest = session_guest(s->engine);
    create(s, &plain);
    assert_status(guest, ec_promotion_get(guest, 1, &out), EC_DENIED);
    assert_status(guest, ec_promotion_create(guest, &plain, &out), EC_DENIED);
    ec_session_close(guest);
}

/* ---- priorities ------------------------------------------------------------------------------ */

static int64_t priority_of(shop *s, ec_id id)
{
    ec_promotion *out = NULL;
    assert_ok(s->staff, ec_promotion_get(s->staff, id, &out));
    int64_t priority = out->priority;
    ec_free(out);
    return priority;
}

static void assert_priorities(shop *s, int64_t a, int64_t b, int64_t c, int64_t d)
{
    assert_int_equal(priority_of(s, 1), a);
    assert_int_equal(priority_of(s, 2), b);
    assert_int_equal(priority_of(s, 3), c);
    assert_int_equal(priority_of(s, 4), d);
}

static void move(shop *s, ec_id id, int64_t priority)
{
    ec_promotion *out = NULL;
    assert_ok(s->staff, ec_promotion_move(s->staff, id, priority, &out));
    ec_free(out);
}

static void move__keeps_priorities_distinct(void **state)
{
    shop *s = *state;
    for (int i = 0; i < 4; i++) {
        char code[16];
        snprintf(code, sizeof code, "p-%d", i);
        ec_promotion one = plain;
        one.code = code;
        one.priority = i;
        create(s, &one);
    }
    assert_priorities(s, 0, 1, 2, 3);
    move(s, 1, 2); /* its old place closes */
    assert_priorities(s, 2, 0, 1, 3);
    move(s, 4, 0); /* pushes all others */
    assert_priorities(s, 3, 1, 2, 0);
    move(s, 2, -1); /* above all */
    assert_priorities(s, 2, 3, 1, 0);
    move(s, 4, -2); /* below the highest */
    assert_priorities(s, 1, 3, 0, 2);
    move(s, 2, -9); /* not under 0 */
    assert_priorities(s, 2, 0, 1, 3);
    ec_promotion *out = NULL;
    assert_status(s->staff, ec_promotion_move(s->staff, 1, EC_PROMOTION_PRIORITY_MAX + 1, &out),
                  EC_INVALID);
    assert_field_error(s->staff, "priority", "max");
    assert_status(s->staff, ec_promotion_move(s->staff, 99, 0, &out), EC_NOT_FOUND);
}

/* ---- the snapshot ---------------------------------------------------------------------------- */

typedef struct book_args {
    ec_arena arena;
    ec_promotion_book book;
    unsigned needs;
} book_args;

static ec_status load_book(ec_session *session, void *ctx)
{
    book_args *args = ctx;
    ec_arena_init(&args->arena, world_platform());
    args->needs = 0;
    return ec_promotion_book_load(session, &args->arena, &args->needs, &args->book);
}

static void book__has_what_takes_part(void **state)
{
    shop *s = *state;
    static const char *const tags[] = {"x", "y"};
    sale_variant(s->engine, "MUG", 1990, 10);
    ec_promotion one = plain;
    create(s, &one); /* a draft */
    one.status = EC_PROMOTION_ACTIVE;
    one.code = "over";
    one.ends_at = WORLD_START - 1;
    create(s, &one);
    one.code = "over-coupon";
    one.coupon_required = true;
    ec_id over = create(s, &one);
    one = plain;
    one.status = EC_PROMOTION_ACTIVE;
    one.code = "tags";
    one.conditions = "any(tag = a)";
    one.tags = one.combines_with = tags;
    one.tags_count = 2;
    one.combines_with_count = 1;
    one.customer_limit = 1;
    one.priority = 5;
    ec_id tagged = create(s, &one);
    one = plain;
    one.status = EC_PROMOTION_ACTIVE;
    one.code = "gift";
    one.actions = "gift(MUG)";
    ec_id gift = create(s, &one);
    book_args args;
    assert_ok(s->staff, goods_inside(s->staff, load_book, &args));
    assert_int_equal(args.needs, EC_RULE_NEEDS_TAGS);
    assert_int_equal(args.book.count, 3);
    const ec_promotion_rule *rule = &args.book.items[0];
    assert_int_equal(rule->id, tagged);
    assert_int_equal(rule->tags_count, 2);
    assert_int_equal(rule->combines_count, 1);
    assert_string_equal(rule->combines_with[0], "x");
    assert_true(rule->limited);
    assert_int_equal(args.book.items[1].id, over);
    rule = &args.book.items[2];
    assert_int_equal(rule->id, gift);
    assert_int_equal(rule->gifts_count, 1);
    assert_int_equal(rule->gifts[0].price, 1990);
    assert_string_equal(rule->gifts[0].sku, "MUG");
    assert_int_equal(rule->channels_count, 1);
    ec_arena_clear(&args.arena);
}

static void write__counts_as_a_change_of_the_rules(void **state)
{
    shop *s = *state;
    static const char version[] = "SELECT version FROM rule_versions";
    ec_promotion *out = NULL;
    int64_t before = shop_sql_int(s->engine, version);
    ec_id id = create(s, &plain);
    assert_int_equal(shop_sql_int(s->engine, version), before + 1);
    ec_promotion change = {.status = EC_PROMOTION_ACTIVE};
    assert_ok(s->staff,
              ec_promotion_update(s->staff, id, &change, ec_mask_of("promotion", "status"), &out));
    ec_free(out);
    assert_int_equal(shop_sql_int(s->engine, version), before + 2);
    move(s, id, 3);
    assert_int_equal(shop_sql_int(s->engine, version), before + 3);
    assert_ok(s->staff, ec_promotion_delete(s->staff, id, 0));
    assert_int_equal(shop_sql_int(s->engine, version), before + 4);
}

/* ---- in quotes ------------------------------------------------------------------------------- */

static int64_t discount_in(shop *s, ec_id variant, const ec_address *address, ec_time at)
{
    ec_quote *quote = NULL;
    ec_quote_ask line = {.variant_id = variant, .quantity = 2, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.shipping_address = address;
    request.at = at;
    assert_ok(s->staff, ec_quote_make(s->staff, &request, &quote));
    int64_t discount = quote->discount_amount;
    ec_free(quote);
    return discount;
}

static void zone__is_where_the_address_lies(void **state)
{
    shop *s = *state;
    ec_zone *zone = NULL;
    ec_id mug = sale_variant(s->engine, "MUG", 1000, 10);
    ec_zone_member member = {.value = "CL", .kind = EC_ZONE_KIND_COUNTRY};
    ec_zone wanted = {.code = "cl", .name = "Chile", .members = &member, .members_count = 1};
    assert_ok(s->staff, ec_zone_create(s->staff, &wanted, &zone));
    char text[64];
    snprintf(text, sizeof text, "zone = %lld", (long long)zone->id);
    ec_promotion one = plain;
    one.status = EC_PROMOTION_ACTIVE;
    one.conditions = text;
    create(s, &one);
    ec_address here = {.country = "CL"}, there = {.country = "AR"};
    assert_int_equal(discount_in(s, mug, &here, 0), 200);
    assert_int_equal(discount_in(s, mug, &there, 0), 0);
    assert_int_equal(discount_in(s, mug, NULL, 0), 0);
    ec_free(zone);
}

static void gift__is_priced_where_it_is_given(void **state)
{
    shop *s = *state;
    ec_quote *quote = NULL;
    ec_id mug = sale_variant(s->engine, "MUG", 1000, 10);
    sale_variant(s->engine, "SPOON", 300, 10);
    ec_promotion one = plain;
    one.status = EC_PROMOTION_ACTIVE;
    one.conditions = "units >= 2";
    one.actions = "gift(SPOON)";
    create(s, &one);
    ec_quote_ask line = {.variant_id = mug, .quantity = 2, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    assert_ok(s->staff, ec_quote_make(s->staff, &request, &quote));
    assert_int_equal(quote->lines_count, 2);
    assert_true(quote->lines[1].gift);
    assert_string_equal(quote->lines[1].sku, "SPOON");
    assert_int_equal(quote->lines[1].unit_price, 300);
    assert_int_equal(quote->total_amount, 2000);
    ec_free(quote);
}

static void times__are_those_of_the_promotion(void **state)
{
    shop *s = *state;
    ec_id mug = sale_variant(s->engine, "MUG", 1000, 10);
    ec_promotion one = plain;
    one.status = EC_PROMOTION_ACTIVE;
    one.starts_at = WORLD_START + 1000;
    one.ends_at = WORLD_START + 2000;
    create(s, &one);
    assert_int_equal(discount_in(s, mug, NULL, 0), 0);
    world_set(WORLD_START + 1000); /* no write, and the snapshot is the same */
    assert_int_equal(discount_in(s, mug, NULL, 0), 200);
    world_set(WORLD_START + 2000);
    assert_int_equal(discount_in(s, mug, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(promotion__keeps_what_it_was_given),
        CASE(update__changes_what_is_named_and_counts),
        CASE(listing__filters_and_walks),
        CASE(text__that_is_no_rule_is_refused_with_its_place),
        CASE(members__that_do_not_fit_are_refused),
        CASE(customers__have_nothing_to_look_for_here),
        CASE(move__keeps_priorities_distinct),
        CASE(book__has_what_takes_part),
        CASE(write__counts_as_a_change_of_the_rules),
        CASE(zone__is_where_the_address_lies),
        CASE(gift__is_priced_where_it_is_given),
        CASE(times__are_those_of_the_promotion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
