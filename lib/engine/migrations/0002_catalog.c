/* SPDX-License-Identifier: MIT */
/*
 * 0002_catalog.c - what is sold: categories, brands, products with variants, prices, reviews.
 *
 * A product always has a variant; products.price is the lowest price of its active variants, kept
 * by the library so that listings sort and filter by an index.
 */
#include "engine/migrations/migrations.h"

/* What a listing asks of each product that it passes by, so that it reads the index alone. */
#define LISTED ", category_id, brand_id, currency, published_at, unpublished_at"

static const char *const up[] = {
    "CREATE TABLE categories ("
    " id {id},"
    " name {text:255} NOT NULL,"
    " slug {text:255} NOT NULL UNIQUE,"
    " description {longtext},"
    " parent_id {int} REFERENCES categories(id),"
    " path {text:255} NOT NULL UNIQUE," /* "/1/7/23/": ancestors and itself, by id */
    " depth {int} NOT NULL CHECK (depth BETWEEN 1 AND 16),"
    " image_url {text:2000},"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " sort_order {int} NOT NULL,"
    " meta_title {text:255},"
    " meta_description {text:500},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX categories_parent ON categories(parent_id, sort_order, id)",

    "CREATE TABLE brands ("
    " id {id},"
    " name {text:255} NOT NULL UNIQUE,"
    " slug {text:255} NOT NULL UNIQUE,"
    " description {longtext},"
    " image_url {text:2000},"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE products ("
    " id {id},"
    " name {text:255} NOT NULL,"
    " slug {text:255} NOT NULL UNIQUE,"
    " description {longtext},"
    " short_description {text:500},"
    " status {text:16} NOT NULL CHECK (status = 'draft' OR status = 'active'"
    "  OR status = 'archived'),"
    " type {text:255}," /* the shop's own word for the kind of product */
    " category_id {int} REFERENCES categories(id),"
    " brand_id {int} REFERENCES brands(id),"
    " currency {text:3} NOT NULL,"
    " price {int} NOT NULL CHECK (price >= 0),"         /* lowest of the active variants */
    " price_max {int} NOT NULL CHECK (price_max >= 0)," /* highest of them */
    " compare_price {int} CHECK (compare_price > 0),"
    " is_featured {bool} NOT NULL CHECK (is_featured IN (0, 1)),"
    " rating {int} NOT NULL CHECK (rating BETWEEN 0 AND 500)," /* hundredths of a star */
    " reviews_count {int} NOT NULL CHECK (reviews_count >= 0),"
    " sold_count {int} NOT NULL CHECK (sold_count >= 0)," /* units shipped */
    " published_at {int} CHECK (published_at > 0),"       /* not shown before */
    " unpublished_at {int} CHECK (unpublished_at > 0),"   /* not shown from then on */
    " meta_title {text:255},"
    " meta_description {text:500},"
    " metadata {longtext}," /* JSON object of the shop's own */
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX products_category_price ON products(category_id, price, id)",
    "CREATE INDEX products_category_created ON products(category_id, created_at, id)",
    "CREATE INDEX products_brand_price ON products(brand_id, price, id)",
    "CREATE INDEX products_status_price ON products(status, price, id" LISTED ")",
    "CREATE INDEX products_status_created ON products(status, created_at, id" LISTED ")",
    "CREATE INDEX products_status_name ON products(status, name, id" LISTED ")",
    "CREATE INDEX products_status_rating ON products(status, rating, id" LISTED ")",
    "CREATE INDEX products_status_sold ON products(status, sold_count, id" LISTED ")",
    "CREATE INDEX products_featured ON products(is_featured, status, created_at, id)",

    "CREATE TABLE product_options ("
    " id {id},"
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " position {int} NOT NULL CHECK (position BETWEEN 1 AND 3),"
    " name {text:255} NOT NULL,"
    " UNIQUE (product_id, position),"
    " UNIQUE (product_id, name)){tail}",

    "CREATE TABLE product_images ("
    " id {id},"
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " position {int} NOT NULL CHECK (position > 0),"
    " url {text:2000} NOT NULL,"
    " alt {text:512},"
    " created_at {int} NOT NULL){tail}",
    "CREATE INDEX product_images_product ON product_images(product_id, position, id)",

    "CREATE TABLE product_variants ("
    " id {id},"
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " position {int} NOT NULL CHECK (position > 0),"
    " name {text:255} NOT NULL," /* the option values joined by ' / ', or the product's name */
    " sku {text:100} UNIQUE,"
    " barcode {text:100},"
    " option1 {text:255},"
    " option2 {text:255},"
    " option3 {text:255},"
    " price {int} NOT NULL CHECK (price >= 0)," /* in the product's currency */
    " compare_price {int} CHECK (compare_price > 0),"
    " cost_price {int} CHECK (cost_price > 0),"
    " weight {int} CHECK (weight > 0)," /* grams */
    " length {int} CHECK (length > 0)," /* millimetres, as the next two */
    " width {int} CHECK (width > 0),"
    " height {int} CHECK (height > 0),"
    " weight_unit {text:2} NOT NULL CHECK (weight_unit = 'g' OR weight_unit = 'kg'"
    "  OR weight_unit = 'oz' OR weight_unit = 'lb'),"
    " image_id {int} REFERENCES product_images(id) ON DELETE SET NULL,"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " tracked {bool} NOT NULL CHECK (tracked IN (0, 1)),"
    " backorder {bool} NOT NULL CHECK (backorder IN (0, 1)),"
    " requires_shipping {bool} NOT NULL CHECK (requires_shipping IN (0, 1)),"
    " taxable {bool} NOT NULL CHECK (taxable IN (0, 1)),"
    " tax_code {text:64},"
    " shipping_category {text:64}," /* the code of one */
    " metadata {longtext},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX product_variants_product ON product_variants(product_id, position, id)",
    "CREATE INDEX product_variants_barcode ON product_variants(barcode)",
    "CREATE INDEX product_variants_tax ON product_variants(tax_code)",
    "CREATE INDEX product_variants_shipping ON product_variants(shipping_category)",
    "CREATE INDEX product_variants_image ON product_variants(image_id)",

    "CREATE TABLE attributes ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " type {text:16} NOT NULL CHECK (type = 'text' OR type = 'number' OR type = 'boolean'"
    "  OR type = 'date' OR type = 'select'),"
    " unit {text:16},"
    " filterable {bool} NOT NULL CHECK (filterable IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",

    "CREATE TABLE attribute_choices (" /* of the type select */
    " id {id},"
    " attribute_id {int} NOT NULL REFERENCES attributes(id) ON DELETE CASCADE,"
    " position {int} NOT NULL CHECK (position > 0),"
    " value {text:255} NOT NULL,"
    " UNIQUE (attribute_id, value)){tail}",

    "CREATE TABLE product_attributes ("
    " id {id},"
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " attribute_id {int} NOT NULL REFERENCES attributes(id),"
    " value {text:255} NOT NULL," /* as text, whatever the type */
    " number {int} NOT NULL,"     /* thousandths: numbers, booleans; milliseconds: dates; else 0 */
    " UNIQUE (product_id, attribute_id, value)){tail}",
    "CREATE INDEX product_attributes_value ON product_attributes(attribute_id, value, product_id)",
    "CREATE INDEX product_attributes_number"
    " ON product_attributes(attribute_id, number, product_id)",

    "CREATE TABLE tags ("
    " id {id},"
    " name {text:255} NOT NULL UNIQUE){tail}",
    "CREATE TABLE product_tags ("
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " tag_id {int} NOT NULL REFERENCES tags(id) ON DELETE CASCADE,"
    " PRIMARY KEY (product_id, tag_id)){tail}",
    "CREATE INDEX product_tags_tag ON product_tags(tag_id, product_id)",

    "CREATE TABLE collections ("
    " id {id},"
    " name {text:255} NOT NULL,"
    " slug {text:255} NOT NULL UNIQUE,"
    " description {longtext},"
    " rules {longtext}," /* JSON; NULL: members are listed by hand */
    " match_all {bool} NOT NULL CHECK (match_all IN (0, 1)),"
    " sort {text:16} NOT NULL CHECK (sort = 'newest' OR sort = 'oldest' OR sort = 'price'"
    "  OR sort = 'price_desc' OR sort = 'name' OR sort = 'name_desc' OR sort = 'rating'"
    "  OR sort = 'best_selling' OR sort = 'manual'),"
    " is_active {bool} NOT NULL CHECK (is_active IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE TABLE collection_products ("
    " collection_id {int} NOT NULL REFERENCES collections(id) ON DELETE CASCADE,"
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " position {int} NOT NULL,"
    " PRIMARY KEY (collection_id, product_id)){tail}",
    "CREATE INDEX collection_products_product ON collection_products(product_id)",

    "CREATE TABLE prices ("
    " id {id},"
    " price_list_id {int} NOT NULL REFERENCES price_lists(id) ON DELETE CASCADE,"
    " variant_id {int} NOT NULL REFERENCES product_variants(id) ON DELETE CASCADE,"
    " min_quantity {int} NOT NULL CHECK (min_quantity > 0),"
    " amount {int} NOT NULL CHECK (amount >= 0),"
    " compare_amount {int} CHECK (compare_amount > 0),"
    " minimum_amount {int} CHECK (minimum_amount > 0),"
    " valid_from {int} CHECK (valid_from > 0),"
    " valid_until {int} CHECK (valid_until > 0),"
    " begins {int} GENERATED ALWAYS AS (COALESCE(valid_from, 0)) VIRTUAL,"
    " UNIQUE (price_list_id, variant_id, min_quantity, begins)){tail}",
    "CREATE INDEX prices_variant ON prices(variant_id, price_list_id)",
    "CREATE INDEX prices_begin ON prices(valid_from, id){partial: WHERE valid_from IS NOT NULL}",

    "CREATE TABLE reviews ("
    " id {id},"
    " product_id {int} NOT NULL REFERENCES products(id) ON DELETE CASCADE,"
    " user_id {int} REFERENCES users(id),"
    " rating {int} NOT NULL CHECK (rating BETWEEN 1 AND 5),"
    " title {text:255} NOT NULL,"
    " comment {longtext},"
    " status {text:16} NOT NULL CHECK (status = 'new' OR status = 'accepted'"
    "  OR status = 'rejected'),"
    " verified {bool} NOT NULL CHECK (verified IN (0, 1)),"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " UNIQUE (product_id, user_id)){tail}",
    "CREATE INDEX reviews_status ON reviews(status, created_at, id)",
    "CREATE INDEX reviews_user ON reviews(user_id)",
    NULL,
};

/* Later products have the same numbers, so what tells of these ones goes as well; so do the records
   of imports, which would pass over what they have done. */
static const char *const down[] = {
    "DELETE FROM events WHERE aggregate IN ('attribute', 'brand', 'category', 'collection')",
    "DELETE FROM events WHERE aggregate IN ('product', 'variant')",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'attribute.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'brand.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'category.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'collection.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'price.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'product.%'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'variant.%'",
    "DELETE FROM imports",
    "DROP TABLE reviews",
    "DROP TABLE prices",
    "DROP TABLE collection_products",
    "DROP TABLE collections",
    "DROP TABLE product_tags",
    "DROP TABLE tags",
    "DROP TABLE product_attributes",
    "DROP TABLE attribute_choices",
    "DROP TABLE attributes",
    "DROP TABLE product_variants",
    "DROP TABLE product_images",
    "DROP TABLE product_options",
    "DROP TABLE products",
    "DROP TABLE brands",
    "DROP TABLE categories",
    NULL,
};

const ec_migration ec_migration_0002_catalog = {2, "catalog", up, down};
