/* SPDX-License-Identifier: MIT */
/*
 * shown.c - catalogue promotions on product pages and lists: visitors see the prices that carts
 * have.
 *
 * The version of the rules comes with the product's row; without catalogue promotions nothing is
 * read or computed here. Of a product whose variants are not loaded the lowest and the highest
 * price are looked at as if they were two variants without options. It refuses to touch what the
 * shop's people see: they see what is stored.
 */
#include "catalog/inside.h"
#include "price/load.h"

typedef struct shown {
    ec_session *session;
    const ec_price_view *view;
    ec_product *products;
    size_t count;
    ec_pricing_line *lines;
    size_t lines_count;
} shown;

static void add_line(shown *s, const ec_product *product, const ec_variant *variant, int64_t price)
{
    s->lines[s->lines_count++] = (ec_pricing_line){
        .product_id = product->id,
        .variant_id = variant == NULL ? 0 : variant->id,
        .brand_id = product->brand_id,
        .quantity = 1,
        .price = price,
        .original_price = variant == NULL ? product->compare_price : variant->compare_price,
        .weight = variant == NULL ? 0 : variant->weight,
        .sku = variant == NULL ? product->sku : variant->sku,
        .name = product->name,
        .type = product->type,
        .tax_category = variant == NULL ? NULL : variant->tax_code,
        .shipping_category = variant == NULL ? NULL : variant->shipping_category,
        .taxable = variant == NULL || variant->taxable,
        .requires_shipping = variant == NULL || variant->requires_shipping,
    };
}

static ec_status gather(shown *s)
{
    size_t room = 0;
    for (size_t i = 0; i < s->count; i++)
        room += s->products[i].variants_count + 2;
    s->lines = ec_arena_array(ec_scratch(s->session), room, sizeof(*s->lines));
    if (s->lines == NULL) return ec_fail_memory(s->session);
    for (size_t i = 0; i < s->count; i++) {
        const ec_product *product = &s->products[i];
        for (size_t k = 0; k < product->variants_count; k++)
            add_line(s, product, &product->variants[k], product->variants[k].price);
        if (product->variants_count > 0) continue;
        add_line(s, product, NULL, product->price);
        add_line(s, product, NULL, product->price_max);
    }
    return EC_OK;
}

/* What it is said to cost without discount is at least what it cost before. */
static int64_t compared(int64_t compare, int64_t before, int64_t now)
{
    return now < before && compare < before ? before : compare;
}

static void show_variants(ec_product *product, const int64_t *prices)
{
    int64_t before = product->price;
    bool first = true;
    for (size_t k = 0; k < product->variants_count; k++) {
        ec_variant *variant = &product->variants[k];
        variant->compare_price = compared(variant->compare_price, variant->price, prices[k]);
        variant->price = prices[k];
        if (!variant->is_active) continue;
        if (first || variant->price < product->price) {
            product->price = variant->price;
            product->compare_price = variant->compare_price;
        }
        if (first || variant->price > product->price_max) product->price_max = variant->price;
        first = false;
    }
    if (first) product->price = before;
}

static void show(shown *s, const int64_t *prices)
{
    for (size_t i = 0; i < s->count; i++) {
        ec_product *product = &s->products[i];
        if (product->variants_count > 0) {
            show_variants(product, prices);
            prices += product->variants_count;
            continue;
        }
        product->compare_price = compared(product->compare_price, product->price, prices[0]);
        product->price = prices[0];
        product->price_max = prices[1];
        prices += 2;
    }
}

static ec_status fill(shown *s, const ec_rules *rules, ec_pricing *in)
{
    const ec_channel *channel = ec_rules_channel(rules, s->view->channel);
    if (channel == NULL) return ec_fail(s->session, EC_CORRUPT, "The channel is not known.");
    *in = (ec_pricing){.now = s->view->now, .shipping_amount = -1};
    ec_pricing_of_channel(rules, channel, in);
    in->customer.user_id = s->view->user;
    ec_status status = ec_pricing_read_customer(s->session, rules, in, false);
    if (status == EC_OK) status = gather(s);
    if (status == EC_OK) status = ec_pricing_details(s->session, rules, s->lines, s->lines_count);
    in->lines = s->lines;
    in->lines_count = s->lines_count;
    return status;
}

ec_status ec_products_shown(ec_session *session, const ec_price_view *view, ec_product *products,
                            size_t count)
{
    const ec_rules *rules = NULL;
    ec_pricing in;
    shown s = {.session = session, .view = view, .products = products, .count = count};
    if (view->all || view->rules_version == 0 || count == 0) return EC_OK;
    ec_status status = ec_rules_hold(session, view->rules_version, &rules);
    if (status != EC_OK || !rules->has_catalog) return status;
    status = fill(&s, rules, &in);
    if (status != EC_OK) return status;
    int64_t *prices = ec_arena_array(ec_scratch(session), s.lines_count, sizeof(*prices));
    if (prices == NULL) return ec_fail_memory(session);
    status = ec_promotion_catalog_prices(ec_scratch(session), rules, &in, prices);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status == EC_OK) show(&s, prices);
    return status;
}
