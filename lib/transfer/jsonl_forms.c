/* SPDX-License-Identifier: MIT */
/*
 * jsonl_forms.c - how the objects of JSON Lines are found, made and changed: the functions of each
 * noun in one form.
 *
 * All rules are those functions'; stock is changed through the ledger only. It refuses to know any
 * rule, and to find anything by a number of another shop.
 */
#include <ecommerce/channel.h>
#include <ecommerce/collection.h>
#include <ecommerce/group.h>
#include <ecommerce/price.h>
#include <ecommerce/shipping.h>
#include <ecommerce/stock.h>
#include <ecommerce/tax.h>
#include <ecommerce/warehouse.h>
#include <ecommerce/zone.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/object.h"
#include "transfer/jsonl.h"

/* ---- references ---- */

static const char *lower(ec_session *session, const char *text)
{
    char *copy = ec_arena_strdup(ec_scratch(session), text);
    if (copy) {
        ec_text_lower(copy);
    }
    return copy;
}

ec_status ec_line_refer(ec_session *session, const ec_line_ref *ref, const char *text,
                        ec_line_lookup *lookup, ec_id *id)
{
    *id = 0;
    if (!text) {
        return EC_OK;
    }
    const char *const names[EC_LINE_NAMES] = {ref->any_case ? lower(session, text) : text};
    const char *sql = ec_arena_printf(ec_scratch(session), "SELECT id FROM %s WHERE %s = ?",
                                      ref->table, ref->key);
    ec_status status = sql && names[0] ? ec_query_int(session, sql, ec_args(ec_text(names[0])), id)
                                       : ec_fail_memory(session);
    if (status == EC_NOT_FOUND) {
        const ec_line_promise *promise = ec_line_promise_find(lookup->promises, ref->table, names);
        ec_forgive(session);
        if (promise) {
            lookup->promise = promise;
            *id = EC_LINE_PROMISED;
            return EC_OK;
        }
        return ec_fail_field(session, EC_INVALID, ref->field, "unknown",
                             "There is no %s called %.100s.", ref->entity, text);
    }
    return status;
}

ec_status ec_line_unnamed(ec_session *session, const char *field, ec_id id)
{
    return id == 0 ? EC_OK
                   : ec_fail_field(session, EC_INVALID, field, "reference",
                                   "The line does not say by name what it refers to.");
}

/* ---- nouns with a slug, a code or an address of their own ---- */

#define FUNCTIONS(noun, finder, key)                                                               \
    static ec_status noun##_find(ec_session *session, const void *object, void **out)              \
    {                                                                                              \
        ec_##noun *found = NULL;                                                                   \
        ec_status status = finder(session, ((const ec_##noun *)object)->key, &found);              \
        *out = found;                                                                              \
        return status;                                                                             \
    }                                                                                              \
    static ec_status noun##_create(ec_session *session, const void *object, void **out)            \
    {                                                                                              \
        ec_##noun *made = NULL;                                                                    \
        ec_status status = ec_##noun##_create(session, object, &made);                             \
        *out = made;                                                                               \
        return status;                                                                             \
    }                                                                                              \
    static ec_status noun##_update(ec_session *session, const void *stored, const void *object,    \
                                   ec_mask fields, void **out)                                     \
    {                                                                                              \
        ec_##noun *made = NULL;                                                                    \
        ec_id id = ((const ec_##noun *)stored)->id;                                                \
        ec_status status = ec_##noun##_update(session, id, object, fields, &made);                 \
        *out = made;                                                                               \
        return status;                                                                             \
    }

FUNCTIONS(group, ec_group_by_code, code)
FUNCTIONS(price_list, ec_price_list_by_code, code)
FUNCTIONS(channel, ec_channel_by_code, code)
FUNCTIONS(warehouse, ec_warehouse_by_code, code)
FUNCTIONS(shipping_category, ec_shipping_category_by_code, code)
FUNCTIONS(shipping_method, ec_shipping_method_by_code, code)
FUNCTIONS(zone, ec_zone_by_code, code)
FUNCTIONS(tax_category, ec_tax_category_by_code, code)
FUNCTIONS(user, ec_user_by_email, email)
FUNCTIONS(category, ec_category_by_slug, slug)
FUNCTIONS(brand, ec_brand_by_slug, slug)
FUNCTIONS(attribute, ec_attribute_by_code, code)
FUNCTIONS(product, ec_product_by_slug, slug)
FUNCTIONS(collection, ec_collection_by_slug, slug)

/* Addresses are kept in lower case. */
static ec_status user_settle(ec_session *session, void *object, ec_line_lookup *lookup)
{
    ec_user *user = object;
    (void)lookup;
    user->email = lower(session, user->email);
    return user->email ? EC_OK : ec_fail_memory(session);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const ec_line_ref category_ref = {"category_id", "category", "categories", .key = "slug"};
static const ec_line_ref brand_ref = {"brand_id", "brand", "brands", .key = "slug"};

static ec_status product_settle(ec_session *session, void *object, ec_line_lookup *lookup)
{
    ec_product *product = object;
    ec_status status = product->category
                           ? ec_line_refer(session, &category_ref, product->category->slug, lookup,
                                           &product->category_id)
                           : ec_line_unnamed(session, "category_id", product->category_id);
    if (status == EC_OK) {
        status = product->brand ? ec_line_refer(session, &brand_ref, product->brand->slug, lookup,
                                                &product->brand_id)
                                : ec_line_unnamed(session, "brand_id", product->brand_id);
    }
    for (size_t i = 0; i < product->variants_count; i++) {
        product->variants[i].id = 0;
        product->variants[i].image_id = 0;
        product->variants[i].version = 0;
    }
    for (size_t i = 0; i < product->images_count; i++) {
        product->images[i].id = 0;
    }
    for (size_t i = 0; i < product->options_count; i++) {
        product->options[i].id = 0;
    }
    for (size_t i = 0; i < product->attributes_count; i++) {
        product->attributes[i].id = 0;
    }
    if (product->tags_count > 1) { /* they have no order; the shop's is this one */
        qsort((void *)(uintptr_t)product->tags, product->tags_count, sizeof *product->tags,
              by_text);
    }
    return status;
}

const ec_line_form ec_line_of_group = {group_find, group_create, group_update, NULL};
const ec_line_form ec_line_of_price_list = {price_list_find, price_list_create, price_list_update,
                                            NULL};
const ec_line_form ec_line_of_channel = {channel_find, channel_create, channel_update, NULL};
const ec_line_form ec_line_of_shipping_category = {shipping_category_find, shipping_category_create,
                                                   shipping_category_update, NULL};
const ec_line_form ec_line_of_shipping_method = {shipping_method_find, shipping_method_create,
                                                 shipping_method_update, NULL};
const ec_line_form ec_line_of_warehouse = {warehouse_find, warehouse_create, warehouse_update,
                                           NULL};
const ec_line_form ec_line_of_zone = {zone_find, zone_create, zone_update, NULL};
const ec_line_form ec_line_of_tax_category = {tax_category_find, tax_category_create,
                                              tax_category_update, NULL};
const ec_line_form ec_line_of_user = {user_find, user_create, user_update, user_settle};
const ec_line_form ec_line_of_category = {category_find, category_create, category_update, NULL};
const ec_line_form ec_line_of_brand = {brand_find, brand_create, brand_update, NULL};
const ec_line_form ec_line_of_attribute = {attribute_find, attribute_create, attribute_update,
                                           NULL};
const ec_line_form ec_line_of_product = {product_find, product_create, product_update,
                                         product_settle};
const ec_line_form ec_line_of_collection = {collection_find, collection_create, collection_update,
                                            NULL};

/* ---- tax rates: by zone, category, name, level and begin ---- */

static ec_status tax_rate_find(ec_session *session, const void *object, void **out)
{
    const ec_tax_rate *wanted = object;
    void *found = NULL;
    size_t count = 0;
    ec_status status = ec_entity_select(
        session, &ec_tax_rate_entity,
        "WHERE t.zone_id = ? AND t.category_id = ? AND t.name = ? AND t.priority = ?"
        " AND COALESCE(t.valid_from, 0) = ? ORDER BY t.id",
        ec_args(ec_int(wanted->zone_id), ec_int(wanted->category_id), ec_text(wanted->name),
                ec_int(wanted->priority), ec_int(wanted->valid_from)),
        &found, &count);
    if (status != EC_OK || count == 0) {
        return status != EC_OK ? status : EC_NOT_FOUND;
    }
    *out = ec_entity_pack(ec_session_platform(session), &ec_tax_rate_entity, found);
    return *out ? EC_OK : ec_fail_memory(session);
}

static ec_status tax_rate_create(ec_session *session, const void *object, void **out)
{
    ec_tax_rate *made = NULL;
    ec_status status = ec_tax_rate_create(session, object, &made);
    *out = made;
    return status;
}

static ec_status tax_rate_update(ec_session *session, const void *stored, const void *object,
                                 ec_mask fields, void **out)
{
    ec_tax_rate *made = NULL;
    ec_status status =
        ec_tax_rate_update(session, ((const ec_tax_rate *)stored)->id, object, fields, &made);
    *out = made;
    return status;
}

const ec_line_form ec_line_of_tax_rate = {tax_rate_find, tax_rate_create, tax_rate_update, NULL};

/* ---- addresses: one is another when anything that is written on the parcel differs ---- */

static ec_status address_find(ec_session *session, const void *object, void **out)
{
    const ec_address *wanted = object;
    void *rows = NULL;
    size_t count = 0;
    const ec_address *found = NULL;
    ec_mask written = ec_mask_of("address", "name,company,street,street2,city,region,postal_code,"
                                            "country,phone");
    ec_status status =
        ec_entity_select(session, &ec_address_entity, "WHERE t.user_id = ? ORDER BY t.id",
                         ec_args(ec_int(wanted->user_id)), &rows, &count);
    const ec_address *items = rows;
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        bool equal = ec_entity_equal(&ec_address_entity, &items[i], wanted, written);
        if (equal && (!found || items[i].is_default == wanted->is_default)) {
            found = &items[i];
        }
    }
    if (status != EC_OK || !found) {
        return status != EC_OK ? status : EC_NOT_FOUND;
    }
    *out = ec_entity_pack(ec_session_platform(session), &ec_address_entity, found);
    return *out ? EC_OK : ec_fail_memory(session);
}

static ec_status address_create(ec_session *session, const void *object, void **out)
{
    ec_address *made = NULL;
    ec_status status =
        ec_address_create(session, ((const ec_address *)object)->user_id, object, &made);
    *out = made;
    return status;
}

static ec_status address_update(ec_session *session, const void *stored, const void *object,
                                ec_mask fields, void **out)
{
    ec_address *made = NULL;
    ec_status status =
        ec_address_update(session, ((const ec_address *)stored)->id, object, fields, &made);
    *out = made;
    return status;
}

const ec_line_form ec_line_of_address = {address_find, address_create, address_update, NULL};

/* ---- what two others have to do with each other: there, or not ---- */

/* where: with the two numbers. */
static ec_status pair_find(ec_session *session, const ec_entity *entity, const char *where,
                           ec_id first, ec_id second, void **out)
{
    void *found = NULL;
    size_t count = 0;
    ec_status status = ec_entity_select(session, entity, where,
                                        ec_args(ec_int(first), ec_int(second)), &found, &count);
    if (status != EC_OK || count == 0) {
        return status != EC_OK ? status : EC_NOT_FOUND;
    }
    *out = ec_entity_pack(ec_session_platform(session), entity, found);
    return *out ? EC_OK : ec_fail_memory(session);
}

/* There is nothing else that could change. */
static ec_status pair_update(ec_session *session, const void *stored, const void *object,
                             ec_mask fields, void **out)
{
    (void)session;
    (void)stored;
    (void)object;
    (void)fields;
    (void)out;
    return EC_OK;
}

static ec_status group_user_find(ec_session *session, const void *object, void **out)
{
    const ec_group_user *wanted = object;
    return pair_find(session, &ec_group_user_entity, "WHERE t.group_id = ? AND t.user_id = ?",
                     wanted->group_id, wanted->user_id, out);
}

static ec_status group_user_create(ec_session *session, const void *object, void **out)
{
    const ec_group_user *wanted = object;
    (void)out;
    return ec_group_add_users(session, wanted->group_id, &wanted->user_id, 1);
}

const ec_line_form ec_line_of_group_user = {group_user_find, group_user_create, pair_update, NULL};

static ec_status price_list_channel_find(ec_session *session, const void *object, void **out)
{
    const ec_price_list_channel *wanted = object;
    return pair_find(session, &ec_price_list_channel_entity,
                     "WHERE t.price_list_id = ? AND t.channel_id = ?", wanted->price_list_id,
                     wanted->channel_id, out);
}

/* The list with one channel more. */
static ec_status price_list_channel_create(ec_session *session, const void *object, void **out)
{
    const ec_price_list_channel *wanted = object;
    ec_price_list *list = NULL, *changed = NULL;
    ec_channel *channel = NULL;
    ec_status status = ec_channel_get(session, wanted->channel_id, &channel);
    status = status == EC_OK ? ec_price_list_get(session, wanted->price_list_id, &list) : status;
    size_t count = status == EC_OK ? list->channels_count : 0;
    const char **codes = ec_arena_array(ec_scratch(session), count + 1, sizeof *codes);
    if (status == EC_OK && !codes) {
        status = ec_fail_memory(session);
    }
    if (status == EC_OK) {
        if (count > 0) {
            memcpy(codes, list->channels, count * sizeof *codes);
        }
        codes[count] = channel->code;
        ec_price_list change = {.channels = codes, .channels_count = count + 1};
        status = ec_price_list_update(session, list->id, &change,
                                      ec_mask_of("price_list", "channels"), &changed);
    }
    (void)out;
    ec_free(changed);
    ec_free(list);
    ec_free(channel);
    return status;
}

const ec_line_form ec_line_of_price_list_channel = {price_list_channel_find,
                                                    price_list_channel_create, pair_update, NULL};

/* ---- prices: by list, variant, quantity and begin ---- */

static ec_status price_settle(ec_session *session, void *object, ec_line_lookup *lookup)
{
    (void)lookup;
    ec_price *price = object;
    (void)session;
    price->min_quantity = price->min_quantity == 0 ? 1 : price->min_quantity;
    return EC_OK;
}

static ec_status price_find(ec_session *session, const void *object, void **out)
{
    const ec_price *wanted = object;
    void *found = NULL;
    size_t count = 0;
    ec_status status =
        ec_entity_select(session, &ec_price_entity,
                         "WHERE t.price_list_id = ? AND t.variant_id = ? AND t.min_quantity = ?"
                         " AND t.begins = ?",
                         ec_args(ec_int(wanted->price_list_id), ec_int(wanted->variant_id),
                                 ec_int(wanted->min_quantity), ec_int(wanted->valid_from)),
                         &found, &count);
    if (status != EC_OK || count == 0) {
        return status != EC_OK ? status : EC_NOT_FOUND;
    }
    *out = ec_entity_pack(ec_session_platform(session), &ec_price_entity, found);
    return *out ? EC_OK : ec_fail_memory(session);
}

static ec_status price_create(ec_session *session, const void *object, void **out)
{
    ec_price *made = NULL;
    ec_status status = ec_price_set(session, object, &made);
    *out = made;
    return status;
}

/* A price is set as a whole. */
static ec_status price_update(ec_session *session, const void *stored, const void *object,
                              ec_mask fields, void **out)
{
    ec_price price = *(const ec_price *)stored;
    ec_object_assign(&ec_price_entity, &price, object, fields);
    return price_create(session, &price, out);
}

const ec_line_form ec_line_of_price = {price_find, price_create, price_update, price_settle};

/* ---- balances: what differs becomes one movement ---- */

static ec_status inventory_find(ec_session *session, const void *object, void **out)
{
    const ec_stock_level *wanted = object;
    ec_stock_level *found = NULL;
    ec_status status = ec_stock_get(session, wanted->variant_id, wanted->warehouse_id, &found);
    if (status == EC_OK && found->id == 0) { /* nothing was ever recorded */
        ec_free(found);
        return EC_NOT_FOUND;
    }
    *out = found;
    return status;
}

static ec_status inventory_move(ec_session *session, const ec_stock_level *stored,
                                const ec_stock_level *wanted, ec_mask fields, void **out)
{
    ec_stock_level *moved = NULL;
    ec_stock_change change = {.variant_id = wanted->variant_id,
                              .warehouse_id = wanted->warehouse_id,
                              .kind = EC_MOVEMENT_COUNT,
                              .cause = "import",
                              .reason = "Opening balance"};
    if ((fields & ec_mask_of("inventory", "on_hand")) != 0) {
        change.on_hand = wanted->on_hand - stored->on_hand;
    }
    if ((fields & ec_mask_of("inventory", "incoming")) != 0) {
        change.incoming = wanted->incoming - stored->incoming;
    }
    if ((fields & ec_mask_of("inventory", "damaged")) != 0) {
        change.damaged = wanted->damaged - stored->damaged;
    }
    if (change.on_hand == 0 && change.incoming == 0 && change.damaged == 0) {
        return EC_OK;
    }
    ec_status status = ec_stock_adjust(session, &change, &moved);
    *out = moved;
    return status;
}

/* Goods first: what is kept back of them comes after. */
static ec_status inventory_update(ec_session *session, const void *stored, const void *object,
                                  ec_mask fields, void **out)
{
    const ec_stock_level *wanted = object;
    ec_mask settings =
        fields & ec_mask_of("inventory", "safety_stock,reorder_point,reorder_quantity");
    ec_status status = inventory_move(session, stored, wanted, fields, out);
    if (status == EC_OK && settings != 0) {
        ec_stock_level *configured = NULL;
        status = ec_stock_configure(session, wanted->variant_id, wanted->warehouse_id, wanted,
                                    settings, &configured);
        ec_free(*out);
        *out = configured;
    }
    return status;
}

/* Also one of nothing is a row. */
static ec_status inventory_create(ec_session *session, const void *object, void **out)
{
    static const ec_stock_level nothing = {0};
    return inventory_update(session, &nothing, object, EC_MASK_ALL, out);
}

const ec_line_form ec_line_of_inventory = {inventory_find, inventory_create, inventory_update,
                                           NULL};
