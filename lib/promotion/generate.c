/* SPDX-License-Identifier: MIT */
/*
 * generate.c - thousands of coupons with random codes at once.
 *
 * A code is a row of places, each with the characters that it may have; prefix, length and suffix
 * are such a row, too. Codes are drawn, those that were drawn or stored before are drawn again. It
 * refuses when more than half of the possible codes would be taken: then codes could be guessed,
 * and drawing would not come to an end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/inside.h"
#include "model/model.h"
#include "promotion/stored.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHJKMNPQRSTVWXYZ" /* without those that are taken for others */
#define DEFAULT_LENGTH 8
#define LOOK_UP 500 /* codes of one question */

/* What codes look like. A place with one character is always that. */
typedef struct code_form {
    const char *places[EC_COUPON_CODE_MAX];
    size_t count;
    int64_t possible; /* codes; INT64_MAX: that or more */
} code_form;

typedef struct draw {
    ec_session *session;
    const code_form *form;
    char **codes;
    size_t count, wanted;
    size_t *table; /* of codes by their hash, from 1; 0: empty */
    size_t mask;
    uint8_t random[1024];
    size_t used; /* bytes of random */
} draw;

/* ---- the form -------------------------------------------------------------------------------- */

static bool is_code_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
}

static bool add_place(code_form *form, const char *characters)
{
    if (form->count == EC_COUPON_CODE_MAX) return false;
    form->places[form->count++] = characters;
    return true;
}

/* Each character of a text as itself. */
static bool add_text(ec_session *session, code_form *form, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        const char *one = ec_arena_text(ec_scratch(session), text, 1);
        if (one == NULL || !add_place(form, one)) return false;
    }
    return true;
}

static void check_word(ec_check *check, const char *field, const char *text)
{
    if (text != NULL && strlen(text) > EC_COUPON_CODE_MAX) {
        ec_check_add(check, field, "max_length", "A code has at most %d characters.",
                     EC_COUPON_CODE_MAX);
        return;
    }
    for (const char *at = text; at != NULL && *at != '\0'; at++)
        if (!is_code_char(*at)) {
            ec_check_add(check, field, "word",
                         "Letters, digits, hyphens and underscores are allowed.");
            return;
        }
}

/* At least two characters, none twice whatever its letter case. */
static void check_alphabet(ec_check *check, const char *alphabet)
{
    bool seen[128] = {false};
    check_word(check, "alphabet", alphabet);
    if (alphabet == NULL || check->count > 0) return;
    if (strlen(alphabet) < 2)
        ec_check_add(check, "alphabet", "min_length", "Codes need two characters at least.");
    for (const char *at = alphabet; *at != '\0'; at++) {
        size_t c = (size_t)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        if (seen[c])
            ec_check_add(check, "alphabet", "unique",
                         "A character is there twice, or in both cases.");
        seen[c] = true;
    }
}

static bool form_of_pattern(ec_session *session, const char *pattern, code_form *form)
{
    for (; *pattern != '\0'; pattern++) {
        char one[2] = {*pattern, '\0'};
        bool added = *pattern == '#'   ? add_place(form, DIGITS)
                     : *pattern == '?' ? add_place(form, LETTERS)
                     : *pattern == '*' ? add_place(form, DIGITS LETTERS)
                                       : add_text(session, form, one);
        if (!added) return false;
    }
    return true;
}

static void check_pattern(ec_check *check, const ec_coupon_request *request)
{
    for (const char *at = request->pattern; *at != '\0'; at++)
        if (!is_code_char(*at) && strchr("#?*", *at) == NULL) {
            ec_check_add(check, "pattern", "word",
                         "A pattern is of letters, digits, \"-\", \"_\", \"#\", \"?\" and \"*\".");
            return;
        }
    if (strpbrk(request->pattern, "#?*") == NULL)
        ec_check_add(check, "pattern", "word", "A pattern has a place for a random character.");
    if (request->length != 0 || request->prefix != NULL || request->suffix != NULL ||
        request->alphabet != NULL)
        ec_check_add(check, "pattern", "exclusive",
                     "A pattern stands instead of length, prefix, suffix and alphabet.");
}

static bool form_of_parts(ec_session *session, const ec_coupon_request *request, code_form *form)
{
    const char *alphabet = request->alphabet == NULL ? DIGITS "ABCDEF" : request->alphabet;
    int64_t length = request->length == 0 ? DEFAULT_LENGTH : request->length;
    if (!add_text(session, form, request->prefix)) return false;
    for (int64_t i = 0; i < length; i++)
        if (!add_place(form, alphabet)) return false;
    return add_text(session, form, request->suffix);
}

static ec_status make_form(ec_session *session, const ec_coupon_request *request, ec_check *check,
                           code_form *form)
{
    *form = (code_form){.possible = 1};
    const char *field = request->pattern != NULL ? "pattern" : "length";
    if (request->pattern != NULL) check_pattern(check, request);
    check_word(check, "prefix", request->prefix);
    check_word(check, "suffix", request->suffix);
    check_alphabet(check, request->alphabet);
    if (request->length < 0 || request->length > EC_COUPON_LENGTH_MAX)
        ec_check_add(check, "length", request->length < 0 ? "min" : "max",
                     "1 to %d random characters are possible.", EC_COUPON_LENGTH_MAX);
    if (check->count > 0) return EC_OK;
    bool fits = request->pattern != NULL ? form_of_pattern(session, request->pattern, form)
                                         : form_of_parts(session, request, form);
    if (ec_scratch(session)->failed) return ec_fail_memory(session);
    if (!fits)
        ec_check_add(check, field, "max_length", "A code has at most %d characters.",
                     EC_COUPON_CODE_MAX);
    for (size_t i = 0; i < form->count; i++)
        if (__builtin_mul_overflow(form->possible, (int64_t)strlen(form->places[i]),
                                   &form->possible))
            form->possible = INT64_MAX;
    return EC_OK;
}

/* ---- what is there already ------------------------------------------------------------------- */

/* How many stored codes look like that: a question about the range of codes with its beginning. */
static ec_status count_stored(ec_session *session, const code_form *form, int64_t *count)
{
    ec_arena *arena = ec_scratch(session);
    char *like = ec_arena_alloc(arena, 2 * form->count + 1);
    char *from = ec_arena_alloc(arena, form->count + 1);
    char *to = ec_arena_alloc(arena, form->count + 2);
    if (like == NULL || from == NULL || to == NULL) return ec_fail_memory(session);
    size_t length = 0, fixed = 0;
    for (size_t i = 0; i < form->count; i++) {
        bool one = form->places[i][1] == '\0';
        char c = form->places[i][0];
        if (one && c == '_') like[length++] = '\\';
        like[length++] = one ? c : '_';
        if (one && fixed == i) from[fixed++] = c;
    }
    ec_text_lower(from);
    memcpy(to, from, fixed);
    to[fixed] = '~'; /* above all that codes have */
    const char *sql = ec_arena_printf(
        arena,
        "SELECT COUNT(*) FROM coupons WHERE code_key >= ? AND code_key < ? AND code_key LIKE ?%s",
        ec_session_dialect(session)->like_escape);
    if (sql == NULL) return ec_fail_memory(session);
    return ec_query_int(session, sql, ec_args(ec_text(from), ec_text(to), ec_text(like)), count);
}

static ec_status check_room(ec_session *session, const ec_coupon_request *request,
                            const code_form *form)
{
    int64_t stored = 0;
    ec_status status = count_stored(session, form, &stored);
    if (status != EC_OK) return status;
    if (request->amount <= form->possible / 2 - stored) return EC_OK;
    return ec_fail_field(session, EC_INVALID, "amount", "max",
                         "Of %lld possible codes %lld are taken; at most half may be.",
                         (long long)form->possible, (long long)stored);
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* A number below `below` (at most 64), each as likely. */
static size_t random_below(draw *d, size_t below)
{
    size_t limit = 256 - 256 % below;
    for (;;) {
        if (d->used == sizeof(d->random)) {
            const ec_platform *platform = ec_session_platform(d->session);
            platform->random(platform->ctx, d->random, sizeof(d->random));
            d->used = 0;
        }
        size_t byte = d->random[d->used++];
        if (byte < limit) return byte % below;
    }
}

/* The slot of a code, whatever its letter case: empty, or that of an equal one. */
static size_t slot_of(const draw *d, const char *code)
{
    char key[EC_COUPON_CODE_MAX + 1];
    size_t length = strlen(code);
    memcpy(key, code, length + 1);
    ec_text_lower(key);
    size_t slot = (size_t)ec_fnv1a(key, length) & d->mask;
    while (d->table[slot] != 0 && !ec_text_equal_nocase(d->codes[d->table[slot] - 1], code))
        slot = (slot + 1) & d->mask;
    return slot;
}

/* As many new codes as are missing. */
static bool draw_missing(draw *d)
{
    char code[EC_COUPON_CODE_MAX + 1];
    while (d->count < d->wanted) {
        for (size_t i = 0; i < d->form->count; i++) {
            size_t choices = strlen(d->form->places[i]);
            code[i] = d->form->places[i][choices == 1 ? 0 : random_below(d, choices)];
        }
        code[d->form->count] = '\0';
        size_t slot = slot_of(d, code);
        if (d->table[slot] != 0) continue;
        d->codes[d->count] = ec_arena_text(ec_scratch(d->session), code, d->form->count);
        if (d->codes[d->count] == NULL) return false;
        d->table[slot] = ++d->count;
    }
    return true;
}

/* Which codes from `from` on are stored: they stay in the table, so that they are not drawn again,
   but lose their place in the list. */
static ec_status drop_stored(draw *d, size_t from, bool *taken)
{
    ec_status status = EC_OK;
    for (size_t at = from; status == EC_OK && at < d->count; at += LOOK_UP) {
        ec_statement s;
        ec_stmt *stmt = NULL;
        size_t count = d->count - at < LOOK_UP ? d->count - at : LOOK_UP;
        const char **keys = ec_arena_array(ec_scratch(d->session), count, sizeof(*keys));
        if (keys == NULL) return ec_fail_memory(d->session);
        for (size_t i = 0; i < count; i++)
            if ((keys[i] = ec_coupon_key(d->session, d->codes[at + i])) == NULL)
                return ec_fail_memory(d->session);
        ec_statement_begin(&s, d->session);
        ec_statement_put(&s, "SELECT code_key FROM coupons WHERE code_key IN ");
        ec_statement_texts(&s, keys, count);
        status = ec_statement_query(&s, &stmt);
        while (status == EC_OK && (status = ec_row(d->session, stmt)) == EC_OK) {
            const char *key = ec_col_text(d->session, stmt, 0);
            size_t slot = key == NULL ? 0 : slot_of(d, key);
            if (key != NULL && d->table[slot] != 0) taken[d->table[slot] - 1] = true;
        }
        if (status == EC_DONE) status = EC_OK;
    }
    return status;
}

/* Draw until so many are new. The list has room for all that may be drawn. */
static ec_status draw_codes(draw *d, size_t amount, const char **out)
{
    size_t room = 4 * amount + 64, slots = 1, from = 0, kept = 0;
    while (slots < 2 * room)
        slots *= 2;
    ec_arena *arena = ec_scratch(d->session);
    d->codes = ec_arena_array(arena, room, sizeof(char *));
    d->table = ec_arena_array(arena, slots, sizeof(*d->table));
    bool *taken = ec_arena_array(arena, room, sizeof(*taken));
    if (d->codes == NULL || d->table == NULL || taken == NULL) return ec_fail_memory(d->session);
    d->mask = slots - 1;
    d->used = sizeof(d->random);
    while (kept < amount) {
        d->wanted = d->count + (amount - kept);
        if (d->wanted > room) /* more stored ones came up than chance allows */
            return ec_fail(d->session, EC_BUSY, "No free codes were found; try again.");
        if (!draw_missing(d)) return ec_fail_memory(d->session);
        ec_status status = drop_stored(d, from, taken);
        if (status != EC_OK) return status;
        for (; from < d->count; from++)
            if (!taken[from]) out[kept++] = d->codes[from];
    }
    return EC_OK;
}

/* ---- the call -------------------------------------------------------------------------------- */

typedef struct generate_args {
    ec_id promotion_id;
    const ec_coupon_request *request;
} generate_args;

static ec_status check_request(ec_session *session, const ec_coupon_request *request,
                               code_form *form)
{
    ec_check check;
    if (request == NULL) return ec_fail(session, EC_MISUSE, "Coupons need a request.");
    ec_check_init(&check, ec_scratch(session));
    if (request->amount < 1 || request->amount > EC_COUPONS_MAX)
        ec_check_add(&check, "amount", request->amount < 1 ? "min" : "max",
                     "1 to %lld coupons are made at once.", (long long)EC_COUPONS_MAX);
    if (request->usage_limit < 0 || request->usage_limit > EC_QUANTITY_MAX)
        ec_check_add(&check, "usage_limit", request->usage_limit < 0 ? "min" : "max",
                     "A limit is 0 to %lld.", (long long)EC_QUANTITY_MAX);
    if (request->customer_limit < 0 || request->customer_limit > EC_QUANTITY_MAX)
        ec_check_add(&check, "customer_limit", request->customer_limit < 0 ? "min" : "max",
                     "A limit is 0 to %lld.", (long long)EC_QUANTITY_MAX);
    if (request->expires_at != 0 && request->expires_at <= ec_now(session))
        ec_check_add(&check, "expires_at", "min", "A new coupon expires in the future.");
    ec_status status = make_form(session, request, &check, form);
    return status == EC_OK ? ec_fail_check(session, &check) : status;
}

static ec_status store(ec_session *session, const generate_args *args, const char *const *codes,
                       ec_coupon *coupons)
{
    const ec_coupon_request *request = args->request;
    size_t count = (size_t)request->amount;
    for (size_t i = 0; i < count; i++)
        coupons[i] = (ec_coupon){.promotion_id = args->promotion_id,
                                 .expires_at = request->expires_at,
                                 .usage_limit = request->usage_limit,
                                 .customer_limit = request->customer_limit,
                                 .code = codes[i],
                                 .is_reusable = request->is_reusable,
                                 .is_active = true};
    ec_status status = ec_coupon_insert(session, coupons, count);
    if (status != EC_OK) return status;
    const char *data = ec_arena_printf(ec_scratch(session), "{\"amount\":%zu}", count);
    return data == NULL ? ec_fail_memory(session)
                        : ec_emit(session, "promotion", args->promotion_id,
                                  "promotion.coupons_generated", data);
}

static ec_status generate_run(ec_session *session, void *ctx, void **result)
{
    const generate_args *args = ctx;
    code_form form;
    int64_t one = 0;
    ec_status status = check_request(session, args->request, &form);
    if (status != EC_OK) return status;
    status = ec_query_int(session, "SELECT 1 FROM promotions WHERE id = ?",
                          ec_args(ec_int(args->promotion_id)), &one);
    if (status == EC_NOT_FOUND)
        return ec_fail(session, EC_NOT_FOUND, "There is no such promotion.");
    if (status == EC_OK) status = check_room(session, args->request, &form);
    if (status != EC_OK) return status;
    size_t count = (size_t)args->request->amount;
    const char **codes = ec_arena_array(ec_scratch(session), count, sizeof(*codes));
    ec_coupon *coupons = ec_arena_array(ec_scratch(session), count, sizeof(*coupons));
    ec_coupon_list *list = ec_arena_alloc(ec_scratch(session), sizeof(*list));
    draw *d = ec_arena_alloc(ec_scratch(session), sizeof(*d));
    if (codes == NULL || coupons == NULL || list == NULL || d == NULL)
        return ec_fail_memory(session);
    d->session = session;
    d->form = &form;
    status = draw_codes(d, count, codes);
    if (status == EC_OK) status = store(session, args, codes, coupons);
    *list = (ec_coupon_list){.items_count = count, .items = coupons, .total = (int64_t)count};
    *result = list;
    return status;
}

ec_status ec_coupon_generate(ec_session *session, ec_id promotion_id,
                             const ec_coupon_request *request, ec_coupon_list **out)
{
    static const ec_op op = {
        .name = "coupon.generate",
        .permission = "promotion.write",
        .access = EC_ACCESS_STAFF,
        .mode = EC_WRITE,
        .result = &ec_coupon_list_entity,
        .run = generate_run, /* no idempotency key: the outcome may be larger than what is kept */
    };
    generate_args args = {promotion_id, request};
    return ec_call(session, &op, &args, (void **)out);
}
