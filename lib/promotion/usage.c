/* SPDX-License-Identifier: MIT */
/*
 * usage.c - what a price must know of limits: how far those of promotions are used for this
 * shopper, and what a code is worth.
 *
 * One statement for all promotions, one for all codes. It refuses to promise anything: the counters
 * decide when an order is placed, this only lets the shopper know before.
 */
#include <string.h>

#include "base/text.h"
#include "catalog/statement.h"
#include "model/model.h"
#include "promotion/stored.h"

static void owners_of(const ec_pricing *in, ec_promotion_owners *out)
{
    const ec_promotion_user user = {.user_id = in->customer.user_id,
                                    .email = in->customer.email,
                                    .address = in->shipping_address != NULL ? in->shipping_address
                                                                            : in->billing_address,
                                    .currency = in->currency};
    ec_promotion_owners_of(&user, out);
}

/* "('', ?, …)": those of an input; NULL never is one. */
static void put_owners(ec_statement *s, const ec_promotion_owners *owners)
{
    const char *texts[] = {"", owners->account, owners->email, owners->attribute[EC_LIMIT_BY_PHONE],
                           owners->attribute[EC_LIMIT_BY_ADDRESS]};
    ec_statement_texts(s, texts, sizeof(texts) / sizeof(*texts));
}

/* ---- promotions ------------------------------------------------------------------------------ */

enum { U_ID, U_USAGE, U_CUSTOMER, U_ATTRIBUTE, U_BUDGET, U_CURRENCY, U_SCOPE, U_USED };

static ec_pricing_usage *usage_of(ec_pricing_usage *items, size_t *count, ec_id id)
{
    if (*count > 0 && items[*count - 1].promotion_id == id) return &items[*count - 1];
    items[*count] = (ec_pricing_usage){.promotion_id = id, .budget_left = -1};
    return &items[(*count)++];
}

static void judge(ec_session *session, ec_stmt *stmt, const ec_pricing *in, ec_pricing_usage *usage)
{
    int64_t budget = ec_col_int(stmt, U_BUDGET), used = ec_col_int(stmt, U_USED);
    const char *currency = ec_col_text(session, stmt, U_CURRENCY);
    const char *scope = ec_col_text(session, stmt, U_SCOPE);
    if (budget > 0 && (currency == NULL || strcmp(currency, in->currency) != 0))
        usage->rule = "budget";
    else if (budget > 0 && usage->budget_left < 0)
        usage->budget_left = budget;
    if (scope == NULL) return; /* nobody used it so far */
    if (strcmp(scope, "all") == 0 && ec_col_int(stmt, U_USAGE) > 0 &&
        used >= ec_col_int(stmt, U_USAGE))
        usage->rule = "used_up";
    if (strcmp(scope, "customer") == 0 && ec_col_int(stmt, U_CUSTOMER) > 0 &&
        used >= ec_col_int(stmt, U_CUSTOMER) && usage->rule == NULL)
        usage->rule = "customer_limit";
    if (strcmp(scope, "attribute") == 0 && ec_col_int(stmt, U_ATTRIBUTE) > 0 &&
        used >= ec_col_int(stmt, U_ATTRIBUTE) && usage->rule == NULL)
        usage->rule = "customer_limit";
    if (strcmp(scope, "budget") != 0 || budget == 0) return;
    usage->budget_left = used >= budget ? 0 : budget - used;
    if (usage->budget_left == 0 && usage->rule == NULL) usage->rule = "budget";
}

ec_status ec_promotion_usage(ec_session *session, const ec_pricing *in, const ec_id *ids,
                             size_t count, const ec_pricing_usage **out, size_t *out_count)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_promotion_owners owners;
    ec_pricing_usage *items = ec_arena_array(ec_scratch(session), count + 1, sizeof(*items));
    if (items == NULL) return ec_fail_memory(session);
    *out = items;
    *out_count = 0;
    if (count == 0) return EC_OK;
    owners_of(in, &owners);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT p.id, p.usage_limit, p.customer_limit, p.attribute_limit,"
                         " p.budget, p.currency, c.scope, c.used FROM promotions p"
                         " LEFT JOIN promotion_counters c ON c.promotion_id = p.id"
                         " AND c.coupon_id = 0 AND c.owner IN ");
    put_owners(&s, &owners);
    ec_statement_put(&s, " WHERE p.id IN ");
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, " ORDER BY p.id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        judge(session, stmt, in, usage_of(items, out_count, ec_col_int(stmt, U_ID)));
    return status == EC_DONE ? EC_OK : status;
}

/* ---- codes ----------------------------------------------------------------------------------- */

enum { C_ID, C_PROMOTION, C_CODE, C_KEY, C_EXPIRES, C_USAGE, C_CUSTOMER, C_SCOPE, C_USED };

static void judge_coupon(ec_session *session, ec_stmt *stmt, const ec_pricing *in,
                         ec_pricing_coupon *coupon)
{
    int64_t used = ec_col_int(stmt, C_USED);
    int64_t usage = ec_col_int(stmt, C_USAGE), customer = ec_col_int(stmt, C_CUSTOMER);
    const char *scope = ec_col_text(session, stmt, C_SCOPE);
    ec_time expires = ec_col_int(stmt, C_EXPIRES);
    coupon->coupon_id = ec_col_int(stmt, C_ID);
    coupon->promotion_id = ec_col_int(stmt, C_PROMOTION);
    coupon->code = ec_col_text(session, stmt, C_CODE);
    if (expires != 0 && expires <= in->now) coupon->problem = "expired";
    if (scope == NULL || coupon->problem != NULL) return;
    if (strcmp(scope, "all") == 0 && usage > 0 && used >= usage) coupon->problem = "used_up";
    if (strcmp(scope, "customer") == 0 && customer > 0 && used >= customer)
        coupon->problem = "customer_limit";
}

/* Keys and owners are borrowed until the last row. */
static ec_status ask_coupons(ec_session *session, const ec_promotion_owners *owners,
                             const char *const *keys, size_t count, ec_stmt **stmt)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT c.id, c.promotion_id, c.code, c.code_key, c.expires_at,"
                         " c.usage_limit, c.customer_limit, k.scope, k.used FROM coupons c"
                         " LEFT JOIN promotion_counters k ON k.promotion_id = c.promotion_id"
                         " AND k.coupon_id = c.id AND k.owner IN ");
    put_owners(&s, owners);
    ec_statement_put(&s, " WHERE c.is_active = 1 AND c.code_key IN ");
    ec_statement_texts(&s, keys, count);
    return ec_statement_query(&s, stmt);
}

ec_status ec_promotion_coupons(ec_session *session, const ec_pricing *in, const char *const *codes,
                               size_t count, const ec_pricing_coupon **out)
{
    ec_stmt *stmt = NULL;
    ec_promotion_owners owners;
    ec_pricing_coupon *coupons = ec_arena_array(ec_scratch(session), count + 1, sizeof(*coupons));
    const char **keys = ec_arena_array(ec_scratch(session), count + 1, sizeof(*keys));
    if (coupons == NULL || keys == NULL) return ec_fail_memory(session);
    *out = coupons;
    if (count == 0) return EC_OK;
    for (size_t i = 0; i < count; i++) {
        coupons[i] = (ec_pricing_coupon){.code = codes[i]};
        if ((keys[i] = ec_coupon_key(session, codes[i])) == NULL) return ec_fail_memory(session);
    }
    owners_of(in, &owners);
    ec_status status = ask_coupons(session, &owners, keys, count, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        const char *key = ec_col_text(session, stmt, C_KEY);
        for (size_t i = 0; key != NULL && i < count; i++)
            if (strcmp(keys[i], key) == 0) judge_coupon(session, stmt, in, &coupons[i]);
    }
    return status == EC_DONE ? EC_OK : status;
}
