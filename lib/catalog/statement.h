/* SPDX-License-Identifier: MIT */
/*
 * statement.h - a statement that is put together from constant parts and bound values.
 *
 * Text and values lie in the session's arena, so there is nothing to clean up; when memory runs out
 * the statement fails as it is run. Only constants of the library are put in as text.
 */
#ifndef EC_CATALOG_STATEMENT_H
#define EC_CATALOG_STATEMENT_H

#include "engine/call.h"
#include "engine/sql.h"

typedef struct ec_statement {
    ec_session *session;
    char *text;
    size_t length, room;
    ec_value *values;
    size_t count, values_room;
} ec_statement;

void ec_statement_begin(ec_statement *s, ec_session *session);
/* More text. */
void ec_statement_put(ec_statement *s, const char *text);
/* A value for a ? that the text has. */
void ec_statement_value(ec_statement *s, ec_value value);
/* Text with one ? and its value. */
void ec_statement_with(ec_statement *s, const char *text, ec_value value);
/* "(?, ?, …)" with numbers or texts; one at least. Filled up with the last one to a power of two,
   so that texts repeat. */
void ec_statement_ids(ec_statement *s, const ec_id *ids, size_t count);
void ec_statement_texts(ec_statement *s, const char *const *texts, size_t count);
/* Text and values of another one behind this one's. */
void ec_statement_join(ec_statement *s, const ec_statement *other);
/* "x LIKE ?" with a pattern for texts that contain, begin with (prefix) or are the word. */
typedef enum ec_like { EC_LIKE_IS, EC_LIKE_PREFIX, EC_LIKE_CONTAINS } ec_like;
void ec_statement_like(ec_statement *s, const char *column, ec_like kind, const char *word,
                       size_t length);

ec_status ec_statement_query(ec_statement *s, ec_stmt **stmt);
ec_status ec_statement_exec(ec_statement *s, int64_t *affected);

#endif
