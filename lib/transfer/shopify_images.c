/* SPDX-License-Identifier: MIT */
/*
 * shopify_images.c - the images of a product, and which of them its variants show.
 *
 * An image is recognised by its address and place, else by its address; the same address may stand
 * at several places. An address that only a variant names becomes an image behind the others. It
 * refuses to remove an image that the file does not name.
 */
#include <string.h>

#include "transfer/shopify.h"

static bool is_new(const ec_sheet_image_plan *image)
{
    return !image->before;
}

/* The existing image that this one is, EC_SHEET_NO_IMAGE: none. */
static size_t match_image(const ec_sheet_plan *plan, const bool *taken, const ec_sheet_image *image,
                          bool by_position)
{
    size_t known = plan->before ? plan->before->images_count : 0;
    for (size_t i = 0; i < known; i++) {
        const ec_product_image *row = plan->images[i].before;
        if (!taken[i] && strcmp(row->url, image->url) == 0 &&
            (!by_position || row->position == image->position)) {
            return i;
        }
    }
    return EC_SHEET_NO_IMAGE;
}

static int64_t next_position(const ec_sheet_plan *plan)
{
    int64_t last = 0;
    for (size_t i = 0; i < plan->images_count; i++) {
        last = plan->images[i].row.position > last ? plan->images[i].row.position : last;
    }
    return last + 1;
}

static void add_image(ec_sheet_plan *plan, const char *url, const char *alt, int64_t position)
{
    ec_sheet_image_plan *image = &plan->images[plan->images_count];
    *image = (ec_sheet_image_plan){
        .row = {.url = url, .alt = alt, .position = position ? position : next_position(plan)}};
    plan->images_count++;
}

static void change_image(const ec_sheet_work *work, ec_sheet_image_plan *image,
                         const ec_sheet_image *in)
{
    if (in->position > 0) {
        image->row.position = in->position;
    }
    if (ec_sheet_has(&work->sheet->header, EC_SHEET_IMAGE_ALT)) {
        ec_sheet_set_text(&image->row.alt, in->alt);
    }
    image->changed = ec_sheet_differences(&ec_product_image_entity, image->before, &image->row);
}

/* Two passes: images that kept their places first. */
static void take_images(const ec_sheet_work *work, ec_sheet_plan *plan, bool *taken, bool *done)
{
    const ec_sheet_product *in = plan->in;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < in->images_count; i++) {
            const ec_sheet_image *image = &in->images[i];
            if (done[i] || ec_sheet_plan_refused(plan, image->line)) {
                continue;
            }
            size_t at = match_image(plan, taken, image, pass == 0);
            if (at != EC_SHEET_NO_IMAGE) {
                taken[at] = true;
                done[i] = true;
                change_image(work, &plan->images[at], image);
            } else if (pass == 1) {
                add_image(plan, image->url, image->alt, image->position);
            }
        }
    }
}

/* Of several images with the address: the one that the variant shows already, else the first. */
static size_t find_image(const ec_sheet_plan *plan, const char *url, ec_id shown)
{
    size_t found = EC_SHEET_NO_IMAGE;
    for (size_t i = 0; i < plan->images_count; i++) {
        const ec_product_image *row = &plan->images[i].row;
        if (strcmp(row->url, url) != 0) {
            continue;
        }
        if (shown != 0 && row->id == shown) {
            return i;
        }
        if (found == EC_SHEET_NO_IMAGE || row->position < plan->images[found].row.position) {
            found = i;
        }
    }
    return found;
}

static void show_images(const ec_sheet_work *work, ec_sheet_plan *plan)
{
    for (size_t i = 0; i < plan->variants_count; i++) {
        ec_sheet_variant_plan *variant = &plan->variants[i];
        const char *url = variant->in->image;
        if (!ec_sheet_has(&work->sheet->header, EC_SHEET_VARIANT_IMAGE)) {
            continue;
        }
        variant->row.image_id = 0;
        if (!url) {
            continue;
        }
        variant->image = find_image(plan, url, variant->before ? variant->before->image_id : 0);
        if (variant->image == EC_SHEET_NO_IMAGE) {
            variant->image = plan->images_count;
            add_image(plan, url, NULL, 0);
        }
        const ec_sheet_image_plan *image = &plan->images[variant->image];
        variant->row.image_id = is_new(image) ? -1 : image->row.id;
    }
}

/* Now all of a variant is known. */
static void compare_variants(ec_sheet_plan *plan)
{
    for (size_t i = 0; i < plan->variants_count; i++) {
        ec_sheet_variant_plan *variant = &plan->variants[i];
        if (variant->before) {
            variant->changed =
                ec_sheet_differences(&ec_variant_entity, variant->before, &variant->row);
        }
        plan->variants_changed = plan->variants_changed || !variant->before ||
                                 variant->changed != 0 || variant->on_hand >= 0;
    }
}

ec_status ec_sheet_plan_images(ec_sheet_work *work, ec_sheet_plan *plan)
{
    const ec_sheet_product *in = plan->in;
    size_t known = plan->before ? plan->before->images_count : 0;
    size_t most = known + in->images_count + plan->variants_count;
    plan->images = ec_arena_array(work->arena, most, sizeof *plan->images);
    bool *taken = ec_arena_array(work->arena, known, sizeof *taken);
    bool *done = ec_arena_array(work->arena, in->images_count, sizeof *done);
    if (!plan->images || !taken || !done) {
        return ec_fail_memory(work->session);
    }
    for (size_t i = 0; i < known; i++) {
        const ec_product_image *row = &plan->before->images[i];
        plan->images[i] = (ec_sheet_image_plan){.before = row, .row = *row};
    }
    plan->images_count = known;
    take_images(work, plan, taken, done);
    show_images(work, plan);
    compare_variants(plan);
    for (size_t i = 0; i < plan->images_count; i++) {
        plan->images_changed =
            plan->images_changed || is_new(&plan->images[i]) || plan->images[i].changed != 0;
    }
    if (plan->images_count > EC_IMAGES_MAX) {
        ec_sheet_plan_refuse(work, plan, in->line, ec_sheet_place_name(EC_SHEET_IMAGE_SRC),
                             "max_items", "The product would have more than %d images.",
                             EC_IMAGES_MAX);
    }
    return EC_OK;
}
