/* SPDX-License-Identifier: MIT */
/*
 * setting.c - named values of the shop.
 *
 * Names that the library knows have a type, a default and maybe no way to set them; all others are
 * the program's own and are kept as they are. It refuses values that a known name cannot have.
 */
#include <string.h>

#include "base/text.h"
#include "engine/setting.h"
#include "engine/sql.h"
#include "model/model.h"
#include "price/rules.h"

#define EC_SETTING_NAME_MAX 64
#define EC_SETTING_VALUE_MAX 65536

typedef struct known_setting {
    const char *name;
    const char *initial; /* NULL: made with the shop */
    int64_t min, max;    /* of a number; 0, 0: a text that is read-only */
} known_setting;

/* In the order of their names. */
static const known_setting known_settings[] = {
    {"cart.ttl_ms", "2592000000", INT64_C(60000), INT64_C(315360000000)},
    {"reservation.ttl_ms", "900000", INT64_C(1000), INT64_C(31536000000)},
    {"shop.currency", NULL, 0, 0},
    {"shop.id", NULL, 0, 0},
    {EC_SETTING_CLOCK, "0", INT64_C(-86400000), INT64_C(86400000)},
};

#define KNOWN_COUNT (sizeof known_settings / sizeof known_settings[0])

static const known_setting *setting_known(const char *name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (strcmp(known_settings[i].name, name) == 0) {
            return &known_settings[i];
        }
    }
    return NULL;
}

/* ---- for bodies ---- */

ec_status ec_setting_text(ec_session *session, const char *name, const char **value)
{
    ec_stmt *stmt;
    const known_setting *known = setting_known(name);
    *value = known ? known->initial : NULL;
    ec_status status = ec_query(session, "SELECT value FROM settings WHERE name = ?",
                                ec_args(ec_text(name)), &stmt);
    status = status == EC_OK ? ec_row(session, stmt) : status;
    if (status == EC_OK) {
        *value = ec_col_text(session, stmt, 0);
        ec_done(session, stmt);
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_setting_int(ec_session *session, const char *name, int64_t *value)
{
    const char *text = NULL;
    ec_status status = ec_setting_text(session, name, &text);
    if (status != EC_OK) {
        return status;
    }
    if (!text || ec_parse_int(text, value) != EC_OK) {
        return ec_fail(session, EC_CORRUPT, "The setting %s is no number.", name);
    }
    return EC_OK;
}

ec_status ec_setting_store(ec_session *session, const char *name, const char *value)
{
    int64_t affected = 0;
    ec_time now = ec_now(session);
    ec_status status =
        ec_exec(session, "DELETE FROM settings WHERE name = ?", ec_args(ec_text(name)), &affected);
    if (status == EC_OK && value) {
        status = ec_exec(session, "INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)",
                         ec_args(ec_text(name), ec_text(value), ec_int(now)), NULL);
    }
    ec_facts_changed(session);
    if (status == EC_OK && strcmp(name, EC_SETTING_CLOCK) == 0) {
        status = ec_rules_changed(session);
    }
    return status;
}

/* ---- public ---- */

typedef struct setting_args {
    const char *name;
    const char *value;
} setting_args;

static ec_status check_name(ec_session *session, const char *name)
{
    size_t length = name ? strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") : 0;
    if (length == 0 || length > EC_SETTING_NAME_MAX || name[length] != '\0' || name[0] < 'a' ||
        name[0] > 'z') {
        return ec_fail_field(session, EC_INVALID, "name", "format",
                             "A setting's name is 1 to %d of a-z 0-9 _ . beginning with a letter.",
                             EC_SETTING_NAME_MAX);
    }
    return EC_OK;
}

static ec_status check_value(ec_session *session, const char *name, const char *value)
{
    const known_setting *known = setting_known(name);
    size_t length = value ? strnlen(value, EC_SETTING_VALUE_MAX + 1) : 0;
    int64_t number = 0;
    if (known && known->max == 0) {
        return ec_fail(session, EC_DENIED, "The setting %s belongs to the library.", name);
    }
    if (length > EC_SETTING_VALUE_MAX) {
        return ec_fail_field(session, EC_INVALID, "value", "max_length",
                             "A value has at most %d bytes.", EC_SETTING_VALUE_MAX);
    }
    if (value && ec_utf8_count(value, length) < 0) {
        return ec_fail_field(session, EC_INVALID, "value", "utf8", "The value is no UTF-8 text.");
    }
    if (known && value &&
        (ec_parse_int(value, &number) != EC_OK || number < known->min || number > known->max)) {
        return ec_fail_field(session, EC_INVALID, "value", "range",
                             "%s is a whole number from %lld to %lld.", name, (long long)known->min,
                             (long long)known->max);
    }
    return EC_OK;
}

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const setting_args *args = ctx;
    void *found = NULL;
    size_t count = 0;
    ec_status status = check_name(session, args->name);
    if (status == EC_OK) {
        status = ec_entity_select(session, &ec_setting_entity, "WHERE t.name = ?",
                                  ec_args(ec_text(args->name)), &found, &count);
    }
    if (status != EC_OK || count > 0) {
        *result = found;
        return status;
    }
    const known_setting *known = setting_known(args->name);
    if (!known || !known->initial) {
        return ec_fail(session, EC_NOT_FOUND, "There is no such setting.");
    }
    ec_setting *setting = ec_arena_alloc(ec_scratch(session), sizeof *setting);
    if (!setting) {
        return ec_fail_memory(session);
    }
    *setting = (ec_setting){.name = known->name, .value = known->initial};
    *result = setting;
    return EC_OK;
}

static ec_status set_run(ec_session *session, void *ctx, void **result)
{
    const setting_args *args = ctx;
    (void)result;
    ec_status status = check_name(session, args->name);
    if (status == EC_OK) {
        status = check_value(session, args->name, args->value);
    }
    return status == EC_OK ? ec_setting_store(session, args->name, args->value) : status;
}

static void set_fingerprint(const void *ctx, ec_json_writer *json)
{
    const setting_args *args = ctx;
    ec_json_array(json);
    ec_json_text(json, args->name);
    ec_json_text(json, args->value);
    ec_json_array_end(json);
}

/* Merge the stored ones, which are in the order of names, with the defaults. */
static size_t merge_defaults(const ec_setting *stored, size_t count, ec_setting *out)
{
    size_t at = 0;
    size_t filled = 0;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const known_setting *known = &known_settings[i];
        while (at < count && strcmp(stored[at].name, known->name) < 0) {
            out[filled++] = stored[at++];
        }
        bool is_set = at < count && strcmp(stored[at].name, known->name) == 0;
        if (!is_set && known->initial) {
            out[filled++] = (ec_setting){.name = known->name, .value = known->initial};
        }
    }
    while (at < count) {
        out[filled++] = stored[at++];
    }
    return filled;
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    void *stored = NULL;
    size_t count = 0;
    (void)ctx;
    ec_status status = ec_entity_select(session, &ec_setting_entity, "ORDER BY t.name", ec_no_args,
                                        &stored, &count);
    if (status != EC_OK) {
        return status;
    }
    ec_setting_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    ec_setting *items =
        ec_arena_array(ec_scratch(session), count + KNOWN_COUNT, sizeof(ec_setting));
    if (!list || !items) {
        return ec_fail_memory(session);
    }
    list->items = items;
    list->items_count = merge_defaults(stored, count, items);
    list->total = (int64_t)list->items_count;
    *result = list;
    return EC_OK;
}

ec_status ec_setting_get(ec_session *session, const char *name, ec_setting **out)
{
    static const ec_op op = {.name = "setting.get",
                             .permission = "setting.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_setting_entity,
                             .run = get_run};
    setting_args args = {.name = name};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_setting_set(ec_session *session, const char *name, const char *value)
{
    static const ec_op op = {.name = "setting.set",
                             .permission = "setting.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = set_run,
                             .fingerprint = set_fingerprint};
    setting_args args = {.name = name, .value = value};
    return ec_call(session, &op, &args, NULL);
}

ec_status ec_setting_find(ec_session *session, ec_setting_list **out)
{
    static const ec_op op = {.name = "setting.find",
                             .permission = "setting.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_setting_list_entity,
                             .run = find_run};
    return ec_call(session, &op, NULL, (void **)out);
}
