/* SPDX-License-Identifier: MIT */
/*
 * product_store.c - the lists of a product but its variants, on their way into the storage.
 *
 * Each function compares what is stored with what is wanted and writes the difference, in a number
 * of statements that does not depend on the lists' lengths; what does not differ is not touched. It
 * refuses nothing that product_check.c let pass, but images of other products.
 */
#include <string.h>

#include "catalog/inside.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

ec_status ec_delete_ids(ec_session *session, const char *sql, const ec_id *ids, size_t count,
                        int64_t *affected)
{
    ec_statement s;
    if (count == 0) {
        return EC_OK;
    }
    ec_statement_begin(&s, session);
    ec_statement_put(&s, sql);
    ec_statement_ids(&s, ids, count);
    return ec_statement_exec(&s, affected);
}

/* ---- images ---- */

typedef struct image_plan {
    bool *claimed; /* of the stored ones */
    ec_product_image *fresh;
    ec_product_image *changed;
    ec_id *gone;
    size_t fresh_count, changed_count, gone_count;
} image_plan;

/* The stored image that the wanted one is; NULL: a new one. */
static const ec_product_image *match_image(const ec_product *before, const bool *claimed,
                                           const ec_product_image *wanted, size_t *at)
{
    for (size_t i = 0; i < before->images_count; i++) {
        bool same = wanted->id != 0 ? before->images[i].id == wanted->id
                                    : strcmp(before->images[i].url, wanted->url) == 0;
        if (same && !claimed[i]) {
            *at = i;
            return &before->images[i];
        }
    }
    return NULL;
}

static ec_status plan_image(ec_session *session, const ec_product *before, ec_product *product,
                            size_t index, image_plan *plan)
{
    ec_product_image *image = &product->images[index];
    size_t at = 0;
    const ec_product_image *stored = match_image(before, plan->claimed, image, &at);
    if (!stored && image->id != 0) {
        const char *field = ec_arena_printf(ec_scratch(session), "images[%zu].id", index);
        return ec_fail_field(session, EC_INVALID, field ? field : "images", "unknown",
                             "The product has no such image, or it is there twice.");
    }
    image->product_id = product->id;
    image->position = (int64_t)index + 1;
    if (!stored) {
        image->created_at = ec_now(session);
        plan->fresh[plan->fresh_count++] = *image;
        return EC_OK;
    }
    plan->claimed[at] = true;
    image->id = stored->id;
    image->created_at = stored->created_at;
    if (!ec_entity_equal(&ec_product_image_entity, stored, image, EC_MASK_ALL)) {
        plan->changed[plan->changed_count++] = *image;
    }
    return EC_OK;
}

static ec_status write_images(ec_session *session, ec_product *product, const image_plan *plan)
{
    ec_status status = ec_delete_ids(session, "DELETE FROM product_images WHERE id IN ", plan->gone,
                                     plan->gone_count, NULL);
    if (status == EC_OK) {
        status = ec_catalog_store_many(session, &ec_product_image_entity, plan->changed,
                                       plan->changed_count);
    }
    if (status == EC_OK) {
        status = ec_entity_insert_many(session, &ec_product_image_entity, plan->fresh,
                                       plan->fresh_count);
    }
    for (size_t i = 0; i < plan->fresh_count; i++) {
        product->images[plan->fresh[i].position - 1].id = plan->fresh[i].id;
    }
    return status;
}

ec_status ec_store_images(ec_session *session, const ec_product *before, ec_product *product,
                          bool *changed)
{
    ec_arena *arena = ec_scratch(session);
    size_t wanted = product->images_count;
    image_plan plan = {
        .claimed = ec_arena_array(arena, before->images_count + 1, sizeof(bool)),
        .fresh = ec_arena_array(arena, wanted + 1, sizeof(ec_product_image)),
        .changed = ec_arena_array(arena, wanted + 1, sizeof(ec_product_image)),
        .gone = ec_arena_array(arena, before->images_count + 1, sizeof(ec_id)),
    };
    ec_status status =
        plan.claimed && plan.fresh && plan.changed && plan.gone ? EC_OK : ec_fail_memory(session);
    for (size_t i = 0; status == EC_OK && i < wanted; i++) {
        status = plan_image(session, before, product, i, &plan);
    }
    for (size_t i = 0; status == EC_OK && i < before->images_count; i++) {
        if (!plan.claimed[i]) {
            plan.gone[plan.gone_count++] = before->images[i].id;
        }
    }
    *changed = *changed || plan.fresh_count + plan.changed_count + plan.gone_count > 0;
    return status == EC_OK ? write_images(session, product, &plan) : status;
}

void ec_variants_images(ec_session *session, ec_product *product, ec_check *check)
{
    for (size_t i = 0; i < product->variants_count; i++) {
        ec_variant *variant = &product->variants[i];
        bool by_id = variant->image_id != 0;
        bool found = !by_id && !variant->image_url;
        for (size_t j = 0; !found && j < product->images_count; j++) {
            const ec_product_image *image = &product->images[j];
            found = by_id ? image->id == variant->image_id
                          : strcmp(image->url, variant->image_url) == 0;
            variant->image_id = found ? image->id : variant->image_id;
        }
        if (!found) {
            const char *field = ec_arena_printf(ec_scratch(session), "variants[%zu].image_%s", i,
                                                by_id ? "id" : "url");
            ec_check_add(check, field, "unknown", "The product has no such image.");
        }
    }
}

/* ---- options ---- */

ec_status ec_store_options(ec_session *session, const ec_product *before, ec_product *product,
                           bool *changed)
{
    size_t count = product->options_count;
    bool same = before->options_count == count;
    for (size_t i = 0; i < count; i++) {
        same = same && strcmp(before->options[i].name, product->options[i].name) == 0;
        product->options[i].id = 0;
        product->options[i].product_id = product->id;
        product->options[i].position = (int64_t)i + 1;
    }
    if (same) {
        return EC_OK;
    }
    *changed = true;
    ec_status status = before->options_count == 0
                           ? EC_OK
                           : ec_exec(session, "DELETE FROM product_options WHERE product_id = ?",
                                     ec_args(ec_int(product->id)), NULL);
    return status == EC_OK
               ? ec_entity_insert_many(session, &ec_product_option_entity, product->options, count)
               : status;
}

/* ---- attributes ---- */

ec_status ec_store_attributes(ec_session *session, const ec_product *before, ec_product *product,
                              bool *changed)
{
    size_t count = product->attributes_count;
    bool same = before->attributes_count == count;
    for (size_t i = 0; i < count; i++) {
        ec_product_attribute *value = &product->attributes[i];
        same = same && before->attributes[i].attribute_id == value->attribute_id &&
               strcmp(before->attributes[i].value, value->value) == 0;
        value->id = 0;
        value->product_id = product->id;
    }
    if (same) {
        return EC_OK;
    }
    *changed = true;
    ec_status status = before->attributes_count == 0
                           ? EC_OK
                           : ec_exec(session, "DELETE FROM product_attributes WHERE product_id = ?",
                                     ec_args(ec_int(product->id)), NULL);
    return status == EC_OK ? ec_entity_insert_many(session, &ec_product_attribute_entity,
                                                   product->attributes, count)
                           : status;
}

/* ---- tags ---- */

static bool has_tag(const ec_product *product, const char *tag)
{
    bool found = false;
    for (size_t i = 0; !found && i < product->tags_count; i++) {
        found = same_text(product->tags[i], tag);
    }
    return found;
}

static bool same_tags(const ec_product *before, const ec_product *product)
{
    bool same = before->tags_count == product->tags_count; /* each of both is there once */
    for (size_t i = 0; same && i < product->tags_count; i++) {
        same = has_tag(before, product->tags[i]);
    }
    return same;
}

/* Words that are new to the shop. */
static ec_status insert_tags(ec_session *session, const ec_product *product)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, ec_session_dialect(session)->insert_ignore);
    ec_statement_put(&s, " tags (name) VALUES ");
    for (size_t i = 0; i < product->tags_count; i++) {
        ec_statement_with(&s, i == 0 ? "(?)" : ", (?)", ec_text(product->tags[i]));
    }
    return ec_statement_exec(&s, NULL);
}

static ec_status insert_product_tags(ec_session *session, const ec_product *product)
{
    ec_statement s;
    ec_statement_begin(&s, session);
    ec_statement_with(&s,
                      "INSERT INTO product_tags (product_id, tag_id)"
                      " SELECT ?, g.id FROM tags g WHERE g.name IN ",
                      ec_int(product->id));
    ec_statement_texts(&s, product->tags, product->tags_count);
    return ec_statement_exec(&s, NULL);
}

ec_status ec_store_tags(ec_session *session, const ec_product *before, ec_product *product,
                        bool *changed)
{
    ec_status status = EC_OK;
    if (same_tags(before, product)) {
        return EC_OK;
    }
    *changed = true;
    if (before->tags_count > 0) {
        status = ec_exec(session, "DELETE FROM product_tags WHERE product_id = ?",
                         ec_args(ec_int(product->id)), NULL);
    }
    if (status == EC_OK && product->tags_count > 0) {
        status = insert_tags(session, product);
        status = status == EC_OK ? insert_product_tags(session, product) : status;
    }
    return status;
}
