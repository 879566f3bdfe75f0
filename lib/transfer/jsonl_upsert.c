/* SPDX-License-Identifier: MIT */
/*
 * jsonl_upsert.c - one catalogue object out of a line: found by its slug or code, compared, and
 * created or changed by the catalogue's own functions.
 *
 * Numbers of another shop mean nothing here: references are looked up by slug, numbers inside are
 * dropped. What does not differ is not written. All rules are the catalogue's; it refuses to know
 * any of them.
 */
#include <ecommerce/collection.h>

#include <stdlib.h>
#include <string.h>

#include "transfer/jsonl_upsert.h"

/* ---- the catalogue's functions in one form ---- */

#define FORMS(noun, entity_name, find_name)                                                        \
    static ec_status noun##_find(ec_session *session, const char *key, void **out)                 \
    {                                                                                              \
        ec_##noun *found = NULL;                                                                   \
        ec_status status = find_name(session, key, &found);                                        \
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
    static ec_status noun##_update(ec_session *session, ec_id id, const void *object,              \
                                   ec_mask fields, void **out)                                     \
    {                                                                                              \
        ec_##noun *made = NULL;                                                                    \
        ec_status status = ec_##noun##_update(session, id, object, fields, &made);                 \
        *out = made;                                                                               \
        return status;                                                                             \
    }

FORMS(category, ec_category_entity, ec_category_by_slug)
FORMS(brand, ec_brand_entity, ec_brand_by_slug)
FORMS(attribute, ec_attribute_entity, ec_attribute_by_code)
FORMS(product, ec_product_entity, ec_product_by_slug)
FORMS(collection, ec_collection_entity, ec_collection_by_slug)

typedef struct line_form {
    const ec_entity *entity;
    const char *key;
    ec_status (*find)(ec_session *session, const char *key, void **out);
    ec_status (*create)(ec_session *session, const void *object, void **out);
    ec_status (*update)(ec_session *session, ec_id id, const void *object, ec_mask fields,
                        void **out);
} line_form;

static const line_form forms[] = {
    {&ec_category_entity, "slug", category_find, category_create, category_update},
    {&ec_brand_entity, "slug", brand_find, brand_create, brand_update},
    {&ec_attribute_entity, "code", attribute_find, attribute_create, attribute_update},
    {&ec_product_entity, "slug", product_find, product_create, product_update},
    {&ec_collection_entity, "slug", collection_find, collection_create, collection_update},
};

static const line_form *form_find(const char *entity)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].entity->name, entity) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

/* ---- references ---- */

/* The number of the object with a slug, 0 for no slug. */
static ec_status refer(ec_session *session, const char *entity, const char *field, const char *slug,
                       ec_id *id)
{
    void *found = NULL;
    *id = 0;
    if (!slug) {
        return EC_OK;
    }
    const line_form *form = form_find(entity);
    ec_status status = form->find(session, slug, &found);
    if (status == EC_NOT_FOUND) {
        ec_forgive(session);
        return ec_fail_field(session, EC_INVALID, field, "unknown", "There is no %s called %.100s.",
                             entity, slug);
    }
    if (status == EC_OK) {
        *id = ec_field_get_int(ec_field_find(form->entity, "id"), found);
    }
    ec_free(found);
    return status;
}

/* A number without the slug that it stands for is of no use. */
static ec_status unnamed(ec_session *session, const char *field, ec_id id)
{
    return id == 0 ? EC_OK
                   : ec_fail_field(session, EC_INVALID, field, "reference",
                                   "The line does not say by slug what it refers to.");
}

static ec_status refer_category(ec_session *session, const ec_json *line, ec_category *category)
{
    const ec_json *refs = ec_json_member(line, "refs");
    const ec_json *parent = refs ? ec_json_member(refs, "parent_id") : NULL;
    if (!parent || parent->type != EC_JSON_TEXT) {
        return unnamed(session, "parent_id", category->parent_id);
    }
    return refer(session, "category", "parent_id", parent->text, &category->parent_id);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static ec_status refer_product(ec_session *session, ec_product *product)
{
    ec_status status = product->category ? refer(session, "category", "category_id",
                                                 product->category->slug, &product->category_id)
                                         : unnamed(session, "category_id", product->category_id);
    if (status == EC_OK) {
        status = product->brand
                     ? refer(session, "brand", "brand_id", product->brand->slug, &product->brand_id)
                     : unnamed(session, "brand_id", product->brand_id);
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

static ec_status settle(ec_session *session, const line_form *form, const ec_json *line,
                        void *object)
{
    ec_field_set_int(ec_field_find(form->entity, "id"), object, 0);
    ec_field_set_int(ec_field_find(form->entity, "version"), object, 0);
    if (form->entity == &ec_category_entity) {
        return refer_category(session, line, object);
    }
    return form->entity == &ec_product_entity ? refer_product(session, object) : EC_OK;
}

/* ---- comparing ---- */

static ec_status field_text(ec_session *session, const ec_entity *view, const void *object,
                            const char *currency, ec_buf *buf)
{
    ec_json_writer json;
    ec_buf_init(buf, ec_session_platform(session), 64u << 20);
    ec_json_begin(&json, buf);
    ec_entity_write_json(&json, view, object, currency);
    return buf->status == EC_OK ? EC_OK : ec_fail_memory(session);
}

/* Do two objects look the same through a view? */
static ec_status same(ec_session *session, const ec_entity *view, const void *a, const void *b,
                      const char *currency, bool *out)
{
    ec_buf one, two;
    ec_status status = field_text(session, view, a, currency, &one);
    if (status == EC_OK) {
        status = field_text(session, view, b, currency, &two);
        *out = status == EC_OK && strcmp(ec_buf_text(&one), ec_buf_text(&two)) == 0;
        ec_buf_clear(&two);
    }
    ec_buf_clear(&one);
    return status;
}

/* What a product shows of its variants is theirs to say. */
static bool is_of_variants(const ec_entity *entity, const ec_field *field)
{
    return entity == &ec_product_entity &&
           (strcmp(field->name, "price") == 0 || strcmp(field->name, "compare_price") == 0 ||
            strcmp(field->name, "sku") == 0);
}

static ec_status find_changes(ec_session *session, const ec_entity *entity, const void *stored,
                              const void *object, ec_mask given, ec_mask *changed)
{
    const ec_entity *input = ec_line_view(ec_scratch(session), entity, EC_LINE_INPUT);
    const char *currency = ec_entity_currency(entity, stored, NULL);
    ec_status status = input ? EC_OK : ec_fail_memory(session);
    *changed = 0;
    for (size_t i = 0; status == EC_OK && i < input->count; i++) {
        ec_mask bit = ec_field_bit(entity, ec_field_find(entity, input->fields[i].name));
        ec_entity one = *input;
        bool equal = true;
        one.fields = &input->fields[i];
        one.count = 1;
        if ((given & bit) == 0 || is_of_variants(entity, &input->fields[i])) {
            continue;
        }
        status = same(session, &one, stored, object, currency, &equal);
        *changed |= equal ? 0 : bit;
    }
    return status;
}

/* ---- counting variants ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static const ec_variant *find_variant(const ec_product *product, const ec_variant *variant)
{
    for (size_t i = 0; i < product->variants_count; i++) {
        const ec_variant *other = &product->variants[i];
        if (variant->sku && other->sku ? strcmp(variant->sku, other->sku) == 0
                                       : same_text(variant->option1, other->option1) &&
                                             same_text(variant->option2, other->option2) &&
                                             same_text(variant->option3, other->option3)) {
            return other;
        }
    }
    return NULL;
}

static ec_status count_variants(ec_session *session, const ec_product *stored,
                                const ec_product *product, ec_import_counts *counts)
{
    const ec_entity *view = ec_line_view(ec_scratch(session), &ec_variant_entity, EC_LINE_INPUT);
    ec_status status = view ? EC_OK : ec_fail_memory(session);
    for (size_t i = 0; status == EC_OK && i < product->variants_count; i++) {
        const ec_variant *variant = &product->variants[i];
        const ec_variant *other = stored ? find_variant(stored, variant) : NULL;
        bool equal = false;
        if (other) {
            status = same(session, view, variant, other, stored->currency, &equal);
        }
        counts->variants_created += !other;
        counts->variants_updated += other && !equal;
        counts->variants_unchanged += other && equal;
    }
    return status;
}

/* ---- one object ---- */

static const char *changed_names(ec_arena *arena, const ec_entity *entity, ec_mask changed)
{
    const char *text = "";
    for (size_t i = 0; i < entity->count; i++) {
        if ((changed >> i & 1) != 0) {
            text = ec_arena_printf(arena, "%s%s%s", text, text[0] != '\0' ? "," : "",
                                   entity->fields[i].name);
        }
        text = text ? text : "";
    }
    return text;
}

static ec_status upsert(ec_session *session, const line_form *form, const void *object,
                        ec_mask given, ec_line_outcome *out)
{
    void *stored = NULL, *made = NULL;
    ec_mask changed = 0;
    bool product = form->entity == &ec_product_entity;
    ec_status status = form->find(session, out->key, &stored);
    if (status == EC_NOT_FOUND) {
        ec_forgive(session);
        status = form->create(session, object, &made);
        out->action = "create";
        out->counts.products_created += product;
    } else if (status == EC_OK) {
        status = find_changes(session, form->entity, stored, object, given, &changed);
        if (status == EC_OK && changed != 0) {
            ec_id id = ec_field_get_int(ec_field_find(form->entity, "id"), stored);
            status = form->update(session, id, object, changed, &made);
            out->action = "update";
            out->fields = changed_names(ec_scratch(session), form->entity, changed);
        }
        out->counts.products_updated += product && changed != 0;
        out->counts.products_unchanged += product && changed == 0;
    }
    if (status == EC_OK && product) {
        status = count_variants(session, stored, object, &out->counts);
    }
    ec_free(stored);
    ec_free(made);
    return status;
}

static ec_status read_object(ec_session *session, const line_form *form, const ec_json *data,
                             const char *currency, void *object, ec_mask *given)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    ec_entity_defaults(form->entity, object);
    ec_status status = ec_entity_read_json(ec_scratch(session), form->entity, data, currency, true,
                                           object, given, &check);
    return status == EC_OK ? EC_OK : ec_fail_check(session, &check);
}

ec_status ec_line_upsert(ec_session *session, const ec_json *line, const char *currency,
                         ec_line_outcome *out)
{
    const ec_json *name = ec_json_member(line, "entity");
    const ec_json *data = ec_json_member(line, "data");
    if (line->type != EC_JSON_OBJECT || !name || name->type != EC_JSON_TEXT || !data ||
        data->type != EC_JSON_OBJECT) {
        return ec_fail_field(session, EC_INVALID, "entity", "required",
                             "A line is an object with \"entity\" and \"data\".");
    }
    const line_form *form = form_find(name->text);
    if (!form) {
        return ec_fail_field(session, EC_INVALID, "entity", "entity",
                             "Objects of this entity are not imported: %.100s.", name->text);
    }
    ec_mask given = 0;
    void *object = ec_arena_alloc(ec_scratch(session), form->entity->size);
    ec_status status = object ? read_object(session, form, data, currency, object, &given)
                              : ec_fail_memory(session);
    if (status != EC_OK) {
        return status;
    }
    out->key = ec_field_get_text(ec_field_find(form->entity, form->key), object);
    if (!out->key) {
        return ec_fail_field(session, EC_INVALID, form->key, "required",
                             "Objects are recognised by it.");
    }
    status = settle(session, form, line, object);
    return status == EC_OK ? upsert(session, form, object, given, out) : status;
}
