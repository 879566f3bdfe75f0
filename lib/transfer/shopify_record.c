/* SPDX-License-Identifier: MIT */
/*
 * shopify_record.c - one record: the product's fields, a variant, an image, and what is kept.
 *
 * Field rules are those of the tables (rows.c), so a text that is too long or no UTF-8 is refused
 * under the name of its column. A column that the file lacks gives the field's default here and is
 * left alone at an update. It refuses nothing about other records.
 */
#include "transfer/shopify_record.h"

#include <ecommerce/money.h>

#include <string.h>

#include "base/text.h"

/* ---- field rules ---- */

typedef struct field_place {
    const char *field;
    ec_sheet_place place;
} field_place;

static const field_place product_places[] = {
    {"name", EC_SHEET_TITLE},
    {"slug", EC_SHEET_HANDLE},
    {"description", EC_SHEET_BODY},
    {"type", EC_SHEET_TYPE},
    {"published_at", EC_SHEET_PUBLISHED_AT},
    {"meta_title", EC_SHEET_SEO_TITLE},
    {"meta_description", EC_SHEET_SEO_DESCRIPTION},
    {NULL, EC_SHEET_KEPT},
};

static const field_place variant_places[] = {
    {"sku", EC_SHEET_SKU},
    {"barcode", EC_SHEET_BARCODE},
    {"option1", EC_SHEET_OPTION1_VALUE},
    {"option2", EC_SHEET_OPTION2_VALUE},
    {"option3", EC_SHEET_OPTION3_VALUE},
    {"tax_code", EC_SHEET_TAX_CODE},
    {"price", EC_SHEET_PRICE},
    {"weight", EC_SHEET_GRAMS},
    {NULL, EC_SHEET_KEPT},
};

static void check_fields(ec_sheet_record *record, const ec_entity *entity, const void *object,
                         ec_mask fields, const field_place *places)
{
    ec_check check;
    if (record->rule) {
        return;
    }
    ec_check_init(&check, record->arena);
    ec_entity_check(entity, object, fields, false, &check);
    if (check.count == 0) {
        return;
    }
    const ec_field_error *error = &check.errors[0];
    const char *column = error->field;
    for (size_t i = 0; places[i].field; i++) {
        if (strcmp(places[i].field, error->field) == 0) {
            column = ec_sheet_place_name(places[i].place);
        }
    }
    ec_sheet_problem(record, column, error->rule, "%s", error->message);
}

static void check_url(ec_sheet_record *record, ec_sheet_place place, const char *url,
                      const char *alt)
{
    const field_place places[] = {
        {"url", place}, {"alt", EC_SHEET_IMAGE_ALT}, {NULL, EC_SHEET_KEPT}};
    ec_product_image image = {.url = url, .alt = alt};
    check_fields(record, &ec_product_image_entity, &image, EC_MASK_ALL, places);
}

/* ---- kept values ---- */

static ec_sheet_kept kept_room(ec_sheet_record *record)
{
    /* and one each for Status, Published and the tracker */
    return (ec_sheet_kept){.items = ec_arena_array(record->arena, record->header->kept_count + 3,
                                                   sizeof(ec_sheet_pair))};
}

/* The value of a kept column, NULL when there is nothing to keep. */
static const char *kept_value(ec_sheet_record *record, size_t column)
{
    const char *text = column < record->count ? ec_csv_unprotect(record->cells[column]) : "";
    const ec_sheet_column *known = record->header->columns[column];
    if (*text == '\0' || (known && known->usual && ec_text_equal_nocase(known->usual, text))) {
        return NULL;
    }
    int64_t length = ec_utf8_count(text, strlen(text));
    if (length < 0 || length > EC_TEXT_MAX) {
        ec_sheet_problem(record, record->header->names[column], length < 0 ? "utf8" : "max_length",
                         length < 0 ? "The text is no UTF-8." : "The text is too long.");
        return NULL;
    }
    return ec_arena_strdup(record->arena, text);
}

/* Kept values go to the variant, but those of the product's first record to the product. */
static void read_kept(ec_sheet_record *record, bool first, ec_sheet_parts *parts)
{
    const ec_sheet_header *header = record->header;
    for (size_t i = 0; i < header->kept_count; i++) {
        size_t column = header->kept[i];
        const ec_sheet_column *known = header->columns[column];
        const char *value = kept_value(record, column);
        bool own = known && known->owner == EC_SHEET_OF_VARIANT;
        bool variant = parts->has_variant && (own || !first);
        ec_sheet_kept *kept = variant ? &parts->variant.kept : &parts->kept;
        if (!value) {
            continue;
        }
        if (!kept->items) {
            *kept = kept_room(record);
        }
        if (kept->items) {
            ec_sheet_kept_add(kept, header->names[column], value);
        }
    }
    parts->is_extra = !first && !parts->has_variant && parts->kept.count > 0;
}

static void keep(ec_sheet_record *record, ec_sheet_kept *kept, ec_sheet_place place)
{
    if (!kept->items) {
        *kept = kept_room(record);
    }
    const char *value = ec_sheet_text(record, place);
    if (kept->items && value) {
        ec_sheet_kept_add(kept, ec_sheet_place_name(place), value);
    }
}

/* ---- the product ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool has_tag(const ec_sheet_product *product, const char *tag)
{
    for (size_t i = 0; i < product->tags_count; i++) {
        if (strcmp(product->tags[i], tag) == 0) {
            return true;
        }
    }
    return false;
}

static void add_tag(ec_sheet_record *record, ec_sheet_product *product, const char *text,
                    size_t length)
{
    const char *column = ec_sheet_place_name(EC_SHEET_TAGS);
    int64_t points = ec_utf8_count(text, length);
    if (points < 0 || points > 255) {
        ec_sheet_problem(record, column, points < 0 ? "utf8" : "max_length",
                         "A tag is a text of up to 255 characters.");
        return;
    }
    const char *tag = ec_arena_text(record->arena, text, length);
    if (!tag || has_tag(product, tag)) {
        return;
    }
    if (product->tags_count == EC_TAGS_MAX) {
        ec_sheet_problem(record, column, "max_items", "The product has more than %d tags.",
                         EC_TAGS_MAX);
        return;
    }
    product->tags[product->tags_count++] = tag;
}

static void read_tags(ec_sheet_record *record, ec_sheet_product *product)
{
    const char *text = ec_sheet_cell(record, EC_SHEET_TAGS);
    size_t most = 1;
    if (!text) {
        return;
    }
    for (const char *at = text; *at; at++) {
        most += *at == ',' && most < EC_TAGS_MAX;
    }
    product->tags = ec_arena_array(record->arena, most, sizeof *product->tags);
    while (product->tags && !record->rule && *text) {
        size_t length = strcspn(text, ",");
        const char *end = text + length;
        while (length > 0 && is_blank(*text)) {
            text++;
            length--;
        }
        while (length > 0 && is_blank(text[length - 1])) {
            length--;
        }
        if (length > 0) {
            add_tag(record, product, text, length);
        }
        text = *end ? end + 1 : end;
    }
}

/* Hidden products are drafts here; what the file says besides comes out again at export. */
static void read_status(ec_sheet_record *record, ec_sheet_product *product, ec_sheet_kept *kept)
{
    static const char *const names[] = {"draft", "active", "archived", "unlisted", NULL};
    bool published = ec_sheet_flag(record, EC_SHEET_PUBLISHED, true);
    int status = ec_sheet_choice(record, EC_SHEET_STATUS, names,
                                 published ? EC_PRODUCT_ACTIVE : EC_PRODUCT_DRAFT);
    bool unlisted = status > EC_PRODUCT_ARCHIVED;
    bool hidden = unlisted || (status == EC_PRODUCT_ACTIVE && !published);
    product->row.status = hidden ? EC_PRODUCT_DRAFT : (ec_product_status)status;
    if (hidden) {
        keep(record, kept, EC_SHEET_STATUS);
    }
    if (published && product->row.status == EC_PRODUCT_DRAFT &&
        ec_sheet_cell(record, EC_SHEET_PUBLISHED)) {
        keep(record, kept, EC_SHEET_PUBLISHED);
    }
}

/* The product's own currency, else that of the import; its other records have it too. */
static void read_currency(ec_sheet_record *record)
{
    const char *code = ec_sheet_cell(record, EC_SHEET_CURRENCY);
    const ec_currency *currency = code ? ec_currency_find(code) : NULL;
    if (currency) {
        record->currency = currency->code;
    } else if (code) {
        ec_sheet_problem(record, ec_sheet_place_name(EC_SHEET_CURRENCY), "currency",
                         "A currency code of ISO 4217 is needed, such as CLP.");
    }
}

void ec_sheet_read_product(ec_sheet_record *record, ec_sheet_product *product)
{
    ec_product *row = &product->row;
    const char *handle = ec_sheet_cell(record, EC_SHEET_HANDLE);
    bool titled = ec_sheet_has(record->header, EC_SHEET_TITLE);
    row->name = ec_sheet_text(record, EC_SHEET_TITLE);
    if (titled && !row->name) {
        ec_sheet_problem(record, ec_sheet_place_name(EC_SHEET_TITLE), "required",
                         "The first record of a product needs its title.");
        return;
    }
    row->slug = ec_text_slug(record->arena, handle ? handle : row->name ? row->name : "", 255);
    if (row->slug && row->slug[0] == '\0') {
        ec_sheet_problem(record, ec_sheet_place_name(handle ? EC_SHEET_HANDLE : EC_SHEET_TITLE),
                         "slug", "A handle needs letters from a to z or digits.");
    }
    row->description = ec_sheet_text(record, EC_SHEET_BODY);
    row->type = ec_sheet_text(record, EC_SHEET_TYPE);
    row->published_at = ec_sheet_time(record, EC_SHEET_PUBLISHED_AT);
    row->meta_title = ec_sheet_text(record, EC_SHEET_SEO_TITLE);
    row->meta_description = ec_sheet_text(record, EC_SHEET_SEO_DESCRIPTION);
    read_currency(record);
    row->currency = record->currency;
    product->vendor = ec_sheet_text(record, EC_SHEET_VENDOR);
    read_tags(record, product);
    ec_mask name = ec_field_bit(&ec_product_entity, ec_field_find(&ec_product_entity, "name"));
    check_fields(record, &ec_product_entity, row, titled ? EC_MASK_ALL : EC_MASK_ALL & ~name,
                 product_places);
    if (product->vendor) {
        const field_place places[] = {{"name", EC_SHEET_VENDOR}, {NULL, EC_SHEET_KEPT}};
        ec_brand brand = {.name = product->vendor};
        check_fields(record, &ec_brand_entity, &brand,
                     ec_field_bit(&ec_brand_entity, ec_field_find(&ec_brand_entity, "name")),
                     places);
    }
    read_status(record, product, &product->kept);
}

/* ---- the variant and the image ---- */

static bool any_cell(const ec_sheet_record *record, const ec_sheet_place *places)
{
    for (size_t i = 0; places[i] != EC_SHEET_KEPT; i++) {
        if (ec_sheet_cell(record, places[i])) {
            return true;
        }
    }
    return false;
}

static bool is_variant(const ec_sheet_record *record, bool *bare)
{
    static const ec_sheet_place goods[] = {
        EC_SHEET_SKU,           EC_SHEET_PRICE,         EC_SHEET_BARCODE,
        EC_SHEET_QUANTITY,      EC_SHEET_COMPARE_PRICE, EC_SHEET_COST,
        EC_SHEET_OPTION2_VALUE, EC_SHEET_OPTION3_VALUE, EC_SHEET_KEPT,
    };
    const char *first = ec_sheet_cell(record, EC_SHEET_OPTION1_VALUE);
    bool more = any_cell(record, goods);
    *bare = !more && first && ec_text_equal_nocase(first, "Default Title");
    return more || first;
}

static void read_variant(ec_sheet_record *record, ec_sheet_variant *variant)
{
    static const char *const units[] = {"g", "kg", "oz", "lb", NULL};
    static const char *const policies[] = {"deny", "continue", NULL};
    ec_variant *row = &variant->row;
    bool tracker = ec_sheet_has(record->header, EC_SHEET_TRACKER);
    const char *tracked_by = ec_sheet_cell(record, EC_SHEET_TRACKER);
    variant->line = record->line;
    row->option1 = ec_sheet_text(record, EC_SHEET_OPTION1_VALUE);
    row->option2 = ec_sheet_text(record, EC_SHEET_OPTION2_VALUE);
    row->option3 = ec_sheet_text(record, EC_SHEET_OPTION3_VALUE);
    row->sku = ec_sheet_text(record, EC_SHEET_SKU);
    row->barcode = ec_sheet_text(record, EC_SHEET_BARCODE);
    row->price = ec_sheet_money(record, EC_SHEET_PRICE);
    variant->priced = ec_sheet_cell(record, EC_SHEET_PRICE) != NULL;
    row->compare_price = ec_sheet_money(record, EC_SHEET_COMPARE_PRICE);
    row->cost_price = ec_sheet_money(record, EC_SHEET_COST);
    row->weight_unit =
        (ec_weight_unit)ec_sheet_choice(record, EC_SHEET_WEIGHT_UNIT, units, EC_WEIGHT_G);
    row->weight = ec_sheet_weight(record, row->weight_unit);
    row->tax_code = ec_sheet_text(record, EC_SHEET_TAX_CODE);
    row->backorder = ec_sheet_choice(record, EC_SHEET_POLICY, policies, 0) == 1;
    row->requires_shipping =
        ec_sheet_flag(record, EC_SHEET_SHIPPING, !ec_sheet_has(record->header, EC_SHEET_SHIPPING));
    row->taxable =
        ec_sheet_flag(record, EC_SHEET_TAXABLE, !ec_sheet_has(record->header, EC_SHEET_TAXABLE));
    row->is_active = true;
    variant->quantity = ec_sheet_int(record, EC_SHEET_QUANTITY, 0, EC_QUANTITY_MAX, -1);
    row->tracked = !tracker || tracked_by != NULL;
    variant->image = ec_sheet_text(record, EC_SHEET_VARIANT_IMAGE);
    ec_mask name = ec_field_bit(&ec_variant_entity, ec_field_find(&ec_variant_entity, "name"));
    check_fields(record, &ec_variant_entity, row, EC_MASK_ALL & ~name, variant_places);
    if (variant->image) {
        check_url(record, EC_SHEET_VARIANT_IMAGE, variant->image, NULL);
    }
    if (tracked_by && !ec_text_equal_nocase(tracked_by, "shopify")) {
        keep(record, &variant->kept, EC_SHEET_TRACKER);
    }
}

static void read_image(ec_sheet_record *record, ec_sheet_image *image)
{
    image->line = record->line;
    image->url = ec_sheet_text(record, EC_SHEET_IMAGE_SRC);
    image->alt = ec_sheet_text(record, EC_SHEET_IMAGE_ALT);
    image->position = ec_sheet_int(record, EC_SHEET_IMAGE_POSITION, 1, EC_ITEMS_MAX, 0);
    check_url(record, EC_SHEET_IMAGE_SRC, image->url, image->alt);
}

void ec_sheet_read_parts(ec_sheet_record *record, bool first, ec_sheet_parts *parts)
{
    parts->has_variant = is_variant(record, &parts->variant.bare);
    if (parts->has_variant) {
        read_variant(record, &parts->variant);
    }
    parts->has_image = ec_sheet_cell(record, EC_SHEET_IMAGE_SRC) != NULL;
    if (parts->has_image && !record->rule) {
        read_image(record, &parts->image);
    }
    if (!record->rule) {
        read_kept(record, first, parts);
    }
}
