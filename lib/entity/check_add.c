/* SPDX-License-Identifier: MIT */
/*
 * check_add.c - broken rules, collected in an arena.
 *
 * The path of a field is put together only when something is wrong, so that checking a good object
 * costs no memory. A field is reported once, with the first rule that it breaks: what follows is
 * mostly an echo (a number that could not be read is also missing).
 * It refuses more than EC_FIELD_ERRORS_MAX errors: an answer must stay short however bad the input.
 */
#include <ecommerce/limits.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "entity/entity.h"

#define EC_MESSAGE_MAX 512

void ec_check_init(ec_check *check, ec_arena *arena)
{
    *check = (ec_check){.arena = arena, .prefix = ""};
}

void ec_check_enter(ec_check *check, ec_path *frame, const char *name, size_t index)
{
    *frame = (ec_path){.parent = check->path, .name = name, .index = index};
    check->path = frame;
}

void ec_check_leave(ec_check *check)
{
    check->path = check->path->parent;
}

/* The path's text with a point behind it: "items[2].options."; NULL when memory is out. */
static const char *path_text(const ec_check *check, const ec_path *path)
{
    if (!path) {
        return check->prefix;
    }
    const char *outer = path_text(check, path->parent);
    if (!outer) {
        return NULL;
    }
    return path->index == EC_PATH_WHOLE
               ? ec_arena_printf(check->arena, "%s%s.", outer, path->name)
               : ec_arena_printf(check->arena, "%s%s[%zu].", outer, path->name, path->index);
}

/* The full name of a field of the object at the present path. */
static const char *field_text(const ec_check *check, const char *field)
{
    const char *path = path_text(check, check->path);
    if (!path || (field && *field)) {
        return path ? ec_arena_printf(check->arena, "%s%s", path, field) : NULL;
    }
    size_t length = strlen(path);
    return ec_arena_text(check->arena, path, length > 0 ? length - 1 : 0);
}

static bool has_error(const ec_check *check, const char *field)
{
    for (size_t at = 0; at < check->count; at++) {
        if (strcmp(check->errors[at].field, field) == 0) {
            return true;
        }
    }
    return false;
}

/* The place of the next error; NULL when memory is out. */
static ec_field_error *error_place(ec_check *check)
{
    if (check->count == check->capacity) {
        size_t capacity = check->capacity ? check->capacity * 2 : 8;
        ec_field_error *errors = ec_arena_array(check->arena, capacity, sizeof *errors);
        if (!errors) {
            return NULL;
        }
        if (check->count > 0) {
            memcpy(errors, check->errors, check->count * sizeof *errors);
        }
        check->errors = errors;
        check->capacity = capacity;
    }
    return &check->errors[check->count];
}

/* A message that was cut ends behind a whole character. */
static void trim_message(char *message, size_t length)
{
    while (length > 0 && ((unsigned char)message[length - 1] & 0xC0) == 0x80) {
        length--;
    }
    length -= length > 0 && (unsigned char)message[length - 1] >= 0xC0;
    message[length] = '\0';
}

void ec_check_add(ec_check *check, const char *field, const char *rule, const char *format, ...)
{
    char message[EC_MESSAGE_MAX];
    va_list args;
    if (check->status == EC_NO_MEMORY || check->count >= EC_FIELD_ERRORS_MAX) {
        return;
    }
    va_start(args, format);
    int length = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (length >= (int)sizeof message) {
        trim_message(message, sizeof message - 1);
    }
    ec_arena_mark mark = ec_arena_save(check->arena);
    const char *name = field_text(check, field);
    if (name && has_error(check, name)) {
        ec_arena_restore(check->arena, mark);
        return;
    }
    const char *text = name && length >= 0 ? ec_arena_strdup(check->arena, message) : NULL;
    ec_field_error *error = text ? error_place(check) : NULL;
    if (!error) {
        check->status = EC_NO_MEMORY;
        return;
    }
    *error = (ec_field_error){.field = name, .rule = rule, .message = text};
    check->count++;
    check->status = EC_INVALID;
}
