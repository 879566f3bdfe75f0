/* SPDX-License-Identifier: MIT */
/*
 * bad_input_states.c - input that is well-formed and wrong all the same: states that do not allow
 * it, amounts that overflow, things that are there twice, trees in a circle, lists that are too
 * long. Each is refused with its status and field and leaves no trace in the shop.
 */
#include "harness/bad.h"
#include "harness/products.h"
#include "harness/sale.h"

static bad_shop shop;
static ec_session *s;
static void *out; /* of the call that is made; must stay NULL */

static ec_id id(const char *name)
{
    return bad_id(&shop, name);
}

/* ---- the catalogue ---- */

static ec_status under_itself(void)
{
    return ec_category_move(s, id("category"), id("category"), 0, (ec_category **)&out);
}

static ec_status under_its_child(void)
{
    return ec_category_move(s, id("top"), id("bottom"), 0, (ec_category **)&out);
}

static ec_status updated_under_its_child(void)
{
    ec_category change = {.parent_id = id("bottom")};
    return ec_category_update(s, id("top"), &change, ec_mask_of("category", "parent_id"),
                              (ec_category **)&out);
}

static ec_status too_deep(void)
{
    ec_category below = {.name = "Too deep", .parent_id = id("deepest"), .is_active = true};
    return ec_category_create(s, &below, (ec_category **)&out);
}

static ec_status tree_too_deep(void)
{
    return ec_category_move(s, id("top"), id("deepest"), 0, (ec_category **)&out);
}

static ec_status category_with_children(void)
{
    return ec_category_delete(s, id("top"), 0);
}

static ec_status same_sku(void)
{
    ec_product product = {.name = "Same", .sku = "BOOT", .price = 1};
    return ec_product_create(s, &product, (ec_product **)&out);
}

static ec_status same_sku_twice(void)
{
    ec_variant variants[] = {variant_of(1, "TWIN", "A"), variant_of(1, "TWIN", "B")};
    ec_product_option option = {.name = "Size"};
    ec_product product = {.name = "Twins",
                          .options = &option,
                          .options_count = 1,
                          .variants = variants,
                          .variants_count = 2};
    return ec_product_create(s, &product, (ec_product **)&out);
}

static ec_status same_options_twice(void)
{
    ec_variant variants[] = {variant_of(1, "T-1", "A"), variant_of(1, "T-2", "A")};
    ec_product_option option = {.name = "Size"};
    ec_product product = {.name = "Twins",
                          .options = &option,
                          .options_count = 1,
                          .variants = variants,
                          .variants_count = 2};
    return ec_product_create(s, &product, (ec_product **)&out);
}

static ec_status variant_same_sku(void)
{
    ec_variant variant = variant_of(1, "BOOT", "new");
    return ec_variant_create(s, id("sized"), &variant, (ec_variant **)&out);
}

static ec_status too_many_variants(void)
{
    static ec_variant variants[EC_VARIANTS_MAX + 1];
    for (size_t i = 0; i <= EC_VARIANTS_MAX; i++)
        variants[i] = variant_of(1, NULL, "same");
    ec_product_option option = {.name = "Size"};
    ec_product product = {.name = "Many",
                          .options = &option,
                          .options_count = 1,
                          .variants = variants,
                          .variants_count = EC_VARIANTS_MAX + 1};
    return ec_product_create(s, &product, (ec_product **)&out);
}

static ec_status same_code(void)
{
    ec_warehouse twin = {.code = "north", .name = "Twin"};
    return ec_warehouse_create(s, &twin, (ec_warehouse **)&out);
}

static ec_status same_email(void)
{
    ec_user twin = {.email = "ANA@example.com", .name = "Twin"};
    return ec_user_create(s, &twin, (ec_user **)&out);
}

static ec_status last_variant(void)
{
    return ec_variant_delete(s, id("single"), 0);
}

static ec_status ordered_product(void)
{
    ec_variant *variant = NULL;
    assert_ok(s, ec_variant_get(s, id("variant"), &variant));
    ec_id product = variant->product_id;
    ec_free(variant);
    return ec_product_delete(s, product, 0);
}

static ec_status no_default_channel(void)
{
    ec_channel change = {.is_default = false};
    return ec_channel_update(s, 1, &change, ec_mask_of("channel", "is_default"),
                             (ec_channel **)&out);
}

/* ---- carts ---- */

static ec_status no_units(void)
{
    return ec_cart_add(s, id("cart"), id("other"), 0, -1, (ec_cart **)&out);
}

static ec_status negative_units(void)
{
    return ec_cart_add(s, id("cart"), id("other"), -1, -1, (ec_cart **)&out);
}

static ec_status more_than_there_are(void)
{
    return ec_cart_add(s, id("cart"), id("other"), 101, -1, (ec_cart **)&out);
}

static ec_status another_price(void)
{
    return ec_cart_add(s, id("cart"), id("other"), 1, 1, (ec_cart **)&out);
}

static ec_status ten_thousand_lines(void)
{
    static ec_cart_line lines[10000];
    for (int64_t i = 0; i < 10000; i++)
        lines[i] = (ec_cart_line){i + 1, 1, -1};
    return ec_cart_add_lines(s, id("cart"), lines, 10000, (ec_cart **)&out);
}

static ec_status one_bad_line(void)
{
    const ec_cart_line lines[] = {{id("other"), 1, -1}, {id("spare"), 0, -1}};
    return ec_cart_add_lines(s, id("cart"), lines, 2, (ec_cart **)&out);
}

static ec_status line_twice(void)
{
    const ec_cart_line lines[] = {{id("other"), 1, -1}, {id("other"), 1, -1}};
    return ec_cart_add_lines(s, id("cart"), lines, 2, (ec_cart **)&out);
}

static ec_status too_dear(void)
{
    return ec_cart_add(s, id("dear_cart"), id("dear"), 9998, -1, (ec_cart **)&out);
}

static ec_checkout_request request_of(const char *cart)
{
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id(cart);
    request.key = "wrong";
    request.email = "ana@example.com";
    request.shipping_address = &sale_address;
    return request;
}

static ec_status ordered_cart(void)
{
    return ec_cart_add(s, id("ordered"), id("other"), 1, -1, (ec_cart **)&out);
}

static ec_status ordered_again(void)
{
    ec_checkout_request request = request_of("ordered");
    return ec_checkout(s, &request, (ec_order **)&out);
}

static ec_status empty_cart(void)
{
    ec_checkout_request request = request_of("empty");
    return ec_checkout(s, &request, (ec_order **)&out);
}

static ec_status another_total(void)
{
    ec_checkout_request request = request_of("cart");
    request.expected_total = 1;
    return ec_checkout(s, &request, (ec_order **)&out);
}

static ec_status no_address(void)
{
    ec_checkout_request request = request_of("cart");
    request.shipping_address = NULL;
    return ec_checkout(s, &request, (ec_order **)&out);
}

static ec_status half_an_address(void)
{
    ec_checkout_request request = request_of("cart");
    ec_address address = sale_address;
    address.city = NULL;
    address.country = "Chile";
    request.shipping_address = &address;
    return ec_checkout(s, &request, (ec_order **)&out);
}

static ec_status fee_of_a_fortune(void)
{
    ec_checkout_request request = request_of("cart");
    request.shipping_amount = EC_AMOUNT_MAX;
    return ec_checkout(s, &request, (ec_order **)&out);
}

static ec_status declined(void)
{
    ec_checkout_request request = request_of("cart");
    request.payment_provider = "nobody";
    return ec_checkout(s, &request, (ec_order **)&out);
}

/* ---- orders ---- */

static ec_status cancel_sent(void)
{
    return ec_order_cancel(s, id("order"), NULL, (ec_order **)&out);
}

static ec_status cancel_units(const char *item, int64_t quantity, int64_t version)
{
    const ec_order_units units = {id(item), quantity};
    const ec_cancel_request request = {.version = version, .items = &units, .items_count = 1};
    return ec_order_cancel(s, id("open"), &request, (ec_order **)&out);
}

static ec_status cancel_none(void)
{
    return cancel_units("open_item", 0, 0);
}

static ec_status cancel_fewer_than_none(void)
{
    return cancel_units("open_item", INT64_MIN, 0);
}

static ec_status cancel_too_many(void)
{
    return cancel_units("open_item", INT64_MAX, 0);
}

static ec_status cancel_of_another(void)
{
    return cancel_units("order_item", 1, 0);
}

static ec_status cancel_old_version(void)
{
    return cancel_units("open_item", 1, 99);
}

static ec_status cancel_twice(void)
{
    return ec_order_cancel(s, id("cancelled"), NULL, (ec_order **)&out);
}

static ec_status ship_cancelled(void)
{
    return ec_order_ship(s, id("cancelled"), NULL, (ec_order **)&out);
}

static ec_status ship_units(int64_t quantity, ec_id warehouse)
{
    ec_shipment_item item = {.order_item_id = id("open_item"), .quantity = quantity};
    ec_shipment parcel = {.warehouse_id = warehouse, .items = &item, .items_count = 1};
    return ec_order_ship(s, id("open"), &parcel, (ec_order **)&out);
}

static ec_status ship_none(void)
{
    return ship_units(0, 0);
}

static ec_status ship_too_many(void)
{
    return ship_units(INT64_MAX, 0);
}

static ec_status ship_from_nowhere(void)
{
    return ship_units(1, 987654);
}

static ec_status ship_twice_the_same(void)
{
    ec_shipment_item items[] = {{.order_item_id = id("open_item"), .quantity = 3},
                                {.order_item_id = id("open_item"), .quantity = 3}};
    ec_shipment parcel = {.items = items, .items_count = 2};
    return ec_order_ship(s, id("open"), &parcel, (ec_order **)&out);
}

static ec_status return_units(const char *item, int64_t quantity)
{
    ec_return_item items = {.order_item_id = id(item), .quantity = quantity};
    ec_return request = {.items = &items, .items_count = 1};
    return ec_return_request(s, id("order"), &request, (ec_order **)&out);
}

static ec_status return_none(void)
{
    return return_units("order_item", 0);
}

static ec_status return_too_many(void)
{
    return return_units("order_item", INT64_MAX);
}

static ec_status return_of_another(void)
{
    return return_units("open_item", 1);
}

static ec_status return_nothing(void)
{
    ec_return request = {.reason = "nothing"};
    return ec_return_request(s, id("order"), &request, (ec_order **)&out);
}

static ec_status approve_again(void)
{
    return ec_return_apply(s, id("return"), "approve", 0, (ec_order **)&out);
}

static ec_status refund_too_much(void)
{
    ec_refund_request request = {.amount = 7961, .key = "much"};
    return ec_order_refund(s, id("order"), &request, (ec_order **)&out);
}

static ec_status refund_unpaid(void)
{
    ec_refund_request request = {.key = "unpaid"};
    return ec_order_refund(s, id("open"), &request, (ec_order **)&out);
}

static ec_status refund_of_another(void)
{
    ec_refund_request request = {.amount = 1, .payment_id = id("payment"), .key = "other"};
    return ec_order_refund(s, id("open"), &request, (ec_order **)&out);
}

static ec_status record_too_much(void)
{
    return ec_payment_record(s, id("open"), 7961, NULL, NULL, "much", (ec_payment **)&out);
}

static ec_status record_paid(void)
{
    return ec_payment_record(s, id("order"), 1, NULL, NULL, "paid", (ec_payment **)&out);
}

static ec_status capture_captured(void)
{
    return ec_payment_capture(s, id("payment"), 1, "more", (ec_payment **)&out);
}

static ec_status void_captured(void)
{
    return ec_payment_void(s, id("payment"), "up", (ec_payment **)&out);
}

static ec_status complete_unsent(void)
{
    return ec_order_apply(s, id("open"), "complete", NULL, (ec_order **)&out);
}

static ec_status edit_one(ec_order_edit_item item)
{
    const ec_order_edit_request edit = {.items = &item, .items_count = 1, .shipping_amount = -1};
    return ec_order_edit(s, id("open"), &edit, (ec_order **)&out);
}

static ec_status edit_neither(void)
{
    return edit_one((ec_order_edit_item){.quantity = 1, .unit_price = -1});
}

static ec_status edit_both(void)
{
    return edit_one((ec_order_edit_item){id("open_item"), id("other"), 1, -1});
}

static ec_status edit_overflow(void)
{
    return edit_one((ec_order_edit_item){id("open_item"), 0, 4, EC_AMOUNT_MAX});
}

static ec_status edit_wild_price(void)
{
    return edit_one((ec_order_edit_item){id("open_item"), 0, 4, INT64_MAX});
}

static ec_status edit_wild_quantity(void)
{
    return edit_one((ec_order_edit_item){id("open_item"), 0, INT64_MAX, -1});
}

static ec_status edit_negative_quantity(void)
{
    return edit_one((ec_order_edit_item){id("open_item"), 0, -1, -1});
}

static ec_status edit_unknown(void)
{
    return edit_one((ec_order_edit_item){0, 987654, 1, -1});
}

static ec_status edit_cancelled(void)
{
    const ec_order_edit_request edit = {.shipping_amount = 1};
    return ec_order_edit(s, id("cancelled"), &edit, (ec_order **)&out);
}

static ec_status deliver_delivered(void)
{
    return ec_shipment_deliver(s, id("delivered"), (ec_order **)&out);
}

/* ---- stock, pages, events ---- */

static ec_status adjust_nothing(void)
{
    ec_stock_change change = {.variant_id = id("variant"), .warehouse_id = id("warehouse")};
    return ec_stock_adjust(s, &change, (ec_stock_level **)&out);
}

static ec_status adjust_in_the_librarys_name(void)
{
    ec_stock_change change = {.variant_id = id("variant"),
                              .warehouse_id = id("warehouse"),
                              .on_hand = 1,
                              .cause = "order"};
    return ec_stock_adjust(s, &change, (ec_stock_level **)&out);
}

static ec_status transfer_to_itself(void)
{
    ec_stock_transfer_request request = {.variant_id = id("variant"),
                                         .from_id = id("warehouse"),
                                         .to_id = id("warehouse"),
                                         .quantity = 1};
    return ec_stock_transfer(s, &request, (ec_stock_level_list **)&out);
}

static ec_status count_what_was(void)
{
    ec_stock_count count = {
        .variant_id = id("variant"), .warehouse_id = id("warehouse"), .on_hand = 5, .expected = 4};
    return ec_stock_set(s, &count, (ec_stock_level **)&out);
}

static ec_status receive_unannounced(void)
{
    return ec_stock_receive(s, id("other"), id("warehouse"), 1, NULL, (ec_stock_level **)&out);
}

static ec_status cause_without_kind(void)
{
    const ec_movement_filter filter = {.cause_id = 1};
    return ec_movement_find(s, &filter, NULL, (ec_movement_list **)&out);
}

static ec_status event_without_kind(void)
{
    const ec_event_filter filter = {.aggregate_id = 1};
    return ec_event_find(s, &filter, NULL, (ec_event_list **)&out);
}

static ec_status two_places_of_a_page(void)
{
    ec_page page = {.page = 2, .cursor = "WyJpZCIsMCwxXQ"};
    return ec_order_find(s, NULL, &page, (ec_order_list **)&out);
}

static ec_status too_many_warehouses(void)
{
    static ec_id many[EC_CHANNEL_WAREHOUSES_MAX + 1];
    for (size_t i = 0; i <= EC_CHANNEL_WAREHOUSES_MAX; i++)
        many[i] = (ec_id)i + 1;
    return ec_warehouse_assign(s, 1, many, EC_CHANNEL_WAREHOUSES_MAX + 1);
}

static ec_status same_warehouse_twice(void)
{
    const ec_id twice[] = {id("warehouse"), id("warehouse")};
    return ec_warehouse_assign(s, 1, twice, 2);
}

static const struct {
    const char *what;
    ec_status (*call)(void);
    ec_status wanted;
    const char *field; /* that the error names; NULL: none is to blame */
} wrongs[] = {
    {"a category under itself", under_itself, EC_INVALID, "parent_id"},
    {"a category under its child", under_its_child, EC_INVALID, "parent_id"},
    {"the same by an update", updated_under_its_child, EC_INVALID, "parent_id"},
    {"a category too deep", too_deep, EC_INVALID, "parent_id"},
    {"a tree too deep", tree_too_deep, EC_INVALID, "parent_id"},
    {"removing a category with others below", category_with_children, EC_IN_USE, NULL},
    {"a SKU that is there", same_sku, EC_EXISTS, "sku"},
    {"a SKU twice", same_sku_twice, EC_INVALID, "variants[1].sku"},
    {"option values twice", same_options_twice, EC_INVALID, "variants[1].option1"},
    {"a variant's SKU that is there", variant_same_sku, EC_EXISTS, "sku"},
    {"too many variants", too_many_variants, EC_INVALID, "variants"},
    {"a code that is there", same_code, EC_EXISTS, "code"},
    {"an address that is there in capitals", same_email, EC_EXISTS, "email"},
    {"removing the last variant", last_variant, EC_STATE, NULL},
    {"removing what was ordered", ordered_product, EC_IN_USE, NULL},
    {"no default channel", no_default_channel, EC_INVALID, "is_default"},
    {"no units", no_units, EC_INVALID, "quantity"},
    {"negative units", negative_units, EC_INVALID, "quantity"},
    {"more than there are", more_than_there_are, EC_OUT_OF_STOCK, NULL},
    {"another price", another_price, EC_CHANGED, NULL},
    {"a cart of 10,000 lines", ten_thousand_lines, EC_LIMIT, "lines"},
    {"one bad line of two", one_bad_line, EC_INVALID, "lines[1].quantity"},
    {"a variant twice", line_twice, EC_INVALID, "lines"},
    {"a cart too dear", too_dear, EC_OVERFLOW, NULL},
    {"adding to an ordered cart", ordered_cart, EC_STATE, NULL},
    {"ordering under another key", ordered_again, EC_KEY_REUSED, "key"},
    {"ordering nothing", empty_cart, EC_STATE, NULL},
    {"another total", another_total, EC_CHANGED, NULL},
    {"no address", no_address, EC_INVALID, "shipping_address"},
    {"half an address", half_an_address, EC_INVALID, "shipping_address.c"},
    {"a fee that overflows", fee_of_a_fortune, EC_OVERFLOW, NULL},
    {"an unknown provider", declined, EC_INVALID, "payment_provider"},
    {"calling off what was sent", cancel_sent, EC_STATE, NULL},
    {"calling off no units", cancel_none, EC_INVALID, "items[0].quantity"},
    {"calling off fewer than none", cancel_fewer_than_none, EC_INVALID, "items[0].quantity"},
    {"calling off too many", cancel_too_many, EC_INVALID, "items[0].quantity"},
    {"calling off another order's", cancel_of_another, EC_INVALID, "items[0]"},
    {"calling off an old version", cancel_old_version, EC_STALE, NULL},
    {"calling off twice", cancel_twice, EC_STATE, NULL},
    {"sending a cancelled order", ship_cancelled, EC_STATE, NULL},
    {"sending no units", ship_none, EC_INVALID, "items[0].quantity"},
    {"sending too many", ship_too_many, EC_INVALID, "items[0].quantity"},
    {"sending from nowhere", ship_from_nowhere, EC_INVALID, "warehouse_id"},
    {"sending the same twice", ship_twice_the_same, EC_INVALID, "items[1]"},
    {"returning no units", return_none, EC_INVALID, "items[0].quantity"},
    {"returning too many", return_too_many, EC_INVALID, "items[0].quantity"},
    {"returning another order's", return_of_another, EC_INVALID, "items[0]"},
    {"returning nothing", return_nothing, EC_INVALID, "items"},
    {"approving twice", approve_again, EC_STATE, NULL},
    {"giving back too much", refund_too_much, EC_INVALID, "amount"},
    {"giving back what never came", refund_unpaid, EC_STATE, NULL},
    {"giving back another's", refund_of_another, EC_INVALID, "payment_id"},
    {"recording too much", record_too_much, EC_INVALID, "amount"},
    {"recording what is paid", record_paid, EC_STATE, NULL},
    {"capturing again", capture_captured, EC_STATE, NULL},
    {"giving up what was taken", void_captured, EC_STATE, NULL},
    {"completing an unsent order", complete_unsent, EC_STATE, NULL},
    {"an edit of nothing", edit_neither, EC_INVALID, "items[0]"},
    {"an edit of two things", edit_both, EC_INVALID, "items[0]"},
    {"an edit that overflows", edit_overflow, EC_OVERFLOW, NULL},
    {"a wild price", edit_wild_price, EC_INVALID, "items[0].unit_price"},
    {"a wild quantity", edit_wild_quantity, EC_INVALID, "items[0].quantity"},
    {"a negative quantity", edit_negative_quantity, EC_INVALID, "items[0].quantity"},
    {"an unknown variant", edit_unknown, EC_INVALID, "items[0].variant_id"},
    {"an edit of a cancelled order", edit_cancelled, EC_STATE, NULL},
    {"a parcel arrives twice", deliver_delivered, EC_STATE, NULL},
    {"a change of nothing", adjust_nothing, EC_INVALID, "on_hand"},
    {"a change in the library's name", adjust_in_the_librarys_name, EC_INVALID, "cause"},
    {"a transfer to itself", transfer_to_itself, EC_INVALID, "to_id"},
    {"a count of what was", count_what_was, EC_STALE, NULL},
    {"goods that nobody announced", receive_unannounced, EC_INVALID, "quantity"},
    {"a cause of no kind", cause_without_kind, EC_INVALID, "cause"},
    {"an object of no kind", event_without_kind, EC_INVALID, "aggregate"},
    {"a page at two places", two_places_of_a_page, EC_INVALID, "page"},
    {"too many warehouses", too_many_warehouses, EC_INVALID, "warehouses"},
    {"a warehouse twice", same_warehouse_twice, EC_INVALID, "warehouses[1]"},
};

/* ---- the shop ---- */

static void know(const char *name, ec_id value)
{
    assert_true(shop.count < sizeof shop.ids / sizeof shop.ids[0] && value > 0);
    shop.ids[shop.count].name = name;
    shop.ids[shop.count++].id = value;
}

static ec_id new_cart(ec_id variant, int64_t quantity)
{
    ec_cart *cart = NULL, *filled = NULL;
    assert_ok(s, ec_cart_open(s, &cart));
    ec_id made = cart->id;
    if (quantity > 0) assert_ok(s, ec_cart_add(s, made, variant, quantity, -1, &filled));
    ec_free(cart);
    ec_free(filled);
    return made;
}

static void make_orders(void)
{
    ec_order *order = NULL, *after = NULL;
    const sale_line lines[] = {{id("variant"), 1}, {0, 0}};
    order = sale_order(s, "cancelled", lines);
    assert_ok(s, ec_order_cancel(s, order->id, NULL, &after));
    know("cancelled", order->id);
    ec_free(order);
    ec_free(after);
    order = sale_order(s, "delivered", lines);
    know("ordered", order->cart_id);
    assert_ok(s, ec_order_ship(s, order->id, NULL, &after));
    know("delivered", after->shipments[0].id);
    ec_free(after);
    assert_ok(s, ec_shipment_deliver(s, id("delivered"), &after));
    ec_free(after);
    ec_free(order);
}

static void make_tree(void)
{
    ec_id deepest = 0;
    for (int i = 0; i < EC_CATEGORY_DEPTH_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "Level %d", i);
        deepest = category_make(s, name, deepest);
    }
    know("deepest", deepest);
    know("top", category_make(s, "Top", 0));
    know("bottom", category_make(s, "Bottom", id("top")));
}

static int setup(void **state)
{
    (void)state;
    bad_shop_open(&shop);
    s = shop.session;
    make_tree();
    make_orders();
    know("empty", new_cart(0, 0));
    know("dear", sale_variant(shop.engine, "DEAR", EC_AMOUNT_MAX, -1));
    know("dear_cart", new_cart(id("dear"), 1));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sale_verified(shop.engine);
    bad_shop_close(&shop);
    return 0;
}

static void wrongs__are_refused_without_a_trace(void **state)
{
    (void)state;
    int faults = 0;
    uint64_t before = shop_checksum(shop.engine);
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        out = NULL;
        ec_status status = wrongs[i].call();
        const ec_error *error = ec_session_error(s);
        bool changed = shop_checksum(shop.engine) != before;
        bool named = !wrongs[i].field || bad_names(s, wrongs[i].field);
        if (status == wrongs[i].wanted && error->status == status && error->message[0] != '\0' &&
            named && !out && !changed)
            continue;
        print_error("%s: %s (not %s)%s: %s [%s, %s]\n", wrongs[i].what, ec_status_name(status),
                    ec_status_name(wrongs[i].wanted), changed ? ", the shop changed" : "",
                    error->message, error->field ? error->field : "-",
                    error->rule ? error->rule : "-");
        before = shop_checksum(shop.engine);
        faults++;
    }
    assert_int_equal(faults, 0);
}

/* ---- keys ---- */

static void order_refund__tells_similar_keys_apart(void **state)
{
    (void)state;
    ec_order *order = NULL;
    ec_refund_request request = {.amount = 100, .key = "a:b"};
    assert_ok(s, ec_order_refund(s, id("order"), &request, &order));
    ec_free(order);
    request.key = "a";
    request.amount = 50;
    assert_ok(s, ec_order_refund(s, id("order"), &request, &order));
    assert_int_equal(order->refunded_amount, 150);
    ec_free(order);
    assert_ok(s, ec_order_refund(s, id("order"), &request, &order));
    assert_int_equal(order->refunded_amount, 150);
    ec_free(order);
    request.amount = 51;
    assert_status(s, ec_order_refund(s, id("order"), &request, &order), EC_KEY_REUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wrongs__are_refused_without_a_trace, setup, teardown),
        cmocka_unit_test_setup_teardown(order_refund__tells_similar_keys_apart, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
