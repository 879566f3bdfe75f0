/* SPDX-License-Identifier: MIT */
/*
 * csv_write.c - CSV fields, quoted where needed and harmless to spreadsheets.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe in front. So that reading
 * gives back exactly what was written, a text that already looks protected gets another one.
 * It refuses to know columns: the walker of the entity puts fields in their order.
 */
#include "base/csv.h"

#include <string.h>

/* Digits with a sign in front and perhaps a decimal point: a number, no formula. */
static bool csv_is_number(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, "0123456789");
    size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    const char *end = text + whole + (fraction > 0 ? fraction + 1 : 0);
    return whole > 0 && *end == '\0';
}

/* Must an apostrophe stand in front? Apostrophes that are there already do not count. */
static bool csv_is_formula(const char *text)
{
    const char *first = text + strspn(text, "'");
    return *first && strchr("=+-@\t\r", *first) && !csv_is_number(text);
}

void ec_csv_put(ec_buf *buf, const char *text, bool first, bool raw)
{
    text = text ? text : "";
    size_t length = strlen(text);
    bool protect = !raw && csv_is_formula(text);
    if (!first) {
        ec_buf_putc(buf, ',');
    }
    bool mark = first && strncmp(text, "\xEF\xBB\xBF", 3) == 0; /* no byte order mark, a text */
    if (!mark && !text[strcspn(text, ",\"\r\n")]) {
        ec_buf_put(buf, "'", protect);
        ec_buf_put(buf, text, length);
        return;
    }
    ec_buf_put(buf, "\"'", protect ? 2 : 1);
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        ec_buf_put(buf, text, (size_t)(quote - text) + 1);
        ec_buf_putc(buf, '"');
    }
    ec_buf_puts(buf, text);
    ec_buf_putc(buf, '"');
}

void ec_csv_end(ec_buf *buf)
{
    if (buf->length == 0 || buf->data[buf->length - 1] == '\n') {
        ec_buf_puts(buf, "\"\""); /* one empty field; an empty line would be no record */
    }
    ec_buf_puts(buf, "\r\n");
}

const char *ec_csv_unprotect(const char *text)
{
    return text && *text == '\'' && csv_is_formula(text + 1) ? text + 1 : text;
}
