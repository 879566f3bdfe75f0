/* SPDX-License-Identifier: MIT */
/*
 * backup.c - copies of a shop, and the proof of a copy.
 *
 * How a consistent copy is made while others write is the storage's affair. It refuses to copy
 * inside a transaction, where the copy could not hold what the transaction did.
 */
#include <ecommerce/backup.h>

#include <string.h>

#include "engine/state.h"

#define EC_PATH_MAX 4096
#define EC_URI_MAX (3 * EC_PATH_MAX + 64) /* each byte may become three */

/* May the session do this, and is it outside of calls and transactions? */
static ec_status may_copy(ec_session *session, const char *path)
{
    if (ec_session_actor(session) != EC_ACTOR_SYSTEM)
        return ec_fail(session, EC_DENIED, "Only the system copies a shop.");
    if (session->conn)
        return ec_fail(session, EC_STATE, "A shop is not copied inside a transaction.");
    if (!path) return ec_fail(session, EC_MISUSE, "The path is NULL.");
    if (path[0] == '\0')
        return ec_fail_field(session, EC_INVALID, "path", "required", "The path is empty.");
    return EC_OK;
}

static ec_status copy_shop(ec_session *session, const char *path)
{
    ec_storage *storage = session->engine->storage;
    ec_storage_error error = {0};
    ec_status status = may_copy(session, path);
    if (status != EC_OK) return status;
    if (!storage->ops->backup)
        return ec_fail(session, EC_UNSUPPORTED, "This storage makes no copies.");
    status = storage->ops->backup(storage, path, &error);
    if (status == EC_INVALID || status == EC_LIMIT)
        return ec_fail_field(session, EC_INVALID, "path", "path", "The storage says: %s",
                             error.message);
    return status == EC_OK ? EC_OK : ec_fail_storage(session, status, &error);
}

ec_status ec_backup(ec_session *session, const char *path)
{
    bool outer = false;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) return status;
    status = ec_error_settle(session, copy_shop(session, path));
    ec_leave(session, outer);
    return status;
}

/* ---- the proof of a copy ---- */

/* "sqlite:<path>", with what a URI reads otherwise written as %xx. */
static const char *uri_of(ec_session *session, const char *path)
{
    ec_buf buf;
    ec_buf_init(&buf, ec_session_platform(session), EC_URI_MAX);
    ec_buf_puts(&buf, session->engine->storage->ops->name);
    while (path[0] == '/' && path[1] == '/')
        path++; /* two would name a host */
    ec_buf_puts(&buf, path[0] == '/' ? ":" : ":./");
    for (const char *c = path; *c; c++)
        if (*c == '?' || *c == '%' || *c == '#')
            ec_buf_printf(&buf, "%%%02X", (unsigned)(unsigned char)*c);
        else
            ec_buf_putc(&buf, *c);
    const char *uri =
        buf.status == EC_OK ? ec_arena_strdup(ec_scratch(session), ec_buf_text(&buf)) : NULL;
    ec_buf_clear(&buf);
    return uri;
}

static ec_status verify_engine(ec_session *session, ec_engine *copy, ec_verify_report **out)
{
    ec_session *inside = NULL;
    ec_status status = ec_session_open(copy, NULL, &inside);
    if (status != EC_OK) return ec_fail(session, status, "The copy cannot be worked with.");
    status = ec_verify(inside, NULL, out);
    if (status != EC_OK) (void)ec_fail(session, status, "%s", ec_session_error(inside)->message);
    ec_session_close(inside);
    return status;
}

static ec_status verify_copy(ec_session *session, const char *path, ec_verify_report **out)
{
    char message[EC_STORAGE_MESSAGE_MAX] = "";
    ec_engine *copy = NULL;
    ec_status status = may_copy(session, path);
    if (status != EC_OK) return status;
    if (!out) return ec_fail(session, EC_MISUSE, "The report has no place.");
    if (strnlen(path, EC_PATH_MAX + 1) > EC_PATH_MAX)
        return ec_fail_field(session, EC_INVALID, "path", "max_length",
                             "A path has at most %d bytes.", EC_PATH_MAX);
    const char *uri = uri_of(session, path);
    if (!uri) return ec_fail_memory(session);
    ec_options options = EC_OPTIONS_INIT;
    options.read_only = true;
    options.must_exist = true;
    options.platform = ec_session_platform(session);
    options.message = message;
    options.message_size = sizeof(message);
    status = ec_open(uri, &options, &copy);
    if (status != EC_OK)
        return ec_fail(session, status, "The copy cannot be opened: %s",
                       message[0] != '\0' ? message : ec_status_text(status));
    status = verify_engine(session, copy, out);
    (void)ec_close(copy);
    return status;
}

ec_status ec_backup_verify(ec_session *session, const char *path, ec_verify_report **out)
{
    bool outer = false;
    if (out) *out = NULL;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) return status;
    ec_arena_mark mark = ec_arena_save(&session->arena);
    status = ec_error_settle(session, verify_copy(session, path, out));
    ec_arena_restore(&session->arena, mark);
    ec_leave(session, outer);
    return status;
}
