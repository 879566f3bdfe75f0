/* SPDX-License-Identifier: MIT */
/*
 * report.h - what the files share that find out about promotions before they apply.
 */
#ifndef EC_PROMOTION_REPORT_H
#define EC_PROMOTION_REPORT_H

#include <ecommerce/promotion_report.h>

#include "price/rules.h"
#include "promotion/stored.h"

/* ---- draft.c ---- */
/*
 * Check a promotion that need not be stored and compile it, with its channels by number. EC_INVALID
 * with field errors. All lies in the session's arena or in the promotion.
 */
ec_status ec_promotion_draft(ec_session *session, const ec_rules *rules,
                             const ec_promotion *promotion, unsigned *needs,
                             ec_promotion_rule *out);
/* The channels of a promotion by number; a code that is none: its place, else the count. */
ec_status ec_promotion_places(ec_session *session, const ec_rules *rules,
                              const ec_promotion *promotion, ec_promotion_rule *out,
                              size_t *missing);

/* ---- simulate_read.c: orders of the past ---- */
#define EC_SIMULATION_PAGE 1000

/* An order with what rules may ask about it. */
typedef struct ec_past_order {
    ec_id id;
    ec_time placed_at;
    const char *number, *currency, *shipping_method, *payment_method;
    int64_t fee; /* before discounts */
    const ec_address *address;
    ec_pricing_customer customer;
    size_t first, count; /* its lines */
} ec_past_order;

/* A line with what it was taxed by. */
typedef struct ec_past_line {
    int64_t tax_included; /* of the part … */
    int64_t total;        /* … that was paid for it */
} ec_past_line;

typedef struct ec_past_page {
    size_t orders_count, lines_count;
    ec_past_order *orders; /* in the order of time */
    ec_pricing_line *lines;
    ec_past_line *taxes; /* one for each of lines */
} ec_past_page;

/* Where the reading stands. */
typedef struct ec_past {
    ec_session *session;
    const ec_rules *rules; /* needs and promotions of the draft */
    ec_id channel_id;
    ec_time until;
    bool places;       /* addresses are asked for */
    ec_time last_time; /* of the last order that was read */
    ec_id last_id;
} ec_past;

/* The next page; none left: orders_count is 0. In the session's arena. A constant number of
   statements. */
ec_status ec_past_read(ec_past *past, ec_past_page *out);

#endif
