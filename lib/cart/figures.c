/* SPDX-License-Identifier: MIT */
/*
 * figures.c - what a cart comes to: its quote, in its own situation or that of a checkout.
 *
 * The items that are sold are lines of the quote; everything the cart shows of money is read off
 * it. It refuses to compute anything itself, and to write: what was shown is written down by
 * ec_cart_remember alone.
 */
#include <string.h>

#include "cart/cart.h"
#include "shipping/rates.h"
#include "shipping/sources.h"
#include "tax/answers.h"

#define GIFT_ROUNDS 4 /* other gifts may take the place of those that are gone */
#define GIFTS_MAX 64

/* ---- the situation ---- */

static ec_status read_address(ec_session *session, const char *text, ec_address **out)
{
    ec_json *json = NULL;
    ec_check check;
    ec_arena *arena = ec_scratch(session);
    *out = NULL;
    if (text == NULL) return EC_OK;
    ec_address *address = ec_arena_alloc(arena, sizeof(*address));
    if (address == NULL) return ec_fail_memory(session);
    ec_check_init(&check, arena);
    ec_status status = ec_json_parse(arena, text, strlen(text), &json, NULL, NULL);
    if (status == EC_OK)
        status =
            ec_entity_read_json(arena, &ec_address_entity, json, NULL, true, address, NULL, &check);
    if (status == EC_NO_MEMORY || arena->failed) return ec_fail_memory(session);
    if (status != EC_OK)
        return ec_fail(session, EC_CORRUPT, "An address of a cart makes no sense.");
    *out = address;
    return EC_OK;
}

/* Codes, one a line. */
static ec_status read_codes(ec_session *session, ec_loaded_cart *out)
{
    size_t count = 1, at = 0;
    if (out->codes == NULL || out->codes[0] == '\0') return EC_OK;
    for (const char *c = out->codes; *c != '\0'; c++)
        count += *c == '\n';
    const char **codes = ec_arena_array(ec_scratch(session), count, sizeof(*codes));
    for (const char *c = out->codes; codes != NULL && at < count; at++) {
        size_t length = strcspn(c, "\n");
        codes[at] = ec_arena_text(ec_scratch(session), c, length);
        if (codes[at] == NULL) break;
        c += length + (c[length] == '\n');
    }
    if (at < count) return ec_fail_memory(session);
    out->cart.coupons = codes;
    out->cart.coupons_count = count;
    return EC_OK;
}

ec_status ec_cart_read_terms(ec_session *session, ec_loaded_cart *out)
{
    ec_cart *cart = &out->cart;
    ec_status status = read_address(session, out->ship_to, &cart->shipping_address);
    if (status == EC_OK) status = read_address(session, out->bill_to, &cart->billing_address);
    if (status == EC_OK) status = read_codes(session, out);
    out->terms = (ec_cart_terms){
        .shipping_address = cart->shipping_address,
        .billing_address = cart->billing_address,
        .shipping_method = cart->shipping_method,
        .payment_method = cart->payment_method,
        .email = cart->email,
        .shipping_amount = -1,
        .user_id = cart->user_id,
    };
    return status;
}

/* ---- the input of the quote ---- */

/* The price that is kept for a while, where the policy keeps it. */
static void keep_price(const ec_pricing *in, const ec_loaded_line *loaded, ec_pricing_line *line)
{
    const ec_policy *policy = in->policy;
    if (policy->price_refresh != EC_REFRESH_KEEP || loaded->shown <= 0) return;
    if (in->now - loaded->shown_at >= policy->price_keep_ms) return;
    line->price = loaded->shown;
    line->kept = true;
}

static ec_status fill_lines(ec_session *session, const ec_rules *rules, ec_loaded_cart *out,
                            ec_pricing *in)
{
    size_t count = out->cart.items_count;
    ec_pricing_line *lines = ec_arena_array(ec_scratch(session), count, sizeof(*lines));
    out->item_of = ec_arena_array(ec_scratch(session), count, sizeof(*out->item_of));
    if (lines == NULL || out->item_of == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++) {
        const ec_cart_item *item = &out->cart.items[i];
        if (!item->is_available) continue;
        out->item_of[in->lines_count] = i;
        ec_pricing_line *line = &lines[in->lines_count++];
        *line = out->lines[i].facts;
        line->sku = item->sku;
        line->name = item->name;
        keep_price(in, &out->lines[i], line);
    }
    in->lines = lines;
    ec_status status = ec_shipping_sources(session, rules, out->stock_strategy, &out->supply, lines,
                                           in->lines_count);
    return status == EC_OK ? ec_pricing_details(session, rules, lines, in->lines_count) : status;
}

static void fill_customer(const ec_loaded_cart *loaded, const ec_cart_terms *terms, ec_pricing *in)
{
    in->customer.user_id = terms->user_id;
    in->customer.email = terms->email;
    if (terms->user_id == 0 || terms->user_id != loaded->cart.user_id) return;
    in->customer.email = loaded->user_email;
    in->customer.role = loaded->user_role;
}

static ec_status fill(ec_session *session, const ec_cart_terms *terms, const ec_rules *rules,
                      ec_loaded_cart *out, ec_pricing *in)
{
    ec_cart *cart = &out->cart;
    const ec_channel *channel = ec_rules_channel(rules, cart->channel_id);
    if (channel == NULL) return ec_fail(session, EC_CORRUPT, "A cart has no channel.");
    *in = (ec_pricing){
        .now = ec_now(session),
        .shipping_address = terms->shipping_address,
        .billing_address = terms->billing_address,
        .shipping_method = terms->shipping_method,
        .payment_method = terms->payment_method,
        .shipping_amount = terms->shipping_amount,
        .tax_question = terms->tax_question,
    };
    ec_pricing_of_channel(rules, channel, in);
    fill_customer(out, terms, in);
    bool known = terms->user_id == cart->user_id;
    ec_status status = ec_pricing_read_customer(session, rules, in, known);
    if (status == EC_OK) status = ec_tax_read_answer(session, cart->id, in);
    if (status == EC_OK) status = fill_lines(session, rules, out, in);
    if (status == EC_OK)
        status = ec_pricing_read_promotions(session, rules, in, cart->coupons, cart->coupons_count);
    return status == EC_OK ? ec_shipping_read_rates(session, rules, cart->id, in) : status;
}

ec_status ec_cart_situation(ec_session *session, const ec_cart_terms *terms, ec_loaded_cart *out,
                            const ec_rules **rules, ec_pricing *in)
{
    ec_status status = ec_rules_hold(session, out->rules_version, rules);
    if (status != EC_OK) return status;
    return fill(session, terms == NULL ? &out->terms : terms, *rules, out, in);
}

/* ---- gifts ---- */

static const char gifts_query[] =
    "SELECT v.id, p.name, v.name, v.requires_shipping, v.tracked, v.backorder,"
    " (SELECT SUM(CASE WHEN s.on_hand - s.committed - s.damaged - s.safety_stock > 0"
    "  THEN s.on_hand - s.committed - s.damaged - s.safety_stock ELSE 0 END)"
    "  FROM inventory s JOIN warehouses w ON w.id = s.warehouse_id AND w.is_active = 1"
    "  WHERE s.variant_id = v.id AND (EXISTS (SELECT 1 FROM channel_warehouses a"
    "  WHERE a.channel_id = ? AND a.warehouse_id = w.id)"
    "  OR NOT EXISTS (SELECT 1 FROM channel_warehouses b WHERE b.channel_id = ?)))"
    " FROM product_variants v JOIN products p ON p.id = v.product_id WHERE v.id IN (";

static void read_gift(ec_session *session, ec_stmt *stmt, ec_cart_gift *gift)
{
    gift->name = ec_col_text(session, stmt, 1);
    gift->variant_name = ec_col_text(session, stmt, 2);
    gift->requires_shipping = ec_col_int(stmt, 3) != 0;
    gift->tracked = ec_col_int(stmt, 4) != 0;
    bool counted = gift->tracked && ec_col_int(stmt, 5) == 0;
    gift->available = counted ? ec_col_int(stmt, 6) : -1;
}

static ec_status read_gifts(ec_session *session, ec_loaded_cart *out, const ec_quote *quote,
                            size_t asked)
{
    ec_stmt *stmt = NULL;
    size_t count = quote->lines_count - asked;
    ec_value *values = ec_arena_array(ec_scratch(session), count + 2, sizeof(*values));
    out->gifts = ec_arena_array(ec_scratch(session), count, sizeof(*out->gifts));
    if (values == NULL || out->gifts == NULL) return ec_fail_memory(session);
    out->gifts_count = count;
    values[0] = values[1] = ec_int(out->cart.channel_id);
    for (size_t i = 0; i < count; i++) {
        out->gifts[i].variant_id = quote->lines[asked + i].variant_id;
        values[i + 2] = ec_int(out->gifts[i].variant_id);
    }
    const char *sql = ec_cart_sql(session, gifts_query, "?", count, ")");
    if (sql == NULL) return ec_fail_memory(session);
    ec_status status = ec_query(session, sql, values, count + 2, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        for (size_t i = 0; i < count; i++)
            if (out->gifts[i].variant_id == ec_col_int(stmt, 0))
                read_gift(session, stmt, &out->gifts[i]);
    return status == EC_DONE ? EC_OK : status;
}

/* Units of a variant that the quote needs, asked for and given. */
static int64_t needed(const ec_quote *quote, ec_id variant_id)
{
    int64_t sum = 0;
    for (size_t i = 0; i < quote->lines_count; i++)
        if (quote->lines[i].variant_id == variant_id) sum += quote->lines[i].quantity;
    return sum;
}

/* Gifts that are not there. */
static bool find_gone(const ec_loaded_cart *loaded, const ec_quote *quote, ec_id *gone,
                      size_t *count)
{
    size_t before = *count;
    for (size_t i = 0; i < loaded->gifts_count; i++) {
        const ec_cart_gift *gift = &loaded->gifts[i];
        if (gift->available < 0 || needed(quote, gift->variant_id) <= gift->available) continue;
        bool known = false;
        for (size_t k = 0; k < *count; k++)
            known = known || gone[k] == gift->variant_id;
        if (!known) gone[(*count)++] = gift->variant_id;
    }
    return *count > before;
}

/* The quote without gifts that are not there: each of them is left out and the rest asked again. */
static ec_status compute(ec_session *session, const ec_rules *rules, ec_pricing *in,
                         ec_loaded_cart *out)
{
    ec_id *gone = NULL;
    for (int round = 0;; round++) {
        ec_status status = ec_price_compute(ec_scratch(session), rules, in, &out->quote, NULL);
        out->gifts_count = 0;
        if (status != EC_OK || out->quote->lines_count == in->lines_count) return status;
        status = read_gifts(session, out, out->quote, in->lines_count);
        if (status != EC_OK || round == GIFT_ROUNDS) return status;
        if (gone == NULL) gone = ec_arena_array(ec_scratch(session), GIFTS_MAX, sizeof(*gone));
        if (gone == NULL) return EC_NO_MEMORY;
        in->gone = gone;
        if (out->gifts_count > GIFTS_MAX - in->gone_count ||
            !find_gone(out, out->quote, gone, &in->gone_count))
            return EC_OK;
    }
}

/* ---- what follows from the quote ---- */

static void add_notice(ec_cart *cart, const ec_cart_item *item, ec_notice_kind kind, int64_t before,
                       int64_t now)
{
    cart->notices[cart->notices_count++] = (ec_cart_notice){
        .item_id = item->id,
        .variant_id = item->variant_id,
        .before = before,
        .now = now,
        .kind = kind,
    };
}

static ec_status notice(ec_session *session, ec_loaded_cart *out)
{
    ec_cart *cart = &out->cart;
    cart->notices_count = 0;
    cart->notices =
        ec_arena_array(ec_scratch(session), 2 * cart->items_count + 1, sizeof(*cart->notices));
    if (cart->notices == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < cart->items_count; i++) {
        const ec_cart_item *item = &cart->items[i];
        if (!item->is_available) {
            add_notice(cart, item, EC_NOTICE_UNAVAILABLE, item->quantity, 0);
            continue;
        }
        if (out->lines[i].shown != item->unit_price)
            add_notice(cart, item, EC_NOTICE_PRICE_CHANGED, out->lines[i].shown, item->unit_price);
        if (item->available >= 0 && item->quantity > item->available)
            add_notice(cart, item, EC_NOTICE_SHORT, item->quantity, item->available);
    }
    return EC_OK;
}

static void show(ec_loaded_cart *out, const ec_quote *quote, size_t asked)
{
    ec_cart *cart = &out->cart;
    for (size_t i = 0; i < asked; i++) {
        const ec_quote_line *line = &quote->lines[i];
        ec_cart_item *item = &cart->items[out->item_of[i]];
        out->lines[out->item_of[i]].price = line->unit_price;
        item->unit_price = line->unit_price;
        item->original_price = line->original_price;
        item->total = line->price;
        item->discount_amount = line->unit_discount + line->order_discount;
        item->tax_amount = line->tax_amount;
    }
    cart->items_total = quote->subtotal;
    cart->discount_amount = quote->discount_amount;
    cart->shipping_amount = quote->shipping_amount;
    cart->tax_amount = quote->tax_amount;
    cart->total = quote->total_amount;
}

ec_status ec_cart_price(ec_session *session, const ec_cart_terms *terms, ec_loaded_cart *out)
{
    const ec_rules *rules = NULL;
    ec_pricing in;
    ec_cart *cart = &out->cart;
    cart->quantity = 0;
    for (size_t i = 0; i < cart->items_count; i++)
        cart->quantity += cart->items[i].quantity;
    ec_status status = ec_cart_situation(session, terms, out, &rules, &in);
    if (status != EC_OK) return status;
    status = compute(session, rules, &in, out);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status == EC_CORRUPT)
        return ec_fail(session, EC_CORRUPT, "The total is not what its adjustments explain.");
    if (status != EC_OK && status != EC_OVERFLOW && status != EC_INVALID) return status;
    if (status != EC_OK)
        return ec_fail_field(session, status, "total", "max",
                             "The cart comes to more than %lld minor units.",
                             (long long)EC_AMOUNT_MAX);
    cart->quote = out->quote;
    show(out, out->quote, in.lines_count);
    return notice(session, out);
}

/* ---- what the shopper saw ---- */

ec_status ec_cart_remember(ec_session *session, ec_loaded_cart *loaded)
{
    if (loaded->quote == NULL) return EC_OK;
    int64_t discount = loaded->quote->discount_amount + loaded->quote->shipping_discount;
    if (discount == loaded->shown_discount) return EC_OK;
    loaded->shown_discount = discount;
    return ec_exec(session, "UPDATE carts SET shown_discount = ? WHERE id = ?",
                   ec_args(ec_int(discount), ec_int(loaded->cart.id)), NULL);
}
