/* SPDX-License-Identifier: MIT */
/*
 * product_lists.c - the lists of products: variants in one statement, all others in a second one,
 * for one product or a page of them.
 *
 * Options tell the values that the variants have, so they bring the variants along. It refuses to
 * show visitors what a thing costs the shop.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/inside.h"

/* ---- finding the product of a row of a list ---- */

typedef struct ec_product_slot {
    ec_id id;
    ec_product *product;
} ec_product_slot;

static int by_id(const void *a, const void *b)
{
    ec_id x = ((const ec_product_slot *)a)->id;
    ec_id y = ((const ec_product_slot *)b)->id;
    return (x > y) - (x < y);
}

/* The products of a load, by number. */
typedef struct load {
    ec_session *session;
    const ec_price_view *view;
    ec_product_slot *slots;
    ec_id *ids;
    size_t count;
} load;

static ec_product *product_of(const load *l, ec_id id)
{
    size_t low = 0;
    size_t high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->slots[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < l->count && l->slots[low].id == id ? l->slots[low].product : NULL;
}

/* Room for one more item behind count of them; lists double from 4 on. */
static void *more(ec_session *session, void *items, size_t count, size_t size)
{
    if (count != 0 && (count < 4 || (count & (count - 1)) != 0)) {
        return items;
    }
    char *grown = ec_arena_array(ec_scratch(session), count == 0 ? 4 : count * 2, size);
    if (grown && count > 0) {
        memcpy(grown, items, count * size);
    }
    return grown;
}

/* ---- variants ---- */

static void variant_columns(ec_statement *s, const ec_price_view *view, const char *more_columns)
{
    ec_statement_put(s, "SELECT ");
    ec_statement_put(s, ec_entity_columns(s->session, &ec_variant_entity, "v"));
    ec_statement_put(s, ", i.url, (SELECT " EC_SUM_AVAILABLE " FROM inventory s"
                        " JOIN warehouses w ON w.id = s.warehouse_id"
                        " WHERE s.variant_id = v.id AND w.is_active = 1), t.currency");
    ec_statement_put(s, view->lists ? ", p.amount, p.compare_amount" : ", NULL, NULL");
    ec_statement_put(s, more_columns);
    ec_statement_put(s, " FROM product_variants v JOIN products t ON t.id = v.product_id"
                        " LEFT JOIN product_images i ON i.id = v.image_id");
    if (view->lists) {
        ec_list_price_join(s, view);
    }
}

/* " AND …": the variants that the actor sees. */
static void variant_visible(ec_statement *s, const ec_price_view *view)
{
    ec_statement_put(s, view->all ? "" : " AND v.is_active = 1");
    if (view->lists) {
        ec_statement_with(s, " AND (p.id IS NOT NULL OR t.currency = ?)", ec_text(view->currency));
    }
}

static ec_status read_variant(ec_session *session, ec_stmt *stmt, const ec_price_view *view,
                              ec_variant *variant)
{
    int column = 0;
    ec_status status = ec_entity_read_row(session, stmt, 0, &ec_variant_entity, variant, &column);
    variant->image_url = ec_col_text(session, stmt, column);
    variant->stock = ec_col_int(stmt, column + 1);
    variant->currency = ec_col_text(session, stmt, column + 2);
    if (view->lists) {
        variant->currency = view->currency;
        if (!ec_col_null(stmt, column + 3)) {
            variant->price = ec_col_int(stmt, column + 3);
            variant->compare_price = ec_col_int(stmt, column + 4);
        }
    }
    variant->cost_price = view->all ? variant->cost_price : 0;
    return status;
}

static ec_status take_variant(const load *l, ec_stmt *stmt)
{
    ec_variant variant = {0};
    ec_status status = read_variant(l->session, stmt, l->view, &variant);
    ec_product *product = status == EC_OK ? product_of(l, variant.product_id) : NULL;
    if (!product) {
        return status;
    }
    product->variants =
        more(l->session, product->variants, product->variants_count, sizeof variant);
    if (!product->variants) {
        return ec_fail_memory(l->session);
    }
    product->variants[product->variants_count++] = variant;
    return EC_OK;
}

static ec_status load_variants(const load *l)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, l->session);
    variant_columns(&s, l->view, "");
    ec_statement_put(&s, " WHERE v.product_id IN ");
    ec_statement_ids(&s, l->ids, l->count);
    variant_visible(&s, l->view);
    ec_statement_put(&s, " ORDER BY v.product_id, v.position, v.id");
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(l->session, stmt)) == EC_OK) {
        status = take_variant(l, stmt);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- single variants, for variant.c ---- */

/* What prices ask about the product of a row. */
static void read_owner(ec_session *session, ec_stmt *stmt, int column, ec_price_view *view,
                       ec_product *product)
{
    product->brand_id = ec_col_int(stmt, column);
    product->type = ec_col_text(session, stmt, column + 1);
    product->name = ec_col_text(session, stmt, column + 2);
    view->rules_version = ec_col_int(stmt, column + 3);
}

/* Single variants are of one product. */
static ec_status shown(ec_session *session, const ec_price_view *view, ec_product *product,
                       ec_variant *items, size_t count)
{
    if (count == 0) {
        return EC_OK;
    }
    product->id = items[0].product_id;
    product->variants = items;
    product->variants_count = count;
    return ec_products_shown(session, view, product, 1);
}

ec_status ec_variants_where(ec_session *session, const char *condition, ec_value value,
                            bool of_seen_product, ec_variant **items, size_t *count)
{
    ec_price_view view = ec_price_view_of(session);
    ec_product product = {0};
    ec_statement s;
    ec_stmt *stmt = NULL;
    *items = NULL;
    *count = 0;
    ec_statement_begin(&s, session);
    variant_columns(&s, &view,
                    view.all ? ""
                             : ", t.brand_id, t.type, t.name,"
                               " (SELECT version FROM rule_versions WHERE id = 1)");
    ec_statement_with(&s, condition, value);
    variant_visible(&s, &view);
    if (of_seen_product) {
        ec_price_view plain = view; /* the price of the variant itself was looked at */
        plain.lists = false;
        plain.currency = view.lists ? NULL : view.currency;
        ec_product_visible(&s, &plain, " AND");
    }
    ec_statement_put(&s, " ORDER BY v.product_id, v.position, v.id");
    ec_status status = ec_statement_query(&s, &stmt);
    int columns = stmt ? stmt->ops->column_count(stmt) : 0;
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        *items = more(session, *items, *count, sizeof **items);
        if (!*items) {
            return ec_fail_memory(session);
        }
        memset(&(*items)[*count], 0, sizeof **items);
        status = read_variant(session, stmt, &view, &(*items)[(*count)++]);
        if (status == EC_OK && !view.all) {
            read_owner(session, stmt, columns - 4, &view, &product);
        }
    }
    status = status == EC_DONE ? EC_OK : status;
    return status == EC_OK ? shown(session, &view, &product, *items, *count) : status;
}

/* ---- the other lists ---- */

/* Rows: kind, product, place, id, then texts and numbers by kind. */
enum { KIND_OPTION = 1, KIND_IMAGE = 2, KIND_ATTRIBUTE = 3, KIND_TAG = 4 };

static const struct {
    unsigned with;
    const char *select;
} list_parts[] = {
    {EC_WITH_OPTIONS, "SELECT 1 AS kind, o.product_id AS product, o.position AS place, o.id AS id,"
                      " o.name AS text1, NULL AS text2, NULL AS text3, NULL AS text4,"
                      " NULL AS text5, 0 AS number1, 0 AS number2"
                      " FROM product_options o WHERE o.product_id IN "},
    {EC_WITH_IMAGES, "SELECT 2 AS kind, i.product_id AS product, i.position AS place, i.id AS id,"
                     " i.url AS text1, i.alt AS text2, NULL AS text3, NULL AS text4,"
                     " NULL AS text5, i.created_at AS number1, 0 AS number2"
                     " FROM product_images i WHERE i.product_id IN "},
    {EC_WITH_ATTRIBUTES, "SELECT 3 AS kind, x.product_id AS product, x.id AS place, x.id AS id,"
                         " x.value AS text1, a.code AS text2, a.name AS text3, a.unit AS text4,"
                         " a.type AS text5, x.attribute_id AS number1, x.number AS number2"
                         " FROM product_attributes x JOIN attributes a ON a.id = x.attribute_id"
                         " WHERE x.product_id IN "},
    {EC_WITH_TAGS, "SELECT 4 AS kind, y.product_id AS product, 0 AS place, y.tag_id AS id,"
                   " g.name AS text1, NULL AS text2, NULL AS text3, NULL AS text4,"
                   " NULL AS text5, 0 AS number1, 0 AS number2"
                   " FROM product_tags y JOIN tags g ON g.id = y.tag_id WHERE y.product_id IN "},
};

static bool take_option(ec_session *session, ec_stmt *stmt, ec_product *product)
{
    product->options =
        more(session, product->options, product->options_count, sizeof *product->options);
    if (!product->options) {
        return false;
    }
    product->options[product->options_count++] =
        (ec_product_option){.id = ec_col_int(stmt, 3),
                            .product_id = product->id,
                            .position = ec_col_int(stmt, 2),
                            .name = ec_col_text(session, stmt, 4)};
    return true;
}

static bool take_image(ec_session *session, ec_stmt *stmt, ec_product *product)
{
    product->images =
        more(session, product->images, product->images_count, sizeof *product->images);
    if (!product->images) {
        return false;
    }
    product->images[product->images_count++] =
        (ec_product_image){.id = ec_col_int(stmt, 3),
                           .created_at = ec_col_int(stmt, 9),
                           .product_id = product->id,
                           .position = ec_col_int(stmt, 2),
                           .url = ec_col_text(session, stmt, 4),
                           .alt = ec_col_text(session, stmt, 5)};
    return true;
}

static bool take_attribute(ec_session *session, ec_stmt *stmt, ec_product *product)
{
    product->attributes =
        more(session, product->attributes, product->attributes_count, sizeof *product->attributes);
    if (!product->attributes) {
        return false;
    }
    product->attributes[product->attributes_count++] =
        (ec_product_attribute){.id = ec_col_int(stmt, 3),
                               .product_id = product->id,
                               .attribute_id = ec_col_int(stmt, 9),
                               .number = ec_col_int(stmt, 10),
                               .value = ec_col_text(session, stmt, 4),
                               .code = ec_col_text(session, stmt, 5),
                               .name = ec_col_text(session, stmt, 6),
                               .unit = ec_col_text(session, stmt, 7),
                               .type = ec_attribute_type_in(stmt, 8)};
    return true;
}

static bool take_tag(ec_session *session, ec_stmt *stmt, ec_product *product)
{
    const char **tags =
        more(session, (void *)(uintptr_t)product->tags, product->tags_count, sizeof *tags);
    product->tags = tags;
    if (!tags) {
        return false;
    }
    tags[product->tags_count++] = ec_col_text(session, stmt, 4);
    return true;
}

static ec_status take_item(const load *l, ec_stmt *stmt)
{
    ec_product *product = product_of(l, ec_col_int(stmt, 1));
    bool taken = true;
    if (product) {
        switch (ec_col_int(stmt, 0)) {
        case KIND_OPTION: taken = take_option(l->session, stmt, product); break;
        case KIND_IMAGE: taken = take_image(l->session, stmt, product); break;
        case KIND_ATTRIBUTE: taken = take_attribute(l->session, stmt, product); break;
        default: taken = take_tag(l->session, stmt, product); break;
        }
    }
    return taken ? EC_OK : ec_fail_memory(l->session);
}

static ec_status load_items(const load *l, unsigned with)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    ec_statement_begin(&s, l->session);
    for (size_t i = 0; i < sizeof list_parts / sizeof list_parts[0]; i++) {
        if ((with & list_parts[i].with) != 0) {
            ec_statement_put(&s, s.length > 0 ? " UNION ALL " : "");
            ec_statement_put(&s, list_parts[i].select);
            ec_statement_ids(&s, l->ids, l->count);
        }
    }
    if (s.length == 0) {
        return EC_OK;
    }
    ec_status status =
        ec_statement_query(&s, &stmt); /* put in order by finish(), which is cheaper */
    while (status == EC_OK && (status = ec_row(l->session, stmt)) == EC_OK) {
        status = take_item(l, stmt);
    }
    return status == EC_DONE ? EC_OK : status;
}

/* ---- finishing ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_option_position(const void *a, const void *b)
{
    int64_t x = ((const ec_product_option *)a)->position;
    int64_t y = ((const ec_product_option *)b)->position;
    return (x > y) - (x < y);
}

static int by_image_position(const void *a, const void *b)
{
    const ec_product_image *x = a;
    const ec_product_image *y = b;
    int first = (x->position > y->position) - (x->position < y->position);
    return first != 0 ? first : (x->id > y->id) - (x->id < y->id);
}

static int by_attribute_id(const void *a, const void *b)
{
    ec_id x = ((const ec_product_attribute *)a)->id;
    ec_id y = ((const ec_product_attribute *)b)->id;
    return (x > y) - (x < y);
}

/* The storage may give the rows of a list in any order. */
static void sort_items(ec_product *product)
{
    if (product->options_count > 1) {
        qsort(product->options, product->options_count, sizeof *product->options,
              by_option_position);
    }
    if (product->images_count > 1) {
        qsort(product->images, product->images_count, sizeof *product->images, by_image_position);
    }
    if (product->attributes_count > 1) {
        qsort(product->attributes, product->attributes_count, sizeof *product->attributes,
              by_attribute_id);
    }
}

const char *ec_variant_option(const ec_variant *variant, size_t option)
{
    const char *const values[] = {variant->option1, variant->option2, variant->option3};
    return option < EC_OPTIONS_MAX ? values[option] : NULL;
}

/* The different values of an option, in the order of the variants. */
static bool option_values(ec_session *session, const ec_product *product, size_t at)
{
    ec_product_option *option = &product->options[at];
    for (size_t i = 0; i < product->variants_count; i++) {
        const char *value = ec_variant_option(&product->variants[i], at);
        bool known = value == NULL;
        for (size_t j = 0; !known && j < option->values_count; j++) {
            known = strcmp(option->values[j], value) == 0;
        }
        if (known) {
            continue;
        }
        const char **values =
            more(session, (void *)(uintptr_t)option->values, option->values_count, sizeof *values);
        option->values = values;
        if (!values) {
            return false;
        }
        values[option->values_count++] = value;
    }
    return true;
}

static ec_status finish(ec_session *session, ec_product *product, unsigned with)
{
    bool good = true;
    sort_items(product);
    if ((with & EC_WITH_TAGS) != 0 && product->tags_count > 1 && !ec_scratch(session)->failed) {
        qsort((void *)(uintptr_t)product->tags, product->tags_count, sizeof *product->tags,
              by_text);
    }
    for (size_t i = 0; good && i < product->options_count; i++) {
        good = option_values(session, product, i);
    }
    if ((with & EC_WITH_VARIANTS) == 0) {
        product->variants = NULL;
        product->variants_count = 0;
    }
    return good ? EC_OK : ec_fail_memory(session);
}

static bool begin_load(load *l, ec_product *products, size_t count)
{
    l->slots = ec_arena_array(ec_scratch(l->session), count, sizeof *l->slots);
    l->ids = ec_arena_array(ec_scratch(l->session), count, sizeof *l->ids);
    l->count = count;
    if (!l->slots || !l->ids) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        l->slots[i] = (ec_product_slot){products[i].id, &products[i]};
    }
    qsort(l->slots, count, sizeof *l->slots, by_id);
    for (size_t i = 0; i < count; i++) {
        l->ids[i] = l->slots[i].id;
    }
    return true;
}

ec_status ec_product_lists(ec_session *session, const ec_price_view *view, ec_product *products,
                           size_t count, unsigned with)
{
    load l = {.session = session, .view = view};
    ec_status status = EC_OK;
    if (count == 0 || with == 0) {
        return EC_OK;
    }
    if (!begin_load(&l, products, count)) {
        return ec_fail_memory(session);
    }
    if ((with & (EC_WITH_VARIANTS | EC_WITH_OPTIONS)) != 0) { /* options show their values */
        status = load_variants(&l);
    }
    if (status == EC_OK) {
        status = load_items(&l, with);
    }
    for (size_t i = 0; status == EC_OK && i < count; i++) {
        status = finish(session, &products[i], with);
    }
    return status;
}
