/* SPDX-License-Identifier: MIT */
/*
 * slug.c - addresses made from names, each of them once.
 *
 * The names that are taken are read with one statement: the plain one, and those with a hyphen and
 * a digit behind it. The first free number from 2 on is taken. It refuses to change a slug that
 * somebody chose: one that is taken is an error then.
 */
#include <string.h>

#include "base/text.h"
#include "catalog/inside.h"

#define EC_SLUG_BASE_MAX 235 /* leaves room for a number */

/* Which of base, base-2, base-3 … are taken. */
typedef struct taken_slugs {
    bool plain;
    unsigned char *numbers; /* of index n: base-n */
    size_t room;
} taken_slugs;

/* The n of base-n; 0 for anything else. */
static int64_t number_of(const char *slug, size_t base_length)
{
    int64_t number = 0;
    const char *digits = slug + base_length + 1;
    if (digits[0] == '0' || ec_parse_int(digits, &number) != EC_OK || number < 2) {
        return 0;
    }
    return number;
}

static bool note_number(ec_session *session, taken_slugs *taken, int64_t number)
{
    size_t n = (size_t)number;
    if (number == 0 || number > 1000000) { /* far numbers never are the first free one */
        return true;
    }
    if (n >= taken->room) {
        size_t room = n * 2 < 64 ? 64 : n * 2;
        unsigned char *numbers = ec_arena_alloc(ec_scratch(session), room);
        if (!numbers) {
            return false;
        }
        if (taken->room > 0) {
            memcpy(numbers, taken->numbers, taken->room);
        }
        taken->numbers = numbers;
        taken->room = room;
    }
    taken->numbers[n] = 1;
    return true;
}

static ec_status read_taken(ec_session *session, const ec_entity *entity, const char *base,
                            taken_slugs *taken)
{
    ec_arena *arena = ec_scratch(session);
    size_t length = strlen(base);
    ec_stmt *stmt = NULL;
    /* '0' to '9', and ':' behind them */
    const char *sql = ec_arena_printf(
        arena, "SELECT slug FROM %s WHERE slug = ? OR (slug >= ? AND slug < ?)", entity->table);
    ec_status status =
        ec_query(session, sql,
                 ec_args(ec_text(base), ec_text(ec_arena_printf(arena, "%s-0", base)),
                         ec_text(ec_arena_printf(arena, "%s-:", base))),
                 &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ec_arena_mark mark = ec_arena_save(arena);
        const char *slug = ec_col_text(session, stmt, 0);
        bool plain = slug && strlen(slug) <= length;
        int64_t number = slug && !plain ? number_of(slug, length) : 0;
        ec_arena_restore(arena, mark);
        taken->plain = taken->plain || plain;
        if (!note_number(session, taken, number)) {
            return ec_fail_memory(session);
        }
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_slug_free(ec_session *session, const ec_entity *entity, const char *name,
                       const char *fallback, const char **out)
{
    ec_arena *arena = ec_scratch(session);
    taken_slugs taken = {0};
    size_t number = 2;
    const char *base = ec_text_slug(arena, name, EC_SLUG_BASE_MAX);
    base = base && base[0] == '\0' ? fallback : base;
    if (!base) {
        return ec_fail_memory(session);
    }
    ec_status status = read_taken(session, entity, base, &taken);
    if (status != EC_OK) {
        return status;
    }
    while (number < taken.room && taken.numbers[number]) {
        number++;
    }
    *out = taken.plain ? ec_arena_printf(arena, "%s-%zu", base, number) : base;
    return *out ? EC_OK : ec_fail_memory(session);
}
