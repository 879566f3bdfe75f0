/* SPDX-License-Identifier: MIT */
/*
 * error.c - the error of a session: one status, one line, and the fields that broke rules.
 *
 * Its texts lie in memory of their own, so they outlive the call's arena and its retries. When even
 * that memory is out, the constant message of EC_NO_MEMORY stands in. It refuses to be empty: a
 * status that nobody explained gets the sentence of the status list.
 */
#define EC_ERROR_IMPLEMENTATION
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/state.h"

static const char out_of_memory[] = "Out of memory.";

void ec_error_clear(ec_session *session)
{
    ec_arena_reset(&session->errors);
    session->error = (ec_error){.status = EC_OK, .message = ec_status_text(EC_OK)};
}

void ec_forgive(ec_session *session)
{
    ec_error_clear(session);
}

ec_status ec_fail_memory(ec_session *session)
{
    session->error = (ec_error){.status = EC_NO_MEMORY, .message = out_of_memory};
    return EC_NO_MEMORY;
}

/* The text in the error's memory, which is emptied for it; NULL when memory is out. The arguments
   may lie in the error that it replaces. */
__attribute__((format(printf, 2, 0))) static const char *error_text(ec_session *session,
                                                                    const char *format,
                                                                    va_list args)
{
    char small[512];
    char *text = small;
    const ec_platform *platform = &session->engine->platform;
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    if (length >= (int)sizeof small) {
        text = platform->resize(platform->ctx, NULL, (size_t)length + 1);
    }
    if (text && text != small) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    ec_error_clear(session);
    const char *kept =
        text && length >= 0 ? ec_arena_text(&session->errors, text, (size_t)length) : NULL;
    if (text && text != small) {
        platform->resize(platform->ctx, text, 0);
    }
    return kept;
}

ec_status ec_fail(ec_session *session, ec_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = error_text(session, format, args);
    va_end(args);
    if (!message) {
        return ec_fail_memory(session);
    }
    session->error = (ec_error){.status = status, .message = message};
    return status;
}

/* The field errors become the session's; they and the message lie in its error memory. */
static ec_status error_set(ec_session *session, ec_status status, const char *message,
                           const ec_field_error *items, size_t count)
{
    session->error = (ec_error){
        .status = status,
        .message = message,
        .field = items[0].field,
        .rule = items[0].rule,
        .count = count,
        .items = items,
    };
    return status;
}

ec_status ec_fail_field(ec_session *session, ec_status status, const char *field, const char *rule,
                        const char *format, ...)
{
    /* a field's name may lie in the error that is being replaced */
    char kept_field[256];
    char kept_rule[64];
    (void)snprintf(kept_field, sizeof kept_field, "%s", field);
    (void)snprintf(kept_rule, sizeof kept_rule, "%s", rule);
    va_list args;
    va_start(args, format);
    const char *message = error_text(session, format, args);
    va_end(args);
    ec_field_error *item = ec_arena_alloc(&session->errors, sizeof *item);
    const char *field_copy = ec_arena_strdup(&session->errors, kept_field);
    const char *rule_copy = ec_arena_strdup(&session->errors, kept_rule);
    if (!message || !item || !field_copy || !rule_copy) {
        return ec_fail_memory(session);
    }
    *item = (ec_field_error){.field = field_copy, .rule = rule_copy, .message = message};
    return error_set(session, status, message, item, 1);
}

ec_status ec_fail_check(ec_session *session, const ec_check *check)
{
    if (check->status == EC_OK) {
        return EC_OK;
    }
    if (check->status == EC_NO_MEMORY || check->count == 0) {
        return ec_fail_memory(session);
    }
    ec_error_clear(session);
    ec_arena *arena = &session->errors;
    ec_field_error *items = ec_arena_array(arena, check->count, sizeof *items);
    for (size_t i = 0; items && i < check->count; i++) {
        items[i].field = ec_arena_strdup(arena, check->errors[i].field);
        items[i].rule = ec_arena_strdup(arena, check->errors[i].rule);
        items[i].message = ec_arena_strdup(arena, check->errors[i].message);
    }
    if (!items || arena->failed) {
        return ec_fail_memory(session);
    }
    const char *message = items[0].message;
    if (check->count > 1) {
        message = ec_arena_printf(arena, "%s (and %zu more)", message, check->count - 1);
    }
    return message ? error_set(session, check->status, message, items, check->count)
                   : ec_fail_memory(session);
}

ec_status ec_error_settle(ec_session *session, ec_status status)
{
    if (status == EC_OK) {
        ec_error_clear(session);
    } else if (status == EC_NO_MEMORY) {
        (void)ec_fail_memory(session);
    } else if (session->error.status != status) {
        ec_arena_reset(&session->errors);
        session->error = (ec_error){.status = status, .message = ec_status_text(status)};
    }
    return status;
}

ec_status ec_fail_storage(ec_session *session, ec_status status, const ec_storage_error *error)
{
    if (status == EC_NO_MEMORY) {
        return ec_fail_memory(session);
    }
    if (status == EC_IO || status == EC_CORRUPT) {
        const ec_platform *platform = &session->engine->platform;
        platform->log(platform->ctx, EC_LOG_ERROR, error->message);
    }
    if (error->message[0] == '\0') {
        return ec_fail(session, status, "%s", ec_status_text(status));
    }
    return ec_fail(session, status, "The storage says: %s", error->message);
}

ec_status ec_input(ec_session *session, const ec_entity *entity, const void *object, ec_mask fields,
                   bool complete)
{
    if (!object) {
        return ec_fail(session, EC_MISUSE, "The %s is NULL.", entity->name);
    }
    ec_check check;
    ec_check_init(&check, &session->arena);
    ec_entity_check(entity, object, fields, complete, &check);
    return ec_fail_check(session, &check);
}
