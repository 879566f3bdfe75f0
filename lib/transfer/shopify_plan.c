/* SPDX-License-Identifier: MIT */
/*
 * shopify_plan.c - what becomes of each product of a batch: created, changed, or left as it is.
 *
 * Every field that the file has a column for is compared with what is stored, so an import that
 * changes nothing is known before anything is written. Columns that the file lacks leave their
 * fields alone; products, variants and images that it does not name stay. It refuses to write: a
 * dry run ends here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "transfer/shopify.h"

/* ---- refusing ---- */

bool ec_sheet_plan_refused(const ec_sheet_plan *plan, int64_t line)
{
    for (size_t i = 0; i < plan->refused_count; i++) {
        if (plan->refused_lines[i] == line) {
            return true;
        }
    }
    return plan->refused;
}

static void refused_add(ec_sheet_work *work, ec_sheet_plan *plan, int64_t line)
{
    if (plan->refused_count == plan->refused_room) {
        size_t room = plan->refused_room == 0 ? 16 : plan->refused_room * 2;
        int64_t *lines = ec_arena_array(work->arena, room, sizeof *lines);
        if (!lines) {
            return;
        }
        if (plan->refused_count > 0) {
            memcpy(lines, plan->refused_lines, plan->refused_count * sizeof *lines);
        }
        plan->refused_lines = lines;
        plan->refused_room = room;
    }
    plan->refused_lines[plan->refused_count++] = line;
}

void ec_sheet_plan_refuse(ec_sheet_work *work, ec_sheet_plan *plan, int64_t line,
                          const char *column, const char *rule, const char *format, ...)
{
    char reason[512];
    va_list args;
    if (ec_sheet_plan_refused(plan, line)) {
        return;
    }
    va_start(args, format);
    int length = vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (length < 0) {
        reason[0] = '\0';
    }
    if (line == plan->in->line) {
        plan->refused = true;
        ec_sheet_refuse_product(work->sheet, work->notes, plan->in, plan->refused_lines,
                                plan->refused_count, column, rule, reason);
    } else {
        refused_add(work, plan, line);
        ec_import_refuse(work->sheet->import, work->notes, line, plan->in->handle, column, rule,
                         "%s", reason);
    }
}

/* ---- SKUs of the batch ---- */

const ec_sheet_claim *ec_sheet_claim_sku(ec_sheet_work *work, const ec_sheet_plan *plan,
                                         const char *sku, int64_t line)
{
    size_t at = (size_t)ec_fnv1a(sku, strlen(sku)) & (work->claims_size - 1);
    while (work->claims[at].sku && strcmp(work->claims[at].sku, sku) != 0) {
        at = (at + 1) & (work->claims_size - 1);
    }
    ec_sheet_claim *claim = &work->claims[at];
    if (claim->sku && !claim->plan->refused) {
        return claim;
    }
    *claim = (ec_sheet_claim){sku, plan, line};
    return NULL;
}

/* ---- comparing ---- */

ec_mask ec_sheet_differences(const ec_entity *entity, const void *a, const void *b)
{
    ec_mask fields = 0;
    if (ec_entity_equal(entity, a, b, EC_MASK_ALL)) {
        return 0;
    }
    for (size_t i = 0; i < entity->count; i++) {
        ec_mask bit = (ec_mask)1 << i;
        if (!ec_entity_equal(entity, a, b, bit)) {
            fields |= bit;
        }
    }
    return fields;
}

void ec_sheet_set_text(const char **field, const char *value)
{
    if (value || !*field || (*field)[0] != '\0') {
        *field = value;
    }
}

bool ec_sheet_plan_changes(const ec_sheet_plan *plan)
{
    return !plan->before || plan->changed != 0 || plan->options_changed || plan->tags_changed ||
           plan->images_changed || plan->variants_changed;
}

/* ---- the product itself ---- */

static void plan_options(ec_sheet_plan *plan, const ec_sheet_product *in)
{
    const ec_sheet_known *before = plan->before;
    bool from_shop = before && !in->single && in->options_count == 0;
    size_t count = from_shop ? before->options_count : in->options_count;
    for (size_t i = 0; i < count && i < EC_OPTIONS_MAX; i++) {
        plan->options[i] = from_shop ? before->options[i].name : in->options[i];
    }
    plan->options_count = count;
    plan->options_changed = before ? count != before->options_count : count > 0;
    for (size_t i = 0; before && !plan->options_changed && i < count; i++) {
        plan->options_changed = strcmp(plan->options[i], before->options[i].name) != 0;
    }
}

static void set_status(const ec_sheet_header *header, const ec_sheet_plan *plan, ec_product *row)
{
    bool status = ec_sheet_has(header, EC_SHEET_STATUS);
    bool archived = row->status == EC_PRODUCT_ARCHIVED && plan->in->row.status == EC_PRODUCT_DRAFT;
    if (status || (ec_sheet_has(header, EC_SHEET_PUBLISHED) && !archived)) {
        row->status = plan->in->row.status;
    }
}

static void set_fields(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_header *header = &work->sheet->header;
    const ec_product *in = &plan->in->row;
    ec_product *row = &plan->row;
    if (in->name) {
        row->name = in->name;
    }
    if (ec_sheet_has(header, EC_SHEET_BODY)) {
        ec_sheet_set_text(&row->description, in->description);
    }
    if (ec_sheet_has(header, EC_SHEET_TYPE)) {
        ec_sheet_set_text(&row->type, in->type);
    }
    if (ec_sheet_has(header, EC_SHEET_SEO_TITLE)) {
        ec_sheet_set_text(&row->meta_title, in->meta_title);
    }
    if (ec_sheet_has(header, EC_SHEET_SEO_DESCRIPTION)) {
        ec_sheet_set_text(&row->meta_description, in->meta_description);
    }
    if (in->published_at != 0) {
        row->published_at = in->published_at;
    }
    set_status(header, plan, row);
}

static void set_brand_and_category(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_header *header = &work->sheet->header;
    const ec_sheet_product *in = plan->in;
    ec_product *row = &plan->row;
    if (ec_sheet_has(header, EC_SHEET_VENDOR)) {
        row->brand_id = in->vendor ? ec_sheet_names_find(&work->shop.brands, in->vendor) : 0;
        if (in->vendor && row->brand_id == 0) {
            plan->brand = in->vendor;
            row->brand_id = -1;
        }
    }
    const char *slug = in->row.type ? ec_text_slug(work->arena, in->row.type, 255) : NULL;
    ec_id category = slug ? ec_sheet_names_find(&work->shop.categories, slug) : 0;
    if (category != 0) {
        row->category_id = category;
    } else if (row->category_id == 0) {
        row->category_id = work->sheet->import->options.category_id;
    }
}

static void plan_tags(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_product *in = plan->in;
    const ec_sheet_known *before = plan->before;
    if (!ec_sheet_has(&work->sheet->header, EC_SHEET_TAGS)) {
        return;
    }
    plan->tags_changed = in->tags_count != (before ? before->tags_count : 0);
    for (size_t i = 0; before && !plan->tags_changed && i < in->tags_count; i++) {
        size_t j = 0;
        while (j < before->tags_count && strcmp(before->tags[j].name, in->tags[i]) != 0) {
            j++;
        }
        plan->tags_changed = j == before->tags_count;
    }
}

/* ---- prices of the product: those of its active variants ---- */

typedef struct price_range {
    const ec_variant *lowest;
    int64_t max;
} price_range;

static void range_add(price_range *range, const ec_variant *row)
{
    if (!row->is_active) {
        return;
    }
    if (!range->lowest || row->price < range->lowest->price ||
        (row->price == range->lowest->price && row->position < range->lowest->position)) {
        range->lowest = row;
    }
    range->max = row->price > range->max ? row->price : range->max;
}

static bool in_plan(const ec_sheet_plan *plan, const ec_variant *variant)
{
    for (size_t i = 0; i < plan->variants_count; i++) {
        if (plan->variants[i].before == variant) {
            return true;
        }
    }
    return false;
}

static void set_prices(ec_sheet_plan *plan)
{
    price_range range = {0};
    for (size_t i = 0; i < plan->variants_count; i++) {
        range_add(&range, &plan->variants[i].row);
    }
    for (size_t i = 0; plan->before && i < plan->before->variants_count; i++) {
        if (!in_plan(plan, &plan->before->variants[i])) {
            range_add(&range, &plan->before->variants[i]);
        }
    }
    if (range.lowest) {
        plan->row.price = range.lowest->price;
        plan->row.price_max = range.max;
        plan->row.compare_price = range.lowest->compare_price;
    }
}

/* ---- a product ---- */

ec_status ec_sheet_preserve(ec_sheet_work *work, const char *metadata, ec_sheet_place place,
                            ec_sheet_kept *kept)
{
    ec_sheet_kept old, more = {0};
    const char *column = ec_sheet_place_name(place);
    if (!metadata || !strstr(metadata, column) || ec_sheet_kept_find(kept, column)) {
        return EC_OK;
    }
    ec_status status = ec_sheet_kept_read(work->arena, metadata, &old, NULL, NULL);
    const char *value = status == EC_OK ? ec_sheet_kept_find(&old, column) : NULL;
    if (!value) {
        return status;
    }
    more.items = ec_arena_array(work->arena, kept->count + 1, sizeof *more.items);
    if (!more.items) {
        return EC_NO_MEMORY;
    }
    for (size_t i = 0; i < kept->count; i++) {
        ec_sheet_kept_add(&more, kept->items[i].name, kept->items[i].value);
    }
    ec_sheet_kept_add(&more, column, value);
    *kept = more;
    return EC_OK;
}

/* Status and Published of a draft are kept when they say more; see shopify_record.c. */
static ec_status merge_kept(ec_sheet_work *work, ec_sheet_plan *plan)
{
    static const ec_sheet_kept none = {0};
    const ec_sheet_product *in = plan->in;
    const char *before = plan->before ? plan->before->row->metadata : NULL;
    ec_sheet_kept kept = in->kept;
    ec_status status = EC_OK;
    if (plan->row.status != EC_PRODUCT_DRAFT) {
        status = ec_sheet_preserve(work, before, EC_SHEET_STATUS, &kept);
    }
    if (status == EC_OK && plan->row.status != EC_PRODUCT_DRAFT) {
        status = ec_sheet_preserve(work, before, EC_SHEET_PUBLISHED, &kept);
    }
    return status == EC_OK ? ec_sheet_kept_merge(work->arena, &work->sheet->header, before, &kept,
                                                 in->extras ? in->extras : &none, in->extras_count,
                                                 &plan->row.metadata)
                           : status;
}

static bool fits(const ec_product *row)
{
    return !row->metadata ||
           ec_utf8_count(row->metadata, strlen(row->metadata)) <= EC_SHEET_METADATA_MAX;
}

static ec_status finish_plan(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_product *in = plan->in;
    const ec_product *old = plan->before ? plan->before->row : NULL;
    set_fields(work, plan);
    set_brand_and_category(work, plan);
    plan_tags(work, plan);
    set_prices(plan);
    if (plan->row.status == EC_PRODUCT_ACTIVE && plan->row.published_at == 0 &&
        (!old || old->status != EC_PRODUCT_ACTIVE)) {
        plan->row.published_at = ec_now(work->session);
    }
    ec_status status = merge_kept(work, plan);
    if (status == EC_NO_MEMORY) {
        return ec_fail_memory(work->session);
    }
    if (status != EC_OK || !fits(&plan->row)) {
        ec_sheet_plan_refuse(work, plan, in->line, NULL, "max_length",
                             "The columns that are kept hold too much text.");
    }
    if (plan->row.unpublished_at != 0 && plan->row.unpublished_at <= plan->row.published_at) {
        ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_PUBLISHED_AT),
                             "order", "The product's end is not behind it.");
    }
    if (old) {
        plan->changed = ec_sheet_differences(&ec_product_entity, old, &plan->row);
    }
    return EC_OK;
}

static ec_status plan_product(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_product *in = plan->in;
    plan->before = ec_sheet_shop_find(&work->shop, in->row.slug);
    if (!plan->before && !in->row.name) {
        ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_TITLE), "required",
                             "The shop has no such product, and the file no title for it.");
        return EC_OK;
    }
    plan->row = plan->before ? *plan->before->row : in->row;
    if (plan->before && strcmp(plan->row.currency, in->row.currency) != 0) {
        ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_PRICE), "currency",
                             "The product has prices in %s, the file in %s.", plan->row.currency,
                             in->row.currency);
        return EC_OK;
    }
    plan_options(plan, in);
    ec_status status = ec_sheet_plan_variants(work, plan);
    if (status == EC_OK && !plan->refused) {
        status = ec_sheet_plan_images(work, plan);
    }
    return status == EC_OK && !plan->refused ? finish_plan(work, plan) : status;
}

/* ---- telling ---- */

static const char *change_fields(ec_sheet_work *work, const ec_sheet_plan *plan)
{
    const struct {
        const char *name;
        bool changed;
    } lists[] = {{"options", plan->options_changed},
                 {"variants", plan->variants_changed},
                 {"images", plan->images_changed},
                 {"tags", plan->tags_changed}};
    const char *text = "";
    for (size_t i = 0; i < ec_product_entity.count; i++) {
        if ((plan->changed >> i & 1) != 0) {
            text = ec_arena_printf(work->arena, "%s%s%s", text, text[0] != '\0' ? "," : "",
                                   ec_product_entity.fields[i].name);
        }
        text = text ? text : "";
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (lists[i].changed) {
            text = ec_arena_printf(work->arena, "%s%s%s", text, text[0] != '\0' ? "," : "",
                                   lists[i].name);
        }
        text = text ? text : "";
    }
    return text;
}

static void count_plan(ec_sheet_work *work, const ec_sheet_plan *plan)
{
    ec_import_counts *counts = &work->notes->counts;
    for (size_t i = 0; i < plan->variants_count; i++) {
        const ec_sheet_variant_plan *variant = &plan->variants[i];
        bool changed = variant->changed != 0 || variant->on_hand >= 0;
        counts->variants_created += !variant->before;
        counts->variants_updated += variant->before && changed;
        counts->variants_unchanged += variant->before && !changed;
    }
    counts->products_created += !plan->before;
    if (!plan->before) {
        ec_import_changed(work->notes, plan->in->line, "create", plan->in->handle, NULL);
    } else if (ec_sheet_plan_changes(plan)) {
        counts->products_updated++;
        ec_import_changed(work->notes, plan->in->line, "update", plan->in->handle,
                          change_fields(work, plan));
    } else {
        counts->products_unchanged++;
    }
}

ec_status ec_sheet_plan_batch(ec_sheet_work *work)
{
    const ec_sheet *sheet = work->sheet;
    work->claims_size = 16;
    while (work->claims_size < 2 * sheet->variants) {
        work->claims_size *= 2;
    }
    work->claims = ec_arena_array(work->arena, work->claims_size, sizeof *work->claims);
    work->plans = ec_arena_array(work->arena, sheet->products, sizeof *work->plans);
    if (!work->claims || !work->plans) {
        return ec_fail_memory(work->session);
    }
    ec_status status = EC_OK;
    for (const ec_sheet_product *in = sheet->first; status == EC_OK && in; in = in->next) {
        ec_sheet_plan *plan = &work->plans[work->count];
        if (in->refused) {
            continue;
        }
        *plan = (ec_sheet_plan){.in = in};
        status = plan_product(work, plan);
        work->count++;
        if (status == EC_OK && !plan->refused) {
            count_plan(work, plan);
        }
    }
    return status == EC_OK && work->arena->failed ? ec_fail_memory(work->session) : status;
}
