/* SPDX-License-Identifier: MIT */
/*
 * import.c - the frame of an import: its stream, its record, its batches.
 *
 * The record in the table imports says how far the file has been taken over; it is written in the
 * transaction of each batch, so it never lies. A later import with `resume` finds it by the format,
 * the source and a digest of the file's head, and passes over what is done. Two imports cannot go
 * on from one record: its version is checked. It refuses to tell anything before it is kept.
 */
#include "transfer/import.h"

#include <ecommerce/money.h>

#include <stddef.h>
#include <string.h>

#include "base/block.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "transfer/notes.h"

/* ---- errors outside of calls ---- */

typedef struct fail_args {
    ec_status status;
    const char *field, *rule, *message;
} fail_args;

static ec_status run_fail(ec_session *session, void *args, void **result)
{
    const fail_args *fail = args;
    (void)result;
    if (fail->field) {
        return ec_fail_field(session, fail->status, fail->field, fail->rule, "%s", fail->message);
    }
    return ec_fail(session, fail->status, "%s", fail->message);
}

ec_status ec_import_fail(ec_session *session, ec_status status, const char *field, const char *rule,
                         const char *message)
{
    static const ec_op op = {.name = "import.fail",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .run = run_fail,
                             .any_schema = true};
    fail_args args = {status, field, rule, message};
    return ec_call(session, &op, &args, NULL);
}

/* ---- the stream ---- */

static ec_status read_head(ec_import *import)
{
    import->head = import->platform->resize(import->platform->ctx, NULL, EC_IMPORT_HEAD_SIZE);
    if (!import->head) {
        return EC_NO_MEMORY;
    }
    while (import->head_length < EC_IMPORT_HEAD_SIZE && !import->at_end) {
        size_t got = 0;
        size_t room = EC_IMPORT_HEAD_SIZE - import->head_length;
        ec_status status =
            import->read(import->read_ctx, import->head + import->head_length, room, &got);
        if (status != EC_OK || got > room) {
            return status != EC_OK ? status : EC_IO;
        }
        import->at_end = got == 0;
        import->head_length += got;
    }
    ec_sha256_hex(import->head, import->head_length, import->checksum);
    return EC_OK;
}

ec_status ec_import_read(void *ctx, char *buffer, size_t size, size_t *got)
{
    ec_import *import = ctx;
    size_t left = import->head_length - import->head_at;
    *got = 0;
    if (left > 0) {
        *got = left < size ? left : size;
        memcpy(buffer, import->head + import->head_at, *got);
        import->head_at += *got;
        return EC_OK;
    }
    if (import->at_end) {
        return EC_OK;
    }
    ec_status status = import->read(import->read_ctx, buffer, size, got);
    if (status == EC_OK && *got > size) {
        status = EC_IO;
    }
    import->at_end = status == EC_OK && *got == 0;
    import->read_status = status;
    return status;
}

/* ---- the record ---- */

static const struct {
    const char *name;
    size_t offset;
} figures[] = {
    {"rows", offsetof(ec_import_counts, rows)},
    {"bytes", offsetof(ec_import_counts, bytes)},
    {"products_created", offsetof(ec_import_counts, products_created)},
    {"products_updated", offsetof(ec_import_counts, products_updated)},
    {"products_unchanged", offsetof(ec_import_counts, products_unchanged)},
    {"variants_created", offsetof(ec_import_counts, variants_created)},
    {"variants_updated", offsetof(ec_import_counts, variants_updated)},
    {"variants_unchanged", offsetof(ec_import_counts, variants_unchanged)},
    {"refused", offsetof(ec_import_counts, refused)},
    {"objects_created", offsetof(ec_import_counts, objects_created)},
    {"objects_updated", offsetof(ec_import_counts, objects_updated)},
    {"objects_unchanged", offsetof(ec_import_counts, objects_unchanged)},
};
#define FIGURES (sizeof figures / sizeof figures[0])

static int64_t *figure(ec_import_counts *counts, size_t i)
{
    return (int64_t *)(void *)((char *)counts + figures[i].offset);
}

static const char *progress_text(ec_session *session, ec_import_counts counts)
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, ec_session_platform(session), 4096);
    ec_json_begin(&json, &buf);
    ec_json_object(&json);
    for (size_t i = 0; i < FIGURES; i++) {
        ec_json_key(&json, figures[i].name);
        ec_json_int(&json, *figure(&counts, i));
    }
    ec_json_object_end(&json);
    const char *text = NULL;
    if (buf.status == EC_OK) {
        text = ec_arena_text(ec_scratch(session), ec_buf_text(&buf), buf.length);
    }
    ec_buf_clear(&buf);
    return text;
}

static void progress_read(ec_session *session, const char *text, ec_import_counts *counts)
{
    ec_json *json = NULL;
    *counts = (ec_import_counts){0};
    if (!text ||
        ec_json_parse(ec_scratch(session), text, strlen(text), &json, NULL, NULL) != EC_OK) {
        return;
    }
    for (size_t i = 0; json->type == EC_JSON_OBJECT && i < FIGURES; i++) {
        const ec_json *value = ec_json_member(json, figures[i].name);
        if (value && value->type == EC_JSON_NUMBER) {
            (void)ec_parse_int(value->text, figure(counts, i));
        }
    }
}

static const char *source_of(const ec_import *import)
{
    return import->options.source ? import->options.source : "";
}

static ec_status record_find(ec_session *session, ec_import *import)
{
    ec_stmt *stmt;
    ec_status status = ec_query(
        session,
        "SELECT id, version, byte_offset, progress FROM imports"
        " WHERE checksum = ? AND kind = ? AND source = ? AND status <> 'done'"
        " ORDER BY id DESC LIMIT 1",
        ec_args(ec_text(import->checksum), ec_text(import->kind), ec_text(source_of(import))),
        &stmt);
    if (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        import->record = ec_col_int(stmt, 0);
        import->record_version = ec_col_int(stmt, 1);
        import->resume_at = ec_col_int(stmt, 2);
        progress_read(session, ec_col_text(session, stmt, 3), &import->counts);
        ec_done(session, stmt);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status record_make(ec_session *session, ec_import *import)
{
    ec_time now = ec_now(session);
    import->record_version = 1;
    return ec_insert_row(session,
                         "INSERT INTO imports (kind, source, checksum, status, byte_offset, line,"
                         " progress, version, created_at, updated_at)"
                         " VALUES (?, ?, ?, 'running', 0, 0, NULL, 1, ?, ?)",
                         ec_args(ec_text(import->kind), ec_text(source_of(import)),
                                 ec_text(import->checksum), ec_int(now), ec_int(now)),
                         &import->record);
}

static ec_status record_update(ec_session *session, const ec_import *import, const char *state,
                               int64_t next, int64_t line, const ec_import_counts *counts)
{
    int64_t affected = 0;
    ec_status status =
        ec_exec(session,
                "UPDATE imports SET status = ?, byte_offset = ?, line = ?, progress = ?,"
                " version = version + 1, updated_at = ? WHERE id = ? AND version = ?",
                ec_args(ec_text(state), ec_int(next), ec_int(line),
                        ec_text(progress_text(session, *counts)), ec_int(ec_now(session)),
                        ec_int(import->record), ec_int(import->record_version)),
                &affected);
    if (status == EC_OK && affected == 0) {
        status = ec_fail(session, EC_STALE, "Another import has gone on with this file.");
    }
    return status;
}

/* ---- the beginning ---- */

/* 0 and EC_OK where a query finds no row. */
static ec_status look_up(ec_session *session, const char *sql, ec_id of, ec_id *id)
{
    *id = 0;
    ec_status status = ec_query_int(session, sql, ec_args(ec_int(of)), id);
    if (status == EC_NOT_FOUND) {
        ec_forgive(session);
        return EC_OK;
    }
    return status;
}

ec_status ec_import_warehouse(ec_session *session, ec_id *id)
{
    ec_status status = look_up(session,
                               "SELECT w.id FROM channel_warehouses c JOIN warehouses w"
                               " ON w.id = c.warehouse_id WHERE c.channel_id = ? AND"
                               " w.is_active = 1 ORDER BY c.priority, w.id LIMIT 1",
                               ec_session_channel(session), id);
    if (status == EC_OK && *id == 0) {
        status = look_up(session,
                         "SELECT id FROM warehouses WHERE is_active = ? ORDER BY priority, id"
                         " LIMIT 1",
                         1, id);
    }
    return status;
}

static ec_status find_warehouse(ec_session *session, ec_import *import)
{
    ec_id wanted = import->options.warehouse_id;
    if (wanted == 0) {
        return ec_import_warehouse(session, &import->warehouse_id);
    }
    ec_status status =
        look_up(session, "SELECT id FROM warehouses WHERE id = ?", wanted, &import->warehouse_id);
    if (status == EC_OK && import->warehouse_id == 0) {
        return ec_fail_field(session, EC_INVALID, "warehouse_id", "unknown",
                             "There is no such warehouse.");
    }
    return status;
}

static ec_status check_options(ec_session *session, const ec_import *import)
{
    const ec_import_options *options = &import->options;
    if (options->version != 0 && options->version != EC_IMPORT_OPTIONS_VERSION) {
        return ec_fail(session, EC_MISUSE, "The import's options have an unknown version.");
    }
    if (!import->read) {
        return ec_fail(session, EC_MISUSE, "The import was given nothing to read from.");
    }
    if (options->currency && !ec_currency_find(options->currency)) {
        return ec_fail_field(session, EC_INVALID, "currency", "currency",
                             "A currency code of ISO 4217 is needed, such as CLP.");
    }
    int64_t length = options->source ? ec_utf8_count(options->source, strlen(options->source)) : 0;
    if (length < 0 || length > 255) {
        return ec_fail_field(session, EC_INVALID, "source", length < 0 ? "utf8" : "max_length",
                             "The source needs up to 255 characters of UTF-8.");
    }
    return EC_OK;
}

static ec_status run_check(ec_session *session, void *args, void **result)
{
    ec_import *import = args;
    int64_t found = 0;
    (void)result;
    ec_status status = check_options(session, import);
    if (status == EC_OK) {
        const char *currency = import->options.currency ? import->options.currency
                                                        : ec_session_facts(session)->currency;
        memcpy(import->currency, currency, 4);
        status = find_warehouse(session, import);
    }
    if (status == EC_OK && import->options.category_id != 0) {
        status = look_up(session, "SELECT id FROM categories WHERE id = ?",
                         import->options.category_id, &found);
        if (status == EC_OK && found == 0) {
            return ec_fail_field(session, EC_INVALID, "category_id", "unknown",
                                 "There is no such category.");
        }
    }
    return status;
}

static ec_status run_begin(ec_session *session, void *args, void **result)
{
    ec_import *import = args;
    (void)result;
    import->record = 0;
    import->resume_at = 0;
    import->counts = (ec_import_counts){0};
    ec_status status = import->options.resume ? record_find(session, import) : EC_OK;
    if (status == EC_OK && import->record == 0 && !import->options.dry_run) {
        status = record_make(session, import);
    }
    return status;
}

static const ec_op op_check = {.name = "import.check",
                               .permission = "catalog.write",
                               .access = EC_ACCESS_STAFF,
                               .mode = EC_READ,
                               .run = run_check};
static const ec_op op_begin = {.name = "import.begin",
                               .permission = "catalog.write",
                               .access = EC_ACCESS_STAFF,
                               .mode = EC_WRITE,
                               .run = run_begin};
static const ec_op op_begin_dry = {.name = "import.plan",
                                   .permission = "catalog.write",
                                   .access = EC_ACCESS_STAFF,
                                   .mode = EC_READ,
                                   .run = run_begin};

static void release(ec_import *import)
{
    ec_arena_clear(&import->arena);
    ec_arena_clear(&import->early.arena);
    ec_arena_clear(&import->late.arena);
    if (import->head) {
        import->platform->resize(import->platform->ctx, import->head, 0);
        import->head = NULL;
    }
}

ec_status ec_import_begin(ec_import *import, ec_session *session, const ec_import_options *options,
                          const char *kind, ec_read_fn read, void *read_ctx)
{
    *import = (ec_import){.session = session, .kind = kind, .read = read, .read_ctx = read_ctx};
    if (options) {
        import->options = *options;
    }
    ec_status status = ec_call(session, &op_check, import, NULL);
    if (status != EC_OK) {
        return status;
    }
    import->platform = ec_session_platform(session);
    ec_arena_init(&import->arena, import->platform);
    ec_arena_init(&import->early.arena, import->platform);
    ec_arena_init(&import->late.arena, import->platform);
    status = read_head(import);
    if (status != EC_OK) {
        release(import);
        return ec_import_fail(session, status, NULL, NULL, "The file cannot be read.");
    }
    return EC_OK;
}

ec_status ec_import_start(ec_import *import)
{
    const ec_op *op = import->options.dry_run ? &op_begin_dry : &op_begin;
    return ec_call(import->session, op, import, NULL);
}

/* ---- a batch ---- */

typedef struct batch_args {
    ec_import *import;
    ec_import_apply_fn apply;
    void *ctx;
    int64_t next, line;
    bool taken_back; /* all went well, and the transaction was taken back */
} batch_args;

static ec_import_counts counts_after(const ec_import *import, int64_t next)
{
    ec_import_counts counts = import->counts;
    ec_import_counts_add(&counts, &import->early.counts);
    ec_import_counts_add(&counts, &import->late.counts);
    counts.bytes = next;
    return counts;
}

static ec_status run_batch(ec_session *session, void *args, void **result)
{
    batch_args *batch = args;
    ec_import *import = batch->import;
    (void)result;
    ec_import_notes_reset(&import->late);
    batch->taken_back = false;
    ec_status status = batch->apply(session, batch->ctx);
    if (status == EC_OK && import->late.arena.failed) {
        status = ec_fail_memory(session);
    }
    if (status == EC_OK && !import->options.dry_run) {
        ec_import_counts counts = counts_after(import, batch->next);
        status = record_update(session, import, "running", batch->next, batch->line, &counts);
    }
    if (status == EC_OK && import->take_back) {
        batch->taken_back = true;
        return ec_fail(session, EC_CANCELLED, "A dry run keeps nothing.");
    }
    return status;
}

static const ec_op op_batch = {.name = "import.batch",
                               .permission = "catalog.write",
                               .access = EC_ACCESS_STAFF,
                               .mode = EC_WRITE,
                               .run = run_batch};
static const ec_op op_batch_dry = {.name = "import.batch",
                                   .permission = "catalog.write",
                                   .access = EC_ACCESS_STAFF,
                                   .mode = EC_READ,
                                   .run = run_batch};

static ec_status run_nothing(ec_session *session, void *args, void **result)
{
    (void)session;
    (void)args;
    (void)result;
    return EC_OK;
}

/* That a dry run was taken back is no error. */
static ec_status forget(ec_session *session)
{
    static const ec_op op = {.name = "import.forget",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .run = run_nothing};
    return ec_call(session, &op, NULL, NULL);
}

ec_status ec_import_flush(ec_import *import, ec_import_apply_fn apply, void *ctx, int64_t next,
                          int64_t line)
{
    batch_args args = {import, apply, ctx, next, line, false};
    ec_status status;
    if (import->arena.failed || import->early.arena.failed) {
        status = ec_import_fail(import->session, EC_NO_MEMORY, NULL, NULL, "Memory is exhausted.");
    } else {
        bool reads = import->options.dry_run && !import->take_back;
        status = ec_call(import->session, reads ? &op_batch_dry : &op_batch, &args, NULL);
        if (args.taken_back) {
            status = forget(import->session);
        }
    }
    if (status == EC_OK) {
        import->record_version += !import->options.dry_run;
        import->counts = counts_after(import, next);
        status =
            ec_import_notes_tell(&import->options, &import->arena, &import->early, &import->late);
    }
    ec_arena_reset(&import->arena);
    ec_import_notes_reset(&import->early);
    ec_import_notes_reset(&import->late);
    if (status == EC_OK && import->options.progress &&
        import->options.progress(import->options.ctx, &import->counts) != EC_OK) {
        status = ec_import_fail(import->session, EC_CANCELLED, NULL, NULL,
                                "The import was stopped; what is done is kept.");
    }
    return status;
}

ec_status ec_import_tell(ec_import *import)
{
    static const ec_import_notes none = {0};
    ec_import_counts counts = import->early.counts;
    ec_arena_mark mark = ec_arena_save(&import->arena);
    ec_status status =
        ec_import_notes_tell(&import->options, &import->arena, &import->early, &none);
    ec_arena_restore(&import->arena, mark);
    ec_import_notes_reset(&import->early);
    import->early.counts = counts;
    return status == EC_OK
               ? EC_OK
               : ec_import_fail(import->session, status, NULL, NULL, "Memory is exhausted.");
}

/* ---- the end ---- */

static ec_status run_end(ec_session *session, void *args, void **result)
{
    ec_import *import = args;
    (void)result;
    return record_update(session, import, "done", import->counts.bytes, import->counts.rows,
                         &import->counts);
}

ec_status ec_import_end(ec_import *import, ec_status status, ec_import_counts **out)
{
    static const ec_op op = {.name = "import.end",
                             .permission = "catalog.write",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_WRITE,
                             .run = run_end};
    if (status == EC_OK && !import->options.dry_run) {
        status = ec_call(import->session, &op, import, NULL);
    }
    if (status == EC_OK) {
        ec_import_counts *block = ec_block_alloc(import->platform, sizeof *block);
        if (block) {
            *block = import->counts;
            *out = block;
        } else {
            status =
                ec_import_fail(import->session, EC_NO_MEMORY, NULL, NULL, "Memory is exhausted.");
        }
    }
    release(import);
    return status;
}
