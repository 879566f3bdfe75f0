/* SPDX-License-Identifier: MIT */
/**
 * @file zone.h
 * @brief Zones: which addresses share a tax rate or a shipping method.
 *
 * A zone is a list of places: countries, regions, cities, postcodes, and other zones. An address
 * that lies in several zones belongs to the most specific one: a postcode goes before a city, a
 * city before a region, a region before a country, and a zone that is reached only through another
 * one comes last; of equals, the one with the lower number.
 */
#ifndef ECOMMERCE_ZONE_H
#define ECOMMERCE_ZONE_H

#include <ecommerce/address.h>
#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** What a zone is used for. @since 0.1 */
typedef enum ec_zone_scope {
    EC_ZONE_ALL = 0,     /**< taxes and shipping */
    EC_ZONE_TAX = 1,     /**< taxes only */
    EC_ZONE_SHIPPING = 2 /**< shipping only */
} ec_zone_scope;

/** What a member of a zone is. @since 0.1 */
typedef enum ec_zone_kind {
    EC_ZONE_KIND_COUNTRY = 0,  /**< value: ISO 3166-1 alpha-2 code, or "*": every country */
    EC_ZONE_KIND_REGION = 1,   /**< value: code ("CA", "US-CA") or name of a region */
    EC_ZONE_KIND_CITY = 2,     /**< value: name of a city or commune */
    EC_ZONE_KIND_POSTCODE = 3, /**< value: "75001", "35*", "699?" or "38000..38999" */
    EC_ZONE_KIND_ZONE = 4      /**< value: code of another zone */
} ec_zone_kind;

/** A place of a zone. Letter case and Latin accents make no difference. @since 0.1 */
typedef struct ec_zone_member {
    ec_zone_kind kind;
    const char *country; /**< of a region, city or postcode: where it is; otherwise NULL */
    const char *value;   /**< see ec_zone_kind */
} ec_zone_member;

EC_END_DECLS

#endif
