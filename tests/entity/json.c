/* SPDX-License-Identifier: MIT */
/*
 * json.c - objects as JSON text and back: exact, in the currency of the object, and strict about
 * everything that comes from outside.
 */
#include "specimen.h"

typedef struct fixture {
    memory mem;
    ec_arena arena;
    ec_check check;
    specimen *it;
    ec_mask fields;
} fixture;

static int setup(void **state)
{
    fixture *fix = calloc(1, sizeof *fix);
    assert_non_null(fix);
    memory_init(&fix->mem);
    ec_arena_init(&fix->arena, &fix->mem.platform);
    *state = fix;
    return 0;
}

static int teardown(void **state)
{
    fixture *fix = *state;
    ec_arena_clear(&fix->arena);
    assert_int_equal(fix->mem.blocks, 0);
    free(fix);
    return 0;
}

/* Parse and decode; the text must be JSON. */
static ec_status decode_with(fixture *fix, const char *text, const char *currency, bool trusted)
{
    ec_json *json = NULL;
    size_t offset;
    const char *problem;
    ec_check_init(&fix->check, &fix->arena);
    if (ec_json_parse(&fix->arena, text, strlen(text), &json, &offset, &problem) != EC_OK) {
        fail_msg("%s at byte %zu of %s", problem, offset, text);
    }
    fix->it = ec_arena_alloc(&fix->arena, sizeof *fix->it);
    return ec_entity_read_json(&fix->arena, &specimen_entity, json, currency, trusted, fix->it,
                               &fix->fields, &fix->check);
}

static ec_status decode(fixture *fix, const char *text)
{
    return decode_with(fix, text, NULL, false);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void write__puts_every_field_in_order(void **state)
{
    fixture *fix = *state;
    static const char *const codes[] = {"x", "\"y\""};
    static const char *const tags[] = {"new"};
    part parts[] = {{.id = 7,
                     .quantity = 2,
                     .price = 1050,
                     .label = "ñ",
                     .codes_count = 2,
                     .codes = codes,
                     .fragile = true},
                    {.quantity = 1, .label = "b"}};
    specimen it = {
        .id = 12,
        .version = 3,
        .created_at = INT64_C(1795545344123),
        .owner_id = 9,
        .name = "Shoe \"42\"\n",
        .secret = "never",
        .price = 59999,
        .discount = 5,
        .currency = "EUR",
        .count = -3,
        .rate = 12500,
        .extra = " {\"a\" : [1.50, null] } ",
        .main_part = &parts[1],
        .parts_count = 2,
        .parts = parts,
        .tags_count = 1,
        .tags = tags,
        .color = SPECIMEN_BLUE,
        .active = true,
    };
    assert_string_equal(
        json_of(&fix->arena, &specimen_entity, &it, NULL),
        "{\"id\":12,\"version\":3,\"created_at\":\"2026-11-24T18:35:44.123Z\",\"owner_id\":9,"
        "\"name\":\"Shoe \\\"42\\\"\\n\",\"slug\":null,\"email\":null,\"country\":null,"
        "\"url\":null,\"note\":null,\"origin\":null,\"price\":599.99,\"discount\":0.05,"
        "\"currency\":\"EUR\",\"count\":-3,\"rank\":null,\"rate\":1.25,\"starts_at\":null,"
        "\"extra\":{\"a\":[1.50,null]},\"main_part\":{\"id\":null,\"quantity\":1,\"price\":0.00,"
        "\"label\":\"b\",\"codes\":[],\"fragile\":false},\"parts\":[{\"id\":7,\"quantity\":2,"
        "\"price\":10.50,\"label\":\"ñ\",\"codes\":[\"x\",\"\\\"y\\\"\"],\"fragile\":true},"
        "{\"id\":null,\"quantity\":1,\"price\":0.00,\"label\":\"b\",\"codes\":[],"
        "\"fragile\":false}],\"tags\":[\"new\"],\"color\":\"blue\",\"active\":true}");
}

static void write__shows_amounts_in_their_currency(void **state)
{
    fixture *fix = *state;
    static const struct {
        const char *own;
        const char *inherited;
        const char *price;
    } cases[] = {
        {"CLP", NULL, "\"price\":59999,"},  {"EUR", "CLP", "\"price\":599.99,"},
        {"KWD", NULL, "\"price\":59.999,"}, {"CLF", NULL, "\"price\":5.9999,"},
        {NULL, NULL, "\"price\":599.99,"},  {NULL, "CLP", "\"price\":59999,"},
        {"", "KWD", "\"price\":59.999,"},   {"ZZZ", NULL, "\"price\":599.99,"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        part nested = {.price = 59999};
        specimen it = {.price = 59999, .currency = cases[at].own, .main_part = &nested};
        const char *text = json_of(&fix->arena, &specimen_entity, &it, cases[at].inherited);
        const char *first = strstr(text, cases[at].price);
        assert_non_null(first);
        assert_non_null(strstr(first + 1, cases[at].price));
    }
}

static void write__survives_what_no_check_has_seen(void **state)
{
    fixture *fix = *state;
    specimen it = {
        .name = "a\xFF\xC0",
        .price = INT64_MIN,
        .starts_at = INT64_MAX,
        .extra = "{broken",
        .parts_count = 9,
        .tags_count = 9,
        .color = (color_name)77,
    };
    const char *text = json_of(&fix->arena, &specimen_entity, &it, NULL);
    assert_non_null(strstr(text, "\"name\":\"a\xEF\xBF\xBD\xEF\xBF\xBD\""));
    assert_non_null(strstr(text, "\"price\":-92233720368547758.08,"));
    assert_non_null(strstr(text, "\"starts_at\":null,"));
    assert_non_null(strstr(text, "\"extra\":\"{broken\","));
    assert_non_null(strstr(text, "\"parts\":[],\"tags\":[],\"color\":null,"));
    assert_string_equal(json_of(&fix->arena, &specimen_entity, NULL, NULL), "null");
}

static void store__keeps_secrets_for_the_storage_only(void **state)
{
    fixture *fix = *state;
    specimen it = {.owner_id = 1, .name = "ab", .secret = "s3cret"};
    ec_buf buf;
    ec_json_writer json;
    assert_null(strstr(json_of(&fix->arena, &specimen_entity, &it, NULL), "s3cret"));
    ec_buf_init(&buf, &fix->mem.platform, 10000);
    ec_json_begin(&json, &buf);
    ec_entity_store_json(&json, &specimen_entity, &it, NULL);
    assert_int_equal(decode_with(fix, ec_buf_text(&buf), NULL, true), EC_OK);
    ec_buf_clear(&buf);
    assert_string_equal(fix->it->secret, "s3cret");
    assert_true(ec_entity_equal(&specimen_entity, fix->it, &it, EC_MASK_ALL));
    assert_true(fix->fields == ec_entity_mask(&specimen_entity, 0));
}

/* ---- reading --------------------------------------------------------------------------------- */

static void read__tells_which_fields_were_given(void **state)
{
    fixture *fix = *state;
    assert_int_equal(decode(fix, "{}"), EC_OK);
    assert_true(fix->fields == 0);
    assert_int_equal(decode(fix, "{\"note\":null,\"count\":4}"), EC_OK);
    assert_true(fix->fields == (ec_field_bit(&specimen_entity, specimen_field("note")) |
                                ec_field_bit(&specimen_entity, specimen_field("count"))));
    assert_null(fix->it->note);
    assert_int_equal(fix->it->count, 4);
}

static void read__finds_the_currency_wherever_it_stands(void **state)
{
    fixture *fix = *state;
    assert_int_equal(
        decode(fix,
               "{\"price\":1.234,\"main_part\":{\"price\":0.001,\"quantity\":1,\"label\":\"a\"},"
               "\"currency\":\"KWD\"}"),
        EC_OK);
    assert_int_equal(fix->it->price, 1234);
    assert_int_equal(fix->it->main_part->price, 1);
    assert_int_equal(decode(fix, "{\"currency\":\"CLP\",\"price\":1990}"), EC_OK);
    assert_int_equal(fix->it->price, 1990);
    assert_int_equal(decode_with(fix, "{\"price\":1990}", "CLP", false), EC_OK);
    assert_int_equal(fix->it->price, 1990);
    assert_int_equal(decode_with(fix, "{\"currency\":null,\"price\":1990}", "CLP", false), EC_OK);
    assert_int_equal(fix->it->price, 1990);
    assert_int_equal(decode_with(fix, "{\"currency\":\"EUR\",\"price\":19.9}", "CLP", false),
                     EC_OK);
    assert_int_equal(fix->it->price, 1990);
    assert_int_equal(decode(fix, "{\"price\":1990}"), EC_OK);
    assert_int_equal(fix->it->price, 199000);
}

static void read__takes_amounts_and_decimals_exactly(void **state)
{
    fixture *fix = *state;
    static const struct {
        const char *text;
        int64_t price;
    } cases[] = {
        {"0.1", 10},
        {"-0.01", -1},
        {"1e2", 10000},
        {"12.340000", 1234},
        {"\"599.99\"", 59999},
        {"\"-5\"", -500},
        {"1.5E+1", 1500},
        {"100e-2", 100},
        {"9999999999999.99", 999999999999999},
        {"4503599627370497.1", 450359962737049710},
        {"-0", 0},
    };
    char text[128];
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        (void)snprintf(text, sizeof text, "{\"price\":%s}", cases[at].text);
        assert_int_equal(decode(fix, text), EC_OK);
        assert_true(fix->it->price == cases[at].price);
    }
    assert_int_equal(decode(fix, "{\"rate\":0.1234}"), EC_OK);
    assert_int_equal(fix->it->rate, 1234);
    assert_int_equal(decode(fix, "{\"count\":5.0}"), EC_OK);
    assert_int_equal(fix->it->count, 5);
}

static void read__takes_null_where_there_is_one(void **state)
{
    fixture *fix = *state;
    assert_int_equal(decode(fix, "{\"id\":null,\"owner_id\":null,\"name\":null,\"discount\":null,"
                                 "\"rank\":null,\"starts_at\":null,\"extra\":null,"
                                 "\"main_part\":null,\"parts\":null,\"tags\":null}"),
                     EC_OK);
    assert_true(ec_entity_equal(&specimen_entity, fix->it, &(specimen){0}, EC_MASK_ALL));
    assert_int_equal(decode(fix, "{\"parts\":[],\"tags\":[]}"), EC_OK);
    assert_null(fix->it->parts);
    assert_null(fix->it->tags);
}

static void read__gives_back_what_was_written(void **state)
{
    fixture *fix = *state;
    uint64_t seed = 20261124;
    for (int round = 0; round < 3000; round++) {
        specimen *it = random_specimen(&seed, &fix->arena);
        const char *inherited = round % 2 ? "CLP" : NULL;
        const char *text = json_of(&fix->arena, &specimen_entity, it, inherited);
        assert_int_equal(decode_with(fix, text, inherited, true), EC_OK);
        if (!ec_entity_equal(&specimen_entity, it, fix->it, EC_MASK_ALL)) {
            fail_msg("round %d: %s became %s", round, text,
                     json_of(&fix->arena, &specimen_entity, fix->it, inherited));
        }
        assert_string_equal(json_of(&fix->arena, &specimen_entity, fix->it, inherited), text);
        ec_entity_check(&specimen_entity, fix->it, EC_MASK_ALL, true, &fix->check);
        if (fix->check.count > 0) {
            fail_msg("round %d: %s %s %s", round, fix->check.errors[0].field,
                     fix->check.errors[0].message, text);
        }
        ec_arena_reset(&fix->arena);
    }
}

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct {
    const char *text;
    const char *field;
    const char *rule;
} wrong[] = {
    {"[]", "", "type"},
    {"null", "", "type"},
    {"\"text\"", "", "type"},
    {"{\"nothing\":1}", "nothing", "unknown"},
    {"{\"\":1}", "?", "unknown"},
    {"{\"Name\":\"x\"}", "Name", "unknown"},
    {"{\"name\\u0000\":\"x\"}", "name", "unknown"},
    {"{\"version\":1}", "version", "readonly"},
    {"{\"created_at\":null}", "created_at", "readonly"},
    {"{\"id\":\"1\"}", "id", "type"},
    {"{\"id\":1.5}", "id", "type"},
    {"{\"id\":true}", "id", "type"},
    {"{\"id\":9223372036854775808}", "id", "max"},
    {"{\"id\":-9223372036854775809}", "id", "min"},
    {"{\"owner_id\":[]}", "owner_id", "type"},
    {"{\"owner_id\":1e30}", "owner_id", "max"},
    {"{\"name\":1}", "name", "type"},
    {"{\"name\":{}}", "name", "type"},
    {"{\"name\":\"a\\u0000b\"}", "name", "utf8"},
    {"{\"count\":\"4\"}", "count", "type"},
    {"{\"count\":null}", "count", "type"},
    {"{\"count\":4.5}", "count", "type"},
    {"{\"count\":1e999999999}", "count", "max"},
    {"{\"count\":-1e999999999}", "count", "min"},
    {"{\"active\":1}", "active", "type"},
    {"{\"active\":\"true\"}", "active", "type"},
    {"{\"active\":null}", "active", "type"},
    {"{\"price\":1.234}", "price", "decimals"},
    {"{\"price\":\"1.234\"}", "price", "decimals"},
    {"{\"price\":0.5,\"currency\":\"CLP\"}", "price", "decimals"},
    {"{\"price\":1e-400}", "price", "decimals"},
    {"{\"price\":1e400}", "price", "max"},
    {"{\"price\":-1e400}", "price", "min"},
    {"{\"price\":\"1e400\"}", "price", "max"},
    {"{\"price\":\"1,50\"}", "price", "type"},
    {"{\"price\":\"\"}", "price", "type"},
    {"{\"price\":\" 1\"}", "price", "type"},
    {"{\"price\":\"1\\u0000\"}", "price", "type"},
    {"{\"price\":true}", "price", "type"},
    {"{\"price\":null}", "price", "type"},
    {"{\"price\":{\"amount\":1}}", "price", "type"},
    {"{\"rate\":0.12345}", "rate", "decimals"},
    {"{\"rate\":[]}", "rate", "type"},
    {"{\"rate\":\"x\"}", "rate", "type"},
    {"{\"starts_at\":1700000000}", "starts_at", "type"},
    {"{\"starts_at\":\"yesterday\"}", "starts_at", "time"},
    {"{\"starts_at\":\"2026-13-01T00:00:00Z\"}", "starts_at", "time"},
    {"{\"starts_at\":\"2026-11-24T10:00:00\"}", "starts_at", "time"},
    {"{\"starts_at\":\"2026-11-24\\u0000\"}", "starts_at", "time"},
    {"{\"starts_at\":\"\"}", "starts_at", "time"},
    {"{\"color\":\"purple\"}", "color", "enum"},
    {"{\"color\":\"RED\"}", "color", "enum"},
    {"{\"color\":\"red\\u0000\"}", "color", "enum"},
    {"{\"color\":0}", "color", "type"},
    {"{\"color\":null}", "color", "type"},
    {"{\"main_part\":[]}", "main_part", "type"},
    {"{\"main_part\":\"x\"}", "main_part", "type"},
    {"{\"main_part\":{\"x\":1}}", "main_part.x", "unknown"},
    {"{\"main_part\":{\"quantity\":1}}", "main_part.label", "required"},
    {"{\"main_part\":{\"label\":\"a\"}}", "main_part.quantity", "required"},
    {"{\"parts\":{}}", "parts", "type"},
    {"{\"parts\":[1]}", "parts[0]", "type"},
    {"{\"parts\":[null]}", "parts[0]", "type"},
    {"{\"parts\":[{\"quantity\":1,\"label\":\"a\"},{\"quantity\":\"x\",\"label\":\"a\"}]}",
     "parts[1].quantity", "type"},
    {"{\"parts\":[{\"quantity\":1,\"label\":\"a\",\"codes\":[\"x\",2]}]}", "parts[0].codes[1]",
     "type"},
    {"{\"parts\":[{},{},{},{},{},{}]}", "parts", "max_items"},
    {"{\"tags\":\"x\"}", "tags", "type"},
    {"{\"tags\":[null]}", "tags[0]", "type"},
    {"{\"tags\":[\"a\",\"b\\u0000\"]}", "tags[1]", "utf8"},
    {"{\"tags\":[\"a\",\"b\",\"c\",\"d\"]}", "tags", "max_items"},
};

static void read__names_field_and_rule(void **state)
{
    fixture *fix = *state;
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        if (decode(fix, wrong[at].text) != EC_INVALID) {
            fail_msg("%s is taken", wrong[at].text);
        }
        assert_broken(&fix->check, wrong[at].field, wrong[at].rule);
    }
}

static void read__says_what_is_allowed(void **state)
{
    fixture *fix = *state;
    assert_int_equal(decode(fix,
                            "{\"color\":\"x\",\"price\":0.5,\"currency\":\"CLP\",\"count\":1e20,"
                            "\"discount\":1e20,\"tags\":[\"\",\"\",\"\",\"\"]}"),
                     EC_INVALID);
    assert_string_equal(error_of(&fix->check, "color")->message,
                        "One of these is needed: red, green, blue.");
    assert_string_equal(error_of(&fix->check, "price")->message,
                        "No digits behind the decimal point are allowed in CLP.");
    assert_string_equal(error_of(&fix->check, "count")->message, "At most 100 is allowed.");
    assert_string_equal(error_of(&fix->check, "discount")->message, "At most 100000 is allowed.");
    assert_string_equal(error_of(&fix->check, "tags")->message,
                        "At most 3 items are allowed; there are 4.");
    assert_int_equal(decode(fix, "{\"price\":0.555,\"rate\":0.12345}"), EC_INVALID);
    assert_string_equal(error_of(&fix->check, "price")->message,
                        "At most 2 digits behind the decimal point are allowed.");
    assert_string_equal(error_of(&fix->check, "rate")->message,
                        "At most 4 digits behind the decimal point are allowed.");
}

/* A long list of names is cut, and the whole message fits. */
static void read__lists_no_more_names_than_fit(void **state)
{
    fixture *fix = *state;
    static const char name[] = "a_name_of_twenty_odd_bytes";
    const char *names[100] = {NULL};
    for (size_t count = 1; count < 40; count++) {
        names[count - 1] = name;
        const ec_field row = {.name = "color",
                              .name_length = 5,
                              .type = EC_FIELD_ENUM,
                              .offset = offsetof(specimen, color),
                              .names = names};
        const ec_entity one = {.size = sizeof(specimen), .fields = &row, .count = 1};
        const char *text = "{\"color\":\"x\"}";
        ec_json *json = NULL;
        specimen it = {0};
        ec_check_init(&fix->check, &fix->arena);
        assert_int_equal(ec_json_parse(&fix->arena, text, strlen(text), &json, NULL, NULL), EC_OK);
        assert_int_equal(
            ec_entity_read_json(&fix->arena, &one, json, NULL, false, &it, NULL, &fix->check),
            EC_INVALID);
        const char *message = fix->check.errors[0].message;
        assert_true(strlen(message) < 300);
        assert_true(ec_utf8_count(message, strlen(message)) > 0);
        assert_true((strstr(message, ", ….") != NULL) == (count > 9));
    }
}

static void read__collects_all_errors_in_order_up_to_a_hundred(void **state)
{
    fixture *fix = *state;
    ec_buf buf;
    assert_int_equal(decode(fix, "{\"x\":1,\"name\":2,\"version\":3,\"parts\":[{\"y\":1}]}"),
                     EC_INVALID);
    static const char *const fields[] = {
        "x", "name", "version", "parts[0].y", "parts[0].quantity", "parts[0].label"};
    assert_int_equal(fix->check.count, 6);
    for (size_t at = 0; at < 6; at++) {
        assert_string_equal(fix->check.errors[at].field, fields[at]);
        assert_true(strlen(fix->check.errors[at].message) > 10);
    }
    ec_buf_init(&buf, &fix->mem.platform, 1 << 20);
    for (int key = 0; key < 5000; key++) {
        ec_buf_printf(&buf, "%s\"key%d\":%d", key ? "," : "{", key, key);
    }
    ec_buf_puts(&buf, "}");
    assert_int_equal(decode(fix, ec_buf_text(&buf)), EC_INVALID);
    assert_int_equal(fix->check.count, EC_FIELD_ERRORS_MAX);
    assert_string_equal(fix->check.errors[99].field, "key99");
    ec_buf_clear(&buf);
}

static void read__reports_a_field_once_also_when_it_is_checked_afterwards(void **state)
{
    fixture *fix = *state;
    assert_int_equal(decode(fix, "{\"owner_id\":\"1\",\"name\":5,\"count\":\"x\",\"tags\":[1],"
                                 "\"parts\":[{\"label\":\"a\"}]}"),
                     EC_INVALID);
    ec_entity_check(&specimen_entity, fix->it, fix->fields, true, &fix->check);
    assert_int_equal(fix->check.count, 5);
    assert_broken(&fix->check, "owner_id", "type");
    assert_broken(&fix->check, "name", "type");
    assert_broken(&fix->check, "count", "type");
    assert_broken(&fix->check, "tags[0]", "type");
    assert_broken(&fix->check, "parts[0].quantity", "required");
}

static void read__cuts_long_unknown_keys_between_characters(void **state)
{
    fixture *fix = *state;
    assert_int_equal(decode(fix, "{\"ññññññññññññññññññññññññññññññññññññññññññññ\":1}"),
                     EC_INVALID);
    const char *field = fix->check.errors[0].field;
    assert_int_equal(strlen(field), 64);
    assert_int_equal(ec_utf8_count(field, 64), 32);
}

static void read__trusts_what_the_library_wrote(void **state)
{
    fixture *fix = *state;
    assert_int_equal(decode_with(fix,
                                 "{\"version\":4,\"of_a_later_version\":[1],\"main_part\":{},"
                                 "\"created_at\":\"2026-11-24T18:35:44.123Z\"}",
                                 NULL, true),
                     EC_OK);
    assert_int_equal(fix->it->version, 4);
    assert_true(fix->it->created_at == INT64_C(1795545344123));
    assert_non_null(fix->it->main_part);
    /* but never blindly */
    assert_int_equal(decode_with(fix, "{\"version\":\"4\"}", NULL, true), EC_INVALID);
    assert_broken(&fix->check, "version", "type");
}

static void read__ignores_a_currency_that_may_not_be_given(void **state)
{
    fixture *fix = *state;
    const ec_entity *cart = ec_entity_find("cart");
    const char *text = "{\"currency\":\"CLP\",\"items_total\":1.50}";
    ec_json *json = NULL;
    void *object = ec_arena_alloc(&fix->arena, cart->size);
    ec_check_init(&fix->check, &fix->arena);
    assert_int_equal(ec_json_parse(&fix->arena, text, strlen(text), &json, NULL, NULL), EC_OK);
    assert_int_equal(ec_entity_read_json(&fix->arena, cart, json, "EUR", false, object,
                                         &fix->fields, &fix->check),
                     EC_INVALID);
    assert_int_equal(fix->check.count, 2);
    assert_broken(&fix->check, "currency", "readonly");
    assert_broken(&fix->check, "items_total", "readonly");
    assert_true(fix->fields == 0);
}

/* A short text must not make much memory. */
static void read__bounds_the_number_of_nested_objects(void **state)
{
    fixture *fix = *state;
    static const ec_field rows[] = {
        EC_LIST_ROW(specimen, parts, part, part_entity, .max = 1000000, .doc = "Parts."),
    };
    const ec_entity many = {.name = "many", .size = sizeof(specimen), .fields = rows, .count = 1};
    ec_buf buf;
    ec_json *json = NULL;
    ec_buf_init(&buf, &fix->mem.platform, 1 << 20);
    for (int at = 0; at <= EC_OBJECTS_MAX; at++) {
        ec_buf_puts(&buf, at ? ",{}" : "{\"parts\":[{}");
    }
    ec_buf_puts(&buf, "]}");
    ec_check_init(&fix->check, &fix->arena);
    assert_int_equal(ec_json_parse(&fix->arena, ec_buf_text(&buf), buf.length, &json, NULL, NULL),
                     EC_OK);
    specimen it = {0};
    assert_int_equal(
        ec_entity_read_json(&fix->arena, &many, json, NULL, false, &it, NULL, &fix->check),
        EC_INVALID);
    assert_broken(&fix->check, "parts", "max_items");
    assert_null(it.parts);
    ec_buf_clear(&buf);
}

/* ---- naughty strings ------------------------------------------------------------------------- */

/* The list of naughty strings, or some of our own where it is missing. */
static const ec_json *naughty(fixture *fix)
{
    static const char own[] =
        "[\"\",\"undefined\",\"1E+02\",\"0x0\",\",./;'[]\\\\-=\",\"Ω≈ç√∫\","
        "\"\\u0001\\u007f\\u0085\",\"\xE2\x80\xAE\",\"<script>alert(1)</script>\","
        "\"=1+1\",\"'\",\"''\",\"\\\"\\\"\",\"a\\r\\nb\",\"\\uFEFF\"]";
    size_t length = sizeof own - 1;
    char *file = data_file("vectors/blns/blns.json", &length);
    ec_json *json = NULL;
    assert_int_equal(ec_json_parse(&fix->arena, file ? file : own, length, &json, NULL, NULL),
                     EC_OK);
    assert_int_equal(json->type, EC_JSON_ARRAY);
    free(file);
    return json;
}

static void naughty_strings__come_back_unchanged(void **state)
{
    fixture *fix = *state;
    size_t seen = 0;
    for (const ec_json *item = naughty(fix)->child; item; item = item->next, seen++) {
        const char *const tags[] = {item->text};
        specimen it = {.note = item->text, .tags = tags, .tags_count = 1};
        const char *text = json_of(&fix->arena, &specimen_entity, &it, NULL);
        assert_int_equal(decode_with(fix, text, NULL, true), EC_OK);
        assert_string_equal(fix->it->note, item->text);
        assert_string_equal(fix->it->tags[0], item->text);
    }
    assert_true(seen > 10);
}

/* As the value of every field: taken and kept, or refused with that field's name. */
static void naughty_strings__are_taken_or_refused_by_name(void **state)
{
    fixture *fix = *state;
    for (const ec_json *item = naughty(fix)->child; item; item = item->next) {
        for (size_t row = 0; row < specimen_entity.count; row++) {
            const ec_field *field = &specimen_entity.fields[row];
            ec_json member = {.type = EC_JSON_TEXT,
                              .text = item->text,
                              .length = item->length,
                              .key = field->name,
                              .key_length = strlen(field->name)};
            ec_json object = {.type = EC_JSON_OBJECT, .count = 1, .child = &member};
            specimen it = {0};
            ec_mask fields;
            ec_check_init(&fix->check, &fix->arena);
            ec_status status = ec_entity_read_json(&fix->arena, &specimen_entity, &object, NULL,
                                                   false, &it, &fields, &fix->check);
            ec_entity_check(&specimen_entity, &it, fields, false, &fix->check);
            assert_true(status == EC_OK || status == EC_INVALID);
            assert_true(fix->check.count <= 1);
            if (fix->check.count == 1) {
                assert_string_equal(fix->check.errors[0].field, field->name);
            }
        }
    }
}

/* ---- hostile texts --------------------------------------------------------------------------- */

static size_t mutate(uint64_t *seed, char *text, size_t length, size_t room)
{
    static const char bytes[] = "{}[]\",:\\0-9.eE+utfn \t\n\xC3\xFF";
    for (int64_t left = random_range(seed, 1, 4); left > 0 && length > 0; left--) {
        size_t at = random_next(seed) % length;
        size_t span = (size_t)random_range(seed, 1, 8);
        size_t from = random_next(seed) % length;
        span = span > length - at ? length - at : span;
        switch (random_next(seed) % 5) {
        case 0: /* another byte */ text[at] = bytes[random_next(seed) % (sizeof bytes - 1)]; break;
        case 1: /* one bit */ text[at] = (char)(text[at] ^ (1 << random_next(seed) % 8)); break;
        case 2: /* a piece less */
            memmove(text + at, text + at + span, length - at - span);
            length -= span;
            break;
        case 3: /* a piece twice */
            if (length + span <= room) {
                memmove(text + at + span, text + at, length - at);
                length += span;
            }
            break;
        default: /* a piece of elsewhere */
            span = span > length - from ? length - from : span;
            memmove(text + at, text + from, span);
            break;
        }
    }
    return length;
}

/* What was taken can be written and read again, and is the same. */
static void assert_stable(fixture *fix, const specimen *it)
{
    const char *text = json_of(&fix->arena, &specimen_entity, it, NULL);
    specimen copy = *it;
    copy.secret = NULL;
    assert_int_equal(decode_with(fix, text, NULL, true), EC_OK);
    if (!ec_entity_equal(&specimen_entity, &copy, fix->it, EC_MASK_ALL)) {
        fail_msg("%s became %s", text, json_of(&fix->arena, &specimen_entity, fix->it, NULL));
    }
}

static void mutated_texts__are_refused_by_name_or_taken_whole(void **state)
{
    fixture *fix = *state;
    uint64_t seed = 7;
    int taken = 0;
    int refused = 0;
    char good[4096];
    char text[8192];
    for (int round = 0; round < 100000; round++) {
        if (round % 20 == 0) {
            specimen *it = random_specimen(&seed, &fix->arena);
            const char *json = json_of(&fix->arena, &specimen_entity, it, NULL);
            assert_true(strlen(json) < sizeof good);
            memcpy(good, json, strlen(json) + 1);
        }
        size_t length = strlen(good);
        memcpy(text, good, length);
        length = mutate(&seed, text, length, sizeof text);
        /* an exact block, so that a byte too far is noticed */
        char *exact = malloc(length > 0 ? length : 1);
        assert_non_null(exact);
        memcpy(exact, text, length);
        ec_json *json = NULL;
        if (ec_json_parse(&fix->arena, exact, length, &json, NULL, NULL) == EC_OK) {
            specimen *out = ec_arena_alloc(&fix->arena, sizeof *out);
            bool trusted = round % 2;
            ec_check_init(&fix->check, &fix->arena);
            ec_status status = ec_entity_read_json(&fix->arena, &specimen_entity, json, NULL,
                                                   trusted, out, &fix->fields, &fix->check);
            assert_int_equal(status, fix->check.count > 0 ? EC_INVALID : EC_OK);
            ec_check after = fix->check;
            ec_entity_check(&specimen_entity, out, fix->fields, true, &after);
            taken += status == EC_OK;
            refused += status != EC_OK;
            if (status == EC_OK) {
                assert_stable(fix, out);
            }
        }
        free(exact);
        ec_arena_reset(&fix->arena);
    }
    assert_true(taken > 1000 && refused > 1000);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Read and write an object with the n-th allocation failing, for every n. */
static void memory_running_out__is_reported_at_every_allocation(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int round = 0; round < 20; round++) {
        memory quiet;
        ec_arena keep;
        memory_init(&quiet);
        ec_arena_init(&keep, &quiet.platform);
        specimen *it = random_specimen(&seed, &keep);
        it->extra = "{\"a\":[1,2,{\"b\":\"c\"}]}";
        const char *text = json_of(&keep, &specimen_entity, it, NULL);
        bool done = false;
        for (int64_t at = 1; !done; at++) {
            memory mem;
            ec_arena arena;
            ec_buf buf;
            ec_json_writer writer;
            ec_json *json = NULL;
            memory_init(&mem);
            mem.fail_at = at;
            ec_arena_init(&arena, &mem.platform);
            ec_buf_init(&buf, &mem.platform, 1 << 20);
            ec_check check;
            ec_check_init(&check, &arena);
            specimen out = {0};
            ec_status status = ec_json_parse(&arena, text, strlen(text), &json, NULL, NULL);
            if (status == EC_OK) {
                status = ec_entity_read_json(&arena, &specimen_entity, json, NULL, true, &out, NULL,
                                             &check);
            }
            if (status == EC_OK) {
                ec_entity_check(&specimen_entity, &out, EC_MASK_ALL, true, &check);
                status = check.status;
            }
            if (status == EC_OK) {
                ec_json_begin(&writer, &buf);
                ec_entity_write_json(&writer, &specimen_entity, &out, NULL);
                status = buf.status;
            }
            done = status == EC_OK;
            if (done) {
                assert_string_equal(ec_buf_text(&buf), text);
            } else {
                assert_int_equal(status, EC_NO_MEMORY);
            }
            ec_buf_clear(&buf);
            ec_arena_clear(&arena);
            assert_int_equal(mem.blocks, 0);
        }
        ec_arena_clear(&keep);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(write__puts_every_field_in_order),
        CASE(write__shows_amounts_in_their_currency),
        CASE(write__survives_what_no_check_has_seen),
        CASE(store__keeps_secrets_for_the_storage_only),
        CASE(read__tells_which_fields_were_given),
        CASE(read__finds_the_currency_wherever_it_stands),
        CASE(read__takes_amounts_and_decimals_exactly),
        CASE(read__takes_null_where_there_is_one),
        CASE(read__gives_back_what_was_written),
        CASE(read__names_field_and_rule),
        CASE(read__says_what_is_allowed),
        CASE(read__lists_no_more_names_than_fit),
        CASE(read__collects_all_errors_in_order_up_to_a_hundred),
        CASE(read__reports_a_field_once_also_when_it_is_checked_afterwards),
        CASE(read__cuts_long_unknown_keys_between_characters),
        CASE(read__trusts_what_the_library_wrote),
        CASE(read__ignores_a_currency_that_may_not_be_given),
        CASE(read__bounds_the_number_of_nested_objects),
        CASE(naughty_strings__come_back_unchanged),
        CASE(naughty_strings__are_taken_or_refused_by_name),
        CASE(mutated_texts__are_refused_by_name_or_taken_whole),
        CASE(memory_running_out__is_reported_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
