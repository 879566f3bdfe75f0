/* SPDX-License-Identifier: MIT */
/*
 * quote.c - what goods would cost, asked without a cart.
 *
 * Checks the request, reads what it is about in a number of statements that does not depend on it,
 * and computes. It writes nothing, holds no stock and keeps nothing. It refuses visitors and
 * customers what only the shop's people may see: prices set by hand, other people's prices, and
 * those of another time.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "engine/sql.h"
#include "model/model.h"
#include "price/load.h"

#define CODES_MAX 100
#define FACTS_MAX 100
#define TEXT_MAX 255
#define NAME_MAX_BYTES 64
#define AT_MAX INT64_C(253402300799999) /* the end of the year 9999 */

/* ---- the request by itself ---- */

static const char *at(char *field, size_t size, const char *list, size_t index, const char *name)
{
    (void)snprintf(field, size, "%s[%zu]%s%s", list, index, name == NULL ? "" : ".",
                   name == NULL ? "" : name);
    return field;
}

static void check_text(ec_check *check, const char *field, const char *text, int64_t max)
{
    if (text == NULL) return;
    int64_t length = ec_utf8_count(text, strlen(text));
    if (length < 0)
        ec_check_add(check, field, "utf8", "The text is not valid UTF-8.");
    else if (length > max)
        ec_check_add(check, field, "max_length", "At most %lld characters are taken, not %lld.",
                     (long long)max, (long long)length);
}

static void check_line(ec_check *check, size_t i, const ec_quote_ask *line)
{
    char field[64];
    if ((line->variant_id == 0) == (line->sku == NULL))
        ec_check_add(check, at(field, sizeof(field), "lines", i, "variant_id"), "one_of",
                     "Either variant_id or sku is given.");
    check_text(check, at(field, sizeof(field), "lines", i, "sku"), line->sku, 100);
    if (line->quantity < 1 || line->quantity > EC_LINE_QUANTITY_MAX)
        ec_check_add(check, at(field, sizeof(field), "lines", i, "quantity"),
                     line->quantity < 1 ? "min" : "max", "A quantity is 1 to %d.",
                     EC_LINE_QUANTITY_MAX);
    if (line->unit_price < -1 || line->unit_price > EC_AMOUNT_MAX)
        ec_check_add(check, at(field, sizeof(field), "lines", i, "unit_price"),
                     line->unit_price < -1 ? "min" : "max",
                     "A price is 0 or more; -1 is the shop's.");
}

/* A list of at most so many that is there when its count says so. */
static bool check_list(ec_check *check, const char *field, const void *items, size_t count,
                       size_t max)
{
    if (count > max)
        ec_check_add(check, field, "max_items", "At most %zu are taken, not %zu.", max, count);
    else if (count > 0 && items == NULL)
        ec_check_add(check, field, "required", "%zu are announced and none are given.", count);
    else
        return true;
    return false;
}

static bool is_name(const char *name)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = strspn(name, letters);
    return name[length] == '\0' && length > 0 && length <= NAME_MAX_BYTES;
}

static void check_lists(ec_check *check, const ec_quote_request *request)
{
    char field[64];
    if (request->lines_count == 0)
        ec_check_add(check, "lines", "min_items", "There is no line to price.");
    if (check_list(check, "lines", request->lines, request->lines_count, EC_CART_LINES_MAX))
        for (size_t i = 0; i < request->lines_count; i++)
            check_line(check, i, &request->lines[i]);
    if (check_list(check, "coupons", request->coupons, request->coupons_count, CODES_MAX))
        for (size_t i = 0; i < request->coupons_count; i++) {
            at(field, sizeof(field), "coupons", i, NULL);
            if (request->coupons[i] == NULL)
                ec_check_add(check, field, "required", "A code is a text.");
            check_text(check, field, request->coupons[i], TEXT_MAX);
        }
    if (!check_list(check, "facts", request->facts, request->facts_count, FACTS_MAX)) return;
    for (size_t i = 0; i < request->facts_count; i++) {
        const ec_quote_fact *fact = &request->facts[i];
        if (fact->name == NULL || !is_name(fact->name))
            ec_check_add(check, at(field, sizeof(field), "facts", i, "name"), "format",
                         "A name is 1 to %d letters, digits, \"_\" and \"-\".", NAME_MAX_BYTES);
        at(field, sizeof(field), "facts", i, "value");
        if (fact->value == NULL) ec_check_add(check, field, "required", "A fact has a value.");
        check_text(check, field, fact->value, TEXT_MAX);
    }
}

/* An address of which as much is known as there is. */
static void check_address(ec_check *check, const char *prefix, const ec_address *address)
{
    ec_mask given = 0;
    if (address == NULL) return;
    for (size_t i = 0; i < ec_address_entity.count; i++) {
        const ec_field *field = &ec_address_entity.fields[i];
        if (field->type == EC_FIELD_TEXT && ec_field_get_text(field, address) != NULL &&
            ec_field_get_text(field, address)[0] != '\0')
            given |= (ec_mask)1 << i;
    }
    check->prefix = prefix;
    ec_entity_check(&ec_address_entity, address, given, false, check);
    check->prefix = "";
}

static ec_status check_request(ec_session *session, const ec_quote_request *request)
{
    ec_check check;
    if (request == NULL) return ec_fail(session, EC_MISUSE, "A quote needs a request.");
    ec_check_init(&check, ec_scratch(session));
    check_lists(&check, request);
    check_text(&check, "email", request->email, 254);
    check_text(&check, "shipping_method", request->shipping_method, 64);
    check_text(&check, "payment_method", request->payment_method, 50);
    check_address(&check, "shipping_address.", request->shipping_address);
    check_address(&check, "billing_address.", request->billing_address);
    if (request->shipping_amount < -1 || request->shipping_amount > EC_AMOUNT_MAX)
        ec_check_add(&check, "shipping_amount", request->shipping_amount < -1 ? "min" : "max",
                     "A fee is 0 or more; -1 is computed.");
    if (request->at < 0 || request->at > AT_MAX)
        ec_check_add(&check, "at", request->at < 0 ? "min" : "max",
                     "A moment is between 1970 and 9999.");
    return ec_fail_check(session, &check);
}

/* What visitors and customers may not ask. */
static ec_status check_rights(ec_session *session, const ec_quote_request *request)
{
    const char *field = NULL;
    if (ec_session_is_staff(session)) return EC_OK;
    if (request->user_id != 0 && request->user_id != ec_session_user(session)) field = "user_id";
    if (request->at != 0) field = "at";
    if (request->shipping_amount >= 0) field = "shipping_amount";
    for (size_t i = 0; i < request->lines_count && field == NULL; i++)
        if (request->lines[i].unit_price >= 0) field = "lines";
    if (field == NULL) return EC_OK;
    return ec_fail_field(session, EC_DENIED, field, "permission",
                         "Only the shop's people may ask that.");
}

/* ---- which variants ---- */

static ec_status find_skus(ec_session *session, const ec_quote_request *request,
                           ec_price_want *wants)
{
    size_t count = 0;
    ec_stmt *stmt = NULL;
    ec_buf sql;
    ec_value *values = ec_arena_array(ec_scratch(session), request->lines_count, sizeof(*values));
    if (values == NULL) return ec_fail_memory(session);
    ec_buf_init(&sql, ec_session_platform(session), 16384);
    ec_buf_puts(&sql, "SELECT id, sku FROM product_variants WHERE sku IN (");
    for (size_t i = 0; i < request->lines_count; i++) {
        if (request->lines[i].sku == NULL) continue;
        ec_buf_puts(&sql, count == 0 ? "?" : ", ?");
        values[count++] = ec_text(request->lines[i].sku);
    }
    ec_buf_puts(&sql, ")");
    ec_status status = EC_OK;
    if (count > 0)
        status = sql.status == EC_OK ? ec_query(session, ec_buf_text(&sql), values, count, &stmt)
                                     : ec_fail_memory(session);
    ec_buf_clear(&sql);
    while (count > 0 && status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        const char *sku = ec_col_text(session, stmt, 1);
        for (size_t i = 0; sku != NULL && i < request->lines_count; i++)
            if (request->lines[i].sku != NULL && strcmp(request->lines[i].sku, sku) == 0)
                wants[i].variant_id = ec_col_int(stmt, 0);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* Is every line there, and sold to who asks? */
static ec_status check_found(ec_session *session, const ec_quote_request *request,
                             const ec_price_found *found)
{
    ec_check check;
    char field[64];
    bool staff = ec_session_is_staff(session);
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < request->lines_count; i++) {
        at(field, sizeof(field), "lines", i, request->lines[i].sku != NULL ? "sku" : "variant_id");
        if (found[i] == EC_PRICE_UNKNOWN || (found[i] == EC_PRICE_HIDDEN && !staff))
            ec_check_add(&check, field, "reference", "There is no such variant.");
        else if (found[i] == EC_PRICE_NONE)
            ec_check_add(&check, field, "unavailable", "It has no price in this channel.");
    }
    if (check.status == EC_INVALID) check.status = EC_NOT_FOUND;
    return ec_fail_check(session, &check);
}

static ec_status read_lines(ec_session *session, const ec_quote_request *request,
                            const ec_rules *rules, ec_pricing *in)
{
    size_t count = request->lines_count;
    ec_arena *arena = ec_scratch(session);
    ec_price_want *wants = ec_arena_array(arena, count, sizeof(*wants));
    ec_price_found *found = ec_arena_array(arena, count, sizeof(*found));
    ec_pricing_line *lines = ec_arena_array(arena, count, sizeof(*lines));
    if (wants == NULL || found == NULL || lines == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < count; i++)
        wants[i] = (ec_price_want){request->lines[i].variant_id, request->lines[i].quantity,
                                   request->lines[i].unit_price};
    ec_status status = find_skus(session, request, wants);
    if (status == EC_OK) status = ec_pricing_read_lines(session, in, wants, count, lines, found);
    if (status == EC_OK) status = check_found(session, request, found);
    if (status == EC_OK) status = ec_pricing_details(session, rules, lines, count);
    in->lines = lines;
    in->lines_count = count;
    return status;
}

/* ---- the quote ---- */

static ec_status fill(ec_session *session, const ec_quote_request *request, ec_pricing *in)
{
    ec_pricing_pair *facts =
        ec_arena_array(ec_scratch(session), request->facts_count, sizeof(*facts));
    if (facts == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < request->facts_count; i++)
        facts[i] = (ec_pricing_pair){request->facts[i].name, request->facts[i].value};
    in->now = request->at != 0 ? request->at : ec_now(session);
    in->shipping_address = request->shipping_address;
    in->billing_address = request->billing_address;
    in->shipping_method = request->shipping_method;
    in->payment_method = request->payment_method;
    in->shipping_amount = request->shipping_amount;
    in->facts = facts;
    in->facts_count = request->facts_count;
    in->customer.user_id = request->user_id;
    in->customer.email = request->email;
    if (in->customer.user_id == 0 && ec_session_actor(session) == EC_ACTOR_CUSTOMER)
        in->customer.user_id = ec_session_user(session);
    return EC_OK;
}

static ec_status run_quote(ec_session *session, void *ctx, void **result)
{
    const ec_quote_request *request = *(const ec_quote_request *const *)ctx;
    const ec_rules *rules = NULL;
    ec_pricing in = {0};
    ec_quote *quote = NULL;
    int64_t version = 0;
    ec_status status = check_request(session, request);
    if (status == EC_OK) status = check_rights(session, request);
    if (status == EC_OK) status = fill(session, request, &in);
    if (status == EC_OK) status = ec_rules_version(session, &version);
    if (status == EC_OK)
        status = in.now < ec_now(session) ? ec_rules_hold_past(session, version, in.now, &rules)
                                          : ec_rules_hold(session, version, &rules);
    if (status != EC_OK) return status;
    ec_id channel = request->channel_id != 0 ? request->channel_id : ec_session_channel(session);
    status = ec_pricing_channel(session, rules, channel, &in);
    if (status == EC_OK) status = ec_pricing_read_customer(session, rules, &in, false);
    if (status == EC_OK) status = read_lines(session, request, rules, &in);
    if (status == EC_OK)
        status = ec_pricing_read_promotions(session, rules, &in, request->coupons,
                                            request->coupons_count);
    if (status == EC_OK) status = ec_pricing_run(session, rules, &in, "lines", &quote);
    if (status == EC_OK) status = ec_pricing_priors(session, &in, quote);
    *result = quote;
    return status;
}

ec_status ec_quote_make(ec_session *session, const ec_quote_request *request, ec_quote **out)
{
    static const ec_op op = {
        .name = "quote.make",
        .permission = "quotes.read",
        .access = EC_ACCESS_ANY,
        .mode = EC_READ,
        .result = &ec_quote_entity,
        .run = run_quote,
    };
    return ec_call(session, &op, &request, (void **)out);
}
