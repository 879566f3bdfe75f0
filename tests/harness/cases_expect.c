/* SPDX-License-Identifier: MIT */
/*
 * cases_expect.c - does the quote say what the case expects, and does it explain itself?
 */
#include "harness/cases_inside.h"

#include <inttypes.h>

typedef struct figure {
    const char *name;
    size_t offset;
} figure;

static const figure totals[] = {
    {"subtotal", offsetof(ec_quote, subtotal)},
    {"discount", offsetof(ec_quote, discount_amount)},
    {"fee", offsetof(ec_quote, shipping_fee)},
    {"shipping", offsetof(ec_quote, shipping_amount)},
    {"shipping_discount", offsetof(ec_quote, shipping_discount)},
    {"shipping_tax", offsetof(ec_quote, shipping_tax)},
    {"tax", offsetof(ec_quote, tax_amount)},
    {"included", offsetof(ec_quote, tax_included)},
    {"rounding", offsetof(ec_quote, rounding_amount)},
    {"total", offsetof(ec_quote, total_amount)},
};

static const figure line_figures[] = {
    {"price", offsetof(ec_quote_line, price)},
    {"base", offsetof(ec_quote_line, base_price)},
    {"original", offsetof(ec_quote_line, original_price)},
    {"prior", offsetof(ec_quote_line, prior_price)},
    {"unit", offsetof(ec_quote_line, unit_price)},
    {"unit_discount", offsetof(ec_quote_line, unit_discount)},
    {"subtotal", offsetof(ec_quote_line, subtotal)},
    {"order_discount", offsetof(ec_quote_line, order_discount)},
    {"tax", offsetof(ec_quote_line, tax_amount)},
    {"included", offsetof(ec_quote_line, tax_included)},
    {"total", offsetof(ec_quote_line, total)},
};

static int64_t figure_of(const void *object, size_t offset)
{
    return *(const int64_t *)((const char *)object + offset);
}

static const char *shown(case_file *c, int64_t amount)
{
    char buffer[EC_MONEY_TEXT_MAX];
    ec_money money = {.amount = amount};
    snprintf(money.currency, sizeof money.currency, "%s", c->in.currency);
    return ec_arena_strdup(&c->arena, ec_money_format(money, buffer, sizeof buffer));
}

static void compare(case_file *c, const char *what, int64_t is, int64_t wanted)
{
    if (is != wanted) case_fault(c, "%s is %s, not %s", what, shown(c, is), shown(c, wanted));
}

/* ---- lines ---- */

static bool has_figures(case_file *c, const ec_quote_line *line)
{
    for (size_t i = 0; i < sizeof line_figures / sizeof line_figures[0]; i++) {
        int64_t is = figure_of(line, line_figures[i].offset);
        if (is != case_amount(c, line_figures[i].name, is)) return false;
    }
    return line->quantity == case_number(c, "quantity", line->quantity) &&
           (line->gift || !case_flag(c, "gift"));
}

/* Of several lines of the SKU one has to fit; the first one tells what differs. */
static void expect_line(case_file *c, const ec_quote *quote)
{
    const char *sku = case_word(c, 2);
    const ec_quote_line *first = NULL;
    for (size_t i = 0; i < quote->lines_count; i++) {
        const ec_quote_line *line = &quote->lines[i];
        if (line->sku == NULL || strcmp(line->sku, sku) != 0) continue;
        if (line->gift != case_flag(c, "gift")) continue;
        if (has_figures(c, line)) return;
        first = first == NULL ? line : first;
    }
    if (first == NULL) {
        case_fault(c, "there is no such line %s", sku);
        return;
    }
    for (size_t i = 0; i < sizeof line_figures / sizeof line_figures[0]; i++) {
        int64_t is = figure_of(first, line_figures[i].offset);
        compare(c, line_figures[i].name, is, case_amount(c, line_figures[i].name, is));
    }
    int64_t quantity = case_number(c, "quantity", first->quantity);
    if (quantity != first->quantity)
        case_fault(c, "the quantity is %" PRId64 ", not %" PRId64, first->quantity, quantity);
}

/* ---- promotions, rates, methods ---- */

static void expect_promotion(case_file *c, const ec_quote *quote)
{
    ec_id id = case_number_text(c, case_word(c, 2));
    const char *wanted = case_word(c, 3);
    bool applied = strcmp(wanted, "not") != 0;
    for (size_t i = 0; i < quote->promotions_count; i++) {
        const ec_quote_promotion *p = &quote->promotions[i];
        if (p->promotion_id != id) continue;
        if (p->applied != applied) {
            case_fault(c, "promotion %" PRId64 " was %sapplied%s%s", id, p->applied ? "" : "not ",
                       p->rule ? ": " : "", p->rule ? p->rule : "");
            return;
        }
        if (applied)
            compare(c, "what the promotion takes off", p->amount, case_amount_text(c, wanted));
        else if (c->words_count > 4 && (p->rule == NULL || strcmp(p->rule, c->words[4]) != 0))
            case_fault(c, "the reason is \"%s\"", p->rule ? p->rule : "");
        return;
    }
    /* the index spares looking at what cannot hold, or is about goods that are not there */
    bool spared = c->words_count > 4 &&
                  (strcmp(c->words[4], "condition") == 0 || strcmp(c->words[4], "no_effect") == 0);
    if (applied || !spared) case_fault(c, "promotion %" PRId64 " was not looked at", id);
}

static void expect_rate(case_file *c, const ec_quote *quote)
{
    const char *name = case_word(c, 2);
    int64_t amount = case_amount_text(c, c->words[c->words_count - 1]);
    for (size_t i = 0; i < quote->taxes_count; i++) {
        const ec_quote_tax *tax = &quote->taxes[i];
        if (strcmp(tax->name, name) != 0) continue;
        compare(c, "the rate's tax", tax->amount, amount);
        compare(c, "the rate's base", tax->base, case_amount(c, "base", tax->base));
        if (case_value(c, "note") != NULL &&
            (tax->note == NULL || strcmp(tax->note, case_value(c, "note")) != 0))
            case_fault(c, "the rate's note is \"%s\"", tax->note ? tax->note : "");
        return;
    }
    if (amount != 0) case_fault(c, "the rate %s was not used", name);
}

static void expect_method(case_file *c, const ec_quote *quote)
{
    const char *code = "none";
    for (size_t i = 0; i < quote->shipping_count; i++)
        if (quote->shipping[i].chosen) code = quote->shipping[i].code;
    if (strcmp(code, case_word(c, 2)) != 0) case_fault(c, "the method is %s", code);
}

static void expect_offered(case_file *c, const ec_quote *quote)
{
    char *codes = ec_arena_strdup(&c->arena, quote->shipping_count == 0 ? "none" : "");
    for (size_t i = 0; i < quote->shipping_count; i++)
        codes =
            ec_arena_printf(&c->arena, "%s%s%s", codes, i == 0 ? "" : ",", quote->shipping[i].code);
    if (strcmp(codes, case_word(c, 2)) != 0) case_fault(c, "offered are %s", codes);
}

/* ---- what always holds ---- */

static void explain(case_file *c, const ec_quote *q)
{
    int64_t sum = q->subtotal, discount = 0, taxes[2] = {0, 0};
    for (size_t i = 0; i < q->adjustments_count; i++) {
        const ec_quote_adjustment *a = &q->adjustments[i];
        if (a->kind != EC_ADJUST_CATALOG && !a->included) sum += a->amount;
        if (a->kind == EC_ADJUST_UNIT || a->kind == EC_ADJUST_ORDER) discount -= a->amount;
        if (a->kind == EC_ADJUST_TAX) taxes[a->included ? 1 : 0] += a->amount;
        if (a->source == NULL) case_fault(c, "an adjustment has no source");
    }
    compare(c, "the sum of the adjustments", sum, q->total_amount);
    compare(c, "the sum of the discounts", discount, q->discount_amount);
    compare(c, "the sum of the added taxes", taxes[0], q->tax_amount);
    compare(c, "the sum of the included taxes", taxes[1], q->tax_included);
    compare(c, "the formula of the total",
            q->subtotal - q->discount_amount + q->shipping_amount + q->tax_amount +
                q->rounding_amount,
            q->total_amount);
    if (q->total_amount < 0 || q->shipping_amount < 0) case_fault(c, "something is negative");
}

static void explain_lines(case_file *c, const ec_quote *q)
{
    int64_t subtotal = 0, discount = 0, tax = 0;
    for (size_t i = 0; i < q->lines_count; i++) {
        const ec_quote_line *line = &q->lines[i];
        subtotal += line->price;
        discount += line->unit_discount + line->order_discount;
        tax += line->tax_amount;
        compare(c, "unit price times quantity", line->unit_price * line->quantity, line->price);
        compare(c, "price less discounts and with tax",
                line->price - line->unit_discount - line->order_discount + line->tax_amount,
                line->total);
        if (line->unit_discount < 0 || line->order_discount < 0 ||
            line->unit_discount + line->order_discount > line->price)
            case_fault(c, "the discounts of line %" PRId64 " are out of range", line->position);
    }
    compare(c, "the sum of the lines", subtotal, q->subtotal);
    compare(c, "the sum of the lines' discounts", discount, q->discount_amount);
    if (tax > q->tax_amount && tax >= 0) case_fault(c, "the lines have more tax than all");
}

/* ---- one expectation ---- */

static bool expect_total(case_file *c, const ec_quote *quote)
{
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        if (strcmp(totals[i].name, c->words[1]) != 0) continue;
        compare(c, totals[i].name, figure_of(quote, totals[i].offset),
                case_amount_text(c, case_word(c, 2)));
        return true;
    }
    return false;
}

static void expect_one(case_file *c, ec_status status, const ec_quote *quote)
{
    const char *what = case_word(c, 1);
    if (strcmp(what, "error") == 0) {
        ec_status wanted = strcmp(case_word(c, 2), "overflow") == 0 ? EC_OVERFLOW : EC_INVALID;
        if (status != wanted) case_fault(c, "the status is %s", ec_status_name(status));
        return;
    }
    if (quote == NULL) return;
    if (expect_total(c, quote)) return;
    if (c->mirrored) return;
    if (strcmp(what, "line") == 0)
        expect_line(c, quote);
    else if (strcmp(what, "promotion") == 0)
        expect_promotion(c, quote);
    else if (strcmp(what, "rate") == 0)
        expect_rate(c, quote);
    else if (strcmp(what, "method") == 0)
        expect_method(c, quote);
    else if (strcmp(what, "offered") == 0)
        expect_offered(c, quote);
    else if (strcmp(what, "problem") == 0)
        (strcmp(quote->problem ? quote->problem : "none", case_word(c, 2)) == 0)
            ? (void)0
            : case_fault(c, "the problem is %s", quote->problem ? quote->problem : "none");
    else
        case_fault(c, "there is no expectation \"%s\"", what);
}

void case_expect(case_file *c, ec_status status, const ec_quote *quote)
{
    bool fails = false;
    for (size_t i = 0; i < c->expectations_count; i++) {
        c->line_number = c->expectations[i].line_number;
        case_split(c, c->expectations[i].line);
        fails = fails || (c->words_count > 1 && strcmp(c->words[1], "error") == 0);
        expect_one(c, status, quote);
    }
    if (c->expectations_count == 0) case_fault(c, "nothing is expected");
    if (status != EC_OK && !fails) case_fault(c, "the status is %s", ec_status_name(status));
    if (quote == NULL) return;
    explain(c, quote);
    explain_lines(c, quote);
}
