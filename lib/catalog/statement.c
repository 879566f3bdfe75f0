/* SPDX-License-Identifier: MIT */
/*
 * statement.c - statements of many forms, each of which comes again.
 *
 * A listing has as many texts as its filter has combinations; every one is a sequence of constants,
 * and lists of values are filled up to a power of two, so that prepared statements are found again.
 * It refuses to put a value into the text.
 */
#include "catalog/statement.h"

#include <string.h>

void ec_statement_begin(ec_statement *s, ec_session *session)
{
    *s = (ec_statement){.session = session};
}

static bool text_room(ec_statement *s, size_t more)
{
    size_t room = s->room == 0 ? 512 : s->room;
    while (room < s->length + more + 1) {
        room *= 2;
    }
    if (room == s->room) {
        return true;
    }
    char *text = ec_arena_alloc(ec_scratch(s->session), room);
    if (text && s->length > 0) {
        memcpy(text, s->text, s->length);
    }
    if (text) {
        s->text = text;
        s->room = room;
    }
    return text != NULL;
}

static void put_bytes(ec_statement *s, const char *text, size_t length)
{
    if (text_room(s, length)) {
        memcpy(s->text + s->length, text, length);
        s->length += length;
        s->text[s->length] = '\0';
    }
}

void ec_statement_put(ec_statement *s, const char *text)
{
    put_bytes(s, text, strlen(text));
}

void ec_statement_value(ec_statement *s, ec_value value)
{
    if (s->count == s->values_room) {
        size_t room = s->values_room == 0 ? 16 : s->values_room * 2;
        ec_value *values = ec_arena_array(ec_scratch(s->session), room, sizeof *values);
        if (!values) {
            return;
        }
        if (s->count > 0) {
            memcpy(values, s->values, s->count * sizeof *values);
        }
        s->values = values;
        s->values_room = room;
    }
    s->values[s->count++] = value;
}

void ec_statement_with(ec_statement *s, const char *text, ec_value value)
{
    ec_statement_put(s, text);
    ec_statement_value(s, value);
}

static size_t padded(size_t count)
{
    size_t rows = 1;
    while (rows < count) {
        rows *= 2;
    }
    return rows;
}

void ec_statement_ids(ec_statement *s, const ec_id *ids, size_t count)
{
    for (size_t i = 0; i < padded(count); i++) {
        ec_statement_with(s, i == 0 ? "(?" : ", ?", ec_int(ids[i < count ? i : count - 1]));
    }
    ec_statement_put(s, ")");
}

void ec_statement_texts(ec_statement *s, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < padded(count); i++) {
        ec_statement_with(s, i == 0 ? "(?" : ", ?", ec_text(texts[i < count ? i : count - 1]));
    }
    ec_statement_put(s, ")");
}

void ec_statement_join(ec_statement *s, const ec_statement *other)
{
    put_bytes(s, other->text ? other->text : "", other->length);
    for (size_t i = 0; i < other->count; i++) {
        ec_statement_value(s, other->values[i]);
    }
}

void ec_statement_like(ec_statement *s, const char *column, ec_like kind, const char *word,
                       size_t length)
{
    char *pattern = ec_arena_alloc(ec_scratch(s->session), 2 * length + 3);
    size_t at = 0;
    if (!pattern) {
        return;
    }
    if (kind == EC_LIKE_CONTAINS) {
        pattern[at++] = '%';
    }
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '%' || word[i] == '_' || word[i] == '\\') {
            pattern[at++] = '\\';
        }
        pattern[at++] = word[i];
    }
    if (kind != EC_LIKE_IS) {
        pattern[at++] = '%';
    }
    ec_statement_put(s, column);
    ec_statement_with(s, " LIKE ?", ec_bytes(pattern, at));
    ec_statement_put(s, ec_session_dialect(s->session)->like_escape);
}

ec_status ec_statement_query(ec_statement *s, ec_stmt **stmt)
{
    return ec_query(s->session, s->text, s->values, s->count, stmt);
}

ec_status ec_statement_exec(ec_statement *s, int64_t *affected)
{
    return ec_exec(s->session, s->text, s->values, s->count, affected);
}
