/* SPDX-License-Identifier: MIT */
/*
 * code.c - codes of gift cards: made, read as people type them, and digested.
 *
 * 80 random bits as 16 characters of an alphabet without I, L, O and U, which are easily taken for
 * others. A shop keeps the digest under a key of its own, made with the first card. It refuses no
 * text: one that is no code has a digest that no card has, so looking it up takes the same steps.
 */
#include <sodium.h>
#include <string.h>

#include "credit/credit.h"

#define CODE_BYTES 10
#define CODE_LETTERS 16 /* 5 bits each */
#define TYPED_MAX 32    /* letters that count of what somebody typed */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void ec_credit_code_make(const ec_platform *platform, char out[EC_CREDIT_CODE_TEXT])
{
    unsigned char bytes[CODE_BYTES];
    unsigned bits = 0;
    int held = 0;
    size_t at = 0, length = 0;
    platform->random(platform->ctx, bytes, sizeof bytes);
    for (int i = 0; i < CODE_LETTERS; i++) {
        if (held < 5) {
            bits = bits << 8 | bytes[at++];
            held += 8;
        }
        held -= 5;
        if (i > 0 && i % 4 == 0) out[length++] = '-';
        out[length++] = alphabet[bits >> held & 31];
        bits &= (1u << held) - 1;
    }
    out[length] = '\0';
    sodium_memzero(bytes, sizeof bytes);
}

/* As it was printed: upper case, without blanks and hyphens, look-alikes put right. */
static size_t normalise(const char *code, char out[TYPED_MAX])
{
    size_t length = 0;
    for (const char *at = code; at != NULL && *at != '\0' && length < TYPED_MAX; at++) {
        char c = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
        if (c == ' ' || c == '-') continue;
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        out[length++] = c;
    }
    return length;
}

static ec_status read_secret(ec_session *session, const char **secret)
{
    ec_stmt *stmt = NULL;
    *secret = "";
    ec_status status =
        ec_query(session, "SELECT secret FROM credit_keys WHERE id = 1", ec_no_args, &stmt);
    if (status != EC_OK) return status;
    status = ec_row(session, stmt);
    if (status == EC_DONE) return EC_OK;
    if (status != EC_OK) return status;
    *secret = ec_col_text(session, stmt, 0);
    ec_done(session, stmt);
    return *secret == NULL ? ec_fail_memory(session) : EC_OK;
}

static ec_status make_secret(ec_session *session, const char **secret)
{
    char token[EC_TOKEN_TEXT];
    ec_token_make(ec_session_platform(session), token);
    *secret = ec_arena_strdup(ec_scratch(session), token);
    if (*secret == NULL) return ec_fail_memory(session);
    return ec_exec(session, "INSERT INTO credit_keys (id, secret, created_at) VALUES (1, ?, ?)",
                   ec_args(ec_text(token), ec_int(ec_now(session))), NULL);
}

ec_status ec_credit_code_hash(ec_session *session, const char *code, bool make,
                              char out[EC_SHA256_HEX])
{
    char letters[TYPED_MAX];
    const char *secret = NULL;
    size_t length = normalise(code, letters);
    ec_status status = read_secret(session, &secret);
    if (status == EC_OK && secret[0] == '\0' && make) status = make_secret(session, &secret);
    if (status != EC_OK) return status;
    ec_hmac_hex(secret, strlen(secret), letters, length, out);
    return EC_OK;
}
