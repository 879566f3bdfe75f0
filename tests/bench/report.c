/* SPDX-License-Identifier: MIT */
/*
 * report.c - the rows, as a table for people and as JSON for programs.
 *
 * A row without a bar holds. Names and units are words of this program, so JSON needs no escapes.
 */
#include "bench/bench.h"

#include <stdio.h>

void bench_add(bench *b, const bench_row *row)
{
    if (b->count == BENCH_ROWS_MAX) bench_die("too many rows");
    bench_row *added = &b->rows[b->count++];
    *added = *row;
    if (row->raw > 0 && row->value > 0)
        added->ratio = row->less_is_better ? row->raw / row->value : row->value / row->raw;
    added->holds = row->kind == BENCH_BAR_NONE ||
                   (row->kind == BENCH_BAR_RATIO && added->ratio >= row->bar) ||
                   (row->kind == BENCH_BAR_MAX && row->value <= row->bar);
}

bool bench_holds(const bench *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (!b->rows[i].holds) return false;
    return true;
}

/* As many digits as such a figure is good for. */
static int digits(double value)
{
    return value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
}

static void figure(char *out, size_t size, double value)
{
    if (value > 0)
        (void)snprintf(out, size, "%.*f", digits(value), value);
    else
        (void)snprintf(out, size, "-");
}

void bench_print(const bench *b)
{
    char raw[32], ratio[32], bar[32];
    printf("\n%-24s %12s %12s %7s %9s  %-5s %s\n", "what", "value", "raw", "ratio", "bar", "holds",
           "unit");
    for (size_t i = 0; i < b->count; i++) {
        const bench_row *row = &b->rows[i];
        figure(raw, sizeof(raw), row->raw);
        (void)snprintf(ratio, sizeof(ratio), row->ratio > 0 ? "%.2f" : "-", row->ratio);
        if (row->kind == BENCH_BAR_NONE)
            (void)snprintf(bar, sizeof(bar), "-");
        else
            (void)snprintf(bar, sizeof(bar), "%s %.*f", row->kind == BENCH_BAR_MAX ? "<=" : ">=",
                           row->kind == BENCH_BAR_MAX ? 0 : 2, row->bar);
        printf("%-24s %12.*f %12s %7s %9s  %-5s %s\n", row->name, digits(row->value), row->value,
               raw, ratio, bar,
               row->kind == BENCH_BAR_NONE ? ""
               : row->holds                ? "yes"
                                           : "NO",
               row->unit);
    }
}

static void member_of(FILE *file, const char *name, double value, bool is_there)
{
    if (is_there)
        (void)fprintf(file, "\"%s\": %.6g, ", name, value);
    else
        (void)fprintf(file, "\"%s\": null, ", name);
}

void bench_write(const bench *b, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) bench_die("%s: it cannot be written", path);
    (void)fprintf(file, "{\"rows\": [\n");
    for (size_t i = 0; i < b->count; i++) {
        const bench_row *row = &b->rows[i];
        (void)fprintf(file, "  {\"name\": \"%s\", ", row->name);
        member_of(file, "value", row->value, true);
        (void)fprintf(file, "\"unit\": \"%s\", ", row->unit);
        member_of(file, "raw", row->raw, row->raw > 0);
        member_of(file, "ratio", row->ratio, row->ratio > 0);
        member_of(file, "bar", row->bar, row->kind != BENCH_BAR_NONE);
        (void)fprintf(file, "\"holds\": %s}%s\n", row->holds ? "true" : "false",
                      i + 1 < b->count ? "," : "");
    }
    (void)fprintf(file, "]}\n");
    if (fclose(file) != 0) bench_die("%s: it cannot be written", path);
}
