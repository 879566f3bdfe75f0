/* SPDX-License-Identifier: MIT */
/*
 * model.h - the descriptions of all entities. Their order here is that of lib/model/registry.c.
 */
#ifndef EC_MODEL_MODEL_H
#define EC_MODEL_MODEL_H

#include "entity/entity.h"

/* people */
extern const ec_entity ec_user_entity;
extern const ec_entity ec_user_list_entity;
extern const ec_entity ec_address_entity;
extern const ec_entity ec_address_list_entity;
extern const ec_entity ec_group_entity;
extern const ec_entity ec_group_list_entity;
extern const ec_entity ec_group_user_entity;

/* catalogue */
extern const ec_entity ec_category_entity;
extern const ec_entity ec_category_ref_entity;
extern const ec_entity ec_category_list_entity;
extern const ec_entity ec_brand_entity;
extern const ec_entity ec_brand_ref_entity;
extern const ec_entity ec_brand_list_entity;
extern const ec_entity ec_product_entity;
extern const ec_entity ec_product_list_entity;
extern const ec_entity ec_product_option_entity;
extern const ec_entity ec_product_image_entity;
extern const ec_entity ec_product_attribute_entity;
extern const ec_entity ec_variant_entity;
extern const ec_entity ec_variant_list_entity;
extern const ec_entity ec_attribute_entity;
extern const ec_entity ec_attribute_list_entity;
extern const ec_entity ec_collection_entity;
extern const ec_entity ec_collection_list_entity;
extern const ec_entity ec_price_entity;
extern const ec_entity ec_price_page_entity;
extern const ec_entity ec_price_change_entity;
extern const ec_entity ec_price_change_list_entity;
extern const ec_entity ec_price_prior_entity;
extern const ec_entity ec_price_bulk_request_entity;
extern const ec_entity ec_price_bulk_item_entity;
extern const ec_entity ec_price_bulk_report_entity;
extern const ec_entity ec_product_filter_entity;
extern const ec_entity ec_attribute_choice_entity;
extern const ec_entity ec_id_item_entity;

/* shipping */
extern const ec_entity ec_shipping_category_entity;
extern const ec_entity ec_shipping_category_list_entity;
extern const ec_entity ec_shipping_method_entity;
extern const ec_entity ec_shipping_method_list_entity;

/* zones and taxes */
extern const ec_entity ec_zone_entity;
extern const ec_entity ec_zone_list_entity;
extern const ec_entity ec_zone_member_entity;
extern const ec_entity ec_tax_category_entity;
extern const ec_entity ec_tax_category_list_entity;
extern const ec_entity ec_tax_rate_entity;
extern const ec_entity ec_tax_rate_list_entity;
extern const ec_entity ec_tax_exemption_entity;
extern const ec_entity ec_tax_exemption_list_entity;
extern const ec_entity ec_tax_number_entity;
extern const ec_entity ec_tax_number_list_entity;
extern const ec_entity ec_tax_import_entity;

/* promotions */
extern const ec_entity ec_promotion_entity;
extern const ec_entity ec_promotion_list_entity;
extern const ec_entity ec_coupon_entity;
extern const ec_entity ec_coupon_list_entity;
extern const ec_entity ec_simulation_request_entity;
extern const ec_entity ec_simulation_currency_entity;
extern const ec_entity ec_simulation_entity;
extern const ec_entity ec_promotion_finding_entity;
extern const ec_entity ec_promotion_findings_entity;

/* stock */
extern const ec_entity ec_warehouse_entity;
extern const ec_entity ec_warehouse_list_entity;
extern const ec_entity ec_stock_level_entity; /* "inventory" */
extern const ec_entity ec_stock_level_list_entity;
extern const ec_entity ec_stock_change_entity;
extern const ec_entity ec_stock_count_entity;
extern const ec_entity ec_stock_transfer_entity;
extern const ec_entity ec_movement_entity;
extern const ec_entity ec_movement_list_entity;
extern const ec_entity ec_reservation_entity;
extern const ec_entity ec_reservation_list_entity;

/* sales */
extern const ec_entity ec_policy_entity;
extern const ec_entity ec_quote_line_entity;
extern const ec_entity ec_quote_adjustment_entity;
extern const ec_entity ec_quote_tax_entity;
extern const ec_entity ec_quote_promotion_entity;
extern const ec_entity ec_quote_shipping_entity;
extern const ec_entity ec_quote_entity;
extern const ec_entity ec_cart_notice_entity;
extern const ec_entity ec_cart_item_entity;
extern const ec_entity ec_cart_entity;
extern const ec_entity ec_cart_list_entity;
extern const ec_entity ec_order_item_entity;
extern const ec_entity ec_adjustment_entity;
extern const ec_entity ec_order_tax_entity;
extern const ec_entity ec_order_promotion_entity;
extern const ec_entity ec_shipment_item_entity;
extern const ec_entity ec_shipment_entity;
extern const ec_entity ec_return_item_entity;
extern const ec_entity ec_return_entity;
extern const ec_entity ec_payment_transaction_entity;
extern const ec_entity ec_payment_entity;
extern const ec_entity ec_refund_item_entity;
extern const ec_entity ec_refund_entity;
extern const ec_entity ec_order_entity;
extern const ec_entity ec_order_list_entity;
extern const ec_entity ec_ledger_entry_entity;
extern const ec_entity ec_ledger_entity;
extern const ec_entity ec_next_event_entity;
extern const ec_entity ec_next_events_entity;
extern const ec_entity ec_reconciliation_entity;
extern const ec_entity ec_credit_entity;
extern const ec_entity ec_credit_list_entity;
extern const ec_entity ec_credit_entry_entity;
extern const ec_entity ec_credit_entry_list_entity;

/* the shop itself */
extern const ec_entity ec_verify_problem_entity;
extern const ec_entity ec_verify_check_entity;
extern const ec_entity ec_verify_report_entity;
extern const ec_entity ec_channel_entity;
extern const ec_entity ec_channel_list_entity;
extern const ec_entity ec_price_list_entity;
extern const ec_entity ec_price_list_list_entity;
extern const ec_entity ec_price_list_channel_entity;
extern const ec_entity ec_event_entity;
extern const ec_entity ec_event_list_entity;
extern const ec_entity ec_setting_entity;
extern const ec_entity ec_setting_list_entity;
extern const ec_entity ec_migration_status_entity;
extern const ec_entity ec_migration_status_list_entity;

/* enum names that code needs as well as tables */
extern const char *const ec_actor_names[];
extern const char *const ec_role_names[];
extern const char *const ec_attribute_type_names[];
extern const char *const ec_weight_unit_names[];
extern const char *const ec_product_status_names[];
extern const char *const ec_product_sort_names[];
extern const char *const ec_rounding_names[];
extern const char *const ec_allocation_names[];
extern const char *const ec_adjustment_kind_names[];
extern const char *const ec_price_list_status_names[];
extern const char *const ec_bulk_base_names[];
extern const char *const ec_bulk_ending_names[];
extern const char *const ec_bulk_compare_names[];
extern const char *const ec_stock_strategy_names[];
extern const char *const ec_merge_policy_names[];
extern const char *const ec_shipping_match_names[];
extern const char *const ec_shipping_status_names[];
extern const char *const ec_zone_scope_names[];
extern const char *const ec_zone_kind_names[];
extern const char *const ec_tax_calculator_names[];
extern const char *const ec_tax_exemption_kind_names[];
extern const char *const ec_promotion_status_names[];
extern const char *const ec_finding_kind_names[];
extern const char *const ec_finding_severity_names[];
extern const char *const ec_promotion_kind_names[];
extern const char *const ec_promotion_competition_names[];
extern const char *const ec_limit_attribute_names[];
extern const char *const ec_movement_kind_names[];
extern const char *const ec_reservation_state_names[];
extern const char *const ec_cart_status_names[];
extern const char *const ec_notice_kind_names[];
extern const char *const ec_order_status_names[];
extern const char *const ec_order_state_names[];
extern const char *const ec_order_payment_names[];
extern const char *const ec_order_fulfillment_names[];
extern const char *const ec_ledger_kind_names[];
extern const char *const ec_shipment_status_names[];
extern const char *const ec_return_status_names[];
extern const char *const ec_payment_state_names[];
extern const char *const ec_transaction_kind_names[];
extern const char *const ec_transaction_state_names[];
extern const char *const ec_credit_kind_names[];
extern const char *const ec_credit_status_names[];
extern const char *const ec_credit_entry_kind_names[];

#endif
