/* SPDX-License-Identifier: MIT */
/*
 * json.h - JSON straight into a buffer (RFC 8259), and exact numbers out of a parsed tree.
 *
 * The writer knows where commas go and escapes text; the caller gives structure. The reader keeps
 * each number's literal, so that no amount ever passes through a double (docs/decisions.md).
 */
#ifndef EC_BASE_JSON_H
#define EC_BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct ec_json_writer {
    ec_buf *buf;
    bool comma; /* the next value or key is preceded by one */
} ec_json_writer;

void ec_json_begin(ec_json_writer *json, ec_buf *buf);
void ec_json_object(ec_json_writer *json);
void ec_json_object_end(ec_json_writer *json);
void ec_json_array(ec_json_writer *json);
void ec_json_array_end(ec_json_writer *json);
void ec_json_key(ec_json_writer *json, const char *key);
void ec_json_null(ec_json_writer *json);
void ec_json_bool(ec_json_writer *json, bool value);
void ec_json_int(ec_json_writer *json, int64_t value);
/* NULL writes null. Bytes that are no UTF-8 become U+FFFD. */
void ec_json_text(ec_json_writer *json, const char *text);
/* Already valid JSON, put in as it is. */
void ec_json_raw(ec_json_writer *json, const char *text);

/* What a parsed value is. */
typedef enum ec_json_type {
    EC_JSON_NULL,
    EC_JSON_BOOL,
    EC_JSON_NUMBER,
    EC_JSON_TEXT,
    EC_JSON_ARRAY,
    EC_JSON_OBJECT
} ec_json_type;

/* A parsed tree, all of it in an arena. */
typedef struct ec_json {
    ec_json_type type;
    bool boolean;
    const char *text; /* EC_JSON_TEXT: the value; EC_JSON_NUMBER: the literal as it was written */
    size_t length;    /* of text, which may hold NUL bytes (\u0000) */
    const char *key;  /* of a member of an object, or NULL */
    size_t key_length;
    size_t count;          /* children of an array or object */
    size_t offset;         /* where the value, or its key, begins in the input */
    struct ec_json *child; /* first child */
    struct ec_json *next;  /* next sibling */
} ec_json;

/*
 * Parse a whole JSON text: syntax checked strictly (RFC 8259), depth at most EC_JSON_DEPTH_MAX,
 * UTF-8 checked, duplicate keys refused. On EC_INVALID *offset is where it went wrong and *problem
 * says what. EC_NO_MEMORY, EC_LIMIT (depth, or EC_JSON_SIZE_MAX). offset and problem may be NULL.
 */
ec_status ec_json_parse(ec_arena *arena, const char *text, size_t length, ec_json **out,
                        size_t *offset, const char **problem);
/* The first key of an object that an earlier member has too, to *twin; NULL when all differ. */
ec_status ec_json_find_twin(ec_arena *arena, const ec_json *object, const ec_json **twin);
/* The member of an object, or NULL. */
const ec_json *ec_json_member(const ec_json *object, const char *key);
/* The value as JSON text again, exactly (numbers keep their literals). */
void ec_json_write_tree(ec_json_writer *json, const ec_json *value);

#endif
