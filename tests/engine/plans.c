/* SPDX-License-Identifier: MIT */
/*
 * plans.c - no statement of the library walks through a whole table that grows.
 *
 * The statements are those of the tour (harness/tour.h), and of every program that ran with
 * EC_RECORD_SQL=folder when that is set here as well. SQLite explains each of them.
 */
#include <dirent.h>
#include <sqlite3.h>

#include "harness/tour.h"

/* Tables that stay small, whatever is sold. */
static const char *const small_tables[] = {
    "attributes",        "brands",        "categories",          "channel_warehouses",
    "channels",          "collections",   "customer_groups",     "event_consumers",
    "imports",           "number_series", "price_list_channels", "price_lists",
    "schema_migrations", "settings",      "sqlite_schema",       "tags",
    "warehouses",
};

/* Statements that are about the whole shop by their nature: part of the text, and why. */
static const struct {
    const char *part;
    const char *why;
} whole_shop[] = {
    {"/* whole */", "said by the statement itself: proofs, repairs and exports of everything"},
    {"FROM orders t WHERE t.placed_at >= ? ORDER BY t.id DESC LIMIT ?",
     "from the newest downwards until the page is full: what was placed lately is met first"},
};

static sqlite3 *db;

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The word at `at`, moved behind it; "" when there is none. */
static void next_word(const char **at, char *word, size_t size)
{
    size_t length = 0;
    while (**at == ' ' || **at == '\n') {
        (*at)++;
    }
    while (is_word_char((*at)[length]) && length + 1 < size) {
        word[length] = (*at)[length];
        length++;
    }
    word[length] = '\0';
    *at += length;
}

/* Does the statement call this table so? */
static bool is_called(const char *sql, const char *table, const char *name)
{
    for (const char *at = sql; (at = strstr(at, table)) != NULL;) {
        bool starts = at == sql || !is_word_char(at[-1]);
        char word[128];
        at += strlen(table);
        if (!starts || is_word_char(*at)) {
            continue;
        }
        const char *behind = at;
        next_word(&behind, word, sizeof word);
        if (strcmp(word, "AS") == 0) {
            next_word(&behind, word, sizeof word);
        }
        if (strcmp(word, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_table(const char *name)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND"
                                        " name = ?",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    bool found = sqlite3_step(stmt) == SQLITE_ROW;
    sqlite3_finalize(stmt);
    return found;
}

/* The table behind a name of the plan: itself, or what the statement calls so. */
static bool find_table(const char *sql, const char *name, char *table, size_t size)
{
    sqlite3_stmt *stmt = NULL;
    bool found = is_table(name);
    snprintf(table, size, "%s", name);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table'",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    while (!found && sqlite3_step(stmt) == SQLITE_ROW) {
        snprintf(table, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
        found = is_called(sql, table, name);
    }
    sqlite3_finalize(stmt);
    return found;
}

static bool is_small(const char *table)
{
    bool found = false;
    for (size_t i = 0; i < sizeof small_tables / sizeof small_tables[0]; i++) {
        found = found || strcmp(small_tables[i], table) == 0;
    }
    return found;
}

/* Everything is asked for: a page of it in the order of an index, or its number. */
static bool is_unfiltered(const char *sql, bool sorts)
{
    bool page = strstr(sql, "LIMIT ?") != NULL && !sorts;
    bool count = strncmp(sql, "SELECT COUNT(*) FROM ", 21) == 0;
    return strstr(sql, "WHERE") == NULL && (page || count);
}

static bool is_allowed(const char *sql, bool sorts)
{
    bool whole = false;
    for (size_t i = 0; i < sizeof whole_shop / sizeof whole_shop[0]; i++) {
        whole = whole || strstr(sql, whole_shop[i].part) != NULL;
    }
    return whole || is_unfiltered(sql, sorts);
}

/* How many tables that grow are walked through; 1 for a text that is wrong, unless tests may have
   made it so on purpose. */
static int explain_text(const char *sql, bool may_be_wrong)
{
    char text[128];
    char details[64][256];
    size_t count = 0;
    bool sorts = false;
    int faults = 0;
    sqlite3_stmt *stmt = NULL;
    char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    if (sqlite3_prepare_v2(db, question, -1, &stmt, NULL) != SQLITE_OK) {
        faults = may_be_wrong ? 0 : 1;
    }
    sqlite3_free(question);
    while (stmt && sqlite3_step(stmt) == SQLITE_ROW && count < 64) {
        snprintf(details[count], sizeof details[count], "%s",
                 (const char *)sqlite3_column_text(stmt, 3));
        sorts = sorts || strstr(details[count], "TEMP B-TREE") != NULL;
        count++;
    }
    sqlite3_finalize(stmt);
    for (size_t i = 0; i < count; i++) {
        const char *at = strchr(details[i], ' ');
        char name[128];
        bool walks = strncmp(details[i], "SCAN ", 5) == 0 ||
                     strstr(details[i], "AUTOMATIC") != NULL; /* an index made by a walk */
        if (!walks || !at) {
            continue;
        }
        next_word(&at, name, sizeof name);
        if (name[0] != '\0' && find_table(sql, name, text, sizeof text) && !is_small(text) &&
            !is_allowed(sql, sorts)) {
            print_error("%s of %s: %s\n", details[i], text, sql);
            faults++;
        }
    }
    return faults;
}

static int explain(const char *sql)
{
    return explain_text(sql, false);
}

static int explain_file(const char *path)
{
    static char line[1 << 20];
    int faults = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        faults += line[0] != '\0' ? explain_text(line, true) : 0;
    }
    (void)fclose(file);
    return faults;
}

static int explain_folder(const char *folder)
{
    char path[4096];
    int faults = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        if (strstr(entry->d_name, ".sql")) {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            faults += explain_file(path);
        }
    }
    if (dir) {
        (void)closedir(dir);
    }
    return faults;
}

static void plans__no_statement_walks_through_a_table_that_grows(void **state)
{
    (void)state;
    int faults = 0;
    char path[4096];
    record_begin();
    snprintf(path, sizeof path, "%s", temp_path("tour.db"));
    ec_engine *engine = shop_open_file(path);
    tour_all(engine);
    shop_close(engine);
    assert_true(record_count() > 40);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < record_count(); i++) {
        faults += explain(record_text(i));
    }
    if (getenv("EC_RECORD_SQL")) {
        faults += explain_folder(getenv("EC_RECORD_SQL"));
    }
    sqlite3_close(db);
    assert_int_equal(faults, 0);
}

static void plans__a_walk_is_found(void **state)
{
    (void)state;
    char path[4096];
    snprintf(path, sizeof path, "%s", temp_path("walks.db"));
    shop_close(shop_open_file(path));
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(explain("SELECT id FROM orders WHERE notes = ?"), 1);
    assert_int_equal(explain("SELECT o.id FROM orders o WHERE o.notes = ? LIMIT ?"), 1);
    assert_int_equal(explain("SELECT x.id FROM orders AS x ORDER BY x.notes LIMIT ?"), 1);
    assert_int_equal(explain("UPDATE products SET price = 1"), 1);
    assert_int_equal(explain("SELECT c.id FROM channels c JOIN carts k ON k.currency = c.currency"),
                     1);
    assert_int_equal(explain("SELECT t.id FROM orders t ORDER BY t.id DESC LIMIT ?"), 0);
    assert_int_equal(explain("SELECT COUNT(*) FROM orders t"), 0);
    assert_int_equal(explain("SELECT id FROM orders WHERE order_number = ?"), 0);
    assert_int_equal(explain("SELECT value FROM settings"), 0);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans__a_walk_is_found),
        cmocka_unit_test(plans__no_statement_walks_through_a_table_that_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
