/* SPDX-License-Identifier: MIT */
/*
 * Digests against published values, and secrets that differ and fit into addresses.
 */
#include "base/hash.h"

#include "base/memory.h"

static void sha256_hex__gives_the_published_digests(void **state)
{
    (void)state;
    char hex[EC_SHA256_HEX];
    ec_sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ec_sha256_hex(NULL, 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ec_sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void digest_equal__tells_digests_apart_at_every_place(void **state)
{
    (void)state;
    char one[EC_SHA256_HEX];
    char other[EC_SHA256_HEX];
    ec_sha256_hex("abc", 3, one);
    ec_sha256_hex("abc", 3, other);
    assert_true(ec_digest_equal(one, other));
    for (size_t at = 0; at + 1 < EC_SHA256_HEX; at++) {
        other[at] ^= 1;
        assert_false(ec_digest_equal(one, other));
        other[at] ^= 1;
    }
    other[EC_SHA256_HEX - 2] = '\0';
    assert_false(ec_digest_equal(one, other));
    assert_false(ec_digest_equal(other, one));
    assert_false(ec_digest_equal(one, ""));
    assert_true(ec_digest_equal("", ""));
}

static void fill_with_count(void *ctx, void *bytes, size_t count)
{
    (void)ctx;
    for (size_t at = 0; at < count; at++) {
        ((unsigned char *)bytes)[at] = (unsigned char)(0xFF - at);
    }
}

static void token_make__comes_from_the_platforms_randomness(void **state)
{
    (void)state;
    char token[EC_TOKEN_TEXT];
    ec_platform platform = {.random = fill_with_count};
    ec_platform_complete(&platform);
    ec_token_make(&platform, token);
    assert_string_equal(token, "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno");
}

static void token_make__never_gives_the_same_twice(void **state)
{
    (void)state;
    char tokens[200][EC_TOKEN_TEXT];
    ec_platform platform = {0};
    ec_platform_complete(&platform);
    for (size_t i = 0; i < 200; i++) {
        ec_token_make(&platform, tokens[i]);
        assert_int_equal(strlen(tokens[i]), 32);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(tokens[i], tokens[k]);
        }
    }
}

static void fnv1a__gives_the_published_values(void **state)
{
    (void)state;
    assert_true(ec_fnv1a("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(ec_fnv1a("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(ec_fnv1a("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_hex__gives_the_published_digests),
        cmocka_unit_test(digest_equal__tells_digests_apart_at_every_place),
        cmocka_unit_test(token_make__comes_from_the_platforms_randomness),
        cmocka_unit_test(token_make__never_gives_the_same_twice),
        cmocka_unit_test(fnv1a__gives_the_published_values),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
