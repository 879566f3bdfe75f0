/* SPDX-License-Identifier: MIT */
/*
 * promotion_report.c - `ecommerce promotion check` and `promotion simulate`: what is wrong with a
 * promotion, and what it would have cost. The promotion is a stored one or a file with its JSON.
 * They change nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define FILE_MAX (1 << 20)

/* ---- the promotion --------------------------------------------------------------------------- */

static bool is_file(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".json") == 0;
}

static int read_file(cli *c, const char *path, ec_promotion **out)
{
    void *object = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return cli_errno(c, path);
    char *text = malloc(FILE_MAX);
    size_t length = text == NULL ? 0 : fread(text, 1, FILE_MAX, file);
    bool whole = text != NULL && feof(file) != 0;
    (void)fclose(file);
    if (!whole) {
        free(text);
        return cli_error(c, CLI_FAILED, "%s cannot be read as a promotion", path);
    }
    ec_status status = ec_from_json(c->session, "promotion", text, length, &object, NULL);
    free(text);
    *out = object;
    return status == EC_OK ? CLI_OK : cli_fail(c, status);
}

/* The one that is named. */
static int find(cli *c, const char *name, ec_promotion **out)
{
    if (is_file(name)) return read_file(c, name, out);
    ec_status status = ec_promotion_by_code(c->session, name, out);
    return status == EC_OK ? CLI_OK : cli_fail(c, status);
}

/* ---- check ----------------------------------------------------------------------------------- */

static void tell(const ec_promotion_finding *finding)
{
    static const char *const severities[] = {"info", "warning", "error"};
    printf("%-7s  %s", severities[finding->severity], finding->message);
    if (finding->kind == EC_FINDING_ASSUMED)
        for (size_t i = 0; i < finding->promotions_count; i++)
            printf("%s%s", i == 0 ? " (" : ", ", finding->promotions[i]);
    puts(finding->kind == EC_FINDING_ASSUMED ? ")" : "");
}

static int show_findings(cli *c, const ec_promotion_findings *findings)
{
    if (c->json) {
        int code = cli_print(c, "promotion_findings", findings);
        if (code != CLI_OK) return code;
    } else {
        for (size_t i = 0; i < findings->findings_count; i++)
            tell(&findings->findings[i]);
        cli_say(c, "%lld promotions, %lld variants: %lld errors, %lld warnings",
                (long long)findings->promotions_count, (long long)findings->variants_count,
                (long long)findings->errors_count, (long long)findings->warnings_count);
    }
    return findings->errors_count > 0 ? CLI_FAILED : CLI_OK;
}

int cli_promotion_check(cli *c)
{
    ec_promotion *draft = NULL;
    ec_promotion_findings *findings = NULL;
    int code = c->count == 0 ? CLI_OK : find(c, c->arguments[0], &draft);
    if (code != CLI_OK) return code;
    ec_status status = ec_promotion_check(c->session, draft, &findings);
    code = status == EC_OK ? show_findings(c, findings) : cli_fail(c, status);
    ec_free(findings);
    ec_free(draft);
    return code;
}

/* ---- simulate -------------------------------------------------------------------------------- */

static int show_simulation(cli *c, const ec_simulation *simulation)
{
    int code = CLI_OK;
    if (c->json) return cli_print(c, "simulation", simulation);
    for (size_t i = 0; code == CLI_OK && i < simulation->currencies_count; i++)
        code = cli_print(c, "simulation_currency", &simulation->currencies[i]);
    cli_say(c, "%lld of %lld orders would have got it", (long long)simulation->applied_count,
            (long long)simulation->orders_count);
    return code;
}

int cli_promotion_simulate(cli *c)
{
    ec_promotion *draft = NULL;
    ec_simulation *simulation = NULL;
    ec_simulation_request request = {0};
    if (!cli_time(c, "--from", cli_value(c, "from"), &request.starts_at) ||
        !cli_time(c, "--until", cli_value(c, "until"), &request.ends_at))
        return CLI_USAGE;
    int code = find(c, c->arguments[0], &draft);
    if (code != CLI_OK) return code;
    ec_status status = cli_channel(c, cli_value(c, "channel"), &request.channel_id);
    if (status == EC_OK) status = ec_promotion_simulate(c->session, draft, &request, &simulation);
    code = status == EC_OK ? show_simulation(c, simulation) : cli_fail(c, status);
    ec_free(simulation);
    ec_free(draft);
    return code;
}
