/* SPDX-License-Identifier: MIT */
/*
 * plan.c - may this cart become an order, and which one? Every question is asked before anything is
 * written, and all faults of the input are named at once.
 *
 * The order is built whole in memory: it is inserted at once, or frozen as JSON for the time of its
 * payment, so that what is paid is what was agreed. The payment token is in neither.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cart/checkout.h"

#define NOTE_MAX 2000
#define METHOD_MAX 50
#define TOKEN_MAX 4096

/* ---- the request by itself ---- */

static void check_text(ec_check *check, const char *field, const char *text, int64_t max)
{
    if (text == NULL) return;
    int64_t length = ec_utf8_count(text, strlen(text));
    if (length < 0)
        ec_check_add(check, field, "utf8", "The text is not valid UTF-8.");
    else if (length > max)
        ec_check_add(check, field, "max_length", "At most %lld characters are kept, not %lld.",
                     (long long)max, (long long)length);
}

static void check_address(ec_check *check, const char *prefix, const ec_address *address)
{
    if (address == NULL) return;
    check->prefix = prefix;
    ec_entity_check(&ec_address_entity, address, EC_MASK_ALL, true, check);
    check->prefix = "";
}

static void check_amounts(ec_check *check, const ec_checkout_request *request, ec_time now)
{
    if (request->shipping_amount < 0 || request->shipping_amount > EC_AMOUNT_MAX)
        ec_check_add(check, "shipping_amount", request->shipping_amount < 0 ? "min" : "max",
                     "A fee is 0 to %lld minor units.", (long long)EC_AMOUNT_MAX);
    if (request->expected_total < -1 || request->expected_total > EC_AMOUNT_MAX)
        ec_check_add(check, "expected_total", request->expected_total < -1 ? "min" : "max",
                     "A total is 0 or more; -1 is not compared.");
    if (request->placed_at < 0 || request->placed_at > now)
        ec_check_add(check, "placed_at", request->placed_at < 0 ? "min" : "max",
                     "An old order was placed in the past.");
}

static void check_payment(ec_session *session, ec_check *check, const ec_checkout_request *request)
{
    check_text(check, "payment_method", request->payment_method, METHOD_MAX);
    if (request->payment_token != NULL &&
        strnlen(request->payment_token, TOKEN_MAX + 1) > TOKEN_MAX)
        ec_check_add(check, "payment_token", "max_length", "A token has at most %d bytes.",
                     TOKEN_MAX);
    const char *name = request->payment_provider;
    if (name == NULL || strcmp(name, EC_PROVIDER_OFFLINE) == 0) return;
    const ec_payment_provider *provider =
        ec_payment_provider_find(ec_session_engine(session), name);
    if (provider == NULL) {
        ec_check_add(check, "payment_provider", "reference", "There is no such payment provider.");
        return;
    }
    const char *method = request->payment_method == NULL ? "transfer" : request->payment_method;
    for (size_t i = 0; provider->ops->methods[i] != NULL; i++)
        if (strcmp(provider->ops->methods[i], method) == 0) return;
    ec_check_add(check, "payment_method", "reference", "The provider %s has no such method.",
                 provider->ops->name);
}

ec_status ec_checkout_check(ec_session *session, const ec_checkout_request *request)
{
    ec_check check;
    if (request == NULL) return ec_fail(session, EC_MISUSE, "A checkout needs a request.");
    if (request->shipping_amount > 0 && !ec_session_is_staff(session))
        return ec_fail_field(session, EC_DENIED, "shipping_amount", "permission",
                             "Only the shop's people set a fee.");
    if (request->placed_at != 0 && ec_session_actor(session) != EC_ACTOR_SYSTEM)
        return ec_fail_field(session, EC_DENIED, "placed_at", "permission",
                             "Only an import tells when an order was placed.");
    ec_check_init(&check, ec_scratch(session));
    if (request->cart_id <= 0) ec_check_add(&check, "cart_id", "required", "There is no cart.");
    ec_key_rule(&check, request->key);
    if (request->email != NULL && !ec_text_is_email(request->email))
        ec_check_add(&check, "email", "email", "It does not look like an e-mail address.");
    else
        check_text(&check, "email", request->email, 254);
    check_address(&check, "shipping_address.", request->shipping_address);
    check_address(&check, "billing_address.", request->billing_address);
    check_amounts(&check, request, ec_now(session));
    check_payment(session, &check, request);
    check_text(&check, "shipping_method", request->shipping_method, 64);
    check_text(&check, "note", request->note, NOTE_MAX);
    ec_credit_tender_rule(&check, "credits", request->credits, request->credits_count);
    return ec_fail_check(session, &check);
}

/* ---- the request with the cart ---- */

/* Whose the order will be. */
static ec_id buyer_of(ec_session *session, const ec_cart *cart)
{
    if (cart->user_id != 0) return cart->user_id;
    return ec_session_actor(session) == EC_ACTOR_CUSTOMER ? ec_session_user(session) : 0;
}

static ec_status email_of(ec_session *session, const ec_checkout_request *request,
                          const ec_loaded_cart *loaded, const char **email)
{
    ec_id buyer = buyer_of(session, &loaded->cart);
    const char *own = loaded->user_email;
    if (own == NULL && buyer != 0) {
        ec_stmt *stmt = NULL;
        ec_status status = ec_query(session, "SELECT email FROM users WHERE id = ?",
                                    ec_args(ec_int(buyer)), &stmt);
        if (status != EC_OK) return status;
        status = ec_row(session, stmt);
        if (status == EC_OK) own = ec_col_text(session, stmt, 0);
        ec_done(session, stmt);
        if (status != EC_OK && status != EC_DONE) return status;
    }
    bool given = request->email != NULL && (own == NULL || ec_session_is_staff(session));
    char *text = ec_arena_strdup(ec_scratch(session), given ? request->email : own);
    if (text == NULL && (given || own != NULL)) return ec_fail_memory(session);
    if (text != NULL) ec_text_lower(text);
    *email = text;
    return EC_OK;
}

static bool is_shipped(const ec_loaded_cart *loaded)
{
    for (size_t i = 0; i < loaded->cart.items_count; i++)
        if (loaded->lines[i].requires_shipping) return true;
    return false;
}

/* The request's situation, where it says nothing the cart's. */
static void set_terms(ec_session *session, const ec_checkout_request *request, const char *email,
                      ec_loaded_cart *loaded)
{
    ec_cart_terms *terms = &loaded->terms;
    if (request->shipping_address != NULL) terms->shipping_address = request->shipping_address;
    if (request->billing_address != NULL)
        terms->billing_address = request->billing_address;
    else if (request->shipping_address != NULL)
        terms->billing_address = NULL; /* a copy of it */
    if (request->shipping_method != NULL) terms->shipping_method = request->shipping_method;
    /* a provider's method is named with the provider */
    if (request->payment_method != NULL || request->payment_provider != NULL)
        terms->payment_method = request->payment_method;
    terms->shipping_amount = request->shipping_amount > 0 ? request->shipping_amount : -1;
    terms->email = email;
    terms->user_id = buyer_of(session, &loaded->cart);
}

/* Each of the addresses stands in for the other one. */
static void complete_addresses(ec_cart_terms *terms, bool shipped)
{
    if (terms->billing_address == NULL) terms->billing_address = terms->shipping_address;
    if (terms->shipping_address == NULL && shipped)
        terms->shipping_address = terms->billing_address;
}

static ec_status check_together(ec_session *session, const ec_loaded_cart *loaded,
                                const char *email)
{
    ec_check check;
    const ec_cart_terms *terms = &loaded->terms;
    const ec_policy *policy = loaded->quote->policy;
    ec_check_init(&check, ec_scratch(session));
    if (email == NULL) ec_check_add(&check, "email", "required", "A visitor's order needs one.");
    if (policy->required_address == EC_ADDRESS_BILLING) {
        if (terms->billing_address == NULL && terms->shipping_address == NULL)
            ec_check_add(&check, "billing_address", "required", "An order needs one.");
    } else if (terms->shipping_address == NULL && is_shipped(loaded)) {
        ec_check_add(&check, "shipping_address", "required", "Something of it is sent.");
    }
    return ec_fail_check(session, &check);
}

static const ec_quote_shipping *chosen(const ec_quote *quote)
{
    for (size_t i = 0; i < quote->shipping_count; i++)
        if (quote->shipping[i].chosen) return &quote->shipping[i];
    return NULL;
}

/* Where a tax service has the amounts, it must have been asked about the cart as it is. */
static ec_status check_taxes(ec_session *session, const ec_loaded_cart *loaded)
{
    const char *problem = loaded->quote->problem;
    if (problem == NULL || strcmp(problem, "no_tax_amounts") != 0) return EC_OK;
    return ec_fail_field(session, EC_INVALID, "taxes", problem,
                         "The tax service was not asked about the cart as it is now.");
}

/* Is it sent in a way that was chosen? A fee that was set by hand needs none. */
static ec_status check_method(ec_session *session, const ec_loaded_cart *loaded)
{
    const ec_quote *quote = loaded->quote;
    const char *wanted = loaded->terms.shipping_method;
    const ec_quote_shipping *method = chosen(quote);
    if (!quote->needs_shipping || loaded->terms.shipping_amount >= 0) return EC_OK;
    if (quote->problem != NULL && strcmp(quote->problem, "no_tax_amounts") != 0)
        return ec_fail_field(session, EC_INVALID, "shipping_method", quote->problem,
                             "No way to ship fits these goods and this address.");
    if (method == NULL) return EC_OK; /* the shop has none */
    if (wanted != NULL && strcmp(method->code, wanted) != 0)
        return ec_fail_field(session, EC_INVALID, "shipping_method", "unavailable",
                             "It cannot be sent that way.");
    bool single = quote->policy->skip_single_shipping && quote->shipping_count == 1;
    if (!method->estimated || single) return EC_OK;
    return ec_fail_field(session, EC_INVALID, "shipping_method", "required",
                         "A way to ship is to be chosen.");
}

/* What the shopper must hear of first. */
static ec_status check_notices(ec_session *session, const ec_loaded_cart *loaded)
{
    ec_check check;
    char field[48];
    ec_check_init(&check, ec_scratch(session));
    for (size_t i = 0; i < loaded->cart.items_count; i++) {
        const ec_cart_item *item = &loaded->cart.items[i];
        bool other = item->is_available && loaded->lines[i].shown != item->unit_price;
        if (item->is_available && !other) continue;
        (void)snprintf(field, sizeof(field), "items[%zu]", i);
        if (other)
            ec_check_add(&check, field, "changed", "Its price is %lld minor units now, not %lld.",
                         (long long)item->unit_price, (long long)loaded->lines[i].shown);
        else
            ec_check_add(&check, field, "unavailable", "It is not sold here any more.");
    }
    if (check.status == EC_INVALID) check.status = EC_CHANGED;
    return ec_fail_check(session, &check);
}

/* Coupons that the shop does not honour any more, and less taken off than the shopper saw. */
static ec_status check_discounts(ec_session *session, const ec_loaded_cart *loaded)
{
    const ec_quote *quote = loaded->quote;
    for (size_t i = 0; i < loaded->cart.coupons_count; i++) {
        const ec_quote_promotion *gone = ec_cart_coupon_gone(quote, loaded->cart.coupons[i]);
        if (gone != NULL)
            return ec_fail_field(session, EC_CHANGED, "coupons", gone->rule, "%s",
                                 gone->message != NULL ? gone->message
                                                       : "A coupon does not hold any more.");
    }
    int64_t now = quote->discount_amount + quote->shipping_discount;
    if (now >= loaded->shown_discount) return EC_OK;
    return ec_fail_field(session, EC_CHANGED, "discount_amount", "changed",
                         "%lld minor units are taken off, not %lld.", (long long)now,
                         (long long)loaded->shown_discount);
}

static ec_status check_total(ec_session *session, const ec_checkout_request *request, int64_t total)
{
    if (request->expected_total < 0 || request->expected_total == total) return EC_OK;
    return ec_fail_field(session, EC_CHANGED, "expected_total", "changed",
                         "The total is %lld minor units, not %lld.", (long long)total,
                         (long long)request->expected_total);
}

/* ---- the order in memory ---- */

static ec_address *frozen_address(ec_session *session, const ec_address *from)
{
    if (from == NULL) return NULL;
    ec_address *address = ec_arena_alloc(ec_scratch(session), sizeof(*address));
    if (address == NULL) return NULL;
    *address = *from;
    address->id = address->user_id = 0;
    address->version = 0;
    address->created_at = address->updated_at = 0;
    address->is_default = false;
    return address;
}

static void fill_gift(const ec_loaded_cart *loaded, ec_id variant_id, ec_order_item *item)
{
    for (size_t i = 0; i < loaded->gifts_count; i++) {
        const ec_cart_gift *gift = &loaded->gifts[i];
        if (gift->variant_id != variant_id) continue;
        item->name = gift->name;
        item->variant_name = gift->variant_name;
        item->requires_shipping = gift->requires_shipping;
        item->tracked = gift->tracked;
    }
}

static ec_status build_items(ec_session *session, const ec_loaded_cart *loaded, ec_order *order)
{
    const ec_quote *quote = loaded->quote;
    ec_order_item *items = ec_arena_array(ec_scratch(session), quote->lines_count, sizeof(*items));
    if (items == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < quote->lines_count; i++) {
        const ec_quote_line *line = &quote->lines[i];
        items[i] = (ec_order_item){
            .product_id = line->product_id,
            .variant_id = line->variant_id,
            .position = line->position,
            .sku = line->sku,
            .name = line->name,
            .quantity = line->quantity,
            .base_price = line->base_price,
            .original_price = line->original_price,
            .unit_price = line->unit_price,
            .discount_amount = line->unit_discount + line->order_discount,
            .tax_amount = line->tax_amount,
            .tax_included = line->tax_included,
            .total_amount = line->total,
            .is_gift = line->gift,
        };
        if (line->gift) {
            fill_gift(loaded, line->variant_id, &items[i]);
            continue;
        }
        const ec_cart_item *item = &loaded->cart.items[loaded->item_of[i]];
        items[i].name = item->name;
        items[i].variant_name = item->variant_name;
        items[i].requires_shipping = loaded->lines[loaded->item_of[i]].requires_shipping;
        items[i].tracked = loaded->lines[loaded->item_of[i]].tracked;
    }
    order->items = items;
    order->items_count = quote->lines_count;
    return EC_OK;
}

static ec_status build_reasons(ec_session *session, const ec_quote *quote, ec_order *order)
{
    ec_arena *arena = ec_scratch(session);
    ec_adjustment *reasons = ec_arena_array(arena, quote->adjustments_count, sizeof(*reasons));
    ec_order_tax *taxes = ec_arena_array(arena, quote->taxes_count, sizeof(*taxes));
    if (reasons == NULL || taxes == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < quote->adjustments_count; i++) {
        const ec_quote_adjustment *one = &quote->adjustments[i];
        const char *kind = ec_adjustment_kind_names[one->kind];
        reasons[i] = (ec_adjustment){
            .position = one->line,
            .kind = kind,
            .source = one->source != NULL ? one->source : kind,
            .label = one->label != NULL ? one->label : kind,
            .code = one->code,
            .amount = one->amount,
            .base = one->base,
            .rate = one->rate,
            .tax_included = one->tax_included,
            .quantity = one->quantity,
            .rounding = one->rounding,
            .included = one->included,
        };
        if (one->line != 0 || one->kind != EC_ADJUST_TAX) continue;
        if (one->included)
            order->shipping_tax_included += one->amount;
        else
            order->shipping_tax += one->amount;
    }
    for (size_t i = 0; i < quote->taxes_count; i++) {
        const ec_quote_tax *one = &quote->taxes[i];
        taxes[i] = (ec_order_tax){
            .source = one->tax_rate_id == 0
                          ? "outside"
                          : ec_arena_printf(arena, "tax_rate:%lld", (long long)one->tax_rate_id),
            .name = one->name != NULL ? one->name : "Tax",
            .code = one->code,
            .rate = one->rate,
            .base = one->base,
            .amount = one->amount,
            .note = one->note,
            .included = one->included,
        };
    }
    order->adjustments = reasons;
    order->adjustments_count = quote->adjustments_count;
    order->taxes = taxes;
    order->taxes_count = quote->taxes_count;
    return EC_OK;
}

static ec_status build_promotions(ec_session *session, const ec_quote *quote, ec_order *order)
{
    ec_order_promotion *list =
        ec_arena_array(ec_scratch(session), quote->promotions_count, sizeof(*list));
    if (list == NULL) return ec_fail_memory(session);
    for (size_t i = 0; i < quote->promotions_count; i++) {
        const ec_quote_promotion *one = &quote->promotions[i];
        if (!one->applied || one->promotion_id == 0) continue;
        list[order->promotions_count++] = (ec_order_promotion){.promotion_id = one->promotion_id,
                                                               .coupon_id = one->coupon_id,
                                                               .name = one->name,
                                                               .code = one->code,
                                                               .amount = one->amount};
    }
    order->promotions = list;
    return EC_OK;
}

static ec_status build_figures(ec_session *session, const ec_loaded_cart *loaded, ec_order *order)
{
    const ec_quote *quote = loaded->quote;
    const ec_quote_shipping *method = chosen(quote);
    order->subtotal = quote->subtotal;
    order->discount_amount = quote->discount_amount;
    order->shipping_amount = quote->shipping_amount;
    order->shipping_discount = quote->shipping_discount;
    order->tax_amount = quote->tax_amount;
    order->tax_included = quote->tax_included;
    order->rounding_amount = quote->rounding_amount;
    order->total_amount = quote->total_amount;
    order->policy = quote->policy;
    if (method != NULL) {
        order->shipping_method_id = method->shipping_method_id;
        order->shipping_method = method->code;
        order->shipping_method_name = method->name;
    }
    ec_status status = build_items(session, loaded, order);
    if (status == EC_OK) status = build_promotions(session, quote, order);
    return status == EC_OK ? build_reasons(session, quote, order) : status;
}

static ec_status build(ec_session *session, const ec_checkout_request *request,
                       const ec_loaded_cart *loaded, const char *email, ec_order *order)
{
    const ec_cart_terms *terms = &loaded->terms;
    order->cart_id = loaded->cart.id;
    order->user_id = terms->user_id;
    order->channel_id = loaded->cart.channel_id;
    order->email = email;
    order->currency = loaded->cart.currency;
    order->payment_method = terms->payment_method == NULL ? "transfer" : terms->payment_method;
    order->shipping_address = frozen_address(session, terms->shipping_address);
    order->billing_address = frozen_address(session, terms->billing_address);
    order->notes = request->note;
    order->checkout_key = request->key;
    order->placed_at = request->placed_at;
    ec_status status = build_figures(session, loaded, order);
    if (status != EC_OK) return status;
    return ec_scratch(session)->failed ? ec_fail_memory(session) : EC_OK;
}

ec_status ec_checkout_plan_make(ec_session *session, const ec_checkout_request *request,
                                ec_loaded_cart *loaded, ec_checkout_plan *plan)
{
    const char *email = NULL;
    *plan = (ec_checkout_plan){.capture = request->capture};
    plan->order = ec_arena_alloc(ec_scratch(session), sizeof(*plan->order));
    if (plan->order == NULL) return ec_fail_memory(session);
    if (loaded->cart.items_count == 0) return ec_fail(session, EC_STATE, "The cart is empty.");
    ec_status status = email_of(session, request, loaded, &email);
    if (status != EC_OK) return status;
    set_terms(session, request, email, loaded);
    status = ec_cart_price(session, &loaded->terms, loaded);
    if (status == EC_OK) status = check_together(session, loaded, email);
    if (status == EC_OK) status = check_notices(session, loaded);
    if (status == EC_OK) status = check_discounts(session, loaded);
    if (status == EC_OK) status = check_method(session, loaded);
    if (status == EC_OK) status = check_taxes(session, loaded);
    if (status != EC_OK) return status;
    complete_addresses(&loaded->terms, is_shipped(loaded));
    status = build(session, request, loaded, email, plan->order);
    if (status != EC_OK) return status;
    status = check_total(session, request, plan->order->total_amount);
    return status == EC_OK ? ec_checkout_credits(session, request, plan) : status;
}

ec_stock_demand *ec_checkout_demands(ec_session *session, const ec_order *order, size_t *count)
{
    size_t found = 0;
    ec_stock_demand *demands =
        ec_arena_array(ec_scratch(session), order->items_count, sizeof(*demands));
    for (size_t i = 0; demands != NULL && i < order->items_count; i++) {
        const ec_order_item *item = &order->items[i];
        size_t at = item->is_gift ? 0 : found; /* a cart has each variant once */
        while (at < found && demands[at].variant_id != item->variant_id)
            at++;
        if (item->variant_id == 0) continue;
        if (at == found) demands[found++] = (ec_stock_demand){item->variant_id, 0};
        demands[at].quantity += item->quantity;
    }
    *count = found;
    return demands;
}

/* ---- as text ---- */

ec_status ec_checkout_freeze(ec_session *session, const ec_checkout_plan *plan, const char **text)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    ec_json_key(&json, "capture");
    ec_json_bool(&json, plan->capture);
    ec_json_key(&json, "credit");
    ec_json_bool(&json, plan->credits_count > 0);
    ec_json_key(&json, "order");
    ec_entity_store_json(&json, &ec_order_entity, plan->order, plan->order->currency);
    ec_json_object_end(&json);
    ec_status status = buf.status;
    if (status == EC_OK) *text = ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length);
    ec_buf_clear(&buf);
    if (status == EC_LIMIT) return ec_fail(session, EC_LIMIT, "The checkout is too long.");
    return status != EC_OK || *text == NULL ? ec_fail_memory(session) : EC_OK;
}

ec_status ec_checkout_thaw(ec_session *session, const char *text, ec_checkout_plan *plan)
{
    ec_json *json = NULL;
    ec_check check;
    ec_arena *arena = ec_scratch(session);
    *plan = (ec_checkout_plan){.order = ec_arena_alloc(arena, sizeof(*plan->order))};
    if (plan->order == NULL) return ec_fail_memory(session);
    ec_status status =
        text == NULL ? EC_CORRUPT : ec_json_parse(arena, text, strlen(text), &json, NULL, NULL);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    const ec_json *order = status == EC_OK ? ec_json_member(json, "order") : NULL;
    const ec_json *capture = status == EC_OK ? ec_json_member(json, "capture") : NULL;
    const ec_json *credit = status == EC_OK ? ec_json_member(json, "credit") : NULL;
    ec_check_init(&check, arena);
    if (order == NULL || capture == NULL ||
        ec_entity_read_json(arena, &ec_order_entity, order, NULL, true, plan->order, NULL,
                            &check) != EC_OK)
        return arena->failed ? ec_fail_memory(session)
                             : ec_fail(session, EC_CORRUPT, "The frozen checkout makes no sense.");
    plan->capture = capture->boolean;
    plan->credit = credit != NULL && credit->boolean;
    return EC_OK;
}
