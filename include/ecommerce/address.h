/* SPDX-License-Identifier: MIT */
/**
 * @file address.h
 * @brief A postal address, as customers keep it and as orders freeze it.
 */
#ifndef ECOMMERCE_ADDRESS_H
#define ECOMMERCE_ADDRESS_H

#include <ecommerce/types.h>

EC_BEGIN_DECLS

/** A postal address. Frozen into an order, its id, user_id and times are 0. @since 0.1 */
typedef struct ec_address {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id user_id;           /**< whose address book holds it */
    const char *name;        /**< recipient */
    const char *company;     /**< or NULL */
    const char *street;      /**< street and number */
    const char *street2;     /**< flat, floor; or NULL */
    const char *city;        /**< city or commune */
    const char *region;      /**< region, province or state; or NULL */
    const char *postal_code; /**< or NULL */
    const char *country;     /**< ISO 3166-1 alpha-2, upper case */
    const char *phone;       /**< or NULL */
    bool is_default;         /**< the one that checkout proposes */
} ec_address;

EC_END_DECLS

#endif
