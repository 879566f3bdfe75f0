/* SPDX-License-Identifier: MIT */
/*
 * json_write.c - JSON text straight into a buffer.
 *
 * Most texts need no escape: they are looked at eight bytes at a time and copied whole. The rest
 * goes run by run; bytes that are no UTF-8 are written as U+FFFD, so the output is always UTF-8.
 * It refuses to check structure: keys outside objects or a missing end are the caller's faults,
 * and so is invalid JSON given to ec_json_raw().
 */
#include "base/json.h"

#include <string.h>

#include "base/json_scan.h"
#include "base/text.h"

/* May the whole text be copied as it is? Never looks beyond its end. */
static bool json_plain(const char *text, size_t length)
{
    if (length >= 8) {
        for (size_t at = 0; at + 8 < length; at += 8) {
            if (!ec_json_plain8(ec_json_load8(text + at))) {
                return false;
            }
        }
        return ec_json_plain8(ec_json_load8(text + length - 8));
    }
    if (length >= 4) {
        uint32_t low;
        uint32_t high;
        memcpy(&low, text, sizeof low);
        memcpy(&high, text + length - 4, sizeof high);
        return ec_json_plain8((uint64_t)high << 32 | low);
    }
    for (size_t at = 0; at < length; at++) {
        if (!ec_json_plain1((unsigned char)text[at])) {
            return false;
        }
    }
    return true;
}

/* How many leading bytes may be copied as they are: without escapes, and valid UTF-8. */
static size_t json_run(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t step = 0;
        if (at + 8 <= length && ec_json_plain8(ec_json_load8(text + at))) {
            step = 8;
        } else if (ec_json_plain1((unsigned char)text[at])) {
            step = 1;
        } else if ((unsigned char)text[at] >= 0x80) {
            step = ec_utf8_sequence(text + at, length - at);
        }
        if (step == 0) {
            break;
        }
        at += step;
    }
    return at;
}

/* One byte that cannot be copied. */
static void json_escape(ec_buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char names[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c >= 0x80) {
        ec_buf_put(buf, "\xEF\xBF\xBD", 3);
        return;
    }
    char text[6] = {'\\', (char)c, '0', '0', hex[c >> 4], hex[c & 15]};
    if (c >= 0x20 || names[c]) {
        text[1] = c >= 0x20 ? (char)c : names[c];
        ec_buf_put(buf, text, 2);
        return;
    }
    text[1] = 'u';
    ec_buf_put(buf, text, 6);
}

static void json_put_escaped(ec_buf *buf, const char *text, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        size_t run = json_run(text + at, length - at);
        ec_buf_put(buf, text + at, run);
        at += run;
        if (at < length) {
            json_escape(buf, (unsigned char)text[at]);
        }
    }
}

/* ec_buf_reserve() without the call when there is room, as there mostly is. */
static inline char *json_room(ec_buf *buf, size_t count)
{
    bool room = buf->status == EC_OK && count < buf->capacity - buf->length;
    return room ? buf->data + buf->length : ec_buf_reserve(buf, count);
}

/* Comma when due, the quoted text, and for a key its colon. */
static void json_put_text(ec_json_writer *json, const char *text, size_t length, bool key)
{
    ec_buf *buf = json->buf;
    if (!json_plain(text, length)) {
        ec_buf_put(buf, ",\"", json->comma ? 2 : 0);
        if (!json->comma) {
            ec_buf_putc(buf, '"');
        }
        json_put_escaped(buf, text, length);
        ec_buf_put(buf, "\":", key ? 2 : 1);
    } else {
        size_t extra = 2u + json->comma + key;
        char *to = length < SIZE_MAX - extra ? json_room(buf, length + extra) : NULL;
        if (to) {
            to[0] = ',';
            to += json->comma;
            *to++ = '"';
            memcpy(to, text, length);
            to[length] = '"';
            to[length + 1] = ':';
            to[length + 1 + key] = '\0'; /* its place is always there */
            buf->length += length + extra;
        }
    }
    json->comma = !key;
}

/* A value that needs no escape. */
static void json_put_value(ec_json_writer *json, const char *text, size_t length)
{
    size_t count = length + json->comma; /* a text in memory is shorter than SIZE_MAX */
    char *to = json_room(json->buf, count);
    if (to) {
        to[0] = ',';
        memcpy(to + json->comma, text, length);
        to[count] = '\0';
        json->buf->length += count;
    }
    json->comma = true;
}

void ec_json_begin(ec_json_writer *json, ec_buf *buf)
{
    *json = (ec_json_writer){.buf = buf};
}

void ec_json_object(ec_json_writer *json)
{
    json_put_value(json, "{", 1);
    json->comma = false;
}

void ec_json_object_end(ec_json_writer *json)
{
    json->comma = false;
    json_put_value(json, "}", 1);
}

void ec_json_array(ec_json_writer *json)
{
    json_put_value(json, "[", 1);
    json->comma = false;
}

void ec_json_array_end(ec_json_writer *json)
{
    json->comma = false;
    json_put_value(json, "]", 1);
}

void ec_json_key(ec_json_writer *json, const char *key)
{
    json_put_text(json, key ? key : "", key ? strlen(key) : 0, true);
}

void ec_json_null(ec_json_writer *json)
{
    json_put_value(json, "null", 4);
}

void ec_json_bool(ec_json_writer *json, bool value)
{
    json_put_value(json, value ? "true" : "false", value ? 4 : 5);
}

void ec_json_int(ec_json_writer *json, int64_t value)
{
    if (json->comma) {
        ec_buf_putc(json->buf, ',');
    }
    ec_buf_put_int(json->buf, value);
    json->comma = true;
}

void ec_json_text(ec_json_writer *json, const char *text)
{
    if (text) {
        json_put_text(json, text, strlen(text), false);
    } else {
        ec_json_null(json);
    }
}

void ec_json_raw(ec_json_writer *json, const char *text)
{
    if (text) {
        json_put_value(json, text, strlen(text));
    } else {
        ec_json_null(json);
    }
}

/* The depth is that of the reader at most, so the recursion is bounded. */
void ec_json_write_tree(ec_json_writer *json, const ec_json *value)
{
    if (!value) {
        ec_json_null(json);
        return;
    }
    switch (value->type) {
    case EC_JSON_NULL: ec_json_null(json); break;
    case EC_JSON_BOOL: ec_json_bool(json, value->boolean); break;
    case EC_JSON_NUMBER: json_put_value(json, value->text, value->length); break;
    case EC_JSON_TEXT: json_put_text(json, value->text, value->length, false); break;
    case EC_JSON_ARRAY:
        ec_json_array(json);
        for (const ec_json *item = value->child; item; item = item->next) {
            ec_json_write_tree(json, item);
        }
        ec_json_array_end(json);
        break;
    case EC_JSON_OBJECT:
        ec_json_object(json);
        for (const ec_json *item = value->child; item; item = item->next) {
            json_put_text(json, item->key, item->key_length, true);
            ec_json_write_tree(json, item);
        }
        ec_json_object_end(json);
        break;
    }
}
