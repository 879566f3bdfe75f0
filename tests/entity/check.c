/* SPDX-License-Identifier: MIT */
/*
 * check.c - the rules of the tables: every type's bad values with the field and the rule that the
 * caller is told, and what is left alone.
 */
#include "base/country.h"
#include "specimen.h"

typedef struct fixture {
    memory mem;
    ec_arena arena;
    ec_check check;
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

/* The least that passes. */
static specimen good(void)
{
    return (specimen){.owner_id = 1, .name = "ab"};
}

static size_t check_all(fixture *fix, const specimen *it)
{
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&specimen_entity, it, EC_MASK_ALL, true, &fix->check);
    assert_int_equal(fix->check.status, fix->check.count ? EC_INVALID : EC_OK);
    return fix->check.count;
}

/* Exactly one rule is broken. */
static void assert_only(fixture *fix, const specimen *it, const char *field, const char *rule)
{
    size_t count = check_all(fix, it);
    assert_broken(&fix->check, field, rule);
    assert_int_equal(count, 1);
}

static const char *repeated(fixture *fix, const char *piece, size_t times)
{
    size_t length = strlen(piece);
    char *text = ec_arena_alloc(&fix->arena, length * times + 1);
    for (size_t at = 0; at < times; at++) {
        memcpy(text + at * length, piece, length);
    }
    return text;
}

/* ---- single fields --------------------------------------------------------------------------- */

static void check__passes_good_objects_without_taking_memory(void **state)
{
    fixture *fix = *state;
    uint64_t seed = 3;
    specimen it = good();
    assert_int_equal(check_all(fix, &it), 0);
    for (int round = 0; round < 500; round++) {
        specimen *random = random_specimen(&seed, &fix->arena);
        random->extra = NULL;
        int64_t calls = fix->mem.calls;
        assert_int_equal(check_all(fix, random), 0);
        assert_int_equal(fix->mem.calls, calls);
    }
}

static void check__asks_for_what_is_required(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    it.name = NULL;
    assert_only(fix, &it, "name", "required");
    it.name = "";
    assert_only(fix, &it, "name", "required");
    it = good();
    it.owner_id = 0;
    assert_only(fix, &it, "owner_id", "required");
}

static void check__compares_numbers_with_their_limits(void **state)
{
    fixture *fix = *state;
    static const struct {
        const char *field;
        int64_t value;
        const char *rule;
        const char *message;
    } cases[] = {
        {"id", -1, "min", "At least 0 is needed."},
        {"owner_id", -1, "min", "At least 0 is needed."},
        {"owner_id", INT64_MIN, "min", "At least 0 is needed."},
        {"count", -6, "min", "At least -5 is needed."},
        {"count", 101, "max", "At most 100 is allowed."},
        {"count", INT64_MIN, "min", "At least -5 is needed."},
        {"count", INT64_MAX, "max", "At most 100 is allowed."},
        {"price", EC_AMOUNT_MAX + 1, "max", "At most 9999999999999.99 is allowed."},
        {"price", INT64_MIN, "min", "At least -9999999999999.99 is needed."},
        {"discount", -1, "min", "At least 0.00 is needed."},
        {"discount", 100001, "max", "At most 1000.00 is allowed."},
        {"rate", -1, "min", "At least 0 is needed."},
        {"rate", 1000001, "max", "At most 100 is allowed."},
        {"starts_at", INT64_MAX, "max", "At most 9999-12-31T23:59:59.999Z is allowed."},
        {"starts_at", INT64_MIN, "min", "At least 0001-01-01T00:00:00.000Z is needed."},
        {"color", 3, "enum", "3 is none of the 3 values."},
        {"color", -1, "enum", "-1 is none of the 3 values."},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        specimen it = good();
        ec_field_set_int(specimen_field(cases[at].field), &it, cases[at].value);
        assert_only(fix, &it, cases[at].field, cases[at].rule);
        assert_string_equal(fix->check.errors[0].message, cases[at].message);
    }
    specimen edge = good();
    edge.count = 100;
    edge.price = EC_AMOUNT_MAX;
    edge.discount = 100000;
    edge.rank = INT64_MIN;
    edge.rate = 1000000;
    assert_int_equal(check_all(fix, &edge), 0);
}

static void check__tells_amounts_in_the_currency_of_the_object(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    part main_part = {.quantity = 1, .label = "a", .price = INT64_MAX};
    it.currency = "KWD";
    it.discount = 100001;
    it.main_part = &main_part;
    assert_int_equal(check_all(fix, &it), 2);
    assert_string_equal(error_of(&fix->check, "discount")->message, "At most 100.000 is allowed.");
    assert_string_equal(error_of(&fix->check, "main_part.price")->message,
                        "At most 999999999999.999 is allowed.");
}

static void check__counts_characters_not_bytes(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    it.name = repeated(fix, "😀", 300);
    assert_int_equal(check_all(fix, &it), 0);
    it.name = repeated(fix, "😀", 301);
    assert_only(fix, &it, "name", "max_length");
    assert_string_equal(fix->check.errors[0].message,
                        "At most 300 characters are allowed; there are 301.");
    it.name = "ñ";
    assert_only(fix, &it, "name", "min_length");
    assert_string_equal(fix->check.errors[0].message,
                        "At least 2 characters are needed; there are 1.");
    it = good();
    it.note = repeated(fix, "x", EC_TEXT_MAX);
    assert_int_equal(check_all(fix, &it), 0);
    it.note = repeated(fix, "x", EC_TEXT_MAX + 1);
    assert_only(fix, &it, "note", "max_length");
}

static void check__refuses_what_is_no_utf8(void **state)
{
    fixture *fix = *state;
    static const char *const wrong[] = {"ab\xFF",           "\xC0\xAF", "\xED\xA0\x80", "a\xE2\x82",
                                        "\xF4\x90\x80\x80", "\x80",     "\xE0\x80\xAF"};
    static const char *const fields[] = {"name", "note", "slug", "email", "url", "extra"};
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        for (size_t which = 0; which < sizeof fields / sizeof fields[0]; which++) {
            specimen it = good();
            ec_field_set_text(specimen_field(fields[which]), &it, wrong[at]);
            assert_only(fix, &it, fields[which], "utf8");
        }
    }
}

/* ---- forms ----------------------------------------------------------------------------------- */

static void check__knows_the_forms_of_texts(void **state)
{
    fixture *fix = *state;
    static const struct {
        const char *field;
        const char *text;
        const char *rule; /* NULL: it passes */
    } cases[] = {
        {"slug", "a-1", NULL},
        {"slug", "-a", "slug"},
        {"slug", "A", "slug"},
        {"slug", "a--b", "slug"},
        {"slug", "", "slug"},
        {"slug", "a b", "slug"},
        {"email", "a@b", NULL},
        {"email", "a", "email"},
        {"email", "@b", "email"},
        {"email", "a b@c", "email"},
        {"currency", "CLP", NULL},
        {"currency", "clp", "currency"},
        {"currency", "ZZZ", "currency"},
        {"currency", "XAU", "currency"},
        {"currency", "CL", "min_length"},
        {"currency", "", "min_length"},
        {"country", "CL", NULL},
        {"country", "cl", "country"},
        {"country", "XX", "country"},
        {"country", "UK", "country"},
        {"country", "CLP", "max_length"},
        {"url", "http://a", NULL},
        {"url", "https://example.com/a?b=c#d", NULL},
        {"url", "HTTPS://EXAMPLE.COM", NULL},
        {"url", "https://[::1]:8080/", NULL},
        {"url", "/a/b", NULL},
        {"url", "a/b.png", NULL},
        {"url", "?page=2", NULL},
        {"url", "a/b:c", NULL},
        {"url", "/ñandú", NULL},
        {"url", "", "url"},
        {"url", "http://", "url"},
        {"url", "https:///a", "url"},
        {"url", "https://@a", "url"},
        {"url", "//example.com", "url"},
        {"url", "javascript:alert(1)", "url"},
        {"url", "JaVaScRiPt:alert(1)", "url"},
        {"url", "data:text/html,x", "url"},
        {"url", "ftp://a", "url"},
        {"url", "http:a", "url"},
        {"url", "/\\example.com", "url"},
        {"url", "\\\\example.com", "url"},
        {"url", "/a b", "url"},
        {"url", "/a\"onclick=", "url"},
        {"url", "/a\nb", "url"},
        {"url", "/\x7F", "url"},
        {"url", "java\tscript:x", "url"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        specimen it = good();
        ec_field_set_text(specimen_field(cases[at].field), &it, cases[at].text);
        if (cases[at].rule) {
            assert_only(fix, &it, cases[at].field, cases[at].rule);
        } else if (check_all(fix, &it) > 0) {
            fail_msg("%s %s is refused", cases[at].field, cases[at].text);
        }
    }
}

static void country__knows_the_assigned_codes_only(void **state)
{
    (void)state;
    int known = 0;
    for (char first = 'A'; first <= 'Z'; first++) {
        for (char second = 'A'; second <= 'Z'; second++) {
            const char code[] = {first, second, '\0'};
            known += ec_country_known(code);
        }
    }
    assert_int_equal(known, 249);
    assert_false(ec_country_known(NULL));
    assert_false(ec_country_known(""));
    assert_false(ec_country_known("C"));
    assert_false(ec_country_known("CLX"));
}

static void check__parses_any_json(void **state)
{
    fixture *fix = *state;
    static const char *const right[] = {"{}", "null", " [1, 2.50, \"x\"] ", "\"\"", "-0", "1e400"};
    static const char *const wrong[] = {"",      "{",   "{\"a\":1,\"a\":2}", "[1,]", "01", "'a'",
                                        "{} {}", "NaN", "\"\x01\"",          "// x"};
    for (size_t at = 0; at < sizeof right / sizeof right[0]; at++) {
        specimen it = good();
        it.extra = right[at];
        assert_int_equal(check_all(fix, &it), 0);
    }
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        specimen it = good();
        it.extra = wrong[at];
        assert_only(fix, &it, "extra", "json");
    }
    specimen it = good();
    it.extra = ec_arena_printf(&fix->arena, "%s%s", repeated(fix, "[", 32), repeated(fix, "]", 32));
    assert_int_equal(check_all(fix, &it), 0);
    it.extra = ec_arena_printf(&fix->arena, "%s%s", repeated(fix, "[", 33), repeated(fix, "]", 33));
    assert_only(fix, &it, "extra", "json");
    it.extra = ec_arena_printf(&fix->arena, "\"%s\"", repeated(fix, "x", 1999));
    assert_only(fix, &it, "extra", "max_length");
}

/* ---- fields with parts ----------------------------------------------------------------------- */

static void check__looks_into_nested_objects(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    part bad = {.quantity = 0};
    it.main_part = &bad;
    assert_int_equal(check_all(fix, &it), 2);
    assert_broken(&fix->check, "main_part.quantity", "min");
    assert_broken(&fix->check, "main_part.label", "required");
    part parts[] = {{.quantity = 1, .label = "a"}, {.quantity = 10000, .label = "b"}};
    it.main_part = NULL;
    it.parts = parts;
    it.parts_count = 2;
    assert_only(fix, &it, "parts[1].quantity", "max");
    static const char *const codes[] = {"a", NULL, "", "\xFF"};
    parts[1] = (part){.quantity = 1, .label = "b", .codes = codes, .codes_count = 4};
    assert_int_equal(check_all(fix, &it), 3);
    assert_broken(&fix->check, "parts[1].codes[1]", "required");
    assert_broken(&fix->check, "parts[1].codes[2]", "required");
    assert_broken(&fix->check, "parts[1].codes[3]", "utf8");
}

static void check__counts_items(void **state)
{
    fixture *fix = *state;
    part parts[6];
    const char *tags[] = {"a", "b", "c", "d"};
    for (size_t at = 0; at < 6; at++) {
        parts[at] = (part){.quantity = 1, .label = "a"};
    }
    specimen it = good();
    it.parts = parts;
    it.parts_count = 5;
    it.tags = tags;
    it.tags_count = 3;
    assert_int_equal(check_all(fix, &it), 0);
    it.parts_count = 6;
    it.tags_count = 4;
    assert_int_equal(check_all(fix, &it), 2);
    assert_broken(&fix->check, "parts", "max_items");
    assert_broken(&fix->check, "tags", "max_items");
    it.parts_count = SIZE_MAX; /* nothing behind the count is read */
    it.tags_count = SIZE_MAX;
    assert_int_equal(check_all(fix, &it), 2);
    it.parts = NULL;
    it.tags = NULL;
    assert_int_equal(check_all(fix, &it), 2);
    assert_broken(&fix->check, "parts", "required");
    assert_broken(&fix->check, "tags", "required");
    it = good();
    tags[1] = repeated(fix, "ñ", EC_TEXTS_ITEM_MAX + 1);
    it.tags = tags;
    it.tags_count = 2;
    assert_only(fix, &it, "tags[1]", "max_length");
}

static void check__asks_for_items_where_they_are_required(void **state)
{
    fixture *fix = *state;
    static const ec_field rows[] = {
        EC_LIST_ROW(specimen, parts, part, part_entity, .min = 2, .max = 3, .doc = "Parts."),
        EC_TEXTS_ROW(specimen, tags, .flags = EC_FIELD_REQUIRED, .doc = "Tags."),
        EC_STRUCT_ROW(specimen, main_part, part, part_entity, .flags = EC_FIELD_REQUIRED,
                      .doc = "Part."),
        EC_JSON_ROW(specimen, extra, .flags = EC_FIELD_REQUIRED, .doc = "Anything."),
    };
    const ec_entity strict = {.size = sizeof(specimen), .fields = rows, .count = 4};
    part one = {.quantity = 1, .label = "a"};
    const specimen it = {.parts = &one, .parts_count = 1};
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&strict, &it, EC_MASK_ALL, true, &fix->check);
    assert_int_equal(fix->check.count, 4);
    assert_broken(&fix->check, "parts", "min_items");
    assert_broken(&fix->check, "tags", "required");
    assert_broken(&fix->check, "main_part", "required");
    assert_broken(&fix->check, "extra", "required");
}

/* ---- what is looked at ----------------------------------------------------------------------- */

static void check__skips_what_the_mask_leaves_out(void **state)
{
    fixture *fix = *state;
    specimen it = {.name = "a", .slug = "A", .count = 1000};
    ec_mask slug = ec_field_bit(&specimen_entity, specimen_field("slug"));
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&specimen_entity, &it, slug, false, &fix->check);
    assert_int_equal(fix->check.count, 1);
    assert_broken(&fix->check, "slug", "slug");
    /* a complete object needs what it did not give */
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&specimen_entity, &it, slug, true, &fix->check);
    assert_int_equal(fix->check.count, 3);
    assert_broken(&fix->check, "owner_id", "required");
    assert_broken(&fix->check, "name", "required");
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&specimen_entity, &it, 0, false, &fix->check);
    assert_int_equal(fix->check.count, 0);
}

static void check__ignores_what_only_the_library_sets(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    it.version = INT64_MIN;
    it.created_at = INT64_MIN;
    assert_int_equal(check_all(fix, &it), 0);
}

static void check__keeps_immutable_fields(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    it.origin = "here";
    ec_mask origin = ec_field_bit(&specimen_entity, specimen_field("origin"));
    assert_int_equal(check_all(fix, &it), 0);
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&specimen_entity, &it, origin, false, &fix->check);
    assert_broken(&fix->check, "origin", "immutable");
    ec_check_init(&fix->check, &fix->arena);
    ec_entity_check(&specimen_entity, &it, EC_MASK_ALL, false, &fix->check);
    assert_int_equal(fix->check.count, 0);
    assert_true((ec_entity_mask(&specimen_entity, EC_FIELD_IMMUTABLE) & origin) == 0);
}

static void check__asks_the_hook_only_about_sound_fields(void **state)
{
    fixture *fix = *state;
    specimen it = good();
    it.price = 5;
    it.discount = 6;
    assert_only(fix, &it, "discount", "max");
    assert_string_equal(fix->check.errors[0].message, "It is more than the price.");
    it.name = "x";
    assert_only(fix, &it, "name", "min_length");
}

/* ---- collecting ------------------------------------------------------------------------------ */

static void check_add__keeps_the_first_error_of_a_field(void **state)
{
    fixture *fix = *state;
    ec_check_init(&fix->check, &fix->arena);
    ec_check_add(&fix->check, "a", "min", "First %d.", 1);
    ec_check_add(&fix->check, "a", "max", "Second.");
    ec_check_add(&fix->check, "b", "max", "Third.");
    assert_int_equal(fix->check.count, 2);
    assert_string_equal(fix->check.errors[0].message, "First 1.");
    assert_broken(&fix->check, "b", "max");
}

static void check_add__puts_paths_together(void **state)
{
    fixture *fix = *state;
    ec_check_init(&fix->check, &fix->arena);
    ec_path outer = {.name = "items", .index = 2};
    ec_path inner = {.parent = &outer, .name = "address", .index = EC_PATH_WHOLE};
    fix->check.prefix = "orders[1].";
    fix->check.path = &inner;
    ec_check_add(&fix->check, "city", "required", "Needed.");
    ec_check_add(&fix->check, NULL, "type", "Needed.");
    ec_check_add(&fix->check, "", "type", "The same.");
    fix->check.path = NULL;
    ec_check_add(&fix->check, NULL, "type", "Needed.");
    fix->check.prefix = "";
    ec_check_add(&fix->check, NULL, "type", "Needed.");
    assert_int_equal(fix->check.count, 4);
    assert_string_equal(fix->check.errors[0].field, "orders[1].items[2].address.city");
    assert_string_equal(fix->check.errors[1].field, "orders[1].items[2].address");
    assert_string_equal(fix->check.errors[2].field, "orders[1]");
    assert_string_equal(fix->check.errors[3].field, "");
}

static void check_add__stops_at_a_hundred(void **state)
{
    fixture *fix = *state;
    char name[16];
    ec_check_init(&fix->check, &fix->arena);
    for (int at = 0; at < 1000; at++) {
        (void)snprintf(name, sizeof name, "f%d", at);
        ec_check_add(&fix->check, name, "min", "No.");
    }
    assert_int_equal(fix->check.count, EC_FIELD_ERRORS_MAX);
    assert_string_equal(fix->check.errors[99].field, "f99");
}

static void check_add__cuts_long_messages(void **state)
{
    fixture *fix = *state;
    ec_check_init(&fix->check, &fix->arena);
    ec_check_add(&fix->check, "a", "min", "%s", repeated(fix, "ñ", 5000));
    size_t length = strlen(fix->check.errors[0].message);
    assert_true(length > 400 && length < 600);
    assert_true(ec_utf8_count(fix->check.errors[0].message, length) > 0);
}

static void check__reports_memory_at_every_allocation(void **state)
{
    (void)state;
    static const char *const tags[] = {"", "", "\xFF"};
    part parts[] = {{.quantity = 0}, {.quantity = 0}};
    const specimen it = {.extra = "{",
                         .name = "a",
                         .slug = "A",
                         .count = 999,
                         .parts = parts,
                         .parts_count = 2,
                         .tags = tags,
                         .tags_count = 3};
    bool done = false;
    for (int64_t at = 1; !done; at++) {
        memory mem;
        ec_arena arena;
        ec_check check;
        memory_init(&mem);
        mem.fail_at = at;
        ec_arena_init(&arena, &mem.platform);
        ec_check_init(&check, &arena);
        ec_entity_check(&specimen_entity, &it, EC_MASK_ALL, true, &check);
        done = check.status == EC_INVALID;
        if (done) {
            assert_int_equal(check.count, 12);
        } else {
            assert_int_equal(check.status, EC_NO_MEMORY);
        }
        ec_arena_clear(&arena);
        assert_int_equal(mem.blocks, 0);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(check__passes_good_objects_without_taking_memory),
        CASE(check__asks_for_what_is_required),
        CASE(check__compares_numbers_with_their_limits),
        CASE(check__tells_amounts_in_the_currency_of_the_object),
        CASE(check__counts_characters_not_bytes),
        CASE(check__refuses_what_is_no_utf8),
        CASE(check__knows_the_forms_of_texts),
        CASE(country__knows_the_assigned_codes_only),
        CASE(check__parses_any_json),
        CASE(check__looks_into_nested_objects),
        CASE(check__counts_items),
        CASE(check__asks_for_items_where_they_are_required),
        CASE(check__skips_what_the_mask_leaves_out),
        CASE(check__ignores_what_only_the_library_sets),
        CASE(check__keeps_immutable_fields),
        CASE(check__asks_the_hook_only_about_sound_fields),
        CASE(check_add__keeps_the_first_error_of_a_field),
        CASE(check_add__puts_paths_together),
        CASE(check_add__stops_at_a_hundred),
        CASE(check_add__cuts_long_messages),
        CASE(check__reports_memory_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
