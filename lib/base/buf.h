/* SPDX-License-Identifier: MIT */
/*
 * buf.h - bytes that grow, up to a stated maximum.
 *
 * A buffer that has failed (memory out, or over its maximum) stays failed: later writes do nothing,
 * so a writer checks once, at the end. Its text is always terminated.
 */
#ifndef EC_BASE_BUF_H
#define EC_BASE_BUF_H

#include <ecommerce/sys/platform.h>

typedef struct ec_buf {
    const ec_platform *platform; /* complete */
    char *data;                  /* NULL until the first write */
    size_t length;
    size_t capacity;
    size_t max;       /* of length */
    ec_status status; /* EC_OK, EC_NO_MEMORY or EC_LIMIT */
} ec_buf;

void ec_buf_init(ec_buf *buf, const ec_platform *platform, size_t max);
void ec_buf_put(ec_buf *buf, const void *bytes, size_t count);
void ec_buf_puts(ec_buf *buf, const char *text);
void ec_buf_putc(ec_buf *buf, char c);
void ec_buf_put_int(ec_buf *buf, int64_t number);
__attribute__((format(printf, 2, 3))) void ec_buf_printf(ec_buf *buf, const char *format, ...);
/* Make room for count more bytes and return where they go (then add to length); NULL on failure. */
char *ec_buf_reserve(ec_buf *buf, size_t count);
/* The text so far, never NULL. */
const char *ec_buf_text(const ec_buf *buf);
/* Forget the content, keep the memory, forgive the failure. */
void ec_buf_reset(ec_buf *buf);
void ec_buf_clear(ec_buf *buf);

#endif
