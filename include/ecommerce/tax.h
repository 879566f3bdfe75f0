/* SPDX-License-Identifier: MIT */
/**
 * @file tax.h
 * @brief Taxes: categories of goods, rates of places, and who does not pay them.
 */
#ifndef ECOMMERCE_TAX_H
#define ECOMMERCE_TAX_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** Where a rate is rounded, compared with the policy of the channel. @since 0.1 */
typedef enum ec_tax_calculator {
    EC_TAX_EACH = 0, /**< where the policy says */
    EC_TAX_SUM = 1   /**< one level later: not each unit but the line, not the line but the order */
} ec_tax_calculator;

/** A kind of goods that is taxed alike. Variants and shipping methods name it by its code. */
typedef struct ec_tax_category {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *code; /**< stable name for programs, such as "standard"; unique; fixed */
    const char *name; /**< for people */
    bool is_default;  /**< of what names none; one at most */
} ec_tax_category;

/** A page of categories. @since 0.1 */
typedef struct ec_tax_category_list {
    size_t items_count;
    ec_tax_category *items;
    int64_t total;
    const char *next_cursor;
} ec_tax_category_list;

/**
 * What is charged in a zone for a category. Several that hold at once add up; those of the most
 * specific zone of an address hold, and no other zone's.
 * @since 0.1
 */
typedef struct ec_tax_rate {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time valid_from;  /**< holds from then on; 0: always */
    ec_time valid_until; /**< and before then; 0: for ever */
    ec_id zone_id;
    ec_id category_id;
    int64_t rate;     /**< millionths, 0 to 10000000; shown as per cent: 190000 is 19 */
    int64_t priority; /**< level: a compound rate works on the taxes of lower ones, too */
    const char *name; /**< for people and invoices, such as "IVA" */
    ec_tax_calculator calculator;
    bool included;  /**< prices contain it */
    bool compound;  /**< works on the net and all taxes of lower priority */
    bool is_active; /**< is it charged? */
} ec_tax_rate;

/** A page of rates. @since 0.1 */
typedef struct ec_tax_rate_list {
    size_t items_count;
    ec_tax_rate *items;
    int64_t total;
    const char *next_cursor;
} ec_tax_rate_list;

/** Which rates are listed. Zero members: all. @since 0.1 */
typedef struct ec_tax_rate_filter {
    ec_id zone_id;
    ec_id category_id;
} ec_tax_rate_filter;

/** Why a buyer pays no tax. @since 0.1 */
typedef enum ec_tax_exemption_kind {
    EC_TAX_EXEMPT = 0,        /**< by a certificate, as schools or resellers */
    EC_TAX_REVERSE_CHARGE = 1 /**< a company that accounts for the tax in its own country; it
                                   holds with a certificate, or with a valid tax number of the
                                   country of the address */
} ec_tax_exemption_kind;

/** Who pays no tax, where and when: a user, or all of a group of customers. @since 0.1 */
typedef struct ec_tax_exemption {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time valid_from;      /**< 0: always */
    ec_time valid_until;     /**< holds before then; 0: for ever */
    ec_id user_id;           /**< whose it is; or a group's */
    ec_id group_id;          /**< the group of customers whose it is; or a user's */
    ec_id zone_id;           /**< 0: everywhere */
    const char *certificate; /**< its number, or NULL */
    ec_tax_exemption_kind kind;
} ec_tax_exemption;

/** A page of exemptions. @since 0.1 */
typedef struct ec_tax_exemption_list {
    size_t items_count;
    ec_tax_exemption *items;
    int64_t total;
    const char *next_cursor;
} ec_tax_exemption_list;

/** Which exemptions are listed. Zero members: all. @since 0.1 */
typedef struct ec_tax_exemption_filter {
    ec_id user_id;
    ec_id group_id;
} ec_tax_exemption_filter;

/** A tax number of a company. @since 0.1 */
typedef struct ec_tax_number {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time checked_at;  /**< when the authority was asked; 0: never */
    ec_id user_id;       /**< the customer */
    const char *country; /**< that gave it; one for each country */
    const char *number;  /**< without blanks and points; its form is checked where it is known */
    const char *company; /**< as the authority has it, or NULL */
    bool is_valid;       /**< the authority knows it */
} ec_tax_number;

/** The tax numbers of a customer. @since 0.1 */
typedef struct ec_tax_number_list {
    size_t items_count;
    ec_tax_number *items;
    int64_t total;
    const char *next_cursor;
} ec_tax_number_list;

/**
 * Add a category. With is_default it takes that place from the present one. Staff. Events of
 * categories, rates and exemptions are called "tax_category.created", "tax_rate.updated",
 * "tax_exemption.deleted" and so on.
 *
 * @param category id, version and times are ignored; borrowed
 * @param out      a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_tax_category_create(ec_session *session, const ec_tax_category *category,
                                        ec_tax_category **out);

/**
 * Change fields of a category. Staff.
 * @param category the new values; when its version is not 0 it must be the stored one
 * @param fields   which of them count (ec_mask_of)
 * @return EC_NOT_FOUND, EC_STALE, EC_INVALID with field errors
 * @since 0.1
 */
EC_API ec_status ec_tax_category_update(ec_session *session, ec_id id,
                                        const ec_tax_category *category, ec_mask fields,
                                        ec_tax_category **out);

/**
 * Remove a category. Staff.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE while rates, variants or methods name it
 * @since 0.1
 */
EC_API ec_status ec_tax_category_delete(ec_session *session, ec_id id, int64_t version);

/** Read a category. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_tax_category_get(ec_session *session, ec_id id, ec_tax_category **out);

/** Read a category by its code. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_tax_category_by_code(ec_session *session, const char *code,
                                         ec_tax_category **out);

/** List categories in the order of their numbers. Staff. @since 0.1 */
EC_API ec_status ec_tax_category_find(ec_session *session, const ec_page *page,
                                      ec_tax_category_list **out);

/**
 * Add a rate. Staff.
 *
 * @param rate id, version and times are ignored; borrowed
 * @param out  a block; release it with ec_free
 * @return EC_INVALID with field errors ("zone_id", "category_id": rule "reference"; "valid_until":
 *         rule "order")
 * @since 0.1
 */
EC_API ec_status ec_tax_rate_create(ec_session *session, const ec_tax_rate *rate,
                                    ec_tax_rate **out);

/** Change fields of a rate; zone and category are fixed. Staff. Otherwise as
    ec_tax_category_update. @since 0.1 */
EC_API ec_status ec_tax_rate_update(ec_session *session, ec_id id, const ec_tax_rate *rate,
                                    ec_mask fields, ec_tax_rate **out);

/** Remove a rate; orders keep what they were charged. Staff. @return EC_NOT_FOUND; EC_STALE
    @since 0.1 */
EC_API ec_status ec_tax_rate_delete(ec_session *session, ec_id id, int64_t version);

/** Read a rate. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_tax_rate_get(ec_session *session, ec_id id, ec_tax_rate **out);

/** List rates in the order of their numbers. Staff. @param filter NULL: all @since 0.1 */
EC_API ec_status ec_tax_rate_find(ec_session *session, const ec_tax_rate_filter *filter,
                                  const ec_page *page, ec_tax_rate_list **out);

/**
 * Add an exemption. Staff.
 *
 * @param exemption id, version and times are ignored; borrowed
 * @param out       a block; release it with ec_free
 * @return EC_INVALID with field errors ("user_id": rule "required" without it and group_id, rule
 *         "conflict" with both; "user_id", "group_id", "zone_id": rule "reference")
 * @since 0.1
 */
EC_API ec_status ec_tax_exemption_create(ec_session *session, const ec_tax_exemption *exemption,
                                         ec_tax_exemption **out);

/** Change fields of an exemption; user and group are fixed. Staff. Otherwise as
    ec_tax_category_update. @since 0.1 */
EC_API ec_status ec_tax_exemption_update(ec_session *session, ec_id id,
                                         const ec_tax_exemption *exemption, ec_mask fields,
                                         ec_tax_exemption **out);

/** Remove an exemption. Staff. @return EC_NOT_FOUND; EC_STALE @since 0.1 */
EC_API ec_status ec_tax_exemption_delete(ec_session *session, ec_id id, int64_t version);

/** Read an exemption. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_tax_exemption_get(ec_session *session, ec_id id, ec_tax_exemption **out);

/** List exemptions in the order of their numbers. Staff. @param filter NULL: all @since 0.1 */
EC_API ec_status ec_tax_exemption_find(ec_session *session, const ec_tax_exemption_filter *filter,
                                       const ec_page *page, ec_tax_exemption_list **out);

/**
 * Keep a tax number of a customer, instead of an earlier one of the same country. Staff.
 *
 * The form is checked, for Chile the check digit too; whether the authority knows it (is_valid,
 * checked_at) is for the caller to say.
 *
 * @param number id, version and times but checked_at are ignored; borrowed
 * @param out    a block; release it with ec_free
 * @return EC_INVALID with field errors ("number": rule "format"; "user_id": rule "reference")
 * @since 0.1
 */
EC_API ec_status ec_tax_number_set(ec_session *session, const ec_tax_number *number,
                                   ec_tax_number **out);

/** The tax numbers of a customer. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_tax_numbers(ec_session *session, ec_id user_id, ec_tax_number_list **out);

/** What a preset or an import did. @since 0.1 */
typedef struct ec_tax_import {
    int64_t zones;      /**< made */
    int64_t categories; /**< made */
    int64_t rates;      /**< made */
    int64_t changed;    /**< rates that were changed */
    int64_t unchanged;  /**< rates that were so already */
} ec_tax_import;

/** A table of rates. @since 0.1 */
typedef enum ec_tax_table {
    EC_TAX_TABLE_EU = 0,   /**< VAT of European countries by date, with exceptions by postcode:
                                {"items": {"ES": [{"effective_from", "rates", "exceptions"}]}} */
    EC_TAX_TABLE_SALES = 1 /**< one rate of each country, with those of its states:
                                {"CA": {"type", "rate", "before", "states"}} */
} ec_tax_table;

/**
 * Make the zone, the category and the rate that a country begins with, as far as they are missing,
 * and let channels of the country that have no zone for taxes use it. Staff.
 *
 * @param country ISO 3166-1 alpha-2 code; "CL" makes the zone "cl" with IVA of 19 %, included
 * @param out     what was done; a block, release it with ec_free
 * @return EC_NOT_FOUND for a country that has no preset (field "country")
 * @since 0.1
 */
EC_API ec_status ec_tax_preset(ec_session *session, const char *country, ec_tax_import **out);

/**
 * Take a table of rates in: a zone for each country, state and exception, a category for each kind
 * of rate, and their rates with the dates from which they hold. Again it changes only what differs.
 * Zones that are there stay as they are, and so does a category that has a rate in its zone which
 * the table does not know. Staff.
 *
 * Rates are included in prices, but those of the United States and Canada, which come on top.
 *
 * @param text   JSON of such a table, UTF-8, length bytes; borrowed
 * @param added  rates come on top of prices everywhere
 * @param out    what was done; a block, release it with ec_free
 * @return EC_INVALID for a text that is no such table (field "text"), EC_LIMIT for one that is too
 *         long; nothing is changed then
 * @since 0.1
 */
EC_API ec_status ec_tax_import_table(ec_session *session, ec_tax_table table, const char *text,
                                     size_t length, bool added, ec_tax_import **out);

EC_END_DECLS

#endif
