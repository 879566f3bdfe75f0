/* SPDX-License-Identifier: MIT */
/*
 * scene.h - one cart with everything that rules can ask about: a shirt and two books, in Chile.
 */
#ifndef TESTS_RULE_SCENE_H
#define TESTS_RULE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "harness/harness.h"
#include "price/rules.h"
#include "rule/rule.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct scene {
    ec_arena arena;
    ec_pricing in;
    ec_pricing_line lines[3];
    ec_pricing_state states[3];
    ec_pricing_work work;
} scene;

static const ec_id scene_categories[] = {12, 4, 1};
static const ec_id scene_collections[] = {77, 78};
static const char *const scene_tags[] = {"outlet", "summer 26"};
static const ec_pricing_pair scene_attributes[] = {
    {"colour", "red"}, {"colour", "blue"}, {"size", "42.5"}, {"shelf life", "10"}};
static const ec_pricing_pair scene_options[] = {{"size", "XL"}};
static const ec_pricing_pair scene_facts[] = {{"age", "17"}, {"source", "news"}};
static const ec_id scene_groups[] = {5, 6};
static const char *const scene_group_codes[] = {"vip", "trade"};
static const ec_pricing_coupon scene_coupons[] = {{"SUMMER-10", 1, 1, NULL},
                                                  {"OLD", 2, 1, "expired"}};
static const ec_address scene_address = {
    .country = "CL", .region = "Valparaíso", .city = "Quilpué", .postal_code = "2430000"};

/* 2026-11-24T23:30Z, a Tuesday; by the shop's clock, three hours behind, 20:30. */
#define SCENE_NOW INT64_C(1795563000000)

static inline void scene_open(scene *s)
{
    memset(s, 0, sizeof(*s));
    ec_arena_init(&s->arena, world_platform());
    s->lines[0] = (ec_pricing_line){.product_id = 100,
                                    .variant_id = 1000,
                                    .brand_id = 3,
                                    .quantity = 2,
                                    .price = 9990,
                                    .original_price = 12990,
                                    .cost_price = 5000,
                                    .weight = 300,
                                    .sku = "SHIRT-RED-42",
                                    .type = "shirt",
                                    .tax_category = "standard",
                                    .categories = scene_categories,
                                    .categories_count = 3,
                                    .collections = scene_collections,
                                    .collections_count = 2,
                                    .tags = scene_tags,
                                    .tags_count = 2,
                                    .attributes = scene_attributes,
                                    .attributes_count = 4,
                                    .options = scene_options,
                                    .options_count = 1,
                                    .requires_shipping = true};
    s->lines[1] = (ec_pricing_line){
        .product_id = 200, .variant_id = 2000, .quantity = 1, .price = 5000, .sku = "BOOK"};
    s->lines[2] = (ec_pricing_line){
        .product_id = 300, .variant_id = 3000, .brand_id = 9, .quantity = 1, .price = 100};
    s->states[0] = (ec_pricing_state){.in = &s->lines[0],
                                      .quantity = 2,
                                      .unit_price = 9990,
                                      .price = 19980,
                                      .unit_discount = 980,
                                      .discounted = true,
                                      .tax_added = 100};
    s->states[1] =
        (ec_pricing_state){.in = &s->lines[1], .quantity = 1, .unit_price = 5000, .price = 5000};
    s->states[2] = (ec_pricing_state){
        .in = &s->lines[2], .quantity = 1, .unit_price = 100, .price = 100, .gift = true};
    s->in = (ec_pricing){.channel = "web",
                         .currency = "CLP",
                         .locale = "es-CL",
                         .now = SCENE_NOW,
                         .utc_offset_ms = INT64_C(-10800000),
                         .shipping_address = &scene_address,
                         .shipping_method = "courier",
                         .payment_method = "cash",
                         .coupons = scene_coupons,
                         .coupons_count = 2,
                         .facts = scene_facts,
                         .facts_count = 2};
    s->in.customer = (ec_pricing_customer){.user_id = 8,
                                           .email = "Ana@Example.com",
                                           .role = "customer",
                                           .groups = scene_groups,
                                           .group_codes = scene_group_codes,
                                           .groups_count = 2,
                                           .orders_count = 2,
                                           .spent = 50000,
                                           .last_order_at = SCENE_NOW - INT64_C(864000001),
                                           .signed_in = true};
    s->work = (ec_pricing_work){
        .in = &s->in, .lines = s->states, .lines_count = 3, .fee = 3990, .fee_discount = 990};
}

static inline void scene_close(scene *s)
{
    ec_arena_clear(&s->arena);
}

static inline const ec_rule *scene_parse(scene *s, const char *text, ec_rule_scope scope)
{
    const ec_rule *rule = NULL;
    unsigned needs = 0;
    ec_rule_fault fault;
    ec_status status = ec_rule_parse(&s->arena, text, scope, &rule, &needs, &fault);
    if (status != EC_OK)
        fail_msg("%s: byte %zu: %s: %s", text, fault.at, fault.rule, fault.message);
    return rule;
}

/* Does a condition on the cart (or on its first line) hold? */
static inline bool scene_holds(scene *s, const char *text)
{
    return ec_rule_holds(scene_parse(s, text, EC_RULE_CART), &s->work, NULL);
}

static inline bool scene_holds_line(scene *s, const char *text, size_t line)
{
    return ec_rule_holds_line(scene_parse(s, text, EC_RULE_LINE), &s->work, line);
}

#endif
