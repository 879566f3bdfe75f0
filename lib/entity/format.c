/* SPDX-License-Identifier: MIT */
/*
 * format.c - the forms that texts may have: slug, email, currency, country, word, url.
 *
 * A form is looked at only after UTF-8 and length, so the functions see short, valid texts. They
 * decide what is refused for ever; whether a mailbox or a page exists is not known here. Addresses
 * of pages are narrower than RFC 3986: what browsers repair or run (other schemes, backslashes,
 * blanks, quotes, "//host") is refused, since these texts end up in links.
 */
#include <ecommerce/money.h>

#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "entity/entity.h"

static bool is_currency(const char *text)
{
    return ec_currency_find(text) != NULL;
}

/* Does the text begin with the word, in any letter case? */
static bool begins_with(const char *text, const char *word)
{
    for (; *word; text++, word++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
        if (c != *word) {
            return false;
        }
    }
    return true;
}

/* A path of this shop, or a whole address by http or https with a host. */
static bool is_url(const char *text)
{
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c <= 0x20 || c == 0x7F || strchr("\"<>\\^`{|}", c)) {
            return false;
        }
    }
    const char *rest = begins_with(text, "https://")  ? text + 8
                       : begins_with(text, "http://") ? text + 7
                                                      : NULL;
    if (rest) {
        return *rest != '\0' && !strchr("/?#:@", *rest);
    }
    /* A colon in the first part would be a scheme, two slashes another host. */
    return *text != '\0' && text[strcspn(text, ":/?#")] != ':' &&
           !(text[0] == '/' && text[1] == '/');
}

/* Letters, digits, "-" and "_" of ASCII. */
static bool is_word(const char *text)
{
    for (const char *at = text; *at; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!letter && !(*at >= '0' && *at <= '9') && *at != '-' && *at != '_') {
            return false;
        }
    }
    return *text != '\0';
}

static const ec_format formats[] = {
    {"slug", ec_text_is_slug,
     "Lower case letters, digits and single hyphens between them are allowed."},
    {"email", ec_text_is_email, "An address such as name@example.com is needed."},
    {"currency", is_currency, "A currency code of ISO 4217 is needed, such as CLP."},
    {"country", ec_country_known,
     "A country code of ISO 3166-1 in two capital letters is needed, such as CL."},
    {"word", is_word, "Letters, digits, hyphens and underscores are allowed."},
    {"url", is_url, "An http or https address, or a path of this site, is needed."},
};

const ec_format *ec_format_find(const char *name)
{
    for (size_t at = 0; name && at < sizeof formats / sizeof formats[0]; at++) {
        if (strcmp(formats[at].name, name) == 0) {
            return &formats[at];
        }
    }
    return NULL;
}
