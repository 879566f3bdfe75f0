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
    const char *country; /**< of a region, city or postcode: where it is; otherwise NULL */
    const char *value;   /**< see ec_zone_kind */
    ec_zone_kind kind;
} ec_zone_member;

/** A zone. @since 0.1 */
typedef struct ec_zone {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    const char *code; /**< stable name for programs, such as "cl" or "us-ca"; unique */
    const char *name; /**< for people */
    size_t members_count;
    ec_zone_member *members; /**< at most EC_ITEMS_MAX; none: nothing lies in it */
    ec_zone_scope scope;     /**< what it is used for */
} ec_zone;

/** A page of zones. @since 0.1 */
typedef struct ec_zone_list {
    size_t items_count;
    ec_zone *items;
    int64_t total;
    const char *next_cursor;
} ec_zone_list;

/**
 * Add a zone. Staff. Events of zones: "zone.created", "zone.updated", "zone.deleted".
 *
 * @param zone id, version and times are ignored; borrowed
 * @param out  a block; release it with ec_free
 * @return EC_INVALID with field errors, those of members at "members[i].country" and
 *         "members[i].value" (rule "required", "format", "order", "conflict"; "unknown" for a zone
 *         that is not there, "circle" for one that contains this one); EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_zone_create(ec_session *session, const ec_zone *zone, ec_zone **out);

/**
 * Change fields of a zone; with "members" the list is replaced. Staff.
 *
 * @param zone   the new values; when its version is not 0 it must be the stored one
 * @param fields which of them count (ec_mask_of)
 * @return EC_NOT_FOUND, EC_STALE; otherwise as ec_zone_create
 * @since 0.1
 */
EC_API ec_status ec_zone_update(ec_session *session, ec_id id, const ec_zone *zone, ec_mask fields,
                                ec_zone **out);

/**
 * Remove a zone. Staff.
 * @param version when not 0 it must be the stored one
 * @return EC_NOT_FOUND; EC_STALE; EC_IN_USE while rates, methods, channels, exemptions or other
 *         zones name it
 * @since 0.1
 */
EC_API ec_status ec_zone_delete(ec_session *session, ec_id id, int64_t version);

/** Read a zone with its members. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_zone_get(ec_session *session, ec_id id, ec_zone **out);

/** Read a zone by its code. Staff. @return EC_NOT_FOUND @since 0.1 */
EC_API ec_status ec_zone_by_code(ec_session *session, const char *code, ec_zone **out);

/** List zones in the order of their numbers, with their members. Staff. @since 0.1 */
EC_API ec_status ec_zone_find(ec_session *session, const ec_page *page, ec_zone_list **out);

/**
 * Which zone an address lies in: the most specific one. Staff.
 *
 * @param address borrowed; only its country, region, city and postal_code are looked at
 * @param scope   EC_ZONE_SHIPPING: for shipping; otherwise for taxes
 * @param out     a block; release it with ec_free
 * @return EC_NOT_FOUND when there is none; EC_INVALID (field "scope")
 * @since 0.1
 */
EC_API ec_status ec_zone_match(ec_session *session, const ec_address *address, ec_zone_scope scope,
                               ec_zone **out);

EC_END_DECLS

#endif
