/* SPDX-License-Identifier: MIT */
/*
 * shopify_kept.c - values of a file that have no place in the catalogue: in and out of metadata.
 *
 * They lie under "shopify" as texts by column, and under "shopify_rows" as one object for each
 * record that held nothing else. A file replaces what was kept of its own columns; values of other
 * columns and the shop's own metadata stay. It refuses to rewrite metadata in which nothing
 * differs, whatever its order and spacing.
 */
#include <string.h>

#include "base/json.h"
#include "transfer/shopify.h"

#define EC_METADATA_MAX (4u << 20)

const char *ec_sheet_kept_find(const ec_sheet_kept *kept, const char *name)
{
    for (size_t i = 0; i < kept->count; i++) {
        if (strcmp(kept->items[i].name, name) == 0) {
            return kept->items[i].value;
        }
    }
    return NULL;
}

void ec_sheet_kept_add(ec_sheet_kept *kept, const char *name, const char *value)
{
    size_t i = kept->count;
    while (i > 0 && strcmp(kept->items[i - 1].name, name) > 0) {
        kept->items[i] = kept->items[i - 1];
        i--;
    }
    kept->items[i] = (ec_sheet_pair){name, value};
    kept->count++;
}

/* ---- reading ---- */

static bool read_object(ec_arena *arena, const ec_json *object, ec_sheet_kept *kept)
{
    *kept = (ec_sheet_kept){0};
    if (!object || object->type != EC_JSON_OBJECT || object->count == 0) {
        return true;
    }
    kept->items = ec_arena_array(arena, object->count, sizeof *kept->items);
    if (!kept->items) {
        return false;
    }
    for (const ec_json *member = object->child; member; member = member->next) {
        if (member->type == EC_JSON_TEXT && member->key[0] != '\0') {
            ec_sheet_kept_add(kept, member->key, member->text);
        }
    }
    return true;
}

static bool read_rows(ec_arena *arena, const ec_json *array, ec_sheet_kept **rows, size_t *count)
{
    *rows = NULL;
    *count = 0;
    if (!array || array->type != EC_JSON_ARRAY || array->count == 0) {
        return true;
    }
    *rows = ec_arena_array(arena, array->count, sizeof **rows);
    bool good = *rows != NULL;
    for (const ec_json *item = array->child; good && item; item = item->next) {
        good = read_object(arena, item, &(*rows)[*count]);
        *count += (*rows)[*count].count > 0;
    }
    return good;
}

static ec_status parse(ec_arena *arena, const char *metadata, const ec_json **out)
{
    ec_json *json = NULL;
    *out = NULL;
    if (!metadata) {
        return EC_OK;
    }
    ec_status status = ec_json_parse(arena, metadata, strlen(metadata), &json, NULL, NULL);
    if (status == EC_OK && json->type == EC_JSON_OBJECT) {
        *out = json;
    }
    return status == EC_NO_MEMORY ? EC_NO_MEMORY : EC_OK;
}

ec_status ec_sheet_kept_read(ec_arena *arena, const char *metadata, ec_sheet_kept *mine,
                             ec_sheet_kept **rows, size_t *rows_count)
{
    const ec_json *json;
    ec_sheet_kept *ignored;
    size_t ignored_count;
    ec_status status = parse(arena, metadata, &json);
    const ec_json *object = json ? ec_json_member(json, "shopify") : NULL;
    const ec_json *array = json ? ec_json_member(json, "shopify_rows") : NULL;
    if (status == EC_OK && (!read_object(arena, object, mine) ||
                            !read_rows(arena, array, rows ? rows : &ignored,
                                       rows_count ? rows_count : &ignored_count))) {
        status = EC_NO_MEMORY;
    }
    return status;
}

/* ---- merging ---- */

static bool in_header(const ec_sheet_header *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++) {
        if (strcmp(header->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool same_kept(const ec_sheet_kept *a, const ec_sheet_kept *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i].name, b->items[i].name) != 0 ||
            strcmp(a->items[i].value, b->items[i].value) != 0) {
            return false;
        }
    }
    return true;
}

static bool same_rows(const ec_sheet_kept *a, size_t a_count, const ec_sheet_kept *b,
                      size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = same_kept(&a[i], &b[i]);
    }
    return same;
}

static void write_kept(ec_json_writer *json, const ec_sheet_kept *kept)
{
    ec_json_object(json);
    for (size_t i = 0; i < kept->count; i++) {
        ec_json_key(json, kept->items[i].name);
        ec_json_text(json, kept->items[i].value);
    }
    ec_json_object_end(json);
}

static void write_others(ec_json_writer *json, const ec_json *before)
{
    for (const ec_json *member = before ? before->child : NULL; member; member = member->next) {
        if (strcmp(member->key, "shopify") != 0 && strcmp(member->key, "shopify_rows") != 0) {
            ec_json_key(json, member->key);
            ec_json_write_tree(json, member);
        }
    }
}

static ec_status write_metadata(ec_arena *arena, const ec_json *before, const ec_sheet_kept *kept,
                                const ec_sheet_kept *rows, size_t rows_count, const char **out)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, arena->platform, EC_METADATA_MAX);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    write_others(&json, before);
    if (kept->count > 0) {
        ec_json_key(&json, "shopify");
        write_kept(&json, kept);
    }
    if (rows_count > 0) {
        ec_json_key(&json, "shopify_rows");
        ec_json_array(&json);
        for (size_t i = 0; i < rows_count; i++) {
            write_kept(&json, &rows[i]);
        }
        ec_json_array_end(&json);
    }
    ec_json_object_end(&json);
    ec_status status = buf.status;
    *out = NULL;
    if (status == EC_OK && buf.length > 2) { /* "{}" is none */
        *out = ec_arena_text(arena, ec_buf_text(&buf), buf.length);
        status = *out ? EC_OK : EC_NO_MEMORY;
    }
    ec_buf_clear(&buf);
    return status;
}

ec_status ec_sheet_kept_merge(ec_arena *arena, const ec_sheet_header *header, const char *before,
                              const ec_sheet_kept *mine, const ec_sheet_kept *rows,
                              size_t rows_count, const char **out)
{
    const ec_json *json = NULL;
    ec_sheet_kept old = {0}, merged = {0}, *old_rows = NULL;
    size_t old_count = 0;
    bool own_rows = rows != NULL && header->kept_count > 0;
    *out = before;
    if (!before && mine->count == 0 && rows_count == 0) {
        return EC_OK;
    }
    ec_status status = parse(arena, before, &json);
    if (status == EC_OK && json &&
        (!read_object(arena, ec_json_member(json, "shopify"), &old) ||
         !read_rows(arena, ec_json_member(json, "shopify_rows"), &old_rows, &old_count))) {
        status = EC_NO_MEMORY;
    }
    if (status == EC_OK) {
        merged.items = ec_arena_array(arena, old.count + mine->count, sizeof *merged.items);
        status = merged.items ? EC_OK : EC_NO_MEMORY;
    }
    if (status != EC_OK) {
        return status;
    }
    for (size_t i = 0; i < mine->count; i++) {
        ec_sheet_kept_add(&merged, mine->items[i].name, mine->items[i].value);
    }
    for (size_t i = 0; i < old.count; i++) {
        if (!in_header(header, old.items[i].name)) {
            ec_sheet_kept_add(&merged, old.items[i].name, old.items[i].value);
        }
    }
    if (same_kept(&merged, &old) &&
        (!own_rows || same_rows(rows, rows_count, old_rows, old_count))) {
        return EC_OK;
    }
    return write_metadata(arena, json, &merged, own_rows ? rows : old_rows,
                          own_rows ? rows_count : old_count, out);
}
