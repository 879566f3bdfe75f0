/* SPDX-License-Identifier: MIT */
/*
 * json_read.c - a strict JSON reader into a tree that lies in an arena.
 *
 * RFC 8259 and nothing beyond: no comments, no byte order mark, no trailing commas, no lone
 * surrogates. Numbers stay the text they are, so a price of 0.1 is exactly that; whoever needs a
 * number asks base/text.h.
 * It refuses duplicate keys (which one counts would depend on the reader) and deep nesting.
 */
#include "base/json.h"

#include <ecommerce/limits.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/text.h"

typedef struct json_reader {
    ec_arena *arena;
    const char *text;
    size_t length;
    size_t at;
    int depth;
    size_t offset; /* where it went wrong */
    const char *problem;
} json_reader;

static ec_status json_value(json_reader *reader, ec_json *value);

static ec_status json_fail(json_reader *reader, size_t offset, const char *problem)
{
    reader->offset = offset;
    reader->problem = problem;
    return EC_INVALID;
}

/* The byte at the reading place, 0 at the end (a NUL byte in the text is never valid anyway). */
static char json_peek(const json_reader *reader)
{
    return reader->at < reader->length ? reader->text[reader->at] : '\0';
}

static void json_skip_blanks(json_reader *reader)
{
    char c = json_peek(reader);
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        reader->at++;
        c = json_peek(reader);
    }
}

static ec_status json_word(json_reader *reader, const char *word, size_t length)
{
    if (reader->length - reader->at < length ||
        memcmp(reader->text + reader->at, word, length) != 0) {
        return json_fail(reader, reader->at, "no JSON value");
    }
    reader->at += length;
    return EC_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool json_digits(json_reader *reader)
{
    size_t start = reader->at;
    while (json_peek(reader) >= '0' && json_peek(reader) <= '9') {
        reader->at++;
    }
    return reader->at > start;
}

static ec_status json_number(json_reader *reader, ec_json *value)
{
    size_t start = reader->at;
    reader->at += json_peek(reader) == '-';
    if (json_peek(reader) == '0') {
        reader->at++;
    } else if (!json_digits(reader)) {
        return json_fail(reader, reader->at, "a number without digits");
    }
    if (json_peek(reader) == '.') {
        reader->at++;
        if (!json_digits(reader)) {
            return json_fail(reader, reader->at, "a decimal point without digits behind it");
        }
    }
    if (json_peek(reader) == 'e' || json_peek(reader) == 'E') {
        reader->at++;
        reader->at += json_peek(reader) == '+' || json_peek(reader) == '-';
        if (!json_digits(reader)) {
            return json_fail(reader, reader->at, "an exponent without digits");
        }
    }
    value->type = EC_JSON_NUMBER;
    value->length = reader->at - start;
    value->text = ec_arena_text(reader->arena, reader->text + start, value->length);
    return value->text ? EC_OK : EC_NO_MEMORY;
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* The number of the four hexadecimal digits at a place, or -1. */
static int32_t json_hex4(const json_reader *reader, size_t at)
{
    int32_t number = 0;
    if (at > reader->length || reader->length - at < 4) {
        return -1;
    }
    for (size_t end = at + 4; at < end; at++) {
        char c = reader->text[at];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return -1;
        }
        number = number * 16 + digit;
    }
    return number;
}

/* The code point of a \u escape, both halves of a pair; *size is its bytes in the text. */
static bool json_unicode(const json_reader *reader, size_t at, uint32_t *point, size_t *size)
{
    int32_t first = json_hex4(reader, at + 2);
    *size = 6;
    if (first < 0 || (first >= 0xDC00 && first <= 0xDFFF)) {
        return false;
    }
    *point = (uint32_t)first;
    if (first >= 0xD800 && first <= 0xDBFF) {
        int32_t second = json_hex4(reader, at + 8);
        if (second < 0xDC00 || second > 0xDFFF || reader->text[at + 6] != '\\' ||
            reader->text[at + 7] != 'u') {
            return false;
        }
        *point = 0x10000 + ((uint32_t)(first - 0xD800) << 10) + (uint32_t)(second - 0xDC00);
        *size = 12;
    }
    return true;
}

/* One escape at a place of the text: written to `to`, bytes read to *size; 0 when it is none. */
static size_t json_escape(const json_reader *reader, size_t at, char *to, size_t *size)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (at + 1 >= reader->length || reader->text[at + 1] == '\0') {
        return 0;
    }
    if (reader->text[at + 1] == 'u') {
        uint32_t point;
        return json_unicode(reader, at, &point, size) ? ec_utf8_encode(to, point) : 0;
    }
    const char *name = strchr(names, reader->text[at + 1]);
    if (!name) {
        return 0;
    }
    *size = 2;
    *to = values[name - names];
    return 1;
}

/* Check a text up to its closing quote; *end is the place of that. */
static ec_status json_scan_text(json_reader *reader, size_t *end, bool *escaped)
{
    size_t at = reader->at;
    *escaped = false;
    while (at < reader->length && reader->text[at] != '"') {
        unsigned char c = (unsigned char)reader->text[at];
        size_t size = 1;
        if (reader->length - at >= 8 && ec_json_plain8(ec_json_load8(reader->text + at))) {
            size = 8;
        } else if (c < 0x20) {
            return json_fail(reader, at, "a control character in a text");
        } else if (c == '\\') {
            char scratch[4];
            if (json_escape(reader, at, scratch, &size) == 0) {
                return json_fail(reader, at, "an escape that is none");
            }
            *escaped = true;
        } else if (c >= 0x80) {
            size = ec_utf8_sequence(reader->text + at, reader->length - at);
            if (size == 0) {
                return json_fail(reader, at, "bytes that are no UTF-8");
            }
        }
        at += size;
    }
    *end = at;
    return at < reader->length ? EC_OK : json_fail(reader, at, "a text without closing quote");
}

/* The text behind an opening quote, as a value or as a key. */
static ec_status json_text(json_reader *reader, const char **text, size_t *length)
{
    size_t end;
    bool escaped;
    if (json_peek(reader) != '"') {
        return json_fail(reader, reader->at, "a key must be a text");
    }
    reader->at++;
    ec_status status = json_scan_text(reader, &end, &escaped);
    if (status != EC_OK) {
        return status;
    }
    size_t start = reader->at;
    char *copy = ec_arena_text(reader->arena, reader->text + start, end - start);
    if (!copy) {
        return EC_NO_MEMORY;
    }
    *length = end - start;
    if (escaped) { /* unescaped over the copy: an escape is never shorter than what it means */
        size_t to = 0;
        for (size_t at = start, size = 1; at < end; at += size) {
            if (reader->text[at] == '\\') {
                to += json_escape(reader, at, copy + to, &size);
            } else {
                copy[to++] = reader->text[at];
                size = 1;
            }
        }
        copy[to] = '\0';
        *length = to;
    }
    *text = copy;
    reader->at = end + 1;
    return EC_OK;
}

/* ---- structure ------------------------------------------------------------------------------- */

static ec_status json_check_keys(json_reader *reader, const ec_json *object)
{
    const ec_json *twin = NULL;
    ec_status status = ec_json_find_twin(reader->arena, object, &twin);
    return twin ? json_fail(reader, twin->offset, "a key that occurs twice") : status;
}

static ec_status json_key(json_reader *reader, ec_json *member)
{
    ec_status status = json_text(reader, &member->key, &member->key_length);
    if (status != EC_OK) {
        return status;
    }
    json_skip_blanks(reader);
    if (json_peek(reader) != ':') {
        return json_fail(reader, reader->at, "a key without colon");
    }
    reader->at++;
    json_skip_blanks(reader);
    return EC_OK;
}

/* The items of an array or object behind its opening bracket, with the closing one. */
static ec_status json_items(json_reader *reader, ec_json *parent, char close)
{
    ec_json **tail = &parent->child;
    json_skip_blanks(reader);
    if (json_peek(reader) == close) {
        reader->at++;
        return EC_OK;
    }
    for (;;) {
        ec_json *item = ec_arena_alloc(reader->arena, sizeof *item);
        if (!item) {
            return EC_NO_MEMORY;
        }
        item->offset = reader->at;
        ec_status status = close == '}' ? json_key(reader, item) : EC_OK;
        status = status == EC_OK ? json_value(reader, item) : status;
        if (status != EC_OK) {
            return status;
        }
        *tail = item;
        tail = &item->next;
        parent->count++;
        json_skip_blanks(reader);
        char c = json_peek(reader);
        if (c != ',' && c != close) {
            return json_fail(reader, reader->at,
                             close == '}' ? "neither comma nor }" : "neither comma nor ]");
        }
        reader->at++;
        if (c == close) {
            return close == '}' ? json_check_keys(reader, parent) : EC_OK;
        }
        json_skip_blanks(reader);
    }
}

static ec_status json_nested(json_reader *reader, ec_json *value)
{
    bool object = reader->text[reader->at] == '{';
    value->type = object ? EC_JSON_OBJECT : EC_JSON_ARRAY;
    if (reader->depth >= EC_JSON_DEPTH_MAX) {
        (void)json_fail(reader, reader->at, "nested too deeply");
        return EC_LIMIT;
    }
    reader->at++;
    reader->depth++;
    ec_status status = json_items(reader, value, object ? '}' : ']');
    reader->depth--;
    return status;
}

static ec_status json_value(json_reader *reader, ec_json *value)
{
    switch (json_peek(reader)) {
    case '{':
    case '[': return json_nested(reader, value);
    case '"': value->type = EC_JSON_TEXT; return json_text(reader, &value->text, &value->length);
    case 't':
        value->type = EC_JSON_BOOL;
        value->boolean = true;
        return json_word(reader, "true", 4);
    case 'f': value->type = EC_JSON_BOOL; return json_word(reader, "false", 5);
    case 'n': value->type = EC_JSON_NULL; return json_word(reader, "null", 4);
    default:
        if (json_peek(reader) == '-' || (json_peek(reader) >= '0' && json_peek(reader) <= '9')) {
            return json_number(reader, value);
        }
        return json_fail(reader, reader->at, "no JSON value");
    }
}

ec_status ec_json_parse(ec_arena *arena, const char *text, size_t length, ec_json **out,
                        size_t *offset, const char **problem)
{
    json_reader reader = {.arena = arena, .text = text, .length = text ? length : 0, .problem = ""};
    ec_json *value = ec_arena_alloc(arena, sizeof *value);
    ec_status status = value ? EC_OK : EC_NO_MEMORY;
    *out = NULL;
    if (status == EC_OK && reader.length > EC_JSON_SIZE_MAX) {
        (void)json_fail(&reader, EC_JSON_SIZE_MAX, "too long");
        status = EC_LIMIT;
    }
    if (status == EC_OK) {
        json_skip_blanks(&reader);
        value->offset = reader.at;
        status = json_value(&reader, value);
    }
    if (status == EC_OK) {
        json_skip_blanks(&reader);
        *out = reader.at == reader.length ? value : NULL;
        status = *out ? EC_OK : json_fail(&reader, reader.at, "something behind the value");
    }
    if (offset) {
        *offset = reader.offset;
    }
    if (problem) {
        *problem = reader.problem;
    }
    return status;
}

const ec_json *ec_json_member(const ec_json *object, const char *key)
{
    if (!object || object->type != EC_JSON_OBJECT || !key) {
        return NULL;
    }
    size_t length = strlen(key);
    for (const ec_json *member = object->child; member; member = member->next) {
        if (member->key_length == length && memcmp(member->key, key, length) == 0) {
            return member;
        }
    }
    return NULL;
}
