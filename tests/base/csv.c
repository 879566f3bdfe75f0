/* SPDX-License-Identifier: MIT */
/*
 * CSV in and out: by example, by csv-spectrum and the naughty strings where they are at hand, in
 * pieces of every size, with broken quotes, NUL bytes, endless fields and failing streams.
 */
#include "base/csv.h"

#include "base/data.h"
#include "base/json.h"
#include "base/memory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A stream out of memory that hands out pieces of a size, and fails for a while when told to. */
typedef struct source {
    const char *text;
    size_t length;
    size_t at;
    size_t piece;
    int failures; /* to come, each before a piece */
} source;

static ec_status source_read(void *ctx, char *buffer, size_t size, size_t *got)
{
    source *from = ctx;
    if (from->failures > 0) {
        from->failures--;
        return EC_IO;
    }
    size_t count = from->length - from->at;
    count = count > size ? size : count;
    count = count > from->piece ? from->piece : count;
    memcpy(buffer, from->text + from->at, count);
    from->at += count;
    *got = count;
    return EC_OK;
}

static ec_csv_reader *open_reader(const ec_platform *platform, source *from)
{
    ec_csv_reader *reader = NULL;
    ec_status status = ec_csv_open(platform, source_read, from, &reader);
    assert_int_equal(status, EC_OK);
    return reader;
}

/* All records as one text: fields in brackets, "!" for a broken one, "#" for one too long, each
   behind its line. */
static char *read_all(const char *text, size_t length, size_t piece, int failures)
{
    memory mem;
    ec_platform platform = memory_platform(&mem);
    source from = {.text = text, .length = length, .piece = piece, .failures = failures};
    ec_csv_reader *reader = open_reader(&platform, &from);
    ec_buf buf;
    ec_buf_init(&buf, &platform, SIZE_MAX);
    int64_t expected_offset = 0;
    for (ec_status status = EC_OK; status != EC_DONE;) {
        const char *const *fields;
        size_t count;
        const char *problem;
        status = ec_csv_next(reader, &fields, &count, &problem);
        if (status == EC_IO) {
            from.failures = failures > 0 ? (int)(from.at % 3) : 0;
            continue;
        }
        if (status != EC_DONE) {
            ec_buf_printf(&buf, "%d:", (int)ec_csv_line(reader));
            assert_true(ec_csv_offset(reader) >= expected_offset);
            assert_true(ec_csv_next_offset(reader) > ec_csv_offset(reader));
            expected_offset = ec_csv_next_offset(reader);
            assert_true((status == EC_OK) == (problem == NULL));
        }
        if (status == EC_INVALID || status == EC_LIMIT) {
            ec_buf_putc(&buf, status == EC_INVALID ? '!' : '#');
            assert_null(fields);
        }
        for (size_t i = 0; i < count; i++) {
            ec_buf_printf(&buf, "[%s]", fields[i]);
        }
    }
    char *all = strdup(ec_buf_text(&buf));
    ec_buf_clear(&buf);
    ec_csv_close(reader);
    assert_int_equal(mem.blocks, 0);
    return all;
}

static void check_read_bytes(const char *text, size_t length, const char *expected)
{
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 1u << 20};
    for (size_t i = 0; i < COUNT(pieces) * 2; i++) {
        char *all = read_all(text, length, pieces[i / 2], i % 2 ? 2 : 0);
        if (strcmp(all, expected) != 0) {
            fail_msg("pieces of %zu: %s\ngives %s\nnot   %s", pieces[i / 2], text, all, expected);
        }
        free(all);
    }
}

static void check_read(const char *text, const char *expected)
{
    check_read_bytes(text, strlen(text), expected);
}

/* ---- reading ----------------------------------------------------------------------------------*/

static void csv_next__takes_all_line_ends_and_quotes(void **state)
{
    (void)state;
    check_read("a,b\nc,d\n", "1:[a][b]2:[c][d]");
    check_read("a,b\r\nc,d\r\n", "1:[a][b]2:[c][d]");
    check_read("a,b\rc,d\r", "1:[a][b]2:[c][d]");
    check_read("a,b\nc,d", "1:[a][b]2:[c][d]");
    check_read("a,b\nc,", "1:[a][b]2:[c][]");
    check_read("a\n\"b\"", "1:[a]2:[b]");
    check_read("\"a \"\"q\"\"\",\"x,y\",\"\"\n", "1:[a \"q\"][x,y][]");
    check_read("\"l1\nl2\r\nl3\rl4\",e\nnext\n", "1:[l1\nl2\r\nl3\rl4][e]5:[next]");
    check_read("\"\"\"\"\n\"\"\"a\"\"\"\n", "1:[\"]2:[\"a\"]");
    check_read(",\n,,\n", "1:[][]2:[][][]");
    check_read(" a , b \n", "1:[ a ][ b ]");
    check_read("ñandú,€\n", "1:[ñandú][€]");
}

static void csv_next__skips_empty_lines_and_a_byte_order_mark(void **state)
{
    (void)state;
    check_read("", "");
    check_read("\n\r\n\r\r", "");
    check_read("\xEF\xBB\xBF", "");
    check_read("\xEF\xBB\xBF"
               "a\n",
               "1:[a]");
    check_read("\xEF\xBB\xBF\"a\"\n", "1:[a]");
    check_read("\xEF\xBB"
               "a\n",
               "1:[\xEF\xBB"
               "a]");
    check_read("\n\n\na\r\n\r\nb\r\rc", "4:[a]6:[b]8:[c]");
    check_read("\"\"\n", "1:[]");
    check_read("a\n\xEF\xBB\xBF"
               "b\n",
               "1:[a]2:[\xEF\xBB\xBF"
               "b]");
}

static void csv_next__loses_one_record_for_a_broken_quote(void **state)
{
    (void)state;
    check_read("a\n\"x\"y,z\nb\n", "1:[a]2:!3:[b]");
    check_read("a\nx,\"never closed\nb,1\nc,2\n", "1:[a]2:!3:[b][1]4:[c][2]");
    check_read("a\r\nx,\"never closed\r\nb,\"1\"\r\nc,2\r\n", "1:[a]2:!3:[b][1]4:[c][2]");
    check_read("a\n\"never closed", "1:[a]2:!");
    check_read("a\n\"", "1:[a]2:!");
    check_read("\"a\nb\",\"c\nd\"\"\n3,4\n", "1:!3:[d\"\"]4:[3][4]");
    check_read("a,\"one\" two\",b\nc\n", "1:!2:[c]");
    check_read("a,\"one\"\"two\" ,\"b\nc\",d\ne\n", "1:!3:[e]");
}

static void csv_next__takes_quotes_inside_unquoted_fields(void **state)
{
    (void)state;
    check_read("5\" pipe,x\nb \"c\" d,\"e\"\n", "1:[5\" pipe][x]2:[b \"c\" d][e]");
    check_read("5\",\"two\nlines\",x\"\nc\n", "1:[5\"][two\nlines][x\"]3:[c]");
    check_read(" \"a\" ,b\"\"\n", "1:[ \"a\" ][b\"\"]");
}

static void csv_next__refuses_nul_bytes(void **state)
{
    (void)state;
    check_read_bytes("a\nb\0c,d\ne\n", 10, "1:[a]2:!3:[e]");
    check_read_bytes("a\n\"b\0c\",d\ne\n", 12, "1:[a]2:!3:[e]");
    check_read_bytes("\0", 1, "1:!");
}

static void csv_next__limits_the_number_of_fields(void **state)
{
    (void)state;
    char text[2 * EC_CSV_FIELDS_MAX + 16];
    memset(text, ',', sizeof text);
    text[EC_CSV_FIELDS_MAX - 1] = '\n';
    memcpy(text + EC_CSV_FIELDS_MAX + EC_CSV_FIELDS_MAX, "\nok\n", 5);
    char *all = read_all(text, strlen(text), 100, 0);
    assert_int_equal(strlen(all), 2 + 2 * EC_CSV_FIELDS_MAX + strlen("2:#3:[ok]"));
    assert_non_null(strstr(all, "[]2:#3:[ok]"));
    free(all);
}

/* ---- endless records --------------------------------------------------------------------------*/

/* head, then so many bytes (each 64th a line end when asked for), then tail; in constant memory */
typedef struct endless {
    const char *head;
    size_t bytes;
    const char *tail;
    bool lines;
    size_t at;
} endless;

static ec_status endless_read(void *ctx, char *buffer, size_t size, size_t *got)
{
    endless *from = ctx;
    size_t head = strlen(from->head);
    size_t end = head + from->bytes;
    const char *part = from->at < head  ? from->head + from->at
                       : from->at < end ? NULL
                                        : from->tail + (from->at - end);
    size_t left = part ? strlen(part) : end - from->at;
    size_t count = left < size ? left : size;
    if (part) {
        memcpy(buffer, part, count);
    } else {
        memset(buffer, 'x', count);
        for (size_t at = (64 - from->at % 64) % 64; from->lines && at < count; at += 64) {
            buffer[at] = '\n';
        }
    }
    from->at += count;
    *got = count;
    return EC_OK;
}

static void check_endless(const char *head, size_t bytes, const char *tail, bool lines,
                          ec_status status, const char *after)
{
    memory mem;
    ec_platform platform = memory_platform(&mem);
    endless from = {.head = head, .bytes = bytes, .tail = tail, .lines = lines};
    ec_csv_reader *reader = NULL;
    assert_int_equal(ec_csv_open(&platform, endless_read, &from, &reader), EC_OK);
    const char *const *fields;
    size_t count;
    const char *problem;
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), status);
    assert_int_equal(ec_csv_line(reader), 1);
    if (after) {
        assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_OK);
        assert_string_equal(fields[0], after);
        int64_t line = 0; /* one for the first, less the one behind the record after */
        for (const char *end = tail; (end = strchr(end, '\n')) != NULL; end++) {
            line++;
        }
        line += lines ? (int64_t)((strlen(head) + bytes - 1) / 64) : 0; /* head is shorter */
        assert_int_equal(ec_csv_line(reader), line);
        assert_int_equal(ec_csv_offset(reader),
                         strlen(head) + bytes + strlen(tail) - strlen(after) - 1);
    }
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_DONE);
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_DONE);
    ec_csv_close(reader);
    assert_int_equal(mem.blocks, 0);
    assert_true(mem.greatest <= EC_CSV_RECORD_MAX + 1);
}

static void csv_next__skips_a_field_of_100_mb_in_constant_memory(void **state)
{
    (void)state;
    const size_t mb100 = 100u << 20;
    check_endless("a,", mb100, ",z\nnext\n", false, EC_LIMIT, "next");
    check_endless("a,\"", mb100, "\",\"z\"\r\nnext\n", true, EC_LIMIT, "next");
    check_endless("a,\"", mb100, "\"\"\n\",z\nnext\n", false, EC_LIMIT, "next");
}

static void csv_next__takes_a_record_just_below_the_limit(void **state)
{
    (void)state;
    check_endless("a,\"", EC_CSV_RECORD_MAX - 5, "\"\nnext\n", false, EC_OK, "next");
    check_endless("a,\"", EC_CSV_RECORD_MAX - 4, "\"\nnext\n", false, EC_LIMIT, "next");
    check_endless("a,\"", EC_CSV_RECORD_MAX, "", false, EC_LIMIT, NULL);
}

/* ---- resuming ---------------------------------------------------------------------------------*/

static void csv_offset__lets_another_reader_resume(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBFhandle,body\r\n\r\na,\"two\r\nlines\"\r\nb,\"broken\r\n"
                               "c,\"q\"\"q\"\r\n\"5\" x\rd,4\n\ne,5";
    memory mem;
    ec_platform platform = memory_platform(&mem);
    source from = {.text = text, .length = sizeof text - 1, .piece = 5};
    ec_csv_reader *reader = open_reader(&platform, &from);
    const char *const *fields;
    size_t count;
    const char *problem;
    int records = 0;
    for (ec_status status; (status = ec_csv_next(reader, &fields, &count, &problem)) != EC_DONE;) {
        size_t places[] = {(size_t)ec_csv_offset(reader), (size_t)ec_csv_next_offset(reader)};
        const char *first = status == EC_OK ? fields[0] : NULL;
        source again = {.text = text + places[0], .length = from.length - places[0], .piece = 3};
        ec_csv_reader *second = open_reader(&platform, &again);
        const char *const *same;
        assert_int_equal(ec_csv_next(second, &same, &count, &problem), status);
        assert_int_equal(ec_csv_offset(second), 0);
        assert_int_equal(ec_csv_next_offset(second), places[1] - places[0]);
        if (first) {
            assert_string_equal(same[0], first);
        }
        ec_csv_close(second);
        records++;
    }
    assert_int_equal(records, 7);
    assert_int_equal(ec_csv_next_offset(reader), sizeof text - 1);
    ec_csv_close(reader);
    assert_int_equal(mem.blocks, 0);
}

/* ---- csv-spectrum -----------------------------------------------------------------------------*/

static void check_spectrum(const char *name)
{
    char path[1024];
    char file[256];
    size_t lengths[2];
    memory mem;
    ec_platform platform = memory_platform(&mem);
    snprintf(file, sizeof file, "vectors/csv-spectrum/csvs/%s.csv", name);
    char *csv = file_read(data_path(file, path), &lengths[0]);
    snprintf(file, sizeof file, "vectors/csv-spectrum/json/%s.json", name);
    char *text = file_read(data_path(file, path), &lengths[1]);
    if (!csv || !text) {
        return;
    }
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    ec_json *list;
    assert_int_equal(ec_json_parse(&arena, text, lengths[1], &list, NULL, NULL), EC_OK);
    source from = {.text = csv, .length = lengths[0], .piece = 10};
    ec_csv_reader *reader = open_reader(&platform, &from);
    const char *const *fields;
    size_t count;
    const char *problem;
    const char *headers[16];
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_OK);
    size_t columns = count;
    for (size_t i = 0; i < columns; i++) {
        headers[i] = ec_arena_strdup(&arena, fields[i]);
    }
    for (const ec_json *row = list->type == EC_JSON_ARRAY ? list->child : list; row;
         row = row->next) {
        assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_OK);
        assert_int_equal(count, columns);
        for (size_t i = 0; i < columns; i++) {
            if (strcmp(headers[i], "Contact Phone Number") !=
                0) { /* the pair disagrees with itself */
                assert_string_equal(fields[i], ec_json_member(row, headers[i])->text);
            }
        }
    }
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_DONE);
    ec_csv_close(reader);
    ec_arena_clear(&arena);
    free(csv);
    free(text);
    assert_int_equal(mem.blocks, 0);
}

static void csv_next__reads_csv_spectrum(void **state)
{
    (void)state;
    static const char *const names[] = {
        "comma_in_quotes",
        "empty",
        "empty_crlf",
        "escaped_quotes",
        "json",
        "newlines",
        "newlines_crlf",
        "quotes_and_newlines",
        "simple",
        "utf8",
        "location_coordinates",
        "simple_crlf",
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        check_spectrum(names[i]);
    }
    check_read("first,address\nJohn,\"120 any st., Anytown, WW 08123\"\n",
               "1:[first][address]2:[John][120 any st., Anytown, WW 08123]");
    check_read("a,b\n1,\"{\"\"type\"\": \"\"Point\"\", \"\"c\"\": [102.0, 0.5]}\"\n",
               "1:[a][b]2:[1][{\"type\": \"Point\", \"c\": [102.0, 0.5]}]");
}

/* ---- writing ----------------------------------------------------------------------------------*/

static void csv_put__quotes_what_needs_it_and_defuses_formulas(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"plain", "plain"},    {NULL, ""},
        {"a,b", "\"a,b\""},    {"a\"b", "\"a\"\"b\""},
        {"\"", "\"\"\"\""},    {"a\nb", "\"a\nb\""},
        {"=1+2", "'=1+2"},     {"@SUM(1,2)", "\"'@SUM(1,2)\""},
        {"+cmd|x", "'+cmd|x"}, {"-x", "'-x"},
        {"\tx", "'\tx"},       {"\rx", "\"'\rx\""},
        {"'=x", "''=x"},       {"'quoted'", "'quoted'"},
        {"-12.50", "-12.50"},  {"+7", "+7"},
        {"-", "'-"},           {"-1-1", "'-1-1"},
        {"-.5", "'-.5"},       {"-1.", "'-1."},
        {"a=b", "a=b"},
    };
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_buf buf;
    ec_buf_init(&buf, &platform, SIZE_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        ec_buf_reset(&buf);
        ec_csv_put(&buf, rows[i][0], true, false);
        assert_string_equal(ec_buf_text(&buf), rows[i][1]);
    }
    ec_buf_reset(&buf);
    ec_csv_put(&buf, "=a", true, true);
    ec_csv_put(&buf, "b", false, false);
    ec_csv_end(&buf);
    ec_csv_put(&buf, "", true, false);
    ec_csv_end(&buf);
    assert_string_equal(ec_buf_text(&buf), "=a,b\r\n\"\"\r\n");
    assert_null(ec_csv_unprotect(NULL));
    assert_string_equal(ec_csv_unprotect("'tis"), "'tis");
    assert_string_equal(ec_csv_unprotect("'-5"), "'-5");
    assert_string_equal(ec_csv_unprotect("'=5"), "=5");
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
}

/* Write a table of two columns, read it back and compare. */
static void check_table(const char *const *texts, size_t count)
{
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_buf buf;
    ec_buf_init(&buf, &platform, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        ec_csv_put(&buf, texts[i], true, false);
        ec_csv_put(&buf, texts[count - 1 - i], false, false);
        ec_csv_end(&buf);
        ec_csv_put(&buf, texts[i], true, false);
        ec_csv_end(&buf);
    }
    source from = {.text = ec_buf_text(&buf), .length = buf.length, .piece = 1000};
    ec_csv_reader *reader = open_reader(&platform, &from);
    const char *const *fields;
    size_t columns;
    const char *problem;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(ec_csv_next(reader, &fields, &columns, &problem), EC_OK);
        assert_int_equal(columns, 2);
        assert_string_equal(ec_csv_unprotect(fields[0]), texts[i]);
        assert_string_equal(ec_csv_unprotect(fields[1]), texts[count - 1 - i]);
        assert_int_equal(ec_csv_next(reader, &fields, &columns, &problem), EC_OK);
        assert_int_equal(columns, 1);
        assert_string_equal(ec_csv_unprotect(fields[0]), texts[i]);
    }
    assert_int_equal(ec_csv_next(reader, &fields, &columns, &problem), EC_DONE);
    ec_csv_close(reader);
    ec_buf_clear(&buf);
    assert_int_equal(mem.blocks, 0);
}

static void csv__carries_naughty_strings(void **state)
{
    (void)state;
    static const char *const own[] = {
        "",          "\xEF\xBB\xBFmark",
        "=1+1",      "'=1+1",
        "''=1+1",    "'",
        "''",        "-1",
        "\"\"\"",    "\r",
        "\n",        "\r\n",
        ",",         " ",
        "\t",        "田中さん",
        "@x",        "+1",
        "Ω≈ç√∫˜µ≤≥", "%n",
        "'-1",       "-",
        "\\",        "'; DROP TABLE t",
    };
    check_table(own, COUNT(own));
    char path[1024];
    size_t length;
    char *text = file_read(data_path("vectors/blns/blns.json", path), &length);
    if (!text) {
        return;
    }
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_json *list;
    ec_arena_init(&arena, &platform);
    assert_int_equal(ec_json_parse(&arena, text, length, &list, NULL, NULL), EC_OK);
    const char **texts = ec_arena_array(&arena, list->count, sizeof *texts);
    size_t count = 0;
    for (const ec_json *item = list->child; item; item = item->next) {
        texts[count] = item->text;
        count += strlen(item->text) == item->length;
    }
    check_table(texts, count);
    ec_arena_clear(&arena);
    free(text);
}

/* Texts made of the awkward bytes only: whatever was written is read. */
static void csv__carries_random_texts(void **state)
{
    (void)state;
    static const char bytes[] = "\"\",'=+-@\t\r\n01.aé";
    uint64_t seed = UINT64_C(4711);
    for (int round = 0; round < 300; round++) {
        char texts[40][16];
        const char *table[40];
        for (size_t i = 0; i < COUNT(texts); i++) {
            size_t length = random_next(&seed) % sizeof texts[i];
            for (size_t k = 0; k < length; k++) {
                texts[i][k] = bytes[random_next(&seed) % (sizeof bytes - 1)];
            }
            texts[i][length] = '\0';
            table[i] = texts[i];
        }
        check_table(table, COUNT(table));
    }
}

/* Random bytes: the same records whatever the pieces, and no place is lost. */
static void csv_next__does_not_depend_on_the_pieces(void **state)
{
    (void)state;
    static const char bytes[] = "\"\"\",,\r\n\nab";
    uint64_t seed = UINT64_C(12);
    for (int round = 0; round < 2000; round++) {
        size_t length = 1 + random_next(&seed) % 60;
        char *text = malloc(length);
        assert_non_null(text);
        for (size_t k = 0; k < length; k++) {
            text[k] = bytes[random_next(&seed) % (sizeof bytes - 1)];
        }
        char *whole = read_all(text, length, length, 0);
        char *pieces = read_all(text, length, 1 + random_next(&seed) % 4, round % 3);
        assert_string_equal(pieces, whole);
        free(whole);
        free(pieces);
        free(text);
    }
}

/* ---- memory -----------------------------------------------------------------------------------*/

static ec_status use_csv(const ec_platform *platform)
{
    endless from = {.head = "a,\"", .bytes = 500000, .tail = "\"\nb\n"};
    ec_csv_reader *reader;
    ec_status status = ec_csv_open(platform, endless_read, &from, &reader);
    if (status != EC_OK) {
        return status;
    }
    const char *const *fields;
    size_t count;
    const char *problem;
    while ((status = ec_csv_next(reader, &fields, &count, &problem)) == EC_OK) {
        assert_int_equal(strlen(fields[0]), 1);
    }
    ec_csv_close(reader);
    return status == EC_DONE ? EC_OK : status;
}

static void csv__survives_a_failure_of_each_allocation(void **state)
{
    (void)state;
    memory_fail_everywhere(use_csv);
}

static void csv_next__goes_on_after_memory_was_out(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    endless from = {.head = "a,\"", .bytes = 500000, .tail = "\"\nb\n"};
    ec_csv_reader *reader;
    assert_int_equal(ec_csv_open(&platform, endless_read, &from, &reader), EC_OK);
    const char *const *fields;
    size_t count;
    const char *problem;
    mem.fail_at = mem.calls + 3;
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_NO_MEMORY);
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_NO_MEMORY);
    mem.fail_at = 0;
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_OK);
    assert_int_equal(strlen(fields[1]), 500000);
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_OK);
    assert_int_equal(ec_csv_next(reader, &fields, &count, &problem), EC_DONE);
    ec_csv_close(reader);
    ec_csv_close(NULL);
    assert_int_equal(mem.blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_next__takes_all_line_ends_and_quotes),
        cmocka_unit_test(csv_next__skips_empty_lines_and_a_byte_order_mark),
        cmocka_unit_test(csv_next__loses_one_record_for_a_broken_quote),
        cmocka_unit_test(csv_next__takes_quotes_inside_unquoted_fields),
        cmocka_unit_test(csv_next__refuses_nul_bytes),
        cmocka_unit_test(csv_next__limits_the_number_of_fields),
        cmocka_unit_test(csv_next__skips_a_field_of_100_mb_in_constant_memory),
        cmocka_unit_test(csv_next__takes_a_record_just_below_the_limit),
        cmocka_unit_test(csv_offset__lets_another_reader_resume),
        cmocka_unit_test(csv_next__reads_csv_spectrum),
        cmocka_unit_test(csv_put__quotes_what_needs_it_and_defuses_formulas),
        cmocka_unit_test(csv__carries_naughty_strings),
        cmocka_unit_test(csv__carries_random_texts),
        cmocka_unit_test(csv_next__does_not_depend_on_the_pieces),
        cmocka_unit_test(csv__survives_a_failure_of_each_allocation),
        cmocka_unit_test(csv_next__goes_on_after_memory_was_out),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
