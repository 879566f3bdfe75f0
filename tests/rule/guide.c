/* SPDX-License-Identifier: MIT */
/*
 * The guide lists every subject and every action, with the words of the tables of the library.
 */
#include "promotion/promotion.h"
#include "rule/scene.h"

static char guide[65536];

static int read_guide(void **state)
{
    (void)state;
    FILE *file = fopen(EC_SOURCE_DIR "/docs/guide/promotion.md", "r");
    if (file == NULL) return 0;
    guide[fread(guide, 1, sizeof guide - 1, file)] = '\0';
    return fclose(file);
}

/* Print each row that is missing, so that it can be put in. */
static int missing(const char *row)
{
    if (strstr(guide, row) != NULL) return 0;
    print_error("%s", row);
    return 1;
}

static const char *kind_name(ec_rule_kind kind)
{
    static const char *const names[] = {"number", "percentage", "amount", "text",
                                        "id",     "truth",      "lines",  "steps"};
    return names[kind];
}

static void guide__has_a_row_for_each_subject(void **state)
{
    (void)state;
    char row[512];
    const char *name = NULL, *doc = NULL;
    unsigned scopes = 0;
    ec_rule_kind kind;
    int faults = 0;
    for (size_t n = 0; ec_rule_subject_at(n, &name, &scopes, &kind, &doc); n++) {
        const char *where = scopes == EC_RULE_CART   ? "cart"
                            : scopes == EC_RULE_LINE ? "line"
                                                     : "both";
        snprintf(row, sizeof row, "| `%s` | %s | %s | %s |\n", name, where, kind_name(kind), doc);
        faults += missing(row);
    }
    assert_int_equal(faults, 0);
}

/* name(parameter, parameter: …) with what is required first. */
static void guide__has_a_row_for_each_action(void **state)
{
    (void)state;
    char row[1024], call[512];
    size_t stride = 0, count = 0;
    int faults = 0;
    const char *verbs = ec_promotion_verbs(&stride, &count);
    for (size_t i = 0; i < count; i++) {
        const ec_rule_verb *verb = (const ec_rule_verb *)(const void *)(verbs + i * stride);
        size_t length = (size_t)snprintf(call, sizeof call, "%s(", verb->name);
        for (const ec_rule_param *p = verb->params; p != NULL && p->name != NULL; p++)
            length +=
                (size_t)snprintf(call + length, sizeof call - length, "%s%s%s",
                                 p == verb->params ? "" : ", ", p->name, p->required ? "" : ":");
        snprintf(row, sizeof row, "| `%s)` | %s |\n", call, verb->doc);
        faults += missing(row);
        for (const ec_rule_param *p = verb->params; p != NULL && p->name != NULL; p++)
            assert_true(p->doc != NULL && p->doc[0] != '\0');
    }
    assert_int_equal(faults, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guide__has_a_row_for_each_subject),
        cmocka_unit_test(guide__has_a_row_for_each_action),
    };
    return cmocka_run_group_tests(tests, read_guide, NULL);
}
