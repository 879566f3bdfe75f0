/* SPDX-License-Identifier: MIT */
/*
 * hash.c - digests and secrets, all of libsodium's making but for the hash of hash tables.
 *
 * sodium_init() may be called any number of times from any thread; it is called in front of each
 * use, so these functions work before any engine is open and keep no state of their own.
 * It refuses to be a password hash: SHA-256 is far too fast for secrets that people choose.
 */
#include "base/hash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(EC_SHA256_HEX == 2 * crypto_hash_sha256_BYTES + 1, "two digits a byte");

#define EC_TOKEN_BYTES 24

static void hash_start(void)
{
    /* When there is no entropy yet it fails; digests work all the same, and random bytes come from
       the platform. */
    int ready = sodium_init();
    (void)ready;
}

void ec_sha256_hex(const void *bytes, size_t count, char out[EC_SHA256_HEX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    hash_start();
    (void)crypto_hash_sha256(digest, bytes, count);
    (void)sodium_bin2hex(out, EC_SHA256_HEX, digest, sizeof digest);
}

void ec_hmac_hex(const void *key, size_t key_count, const void *bytes, size_t count,
                 char out[EC_SHA256_HEX])
{
    crypto_auth_hmacsha256_state state;
    unsigned char digest[crypto_auth_hmacsha256_BYTES];
    hash_start();
    (void)crypto_auth_hmacsha256_init(&state, key, key_count);
    (void)crypto_auth_hmacsha256_update(&state, bytes, count);
    (void)crypto_auth_hmacsha256_final(&state, digest);
    (void)sodium_bin2hex(out, EC_SHA256_HEX, digest, sizeof digest);
    sodium_memzero(&state, sizeof state);
}

bool ec_digest_equal(const char *one, const char *other)
{
    size_t length = strlen(one);
    return length == strlen(other) && sodium_memcmp(one, other, length) == 0;
}

void ec_token_make(const ec_platform *platform, char out[EC_TOKEN_TEXT])
{
    unsigned char secret[EC_TOKEN_BYTES];
    hash_start();
    platform->random(platform->ctx, secret, sizeof secret);
    (void)sodium_bin2base64(out, EC_TOKEN_TEXT, secret, sizeof secret,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
}

uint64_t ec_fnv1a(const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t at = 0; at < count; at++) {
        hash = (hash ^ byte[at]) * UINT64_C(0x100000001B3);
    }
    return hash;
}
