/* SPDX-License-Identifier: MIT */
/*
 * store.c - promotions, written and removed.
 *
 * The texts are compiled before anything is stored, so that what carts load is always good. Every
 * write counts as a change of the rules. It refuses texts that are no rules, channels and gifts
 * that are not there, and to remove a promotion that an order used.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "price/rules.h"
#include "promotion/stored.h"

static ec_mask bit_of(const char *name)
{
    return ec_field_bit(&ec_promotion_entity, ec_field_find(&ec_promotion_entity, name));
}

static ec_mask list_bits(void)
{
    return bit_of("channels") | bit_of("tags") | bit_of("combines_with");
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* The first of the texts that no row of the table has in that column; NULL: all are there. */
static ec_status find_missing(ec_session *session, const char *sql, const char *const *texts,
                              size_t count, size_t *missing)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    bool *found = ec_arena_array(ec_scratch(session), count + 1, sizeof(*found));
    if (found == NULL) return ec_fail_memory(session);
    *missing = count;
    if (count == 0) return EC_OK;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, sql);
    ec_statement_texts(&s, texts, count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        const char *text = ec_col_text(session, stmt, 0);
        for (size_t i = 0; text != NULL && i < count; i++)
            if (strcmp(texts[i], text) == 0) found[i] = true;
    }
    if (status != EC_DONE) return status;
    for (size_t i = count; i > 0; i--)
        if (!found[i - 1]) *missing = i - 1;
    return EC_OK;
}

static ec_status check_texts(ec_session *session, const ec_promotion *promotion)
{
    ec_promotion_rule rule;
    ec_rule_fault fault = {0};
    const char *field = NULL;
    const char *const *skus = NULL;
    unsigned needs = 0;
    size_t count = 0, missing = 0;
    ec_arena *arena = ec_scratch(session);
    ec_status status = ec_promotion_compile(arena, promotion, &needs, &rule, &field, &fault);
    if (status == EC_INVALID)
        return ec_fail_field(session, EC_INVALID, field, fault.rule, "At byte %zu: %s.", fault.at,
                             fault.message);
    if (status == EC_OK) status = ec_promotion_gifts(arena, &rule, &skus, &count);
    if (status != EC_OK) return ec_fail_memory(session);
    status = find_missing(session, "SELECT sku FROM product_variants WHERE sku IN ", skus, count,
                          &missing);
    if (status == EC_OK && missing < count)
        return ec_fail_field(session, EC_INVALID, "actions", "unknown",
                             "No variant has the SKU %.64s.", skus[missing]);
    return status;
}

/* No text comes twice. */
static void check_unique(ec_session *session, ec_check *check, const char *field,
                         const char *const *texts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(texts[i], texts[j]) == 0) {
                ec_check_add(check, ec_arena_printf(ec_scratch(session), "%s[%zu]", field, i),
                             "unique", "It is there twice.");
                break;
            }
}

static ec_status check_promotion(ec_session *session, const ec_promotion *promotion)
{
    ec_check check;
    size_t missing = 0;
    ec_status status = check_texts(session, promotion);
    if (status != EC_OK) return status;
    ec_check_init(&check, ec_scratch(session));
    check_unique(session, &check, "channels", promotion->channels, promotion->channels_count);
    check_unique(session, &check, "tags", promotion->tags, promotion->tags_count);
    check_unique(session, &check, "combines_with", promotion->combines_with,
                 promotion->combines_with_count);
    status = find_missing(session, "SELECT code FROM channels WHERE code IN ", promotion->channels,
                          promotion->channels_count, &missing);
    if (status == EC_OK && missing < promotion->channels_count)
        ec_check_add(&check, ec_arena_printf(ec_scratch(session), "channels[%zu]", missing),
                     "unknown", "There is no channel %.64s.", promotion->channels[missing]);
    return status == EC_OK ? ec_fail_check(session, &check) : status;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void put_tags(ec_statement *s, ec_id id, const char *kind, const char *const *tags,
                     size_t count, bool *first)
{
    for (size_t i = 0; i < count; i++) {
        ec_statement_put(s, *first ? "(?, ?, ?)" : ", (?, ?, ?)");
        ec_statement_value(s, ec_int(id));
        ec_statement_value(s, ec_text(kind));
        ec_statement_value(s, ec_text(tags[i]));
        *first = false;
    }
}

static ec_status write_tags(ec_session *session, const ec_promotion *promotion)
{
    ec_statement s;
    bool first = true;
    if (promotion->tags_count + promotion->combines_with_count == 0) return EC_OK;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "INSERT INTO promotion_tags (promotion_id, kind, tag) VALUES ");
    put_tags(&s, promotion->id, "own", promotion->tags, promotion->tags_count, &first);
    put_tags(&s, promotion->id, "with", promotion->combines_with, promotion->combines_with_count,
             &first);
    return ec_statement_exec(&s, NULL);
}

static ec_status write_lists(ec_session *session, const ec_promotion *promotion)
{
    ec_statement s;
    ec_status status = write_tags(session, promotion);
    if (status != EC_OK || promotion->channels_count == 0) return status;
    ec_statement_begin(&s, session);
    ec_statement_with(&s,
                      "INSERT INTO promotion_channels (promotion_id, channel_id)"
                      " SELECT ?, c.id FROM channels c WHERE c.code IN ",
                      ec_int(promotion->id));
    ec_statement_texts(&s, promotion->channels, promotion->channels_count);
    return ec_statement_exec(&s, NULL);
}

static ec_status clear_lists(ec_session *session, ec_id id)
{
    ec_status status = ec_exec(session, "DELETE FROM promotion_tags WHERE promotion_id = ?",
                               ec_args(ec_int(id)), NULL);
    return status == EC_OK
               ? ec_exec(session, "DELETE FROM promotion_channels WHERE promotion_id = ?",
                         ec_args(ec_int(id)), NULL)
               : status;
}

/* Lists as they are read again. */
static ec_status read_again(ec_session *session, ec_promotion *promotion)
{
    return ec_promotion_lists(session, promotion, 1);
}

/* ---- create ---------------------------------------------------------------------------------- */

static void drop_empty_lists(ec_promotion *promotion)
{
    if (promotion->channels == NULL) promotion->channels_count = 0;
    if (promotion->tags == NULL) promotion->tags_count = 0;
    if (promotion->combines_with == NULL) promotion->combines_with_count = 0;
}

static ec_status create_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_begin(session, ctx, result);
    if (status != EC_OK) return status;
    ec_promotion *promotion = *result;
    drop_empty_lists(promotion);
    status = check_promotion(session, promotion);
    if (status == EC_OK) status = ec_entity_insert(session, &ec_promotion_entity, promotion);
    if (status == EC_OK) status = write_lists(session, promotion);
    if (status == EC_OK) status = ec_rules_changed(session);
    if (status == EC_OK) status = read_again(session, promotion);
    if (status != EC_OK) return status;
    return ec_catalog_tell(session, &ec_promotion_entity, promotion->id, "created", 0);
}

ec_status ec_promotion_create(ec_session *session, const ec_promotion *promotion,
                              ec_promotion **out)
{
    static const ec_op op = {.name = "promotion.create",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_promotion_entity,
                             .run = create_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {.entity = &ec_promotion_entity, .object = promotion};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- update ---------------------------------------------------------------------------------- */

static bool same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    size_t found = 0;
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++)
        for (size_t j = 0; j < b_count; j++)
            found += strcmp(a[i], b[j]) == 0 ? 1 : 0;
    return found == a_count;
}

/* Lists that the caller names, else the stored ones; and which of them really change. */
static ec_mask merge_lists(const ec_object_args *args, const ec_promotion *before,
                           ec_promotion *promotion)
{
    ec_promotion given = *(const ec_promotion *)args->object;
    drop_empty_lists(&given);
    const ec_promotion *channels = (args->fields & bit_of("channels")) != 0 ? &given : before;
    const ec_promotion *tags = (args->fields & bit_of("tags")) != 0 ? &given : before;
    const ec_promotion *with = (args->fields & bit_of("combines_with")) != 0 ? &given : before;
    promotion->channels = channels->channels;
    promotion->channels_count = channels->channels_count;
    promotion->tags = tags->tags;
    promotion->tags_count = tags->tags_count;
    promotion->combines_with = with->combines_with;
    promotion->combines_with_count = with->combines_with_count;
    ec_mask changed = 0;
    if (!same_texts(before->channels, before->channels_count, promotion->channels,
                    promotion->channels_count))
        changed |= bit_of("channels");
    if (!same_texts(before->tags, before->tags_count, promotion->tags, promotion->tags_count))
        changed |= bit_of("tags");
    if (!same_texts(before->combines_with, before->combines_with_count, promotion->combines_with,
                    promotion->combines_with_count))
        changed |= bit_of("combines_with");
    return changed;
}

static ec_status write_changes(ec_session *session, const ec_promotion *before,
                               ec_promotion *promotion, ec_mask fields)
{
    ec_status status =
        ec_entity_update(session, &ec_promotion_entity, promotion, fields & ~list_bits());
    if (status == EC_OK && (fields & list_bits()) != 0) {
        status = clear_lists(session, promotion->id);
        if (status == EC_OK) status = write_lists(session, promotion);
    }
    if (status == EC_OK && before->customer_limit == 0 && promotion->customer_limit > 0)
        status = ec_promotion_recount(session, promotion->id, 0, false);
    if (status == EC_OK) status = ec_rules_changed(session);
    if (status == EC_OK) status = read_again(session, promotion);
    if (status != EC_OK) return status;
    return ec_catalog_tell(session, &ec_promotion_entity, promotion->id, "updated", fields);
}

static ec_status update_run(ec_session *session, void *ctx, void **result)
{
    ec_mask fields = 0;
    ec_promotion before = {0};
    ec_promotion *promotion = ec_arena_alloc(ec_scratch(session), sizeof(*promotion));
    if (promotion == NULL) return ec_fail_memory(session);
    ec_status status = ec_object_merge(session, ctx, &before, promotion, &fields);
    if (status == EC_OK) status = ec_promotion_lists(session, &before, 1);
    *result = promotion;
    if (status != EC_OK) return status;
    promotion->used_count = before.used_count;
    promotion->used_amount = before.used_amount;
    fields |= merge_lists(ctx, &before, promotion);
    if (fields == 0) return EC_OK;
    status = check_promotion(session, promotion);
    return status == EC_OK ? write_changes(session, &before, promotion, fields) : status;
}

ec_status ec_promotion_update(ec_session *session, ec_id id, const ec_promotion *promotion,
                              ec_mask fields, ec_promotion **out)
{
    static const ec_op op = {.name = "promotion.update",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_promotion_entity,
                             .run = update_run,
                             .fingerprint = ec_object_fingerprint};
    ec_object_args args = {
        .entity = &ec_promotion_entity, .id = id, .object = promotion, .fields = fields};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- move ------------------------------------------------------------------------------------ */

typedef struct move_args {
    ec_id id;
    int64_t priority;
} move_args;

/* Where it goes among the others, whose highest is `highest` (-1: there are none). */
static int64_t place_of(int64_t priority, int64_t highest)
{
    if (priority >= 0) return priority;
    int64_t place = highest + 2 + priority; /* -1: above the highest */
    return place < 0 ? 0 : place;
}

static ec_status make_place(ec_session *session, const ec_promotion *promotion, int64_t asked,
                            int64_t *place)
{
    static const char others[] = " WHERE kind = ? AND id <> ? AND status <> 'archived'";
    ec_value kind = ec_text(ec_promotion_kind_names[promotion->kind]);
    int64_t highest = -1;
    const char *close = ec_arena_printf(ec_scratch(session),
                                        "UPDATE promotions SET priority = priority - 1,"
                                        " version = version + 1%s AND priority > ?",
                                        others);
    const char *look = ec_arena_printf(
        ec_scratch(session), "SELECT COALESCE(MAX(priority), -1) FROM promotions%s", others);
    const char *open = ec_arena_printf(ec_scratch(session),
                                       "UPDATE promotions SET priority = priority + 1,"
                                       " version = version + 1%s AND priority >= ?",
                                       others);
    if (close == NULL || look == NULL || open == NULL) return ec_fail_memory(session);
    ec_status status = ec_exec(
        session, close, ec_args(kind, ec_int(promotion->id), ec_int(promotion->priority)), NULL);
    if (status == EC_OK)
        status = ec_query_int(session, look, ec_args(kind, ec_int(promotion->id)), &highest);
    if (status != EC_OK) return status;
    *place = place_of(asked, highest);
    if (*place > EC_PROMOTION_PRIORITY_MAX || highest >= EC_PROMOTION_PRIORITY_MAX)
        return ec_fail_field(session, EC_INVALID, "priority", "max",
                             "There is no place above the highest priority.");
    return ec_exec(session, open, ec_args(kind, ec_int(promotion->id), ec_int(*place)), NULL);
}

static ec_status move_run(ec_session *session, void *ctx, void **result)
{
    const move_args *args = ctx;
    ec_promotion *promotion = ec_arena_alloc(ec_scratch(session), sizeof(*promotion));
    if (promotion == NULL) return ec_fail_memory(session);
    if (args->priority > EC_PROMOTION_PRIORITY_MAX || args->priority < -EC_PROMOTION_PRIORITY_MAX)
        return ec_fail_field(session, EC_INVALID, "priority", args->priority < 0 ? "min" : "max",
                             "A priority is at most %d, or a place from the top.",
                             EC_PROMOTION_PRIORITY_MAX);
    ec_status status = ec_entity_get(session, &ec_promotion_entity, args->id, promotion);
    if (status == EC_OK)
        status = make_place(session, promotion, args->priority, &promotion->priority);
    if (status == EC_OK)
        status = ec_entity_update(session, &ec_promotion_entity, promotion, bit_of("priority"));
    if (status == EC_OK) status = ec_rules_changed(session);
    if (status == EC_OK) status = read_again(session, promotion);
    *result = promotion;
    if (status != EC_OK) return status;
    return ec_catalog_tell(session, &ec_promotion_entity, args->id, "updated", bit_of("priority"));
}

static void move_fingerprint(const void *ctx, ec_json_writer *json)
{
    const move_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->id);
    ec_json_int(json, args->priority);
    ec_json_array_end(json);
}

ec_status ec_promotion_move(ec_session *session, ec_id id, int64_t priority, ec_promotion **out)
{
    static const ec_op op = {.name = "promotion.move",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_promotion_entity,
                             .run = move_run,
                             .fingerprint = move_fingerprint};
    move_args args = {id, priority};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- delete ---------------------------------------------------------------------------------- */

static ec_status delete_run(ec_session *session, void *ctx, void **result)
{
    ec_status status = ec_catalog_delete(session, ctx, result);
    return status == EC_OK ? ec_rules_changed(session) : status;
}

ec_status ec_promotion_delete(ec_session *session, ec_id id, int64_t version)
{
    static const ec_op op = {.name = "promotion.delete",
                             .permission = "promotion.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = delete_run,
                             .fingerprint = ec_catalog_delete_fingerprint};
    ec_delete_args args = {.entity = &ec_promotion_entity,
                           .id = id,
                           .version = version,
                           .in_use = "An order used the promotion; archive it instead."};
    return ec_call(session, &op, &args, NULL);
}
