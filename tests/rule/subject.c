/* SPDX-License-Identifier: MIT */
/*
 * Each subject, holding and not; unknown facts; and, or, not; amounts per channel and currency.
 */
#include "rule/scene.h"

typedef struct row {
    const char *holds, *fails;
} row;

/* Of the shirt. */
static const row line_rows[] = {
    {"product = 100", "product = 200"},
    {"variant in (1, 1000)", "variant != 1000"},
    {"sku = \"SHIRT-RED-42\"", "sku = \"shirt-red-42\""},
    {"sku = \"SHIRT-*\"", "sku = \"*BOOK*\""},
    {"sku = \"*RED*42\"", "sku != \"*RED*\""},
    {"category = 12", "category = 5"},
    {"category = 1", "category != 1"},
    {"category_direct = 12", "category_direct = 4"},
    {"brand = 3", "brand not in (3, 4)"},
    {"collection = 78", "collection = 79"},
    {"tag = outlet", "tag = winter"},
    {"tag = \"summer 26\"", "tag != outlet"},
    {"tag != winter", "tag not in (outlet, winter)"},
    {"type = shirt", "type = book"},
    {"attribute.colour = red", "attribute.colour = green"},
    {"attribute.colour = blue", "attribute.colour != blue"},
    {"attribute.size >= 42", "attribute.size >= 43"},
    {"attribute.size = 42.50", "attribute.size between 1 and 42"},
    {"attribute.\"shelf life\" > 9", "attribute.\"shelf life\" > 10"},
    {"attribute.nothing != red", "attribute.nothing = red"},
    {"option.size = XL", "option.size = L"},
    {"price >= 9990 CLP", "price > 9990 CLP"},
    {"price between 9990 CLP and 9990 CLP", "price between 1 CLP and 9989 CLP"},
    {"original_price = 12990 CLP", "original_price != 12990 CLP"},
    {"discounted", "not discounted"},
    {"quantity < 3", "quantity < 2"},
    {"weight <= 300", "weight <= 299"},
    {"tax_category = standard", "tax_category = reduced"},
    {"shipping_category != bulky", "shipping_category = bulky"},
    {"cost = 5000 CLP", "cost > 5000 CLP"},
    {"margin >= 49.9499%", "margin >= 49.95%"},
    {"requires_shipping", "not requires_shipping"},
    {"brand = 3 and country = CL and group = vip", "brand = 3 and guest"},
};

/* Of the cart: the gift counts nowhere. */
static const row cart_rows[] = {
    {"any(brand = 3)", "any(brand = 9)"},
    {"any", "any(brand = 3 and sku = BOOK)"},
    {"all", "all(brand = 3)"},
    {"all(quantity >= 1)", "all(quantity >= 2)"},
    {"none(brand = 9)", "none(brand = 3)"},
    {"units = 3", "units > 3"},
    {"units(brand = 3) = 2", "units(brand = 9) > 0"},
    {"units(brand = 9) = 0", "units() < 3"},
    {"lines = 2", "lines(brand = 3) = 2"},
    {"total = 24000 CLP", "total >= 24001 CLP"},
    {"total(brand = 3) = 19000 CLP", "total(brand = 3) < 19000 CLP"},
    {"price_total = 24980 CLP", "price_total = 24000 CLP"},
    {"gross_total = 24100 CLP", "gross_total = 24000 CLP"},
    {"weight = 600", "weight > 600"},
    {"channel = web", "channel != web"},
    {"currency = CLP", "currency = EUR"},
    {"locale = es-CL", "locale = es"},
    {"country = CL", "country in (AR, PE)"},
    {"region = \"valparaíso\"", "region = Arica"},
    {"city = \"quilpué\"", "city != \"QUILPué\""},
    {"postcode = 2430000", "postcode = 2430001"},
    {"postcode = \"243*\"", "postcode = \"*1\""},
    {"postcode between 2400000 and 2499999", "postcode < 2430000"},
    {"group = vip", "group = staff"},
    {"group in (a, trade)", "group != trade"},
    {"user = 8", "user != 8"},
    {"role = customer", "role = manager"},
    {"email = \"ana@example.com\"", "email != \"ANA@example.com\""},
    {"email = \"*@EXAMPLE.com\"", "email = \"*@example.org\""},
    {"signed_in", "not signed_in"},
    {"not guest", "guest"},
    {"not staff", "staff"},
    {"nth_order = 3", "nth_order = 2"},
    {"orders_count = 2", "orders_count = 3"},
    {"not first_order", "first_order"},
    {"spent >= 50000 CLP", "spent > 50000 CLP"},
    {"days_since_order = 10", "days_since_order > 10"},
    {"weekday = tuesday", "weekday in (monday, wednesday)"},
    {"hour = 20", "hour = 23"},
    {"date = \"2026-11-24\"", "date > \"2026-11-24\""},
    {"date between \"2026-11-01\" and \"2026-11-30\"", "date < \"2026-11-24\""},
    {"coupon = \"summer-10\"", "coupon = OLD"},
    {"coupon = \"summer-*\"", "coupon != SUMMER-10"},
    {"shipping_method = courier", "shipping_method = pickup"},
    {"payment_method = cash", "payment_method = card"},
    {"fee = 3000 CLP", "fee = 3990 CLP"},
    {"fact.source = news", "fact.source = mail"},
    {"fact.age < 18", "fact.age >= 18"},
    {"fact.age < 100", "fact.age > 9 and fact.age > 100"},
};

static void subject__of_a_line_is_read(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(line_rows); i++) {
        if (!scene_holds_line(&s, line_rows[i].holds, 0)) fail_msg("no: %s", line_rows[i].holds);
        if (scene_holds_line(&s, line_rows[i].fails, 0)) fail_msg("yes: %s", line_rows[i].fails);
    }
    scene_close(&s);
}

static void subject__of_a_cart_is_read(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(cart_rows); i++) {
        const char *text = cart_rows[i].holds;
        if (!scene_holds(&s, text)) fail_msg("no: %s", text);
        if (scene_holds(&s, cart_rows[i].fails)) fail_msg("yes: %s", cart_rows[i].fails);
    }
    scene_close(&s);
}

/* Is a word a word of some text of the tables? */
static bool is_tested(const row *rows, size_t count, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(rows[i].holds, name);
        if (found == NULL || (found > rows[i].holds && found[-1] != ' ' && found[-1] != '('))
            continue;
        if (strchr(" (.", found[length]) != NULL) return true;
    }
    return false;
}

static void every_subject__is_in_a_table_here(void **state)
{
    (void)state;
    const char *name = NULL, *doc = NULL;
    unsigned scopes = 0;
    ec_rule_kind kind;
    size_t n = 0;
    for (; ec_rule_subject_at(n, &name, &scopes, &kind, &doc); n++) {
        assert_true(scopes != 0 && strlen(doc) > 0);
        if (strcmp(name, "zone") == 0) continue; /* tests/tax */
        bool cart = is_tested(cart_rows, COUNT(cart_rows), name);
        bool line = is_tested(line_rows, COUNT(line_rows), name);
        if (!((scopes & EC_RULE_CART) != 0 ? cart : line)) fail_msg("%s is not tested", name);
    }
    assert_true(n > 50);
}

/* ---- unknown facts --------------------------------------------------------------------------- */

static void unknown_fact__makes_every_test_fail(void **state)
{
    (void)state;
    static const char *const subjects[] = {"country",        "region",          "city",
                                           "postcode",       "email",           "role",
                                           "payment_method", "shipping_method", "locale"};
    static const char *const numbers[] = {"nth_order", "orders_count", "days_since_order"};
    scene s;
    scene_open(&s);
    s.in.shipping_address = NULL;
    s.in.customer = (ec_pricing_customer){0};
    s.in.payment_method = s.in.shipping_method = s.in.locale = NULL;
    for (size_t i = 0; i < COUNT(subjects); i++) {
        char text[100];
        static const char *const forms[] = {" = CL", " != CL", " in (CL, AR)", " not in (CL, AR)"};
        for (size_t j = 0; j < COUNT(forms); j++) {
            snprintf(text, sizeof(text), "%s%s", subjects[i], forms[j]);
            assert_false(scene_holds(&s, text));
            snprintf(text, sizeof(text), "not %s%s", subjects[i], forms[j]);
            assert_true(scene_holds(&s, text));
        }
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char text[100];
        static const char *const forms[] = {" = 1", " != 1", " >= 0", " <= 9", " between 0 and 9"};
        for (size_t j = 0; j < COUNT(forms); j++) {
            snprintf(text, sizeof(text), "%s%s", numbers[i], forms[j]);
            assert_false(scene_holds(&s, text));
        }
    }
    assert_false(scene_holds(&s, "first_order"));
    assert_false(scene_holds(&s, "zone = 3"));
    assert_false(scene_holds(&s, "zone != 3"));
    assert_false(scene_holds(&s, "fact.nothing != 3"));
    /* A visitor has no groups; that is known. */
    assert_true(scene_holds(&s, "group != vip"));
    /* The book: no cost, no weight, no original price; no tags either. */
    assert_false(scene_holds_line(&s, "cost != 3 CLP", 1));
    assert_false(scene_holds_line(&s, "margin < 100%", 1));
    assert_false(scene_holds_line(&s, "weight >= 0", 1));
    assert_false(scene_holds_line(&s, "original_price >= 0 CLP", 1));
    assert_true(scene_holds_line(&s, "tag != outlet and brand != 3 and type != shirt", 1));
    scene_close(&s);
}

static void billing_address__serves_without_one_for_shipping(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    s.in.billing_address = s.in.shipping_address;
    s.in.shipping_address = NULL;
    assert_true(scene_holds(&s, "country = CL"));
    scene_close(&s);
}

static void empty_cart__has_no_line_for_any_or_all(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    s.work.lines_count = 0;
    assert_false(scene_holds(&s, "any"));
    assert_false(scene_holds(&s, "all"));
    assert_true(scene_holds(&s, "none"));
    assert_true(scene_holds(&s, "total = 0 CLP and units = 0"));
    scene_close(&s);
}

static void sums__stop_at_the_largest_number(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    s.states[0].price = s.states[1].price = INT64_MAX;
    assert_true(scene_holds(&s, "price_total >= 999999999999999 CLP"));
    s.lines[0].weight = INT64_MAX;
    assert_true(scene_holds(&s, "weight = 9223372036854775807"));
    scene_close(&s);
}

/* ---- and, or, not ---------------------------------------------------------------------------- */

static void precedence__is_not_then_and_then_or(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    /* signed_in: yes, staff: no, guest: no */
    assert_true(scene_holds(&s, "signed_in or staff and guest"));
    assert_false(scene_holds(&s, "(signed_in or staff) and guest"));
    assert_true(scene_holds(&s, "staff and guest or signed_in"));
    assert_true(scene_holds(&s, "not staff or signed_in"));
    assert_false(scene_holds(&s, "not (staff or signed_in)"));
    assert_false(scene_holds(&s, "not signed_in and not staff"));
    assert_true(scene_holds(&s, "nth_order between 2 and 3 and signed_in"));
    scene_close(&s);
}

static void failing_test__is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *failed;
    } rows[] = {
        {"signed_in and total >= 99999 CLP and guest", "total >= 99999 CLP"},
        {"signed_in and ( guest or country = AR )", "guest or country = AR"},
        {"not  ( signed_in )", "not  ( signed_in )"},
        {"signed_in and (user = 8 and (guest))", "guest"},
    };
    scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const ec_rule *failed = NULL;
        const ec_rule *rule = scene_parse(&s, rows[i].text, EC_RULE_CART);
        assert_false(ec_rule_holds(rule, &s.work, &failed));
        assert_string_equal(failed->text, rows[i].failed);
    }
    const ec_rule *failed = (const ec_rule *)&s;
    assert_true(ec_rule_holds(scene_parse(&s, "signed_in", EC_RULE_CART), &s.work, &failed));
    assert_null(failed);
    scene_close(&s);
}

/* ---- amounts --------------------------------------------------------------------------------- */

static void amount__of_the_channel_goes_before_that_of_the_currency(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    const ec_rule *rule = scene_parse(
        &s, "total >= 1 CLP | 2 CLP @ web | 3.00 EUR | 4.00 EUR @ web | 5 CLP @ app", EC_RULE_CART);
    int64_t amount = -1;
    static const struct {
        const char *channel, *currency;
        int64_t amount;
    } rows[] = {{"web", "CLP", 2}, {"app", "CLP", 5},   {"x", "CLP", 1},
                {NULL, "CLP", 1},  {"web", "EUR", 400}, {"app", "EUR", 300}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        s.in.channel = rows[i].channel;
        s.in.currency = rows[i].currency;
        assert_true(ec_rule_amount(&rule->values[0], &s.work, &amount));
        assert_int_equal(amount, rows[i].amount);
    }
    s.in.currency = "USD";
    amount = -1;
    assert_false(ec_rule_amount(&rule->values[0], &s.work, &amount));
    assert_int_equal(amount, -1);
    assert_false(ec_rule_holds(rule, &s.work, NULL));
    s.in.currency = "EUR";
    s.in.channel = "web";
    rule = scene_parse(&s, "total != 1 CLP", EC_RULE_CART);
    assert_false(ec_rule_holds(rule, &s.work, NULL));
    scene_close(&s);
}

static void clock__is_the_shops(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    s.in.utc_offset_ms = INT64_C(3600000);
    assert_true(scene_holds(&s, "weekday = wednesday and hour = 0 and date = \"2026-11-25\""));
    s.in.utc_offset_ms = 0;
    s.in.now = -1; /* 1969-12-31T23:59:59.999Z */
    assert_true(scene_holds(&s, "weekday = wednesday and hour = 23 and date = \"1969-12-31\""));
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subject__of_a_line_is_read),
        cmocka_unit_test(subject__of_a_cart_is_read),
        cmocka_unit_test(every_subject__is_in_a_table_here),
        cmocka_unit_test(unknown_fact__makes_every_test_fail),
        cmocka_unit_test(billing_address__serves_without_one_for_shipping),
        cmocka_unit_test(empty_cart__has_no_line_for_any_or_all),
        cmocka_unit_test(sums__stop_at_the_largest_number),
        cmocka_unit_test(precedence__is_not_then_and_then_or),
        cmocka_unit_test(failing_test__is_named),
        cmocka_unit_test(amount__of_the_channel_goes_before_that_of_the_currency),
        cmocka_unit_test(clock__is_the_shops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
