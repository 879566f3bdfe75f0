/* SPDX-License-Identifier: MIT */
/*
 * hello.c - the smallest shop: a product, its stock, a cart, an order. The program of the README.
 */
#include <ecommerce.h>
#include <stdio.h>

int main(void)
{
    ec_engine *shop = NULL;
    ec_session *session = NULL;
    ec_product *mug = NULL;
    ec_stock_level *level = NULL;
    ec_cart *cart = NULL, *filled = NULL;
    ec_order *order = NULL;
    const ec_product new_mug = {
        .name = "Taza de greda", .price = 4990, .status = EC_PRODUCT_ACTIVE};
    const ec_address address = {
        .name = "Gabriela", .street = "Uno 1", .city = "Vicuña", .country = "CL"};
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;

    if (ec_open("sqlite::memory:", NULL, &shop) != EC_OK) return 1;
    if (ec_session_open(shop, NULL, &session) != EC_OK) return 1;
    if (ec_product_create(session, &new_mug, &mug) != EC_OK) goto failed;
    const ec_stock_change received = {.variant_id = mug->variants[0].id,
                                      .warehouse_id = 1,
                                      .on_hand = 10,
                                      .kind = EC_MOVEMENT_RECEIPT};
    if (ec_stock_adjust(session, &received, &level) != EC_OK) goto failed;
    if (ec_cart_open(session, &cart) != EC_OK) goto failed;
    if (ec_cart_add(session, cart->id, mug->variants[0].id, 2, 4990, &filled) != EC_OK) goto failed;
    request.cart_id = cart->id;
    request.key = "first-order";
    request.email = "gabriela@example.com";
    request.shipping_address = &address;
    if (ec_checkout(session, &request, &order) != EC_OK) goto failed;
    printf("order %s: %lld CLP\n", order->order_number, (long long)order->total_amount);
failed:
    if (order == NULL) printf("%s\n", ec_session_error(session)->message);
    int code = order == NULL;
    ec_free(mug), ec_free(level), ec_free(cart), ec_free(filled), ec_free(order);
    ec_session_close(session);
    ec_close(shop);
    return code;
}
