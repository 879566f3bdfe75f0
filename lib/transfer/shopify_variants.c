/* SPDX-License-Identifier: MIT */
/*
 * shopify_variants.c - the variants of a product against those that the shop has.
 *
 * A variant is recognised by its SKU, else by its option values, so a shop may be renamed or
 * recoded by a file but not both at once. Rows whose options do not fit the product, whose SKU
 * belongs to somebody else, or whose quantity is less than what is promised, are refused. It
 * refuses to remove a variant that the file does not name.
 */
#include <string.h>

#include "base/text.h"
#include "transfer/shopify.h"

static const char *option_of(const ec_variant *row, size_t i)
{
    return i == 0 ? row->option1 : i == 1 ? row->option2 : row->option3;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_options(const ec_variant *a, const ec_variant *b)
{
    return same_text(a->option1, b->option1) && same_text(a->option2, b->option2) &&
           same_text(a->option3, b->option3);
}

static bool has_options(const ec_sheet_work *work)
{
    return ec_sheet_has(&work->sheet->header, EC_SHEET_OPTION1_VALUE) ||
           ec_sheet_has(&work->sheet->header, EC_SHEET_OPTION2_VALUE) ||
           ec_sheet_has(&work->sheet->header, EC_SHEET_OPTION3_VALUE);
}

/* ---- recognising ---- */

typedef struct matching {
    const ec_variant **found; /* by variant of the file */
    bool *taken;              /* by variant of the shop */
} matching;

/* Without columns for options only the one variant that there is can be meant. */
static bool matches(const ec_sheet_work *work, const ec_sheet_known *before, const ec_variant *mine,
                    const ec_variant *theirs, bool by_sku)
{
    if (by_sku) {
        return mine->sku && theirs->sku && strcmp(mine->sku, theirs->sku) == 0;
    }
    return has_options(work) ? same_options(mine, theirs) : before->variants_count == 1;
}

static void match_pass(const ec_sheet_work *work, const ec_sheet_plan *plan, matching *match,
                       bool by_sku)
{
    const ec_sheet_known *before = plan->before;
    size_t next = 0; /* files mostly have the shop's order */
    for (size_t i = 0; i < plan->in->variants_count; i++) {
        for (size_t j = 0; !match->found[i] && j < before->variants_count; j++) {
            size_t at = (next + j) % before->variants_count;
            if (!match->taken[at] &&
                matches(work, before, &plan->in->variants[i].row, &before->variants[at], by_sku)) {
                match->found[i] = &before->variants[at];
                match->taken[at] = true;
                next = at + 1;
            }
        }
    }
}

static ec_status match_variants(ec_sheet_work *work, const ec_sheet_plan *plan, matching *match)
{
    size_t known = plan->before ? plan->before->variants_count : 0;
    match->found = ec_arena_array(work->arena, plan->in->variants_count, sizeof(ec_variant *));
    match->taken = ec_arena_array(work->arena, known, sizeof *match->taken);
    if (!match->found || !match->taken) {
        return ec_fail_memory(work->session);
    }
    if (known > 0) {
        match_pass(work, plan, match, true);
        match_pass(work, plan, match, false);
    }
    return EC_OK;
}

/* ---- fields ---- */

static void set_options(const ec_sheet_header *header, const ec_variant *in, ec_variant *row)
{
    if (ec_sheet_has(header, EC_SHEET_OPTION1_VALUE)) {
        row->option1 = in->option1;
    }
    if (ec_sheet_has(header, EC_SHEET_OPTION2_VALUE)) {
        row->option2 = in->option2;
    }
    if (ec_sheet_has(header, EC_SHEET_OPTION3_VALUE)) {
        row->option3 = in->option3;
    }
}

static void set_amounts(const ec_sheet_header *header, const ec_sheet_variant *in, ec_variant *row)
{
    if (in->priced) {
        row->price = in->row.price;
    }
    if (ec_sheet_has(header, EC_SHEET_COMPARE_PRICE)) {
        row->compare_price = in->row.compare_price;
    }
    if (ec_sheet_has(header, EC_SHEET_COST)) {
        row->cost_price = in->row.cost_price;
    }
    if (ec_sheet_has(header, EC_SHEET_GRAMS) || ec_sheet_has(header, EC_SHEET_WEIGHT)) {
        row->weight = in->row.weight;
    }
    if (ec_sheet_has(header, EC_SHEET_WEIGHT_UNIT)) {
        row->weight_unit = in->row.weight_unit;
    }
}

static void set_flags(const ec_sheet_header *header, const ec_variant *in, ec_variant *row)
{
    if (ec_sheet_has(header, EC_SHEET_TRACKER)) {
        row->tracked = in->tracked;
    }
    if (ec_sheet_has(header, EC_SHEET_POLICY)) {
        row->backorder = in->backorder;
    }
    if (ec_sheet_has(header, EC_SHEET_SHIPPING)) {
        row->requires_shipping = in->requires_shipping;
    }
    if (ec_sheet_has(header, EC_SHEET_TAXABLE)) {
        row->taxable = in->taxable;
    }
}

static void set_fields(const ec_sheet_header *header, const ec_sheet_variant *in, ec_variant *row)
{
    set_options(header, &in->row, row);
    set_amounts(header, in, row);
    set_flags(header, &in->row, row);
    if (ec_sheet_has(header, EC_SHEET_SKU)) {
        ec_sheet_set_text(&row->sku, in->row.sku);
    }
    if (ec_sheet_has(header, EC_SHEET_BARCODE)) {
        ec_sheet_set_text(&row->barcode, in->row.barcode);
    }
    if (ec_sheet_has(header, EC_SHEET_TAX_CODE)) {
        ec_sheet_set_text(&row->tax_code, in->row.tax_code);
    }
}

static void set_name(ec_sheet_work *work, const ec_sheet_plan *plan, ec_variant *row)
{
    const char *first = plan->options_count > 0 ? row->option1 : plan->in->row.name;
    row->name = first ? first : plan->row.name;
    for (size_t i = 1; i < plan->options_count && row->name; i++) {
        row->name = ec_arena_printf(work->arena, "%s / %s", row->name, option_of(row, i));
    }
}

/* ---- rules ---- */

static void check_options(ec_sheet_work *work, ec_sheet_plan *plan, const ec_sheet_variant *in,
                          const ec_variant *row)
{
    for (size_t i = 0; i < EC_OPTIONS_MAX; i++) {
        ec_sheet_place name = (ec_sheet_place)(EC_SHEET_OPTION1_NAME + 2 * i);
        ec_sheet_place value = (ec_sheet_place)(EC_SHEET_OPTION1_VALUE + 2 * i);
        if (i < plan->options_count && !option_of(row, i)) {
            ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(value), "required",
                                 "The variant needs a value of the option %.100s.",
                                 plan->options[i]);
        } else if (i >= plan->options_count && option_of(row, i)) {
            ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(name), "required",
                                 "The value belongs to an option without name.");
        }
    }
    for (size_t i = 0; i < plan->variants_count; i++) {
        if (same_options(&plan->variants[i].row, row)) {
            ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_OPTION1_VALUE),
                                 "unique", "The variant at line %lld has the same option values.",
                                 (long long)plan->variants[i].in->line);
        }
    }
    if (ec_utf8_count(row->name, strlen(row->name)) > 255) {
        ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_OPTION1_VALUE),
                             "max_length", "The option values have more than 255 characters.");
    }
}

static void check_sku(ec_sheet_work *work, ec_sheet_plan *plan, const ec_sheet_variant *in)
{
    const char *sku = in->row.sku, *column = ec_sheet_place_name(EC_SHEET_SKU);
    if (!sku || ec_sheet_plan_refused(plan, in->line)) {
        return;
    }
    ec_id owner = ec_sheet_names_find(&work->shop.skus, sku);
    if (owner != 0 && (!plan->before || plan->before->row->id != owner)) {
        ec_sheet_plan_refuse(work, plan, in->line, column, "unique",
                             "Another product has the SKU %.100s.", sku);
        return;
    }
    const ec_sheet_claim *claim = ec_sheet_claim_sku(work, plan, sku, in->line);
    if (claim) {
        ec_sheet_plan_refuse(work, plan, in->line, column, "unique",
                             "The record at line %lld has the SKU %.100s already.",
                             (long long)claim->line, sku);
    }
}

/* What is to be on hand, if that changes. */
static void plan_quantity(ec_sheet_work *work, ec_sheet_plan *plan, ec_sheet_variant_plan *variant)
{
    const ec_import *import = work->sheet->import;
    const ec_sheet_variant *in = variant->in;
    const char *column = ec_sheet_place_name(EC_SHEET_QUANTITY);
    const ec_sheet_stock *stock =
        variant->before ? ec_sheet_shop_stock(&work->shop, variant->before->id) : NULL;
    variant->backorder_changed =
        variant->before && variant->before->backorder != variant->row.backorder;
    if (variant->backorder_changed && !variant->row.backorder && stock && stock->over) {
        ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_POLICY),
                             "committed", "More units are promised than there are.");
    }
    if (in->quantity < 0 || (variant->before && import->options.keep_stock) ||
        in->quantity == (stock ? stock->on_hand : 0)) {
        return;
    }
    if (import->warehouse_id == 0) {
        ec_sheet_plan_refuse(work, plan, in->line, column, "warehouse",
                             "The shop has no warehouse for the units.");
    } else if (stock && in->quantity < stock->damaged) {
        ec_sheet_plan_refuse(work, plan, in->line, column, "damaged", "%lld units are damaged.",
                             (long long)stock->damaged);
    } else if (stock && !variant->row.backorder && in->quantity < stock->committed) {
        ec_sheet_plan_refuse(work, plan, in->line, column, "committed", "%lld units are promised.",
                             (long long)stock->committed);
    } else {
        variant->on_hand = in->quantity;
    }
}

/* ---- one variant ---- */

static ec_status plan_variant(ec_sheet_work *work, ec_sheet_plan *plan, const ec_sheet_variant *in,
                              const ec_variant *before, int64_t *position)
{
    ec_sheet_variant_plan variant = {
        .in = in, .before = before, .image = EC_SHEET_NO_IMAGE, .on_hand = -1};
    variant.row = before ? *before : in->row;
    if (before) {
        set_fields(&work->sheet->header, in, &variant.row);
    } else {
        variant.row.position = *position + 1;
    }
    set_name(work, plan, &variant.row);
    const char *old = before ? before->metadata : NULL;
    ec_sheet_kept kept = in->kept;
    ec_status status =
        variant.row.tracked ? EC_OK : ec_sheet_preserve(work, old, EC_SHEET_TRACKER, &kept);
    if (status == EC_OK) {
        status = ec_sheet_kept_merge(work->arena, &work->sheet->header, old, &kept, NULL, 0,
                                     &variant.row.metadata);
    }
    if (status == EC_NO_MEMORY || !variant.row.name) {
        return ec_fail_memory(work->session);
    }
    const char *metadata = variant.row.metadata;
    if (status != EC_OK ||
        (metadata && ec_utf8_count(metadata, strlen(metadata)) > EC_SHEET_METADATA_MAX)) {
        ec_sheet_plan_refuse(work, plan, in->line, NULL, "max_length",
                             "The columns that are kept hold too much text.");
    }
    check_options(work, plan, in, &variant.row);
    plan_quantity(work, plan, &variant);
    check_sku(work, plan, in);
    if (!ec_sheet_plan_refused(plan, in->line)) {
        *position += !before;
        plan->variants[plan->variants_count++] = variant;
    }
    return EC_OK;
}

/* A product that is sold needs something that can be bought. */
static void make_variant(ec_sheet_work *work, ec_sheet_plan *plan)
{
    ec_sheet_variant_plan *variant = &plan->variants[plan->variants_count++];
    ec_sheet_variant *in = ec_arena_alloc(work->arena, sizeof *in);
    if (!in) {
        return;
    }
    *in = (ec_sheet_variant){.line = plan->in->line, .quantity = -1};
    in->row = (ec_variant){.position = 1,
                           .name = plan->row.name,
                           .weight_unit = EC_WEIGHT_G,
                           .is_active = true,
                           .tracked = true,
                           .requires_shipping = true,
                           .taxable = true};
    *variant = (ec_sheet_variant_plan){
        .in = in, .row = in->row, .image = EC_SHEET_NO_IMAGE, .on_hand = -1};
    plan->options_count = 0;
    plan->options_changed = false;
}

/* What the whole of the variants must be. */
static void check_variants(ec_sheet_work *work, ec_sheet_plan *plan, const matching *match)
{
    size_t known = plan->before ? plan->before->variants_count : 0, others = 0, active = 0;
    for (size_t i = 0; i < known; i++) {
        others += !match->taken[i];
        active += !match->taken[i] && plan->before->variants[i].is_active;
    }
    int64_t line = plan->in->line;
    if (plan->variants_count + others > EC_VARIANTS_MAX) {
        ec_sheet_plan_refuse(work, plan, line, NULL, "max_items",
                             "The product would have more than %d variants.", EC_VARIANTS_MAX);
    } else if (plan->variants_count == 0 && known == 0) {
        ec_sheet_plan_refuse(work, plan, line, NULL, "min_items",
                             "No variant of the product is left.");
    } else if (others > 0 && plan->options_count != plan->before->options_count) {
        ec_sheet_plan_refuse(work, plan, line, ec_sheet_place_name(EC_SHEET_OPTION1_NAME),
                             "options", "Variants that the file does not name have other options.");
    } else if (plan->options_count == 0 && plan->variants_count > 0 &&
               plan->variants_count + active > 1) {
        ec_sheet_plan_refuse(work, plan, line, ec_sheet_place_name(EC_SHEET_OPTION1_NAME),
                             "options", "A product without options has one variant.");
    }
}

static int64_t last_position(const ec_sheet_known *before)
{
    int64_t last = 0;
    for (size_t i = 0; before && i < before->variants_count; i++) {
        last = before->variants[i].position > last ? before->variants[i].position : last;
    }
    return last;
}

ec_status ec_sheet_plan_variants(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_product *in = plan->in;
    int64_t position = last_position(plan->before);
    matching match;
    plan->variants = ec_arena_array(work->arena, in->variants_count + 1, sizeof *plan->variants);
    if (!plan->variants) {
        return ec_fail_memory(work->session);
    }
    if (in->variants_count == 0 && !plan->before) {
        make_variant(work, plan);
        return EC_OK;
    }
    ec_status status = match_variants(work, plan, &match);
    for (size_t i = 0; status == EC_OK && !plan->refused && i < in->variants_count; i++) {
        status = plan_variant(work, plan, &in->variants[i], match.found[i], &position);
    }
    if (status == EC_OK && !plan->refused) {
        check_variants(work, plan, &match);
    }
    return status;
}
