/* SPDX-License-Identifier: MIT */
/*
 * stored.h - promotions and coupons as they are stored, and the counting of their uses.
 */
#ifndef EC_PROMOTION_STORED_H
#define EC_PROMOTION_STORED_H

#include <ecommerce/coupon.h>
#include <ecommerce/promotion.h>

#include "promotion/promotion.h"

/* ---- compile.c ---- */
/*
 * The texts of a promotion, and all that needs no storage. *out keeps texts and lists of the
 * promotion by reference. EC_INVALID with *fault and *field ("conditions", "actions").
 */
ec_status ec_promotion_compile(ec_arena *arena, const ec_promotion *promotion, unsigned *needs,
                               ec_promotion_rule *out, const char **field, ec_rule_fault *fault);
/* SKUs of what the actions give; in the arena. */
ec_status ec_promotion_gifts(ec_arena *arena, const ec_promotion_rule *rule,
                             const char *const **skus, size_t *count);

/* ---- find.c ---- */
/* Fill channels, tags and counts of stored promotions; one statement, none for none. */
ec_status ec_promotion_lists(ec_session *session, ec_promotion *promotions, size_t count);

/* ---- coupon.c ---- */
/* Fill the counts of stored coupons; one statement, none for none. */
ec_status ec_coupon_counts(ec_session *session, ec_coupon *coupons, size_t count);
/* Insert coupons that are complete but for their numbers, in statements of many rows. EC_EXISTS
   when a code is there already. */
ec_status ec_coupon_insert(ec_session *session, ec_coupon *coupons, size_t count);
/* A code as it is compared: letters of ASCII in lower case; in the arena. */
const char *ec_coupon_key(ec_session *session, const char *code);

/* ---- use.c ---- */

/* Who uses promotions. */
typedef struct ec_promotion_user {
    ec_id user_id;             /* 0: a visitor */
    const char *email;         /* or NULL */
    const ec_address *address; /* it is sent to, else billed to; or NULL */
    const char *currency;      /* of the order */
} ec_promotion_user;

/* A promotion that an order got. */
typedef struct ec_promotion_applied {
    ec_id promotion_id, coupon_id; /* coupon 0: none */
    int64_t amount;                /* it took off, 0 or more */
    const char *code;              /* the coupon's, or NULL; for messages */
} ec_promotion_applied;

/*
 * Inside a write body: count that an order uses these promotions. Four statements, however many
 * there are; none for none. EC_STATE "used up" when a limit was reached meanwhile, with the code of
 * the coupon or promotion; then nothing is counted.
 */
ec_status ec_promotion_spend(ec_session *session, ec_id order_id, const ec_promotion_user *user,
                             const ec_promotion_applied *applied, size_t count);
/* Inside a write body: the order is cancelled; what it used can be used again, but for coupons that
   may not. Again: nothing happens. Three statements, one when it used none. */
ec_status ec_promotion_unspend(ec_session *session, ec_id order_id);

/* How far the limits of promotions are used for this input. One statement; none for none. */
ec_status ec_promotion_usage(ec_session *session, const ec_pricing *in, const ec_id *ids,
                             size_t count, const ec_pricing_usage **out, size_t *out_count);
/* What storage knows of codes; in their order. One statement, none for none. */
ec_status ec_promotion_coupons(ec_session *session, const ec_pricing *in, const char *const *codes,
                               size_t count, const ec_pricing_coupon **out);

/* ---- owner.c: whose a counter is ---- */
#define EC_OWNER_TEXT 80
typedef struct ec_promotion_owners {
    char account[EC_OWNER_TEXT];      /* "user:12", or "" */
    char email[EC_OWNER_TEXT];        /* "email:" and a digest, or "" */
    char attribute[4][EC_OWNER_TEXT]; /* by ec_limit_attribute; "" where there is none */
} ec_promotion_owners;
void ec_promotion_owners_of(const ec_promotion_user *user, ec_promotion_owners *out);
/* Count uses of the past for a promotion's (coupon_id 0) or coupon's limit of customers that it did
   not have before. kept: cancelled orders count, too. */
ec_status ec_promotion_recount(ec_session *session, ec_id promotion_id, ec_id coupon_id, bool kept);

#endif
