/* SPDX-License-Identifier: MIT */
/*
 * load.c - all promotions that take part, for the snapshot of the rules.
 *
 * Five statements, however many there are, and one more for each channel where something is given.
 * A promotion that gives something becomes one of each channel, since a gift is priced there. A
 * stored text that this library does not understand (a newer one wrote it) makes its promotion one
 * that never applies; it refuses to guess a discount.
 */
#include <string.h>

#include "catalog/inside.h"
#include "model/model.h"
#include "price/load.h"
#include "promotion/stored.h"

#define STEP 16 /* a list grows by so many */

/* What is loaded, in the order of numbers. */
typedef struct loading {
    ec_session *session;
    ec_arena *arena; /* of the snapshot */
    ec_promotion *stored;
    ec_promotion_rule *rules;
    size_t count;
    const ec_id *channels; /* all of the shop */
    const char **currencies;
    size_t channels_count;
} loading;

#define TAKES_PART                                                                                 \
    "t.status = 'active' AND (t.ends_at IS NULL OR t.ends_at > ? OR t.coupon_required = 1)"

/* ---- lists ----------------------------------------------------------------------------------- */

/* Room for one more text. */
static const char **grow_texts(loading *l, const char *const *texts, size_t count)
{
    if (count % STEP != 0) return (const char **)(uintptr_t)texts;
    const char **more = ec_arena_array(l->arena, count + STEP, sizeof(*more));
    if (more != NULL && count > 0) memcpy(more, texts, count * sizeof(*more));
    return more;
}

static bool add_text(loading *l, const char *const **texts, size_t *count, const char *text)
{
    const char **list = grow_texts(l, *texts, *count);
    const char *copy = ec_arena_strdup(l->arena, text);
    if (list == NULL || copy == NULL) return false;
    list[(*count)++] = copy;
    *texts = list;
    return true;
}

static bool add_channel(loading *l, ec_promotion_rule *rule, ec_id id)
{
    ec_id *list = (ec_id *)(uintptr_t)rule->channels;
    if (rule->channels_count % STEP == 0) {
        list = ec_arena_array(l->arena, rule->channels_count + STEP, sizeof(*list));
        if (list == NULL) return false;
        if (rule->channels_count > 0)
            memcpy(list, rule->channels, rule->channels_count * sizeof(*list));
        rule->channels = list;
    }
    list[rule->channels_count++] = id;
    return true;
}

/* Rows come in the order of the promotions: the one of that number, from *at on. */
static size_t seek(const ec_promotion *stored, size_t count, size_t at, ec_id id)
{
    while (at < count && stored[at].id < id)
        at++;
    return at;
}

static ec_status load_tags(loading *l)
{
    ec_stmt *stmt = NULL;
    size_t at = 0;
    ec_status status = ec_query(l->session,
                                "SELECT t.id, w.kind = 'own', w.tag FROM promotions t"
                                " JOIN promotion_tags w ON w.promotion_id = t.id"
                                " WHERE " TAKES_PART " ORDER BY t.id",
                                ec_args(ec_int(ec_now(l->session))), &stmt);
    while (status == EC_OK && (status = ec_row(l->session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        const char *tag = ec_col_text(l->session, stmt, 2);
        at = seek(l->stored, l->count, at, id);
        if (at == l->count || l->stored[at].id != id) continue;
        ec_promotion *promotion = &l->stored[at];
        bool added =
            tag != NULL &&
            (ec_col_int(stmt, 1) != 0
                 ? add_text(l, &promotion->tags, &promotion->tags_count, tag)
                 : add_text(l, &promotion->combines_with, &promotion->combines_with_count, tag));
        if (!added) return ec_fail_memory(l->session);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status load_channels(loading *l)
{
    ec_stmt *stmt = NULL;
    size_t at = 0;
    ec_status status = ec_query(l->session,
                                "SELECT t.id, c.channel_id FROM promotions t"
                                " JOIN promotion_channels c ON c.promotion_id = t.id"
                                " WHERE " TAKES_PART " ORDER BY t.id, c.channel_id",
                                ec_args(ec_int(ec_now(l->session))), &stmt);
    while (status == EC_OK && (status = ec_row(l->session, stmt)) == EC_OK) {
        ec_id id = ec_col_int(stmt, 0);
        at = seek(l->stored, l->count, at, id);
        if (at == l->count || l->stored[at].id != id) continue;
        if (!add_channel(l, &l->rules[at], ec_col_int(stmt, 1))) return ec_fail_memory(l->session);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- promotions ------------------------------------------------------------------------------ */

static ec_status load_stored(loading *l)
{
    void *found = NULL;
    ec_status status =
        ec_entity_select(l->session, &ec_promotion_entity, "WHERE " TAKES_PART " ORDER BY t.id",
                         ec_args(ec_int(ec_now(l->session))), &found, &l->count);
    l->stored = found;
    if (status != EC_OK) return status;
    l->rules = ec_arena_array(l->arena, l->count + 1, sizeof(*l->rules));
    return l->rules == NULL ? ec_fail_memory(l->session) : EC_OK;
}

/* Compile each into the snapshot's arena; those that cannot be are left out. */
static ec_status compile(loading *l, unsigned *needs)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        ec_rule_fault fault;
        const char *field = NULL;
        ec_promotion promotion = l->stored[i];
        promotion.name = ec_arena_strdup(l->arena, promotion.name);
        ec_status status =
            ec_promotion_compile(l->arena, &promotion, needs, &l->rules[kept], &field, &fault);
        if (status == EC_NO_MEMORY || promotion.name == NULL) return ec_fail_memory(l->session);
        if (status == EC_OK) l->stored[kept++] = l->stored[i];
    }
    l->count = kept;
    return EC_OK;
}

/* ---- gifts ----------------------------------------------------------------------------------- */

/* What all promotions give. */
typedef struct gift_list {
    const char **skus;
    ec_id *variants; /* 0: there is none */
    size_t count;
    size_t rules; /* that give something */
} gift_list;

static ec_status collect_gifts(loading *l, gift_list *gifts)
{
    const char *const *skus = NULL;
    size_t count = 0, total = 0;
    for (size_t i = 0; i < l->count; i++)
        total += l->rules[i].actions_count;
    gifts->skus = ec_arena_array(ec_scratch(l->session), total + 1, sizeof(*gifts->skus));
    gifts->variants = ec_arena_array(ec_scratch(l->session), total + 1, sizeof(*gifts->variants));
    if (gifts->skus == NULL || gifts->variants == NULL) return ec_fail_memory(l->session);
    for (size_t i = 0; i < l->count; i++) {
        if (ec_promotion_gifts(ec_scratch(l->session), &l->rules[i], &skus, &count) != EC_OK)
            return ec_fail_memory(l->session);
        gifts->rules += count > 0;
        for (size_t n = 0; n < count; n++)
            gifts->skus[gifts->count++] = skus[n];
    }
    return EC_OK;
}

static ec_status find_gifts(loading *l, gift_list *gifts)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, l->session);
    ec_statement_put(&s, "SELECT id, sku FROM product_variants WHERE sku IN ");
    ec_statement_texts(&s, gifts->skus, gifts->count);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(l->session, stmt)) == EC_OK) {
        const char *sku = ec_col_text(l->session, stmt, 1);
        for (size_t i = 0; sku != NULL && i < gifts->count; i++)
            if (strcmp(gifts->skus[i], sku) == 0) gifts->variants[i] = ec_col_int(stmt, 0);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status find_channels(loading *l)
{
    void *found = NULL;
    ec_status status = ec_entity_select(l->session, &ec_channel_entity, "ORDER BY t.id", ec_no_args,
                                        &found, &l->channels_count);
    if (status != EC_OK) return status;
    const ec_channel *channels = found;
    ec_id *ids = ec_arena_array(ec_scratch(l->session), l->channels_count + 1, sizeof(*ids));
    l->currencies =
        ec_arena_array(ec_scratch(l->session), l->channels_count + 1, sizeof(*l->currencies));
    if (ids == NULL || l->currencies == NULL) return ec_fail_memory(l->session);
    for (size_t i = 0; i < l->channels_count; i++) {
        ids[i] = channels[i].id;
        l->currencies[i] = channels[i].currency;
    }
    l->channels = ids;
    return EC_OK;
}

static const char *copy_text(loading *l, const char *text)
{
    return text == NULL ? NULL : ec_arena_strdup(l->arena, text);
}

/* The gifts as one channel sells them; those that it does not sell have no product. */
static ec_status price_gifts(loading *l, const gift_list *gifts, size_t channel,
                             ec_pricing_line **out)
{
    ec_pricing in = {.channel_id = l->channels[channel],
                     .currency = l->currencies[channel],
                     .now = ec_now(l->session)};
    ec_price_want *wants = ec_arena_array(ec_scratch(l->session), gifts->count, sizeof(*wants));
    ec_price_found *found = ec_arena_array(ec_scratch(l->session), gifts->count, sizeof(*found));
    ec_pricing_line *lines = ec_arena_array(l->arena, gifts->count, sizeof(*lines));
    if (wants == NULL || found == NULL || lines == NULL) return ec_fail_memory(l->session);
    for (size_t i = 0; i < gifts->count; i++)
        wants[i] = (ec_price_want){gifts->variants[i], 1, -1};
    ec_status status = ec_pricing_read_lines(l->session, &in, wants, gifts->count, lines, found);
    for (size_t i = 0; status == EC_OK && i < gifts->count; i++) {
        ec_pricing_line *line = &lines[i];
        if (found[i] != EC_PRICE_FOUND) line->product_id = 0;
        line->sku = copy_text(l, line->sku);
        line->name = copy_text(l, line->name);
        line->type = copy_text(l, line->type);
        line->tax_category = copy_text(l, line->tax_category);
        line->shipping_category = copy_text(l, line->shipping_category);
    }
    *out = lines;
    return status;
}

static bool applies_in(const ec_promotion_rule *rule, ec_id channel)
{
    for (size_t i = 0; i < rule->channels_count; i++)
        if (rule->channels[i] == channel) return true;
    return rule->channels_count == 0;
}

/* The rule for one channel, with what that channel sells of its gifts. */
static ec_status split(loading *l, ec_promotion_rule *rule, size_t channel,
                       const ec_pricing_line *lines, size_t count)
{
    ec_id *only = ec_arena_array(l->arena, 1, sizeof(*only));
    ec_pricing_line *gifts = ec_arena_array(l->arena, count + 1, sizeof(*gifts));
    if (only == NULL || gifts == NULL) return ec_fail_memory(l->session);
    *only = l->channels[channel];
    rule->channels = only;
    rule->channels_count = 1;
    rule->gifts_count = 0;
    for (size_t i = 0; i < count; i++)
        if (lines[i].product_id != 0) gifts[rule->gifts_count++] = lines[i];
    rule->gifts = gifts;
    return EC_OK;
}

/* Instead of each promotion that gives something one of each channel. */
static ec_status load_gifts(loading *l, const gift_list *gifts)
{
    size_t capacity = l->count + gifts->rules * l->channels_count, count = 0, at = 0;
    const char *const *skus = NULL;
    ec_promotion_rule *all = ec_arena_array(l->arena, capacity + 1, sizeof(*all));
    ec_pricing_line **lines =
        ec_arena_array(ec_scratch(l->session), l->channels_count + 1, sizeof(ec_pricing_line *));
    ec_status status = all == NULL || lines == NULL ? ec_fail_memory(l->session) : EC_OK;
    for (size_t c = 0; status == EC_OK && c < l->channels_count; c++)
        status = price_gifts(l, gifts, c, &lines[c]);
    for (size_t i = 0; status == EC_OK && i < l->count; i++) {
        size_t given = 0;
        if (ec_promotion_gifts(ec_scratch(l->session), &l->rules[i], &skus, &given) != EC_OK)
            return ec_fail_memory(l->session);
        if (given == 0) all[count++] = l->rules[i];
        for (size_t c = 0; status == EC_OK && given > 0 && c < l->channels_count; c++) {
            if (!applies_in(&l->rules[i], l->channels[c])) continue;
            all[count] = l->rules[i];
            status = split(l, &all[count++], c, lines[c] + at, given);
        }
        at += given;
    }
    l->rules = all;
    l->count = count;
    return status;
}

ec_status ec_promotion_book_load(ec_session *session, ec_arena *arena, unsigned *needs,
                                 ec_promotion_book *out)
{
    loading l = {.session = session, .arena = arena};
    gift_list gifts = {0};
    ec_status status = load_stored(&l);
    if (status == EC_OK) status = load_tags(&l);
    if (status == EC_OK) status = compile(&l, needs);
    if (status == EC_OK) status = load_channels(&l);
    if (status == EC_OK) status = collect_gifts(&l, &gifts);
    if (status == EC_OK && gifts.count > 0) {
        status = find_gifts(&l, &gifts);
        if (status == EC_OK) status = find_channels(&l);
        if (status == EC_OK) status = load_gifts(&l, &gifts);
    }
    if (status != EC_OK) return status;
    status = ec_promotion_book_make(arena, l.rules, l.count, out);
    return status == EC_NO_MEMORY ? ec_fail_memory(session) : status;
}
