/* SPDX-License-Identifier: MIT */
/*
 * shipping.c - kinds of goods for shipping, and ways to ship, as they are kept.
 */
#include "harness/goods.h"
#include "harness/products.h"
#include "harness/sale.h"
#include "shipping/inside.h"

static ec_engine *engine;
static ec_session *session;
static ec_arena arena; /* of the compiled methods */

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (arena.platform != NULL) ec_arena_clear(&arena);
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_id category_of(const char *code)
{
    ec_shipping_category input = {.code = code, .name = "Kind"};
    ec_shipping_category *made = NULL;
    assert_ok(session, ec_shipping_category_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

/* The compiled methods. */
static ec_shipping_book book;

static ec_status load_run(ec_session *s, void *ctx, void **result)
{
    unsigned needs = 0;
    (void)ctx;
    (void)result;
    return ec_shipping_book_load(s, &arena, &needs, &book);
}

static void load_book(void)
{
    static const ec_op op = {.name = "test.book",
                             .permission = "test",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_READ,
                             .run = load_run};
    ec_arena_init(&arena, world_platform());
    assert_ok(session, ec_call(session, &op, NULL, NULL));
}

/* ---- categories ---- */

static void shipping_category__is_kept_found_and_removed(void **state)
{
    (void)state;
    ec_shipping_category *found = NULL;
    ec_shipping_category_list *list = NULL;
    ec_id id = category_of("bulky");
    assert_ok(session, ec_shipping_category_by_code(session, "bulky", &found));
    assert_int_equal(found->id, id);
    assert_int_equal(found->version, 1);
    assert_string_equal(found->name, "Kind");
    ec_free(found);
    ec_shipping_category change = {.name = "Bulky goods"};
    assert_ok(session, ec_shipping_category_update(
                           session, id, &change, ec_mask_of("shipping_category", "name"), &found));
    assert_string_equal(found->name, "Bulky goods");
    assert_string_equal(found->code, "bulky");
    ec_free(found);
    assert_ok(session, ec_shipping_category_find(session, NULL, &list));
    assert_int_equal(list->items_count, 1);
    ec_free(list);
    assert_ok(session, ec_shipping_category_delete(session, id, 2));
    assert_status(session, ec_shipping_category_get(session, id, &found), EC_NOT_FOUND);
}

static void shipping_category__keeps_its_code(void **state)
{
    (void)state;
    ec_shipping_category *out = NULL;
    ec_id id = category_of("bulky");
    ec_shipping_category change = {.code = "other", .name = "Other"};
    assert_status(session,
                  ec_shipping_category_update(session, id, &change,
                                              ec_mask_of("shipping_category", "code"), &out),
                  EC_INVALID);
    assert_field_error(session, "code", "immutable");
    ec_shipping_category twin = {.code = "bulky", .name = "Twin"};
    assert_status(session, ec_shipping_category_create(session, &twin, &out), EC_EXISTS);
    assert_field_error(session, "code", "unique");
}

static void shipping_category__that_a_variant_names_is_not_removed(void **state)
{
    (void)state;
    ec_product *product = NULL;
    ec_id id = category_of("bulky");
    ec_variant variant = {.is_active = true,
                          .requires_shipping = true,
                          .shipping_category = "bulky",
                          .length = 1200,
                          .width = 600,
                          .height = 400};
    ec_product input = {.name = "Sofa", .variants = &variant, .variants_count = 1};
    assert_ok(session, ec_product_create(session, &input, &product));
    assert_string_equal(product->variants[0].shipping_category, "bulky");
    assert_int_equal(product->variants[0].length, 1200);
    assert_int_equal(product->variants[0].width, 600);
    assert_int_equal(product->variants[0].height, 400);
    ec_free(product);
    assert_status(session, ec_shipping_category_delete(session, id, 0), EC_IN_USE);
}

/* ---- methods ---- */

static ec_shipping_method *method_make(const ec_shipping_method *input)
{
    ec_shipping_method *made = NULL;
    assert_ok(session, ec_shipping_method_create(session, input, &made));
    return made;
}

static ec_id channel_make(const char *code, const char *currency)
{
    ec_channel input = {
        .code = code, .name = code, .currency = currency, .locale = "es", .is_active = true};
    ec_channel *made = NULL;
    assert_ok(session, ec_channel_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void shipping_method__stores_everything_that_is_given(void **state)
{
    (void)state;
    static const char *const channels[] = {"pos", "default"};
    ec_shipping_method *read = NULL;
    (void)channel_make("pos", "CLP");
    (void)category_of("bulky");
    ec_shipping_method input = {.id = 77,
                                .version = 9,
                                .days_min = 2,
                                .days_max = 5,
                                .cutoff_hour = 14,
                                .pickup_warehouse_id = 1,
                                .code = "standard",
                                .name = "Correo",
                                .description = "A domicilio",
                                .calculator = "flat(3990 CLP, free_above: 50000 CLP)",
                                .conditions = "weight <= 30000",
                                .tax_category = "freight",
                                .shipping_category = "bulky",
                                .provider = "ignored",
                                .channels = channels,
                                .channels_count = 2,
                                .category_rule = EC_SHIPPING_NONE,
                                .status = EC_SHIPPING_DISABLED};
    ec_shipping_method *made = method_make(&input);
    assert_int_equal(made->version, 1);
    assert_int_equal(made->position, 1);
    assert_ok(session, ec_shipping_method_get(session, made->id, &read));
    assert_int_not_equal(read->id, 77);
    assert_int_equal(read->days_min, 2);
    assert_int_equal(read->days_max, 5);
    assert_int_equal(read->cutoff_hour, 14);
    assert_int_equal(read->pickup_warehouse_id, 1);
    assert_string_equal(read->code, "standard");
    assert_string_equal(read->description, "A domicilio");
    assert_string_equal(read->calculator, input.calculator);
    assert_string_equal(read->conditions, input.conditions);
    assert_string_equal(read->tax_category, "freight");
    assert_string_equal(read->shipping_category, "bulky");
    assert_null(read->provider);
    assert_int_equal(read->channels_count, 2);
    assert_string_equal(read->channels[0], "default");
    assert_string_equal(read->channels[1], "pos");
    assert_int_equal(read->category_rule, EC_SHIPPING_NONE);
    assert_int_equal(read->status, EC_SHIPPING_DISABLED);
    ec_free(read);
    assert_ok(session, ec_shipping_method_by_code(session, "standard", &read));
    assert_int_equal(read->id, made->id);
    ec_free(read);
    ec_free(made);
}

static void shipping_method__goes_behind_the_others(void **state)
{
    (void)state;
    ec_shipping_method input = {.code = "a", .name = "A", .calculator = "flat(1 CLP)"};
    ec_shipping_method_list *list = NULL;
    input.position = 7;
    ec_free(method_make(&input));
    input.code = "b";
    input.position = 0;
    ec_free(method_make(&input));
    assert_ok(session, ec_shipping_method_find(session, NULL, &list));
    assert_int_equal(list->items_count, 2);
    assert_int_equal(list->items[1].position, 8);
    assert_int_equal(list->items[1].channels_count, 0);
    ec_free(list);
}

static void shipping_method__knows_the_carrier_that_it_asks(void **state)
{
    (void)state;
    ec_shipping_method input = {
        .code = "a", .name = "A", .calculator = "flat(500 CLP); provider(starken)"};
    ec_shipping_method *made = method_make(&input), *changed = NULL;
    assert_string_equal(made->provider, "starken");
    ec_shipping_method change = {.calculator = "flat(1 CLP)"};
    assert_ok(session,
              ec_shipping_method_update(session, made->id, &change,
                                        ec_mask_of("shipping_method", "calculator"), &changed));
    assert_null(changed->provider);
    ec_free(changed);
    ec_free(made);
}

static void shipping_method__rejects_bad_input(void **state)
{
    (void)state;
    static const char *const unknown[] = {"default", "nowhere"}, *const twice[] = {"default",
                                                                                   "default"};
    const struct {
        ec_shipping_method method;
        const char *field, *rule;
    } cases[] = {
        {{.name = "A", .calculator = "flat(1 CLP)"}, "code", "required"},
        {{.code = "A B", .name = "A", .calculator = "flat(1 CLP)"}, "code", "slug"},
        {{.code = "a", .calculator = "flat(1 CLP)"}, "name", "required"},
        {{.code = "a", .name = "A"}, "calculator", "required"},
        {{.code = "a", .name = "A", .calculator = "gratis()"}, "calculator", "unknown"},
        {{.code = "a", .name = "A", .calculator = "flat(1 CLP)", .conditions = "weight <"},
         "conditions",
         "syntax"},
        {{.code = "a", .name = "A", .calculator = "flat(1 CLP)", .days_min = 3, .days_max = 2},
         "days_max",
         "min"},
        {{.code = "a", .name = "A", .calculator = "flat(1 CLP)", .cutoff_hour = 24},
         "cutoff_hour",
         "max"},
        {{.code = "a", .name = "A", .calculator = "flat(1 CLP)", .zone_id = 99},
         "zone_id",
         "unknown"},
        {{.code = "a", .name = "A", .calculator = "flat(1 CLP)", .pickup_warehouse_id = 99},
         "pickup_warehouse_id",
         "unknown"},
        {{.code = "a", .name = "A", .calculator = "flat(1 CLP)", .shipping_category = "bulky"},
         "shipping_category",
         "unknown"},
        {{.code = "a",
          .name = "A",
          .calculator = "flat(1 CLP)",
          .channels = unknown,
          .channels_count = 2},
         "channels[1]",
         "unknown"},
        {{.code = "a",
          .name = "A",
          .calculator = "flat(1 CLP)",
          .channels = twice,
          .channels_count = 2},
         "channels[1]",
         "unique"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ec_shipping_method *made = NULL;
        assert_status(session, ec_shipping_method_create(session, &cases[i].method, &made),
                      EC_INVALID);
        assert_field_error(session, cases[i].field, cases[i].rule);
        assert_null(made);
    }
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM shipping_methods"), 0);
}

static void shipping_method__says_where_a_text_is_wrong(void **state)
{
    (void)state;
    ec_shipping_method *made = NULL;
    ec_shipping_method input = {.code = "a", .name = "A", .calculator = "flat(1 CLP); gratis()"};
    assert_status(session, ec_shipping_method_create(session, &input, &made), EC_INVALID);
    assert_non_null(strstr(ec_session_error(session)->message, "at byte 13"));
}

static void shipping_method_update__changes_what_is_named(void **state)
{
    (void)state;
    static const char *const pos[] = {"pos"};
    (void)channel_make("pos", "CLP");
    ec_shipping_method input = {.code = "a", .name = "A", .calculator = "flat(1 CLP)"};
    ec_shipping_method *made = method_make(&input), *changed = NULL;
    int64_t rules = shop_sql_int(engine, "SELECT version FROM rule_versions");
    /* channels alone, which lie in a table apart */
    ec_shipping_method change = {.channels = pos, .channels_count = 1};
    ec_mask channels = ec_mask_of("shipping_method", "channels");
    assert_ok(session, ec_shipping_method_update(session, made->id, &change, channels, &changed));
    assert_int_equal(changed->version, 2);
    assert_int_equal(changed->channels_count, 1);
    assert_string_equal(changed->channels[0], "pos");
    assert_string_equal(changed->calculator, "flat(1 CLP)");
    ec_free(changed);
    assert_int_equal(shop_sql_int(engine, "SELECT version FROM rule_versions"), rules + 1);
    /* the same again is no change */
    assert_ok(session, ec_shipping_method_update(session, made->id, &change, channels, &changed));
    assert_int_equal(changed->version, 2);
    ec_free(changed);
    assert_int_equal(shop_sql_int(engine, "SELECT version FROM rule_versions"), rules + 1);
    /* others leave the channels alone */
    change = (ec_shipping_method){.version = 2, .name = "B", .status = EC_SHIPPING_ARCHIVED};
    assert_ok(session,
              ec_shipping_method_update(session, made->id, &change,
                                        ec_mask_of("shipping_method", "name,status"), &changed));
    assert_string_equal(changed->name, "B");
    assert_int_equal(changed->status, EC_SHIPPING_ARCHIVED);
    assert_int_equal(changed->channels_count, 1);
    ec_free(changed);
    assert_status(session,
                  ec_shipping_method_update(session, made->id, &change,
                                            ec_mask_of("shipping_method", "name"), &changed),
                  EC_STALE);
    ec_free(made);
}

static ec_order *order_by(const char *method, ec_id variant)
{
    ec_cart *cart = NULL, *filled = NULL;
    ec_order *order = NULL;
    assert_ok(session, ec_cart_open(session, &cart));
    assert_ok(session, ec_cart_add(session, cart->id, variant, 1, -1, &filled));
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = cart->id;
    request.key = method;
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    request.shipping_method = method;
    request.payment_method = "transfer";
    assert_ok(session, ec_checkout(session, &request, &order));
    ec_free(cart);
    ec_free(filled);
    return order;
}

static void shipping_method_delete__keeps_what_an_order_used(void **state)
{
    (void)state;
    ec_shipping_method input = {.code = "a", .name = "A", .calculator = "flat(1 CLP)"};
    ec_shipping_method *made = method_make(&input), *found = NULL;
    ec_id used = made->id;
    ec_free(made);
    ec_order *order = order_by("a", sale_variant(engine, "BOOT", 1000, 10));
    assert_string_equal(order->shipping_method, "a");
    assert_int_equal(order->shipping_amount, 1);
    assert_int_equal(order->total_amount, 1001);
    ec_free(order);
    assert_status(session, ec_shipping_method_delete(session, used, 0), EC_IN_USE);
    input.code = "b";
    made = method_make(&input);
    assert_ok(session, ec_shipping_method_delete(session, made->id, 1));
    assert_status(session, ec_shipping_method_get(session, made->id, &found), EC_NOT_FOUND);
    ec_free(made);
}

static void shipping_category__that_a_method_names_is_not_removed(void **state)
{
    (void)state;
    ec_id id = category_of("bulky");
    ec_shipping_method input = {
        .code = "a", .name = "A", .calculator = "flat(1 CLP)", .shipping_category = "bulky"};
    ec_free(method_make(&input));
    assert_status(session, ec_shipping_category_delete(session, id, 0), EC_IN_USE);
}

static ec_id zone_make(const char *code, ec_zone_scope scope)
{
    ec_zone_member chile = {.kind = EC_ZONE_KIND_COUNTRY, .value = "CL"};
    ec_zone input = {
        .code = code, .name = code, .members = &chile, .members_count = 1, .scope = scope};
    ec_zone *made = NULL;
    assert_ok(session, ec_zone_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void shipping_method__goes_to_a_zone_for_shipping(void **state)
{
    (void)state;
    ec_id zone = zone_make("cl", EC_ZONE_ALL);
    ec_shipping_method input = {
        .code = "a", .name = "A", .calculator = "flat(1 CLP)", .zone_id = zone};
    ec_shipping_method *made = method_make(&input);
    assert_int_equal(made->zone_id, zone);
    ec_free(made);
    assert_status(session, ec_zone_delete(session, zone, 0), EC_IN_USE);
    input.code = "b";
    input.zone_id = zone_make("tax", EC_ZONE_TAX);
    assert_status(session, ec_shipping_method_create(session, &input, &made), EC_INVALID);
    assert_field_error(session, "zone_id", "unknown");
    load_book();
    assert_true(book.methods[0].is_active);
    ec_arena_clear(&arena);
    shop_sql(engine, "UPDATE zones SET scope = 'tax'");
    load_book();
    assert_false(book.methods[0].is_active);
}

/* ---- the snapshot ---- */

static void book__has_what_is_not_archived_by_position(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int64_t position;
        ec_shipping_status status;
    } methods[] = {{"late", 9, EC_SHIPPING_ACTIVE},
                   {"early", 1, EC_SHIPPING_DISABLED},
                   {"gone", 2, EC_SHIPPING_ARCHIVED},
                   {"middle", 5, EC_SHIPPING_ACTIVE}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        ec_shipping_method input = {.code = methods[i].code,
                                    .name = "M",
                                    .calculator = "flat(1 CLP)",
                                    .position = methods[i].position,
                                    .status = methods[i].status};
        ec_free(method_make(&input));
    }
    /* what another version wrote and this one does not understand is never offered */
    shop_sql(engine, "UPDATE shipping_methods SET calculator = 'magic()' WHERE code = 'late'");
    load_book();
    assert_int_equal(book.methods_count, 3);
    assert_string_equal(book.methods[0].code, "early");
    assert_false(book.methods[0].is_active);
    assert_string_equal(book.methods[1].code, "middle");
    assert_true(book.methods[1].is_active);
    assert_string_equal(book.methods[2].code, "late");
    assert_false(book.methods[2].is_active);
}

/* ---- quotes ---- */

static ec_quote *quote_to(const char *country, const char *method, ec_id variant, int64_t units)
{
    ec_quote *quote = NULL;
    ec_address address = {.country = country};
    ec_quote_ask line = {.variant_id = variant, .quantity = units, .unit_price = -1};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.shipping_method = method;
    request.shipping_address = country != NULL ? &address : NULL;
    assert_ok(session, ec_quote_make(session, &request, &quote));
    return quote;
}

static void assert_ships(ec_quote *quote, const char *code, int64_t fee, bool estimated)
{
    const char *chosen = NULL;
    for (size_t i = 0; i < quote->shipping_count; i++) {
        if (!quote->shipping[i].chosen) continue;
        chosen = quote->shipping[i].code;
        assert_int_equal(quote->shipping[i].estimated, estimated);
    }
    if (code == NULL) {
        assert_null(chosen);
        assert_string_equal(quote->problem, "no_shipping_method");
    } else {
        assert_string_equal(chosen, code);
        assert_null(quote->problem);
    }
    assert_int_equal(quote->shipping_amount, fee);
    assert_int_equal(quote->total_amount, quote->subtotal + fee);
    ec_free(quote);
}

static void quotes__ship_by_what_fits_the_address_and_the_goods(void **state)
{
    (void)state;
    ec_id boot = sale_variant(engine, "BOOT", 1000, 10);
    ec_shipping_method input = {.code = "chile",
                                .name = "Chile",
                                .calculator = "flat(500 CLP, free_above: 5000 CLP)",
                                .zone_id = zone_make("cl", EC_ZONE_SHIPPING)};
    ec_free(method_make(&input));
    input = (ec_shipping_method){
        .code = "courier", .name = "Courier", .calculator = "per_unit(900 CLP)"};
    input.conditions = "units <= 3";
    ec_free(method_make(&input));
    assert_ships(quote_to("CL", NULL, boot, 1), "chile", 500, true);
    assert_ships(quote_to("CL", "chile", boot, 5), "chile", 0, false);
    assert_ships(quote_to("CL", "courier", boot, 3), "courier", 2700, false);
    assert_ships(quote_to("CL", "courier", boot, 4), "chile", 500, true); /* too many for it */
    assert_ships(quote_to("AR", NULL, boot, 2), "courier", 1800, true);
    assert_ships(quote_to("AR", "chile", boot, 2), "courier", 1800, true);
    assert_ships(quote_to("AR", NULL, boot, 4), NULL, 0, false);
    assert_ships(quote_to(NULL, NULL, boot, 4), "chile", 500, true); /* no address: an estimate */
}

static void quotes__follow_a_changed_method_at_once(void **state)
{
    (void)state;
    ec_id boot = sale_variant(engine, "BOOT", 1000, 10);
    ec_shipping_method input = {.code = "post", .name = "Post", .calculator = "flat(500 CLP)"};
    ec_shipping_method *made = method_make(&input), *changed = NULL;
    assert_ships(quote_to("CL", NULL, boot, 1), "post", 500, true);
    ec_shipping_method change = {.calculator = "flat(700 CLP)"};
    assert_ok(session,
              ec_shipping_method_update(session, made->id, &change,
                                        ec_mask_of("shipping_method", "calculator"), &changed));
    ec_free(changed);
    assert_ships(quote_to("CL", NULL, boot, 1), "post", 700, true);
    change.status = EC_SHIPPING_DISABLED;
    assert_ok(session,
              ec_shipping_method_update(session, made->id, &change,
                                        ec_mask_of("shipping_method", "status"), &changed));
    ec_free(changed);
    ec_free(made);
    assert_ships(quote_to("CL", NULL, boot, 1), NULL, 0, false);
}

static void carts__count_parcels_of_each_warehouse(void **state)
{
    (void)state;
    ec_cart *cart = NULL;
    ec_stock_level *level = NULL;
    ec_id north = goods_warehouse(session, "north");
    ec_id boot = sale_variant(engine, "BOOT", 1000, 2); /* 2 in main */
    shop_sql(engine, "UPDATE product_variants SET weight = 100");
    ec_stock_change three = {
        .variant_id = boot, .warehouse_id = north, .on_hand = 3, .kind = EC_MOVEMENT_ADJUSTMENT};
    assert_ok(session, ec_stock_adjust(session, &three, &level));
    ec_free(level);
    ec_shipping_method input = {
        .code = "post", .name = "Post", .calculator = "flat(700 CLP, per_parcel: 1000)"};
    ec_free(method_make(&input));
    assert_ok(session, ec_cart_open(session, &cart));
    ec_id id = cart->id;
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, id, boot, 3, -1, &cart)); /* all from the north */
    assert_int_equal(cart->quote->shipping[0].parcels, 1);
    ec_free(cart);
    assert_ok(session, ec_cart_add(session, id, boot, 1, -1, &cart)); /* some from each */
    assert_int_equal(cart->quote->shipping[0].parcels, 2);
    assert_int_equal(cart->shipping_amount, 1400);
    ec_free(cart);
}

/* ---- from one shop to another ---- */

typedef struct lines {
    char text[1 << 16];
    size_t length, at;
} lines;

static ec_status put_lines(void *ctx, const char *bytes, size_t count)
{
    lines *to = ctx;
    assert_true(to->length + count < sizeof to->text);
    memcpy(to->text + to->length, bytes, count);
    to->length += count;
    return EC_OK;
}

static ec_status get_lines(void *ctx, char *buffer, size_t size, size_t *got)
{
    lines *from = ctx;
    *got = from->length - from->at < size ? from->length - from->at : size;
    memcpy(buffer, from->text + from->at, *got);
    from->at += *got;
    return EC_OK;
}

static void shipping__goes_into_another_shop_by_lines(void **state)
{
    (void)state;
    static const char *const channels[] = {"default"};
    static lines file;
    ec_shipping_method *found = NULL;
    ec_import_counts *report = NULL;
    int64_t objects = 0;
    (void)category_of("bulky");
    ec_shipping_method input = {.code = "pick-up",
                                .name = "Pick up",
                                .calculator = "flat(0 CLP)",
                                .shipping_category = "bulky",
                                .pickup_warehouse_id = 1,
                                .channels = channels,
                                .channels_count = 1};
    ec_free(method_make(&input));
    file = (lines){.length = 0};
    assert_ok(session, ec_export_jsonl(session, "shipping_category", put_lines, &file, &objects));
    assert_ok(session, ec_export_jsonl(session, "shipping_method", put_lines, &file, &objects));
    ec_engine *other = shop_open();
    ec_session *there = session_system(other);
    assert_ok(there, ec_import_jsonl(there, NULL, get_lines, &file, &report));
    ec_free(report);
    assert_ok(there, ec_shipping_method_by_code(there, "pick-up", &found));
    assert_int_equal(found->pickup_warehouse_id, 1);
    assert_int_equal(found->channels_count, 1);
    assert_string_equal(found->channels[0], "default");
    assert_string_equal(found->shipping_category, "bulky");
    ec_free(found);
    ec_session_close(there);
    shop_close(other);
}

static void shipping__is_for_staff(void **state)
{
    (void)state;
    ec_shipping_category *out = NULL;
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_shipping_category_by_code(guest, "bulky", &out), EC_DENIED);
    ec_session_close(guest);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(shipping_category__is_kept_found_and_removed),
        CASE(shipping_category__keeps_its_code),
        CASE(shipping_category__that_a_variant_names_is_not_removed),
        CASE(shipping_method__stores_everything_that_is_given),
        CASE(shipping_method__goes_behind_the_others),
        CASE(shipping_method__knows_the_carrier_that_it_asks),
        CASE(shipping_method__rejects_bad_input),
        CASE(shipping_method__says_where_a_text_is_wrong),
        CASE(shipping_method_update__changes_what_is_named),
        CASE(shipping_method_delete__keeps_what_an_order_used),
        CASE(shipping_category__that_a_method_names_is_not_removed),
        CASE(shipping_method__goes_to_a_zone_for_shipping),
        CASE(book__has_what_is_not_archived_by_position),
        CASE(quotes__ship_by_what_fits_the_address_and_the_goods),
        CASE(quotes__follow_a_changed_method_at_once),
        CASE(carts__count_parcels_of_each_warehouse),
        CASE(shipping__goes_into_another_shop_by_lines),
        CASE(shipping__is_for_staff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
