/* SPDX-License-Identifier: MIT */
/*
 * promotion.c - the tables of promotions and coupons. Only rows, and the rules between two members;
 * what the texts mean is lib/promotion's. It refuses an end that is not after the start, a limit by
 * nothing, and a budget of no currency.
 */
#include <ecommerce/coupon.h>
#include <ecommerce/promotion.h>

#include "model/model.h"

const char *const ec_promotion_status_names[] = {"draft", "active", "archived", NULL};
const char *const ec_promotion_kind_names[] = {"cart", "catalog", NULL};
const char *const ec_promotion_competition_names[] = {"none", "best", "best_by_line", NULL};
const char *const ec_limit_attribute_names[] = {"none", "email", "phone", "address", NULL};

static const ec_field promotion_fields[] = {
    EC_ID_ROW(ec_promotion, id, .doc = "Number of the promotion."),
    EC_INT_ROW(ec_promotion, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_promotion, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_promotion, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TIME_ROW(ec_promotion, starts_at, .doc = "Its first moment; null: it always did."),
    EC_TIME_ROW(ec_promotion, ends_at, .doc = "The first moment after it; null: never."),
    EC_INT_ROW(ec_promotion, lane, .max = EC_PROMOTION_PRIORITY_MAX,
               .doc = "Lower ones apply first."),
    EC_INT_ROW(ec_promotion, priority, .max = EC_PROMOTION_PRIORITY_MAX,
               .doc = "Higher ones apply first within a lane."),
    EC_INT_ROW(ec_promotion, usage_limit, .max = EC_QUANTITY_MAX,
               .doc = "Orders altogether; 0: no limit."),
    EC_INT_ROW(ec_promotion, customer_limit, .max = EC_QUANTITY_MAX,
               .doc = "Orders of one customer; 0: no limit."),
    EC_INT_ROW(ec_promotion, attribute_limit, .max = EC_QUANTITY_MAX,
               .doc = "Orders with the same limit_attribute; 0: no limit."),
    EC_MONEY_ROW(ec_promotion, budget, .max = EC_AMOUNT_MAX,
                 .doc = "It may take off altogether; 0: no limit."),
    EC_INT_ROW(ec_promotion, used_count, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
               .doc = "Orders that use it."),
    EC_MONEY_ROW(ec_promotion, used_amount, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
                 .doc = "What was taken of the budget."),
    EC_TEXT_ROW(ec_promotion, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_promotion, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_promotion, description, .max = 65535, .doc = "More for people."),
    EC_TEXT_ROW(ec_promotion, conditions, .max = 4000,
                .doc = "When it applies, such as units(brand = 3) >= 2; null: always."),
    EC_TEXT_ROW(ec_promotion, actions, .min = 1, .max = 4000, .flags = EC_FIELD_REQUIRED,
                .doc = "What it does, such as order_percent_off(10%)."),
    EC_TEXT_ROW(ec_promotion, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_CURRENCY, .doc = "Of the budget; it applies in no other one."),
    EC_TEXTS_ROW(ec_promotion, channels, .max = EC_PROMOTION_WORDS_MAX,
                 .flags = EC_FIELD_NOT_STORED,
                 .doc = "Codes of the channels where it applies; none: all of them."),
    EC_TEXTS_ROW(ec_promotion, tags, .max = EC_PROMOTION_WORDS_MAX, .flags = EC_FIELD_NOT_STORED,
                 .doc = "Its own, for combines_with of others."),
    EC_TEXTS_ROW(ec_promotion, combines_with, .max = EC_PROMOTION_WORDS_MAX,
                 .flags = EC_FIELD_NOT_STORED,
                 .doc = "It applies only with promotions of one of these tags; none: with all."),
    EC_ENUM_ROW(ec_promotion, status, ec_promotion_status, ec_promotion_status_names,
                .doc = "Does it take part?"),
    EC_ENUM_ROW(ec_promotion, kind, ec_promotion_kind, ec_promotion_kind_names,
                .flags = EC_FIELD_IMMUTABLE, .doc = "Does it change carts or unit prices?"),
    EC_ENUM_ROW(ec_promotion, competes, ec_promotion_competition, ec_promotion_competition_names,
                .doc = "How it competes with others of its lane that compete."),
    EC_ENUM_ROW(ec_promotion, limit_attribute, ec_limit_attribute, ec_limit_attribute_names,
                .doc = "What attribute_limit counts by."),
    EC_BOOL_ROW(ec_promotion, coupon_required, .doc = "Does it need one of its coupons?"),
    EC_BOOL_ROW(ec_promotion, is_exclusive, .doc = "Does it keep others out?"),
    EC_BOOL_ROW(ec_promotion, stops, .doc = "Does nothing apply after it?"),
    EC_BOOL_ROW(ec_promotion, spares_discounted,
                .doc = "Do lines with a reduced price take no part?"),
};

static void check_promotion(const void *object, ec_mask fields, ec_check *check)
{
    const ec_promotion *promotion = object;
    if (fields != EC_MASK_ALL) return; /* of two members one may be missing */
    if (promotion->starts_at != 0 && promotion->ends_at != 0 &&
        promotion->ends_at <= promotion->starts_at)
        ec_check_add(check, "ends_at", "min", "It ends after its start.");
    if (promotion->attribute_limit > 0 && promotion->limit_attribute == EC_LIMIT_BY_NONE)
        ec_check_add(check, "limit_attribute", "required", "The limit is by some attribute.");
    if (promotion->budget > 0 && promotion->currency == NULL)
        ec_check_add(check, "currency", "required", "A budget is of some currency.");
    if (promotion->kind == EC_PROMOTION_CATALOG &&
        (promotion->coupon_required || promotion->usage_limit > 0 ||
         promotion->customer_limit > 0 || promotion->attribute_limit > 0 || promotion->budget > 0))
        ec_check_add(check, "kind", "kind",
                     "A promotion of the catalogue has neither coupons nor limits.");
}

const ec_entity ec_promotion_entity = {
    .name = "promotion",
    .table = "promotions",
    .doc = "What takes off carts or prices, and when.",
    .size = sizeof(ec_promotion),
    .fields = promotion_fields,
    .count = sizeof(promotion_fields) / sizeof(promotion_fields[0]),
    .check = check_promotion,
};

static const ec_field promotion_list_fields[] = {
    EC_LIST_ROWS(ec_promotion_list, ec_promotion, ec_promotion_entity),
};

const ec_entity ec_promotion_list_entity = {
    .name = "promotion_list",
    .doc = "A page of promotions.",
    .size = sizeof(ec_promotion_list),
    .fields = promotion_list_fields,
    .count = sizeof(promotion_list_fields) / sizeof(promotion_list_fields[0]),
};

static const ec_field coupon_fields[] = {
    EC_ID_ROW(ec_coupon, id, .doc = "Number of the coupon."),
    EC_INT_ROW(ec_coupon, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_coupon, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_coupon, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_coupon, promotion_id, .target = &ec_promotion_entity,
               .flags = EC_FIELD_REQUIRED | EC_FIELD_IMMUTABLE,
               .doc = "The promotion that it lets apply."),
    EC_TIME_ROW(ec_coupon, expires_at, .doc = "When it begins to be worth nothing; null: never."),
    EC_INT_ROW(ec_coupon, usage_limit, .max = EC_QUANTITY_MAX,
               .doc = "Orders altogether; 0: no limit."),
    EC_INT_ROW(ec_coupon, customer_limit, .max = EC_QUANTITY_MAX,
               .doc = "Orders of one customer; 0: no limit."),
    EC_INT_ROW(ec_coupon, used_count, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
               .doc = "Orders that use it."),
    EC_TEXT_ROW(ec_coupon, code, .min = 1, .max = EC_COUPON_CODE_MAX, .format = "word",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE | EC_FIELD_IMMUTABLE,
                .doc = "Unique whatever the letter case."),
    EC_BOOL_ROW(ec_coupon, is_reusable, .doc = "Does a cancelled order give it back?"),
    EC_BOOL_ROW(ec_coupon, is_active, .flags = EC_FIELD_DEFAULT_TRUE, .doc = "May it be used?"),
};

const ec_entity ec_coupon_entity = {
    .name = "coupon",
    .table = "coupons",
    .doc = "A code that lets a promotion apply.",
    .size = sizeof(ec_coupon),
    .fields = coupon_fields,
    .count = sizeof(coupon_fields) / sizeof(coupon_fields[0]),
};

static const ec_field coupon_list_fields[] = {
    EC_LIST_ROWS(ec_coupon_list, ec_coupon, ec_coupon_entity),
};

const ec_entity ec_coupon_list_entity = {
    .name = "coupon_list",
    .doc = "A page of coupons.",
    .size = sizeof(ec_coupon_list),
    .fields = coupon_list_fields,
    .count = sizeof(coupon_list_fields) / sizeof(coupon_list_fields[0]),
};
