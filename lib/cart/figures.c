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
    status = ec_price_compute(ec_scratch(session), rules, &in, &out->quote, NULL);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status == EC_CORRUPT)
        return ec_fail(session, EC_CORRUPT, "The total is not what its adjustments explain.");
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
