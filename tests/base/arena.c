/* SPDX-License-Identifier: MIT */
/*
 * The arena and result blocks: zeroed, aligned, released to the last byte, also when memory runs
 * out in the middle.
 */
#include "base/arena.h"

#include "base/memory.h"

static bool is_zero(const char *bytes, size_t count)
{
    while (count > 0 && bytes[count - 1] == 0) {
        count--;
    }
    return count == 0;
}

static void arena_alloc__gives_zeroed_aligned_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 16, 100, 4000, 5000, 65536, 65537, 300000, 3};
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    for (int round = 0; round < 50; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            char *bytes = ec_arena_alloc(&arena, sizes[i]);
            assert_non_null(bytes);
            assert_int_equal((uintptr_t)bytes % 16, 0);
            assert_true(is_zero(bytes, sizes[i]));
            memset(bytes, 0xA5, sizes[i]);
            assert_non_null(ec_arena_text(&arena, "odd", 3)); /* so that places get unaligned */
        }
        ec_arena_reset(&arena);
        assert_int_equal(mem.blocks, 1);
    }
    assert_false(arena.failed);
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void arena_alloc__gives_places_that_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    char *places[COUNT];
    ec_arena_init(&arena, &platform);
    for (size_t i = 0; i < COUNT; i++) {
        places[i] = ec_arena_alloc(&arena, 1 + i % 300);
        memset(places[i], (int)(i % 251), 1 + i % 300);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < 1 + i % 300; k++) {
            assert_int_equal((unsigned char)places[i][k], i % 251);
        }
    }
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void arena_chunks__double_from_4_to_256_kib(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    (void)ec_arena_alloc(&arena, 1);
    assert_int_equal(mem.greatest, 4096);
    for (int i = 0; i < 100000; i++) {
        (void)ec_arena_alloc(&arena, 100);
    }
    assert_int_equal(mem.greatest, 256 << 10);
    assert_true(mem.calls < 64);
    ec_arena_reset(&arena);
    int64_t calls = mem.calls;
    for (int i = 0; i < 500; i++) { /* what was kept is used again */
        (void)ec_arena_alloc(&arena, 100);
    }
    assert_int_equal(mem.calls, calls);
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void arena_alloc__keeps_the_chunk_in_use_beside_large_blocks(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    for (int i = 0; i < 50; i++) {
        assert_non_null(ec_arena_alloc(&arena, 100000));
        assert_non_null(ec_arena_alloc(&arena, 40));
    }
    assert_int_equal(mem.blocks, 51);
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void arena_restore__drops_what_came_after_the_mark(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    ec_arena_mark empty = ec_arena_save(&arena);
    char *large = ec_arena_alloc(&arena, 70000);
    char *kept = ec_arena_strdup(&arena, "kept");
    memset(large, 1, 70000);
    ec_arena_mark mark = ec_arena_save(&arena);
    int64_t blocks = mem.blocks;
    char *first = NULL;
    for (int round = 0; round < 20; round++) {
        char *again = ec_arena_alloc(&arena, 32);
        first = first ? first : again;
        assert_ptr_equal(again, first);
        (void)ec_arena_alloc(&arena, 200000);
        for (int i = 0; i < 300; i++) {
            (void)ec_arena_alloc(&arena, 1000);
        }
        (void)ec_arena_alloc(&arena, 200000);
        ec_arena_restore(&arena, mark);
        assert_int_equal(mem.blocks, blocks);
        assert_string_equal(kept, "kept");
        assert_int_equal(large[69999], 1);
    }
    ec_arena_restore(&arena, empty);
    assert_int_equal(mem.blocks, 1);
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void arena_array__refuses_a_product_that_overflows(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    assert_null(ec_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_true(arena.failed);
    assert_int_equal(mem.calls, 0);
    assert_null(ec_arena_text(&arena, "x", SIZE_MAX));
    ec_arena_reset(&arena);
    assert_false(arena.failed);
    assert_non_null(ec_arena_array(&arena, 3, 5));
    assert_non_null(ec_arena_array(&arena, 0, 5));
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static void arena_text__copies_and_terminates(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    ec_arena arena;
    ec_arena_init(&arena, &platform);
    assert_null(ec_arena_text(&arena, NULL, 5));
    assert_null(ec_arena_strdup(&arena, NULL));
    assert_string_equal(ec_arena_text(&arena, "shop and more", 4), "shop");
    assert_string_equal(ec_arena_text(&arena, "", 0), "");
    assert_memory_equal(ec_arena_text(&arena, "a\0b", 3), "a\0b", 4);
    char *much = malloc(200001);
    assert_non_null(much);
    memset(much, 'm', 200000);
    much[200000] = '\0';
    assert_string_equal(ec_arena_strdup(&arena, much), much);
    for (size_t length = 65500; length < 65600; length++) { /* around the size of large blocks */
        assert_int_equal(strlen(ec_arena_text(&arena, much, length)), length);
    }
    assert_string_equal(ec_arena_printf(&arena, "lines[%d].%s", 2, "quantity"),
                        "lines[2].quantity");
    assert_string_equal(ec_arena_printf(&arena, "%s", much), much);
    free(much);
    assert_false(arena.failed);
    ec_arena_clear(&arena);
    assert_int_equal(mem.blocks, 0);
}

static ec_status use_arena(const ec_platform *platform)
{
    ec_arena arena;
    ec_arena_init(&arena, platform);
    ec_arena_mark mark = ec_arena_save(&arena);
    for (size_t i = 0; i < 400; i++) {
        (void)ec_arena_alloc(&arena, i * 37);
        (void)ec_arena_printf(&arena, "%0*d", (int)i, 1);
        if (i % 50 == 0) {
            (void)ec_arena_alloc(&arena, 100000);
            mark = ec_arena_save(&arena);
        }
        if (i % 50 == 49) {
            ec_arena_restore(&arena, mark);
        }
    }
    ec_status status = arena.failed ? EC_NO_MEMORY : EC_OK;
    ec_arena_clear(&arena);
    return status;
}

static void arena__survives_a_failure_of_each_allocation(void **state)
{
    (void)state;
    memory_fail_everywhere(use_arena);
}

static void block__is_zeroed_and_remembers_its_allocator(void **state)
{
    (void)state;
    memory mem;
    ec_platform platform = memory_platform(&mem);
    char *block = ec_block_alloc(&platform, 1000);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 16, 0);
    assert_true(is_zero(block, 1000));
    memset(&platform, 0, sizeof platform); /* the engine is closed, the result lives on */
    ec_free(block);
    assert_int_equal(mem.blocks, 0);
    ec_free(NULL);
    platform = memory_platform(&mem);
    ec_free(ec_block_alloc(&platform, 0));
    assert_null(ec_block_alloc(&platform, SIZE_MAX - 3));
    mem.fail_at = 1;
    assert_null(ec_block_alloc(&platform, 8));
    assert_int_equal(mem.blocks, 0);
}

static void platform_complete__fills_only_what_is_missing(void **state)
{
    (void)state;
    ec_platform platform = {.resize = memory_resize};
    ec_platform_complete(&platform);
    assert_ptr_equal(platform.resize, memory_resize);
    assert_int_equal(platform.version, EC_PLATFORM_VERSION);
    assert_true(platform.now_ms(NULL) > INT64_C(1700000000000));
    int64_t before = platform.monotonic_us(NULL);
    assert_true(platform.monotonic_us(NULL) >= before);
    unsigned char random[2][32] = {{0}};
    platform.random(NULL, random[0], sizeof random[0]);
    platform.random(NULL, random[1], sizeof random[1]);
    assert_memory_not_equal(random[0], random[1], sizeof random[0]);
    platform.log(NULL, EC_LOG_ERROR, "dropped");

    ec_platform plain = {0};
    ec_platform_complete(&plain);
    char *bytes = plain.resize(NULL, NULL, 10);
    assert_non_null(bytes);
    assert_null(plain.resize(NULL, plain.resize(NULL, bytes, 20), 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_alloc__gives_zeroed_aligned_bytes),
        cmocka_unit_test(arena_alloc__gives_places_that_do_not_overlap),
        cmocka_unit_test(arena_chunks__double_from_4_to_256_kib),
        cmocka_unit_test(arena_alloc__keeps_the_chunk_in_use_beside_large_blocks),
        cmocka_unit_test(arena_restore__drops_what_came_after_the_mark),
        cmocka_unit_test(arena_array__refuses_a_product_that_overflows),
        cmocka_unit_test(arena_text__copies_and_terminates),
        cmocka_unit_test(arena__survives_a_failure_of_each_allocation),
        cmocka_unit_test(block__is_zeroed_and_remembers_its_allocator),
        cmocka_unit_test(platform_complete__fills_only_what_is_missing),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
