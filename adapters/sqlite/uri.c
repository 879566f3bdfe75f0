/* SPDX-License-Identifier: MIT */
/*
 * uri.c - takes "sqlite:path?name=value&…" apart.
 *
 * Strict on purpose: a misspelt parameter, a value out of its range or a path that cannot be meant
 * is an error that names it, not a default. SQLite's own "file:" URIs never get through: a name
 * that SQLite would read in such a way is given to it as "./name".
 */
#include "sqlite.h"

#include <string.h>

static const char memory_name[] = ":memory:";

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* Replace %xx in place. False for a broken escape or an escaped NUL. */
static bool percent_decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = hex_digit(from[1]);
        int low = high < 0 ? -1 : hex_digit(from[2]);
        if (low < 0 || (high == 0 && low == 0)) {
            return false;
        }
        *to++ = (char)(unsigned char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return true;
}

/* A decimal number within its bounds; -1 for anything else. */
static int parse_number(const char *text, int min, int max)
{
    int64_t number = 0;
    if (*text == '\0') {
        return -1;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || number > max) {
            return -1;
        }
        number = number * 10 + (*text - '0');
    }
    return number >= min && number <= max ? (int)number : -1;
}

static ec_status set_number(const char *name, const char *value, int min, int max, int *out,
                            ec_storage_error *error)
{
    int number = parse_number(value, min, max);
    if (number < 0) {
        return ec_sqlite_fail_on(error, EC_INVALID, 0, "parameter out of its range", name);
    }
    *out = number;
    return EC_OK;
}

/* The place of value among count names; -1 when it is none of them. */
static int find_name(const char *value, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(value, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static ec_status set_mode(const char *value, ec_sqlite_settings *out, ec_storage_error *error)
{
    static const char *const names[] = {"rwc", "rw", "ro"};
    int mode = find_name(value, names, 3);
    if (mode < 0) {
        return ec_sqlite_fail(error, EC_INVALID, 0, "parameter mode is none of rwc, rw, ro");
    }
    out->must_exist = out->must_exist || mode >= 1;
    out->read_only = out->read_only || mode == 2;
    return EC_OK;
}

static ec_status set_synchronous(const char *value, ec_sqlite_settings *out,
                                 ec_storage_error *error)
{
    static const char *const names[] = {"off", "normal", "full"};
    int level = find_name(value, names, 3);
    if (level < 0) {
        return ec_sqlite_fail(error, EC_INVALID, 0,
                              "parameter synchronous is none of full, normal, off");
    }
    out->synchronous = (ec_sqlite_synchronous)level;
    return EC_OK;
}

static ec_status set_parameter(const char *name, const char *value, ec_sqlite_settings *out,
                               ec_storage_error *error)
{
    if (strcmp(name, "mode") == 0) {
        return set_mode(value, out, error);
    }
    if (strcmp(name, "synchronous") == 0) {
        return set_synchronous(value, out, error);
    }
    if (strcmp(name, "busy_timeout") == 0) {
        return set_number(name, value, 0, 3600000, &out->busy_timeout_ms, error);
    }
    if (strcmp(name, "readers") == 0) {
        return set_number(name, value, 1, EC_SQLITE_READERS_MAX, &out->readers, error);
    }
    if (strcmp(name, "cache") == 0) {
        return set_number(name, value, 64, 4194304, &out->cache_kib, error);
    }
    return ec_sqlite_fail_on(error, EC_INVALID, 0, "unknown parameter in the storage URI", name);
}

/* The part behind '?', which is changed. */
static ec_status parse_parameters(char *text, ec_sqlite_settings *out, ec_storage_error *error)
{
    ec_status status = EC_OK;
    while (status == EC_OK && text != NULL && *text != '\0') {
        char *next = strchr(text, '&');
        if (next != NULL) {
            *next++ = '\0';
        }
        char *value = strchr(text, '=');
        if (value == NULL) {
            return ec_sqlite_fail_on(error, EC_INVALID, 0, "parameter without a value", text);
        }
        *value++ = '\0';
        if (!percent_decode(text) || !percent_decode(value)) {
            return ec_sqlite_fail_on(error, EC_INVALID, 0, "broken % escape in a parameter", text);
        }
        status = set_parameter(text, value, out, error);
        text = next;
    }
    return status;
}

/* The file's name from the part in front of '?'; buffer has two bytes in front of it to spare. */
static ec_status parse_path(char *path, const char **out, ec_storage_error *error)
{
    if (strncmp(path, "//", 2) == 0) {
        if (path[2] != '/') {
            return ec_sqlite_fail(error, EC_INVALID, 0,
                                  "a storage URI names no host: write sqlite:///path");
        }
        path += 2;
    }
    if (!percent_decode(path)) {
        return ec_sqlite_fail(error, EC_INVALID, 0, "broken % escape in the path");
    }
    if (path[0] == '\0') {
        return ec_sqlite_fail(error, EC_INVALID, 0, "the storage URI has no path");
    }
    if (path[0] == ':' || strncmp(path, "file:", 5) == 0) {
        path -= 2;
        path[0] = '.';
        path[1] = '/';
    }
    *out = path;
    return EC_OK;
}

ec_status ec_sqlite_settings_parse(const ec_storage_config *config, ec_sqlite_settings *out,
                                   ec_storage_error *error)
{
    *out = (ec_sqlite_settings){.read_only = config->read_only,
                                .must_exist = config->must_exist,
                                .synchronous = EC_SQLITE_SYNCHRONOUS_FULL,
                                .busy_timeout_ms = 10000,
                                .readers = 4,
                                .cache_kib = 8192};
    if (config->uri == NULL || strncmp(config->uri, "sqlite:", 7) != 0) {
        return ec_sqlite_fail(error, EC_INVALID, 0, "the storage URI does not begin with sqlite:");
    }
    const char *rest = config->uri + 7;
    size_t size = strlen(rest) + 1;
    char *copy = ec_sqlite_resize(config->platform, NULL, size + 2);
    if (copy == NULL) {
        return ec_sqlite_fail(error, EC_NO_MEMORY, 0, "out of memory");
    }
    char *text = copy + 2;
    memcpy(text, rest, size);
    char *parameters = strchr(text, '?');
    if (parameters != NULL) {
        *parameters++ = '\0';
    }
    const char *path = NULL;
    ec_status status = EC_OK;
    bool memory = strcmp(text, memory_name) == 0;
    if (!memory) {
        status = parse_path(text, &path, error);
    }
    if (status == EC_OK) {
        status = parse_parameters(parameters, out, error);
    }
    if (status == EC_OK && !memory) {
        memmove(copy, path, strlen(path) + 1);
        out->path = copy;
        return EC_OK;
    }
    (void)ec_sqlite_resize(config->platform, copy, 0);
    return status;
}
