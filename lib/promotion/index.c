/* SPDX-License-Identifier: MIT */
/*
 * index.c - which of many promotions may apply to a cart, without looking at all of them.
 *
 * A promotion that can only apply when certain goods, customers or codes are there is filed under
 * them; the others are always looked at. What a cart has is looked up, so the cost follows the cart
 * and the promotions that match, not those that are defined. It refuses to decide: a candidate may
 * still not apply, but one that is no candidate cannot.
 */
#include <stdlib.h>
#include <string.h>

#include "promotion/inside.h"

static const char *const subjects[] = {"product",         "variant",    "sku", "brand", "category",
                                       "category_direct", "collection", "tag", "group", "user",
                                       "channel",         NULL};
#define COUPON "coupon"

/* A promotion filed under a value of a subject. */
typedef struct entry {
    const char *subject; /* of the list above, or COUPON: compared by address */
    int64_t number;
    const char *text; /* or NULL: the number */
    size_t promotion; /* index of the book */
    size_t next;      /* of the same bucket, from 1; 0: none */
} entry;

typedef struct promotion_index {
    size_t buckets_count; /* a power of two; 0: no index */
    size_t *buckets;      /* from 1; 0: empty */
    size_t entries_count, entries_capacity;
    entry *entries;
    size_t always_count;
    size_t *always;  /* promotions that are filed under nothing */
    size_t kinds[2]; /* how many are there of the cart, of the catalogue */
} promotion_index;

/* ---- values ---- */

static const char *subject_of(const char *name)
{
    for (size_t i = 0; subjects[i] != NULL; i++)
        if (strcmp(subjects[i], name) == 0) return subjects[i];
    return COUPON;
}

static uint64_t mix(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t hash_of(const char *subject, int64_t number, const char *text)
{
    uint64_t hash = mix(UINT64_C(14695981039346656037), subject);
    if (text != NULL) return mix(hash, text);
    hash = (hash ^ (uint64_t)number) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

/* ---- filing ---- */

typedef struct filing {
    ec_arena *arena;
    promotion_index *index;
    size_t promotion;
} filing;

static void file_under(filing *f, const char *subject, int64_t number, const char *text)
{
    promotion_index *index = f->index;
    if (index->entries_count == index->entries_capacity) {
        size_t wanted = index->entries_capacity == 0 ? 64 : 2 * index->entries_capacity;
        entry *more = ec_arena_array(f->arena, wanted, sizeof(*more));
        if (more == NULL) return;
        if (index->entries_count > 0)
            memcpy(more, index->entries, index->entries_count * sizeof(*more));
        index->entries = more;
        index->entries_capacity = wanted;
    }
    index->entries[index->entries_count++] = (entry){subject, number, text, f->promotion, 0};
}

static void file_key(void *ctx, const char *subject, const ec_rule_value *value)
{
    bool number = value->kind == EC_RULE_NUMBER && strcmp(subject, "sku") != 0 &&
                  strcmp(subject, "tag") != 0 && strcmp(subject, "group") != 0 &&
                  strcmp(subject, "channel") != 0;
    file_under(ctx, subject_of(subject), number ? value->number : 0, number ? NULL : value->text);
}

static void ignore_key(void *ctx, const char *subject, const ec_rule_value *value)
{
    (void)ctx;
    (void)subject;
    (void)value;
}

/* The filter without whose lines the action does nothing; false: it has none. */
static bool filter_of(const ec_rule_call *call, const ec_rule **filter)
{
    const ec_rule_arg *on = ec_rule_arg_of(call, "on", NULL);
    *filter = on == NULL ? NULL : on->lines;
    return *filter != NULL;
}

/* Every action needs lines of its filter, and every filter needs values. */
static bool file_actions(filing *f, const ec_promotion_rule *rule)
{
    const ec_rule *filter = NULL;
    for (size_t i = 0; i < rule->actions_count; i++)
        if (!filter_of(&rule->actions[i], &filter) ||
            !ec_rule_keys(filter, subjects, ignore_key, NULL))
            return false;
    for (size_t i = 0; i < rule->actions_count; i++)
        if (filter_of(&rule->actions[i], &filter))
            (void)ec_rule_keys(filter, subjects, file_key, f);
    return rule->actions_count > 0;
}

static ec_status make_buckets(ec_arena *arena, promotion_index *index)
{
    index->buckets_count = 16;
    while (index->buckets_count < 2 * index->entries_count)
        index->buckets_count *= 2;
    index->buckets = ec_arena_array(arena, index->buckets_count, sizeof(*index->buckets));
    if (index->buckets == NULL) return EC_NO_MEMORY;
    for (size_t i = index->entries_count; i > 0; i--) {
        entry *one = &index->entries[i - 1];
        size_t at = hash_of(one->subject, one->number, one->text) & (index->buckets_count - 1);
        one->next = index->buckets[at];
        index->buckets[at] = i;
    }
    return EC_OK;
}

/* ---- the book ---- */

static int by_order(const void *a, const void *b)
{
    const ec_promotion_rule *one = a, *two = b;
    if (one->lane != two->lane) return one->lane < two->lane ? -1 : 1;
    if (one->priority != two->priority) return one->priority > two->priority ? -1 : 1;
    return one->id < two->id ? -1 : one->id > two->id;
}

ec_status ec_promotion_book_make(ec_arena *arena, ec_promotion_rule *items, size_t count,
                                 ec_promotion_book *out)
{
    promotion_index *index = ec_arena_alloc(arena, sizeof(*index));
    if (index == NULL) return EC_NO_MEMORY;
    index->always = ec_arena_array(arena, count + 1, sizeof(*index->always));
    if (index->always == NULL) return EC_NO_MEMORY;
    if (count > 0) qsort(items, count, sizeof(*items), by_order);
    filing f = {arena, index, 0};
    for (size_t i = 0; i < count; i++) {
        f.promotion = i;
        index->kinds[items[i].catalog]++;
        if (items[i].coupon)
            file_under(&f, COUPON, items[i].id, NULL);
        else if (!ec_rule_keys(items[i].condition, subjects, file_key, &f) &&
                 !file_actions(&f, &items[i]))
            index->always[index->always_count++] = i;
    }
    *out = (ec_promotion_book){.count = count, .items = items, .index = index};
    return arena->failed ? EC_NO_MEMORY : make_buckets(arena, index);
}

/* ---- looking up ---- */

typedef struct lookup {
    const promotion_index *index;
    unsigned char *seen; /* a bit for each promotion of the book */
    size_t *found;
    size_t count, capacity;
    ec_arena *arena;
} lookup;

static void add_found(lookup *l, size_t promotion)
{
    unsigned char bit = (unsigned char)(1u << promotion % 8);
    if ((l->seen[promotion / 8] & bit) != 0) return;
    l->seen[promotion / 8] |= bit;
    if (l->count == l->capacity) {
        size_t wanted = l->capacity == 0 ? 64 : 2 * l->capacity;
        size_t *more = ec_arena_array(l->arena, wanted, sizeof(*more));
        if (more == NULL) return;
        if (l->count > 0) memcpy(more, l->found, l->count * sizeof(*more));
        l->found = more;
        l->capacity = wanted;
    }
    l->found[l->count++] = promotion;
}

static void look(lookup *l, size_t subject, int64_t number, const char *text)
{
    const char *name = subjects[subject] == NULL ? COUPON : subjects[subject];
    const promotion_index *index = l->index;
    size_t at = hash_of(name, number, text) & (index->buckets_count - 1);
    for (size_t i = index->buckets[at]; i != 0; i = index->entries[i - 1].next) {
        const entry *one = &index->entries[i - 1];
        if (one->subject != name || one->number != number || (one->text == NULL) != (text == NULL))
            continue;
        if (text == NULL || strcmp(one->text, text) == 0) add_found(l, one->promotion);
    }
}

const ec_promotion_rule *ec_promotion_with_code(const ec_promotion_book *book, ec_id id)
{
    const promotion_index *index = book->index;
    if (index == NULL) return NULL;
    size_t at = hash_of(COUPON, id, NULL) & (index->buckets_count - 1);
    for (size_t i = index->buckets[at]; i != 0; i = index->entries[i - 1].next) {
        const ec_promotion_rule *rule = &book->items[index->entries[i - 1].promotion];
        if (rule->coupon && !rule->catalog && rule->id == id) return rule;
    }
    return NULL;
}

/* Places of the subjects above. */
enum {
    PRODUCT,
    VARIANT,
    SKU,
    BRAND,
    CATEGORY,
    CATEGORY_DIRECT,
    COLLECTION,
    TAG,
    GROUP,
    USER,
    CHANNEL,
    CODES
};

static void look_line(lookup *l, const ec_pricing_line *line)
{
    look(l, PRODUCT, line->product_id, NULL);
    look(l, VARIANT, line->variant_id, NULL);
    if (line->sku != NULL) look(l, SKU, 0, line->sku);
    if (line->brand_id != 0) look(l, BRAND, line->brand_id, NULL);
    for (size_t i = 0; i < line->categories_count; i++)
        look(l, CATEGORY, line->categories[i], NULL);
    if (line->categories_count > 0) look(l, CATEGORY_DIRECT, line->categories[0], NULL);
    for (size_t i = 0; i < line->collections_count; i++)
        look(l, COLLECTION, line->collections[i], NULL);
    for (size_t i = 0; i < line->tags_count; i++)
        look(l, TAG, 0, line->tags[i]);
}

static void look_customer(lookup *l, const ec_pricing *in)
{
    for (size_t i = 0; i < in->customer.groups_count; i++)
        look(l, GROUP, 0, in->customer.group_codes[i]);
    if (in->customer.user_id != 0) look(l, USER, in->customer.user_id, NULL);
    if (in->channel != NULL) look(l, CHANNEL, 0, in->channel);
    for (size_t i = 0; i < in->coupons_count; i++)
        if (in->coupons[i].promotion_id != 0) look(l, CODES, in->coupons[i].promotion_id, NULL);
}

static int by_size(const void *a, const void *b)
{
    size_t one = *(const size_t *)a, two = *(const size_t *)b;
    return one < two ? -1 : one > two;
}

bool ec_promotion_is_here(const ec_promotion_rule *rule, const ec_pricing *in)
{
    bool here = rule->channels_count == 0;
    for (size_t i = 0; i < rule->channels_count; i++)
        here = here || rule->channels[i] == in->channel_id;
    return here;
}

bool ec_promotion_has_begun(const ec_promotion_rule *rule, ec_time now)
{
    return rule->starts_at == 0 || rule->starts_at <= now;
}

bool ec_promotion_is_over(const ec_promotion_rule *rule, ec_time now)
{
    return rule->ends_at != 0 && rule->ends_at <= now;
}

static ec_status find(const ec_promotion_book *book, const ec_pricing *in, ec_arena *arena,
                      lookup *l)
{
    *l = (lookup){.index = book->index, .arena = arena};
    l->seen = ec_arena_alloc(arena, book->count / 8 + 1);
    if (l->seen == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < l->index->always_count; i++)
        add_found(l, l->index->always[i]);
    if (l->index->entries_count > 0) {
        for (size_t i = 0; i < in->lines_count; i++)
            look_line(l, &in->lines[i]);
        look_customer(l, in);
    }
    if (arena->failed) return EC_NO_MEMORY;
    if (l->count > 1) qsort(l->found, l->count, sizeof(*l->found), by_size);
    return EC_OK;
}

ec_status ec_promotion_candidates(const ec_promotion_book *book, const ec_pricing *in, bool catalog,
                                  ec_arena *arena, const ec_promotion_rule ***out, size_t *count)
{
    lookup l;
    *count = 0;
    *out = NULL;
    const promotion_index *index = book->index;
    if (index == NULL || index->kinds[catalog] == 0) return EC_OK;
    ec_status status = find(book, in, arena, &l);
    if (status != EC_OK) return status;
    const ec_promotion_rule **list = ec_arena_array(arena, l.count + 1, sizeof(void *));
    if (list == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < l.count; i++) {
        const ec_promotion_rule *rule = &book->items[l.found[i]];
        if (rule->catalog == catalog && ec_promotion_is_here(rule, in)) list[(*count)++] = rule;
    }
    *out = list;
    return EC_OK;
}

ec_status ec_promotion_limited(const ec_promotion_book *book, const ec_pricing *in, ec_arena *arena,
                               const ec_id **ids, size_t *count)
{
    const ec_promotion_rule **list = NULL;
    size_t found = 0;
    ec_status status = ec_promotion_candidates(book, in, false, arena, &list, &found);
    *count = 0;
    *ids = NULL;
    if (status != EC_OK || found == 0) return status;
    ec_id *limited = ec_arena_array(arena, found, sizeof(*limited));
    if (limited == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < found; i++)
        if (list[i]->limited) limited[(*count)++] = list[i]->id;
    *ids = limited;
    return EC_OK;
}
