/* SPDX-License-Identifier: MIT */
/*
 * shopify_columns.c - every column of Shopify's product CSV and where it goes.
 *
 * A row with a place is a field of the catalogue; the others are kept as they are. An unknown
 * column is kept too, so a file never loses anything by passing through a shop. Headers match in
 * any letter case and order. It refuses a header that names neither a handle nor a title, or one
 * column twice.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"

#define FIELD(text, where)                                                                         \
    {                                                                                              \
        .name = (text), .place = (where), .standard = true                                         \
    }
#define OLD(text, where)                                                                           \
    {                                                                                              \
        .name = (text), .place = (where)                                                           \
    }
#define KEPT(text)                                                                                 \
    {                                                                                              \
        .name = (text)                                                                             \
    }
#define KEPT_VARIANT(text)                                                                         \
    {                                                                                              \
        .name = (text), .owner = EC_SHEET_OF_VARIANT                                               \
    }

static const ec_sheet_column columns[] = {
    FIELD("Handle", EC_SHEET_HANDLE),
    FIELD("Title", EC_SHEET_TITLE),
    FIELD("Body (HTML)", EC_SHEET_BODY),
    FIELD("Vendor", EC_SHEET_VENDOR),
    KEPT("Product Category"),
    KEPT("Standardized Product Type"),
    KEPT("Custom Product Type"),
    FIELD("Type", EC_SHEET_TYPE),
    FIELD("Tags", EC_SHEET_TAGS),
    KEPT("Template Suffix"),
    KEPT("Published Scope"),
    FIELD("Published", EC_SHEET_PUBLISHED),
    OLD("Published At", EC_SHEET_PUBLISHED_AT),
    FIELD("Option1 Name", EC_SHEET_OPTION1_NAME),
    FIELD("Option1 Value", EC_SHEET_OPTION1_VALUE),
    KEPT("Option1 Linked To"),
    FIELD("Option2 Name", EC_SHEET_OPTION2_NAME),
    FIELD("Option2 Value", EC_SHEET_OPTION2_VALUE),
    KEPT("Option2 Linked To"),
    FIELD("Option3 Name", EC_SHEET_OPTION3_NAME),
    FIELD("Option3 Value", EC_SHEET_OPTION3_VALUE),
    KEPT("Option3 Linked To"),
    FIELD("Variant SKU", EC_SHEET_SKU),
    KEPT("Metafield Namespace"),
    KEPT("Metafield Key"),
    KEPT("Metafield Value"),
    KEPT("Metafield Value Type"),
    FIELD("Variant Grams", EC_SHEET_GRAMS),
    FIELD("Variant Inventory Tracker", EC_SHEET_TRACKER),
    FIELD("Variant Inventory Qty", EC_SHEET_QUANTITY),
    FIELD("Variant Inventory Policy", EC_SHEET_POLICY),
    {.name = "Variant Fulfillment Service",
     .owner = EC_SHEET_OF_VARIANT,
     .usual = "manual",
     .standard = true},
    FIELD("Variant Price", EC_SHEET_PRICE),
    FIELD("Variant Compare At Price", EC_SHEET_COMPARE_PRICE),
    FIELD("Variant Requires Shipping", EC_SHEET_SHIPPING),
    FIELD("Variant Taxable", EC_SHEET_TAXABLE),
    KEPT_VARIANT("Unit Price Total Measure"),
    KEPT_VARIANT("Unit Price Total Measure Unit"),
    KEPT_VARIANT("Unit Price Base Measure"),
    KEPT_VARIANT("Unit Price Base Measure Unit"),
    FIELD("Variant Barcode", EC_SHEET_BARCODE),
    KEPT("Image Attachment"),
    FIELD("Image Src", EC_SHEET_IMAGE_SRC),
    FIELD("Image Position", EC_SHEET_IMAGE_POSITION),
    FIELD("Image Alt Text", EC_SHEET_IMAGE_ALT),
    {.name = "Gift Card", .usual = "false", .standard = true},
    FIELD("SEO Title", EC_SHEET_SEO_TITLE),
    FIELD("SEO Description", EC_SHEET_SEO_DESCRIPTION),
    OLD("Metafields Global Title Tag", EC_SHEET_SEO_TITLE),
    OLD("Metafields Global Description Tag", EC_SHEET_SEO_DESCRIPTION),
    KEPT("Google Shopping / Google Product Category"),
    KEPT("Google Shopping / Gender"),
    KEPT("Google Shopping / Age Group"),
    KEPT("Google Shopping / MPN"),
    KEPT("Google Shopping / AdWords Grouping"),
    KEPT("Google Shopping / AdWords Labels"),
    KEPT("Google Shopping / Condition"),
    KEPT("Google Shopping / Custom Product"),
    KEPT("Google Shopping / Custom Label 0"),
    KEPT("Google Shopping / Custom Label 1"),
    KEPT("Google Shopping / Custom Label 2"),
    KEPT("Google Shopping / Custom Label 3"),
    KEPT("Google Shopping / Custom Label 4"),
    FIELD("Variant Image", EC_SHEET_VARIANT_IMAGE),
    OLD("Variant Weight", EC_SHEET_WEIGHT),
    FIELD("Variant Weight Unit", EC_SHEET_WEIGHT_UNIT),
    FIELD("Variant Tax Code", EC_SHEET_TAX_CODE),
    FIELD("Cost per item", EC_SHEET_COST),
    FIELD("Status", EC_SHEET_STATUS),
    OLD("Currency", EC_SHEET_CURRENCY),
};
#define COLUMNS (sizeof columns / sizeof columns[0])

const ec_sheet_column *ec_sheet_column_next(const ec_sheet_column *previous)
{
    const ec_sheet_column *next = previous ? previous + 1 : columns;
    return next < columns + COLUMNS ? next : NULL;
}

const ec_sheet_column *ec_sheet_column_find(const char *name)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (ec_text_equal_nocase(columns[i].name, name)) {
            return &columns[i];
        }
    }
    return NULL;
}

const char *ec_sheet_place_name(ec_sheet_place place)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].place == place) {
            return columns[i].name;
        }
    }
    return "";
}

/* ---- the header of a file ---- */

/* Without blanks around it; in the arena. */
static char *trimmed(ec_arena *arena, const char *text)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1])) {
        length--;
    }
    return ec_arena_text(arena, text, length);
}

/* A second column with the meaning of an earlier one is kept as text. */
static const char *header_add(ec_sheet_header *header, size_t i, const char *name)
{
    const ec_sheet_column *column = ec_sheet_column_find(name);
    int64_t length = ec_utf8_count(name, strlen(name));
    if (length < 0 || length > 255) {
        return "A column's name is no text of up to 255 characters.";
    }
    for (size_t j = 0; j < i; j++) {
        if (name[0] != '\0' && ec_text_equal_nocase(header->names[j], name)) {
            return "The header names a column twice.";
        }
    }
    header->names[i] = column ? column->name : name;
    header->columns[i] = column;
    if (column && column->place != EC_SHEET_KEPT && header->at[column->place] < 0) {
        header->at[column->place] = (int)i;
    } else if (name[0] != '\0') {
        header->kept[header->kept_count++] = i;
    }
    return NULL;
}

static void sort_kept(ec_sheet_header *header)
{
    for (size_t i = 1; i < header->kept_count; i++) {
        size_t column = header->kept[i], j = i;
        for (; j > 0 && strcmp(header->names[header->kept[j - 1]], header->names[column]) > 0;
             j--) {
            header->kept[j] = header->kept[j - 1];
        }
        header->kept[j] = column;
    }
}

ec_status ec_sheet_header_read(ec_arena *arena, const char *const *cells, size_t count,
                               ec_sheet_header *header, const char **problem)
{
    *header = (ec_sheet_header){.count = count};
    header->names = ec_arena_array(arena, count, sizeof *header->names);
    header->columns = ec_arena_array(arena, count, sizeof(ec_sheet_column *));
    header->kept = ec_arena_array(arena, count, sizeof *header->kept);
    *problem = NULL;
    for (size_t i = 0; i < EC_SHEET_PLACES; i++) {
        header->at[i] = -1;
    }
    for (size_t i = 0; !arena->failed && !*problem && i < count; i++) {
        const char *name = trimmed(arena, ec_csv_unprotect(cells[i]));
        *problem = name ? header_add(header, i, name) : NULL;
    }
    if (arena->failed) {
        return EC_NO_MEMORY;
    }
    if (!*problem && !ec_sheet_has(header, EC_SHEET_HANDLE) &&
        !ec_sheet_has(header, EC_SHEET_TITLE)) {
        *problem = "The header of a product file has a column Handle or Title.";
    }
    sort_kept(header);
    return *problem ? EC_INVALID : EC_OK;
}
