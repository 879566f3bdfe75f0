/* SPDX-License-Identifier: MIT */
/**
 * @file price.h
 * @brief Prices in price lists: what a variant costs in the channels that use the list.
 *
 * What a customer pays in a channel for so many units at a moment: of the price lists (channel.h)
 * that are active and valid then, have the channel, are for everybody or one of the customer's
 * groups and have a price for the quantity, the first one by priority; in it the price of the
 * highest quantity that is reached, of these the one that began last. Without a list's price the
 * variant's own one holds when the product's currency is the channel's; otherwise the variant is
 * not sold. For staff and the system. Event: "price.changed" of the aggregate "variant".
 */
#ifndef ECOMMERCE_PRICE_H
#define ECOMMERCE_PRICE_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** The price of a variant in a price list, in the list's currency. @since 0.1 */
typedef struct ec_price {
    ec_id id;
    ec_id price_list_id;
    ec_id variant_id;
    int64_t min_quantity;   /**< holds from so many units of a line on; 0: 1 */
    int64_t amount;         /**< minor units */
    int64_t compare_amount; /**< what it is said to cost without discount; 0: none */
    int64_t minimum_amount; /**< no promotion goes below; 0: none */
    ec_time valid_from;     /**< it holds from then on; 0: always */
    ec_time valid_until;    /**< and before then; 0: for ever */
    const char *currency;   /**< the list's; set by the library */
} ec_price;

/** A page of prices. @since 0.1 */
typedef struct ec_price_page {
    size_t items_count;
    ec_price *items;
    int64_t total;
    const char *next_cursor;
} ec_price_page;

/**
 * Set a price. Without valid_from it is the price from now on: it takes the place of all prices of
 * its list, variant and min_quantity that have begun; those that are scheduled stay. With
 * valid_from it replaces one that begins at the same moment, and nothing else.
 *
 * @param price id and currency are ignored; borrowed
 * @param out   a block; release it with ec_free
 * @return EC_INVALID with field errors, among them "price_list_id", "variant_id" (rule "unknown")
 *         and "valid_until" (rule "order")
 * @since 0.1
 */
EC_API ec_status ec_price_set(ec_session *session, const ec_price *price, ec_price **out);

/**
 * Schedule a price: it holds from valid_from on, until valid_until when that is given; then the one
 * before holds again. No job is needed: the prices carry their times, and whoever asks what
 * something costs is told by them.
 *
 * @param price as for ec_price_set; valid_from lies in the future
 * @return also EC_INVALID for "valid_from" (rules "required", "future")
 * @since 0.1
 */
EC_API ec_status ec_price_schedule(ec_session *session, const ec_price *price, ec_price **out);

/**
 * Take back a scheduled price.
 * @param id of the price
 * @return EC_NOT_FOUND; EC_STATE: it has begun
 * @since 0.1
 */
EC_API ec_status ec_price_unschedule(ec_session *session, ec_id id);

/**
 * Remove a price with all that is scheduled for it.
 * @param min_quantity that of the price; 0: 1
 * @return EC_NOT_FOUND
 * @since 0.1
 */
EC_API ec_status ec_price_remove(ec_session *session, ec_id price_list_id, ec_id variant_id,
                                 int64_t min_quantity);

/** Which prices are wanted. Zero members: any. @since 0.1 */
typedef struct ec_price_filter {
    ec_id price_list_id;
    ec_id variant_id;
    bool scheduled; /**< only those that begin in the future */
} ec_price_filter;

/** List prices in the order of their numbers. @param filter NULL: all; borrowed @since 0.1 */
EC_API ec_status ec_price_find(ec_session *session, const ec_price_filter *filter,
                               const ec_page *page, ec_price_page **out);

/* ---- what it cost ---- */

/** What a variant costs from a moment on. @since 0.1 */
typedef struct ec_price_change {
    ec_id id;
    ec_id variant_id;
    ec_id price_list_id;    /**< 0: the catalogue's price, or that of a promotion */
    ec_id channel_id;       /**< where a promotion of the catalogue holds; else 0 */
    int64_t min_quantity;   /**< of the price that changed */
    int64_t amount;         /**< minor units; 0 when it ended */
    int64_t compare_amount; /**< what it is said to cost without discount; 0: none */
    ec_time valid_from;     /**< since when */
    ec_time created_at;     /**< when it was recorded; before valid_from when it was scheduled */
    const char *currency;   /**< of the amounts */
    const char *cause;      /**< "set", "removed", "scheduled", "catalog", "bulk", "import",
                                 "promotion" */
    bool ended;             /**< there is no such price any more */
} ec_price_change;

/** A page of changes. @since 0.1 */
typedef struct ec_price_change_list {
    size_t items_count;
    ec_price_change *items;
    int64_t total;
    const char *next_cursor;
} ec_price_change_list;

/** Which changes are wanted. Zero members: any. @since 0.1 */
typedef struct ec_price_change_filter {
    ec_id variant_id;
    ec_id price_list_id;
    ec_time since;  /**< those that hold since then or later */
    bool catalog;   /**< only those of the catalogue's own prices */
    bool scheduled; /**< those of the future, instead of those that have come about */
} ec_price_change_filter;

/**
 * List what prices changed, newest first. Each change of a price or its compare_amount is there, in
 * lists and in the catalogue, whoever made it.
 *
 * @param filter NULL: all; borrowed
 * @since 0.1
 */
EC_API ec_status ec_price_history(ec_session *session, const ec_price_change_filter *filter,
                                  const ec_page *page, ec_price_change_list **out);

/** The present price of a variant in a channel, and what it cost before. @since 0.1 */
typedef struct ec_price_prior {
    ec_id variant_id;
    ec_id channel_id;
    int64_t amount;         /**< what one costs, minor units; promotions count as far as recorded */
    int64_t compare_amount; /**< what it is said to cost without discount; 0: none */
    int64_t
        prior_amount;   /**< lowest price of the period before; 0: none, or there is no discount */
    ec_time since;      /**< when the present price began */
    ec_time prior_from; /**< when the period began: policy.prior_days before that */
    const char *currency;
} ec_price_prior;

/**
 * The lowest price that a variant had in the days before its present one began (EU 2019/2161), with
 * the price that held when they began. There is none without a discount, where the channel's policy
 * hides it, for products of excluded categories (the setting price.prior_excluded: numbers of
 * categories with commas; categories below them count), and when it had no price before. Everybody
 * may ask; the lists of the session's customer count.
 *
 * @param channel_id 0: the session's
 * @return EC_NOT_FOUND: no such variant, or it is not sold there
 * @since 0.1
 */
EC_API ec_status ec_price_prior_get(ec_session *session, ec_id variant_id, ec_id channel_id,
                                    ec_price_prior **out);

/**
 * Log what promotions of the catalogue make of the prices in a channel now. Their prices are
 * computed when somebody asks, and they begin and end by the clock, so the log does not learn of
 * them by itself: call this after such a promotion changed, and regularly. Of each variant whose
 * price for a visitor differs from what was last logged a change with cause "promotion" is added.
 *
 *     for (ec_id at = 0; (status = ec_price_sweep(session, 0, at, 0, &at)) == EC_OK && at != 0;)
 *         continue;
 *
 * @param channel_id 0: the session's
 * @param after      variants with higher numbers; 0: from the first on
 * @param limit      variants of this step; 0: EC_PRICE_SWEEP_MAX, which is the most. Each step is a
 *                   transaction
 * @param last       where to go on, 0: all were looked at; may be NULL
 * @return EC_INVALID (field "limit"); EC_NOT_FOUND (field "channel_id"). Staff. Takes no
 *         idempotency key: a second run finds nothing to do.
 * @since 0.1
 */
EC_API ec_status ec_price_sweep(ec_session *session, ec_id channel_id, ec_id after, int64_t limit,
                                ec_id *last);
#define EC_PRICE_SWEEP_MAX 1000 /**< variants of one step */

/* ---- many at once ---- */

/** What new prices are computed from. @since 0.1 */
typedef enum ec_bulk_base {
    EC_BULK_OF_PRICE = 0,   /**< the present price */
    EC_BULK_OF_COMPARE = 1, /**< what it is said to cost without discount, else the price */
    EC_BULK_OF_COST = 2,    /**< what it costs the shop; what has no cost stays as it is */
    EC_BULK_OF_CATALOG = 3  /**< the catalogue's price; prices that the list lacks are made */
} ec_bulk_base;

/** Which price with the wanted ending is taken. @since 0.1 */
typedef enum ec_bulk_ending {
    EC_ENDING_NEAREST = 0, /**< the nearest one; of two the higher */
    EC_ENDING_UP = 1,      /**< none below the computed price */
    EC_ENDING_DOWN = 2     /**< none above it, while there is one */
} ec_bulk_ending;

/** What becomes of compare_amount. @since 0.1 */
typedef enum ec_bulk_compare {
    EC_BULK_COMPARE_KEEP = 0, /**< it stays */
    EC_BULK_COMPARE_OLD = 1,  /**< the old price, where the new one is lower and there is none */
    EC_BULK_COMPARE_NONE = 2  /**< it goes */
} ec_bulk_compare;

/** An edit of many prices. Conditions add up; zero members: none. @since 0.1 */
typedef struct ec_price_bulk_request {
    ec_id price_list_id;   /**< whose prices; 0: the catalogue's */
    const char *currency;  /**< of the catalogue's prices; NULL: the shop's */
    ec_id category_id;     /**< products of this category or below it */
    ec_id brand_id;        /**< of this brand */
    ec_id collection_id;   /**< of this collection */
    const char *type;      /**< of this type */
    size_t variants_count; /**< up to EC_PRICE_BULK_MAX */
    ec_id *variants;       /**< only these variants */
    int64_t percent;       /**< change in millionths: -100000 is ten per cent less */
    int64_t amount;        /**< change in minor units, after the percentage */
    const char *ending;    /**< how prices end: "990"; ".99" with all decimals of the currency;
                                digits alone are whole units. NULL: rounded to minor units */
    ec_bulk_ending direction;
    ec_bulk_base base;
    ec_bulk_compare compare;
    bool floor_cost;    /**< not below what it costs the shop */
    bool floor_minimum; /**< not below minimum_amount */
    bool dry_run;       /**< compute and report, change nothing */
} ec_price_bulk_request;

#define EC_PRICE_BULK_MAX 1000  /**< variants that a request names */
#define EC_PRICE_BULK_SAMPLE 20 /**< changes that a report shows */

/** One change of a report. @since 0.1 */
typedef struct ec_price_bulk_item {
    ec_id variant_id;
    int64_t min_quantity;
    int64_t before; /**< minor units; 0 when it was made */
    int64_t after;  /**< minor units */
    const char *sku;
} ec_price_bulk_item;

/** What an edit did, or would do. @since 0.1 */
typedef struct ec_price_bulk_report {
    int64_t matched;   /**< prices that were looked at */
    int64_t changed;   /**< that are other ones now */
    int64_t created;   /**< of them: that the list did not have */
    int64_t unchanged; /**< that came out as they were */
    int64_t skipped;   /**< without cost, or too large */
    int64_t floored;   /**< raised to cost or minimum */
    const char *currency;
    size_t items_count;
    ec_price_bulk_item *items; /**< the first EC_PRICE_BULK_SAMPLE changes */
    bool dry_run;              /**< nothing was written */
} ec_price_bulk_report;

/**
 * Change many prices at once: all or none, in constant memory. In a list the prices that have begun
 * and not ended change, each quantity for itself; scheduled ones stay. What costs nothing stays
 * free, and nothing gets cheaper than free. The log (ec_price_history) is written, and an event for
 * each variant. While it runs, other writers wait.
 *
 * @param request borrowed
 * @param out     a block; release it with ec_free
 * @return EC_INVALID with field errors: "percent" (rules "min", "max", or "required" where neither
 *         it nor amount, ending or another base says what to change), "ending" (rule "format"),
 *         "base" (rule "conflict": the catalogue from itself), "price_list_id", "category_id",
 *         "brand_id", "collection_id" (rule "unknown")
 * @since 0.1
 */
EC_API ec_status ec_price_bulk(ec_session *session, const ec_price_bulk_request *request,
                               ec_price_bulk_report **out);

EC_END_DECLS

#endif
