/* SPDX-License-Identifier: MIT */
/**
 * @file channel.h
 * @brief Shop fronts: each has a currency, a language, prices, warehouses and policies of its own.
 *
 * A new shop has one channel, "default". Exactly one active channel is the default one: sessions
 * that name no channel work in it. Price lists hold prices that differ from the catalogue's.
 */
#ifndef ECOMMERCE_CHANNEL_H
#define ECOMMERCE_CHANNEL_H

#include <ecommerce/list.h>
#include <ecommerce/policy.h>

EC_BEGIN_DECLS

/** How goods are chosen when several warehouses have them. @since 0.1 */
typedef enum ec_stock_strategy {
    EC_STOCK_PRIORITY = 0,      /**< in the order of the channel's warehouses */
    EC_STOCK_MOST_STOCK = 1,    /**< where most of it is */
    EC_STOCK_FEWEST_PARCELS = 2 /**< so that the order leaves in the fewest parcels */
} ec_stock_strategy;

/** How two carts become one at login. @since 0.1 */
typedef enum ec_merge_policy {
    EC_MERGE_ADD = 0,          /**< quantities of the same variant add up */
    EC_MERGE_KEEP_HIGHEST = 1, /**< the higher quantity stays */
    EC_MERGE_USE_GUEST = 2,    /**< the visitor's replaces the customer's, unless it is empty */
    EC_MERGE_USE_CUSTOMER = 3  /**< the customer's stays, unless it is empty */
} ec_merge_policy;

/** A shop front. @since 0.1 */
typedef struct ec_channel {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_id price_list_id;              /**< prices of last resort before the catalogue's; 0: none */
    ec_id tax_zone_id;                /**< where no address is known or no zone has it; 0: none */
    const char *code;                 /**< stable name for programs, such as "web"; unique */
    const char *name;                 /**< for people */
    const char *currency;             /**< ISO 4217; fixed at creation */
    const char *locale;               /**< language of its texts, such as "es-CL" */
    const char *country;              /**< ISO 3166-1 alpha-2 of its customers; or NULL */
    const char *tax_provider;         /**< service whose amounts hold (sys/tax.h); NULL: rates */
    ec_policy *policy;                /**< NULL: the preset of its country, else the plain one */
    ec_stock_strategy stock_strategy; /**< which warehouse serves */
    ec_merge_policy merge_policy;     /**< what happens to two carts at login */
    bool is_default;                  /**< the one that sessions work in by default */
    bool is_active;                   /**< visitors and customers see it */
} ec_channel;

/** A page of channels. @since 0.1 */
typedef struct ec_channel_list {
    size_t items_count;
    ec_channel *items;
    int64_t total;
    const char *next_cursor;
} ec_channel_list;

/** Whether the prices of a list hold. @since 0.1 */
typedef enum ec_price_list_status {
    EC_PRICE_LIST_DRAFT = 0,   /**< not yet: it is being filled */
    EC_PRICE_LIST_ACTIVE = 1,  /**< while it is valid */
    EC_PRICE_LIST_ARCHIVED = 2 /**< no more: it is kept for what was sold by it */
} ec_price_list_status;

/**
 * A list of prices, for channels, a group of customers, a season. Of several lists with a price for
 * a variant the one of the highest priority holds; of equal ones that of a group goes before one
 * for everybody, then the older one. A channel's own list (ec_channel.price_list_id) comes after
 * all lists that name the channel, and behind it the catalogue's price.
 * @since 0.1
 */
typedef struct ec_price_list {
    ec_id id;
    int64_t version;
    ec_time created_at;
    ec_time updated_at;
    ec_time valid_from;   /**< its prices hold from then on; 0: always */
    ec_time valid_until;  /**< and before then; 0: for ever */
    ec_time active_from;  /**< when it last became active; set by the library */
    ec_time active_until; /**< when it ceased to be active, or 0; set by the library */
    int64_t priority;     /**< higher ones go first; -1000000 to 1000000 */
    ec_id group_id;       /**< customers for whom it is (group.h); 0: everybody */
    const char *code;     /**< stable name for programs; unique */
    const char *name;     /**< for people */
    const char *currency; /**< ISO 4217; fixed at creation */
    size_t channels_count;
    const char *const *channels; /**< codes of the channels that have it, of its currency */
    ec_price_list_status status; /**< whether its prices hold */
} ec_price_list;

/** A page of price lists. @since 0.1 */
typedef struct ec_price_list_list {
    size_t items_count;
    ec_price_list *items;
    int64_t total;
    const char *next_cursor;
} ec_price_list_list;

/** That a channel has a price list, as exports write it. @since 0.1 */
typedef struct ec_price_list_channel {
    ec_id id;
    ec_id price_list_id;
    ec_id channel_id;
} ec_price_list_channel;

/**
 * Add a channel. With is_default it takes that place from the present one. Staff.
 *
 * @param channel id, version and times are ignored; borrowed
 * @param out     a block; release it with ec_free
 * @return EC_INVALID with field errors; EC_EXISTS (field "code")
 * @since 0.1
 */
EC_API ec_status ec_channel_create(ec_session *session, const ec_channel *channel,
                                   ec_channel **out);

/**
 * Change fields of a channel. Staff.
 *
 * @param channel the new values; when its version is not 0 it must be the stored one
 * @param fields  which of them count (ec_mask_of)
 * @return EC_NOT_FOUND; EC_STALE; EC_INVALID, also for a currency that differs, for taking
 *         is_default from a channel (give it to another one) and for hiding the default one
 * @since 0.1
 */
EC_API ec_status ec_channel_update(ec_session *session, ec_id id, const ec_channel *channel,
                                   ec_mask fields, ec_channel **out);

/** Read a channel. Visitors and customers do not find one that is not active. @since 0.1 */
EC_API ec_status ec_channel_get(ec_session *session, ec_id id, ec_channel **out);

/** Read a channel by its code. Otherwise as ec_channel_get. @since 0.1 */
EC_API ec_status ec_channel_by_code(ec_session *session, const char *code, ec_channel **out);

/** List channels in the order of their numbers; visitors and customers see active ones. @since 0.1
 */
EC_API ec_status ec_channel_find(ec_session *session, const ec_page *page, ec_channel_list **out);

/**
 * Add a price list. Staff. Otherwise as ec_channel_create.
 * @return also EC_INVALID for "channels[i]" (rules "unknown", "currency", "unique") and "group_id"
 *         (rule "unknown")
 * @since 0.1
 */
EC_API ec_status ec_price_list_create(ec_session *session, const ec_price_list *list,
                                      ec_price_list **out);

/** Change fields of a price list. Staff. Parameters as ec_channel_update. @since 0.1 */
EC_API ec_status ec_price_list_update(ec_session *session, ec_id id, const ec_price_list *list,
                                      ec_mask fields, ec_price_list **out);

/** Read a price list. Staff. @since 0.1 */
EC_API ec_status ec_price_list_get(ec_session *session, ec_id id, ec_price_list **out);

/** Read a price list by its code. Staff. @since 0.1 */
EC_API ec_status ec_price_list_by_code(ec_session *session, const char *code, ec_price_list **out);

/**
 * List price lists in the order of their numbers. Staff. In what order they are asked for a price
 * is said by their priority.
 * @since 0.1
 */
EC_API ec_status ec_price_list_find(ec_session *session, const ec_page *page,
                                    ec_price_list_list **out);

EC_END_DECLS

#endif
