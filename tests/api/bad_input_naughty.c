/* SPDX-License-Identifier: MIT */
/*
 * bad_input_naughty.c - the naughty strings in every text field of every entity, as JSON and
 * through the functions that make objects: each is kept as it is or refused by naming the field.
 */
#include "entity/entity.h"
#include "harness/bad.h"
#include "harness/products.h"
#include "harness/sale.h"

static bad_shop shop;
static char **strings;
static size_t strings_count;

static const char *const own_strings[] = {
    "",
    " ",
    "NULL",
    "undefined",
    "'; DROP TABLE products; --",
    "%s%n",
    "../../etc/passwd",
    "<b>x",
    "a\nb",
    "=1+1",
    "\x01\x7f",
    "\U0001F600",
    "\u202Ertl",
    "\uFEFFx",
};

static void keep_string(const char *text, size_t length)
{
    strings = realloc(strings, (strings_count + 1) * sizeof *strings);
    assert_non_null(strings);
    strings[strings_count] = malloc(length + 1);
    assert_non_null(strings[strings_count]);
    memcpy(strings[strings_count], text, length);
    strings[strings_count++][length] = '\0';
}

/* The lines of the file, without its comments; own ones where it is missing. */
static int setup(void **state)
{
    (void)state;
    size_t length = 0;
    char *text = data_read("vectors/blns/blns.txt", &length);
    for (char *at = text; at && *at != '\0';) {
        size_t line = strcspn(at, "\n");
        if (*at != '#' && memchr(at, '\0', line) == NULL) keep_string(at, line);
        at += line + (at[line] == '\n');
    }
    for (size_t i = 0; i < sizeof own_strings / sizeof own_strings[0]; i++)
        keep_string(own_strings[i], strlen(own_strings[i]));
    free(text);
    bad_shop_open(&shop);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < strings_count; i++)
        free(strings[i]);
    free(strings);
    bad_shop_close(&shop);
    return 0;
}

/* The text as a JSON string: only what has to be is escaped. */
static void put_json(char *out, size_t size, const char *field, const char *text)
{
    size_t at = (size_t)snprintf(out, size, "{\"%s\":\"", field);
    for (; *text != '\0' && at + 16 < size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\' || c < 0x20)
            at += (size_t)snprintf(out + at, size - at, "\\u%04x", c);
        else
            out[at++] = (char)c;
    }
    snprintf(out + at, size - at, "\"}");
}

static void try_json(const ec_entity *entity, const ec_field *field, const char *text)
{
    char json[8192];
    void *object = NULL;
    ec_mask fields = 0;
    put_json(json, sizeof json, field->name, text);
    ec_status status =
        ec_from_json(shop.session, entity->name, json, strlen(json), &object, &fields);
    if (status == EC_OK) {
        const char *kept = ec_field_get_text(field, object);
        if (!kept || strcmp(kept, text) != 0)
            fail_msg("%s.%s of \"%s\" became \"%s\"", entity->name, field->name, text,
                     kept ? kept : "NULL");
    } else if (status != EC_INVALID || !ec_session_error(shop.session)->field) {
        fail_msg("%s.%s = \"%s\": %s", entity->name, field->name, text, ec_status_name(status));
    }
    ec_free(object);
}

static void from_json__keeps_or_refuses_naughty_texts(void **state)
{
    (void)state;
    size_t fields = 0;
    for (const ec_entity *e = NULL; (e = ec_entity_next(e)) != NULL;) {
        for (const ec_field *f = NULL; (f = ec_field_next(e, f)) != NULL;) {
            if (f->type != EC_FIELD_TEXT && f->type != EC_FIELD_JSON) continue;
            fields++;
            for (size_t i = 0; f->type == EC_FIELD_TEXT && i < strings_count; i++)
                try_json(e, f, strings[i]);
        }
    }
    print_message("%zu strings in %zu fields\n", strings_count, fields);
    assert_true(fields > 100);
}

/* ---- through the functions that make objects ---- */

typedef struct maker {
    const char *entity;
    const void *object;
    ec_status (*make)(const void *object, void **out);
} maker;

static ec_status make_category(const void *object, void **out)
{
    return ec_category_create(shop.session, object, (ec_category **)out);
}

static ec_status make_brand(const void *object, void **out)
{
    return ec_brand_create(shop.session, object, (ec_brand **)out);
}

static ec_status make_attribute(const void *object, void **out)
{
    return ec_attribute_create(shop.session, object, (ec_attribute **)out);
}

static ec_status make_product(const void *object, void **out)
{
    return ec_product_create(shop.session, object, (ec_product **)out);
}

static ec_status make_variant(const void *object, void **out)
{
    return ec_variant_create(shop.session, bad_id(&shop, "sized"), object, (ec_variant **)out);
}

static ec_status make_collection(const void *object, void **out)
{
    return ec_collection_create(shop.session, object, (ec_collection **)out);
}

static ec_status make_channel(const void *object, void **out)
{
    return ec_channel_create(shop.session, object, (ec_channel **)out);
}

static ec_status make_price_list(const void *object, void **out)
{
    return ec_price_list_create(shop.session, object, (ec_price_list **)out);
}

static ec_status make_user(const void *object, void **out)
{
    return ec_user_create(shop.session, object, (ec_user **)out);
}

static ec_status make_address(const void *object, void **out)
{
    return ec_address_create(shop.session, bad_id(&shop, "user"), object, (ec_address **)out);
}

static ec_status make_warehouse(const void *object, void **out)
{
    return ec_warehouse_create(shop.session, object, (ec_warehouse **)out);
}

/* One object with one naughty text, made and taken back. */
typedef struct attempt {
    const maker *maker;
    const ec_field *field;
    const char *text;
    void *copy;
    bool kept;
} attempt;

static ec_status make_one(ec_session *session, void *ctx)
{
    attempt *a = ctx;
    void *out = NULL;
    (void)session;
    ec_status status = a->maker->make(a->copy, &out);
    if (status == EC_OK) {
        const char *kept = ec_field_get_text(a->field, out);
        bool same = kept && strcmp(kept, a->text) == 0;
        /* an empty text of a field that need not be there may be none */
        a->kept = same || a->text[0] == '\0' || strcmp(a->field->name, "email") == 0;
        status = EC_CANCELLED;
    }
    ec_free(out);
    return status;
}

/* Was it made? */
static bool try_maker(attempt *a, size_t size)
{
    a->copy = malloc(size);
    assert_non_null(a->copy);
    memcpy(a->copy, a->maker->object, size);
    ec_field_set_text(a->field, a->copy, a->text);
    ec_status status = ec_transact(shop.session, make_one, a);
    bool refused =
        (status == EC_INVALID || status == EC_EXISTS) && bad_names(shop.session, a->field->name);
    if (status == EC_CANCELLED ? !a->kept : !refused)
        fail_msg("%s.%s = \"%s\": %s: %s", a->maker->entity, a->field->name, a->text,
                 ec_status_name(status), ec_session_error(shop.session)->message);
    free(a->copy);
    return status == EC_CANCELLED;
}

static void creation__keeps_or_refuses_naughty_texts(void **state)
{
    (void)state;
    const ec_category category = {.name = "Naughty", .is_active = true};
    const ec_brand brand = {.name = "Naughty", .is_active = true};
    const ec_attribute attribute = {.code = "naughty", .name = "Naughty"};
    const ec_product product = {.name = "Naughty", .price = 1};
    const ec_variant variant = variant_of(1, NULL, "Naughty");
    const ec_collection collection = {.name = "Naughty"};
    const ec_channel channel = {
        .code = "naughty", .name = "Naughty", .currency = "CLP", .locale = "es"};
    const ec_price_list list = {.code = "naughty", .name = "Naughty", .currency = "CLP"};
    const ec_user user = {.email = "naughty@example.com", .name = "Naughty"};
    const ec_warehouse warehouse = {.code = "naughty", .name = "Naughty"};
    const maker makers[] = {
        {"category", &category, make_category},
        {"brand", &brand, make_brand},
        {"attribute", &attribute, make_attribute},
        {"product", &product, make_product},
        {"variant", &variant, make_variant},
        {"collection", &collection, make_collection},
        {"channel", &channel, make_channel},
        {"price_list", &list, make_price_list},
        {"user", &user, make_user},
        {"address", &sale_address, make_address},
        {"warehouse", &warehouse, make_warehouse},
    };
    const unsigned not_given = EC_FIELD_READONLY | EC_FIELD_NOT_STORED;
    uint64_t before = shop_checksum(shop.engine);
    size_t made = 0, refused = 0;
    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++) {
        const ec_entity *entity = ec_entity_find(makers[m].entity);
        assert_non_null(entity);
        for (const ec_field *f = NULL; (f = ec_field_next(entity, f)) != NULL;) {
            if (f->type != EC_FIELD_TEXT || (f->flags & not_given)) continue;
            for (size_t i = 0; i < strings_count; i++) {
                attempt a = {&makers[m], f, strings[i], NULL, false};
                bool was_made = try_maker(&a, entity->size);
                made += was_made;
                refused += !was_made;
            }
        }
    }
    print_message("%zu made, %zu refused\n", made, refused);
    assert_true(made > refused && refused > 0);
    assert_true(shop_checksum(shop.engine) == before);
}

/* ---- texts that are no entity's field ---- */

typedef struct saying {
    int which;
    const char *text;
} saying;

enum { NOTE, CANCEL, APPLY, RETURN, SHIP, SETTING, ADJUST, CHECKOUT, SAYINGS };

static ec_status checkout_saying(const char *text)
{
    ec_order *order = NULL;
    ec_address address = sale_address;
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    address.name = text;
    address.company = text;
    request.cart_id = bad_id(&shop, "cart");
    request.key = "naughty";
    request.email = "ana@example.com";
    request.shipping_address = &address;
    request.note = text;
    ec_status status = ec_checkout(shop.session, &request, &order);
    if (status == EC_OK) {
        assert_string_equal(order->notes ? order->notes : "", text);
        assert_string_equal(order->shipping_address->name, text);
    }
    ec_free(order);
    return status;
}

static ec_status say(ec_session *s, void *ctx)
{
    const saying *it = ctx;
    void *out = NULL;
    ec_status status = EC_OK;
    ec_id open = bad_id(&shop, "open");
    ec_cancel_request cancel = {.reason = it->text};
    ec_return_item item = {.order_item_id = bad_id(&shop, "order_item"), .quantity = 1};
    ec_return back = {.reason = it->text, .note = it->text, .items = &item, .items_count = 1};
    ec_shipment parcel = {.carrier = it->text, .tracking_number = it->text};
    ec_stock_change change = {.variant_id = bad_id(&shop, "variant"),
                              .warehouse_id = bad_id(&shop, "warehouse"),
                              .on_hand = 1,
                              .reason = it->text,
                              .kind = EC_MOVEMENT_ADJUSTMENT};
    switch (it->which) {
    case NOTE: status = ec_order_note(s, open, it->text); break;
    case CANCEL: status = ec_order_cancel(s, open, &cancel, (ec_order **)&out); break;
    case APPLY: status = ec_order_apply(s, open, "confirm", it->text, (ec_order **)&out); break;
    case RETURN:
        status = ec_return_request(s, bad_id(&shop, "order"), &back, (ec_order **)&out);
        break;
    case SHIP: status = ec_order_ship(s, open, &parcel, (ec_order **)&out); break;
    case SETTING: status = ec_setting_set(s, "naughty", it->text); break;
    case ADJUST: status = ec_stock_adjust(s, &change, (ec_stock_level **)&out); break;
    default: status = checkout_saying(it->text); break;
    }
    ec_free(out);
    return status == EC_OK ? EC_CANCELLED : status;
}

static void notes__keep_or_refuse_naughty_texts(void **state)
{
    (void)state;
    uint64_t before = shop_checksum(shop.engine);
    for (int which = 0; which < SAYINGS; which++) {
        for (size_t i = 0; i < strings_count; i++) {
            ec_status status = ec_transact(shop.session, say, &(saying){which, strings[i]});
            const ec_error *error = ec_session_error(shop.session);
            if (status != EC_CANCELLED && !(status == EC_INVALID && error->field))
                fail_msg("%d, \"%s\": %s: %s", which, strings[i], ec_status_name(status),
                         error->message);
        }
    }
    assert_true(shop_checksum(shop.engine) == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_json__keeps_or_refuses_naughty_texts),
        cmocka_unit_test(creation__keeps_or_refuses_naughty_texts),
        cmocka_unit_test(notes__keep_or_refuse_naughty_texts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
