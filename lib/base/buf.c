/* SPDX-License-Identifier: MIT */
/*
 * buf.c - bytes that grow by doubling up to their maximum.
 *
 * The capacity always holds the end mark too, so text handed out is terminated without a copy.
 * It refuses everything once it has failed, so that a half-written text is never taken for whole.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EC_BUF_FIRST 256u

void ec_buf_init(ec_buf *buf, const ec_platform *platform, size_t max)
{
    *buf = (ec_buf){.platform = platform, .max = max};
}

/* Make the capacity hold length + count and the end mark. */
static bool buf_grow(ec_buf *buf, size_t count)
{
    size_t need;
    if (buf->status != EC_OK) {
        return false;
    }
    if (__builtin_add_overflow(buf->length, count, &need) || need > buf->max || need == SIZE_MAX) {
        buf->status = EC_LIMIT;
        return false;
    }
    size_t capacity = buf->capacity > SIZE_MAX / 2 ? SIZE_MAX : buf->capacity * 2;
    capacity = capacity < EC_BUF_FIRST ? EC_BUF_FIRST : capacity;
    capacity = capacity - 1 > buf->max ? buf->max + 1 : capacity;
    capacity = capacity <= need ? need + 1 : capacity;
    char *data = buf->platform->resize(buf->platform->ctx, buf->data, capacity);
    if (!data) {
        buf->status = EC_NO_MEMORY;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

char *ec_buf_reserve(ec_buf *buf, size_t count)
{
    if (buf->status != EC_OK || buf->capacity <= buf->length ||
        count >= buf->capacity - buf->length) {
        if (!buf_grow(buf, count)) {
            return NULL;
        }
    }
    return buf->data + buf->length;
}

void ec_buf_put(ec_buf *buf, const void *bytes, size_t count)
{
    char *place = ec_buf_reserve(buf, count);
    if (place && count > 0) {
        memcpy(place, bytes, count);
    }
    if (place) {
        place[count] = '\0';
        buf->length += count;
    }
}

void ec_buf_puts(ec_buf *buf, const char *text)
{
    ec_buf_put(buf, text, text ? strlen(text) : 0);
}

void ec_buf_putc(ec_buf *buf, char c)
{
    char *place = ec_buf_reserve(buf, 1);
    if (place) {
        place[0] = c;
        place[1] = '\0';
        buf->length++;
    }
}

void ec_buf_put_int(ec_buf *buf, int64_t number)
{
    char digits[20]; /* the longest is -9223372036854775808 */
    char *first = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    while (rest >= 100) {
        unsigned pair = (unsigned)(rest % 100);
        rest /= 100;
        *--first = (char)('0' + pair % 10);
        *--first = (char)('0' + pair / 10);
    }
    if (rest >= 10) {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    }
    *--first = (char)('0' + rest);
    if (number < 0) {
        *--first = '-';
    }
    ec_buf_put(buf, first, (size_t)(digits + sizeof digits - first));
}

void ec_buf_printf(ec_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *place = length < 0 ? NULL : ec_buf_reserve(buf, (size_t)length);
    if (place) {
        va_start(args, format);
        (void)vsnprintf(place, (size_t)length + 1, format, args);
        va_end(args);
        buf->length += (size_t)length;
    }
}

const char *ec_buf_text(const ec_buf *buf)
{
    if (!buf->data) {
        return "";
    }
    buf->data[buf->length] = '\0'; /* it may have grown through ec_buf_reserve() */
    return buf->data;
}

void ec_buf_reset(ec_buf *buf)
{
    buf->length = 0;
    buf->status = EC_OK;
}

void ec_buf_clear(ec_buf *buf)
{
    if (buf->data) {
        buf->platform->resize(buf->platform->ctx, buf->data, 0);
    }
    *buf = (ec_buf){.platform = buf->platform, .max = buf->max};
}
