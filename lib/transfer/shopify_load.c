/* SPDX-License-Identifier: MIT */
/*
 * shopify_load.c - what the shop has of a batch: products by their slugs with all that belongs to
 * them, balances, brands, categories, tags, and who has the SKUs.
 *
 * The number of statements depends on the size of the batch by blocks of 256 only. It refuses to
 * decide anything.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"

#define IN_MAX 256

ec_status ec_sheet_select_in(ec_session *session, const char *head, const char *tail,
                             const ec_value *values, size_t count, ec_sheet_row_fn each, void *ctx)
{
    ec_status status = EC_OK;
    for (size_t done = 0; status == EC_OK && done < count;) {
        size_t left = count - done < IN_MAX ? count - done : IN_MAX, padded = 1;
        ec_value list[IN_MAX];
        ec_buf sql;
        ec_stmt *stmt;
        while (padded < left) {
            padded *= 2;
        }
        ec_buf_init(&sql, ec_session_platform(session), 1u << 16);
        ec_buf_puts(&sql, head);
        for (size_t i = 0; i < padded; i++) {
            ec_buf_puts(&sql, i == 0 ? " IN (?" : ", ?");
            list[i] = values[done + (i < left ? i : left - 1)];
        }
        ec_buf_puts(&sql, ")");
        ec_buf_puts(&sql, tail);
        status = sql.status == EC_OK ? ec_query(session, ec_buf_text(&sql), list, padded, &stmt)
                                     : ec_fail_memory(session);
        while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
            status = each(session, stmt, ctx);
        }
        status = status == EC_DONE ? EC_OK : status;
        ec_buf_clear(&sql);
        done += left;
    }
    return status;
}

/* ---- rows of one table ---- */

typedef struct row_list {
    const ec_entity *entity; /* NULL: each reads by itself */
    char *items;
    size_t count, room, size;
} row_list;

static void *list_add(ec_session *session, row_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 64 : list->room * 2;
        char *items = ec_arena_array(ec_scratch(session), room, list->size);
        if (!items) {
            return NULL;
        }
        if (list->count > 0) {
            memcpy(items, list->items, list->count * list->size);
        }
        list->items = items;
        list->room = room;
    }
    return list->items + list->count++ * list->size;
}

static ec_status add_row(ec_session *session, ec_stmt *stmt, void *ctx)
{
    row_list *list = ctx;
    void *object = list_add(session, list);
    return object ? ec_entity_read_row(session, stmt, 0, list->entity, object, NULL)
                  : ec_fail_memory(session);
}

static ec_status load_rows(ec_session *session, const ec_entity *entity, const char *column,
                           const char *tail, const ec_value *values, size_t count, row_list *list)
{
    *list = (row_list){.entity = entity, .size = entity->size};
    const char *head =
        ec_arena_printf(ec_scratch(session), "SELECT %s FROM %s t WHERE t.%s",
                        ec_entity_columns(session, entity, "t"), entity->table, column);
    return head ? ec_sheet_select_in(session, head, tail, values, count, add_row, list)
                : ec_fail_memory(session);
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const ec_sheet_name *)a)->name, ((const ec_sheet_name *)b)->name);
}

void ec_sheet_names_sort(ec_sheet_names *names)
{
    if (names->count > 1) {
        qsort(names->items, names->count, sizeof *names->items, by_name);
    }
}

ec_id ec_sheet_names_find(const ec_sheet_names *names, const char *name)
{
    ec_sheet_name key = {.name = name};
    const ec_sheet_name *found =
        names->count > 0 ? bsearch(&key, names->items, names->count, sizeof *names->items, by_name)
                         : NULL;
    return found ? found->id : 0;
}

static ec_status add_name(ec_session *session, ec_stmt *stmt, void *ctx)
{
    ec_sheet_name *name = list_add(session, ctx);
    if (!name) {
        return ec_fail_memory(session);
    }
    name->id = ec_col_int(stmt, 0);
    name->name = ec_col_text(session, stmt, 1);
    return name->name ? EC_OK : ec_fail_memory(session);
}

/* Look texts up; the list of wanted ones is sorted and its doubles are dropped. */
static ec_status load_names(ec_session *session, const char *head, ec_sheet_names *wanted,
                            ec_sheet_names *out)
{
    row_list list = {.size = sizeof(ec_sheet_name)};
    size_t count = 0;
    ec_sheet_names_sort(wanted);
    ec_value *values = ec_arena_array(ec_scratch(session), wanted->count, sizeof *values);
    for (size_t i = 0; values && i < wanted->count; i++) {
        if (i == 0 || strcmp(wanted->items[i].name, wanted->items[i - 1].name) != 0) {
            values[count++] = ec_text(wanted->items[i].name);
        }
    }
    ec_status status = values
                           ? ec_sheet_select_in(session, head, "", values, count, add_name, &list)
                           : ec_fail_memory(session);
    *out = (ec_sheet_names){(ec_sheet_name *)(void *)list.items, list.count};
    ec_sheet_names_sort(out);
    return status;
}

static void want(ec_sheet_names *names, const char *name)
{
    if (name && name[0] != '\0') {
        names->items[names->count++] = (ec_sheet_name){.name = name};
    }
}

/* ---- products and what belongs to them ---- */

static int by_product_id(const void *a, const void *b)
{
    ec_id one = ((const ec_product *)a)->id, two = ((const ec_product *)b)->id;
    return (one > two) - (one < two);
}

static int by_slug(const void *a, const void *b)
{
    return strcmp(((const ec_sheet_known *)a)->row->slug, ((const ec_sheet_known *)b)->row->slug);
}

static ec_status add_tag_row(ec_session *session, ec_stmt *stmt, void *ctx)
{
    ec_sheet_known_tag *tag = list_add(session, ctx);
    if (!tag) {
        return ec_fail_memory(session);
    }
    tag->product_id = ec_col_int(stmt, 0);
    tag->name = ec_col_text(session, stmt, 1);
    return tag->name ? EC_OK : ec_fail_memory(session);
}

static ec_status load_products(ec_session *session, const ec_sheet *sheet, row_list *products)
{
    ec_value *slugs = ec_arena_array(ec_scratch(session), sheet->products, sizeof *slugs);
    size_t count = 0;
    if (!slugs) {
        return ec_fail_memory(session);
    }
    for (const ec_sheet_product *in = sheet->first; in; in = in->next) {
        if (!in->refused) {
            slugs[count++] = ec_text(in->row.slug);
        }
    }
    ec_status status = load_rows(session, &ec_product_entity, "slug", "", slugs, count, products);
    if (status == EC_OK && products->count > 1) {
        qsort(products->items, products->count, products->size, by_product_id);
    }
    return status;
}

/* The slice of a list, whose items have a product's number at an offset, that belongs to it. */
static size_t slice(const row_list *list, size_t offset, ec_id product, size_t *at, void *first)
{
    size_t begin = *at;
    while (*at < list->count) {
        ec_id id;
        memcpy(&id, list->items + *at * list->size + offset, sizeof id);
        if (id != product) {
            break;
        }
        *at += 1;
    }
    void *items = list->items ? list->items + begin * list->size : NULL;
    memcpy(first, &items, sizeof items);
    return *at - begin;
}

typedef struct children {
    row_list variants, options, images, tags;
} children;

static ec_status load_children(ec_session *session, const ec_value *ids, size_t count,
                               children *lists)
{
    static const char in_order[] = " ORDER BY t.product_id, t.position, t.id";
    ec_status status = load_rows(session, &ec_variant_entity, "product_id", in_order, ids, count,
                                 &lists->variants);
    if (status == EC_OK) {
        status = load_rows(session, &ec_product_option_entity, "product_id", in_order, ids, count,
                           &lists->options);
    }
    if (status == EC_OK) {
        status = load_rows(session, &ec_product_image_entity, "product_id", in_order, ids, count,
                           &lists->images);
    }
    if (status == EC_OK) {
        lists->tags = (row_list){.size = sizeof(ec_sheet_known_tag)};
        status = ec_sheet_select_in(session,
                                    "SELECT p.product_id, t.name FROM product_tags p"
                                    " JOIN tags t ON t.id = p.tag_id WHERE p.product_id",
                                    " ORDER BY p.product_id, t.name", ids, count, add_tag_row,
                                    &lists->tags);
    }
    return status;
}

ec_status ec_sheet_load_lists(ec_session *session, ec_product *rows, size_t count,
                              ec_sheet_known **out)
{
    children lists = {0};
    size_t at[4] = {0};
    ec_value *ids = ec_arena_array(ec_scratch(session), count, sizeof *ids);
    ec_sheet_known *all = ec_arena_array(ec_scratch(session), count, sizeof *all);
    if (!ids || !all) {
        return ec_fail_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = ec_int(rows[i].id);
    }
    ec_status status = load_children(session, ids, count, &lists);
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        ec_sheet_known *known = &all[i];
        ec_id id = rows[i].id;
        known->row = &rows[i];
        known->variants_count =
            slice(&lists.variants, offsetof(ec_variant, product_id), id, &at[0], &known->variants);
        known->options_count = slice(&lists.options, offsetof(ec_product_option, product_id), id,
                                     &at[1], &known->options);
        known->images_count = slice(&lists.images, offsetof(ec_product_image, product_id), id,
                                    &at[2], &known->images);
        known->tags_count =
            slice(&lists.tags, offsetof(ec_sheet_known_tag, product_id), id, &at[3], &known->tags);
    }
    *out = all;
    return status;
}

static ec_status load_known(ec_session *session, const ec_sheet *sheet, ec_sheet_shop *shop)
{
    row_list products;
    ec_status status = load_products(session, sheet, &products);
    if (status != EC_OK || products.count == 0) {
        return status;
    }
    status = ec_sheet_load_lists(session, (ec_product *)(void *)products.items, products.count,
                                 &shop->known);
    if (status == EC_OK) {
        shop->known_count = products.count;
        qsort(shop->known, shop->known_count, sizeof *shop->known, by_slug);
    }
    return status;
}

const ec_sheet_known *ec_sheet_shop_find(const ec_sheet_shop *shop, const char *slug)
{
    ec_product row = {.slug = slug};
    ec_sheet_known key = {.row = &row};
    return shop->known_count == 0
               ? NULL
               : bsearch(&key, shop->known, shop->known_count, sizeof *shop->known, by_slug);
}

/* ---- balances ---- */

typedef struct stock_list {
    row_list rows;
    ec_id warehouse_id;
} stock_list;

static ec_status add_stock(ec_session *session, ec_stmt *stmt, void *ctx)
{
    stock_list *list = ctx;
    ec_id variant = ec_col_int(stmt, 0);
    ec_sheet_stock *stock = (ec_sheet_stock *)(void *)list->rows.items;
    stock = list->rows.count > 0 ? &stock[list->rows.count - 1] : NULL;
    if (!stock || stock->variant_id != variant) {
        stock = list_add(session, &list->rows);
        if (!stock) {
            return ec_fail_memory(session);
        }
        *stock = (ec_sheet_stock){.variant_id = variant};
    }
    if (ec_col_int(stmt, 1) == list->warehouse_id) {
        stock->inventory_id = ec_col_int(stmt, 2);
        stock->on_hand = ec_col_int(stmt, 3);
        stock->committed = ec_col_int(stmt, 4);
        stock->damaged = ec_col_int(stmt, 5);
    }
    stock->over = stock->over || ec_col_int(stmt, 4) > ec_col_int(stmt, 3);
    return EC_OK;
}

static int by_id(const void *a, const void *b)
{
    int64_t one = ((const ec_value *)a)->integer, two = ((const ec_value *)b)->integer;
    return (one > two) - (one < two);
}

ec_status ec_sheet_load_stock(ec_session *session, ec_id warehouse_id, ec_sheet_shop *shop)
{
    stock_list list = {.rows = {.size = sizeof(ec_sheet_stock)}, .warehouse_id = warehouse_id};
    size_t count = 0;
    for (size_t i = 0; i < shop->known_count; i++) {
        count += shop->known[i].variants_count;
    }
    ec_value *ids = ec_arena_array(ec_scratch(session), count, sizeof *ids);
    if (!ids) {
        return ec_fail_memory(session);
    }
    count = 0;
    for (size_t i = 0; i < shop->known_count; i++) {
        for (size_t j = 0; j < shop->known[i].variants_count; j++) {
            ids[count++] = ec_int(shop->known[i].variants[j].id);
        }
    }
    if (count > 1) {
        qsort(ids, count, sizeof *ids, by_id);
    }
    ec_status status = ec_sheet_select_in(
        session,
        "SELECT variant_id, warehouse_id, id, on_hand, committed, damaged FROM inventory"
        " WHERE variant_id",
        " ORDER BY variant_id", ids, count, add_stock, &list);
    shop->stock = (ec_sheet_stock *)(void *)list.rows.items;
    shop->stock_count = list.rows.count;
    return status;
}

static int by_variant(const void *a, const void *b)
{
    ec_id one = ((const ec_sheet_stock *)a)->variant_id;
    ec_id two = ((const ec_sheet_stock *)b)->variant_id;
    return (one > two) - (one < two);
}

const ec_sheet_stock *ec_sheet_shop_stock(const ec_sheet_shop *shop, ec_id variant_id)
{
    ec_sheet_stock key = {.variant_id = variant_id};
    return shop->stock_count == 0
               ? NULL
               : bsearch(&key, shop->stock, shop->stock_count, sizeof *shop->stock, by_variant);
}

/* ---- the rest ---- */

static bool has_sku(const ec_sheet_known *known, const char *sku)
{
    for (size_t i = 0; known && i < known->variants_count; i++) {
        if (known->variants[i].sku && strcmp(known->variants[i].sku, sku) == 0) {
            return true;
        }
    }
    return false;
}

static ec_status load_skus(ec_session *session, const ec_sheet *sheet, ec_sheet_shop *shop)
{
    ec_sheet_names wanted = {
        ec_arena_array(ec_scratch(session), sheet->variants + 1, sizeof(ec_sheet_name)), 0};
    if (!wanted.items) {
        return ec_fail_memory(session);
    }
    for (const ec_sheet_product *in = sheet->first; in; in = in->next) {
        const ec_sheet_known *known = in->refused ? NULL : ec_sheet_shop_find(shop, in->row.slug);
        for (size_t i = 0; !in->refused && i < in->variants_count; i++) {
            const char *sku = in->variants[i].row.sku;
            if (sku && !has_sku(known, sku)) {
                want(&wanted, sku);
            }
        }
    }
    return load_names(session, "SELECT product_id, sku FROM product_variants WHERE sku", &wanted,
                      &shop->skus);
}

static ec_status load_brands_and_categories(ec_session *session, const ec_sheet *sheet,
                                            ec_sheet_shop *shop)
{
    ec_arena *arena = ec_scratch(session);
    size_t most = sheet->products + 1;
    ec_sheet_names brands = {ec_arena_array(arena, most, sizeof(ec_sheet_name)), 0};
    ec_sheet_names types = {ec_arena_array(arena, most, sizeof(ec_sheet_name)), 0};
    if (!brands.items || !types.items) {
        return ec_fail_memory(session);
    }
    for (const ec_sheet_product *in = sheet->first; in; in = in->next) {
        if (!in->refused) {
            want(&brands, in->vendor);
            want(&types, in->row.type ? ec_text_slug(arena, in->row.type, 255) : NULL);
        }
    }
    ec_status status =
        load_names(session, "SELECT id, name FROM brands WHERE name", &brands, &shop->brands);
    return status == EC_OK ? load_names(session, "SELECT id, slug FROM categories WHERE slug",
                                        &types, &shop->categories)
                           : status;
}

static ec_status load_tags(ec_session *session, const ec_sheet *sheet, ec_sheet_shop *shop)
{
    size_t most = 1;
    for (const ec_sheet_product *in = sheet->first; in; in = in->next) {
        most += in->tags_count;
    }
    ec_sheet_names wanted = {ec_arena_array(ec_scratch(session), most, sizeof(ec_sheet_name)), 0};
    if (!wanted.items) {
        return ec_fail_memory(session);
    }
    for (const ec_sheet_product *in = sheet->first; in; in = in->next) {
        for (size_t i = 0; !in->refused && i < in->tags_count; i++) {
            want(&wanted, in->tags[i]);
        }
    }
    return load_names(session, "SELECT id, name FROM tags WHERE name", &wanted, &shop->tags);
}

ec_status ec_sheet_load(ec_session *session, const ec_sheet *sheet, ec_sheet_shop *shop)
{
    *shop = (ec_sheet_shop){0};
    ec_status status = load_known(session, sheet, shop);
    if (status == EC_OK) {
        status = ec_sheet_load_stock(session, sheet->import->warehouse_id, shop);
    }
    if (status == EC_OK) {
        status = load_skus(session, sheet, shop);
    }
    if (status == EC_OK) {
        status = load_brands_and_categories(session, sheet, shop);
    }
    return status == EC_OK ? load_tags(session, sheet, shop) : status;
}
