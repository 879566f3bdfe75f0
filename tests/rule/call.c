/* SPDX-License-Identifier: MIT */
/*
 * Calls as texts: parameters by place and by name, steps, words, what is missing or too much.
 */
#include "rule/scene.h"

static const char *const picks[] = {"cheapest", "dearest", NULL};

static const ec_rule_param percent_params[] = {
    {.name = "rate", .kind = EC_RULE_RATE, .required = true},
    {.name = "on", .kind = EC_RULE_LINES},
    {.name = "cap", .kind = EC_RULE_MONEY},
    {.name = NULL}};
static const ec_rule_param bundle_params[] = {
    {.name = "amount", .kind = EC_RULE_MONEY, .required = true},
    {.name = "of", .kind = EC_RULE_LINES, .required = true, .repeats = true},
    {.name = "times", .kind = EC_RULE_NUMBER},
    {.name = "pick", .kind = EC_RULE_TEXT, .words = picks},
    {.name = "sku", .kind = EC_RULE_TEXT},
    {.name = "each", .kind = EC_RULE_TRUTH},
    {.name = "method", .kind = EC_RULE_ID},
    {.name = NULL}};
static const ec_rule_param table_params[] = {
    {.name = "steps", .kind = EC_RULE_STEPS, .required = true}, {.name = NULL}};

typedef struct verb_row {
    ec_rule_verb verb;
    int more;
} verb_row;

static const verb_row verbs[] = {{{.name = "percent_off", .params = percent_params}, 1},
                                 {{.name = "bundle", .params = bundle_params}, 2},
                                 {{.name = "by_weight", .params = table_params}, 3},
                                 {{.name = "free"}, 4}};

static ec_status parse(scene *s, const char *text, const ec_rule_call **calls, size_t *count,
                       ec_rule_fault *fault)
{
    unsigned needs = 0;
    return ec_rule_parse_calls(&s->arena, text, verbs, sizeof(*verbs), COUNT(verbs), calls, count,
                               &needs, fault);
}

static const ec_rule_call *good(scene *s, const char *text, size_t expected)
{
    const ec_rule_call *calls = NULL;
    size_t count = 0;
    ec_rule_fault fault;
    if (parse(s, text, &calls, &count, &fault) != EC_OK)
        fail_msg("%s: byte %zu: %s: %s", text, fault.at, fault.rule, fault.message);
    assert_int_equal(count, expected);
    return calls;
}

static void call__takes_parameters_by_place_and_by_name(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "percent_off(20%, brand = 3 and not tag = outlet, 5000 CLP | 6.00 EUR)",
        "percent_off(20%, on: brand = 3 and not tag = outlet, cap: 5000 CLP | 6.00 EUR)",
        "percent_off(cap: 5000 CLP | 6.00 EUR, on: brand = 3 and not tag = outlet, rate: 20%)"};
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(texts); i++) {
        const ec_rule_call *call = good(&s, texts[i], 1);
        assert_int_equal(call->verb, 0);
        assert_string_equal(call->text, texts[i]);
        assert_int_equal(call->args_count, 3);
        assert_string_equal(call->args[0].param->name, "rate");
        assert_int_equal(call->args[0].value.number, 200000);
        assert_true(ec_rule_holds_line(call->args[1].lines, &s.work, 0) == false);
        assert_int_equal(call->args[2].value.money_count, 2);
        assert_ptr_equal(ec_rule_arg_of(call, "cap", NULL), &call->args[2]);
        assert_null(ec_rule_arg_of(call, "cap", &call->args[2]));
        assert_null(ec_rule_arg_of(call, "nothing", NULL));
    }
    scene_close(&s);
}

static void call__repeats_what_may_repeat(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const ec_rule_call *call =
        good(&s, "bundle(of: brand = 1, times: 2, of: brand = 2, amount: 10 CLP)", 1);
    const ec_rule_arg *first = ec_rule_arg_of(call, "of", NULL);
    const ec_rule_arg *second = ec_rule_arg_of(call, "of", first);
    assert_int_equal(first->lines->values[0].number, 1);
    assert_int_equal(second->lines->values[0].number, 2);
    assert_null(ec_rule_arg_of(call, "of", second));
    call = good(&s, "bundle(10 CLP, brand = 1, brand = 2, sku: 007, pick: dearest, each: yes)", 1);
    assert_int_equal(ec_rule_arg_of(call, "pick", NULL)->word, 1);
    assert_string_equal(ec_rule_arg_of(call, "sku", NULL)->value.text, "007");
    assert_int_equal(ec_rule_arg_of(call, "each", NULL)->value.number, 1);
    scene_close(&s);
}

static void calls__are_many_or_none(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    good(&s, "", 0);
    good(&s, NULL, 0);
    good(&s, " \n", 0);
    const ec_rule_call *calls = good(&s, " free ( ) ; percent_off(5%);\nfree() ;", 3);
    assert_string_equal(calls[0].text, "free ( )");
    assert_string_equal(calls[1].text, "percent_off(5%)");
    assert_int_equal(calls[2].verb, 3);
    scene_close(&s);
}

static void steps__are_pairs_that_rise(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const ec_rule_call *call =
        good(&s, "by_weight([0: 3990 CLP | 4.00 EUR @ web, 5000: 5990 CLP | 6.00 EUR])", 1);
    assert_int_equal(call->args[0].steps_count, 2);
    assert_int_equal(call->args[0].steps[1].from.number, 5000);
    assert_int_equal(call->args[0].steps[1].value.money_count, 2);
    good(&s, "by_weight([10 CLP: 5%, 20 CLP: 10%])", 1);
    scene_close(&s);
}

typedef struct bad_row {
    const char *text;
    size_t at;
    const char *rule;
} bad_row;

static const bad_row bad[] = {
    {"destroy()", 0, "unknown"},
    {"free", 4, "syntax"},
    {"free(", 5, "syntax"},
    {"free();;", 7, "syntax"},
    {"free() free()", 7, "syntax"},
    {"free(1)", 5, "max_items"},
    {"free(a: 1)", 5, "unknown"},
    {"3()", 0, "syntax"},
    {"percent_off()", 0, "required"},
    {"free(); percent_off(on: brand = 3)", 8, "required"},
    {"percent_off(20)", 12, "kind"},
    {"percent_off(20 CLP)", 12, "kind"},
    {"percent_off(20%, 30%)", 17, "syntax"},
    {"percent_off(20%, on: total > 3 CLP)", 21, "scope"},
    {"percent_off(20%, cap: 3)", 22, "kind"},
    {"percent_off(20%, what: 3)", 17, "unknown"},
    {"percent_off(20%, rate: 30%)", 17, "unique"},
    {"percent_off(rate: 20%, brand = 3)", 23, "syntax"},
    {"percent_off(20%,)", 16, "syntax"},
    {"percent_off(20%", 15, "syntax"},
    {"percent_off(20%, brand = 3, 1 CLP, 1)", 35, "max_items"},
    {"bundle(1 CLP, of: brand = 1, pick: some)", 35, "unknown"},
    {"bundle(1 CLP, of: brand = 1, each: maybe)", 35, "kind"},
    {"bundle(1 CLP, of: brand = 1, method: x)", 37, "kind"},
    {"bundle(1 CLP)", 0, "required"},
    {"by_weight(5)", 10, "syntax"},
    {"by_weight([])", 11, "syntax"},
    {"by_weight([5])", 12, "syntax"},
    {"by_weight([5: 1 CLP, 5: 2 CLP])", 21, "order"},
    {"by_weight([5: 1 CLP, 6: 2%])", 21, "kind"},
    {"by_weight([5: 1 CLP, 6 CLP: 2 CLP])", 21, "kind"},
    {"by_weight([x: 1 CLP])", 11, "kind"},
    {"by_weight([1.5: 1 CLP])", 11, "kind"},
    {"by_weight([5: x])", 11, "kind"},
    {"by_weight([5: 1 CLP", 19, "syntax"},
    {"free() \xff", 7, "utf8"},
};

static void call__says_where_it_is_wrong(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(bad); i++) {
        const ec_rule_call *calls = (const ec_rule_call *)&s;
        size_t count = 7;
        ec_rule_fault fault;
        ec_status status = parse(&s, bad[i].text, &calls, &count, &fault);
        if (status != EC_INVALID) fail_msg("%s: status %d", bad[i].text, (int)status);
        if (fault.at != bad[i].at || strcmp(fault.rule, bad[i].rule) != 0)
            fail_msg("%s: byte %zu %s: %s", bad[i].text, fault.at, fault.rule, fault.message);
        assert_null(calls);
        assert_int_equal(count, 0);
    }
    scene_close(&s);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static char told[500];

static void tell(void *ctx, const char *subject, const ec_rule_value *value)
{
    (void)ctx;
    char text[100];
    snprintf(text, sizeof(text), "%s=%s ", subject, value->text);
    strncat(told, text, sizeof(told) - strlen(told) - 1);
}

static void keys__are_the_fewest_values_that_are_needed(void **state)
{
    (void)state;
    static const char *const subjects[] = {"brand", "category", "product", "country", NULL};
    static const struct {
        const char *text, *keys;
    } rows[] = {
        {"any(brand = 3)", "brand=3 "},
        {"any(brand in (3, 4)) and any(category = 7)", "category=7 "},
        {"any(brand in (3, 4) and tag = x)", "brand=3 brand=4 "},
        {"any(brand = 3) or any(category = 4)", "brand=3 category=4 "},
        {"any(brand = 3) or guest", NULL},
        {"any(brand = 3 or tag = x)", NULL},
        {"not any(brand = 3)", NULL},
        {"any(not brand = 3)", NULL},
        {"any(brand != 3)", NULL},
        {"none(brand = 3)", NULL},
        {"all(brand = 3)", "brand=3 "},
        {"units(brand = 3) >= 1", "brand=3 "},
        {"units(brand = 3) >= 0", NULL},
        {"units(brand = 3) > 0", "brand=3 "},
        {"units(brand = 3) < 5", NULL},
        {"units(brand = 3) = 2", "brand=3 "},
        {"units(brand = 3) in (0, 2)", NULL},
        {"units(brand = 3) between 1 and 2", "brand=3 "},
        {"units(brand = 3) != 0", NULL},
        {"units >= 3", NULL},
        {"total(brand = 3) >= 10 CLP | 1 EUR", "brand=3 "},
        {"total(brand = 3) >= 10 CLP | 0 EUR", NULL},
        {"guest and country = CL", "country=CL "},
        {"guest", NULL},
        {"(any(brand = 1) or country = CL) and any(product in (1, 2, 3))", "brand=1 country=CL "},
    };
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(rows); i++) {
        told[0] = '\0';
        const ec_rule *rule = scene_parse(&s, rows[i].text, EC_RULE_CART);
        bool has = ec_rule_keys(rule, subjects, tell, NULL);
        if (has != (rows[i].keys != NULL) ||
            strcmp(told, rows[i].keys == NULL ? "" : rows[i].keys) != 0)
            fail_msg("%s: %s", rows[i].text, told);
    }
    assert_false(ec_rule_keys(NULL, subjects, tell, NULL));
    static const char *const texts[] = {"sku", "attribute", NULL};
    assert_false(ec_rule_keys(scene_parse(&s, "sku = \"a*\"", EC_RULE_LINE), texts, tell, NULL));
    assert_false(ec_rule_keys(scene_parse(&s, "attribute.a = b", EC_RULE_LINE), texts, tell, NULL));
    assert_true(ec_rule_keys(scene_parse(&s, "sku = ab", EC_RULE_LINE), texts, tell, NULL));
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call__takes_parameters_by_place_and_by_name),
        cmocka_unit_test(call__repeats_what_may_repeat),
        cmocka_unit_test(calls__are_many_or_none),
        cmocka_unit_test(steps__are_pairs_that_rise),
        cmocka_unit_test(call__says_where_it_is_wrong),
        cmocka_unit_test(keys__are_the_fewest_values_that_are_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
