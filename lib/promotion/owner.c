/* SPDX-License-Identifier: MIT */
/*
 * owner.c - whose a counter is: a customer by account and by address for mail, or who shares a
 * phone or an address.
 *
 * Addresses and phones are kept as digests of what is left when spelling does not matter. It
 * refuses to make an owner of nothing: what is not known is counted for nobody.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "promotion/stored.h"

#define SPELLED_MAX 1024

/* A text without what differs between spellings. */
typedef struct spelled {
    char text[SPELLED_MAX];
    size_t length;
} spelled;

static void add(spelled *s, char c)
{
    if (s->length < SPELLED_MAX) s->text[s->length++] = c;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters and digits, those beyond ASCII as they are. */
static void add_letters(spelled *s, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        char c = lower(*text);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80) add(s, c);
    }
}

static void write_owner(const char *kind, const spelled *s, char out[EC_OWNER_TEXT])
{
    char digest[EC_SHA256_HEX];
    out[0] = '\0';
    if (s->length == 0) return;
    ec_sha256_hex(s->text, s->length, digest);
    (void)snprintf(out, EC_OWNER_TEXT, "%s:%s", kind, digest);
}

static void write_email(const char *email, char out[EC_OWNER_TEXT])
{
    spelled s = {.length = 0};
    for (; email != NULL && *email != '\0'; email++)
        add(&s, lower(*email));
    write_owner("email", &s, out);
}

static void write_phone(const ec_address *address, char out[EC_OWNER_TEXT])
{
    spelled s = {.length = 0};
    for (const char *at = address->phone; at != NULL && *at != '\0'; at++)
        if (*at >= '0' && *at <= '9') add(&s, *at);
    write_owner("phone", &s, out);
}

static void write_address(const ec_address *address, char out[EC_OWNER_TEXT])
{
    spelled s = {.length = 0};
    add_letters(&s, address->street);
    out[0] = '\0';
    if (s.length == 0) return;
    add(&s, '\n');
    add_letters(&s, address->street2);
    add(&s, '\n');
    add_letters(&s, address->postal_code);
    add(&s, '\n');
    add_letters(&s, address->country);
    write_owner("address", &s, out);
}

void ec_promotion_owners_of(const ec_promotion_user *user, ec_promotion_owners *out)
{
    memset(out, 0, sizeof(*out));
    if (user->user_id != 0)
        (void)snprintf(out->account, sizeof(out->account), "user:%lld", (long long)user->user_id);
    write_email(user->email, out->email);
    memcpy(out->attribute[EC_LIMIT_BY_EMAIL], out->email, EC_OWNER_TEXT);
    if (user->address == NULL) return;
    write_phone(user->address, out->attribute[EC_LIMIT_BY_PHONE]);
    write_address(user->address, out->attribute[EC_LIMIT_BY_ADDRESS]);
}
