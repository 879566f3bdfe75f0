/* SPDX-License-Identifier: MIT */
/*
 * price_prior.c - what variants cost before their present price, and at any moment, by the log.
 *
 * The log of each source (promotions of the catalogue, each list in its order, the catalogue) is
 * read once and laid over the others: at any moment the first source with a price has the say. A
 * list has it while it is valid, and since it last became active; what it did before that is not
 * remembered. The prices of a list for more units are sources of their own, before the others.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/inside.h"
#include "catalog/price_history.h"

#define DAY_MS INT64_C(86400000)
#define DAYS 30
#define NEVER INT64_MAX

enum {
    H_VARIANT,
    H_LIST,
    H_PROMOTION,
    H_AMOUNT,
    H_COMPARE,
    H_QUANTITY,
    H_FROM,
    H_ENDED,
    H_BEGIN,
    H_UNTIL,
    H_STATUS_UNTIL,
    H_CURRENCY,
    H_VISIBLE,
    H_PATH,
    H_EXCLUDED
};

/* A price from a moment on. */
typedef struct entry {
    ec_time from;
    int64_t amount; /* -1: none */
    int64_t compare;
} entry;

/* Somebody who says prices for so many units, from begin to end. */
typedef struct source {
    ec_time begin, end;
    int64_t quantity;
    bool promotion;
    size_t first, count; /* of the entries */
} source;

/* What is known of one variant. */
typedef struct story {
    ec_id variant;
    const char *currency, *path, *excluded;
    bool visible;
    source *sources;
    size_t sources_count, sources_room;
    entry *entries;
    size_t entries_count, entries_room;
} story;

/* ---- what the log says ---- */

static const char question[] =
    "SELECT h.variant_id, COALESCE(h.price_list_id, 0), h.channel_id IS NOT NULL, h.amount,"
    " h.compare_amount, h.min_quantity, h.valid_from, h.ended,"
    " CASE WHEN COALESCE(l.valid_from, 0) > COALESCE(l.active_from, 0) THEN l.valid_from"
    " ELSE COALESCE(l.active_from, 0) END, l.valid_until, l.active_until, c.currency,"
    " v.is_active = 1 AND d.status = 'active' AND (d.published_at IS NULL OR d.published_at <= ?)"
    " AND (d.unpublished_at IS NULL OR d.unpublished_at > ?), g.path,"
    " (SELECT s.value FROM settings s WHERE s.name = 'price.prior_excluded')"
    " FROM channels c CROSS JOIN price_history h"
    " JOIN product_variants v ON v.id = h.variant_id JOIN products d ON d.id = v.product_id"
    " LEFT JOIN categories g ON g.id = d.category_id"
    " LEFT JOIN price_lists l ON l.id = h.price_list_id"
    " LEFT JOIN price_list_channels a ON a.price_list_id = l.id AND a.channel_id = c.id"
    " WHERE c.id = ? AND h.valid_from <= ? AND h.currency = c.currency"
    " AND (h.channel_id IS NULL OR h.channel_id = c.id)"
    " AND (h.price_list_id IS NULL OR ((a.id IS NOT NULL OR l.id = c.price_list_id)"
    " AND l.active_from IS NOT NULL AND (l.group_id IS NULL OR EXISTS (SELECT 1"
    " FROM customer_group_users u WHERE u.user_id = ? AND u.group_id = l.group_id))))"
    " AND h.variant_id IN ";
static const char order[] =
    " ORDER BY h.variant_id, h.channel_id IS NULL, h.price_list_id IS NULL, a.id IS NULL,"
    " l.priority DESC, l.group_id IS NULL, l.id, h.min_quantity DESC, h.valid_from, h.id";

static void *grown(ec_session *session, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return items;
    }
    *room = *room == 0 ? 16 : *room * 2;
    void *bigger = ec_arena_array(ec_scratch(session), *room, size);
    if (bigger && count > 0) {
        memcpy(bigger, items, count * size);
    }
    return bigger;
}

static ec_time earlier(ec_time a, ec_time b)
{
    return a < b ? a : b;
}

static source source_of(ec_stmt *stmt, size_t first)
{
    source s = {.first = first,
                .end = NEVER,
                .quantity = ec_col_int(stmt, H_QUANTITY),
                .promotion = ec_col_int(stmt, H_PROMOTION) != 0};
    if (ec_col_int(stmt, H_LIST) != 0) {
        s.begin = ec_col_int(stmt, H_BEGIN);
        s.end = ec_col_null(stmt, H_UNTIL) ? NEVER : ec_col_int(stmt, H_UNTIL);
        s.end = ec_col_null(stmt, H_STATUS_UNTIL)
                    ? s.end
                    : earlier(s.end, ec_col_int(stmt, H_STATUS_UNTIL));
    }
    return s;
}

static ec_status take_row(ec_session *session, ec_stmt *stmt, story *t, bool another)
{
    if (another) {
        t->sources =
            grown(session, t->sources, t->sources_count, &t->sources_room, sizeof *t->sources);
        if (!t->sources) {
            return ec_fail_memory(session);
        }
        t->sources[t->sources_count++] = source_of(stmt, t->entries_count);
    }
    t->entries = grown(session, t->entries, t->entries_count, &t->entries_room, sizeof *t->entries);
    if (!t->entries) {
        return ec_fail_memory(session);
    }
    t->entries[t->entries_count++] =
        (entry){.from = ec_col_int(stmt, H_FROM),
                .amount = ec_col_int(stmt, H_ENDED) != 0 ? -1 : ec_col_int(stmt, H_AMOUNT),
                .compare = ec_col_int(stmt, H_COMPARE)};
    t->sources[t->sources_count - 1].count++;
    return EC_OK;
}

/* ---- what was paid ---- */

/* The price at a moment, for so many units; amount -1: none. at[i]: how many entries of a source
   have begun. */
static entry price_at(const story *t, size_t *at, ec_time moment, int64_t quantity, bool promotions)
{
    entry found = {.from = moment, .amount = -1};
    for (size_t i = 0; t->entries && i < t->sources_count; i++) {
        const source *s = &t->sources[i];
        while (at[i] < s->count && t->entries[s->first + at[i]].from <= moment) {
            at[i]++;
        }
        const entry *last = at[i] == 0 ? NULL : &t->entries[s->first + at[i] - 1];
        bool says = last && last->amount >= 0 && s->begin <= moment && moment < s->end;
        says = says && s->quantity <= quantity && (promotions || !s->promotion);
        if (says && found.amount < 0) {
            found.amount = last->amount;
            found.compare = last->compare;
        }
    }
    return found;
}

static int by_time(const void *a, const void *b)
{
    ec_time x = *(const ec_time *)a, y = *(const ec_time *)b;
    return (x > y) - (x < y);
}

/* The moments at which anything may have changed, up to now. */
static size_t moments(const story *t, ec_time now, ec_time *out)
{
    size_t count = 0;
    for (size_t i = 0; i < t->entries_count; i++) {
        out[count++] = t->entries[i].from;
    }
    for (size_t i = 0; i < t->sources_count; i++) {
        out[count++] = earlier(t->sources[i].begin, now);
        out[count++] = earlier(t->sources[i].end, now);
    }
    qsort(out, count, sizeof *out, by_time);
    return count;
}

/* Is the product in an excluded category or below one? path: "/1/7/", excluded: "7, 9". */
static bool is_excluded(const char *path, const char *excluded)
{
    for (const char *at = excluded; path && at && *at;) {
        char part[32] = "/";
        size_t length = strspn(at, "0123456789");
        if (length > 0 && length < sizeof part - 2) {
            memcpy(part + 1, at, length);
            part[length + 1] = '/';
            if (strstr(path, part)) {
                return true;
            }
        }
        at += length > 0 ? length : 1;
    }
    return false;
}

static int64_t lowest(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static ec_status tell(ec_session *session, const ec_prior_want *want, const story *t,
                      ec_prior_price *out)
{
    ec_time *times = ec_arena_array(ec_scratch(session),
                                    t->entries_count + 2 * t->sources_count + 1, sizeof *times);
    size_t *at = ec_arena_array(ec_scratch(session), t->sources_count + 1, sizeof *at);
    if (!times || !at) {
        return ec_fail_memory(session);
    }
    size_t count = moments(t, want->now, times), steps = 0;
    entry *line = ec_arena_array(ec_scratch(session), count + 1, sizeof *line);
    if (!line) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        entry next = price_at(t, at, times[i], 1, true);
        bool same = steps > 0 && line[steps - 1].amount == next.amount &&
                    line[steps - 1].compare == next.compare;
        if (steps > 0 && line[steps - 1].from == next.from) {
            line[steps - 1] = next;
        } else if (!same) {
            line[steps++] = next;
        }
    }
    if (steps == 0 || line[steps - 1].amount < 0) {
        return EC_OK;
    }
    const entry *present = &line[steps - 1];
    bool discounted = present->compare > present->amount;
    int64_t days = want->days == 0 ? DAYS : want->days;
    *out = (ec_prior_price){.variant_id = t->variant,
                            .amount = present->amount,
                            .compare_amount = present->compare,
                            .since = discounted || !want->reduced ? present->from : want->now,
                            .currency = t->currency,
                            .visible = t->visible};
    out->prior_from = out->since - days * DAY_MS;
    if ((!discounted && !want->reduced) || is_excluded(t->path, t->excluded)) {
        return EC_OK;
    }
    int64_t low = -1;
    for (size_t i = 0; i < steps && line[i].from < out->since; i++) {
        ec_time until = i + 1 < steps ? line[i + 1].from : want->now;
        low = until > out->prior_from ? lowest(low, line[i].amount) : low;
    }
    out->prior_amount = low < 0 ? 0 : low;
    return EC_OK;
}

/* ---- several variants ---- */

/* What so many units of it cost at the moment, without promotions. */
static ec_status tell_moment(ec_session *session, const ec_prior_want *want, const story *t,
                             int64_t quantity, ec_prior_price *out)
{
    size_t *at = ec_arena_array(ec_scratch(session), t->sources_count + 1, sizeof *at);
    if (!at) {
        return ec_fail_memory(session);
    }
    entry found = price_at(t, at, want->now, quantity, false);
    if (found.amount >= 0) {
        *out = (ec_prior_price){.variant_id = t->variant,
                                .amount = found.amount,
                                .compare_amount = found.compare,
                                .currency = t->currency,
                                .visible = t->visible};
    }
    return EC_OK;
}

static ec_status finish(ec_session *session, const ec_prior_want *want, const story *t,
                        const ec_id *ids, size_t count, ec_prior_price *out)
{
    ec_prior_price found = {0};
    if (want->quantities) {
        ec_status status = EC_OK;
        for (size_t i = 0; status == EC_OK && t->variant != 0 && i < count; i++) {
            if (ids[i] == t->variant) {
                status = tell_moment(session, want, t, want->quantities[i], &out[i]);
            }
        }
        return status;
    }
    ec_status status = t->variant == 0 ? EC_OK : tell(session, want, t, &found);
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == t->variant && t->variant != 0) {
            out[i] = found;
        }
    }
    return status;
}

static ec_status read_step(ec_session *session, const ec_prior_want *want, const ec_id *ids,
                           size_t count, ec_prior_price *out)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    story t = {0};
    ec_id list = -1;
    int64_t quantity = 0;
    bool promotion = false;
    ec_statement_begin(&s, session);
    ec_statement_put(&s, question);
    ec_statement_value(&s, ec_int(want->now));
    ec_statement_value(&s, ec_int(want->now));
    ec_statement_value(&s, ec_int(want->channel_id));
    ec_statement_value(&s, ec_int(want->now));
    ec_statement_value(&s, ec_ref(want->user_id));
    ec_statement_ids(&s, ids, count);
    ec_statement_put(&s, order);
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        bool another = ec_col_int(stmt, H_LIST) != list ||
                       ec_col_int(stmt, H_QUANTITY) != quantity ||
                       (ec_col_int(stmt, H_PROMOTION) != 0) != promotion;
        if (ec_col_int(stmt, H_VARIANT) != t.variant) {
            status = finish(session, want, &t, ids, count, out);
            t = (story){.variant = ec_col_int(stmt, H_VARIANT),
                        .currency = ec_col_text(session, stmt, H_CURRENCY),
                        .visible = ec_col_int(stmt, H_VISIBLE) != 0,
                        .path = ec_col_text(session, stmt, H_PATH),
                        .excluded = ec_col_text(session, stmt, H_EXCLUDED)};
            another = true;
        }
        list = ec_col_int(stmt, H_LIST);
        quantity = ec_col_int(stmt, H_QUANTITY);
        promotion = ec_col_int(stmt, H_PROMOTION) != 0;
        status = status == EC_OK ? take_row(session, stmt, &t, another) : status;
    }
    return status == EC_DONE ? finish(session, want, &t, ids, count, out) : status;
}

ec_status ec_price_priors(ec_session *session, const ec_prior_want *want, const ec_id *ids,
                          size_t count, ec_prior_price *out)
{
    ec_status status = EC_OK;
    if (count > 0) {
        memset(out, 0, count * sizeof *out);
    }
    for (size_t at = 0; status == EC_OK && at < count; at += EC_PRICE_STEP) {
        size_t step = count - at < EC_PRICE_STEP ? count - at : EC_PRICE_STEP;
        ec_prior_want part = *want;
        part.quantities = want->quantities ? want->quantities + at : NULL;
        status = read_step(session, &part, ids + at, step, out + at);
    }
    return status;
}

/* ---- public ---- */

typedef struct get_args {
    ec_id variant_id, channel_id;
} get_args;

/* What nobody ever logged, such as rows of a tool of the shop's own, has a price all the same. */
static ec_status read_present(ec_session *session, const ec_prior_want *want, ec_id variant_id,
                              const char *currency, ec_prior_price *out)
{
    ec_variant_price price;
    ec_status status =
        ec_price_of_lines(session, want->channel_id, want->user_id, &variant_id, NULL, 1, &price);
    if (status == EC_OK && price.sold) {
        *out = (ec_prior_price){.variant_id = variant_id,
                                .amount = price.amount,
                                .compare_amount = price.compare_amount,
                                .currency = currency,
                                .visible = price.visible};
    }
    return status;
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const get_args *args = ctx;
    ec_channel channel = {0};
    ec_prior_price found = {0};
    ec_price_prior *prior = ec_arena_alloc(ec_scratch(session), sizeof *prior);
    ec_id channel_id = args->channel_id == 0 ? ec_session_channel(session) : args->channel_id;
    ec_status status = prior ? ec_entity_get(session, &ec_channel_entity, channel_id, &channel)
                             : ec_fail_memory(session);
    bool staff = ec_session_is_staff(session);
    if (status == EC_OK && !channel.is_active && !staff) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such channel.");
    }
    ec_prior_want want = {.channel_id = channel_id,
                          .user_id = ec_session_user(session),
                          .now = ec_now(session),
                          .days = channel.policy ? channel.policy->prior_days : 0};
    if (status == EC_OK) {
        status = ec_price_priors(session, &want, &args->variant_id, 1, &found);
    }
    if (status == EC_OK && found.variant_id == 0) {
        status = read_present(session, &want, args->variant_id, channel.currency, &found);
    }
    if (status == EC_OK && (found.variant_id == 0 || (!found.visible && !staff))) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such variant in the channel.");
    }
    if (status != EC_OK) {
        return status;
    }
    bool hidden = channel.policy && channel.policy->hide_prior_price;
    *prior = (ec_price_prior){.variant_id = found.variant_id,
                              .channel_id = channel_id,
                              .amount = found.amount,
                              .compare_amount = found.compare_amount,
                              .prior_amount = hidden ? 0 : found.prior_amount,
                              .since = found.since,
                              .prior_from = found.prior_from,
                              .currency = found.currency};
    *result = prior;
    return EC_OK;
}

ec_status ec_price_prior_get(ec_session *session, ec_id variant_id, ec_id channel_id,
                             ec_price_prior **out)
{
    static const ec_op op = {.name = "price.prior",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_price_prior_entity,
                             .run = get_run};
    get_args args = {variant_id, channel_id};
    return ec_call(session, &op, &args, (void **)out);
}
