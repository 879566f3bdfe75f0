/* SPDX-License-Identifier: MIT */
/**
 * @file setting.h
 * @brief The shop's settings: names with texts as values, kept with the shop.
 *
 * | Name                 | Value                                                | Default      |
 * |----------------------|------------------------------------------------------|--------------|
 * | `shop.id`            | random name of this shop; read-only                  | at creation  |
 * | `shop.currency`      | its currency (ISO 4217); read-only                   | "CLP"        |
 * | `cart.ttl_ms`        | how long an untouched cart lives                     | 2592000000   |
 * | `reservation.ttl_ms` | how long an unpaid checkout holds stock              | 900000       |
 *
 * What ec_open was told goes before a stored time to live. Other names are the program's own.
 */
#ifndef ECOMMERCE_SETTING_H
#define ECOMMERCE_SETTING_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** A setting. @since 0.1 */
typedef struct ec_setting {
    ec_time updated_at; /**< 0: never set, the value is the default */
    const char *name;   /**< 1 to 64 of a-z 0-9 _ . beginning with a letter */
    const char *value;
} ec_setting;

/** All settings of a shop. @since 0.1 */
typedef struct ec_setting_list {
    size_t items_count;
    ec_setting *items;
    int64_t total;
    const char *next_cursor;
} ec_setting_list;

/**
 * Read a setting. Staff.
 * @param out a block; release it with ec_free
 * @return EC_NOT_FOUND for a name that was never set and has no default
 * @since 0.1
 */
EC_API ec_status ec_setting_get(ec_session *session, const char *name, ec_setting **out);

/**
 * Set a setting; sessions of this engine work with it from the next call on. Staff.
 * @param value NULL: forget it (then the default holds); at most 65536 bytes
 * @return EC_INVALID (field "name" or "value"); EC_DENIED for a read-only one
 * @since 0.1
 */
EC_API ec_status ec_setting_set(ec_session *session, const char *name, const char *value);

/** List all settings by name, with the defaults of those never set. Staff. @since 0.1 */
EC_API ec_status ec_setting_find(ec_session *session, ec_setting_list **out);

EC_END_DECLS

#endif
