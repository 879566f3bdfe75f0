/* SPDX-License-Identifier: MIT */
/*
 * import_jsonl.c - the loop of an import of JSON Lines: lines into batches, each batch into the
 * shop in one transaction, each line in an inner one.
 *
 * A line that is refused leaves nothing behind and does not stop the others. A dry run does all of
 * it and then takes the transaction back. It refuses a line only for what is wrong with the line:
 * when storage or memory fails, the import stops.
 */
#include <ecommerce/limits.h>

#include <string.h>

#include "transfer/jsonl_upsert.h"

#define BATCH_LINES 200
#define BATCH_BYTES (2u << 20)

typedef struct line_item {
    struct line_item *next;
    const char *text;
    size_t length;
    int64_t line;
} line_item;

typedef struct line_batch {
    ec_import *import;
    ec_line_manner manner;
    line_item *first, *last;
    size_t count, bytes;
} line_batch;

typedef struct line_work {
    const ec_line_manner *manner;
    const line_item *item;
    ec_line_outcome outcome;
} line_work;

/* ---- applying ---- */

static ec_status take_line(ec_session *session, void *ctx)
{
    line_work *work = ctx;
    ec_json *json = NULL;
    size_t offset = 0;
    const char *problem = NULL;
    work->outcome = (ec_line_outcome){0};
    ec_status status = ec_json_parse(ec_scratch(session), work->item->text, work->item->length,
                                     &json, &offset, &problem);
    if (status == EC_NO_MEMORY) {
        return ec_fail_memory(session);
    }
    if (status != EC_OK) {
        return ec_fail_field(session, EC_INVALID, "", "json", "%s (at byte %zu of the line)",
                             problem ? problem : "The line is no JSON.", offset);
    }
    return ec_line_upsert(session, json, work->manner, &work->outcome);
}

/* Is it the line's fault? */
static bool is_refusal(ec_status status)
{
    return status == EC_INVALID || status == EC_EXISTS || status == EC_NOT_FOUND ||
           status == EC_STATE || status == EC_LIMIT || status == EC_OVERFLOW || status == EC_IN_USE;
}

static void refuse_line(ec_session *session, ec_import *import, const line_work *work,
                        ec_status status)
{
    const ec_error *error = ec_session_error(session);
    const char *column = error->field && error->field[0] != '\0' ? error->field : NULL;
    const char *rule =
        error->rule ? ec_arena_strdup(&import->late.arena, error->rule) : ec_status_name(status);
    const char *reason = error->count > 0 ? error->items[0].message : error->message;
    ec_import_refuse(import, &import->late, work->item->line, work->outcome.key, column,
                     rule ? rule : "", "%s", reason);
}

static ec_status apply_line(ec_session *session, const line_batch *batch, const line_item *item)
{
    ec_import *import = batch->import;
    line_work work = {.manner = &batch->manner, .item = item};
    ec_status status = ec_inner(session, take_line, &work);
    if (is_refusal(status)) {
        refuse_line(session, import, &work, status);
        ec_forgive(session);
        return EC_OK;
    }
    if (status == EC_OK) {
        ec_import_counts_add(&import->late.counts, &work.outcome.counts);
        if (work.outcome.action) {
            ec_import_changed(&import->late, item->line, work.outcome.action, work.outcome.key,
                              work.outcome.fields);
        }
    }
    return status;
}

static ec_status apply_batch(ec_session *session, void *ctx)
{
    const line_batch *batch = ctx;
    ec_arena *arena = ec_scratch(session);
    ec_status status = EC_OK;
    for (const line_item *item = batch->first; status == EC_OK && item; item = item->next) {
        ec_arena_mark mark = ec_arena_save(arena);
        status = apply_line(session, batch, item);
        ec_arena_restore(arena, mark);
    }
    return status;
}

/* ---- reading ---- */

static ec_status flush(line_batch *batch, int64_t next, int64_t line)
{
    ec_status status = ec_import_flush(batch->import, apply_batch, batch, next, line);
    *batch = (line_batch){.import = batch->import, .manner = batch->manner};
    return status;
}

static ec_status add_line(line_batch *batch, const char *text, size_t length, int64_t line)
{
    ec_arena *arena = &batch->import->arena;
    line_item *item = ec_arena_alloc(arena, sizeof *item);
    char *copy = ec_arena_text(arena, text, length);
    if (!item || !copy) {
        return ec_import_fail(batch->import->session, EC_NO_MEMORY, NULL, NULL,
                              "Memory is exhausted.");
    }
    *item = (line_item){.text = copy, .length = length, .line = line};
    if (batch->last) {
        batch->last->next = item;
    } else {
        batch->first = item;
    }
    batch->last = item;
    batch->count++;
    batch->bytes += length;
    return EC_OK;
}

static bool is_blank(const char *text, size_t length)
{
    return strspn(text, " \t") == length;
}

static ec_status take_text(line_batch *batch, const ec_line_reader *reader, ec_status read,
                           const char *text, size_t length)
{
    ec_import *import = batch->import;
    if (reader->offset < import->resume_at || (read == EC_OK && is_blank(text, length))) {
        return EC_OK;
    }
    import->early.counts.rows++;
    if (read == EC_LIMIT) {
        ec_import_refuse(import, &import->early, reader->line, NULL, NULL, "max_length",
                         "The line is too long.");
        return EC_OK;
    }
    return add_line(batch, text, length, reader->line);
}

static ec_status take_lines(line_batch *batch, ec_line_reader *reader)
{
    ec_status status = EC_OK;
    while (status == EC_OK) {
        const char *text = NULL;
        size_t length = 0;
        ec_status read = ec_line_next(reader, &text, &length);
        if (read == EC_DONE) {
            return flush(batch, reader->end, reader->line);
        }
        if (read != EC_OK && (read != EC_LIMIT || batch->import->read_status != EC_OK)) {
            return ec_import_fail(batch->import->session, read, NULL, NULL,
                                  "The file cannot be read on.");
        }
        status = take_text(batch, reader, read, text, length);
        if (status == EC_OK && (batch->count >= BATCH_LINES || batch->bytes >= BATCH_BYTES ||
                                batch->import->early.count >= EC_IMPORT_TOLD_MAX)) {
            status = flush(batch, reader->end, reader->line);
        }
    }
    return status;
}

ec_status ec_import_jsonl(ec_session *session, const ec_import_options *options, ec_read_fn read,
                          void *read_ctx, ec_import_counts **out)
{
    ec_import import;
    if (out) {
        *out = NULL;
    }
    if (!session || !out) {
        return EC_MISUSE;
    }
    ec_status status = ec_import_begin(&import, session, options, "jsonl", read, read_ctx);
    if (status != EC_OK) {
        return status;
    }
    import.take_back = import.options.dry_run;
    ec_line_promises promises = {.platform = import.platform};
    line_batch batch = {.import = &import,
                        .manner = {.currency = import.currency,
                                   .keep_stock = import.options.keep_stock,
                                   .promises = import.options.dry_run ? &promises : NULL}};
    ec_line_reader reader = {.read = ec_import_read, .ctx = &import, .platform = import.platform};
    status = ec_import_start(&import);
    if (status == EC_OK) {
        status = take_lines(&batch, &reader);
    }
    ec_line_close(&reader);
    ec_line_promises_clear(&promises);
    return ec_import_end(&import, status, out);
}
