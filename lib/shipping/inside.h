/* SPDX-License-Identifier: MIT */
/*
 * inside.h - what the files of lib/shipping share: a compiled method, its goods, its parcels.
 */
#ifndef EC_SHIPPING_INSIDE_H
#define EC_SHIPPING_INSIDE_H

#include <ecommerce/shipping.h>

#include "shipping/shipping.h"

#define EC_SHIPPING_RATE_ONE INT64_C(1000000) /* 100 % */
#define EC_SHIPPING_PROVIDER_MAX 32           /* bytes of a carrier's name */

/* A method, compiled. */
struct ec_shipping_rule {
    ec_id id;
    ec_id zone_id;             /* 0: everywhere */
    const ec_id *channels;     /* where it is offered */
    size_t channels_count;     /* 0: everywhere */
    const ec_rule_call *calls; /* their fees add up */
    size_t calls_count;
    const ec_rule *condition;
    const char *code, *name;
    const char *tax_category; /* or NULL: the default one */
    const char *provider;     /* the carrier that its fee comes from, or NULL */
    const char *category;     /* of shipping that category_rule is about, or NULL */
    ec_shipping_match category_rule;
    int64_t days_min, days_max; /* business days; 0, 0: unknown */
    int64_t cutoff_hour;        /* what is ordered from then on leaves a day later; 0: none */
    ec_id pickup_warehouse_id;
    bool is_active;
};

/* What is sent. Amounts in minor units. */
typedef struct ec_shipping_goods {
    int64_t units;
    int64_t weight;  /* grams */
    int64_t volume;  /* cubic millimetres */
    int64_t longest; /* millimetres, of any unit */
    int64_t amount;  /* of what is sent, after discounts */
    int64_t total;   /* of all lines, after discounts, with added taxes */
} ec_shipping_goods;

/* Parcels of the same content. */
typedef struct ec_parcels {
    int64_t count;
    int64_t units, weight, volume, longest; /* of one */
    ec_id warehouse_id;                     /* they leave from, or 0 */
} ec_parcels;

/* The fee of one call of a method. */
typedef struct ec_shipping_fee {
    int64_t amount;
    int64_t base, rate;         /* of a percentage */
    const char *rounding;       /* name of the mode, or NULL */
    int64_t parcels;            /* 0: not split */
    int64_t days_min, days_max; /* said by the carrier; 0: not */
    bool unknown;               /* it has no fee here: the method does not fit */
} ec_shipping_fee;

typedef struct ec_shipping_task {
    const ec_pricing_work *work;
    const ec_shipping_rule *method;
    const ec_shipping_goods *goods;
    const ec_rule_call *call;
    const ec_parcels *parcels; /* one of everything where nothing is split */
    size_t parcels_count;
} ec_shipping_task;

/* A row of the table of calculators. */
typedef struct ec_shipping_calculator {
    ec_rule_verb verb;
    ec_status (*fee)(const ec_shipping_task *task, ec_shipping_fee *out);
    ec_rule_kind from; /* of the steps, where it has some */
} ec_shipping_calculator;

/* ---- calculators.c ---- */
extern const ec_shipping_calculator ec_shipping_calculators[];
extern const size_t ec_shipping_calculators_count;
/* The fee of one call, with the parameters that all calculators share. */
ec_status ec_shipping_fee_of(const ec_pricing_work *work, const ec_shipping_rule *method,
                             const ec_shipping_goods *goods, const ec_rule_call *call,
                             ec_shipping_fee *out);

/* ---- parcels.c ---- */
void ec_shipping_weigh(const ec_pricing_work *work, ec_shipping_goods *out);
/* Split what is sent into parcels of at most max_weight grams, those of each warehouse apart.
   *fits: false when a single unit is heavier. */
ec_status ec_shipping_pack(const ec_pricing_work *work, int64_t max_weight, ec_parcels **out,
                           size_t *count, bool *fits);
/* a + b * times, none below 0; INT64_MAX when that is too much. */
int64_t ec_shipping_add(int64_t a, int64_t b, int64_t times);

/* ---- days.c ---- */
/* Calendar days from now until so many business days passed. */
int64_t ec_shipping_days(ec_time now, int64_t utc_offset_ms, int64_t cutoff_hour, int64_t days);

/* ---- compile.c ---- */
/* The texts of a method. EC_INVALID with *fault and *field ("calculator", "conditions"). */
ec_status ec_shipping_compile(ec_arena *arena, const char *calculator, const char *condition,
                              unsigned *needs, ec_shipping_rule *out, const char **field,
                              ec_rule_fault *fault);

/* ---- find.c ---- */
/* Fill the channels of stored methods; one statement, none for none. */
ec_status ec_shipping_channels(ec_session *session, ec_shipping_method *methods, size_t count);

#endif
