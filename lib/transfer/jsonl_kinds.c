/* SPDX-License-Identifier: MIT */
/*
 * jsonl_kinds.c - which entities are written, in which order, what of them, and how they are read.
 *
 * The order is that of the references, so that a reader meets nothing before what it points to. The
 * views are entity tables with fewer fields, so every walker works on them. It refuses to keep a
 * second list of fields: what is left out follows from the flags.
 */
#include "transfer/jsonl.h"

#include <string.h>

#include "promotion/stored.h"
#include "shipping/inside.h"
#include "tax/tax.h"

/* ---- what lines refer to ---- */

static const ec_line_ref channel_refs[EC_LINE_REFS_MAX] = {
    {"price_list_id", "price list", "price_lists", .key = "code"},
    {"tax_zone_id", "zone", "zones", .key = "code"}};
static const ec_line_ref price_list_refs[EC_LINE_REFS_MAX] = {
    {"group_id", "group", "customer_groups", .key = "code"}};
static const ec_line_ref price_list_channel_refs[EC_LINE_REFS_MAX] = {
    {"price_list_id", "price list", "price_lists", .key = "code"},
    {"channel_id", "channel", "channels", .key = "code"}};
static const ec_line_ref group_user_refs[EC_LINE_REFS_MAX] = {
    {"group_id", "group", "customer_groups", .key = "code"},
    {"user_id", "user", "users", .key = "email", .any_case = true}};
static const ec_line_ref address_refs[EC_LINE_REFS_MAX] = {
    {"user_id", "user", "users", .key = "email", .any_case = true}};
static const ec_line_ref category_refs[EC_LINE_REFS_MAX] = {
    {"parent_id", "category", "categories", .key = "slug"}};
static const ec_line_ref price_refs[EC_LINE_REFS_MAX] = {
    {"price_list_id", "price list", "price_lists", .key = "code"},
    {"variant_id", "variant", "product_variants", .key = "sku", .by_options = true}};
static const ec_line_ref inventory_refs[EC_LINE_REFS_MAX] = {
    {"variant_id", "variant", "product_variants", .key = "sku", .by_options = true},
    {"warehouse_id", "warehouse", "warehouses", .key = "code"}};

static const ec_line_ref shipping_method_refs[EC_LINE_REFS_MAX] = {
    {"zone_id", "zone", "zones", .key = "code"},
    {"pickup_warehouse_id", "warehouse", "warehouses", .key = "code"}};

static const ec_line_ref tax_rate_refs[EC_LINE_REFS_MAX] = {
    {"zone_id", "zone", "zones", .key = "code"},
    {"category_id", "tax category", "tax_categories", .key = "code"}};

static ec_status complete_zone(ec_session *session, void *object)
{
    return ec_zone_complete(session, object);
}

static ec_status complete_method(ec_session *session, void *object)
{
    return ec_shipping_channels(session, object, 1);
}

static ec_status complete_promotion(ec_session *session, void *object)
{
    return ec_promotion_lists(session, object, 1);
}

static ec_status complete_coupon(ec_session *session, void *object)
{
    return ec_coupon_counts(session, object, 1);
}

/* ---- why some are not read ---- */

#define OF_THE_SHOP "settings belong to the shop that they are of"
#define IN_PRODUCTS "they come with the lines of their products"
#define LEDGER "the ledger is history; balances come in as lines of inventory"
#define CARTS "a cart belongs to the visit that it was filled in"
#define HISTORY "orders and what follows from them are history, which is not written by hand"
#define BUYERS "who pays no tax is looked at by the shop that does not charge it"
#define OWED "what a shop owes is not written by hand, and codes of gift cards are not kept"
#define PRICES "the history of prices is made by setting them"
#define RULES "its rules name goods by their numbers in the shop that it is of"
#define CODES "coupons belong to the promotions of their shop"
#define EVENTS "events are history; what is taken in makes its own"

static const ec_line_kind kinds[] = {
    {.entity = &ec_setting_entity, .refused = OF_THE_SHOP},
    {.entity = &ec_group_entity, .form = &ec_line_of_group, .key = "code"},
    {.entity = &ec_price_list_entity,
     .form = &ec_line_of_price_list,
     .key = "code",
     .refs = price_list_refs},
    {.entity = &ec_zone_entity, .form = &ec_line_of_zone, .key = "code", .complete = complete_zone},
    {.entity = &ec_tax_category_entity,
     .form = &ec_line_of_tax_category,
     .key = "code",
     .given_on = "is_default"},
    {.entity = &ec_tax_rate_entity, .form = &ec_line_of_tax_rate, .refs = tax_rate_refs},
    {.entity = &ec_tax_exemption_entity, .refused = BUYERS},
    {.entity = &ec_tax_number_entity, .refused = BUYERS},
    {.entity = &ec_channel_entity,
     .form = &ec_line_of_channel,
     .key = "code",
     .refs = channel_refs,
     .given_on = "is_default"},
    {.entity = &ec_price_list_channel_entity,
     .form = &ec_line_of_price_list_channel,
     .refs = price_list_channel_refs},
    {.entity = &ec_warehouse_entity, .form = &ec_line_of_warehouse, .key = "code"},
    {.entity = &ec_shipping_category_entity, .form = &ec_line_of_shipping_category, .key = "code"},
    {.entity = &ec_shipping_method_entity,
     .form = &ec_line_of_shipping_method,
     .key = "code",
     .refs = shipping_method_refs,
     .complete = complete_method},
    {.entity = &ec_user_entity, .form = &ec_line_of_user, .key = "email"},
    {.entity = &ec_address_entity,
     .form = &ec_line_of_address,
     .refs = address_refs,
     .given_on = "is_default"},
    {.entity = &ec_group_user_entity, .form = &ec_line_of_group_user, .refs = group_user_refs},
    {.entity = &ec_category_entity,
     .form = &ec_line_of_category,
     .key = "slug",
     .refs = category_refs},
    {.entity = &ec_brand_entity, .form = &ec_line_of_brand, .key = "slug"},
    {.entity = &ec_attribute_entity, .form = &ec_line_of_attribute, .key = "code"},
    {.entity = &ec_product_entity, .form = &ec_line_of_product, .key = "slug"},
    {.entity = &ec_product_option_entity, .within = "product", .refused = IN_PRODUCTS},
    {.entity = &ec_product_image_entity, .within = "product", .refused = IN_PRODUCTS},
    {.entity = &ec_product_attribute_entity, .within = "product", .refused = IN_PRODUCTS},
    {.entity = &ec_variant_entity,
     .owner = "products",
     .link = "product_id",
     .within = "product",
     .refused = IN_PRODUCTS},
    {.entity = &ec_collection_entity, .form = &ec_line_of_collection, .key = "slug"},
    {.entity = &ec_price_entity,
     .owner = "price_lists",
     .link = "price_list_id",
     .form = &ec_line_of_price,
     .refs = price_refs,
     .needed = "amount"},
    {.entity = &ec_price_change_entity, .refused = PRICES},
    {.entity = &ec_stock_level_entity,
     .form = &ec_line_of_inventory,
     .refs = inventory_refs,
     .needed = "on_hand",
     .carried = "on_hand,incoming,damaged"},
    {.entity = &ec_movement_entity, .refused = LEDGER},
    {.entity = &ec_promotion_entity, .refused = RULES, .complete = complete_promotion},
    {.entity = &ec_coupon_entity, .refused = CODES, .complete = complete_coupon},
    {.entity = &ec_cart_entity, .refused = CARTS},
    {.entity = &ec_cart_item_entity, .owner = "carts", .link = "cart_id", .refused = CARTS},
    {.entity = &ec_order_entity, .refused = HISTORY},
    {.entity = &ec_order_item_entity, .owner = "orders", .link = "order_id", .refused = HISTORY},
    {.entity = &ec_adjustment_entity, .owner = "orders", .link = "order_id", .refused = HISTORY},
    {.entity = &ec_order_tax_entity, .owner = "orders", .link = "order_id", .refused = HISTORY},
    {.entity = &ec_reservation_entity, .refused = HISTORY},
    {.entity = &ec_payment_entity, .refused = HISTORY},
    {.entity = &ec_payment_transaction_entity,
     .owner = "payments",
     .link = "payment_id",
     .refused = HISTORY},
    {.entity = &ec_shipment_entity, .refused = HISTORY},
    {.entity = &ec_shipment_item_entity, .refused = HISTORY},
    {.entity = &ec_return_entity, .refused = HISTORY},
    {.entity = &ec_return_item_entity, .refused = HISTORY},
    {.entity = &ec_refund_entity, .owner = "orders", .link = "order_id", .refused = HISTORY},
    {.entity = &ec_refund_item_entity, .refused = HISTORY},
    {.entity = &ec_credit_entity, .refused = OWED},
    {.entity = &ec_credit_entry_entity,
     .owner = "credit_accounts",
     .link = "credit_id",
     .refused = HISTORY},
    {.entity = &ec_event_entity, .refused = EVENTS},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const ec_line_kind *ec_line_kind_next(const ec_line_kind *previous)
{
    const ec_line_kind *next = previous ? previous + 1 : kinds;
    return next < kinds + KINDS ? next : NULL;
}

const ec_line_kind *ec_line_kind_find(const char *entity)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].entity->name, entity) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* ---- views ---- */

static bool is_list(const ec_field *field)
{
    return field->type == EC_FIELD_LIST || field->type == EC_FIELD_TEXTS;
}

/* A variant shows its image by the image's address. */
static bool is_number_of_image(const ec_field *field)
{
    return field->type == EC_FIELD_REF && strcmp(field->name, "image_id") == 0;
}

static bool shows(const ec_field *field, ec_line_part part)
{
    bool computed = (field->flags & EC_FIELD_NOT_STORED) != 0;
    bool by_library = (field->flags & EC_FIELD_READONLY) != 0;
    switch (part) {
    case EC_LINE_STORED: return !computed && !is_list(field);
    case EC_LINE_WHOLE:
        return !(computed && by_library) || (field->type == EC_FIELD_STRUCT && computed);
    case EC_LINE_INPUT:
        return !by_library && field->type != EC_FIELD_ID && !is_number_of_image(field);
    }
    return false;
}

const ec_entity *ec_line_view(ec_arena *arena, const ec_entity *entity, ec_line_part part)
{
    ec_entity *view = ec_arena_alloc(arena, sizeof *view);
    ec_field *fields = ec_arena_array(arena, entity->count, sizeof *fields);
    if (!view || !fields) {
        return NULL;
    }
    *view = *entity;
    view->fields = fields;
    view->count = 0;
    for (size_t i = 0; i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        if (!shows(field, part)) {
            continue;
        }
        ec_field *copy = &fields[view->count++];
        *copy = *field;
        if (field->type == EC_FIELD_LIST) {
            copy->target = ec_line_view(arena, field->target, part);
            if (!copy->target) {
                return NULL;
            }
        }
    }
    return view;
}
