/* SPDX-License-Identifier: MIT */
/*
 * transfer.c - import and export.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What an import tells on its way. */
typedef struct importing {
    cli *c;
    FILE *report;
    char *refused; /* JSON array in the making; NULL once memory ran out */
    size_t length, room;
    size_t count;
} importing;

static ec_status read_file(void *ctx, char *buffer, size_t size, size_t *got)
{
    *got = fread(buffer, 1, size, ctx);
    return *got == 0 && ferror((FILE *)ctx) ? EC_IO : EC_OK;
}

static ec_status write_file(void *ctx, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, ctx) == count ? EC_OK : EC_IO;
}

static void append(importing *i, const char *text, size_t length)
{
    if (i->refused == NULL) return;
    if (i->length + length + 1 > i->room) {
        size_t room = (i->room + length) * 2;
        char *grown = realloc(i->refused, room);
        if (grown == NULL) {
            free(i->refused);
            i->refused = NULL;
            return;
        }
        i->refused = grown;
        i->room = room;
    }
    memcpy(i->refused + i->length, text, length);
    i->length += length;
    i->refused[i->length] = '\0';
}

static void append_string(importing *i, const char *text)
{
    append(i, "\"", 1);
    for (; *text != '\0'; text++) {
        char escaped[8];
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            snprintf(escaped, sizeof(escaped), "\\%c", byte);
        else if (byte < ' ')
            snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
        else
            snprintf(escaped, sizeof(escaped), "%c", byte);
        append(i, escaped, strlen(escaped));
    }
    append(i, "\"", 1);
}

static void csv_cell(FILE *to, const char *text, bool last)
{
    fputc('"', to);
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '"') fputc('"', to);
        fputc(*text, to);
    }
    fputs(last ? "\"\r\n" : "\",", to);
}

static void refuse(void *ctx, const ec_refused_row *row)
{
    importing *i = ctx;
    char line[32];
    if (i->report != NULL) {
        fprintf(i->report, "%lld,", (long long)row->line);
        csv_cell(i->report, row->column, false);
        csv_cell(i->report, row->rule, false);
        csv_cell(i->report, row->reason, false);
        csv_cell(i->report, row->handle, true);
    }
    if (!i->c->json) {
        fprintf(stderr, "line %lld%s%s: %s\n", (long long)row->line,
                row->column != NULL ? ", " : "", row->column != NULL ? row->column : "",
                row->reason);
        return;
    }
    snprintf(line, sizeof(line), "%lld", (long long)row->line);
    append(i, &",{\"line\":"[i->count == 0 ? 1 : 0], i -> count == 0 ? 8 : 9);
    i->count++;
    append(i, line, strlen(line));
    const char *const names[] = {",\"column\":", ",\"rule\":", ",\"reason\":", ",\"handle\":"};
    const char *const values[] = {row->column, row->rule, row->reason, row->handle};
    for (size_t n = 0; n < 4; n++) {
        append(i, names[n], strlen(names[n]));
        if (values[n] == NULL)
            append(i, "null", 4);
        else
            append_string(i, values[n]);
    }
    append(i, "}", 1);
}

static void announce(void *ctx, const char *action, const char *handle, const char *fields)
{
    importing *i = ctx;
    if (!i->c->json && !i->c->quiet) printf("%s %s %s\n", action, handle, fields);
}

static ec_status progress(void *ctx, const ec_import_counts *counts)
{
    importing *i = ctx;
    if (i->c->tty && !i->c->quiet)
        fprintf(stderr, "\r%lld rows, %lld products", (long long)counts->rows,
                (long long)(counts->products_created + counts->products_updated +
                            counts->products_unchanged));
    return EC_OK;
}

static void summary(const importing *i, const ec_import_counts *n, bool dry)
{
    if (i->c->json) {
        printf("{\"products\":{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld},"
               "\"variants\":{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld},"
               "\"rows\":%lld,\"dry_run\":%s,\"refused\":[%s]}\n",
               (long long)n->products_created, (long long)n->products_updated,
               (long long)n->products_unchanged, (long long)n->variants_created,
               (long long)n->variants_updated, (long long)n->variants_unchanged, (long long)n->rows,
               dry ? "true" : "false", i->refused != NULL ? i->refused : "");
        return;
    }
    if (i->c->tty && !i->c->quiet) fputs("\r", stderr);
    cli_say(i->c,
            "%sproducts: %lld created, %lld updated, %lld unchanged; variants: %lld created, %lld "
            "updated, %lld unchanged; %lld of %lld rows refused\n",
            dry ? "would be: " : "", (long long)n->products_created, (long long)n->products_updated,
            (long long)n->products_unchanged, (long long)n->variants_created,
            (long long)n->variants_updated, (long long)n->variants_unchanged, (long long)n->refused,
            (long long)n->rows);
}

/* shopify or jsonl: as asked, or by the end of the name. */
static bool is_jsonl(cli *c, const char *file)
{
    const char *format = cli_value(c, "format");
    size_t length = strlen(file);
    if (format != NULL) return strcmp(format, "jsonl") == 0;
    return length > 6 && strcmp(file + length - 6, ".jsonl") == 0;
}

static int format_error(cli *c)
{
    const char *format = cli_value(c, "format");
    if (format == NULL || strcmp(format, "jsonl") == 0 || strcmp(format, "shopify") == 0)
        return CLI_OK;
    return cli_error(c, CLI_USAGE, "--format is shopify or jsonl, not \"%s\"", format);
}

static int import_stream(cli *c, FILE *from, importing *i)
{
    const char *file = c->arguments[0];
    ec_import_counts *counts = NULL;
    bool dry = cli_value(c, "dry-run") != NULL;
    ec_import_options options = {
        .version = EC_IMPORT_OPTIONS_VERSION,
        .dry_run = dry,
        .resume = cli_value(c, "resume") != NULL,
        .keep_stock = cli_value(c, "keep-stock") != NULL,
        .source = file,
        .currency = cli_value(c, "prices"),
        .progress = progress,
        .refused = refuse,
        .change = dry ? announce : NULL,
        .ctx = i,
    };
    ec_status status = is_jsonl(c, file)
                           ? ec_import_jsonl(c->session, &options, read_file, from, &counts)
                           : ec_import_shopify(c->session, &options, read_file, from, &counts);
    if (status != EC_OK) return cli_fail(c, status);
    summary(i, counts, dry);
    ec_free(counts);
    return CLI_OK;
}

int cli_import(cli *c)
{
    const char *file = c->arguments[0];
    const char *report = cli_value(c, "report");
    importing i = {.c = c};
    int code = format_error(c);
    if (code != CLI_OK) return code;
    FILE *from = strcmp(file, "-") == 0 ? stdin : fopen(file, "rb");
    if (from == NULL) {
        cli_errno(c, file);
        return CLI_NOT_FOUND;
    }
    i.refused = calloc(1, 1);
    i.room = 1;
    if (report != NULL) {
        i.report = fopen(report, "wb");
        if (i.report == NULL) code = cli_errno(c, report);
        if (i.report != NULL) fputs("line,column,rule,reason,handle\r\n", i.report);
    }
    if (code == CLI_OK) code = import_stream(c, from, &i);
    if (from != stdin) fclose(from);
    if (i.report != NULL && fclose(i.report) != 0) code = cli_error(c, CLI_FAILED, "%s", report);
    free(i.refused);
    return code;
}

int cli_export(cli *c)
{
    const char *file = c->count > 0 ? c->arguments[0] : "-";
    const char *entity = cli_value(c, "entity");
    bool jsonl = is_jsonl(c, file) || entity != NULL;
    int64_t count = 0;
    int code = format_error(c);
    if (code != CLI_OK) return code;
    FILE *to = strcmp(file, "-") == 0 ? stdout : fopen(file, "wb");
    if (to == NULL) return cli_errno(c, file);
    ec_status status = jsonl ? ec_export_jsonl(c->session, entity, write_file, to, &count)
                             : ec_export_shopify(c->session, write_file, to, &count);
    bool written = to == stdout ? fflush(to) == 0 : fclose(to) == 0;
    if (status != EC_OK) return cli_fail(c, status);
    if (!written) return cli_errno(c, file);
    if (to != stdout)
        cli_say(c, "%lld %s written\n", (long long)count, jsonl ? "objects" : "products");
    return CLI_OK;
}
