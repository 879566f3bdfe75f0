/* SPDX-License-Identifier: MIT */
/*
 * terms.c - the situation of a cart: codes of coupons, addresses, ways to ship and to pay.
 *
 * A change is made first and judged on the quote that the cart has then; a refused one is rolled
 * back as a whole. It refuses codes that are unknown or do not help, and ways to ship that do not
 * fit.
 */
#include <string.h>

#include "base/text.h"
#include "cart/cart.h"

#define CODE_MAX 64
#define METHOD_MAX 64
#define PAYMENT_MAX 50

typedef struct terms_args {
    ec_id cart_id;
    const char *text;
    const ec_address *shipping, *billing;
} terms_args;

static void fingerprint_text(const void *ctx, ec_json_writer *json)
{
    const terms_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->cart_id);
    ec_json_text(json, args->text);
    ec_json_array_end(json);
}

static ec_status load_open(ec_session *session, ec_id id, ec_loaded_cart **out)
{
    *out = ec_arena_alloc(ec_scratch(session), sizeof(**out));
    if (*out == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_read(session, id, *out);
    return status == EC_OK ? ec_cart_fail_state(session, &(*out)->cart) : status;
}

static ec_status set_column(ec_session *session, ec_id id, const char *column, const char *text)
{
    const char *sql =
        ec_arena_printf(ec_scratch(session), "UPDATE carts SET %s = ? WHERE id = ?", column);
    if (sql == NULL) return ec_fail_memory(session);
    ec_status status = ec_exec(session, sql, ec_args(ec_text(text), ec_int(id)), NULL);
    return status == EC_OK ? ec_cart_touch(session, id) : status;
}

/* The cart as it is afterwards, for judging and answering. */
static ec_status look_again(ec_session *session, ec_id id, ec_loaded_cart **out)
{
    *out = ec_arena_alloc(ec_scratch(session), sizeof(**out));
    if (*out == NULL) return ec_fail_memory(session);
    ec_status status = ec_cart_load(session, id, *out);
    return status == EC_OK ? ec_cart_remember(session, *out) : status;
}

static ec_status check_text(ec_session *session, const char *field, const char *text, int64_t max)
{
    int64_t length = text == NULL ? 0 : ec_utf8_count(text, strlen(text));
    if (length < 0)
        return ec_fail_field(session, EC_INVALID, field, "utf8", "The text is not valid UTF-8.");
    if (length > max)
        return ec_fail_field(session, EC_INVALID, field, "max_length",
                             "At most %lld characters are kept, not %lld.", (long long)max,
                             (long long)length);
    return EC_OK;
}

/* ---- coupons ---- */

static bool same_code(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        char one = *a >= 'a' && *a <= 'z' ? (char)(*a - 'a' + 'A') : *a;
        char two = *b >= 'a' && *b <= 'z' ? (char)(*b - 'a' + 'A') : *b;
        if (one != two) return false;
    }
    return *a == *b;
}

static size_t code_at(const ec_cart *cart, const char *code)
{
    size_t i = 0;
    while (i < cart->coupons_count && !same_code(cart->coupons[i], code))
        i++;
    return i;
}

static ec_status check_code(ec_session *session, const char *code)
{
    if (code == NULL || code[0] == '\0')
        return ec_fail_field(session, EC_INVALID, "code", "required", "There is no code.");
    ec_status status = check_text(session, "code", code, CODE_MAX);
    for (const char *c = code; status == EC_OK && *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return ec_fail_field(session, EC_INVALID, "code", "format",
                                 "A code has no blanks and no control characters.");
    return status;
}

/* The codes but one (count: all), with another one behind them (or NULL), one a line. */
static ec_status store_codes(ec_session *session, const ec_cart *cart, size_t without,
                             const char *more)
{
    ec_buf buf;
    const char *text = NULL;
    ec_buf_init(&buf, ec_session_platform(session), 65536);
    for (size_t i = 0; i < cart->coupons_count; i++) {
        if (i == without) continue;
        ec_buf_puts(&buf, buf.length > 0 ? "\n" : "");
        ec_buf_puts(&buf, cart->coupons[i]);
    }
    if (more != NULL) {
        ec_buf_puts(&buf, buf.length > 0 ? "\n" : "");
        ec_buf_puts(&buf, more);
    }
    bool none = buf.length == 0;
    if (buf.status == EC_OK && !none)
        text = ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length);
    ec_status status = buf.status == EC_OK && (none || text != NULL) ? EC_OK : EC_NO_MEMORY;
    ec_buf_clear(&buf);
    if (status != EC_OK) return ec_fail_memory(session);
    return set_column(session, cart->id, "coupons", text);
}

/* What became of the code in the quote. */
static ec_status judge_code(ec_session *session, const ec_quote *quote, const char *code)
{
    const ec_quote_promotion *worst = NULL;
    for (size_t i = 0; i < quote->promotions_count; i++) {
        const ec_quote_promotion *one = &quote->promotions[i];
        if (one->code == NULL || !same_code(one->code, code)) continue;
        if (one->applied) return EC_OK;
        worst = one;
    }
    if (worst == NULL || worst->rule == NULL || strcmp(worst->rule, "unknown_code") == 0)
        return ec_fail_field(session, EC_NOT_FOUND, "code", "unknown_code",
                             "There is no such coupon.");
    return ec_fail_field(session, EC_INVALID, "code", worst->rule, "%s",
                         worst->message != NULL ? worst->message : "The coupon does not help.");
}

static ec_status run_coupon_add(ec_session *session, void *ctx, void **result)
{
    const terms_args *args = ctx;
    ec_loaded_cart *before = NULL, *after = NULL;
    ec_status status = check_code(session, args->text);
    if (status == EC_OK) status = load_open(session, args->cart_id, &before);
    if (status != EC_OK) return status;
    const ec_cart *cart = &before->cart;
    if (code_at(cart, args->text) < cart->coupons_count)
        return ec_fail_field(session, EC_EXISTS, "code", "unique", "The cart has the coupon.");
    status = store_codes(session, cart, cart->coupons_count, args->text);
    if (status == EC_OK) status = look_again(session, args->cart_id, &after);
    if (status != EC_OK) return status;
    int64_t max = after->quote->policy->coupons_max == 0 ? 1 : after->quote->policy->coupons_max;
    if ((int64_t)after->cart.coupons_count > max)
        return ec_fail_field(session, EC_LIMIT, "code", "max_items",
                             "A cart has at most %lld coupons.", (long long)max);
    *result = &after->cart;
    return judge_code(session, after->quote, args->text);
}

ec_status ec_cart_coupon_add(ec_session *session, ec_id cart_id, const char *code, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.coupon_add",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_coupon_add,
        .fingerprint = fingerprint_text,
    };
    terms_args args = {.cart_id = cart_id, .text = code};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status run_coupon_remove(ec_session *session, void *ctx, void **result)
{
    const terms_args *args = ctx;
    ec_loaded_cart *before = NULL;
    ec_status status = check_code(session, args->text);
    if (status == EC_OK) status = load_open(session, args->cart_id, &before);
    if (status != EC_OK) return status;
    size_t at = code_at(&before->cart, args->text);
    if (at == before->cart.coupons_count)
        return ec_fail_field(session, EC_NOT_FOUND, "code", "reference",
                             "The cart does not have the coupon.");
    status = store_codes(session, &before->cart, at, NULL);
    return status == EC_OK ? ec_cart_answer_changed(session, args->cart_id, result) : status;
}

ec_status ec_cart_coupon_remove(ec_session *session, ec_id cart_id, const char *code, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.coupon_remove",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_coupon_remove,
        .fingerprint = fingerprint_text,
    };
    terms_args args = {.cart_id = cart_id, .text = code};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- what a checkout found changed ---- */

const ec_quote_promotion *ec_cart_coupon_gone(const ec_quote *quote, const char *code)
{
    static const char *const reasons[] = {"unknown_code", "expired",        "not_started",
                                          "used_up",      "customer_limit", "budget"};
    const ec_quote_promotion *gone = NULL;
    for (size_t i = 0; i < quote->promotions_count; i++) {
        const ec_quote_promotion *one = &quote->promotions[i];
        if (one->code == NULL || !same_code(one->code, code)) continue;
        if (one->applied || one->rule == NULL) return NULL;
        for (size_t k = 0; k < sizeof(reasons) / sizeof(reasons[0]); k++)
            if (strcmp(one->rule, reasons[k]) == 0) gone = one;
    }
    return gone;
}

static ec_status drop_coupons(ec_session *session, const ec_loaded_cart *loaded, bool *dropped)
{
    ec_cart kept = loaded->cart;
    const char **codes = ec_arena_array(ec_scratch(session), kept.coupons_count, sizeof(*codes));
    if (codes == NULL) return ec_fail_memory(session);
    kept.coupons_count = 0;
    for (size_t i = 0; i < loaded->cart.coupons_count; i++)
        if (ec_cart_coupon_gone(loaded->quote, loaded->cart.coupons[i]) == NULL)
            codes[kept.coupons_count++] = loaded->cart.coupons[i];
    *dropped = kept.coupons_count < loaded->cart.coupons_count;
    kept.coupons = codes;
    return *dropped ? store_codes(session, &kept, kept.coupons_count, NULL) : EC_OK;
}

ec_status ec_cart_accept(ec_session *session, ec_loaded_cart *loaded, const char **changed)
{
    size_t prices = 0;
    bool dropped = false;
    int64_t shown = loaded->shown_discount;
    *changed = NULL;
    ec_status status = ec_cart_store_prices(session, loaded, &prices);
    if (status == EC_OK) status = drop_coupons(session, loaded, &dropped);
    if (status == EC_OK) status = ec_cart_remember(session, loaded);
    if (status != EC_OK) return status;
    if (shown > loaded->shown_discount) *changed = "discount_amount";
    if (dropped) *changed = "coupons";
    if (prices > 0) *changed = "items";
    return *changed == NULL ? EC_CHANGED : EC_OK;
}

/* ---- addresses ---- */

static ec_status address_text(ec_session *session, const ec_address *address, const char **out)
{
    ec_buf buf;
    ec_json_writer json;
    *out = NULL;
    if (address == NULL) return EC_OK;
    ec_address kept = *address;
    kept.id = kept.user_id = 0;
    kept.version = 0;
    kept.created_at = kept.updated_at = 0;
    kept.is_default = false;
    ec_buf_init(&buf, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_entity_store_json(&json, &ec_address_entity, &kept, NULL);
    if (buf.status == EC_OK)
        *out = ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length);
    ec_buf_clear(&buf);
    return *out == NULL ? ec_fail_memory(session) : EC_OK;
}

static void check_address(ec_check *check, const char *prefix, const ec_address *address)
{
    if (address == NULL) return;
    check->prefix = prefix;
    ec_entity_check(&ec_address_entity, address, EC_MASK_ALL, true, check);
    check->prefix = "";
}

static ec_status run_set_addresses(ec_session *session, void *ctx, void **result)
{
    const terms_args *args = ctx;
    const char *shipping = NULL, *billing = NULL;
    ec_loaded_cart *before = NULL;
    ec_check check;
    ec_check_init(&check, ec_scratch(session));
    check_address(&check, "shipping_address.", args->shipping);
    check_address(&check, "billing_address.", args->billing);
    ec_status status = ec_fail_check(session, &check);
    if (status == EC_OK) status = load_open(session, args->cart_id, &before);
    if (status == EC_OK) status = address_text(session, args->shipping, &shipping);
    if (status == EC_OK) status = address_text(session, args->billing, &billing);
    if (status != EC_OK) return status;
    status =
        ec_exec(session, "UPDATE carts SET shipping_address = ?, billing_address = ? WHERE id = ?",
                ec_args(ec_text(shipping), ec_text(billing), ec_int(args->cart_id)), NULL);
    if (status == EC_OK) status = ec_cart_touch(session, args->cart_id);
    return status == EC_OK ? ec_cart_answer_changed(session, args->cart_id, result) : status;
}

static void fingerprint_addresses(const void *ctx, ec_json_writer *json)
{
    const terms_args *args = ctx;
    ec_json_array(json);
    ec_json_int(json, args->cart_id);
    for (int i = 0; i < 2; i++) {
        const ec_address *address = i == 0 ? args->shipping : args->billing;
        if (address == NULL)
            ec_json_null(json);
        else
            ec_entity_store_json(json, &ec_address_entity, address, NULL);
    }
    ec_json_array_end(json);
}

ec_status ec_cart_set_addresses(ec_session *session, ec_id cart_id,
                                const ec_address *shipping_address,
                                const ec_address *billing_address, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.set_addresses",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_set_addresses,
        .fingerprint = fingerprint_addresses,
    };
    terms_args args = {
        .cart_id = cart_id, .shipping = shipping_address, .billing = billing_address};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- ways to ship and to pay ---- */

static bool is_offered(const ec_quote *quote, const char *code)
{
    for (size_t i = 0; i < quote->shipping_count; i++)
        if (quote->shipping[i].code != NULL && strcmp(quote->shipping[i].code, code) == 0)
            return true;
    return false;
}

static ec_status run_set_shipping(ec_session *session, void *ctx, void **result)
{
    const terms_args *args = ctx;
    ec_loaded_cart *before = NULL, *after = NULL;
    ec_status status = check_text(session, "shipping_method", args->text, METHOD_MAX);
    if (status == EC_OK) status = load_open(session, args->cart_id, &before);
    if (status == EC_OK) status = set_column(session, args->cart_id, "shipping_method", args->text);
    if (status == EC_OK) status = look_again(session, args->cart_id, &after);
    if (status != EC_OK) return status;
    *result = &after->cart;
    if (args->text == NULL || is_offered(after->quote, args->text)) return EC_OK;
    return ec_fail_field(session, EC_INVALID, "shipping_method", "unavailable",
                         "The cart cannot be sent that way.");
}

ec_status ec_cart_set_shipping(ec_session *session, ec_id cart_id, const char *method,
                               ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.set_shipping",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_set_shipping,
        .fingerprint = fingerprint_text,
    };
    terms_args args = {.cart_id = cart_id, .text = method};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status run_set_payment(ec_session *session, void *ctx, void **result)
{
    const terms_args *args = ctx;
    ec_loaded_cart *before = NULL;
    ec_status status = check_text(session, "payment_method", args->text, PAYMENT_MAX);
    if (status == EC_OK) status = load_open(session, args->cart_id, &before);
    if (status == EC_OK) status = set_column(session, args->cart_id, "payment_method", args->text);
    return status == EC_OK ? ec_cart_answer_changed(session, args->cart_id, result) : status;
}

ec_status ec_cart_set_payment(ec_session *session, ec_id cart_id, const char *method, ec_cart **out)
{
    static const ec_op op = {
        .name = "cart.set_payment",
        .permission = "carts.write",
        .access = EC_ACCESS_OWNER,
        .mode = EC_WRITE,
        .result = &ec_cart_entity,
        .run = run_set_payment,
        .fingerprint = fingerprint_text,
    };
    terms_args args = {.cart_id = cart_id, .text = method};
    return ec_call(session, &op, &args, (void **)out);
}
