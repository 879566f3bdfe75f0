/* SPDX-License-Identifier: MIT */
/*
 * transfer.c - import and export. Neither writes over what it should keep: a report never goes into
 * the file that is read, and an export takes its name when it is whole.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define SHOWN_MAX 10 /* refused rows on a terminal */

/* What an import tells on its way. */
typedef struct importing {
    cli *c;
    FILE *report;
    FILE *refused; /* with --json: the elements of the array, until the counts are known */
    int64_t count;
    bool jsonl;
    ec_id list;         /* of prices; 0: a catalogue comes in */
    const char *unsold; /* the currency of the prices when nothing is sold in it */
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

static void csv_cell(FILE *to, const char *text, bool last)
{
    fputc('"', to);
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '"') fputc('"', to);
        fputc(*text, to);
    }
    fputs(last ? "\"\r\n" : "\",", to);
}

static void refuse_json(importing *i, const ec_refused_row *row)
{
    static const char *const names[] = {"column", "rule", "reason", "handle"};
    const char *const values[] = {row->column, row->rule, row->reason, row->handle};
    fprintf(i->refused, "%s{\"line\":%lld", i->count > 0 ? "," : "", (long long)row->line);
    for (size_t n = 0; n < 4; n++) {
        fprintf(i->refused, ",\"%s\":", names[n]);
        cli_json_string(i->refused, values[n]);
    }
    fputc('}', i->refused);
}

static void refuse(void *ctx, const ec_refused_row *row)
{
    importing *i = ctx;
    if (i->report != NULL) {
        fprintf(i->report, "%lld,", (long long)row->line);
        csv_cell(i->report, row->column, false);
        csv_cell(i->report, row->rule, false);
        csv_cell(i->report, row->reason, false);
        csv_cell(i->report, row->handle, true);
    }
    if (i->refused != NULL)
        refuse_json(i, row);
    else if (!i->c->tty || i->count < SHOWN_MAX)
        fprintf(stderr, "line %lld%s%s: %s\n", (long long)row->line,
                row->column != NULL ? ", " : "", row->column != NULL ? row->column : "",
                row->reason);
    i->count++;
}

static void announce(void *ctx, const char *action, const char *handle, const char *fields)
{
    importing *i = ctx;
    if (!i->c->json && !i->c->quiet) printf("%s %s %s\n", action, handle, fields);
}

static ec_status progress(void *ctx, const ec_import_counts *counts)
{
    importing *i = ctx;
    long long products =
        counts->products_created + counts->products_updated + counts->products_unchanged;
    if (i->c->tty && !i->c->quiet)
        fprintf(stderr, "\r%lld rows, %lld products", (long long)counts->rows, products);
    return EC_OK;
}

/* Print the elements that wait in the temporary file. false when not all of them are there. */
static bool print_refused(FILE *from)
{
    char part[4096];
    size_t got = 0;
    if (ferror(from) || fflush(from) != 0 || fseek(from, 0, SEEK_SET) != 0) return false;
    while ((got = fread(part, 1, sizeof(part), from)) > 0)
        fwrite(part, 1, got, stdout);
    return !ferror(from);
}

/* What JSON Lines have besides products. */
static void objects_json(const ec_import_counts *n)
{
    printf("\"objects\":{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld},",
           (long long)n->objects_created, (long long)n->objects_updated,
           (long long)n->objects_unchanged);
}

static bool summary_json(const importing *i, const ec_import_counts *n, bool dry)
{
    putchar('{');
    if (i->jsonl || i->list != 0) objects_json(n);
    if (i->list != 0)
        printf("\"rows\":%lld,\"dry_run\":%s,\"refused\":[", (long long)n->rows,
               dry ? "true" : "false");
    else
        printf("\"products\":{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld},"
               "\"variants\":{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld},"
               "\"rows\":%lld,\"dry_run\":%s,%s%s%s\"refused\":[",
               (long long)n->products_created, (long long)n->products_updated,
               (long long)n->products_unchanged, (long long)n->variants_created,
               (long long)n->variants_updated, (long long)n->variants_unchanged, (long long)n->rows,
               dry ? "true" : "false", i->unsold != NULL ? "\"unsold_currency\":\"" : "",
               i->unsold != NULL ? i->unsold : "", i->unsold != NULL ? "\"," : "");
    bool whole = print_refused(i->refused);
    if (whole) puts("]}");
    return whole;
}

static void summary(const importing *i, const ec_import_counts *n, bool dry)
{
    if (i->c->tty && !i->c->quiet) fputs("\r", stderr);
    if (i->c->tty && i->count > SHOWN_MAX)
        fprintf(stderr, "… and %lld more (%s)\n", (long long)i->count - SHOWN_MAX,
                i->report != NULL ? "see the report file" : "--report=FILE writes all of them");
    if (i->list != 0) {
        cli_say(i->c,
                "%s%lld prices created, %lld updated, %lld unchanged; %lld of %lld rows"
                " refused\n",
                dry ? "would be: " : "", (long long)n->objects_created,
                (long long)n->objects_updated, (long long)n->objects_unchanged,
                (long long)n->refused, (long long)n->rows);
        return;
    }
    if (i->jsonl)
        cli_say(i->c, "%sobjects: %lld created, %lld updated, %lld unchanged\n",
                dry ? "would be: " : "", (long long)n->objects_created,
                (long long)n->objects_updated, (long long)n->objects_unchanged);
    cli_say(i->c,
            "%sproducts: %lld created, %lld updated, %lld unchanged; variants: %lld created, %lld "
            "updated, %lld unchanged; %lld of %lld rows refused\n",
            dry ? "would be: " : "", (long long)n->products_created, (long long)n->products_updated,
            (long long)n->products_unchanged, (long long)n->variants_created,
            (long long)n->variants_updated, (long long)n->variants_unchanged, (long long)n->refused,
            (long long)n->rows);
}

/* Was there something to take in, and nothing of it was? */
static bool all_refused(const ec_import_counts *n, bool jsonl)
{
    int64_t products = n->products_created + n->products_updated + n->products_unchanged;
    int64_t variants = n->variants_created + n->variants_updated + n->variants_unchanged;
    if (jsonl) return n->refused > 0 && n->refused >= n->rows; /* it has other objects, too */
    return n->refused > 0 && products == 0 && variants == 0;
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

/* Prices in a currency that no channel sells in are kept and never charged: a slip, most likely. */
static ec_status look_at_currency(importing *i, const char *currency)
{
    ec_channel_list *list = NULL, *before = NULL;
    ec_page page = {.limit = EC_PAGE_SIZE_MAX};
    ec_status status = EC_OK;
    bool sold = currency == NULL;
    do {
        if (!sold) status = ec_channel_find(i->c->session, &page, &list);
        ec_free(before); /* had the cursor */
        before = list;
        page.cursor = NULL;
        for (size_t n = 0; status == EC_OK && list != NULL && n < list->items_count; n++)
            sold = sold ||
                   (list->items[n].is_active && strcmp(list->items[n].currency, currency) == 0);
        if (status == EC_OK && !sold && list != NULL) page.cursor = list->next_cursor;
        list = NULL;
    } while (page.cursor != NULL);
    ec_free(before);
    if (status != EC_OK || sold) return status;
    i->unsold = currency;
    if (!i->c->quiet)
        fprintf(stderr, "warning: no channel sells in %s, so nobody will see these prices\n",
                currency);
    return EC_OK;
}

static int import_stream(cli *c, FILE *from, importing *i)
{
    const char *file = c->arguments[c->count - 1];
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
    bool jsonl = i->jsonl = i->list == 0 && is_jsonl(c, file);
    ec_status status = look_at_currency(i, options.currency);
    if (status != EC_OK) return cli_fail(c, status);
    if (i->list != 0)
        status = ec_import_prices(c->session, i->list, &options, read_file, from, &counts);
    else
        status = jsonl ? ec_import_jsonl(c->session, &options, read_file, from, &counts)
                       : ec_import_shopify(c->session, &options, read_file, from, &counts);
    if (status != EC_OK) return cli_fail(c, status);
    int code = all_refused(counts, jsonl || i->list != 0) ? CLI_FAILED : CLI_OK;
    if (i->refused == NULL)
        summary(i, counts, dry);
    else if (!summary_json(i, counts, dry))
        code = cli_error(c, CLI_FAILED, "the refused rows (%lld) could not be kept",
                         (long long)i->count);
    ec_free(counts);
    return code;
}

/* A report into the file that is read would empty it before it is read. */
static bool is_input(FILE *from, const char *report)
{
    struct stat in, out;
    return fstat(fileno(from), &in) == 0 && stat(report, &out) == 0 && S_ISREG(out.st_mode) &&
           in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

static int open_outputs(importing *i, FILE *from, const char *report)
{
    if (report != NULL && is_input(from, report))
        return cli_error(i->c, CLI_USAGE, "--report: %s is the file that is read", report);
    if (i->c->json && (i->refused = tmpfile()) == NULL)
        return cli_errno(i->c, "the temporary file for refused rows");
    if (report == NULL) return CLI_OK;
    i->report = fopen(report, "wb");
    if (i->report == NULL) return cli_errno(i->c, report);
    fputs("line,column,rule,reason,handle\r\n", i->report);
    return CLI_OK;
}

static int close_report(const importing *i, const char *report, int code)
{
    if (i->report == NULL) return code;
    bool failed = ferror(i->report) != 0;
    if (fclose(i->report) == 0 && !failed) return code;
    return cli_errno(i->c, report);
}

static int import_file(cli *c, importing *i)
{
    const char *file = c->arguments[c->count - 1];
    const char *report = cli_value(c, "report");
    FILE *from = strcmp(file, "-") == 0 ? stdin : fopen(file, "rb");
    if (from == NULL) {
        cli_errno(c, file);
        return CLI_NOT_FOUND;
    }
    int code = open_outputs(i, from, report);
    if (code == CLI_OK) code = import_stream(c, from, i);
    if (from != stdin) fclose(from);
    if (i->refused != NULL) fclose(i->refused);
    return close_report(i, report, code);
}

int cli_import(cli *c)
{
    importing i = {.c = c};
    int code = format_error(c);
    return code == CLI_OK ? import_file(c, &i) : code;
}

/* The list that the first argument names; 0 (and a message) for none. */
static ec_id find_list(cli *c, int *code)
{
    ec_price_list *list = NULL;
    ec_status status = ec_price_list_by_code(c->session, c->arguments[0], &list);
    ec_id id = status == EC_OK ? list->id : 0;
    *code = status == EC_OK ? CLI_OK : cli_fail(c, status);
    ec_free(list);
    return id;
}

int cli_price_import(cli *c)
{
    int code = CLI_OK;
    importing i = {.c = c, .list = find_list(c, &code)};
    return code == CLI_OK ? import_file(c, &i) : code;
}

/* The name to write under until the file is whole; what is no file is written to as it is. */
static const char *passing_name(const char *file, char *name, size_t size)
{
    struct stat there;
    if (stat(file, &there) == 0 && !S_ISREG(there.st_mode)) return file;
    int length = snprintf(name, size, "%s.part", file);
    return length > 0 && (size_t)length < size ? name : NULL;
}

/* What is written. */
typedef struct exporting {
    const char *what; /* for the message */
    ec_id list;       /* of prices; or 0 */
    bool jsonl;
} exporting;

static int export_to(cli *c, FILE *to, const char *file, const exporting *e, int64_t *count)
{
    const char *entity = e->jsonl ? cli_value(c, "entity") : NULL;
    ec_status status = e->list != 0 ? ec_export_prices(c->session, e->list, write_file, to, count)
                       : e->jsonl   ? ec_export_jsonl(c->session, entity, write_file, to, count)
                                    : ec_export_shopify(c->session, write_file, to, count);
    if (status != EC_OK) return cli_fail(c, status);
    return fflush(to) == 0 && !ferror(to) ? CLI_OK : cli_errno(c, file);
}

static int export_file(cli *c, const char *file, const exporting *e)
{
    char part[4200];
    int64_t count = 0;
    if (strcmp(file, "-") == 0) return export_to(c, stdout, file, e, &count);
    const char *name = passing_name(file, part, sizeof(part));
    if (name == NULL) return cli_error(c, CLI_USAGE, "%s: the name is too long", file);
    FILE *to = fopen(name, "wb");
    if (to == NULL) return cli_errno(c, name);
    int code = export_to(c, to, file, e, &count);
    if (fclose(to) != 0 && code == CLI_OK) code = cli_errno(c, file);
    if (code == CLI_OK && name != file && rename(name, file) != 0) code = cli_errno(c, file);
    if (code != CLI_OK && name != file) unlink(name);
    if (code == CLI_OK) cli_say(c, "%lld %s written\n", (long long)count, e->what);
    return code;
}

int cli_export(cli *c)
{
    const char *file = c->count > 0 ? c->arguments[0] : "-";
    exporting e = {.jsonl = is_jsonl(c, file) || cli_value(c, "entity") != NULL};
    e.what = e.jsonl ? "objects" : "products";
    int code = format_error(c);
    return code == CLI_OK ? export_file(c, file, &e) : code;
}

int cli_price_export(cli *c)
{
    int code = CLI_OK;
    exporting e = {.what = "prices", .list = find_list(c, &code)};
    return code == CLI_OK ? export_file(c, c->count > 1 ? c->arguments[1] : "-", &e) : code;
}
