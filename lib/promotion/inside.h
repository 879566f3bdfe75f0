/* SPDX-License-Identifier: MIT */
/*
 * inside.h - what the files of lib/promotion share while promotions are applied.
 *
 * A trial is one promotion at work: its actions take from the lines of the work and note each piece
 * that they took. A trial that is kept becomes adjustments; one that is not is undone, as if it had
 * never been.
 */
#ifndef EC_PROMOTION_INSIDE_H
#define EC_PROMOTION_INSIDE_H

#include "promotion/promotion.h"

#define EC_PROMOTION_MILLION INT64_C(1000000)
#define EC_PROMOTION_PARTS_MAX 8 /* of a set */

/* What was taken off one line, or the fee. */
typedef struct ec_piece {
    size_t line; /* index; of the fee: 0 */
    ec_adjustment_kind kind;
    int64_t amount;   /* above 0 */
    int64_t base;     /* what it was taken of */
    int64_t rate;     /* millionths, or 0 */
    int64_t quantity; /* units, or 0 */
    bool rounded;
} ec_piece;

/* A promotion that is looked at in a cart. */
typedef struct ec_offer {
    const ec_promotion_rule *rule;
    const ec_pricing_coupon *coupon; /* that lets it apply, or NULL */
    const char *reason;              /* why it does not apply, or NULL */
    const char *message;
    int64_t budget; /* most it may take, INT64_MAX: no limit */
    int64_t taken;  /* off lines and fee */
    bool has_fee;   /* some action is about the fee */
    bool has_items; /* some action is about lines */
    bool accepted;  /* it applies, as far as lines are concerned */
    bool no_amount; /* an action states no amount for this channel and currency */
    bool no_gift;   /* what it gives is not there */
    bool no_budget; /* what is left of the budget does not pay for a gift */
    bool given;     /* a gift came of the present trial, whatever it is worth */
    size_t pieces_count, pieces_capacity;
    ec_piece *pieces; /* of the present trial */
} ec_offer;

/* A line that gives a share. */
typedef struct ec_giver {
    size_t line;
    int64_t left, room;
    int64_t share; /* of what is taken */
} ec_giver;

/* What all trials of a work use again and again; one item for each line that was asked for. */
typedef struct ec_bench {
    size_t count;
    size_t *order; /* lines by what is sold */
    bool *fits;    /* of the filter that was asked for last */
    ec_giver *givers;
    size_t *able; /* givers that can give more */
    int64_t *weights, *parts;
    ec_pricing_state *standing; /* of a trial that is undone */
} ec_bench;

typedef struct ec_trial {
    ec_pricing_work *work;
    ec_bench *bench;
    ec_offer *offer;
    const ec_rule_call *call;
    int64_t allowed;       /* what may still be taken: cap and budget */
    const ec_rule *filter; /* that bench->fits is about */
    bool filtered;         /* bench->fits is filled */
    ec_status status;
} ec_trial;

/* A row of the table of actions. */
typedef struct ec_promotion_verb {
    ec_rule_verb verb;
    void (*items)(ec_trial *trial); /* off lines; or NULL */
    void (*fee)(ec_trial *trial);   /* off the fee; or NULL */
    bool catalog;                   /* also in catalogue promotions */
} ec_promotion_verb;

/* All offers of a work, in the order in which they apply. */
typedef struct ec_offers {
    ec_offer *items;
    size_t count;
    ec_bench bench;
} ec_offers;

extern const ec_promotion_verb ec_promotion_actions[];
extern const size_t ec_promotion_actions_count;

/* ---- trial.c ---- */
/* Fill bench->fits by this filter. */
void ec_trial_filter(ec_trial *trial, const ec_rule *filter);

/* May it touch this line: neither fixed, nor a gift, nor spared, and the filter holds? */
static inline bool ec_trial_has(ec_trial *trial, size_t line, const ec_rule *filter)
{
    if (line >= trial->bench->count) return false; /* a gift */
    if (!trial->filtered || trial->filter != filter) ec_trial_filter(trial, filter);
    return trial->bench->fits[line];
}

/* Take up to `amount` off a line; what was really taken. */
int64_t ec_trial_take(ec_trial *trial, const ec_piece *piece);
/* amount * rate, rounded by the policy. */
int64_t ec_trial_percent(ec_trial *trial, int64_t amount, int64_t rate);
/* Arguments by name. */
const ec_rule *ec_trial_lines(const ec_trial *trial, const char *name);
int64_t ec_trial_rate(const ec_trial *trial, const char *name, int64_t missing);
int64_t ec_trial_number(const ec_trial *trial, const char *name, int64_t missing);
int ec_trial_word(const ec_trial *trial, const char *name, int missing);
/* false: the argument has no amount here; it is noted. An argument that is missing: `missing`. */
bool ec_trial_amount(ec_trial *trial, const char *name, int64_t missing, int64_t *out);
/* Run the actions on lines. EC_NO_MEMORY, EC_OVERFLOW. */
ec_status ec_trial_items(ec_pricing_work *work, ec_bench *bench, ec_offer *offer);
/* Of these only the gifts. */
ec_status ec_trial_gifts(ec_pricing_work *work, ec_bench *bench, ec_offer *offer);
ec_status ec_trial_fee(ec_pricing_work *work, ec_bench *bench, ec_offer *offer);
/* The same, and everything is as before but the offer's pieces: forget them with ec_offer_undo. */
ec_status ec_trial_try(ec_pricing_work *work, ec_bench *bench, ec_offer *offer);
void ec_offer_undo(ec_offer *offer);
ec_status ec_bench_make(const ec_pricing_work *work, ec_bench *out);
/* The pieces become adjustments. */
ec_status ec_offer_accept(ec_pricing_work *work, ec_offer *offer);

/* ---- counted.c ---- */
/* What an action with this number asks of all units of a line. */
typedef ec_piece (*ec_demand)(ec_trial *trial, size_t line, int64_t number);
/* Ask it of so many units only, the cheapest or the dearest by the action's pick. */
void ec_trial_few(ec_trial *trial, const ec_rule *on, ec_demand of, int64_t number, int64_t units);

/* ---- share.c ---- */
/* Take `amount` off the lines of a filter in proportion to what is left of them, none below its
   floor; what one cannot give the others do. */
void ec_trial_share(ec_trial *trial, const ec_rule *filter, const ec_piece *about, int64_t amount);

/* ---- units.c, counted.c, set.c, fee.c: the actions ---- */
void ec_act_percent_off(ec_trial *trial);
void ec_act_amount_off(ec_trial *trial);
void ec_act_fixed_price(ec_trial *trial);
void ec_act_order_percent_off(ec_trial *trial);
void ec_act_order_amount_off(ec_trial *trial);
void ec_act_tiers_off(ec_trial *trial);
void ec_act_gift(ec_trial *trial);
void ec_act_buy_get(ec_trial *trial);
void ec_act_nth_off(ec_trial *trial);
void ec_act_each_group_off(ec_trial *trial);
void ec_act_bundle(ec_trial *trial);
void ec_act_free_shipping(ec_trial *trial);
void ec_act_shipping_percent_off(ec_trial *trial);
void ec_act_shipping_amount_off(ec_trial *trial);
void ec_act_shipping_price(ec_trial *trial);

/* ---- index.c ---- */
/* That of the carts with this number that needs a code, or NULL. */
const ec_promotion_rule *ec_promotion_with_code(const ec_promotion_book *book, ec_id id);
/* Promotions of this kind that may apply, in their order; a list in the arena. */
ec_status ec_promotion_candidates(const ec_promotion_book *book, const ec_pricing *in, bool catalog,
                                  ec_arena *arena, const ec_promotion_rule ***out, size_t *count);
bool ec_promotion_is_here(const ec_promotion_rule *rule, const ec_pricing *in);
bool ec_promotion_has_begun(const ec_promotion_rule *rule, ec_time now);
bool ec_promotion_is_over(const ec_promotion_rule *rule, ec_time now);

/* ---- offers.c ---- */
/* The candidates as offers: codes, limits, channel and time are looked at. */
ec_status ec_offers_make(ec_pricing_work *work, ec_offers *out);
/* Write all offers, and codes that led to none, into the quote's list. */
ec_status ec_offers_tell(ec_pricing_work *work, const ec_offers *offers);

/* ---- stack.c ---- */
/* Decide which offers apply and let them work on the lines. */
ec_status ec_offers_apply(ec_pricing_work *work, ec_offers *offers);

#endif
