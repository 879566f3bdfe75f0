/* SPDX-License-Identifier: MIT */
/*
 * hash.h - digests, secrets and their text forms, all by libsodium.
 */
#ifndef EC_BASE_HASH_H
#define EC_BASE_HASH_H

#include <ecommerce/sys/platform.h>

#define EC_SHA256_HEX 65 /* with end mark */
/* SHA-256 of bytes as lower case hexadecimal. */
void ec_sha256_hex(const void *bytes, size_t count, char out[EC_SHA256_HEX]);
/* HMAC-SHA-256 under a key of any length, likewise. */
void ec_hmac_hex(const void *key, size_t key_count, const void *bytes, size_t count,
                 char out[EC_SHA256_HEX]);
/* Are two digests in text form the same? How long it takes tells nothing but their lengths. */
bool ec_digest_equal(const char *one, const char *other);
/* A secret of 192 random bits as 32 characters of base64url, with end mark. */
#define EC_TOKEN_TEXT 33
void ec_token_make(const ec_platform *platform, char out[EC_TOKEN_TEXT]);
/* 64 bit FNV-1a, for hash tables only. */
uint64_t ec_fnv1a(const void *bytes, size_t count);

#endif
