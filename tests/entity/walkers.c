/* SPDX-License-Identifier: MIT */
/*
 * walkers.c - every walker over every entity of the library, with random objects that the tables
 * themselves describe. An entity that is added later is tested here without a word about it.
 */
#include <ecommerce/money.h>

#include "base/csv.h"
#include "specimen.h"

#define ROUNDS 40
#define DEPTH_MAX 3

/* ---- random objects of any entity ------------------------------------------------------------ */

static const char *random_of_format(uint64_t *seed, const char *format)
{
    static const char *const slugs[] = {"a", "x-1", "shoes"};
    static const char *const mails[] = {"a@b", "ana@ejemplo.cl"};
    static const char *const currencies[] = {"CLP", "EUR", "KWD", "CLF"};
    static const char *const countries[] = {"CL", "AR", "ZW"};
    static const char *const words[] = {"A", "SUMMER-10", "a_b"};
    static const char *const urls[] = {"/", "https://example.com/a"};
    return strcmp(format, "slug") == 0       ? PICK(seed, slugs)
           : strcmp(format, "email") == 0    ? PICK(seed, mails)
           : strcmp(format, "currency") == 0 ? PICK(seed, currencies)
           : strcmp(format, "country") == 0  ? PICK(seed, countries)
           : strcmp(format, "word") == 0     ? PICK(seed, words)
                                             : PICK(seed, urls);
}

static int64_t random_number(uint64_t *seed, const ec_field *field)
{
    int64_t min = ec_field_min(field);
    int64_t max = ec_field_max(field);
    int64_t low = min < -1000000 ? -1000000 : min;
    int64_t high = max > low + 2000000 ? low + 2000000 : max;
    int64_t value = random_next(seed) % 8 == 0   ? min
                    : random_next(seed) % 8 == 0 ? max
                                                 : random_range(seed, low, high);
    bool null = value == 0 && field->flags & EC_FIELD_REQUIRED && ec_field_zero_is_null(field);
    return null ? 1 : value;
}

static const char *random_member_text(uint64_t *seed, ec_arena *arena, const ec_field *field)
{
    bool required = field->flags & EC_FIELD_REQUIRED;
    int64_t min = ec_field_min(field);
    int64_t max = ec_field_max(field);
    if (!required && random_half(seed)) {
        return NULL;
    }
    if (field->type == EC_FIELD_JSON) {
        return random_half(seed) ? "{\"a\":[1.50,\"ñ\",null]}" : "[]";
    }
    if (field->format) {
        return random_of_format(seed, field->format);
    }
    min = min < 1 && required ? 1 : min;
    max = max > min + 30 ? min + 30 : max;
    return random_text(seed, arena, (int)min, (int)(max > 255 ? 255 : max));
}

static void random_object(uint64_t *seed, ec_arena *arena, const ec_entity *entity, int depth,
                          void *object);

static void *random_objects(uint64_t *seed, ec_arena *arena, const ec_entity *entity, int depth,
                            size_t count)
{
    char *objects = ec_arena_array(arena, count, entity->size);
    for (size_t at = 0; at < count; at++) {
        random_object(seed, arena, entity, depth, objects + at * entity->size);
    }
    return objects;
}

static void random_items(uint64_t *seed, ec_arena *arena, const ec_field *field, int depth,
                         void *object)
{
    bool required = field->flags & EC_FIELD_REQUIRED;
    int64_t least = ec_field_min(field) < 1 && required ? 1 : ec_field_min(field);
    int64_t most = ec_field_max(field) > least + 3 ? least + 3 : ec_field_max(field);
    size_t count = (size_t)random_range(seed, least, depth < DEPTH_MAX ? most : least);
    if (field->type == EC_FIELD_LIST) {
        ec_field_set_items(field, object,
                           random_objects(seed, arena, field->target, depth + 1, count), count);
        return;
    }
    const char **texts = ec_arena_array(arena, count, sizeof *texts);
    for (size_t at = 0; at < count; at++) {
        texts[at] = random_text(seed, arena, 1, 20);
    }
    ec_field_set_items(field, object, texts, count);
}

static void random_member(uint64_t *seed, ec_arena *arena, const ec_field *field, int depth,
                          void *object)
{
    switch (field->type) {
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_ENUM:
    case EC_FIELD_DECIMAL: ec_field_set_int(field, object, random_number(seed, field)); break;
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
        ec_field_set_text(field, object, random_member_text(seed, arena, field));
        break;
    case EC_FIELD_STRUCT:
        if (field->flags & EC_FIELD_REQUIRED || (depth < DEPTH_MAX && random_half(seed))) {
            ec_field_set_pointer(field, object,
                                 random_objects(seed, arena, field->target, depth + 1, 1));
        }
        break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: random_items(seed, arena, field, depth, object); break;
    }
}

static void random_object(uint64_t *seed, ec_arena *arena, const ec_entity *entity, int depth,
                          void *object)
{
    for (size_t row = 0; row < entity->count; row++) {
        random_member(seed, arena, &entity->fields[row], depth, object);
    }
}

/* ---- for each entity ------------------------------------------------------------------------- */

typedef struct world {
    memory mem;
    ec_arena arena;
    ec_check check;
    ec_buf buf;
    size_t at; /* bytes of buf that the CSV reader has had */
    uint64_t seed;
    const ec_entity *entity;
    void *object;
} world;

static void for_each_object(void (*visit)(world *all))
{
    world all = {.seed = 1};
    memory_init(&all.mem);
    ec_arena_init(&all.arena, &all.mem.platform);
    ec_buf_init(&all.buf, &all.mem.platform, 64 << 20);
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        for (int round = 0; round < ROUNDS; round++) {
            all.entity = entity;
            all.object = random_objects(&all.seed, &all.arena, entity, 0, 1);
            all.at = 0;
            ec_check_init(&all.check, &all.arena);
            visit(&all);
            ec_buf_reset(&all.buf);
            ec_arena_reset(&all.arena);
        }
    }
    ec_arena_clear(&all.arena);
    ec_buf_clear(&all.buf);
    assert_int_equal(all.mem.blocks, 0);
}

static void assert_same(world *all, const void *other, ec_mask mask)
{
    if (!ec_entity_equal(all->entity, all->object, other, mask)) {
        fail_msg("%s: %s became %s", all->entity->name,
                 json_of(&all->arena, all->entity, all->object, "CLP"),
                 json_of(&all->arena, all->entity, other, "CLP"));
    }
}

static void visit_json(world *all)
{
    ec_json_writer writer;
    ec_json *json = NULL;
    ec_mask seen = 0;
    void *other = ec_arena_alloc(&all->arena, all->entity->size);
    ec_json_begin(&writer, &all->buf);
    ec_entity_store_json(&writer, all->entity, all->object, "CLP");
    assert_int_equal(all->buf.status, EC_OK);
    assert_int_equal(
        ec_json_parse(&all->arena, ec_buf_text(&all->buf), all->buf.length, &json, NULL, NULL),
        EC_OK);
    assert_int_equal(json->count, all->entity->count);
    assert_int_equal(
        ec_entity_read_json(&all->arena, all->entity, json, "CLP", true, other, &seen, &all->check),
        EC_OK);
    assert_true(seen == ec_entity_mask(all->entity, 0));
    assert_same(all, other, EC_MASK_ALL);
}

static void json__comes_back_for_every_entity(void **state)
{
    (void)state;
    for_each_object(visit_json);
}

static void visit_pack(world *all)
{
    void *block = ec_entity_pack(&all->mem.platform, all->entity, all->object);
    void *copy = ec_entity_copy(&all->arena, all->entity, all->object);
    assert_non_null(block);
    assert_non_null(copy);
    assert_same(all, block, EC_MASK_ALL);
    assert_same(all, copy, EC_MASK_ALL);
    ec_free(block);
}

static void pack__comes_back_for_every_entity(void **state)
{
    (void)state;
    for_each_object(visit_pack);
}

static ec_status source(void *ctx, char *buffer, size_t size, size_t *got)
{
    world *all = ctx;
    size_t left = all->buf.length - all->at;
    *got = left < size ? left : size;
    memcpy(buffer, all->buf.data + all->at, *got);
    all->at += *got;
    return EC_OK;
}

static bool holds_secrets(const ec_entity *entity, int depth)
{
    for (size_t row = 0; depth < 8 && row < entity->count; row++) {
        const ec_field *field = &entity->fields[row];
        bool nested = field->type == EC_FIELD_STRUCT || field->type == EC_FIELD_LIST;
        if (field->flags & EC_FIELD_SECRET || (nested && holds_secrets(field->target, depth + 1))) {
            return true;
        }
    }
    return false;
}

/* Secrets inside of nested objects are lost on purpose, so the nested fields are not compared. */
static ec_mask comparable(const ec_entity *entity)
{
    ec_mask mask = ec_entity_mask(entity, EC_FIELD_SECRET);
    for (size_t row = 0; row < entity->count; row++) {
        const ec_field *field = &entity->fields[row];
        bool nested = field->type == EC_FIELD_STRUCT || field->type == EC_FIELD_LIST;
        if (nested && holds_secrets(field->target, 0)) {
            mask &= ~((ec_mask)1 << row);
        }
    }
    return mask;
}

static void visit_csv(world *all)
{
    ec_csv_reader *reader = NULL;
    const char *const *cells;
    const char *problem;
    size_t count;
    size_t width;
    const ec_field *columns[64];
    void *other = ec_arena_alloc(&all->arena, all->entity->size);
    ec_entity_csv_header(&all->buf, all->entity);
    ec_entity_write_csv(&all->buf, all->entity, all->object, "CLP");
    assert_int_equal(all->buf.status, EC_OK);
    assert_int_equal(ec_csv_open(&all->mem.platform, source, all, &reader), EC_OK);
    assert_int_equal(ec_csv_next(reader, &cells, &count, &problem), EC_OK);
    for (size_t at = 0; at < count; at++) {
        columns[at] = ec_field_find(all->entity, cells[at]);
        assert_non_null(columns[at]);
    }
    assert_int_equal(ec_csv_next(reader, &cells, &width, &problem), EC_OK);
    assert_int_equal(width, count);
    assert_int_equal(ec_entity_read_csv(&all->arena, all->entity, columns, cells, count, "CLP",
                                        true, other, NULL, &all->check),
                     EC_OK);
    ec_csv_close(reader);
    assert_same(all, other, comparable(all->entity));
}

static void csv__comes_back_for_every_entity(void **state)
{
    (void)state;
    for_each_object(visit_csv);
}

/* Random fields know nothing of each other, so entities with rules over several are left out. */
static bool has_hook(const ec_entity *entity, int depth)
{
    bool found = entity->check != NULL;
    for (size_t row = 0; depth < 8 && !found && row < entity->count; row++) {
        const ec_field *field = &entity->fields[row];
        bool nested = field->type == EC_FIELD_STRUCT || field->type == EC_FIELD_LIST;
        found = nested && has_hook(field->target, depth + 1);
    }
    return found;
}

static void visit_check(world *all)
{
    ec_entity_check(all->entity, all->object, EC_MASK_ALL, true, &all->check);
    if (all->check.count > 0 && !has_hook(all->entity, 0)) {
        fail_msg("%s.%s: %s", all->entity->name, all->check.errors[0].field,
                 all->check.errors[0].message);
    }
}

static void check__passes_what_the_table_allows(void **state)
{
    (void)state;
    for_each_object(visit_check);
}

/* ---- promises of the flags ------------------------------------------------------------------- */

static const char *secret_text(const ec_field *field)
{
    return field->type == EC_FIELD_TEXT ? "S3CR3T" : NULL;
}

static void visit_secrets(world *all)
{
    for (size_t row = 0; row < all->entity->count; row++) {
        const ec_field *field = &all->entity->fields[row];
        char key[128];
        if (!(field->flags & EC_FIELD_SECRET)) {
            continue;
        }
        if (secret_text(field)) {
            ec_field_set_text(field, all->object, secret_text(field));
        }
        const char *json = json_of(&all->arena, all->entity, all->object, NULL);
        (void)snprintf(key, sizeof key, "\"%s\":", field->name);
        ec_entity_csv_header(&all->buf, all->entity);
        ec_entity_write_csv(&all->buf, all->entity, all->object, NULL);
        assert_null(strstr(json, "S3CR3T"));
        assert_null(strstr(ec_buf_text(&all->buf), "S3CR3T"));
        assert_null(strstr(json, key));
    }
}

static void secrets__never_leave(void **state)
{
    (void)state;
    for_each_object(visit_secrets);
}

/* The object's own JSON, sent back by a stranger: each READONLY field is refused by name. */
static void visit_readonly(world *all)
{
    const char *text = json_of(&all->arena, all->entity, all->object, "CLP");
    ec_json *json = NULL;
    void *other = ec_arena_alloc(&all->arena, all->entity->size);
    ec_mask seen = 0;
    assert_int_equal(ec_json_parse(&all->arena, text, strlen(text), &json, NULL, NULL), EC_OK);
    (void)ec_entity_read_json(&all->arena, all->entity, json, "CLP", false, other, &seen,
                              &all->check);
    for (size_t row = 0; row < all->entity->count; row++) {
        const ec_field *field = &all->entity->fields[row];
        if (field->flags & EC_FIELD_READONLY && !(field->flags & EC_FIELD_SECRET)) {
            assert_true((seen >> row & 1) == 0);
            assert_broken(&all->check, field->name, "readonly");
        }
    }
}

static void readonly_fields__are_refused_from_outside(void **state)
{
    (void)state;
    for_each_object(visit_readonly);
}

/* Other bytes in an object's JSON: an answer, never a crash. */
static void visit_mutated(world *all)
{
    const char *good = json_of(&all->arena, all->entity, all->object, "CLP");
    size_t length = strlen(good);
    for (int round = 0; round < 30; round++) {
        ec_json *json = NULL;
        char *text = ec_arena_text(&all->arena, good, length);
        void *other = ec_arena_alloc(&all->arena, all->entity->size);
        for (int64_t left = random_range(&all->seed, 1, 3); left > 0; left--) {
            static const char bytes[] = "0-.e\"{}[],:nt \\";
            text[random_next(&all->seed) % length] = PICK(&all->seed, bytes);
        }
        ec_check_init(&all->check, &all->arena);
        if (ec_json_parse(&all->arena, text, length, &json, NULL, NULL) == EC_OK) {
            ec_status status =
                ec_entity_read_json(&all->arena, all->entity, json, "CLP", random_half(&all->seed),
                                    other, NULL, &all->check);
            assert_int_equal(status, all->check.count > 0 ? EC_INVALID : EC_OK);
            ec_entity_check(all->entity, other, EC_MASK_ALL, true, &all->check);
        }
    }
}

static void mutated_texts__never_break_any_entity(void **state)
{
    (void)state;
    for_each_object(visit_mutated);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void value__numbers_are_kept_by_every_type(void **state)
{
    (void)state;
    specimen it;
    memset(&it, 0, sizeof it);
    for (size_t row = 0; row < specimen_entity.count; row++) {
        const ec_field *field = &specimen_entity.fields[row];
        bool small = field->type == EC_FIELD_BOOL || field->type == EC_FIELD_ENUM;
        bool number = small || ec_field_zero_is_null(field) || field->type == EC_FIELD_INT ||
                      field->type == EC_FIELD_MONEY || field->type == EC_FIELD_DECIMAL;
        int64_t value = small ? 1 : INT64_MIN + (int64_t)row;
        ec_field_set_int(field, &it, value);
        assert_true(ec_field_get_int(field, &it) == (number ? value : 0));
    }
    assert_null(it.name); /* what is no number was left alone */
    assert_null(it.parts);
    assert_int_equal(it.color, SPECIMEN_GREEN);
}

static void currency__is_the_objects_own_or_the_inherited_one(void **state)
{
    (void)state;
    specimen it = {.currency = "CLP"};
    part nested = {0};
    assert_string_equal(ec_entity_currency(&specimen_entity, &it, "EUR"), "CLP");
    it.currency = "";
    assert_string_equal(ec_entity_currency(&specimen_entity, &it, "EUR"), "EUR");
    it.currency = NULL;
    assert_null(ec_entity_currency(&specimen_entity, &it, NULL));
    assert_string_equal(ec_entity_currency(&part_entity, &nested, "EUR"), "EUR");
    assert_int_equal(ec_currency_decimals("CLP"), 0);
    assert_int_equal(ec_currency_decimals("KWD"), 3);
    assert_int_equal(ec_currency_decimals("CLF"), 4);
    assert_int_equal(ec_currency_decimals("ZZZ"), 2);
    assert_int_equal(ec_currency_decimals("XAU"), 2);
    assert_int_equal(ec_currency_decimals(NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json__comes_back_for_every_entity),
        cmocka_unit_test(pack__comes_back_for_every_entity),
        cmocka_unit_test(csv__comes_back_for_every_entity),
        cmocka_unit_test(check__passes_what_the_table_allows),
        cmocka_unit_test(secrets__never_leave),
        cmocka_unit_test(readonly_fields__are_refused_from_outside),
        cmocka_unit_test(mutated_texts__never_break_any_entity),
        cmocka_unit_test(value__numbers_are_kept_by_every_type),
        cmocka_unit_test(currency__is_the_objects_own_or_the_inherited_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
