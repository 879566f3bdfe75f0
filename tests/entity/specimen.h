/* SPDX-License-Identifier: MIT */
/*
 * specimen.h - for the tests of lib/entity: an entity with a field of every type, an allocator that
 * fails when it is told to, random good objects, and whole files of the shared data.
 */
#ifndef EC_TEST_ENTITY_SPECIMEN_H
#define EC_TEST_ENTITY_SPECIMEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ecommerce/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/text.h"
#include "entity/entity.h"

/* ---- the entity ------------------------------------------------------------------------------ */

typedef enum specimen_color { SPECIMEN_RED = 0, SPECIMEN_GREEN = 1, SPECIMEN_BLUE = 2 } color_name;

typedef struct part {
    int64_t id;
    int64_t quantity;
    int64_t price;
    const char *label;
    size_t codes_count;
    const char *const *codes;
    bool fragile;
} part;

typedef struct specimen {
    int64_t id;
    int64_t version;
    int64_t created_at;
    int64_t owner_id;
    const char *name;
    const char *slug;
    const char *email;
    const char *country;
    const char *url;
    const char *note;
    const char *secret;
    const char *origin;
    int64_t price;
    int64_t discount;
    const char *currency;
    int64_t count;
    int64_t rank;
    int64_t rate;
    int64_t starts_at;
    const char *extra;
    part *main_part;
    size_t parts_count;
    part *parts;
    size_t tags_count;
    const char *const *tags;
    color_name color;
    bool active;
} specimen;

static const char *const color_names[] = {"red", "green", "blue", NULL};

static const ec_field part_fields[] = {
    EC_ID_ROW(part, id, .doc = "Number."),
    EC_INT_ROW(part, quantity, .min = 1, .max = 9999, .flags = EC_FIELD_REQUIRED, .doc = "Units."),
    EC_MONEY_ROW(part, price, .doc = "Price in the currency of the whole."),
    EC_TEXT_ROW(part, label, .min = 1, .max = 20, .flags = EC_FIELD_REQUIRED, .doc = "Label."),
    EC_TEXTS_ROW(part, codes, .doc = "Codes."),
    EC_BOOL_ROW(part, fragile, .doc = "Does it break?"),
};

static const ec_entity part_entity = {
    .name = "part",
    .doc = "A part.",
    .size = sizeof(part),
    .fields = part_fields,
    .count = sizeof part_fields / sizeof part_fields[0],
};

static const ec_field specimen_fields[] = {
    EC_ID_ROW(specimen, id, .doc = "Number."),
    EC_INT_ROW(specimen, version, .flags = EC_FIELD_READONLY, .doc = "Version."),
    EC_TIME_ROW(specimen, created_at, .flags = EC_FIELD_READONLY, .doc = "Made when?"),
    EC_REF_ROW(specimen, owner_id, .flags = EC_FIELD_REQUIRED, .doc = "Owner."),
    EC_TEXT_ROW(specimen, name, .min = 2, .max = 300, .flags = EC_FIELD_REQUIRED, .doc = "Name."),
    EC_TEXT_ROW(specimen, slug, .max = 20, .format = "slug", .doc = "Slug."),
    EC_TEXT_ROW(specimen, email, .max = 254, .format = "email", .doc = "Mail."),
    EC_TEXT_ROW(specimen, country, .min = 2, .max = 2, .format = "country", .doc = "Country."),
    EC_TEXT_ROW(specimen, url, .max = 200, .format = "url", .doc = "Page."),
    EC_TEXT_ROW(specimen, note, .doc = "Of any length."),
    EC_TEXT_ROW(specimen, secret, .max = 50, .flags = EC_FIELD_SECRET, .doc = "Secret."),
    EC_TEXT_ROW(specimen, origin, .max = 50, .flags = EC_FIELD_IMMUTABLE, .doc = "Origin."),
    EC_MONEY_ROW(specimen, price, .doc = "Price."),
    EC_MONEY_ROW(specimen, discount, .min = 0, .max = 100000, .flags = EC_FIELD_NULLABLE,
                 .doc = "Off the price."),
    EC_TEXT_ROW(specimen, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_CURRENCY, .doc = "Currency."),
    EC_INT_ROW(specimen, count, .min = -5, .max = 100, .doc = "Count."),
    EC_INT_ROW(specimen, rank, .flags = EC_FIELD_NULLABLE, .doc = "Rank or none."),
    EC_DECIMAL_ROW(specimen, rate, .scale = 4, .min = 0, .max = 1000000, .doc = "Up to 100."),
    EC_TIME_ROW(specimen, starts_at, .doc = "From when on?"),
    EC_JSON_ROW(specimen, extra, .max = 2000, .doc = "Anything."),
    EC_STRUCT_ROW(specimen, main_part, part, part_entity, .doc = "Main part."),
    EC_LIST_ROW(specimen, parts, part, part_entity, .max = 5, .doc = "Parts."),
    EC_TEXTS_ROW(specimen, tags, .max = 3, .doc = "Tags."),
    EC_ENUM_ROW(specimen, color, color_name, color_names, .doc = "Colour."),
    EC_BOOL_ROW(specimen, active, .doc = "Is it on?"),
};

/* The rule over several fields: nothing may cost less than nothing. */
static void specimen_check(const void *object, ec_mask fields, ec_check *check)
{
    const specimen *it = object;
    (void)fields;
    if (it->discount > 0 && it->price >= 0 && it->discount > it->price) {
        ec_check_add(check, "discount", "max", "It is more than the price.");
    }
}

static const ec_entity specimen_entity = {
    .name = "specimen",
    .doc = "One of everything.",
    .size = sizeof(specimen),
    .fields = specimen_fields,
    .count = sizeof specimen_fields / sizeof specimen_fields[0],
    .check = specimen_check,
};

static inline const ec_field *specimen_field(const char *name)
{
    const ec_field *field = ec_field_find(&specimen_entity, name);
    assert_non_null(field);
    return field;
}

/* ---- memory ---------------------------------------------------------------------------------- */

typedef struct memory {
    int64_t fail_at; /* the allocation that fails, with all after it; 0: none */
    int64_t calls;
    int64_t blocks; /* not released */
    ec_platform platform;
} memory;

static void *memory_resize(void *ctx, void *ptr, size_t size)
{
    memory *mem = ctx;
    if (size == 0) {
        mem->blocks -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    mem->calls++;
    if (mem->fail_at > 0 && mem->calls >= mem->fail_at) {
        return NULL;
    }
    mem->blocks += ptr == NULL;
    return realloc(ptr, size);
}

static inline void memory_init(memory *mem)
{
    *mem = (memory){.platform = {.ctx = mem, .resize = memory_resize}};
    ec_platform_complete(&mem->platform);
}

/* ---- data ------------------------------------------------------------------------------------ */

/* A file of the shared data, whole and terminated, to be freed; NULL where it is missing. */
static inline char *data_file(const char *name, size_t *length)
{
    char path[1024];
    const char *folder = getenv("EC_TEST_DATA");
    char *text = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", folder ? folder : EC_SOURCE_DIR "/../shared/data",
                   name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size >= 0 ? malloc((size_t)size + 1) : NULL;
        if (text) {
            *length = fread(text, 1, (size_t)size, file);
            text[*length] = '\0';
        }
    }
    (void)fclose(file);
    return text;
}

/* ---- random good objects --------------------------------------------------------------------- */

static inline uint64_t random_next(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From low to high, both included. */
static inline int64_t random_range(uint64_t *seed, int64_t low, int64_t high)
{
    return low + (int64_t)(random_next(seed) % ((uint64_t)(high - low) + 1));
}

static inline bool random_half(uint64_t *seed)
{
    return random_next(seed) >> 63;
}

/* Up to `max` awkward pieces, at least `min`, each of one code point. */
static inline const char *random_text(uint64_t *seed, ec_arena *arena, int min, int max)
{
    static const char *const pieces[] = {"a",  "Z",  "7",    "'",    "\"",
                                         "\\", "\n", "\r",   "\t",   ",",
                                         ";",  "=",  "+",    "-",    "@",
                                         "ñ",  "€",  "😀",    "{",    "]",
                                         "/",  " ",  "\x01", "\x7F", "\xEF\xBF\xBD",
                                         "\b"};
    char text[256 * 4];
    size_t length = 0;
    for (int64_t left = random_range(seed, min, max); left > 0; left--) {
        const char *piece = pieces[random_next(seed) % (sizeof pieces / sizeof pieces[0])];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return ec_arena_text(arena, text, length);
}

static inline const char *const *random_texts(uint64_t *seed, ec_arena *arena, size_t *count,
                                              int max)
{
    *count = (size_t)random_range(seed, 0, max);
    const char **texts = ec_arena_array(arena, *count, sizeof *texts);
    for (size_t at = 0; at < *count; at++) {
        texts[at] = random_text(seed, arena, 1, 20);
    }
    return *count > 0 ? texts : NULL;
}

static inline part random_part(uint64_t *seed, ec_arena *arena)
{
    part it = {
        .id = random_range(seed, 0, 9),
        .quantity = random_range(seed, 1, 9999),
        .price = random_range(seed, -EC_AMOUNT_MAX, EC_AMOUNT_MAX),
        .label = random_text(seed, arena, 1, 20),
        .fragile = random_half(seed),
    };
    it.codes = random_texts(seed, arena, &it.codes_count, 3);
    return it;
}

#define PICK(seed, list) (list)[random_next(seed) % (sizeof(list) / sizeof((list)[0]))]

static inline void random_texts_of(uint64_t *seed, ec_arena *arena, specimen *it)
{
    static const char *const slugs[] = {NULL, "a", "shoe-42", "x1-y2-z3"};
    static const char *const mails[] = {NULL, "a@b", "ana.perez+x@ejemplo.cl"};
    static const char *const countries[] = {NULL, "CL", "AD", "ZW", "DE"};
    static const char *const urls[] = {NULL, "/", "/a/b?c=d", "https://example.com/ñ", "img/x.png"};
    static const char *const extras[] = {NULL,
                                         "{}",
                                         "[]",
                                         "0",
                                         "\"x\"",
                                         "true",
                                         "{\"a\":[1.50,-0.0,1e400,{\"b\":null}],\"ñ\":\"\\u0000\"}",
                                         "\"=1+1\"",
                                         "-5",
                                         "[\"\\n\"]"};
    it->name = random_text(seed, arena, 2, 40);
    it->slug = PICK(seed, slugs);
    it->email = PICK(seed, mails);
    it->country = PICK(seed, countries);
    it->url = PICK(seed, urls);
    it->note = random_half(seed) ? random_text(seed, arena, 0, 200) : NULL;
    it->origin = random_half(seed) ? random_text(seed, arena, 0, 3) : NULL;
    it->extra = PICK(seed, extras);
    it->tags = random_texts(seed, arena, &it->tags_count, 3);
}

/* An object that the check finds nothing wrong with. */
static inline specimen *random_specimen(uint64_t *seed, ec_arena *arena)
{
    static const char *const currencies[] = {NULL, "CLP", "EUR", "KWD", "CLF"};
    specimen *it = ec_arena_alloc(arena, sizeof *it);
    assert_non_null(it);
    it->id = random_range(seed, 0, INT64_MAX);
    it->version = random_range(seed, 0, INT64_MAX);
    it->created_at = random_range(seed, INT64_C(-62135596800000), INT64_C(253402300799999));
    it->owner_id = random_range(seed, 1, INT64_MAX);
    random_texts_of(seed, arena, it);
    it->price = random_half(seed) ? random_range(seed, -EC_AMOUNT_MAX, EC_AMOUNT_MAX)
                                  : random_range(seed, -1000, 1000);
    it->discount = it->price > 0 && random_half(seed) ? it->price % 100001 : 0;
    it->currency = PICK(seed, currencies);
    it->count = random_range(seed, -5, 100);
    it->rank = random_half(seed) ? (int64_t)random_next(seed) : 0;
    it->rate = random_range(seed, 0, 1000000);
    it->starts_at = random_half(seed) ? random_range(seed, -1000000, INT64_C(2000000000000)) : 0;
    it->color = (color_name)random_range(seed, 0, 2);
    it->active = random_half(seed);
    if (random_half(seed)) {
        it->main_part = ec_arena_alloc(arena, sizeof(part));
        *it->main_part = random_part(seed, arena);
    }
    it->parts_count = (size_t)random_range(seed, 0, 5);
    it->parts = it->parts_count ? ec_arena_array(arena, it->parts_count, sizeof(part)) : NULL;
    for (size_t at = 0; at < it->parts_count; at++) {
        it->parts[at] = random_part(seed, arena);
    }
    return it;
}

/* ---- shorthands ------------------------------------------------------------------------------ */

/* The object as JSON text in the arena. */
static inline const char *json_of(ec_arena *arena, const ec_entity *entity, const void *object,
                                  const char *currency)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, arena->platform, SIZE_MAX / 2);
    ec_json_begin(&json, &buf);
    ec_entity_write_json(&json, entity, object, currency);
    assert_int_equal(buf.status, EC_OK);
    const char *text = ec_arena_text(arena, ec_buf_text(&buf), buf.length);
    ec_buf_clear(&buf);
    return text;
}

/* The error of a field; NULL when there is none. */
static inline const ec_field_error *error_of(const ec_check *check, const char *field)
{
    for (size_t at = 0; at < check->count; at++) {
        if (strcmp(check->errors[at].field, field) == 0) {
            return &check->errors[at];
        }
    }
    return NULL;
}

static inline void assert_broken(const ec_check *check, const char *field, const char *rule)
{
    const ec_field_error *error = error_of(check, field);
    if (!error || strcmp(error->rule, rule) != 0) {
        fail_msg("%s should break %s, but the rule is %s; there are %zu errors, the first is %s %s",
                 field, rule, error ? error->rule : "none", check->count,
                 check->count ? check->errors[0].field : "none",
                 check->count ? check->errors[0].rule : "");
    }
}

#endif
