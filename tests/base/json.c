/* SPDX-License-Identifier: MIT */
/*
 * JSON in and out: by example, by JSONTestSuite and the naughty strings where they are at hand,
 * against cJSON as a second opinion, and with damaged input.
 */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <ecommerce/limits.h>

#include "base/data.h"
#include "base/memory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct fixture {
    memory mem;
    ec_platform platform;
    ec_arena arena;
    ec_buf buf;
    ec_json_writer json;
} fixture;

static int set_up(void **state)
{
    fixture *fix = calloc(1, sizeof *fix);
    assert_non_null(fix);
    fix->platform = memory_platform(&fix->mem);
    ec_arena_init(&fix->arena, &fix->platform);
    ec_buf_init(&fix->buf, &fix->platform, 64u << 20);
    ec_json_begin(&fix->json, &fix->buf);
    *state = fix;
    return 0;
}

static int tear_down(void **state)
{
    fixture *fix = *state;
    ec_arena_clear(&fix->arena);
    ec_buf_clear(&fix->buf);
    int64_t blocks = fix->mem.blocks;
    free(fix);
    return blocks == 0 ? 0 : -1;
}

static void restart(fixture *fix)
{
    ec_buf_reset(&fix->buf);
    ec_json_begin(&fix->json, &fix->buf);
    ec_arena_reset(&fix->arena);
}

static const char *written(const fixture *fix)
{
    assert_int_equal(fix->buf.status, EC_OK);
    return ec_buf_text(&fix->buf);
}

static ec_json *parse(fixture *fix, const char *text)
{
    ec_json *value = NULL;
    size_t offset = 0;
    const char *problem = NULL;
    ec_status status = ec_json_parse(&fix->arena, text, strlen(text), &value, &offset, &problem);
    if (status != EC_OK) {
        fail_msg("%s: %s at %zu", text, problem, offset);
    }
    assert_non_null(value);
    return value;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void json_writer__puts_commas_where_they_belong(void **state)
{
    fixture *fix = *state;
    ec_json_writer *json = &fix->json;
    ec_json_object(json);
    ec_json_key(json, "id");
    ec_json_int(json, INT64_MIN);
    ec_json_key(json, "empty");
    ec_json_object(json);
    ec_json_object_end(json);
    ec_json_key(json, "list");
    ec_json_array(json);
    ec_json_array(json);
    ec_json_array_end(json);
    ec_json_null(json);
    ec_json_bool(json, true);
    ec_json_bool(json, false);
    ec_json_raw(json, "599.99");
    ec_json_raw(json, NULL);
    ec_json_text(json, "x");
    ec_json_text(json, NULL);
    ec_json_object(json);
    ec_json_key(json, "a");
    ec_json_int(json, 1);
    ec_json_object_end(json);
    ec_json_array_end(json);
    ec_json_key(json, "");
    ec_json_text(json, "");
    ec_json_object_end(json);
    assert_string_equal(written(fix),
                        "{\"id\":-9223372036854775808,\"empty\":{},\"list\":[[],null,true,false,"
                        "599.99,null,\"x\",null,{\"a\":1}],\"\":\"\"}");
}

static void json_text__escapes_what_must_be(void **state)
{
    fixture *fix = *state;
    static const char *const rows[][2] = {
        {"say \"hi\"", "\"say \\\"hi\\\"\""},
        {"back\\slash", "\"back\\\\slash\""},
        {"a/b", "\"a/b\""},
        {"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
        {"Año Ñandú €5 𝄞", "\"Año Ñandú €5 𝄞\""},
        {"", "\"\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        restart(fix);
        ec_json_text(&fix->json, rows[i][0]);
        assert_string_equal(written(fix), rows[i][1]);
    }
    restart(fix);
    ec_json_object(&fix->json);
    ec_json_key(&fix->json, "k\"é");
    ec_json_int(&fix->json, 1);
    ec_json_key(&fix->json, "\n");
    ec_json_int(&fix->json, 2);
    ec_json_object_end(&fix->json);
    assert_string_equal(written(fix), "{\"k\\\"é\":1,\"\\n\":2}");
}

static void json_text__replaces_bytes_that_are_no_utf8(void **state)
{
    fixture *fix = *state;
    static const char *const rows[][2] = {
        {"\xff", "\"\xEF\xBF\xBD\""},
        {"a\xc3", "\"a\xEF\xBF\xBD\""},                               /* cut off */
        {"\xc0\xafz", "\"\xEF\xBF\xBD\xEF\xBF\xBDz\""},               /* overlong */
        {"\xed\xa0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* surrogate */
        {"\xf4\x90\x80\x80!", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!\""},
        {"12345678\x80", "\"12345678\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        restart(fix);
        ec_json_text(&fix->json, rows[i][0]);
        assert_string_equal(written(fix), rows[i][1]);
    }
}

/* A special byte at each place of texts of each length, so at each place of a word of eight. */
static void json_text__finds_special_bytes_at_every_place(void **state)
{
    fixture *fix = *state;
    static const char *const specials[] = {"\"",   "\\", "\n", "\x1f", "é",
                                           "\x7f", " ",  "!",  "[",    "]"};
    for (size_t length = 1; length < 40; length++) {
        for (size_t at = 0; at < length; at++) {
            for (size_t i = 0; i < COUNT(specials); i++) {
                char text[64];
                memset(text, 'x', length);
                memcpy(text + at, specials[i], strlen(specials[i]));
                text[at + strlen(specials[i]) > length ? at + strlen(specials[i]) : length] = '\0';
                char *heap = strdup(text); /* so that the sanitizer sees reads beyond it */
                restart(fix);
                ec_json_text(&fix->json, heap);
                cJSON *second = cJSON_Parse(written(fix));
                assert_non_null(second);
                assert_string_equal(cJSON_GetStringValue(second), heap);
                cJSON_Delete(second);
                assert_string_equal(parse(fix, written(fix))->text, heap);
                free(heap);
            }
        }
    }
}

static void json_writer__fails_once_when_the_buffer_is_full(void **state)
{
    fixture *fix = *state;
    char full[5000];
    ec_json_array(&fix->json);
    for (int i = 0; i < 40; i++) {
        ec_json_text(&fix->json, i % 2 ? "some plain text" : "some\nescaped \"text\"");
        ec_json_int(&fix->json, i);
    }
    ec_json_array_end(&fix->json);
    snprintf(full, sizeof full, "%s", written(fix));
    for (size_t max = 0; max <= strlen(full); max++) {
        ec_buf_clear(&fix->buf);
        ec_buf_init(&fix->buf, &fix->platform, max);
        ec_json_begin(&fix->json, &fix->buf);
        ec_json_array(&fix->json);
        for (int i = 0; i < 40; i++) {
            ec_json_text(&fix->json, i % 2 ? "some plain text" : "some\nescaped \"text\"");
            ec_json_int(&fix->json, i);
        }
        ec_json_array_end(&fix->json);
        assert_int_equal(fix->buf.status, max < strlen(full) ? EC_LIMIT : EC_OK);
        assert_memory_equal(ec_buf_text(&fix->buf), full, fix->buf.length);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static void json_parse__keeps_structure_texts_and_literals(void **state)
{
    fixture *fix = *state;
    const ec_json *value =
        parse(fix, " { \"price\" : 599.990 , \"n\":-0.10E+02,\"t\":\"a\\u0000b\","
                   "\"list\":[true,false,null,[],{}],\"\":\"\\ud834\\udd1e\\/\"} ");
    assert_int_equal(value->type, EC_JSON_OBJECT);
    assert_int_equal(value->count, 5);
    assert_int_equal(value->offset, 1);
    assert_string_equal(ec_json_member(value, "price")->text, "599.990");
    assert_int_equal(ec_json_member(value, "price")->type, EC_JSON_NUMBER);
    assert_int_equal(ec_json_member(value, "price")->length, 7);
    assert_string_equal(ec_json_member(value, "n")->text, "-0.10E+02");
    assert_int_equal(ec_json_member(value, "t")->length, 3);
    assert_memory_equal(ec_json_member(value, "t")->text, "a\0b", 4);
    assert_string_equal(ec_json_member(value, "")->text, "𝄞/");
    const ec_json *list = ec_json_member(value, "list");
    assert_int_equal(list->count, 5);
    assert_true(list->child->boolean);
    assert_int_equal(list->child->next->type, EC_JSON_BOOL);
    assert_false(list->child->next->boolean);
    assert_int_equal(list->child->next->next->type, EC_JSON_NULL);
    assert_int_equal(list->child->next->next->next->type, EC_JSON_ARRAY);
    assert_null(list->child->next->next->next->child);
    assert_null(ec_json_member(value, "Price"));
    assert_null(ec_json_member(value, "pric"));
    assert_null(ec_json_member(list, "price"));
    assert_null(ec_json_member(NULL, "price"));
    assert_null(ec_json_member(value, NULL));
}

typedef struct bad_row {
    const char *text;
    size_t offset;
} bad_row;

static void json_parse__says_where_it_went_wrong(void **state)
{
    fixture *fix = *state;
    static const bad_row rows[] = {
        {"", 0},
        {"  ", 2},
        {"{", 1},
        {"[1,]", 3},
        {"[1 2]", 3},
        {"{\"a\" 1}", 5},
        {"{\"a\":1,}", 7},
        {"{a:1}", 1},
        {"{\"a\":1 \"b\":2}", 7},
        {"[01]", 2},
        {"[-]", 2},
        {"[1.]", 3},
        {"[1e+]", 4},
        {"[+1]", 1},
        {"[.5]", 1},
        {"nul", 0},
        {"nullx", 4},
        {"true false", 5},
        {"\"abc", 4},
        {"\"a\nb\"", 2},
        {"\"a\\x\"", 2},
        {"\"\\u12g4\"", 1},
        {"\"\\ud800\"", 1},
        {"\"\\udc00\"", 1},
        {"\"\\ud800\\u0041\"", 1},
        {"\"\\ud800x\\udc00\"", 1},
        {"\"\\u12", 1},
        {"\"\\", 1},
        {"\"ab\xff\"", 3},
        {"\"ab\xe2\x82\"", 3},
        {"\xEF\xBB\xBF[]", 0},
        {"'a'", 0},
        {"[1]/**/", 3},
        {"NaN", 0},
        {"{\"a\":1,\"b\":2,\"\\u0061\":3}", 13},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ec_json *value = (ec_json *)1;
        size_t offset = 99;
        const char *problem = NULL;
        ec_status status = ec_json_parse(&fix->arena, rows[i].text, strlen(rows[i].text), &value,
                                         &offset, &problem);
        if (status != EC_INVALID || value != NULL || offset != rows[i].offset || !*problem) {
            fail_msg("%s: %s, \"%s\" at %zu instead of %zu", rows[i].text, ec_status_name(status),
                     problem, offset, rows[i].offset);
        }
        assert_int_equal(
            ec_json_parse(&fix->arena, rows[i].text, strlen(rows[i].text), &value, NULL, NULL),
            EC_INVALID);
    }
    ec_json *value;
    assert_int_equal(ec_json_parse(&fix->arena, NULL, 5, &value, NULL, NULL), EC_INVALID);
    assert_int_equal(ec_json_parse(&fix->arena, "1\0", 2, &value, NULL, NULL), EC_INVALID);
    assert_int_equal(ec_json_parse(&fix->arena, "\"a\0\"", 4, &value, NULL, NULL), EC_INVALID);
}

static void json_parse__refuses_a_key_that_occurs_twice_among_many(void **state)
{
    fixture *fix = *state;
    static const int counts[] = {2, 15, 16, 17, 18, 100, 5000};
    for (size_t i = 0; i < COUNT(counts); i++) {
        for (int twin = 0; twin < 2; twin++) {
            restart(fix);
            ec_buf_puts(&fix->buf, "{");
            size_t expected = 0;
            for (int n = 0; n < counts[i]; n++) {
                ec_buf_printf(&fix->buf, "\"key%d\":%d,", n * 7919 % counts[i], n);
            }
            expected = fix->buf.length;
            ec_buf_puts(&fix->buf, twin ? "\"key1\":0,\"key0\":0}" : "\"key\":0}");
            ec_json *value = NULL;
            size_t offset = 0;
            ec_status status = ec_json_parse(&fix->arena, ec_buf_text(&fix->buf), fix->buf.length,
                                             &value, &offset, NULL);
            assert_int_equal(status, twin ? EC_INVALID : EC_OK);
            assert_int_equal(offset, twin ? expected : 0);
        }
    }
}

static void json_parse__stops_at_the_depth_limit(void **state)
{
    fixture *fix = *state;
    for (int depth = EC_JSON_DEPTH_MAX - 1; depth < EC_JSON_DEPTH_MAX + 2; depth++) {
        restart(fix);
        for (int i = 0; i < depth; i++) {
            ec_buf_puts(&fix->buf, i % 2 ? "{\"a\":" : "[");
        }
        ec_buf_puts(&fix->buf, "1");
        for (int i = depth; i-- > 0;) {
            ec_buf_puts(&fix->buf, i % 2 ? "}" : "]");
        }
        ec_json *value = NULL;
        ec_status status =
            ec_json_parse(&fix->arena, ec_buf_text(&fix->buf), fix->buf.length, &value, NULL, NULL);
        assert_int_equal(status, depth <= EC_JSON_DEPTH_MAX ? EC_OK : EC_LIMIT);
    }
}

static void json_parse__stops_at_the_size_limit(void **state)
{
    fixture *fix = *state;
    char *text = malloc(EC_JSON_SIZE_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', EC_JSON_SIZE_MAX + 1);
    text[0] = '1';
    ec_json *value;
    assert_int_equal(ec_json_parse(&fix->arena, text, EC_JSON_SIZE_MAX, &value, NULL, NULL), EC_OK);
    assert_int_equal(ec_json_parse(&fix->arena, text, EC_JSON_SIZE_MAX + 1, &value, NULL, NULL),
                     EC_LIMIT);
    free(text);
}

static void json_tree__writes_back_what_was_read(void **state)
{
    fixture *fix = *state;
    static const char text[] =
        "{\"price\":599.990,\"big\":123456789012345678901234567890e-5,\"list\":[true,false,null,"
        "[],{}],\"t\":\"a\\u0000b\\\"\",\"\":{\"é\":\"ñ\"}}";
    ec_json_write_tree(&fix->json, parse(fix, text));
    assert_string_equal(written(fix), text);
    restart(fix);
    ec_json_write_tree(&fix->json, NULL);
    assert_string_equal(written(fix), "null");
}

/* ---- whole suites ---------------------------------------------------------------------------- */

/* What is accepted can be written, read again, and then written the same. */
static void check_round_trip(fixture *fix, const ec_json *value)
{
    ec_buf_reset(&fix->buf);
    ec_json_begin(&fix->json, &fix->buf);
    ec_json_write_tree(&fix->json, value);
    char *first = strdup(written(fix));
    ec_json *again = parse(fix, first);
    ec_buf_reset(&fix->buf);
    ec_json_begin(&fix->json, &fix->buf);
    ec_json_write_tree(&fix->json, again);
    assert_string_equal(written(fix), first);
    free(first);
}

static void check_suite_file(fixture *fix, const char *name, const char *text, size_t length)
{
    ec_json *value = NULL;
    size_t offset = 0;
    const char *problem = "";
    restart(fix);
    ec_status status = ec_json_parse(&fix->arena, text, length, &value, &offset, &problem);
    bool twins = strstr(name, "duplicated_key") != NULL; /* our own rule is stricter */
    if (twins ? status != EC_INVALID : name[0] == 'y' && status != EC_OK) {
        fail_msg("%s: %s, %s at %zu", name, ec_status_name(status), problem, offset);
    }
    if (name[0] == 'n' && status != EC_INVALID && status != EC_LIMIT) {
        fail_msg("%s: %s", name, ec_status_name(status));
    }
    if (status == EC_OK) {
        check_round_trip(fix, value);
    }
}

static void json_parse__agrees_with_jsontestsuite(void **state)
{
    fixture *fix = *state;
    char path[1024];
    DIR *folder = opendir(data_path("vectors/jsontestsuite/test_parsing", path));
    int files = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (strchr("yni", entry->d_name[0]) && entry->d_name[1] == '_') {
            char file[2048];
            size_t length;
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            char *text = file_read(file, &length);
            assert_non_null(text);
            check_suite_file(fix, entry->d_name, text, length);
            free(text);
            files++;
        }
    }
    if (folder) {
        closedir(folder);
        assert_true(files > 300);
    }
    static const char *const own[][2] = {
        {"y_nested.json", "[[[]],{\"a\":{\"b\":[0,-0,1E1,1e-1,0.5]}}]"},
        {"y_lonely_text.json", "\"\\u20ac\\ud83d\\ude00\""},
        {"y_blanks.json", "\t\r\n [ 1 , 2 ] \n"},
        {"n_open.json", "[\"a\", 4 \n,1,"},
        {"n_double_comma.json", "[1,,2]"},
        {"n_vertical_tab.json", "[\v1]"},
        {"n_hexadecimal.json", "[0x1]"},
        {"n_infinity.json", "[-Infinity]"},
        {"i_huge_exponent.json", "[0.4e00669999999999999999999999999999999999999999]"},
        {"i_lone_surrogate.json", "[\"\\uDADA\"]"},
    };
    for (size_t i = 0; i < COUNT(own); i++) {
        check_suite_file(fix, own[i][0], own[i][1], strlen(own[i][1]));
    }
}

static void check_text(fixture *fix, const char *text)
{
    ec_buf_reset(&fix->buf);
    ec_json_begin(&fix->json, &fix->buf);
    ec_json_object(&fix->json);
    ec_json_key(&fix->json, text);
    ec_json_text(&fix->json, text);
    ec_json_object_end(&fix->json);
    const ec_json *member = parse(fix, written(fix))->child;
    assert_string_equal(member->text, text);
    assert_string_equal(member->key, text);
    cJSON *second = cJSON_Parse(written(fix));
    assert_non_null(second);
    assert_string_equal(second->child->valuestring, text);
    cJSON_Delete(second);
}

static void json__carries_naughty_strings(void **state)
{
    fixture *fix = *state;
    char path[1024];
    size_t length;
    char *text = file_read(data_path("vectors/blns/blns.json", path), &length);
    if (text) {
        const ec_json *list = parse(fix, text);
        assert_true(list->count > 400);
        for (const ec_json *item = list->child; item; item = item->next) {
            if (strlen(item->text) == item->length) {
                check_text(fix, item->text);
            }
        }
        free(text);
    }
    static const char *const own[] = {
        "",
        "undefined",
        "../../etc/passwd",
        "'; DROP TABLE orders; --",
        "<script>alert(1)",
        "\xE2\x81\xA6test\xE2\x81\xA7", /* direction marks */
        "Ω≈ç√∫˜µ≤≥÷",
        "👩🏽‍👩🏽‍👧🏽",
        "\x7f\x1b[0m",
        "\xEF\xBF\xBE", /* U+FFFE */
        "1;DROP\\\"\"\"",
        "%s%n%x",
        "田中さんにあげて下さい",
        "\t\v\f\r\n",
    };
    for (size_t i = 0; i < COUNT(own); i++) {
        check_text(fix, own[i]);
    }
}

/* Damage to good texts: whatever is accepted round-trips, and cJSON accepts it too. */
static void json_parse__survives_damaged_texts(void **state)
{
    fixture *fix = *state;
    static const char seedling[] =
        "{\"id\":17,\"name\":\"Caf\\u00e9 \\\"solo\\\" €\",\"price\":{\"amount\":-12.50e0},"
        "\"tags\":[\"a\",\"b\",null,true,false,[],{}],\"pair\":\"\\ud83d\\ude00\"}";
    static const char bytes[] = "{}[]\",:\\u0123456789abcdefnrt.-+eE \x80\xc3\xe2\x01";
    uint64_t seed = UINT64_C(77);
    int accepted = 0;
    for (int round = 0; round < 20000; round++) {
        char text[sizeof seedling];
        memcpy(text, seedling, sizeof text);
        size_t length = sizeof seedling - 1;
        for (uint64_t n = random_next(&seed) % 3 + 1; n > 0; n--) {
            text[random_next(&seed) % length] = bytes[random_next(&seed) % (sizeof bytes - 1)];
        }
        if (random_next(&seed) % 4 == 0) {
            length = random_next(&seed) % length;
        }
        char *heap = malloc(length ? length : 1); /* exactly as long, for the sanitizer */
        assert_non_null(heap);
        memcpy(heap, text, length);
        ec_json *value = NULL;
        restart(fix);
        if (ec_json_parse(&fix->arena, heap, length, &value, NULL, NULL) == EC_OK) {
            cJSON *second = cJSON_ParseWithLength(heap, length);
            assert_non_null(second);
            cJSON_Delete(second);
            check_round_trip(fix, value);
            accepted++;
        }
        free(heap);
    }
    assert_true(accepted > 100);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static ec_status use_json(const ec_platform *platform)
{
    ec_arena arena;
    ec_buf buf;
    ec_json_writer json;
    ec_json *value = NULL;
    ec_arena_init(&arena, platform);
    ec_buf_init(&buf, platform, SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    for (int i = 0; i < 300; i++) {
        char key[32];
        snprintf(key, sizeof key, "field\n%d", i);
        ec_json_key(&json, key);
        ec_json_text(&json, "a text of some length \\ with an escape");
    }
    ec_json_object_end(&json);
    ec_status status = buf.status;
    if (status == EC_OK) {
        status = ec_json_parse(&arena, ec_buf_text(&buf), buf.length, &value, NULL, NULL);
        assert_true(status == EC_NO_MEMORY ? value == NULL : value->count == 300);
    }
    ec_arena_clear(&arena);
    ec_buf_clear(&buf);
    return status;
}

static void json__survives_a_failure_of_each_allocation(void **state)
{
    (void)state;
    memory_fail_everywhere(use_json);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(json_writer__puts_commas_where_they_belong),
        TEST(json_text__escapes_what_must_be),
        TEST(json_text__replaces_bytes_that_are_no_utf8),
        TEST(json_text__finds_special_bytes_at_every_place),
        TEST(json_writer__fails_once_when_the_buffer_is_full),
        TEST(json_parse__keeps_structure_texts_and_literals),
        TEST(json_parse__says_where_it_went_wrong),
        TEST(json_parse__refuses_a_key_that_occurs_twice_among_many),
        TEST(json_parse__stops_at_the_depth_limit),
        TEST(json_parse__stops_at_the_size_limit),
        TEST(json_tree__writes_back_what_was_read),
        TEST(json_parse__agrees_with_jsontestsuite),
        TEST(json__carries_naughty_strings),
        TEST(json_parse__survives_damaged_texts),
        TEST(json__survives_a_failure_of_each_allocation),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
