/* SPDX-License-Identifier: MIT */
/*
 * csv.c - objects as CSV records and back through the CSV reader: exact, whatever the texts hold.
 */
#include "base/csv.h"
#include "specimen.h"

typedef struct fixture {
    memory mem;
    ec_arena arena;
    ec_buf buf;
    ec_check check;
    size_t at; /* bytes of buf that the reader has had */
    specimen it;
    ec_mask fields;
} fixture;

static int setup(void **state)
{
    fixture *fix = calloc(1, sizeof *fix);
    assert_non_null(fix);
    memory_init(&fix->mem);
    ec_arena_init(&fix->arena, &fix->mem.platform);
    ec_buf_init(&fix->buf, &fix->mem.platform, 64 << 20);
    *state = fix;
    return 0;
}

static int teardown(void **state)
{
    fixture *fix = *state;
    ec_arena_clear(&fix->arena);
    ec_buf_clear(&fix->buf);
    assert_int_equal(fix->mem.blocks, 0);
    free(fix);
    return 0;
}

static ec_status source(void *ctx, char *buffer, size_t size, size_t *got)
{
    fixture *fix = ctx;
    size_t left = fix->buf.length - fix->at;
    *got = left < size ? left : size;
    memcpy(buffer, fix->buf.data + fix->at, *got);
    fix->at += *got;
    return EC_OK;
}

static void columns_of(const char *const *names, size_t count, const ec_field **columns)
{
    for (size_t at = 0; at < count; at++) {
        columns[at] = ec_field_find(&specimen_entity, names[at]);
    }
}

/* Read one record's cells into fix->it. */
static ec_status read_row(fixture *fix, const ec_field *const *columns, const char *const *cells,
                          size_t count, const char *currency, bool trusted)
{
    ec_check_init(&fix->check, &fix->arena);
    memset(&fix->it, 0, sizeof fix->it);
    return ec_entity_read_csv(&fix->arena, &specimen_entity, columns, cells, count, currency,
                              trusted, &fix->it, &fix->fields, &fix->check);
}

static ec_status read_cell(fixture *fix, const char *name, const char *cell)
{
    const ec_field *column = specimen_field(name);
    return read_row(fix, &column, &cell, 1, NULL, false);
}

static void write__puts_one_record_for_an_object(void **state)
{
    fixture *fix = *state;
    static const char *const tags[] = {"new", "a,b"};
    part main_part = {.quantity = 1, .price = 1990, .label = "b"};
    specimen it = {.id = 12,
                   .version = 3,
                   .created_at = INT64_C(1795545344123),
                   .owner_id = 9,
                   .name = "=1+1",
                   .slug = "a,\"b\"",
                   .note = "",
                   .secret = "never",
                   .origin = "-5",
                   .price = 59999,
                   .currency = "CLP",
                   .count = -3,
                   .rate = 12500,
                   .extra = "{\"a\": 1}",
                   .main_part = &main_part,
                   .tags = tags,
                   .tags_count = 2,
                   .color = SPECIMEN_BLUE,
                   .active = true};
    ec_entity_csv_header(&fix->buf, &specimen_entity);
    ec_entity_write_csv(&fix->buf, &specimen_entity, &it, NULL);
    assert_string_equal(
        ec_buf_text(&fix->buf),
        "id,version,created_at,owner_id,name,slug,email,country,url,note,origin,price,discount,"
        "currency,count,rank,rate,starts_at,extra,main_part,parts,tags,color,active\r\n"
        "12,3,2026-11-24T18:35:44.123Z,9,'=1+1,\"a,\"\"b\"\"\",,,,',-5,59999,,CLP,-3,,1.25,,"
        "\"{\"\"a\"\":1}\",\"{\"\"id\"\":null,\"\"quantity\"\":1,\"\"price\"\":1990,"
        "\"\"label\"\":\"\"b\"\",\"\"codes\"\":[],\"\"fragile\"\":false}\",,"
        "\"[\"\"new\"\",\"\"a,b\"\"]\",blue,true\r\n");
}

/* Through the writer, the reader and back. */
static void read__gives_back_what_was_written(void **state)
{
    fixture *fix = *state;
    enum { ROUNDS = 2000 };
    uint64_t seed = 4711;
    ec_csv_reader *reader = NULL;
    const char *const *cells;
    const ec_field *columns[64];
    size_t count = 0;
    const char *problem;
    specimen **all = ec_arena_array(&fix->arena, ROUNDS, sizeof *all);
    ec_entity_csv_header(&fix->buf, &specimen_entity);
    for (size_t round = 0; round < ROUNDS; round++) {
        all[round] = random_specimen(&seed, &fix->arena);
        ec_entity_write_csv(&fix->buf, &specimen_entity, all[round], "KWD");
    }
    assert_int_equal(fix->buf.status, EC_OK);
    assert_int_equal(ec_csv_open(&fix->mem.platform, source, fix, &reader), EC_OK);
    assert_int_equal(ec_csv_next(reader, &cells, &count, &problem), EC_OK);
    columns_of(cells, count, columns);
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t width = 0;
        assert_int_equal(ec_csv_next(reader, &cells, &width, &problem), EC_OK);
        assert_int_equal(width, count);
        assert_int_equal(read_row(fix, columns, cells, count, "KWD", true), EC_OK);
        if (!ec_entity_equal(&specimen_entity, all[round], &fix->it, EC_MASK_ALL)) {
            fail_msg("%s became %s", json_of(&fix->arena, &specimen_entity, all[round], "KWD"),
                     json_of(&fix->arena, &specimen_entity, &fix->it, "KWD"));
        }
    }
    assert_int_equal(ec_csv_next(reader, &cells, &count, &problem), EC_DONE);
    ec_csv_close(reader);
}

/* Would a spreadsheet leave the cell alone? */
static bool is_harmless(const char *cell)
{
    bool number = cell[0] && cell[1 + strspn(cell + 1, "0123456789.")] == '\0' && cell[1];
    return !cell[0] || !strchr("=+-@\t\r", cell[0]) || (strchr("+-", cell[0]) && number);
}

/* Every text comes back, also those that look like protection. */
static void read__keeps_awkward_texts(void **state)
{
    fixture *fix = *state;
    static const char *const texts[] = {
        NULL,   "",   "'",  "''",  "'''",           "=",    "'=", "''=", "=1+1", "'=1+1",
        "+",    "-",  "@x", "\tx", "\rx",           "\r\n", "\n", "-5",  "+5.0", "'-5",
        "'abc", "\"", ",",  " x ", "\xEF\xBB\xBFx", "null", "\\N"};
    const size_t count = sizeof texts / sizeof texts[0];
    ec_csv_reader *reader = NULL;
    const char *const *cells;
    size_t width;
    const char *problem;
    const ec_field *const columns[] = {specimen_field("id"), specimen_field("note")};
    for (size_t at = 0; at < count; at++) {
        static const ec_field rows[] = {
            EC_ID_ROW(specimen, id, .doc = "Number."),
            EC_TEXT_ROW(specimen, note, .doc = "Text."),
        };
        const ec_entity two = {.size = sizeof(specimen), .fields = rows, .count = 2};
        specimen it = {.id = 1, .note = texts[at]};
        ec_entity_write_csv(&fix->buf, &two, &it, NULL);
    }
    assert_int_equal(ec_csv_open(&fix->mem.platform, source, fix, &reader), EC_OK);
    for (size_t at = 0; at < count; at++) {
        assert_int_equal(ec_csv_next(reader, &cells, &width, &problem), EC_OK);
        assert_int_equal(width, 2);
        assert_true(is_harmless(cells[1]));
        assert_int_equal(read_row(fix, columns, cells, 2, NULL, false), EC_OK);
        if (texts[at]) {
            assert_non_null(fix->it.note);
            assert_string_equal(fix->it.note, texts[at]);
        } else {
            assert_null(fix->it.note);
        }
    }
    ec_csv_close(reader);
}

static void read__knows_what_was_given(void **state)
{
    fixture *fix = *state;
    static const char *const names[] = {"name", "note", "count", "rank", "active", "other", "tags"};
    static const char *const cells[] = {"ab", "", "", "", "", "x", ""};
    const ec_field *columns[7];
    columns_of(names, 7, columns);
    assert_null(columns[5]);
    assert_int_equal(read_row(fix, columns, cells, 7, NULL, false), EC_OK);
    assert_true(fix->fields == (ec_field_bit(&specimen_entity, specimen_field("name")) |
                                ec_field_bit(&specimen_entity, specimen_field("note")) |
                                ec_field_bit(&specimen_entity, specimen_field("rank")) |
                                ec_field_bit(&specimen_entity, specimen_field("tags"))));
}

static void read__finds_the_currency_in_any_column(void **state)
{
    fixture *fix = *state;
    static const char *const names[] = {"price", "currency"};
    const ec_field *columns[2];
    columns_of(names, 2, columns);
    assert_int_equal(read_row(fix, columns, (const char *const[]){"1990", "CLP"}, 2, NULL, false),
                     EC_OK);
    assert_int_equal(fix->it.price, 1990);
    assert_int_equal(read_row(fix, columns, (const char *const[]){"1.5", ""}, 2, "KWD", false),
                     EC_OK);
    assert_int_equal(fix->it.price, 1500);
    assert_null(fix->it.currency);
    assert_int_equal(read_row(fix, columns, (const char *const[]){"1.5", "CLP"}, 2, NULL, false),
                     EC_INVALID);
    assert_broken(&fix->check, "price", "decimals");
}

static void read__takes_truth_as_spreadsheets_write_it(void **state)
{
    fixture *fix = *state;
    static const struct {
        const char *cell;
        int truth; /* -1: refused */
    } cases[] = {{"true", 1},  {"TRUE", 1}, {"True", 1}, {"1", 1},  {"false", 0},
                 {"FALSE", 0}, {"0", 0},    {"yes", -1}, {"2", -1}, {"'true", -1}};
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        ec_status status = read_cell(fix, "active", cases[at].cell);
        assert_int_equal(status, cases[at].truth < 0 ? EC_INVALID : EC_OK);
        assert_int_equal(fix->it.active, cases[at].truth > 0);
    }
}

static void read__names_field_and_rule(void **state)
{
    fixture *fix = *state;
    static const struct {
        const char *field;
        const char *cell;
        const char *path;
        const char *rule;
    } cases[] = {
        {"version", "1", "version", "readonly"},
        {"version", "", "version", "readonly"},
        {"id", "x", "id", "type"},
        {"id", "1 ", "id", "type"},
        {"owner_id", "99999999999999999999", "owner_id", "max"},
        {"count", "1,5", "count", "type"},
        {"count", "1.5", "count", "type"},
        {"active", "maybe", "active", "type"},
        {"price", "12.345", "price", "decimals"},
        {"price", "$12", "price", "type"},
        {"price", "1e99", "price", "max"},
        {"rate", "0.00001", "rate", "decimals"},
        {"starts_at", "24/11/2026", "starts_at", "time"},
        {"color", "pink", "color", "enum"},
        {"extra", "{", "extra", "json"},
        {"main_part", "x", "main_part", "json"},
        {"main_part", "[]", "main_part", "type"},
        {"main_part", "{\"x\":1}", "main_part.x", "unknown"},
        {"parts", "[{\"quantity\":1}]", "parts[0].label", "required"},
        {"tags", "new", "tags", "json"},
        {"tags", "[1]", "tags[0]", "type"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        assert_int_equal(read_cell(fix, cases[at].field, cases[at].cell), EC_INVALID);
        assert_broken(&fix->check, cases[at].path, cases[at].rule);
    }
}

static void memory_running_out__is_reported_at_every_allocation(void **state)
{
    fixture *fix = *state;
    static const char *const names[] = {"name", "extra", "main_part", "tags", "parts"};
    static const char *const cells[] = {"ab", "{\"a\":[1,{}]}", "{\"quantity\":1,\"label\":\"a\"}",
                                        "[\"a\",\"b\"]", "[{\"quantity\":1,\"label\":\"a\"}]"};
    const ec_field *columns[5];
    specimen it = {0};
    bool done = false;
    columns_of(names, 5, columns);
    assert_int_equal(read_row(fix, columns, cells, 5, NULL, false), EC_OK);
    for (int64_t at = 1; !done; at++) {
        memory mem;
        ec_arena arena;
        ec_buf buf;
        ec_check check;
        memory_init(&mem);
        mem.fail_at = at;
        ec_arena_init(&arena, &mem.platform);
        ec_buf_init(&buf, &mem.platform, 10000);
        ec_check_init(&check, &arena);
        ec_status status = ec_entity_read_csv(&arena, &specimen_entity, columns, cells, 5, NULL,
                                              false, &it, NULL, &check);
        if (status == EC_OK) {
            ec_entity_write_csv(&buf, &specimen_entity, &it, NULL);
            status = buf.status;
        }
        done = status == EC_OK;
        assert_true(done || status == EC_NO_MEMORY);
        ec_buf_clear(&buf);
        ec_arena_clear(&arena);
        assert_int_equal(mem.blocks, 0);
        memset(&it, 0, sizeof it);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(write__puts_one_record_for_an_object),
        CASE(read__gives_back_what_was_written),
        CASE(read__keeps_awkward_texts),
        CASE(read__knows_what_was_given),
        CASE(read__finds_the_currency_in_any_column),
        CASE(read__takes_truth_as_spreadsheets_write_it),
        CASE(read__names_field_and_rule),
        CASE(memory_running_out__is_reported_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
