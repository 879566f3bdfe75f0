/* SPDX-License-Identifier: MIT */
/*
 * explain.c - a quote as a table for people: every cent with its reason.
 *
 * The lines first, each with what made its price; then the fee, taxes by rate, the sums; then every
 * promotion that was looked at, and why it did not apply. It computes nothing: what is not in the
 * quote is not in the text.
 */
#include <ecommerce/limits.h>
#include <ecommerce/quote.h>

#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "engine/state.h"

#define WIDTH 44 /* of what stands before an amount */

typedef struct page {
    ec_buf buf;
    const ec_quote *quote;
} page;

static void put_amount(page *p, int64_t amount)
{
    char text[64];
    ec_money money = {.amount = amount};
    (void)snprintf(money.currency, sizeof(money.currency), "%s", p->quote->currency);
    const char *written = ec_money_format(money, text, sizeof(text));
    ec_buf_printf(&p->buf, "%14s", written == NULL ? "?" : written);
}

/* Bytes of UTF-8 that begin a character. */
static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0u) != 0x80u;
    return n;
}

/* "  label ……   amount", then what is behind it. */
static void put_row(page *p, size_t indent, const char *label, int64_t amount)
{
    size_t used = indent + characters(label);
    ec_buf_printf(&p->buf, "%*s%s", (int)indent, "", label);
    ec_buf_printf(&p->buf, "%*s", used < WIDTH ? (int)(WIDTH - used) : 1, "");
    put_amount(p, amount);
}

static void put_end(page *p)
{
    ec_buf_puts(&p->buf, "\n");
}

/* "19 %" of millionths. */
static void put_rate(page *p, int64_t rate)
{
    int64_t whole = rate / 10000, rest = rate % 10000;
    char digits[8];
    (void)snprintf(digits, sizeof(digits), "%04lld", (long long)rest);
    size_t length = 4;
    while (length > 0 && digits[length - 1] == '0')
        digits[--length] = '\0';
    ec_buf_printf(&p->buf, "%lld%s%s %%", (long long)whole, length > 0 ? "." : "", digits);
}

static const char *kind_text(const ec_quote_adjustment *one)
{
    switch (one->kind) {
    case EC_ADJUST_CATALOG: return "catalogue";
    case EC_ADJUST_UNIT: return "units";
    case EC_ADJUST_ORDER: return "order";
    case EC_ADJUST_SHIPPING: return "fee";
    case EC_ADJUST_SHIPPING_DISCOUNT: return "off the fee";
    case EC_ADJUST_TAX: return one->included ? "included tax" : "tax";
    case EC_ADJUST_ROUNDING: return "rounding";
    }
    return "";
}

static void put_adjustment(page *p, const ec_quote_adjustment *one)
{
    put_row(p, 4, one->label == NULL ? kind_text(one) : one->label, one->amount);
    ec_buf_printf(&p->buf, "  %s", kind_text(one));
    if (one->rate != 0) {
        ec_buf_puts(&p->buf, ", ");
        put_rate(p, one->rate);
        ec_buf_puts(&p->buf, " of");
        put_amount(p, one->base);
    }
    if (one->quantity > 0) ec_buf_printf(&p->buf, ", %lld units", (long long)one->quantity);
    if (one->rounding != NULL) ec_buf_printf(&p->buf, ", rounded %s", one->rounding);
    if (one->code != NULL) ec_buf_printf(&p->buf, ", code %s", one->code);
    if (one->source != NULL) ec_buf_printf(&p->buf, "  [%s]", one->source);
    put_end(p);
}

static void put_adjustments(page *p, int64_t line)
{
    for (size_t i = 0; i < p->quote->adjustments_count; i++)
        if (p->quote->adjustments[i].line == line) put_adjustment(p, &p->quote->adjustments[i]);
}

static void put_line(page *p, const ec_quote_line *line)
{
    ec_buf_printf(&p->buf, "%lld. %s%s%s", (long long)line->position,
                  line->sku == NULL ? "" : line->sku, line->sku == NULL ? "" : "  ",
                  line->name == NULL ? "" : line->name);
    if (line->gift) ec_buf_puts(&p->buf, "  (gift)");
    put_end(p);
    put_row(p, 4, "price of one", line->base_price);
    if (line->original_price > line->base_price) {
        ec_buf_puts(&p->buf, "  instead of");
        put_amount(p, line->original_price);
    }
    if (line->prior_price > 0) {
        ec_buf_puts(&p->buf, "  lowest before");
        put_amount(p, line->prior_price);
    }
    put_end(p);
    if (line->unit_price != line->base_price) {
        put_row(p, 4, "price of one now", line->unit_price);
        put_end(p);
    }
    put_row(p, 4, "price", line->price);
    ec_buf_printf(&p->buf, "  %lld units", (long long)line->quantity);
    put_end(p);
    put_adjustments(p, line->position);
    put_row(p, 2, "line total", line->total);
    put_end(p);
}

static void put_shipping(page *p)
{
    const ec_quote *quote = p->quote;
    if (quote->shipping_count == 0) return;
    ec_buf_puts(&p->buf, "shipping methods\n");
    for (size_t i = 0; i < quote->shipping_count; i++) {
        const ec_quote_shipping *one = &quote->shipping[i];
        put_row(p, 4, one->name == NULL ? one->code : one->name, one->amount);
        ec_buf_printf(&p->buf, "  %s", one->code == NULL ? "" : one->code);
        if (one->parcels > 0) ec_buf_printf(&p->buf, ", %lld parcels", (long long)one->parcels);
        if (one->days_max > 0)
            ec_buf_printf(&p->buf, ", %lld-%lld days", (long long)one->days_min,
                          (long long)one->days_max);
        if (one->chosen) ec_buf_puts(&p->buf, one->estimated ? "  <- estimated" : "  <- chosen");
        put_end(p);
    }
}

static void put_taxes(page *p)
{
    const ec_quote *quote = p->quote;
    if (quote->taxes_count == 0) return;
    ec_buf_puts(&p->buf, "taxes\n");
    for (size_t i = 0; i < quote->taxes_count; i++) {
        const ec_quote_tax *tax = &quote->taxes[i];
        put_row(p, 4, tax->name == NULL ? "tax" : tax->name, tax->amount);
        ec_buf_puts(&p->buf, "  ");
        put_rate(p, tax->rate);
        ec_buf_puts(&p->buf, " of");
        put_amount(p, tax->base);
        ec_buf_puts(&p->buf, tax->included ? ", included" : ", on top");
        if (tax->note != NULL) ec_buf_printf(&p->buf, ", %s", tax->note);
        put_end(p);
    }
}

static void put_sums(page *p)
{
    const ec_quote *quote = p->quote;
    const struct {
        const char *label;
        int64_t amount;
        bool always;
    } rows[] = {
        {"subtotal", quote->subtotal, true},
        {"discount", -quote->discount_amount, false},
        {"shipping", quote->shipping_amount, false},
        {"tax on top", quote->tax_amount, false},
        {"cash rounding", quote->rounding_amount, false},
        {"TOTAL", quote->total_amount, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!rows[i].always && rows[i].amount == 0) continue;
        put_row(p, 0, rows[i].label, rows[i].amount);
        if (i + 1 == sizeof(rows) / sizeof(rows[0])) {
            ec_buf_printf(&p->buf, "  %s", quote->currency);
            if (quote->tax_included != 0) {
                ec_buf_puts(&p->buf, ", with tax of");
                put_amount(p, quote->tax_included);
            }
        }
        put_end(p);
    }
    if (quote->problem != NULL) ec_buf_printf(&p->buf, "problem: %s\n", quote->problem);
}

static void put_promotions(page *p)
{
    const ec_quote *quote = p->quote;
    if (quote->promotions_count == 0) return;
    ec_buf_puts(&p->buf, "promotions\n");
    for (size_t i = 0; i < quote->promotions_count; i++) {
        const ec_quote_promotion *one = &quote->promotions[i];
        const char *name = one->name != NULL ? one->name : one->code != NULL ? one->code : "?";
        put_row(p, 4, name, -one->amount);
        ec_buf_puts(&p->buf, one->applied ? "  applied" : "  not applied");
        if (one->code != NULL) ec_buf_printf(&p->buf, ", code %s", one->code);
        if (one->rule != NULL) ec_buf_printf(&p->buf, ", %s", one->rule);
        if (one->message != NULL) ec_buf_printf(&p->buf, ": %s", one->message);
        if (one->promotion_id != 0)
            ec_buf_printf(&p->buf, "  [promotion:%lld]", (long long)one->promotion_id);
        put_end(p);
    }
}

static ec_status write_page(page *p)
{
    for (size_t i = 0; i < p->quote->lines_count; i++)
        put_line(p, &p->quote->lines[i]);
    ec_buf_puts(&p->buf, "order\n");
    put_adjustments(p, 0);
    put_shipping(p);
    put_taxes(p);
    put_sums(p);
    put_promotions(p);
    return p->buf.status;
}

static ec_status explain(ec_session *session, const ec_quote *quote, char **out)
{
    page p = {.quote = quote};
    if (quote == NULL || out == NULL || quote->currency == NULL)
        return ec_fail(session, EC_MISUSE, "The quote or its place is NULL.");
    ec_buf_init(&p.buf, ec_session_platform(session), (size_t)EC_JSON_SIZE_MAX);
    ec_status status = write_page(&p);
    if (status == EC_OK) {
        *out = ec_block_alloc(ec_session_platform(session), p.buf.length + 1);
        if (*out != NULL) memcpy(*out, ec_buf_text(&p.buf), p.buf.length);
    }
    ec_buf_clear(&p.buf);
    if (status == EC_LIMIT) return ec_fail(session, EC_LIMIT, "The explanation is too long.");
    return *out != NULL ? EC_OK : ec_fail_memory(session);
}

ec_status ec_quote_explain(ec_session *session, const ec_quote *quote, char **out)
{
    bool outer;
    if (out != NULL) *out = NULL;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) return status;
    status = explain(session, quote, out);
    ec_leave(session, outer);
    return status;
}
