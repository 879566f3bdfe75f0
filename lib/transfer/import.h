/* SPDX-License-Identifier: MIT */
/*
 * import.h - what imports of every format share: the stream, the record of how far it has come,
 * one transaction per batch, and reports in the order of the file.
 *
 * An import is a loop of the format's own: it reads and checks records into the batch's arena, and
 * hands the batch to ec_import_flush, whose function may run more than once. Nothing is told to the
 * caller before its batch is kept.
 */
#ifndef EC_TRANSFER_IMPORT_H
#define EC_TRANSFER_IMPORT_H

#include <ecommerce/transfer.h>

#include "base/arena.h"
#include "base/hash.h"
#include "engine/call.h"
#include "engine/sql.h"

#define EC_IMPORT_HEAD_SIZE 65536u /* bytes that tell one file from another */
#define EC_IMPORT_TOLD_MAX 1000u   /* refused rows that end a batch */
#define EC_IMPORT_EARLY_MAX 2000u  /* those that are told without waiting for it */

/* A refused row or a changed product that waits to be told. */
typedef struct ec_import_told {
    struct ec_import_told *next;
    int64_t line;
    const char *action; /* of a change: "create" or "update"; NULL: refused */
    const char *column; /* or the fields of a change */
    const char *rule;
    const char *reason;
    const char *handle;
} ec_import_told;

typedef struct ec_import_notes {
    ec_arena arena;
    ec_import_told *first, *last;
    size_t count;
    ec_import_counts counts; /* what these notes add */
} ec_import_notes;

typedef struct ec_import {
    ec_session *session;
    const ec_platform *platform;
    const char *kind; /* "shopify", "jsonl" */
    ec_import_options options;
    ec_read_fn read;
    void *read_ctx;
    char currency[4];
    ec_id warehouse_id;
    bool take_back; /* a dry run writes and takes its transaction back */

    char *head; /* the beginning of the file, read ahead */
    size_t head_length, head_at;
    bool at_end;
    ec_status read_status;
    char checksum[EC_SHA256_HEX];

    ec_id record; /* of the table imports; 0 in a dry run */
    int64_t record_version;
    int64_t resume_at; /* byte where the first record lies that is not done */

    ec_arena arena;          /* what the batch is made of; emptied by ec_import_flush */
    ec_import_notes early;   /* of reading the batch */
    ec_import_notes late;    /* of applying it; begun anew by every run */
    ec_import_counts counts; /* of the batches that are kept */
} ec_import;

/* Check the options and read the head of the file. On failure there is nothing to end. */
ec_status ec_import_begin(ec_import *import, ec_session *session, const ec_import_options *options,
                          const char *kind, ec_read_fn read, void *read_ctx);
/* The file has the right form: make or find the record. */
ec_status ec_import_start(ec_import *import);
/* The stream from its first byte on, as ec_csv_read_fn. ctx: the import. */
ec_status ec_import_read(void *ctx, char *buffer, size_t size, size_t *got);

typedef ec_status (*ec_import_apply_fn)(ec_session *session, void *ctx);
/*
 * Apply a batch in one transaction (a dry run: in a snapshot; import->options.dry_run tells the
 * function), remember that everything before byte next and line is done, tell the caller, and
 * empty the batch. EC_CANCELLED when the caller's progress function says so.
 */
ec_status ec_import_flush(ec_import *import, ec_import_apply_fn apply, void *ctx, int64_t next,
                          int64_t line);
/* Tell what reading found so far, when it is much; what it counts stays with the batch. */
ec_status ec_import_tell(ec_import *import);
/* Release everything; with EC_OK mark the record as done and hand out the counts. Returns status,
   or why ending failed. */
ec_status ec_import_end(ec_import *import, ec_status status, ec_import_counts **out);

/* Where quantities of the session's channel lie: its first active warehouse; 0: there is none. */
ec_status ec_import_warehouse(ec_session *session, ec_id *id);

/* All figures but bytes. */
void ec_import_counts_add(ec_import_counts *sum, const ec_import_counts *more);

/* Note a refused row. column and rule are constants or live as long as the batch; handle is
   copied. */
__attribute__((format(printf, 7, 8))) void ec_import_refuse(ec_import *import,
                                                            ec_import_notes *notes, int64_t line,
                                                            const char *handle, const char *column,
                                                            const char *rule, const char *format,
                                                            ...);
/* Note a product that changes. */
void ec_import_changed(ec_import_notes *notes, int64_t line, const char *action, const char *handle,
                       const char *fields);
/* Leave an error on the session outside of a call, and return its status. */
ec_status ec_import_fail(ec_session *session, ec_status status, const char *field, const char *rule,
                         const char *message);

#endif
