/* SPDX-License-Identifier: MIT */
/*
 * import.c - presets and tables of rates: taken in as a whole or not at all.
 *
 * The text comes from outside and is believed in nothing: its form is checked, and every zone,
 * category and rate passes the same checks as if somebody typed it. It refuses to guess what an
 * unknown part of a table means.
 */
#include <string.h>

#include "base/hash.h"
#include "catalog/inside.h"
#include "model/model.h"
#include "tax/import.h"

ec_status ec_tax_import_fault(ec_session *session, const ec_json *at, const char *what)
{
    return ec_fail_field(session, EC_INVALID, "text", "format", "The table has %s, at byte %zu.",
                         what, at != NULL ? at->offset : 0);
}

typedef struct import_args {
    ec_tax_table table;
    const char *text;
    size_t length;
    const char *country;
    bool added;
} import_args;

static void import_fingerprint(const void *ctx, ec_json_writer *json)
{
    const import_args *args = ctx;
    char digest[EC_SHA256_HEX] = "";
    if (args->text != NULL) ec_sha256_hex(args->text, args->length, digest);
    ec_json_array(json);
    ec_json_int(json, (int64_t)args->table);
    ec_json_text(json, digest);
    ec_json_text(json, args->country);
    ec_json_bool(json, args->added);
    ec_json_array_end(json);
}

static ec_status parse(ec_session *session, const import_args *args, ec_json **root)
{
    size_t offset = 0;
    const char *problem = NULL;
    if (args->text == NULL) return ec_fail(session, EC_MISUSE, "The text is NULL.");
    if ((int)args->table < EC_TAX_TABLE_EU || (int)args->table > EC_TAX_TABLE_SALES)
        return ec_fail_field(session, EC_INVALID, "table", "enum", "There is no such table.");
    if (args->length > EC_JSON_SIZE_MAX)
        return ec_fail(session, EC_LIMIT, "The text is longer than %u bytes.", EC_JSON_SIZE_MAX);
    ec_status status =
        ec_json_parse(ec_scratch(session), args->text, args->length, root, &offset, &problem);
    if (status == EC_NO_MEMORY) return ec_fail_memory(session);
    if (status == EC_LIMIT) return ec_fail(session, status, "The text is nested too deep.");
    if (status != EC_OK)
        return ec_fail_field(session, EC_INVALID, "text", "json", "Byte %zu: %s.", offset,
                             problem != NULL ? problem : "no JSON");
    if ((*root)->type == EC_JSON_OBJECT) return EC_OK;
    return ec_tax_import_fault(session, *root, "no countries");
}

static ec_status import_run(ec_session *session, void *ctx, void **result)
{
    const import_args *args = ctx;
    ec_json *root = NULL;
    ec_tax_import *report = ec_arena_alloc(ec_scratch(session), sizeof(*report));
    if (report == NULL) return ec_fail_memory(session);
    ec_tax_plan plan = {.session = session, .report = report, .added = args->added};
    *result = report;
    ec_status status = parse(session, args, &root);
    if (status != EC_OK) return status;
    return args->table == EC_TAX_TABLE_EU ? ec_tax_import_eu(&plan, root)
                                          : ec_tax_import_sales(&plan, root);
}

ec_status ec_tax_import_table(ec_session *session, ec_tax_table table, const char *text,
                              size_t length, bool added, ec_tax_import **out)
{
    static const ec_op op = {.name = "tax.import",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_import_entity,
                             .run = import_run,
                             .fingerprint = import_fingerprint};
    import_args args = {.table = table, .text = text, .length = length, .added = added};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- presets ---- */

typedef struct preset {
    const char *country, *zone, *name, *tax;
    int64_t rate;
    bool included;
} preset;

/* Standard rates as of 2026. A beginning, not legal advice. */
static const preset presets[] = {
    {"AR", "ar", "Argentina", "IVA", 210000, true},
    {"AU", "au", "Australia", "GST", 100000, true},
    {"BO", "bo", "Bolivia", "IVA", 130000, true},
    {"CL", "cl", "Chile", "IVA", 190000, true},
    {"CO", "co", "Colombia", "IVA", 190000, true},
    {"CR", "cr", "Costa Rica", "IVA", 130000, true},
    {"DE", "de", "Germany", "MwSt.", 190000, true},
    {"EC", "ec", "Ecuador", "IVA", 150000, true},
    {"ES", "es", "Spain", "IVA", 210000, true},
    {"FR", "fr", "France", "TVA", 200000, true},
    {"GB", "gb", "United Kingdom", "VAT", 200000, true},
    {"IT", "it", "Italy", "IVA", 220000, true},
    {"JP", "jp", "Japan", "Consumption tax", 100000, true},
    {"MX", "mx", "Mexico", "IVA", 160000, true},
    {"NZ", "nz", "New Zealand", "GST", 150000, true},
    {"PE", "pe", "Peru", "IGV", 180000, true},
    {"PT", "pt", "Portugal", "IVA", 230000, true},
    {"PY", "py", "Paraguay", "IVA", 100000, true},
    {"UY", "uy", "Uruguay", "IVA", 220000, true},
};

static const preset *find_preset(const char *country)
{
    for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
        if (strcmp(presets[i].country, country) == 0) return &presets[i];
    return NULL;
}

/* Channels of the country that have no zone yet, by the public function: they tell of it. */
static ec_status use_zone(ec_session *session, const char *country, ec_id zone)
{
    void *found = NULL;
    size_t count = 0;
    ec_status status = ec_entity_select(session, &ec_channel_entity,
                                        "WHERE t.country = ? AND t.tax_zone_id IS NULL",
                                        ec_args(ec_text(country)), &found, &count);
    for (size_t i = 0; i < count && status == EC_OK; i++) {
        const ec_channel *channel = (const ec_channel *)found + i;
        ec_channel change = {.tax_zone_id = zone}, *changed = NULL;
        status = ec_channel_update(session, channel->id, &change,
                                   ec_mask_of("channel", "tax_zone_id"), &changed);
        ec_free(changed);
    }
    return status;
}

static ec_status preset_run(ec_session *session, void *ctx, void **result)
{
    const import_args *args = ctx;
    ec_id zone = 0;
    ec_tax_import *report = ec_arena_alloc(ec_scratch(session), sizeof(*report));
    if (report == NULL) return ec_fail_memory(session);
    *result = report;
    if (args->country == NULL) return ec_fail(session, EC_MISUSE, "The country is NULL.");
    const preset *p = find_preset(args->country);
    if (p == NULL)
        return ec_fail_field(session, EC_NOT_FOUND, "country", "unknown",
                             "There is no preset of that country.");
    ec_tax_plan plan = {.session = session, .report = report};
    ec_zone_member member = {.kind = EC_ZONE_KIND_COUNTRY, .value = p->country};
    ec_tax_wish wish = {
        .category = "standard", .name = p->tax, .rate = p->rate, .included = p->included};
    ec_status status = ec_tax_want_zone(&plan, p->zone, p->name, &member, 1, &zone);
    if (status == EC_OK) status = ec_tax_want_rates(&plan, zone, &wish, 1);
    return status == EC_OK ? use_zone(session, p->country, zone) : status;
}

ec_status ec_tax_preset(ec_session *session, const char *country, ec_tax_import **out)
{
    static const ec_op op = {.name = "tax.preset",
                             .permission = "tax.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .result = &ec_tax_import_entity,
                             .run = preset_run,
                             .fingerprint = import_fingerprint};
    import_args args = {.country = country};
    return ec_call(session, &op, &args, (void **)out);
}
