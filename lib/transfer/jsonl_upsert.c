/* SPDX-License-Identifier: MIT */
/*
 * jsonl_upsert.c - one object out of a line: found by its slug, code or what else it is recognised
 * by, compared, and created or changed by the functions of its noun (jsonl_forms.c).
 *
 * Numbers of another shop mean nothing here: references are looked up by name, numbers inside are
 * dropped. What does not differ is not written. It refuses what is no base data, such as orders:
 * history is made by what happens.
 */
#include <string.h>

#include "transfer/jsonl_upsert.h"

/* What is read of a line. */
typedef struct line_object {
    void *object;
    ec_mask given; /* fields that it has */
    const char *currency;
    const ec_line_manner *manner;
    ec_line_lookup lookup;
} line_object;

/* ---- references ---- */

static const char *option_of(const ec_json *name, const char *member)
{
    const ec_json *value = ec_json_member(name, member);
    return value && value->type == EC_JSON_TEXT ? value->text : "";
}

/* A variant by its product and options. */
static ec_status refer_by_options(ec_session *session, const ec_line_ref *ref, const ec_json *name,
                                  ec_line_lookup *lookup, ec_id *id)
{
    const char *slug = option_of(name, "product");
    const char *const names[EC_LINE_NAMES] = {
        slug, option_of(name, "option1"), option_of(name, "option2"), option_of(name, "option3")};
    ec_status status = ec_query_int(
        session,
        "SELECT v.id FROM products p JOIN product_variants v ON v.product_id = p.id"
        " WHERE p.slug = ? AND COALESCE(v.option1, '') = ?"
        " AND COALESCE(v.option2, '') = ? AND COALESCE(v.option3, '') = ?"
        " ORDER BY v.position, v.id LIMIT 1",
        ec_args(ec_text(names[0]), ec_text(names[1]), ec_text(names[2]), ec_text(names[3])), id);
    if (status == EC_NOT_FOUND) {
        const ec_line_promise *promise = ec_line_promise_find(lookup->promises, ref->table, names);
        ec_forgive(session);
        if (promise) {
            lookup->promise = promise;
            *id = EC_LINE_PROMISED;
            return EC_OK;
        }
        return ec_fail_field(session, EC_INVALID, ref->field, "unknown",
                             "%.100s has no variant of these options.", slug);
    }
    return status;
}

/* Numbers in the order of the kind's refs. given: fields that the line names something for. */
static ec_status read_refs(ec_session *session, const ec_line_kind *kind, const ec_json *line,
                           line_object *object, ec_id ids[EC_LINE_REFS_MAX], ec_mask *given)
{
    ec_line_lookup *lookup = &object->lookup;
    const ec_json *refs = ec_json_member(line, "refs");
    ec_status status = EC_OK;
    for (size_t i = 0; kind->refs && i < EC_LINE_REFS_MAX && kind->refs[i].field; i++) {
        const ec_line_ref *ref = &kind->refs[i];
        const ec_json *name =
            refs && refs->type == EC_JSON_OBJECT ? ec_json_member(refs, ref->field) : NULL;
        bool text = name && name->type == EC_JSON_TEXT;
        bool options = name && name->type == EC_JSON_OBJECT && ref->by_options;
        if (status == EC_OK && text) {
            status = ec_line_refer(session, ref, name->text, lookup, &ids[i]);
        } else if (status == EC_OK && options) {
            status = refer_by_options(session, ref, name, lookup, &ids[i]);
        } else if (status == EC_OK && !kind->key) {
            status =
                ec_fail_field(session, EC_INVALID, ref->field, "required",
                              "The line does not say in \"refs\" which %s it is of.", ref->entity);
        }
        if (ids[i] == EC_LINE_PROMISED && kind->link && strcmp(kind->link, ref->field) == 0) {
            object->currency = ec_arena_strdup(ec_scratch(session), lookup->promise->currency);
        }
        if (text || options) {
            *given |= ec_field_bit(kind->entity, ec_field_find(kind->entity, ref->field));
        }
    }
    return status;
}

/* Numbers of another shop go, those of this one come. */
static ec_status settle(ec_session *session, const ec_line_kind *kind, const ec_id *ids,
                        ec_mask named, line_object *line)
{
    const ec_entity *entity = kind->entity;
    void *object = line->object;
    static const char *const own[] = {"id", "version"};
    for (size_t i = 0; i < 2; i++) {
        const ec_field *field = ec_field_find(entity, own[i]);
        if (field) {
            ec_field_set_int(field, object, 0);
        }
    }
    ec_status status = EC_OK;
    for (size_t i = 0; kind->refs && i < EC_LINE_REFS_MAX && kind->refs[i].field; i++) {
        const ec_field *field = ec_field_find(entity, kind->refs[i].field);
        if ((named & ec_field_bit(entity, field)) != 0) {
            ec_field_set_int(field, object, ids[i]);
        } else if (status == EC_OK) {
            status = ec_line_unnamed(session, field->name, ec_field_get_int(field, object));
        }
    }
    return status == EC_OK && kind->form->settle
               ? kind->form->settle(session, object, &line->lookup)
               : status;
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

/* A flag that somebody else is to be given: nothing to do here. */
static bool is_left_on(const ec_line_kind *kind, const ec_field *field, const void *object)
{
    return kind->given_on && strcmp(kind->given_on, field->name) == 0 &&
           ec_field_get_int(field, object) == 0;
}

/* What of a field can be compared, NULL: nothing. */
static const ec_field *comparable(const ec_line_kind *kind, const ec_entity *input,
                                  const ec_field *field)
{
    if (kind->carried &&
        (ec_mask_of(kind->entity->name, kind->carried) & ec_field_bit(kind->entity, field)) != 0) {
        return field;
    }
    return is_of_variants(kind->entity, field) ? NULL : ec_field_find(input, field->name);
}

static ec_status find_changes(ec_session *session, const ec_line_kind *kind, const void *stored,
                              const void *object, const char *currency, ec_mask given,
                              ec_mask *changed)
{
    const ec_entity *entity = kind->entity;
    const ec_entity *input = ec_line_view(ec_scratch(session), entity, EC_LINE_INPUT);
    ec_status status = input ? EC_OK : ec_fail_memory(session);
    currency = ec_entity_currency(entity, stored, currency);
    *changed = 0;
    for (size_t i = 0; status == EC_OK && i < entity->count; i++) {
        const ec_field *field = &entity->fields[i];
        ec_mask bit = ec_field_bit(entity, field);
        const ec_field *part = (given & bit) != 0 ? comparable(kind, input, field) : NULL;
        ec_entity one = *input;
        bool equal = true;
        if (!part || is_left_on(kind, field, object)) {
            continue;
        }
        one.fields = part;
        one.count = 1;
        status = same(session, &one, stored, object, currency, &equal);
        if (status == EC_OK && !equal && (field->flags & EC_FIELD_IMMUTABLE) != 0) {
            status = ec_fail_field(session, EC_INVALID, field->name, "immutable",
                                   "It is fixed once the %s is there.", entity->name);
        }
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

/* Is all there that makes an object? */
static ec_status check_needed(ec_session *session, const ec_line_kind *kind, ec_mask given)
{
    ec_mask needed = kind->needed ? ec_mask_of(kind->entity->name, kind->needed) : 0;
    if ((needed & ~given) == 0) {
        return EC_OK;
    }
    return ec_fail_field(session, EC_INVALID, kind->needed, "required", "Without it no %s is made.",
                         kind->entity->name);
}

static ec_status change(ec_session *session, const ec_line_kind *kind, const line_object *line,
                        const void *stored, void **made, ec_line_outcome *out)
{
    ec_mask changed = 0;
    ec_status status =
        find_changes(session, kind, stored, line->object, line->currency, line->given, &changed);
    if (status != EC_OK || changed == 0) {
        out->counts.objects_unchanged += status == EC_OK;
        return status;
    }
    out->action = "update";
    out->fields = changed_names(ec_scratch(session), kind->entity, changed);
    out->counts.objects_updated++;
    return line->lookup.promise ? EC_OK
                                : kind->form->update(session, stored, line->object, changed, made);
}

/* Products have figures of their own. */
static ec_status count_product(ec_session *session, const void *stored, const void *object,
                               ec_import_counts *counts)
{
    counts->products_created = counts->objects_created;
    counts->products_updated = counts->objects_updated;
    counts->products_unchanged = counts->objects_unchanged;
    return count_variants(session, stored, object, counts);
}

/* What can be said of an object whose references are not there yet. */
static ec_status check_promised(ec_session *session, const ec_line_kind *kind, const void *object)
{
    void *copy = ec_arena_alloc(ec_scratch(session), kind->entity->size);
    if (!copy) {
        return ec_fail_memory(session);
    }
    memcpy(copy, object, kind->entity->size);
    for (size_t i = 0; i < kind->entity->count; i++) {
        const ec_field *field = &kind->entity->fields[i];
        if (field->type == EC_FIELD_REF && ec_field_get_int(field, copy) == EC_LINE_PROMISED) {
            ec_field_set_int(field, copy, 1); /* any number will do */
        }
    }
    return ec_input(session, kind->entity, copy, EC_MASK_ALL, true);
}

/* Later batches of a dry run may refer to it. */
static ec_status promise(ec_session *session, const ec_line_kind *kind, const void *object,
                         ec_line_promises *promises)
{
    if (!kind->key) {
        return EC_OK;
    }
    const char *const names[EC_LINE_NAMES] = {
        ec_field_get_text(ec_field_find(kind->entity, kind->key), object)};
    const char *currency = ec_entity_currency(kind->entity, object, NULL);
    ec_status status = ec_line_promise_add(promises, kind->entity->table, names, currency);
    const ec_product *product = kind->entity == &ec_product_entity ? object : NULL;
    for (size_t i = 0; product && status == EC_OK && i < product->variants_count; i++) {
        const ec_variant *variant = &product->variants[i];
        const char *const sku[EC_LINE_NAMES] = {variant->sku};
        const char *const options[EC_LINE_NAMES] = {product->slug, variant->option1,
                                                    variant->option2, variant->option3};
        status = ec_line_promise_add(promises, ec_variant_entity.table, options, NULL);
        if (status == EC_OK && variant->sku) {
            status = ec_line_promise_add(promises, ec_variant_entity.table, sku, NULL);
        }
    }
    return status == EC_OK ? EC_OK : ec_fail_memory(session);
}

static ec_status upsert(ec_session *session, const ec_line_kind *kind, line_object *line,
                        ec_line_outcome *out)
{
    void *stored = NULL, *made = NULL;
    bool promised = line->lookup.promise != NULL; /* a real run would go on here */
    ec_status status =
        promised && !kind->key ? EC_NOT_FOUND : kind->form->find(session, line->object, &stored);
    if (status == EC_NOT_FOUND) {
        ec_forgive(session);
        status = check_needed(session, kind, line->given);
        if (status == EC_OK && promised) {
            status = check_promised(session, kind, line->object);
        } else if (status == EC_OK) {
            status = kind->form->create(session, line->object, &made);
        }
        out->action = "create";
        out->counts.objects_created++;
    } else if (status == EC_OK) {
        if (line->manner->keep_stock && kind->carried) {
            line->given &= ~ec_mask_of(kind->entity->name, kind->carried);
        }
        status = change(session, kind, line, stored, &made, out);
    }
    if (status == EC_OK && kind->entity == &ec_product_entity) {
        status = count_product(session, stored, line->object, &out->counts);
    }
    if (status == EC_OK && line->manner->promises && out->action) {
        status = promise(session, kind, line->object, line->manner->promises);
    }
    ec_free(stored);
    ec_free(made);
    return status;
}

static ec_status read_object(ec_session *session, const ec_line_kind *kind, const ec_json *data,
                             line_object *line)
{
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    line->object = ec_arena_alloc(ec_scratch(session), kind->entity->size);
    if (!line->object) {
        return ec_fail_memory(session);
    }
    ec_entity_defaults(kind->entity, line->object);
    ec_status status = ec_entity_read_json(ec_scratch(session), kind->entity, data, line->currency,
                                           true, line->object, &line->given, &check);
    return status == EC_OK ? EC_OK : ec_fail_check(session, &check);
}

/* Amounts are in the currency of what the object belongs to. */
static ec_status read_currency(ec_session *session, const ec_line_kind *kind, const ec_id *ids,
                               line_object *line)
{
    ec_stmt *stmt = NULL;
    for (size_t i = 0; kind->owner && i < EC_LINE_REFS_MAX && kind->refs[i].field; i++) {
        if (strcmp(kind->refs[i].field, kind->link) != 0 || ids[i] == EC_LINE_PROMISED) {
            continue;
        }
        const char *sql = ec_arena_printf(ec_scratch(session),
                                          "SELECT currency FROM %s WHERE id = ?", kind->owner);
        ec_status status =
            sql ? ec_query(session, sql, ec_args(ec_int(ids[i])), &stmt) : ec_fail_memory(session);
        status = status == EC_OK ? ec_row(session, stmt) : status;
        if (status == EC_OK) {
            line->currency = ec_col_text(session, stmt, 0);
            ec_done(session, stmt);
        }
        return status;
    }
    return EC_OK;
}

/* What people call the object: its key, or what it is of. */
static const char *name_of(ec_session *session, const ec_line_kind *kind, const ec_json *line,
                           const void *object)
{
    if (kind->key) {
        return ec_field_get_text(ec_field_find(kind->entity, kind->key), object);
    }
    const ec_json *refs = ec_json_member(line, "refs");
    const char *name = "";
    for (size_t i = 0; i < EC_LINE_REFS_MAX && kind->refs[i].field; i++) {
        const ec_json *ref = ec_json_member(refs, kind->refs[i].field);
        const char *text = ref->type == EC_JSON_TEXT ? ref->text : option_of(ref, "product");
        name = name ? ec_arena_printf(ec_scratch(session), "%s%s%s", name, i > 0 ? " " : "", text)
                    : NULL;
    }
    return name;
}

static ec_status take(ec_session *session, const ec_line_kind *kind, const ec_json *json,
                      line_object *line, ec_line_outcome *out)
{
    ec_id ids[EC_LINE_REFS_MAX] = {0};
    ec_mask named = 0;
    ec_status status = read_refs(session, kind, json, line, ids, &named);
    if (status == EC_OK) {
        status = read_currency(session, kind, ids, line);
    }
    if (status == EC_OK) {
        status = read_object(session, kind, ec_json_member(json, "data"), line);
    }
    if (status != EC_OK) {
        return status;
    }
    line->given |= named;
    out->key = name_of(session, kind, json, line->object);
    if (!out->key) {
        return ec_fail_field(session, EC_INVALID, kind->key, "required",
                             "Objects are recognised by it.");
    }
    status = settle(session, kind, ids, named, line);
    return status == EC_OK ? upsert(session, kind, line, out) : status;
}

ec_status ec_line_upsert(ec_session *session, const ec_json *line, const ec_line_manner *manner,
                         ec_line_outcome *out)
{
    const ec_json *name = ec_json_member(line, "entity");
    const ec_json *data = ec_json_member(line, "data");
    if (line->type != EC_JSON_OBJECT || !name || name->type != EC_JSON_TEXT || !data ||
        data->type != EC_JSON_OBJECT) {
        return ec_fail_field(session, EC_INVALID, "entity", "required",
                             "A line is an object with \"entity\" and \"data\".");
    }
    const ec_line_kind *kind = ec_line_kind_find(name->text);
    if (!kind) {
        return ec_fail_field(session, EC_INVALID, "entity", "entity",
                             "There is no entity called %.100s.", name->text);
    }
    if (!kind->form) {
        return ec_fail_field(session, EC_INVALID, "entity", "entity",
                             "Lines of %s are not taken in: %s.", name->text, kind->refused);
    }
    line_object object = {
        .currency = manner->currency, .manner = manner, .lookup = {.promises = manner->promises}};
    return take(session, kind, line, &object, out);
}
