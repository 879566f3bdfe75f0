/* SPDX-License-Identifier: MIT */
/*
 * cart.h - a cart in memory with everything that decides about it, and the small steps on its rows.
 *
 * One SELECT reads the cart, its items, what is sold at which price now, and where it lies.
 * Showing, changing and checking out all begin with it.
 */
#ifndef EC_CART_CART_H
#define EC_CART_CART_H

#include <ecommerce/cart.h>
#include <ecommerce/limits.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"
#include "price/load.h"
#include "stock/stock.h"

/* What an item's variant is now. */
typedef struct ec_loaded_line {
    int64_t price; /* present price of one; -1: none in this currency */
    int64_t shown; /* price last shown */
    ec_time shown_at;
    bool requires_shipping;
    bool tracked;
    ec_pricing_line facts;
} ec_loaded_line;

/* What a promotion gives on top, as it is now. */
typedef struct ec_cart_gift {
    ec_id variant_id;
    const char *name, *variant_name;
    int64_t available; /* -1: any number */
    bool requires_shipping;
    bool tracked;
} ec_cart_gift;

/* The situation that a cart is priced in, where it is not its own. */
typedef struct ec_cart_terms {
    const ec_address *shipping_address, *billing_address; /* or NULL */
    const char *shipping_method, *payment_method, *email; /* or NULL */
    int64_t shipping_amount;                              /* set by hand; -1: computed */
    ec_id user_id;                                        /* who buys */
    struct ec_tax_question *tax_question; /* to be filled for a tax service, or NULL */
} ec_cart_terms;

typedef struct ec_loaded_cart {
    ec_cart cart; /* with items, notices and figures */
    const char *token_hash;
    const char *checkout_key; /* or NULL */
    const char *frozen;       /* the checkout while it is paid, or NULL */
    const char *user_email;   /* of the customer, or NULL */
    const char *number_prefix;
    int64_t next_number; /* of the next order; 0: there is no series */
    int64_t attempts;    /* payments that were begun for this cart */
    ec_stock_strategy stock_strategy;
    ec_merge_policy merge_policy;
    ec_loaded_line *lines; /* one for each of cart.items */
    ec_stock_supply supply;
    const char *ship_to, *bill_to, *codes; /* as they are stored */
    const char *user_role;                 /* of the customer, or NULL */
    int64_t rules_version;
    int64_t shown_discount; /* what was taken off when it was last shown */
    ec_cart_terms terms;    /* its own */
    ec_quote *quote;        /* once it is priced */
    size_t *item_of;        /* the item of each of the quote's lines; gifts have none */
    ec_cart_gift *gifts;    /* one for each line behind the items */
    size_t gifts_count;
} ec_loaded_cart;

/* Read a cart of the session's, without figures. EC_NOT_FOUND for another's. A cart whose time ran
   out is EC_CART_EXPIRED, swept or not. */
ec_status ec_cart_read(ec_session *session, ec_id id, ec_loaded_cart *out);
/* The addresses and codes of a cart that was read. */
ec_status ec_cart_read_terms(ec_session *session, ec_loaded_cart *out);
/* What a cart that was read is priced by. terms NULL: its own. */
ec_status ec_cart_situation(ec_session *session, const ec_cart_terms *terms, ec_loaded_cart *out,
                            const ec_rules **rules, ec_pricing *in);
/* Its quote, figures and notices. terms NULL: its own. EC_OVERFLOW when it comes to too much. */
ec_status ec_cart_price(ec_session *session, const ec_cart_terms *terms, ec_loaded_cart *out);
/* Write down what was taken off, for the checkout; nothing when that is known. */
ec_status ec_cart_remember(ec_session *session, ec_loaded_cart *loaded);
/* Both: read and price it. */
ec_status ec_cart_load(ec_session *session, ec_id id, ec_loaded_cart *out);
/* The same, and it must be open: EC_STATE. */
ec_status ec_cart_load_open(ec_session *session, ec_id id, ec_loaded_cart *out);
/* EC_STATE, in the words of the state. */
ec_status ec_cart_fail_state(ec_session *session, const ec_cart *cart);
/* The cart as the result of an operation. */
ec_status ec_cart_answer(ec_session *session, ec_id id, void **result);
/* The same after a change of it: the shopper sees it now. */
ec_status ec_cart_answer_changed(ec_session *session, ec_id id, void **result);

/* May the session see the cart of this owner? */
bool ec_cart_is_own(const ec_session *session, ec_id user_id, const char *token_hash);
/* The digest under which the session's token is stored; NULL without a token. In the arena. */
const char *ec_cart_token_hash(ec_session *session);

/* An open cart was changed: version, time of change, and its time to live begins anew. EC_STATE. */
ec_status ec_cart_touch(ec_session *session, ec_id id);
/* Set "quantity" or "unit_price" of items, in one statement. */
ec_status ec_cart_store(ec_session *session, const char *column, const ec_id *items,
                        const int64_t *values, size_t count);
/*
 * A checkout found the cart another one than was shown: take the present prices and discounts as
 * shown, and drop coupons that do not hold any more. *changed: the field that was, NULL: none.
 */
ec_status ec_cart_accept(ec_session *session, ec_loaded_cart *loaded, const char **changed);
/* The entry of the quote that says that the code does not hold any more, whatever the cart is; NULL
   when it may. */
const ec_quote_promotion *ec_cart_coupon_gone(const ec_quote *quote, const char *code);
/* Take the present prices of what is sold as shown. *changed: how many; one statement, or none. */
ec_status ec_cart_store_prices(ec_session *session, const ec_loaded_cart *loaded, size_t *changed);
/* Make an open cart. token_hash: of a visitor's secret, or any unique text. */
ec_status ec_cart_insert(ec_session *session, ec_id user_id, ec_id *id, char *token);

/* head, item repeated with ", " between, tail. In the arena; NULL when memory is out. */
const char *ec_cart_sql(ec_session *session, const char *head, const char *item, size_t count,
                        const char *tail);

#endif
