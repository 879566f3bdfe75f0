/* SPDX-License-Identifier: MIT */
/*
 * inside.h - what the parts of lib/catalog lend each other; nobody else includes it.
 */
#ifndef EC_CATALOG_INSIDE_H
#define EC_CATALOG_INSIDE_H

#include <ecommerce/collection.h>
#include <ecommerce/limits.h>
#include <ecommerce/price.h>

#include "catalog/catalog.h"
#include "catalog/statement.h"
#include "engine/object.h"
#include "engine/page.h"

/* ---- object.c: what categories, brands, attributes and collections have in common ---- */

/* Checks the input and copies it, without what the library sets. *out is in the arena. */
ec_status ec_catalog_begin(ec_session *session, const ec_object_args *args, void **out);
/* Gives the object a slug when it has none (a field "name" and one "slug"). */
ec_status ec_catalog_slug(ec_session *session, const ec_entity *entity, void *object);
/* A change without slug leaves the stored one: addresses do not change by accident. */
void ec_catalog_keep_slug(const ec_entity *entity, const void *before, void *object,
                          ec_mask *fields);
/* "<entity>.<verb>" of the object. fields: what changed, for the event's data; 0: no data. */
ec_status ec_catalog_tell(ec_session *session, const ec_entity *entity, ec_id id, const char *verb,
                          ec_mask fields);
/* The one object that the condition on t finds. EC_NOT_FOUND names the entity. */
ec_status ec_catalog_one(ec_session *session, const ec_entity *entity, const char *tail,
                         const ec_value *values, size_t count, void **out);

/* Arguments of deletions. */
typedef struct ec_delete_args {
    const ec_entity *entity;
    ec_id id;
    int64_t version;    /* 0: any */
    const char *in_use; /* what to say of EC_IN_USE */
} ec_delete_args;
/* Body and fingerprint of deletions. */
ec_status ec_catalog_delete(ec_session *session, void *ctx, void **result);
void ec_catalog_delete_fingerprint(const void *ctx, ec_json_writer *json);

/* ---- category.c ---- */

/* A condition on categories called c: visitors may see it. "" for staff. */
const char *ec_category_visible(ec_session *session);
/* "x IN (the category and all below it)" with its value; only visible ones for visitors. */
void ec_category_below(ec_statement *s, const char *column, ec_id category);

/* ---- attribute.c ---- */

/* The type that a column names. */
ec_attribute_type ec_attribute_type_in(ec_stmt *stmt, int column);
/* The number behind a value: thousandths, milliseconds. false: it is none of that type. */
bool ec_attribute_number(ec_attribute_type type, const char *value, int64_t *number);
/* Find out attribute_id, number and so on of values by their codes. Broken rules go to check, as
   fields of attributes[i]. One statement, none when count is 0. */
ec_status ec_attributes_resolve(ec_session *session, ec_product_attribute *values, size_t count,
                                ec_check *check);
/* Is it a number or a date, as a filter may have it? NULL is. */
bool ec_attribute_bound_good(const char *text);
/* "t.id IN (products with such a value)". */
void ec_attribute_condition(ec_statement *s, const ec_attribute_choice *choice);

/* ---- product_read.c ---- */

/* Lists of a product. */
#define EC_WITH_OPTIONS 1u
#define EC_WITH_VARIANTS 2u
#define EC_WITH_IMAGES 4u
#define EC_WITH_ATTRIBUTES 8u
#define EC_WITH_TAGS 16u
#define EC_WITH_ALL 31u

/* How this actor sees prices: by which lists, and only what has a price. */
typedef struct ec_price_view {
    bool all;           /* staff: every product, at its own price */
    bool lists;         /* the channel has price lists */
    ec_id channel, own; /* own: the list of last resort, or 0 */
    ec_id user;         /* who asks, or 0 */
    const char *currency;
    ec_time now;
    int64_t rules_version; /* of the row that was read last; 0: none, or for staff */
} ec_price_view;
ec_price_view ec_price_view_of(ec_session *session);
/* Units that can be sold, of inventory rows s. */
#define EC_AVAILABLE "s.on_hand - s.committed - s.damaged - s.safety_stock"
#define EC_SUM_AVAILABLE "SUM(CASE WHEN " EC_AVAILABLE " > 0 THEN " EC_AVAILABLE " ELSE 0 END)"
/* " LEFT JOIN prices p …": the price for one of a variant called v by the lists of the view. */
void ec_list_price_join(ec_statement *s, const ec_price_view *view);
/* "products t", or with a column shown_price when the view has a list. */
void ec_product_source(ec_statement *s, const ec_price_view *view);
/* The price that is shown, of products called t. */
const char *ec_product_price(const ec_price_view *view);
/* What the actor sees of products called t, after " WHERE" or " AND"; nothing for staff. */
void ec_product_visible(ec_statement *s, const ec_price_view *view, const char *first);

/* What is computed for a product, as columns of a query on products called t with categories c and
   brands b, and the tables. */
void ec_product_columns(ec_statement *s, const ec_price_view *view);
extern const char ec_product_joins[];
/* A row of these columns. */
ec_status ec_product_read_row(ec_session *session, ec_stmt *stmt, ec_price_view *view,
                              ec_product *product, int *next);
/* Fill the lists of products: two statements at most. */
ec_status ec_product_lists(ec_session *session, const ec_price_view *view, ec_product *products,
                           size_t count, unsigned with);
/* Prices by catalogue promotions, for those who see them. Their rows were read by the view. No
   statement where there are none. */
ec_status ec_products_shown(ec_session *session, const ec_price_view *view, ec_product *products,
                            size_t count);
/* Variants by a condition with one value on variants v of products t, in their order, as the actor
   sees them. of_seen_product: only those of products that the actor sees. One statement. */
ec_status ec_variants_where(ec_session *session, const char *condition, ec_value value,
                            bool of_seen_product, ec_variant **items, size_t *count);
/* The value of the first, second or third option; NULL for others. */
const char *ec_variant_option(const ec_variant *variant, size_t option);

/* ---- product.c ---- */

/* Arrays of its own for the lists but tags, so that they can be completed. */
ec_status ec_product_own_lists(ec_session *session, ec_product *product);
/* An active product without date is published now. */
void ec_product_publish(ec_session *session, ec_product *product);

/* A whole product as the actor sees it; three statements. condition: on t with one value. */
ec_status ec_product_whole(ec_session *session, const char *condition, ec_value value,
                           void **result);

/* ---- product_check.c ---- */

/* Options, variants and tags of a product fit together. */
void ec_product_check_lists(const ec_product *product, unsigned with, ec_check *check);
/* Category and brand exist; one statement. */
ec_status ec_product_check_places(ec_session *session, const ec_product *product, ec_check *check);
/* A variant's values fit so many options. prefix: "" or "variants[2].". */
void ec_variant_check_options(const ec_variant *variant, size_t options, const char *prefix,
                              ec_check *check);
bool ec_variant_same_options(const ec_variant *a, const ec_variant *b);
/* The name of a variant: its values joined by " / ", or the product's name. */
const char *ec_variant_title(ec_session *session, const ec_variant *variant, const char *product);

/* ---- store_many.c ---- */

/* Write objects that are stored again, as many as there are; one statement up to 64. */
ec_status ec_catalog_store_many(ec_session *session, const ec_entity *entity, const void *objects,
                                size_t count);

/* ---- product_store.c: the lists of a product on their way into the storage ---- */

/* Run "… id IN " with these ids; nothing for none. */
ec_status ec_delete_ids(ec_session *session, const char *sql, const ec_id *ids, size_t count,
                        int64_t *affected);
/* Make the stored list, which is that of before, the wanted one. changed is set when anything was
   written. */
ec_status ec_store_images(ec_session *session, const ec_product *before, ec_product *product,
                          bool *changed);
ec_status ec_store_options(ec_session *session, const ec_product *before, ec_product *product,
                           bool *changed);
ec_status ec_store_attributes(ec_session *session, const ec_product *before, ec_product *product,
                              bool *changed);
ec_status ec_store_tags(ec_session *session, const ec_product *before, ec_product *product,
                        bool *changed);
/* image_id of variants that name an image by its address. */
void ec_variants_images(ec_session *session, ec_product *product, ec_check *check);

/* ---- variant_store.c ---- */

/* list: what field errors call the variants; "": they are the product itself. */
ec_status ec_store_variants(ec_session *session, const ec_product *before, ec_product *product,
                            const char *list, bool *changed);
/* After EC_EXISTS: say which SKU another variant has. */
ec_status ec_variants_taken(ec_session *session, const ec_variant *variants, size_t count,
                            const char *list);
/* Lowest and highest price of the active variants, and the compare price that goes with it; false
   when there is none. */
bool ec_variants_prices(const ec_variant *variants, size_t count, ec_product *product);

/* ---- rules.c ---- */

/* Check rules; broken ones go to check as "rules[i].member". */
void ec_rules_check(ec_session *session, const char *rules, ec_check *check);
/* " AND (…)": products called t that fit a collection's rules. */
ec_status ec_rules_condition(ec_session *session, const ec_collection *collection, ec_statement *s);

#endif
