/* SPDX-License-Identifier: MIT */
/*
 * shopify_group.c - records that follow each other with one handle, made one product.
 *
 * The first record holds the product, and mostly its first variant and image; the following ones
 * hold a variant, an image, both, or neither: then what they say is kept. A broken record is
 * refused and the product goes on without it; with a broken first record all of it is refused. It
 * holds one batch of products and refuses more records than a product can have.
 */
#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"
#include "transfer/shopify_record.h"

#define RECORDS_MAX (EC_VARIANTS_MAX + 2 * EC_IMAGES_MAX) /* of one product */
#define EXTRAS_MAX EC_IMAGES_MAX

/* Room for one more item behind count. */
static void *grow(ec_arena *arena, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return items;
    }
    size_t more = *room == 0 ? 4 : *room * 2;
    void *bigger = ec_arena_array(arena, more, size);
    if (bigger) {
        if (count > 0) {
            memcpy(bigger, items, count * size);
        }
        *room = more;
    }
    return bigger;
}

bool ec_sheet_begins(const ec_sheet *sheet, const char *const *cells, size_t count)
{
    ec_sheet_record record = {.header = &sheet->header, .cells = cells, .count = count};
    const char *handle = ec_sheet_cell(&record, EC_SHEET_HANDLE);
    if (!handle) {
        return ec_sheet_cell(&record, EC_SHEET_TITLE) != NULL;
    }
    return !sheet->last || !ec_text_equal_nocase(sheet->last->handle, handle);
}

/* ---- adding what a record holds ---- */

static void add_variant(ec_sheet *sheet, ec_sheet_product *product, const ec_sheet_variant *variant)
{
    ec_arena *arena = &sheet->import->arena;
    ec_sheet_variant *room = grow(arena, product->variants, product->variants_count,
                                  &product->variants_room, sizeof *room);
    if (room) {
        product->variants = room;
        room[product->variants_count++] = *variant;
        sheet->variants++;
    }
}

static void add_image(ec_sheet *sheet, ec_sheet_product *product, const ec_sheet_image *image)
{
    ec_sheet_image *room = grow(&sheet->import->arena, product->images, product->images_count,
                                &product->images_room, sizeof *room);
    if (room) {
        product->images = room;
        room[product->images_count++] = *image;
    }
}

static void add_extra(ec_sheet *sheet, ec_sheet_product *product, const ec_sheet_kept *kept)
{
    ec_sheet_kept *room = grow(&sheet->import->arena, product->extras, product->extras_count,
                               &product->extras_room, sizeof *room);
    if (room) {
        product->extras = room;
        room[product->extras_count++] = *kept;
    }
}

static void add_line(ec_sheet *sheet, ec_sheet_product *product, int64_t line)
{
    int64_t *room = grow(&sheet->import->arena, product->lines, product->lines_count,
                         &product->lines_room, sizeof *room);
    if (room) {
        product->lines = room;
        room[product->lines_count++] = line;
    }
}

static void check_room(ec_sheet_record *record, const ec_sheet_product *product,
                       const ec_sheet_parts *parts)
{
    if (product->records > RECORDS_MAX) {
        ec_sheet_problem(record, NULL, "max_items", "The product has more than %d records.",
                         (int)RECORDS_MAX);
    }
    if (parts->has_variant && product->variants_count == EC_VARIANTS_MAX) {
        ec_sheet_problem(record, NULL, "max_items", "The product has more than %d variants.",
                         EC_VARIANTS_MAX);
    }
    if (parts->has_image && product->images_count == EC_IMAGES_MAX) {
        ec_sheet_problem(record, ec_sheet_place_name(EC_SHEET_IMAGE_SRC), "max_items",
                         "The product has more than %d images.", EC_IMAGES_MAX);
    }
    if (parts->is_extra && product->extras_count == EXTRAS_MAX) {
        ec_sheet_problem(record, NULL, "max_items",
                         "The product has more than %d records without variant or image.",
                         EXTRAS_MAX);
    }
}

/* The names of options stand in the first record, or in the first that has them. */
static void check_options(ec_sheet_record *record, const ec_sheet_product *product)
{
    for (int i = 0; i < EC_OPTIONS_MAX; i++) {
        ec_sheet_place place = (ec_sheet_place)(EC_SHEET_OPTION1_NAME + 2 * i);
        const char *name = ec_sheet_cell(record, place);
        if (!name) {
            continue;
        }
        int64_t length = ec_utf8_count(name, strlen(name));
        if (length < 0 || length > 255) {
            ec_sheet_problem(record, ec_sheet_place_name(place), length < 0 ? "utf8" : "max_length",
                             "An option's name is a text of up to 255 characters.");
        } else if (product->options[i] && strcmp(product->options[i], name) != 0) {
            ec_sheet_problem(record, ec_sheet_place_name(place), "options",
                             "The product's option is called %.100s.", product->options[i]);
        }
    }
}

static void take_options(ec_sheet_record *record, ec_sheet_product *product)
{
    for (int i = 0; i < EC_OPTIONS_MAX; i++) {
        if (!product->options[i]) {
            product->options[i] =
                ec_sheet_text(record, (ec_sheet_place)(EC_SHEET_OPTION1_NAME + 2 * i));
        }
    }
}

static void add_parts(ec_sheet *sheet, ec_sheet_product *product, const ec_sheet_parts *parts,
                      bool begins, int64_t line)
{
    add_line(sheet, product, line);
    if (begins && !product->kept.items) {
        product->kept = parts->kept;
    } else if (begins) {
        for (size_t i = 0; i < parts->kept.count; i++) {
            ec_sheet_kept_add(&product->kept, parts->kept.items[i].name,
                              parts->kept.items[i].value);
        }
    }
    if (parts->has_variant) {
        add_variant(sheet, product, &parts->variant);
    }
    if (parts->has_image) {
        add_image(sheet, product, &parts->image);
    }
    if (parts->is_extra) {
        add_extra(sheet, product, &parts->kept);
    }
}

/* ---- records ---- */

static void start_product(ec_sheet *sheet, ec_sheet_record *record)
{
    ec_sheet_product *product = ec_arena_alloc(record->arena, sizeof *product);
    if (!product) {
        return;
    }
    const char *handle = ec_sheet_text(record, EC_SHEET_HANDLE);
    product->handle = handle ? handle : ec_sheet_text(record, EC_SHEET_TITLE);
    product->line = record->line;
    if (sheet->last) {
        sheet->last->next = product;
    } else {
        sheet->first = product;
    }
    sheet->last = product;
    sheet->products++;
}

static void check_count(ec_sheet_record *record)
{
    size_t count = record->count;
    while (count > record->header->count && record->cells[count - 1][0] == '\0') {
        count--;
    }
    if (count != record->header->count) {
        ec_sheet_problem(record, NULL, "columns", "The record has %zu fields, the header %zu.",
                         count, record->header->count);
    }
}

static void refuse_record(ec_sheet *sheet, const ec_sheet_record *record, const char *handle)
{
    ec_import_refuse(sheet->import, &sheet->import->early, record->line, handle, record->column,
                     record->rule, "%s", record->reason ? record->reason : "");
}

static void add_to_product(ec_sheet *sheet, ec_sheet_record *record, bool begins)
{
    ec_sheet_product *product = sheet->last;
    ec_sheet_parts parts = {0};
    ec_arena_mark mark = ec_arena_save(record->arena);
    product->records++;
    if (!begins && product->row.currency) {
        record->currency = product->row.currency;
    }
    if (product->refused) {
        ec_sheet_problem(record, NULL, "product", "Its product was refused at line %lld.",
                         (long long)product->line);
    }
    check_count(record);
    if (!record->rule && begins) {
        ec_sheet_read_product(record, product);
    }
    if (!record->rule) {
        ec_sheet_read_parts(record, begins, &parts);
        check_options(record, product);
        check_room(record, product, &parts);
    }
    if (!record->rule) {
        take_options(record, product);
        add_parts(sheet, product, &parts, begins, record->line);
    } else {
        product->refused = product->refused || begins;
        refuse_record(sheet, record, product->handle);
        if (!begins) {
            ec_arena_restore(record->arena, mark);
        }
    }
}

ec_status ec_sheet_add(ec_sheet *sheet, const char *const *cells, size_t count, bool begins)
{
    ec_import *import = sheet->import;
    ec_sheet_record record = {
        .header = &sheet->header,
        .arena = &import->arena,
        .currency = import->currency,
        .cells = cells,
        .count = count,
        .line = ec_csv_line(sheet->csv),
    };
    import->early.counts.rows++;
    if (begins) {
        start_product(sheet, &record);
    }
    bool lost = !begins && ec_sheet_has(&sheet->header, EC_SHEET_HANDLE) &&
                !ec_sheet_cell(&record, EC_SHEET_HANDLE);
    if (import->arena.failed) {
        return EC_NO_MEMORY;
    }
    if (lost || !sheet->last) {
        check_count(&record);
        ec_sheet_problem(&record, ec_sheet_place_name(lost ? EC_SHEET_HANDLE : EC_SHEET_TITLE),
                         "required", "The record says of no product that it belongs to.");
        refuse_record(sheet, &record, NULL);
    } else {
        add_to_product(sheet, &record, begins);
    }
    return import->arena.failed || import->early.arena.failed ? EC_NO_MEMORY : EC_OK;
}

/* ---- the end of a product ---- */

static bool is_among(const int64_t *lines, size_t count, int64_t line)
{
    while (count > 0 && lines[count - 1] != line) {
        count--;
    }
    return count > 0;
}

void ec_sheet_refuse_product(ec_sheet *sheet, ec_import_notes *notes, const ec_sheet_product *in,
                             const int64_t *skipped, size_t skipped_count, const char *column,
                             const char *rule, const char *reason)
{
    for (size_t i = 0; i < in->lines_count; i++) {
        if (is_among(skipped, skipped_count, in->lines[i])) {
            continue;
        }
        if (i == 0) {
            ec_import_refuse(sheet->import, notes, in->lines[i], in->handle, column, rule, "%s",
                             reason);
        } else {
            ec_import_refuse(sheet->import, notes, in->lines[i], in->handle, NULL, "product",
                             "Its product was refused at line %lld.", (long long)in->line);
        }
    }
}

/* A record with nothing but "Default Title" is no variant beside others. */
static void drop_bare(ec_sheet *sheet, ec_sheet_product *product)
{
    size_t kept = 0;
    if (product->variants_count < 2) {
        return;
    }
    for (size_t i = 0; i < product->variants_count; i++) {
        if (!product->variants[i].bare) {
            product->variants[kept++] = product->variants[i];
        }
    }
    sheet->variants -= product->variants_count - kept;
    product->variants_count = kept;
}

/* "Title" and "Default Title" say that there are no options. */
static void settle_single(ec_sheet_product *product)
{
    ec_sheet_variant *only = product->variants_count == 1 ? &product->variants[0] : NULL;
    if (only && only->row.option1 && ec_text_equal_nocase(only->row.option1, "Default Title") &&
        !only->row.option2 && !only->row.option3 && !product->options[1] && !product->options[2] &&
        (!product->options[0] || ec_text_equal_nocase(product->options[0], "Title"))) {
        only->row.option1 = NULL;
        product->options[0] = NULL;
        product->single = true;
    }
}

static const char *options_problem(ec_sheet_product *product, ec_sheet_place *place,
                                   const char **rule)
{
    const char *const *names = product->options;
    for (int i = EC_OPTIONS_MAX - 1; i > 0; i--) {
        *place = (ec_sheet_place)(EC_SHEET_OPTION1_NAME + 2 * (names[i - 1] ? i : i - 1));
        if (names[i] && !names[i - 1]) {
            *rule = "required";
            return "An option in front of another one has no name.";
        }
        for (int j = 0; names[i] && j < i; j++) {
            if (strcmp(names[i], names[j]) == 0) {
                *rule = "unique";
                return "Two options have the same name.";
            }
        }
    }
    return NULL;
}

void ec_sheet_close_product(ec_sheet *sheet)
{
    ec_sheet_product *product = sheet->last;
    ec_sheet_place place = EC_SHEET_OPTION1_NAME;
    const char *rule = NULL;
    if (!product || product->refused) {
        return;
    }
    drop_bare(sheet, product);
    settle_single(product);
    const char *problem = options_problem(product, &place, &rule);
    if (problem) {
        product->refused = true;
        ec_sheet_refuse_product(sheet, &sheet->import->early, product, NULL, 0,
                                ec_sheet_place_name(place), rule, problem);
    }
    while (product->options_count < EC_OPTIONS_MAX && product->options[product->options_count]) {
        product->options_count++;
    }
}
