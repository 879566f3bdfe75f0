/* SPDX-License-Identifier: MIT */
/*
 * registry.c - every entity of the library, in one list. Adding an entity is a line here and one in
 * model.h.
 */
#include "model/model.h"

const ec_entity *const ec_entities[] = {
    /* people */
    &ec_user_entity,
    &ec_user_list_entity,
    &ec_address_entity,
    &ec_address_list_entity,
    /* stock */
    &ec_warehouse_entity,
    &ec_warehouse_list_entity,
    &ec_stock_level_entity,
    &ec_stock_level_list_entity,
    &ec_stock_change_entity,
    &ec_stock_count_entity,
    &ec_stock_transfer_entity,
    &ec_movement_entity,
    &ec_movement_list_entity,
    &ec_reservation_entity,
    &ec_reservation_list_entity,
    /* sales */
    &ec_cart_entity,
    &ec_cart_item_entity,
    &ec_cart_notice_entity,
    &ec_order_entity,
    &ec_order_item_entity,
    &ec_adjustment_entity,
    &ec_shipment_entity,
    &ec_shipment_item_entity,
    &ec_return_entity,
    &ec_return_item_entity,
    &ec_payment_entity,
    &ec_payment_transaction_entity,
    &ec_refund_entity,
    &ec_reconciliation_entity,
    /* the shop itself */
    &ec_verify_problem_entity,
    &ec_verify_check_entity,
    &ec_verify_report_entity,
    &ec_channel_entity,
    &ec_channel_list_entity,
    &ec_price_list_entity,
    &ec_price_list_list_entity,
    &ec_event_entity,
    &ec_event_list_entity,
    &ec_setting_entity,
    &ec_setting_list_entity,
    &ec_migration_status_entity,
    &ec_migration_status_list_entity,
    NULL,
};
