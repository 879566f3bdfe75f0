/* SPDX-License-Identifier: MIT */
/*
 * Conditions as texts: what is one, and what is wrong with what is none, with the byte.
 */
#include "rule/scene.h"

static const char *const good[] = {
    "guest",
    "not guest",
    "(guest)",
    "signed_in and (group = vip or nth_order = 1) and total(category = 12) >= 20 CLP | 1.00 EUR",
    "any",
    "any()",
    "any(brand = 3 and country = CL)",
    "units(not (brand = 3 or tag in (a, b))) between 2 and 10",
    "country in (CL, AR)",
    "country not in (CL, AR)",
    "country = (CL)",
    "total >= 10 CLP @ web | 20 CLP | 0.50 EUR @ \"shop 2\" | 1 EUR",
    "total between 10 CLP | 1 EUR and 20 CLP | 2 EUR and guest",
    "any(attribute.\"shelf life\" >= 10)",
    "any(attribute.colour = \"dark \"\"red\"\"\")",
    "any(tag = café)",
    "any(margin < 20%)",
    "any(margin < 12.3456 %)",
    "postcode between 1000 and 1999",
    "email = \"*@example.com\"",
    "date >= \"2026-12-01\"\n\tand date <= \"2026-12-24\"\r\n",
    "weekday in (saturday, sunday) and hour between 9 and 17",
    "zone = 3",
    "any(sku = 123456)",
    "any(sku = \"00123A\")",
    "user != 9",
    "fact.age >= 18",
};

static void condition__is_what_the_grammar_says(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(good); i++)
        assert_non_null(scene_parse(&s, good[i], EC_RULE_CART));
    scene_close(&s);
}

typedef struct bad_row {
    const char *text;
    size_t at;
    const char *rule;
} bad_row;

static const bad_row bad[] = {
    {"guest and", 9, "syntax"},
    {"and guest", 0, "unknown"},
    {"guest guest", 6, "syntax"},
    {"(guest", 6, "syntax"},
    {"guest)", 5, "syntax"},
    {"()", 1, "syntax"},
    {"not not guest", 4, "unknown"},
    {"guest or or guest", 9, "unknown"},
    {"hair = red", 0, "unknown"},
    {"Country = CL", 0, "unknown"},
    {"brand = 3", 0, "scope"},
    {"guest and tag = a", 10, "scope"},
    {"any(total >= 3 CLP)", 4, "scope"},
    {"any(any(brand = 3))", 4, "scope"},
    {"any(fee > 3 CLP)", 4, "scope"},
    {"country", 7, "syntax"},
    {"country and guest", 8, "syntax"},
    {"country CL", 8, "syntax"},
    {"country =", 9, "syntax"},
    {"country = = CL", 10, "syntax"},
    {"country = and", 10, "syntax"},
    {"country = cl", 10, "pattern"},
    {"country = CHL", 10, "pattern"},
    {"country in (CL, cl)", 16, "pattern"},
    {"country in ()", 12, "syntax"},
    {"country in (CL AR)", 15, "syntax"},
    {"country in (CL", 14, "syntax"},
    {"country < CL", 8, "operator"},
    {"country between CL and US", 8, "operator"},
    {"guest = yes", 6, "operator"},
    {"user > 3", 5, "operator"},
    {"user = 0", 7, "kind"},
    {"user = ana", 7, "kind"},
    {"user = 1.5", 7, "kind"},
    {"nth_order = 1.5", 12, "kind"},
    {"nth_order = 3 CLP", 12, "kind"},
    {"nth_order = 3%", 12, "kind"},
    {"nth_order = -1", 12, "syntax"},
    {"nth_order < (1, 2)", 12, "syntax"},
    {"nth_order = 9223372036854775808", 12, "range"},
    {"total >= 20000", 9, "kind"},
    {"total >= 20000 XXY", 15, "unknown"},
    {"total >= 20000 clp", 9, "kind"},
    {"total >= 20000CLP", 9, "syntax"},
    {"total >= 0.5 CLP", 9, "kind"},
    {"total >= 1.2345 KWD", 9, "kind"},
    {"total >= 10 CLP | 11 CLP", 18, "unique"},
    {"total >= 10 CLP @ web | 11 CLP @ web", 24, "unique"},
    {"total >= 10 CLP |", 17, "syntax"},
    {"total >= 10 CLP | 5", 18, "syntax"},
    {"total >= 10 CLP @", 17, "syntax"},
    {"total >= 1000000000000000 CLP", 9, "range"},
    {"total >= 99999999999999999999999 CLP", 9, "range"},
    {"total between 10 CLP or 20 CLP", 21, "syntax"},
    {"any(margin < 0.12345%)", 13, "kind"},
    {"any(margin < 100001%)", 13, "range"},
    {"weekday = someday", 10, "unknown"},
    {"date = today", 7, "pattern"},
    {"attribute = 3", 0, "scope"},
    {"any(attribute = 3)", 14, "syntax"},
    {"any(attribute. = 3)", 15, "syntax"},
    {"any(attribute.a.b = 3)", 15, "syntax"},
    {"any(brand.a = 3)", 9, "syntax"},
    {"guest(brand = 3)", 5, "syntax"},
    {"country = \"CL", 10, "syntax"},
    {"country = \"C\x01\"", 10, "syntax"},
    {"country = CL \x07", 13, "syntax"},
    {"country = 'CL'", 10, "syntax"},
    {"country = 12AB", 10, "syntax"},
    {"guest ! guest", 6, "syntax"},
    {"country = \"\xc3(\"", 11, "utf8"},
    {"guest \xff", 6, "utf8"},
    {"guest; guest", 5, "syntax"},
};

static void condition__says_where_it_is_wrong(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(bad); i++) {
        const ec_rule *rule = (const ec_rule *)&s;
        unsigned needs = 0;
        ec_rule_fault fault;
        ec_status status =
            ec_rule_parse(&s.arena, bad[i].text, EC_RULE_CART, &rule, &needs, &fault);
        if (status != EC_INVALID) fail_msg("%s: status %d", bad[i].text, (int)status);
        if (fault.at != bad[i].at || strcmp(fault.rule, bad[i].rule) != 0)
            fail_msg("%s: byte %zu %s: %s", bad[i].text, fault.at, fault.rule, fault.message);
        assert_null(rule);
        assert_int_equal(needs, 0);
        assert_true(strlen(fault.message) > 0);
    }
    scene_close(&s);
}

static void nothing__is_no_condition_and_always_holds(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    assert_null(scene_parse(&s, NULL, EC_RULE_CART));
    assert_null(scene_parse(&s, "", EC_RULE_CART));
    assert_null(scene_parse(&s, " \t\r\n ", EC_RULE_CART));
    assert_true(ec_rule_holds(NULL, &s.work, NULL));
    assert_true(ec_rule_holds_line(NULL, &s.work, 0));
    scene_close(&s);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static ec_status parse(scene *s, const char *text, ec_rule_fault *fault)
{
    const ec_rule *rule = NULL;
    unsigned needs = 0;
    return ec_rule_parse(&s->arena, text, EC_RULE_CART, &rule, &needs, fault);
}

static void depth__has_a_limit(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    char text[200];
    ec_rule_fault fault;
    for (int depth = EC_RULE_DEPTH_MAX; depth <= EC_RULE_DEPTH_MAX + 1; depth++) {
        memset(text, '(', (size_t)depth);
        memcpy(text + depth, "guest", 5);
        memset(text + depth + 5, ')', (size_t)depth);
        text[2 * depth + 5] = '\0';
        bool fits = depth <= EC_RULE_DEPTH_MAX;
        assert_int_equal(parse(&s, text, &fault), fits ? EC_OK : EC_INVALID);
        if (!fits) assert_string_equal(fault.rule, "depth");
    }
    /* What stands beside does not count. */
    char row[EC_RULE_TEXT_MAX];
    row[0] = '\0';
    for (int i = 0; i < 100; i++)
        strncat(row, i == 0 ? "(guest)" : " and (guest)", sizeof(row) - strlen(row) - 1);
    assert_int_equal(parse(&s, row, &fault), EC_OK);
    scene_close(&s);
}

static void length__has_a_limit(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    static char text[EC_RULE_TEXT_MAX + 2];
    ec_rule_fault fault;
    memset(text, ' ', EC_RULE_TEXT_MAX);
    memcpy(text, "guest", 5);
    assert_int_equal(parse(&s, text, &fault), EC_OK);
    text[EC_RULE_TEXT_MAX] = ' ';
    assert_int_equal(parse(&s, text, &fault), EC_INVALID);
    assert_string_equal(fault.rule, "max_length");
    assert_int_equal(fault.at, EC_RULE_TEXT_MAX);
    scene_close(&s);
}

static void list__has_a_limit(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    char text[EC_RULE_TEXT_MAX] = "user in (1";
    ec_rule_fault fault;
    for (int i = 1; i < EC_RULE_VALUES_MAX; i++)
        strncat(text, ",1", sizeof(text) - strlen(text) - 1);
    size_t length = strlen(text);
    memcpy(text + length, ")", 2);
    assert_int_equal(parse(&s, text, &fault), EC_OK);
    memcpy(text + length, ",1)", 4);
    assert_int_equal(parse(&s, text, &fault), EC_INVALID);
    assert_string_equal(fault.rule, "max_items");
    assert_int_equal(fault.at, length + 1);
    scene_close(&s);
}

static void fault__is_text_that_can_be_shown(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    char text[400];
    ec_rule_fault fault;
    memset(text, 0, sizeof(text));
    for (size_t i = 0; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, "\xc3\xb1", 2);
    assert_int_equal(parse(&s, text, &fault), EC_INVALID);
    assert_string_equal(fault.rule, "unknown");
    for (size_t i = 0; fault.message[i] != '\0'; i++)
        if ((unsigned char)fault.message[i] == 0xc3)
            assert_int_equal((unsigned char)fault.message[i + 1], 0xb1);
    scene_close(&s);
}

/* Each text of the table, cut off anywhere and with any byte changed, gives a status. */
static void any_bytes__give_an_answer(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    ec_rule_fault fault;
    for (size_t i = 0; i < COUNT(good); i++) {
        size_t length = strlen(good[i]);
        for (size_t at = 0; at < length; at++) {
            ec_arena_mark mark = ec_arena_save(&s.arena);
            char text[400];
            memcpy(text, good[i], length + 1);
            for (int c = 1; c < 256; c += 7) {
                text[at] = (char)c;
                (void)parse(&s, text, &fault);
            }
            text[at] = '\0';
            (void)parse(&s, text, &fault);
            ec_arena_restore(&s.arena, mark);
        }
    }
    scene_close(&s);
}

static void needs__are_those_of_the_subjects(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const ec_rule *rule = NULL;
    unsigned needs = EC_RULE_NEEDS_COST;
    ec_rule_fault fault;
    assert_int_equal(ec_rule_parse(&s.arena, "any(tag = a or attribute.b = c) and group = vip",
                                   EC_RULE_CART, &rule, &needs, &fault),
                     EC_OK);
    assert_int_equal(needs, EC_RULE_NEEDS_COST | EC_RULE_NEEDS_TAGS | EC_RULE_NEEDS_ATTRIBUTES |
                                EC_RULE_NEEDS_GROUPS);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(condition__is_what_the_grammar_says),
        cmocka_unit_test(condition__says_where_it_is_wrong),
        cmocka_unit_test(nothing__is_no_condition_and_always_holds),
        cmocka_unit_test(depth__has_a_limit),
        cmocka_unit_test(length__has_a_limit),
        cmocka_unit_test(list__has_a_limit),
        cmocka_unit_test(fault__is_text_that_can_be_shown),
        cmocka_unit_test(any_bytes__give_an_answer),
        cmocka_unit_test(needs__are_those_of_the_subjects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
