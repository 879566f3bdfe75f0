/* SPDX-License-Identifier: MIT */
/*
 * text.h - UTF-8, slugs, exact numbers and times as text.
 */
#ifndef EC_BASE_TEXT_H
#define EC_BASE_TEXT_H

#include "base/arena.h"

/* Bytes of the one valid UTF-8 sequence at the start of the text (1 to 4); 0 when there is none. */
size_t ec_utf8_sequence(const char *text, size_t length);
/* The code point of a valid sequence of size bytes. */
uint32_t ec_utf8_decode(const char *text, size_t size);
/* Write a code point up to U+10FFFF; returns its bytes (1 to 4). */
size_t ec_utf8_encode(char *to, uint32_t point);
/* Number of code points when the bytes are valid UTF-8 without NUL; -1 otherwise (overlong forms,
   surrogates and numbers above U+10FFFF are invalid). */
int64_t ec_utf8_count(const char *text, size_t length);
/* A web address part from any text: lower case ASCII letters, digits and single hyphens; Latin
   letters lose their accents (ñ -> n, ß -> ss); "" when nothing is left. At most max bytes. */
char *ec_text_slug(ec_arena *arena, const char *text, size_t max);
/* The letters of a code point in a slug; "" for what separates words, NULL for what vanishes. The
   text is constant or ascii. */
const char *ec_slug_letters(uint32_t point, char ascii[2]);
/* Does it look like a slug: [a-z0-9]+(-[a-z0-9]+)* ? */
bool ec_text_is_slug(const char *text);
/* One @ with something on both sides, no blanks or controls, at most 254 bytes. */
bool ec_text_is_email(const char *text);
/* Letter case of ASCII only. */
void ec_text_lower(char *text);
bool ec_text_equal_nocase(const char *a, const char *b);

/* A whole number in decimal, the whole text; EC_INVALID, EC_OVERFLOW. */
ec_status ec_parse_int(const char *text, int64_t *out);
/* A decimal number as an integer scaled by 10^scale: ("4.5", 2) -> 450. More decimals than scale:
   EC_INVALID unless they are zeros. Plain or exponent form ("1e3") as JSON allows. */
ec_status ec_parse_decimal(const char *text, int scale, int64_t *out);
/* The shortest exact text with at least min decimals and at most scale: (450, 2, 0) -> "4.5". */
const char *ec_format_decimal(int64_t number, int scale, int min, char *buffer, size_t size);

#define EC_TIME_TEXT_MAX 32
/* RFC 3339 in UTC with milliseconds: "2026-11-24T18:35:44.123Z". Years 0001 to 9999. */
const char *ec_time_format(ec_time time, char *buffer, size_t size);

#endif
