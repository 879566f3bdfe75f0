/* SPDX-License-Identifier: MIT */
/*
 * storage_statements.c - conformance of storage adapters: values, statements, refusals, effects.
 */
#include "adapter/subjects.h"

/* ---- facts --------------------------------------------------------------------------------- */

static void dialect__names_every_fact(void **state)
{
    fixture *f = *state;
    const ec_dialect *d = f->dialect;
    const char *const texts[] = {d->name,          d->id_column,     d->integer,
                                 d->boolean,       d->text_format,   d->long_text,
                                 d->blob,          d->table_tail,    d->for_update,
                                 d->insert_ignore, d->upsert_format, d->excluded_format,
                                 d->like_escape};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_non_null(texts[i]);
    }
    assert_true(d->max_parameters >= 1000);
    assert_int_equal(f->storage->ops->version, EC_STORAGE_VERSION);
    assert_int_equal(strncmp(f->uri, f->storage->ops->name, strlen(f->storage->ops->name)), 0);
}

/* ---- values -------------------------------------------------------------------------------- */

static ec_status insert_extremes(ec_conn *conn, void *ctx)
{
    ec_storage_error *error = ctx;
    const char *sql = "INSERT INTO item (code, quantity, note, data) VALUES (?, ?, ?, ?)";
    const ec_value rows[][4] = {
        {v_text("max"), v_int(INT64_MAX), v_text("\xc3\xb1\xe2\x82\xac\xf0\x9f\x9b\x92"),
         v_bytes(EC_VALUE_BLOB, "\0\1\xff", 3)},
        {v_text("zero"), v_int(0), v_text(""), v_bytes(EC_VALUE_BLOB, NULL, 0)},
        {v_text("null"), v_int(1), {.type = EC_VALUE_NULL}, {.type = EC_VALUE_NULL}},
        {v_text("unterminated"), v_int(2), v_bytes(EC_VALUE_TEXT, "abcdef", 3),
         v_bytes(EC_VALUE_BLOB, "abcdef", 2)},
        {v_text("empty"), v_int(3), v_bytes(EC_VALUE_TEXT, NULL, 0), {.type = EC_VALUE_NULL}},
    };
    ec_status status = EC_OK;
    for (size_t i = 0; status == EC_OK && i < sizeof rows / sizeof rows[0]; i++) {
        status = run_with(conn, sql, rows[i], 4, error);
    }
    return status;
}

static void assert_text(ec_stmt *stmt, int column, const char *expected, size_t length)
{
    size_t found = 99;
    const char *text = stmt->ops->column_text(stmt, column, &found);
    assert_non_null(text);
    assert_int_equal(found, length);
    assert_memory_equal(text, expected, length);
    assert_int_equal(text[length], '\0');
}

static ec_stmt *select_item(ec_conn *conn, const char *code)
{
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    ec_value value = v_text(code);
    assert_int_equal(conn->ops->start(conn, "SELECT quantity, note, data FROM item WHERE code = ?",
                                      &value, 1, &stmt, &error),
                     EC_OK);
    assert_int_equal(conn->ops->step(stmt, &error), EC_OK);
    return stmt;
}

static void values__come_back_as_they_went_in(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    assert_int_equal(transact(f, insert_extremes, &error), EC_OK);
    ec_conn *conn = read_begin(f);
    const ec_storage_ops *ops = conn->ops;

    ec_stmt *stmt = select_item(conn, "max");
    assert_int_equal(ops->column_count(stmt), 3);
    assert_int_equal(ops->column_type(stmt, 0), EC_VALUE_INT);
    assert_true(ops->column_int(stmt, 0) == INT64_MAX);
    assert_int_equal(ops->column_type(stmt, 1), EC_VALUE_TEXT);
    assert_text(stmt, 1, "\xc3\xb1\xe2\x82\xac\xf0\x9f\x9b\x92", 9);
    assert_int_equal(ops->column_type(stmt, 2), EC_VALUE_BLOB);
    assert_text(stmt, 2, "\0\1\xff", 3);
    ops->finish(stmt);

    stmt = select_item(conn, "zero");
    assert_true(ops->column_int(stmt, 0) == 0);
    assert_int_equal(ops->column_type(stmt, 1), EC_VALUE_TEXT);
    assert_text(stmt, 1, "", 0);
    assert_int_equal(ops->column_type(stmt, 2), EC_VALUE_BLOB);
    assert_text(stmt, 2, "", 0);
    ops->finish(stmt);

    stmt = select_item(conn, "null");
    size_t length = 99;
    assert_int_equal(ops->column_type(stmt, 1), EC_VALUE_NULL);
    assert_null(ops->column_text(stmt, 1, &length));
    assert_int_equal(length, 0);
    assert_null(ops->column_text(stmt, 2, NULL));
    ops->finish(stmt);

    stmt = select_item(conn, "unterminated");
    assert_text(stmt, 1, "abc", 3);
    assert_text(stmt, 2, "ab", 2);
    ops->finish(stmt);

    stmt = select_item(conn, "empty");
    assert_int_equal(ops->column_type(stmt, 1), EC_VALUE_TEXT);
    assert_text(stmt, 1, "", 0);
    ops->finish(stmt);
    read_end(f, conn);
}

static void column_text__writes_numbers_in_decimal(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_conn *conn = read_begin(f);
    ec_stmt *stmt = NULL;
    ec_value value = v_int(INT64_MIN);
    assert_int_equal(conn->ops->start(conn, "SELECT ?", &value, 1, &stmt, &error), EC_OK);
    assert_int_equal(conn->ops->step(stmt, &error), EC_OK);
    assert_text(stmt, 0, "-9223372036854775808", 20);
    assert_true(conn->ops->column_int(stmt, 0) == INT64_MIN);
    conn->ops->finish(stmt);
    read_end(f, conn);
}

static ec_status insert_large(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_value values[] = {v_text("large"), v_bytes(EC_VALUE_BLOB, ctx, 1 << 20)};
    return run_with(conn, "INSERT INTO item (code, data) VALUES (?, ?)", values, 2, &error);
}

static void values__may_be_a_megabyte(void **state)
{
    fixture *f = *state;
    char *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    for (int i = 0; i < 1 << 20; i++) {
        bytes[i] = (char)(i * 31 >> 3);
    }
    assert_int_equal(transact(f, insert_large, bytes), EC_OK);
    ec_conn *conn = read_begin(f);
    ec_stmt *stmt = select_item(conn, "large");
    assert_text(stmt, 2, bytes, 1 << 20);
    conn->ops->finish(stmt);
    read_end(f, conn);
    free(bytes);
}

static ec_status insert_hostile(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_value values[] = {v_text("x'); DROP TABLE item; --"), v_text("' OR 1=1 \\ \" `")};
    (void)ctx;
    return run_with(conn, "INSERT INTO item (code, note) VALUES (?, ?)", values, 2, &error);
}

static void values__are_bound_and_not_spliced(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, insert_hostile, NULL), EC_OK);
    ec_conn *conn = read_begin(f);
    ec_stmt *stmt = select_item(conn, "x'); DROP TABLE item; --");
    assert_text(stmt, 1, "' OR 1=1 \\ \" `", 14);
    conn->ops->finish(stmt);
    read_end(f, conn);
    assert_int_equal(count_items(f), 1);
}

static void values__reach_the_stated_number_of_parameters(void **state)
{
    fixture *f = *state;
    static const char head[] = "SELECT COUNT(*) + 1 FROM item WHERE id IN (";
    ec_storage_error error = {0};
    size_t count = (size_t)f->dialect->max_parameters;
    ec_value *values = calloc(count, sizeof *values);
    char *sql = calloc(count + 1, 2 + sizeof head);
    assert_non_null(values);
    assert_non_null(sql);
    memcpy(sql, head, sizeof head - 1);
    char *end = sql + sizeof head - 1;
    for (size_t i = 0; i < count; i++) {
        values[i] = v_int((int64_t)i);
        *end++ = '?';
        *end++ = i + 1 < count ? ',' : ')';
    }
    ec_conn *conn = read_begin(f);
    assert_int_equal(run_with(conn, sql, values, count, &error), EC_OK);
    read_end(f, conn);
    free(values);
    free(sql);
}

/* ---- statements ---------------------------------------------------------------------------- */

static ec_status insert_once(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    (void)ctx;
    assert_int_equal(
        conn->ops->start(conn, "INSERT INTO item (code) VALUES ('once')", NULL, 0, &stmt, &error),
        EC_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(conn->ops->step(stmt, &error), EC_DONE);
    }
    conn->ops->finish(stmt);
    return EC_OK;
}

static void step__has_its_effect_once(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, insert_once, NULL), EC_OK);
    assert_int_equal(count_items(f), 1);
}

static void start__refuses_a_wrong_number_of_values(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_value values[] = {v_int(1), v_int(2), v_int(3)};
    ec_conn *conn = read_begin(f);
    ec_stmt *stmt = NULL;
    for (size_t count = 0; count <= 3; count++) {
        ec_status expected = count == 2 ? EC_OK : EC_MISUSE;
        assert_int_equal(conn->ops->start(conn, "SELECT ?, ?", values, count, &stmt, &error),
                         expected);
        assert_true((stmt != NULL) == (expected == EC_OK));
        conn->ops->finish(stmt);
    }
    read_end(f, conn);
}

static void start__refuses_a_text_that_is_not_one_statement(void **state)
{
    fixture *f = *state;
    ec_conn *conn = read_begin(f);
    assert_int_equal(run(conn, ""), EC_MISUSE);
    assert_int_equal(run(conn, "  "), EC_MISUSE);
    assert_int_equal(run(conn, "SELECT 1; SELECT 2"), EC_MISUSE);
    assert_int_equal(run(conn, "SELECT 1"), EC_OK);
    for (int i = 0; i < 3; i++) { /* what follows the end of the statement is no part of it */
        assert_int_equal(number_of(conn, "SELECT 11;                           ", 0), 11);
        assert_int_equal(number_of(conn, "SELECT 12;", 0), 12);
        assert_int_equal(number_of(conn, "SELECT 13 ", 0), 13);
    }
    read_end(f, conn);
}

static void start__tells_an_unknown_table_or_column(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_conn *conn = read_begin(f);
    assert_int_equal(run_with(conn, "SELECT * FROM nothing_here", NULL, 0, &error), EC_SCHEMA);
    assert_int_equal(error.status, EC_SCHEMA);
    assert_non_null(strstr(error.message, "nothing_here"));
    assert_int_not_equal(error.code, 0);
    assert_int_equal(run(conn, "SELECT no_such_column FROM item"), EC_SCHEMA);
    assert_int_equal(number_of(conn, "SELECT 7", 0), 7);
    read_end(f, conn);
}

static void start__runs_one_text_twice_at_the_same_time(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_stmt *outer = NULL;
    ec_stmt *inner = NULL;
    const char *sql = "SELECT id FROM item WHERE id > ? ORDER BY id";
    ec_value from = v_int(0);
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a'), ('b'), ('c')"),
                     EC_OK);
    ec_conn *conn = read_begin(f);
    const ec_storage_ops *ops = conn->ops;
    int pairs = 0;
    assert_int_equal(ops->start(conn, sql, &from, 1, &outer, &error), EC_OK);
    while (ops->step(outer, &error) == EC_OK) {
        ec_value after = v_int(ops->column_int(outer, 0));
        assert_int_equal(ops->start(conn, sql, &after, 1, &inner, &error), EC_OK);
        while (ops->step(inner, &error) == EC_OK) {
            pairs++;
        }
        ops->finish(inner);
    }
    ops->finish(outer);
    assert_int_equal(pairs, 3);
    read_end(f, conn);
}

static void start__keeps_its_answers_over_many_texts(void **state)
{
    fixture *f = *state;
    ec_conn *conn = read_begin(f);
    for (int i = 0; i < 3000; i++) {
        char sql[64];
        (void)snprintf(sql, sizeof sql, "SELECT %d + 0", i * 7 % 1000);
        assert_int_equal(number_of(conn, sql, -1), i * 7 % 1000);
    }
    read_end(f, conn);
}

static void finish__takes_null_and_statements_in_any_state(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    ec_conn *conn = read_begin(f);
    conn->ops->finish(NULL);
    assert_int_equal(conn->ops->start(conn, "SELECT 1", NULL, 0, &stmt, &error), EC_OK);
    conn->ops->finish(stmt); /* never stepped */
    assert_int_equal(conn->ops->start(conn, "SELECT 1", NULL, 0, &stmt, &error), EC_OK);
    assert_int_equal(conn->ops->step(stmt, &error), EC_OK);
    conn->ops->finish(stmt); /* in the middle of its rows */
    read_end(f, conn);
}

static ec_status leave_running(ec_conn *conn, void *ctx)
{
    ec_storage_error error = {0};
    ec_stmt **stmt = ctx;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('left')"), EC_OK);
    assert_int_equal(conn->ops->start(conn, "SELECT id FROM item", NULL, 0, stmt, &error), EC_OK);
    return conn->ops->step(*stmt, &error);
}

static void transact__settles_statements_that_a_closure_left(void **state)
{
    fixture *f = *state;
    ec_stmt *stmt = NULL;
    assert_int_equal(transact(f, leave_running, &stmt), EC_OK);
    assert_int_equal(count_items(f), 1);
}

/* ---- constraints --------------------------------------------------------------------------- */

typedef struct refusal {
    const char *sql;
    ec_status expected;
} refusal;

static ec_status try_refusal(ec_conn *conn, void *ctx)
{
    const refusal *row = ctx;
    ec_storage_error error = {0};
    ec_status status = run_with(conn, row->sql, NULL, 0, &error);
    if (status != row->expected) {
        fail_msg("%s: status %d, %s", row->sql, (int)status, error.message);
    }
    assert_int_equal(error.status, status);
    assert_true(error.message[0] != '\0' && error.code != 0);
    return status;
}

static void constraints__are_told_apart(void **state)
{
    fixture *f = *state;
    static refusal rows[] = {
        {"INSERT INTO item (code) VALUES ('a')", EC_EXISTS},
        {"INSERT INTO item (id, code) VALUES (1, 'z')", EC_EXISTS},
        {"UPDATE item SET code = 'a' WHERE code = 'b'", EC_EXISTS},
        {"INSERT INTO item (code, quantity) VALUES ('c', -1)", EC_INVALID},
        {"UPDATE item SET quantity = quantity - 1 WHERE code = 'a'", EC_INVALID},
        {"INSERT INTO item (code) VALUES (NULL)", EC_INVALID},
        {"INSERT INTO part (item_id) VALUES (4711)", EC_INVALID},
        {"DELETE FROM item WHERE code = 'a'", EC_IN_USE},
        {"  delete from item where code = 'b'", EC_IN_USE},
    };
    assert_int_equal(write_script(f->storage,
                                  "INSERT INTO item (id, code) VALUES (1, 'a'), (2, 'b');"
                                  "INSERT INTO part (item_id) VALUES (1);"
                                  "INSERT INTO strict_part (item_id) VALUES (2)"),
                     EC_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(transact(f, try_refusal, &rows[i]), rows[i].expected);
    }
    assert_int_equal(count_items(f), 2);
}

/* ---- effects ------------------------------------------------------------------------------- */

static ec_status count_affected(ec_conn *conn, void *ctx)
{
    (void)ctx;
    const ec_storage_ops *ops = conn->ops;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('a'), ('b'), ('c')"), EC_OK);
    assert_int_equal(ops->affected(conn), 3);
    assert_int_equal(run(conn, "UPDATE item SET quantity = quantity + 1 WHERE code <> 'a'"), EC_OK);
    assert_int_equal(ops->affected(conn), 2);
    assert_int_equal(number_of(conn, "SELECT COUNT(*) FROM item", 0), 3);
    assert_int_equal(ops->affected(conn), 2);
    assert_int_equal(run(conn, "UPDATE item SET quantity = 9 WHERE quantity > 100"), EC_OK);
    assert_int_equal(ops->affected(conn), 0);
    assert_int_equal(run(conn, "DELETE FROM item WHERE code = 'c'"), EC_OK);
    assert_int_equal(ops->affected(conn), 1);
    return EC_OK;
}

static void affected__counts_the_rows_of_the_last_change(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, count_affected, NULL), EC_OK);
}

static ec_status insert_numbered(ec_conn *conn, void *ctx)
{
    const ec_dialect *d = ctx;
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('a')"), EC_OK);
    int64_t first = conn->ops->last_id(conn);
    assert_true(first > 0);
    assert_int_equal(run(conn, "INSERT INTO item (code) VALUES ('b'), ('c'), ('d')"), EC_OK);
    int64_t last = conn->ops->last_id(conn);
    last += d->last_id_is_first ? 2 : 0;
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM item WHERE id BETWEEN %lld AND %lld",
                   (long long)last - 2, (long long)last);
    assert_int_equal(number_of(conn, sql, 0), 3);
    assert_int_equal(number_of(conn, "SELECT id FROM item WHERE code = 'd'", 0), last);
    return EC_OK;
}

static void last_id__numbers_several_rows_without_gaps(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, insert_numbered, (void *)(uintptr_t)f->dialect), EC_OK);
}

static void identifiers__are_never_used_again(void **state)
{
    fixture *f = *state;
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES ('a'), ('b');"
                                              "DELETE FROM item;"
                                              "INSERT INTO item (code) VALUES ('c')"),
                     EC_OK);
    assert_int_equal(read_number(f->storage, "SELECT id FROM item"), 3);
}

/* The dialect's phrases with one %s each. */
static void phrase(char *out, size_t size, const char *format, const char *argument)
{
    const char *mark = strstr(format, "%s");
    if (mark == NULL) {
        (void)snprintf(out, size, "%s", format);
    } else {
        (void)snprintf(out, size, "%.*s%s%s", (int)(mark - format), format, argument, mark + 2);
    }
}

static ec_status insert_again(ec_conn *conn, void *ctx)
{
    const ec_dialect *d = ctx;
    char conflict[128];
    char excluded[64];
    char sql[512];
    assert_int_equal(run(conn, "INSERT INTO item (code, quantity) VALUES ('a', 1)"), EC_OK);
    (void)snprintf(sql, sizeof sql, "%s item (code, quantity) VALUES ('a', 5), ('b', 6)",
                   d->insert_ignore);
    assert_int_equal(run(conn, sql), EC_OK);
    assert_int_equal(conn->ops->affected(conn), 1);
    phrase(conflict, sizeof conflict, d->upsert_format, "code");
    phrase(excluded, sizeof excluded, d->excluded_format, "quantity");
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO item (code, quantity) VALUES ('a', 10), ('c', 30) %s"
                   " quantity = item.quantity + %s",
                   conflict, excluded);
    assert_int_equal(run(conn, sql), EC_OK);
    assert_int_equal(number_of(conn, "SELECT quantity FROM item WHERE code = 'a'", 0), 11);
    assert_int_equal(number_of(conn, "SELECT quantity FROM item WHERE code = 'b'", 0), 6);
    assert_int_equal(number_of(conn, "SELECT quantity FROM item WHERE code = 'c'", 0), 30);
    return EC_OK;
}

static void dialect__inserts_what_may_exist(void **state)
{
    fixture *f = *state;
    assert_int_equal(transact(f, insert_again, (void *)(uintptr_t)f->dialect), EC_OK);
}

static void dialect__escapes_patterns(void **state)
{
    fixture *f = *state;
    ec_storage_error error = {0};
    ec_stmt *stmt = NULL;
    char sql[128];
    ec_value pattern = v_text("50\\%\\_%");
    assert_int_equal(write_script(f->storage, "INSERT INTO item (code) VALUES"
                                              " ('50%_off'), ('50 percent off'), ('50%off')"),
                     EC_OK);
    (void)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM item WHERE code LIKE ?%s",
                   f->dialect->like_escape);
    ec_conn *conn = read_begin(f);
    assert_int_equal(conn->ops->start(conn, sql, &pattern, 1, &stmt, &error), EC_OK);
    assert_int_equal(conn->ops->step(stmt, &error), EC_OK);
    assert_int_equal(conn->ops->column_int(stmt, 0), 1);
    conn->ops->finish(stmt);
    read_end(f, conn);
}

/* -------------------------------------------------------------------------------------------- */

static const subject_case cases[] = {
    {"dialect__names_every_fact", dialect__names_every_fact},
    {"values__come_back_as_they_went_in", values__come_back_as_they_went_in},
    {"column_text__writes_numbers_in_decimal", column_text__writes_numbers_in_decimal},
    {"values__may_be_a_megabyte", values__may_be_a_megabyte},
    {"values__are_bound_and_not_spliced", values__are_bound_and_not_spliced},
    {"values__reach_the_stated_number_of_parameters",
     values__reach_the_stated_number_of_parameters},
    {"step__has_its_effect_once", step__has_its_effect_once},
    {"start__refuses_a_wrong_number_of_values", start__refuses_a_wrong_number_of_values},
    {"start__refuses_a_text_that_is_not_one_statement",
     start__refuses_a_text_that_is_not_one_statement},
    {"start__tells_an_unknown_table_or_column", start__tells_an_unknown_table_or_column},
    {"start__runs_one_text_twice_at_the_same_time", start__runs_one_text_twice_at_the_same_time},
    {"start__keeps_its_answers_over_many_texts", start__keeps_its_answers_over_many_texts},
    {"finish__takes_null_and_statements_in_any_state",
     finish__takes_null_and_statements_in_any_state},
    {"transact__settles_statements_that_a_closure_left",
     transact__settles_statements_that_a_closure_left},
    {"constraints__are_told_apart", constraints__are_told_apart},
    {"affected__counts_the_rows_of_the_last_change", affected__counts_the_rows_of_the_last_change},
    {"last_id__numbers_several_rows_without_gaps", last_id__numbers_several_rows_without_gaps},
    {"identifiers__are_never_used_again", identifiers__are_never_used_again},
    {"dialect__inserts_what_may_exist", dialect__inserts_what_may_exist},
    {"dialect__escapes_patterns", dialect__escapes_patterns},
};

int main(void)
{
    return run_on_all_subjects("storage_statements", cases, sizeof cases / sizeof cases[0]);
}
