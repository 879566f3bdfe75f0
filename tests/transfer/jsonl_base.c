/* SPDX-License-Identifier: MIT */
/*
 * jsonl_base.c - the base data of a shop by JSON Lines: channels, price lists, prices, warehouses,
 * balances, users and addresses come back in; history does not.
 */
#include <ecommerce.h>

#include "harness/sale.h"
#include "transfer/jsonl.h"
#include "transfer/support.h"

/* In the order of their references. */
static const char *const base[] = {"group",
                                   "price_list",
                                   "zone",
                                   "tax_category",
                                   "tax_rate",
                                   "channel",
                                   "price_list_channel",
                                   "warehouse",
                                   "user",
                                   "group_user",
                                   "brand",
                                   "address",
                                   "product",
                                   "price",
                                   "inventory"};
#define BASE (sizeof base / sizeof base[0])

static ec_engine *engine, *other;
static ec_session *session, *there;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    other = shop_open();
    session = session_system(engine);
    there = session_system(other);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    ec_session_close(there);
    shop_close(engine);
    shop_close(other);
    return 0;
}

/* ---- a shop with all of it ---- */

static ec_id variant_of(const char *sku)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT id FROM product_variants WHERE sku = '%s'", sku);
    return shop_sql_int(engine, sql);
}

static void fill_prices(void)
{
    ec_price_list list = {
        .code = "export", .name = "Export", .currency = "USD", .status = EC_PRICE_LIST_ACTIVE};
    ec_price_list *made = NULL;
    ec_price *price = NULL;
    assert_ok(session, ec_price_list_create(session, &list, &made));
    ec_price prices[] = {
        {.variant_id = variant_of("PON-R-M"), .amount = 4999, .compare_amount = 5999},
        {.variant_id = variant_of("PON-R-M"), .amount = 4550, .min_quantity = 10},
        {.variant_id = shop_sql_int(engine, "SELECT id FROM product_variants WHERE sku IS NULL"),
         .amount = 1},
    };
    for (size_t i = 0; i < 3; i++) {
        prices[i].price_list_id = made->id;
        assert_ok(session, ec_price_set(session, &prices[i], &price));
        ec_free(price);
    }
    ec_channel channel;
    ec_channel *web = NULL;
    assert_int_equal(ec_init("channel", &channel), EC_OK);
    channel.code = "world";
    channel.name = "World";
    channel.currency = "USD";
    channel.locale = "en-US";
    channel.price_list_id = made->id;
    channel.is_default = channel.is_active = true;
    assert_ok(session, ec_channel_create(session, &channel, &web));
    ec_free(web);
    prices[0].valid_from = world_now() + 1000; /* scheduled */
    prices[0].valid_until = world_now() + 2000;
    assert_ok(session, ec_price_schedule(session, &prices[0], &price));
    ec_free(price);
    ec_free(made);
}

/* A list for a group, of the channel that is there. */
static void fill_groups(void)
{
    static const char *const world[] = {"world"};
    ec_group vip = {.code = "vip", .name = "VIP"}, *group = NULL;
    ec_user *ana = NULL;
    ec_price_list *made = NULL;
    assert_ok(session, ec_group_create(session, &vip, &group));
    assert_ok(session, ec_user_by_email(session, "ana@example.cl", &ana));
    assert_ok(session, ec_group_add_users(session, group->id, &ana->id, 1));
    ec_price_list list = {.code = "vip",
                          .name = "VIP",
                          .currency = "USD",
                          .priority = 7,
                          .group_id = group->id,
                          .channels = world,
                          .channels_count = 1,
                          .status = EC_PRICE_LIST_ACTIVE};
    assert_ok(session, ec_price_list_create(session, &list, &made));
    ec_free(made);
    ec_free(ana);
    ec_free(group);
}

static void fill_stock(void)
{
    ec_address yard = {.name = "Yard", .street = "Ruta 5", .city = "Angol", .country = "CL"};
    ec_warehouse south = {.code = "south", .name = "South", .address = &yard, .is_active = true};
    ec_warehouse *made = NULL;
    ec_stock_level *level = NULL;
    assert_ok(session, ec_warehouse_create(session, &south, &made));
    ec_stock_change change = {.variant_id = variant_of("PON-A-M"),
                              .warehouse_id = made->id,
                              .on_hand = 9,
                              .incoming = 5,
                              .damaged = 2,
                              .kind = EC_MOVEMENT_RECEIPT};
    assert_ok(session, ec_stock_adjust(session, &change, &level));
    ec_free(level);
    ec_stock_level settings = {.safety_stock = 1, .reorder_point = 3, .reorder_quantity = 40};
    assert_ok(session,
              ec_stock_configure(
                  session, change.variant_id, made->id, &settings,
                  ec_mask_of("inventory", "safety_stock,reorder_point,reorder_quantity"), &level));
    ec_free(level);
    assert_ok(session, ec_stock_configure(session, variant_of("PON-R-L"), made->id, &settings,
                                          ec_mask_of("inventory", "reorder_point"), &level));
    ec_free(level);
    ec_free(made);
}

static void fill_people(void)
{
    ec_user ana = {.email = "Ana@Example.CL", .name = "Ana", .is_active = true}, *made = NULL;
    ec_user eva = {.email = "eva@example.cl", .name = "Eva", .phone = "1", .role = EC_ROLE_ADMIN};
    ec_address home = sale_address, *address = NULL;
    assert_ok(session, ec_user_create(session, &eva, &made));
    ec_free(made);
    assert_ok(session, ec_user_create(session, &ana, &made));
    for (int i = 0; i < 3; i++) { /* the last one becomes the default */
        home.is_default = i == 2;
        home.phone = i == 1 ? "+56 2 2345" : NULL;
        home.company = i == 2 ? "Lana Sur" : NULL;
        assert_ok(session, ec_address_create(session, made->id, &home, &address));
        ec_free(address);
    }
    ec_free(made);
}

/* Zones with places and with zones, rates that end, and a channel with a zone. */
static void fill_taxes(void)
{
    static const char table[] =
        "{\"items\": {\"ES\": [{\"effective_from\": \"0000-01-01\", \"rates\": {\"standard\": 18}},"
        " {\"effective_from\": \"2012-09-01\", \"rates\": {\"standard\": 21, \"reduced\": 10},"
        " \"exceptions\": [{\"name\": \"Canary\", \"postcode\": \"(35\\\\d{3})\","
        " \"standard\": 0}]}]}}";
    ec_tax_import *report = NULL;
    assert_ok(session, ec_tax_preset(session, "CL", &report));
    ec_free(report);
    assert_ok(session, ec_tax_import_table(session, EC_TAX_TABLE_EU, table, sizeof table - 1, false,
                                           &report));
    assert_int_equal(report->rates, 6);
    ec_free(report);
}

static void fill(void)
{
    import_text(session, NULL, own_file);
    import_text(session, NULL,
                "Handle,Title,Option1 Name,Option1 Value,Variant Price\n"
                "bare,Bare,Size,S,5\n");
    fill_prices();
    fill_stock();
    fill_people();
    fill_groups();
    fill_taxes();
}

/* ---- copies ---- */

/* Into the other shop; nothing may be refused. changed: how many objects must be made or changed,
   -1: any. */
static void carry(ec_session *to, const char *entity, int64_t changed)
{
    told all;
    ec_import_options options = told_options(&all);
    int64_t objects = 0;
    text_sink sink = export_lines(session, entity, &objects);
    ec_import_counts counts = import_lines(to, &options, sink.text, sink.length);
    for (size_t i = 0; i < all.refused_count && i < TOLD_MAX; i++) {
        print_error("%s line %d: %s %s %s\n", entity, (int)all.refused[i].line,
                    all.refused[i].column, all.refused[i].rule, all.refused[i].reason);
    }
    for (size_t i = 0; changed == 0 && i < all.change_count; i++) {
        print_error("%s %s: %s\n", all.changes[i].action, all.changes[i].handle,
                    all.changes[i].fields);
    }
    assert_true(objects > 0);
    assert_int_equal(counts.refused, 0);
    assert_int_equal(counts.objects_created + counts.objects_updated + counts.objects_unchanged,
                     objects);
    assert_int_equal(counts.objects_created + counts.objects_updated, all.change_count);
    if (changed >= 0) {
        assert_int_equal(all.change_count, changed);
    }
    free(sink.text);
}

static void assert_same(const char *entity)
{
    text_sink first = export_lines(session, entity, NULL);
    text_sink second = export_lines(there, entity, NULL);
    char *a = without_numbers(first.text), *b = without_numbers(second.text);
    assert_string_equal(a, b);
    free(a);
    free(b);
    free(first.text);
    free(second.text);
}

static void import__copies_the_base_data_of_a_shop(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < BASE; i++) {
        carry(there, base[i], -1);
    }
    for (size_t i = 0; i < BASE; i++) {
        assert_same(base[i]);
    }
    sale_verified(other);
    ec_cart *cart = NULL; /* new sessions work in the channel that is the default one there */
    ec_session *fresh = session_guest(other);
    assert_ok(fresh, ec_cart_open(fresh, &cart));
    assert_string_equal(cart->currency, "USD");
    ec_free(cart);
    ec_session_close(fresh);
}

static void import__of_base_data_changes_nothing_the_second_time(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < BASE; i++) {
        carry(session, base[i], 0); /* where it comes from */
        carry(there, base[i], -1);
    }
    int64_t moved = shop_sql_int(other, "SELECT COUNT(*) FROM stock_movements");
    int64_t events = shop_sql_int(other, "SELECT COUNT(*) FROM events");
    for (size_t i = 0; i < BASE; i++) {
        carry(there, base[i], 0);
    }
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM stock_movements"), moved);
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM events"), events);
}

static void import__takes_a_whole_export_but_its_history(void **state)
{
    (void)state;
    ec_id mug = sale_variant(engine, "mug", 1000, 10);
    const sale_line lines[] = {{mug, 2}, {0, 0}};
    ec_free(sale_paid_order(session, "one", lines));
    fill();
    told all;
    ec_import_options options = told_options(&all);
    text_sink sink = export_lines(session, NULL, NULL);
    ec_import_counts counts = import_lines(there, &options, sink.text, sink.length);
    assert_true(counts.objects_created > 10);
    for (size_t i = 0; i < all.refused_count && i < TOLD_MAX; i++) {
        assert_string_equal(all.refused[i].rule, "entity");
        assert_non_null(strstr(all.refused[i].reason, "are not taken in: "));
    }
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM orders"), 0);
    assert_int_equal(shop_sql_int(other, "SELECT SUM(committed) FROM inventory"), 0);
    sale_verified(other);
    for (size_t i = 0; i < BASE; i++) {
        if (strcmp(base[i], "product") != 0) { /* what a sale adds to it is no base data */
            assert_same(base[i]);
        }
    }
    free(sink.text);
}

static void import__keeps_no_base_data_in_a_dry_run(void **state)
{
    (void)state;
    fill();
    told all;
    ec_import_options options = told_options(&all);
    options.dry_run = true;
    text_sink sink = export_lines(session, "group", NULL);
    assert_ok(session, ec_export_jsonl(session, "price_list", text_write, &sink, NULL));
    assert_ok(session, ec_export_jsonl(session, "zone", text_write, &sink, NULL));
    assert_ok(session, ec_export_jsonl(session, "channel", text_write, &sink, NULL));
    ec_import_counts counts = import_lines(there, &options, sink.text, sink.length);
    assert_int_equal(counts.refused, 0);
    assert_int_equal(counts.objects_created, 4 + 4); /* and the zones */
    assert_int_equal(counts.objects_updated, 1);     /* the channel has one */
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM channels"), 1);
    assert_int_equal(shop_sql_int(other, "SELECT is_default FROM channels"), 1);
    ec_cart *cart = NULL; /* the session's channel is what it was */
    assert_ok(there, ec_cart_open(there, &cart));
    assert_string_equal(cart->currency, "CLP");
    ec_free(cart);
    free(sink.text);
}

/* What is referred to lies in earlier batches, which the dry run took back. */
static void import__plans_what_it_would_do_over_many_batches(void **state)
{
    (void)state;
    fill();
    text_sink all = {0};
    for (size_t i = 0; i < BASE; i++) {
        assert_ok(session, ec_export_jsonl(session, base[i], text_write, &all, NULL));
        for (int n = 0; n < 210; n++) { /* more than a batch */
            char line[128];
            int length = snprintf(line, sizeof line,
                                  "{\"entity\":\"brand\",\"data\":{\"name\":\"B%d-%d\","
                                  "\"slug\":\"b%d-%d\"}}\n",
                                  (int)i, n, (int)i, n);
            assert_ok(session, text_write(&all, line, (size_t)length));
        }
    }
    told told_all;
    ec_import_options dry = told_options(&told_all);
    dry.dry_run = true;
    ec_import_counts plan = import_lines(there, &dry, all.text, all.length);
    for (size_t i = 0; i < told_all.refused_count && i < TOLD_MAX; i++) {
        print_error("line %d: %s %s %s\n", (int)told_all.refused[i].line,
                    told_all.refused[i].column, told_all.refused[i].rule,
                    told_all.refused[i].reason);
    }
    assert_int_equal(plan.refused, 0);
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM brands"), 0);
    ec_import_counts done = import_lines(there, NULL, all.text, all.length);
    assert_memory_equal(&plan, &done, sizeof plan);
    free(all.text);
}

/* ---- by hand ---- */

#define LINE(entity, refs, data) "{\"entity\":\"" entity "\"," refs "\"data\":" data "}\n"
#define REFS(text) "\"refs\":" text ","

static ec_import_counts take(const char *text, told *all)
{
    ec_import_options options = told_options(all);
    return import_lines(there, &options, text, strlen(text));
}

static void import__sets_balances_through_the_ledger(void **state)
{
    (void)state;
    told all;
    sale_variant(other, "MUG", 1000, 4);
    static const char nine[] = LINE(
        "inventory", REFS("{\"variant_id\":\"MUG\",\"warehouse_id\":\"main\"}"), "{\"on_hand\":9}");
    ec_import_counts counts = take(nine, &all);
    assert_int_equal(counts.objects_updated, 1);
    assert_string_equal(all.changes[0].handle, "MUG main");
    assert_string_equal(all.changes[0].fields, "on_hand");
    assert_int_equal(shop_sql_int(other, "SELECT on_hand FROM stock_movements WHERE cause ="
                                         " 'import' AND kind = 'count'"),
                     5);
    counts = take(nine, &all);
    assert_int_equal(counts.objects_unchanged, 1);
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM stock_movements"), 2);
    ec_import_options keep = {.keep_stock = true};
    static const char two[] =
        LINE("inventory", REFS("{\"variant_id\":\"MUG\",\"warehouse_id\":\"main\"}"),
             "{\"on_hand\":2,\"reorder_point\":3}");
    counts = import_lines(there, &keep, two, sizeof two - 1);
    assert_int_equal(counts.objects_updated, 1); /* the reorder point */
    assert_int_equal(shop_sql_int(other, "SELECT on_hand FROM inventory"), 9);
    assert_int_equal(shop_sql_int(other, "SELECT reorder_point FROM inventory"), 3);
    sale_verified(other);
}

static void import__finds_users_in_any_letter_case(void **state)
{
    (void)state;
    told all;
    static const char ana[] = LINE("user", "", "{\"email\":\"Ana@Example.CL\",\"name\":\"Ana\"}");
    assert_int_equal(take(ana, &all).objects_created, 1);
    assert_int_equal(take(ana, &all).objects_unchanged, 1);
    static const char home[] =
        LINE("address", REFS("{\"user_id\":\"ANA@example.cl\"}"),
             "{\"name\":\"Ana\",\"street\":\"A 1\",\"city\":\"Angol\",\"country\":\"CL\"}");
    assert_int_equal(take(home, &all).objects_created, 1);
    assert_int_equal(take(home, &all).objects_unchanged, 1);
    static const char renamed[] = LINE("user", "", "{\"email\":\"ANA@example.cl\",\"name\":\"A\"}");
    assert_int_equal(take(renamed, &all).objects_updated, 1);
    assert_string_equal(all.changes[0].fields, "name");
    assert_int_equal(shop_sql_int(other, "SELECT COUNT(*) FROM users"), 1);
}

static void import__changes_the_price_that_the_line_means(void **state)
{
    (void)state;
    told all;
    sale_variant(other, "MUG", 1000, 4);
    static const char list[] = LINE("price_list", "",
                                    "{\"code\":\"vip\",\"name\":\"V\",\"currency\":\"USD\","
                                    "\"is_active\":true}");
    assert_int_equal(take(list, &all).objects_created, 1);
#define PRICE(data) LINE("price", REFS("{\"price_list_id\":\"vip\",\"variant_id\":\"MUG\"}"), data)
    assert_int_equal(take(PRICE("{\"amount\":9.99,\"compare_amount\":12}"), &all).objects_created,
                     1);
    assert_string_equal(all.changes[0].handle, "vip MUG");
    assert_int_equal(take(PRICE("{\"amount\":8,\"min_quantity\":10}"), &all).objects_created, 1);
    assert_int_equal(take(PRICE("{\"amount\":9.5,\"min_quantity\":1}"), &all).objects_updated, 1);
    assert_string_equal(all.changes[0].fields, "amount");
    assert_int_equal(shop_sql_int(other, "SELECT amount FROM prices WHERE min_quantity = 1"), 950);
    assert_int_equal(shop_sql_int(other, "SELECT compare_amount FROM prices"
                                         " WHERE min_quantity = 1"),
                     1200);
    assert_int_equal(take(PRICE("{\"min_quantity\":5}"), &all).refused, 1);
    assert_string_equal(all.refused[0].column, "amount");
    assert_string_equal(all.refused[0].rule, "required");
    assert_int_equal(take(PRICE("{\"amount\":9.999}"), &all).refused, 1);
    assert_string_equal(all.refused[0].rule, "decimals");
}

static void import__tells_why_it_refuses_base_data(void **state)
{
    (void)state;
    static const struct {
        const char *line, *column, *rule, *reason;
    } rows[] = {
        {LINE("order", "", "{}"), "entity", "entity", "history"},
        {LINE("movement", "", "{}"), "entity", "entity", "lines of inventory"},
        {LINE("event", "", "{}"), "entity", "entity", "history"},
        {LINE("cart", "", "{}"), "entity", "entity", "visit"},
        {LINE("variant", "", "{}"), "entity", "entity", "products"},
        {LINE("setting", "", "{}"), "entity", "entity", "shop"},
        {LINE("unicorn", "", "{}"), "entity", "entity", "There is no entity called unicorn."},
        {LINE("price", "", "{\"amount\":1}"), "price_list_id", "required", "refs"},
        {LINE("price", REFS("{\"price_list_id\":\"no\"}"), "{}"), "price_list_id", "unknown", "no"},
        {LINE("price", REFS("[]"), "{}"), "price_list_id", "required", "refs"},
        {LINE("inventory", REFS("{\"variant_id\":{\"product\":\"no\"}}"), "{}"), "variant_id",
         "unknown", "options"},
        {LINE("inventory", REFS("{\"variant_id\":\"MUG\",\"warehouse_id\":\"main\"}"),
              "{\"on_hand\":-1}"),
         "on_hand", "min", ""},
        {LINE("address", REFS("{\"user_id\":\"a@b.cl\"}"), "{}"), "user_id", "unknown", "a@b.cl"},
        {LINE("channel", "", "{\"code\":\"default\",\"currency\":\"USD\"}"), "currency",
         "immutable", "fixed"},
        {LINE("channel", "", "{\"code\":\"default\",\"price_list_id\":3}"), "price_list_id",
         "reference", "by name"},
        {LINE("user", "", "{\"name\":\"Ana\"}"), "email", "required", ""},
        {LINE("user", "", "{\"email\":\"xyz\",\"name\":\"Ana\"}"), "email", "email", ""},
    };
    told all;
    for (const ec_line_kind *kind = NULL; (kind = ec_line_kind_next(kind));) {
        if (!kind->form && !kind->refused) {
            fail_msg("nothing says why lines of %s are refused", kind->entity->name);
        }
    }
    sale_variant(other, "MUG", 1000, 4);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_import_counts counts = take(rows[i].line, &all);
        if (counts.refused != 1 || strcmp(all.refused[0].column, rows[i].column) != 0 ||
            strcmp(all.refused[0].rule, rows[i].rule) != 0 ||
            !strstr(all.refused[0].reason, rows[i].reason)) {
            fail_msg("%s refused: %d %s %s %s", rows[i].line, (int)counts.refused,
                     all.refused[0].column, all.refused[0].rule, all.refused[0].reason);
        }
    }
    assert_int_equal(take(LINE("channel", "", "{\"code\":\"default\",\"is_default\":false}"), &all)
                         .objects_unchanged,
                     1); /* the place is given to another, never taken away */
}

/* ---- whatever comes ---- */

/* All base data of the first shop as one text. */
static text_sink base_text(void)
{
    text_sink all = {0};
    for (size_t i = 0; i < BASE; i++) {
        assert_ok(session, ec_export_jsonl(session, base[i], text_write, &all, NULL));
    }
    return all;
}

static void import__of_base_data_reports_every_failing_allocation(void **state)
{
    (void)state;
    fill();
    text_sink sink = base_text();
    int64_t n = 1;
    for (bool failed = true; failed; n += 7) {
        ec_engine *fresh = shop_open();
        ec_session *by = session_system(fresh);
        text_source source = {.text = sink.text, .length = sink.length};
        ec_import_options options = {.dry_run = n % 2 == 0};
        ec_import_counts *counts = NULL;
        world_fail(n, false);
        ec_status status = ec_import_jsonl(by, &options, text_read, &source, &counts);
        failed = world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        assert_true((status == EC_OK) == (counts != NULL));
        assert_true(status != EC_OK || counts->refused == 0);
        ec_free(counts);
        ec_session_close(by);
        shop_close(fresh);
    }
    free(sink.text);
    assert_true(n > 100);
}

static void import__of_base_data_survives_any_byte(void **state)
{
    (void)state;
    fill();
    text_sink sink = base_text();
    char *text = malloc(sink.length);
    assert_non_null(text);
    for (int run = 0; run < 60; run++) {
        memcpy(text, sink.text, sink.length);
        for (int i = 0; i < 12; i++) {
            text[world_pick((int64_t)sink.length)] = (char)world_pick(256);
        }
        ec_engine *fresh = shop_open();
        ec_session *by = session_system(fresh);
        (void)import_lines(by, NULL, text, sink.length);
        sale_verified(fresh);
        ec_session_close(by);
        shop_close(fresh);
    }
    free(text);
    free(sink.text);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(import__copies_the_base_data_of_a_shop),
        CASE(import__of_base_data_changes_nothing_the_second_time),
        CASE(import__takes_a_whole_export_but_its_history),
        CASE(import__keeps_no_base_data_in_a_dry_run),
        CASE(import__plans_what_it_would_do_over_many_batches),
        CASE(import__sets_balances_through_the_ledger),
        CASE(import__finds_users_in_any_letter_case),
        CASE(import__changes_the_price_that_the_line_means),
        CASE(import__tells_why_it_refuses_base_data),
        CASE(import__of_base_data_reports_every_failing_allocation),
        CASE(import__of_base_data_survives_any_byte),
    };
    return cmocka_run_group_tests_name("transfer.jsonl_base", tests, NULL, NULL);
}
