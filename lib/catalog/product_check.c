/* SPDX-License-Identifier: MIT */
/*
 * product_check.c - what the lists of a product have to do with each other.
 *
 * Rules on options look at active variants only: one that was ordered under older options stays,
 * inactive, as it was sold. It refuses two variants that a customer could not tell apart.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/inside.h"

#define EC_VARIANT_TITLE_MAX 255 /* code points */

__attribute__((format(printf, 5, 6))) static void broken(ec_check *check, const char *list,
                                                         size_t index, const char *rule,
                                                         const char *format, ...);

/* A broken rule of "list[index]", or of "list[index].member" for "list|member". */
static void broken(ec_check *check, const char *list, size_t index, const char *rule,
                   const char *format, ...)
{
    char field[80];
    char message[160];
    const char *member = strchr(list, '|');
    int length = member ? (int)(member - list) : (int)strlen(list);
    va_list more;
    va_start(more, format);
    (void)vsnprintf(message, sizeof message, format, more);
    va_end(more);
    (void)snprintf(field, sizeof field, "%.*s[%zu]%s%s", length, list, index, member ? "." : "",
                   member ? member + 1 : "");
    ec_check_add(check, field, rule, "%s", message);
}

/* ---- variants ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool ec_variant_same_options(const ec_variant *a, const ec_variant *b)
{
    return same_text(a->option1, b->option1) && same_text(a->option2, b->option2) &&
           same_text(a->option3, b->option3);
}

void ec_variant_check_options(const ec_variant *variant, size_t options, const char *prefix,
                              ec_check *check)
{
    for (size_t i = 0; i < EC_OPTIONS_MAX; i++) {
        const char *value = ec_variant_option(variant, i);
        char field[80];
        (void)snprintf(field, sizeof field, "%soption%zu", prefix, i + 1);
        if (i < options && !value) {
            ec_check_add(check, field, "required", "The product has such an option.");
        } else if (i >= options && value) {
            ec_check_add(check, field, "options", "The product has only %zu options.", options);
        }
    }
}

const char *ec_variant_title(ec_session *session, const ec_variant *variant, const char *product)
{
    ec_arena *arena = ec_scratch(session);
    if (!variant->option1) {
        return product;
    }
    char *title =
        ec_arena_printf(arena, "%s%s%s%s%s", variant->option1, variant->option2 ? " / " : "",
                        variant->option2 ? variant->option2 : "", variant->option3 ? " / " : "",
                        variant->option3 ? variant->option3 : "");
    size_t at = 0;
    for (size_t points = 0; title && title[at] != '\0'; points++) {
        size_t step = ec_utf8_sequence(title + at, strlen(title + at));
        if (points == EC_VARIANT_TITLE_MAX || step == 0) {
            title[at] = '\0';
            break;
        }
        at += step;
    }
    return title;
}

/* A number that differs for most texts that differ. */
static uint64_t digest_of(const char *text)
{
    return text ? ec_fnv1a(text, strlen(text)) : 0;
}

static uint64_t options_digest(const ec_variant *variant)
{
    return digest_of(variant->option1) * 31 * 31 + digest_of(variant->option2) * 31 +
           digest_of(variant->option3);
}

static void check_twins(const ec_product *product, ec_check *check)
{
    size_t count = product->variants_count;
    uint64_t *options = ec_arena_array(check->arena, count + 1, sizeof *options);
    uint64_t *skus = ec_arena_array(check->arena, count + 1, sizeof *skus);
    if (!options || !skus) {
        check->status = EC_NO_MEMORY;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const ec_variant *v = &product->variants[i];
        options[i] = options_digest(v);
        skus[i] = digest_of(v->sku);
        for (size_t j = 0; j < i; j++) {
            const ec_variant *w = &product->variants[j];
            if (v->sku && w->sku && skus[i] == skus[j] && strcmp(v->sku, w->sku) == 0) {
                broken(check, "variants|sku", i, "unique", "Variant %zu has the same SKU.", j);
            }
            if (product->options_count > 0 && v->is_active && w->is_active &&
                options[i] == options[j] && ec_variant_same_options(v, w)) {
                broken(check, "variants|option1", i, "unique",
                       "Variant %zu has the same option values.", j);
            }
        }
    }
}

static void check_variants(const ec_product *product, ec_check *check)
{
    size_t active = 0;
    for (size_t i = 0; i < product->variants_count; i++) {
        char prefix[32];
        if (product->variants[i].is_active) {
            (void)snprintf(prefix, sizeof prefix, "variants[%zu].", i);
            ec_variant_check_options(&product->variants[i], product->options_count, prefix, check);
            active++;
        }
    }
    if (product->options_count == 0 && active > 1) {
        ec_check_add(check, "variants", "max_items",
                     "A product without options has one active variant; there are %zu.", active);
    }
    check_twins(product, check);
}

/* ---- the other lists ---- */

static void check_options(const ec_product *product, ec_check *check)
{
    for (size_t i = 1; i < product->options_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(product->options[i].name, product->options[j].name) == 0) {
                broken(check, "options|name", i, "unique", "Option %zu has the same name.", j);
                break;
            }
        }
    }
}

static void check_tags(const ec_product *product, ec_check *check)
{
    for (size_t i = 1; i < product->tags_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(product->tags[i], product->tags[j]) == 0) {
                broken(check, "tags", i, "unique", "Tag %zu is the same.", j);
                break;
            }
        }
    }
}

void ec_product_check_lists(const ec_product *product, unsigned with, ec_check *check)
{
    if ((with & (EC_WITH_OPTIONS | EC_WITH_VARIANTS)) != 0) {
        check_options(product, check);
        check_variants(product, check);
    }
    if ((with & EC_WITH_TAGS) != 0) {
        check_tags(product, check);
    }
}

/* ---- places ---- */

ec_status ec_product_check_places(ec_session *session, const ec_product *product, ec_check *check)
{
    ec_stmt *stmt = NULL;
    if (product->category_id == 0 && product->brand_id == 0) {
        return EC_OK;
    }
    ec_status status =
        ec_query(session,
                 "SELECT (SELECT id FROM categories WHERE id = ?),"
                 " (SELECT id FROM brands WHERE id = ?)",
                 ec_args(ec_int(product->category_id), ec_int(product->brand_id)), &stmt);
    status = status == EC_OK ? ec_row(session, stmt) : status;
    if (status != EC_OK) {
        return status;
    }
    if (product->category_id != 0 && ec_col_null(stmt, 0)) {
        ec_check_add(check, "category_id", "unknown", "There is no such category.");
    }
    if (product->brand_id != 0 && ec_col_null(stmt, 1)) {
        ec_check_add(check, "brand_id", "unknown", "There is no such brand.");
    }
    ec_done(session, stmt);
    return EC_OK;
}
