/* SPDX-License-Identifier: MIT */
/*
 * cases.c - runs a file of cases, each twice: as it is written, and with its lines the other way
 * round.
 */
#include "harness/cases_inside.h"

static void begin(case_file *c, const char *name)
{
    case_file fresh = {.path = c->path, .line_number = c->line_number, .arena = c->arena};
    ec_arena_reset(&fresh.arena);
    *c = fresh;
    c->name = ec_arena_strdup(&c->arena, name);
    c->in = (ec_pricing){.channel_id = 1,
                         .channel = "web",
                         .currency = "CLP",
                         .home_country = "CL",
                         .locale = "es-CL",
                         .now = WORLD_START,
                         .shipping_amount = -1};
    (void)ec_policy_preset("CL", &c->policy);
    c->policy.cash_step = 0;
}

static void run_once(case_file *c)
{
    ec_quote *quote = NULL;
    int64_t bad = 0;
    ec_rules rules = {0};
    if (!case_rules(c, &rules)) return;
    ec_status status = ec_price_compute(&c->arena, &rules, &c->in, &quote, &bad);
    case_expect(c, status, status == EC_OK ? quote : NULL);
}

static void mirror(case_file *c)
{
    size_t n = c->in.lines_count;
    for (size_t i = 0; i < n / 2; i++) {
        ec_pricing_line line = c->lines[i];
        c->lines[i] = c->lines[n - 1 - i];
        c->lines[n - 1 - i] = line;
    }
    c->mirrored = true;
}

/* false: the case failed. */
static bool run(case_file *c)
{
    c->in.policy = &c->policy;
    c->in.lines = c->lines;
    c->in.coupons = c->coupons;
    c->in.usage = c->usage;
    c->in.outside_taxes = c->outside;
    c->in.facts = c->facts;
    if (c->faults == 0) run_once(c);
    if (c->faults == 0 && !c->classic && c->in.lines_count > 1) {
        mirror(c);
        run_once(c);
    }
    return c->faults == 0;
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long length = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)length, file), length);
    (void)fclose(file);
    return text;
}

static void take(case_file *c, char *line)
{
    case_cut_comment(line);
    while (*line == ' ')
        line++;
    if (*line != '=') {
        case_read_line(c, line);
    } else if (c->expectations_count < CASE_EXPECTATIONS) {
        c->expectations[c->expectations_count++] =
            (case_expectation){ec_arena_strdup(&c->arena, line), c->line_number};
    }
}

size_t cases_run(const char *path, size_t *cases)
{
    static case_file file; /* too large for the stack */
    case_file *c = &file;
    char *text = read_all(path);
    size_t failed = 0;
    int number = 0;
    *c = (case_file){.path = path};
    ec_arena_init(&c->arena, world_platform());
    *cases = 0;
    for (char *line = text, *end; line != NULL; line = end) {
        end = strchr(line, '\n');
        if (end != NULL) *end++ = '\0';
        c->line_number = ++number;
        if (strncmp(line, "== ", 3) != 0) {
            if (c->name != NULL) take(c, line);
            continue;
        }
        if (c->name != NULL) failed += !run(c);
        c->line_number = number;
        begin(c, line + 3);
        ++*cases;
    }
    if (c->name != NULL) failed += !run(c);
    ec_arena_clear(&c->arena);
    free(text);
    return failed;
}
