/* SPDX-License-Identifier: MIT */
/*
 * subjects.c - what conditions can ask about: one row for each subject, with what it reads.
 *
 * A subject reads the input of a price and the work at it, nothing else; so a condition means the
 * same in a quote, a cart and an order. What must come from storage first is named by the row's
 * needs. Gifts are no part of sums over lines: what a promotion gave must not make it apply.
 * It refuses to guess: a fact that is unknown has no value, and no test of it holds.
 */
#include <stdio.h>

#include "base/text.h"
#include "price/rules.h"
#include "rule/inside.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define RATE_ONE INT64_C(1000000)

/* ---- one value ------------------------------------------------------------------------------- */

static bool a_number(size_t n, bool known, int64_t number, ec_rule_fact *out)
{
    out->number = number;
    return n == 0 && known;
}

static bool a_text(size_t n, const char *text, ec_rule_fact *out)
{
    out->text = text;
    return n == 0 && text != NULL && text[0] != '\0';
}

static bool an_id(size_t n, const ec_id *ids, size_t count, ec_rule_fact *out)
{
    if (n >= count) return false;
    out->number = ids[n];
    return true;
}

/* The n-th value of a name in a list of pairs. */
static bool a_pair(size_t n, const ec_pricing_pair *pairs, size_t count, const char *name,
                   ec_rule_fact *out)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].name, name) == 0 && n-- == 0) {
            out->text = pairs[i].value;
            return out->text != NULL;
        }
    return false;
}

/* ---- of a line ------------------------------------------------------------------------------- */

static bool get_product(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->line->in->product_id, out);
}

static bool get_variant(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->line->in->variant_id, out);
}

static bool get_sku(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->line->in->sku, out);
}

static bool get_category(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return an_id(n, at->line->in->categories, at->line->in->categories_count, out);
}

static bool get_category_direct(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && get_category(at, n, out);
}

static bool get_brand(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, at->line->in->brand_id != 0, at->line->in->brand_id, out);
}

static bool get_collection(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return an_id(n, at->line->in->collections, at->line->in->collections_count, out);
}

static bool get_tag(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    if (n >= at->line->in->tags_count) return false;
    out->text = at->line->in->tags[n];
    return true;
}

static bool get_type(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->line->in->type, out);
}

static bool get_attribute(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_pricing_line *in = at->line->in;
    return a_pair(n, in->attributes, in->attributes_count, at->test->member, out);
}

static bool get_option(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_pricing_line *in = at->line->in;
    return a_pair(n, in->options, in->options_count, at->test->member, out);
}

static bool get_price(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->line->unit_price, out);
}

static bool get_original_price(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    int64_t price = at->line->in->original_price;
    return a_number(n, price > 0, price, out);
}

static bool get_discounted(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->line->discounted, out);
}

static bool get_quantity(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->line->quantity, out);
}

static bool get_line_weight(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    int64_t weight = at->line->in->weight;
    return a_number(n, weight > 0, weight, out);
}

static bool get_tax_category(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->line->in->tax_category, out);
}

static bool get_shipping_category(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->line->in->shipping_category, out);
}

static bool get_cost(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    int64_t cost = at->line->in->cost_price;
    return a_number(n, cost > 0, cost, out);
}

static bool get_margin(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    int64_t cost = at->line->in->cost_price, price = at->line->unit_price, margin = 0;
    bool known = cost > 0 && price > 0 &&
                 ec_divide(price - cost, RATE_ONE, price, EC_ROUND_FLOOR, &margin) == EC_OK;
    return a_number(n, known, margin, out);
}

static bool get_requires_shipping(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->line->in->requires_shipping, out);
}

/* ---- over lines ------------------------------------------------------------------------------ */

typedef int64_t line_figure(const ec_pricing_state *line);

static int64_t figure_one(const ec_pricing_state *line)
{
    (void)line;
    return 1;
}

static int64_t figure_units(const ec_pricing_state *line)
{
    return line->quantity;
}

static int64_t figure_left(const ec_pricing_state *line)
{
    return ec_pricing_left(line);
}

static int64_t figure_price(const ec_pricing_state *line)
{
    return line->price;
}

static int64_t figure_gross(const ec_pricing_state *line)
{
    return ec_pricing_left(line) + line->tax_added;
}

static int64_t figure_weight(const ec_pricing_state *line)
{
    int64_t weight = 0;
    return __builtin_mul_overflow(line->in->weight, line->quantity, &weight) ? INT64_MAX : weight;
}

/* The sum of a figure over the lines that the test is about; the largest number when it is more. */
static int64_t sum(const ec_rule_at *at, line_figure *figure)
{
    int64_t total = 0;
    for (size_t i = 0; i < at->work->lines_count; i++) {
        const ec_pricing_state *line = &at->work->lines[i];
        if (line->gift || !ec_rule_holds_state(at->test->lines, at->work, line)) continue;
        if (__builtin_add_overflow(total, figure(line), &total)) return INT64_MAX;
    }
    return total;
}

static int64_t count_asked(const ec_pricing_work *work)
{
    int64_t count = 0;
    for (size_t i = 0; i < work->lines_count; i++)
        if (!work->lines[i].gift) count++;
    return count;
}

static bool get_any(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, sum(at, figure_one) > 0, out);
}

static bool get_all(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    int64_t count = sum(at, figure_one);
    return a_number(n, true, count > 0 && count == count_asked(at->work), out);
}

static bool get_none(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, sum(at, figure_one) == 0, out);
}

static bool get_units(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && a_number(n, true, sum(at, figure_units), out);
}

static bool get_lines(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && a_number(n, true, sum(at, figure_one), out);
}

static bool get_total(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && a_number(n, true, sum(at, figure_left), out);
}

static bool get_price_total(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && a_number(n, true, sum(at, figure_price), out);
}

static bool get_gross_total(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && a_number(n, true, sum(at, figure_gross), out);
}

static bool get_weight(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return n == 0 && a_number(n, true, sum(at, figure_weight), out);
}

/* ---- where ----------------------------------------------------------------------------------- */

static const ec_address *address_of(const ec_rule_at *at)
{
    const ec_pricing *in = at->work->in;
    return in->shipping_address != NULL ? in->shipping_address : in->billing_address;
}

static bool get_channel(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->work->in->channel, out);
}

static bool get_currency(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->work->in->currency, out);
}

static bool get_locale(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->work->in->locale, out);
}

static bool get_country(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_address *address = address_of(at);
    return a_text(n, address == NULL ? NULL : address->country, out);
}

static bool get_region(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_address *address = address_of(at);
    return a_text(n, address == NULL ? NULL : address->region, out);
}

static bool get_city(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_address *address = address_of(at);
    return a_text(n, address == NULL ? NULL : address->city, out);
}

static bool get_postcode(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_address *address = address_of(at);
    return a_text(n, address == NULL ? NULL : address->postal_code, out);
}

static int has_zone(ec_rule_at *at, const ec_rule_value *value)
{
    const ec_address *address = address_of(at);
    if (address == NULL || at->work->rules == NULL) return -1;
    return ec_zone_has(&at->work->rules->taxes, value->number, address);
}

/* ---- who ------------------------------------------------------------------------------------- */

/* Does anything tell this customer from others? Else nothing is known of earlier orders. */
static bool is_known(const ec_rule_at *at)
{
    const ec_pricing_customer *customer = &at->work->in->customer;
    return customer->user_id != 0 || customer->email != NULL;
}

static bool get_group(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_pricing_customer *customer = &at->work->in->customer;
    if (n >= customer->groups_count || customer->group_codes == NULL) return false;
    out->text = customer->group_codes[n];
    return out->text != NULL;
}

static bool get_user(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    ec_id id = at->work->in->customer.user_id;
    return a_number(n, id != 0, id, out);
}

static bool get_role(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->work->in->customer.role, out);
}

static bool get_email(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->work->in->customer.email, out);
}

static bool get_signed_in(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->work->in->customer.signed_in, out);
}

static bool get_guest(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, !at->work->in->customer.signed_in, out);
}

static bool get_staff(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->work->in->customer.staff, out);
}

static bool get_nth_order(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, is_known(at), at->work->in->customer.orders_count + 1, out);
}

static bool get_orders_count(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, is_known(at), at->work->in->customer.orders_count, out);
}

static bool get_first_order(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, is_known(at), at->work->in->customer.orders_count == 0, out);
}

static bool get_spent(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, is_known(at), at->work->in->customer.spent, out);
}

static bool get_days_since_order(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    ec_time last = at->work->in->customer.last_order_at;
    int64_t passed = 0;
    bool known = last != 0 && !__builtin_sub_overflow(at->work->in->now, last, &passed);
    return a_number(n, known, passed < 0 ? 0 : passed / DAY_MS, out);
}

/* ---- when ------------------------------------------------------------------------------------ */

/* The shop's clock. */
static ec_time local(const ec_rule_at *at)
{
    ec_time time = 0;
    const ec_pricing *in = at->work->in;
    return __builtin_add_overflow(in->now, in->utc_offset_ms, &time) ? in->now : time;
}

static int64_t day_of(ec_time time)
{
    return time / DAY_MS - (time % DAY_MS < 0);
}

/* Sunday is the last day of a week, as in ISO 8601. */
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday",    NULL};

static bool get_weekday(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    int64_t day = (day_of(local(at)) + 3) % 7; /* 1970-01-01 was a Thursday */
    return a_text(n, weekdays[day < 0 ? day + 7 : day], out);
}

static bool get_hour(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    ec_time time = local(at);
    return a_number(n, true, (time - day_of(time) * DAY_MS) / HOUR_MS, out);
}

static bool get_date(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    char text[EC_TIME_TEXT_MAX];
    if (n > 0 || ec_time_format(local(at), text, sizeof(text)) == NULL) return false;
    memcpy(at->buffer, text, 10);
    at->buffer[10] = '\0';
    return a_text(n, at->buffer, out);
}

/* ---- what else was said ---------------------------------------------------------------------- */

static bool get_coupon(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_pricing *in = at->work->in;
    for (size_t i = 0; i < in->coupons_count; i++)
        if (in->coupons[i].problem == NULL && n-- == 0) {
            out->text = in->coupons[i].code;
            return out->text != NULL;
        }
    return false;
}

static bool get_shipping_method(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    const ec_pricing_work *work = at->work;
    return a_text(
        n, work->shipping_method != NULL ? work->shipping_method : work->in->shipping_method, out);
}

static bool get_payment_method(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_text(n, at->work->in->payment_method, out);
}

static bool get_fee(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_number(n, true, at->work->fee - at->work->fee_discount, out);
}

static bool get_fact(ec_rule_at *at, size_t n, ec_rule_fact *out)
{
    return a_pair(n, at->work->in->facts, at->work->in->facts_count, at->test->member, out);
}

/* ---- the table ------------------------------------------------------------------------------- */

#define LINE EC_RULE_LINE
#define CART EC_RULE_CART
#define BOTH (EC_RULE_CART | EC_RULE_LINE)
#define SEVERAL EC_SUBJECT_SEVERAL
#define SUMS EC_SUBJECT_AGGREGATE

const ec_rule_subject ec_rule_subjects[] = {
    {"product", LINE, EC_RULE_ID, 0, 0, NULL, NULL, get_product, NULL, "its product"},
    {"variant", LINE, EC_RULE_ID, 0, 0, NULL, NULL, get_variant, NULL, "its variant"},
    {"sku", LINE, EC_RULE_TEXT, EC_SUBJECT_ORDERED | EC_SUBJECT_PATTERN, 0, NULL, NULL, get_sku,
     NULL, "its stock-keeping unit; \"*\" stands for any text"},
    {"category", LINE, EC_RULE_ID, SEVERAL, 0, NULL, NULL, get_category, NULL,
     "the categories that it lies in, those above too"},
    {"category_direct", LINE, EC_RULE_ID, SEVERAL, 0, NULL, NULL, get_category_direct, NULL,
     "the category that it lies in itself"},
    {"brand", LINE, EC_RULE_ID, SEVERAL, 0, NULL, NULL, get_brand, NULL, "its brand"},
    {"collection", LINE, EC_RULE_ID, SEVERAL, EC_RULE_NEEDS_COLLECTIONS, NULL, NULL, get_collection,
     NULL, "the collections that hold its product"},
    {"tag", LINE, EC_RULE_TEXT, SEVERAL, EC_RULE_NEEDS_TAGS, NULL, NULL, get_tag, NULL,
     "the tags of its product"},
    {"type", LINE, EC_RULE_TEXT, SEVERAL, 0, NULL, NULL, get_type, NULL, "the type of its product"},
    {"attribute", LINE, EC_RULE_TEXT,
     SEVERAL | EC_SUBJECT_MEMBER | EC_SUBJECT_ORDERED | EC_SUBJECT_LOOSE, EC_RULE_NEEDS_ATTRIBUTES,
     NULL, NULL, get_attribute, NULL, "the values of the attribute of that name"},
    {"option", LINE, EC_RULE_TEXT,
     SEVERAL | EC_SUBJECT_MEMBER | EC_SUBJECT_ORDERED | EC_SUBJECT_LOOSE, EC_RULE_NEEDS_ATTRIBUTES,
     NULL, NULL, get_option, NULL, "what its variant is in the option of that name"},
    {"price", LINE, EC_RULE_MONEY, 0, 0, NULL, NULL, get_price, NULL, "its present unit price"},
    {"original_price", LINE, EC_RULE_MONEY, 0, 0, NULL, NULL, get_original_price, NULL,
     "its unit price without discount, where one is stated"},
    {"discounted", LINE, EC_RULE_TRUTH, 0, 0, NULL, NULL, get_discounted, NULL,
     "is its price reduced already?"},
    {"quantity", LINE, EC_RULE_NUMBER, 0, 0, NULL, NULL, get_quantity, NULL, "units of the line"},
    {"weight", LINE, EC_RULE_NUMBER, 0, 0, NULL, NULL, get_line_weight, NULL,
     "grams of one unit, where they are known"},
    {"tax_category", LINE, EC_RULE_TEXT, SEVERAL, 0, NULL, NULL, get_tax_category, NULL,
     "the code of its own category of taxes"},
    {"shipping_category", LINE, EC_RULE_TEXT, SEVERAL, 0, NULL, NULL, get_shipping_category, NULL,
     "the code of its category of shipping"},
    {"cost", LINE, EC_RULE_MONEY, 0, EC_RULE_NEEDS_COST, NULL, NULL, get_cost, NULL,
     "what one unit costs the shop, where it is known"},
    {"margin", LINE, EC_RULE_RATE, 0, EC_RULE_NEEDS_COST, NULL, NULL, get_margin, NULL,
     "the part of its unit price above the cost"},
    {"requires_shipping", LINE, EC_RULE_TRUTH, 0, 0, NULL, NULL, get_requires_shipping, NULL,
     "is it sent?"},

    {"any", CART, EC_RULE_TRUTH, SUMS, 0, NULL, NULL, get_any, NULL, "does it hold for a line?"},
    {"all", CART, EC_RULE_TRUTH, SUMS, 0, NULL, NULL, get_all, NULL,
     "are there lines, and does it hold for each?"},
    {"none", CART, EC_RULE_TRUTH, SUMS, 0, NULL, NULL, get_none, NULL, "does it hold for no line?"},
    {"units", CART, EC_RULE_NUMBER, SUMS, 0, NULL, NULL, get_units, NULL, "units of these lines"},
    {"lines", CART, EC_RULE_NUMBER, SUMS, 0, NULL, NULL, get_lines, NULL,
     "how many lines these are"},
    {"total", CART, EC_RULE_MONEY, SUMS, 0, NULL, NULL, get_total, NULL,
     "what these lines cost after the discounts so far, without added taxes"},
    {"price_total", CART, EC_RULE_MONEY, SUMS, 0, NULL, NULL, get_price_total, NULL,
     "what these lines cost before discounts of the cart"},
    {"gross_total", CART, EC_RULE_MONEY, SUMS, 0, NULL, NULL, get_gross_total, NULL,
     "what these lines cost after discounts, with added taxes; for methods of shipping"},
    {"weight", CART, EC_RULE_NUMBER, SUMS, 0, NULL, NULL, get_weight, NULL, "grams of these lines"},

    {"channel", BOTH, EC_RULE_TEXT, 0, 0, NULL, NULL, get_channel, NULL, "the code of the channel"},
    {"currency", BOTH, EC_RULE_TEXT, 0, 0, NULL, "AAA", get_currency, NULL, "what is paid in"},
    {"locale", BOTH, EC_RULE_TEXT, 0, 0, NULL, NULL, get_locale, NULL, "the shopper's language"},
    {"country", BOTH, EC_RULE_TEXT, 0, 0, NULL, "AA", get_country, NULL,
     "where it goes (the shipping address, else the billing address), such as CL"},
    {"region", BOTH, EC_RULE_TEXT, EC_SUBJECT_NOCASE, 0, NULL, NULL, get_region, NULL,
     "region, province or state of that address"},
    {"city", BOTH, EC_RULE_TEXT, EC_SUBJECT_NOCASE, 0, NULL, NULL, get_city, NULL,
     "city of that address"},
    {"postcode", BOTH, EC_RULE_TEXT, EC_SUBJECT_ORDERED | EC_SUBJECT_PATTERN | EC_SUBJECT_NOCASE, 0,
     NULL, NULL, get_postcode, NULL, "postal code of that address; \"*\" stands for any text"},
    {"zone", BOTH, EC_RULE_ID, 0, 0, NULL, NULL, NULL, has_zone,
     "the zones that this address lies in"},

    {"group", BOTH, EC_RULE_TEXT, SEVERAL, EC_RULE_NEEDS_GROUPS, NULL, NULL, get_group, NULL,
     "the codes of the customer's groups"},
    {"user", BOTH, EC_RULE_ID, 0, 0, NULL, NULL, get_user, NULL, "the customer"},
    {"role", BOTH, EC_RULE_TEXT, 0, 0, NULL, NULL, get_role, NULL, "the role of who acts"},
    {"email", BOTH, EC_RULE_TEXT, EC_SUBJECT_PATTERN | EC_SUBJECT_NOCASE, 0, NULL, NULL, get_email,
     NULL, "the customer's address for mail; \"*@example.com\""},
    {"signed_in", BOTH, EC_RULE_TRUTH, 0, 0, NULL, NULL, get_signed_in, NULL,
     "is the customer known by an account?"},
    {"guest", BOTH, EC_RULE_TRUTH, 0, 0, NULL, NULL, get_guest, NULL, "does a visitor buy?"},
    {"staff", BOTH, EC_RULE_TRUTH, 0, 0, NULL, NULL, get_staff, NULL,
     "does somebody of the shop act?"},
    {"nth_order", BOTH, EC_RULE_NUMBER, 0, EC_RULE_NEEDS_HISTORY, NULL, NULL, get_nth_order, NULL,
     "which order of the customer this one is, from 1"},
    {"orders_count", BOTH, EC_RULE_NUMBER, 0, EC_RULE_NEEDS_HISTORY, NULL, NULL, get_orders_count,
     NULL, "earlier orders of the customer"},
    {"first_order", BOTH, EC_RULE_TRUTH, 0, EC_RULE_NEEDS_HISTORY, NULL, NULL, get_first_order,
     NULL, "is it the customer's first order?"},
    {"spent", BOTH, EC_RULE_MONEY, 0, EC_RULE_NEEDS_HISTORY, NULL, NULL, get_spent, NULL,
     "what the customer's earlier orders cost"},
    {"days_since_order", BOTH, EC_RULE_NUMBER, 0, EC_RULE_NEEDS_HISTORY, NULL, NULL,
     get_days_since_order, NULL, "whole days since the customer's last order"},

    {"weekday", BOTH, EC_RULE_TEXT, 0, 0, weekdays, NULL, get_weekday, NULL,
     "the day by the shop's clock: monday … sunday"},
    {"hour", BOTH, EC_RULE_NUMBER, 0, 0, NULL, NULL, get_hour, NULL,
     "the hour by the shop's clock, 0 to 23"},
    {"date", BOTH, EC_RULE_TEXT, EC_SUBJECT_ORDERED, 0, NULL, "9999-99-99", get_date, NULL,
     "the date by the shop's clock, such as \"2026-12-24\""},

    {"coupon", BOTH, EC_RULE_TEXT, SEVERAL | EC_SUBJECT_PATTERN | EC_SUBJECT_NOCASE, 0, NULL, NULL,
     get_coupon, NULL, "the valid codes of the cart; \"*\" stands for any text"},
    {"shipping_method", CART, EC_RULE_TEXT, 0, 0, NULL, NULL, get_shipping_method, NULL,
     "the code of the method chosen"},
    {"payment_method", CART, EC_RULE_TEXT, 0, 0, NULL, NULL, get_payment_method, NULL,
     "the code of the method chosen"},
    {"fee", CART, EC_RULE_MONEY, 0, 0, NULL, NULL, get_fee, NULL,
     "the fee of shipping after the discounts so far"},
    {"fact", BOTH, EC_RULE_TEXT, EC_SUBJECT_MEMBER | EC_SUBJECT_ORDERED | EC_SUBJECT_LOOSE, 0, NULL,
     NULL, get_fact, NULL, "what the caller says under that name"},
};
const size_t ec_rule_subjects_count = sizeof(ec_rule_subjects) / sizeof(*ec_rule_subjects);

const ec_rule_subject *ec_rule_subject_find(const char *name, ec_rule_scope scope)
{
    const ec_rule_subject *other = NULL;
    for (size_t i = 0; i < ec_rule_subjects_count; i++) {
        const ec_rule_subject *subject = &ec_rule_subjects[i];
        if (strcmp(subject->name, name) != 0) continue;
        if ((subject->scopes & scope) != 0) return subject;
        other = subject;
    }
    return other;
}

bool ec_rule_subject_at(size_t n, const char **name, unsigned *scopes, ec_rule_kind *kind,
                        const char **doc)
{
    if (n >= ec_rule_subjects_count) return false;
    *name = ec_rule_subjects[n].name;
    *scopes = ec_rule_subjects[n].scopes;
    *kind = ec_rule_subjects[n].kind;
    *doc = ec_rule_subjects[n].doc;
    return true;
}
