/* SPDX-License-Identifier: MIT */
/*
 * pack.c - deep copies in one piece of memory, and deep equality.
 */
#include <ecommerce/types.h>

#include "specimen.h"

/* A copy must not point into the original: it is spoilt before the two are compared. */
static void assert_independent(const specimen *copy, specimen *original, const char *json,
                               ec_arena *keep)
{
    if (original->main_part) {
        memset(original->main_part, 0x5A, sizeof *original->main_part);
    }
    for (size_t at = 0; at < original->parts_count; at++) {
        memset(&original->parts[at], 0x5A, sizeof(part));
    }
    memset(original, 0x5A, sizeof *original);
    assert_string_equal(json_of(keep, &specimen_entity, copy, NULL), json);
}

static void pack__is_one_block_that_equals_the_original(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int round = 0; round < 2000; round++) {
        memory mem;
        memory blocks;
        ec_arena arena;
        memory_init(&mem);
        memory_init(&blocks);
        ec_arena_init(&arena, &mem.platform);
        specimen *it = random_specimen(&seed, &arena);
        const char *json = json_of(&arena, &specimen_entity, it, NULL);
        specimen *copy = ec_entity_pack(&blocks.platform, &specimen_entity, it);
        assert_non_null(copy);
        assert_int_equal(blocks.calls, 1);
        assert_true(ec_entity_equal(&specimen_entity, it, copy, EC_MASK_ALL));
        if (round % 2) {
            assert_independent(copy, it, json, &arena);
        } else {
            ec_arena_clear(&arena); /* under the sanitizer: nothing of it is read any more */
            assert_non_null(json_of(&arena, &specimen_entity, copy, NULL));
        }
        ec_free(copy);
        assert_int_equal(blocks.blocks, 0);
        ec_arena_clear(&arena);
    }
}

static void copy__takes_one_piece_of_the_arena(void **state)
{
    (void)state;
    uint64_t seed = 43;
    memory mem;
    ec_arena arena;
    memory_init(&mem);
    ec_arena_init(&arena, &mem.platform);
    for (int round = 0; round < 1000; round++) {
        specimen *it = random_specimen(&seed, &arena);
        const char *json = json_of(&arena, &specimen_entity, it, NULL);
        specimen *copy = ec_entity_copy(&arena, &specimen_entity, it);
        assert_non_null(copy);
        assert_true(ec_entity_equal(&specimen_entity, it, copy, EC_MASK_ALL));
        assert_independent(copy, it, json, &arena);
        ec_arena_reset(&arena);
    }
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void pack__keeps_null_empty_and_counts_apart(void **state)
{
    (void)state;
    memory mem;
    memory_init(&mem);
    static const char *const tags[] = {"", NULL, "x"};
    specimen it = {.name = "", .tags = tags, .tags_count = 3, .parts_count = 7};
    specimen *copy = ec_entity_pack(&mem.platform, &specimen_entity, &it);
    assert_non_null(copy);
    assert_string_equal(copy->name, "");
    assert_null(copy->note);
    assert_int_equal(copy->tags_count, 3);
    assert_string_equal(copy->tags[0], "");
    assert_null(copy->tags[1]);
    assert_string_equal(copy->tags[2], "x");
    assert_int_equal(copy->parts_count, 0); /* none was there, whatever the count said */
    assert_null(copy->parts);
    ec_free(copy);
    part none = {0};
    it.parts = &none;
    it.parts_count = 0;
    copy = ec_entity_pack(&mem.platform, &specimen_entity, &it);
    assert_non_null(copy);
    assert_null(copy->parts);
    ec_free(copy);
    assert_int_equal(mem.blocks, 0);
}

static void pack__refuses_what_no_memory_holds(void **state)
{
    (void)state;
    memory mem;
    ec_arena arena;
    memory_init(&mem);
    ec_arena_init(&arena, &mem.platform);
    assert_null(ec_entity_pack(&mem.platform, &specimen_entity, NULL));
    assert_null(ec_entity_copy(&arena, &specimen_entity, NULL));
    specimen it = {.name = "ab"};
    part one = {0};
    it.parts = &one;
    it.parts_count = SIZE_MAX / 2; /* times the size of a part is beyond size_t */
    assert_null(ec_entity_pack(&mem.platform, &specimen_entity, &it));
    assert_null(ec_entity_copy(&arena, &specimen_entity, &it));
    it.parts_count = 0;
    mem.fail_at = 1;
    assert_null(ec_entity_pack(&mem.platform, &specimen_entity, &it));
    assert_null(ec_entity_copy(&arena, &specimen_entity, &it));
    assert_true(arena.failed);
    assert_int_equal(mem.blocks, 0);
}

/* ---- equality -------------------------------------------------------------------------------- */

static void equal__sees_a_difference_in_every_field(void **state)
{
    (void)state;
    uint64_t seed = 44;
    memory mem;
    ec_arena arena;
    memory_init(&mem);
    ec_arena_init(&arena, &mem.platform);
    specimen *a = random_specimen(&seed, &arena);
    for (size_t row = 0; row < specimen_entity.count; row++) {
        const ec_field *field = &specimen_entity.fields[row];
        specimen *b = NULL;
        /* another random object that differs in this field */
        for (int tries = 0; tries < 200 && !b; tries++) {
            specimen *other = random_specimen(&seed, &arena);
            specimen *mixed = ec_entity_copy(&arena, &specimen_entity, a);
            if (strcmp(field->name, "secret") == 0) {
                other->secret = "x";
            }
            size_t size = field->type == EC_FIELD_BOOL   ? sizeof(bool)
                          : field->type == EC_FIELD_ENUM ? sizeof(int)
                                                         : 8;
            memcpy(ec_field_at(field, mixed), ec_field_at(field, other), size);
            if (field->count_offset > 0) {
                memcpy((char *)mixed + field->count_offset, (char *)other + field->count_offset,
                       sizeof(size_t));
            }
            if (strcmp(json_of(&arena, &specimen_entity, a, NULL),
                       json_of(&arena, &specimen_entity, mixed, NULL)) != 0 ||
                other->secret) {
                b = mixed;
            }
        }
        assert_non_null(b);
        ec_mask bit = ec_field_bit(&specimen_entity, field);
        assert_false(ec_entity_equal(&specimen_entity, a, b, EC_MASK_ALL));
        assert_false(ec_entity_equal(&specimen_entity, a, b, bit));
        assert_false(ec_entity_equal(&specimen_entity, b, a, bit));
        assert_true(ec_entity_equal(&specimen_entity, a, b, ~bit));
    }
    ec_arena_clear(&arena);
}

static void equal__tells_null_from_empty(void **state)
{
    (void)state;
    specimen a = {.note = ""};
    specimen b = {0};
    assert_false(ec_entity_equal(&specimen_entity, &a, &b, EC_MASK_ALL));
    assert_false(ec_entity_equal(&specimen_entity, &a, NULL, EC_MASK_ALL));
    assert_false(ec_entity_equal(&specimen_entity, NULL, &a, EC_MASK_ALL));
    assert_true(ec_entity_equal(&specimen_entity, NULL, NULL, EC_MASK_ALL));
    assert_true(ec_entity_equal(&specimen_entity, &a, &a, EC_MASK_ALL));
    assert_true(ec_entity_equal(&specimen_entity, &a, &b, 0));
}

static void equal__ignores_blanks_between_tokens_of_json(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } cases[] = {
        {"{\"a\": [1, 2]}", "{\"a\":[1,2]}", true},
        {" \n\t1\r", "1", true},
        {"\"a b\"", "\"ab\"", false},
        {"\"a \\\" b\"", "\"a \\\"  b\"", false},
        {"[\"\\\\\", 1]", "[\"\\\\\",1]", true},
        {"[\"\\\\\", 1]", "[\"\\\\\",2]", false},
        {"[1]", "[1", false},
        {"", " ", true},
        {NULL, "null", false},
        {NULL, NULL, true},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        specimen a = {.extra = cases[at].a};
        specimen b = {.extra = cases[at].b};
        assert_true(ec_entity_equal(&specimen_entity, &a, &b, EC_MASK_ALL) == cases[at].equal);
        assert_true(ec_entity_equal(&specimen_entity, &b, &a, EC_MASK_ALL) == cases[at].equal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pack__is_one_block_that_equals_the_original),
        cmocka_unit_test(copy__takes_one_piece_of_the_arena),
        cmocka_unit_test(pack__keeps_null_empty_and_counts_apart),
        cmocka_unit_test(pack__refuses_what_no_memory_holds),
        cmocka_unit_test(equal__sees_a_difference_in_every_field),
        cmocka_unit_test(equal__tells_null_from_empty),
        cmocka_unit_test(equal__ignores_blanks_between_tokens_of_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
