/* SPDX-License-Identifier: MIT */
/*
 * shipping_table.c - a table of rates as a spreadsheet has it becomes ways to ship.
 *
 * Columns: country, region, zip, order_subtotal (or weight in grams, or items), price; "*" is
 * anywhere. Each place becomes one method with a table of steps; a place inside another one is left
 * out of the bigger one's conditions, so that exactly one method fits. What was taken in before is
 * changed. It refuses a file with a broken row, as a whole.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { ROWS_MAX = 2000, CELL_MAX = 32, TEXT_MAX = 4000 };

/* One row: a step of a place. */
typedef struct row {
    char country[CELL_MAX], region[CELL_MAX], zip[CELL_MAX];
    char from[CELL_MAX], price[CELL_MAX];
    bool taken; /* into a method */
} row;

typedef struct table {
    const char *calculator; /* by_total, by_weight or by_units */
    const char *currency;
    row *rows;
    size_t count;
} table;

/* Text that grows up to a limit. */
typedef struct text {
    char at[TEXT_MAX + 1];
    size_t length;
    bool full;
} text;

__attribute__((format(printf, 2, 3))) static void put(text *to, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof(to->at) - to->length;
    va_start(arguments, format);
    int length = vsnprintf(to->at + to->length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room)
        to->full = true;
    else
        to->length += (size_t)length;
}

/* ---- reading ---- */

static bool is_any(const char *cell)
{
    return cell[0] == '\0' || strcmp(cell, "*") == 0;
}

/* Words go into conditions, so they are letters, digits and a few signs. */
static bool is_word(const char *cell)
{
    for (; *cell != '\0'; cell++)
        if (!isalnum((unsigned char)*cell) && strchr(" -_.", *cell) == NULL) return false;
    return true;
}

static bool is_number(const char *cell)
{
    return cell[0] != '\0' && strspn(cell, "0123456789.") == strlen(cell);
}

/* The next cell of a line, without quotes around it; false: it is too long. */
static bool next_cell(const char **at, char cell[CELL_MAX])
{
    const char *begin = *at;
    size_t length = strcspn(begin, ",\r\n");
    *at = begin + length + (begin[length] == ',' ? 1 : 0);
    if (length >= 2 && begin[0] == '"' && begin[length - 1] == '"') {
        begin++;
        length -= 2;
    }
    if (length >= CELL_MAX) return false;
    memcpy(cell, begin, length);
    cell[length] = '\0';
    return true;
}

static bool read_row(const char *line, row *out)
{
    char *const cells[] = {out->country, out->region, out->zip, out->from, out->price};
    for (size_t i = 0; i < 5; i++)
        if (!next_cell(&line, cells[i])) return false;
    return is_word(is_any(out->country) ? "" : out->country) &&
           is_word(is_any(out->region) ? "" : out->region) &&
           is_word(is_any(out->zip) ? "" : out->zip) && is_number(out->from) &&
           is_number(out->price);
}

static bool read_header(const char *line, table *into)
{
    row header = {.taken = false};
    static const struct {
        const char *column, *calculator;
    } kinds[] = {{"order_subtotal", "by_total"}, {"weight", "by_weight"}, {"items", "by_units"}};
    char *const cells[] = {header.country, header.region, header.zip, header.from, header.price};
    for (size_t i = 0; i < 5; i++)
        if (!next_cell(&line, cells[i])) return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(header.from, kinds[i].column) == 0) into->calculator = kinds[i].calculator;
    return into->calculator != NULL && strcmp(header.country, "country") == 0 &&
           strcmp(header.price, "price") == 0;
}

static int read_table(cli *c, FILE *file, table *into)
{
    char line[512];
    for (int64_t number = 1; fgets(line, sizeof(line), file) != NULL; number++) {
        if (line[strspn(line, " \r\n")] == '\0') continue;
        if (number == 1 && !read_header(line, into))
            return cli_error(c, CLI_FAILED,
                             "the columns are country,region,zip,order_subtotal,price "
                             "(or weight or items instead of order_subtotal)");
        if (number == 1) continue;
        if (into->count == ROWS_MAX)
            return cli_error(c, CLI_FAILED, "there are more than %d rows", ROWS_MAX);
        if (!read_row(line, &into->rows[into->count++]))
            return cli_error(c, CLI_FAILED, "line %lld is no row of the table", (long long)number);
    }
    if (into->calculator == NULL) return cli_error(c, CLI_FAILED, "the file is empty");
    return ferror(file) ? cli_errno(c, c->arguments[0]) : CLI_OK;
}

/* ---- from places to methods ---- */

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (is_any(a) && is_any(b));
}

static bool same_place(const row *a, const row *b)
{
    return same(a->country, b->country) && same(a->region, b->region) && same(a->zip, b->zip);
}

/* "and not (…)" for each place inside of this one, once. */
static void put_others(text *to, const table *from, const row *place)
{
    const char *const own[] = {place->country, place->region, place->zip};
    static const char *const subjects[] = {"country", "region", "postcode"};
    for (size_t i = 0; i < from->count; i++) {
        const row *other = &from->rows[i];
        const char *const theirs[] = {other->country, other->region, other->zip};
        bool inside = !same_place(other, place);
        bool seen = false;
        for (size_t n = 0; n < 3; n++)
            inside = inside && (is_any(own[n]) || same(own[n], theirs[n]));
        for (size_t n = 0; n < i && !seen; n++)
            seen = same_place(&from->rows[n], other);
        if (!inside || seen) continue;
        const char *glue = "";
        put(to, "%snot (", to->length > 0 ? " and " : "");
        for (size_t n = 0; n < 3; n++) {
            if (is_any(theirs[n]) || !is_any(own[n])) continue;
            put(to, "%s%s = \"%s\"", glue, subjects[n], theirs[n]);
            glue = " and ";
        }
        put(to, ")");
    }
}

static void put_conditions(text *to, const table *from, const row *place)
{
    if (!is_any(place->country)) put(to, "country = \"%s\"", place->country);
    if (!is_any(place->region))
        put(to, "%sregion = \"%s\"", to->length > 0 ? " and " : "", place->region);
    if (!is_any(place->zip))
        put(to, "%spostcode = \"%s\"", to->length > 0 ? " and " : "", place->zip);
    put_others(to, from, place);
}

static void put_calculator(text *to, table *from, size_t first)
{
    bool money = strcmp(from->calculator, "by_total") == 0;
    const row *place = &from->rows[first];
    put(to, "%s([", from->calculator);
    for (size_t i = first; i < from->count; i++) {
        row *step = &from->rows[i];
        if (step->taken || !same_place(step, place)) continue;
        step->taken = true;
        put(to, "%s%s%s%s: %s %s", i > first ? ", " : "", step->from, money ? " " : "",
            money ? from->currency : "", step->price, from->currency);
    }
    put(to, "])");
}

/* "table-us-ak", in small letters. */
static void put_code(text *to, const row *place)
{
    const char *const parts[] = {place->country, place->region, place->zip};
    put(to, "table");
    for (size_t i = 0; i < 3; i++)
        if (!is_any(parts[i])) put(to, "-%s", parts[i]);
    for (char *at = to->at; *at != '\0'; at++)
        *at = isalnum((unsigned char)*at) ? (char)tolower((unsigned char)*at) : '-';
}

static void put_name(text *to, const row *place)
{
    const char *const parts[] = {place->country, place->region, place->zip};
    put(to, "Table rate");
    for (size_t i = 0; i < 3; i++)
        if (!is_any(parts[i])) put(to, " %s", parts[i]);
}

typedef struct method_texts {
    text code, name, calculator, conditions;
} method_texts;

/* Add the method, or change the one of that code. */
static ec_status write_method(cli *c, const method_texts *texts)
{
    ec_shipping_method method = {.code = texts->code.at,
                                 .name = texts->name.at,
                                 .calculator = texts->calculator.at,
                                 .conditions = texts->conditions.at};
    ec_shipping_method *found = NULL, *out = NULL;
    ec_status status = ec_shipping_method_by_code(c->session, method.code, &found);
    if (status == EC_NOT_FOUND)
        status = ec_shipping_method_create(c->session, &method, &out);
    else if (status == EC_OK)
        status =
            ec_shipping_method_update(c->session, found->id, &method,
                                      ec_mask_of("shipping_method", "calculator,conditions"), &out);
    if (status == EC_OK && !c->json) cli_say(c, "%s: %s\n", out->code, out->calculator);
    ec_free(found);
    ec_free(out);
    return status;
}

typedef struct writing {
    cli *c;
    table *from;
    int64_t methods;
} writing;

static ec_status write_all(ec_session *session, void *ctx)
{
    writing *job = ctx;
    ec_status status = EC_OK;
    (void)session;
    method_texts *texts = calloc(1, sizeof(*texts));
    if (texts == NULL) return EC_NO_MEMORY;
    job->methods = 0;
    for (size_t i = 0; i < job->from->count; i++)
        job->from->rows[i].taken = false;
    for (size_t i = 0; i < job->from->count && status == EC_OK; i++) {
        const row *place = &job->from->rows[i];
        if (place->taken) continue;
        memset(texts, 0, sizeof(*texts));
        put_code(&texts->code, place);
        put_name(&texts->name, place);
        put_conditions(&texts->conditions, job->from, place);
        put_calculator(&texts->calculator, job->from, i);
        status = texts->calculator.full || texts->conditions.full ? EC_LIMIT
                                                                  : write_method(job->c, texts);
        job->methods += status == EC_OK ? 1 : 0;
    }
    free(texts);
    return status;
}

int cli_shipping_import(cli *c)
{
    const char *currency = cli_value(c, "prices");
    table from = {.currency = currency != NULL ? currency : c->currency};
    writing job = {.c = c, .from = &from};
    ec_channel *channel = NULL;
    ec_status status = ec_channel_by_code(c->session, "default", &channel);
    if (currency == NULL && status == EC_OK) from.currency = channel->currency;
    FILE *file = fopen(c->arguments[0], "r");
    from.rows = file != NULL ? calloc(ROWS_MAX, sizeof(*from.rows)) : NULL;
    int code = file == NULL        ? cli_errno(c, c->arguments[0])
               : from.rows == NULL ? cli_fail(c, EC_NO_MEMORY)
                                   : read_table(c, file, &from);
    if (code == CLI_OK) {
        status = ec_transact(c->session, write_all, &job);
        if (status == EC_LIMIT)
            code = cli_error(c, CLI_FAILED, "a place has too many steps or places inside of it");
        else if (status != EC_OK)
            code = cli_fail(c, status);
    }
    if (code == CLI_OK && c->json) printf("{\"methods\":%lld}\n", (long long)job.methods);
    if (code == CLI_OK) cli_say(c, "%lld ways to ship\n", (long long)job.methods);
    if (file != NULL) (void)fclose(file);
    free(from.rows);
    ec_free(channel);
    return code;
}
