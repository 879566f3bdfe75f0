/* SPDX-License-Identifier: MIT */
/*
 * check.h - what the files share that look for what is wrong with promotions.
 */
#ifndef EC_PROMOTION_CHECK_H
#define EC_PROMOTION_CHECK_H

#include "promotion/inside.h"
#include "promotion/report.h"

/* A promotion that is looked at. Its rule's id is its place among all, from 1, so that ties are
   broken as between the stored ones and a draft has a number, too. */
typedef struct ec_checked {
    const ec_promotion *promotion;
    ec_promotion_rule rule;
    bool is_draft;
    bool is_bad; /* a text that is not understood: it never applies */
} ec_checked;

typedef struct ec_checking {
    ec_session *session;
    const ec_rules *held;
    ec_time now;
    unsigned needs;
    ec_checked *items; /* in the order of their numbers, a draft that has none last */
    size_t count;
    const ec_checked *draft; /* or NULL: all */
    ec_promotion_finding *findings;
    size_t findings_count, findings_capacity;
    int64_t variants_count;
} ec_checking;

/* ---- check.c ---- */
/* A finding about count promotions, with its sentence; NULL when memory is out. */
__attribute__((format(printf, 6, 7))) ec_promotion_finding *ec_checking_add(
    ec_checking *c, ec_finding_kind kind, ec_finding_severity severity,
    const ec_checked *const *about, size_t count, const char *format, ...);
/* Is it told: all are, or it is the draft? */
static inline bool ec_checking_tells(const ec_checking *c, const ec_checked *one)
{
    return c->draft == NULL || one == c->draft;
}
/* Does it apply in the channel? */
bool ec_checked_is_in(const ec_checked *one, const ec_channel *channel);

/* ---- check_never.c ---- */
/* Can the condition never hold in this work's channel and currency? Then *first and, where two
   tests are against each other, *second say why. */
bool ec_rule_never(const ec_rule *rule, const ec_pricing_work *work, const ec_rule **first,
                   const ec_rule **second);
/* Are they written alike? */
bool ec_rule_same(const ec_rule *one, const ec_rule *two);

/* ---- check_single.c: about single promotions, and pairs of which one keeps the other out ---- */
ec_status ec_check_singles(ec_checking *c);

/* ---- check_goods.c: about what they do to goods ---- */
ec_status ec_check_goods(ec_checking *c);

#endif
