/* SPDX-License-Identifier: MIT */
/*
 * status.c - what a status is called, and which version of the library is running.
 *
 * Everything is made from EC_STATUS_MAP, so a status that is added there is complete here. The
 * rows are looked for by value rather than by position: a number from a newer library, or no
 * status at all, gets the answers for "unknown".
 */
#include <ecommerce/status.h>
#include <ecommerce/types.h>

#include <stddef.h>

typedef struct status_row {
    const char *name;
    const char *text;
    int value;
    int http;
} status_row;

static const status_row status_rows[] = {
#define STATUS_ROW(name, value, http, text) {#name, text, value, http},
    EC_STATUS_MAP(STATUS_ROW)
#undef STATUS_ROW
};

static const status_row *status_find(ec_status status)
{
    for (size_t i = 0; i < sizeof status_rows / sizeof *status_rows; i++) {
        if (status_rows[i].value == (int)status) {
            return &status_rows[i];
        }
    }
    return NULL;
}

const char *ec_status_name(ec_status status)
{
    const status_row *row = status_find(status);
    return row != NULL ? row->name : "?";
}

const char *ec_status_text(ec_status status)
{
    const status_row *row = status_find(status);
    return row != NULL ? row->text : "Unknown status.";
}

int ec_status_http(ec_status status)
{
    const status_row *row = status_find(status);
    return row != NULL ? row->http : 500;
}

const char *ec_version(void)
{
    return EC_VERSION;
}

int ec_version_number(void)
{
    return EC_VERSION_NUMBER;
}
