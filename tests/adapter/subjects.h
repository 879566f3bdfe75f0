/* SPDX-License-Identifier: MIT */
/*
 * subjects.h - the storage adapters that every case of the conformance suite runs on.
 *
 * A new adapter adds a row to `subjects`. The suite knows no database: column types and the few
 * differing phrases come from the dialect table. A failing case is named "subject/case".
 */
#ifndef EC_TESTS_ADAPTER_SUBJECTS_H
#define EC_TESTS_ADAPTER_SUBJECTS_H

#include "adapter/support.h"

#include <ecommerce/sys/sqlite.h>

typedef struct subject {
    const char *name;
    ec_storage_open_fn open;
    const char *uri;   /* %s is a fresh folder */
    bool reads_beside; /* a thread may read and write at the same time */
    bool persists;     /* what was committed is there after closing and opening */
} subject;

static const subject subjects[] = {
    {"sqlite_file", ec_sqlite_open, "sqlite:%s/shop.db", true, true},
    {"sqlite_memory", ec_sqlite_open, "sqlite::memory:", false, false},
};

typedef struct fixture {
    const subject *subject;
    char folder[256];
    char uri[512];
    test_world world;
    ec_platform platform;
    ec_storage *storage;
    const ec_dialect *dialect;
} fixture;

/* ---- set-up -------------------------------------------------------------------------------- */

static inline void make_uri(fixture *f)
{
    const char *place = strstr(f->subject->uri, "%s");
    if (place == NULL) {
        (void)snprintf(f->uri, sizeof f->uri, "%s", f->subject->uri);
    } else {
        (void)snprintf(f->uri, sizeof f->uri, "%.*s%s%s", (int)(place - f->subject->uri),
                       f->subject->uri, f->folder, place + 2);
    }
}

/* item(id, code unique, quantity >= 0, note, data) and its children part(id, item_id, name). */
static inline void make_tables(fixture *f)
{
    const ec_dialect *d = f->dialect;
    char code[64];
    char sql[2048];
    /* The one place where a format comes from a table: it is the contract of text_format. */
    const char *mark = strstr(d->text_format, "%d");
    if (mark == NULL) {
        (void)snprintf(code, sizeof code, "%s", d->text_format);
    } else {
        (void)snprintf(code, sizeof code, "%.*s%d%s", (int)(mark - d->text_format), d->text_format,
                       64, mark + 2);
    }
    (void)snprintf(sql, sizeof sql,
                   "CREATE TABLE item (id %s, code %s NOT NULL, quantity %s NOT NULL DEFAULT 0,"
                   " note %s, data %s, UNIQUE (code), CHECK (quantity >= 0))%s;"
                   "CREATE TABLE part (id %s, item_id %s NOT NULL, name %s,"
                   " FOREIGN KEY (item_id) REFERENCES item (id))%s;"
                   "CREATE TABLE strict_part (id %s, item_id %s NOT NULL,"
                   " FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE RESTRICT)%s;",
                   d->id_column, code, d->integer, d->long_text, d->blob, d->table_tail,
                   d->id_column, d->integer, code, d->table_tail, d->id_column, d->integer,
                   d->table_tail);
    assert_int_equal(write_script(f->storage, sql), EC_OK);
}

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->subject = *state;
    f->platform = test_platform(&f->world);
    test_folder_make(f->folder, sizeof f->folder);
    make_uri(f);
    f->storage = open_storage(f->subject->open, &f->platform, f->uri);
    f->dialect = f->storage->ops->dialect(f->storage);
    make_tables(f);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    if (f->storage != NULL) {
        f->storage->ops->close(f->storage);
    }
    assert_int_equal(f->world.blocks, 0);
    test_folder_remove(f->folder);
    free(f);
    return 0;
}

static inline ec_status transact(fixture *f, ec_transaction_fn fn, void *ctx)
{
    ec_storage_error error = {0};
    return f->storage->ops->transact(f->storage, fn, ctx, &error);
}

static inline ec_conn *read_begin(fixture *f)
{
    ec_storage_error error = {0};
    ec_conn *conn = NULL;
    assert_int_equal(f->storage->ops->read_begin(f->storage, &conn, &error), EC_OK);
    return conn;
}

static inline void read_end(fixture *f, ec_conn *conn)
{
    f->storage->ops->read_end(f->storage, conn);
}

static inline int64_t count_items(fixture *f)
{
    return read_number(f->storage, "SELECT COUNT(*) FROM item");
}

/* ---- all cases on all subjects ------------------------------------------------------------- */

typedef struct subject_case {
    const char *name;
    CMUnitTestFunction run;
} subject_case;

enum { SUBJECTS = sizeof subjects / sizeof subjects[0], CASES_MAX = 64 };

static inline int run_on_all_subjects(const char *suite, const subject_case *cases, size_t count)
{
    static struct CMUnitTest tests[SUBJECTS * CASES_MAX];
    static char names[SUBJECTS * CASES_MAX][128];
    assert_true(count <= CASES_MAX);
    for (size_t i = 0; i < SUBJECTS * count; i++) {
        const subject *on = &subjects[i / count];
        const subject_case *one = &cases[i % count];
        (void)snprintf(names[i], sizeof names[i], "%s/%s", on->name, one->name);
        tests[i] = (struct CMUnitTest){.name = names[i],
                                       .test_func = one->run,
                                       .setup_func = set_up,
                                       .teardown_func = tear_down,
                                       .initial_state = (void *)(uintptr_t)on};
    }
    return _cmocka_run_group_tests(suite, tests, SUBJECTS * count, NULL, NULL);
}

#endif
