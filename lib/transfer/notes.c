/* SPDX-License-Identifier: MIT */
/*
 * notes.c - refused rows and changed products that wait until their batch is kept, then are told to
 * the caller in the order of the file.
 *
 * Rows are refused twice: while a batch is read, and while it is applied, which may happen more
 * than once. Both lists are merged by line. It refuses to keep more than a batch.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "transfer/import.h"
#include "transfer/notes.h"

static ec_import_told *note_add(ec_import_notes *notes, int64_t line, const char *handle)
{
    ec_import_told *told = ec_arena_alloc(&notes->arena, sizeof *told);
    if (told) {
        told->line = line;
        told->handle = ec_arena_strdup(&notes->arena, handle);
        if (notes->last) {
            notes->last->next = told;
        } else {
            notes->first = told;
        }
        notes->last = told;
        notes->count++;
    }
    return told;
}

void ec_import_refuse(ec_import *import, ec_import_notes *notes, int64_t line, const char *handle,
                      const char *column, const char *rule, const char *format, ...)
{
    char reason[512];
    va_list args;
    (void)import;
    va_start(args, format);
    int length = vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    notes->counts.refused++;
    ec_import_told *told = note_add(notes, line, handle);
    if (told && length >= 0) {
        told->column = ec_arena_strdup(&notes->arena, column);
        told->rule = rule;
        told->reason = ec_arena_strdup(&notes->arena, reason);
    }
}

void ec_import_changed(ec_import_notes *notes, int64_t line, const char *action, const char *handle,
                       const char *fields)
{
    ec_import_told *told = note_add(notes, line, handle);
    if (told) {
        told->action = action;
        told->column = ec_arena_strdup(&notes->arena, fields);
    }
}

void ec_import_notes_reset(ec_import_notes *notes)
{
    ec_arena_reset(&notes->arena);
    notes->first = NULL;
    notes->last = NULL;
    notes->count = 0;
    notes->counts = (ec_import_counts){0};
}

static int by_line(const void *a, const void *b)
{
    const ec_import_told *one = *(const ec_import_told *const *)a;
    const ec_import_told *two = *(const ec_import_told *const *)b;
    if (one->line != two->line) {
        return one->line < two->line ? -1 : 1;
    }
    return (one->action != NULL) - (two->action != NULL);
}

static void tell(const ec_import_options *options, const ec_import_told *told)
{
    if (told->action && options->change) {
        options->change(options->ctx, told->action, told->handle, told->column);
    }
    if (!told->action && options->refused) {
        options->refused(options->ctx, &(ec_refused_row){.line = told->line,
                                                         .column = told->column,
                                                         .rule = told->rule,
                                                         .reason = told->reason,
                                                         .handle = told->handle});
    }
}

ec_status ec_import_notes_tell(const ec_import_options *options, ec_arena *arena,
                               const ec_import_notes *early, const ec_import_notes *late)
{
    size_t count = 0;
    const ec_import_told **all =
        ec_arena_array(arena, early->count + late->count, sizeof(ec_import_told *));
    if (!all) {
        return EC_NO_MEMORY;
    }
    for (const ec_import_told *told = early->first; told; told = told->next) {
        all[count++] = told;
    }
    for (const ec_import_told *told = late->first; told; told = told->next) {
        all[count++] = told;
    }
    if (count > 1) {
        qsort(all, count, sizeof(ec_import_told *), by_line);
    }
    for (size_t i = 0; i < count; i++) {
        tell(options, all[i]);
    }
    return EC_OK;
}

void ec_import_counts_add(ec_import_counts *sum, const ec_import_counts *more)
{
    sum->rows += more->rows;
    sum->products_created += more->products_created;
    sum->products_updated += more->products_updated;
    sum->products_unchanged += more->products_unchanged;
    sum->variants_created += more->variants_created;
    sum->variants_updated += more->variants_updated;
    sum->variants_unchanged += more->variants_unchanged;
    sum->refused += more->refused;
    sum->objects_created += more->objects_created;
    sum->objects_updated += more->objects_updated;
    sum->objects_unchanged += more->objects_unchanged;
}
