/* SPDX-License-Identifier: MIT */
/*
 * pricing.h - what a price is computed from, and the work while it is computed.
 *
 * Everything here is plain data: no session, no storage, no clock. price/load.c fills ec_pricing
 * from the shop, price/compute.c runs the stages over an ec_pricing_work, and the outcome is an
 * ec_quote. Stages, in their order:
 *
 *   1 promotion/catalog.c   base_price to unit_price          ec_promotion_catalog
 *   2 promotion/items.c     units, then the order             ec_promotion_items
 *   3 tax/compute.c         added taxes of lines, for rules   (inside 6; rules of shipping use it)
 *   4 shipping/compute.c    which methods fit, the fee        ec_shipping_compute
 *   5 promotion/fee.c       off the fee                       ec_promotion_shipping
 *   6 tax/compute.c         all taxes                         ec_tax_compute
 *   7 price/compute.c       cash rounding, sums               ec_price_compute
 *
 * A stage refuses to let an amount leave 0 … EC_AMOUNT_MAX: EC_OVERFLOW.
 */
#ifndef EC_PRICE_PRICING_H
#define EC_PRICE_PRICING_H

#include <ecommerce/limits.h>
#include <ecommerce/quote.h>

#include "base/arena.h"

/* A name with a value: attribute or option. */
typedef struct ec_pricing_pair {
    const char *name, *value;
} ec_pricing_pair;

/* Units of a line that are sent from one warehouse. */
typedef struct ec_pricing_part {
    ec_id warehouse_id;
    int64_t quantity;
} ec_pricing_part;

/* What is asked for, with the facts that rules ask about. Amounts in the channel's currency. */
typedef struct ec_pricing_line {
    ec_id product_id, variant_id, brand_id;
    int64_t quantity;              /* 1 or more */
    int64_t price;                 /* of one, by price list or catalogue */
    int64_t original_price;        /* said to be without discount; 0: none */
    int64_t minimum_price;         /* no promotion goes below; 0: none */
    int64_t prior_price;           /* lowest of the period before; 0: none */
    int64_t cost_price;            /* 0: unknown */
    int64_t weight;                /* grams of one; 0: unknown */
    int64_t length, width, height; /* millimetres of one; 0: unknown */
    const ec_pricing_part *parts;  /* where its units are sent from; what is not named: unknown */
    size_t parts_count;
    const char *sku, *name, *type;
    const char *tax_category;      /* code; NULL: the default one */
    const char *shipping_category; /* code; NULL: none */
    const ec_id *categories;       /* its own first, then its ancestors upwards */
    size_t categories_count;
    const ec_id *collections;
    size_t collections_count;
    const char *const *tags;
    size_t tags_count;
    const ec_pricing_pair *attributes, *options;
    size_t attributes_count, options_count;
    bool taxable, requires_shipping;
    bool fixed; /* the price was set by hand: no promotion touches it */
    bool kept;  /* it was shown and is kept: no catalogue promotion touches it */
} ec_pricing_line;

/* A code of the cart, as far as storage knows it. */
typedef struct ec_pricing_coupon {
    const char *code;
    ec_id coupon_id, promotion_id; /* 0: unknown */
    const char *problem;           /* "expired", "used_up", "customer_limit", or NULL */
} ec_pricing_coupon;

/* How often something with a limit was used; read for the candidates only. */
typedef struct ec_pricing_usage {
    ec_id promotion_id;
    const char *rule;    /* the limit that is reached: "used_up", "customer_limit", or NULL */
    int64_t budget_left; /* minor units; -1: no budget */
} ec_pricing_usage;

/* An amount from outside (tax service, carrier), first-class. */
typedef struct ec_pricing_outside_tax {
    int64_t line; /* position; 0: the fee */
    const char *name, *code;
    int64_t rate, amount;
    bool included;
} ec_pricing_outside_tax;

typedef struct ec_pricing_outside_fee {
    ec_id shipping_method_id;
    int64_t amount, days_min, days_max;
} ec_pricing_outside_fee;

/* Who buys. */
typedef struct ec_pricing_customer {
    ec_id user_id; /* 0: a visitor */
    const char *email, *role;
    const ec_id *groups;
    const char *const *group_codes; /* one for each of groups */
    size_t groups_count;
    int64_t orders_count; /* placed and not cancelled, before this one */
    int64_t spent;        /* in all of them, minor units of the channel's currency */
    ec_time last_order_at;
    const char *tax_number; /* checked, or NULL */
    bool tax_exempt;        /* a certificate holds here and now */
    bool reverse_charge;    /* its country has the buyer account for the tax */
    bool signed_in, staff;
} ec_pricing_customer;

typedef struct ec_pricing {
    ec_id channel_id;
    const char *channel, *currency, *locale, *home_country; /* channel's; country may be NULL */
    int exponent;                                           /* of the currency */
    ec_id default_tax_zone_id;                              /* 0: none */
    const ec_policy *policy;
    ec_time now;
    int64_t utc_offset_ms; /* of the shop's clock, for weekdays and hours */
    const ec_address *shipping_address, *billing_address; /* or NULL */
    const char *shipping_method; /* code asked for, or NULL: the first that fits */
    const char *payment_method;  /* or NULL */
    int64_t shipping_amount;     /* set by hand; -1: computed */
    ec_pricing_customer customer;
    const ec_pricing_line *lines;
    size_t lines_count;
    const ec_pricing_coupon *coupons;
    size_t coupons_count;
    const ec_pricing_usage *usage;
    size_t usage_count;
    const ec_id *gone; /* variants that are not there: they are never given as gifts */
    size_t gone_count;
    const ec_pricing_pair *facts; /* of the caller's own, for rules: fact.NAME */
    size_t facts_count;
    const ec_pricing_outside_tax *outside_taxes; /* when has_outside_taxes: instead of the rates */
    size_t outside_taxes_count;
    bool has_outside_taxes;
    const char *tax_provider;  /* whose amounts are needed; NULL: the shop's rates hold */
    const char *outside_print; /* what outside_taxes answer (tax/answers.h), or NULL */
    struct ec_tax_question *tax_question; /* filled with what is to be asked; or NULL */
    const ec_pricing_outside_fee *outside_fees;
    size_t outside_fees_count;
} ec_pricing;

/* The rules of a shop, compiled: immutable, shared by all threads. See price/rules.h. */
typedef struct ec_rules ec_rules;

/* A line while it is computed. left = price - unit_discount - order_discount. */
typedef struct ec_pricing_state {
    const ec_pricing_line *in;
    int64_t quantity;
    int64_t unit_price;
    int64_t price;
    int64_t unit_discount;
    int64_t order_discount;
    int64_t floor;     /* minimum_price * quantity; discounts never let left go below */
    int64_t tax_added; /* once it is known */
    int64_t tax_included;
    bool
        discounted; /* a catalogue promotion acts on it, or the original price is above the price */
    bool gift;
} ec_pricing_state;

typedef struct ec_pricing_work {
    const ec_pricing *in;
    const ec_rules *rules;
    ec_arena *arena;
    ec_quote *quote;         /* adjustments, promotions, taxes and shipping are added to it */
    ec_pricing_state *lines; /* room for gifts behind the asked ones */
    size_t lines_count, lines_capacity;
    size_t adjustments_capacity, promotions_capacity, taxes_capacity;
    int64_t fee;          /* of shipping, before discounts */
    int64_t fee_discount; /* off it */
    ec_id shipping_method_id;
    const char *shipping_method;       /* code of the chosen one, or NULL */
    const char *shipping_tax_category; /* of the chosen one, or NULL */
    void *promotion_state;             /* of lib/promotion, from its first stage on */
} ec_pricing_work;

static inline int64_t ec_pricing_left(const ec_pricing_state *line)
{
    return line->price - line->unit_discount - line->order_discount;
}

/* What a line can still give up: down to its floor. */
static inline int64_t ec_pricing_room(const ec_pricing_state *line)
{
    int64_t room = ec_pricing_left(line) - line->floor;
    return room < 0 || line->in->fixed ? 0 : room;
}

/* ---- price/work.c: lists of the quote that grow. NULL when memory is out (arena->failed). */
ec_quote_adjustment *ec_pricing_adjust(ec_pricing_work *work, ec_adjustment_kind kind);
ec_quote_promotion *ec_pricing_promotion(ec_pricing_work *work);
ec_quote_tax *ec_pricing_tax(ec_pricing_work *work);
/* A gift: a line more, with everything of `in` (kept by reference). */
ec_pricing_state *ec_pricing_add_line(ec_pricing_work *work, const ec_pricing_line *in);
/* "promotion:12", in the arena. */
const char *ec_pricing_source(ec_pricing_work *work, const char *what, ec_id id);

/* ---- price/estimate.c ---- */
/* The work in *out as it would be with shipping if nothing more were taken off the lines; what was
   asked about stays as it is. For comparing promotions of the fee with others in stage 2. */
ec_status ec_price_estimate(const ec_pricing_work *work, ec_pricing_work *out);

/* ---- price/compute.c ---- */
/*
 * Compute the quote. rules may be NULL: there are none. EC_OVERFLOW (*bad: position of the line, 0:
 * the sum; may be NULL), EC_INVALID for input that is none, EC_NO_MEMORY. The quote and all that it
 * points to lie in the arena or in the input.
 */
ec_status ec_price_compute(ec_arena *arena, const ec_rules *rules, const ec_pricing *in,
                           ec_quote **out, int64_t *bad);

#endif
