/* SPDX-License-Identifier: MIT */
/*
 * tax.c - tax categories, rates, exemptions and tax numbers as they are kept, and what quotes make
 * of them.
 */
#include "harness/sale.h"

static ec_engine *engine;
static ec_session *session;
static ec_id chile, germany, standard, books, tea;

static ec_id zone_of(const char *code, const char *country)
{
    ec_zone_member member = {NULL, country, EC_ZONE_KIND_COUNTRY};
    ec_zone input = {.code = code, .name = code, .members = &member, .members_count = 1};
    ec_zone *made = NULL;
    assert_ok(session, ec_zone_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_id category_of(const char *code, bool is_default)
{
    ec_tax_category input = {.code = code, .name = code, .is_default = is_default};
    ec_tax_category *made = NULL;
    assert_ok(session, ec_tax_category_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_id rate_of(ec_id zone, ec_id category, int64_t rate, bool included)
{
    ec_tax_rate input = {.zone_id = zone,
                         .category_id = category,
                         .rate = rate,
                         .name = "IVA",
                         .included = included,
                         .is_active = true};
    ec_tax_rate *made = NULL;
    assert_ok(session, ec_tax_rate_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    chile = zone_of("cl", "CL");
    germany = zone_of("de", "DE");
    standard = category_of("standard", true);
    books = category_of("books", false);
    tea = sale_variant(engine, "TEA", 11900, 100);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

/* One tea for somebody in a country. */
static ec_quote *quote_of(ec_id user, const char *country)
{
    ec_quote *quote = NULL;
    ec_quote_ask line = {.variant_id = tea, .quantity = 1, .unit_price = -1};
    ec_address address = {.country = country};
    ec_quote_request request = EC_QUOTE_REQUEST_INIT;
    request.lines = &line;
    request.lines_count = 1;
    request.user_id = user;
    if (country != NULL) request.shipping_address = &address;
    assert_ok(session, ec_quote_make(session, &request, &quote));
    return quote;
}

static void expect_taxes(ec_id user, const char *country, int64_t added, int64_t included,
                         int64_t total)
{
    ec_quote *quote = quote_of(user, country);
    assert_int_equal(quote->tax_amount, added);
    assert_int_equal(quote->tax_included, included);
    assert_int_equal(quote->total_amount, total);
    ec_free(quote);
}

/* ---- categories ---- */

static void category__has_one_default(void **state)
{
    (void)state;
    ec_tax_category *found = NULL;
    ec_tax_category change = {.is_default = true};
    ec_mask mask = ec_mask_of("tax_category", "is_default");
    assert_ok(session, ec_tax_category_update(session, books, &change, mask, &found));
    assert_true(found->is_default);
    ec_free(found);
    assert_ok(session, ec_tax_category_by_code(session, "standard", &found));
    assert_false(found->is_default);
    assert_int_equal(found->version, 2);
    ec_free(found);
    (void)category_of("third", true);
    assert_int_equal(
        shop_sql_int(engine, "SELECT COUNT(*) FROM tax_categories WHERE is_default = 1"), 1);
}

static void category__keeps_its_code(void **state)
{
    (void)state;
    ec_tax_category *found = NULL;
    ec_tax_category change = {.code = "other", .name = "Other"};
    assert_status(
        session,
        ec_tax_category_update(session, books, &change, ec_mask_of("tax_category", "code"), &found),
        EC_INVALID);
    assert_field_error(session, "code", "immutable");
}

static void category__stays_while_goods_or_rates_name_it(void **state)
{
    (void)state;
    (void)rate_of(chile, books, 0, true);
    assert_status(session, ec_tax_category_delete(session, books, 0), EC_IN_USE);
    ec_variant *changed = NULL;
    ec_variant change = {.tax_code = "standard"};
    assert_ok(session, ec_variant_update(session, tea, &change, ec_mask_of("variant", "tax_code"),
                                         &changed));
    ec_free(changed);
    assert_status(session, ec_tax_category_delete(session, standard, 0), EC_IN_USE);
    assert_status(session, ec_tax_category_delete(session, 99, 0), EC_NOT_FOUND);
}

/* ---- rates ---- */

static void rate__is_shown_in_per_cent(void **state)
{
    (void)state;
    ec_tax_rate *found = NULL;
    char *json = NULL;
    ec_id id = rate_of(chile, standard, 88750, false);
    assert_ok(session, ec_tax_rate_get(session, id, &found));
    assert_int_equal(found->rate, 88750);
    assert_ok(session, ec_to_json(session, "tax_rate", found, &json));
    assert_non_null(strstr(json, "\"rate\":8.875"));
    ec_free(json);
    ec_free(found);
}

static void rate__refuses_what_it_cannot_be(void **state)
{
    (void)state;
    static const struct {
        ec_tax_rate rate;
        const char *field, *rule;
    } rows[] = {
        {{.zone_id = 99, .category_id = 1, .name = "x"}, "zone_id", "reference"},
        {{.zone_id = 1, .category_id = 99, .name = "x"}, "category_id", "reference"},
        {{.category_id = 1, .name = "x"}, "zone_id", "required"},
        {{.zone_id = 1, .category_id = 1, .name = "x", .rate = -1}, "rate", "min"},
        {{.zone_id = 1, .category_id = 1, .name = "x", .rate = 10000001}, "rate", "max"},
        {{.zone_id = 1, .category_id = 1}, "name", "required"},
        {{.zone_id = 1, .category_id = 1, .name = "x", .valid_from = 5, .valid_until = 5},
         "valid_until",
         "order"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_tax_rate *made = NULL;
        assert_status(session, ec_tax_rate_create(session, &rows[i].rate, &made), EC_INVALID);
        assert_field_error(session, rows[i].field, rows[i].rule);
    }
}

static void rates__are_listed_by_zone_and_category(void **state)
{
    (void)state;
    static const struct {
        bool zone, category;
        int64_t count;
    } rows[] = {{false, false, 3}, {true, false, 2}, {false, true, 2}, {true, true, 1}};
    (void)rate_of(chile, standard, 190000, true);
    (void)rate_of(chile, books, 190000, true);
    (void)rate_of(germany, standard, 190000, true);
    for (size_t i = 0; i < 4; i++) {
        ec_tax_rate_list *list = NULL;
        ec_tax_rate_filter filter = {rows[i].zone ? chile : 0, rows[i].category ? standard : 0};
        assert_ok(session, ec_tax_rate_find(session, &filter, NULL, &list));
        assert_int_equal(list->items_count, rows[i].count);
        ec_free(list);
    }
}

/* ---- quotes ---- */

static void quote__follows_every_change_of_a_rate(void **state)
{
    (void)state;
    ec_tax_rate *changed = NULL;
    ec_tax_rate change = {.rate = 250000, .is_active = false};
    expect_taxes(0, "CL", 0, 0, 11900);
    ec_id id = rate_of(chile, standard, 190000, true);
    expect_taxes(0, "CL", 0, 1900, 11900);
    assert_ok(session,
              ec_tax_rate_update(session, id, &change, ec_mask_of("tax_rate", "rate"), &changed));
    ec_free(changed);
    expect_taxes(0, "CL", 0, 2380, 11900); /* 11900 * 25/125 */
    assert_ok(session, ec_tax_rate_update(session, id, &change, ec_mask_of("tax_rate", "is_active"),
                                          &changed));
    ec_free(changed);
    expect_taxes(0, "CL", 0, 0, 11900);
    assert_ok(session, ec_tax_rate_delete(session, id, 0));
    expect_taxes(0, "CL", 0, 0, 11900);
}

static void quote__without_address_is_taxed_as_the_channel_says(void **state)
{
    (void)state;
    ec_channel *channel = NULL;
    ec_channel change = {.tax_zone_id = chile};
    (void)rate_of(chile, standard, 190000, false);
    expect_taxes(0, NULL, 0, 0, 11900);
    assert_ok(session, ec_channel_update(session, 1, &change, ec_mask_of("channel", "tax_zone_id"),
                                         &channel));
    ec_free(channel);
    expect_taxes(0, NULL, 2261, 0, 14161);
    expect_taxes(0, "AR", 2261, 0, 14161); /* in no zone */
    expect_taxes(0, "DE", 0, 0, 11900);    /* in a zone without rates */
}

static void quote__tells_the_rate_for_the_invoice(void **state)
{
    (void)state;
    ec_id id = rate_of(chile, standard, 190000, true);
    ec_quote *quote = quote_of(0, "CL");
    assert_int_equal(quote->tax_zone_id, chile);
    assert_int_equal(quote->taxes_count, 1);
    assert_int_equal(quote->taxes[0].tax_rate_id, id);
    assert_string_equal(quote->taxes[0].name, "IVA");
    assert_string_equal(quote->taxes[0].code, "standard");
    assert_int_equal(quote->taxes[0].base, 10000);
    assert_int_equal(quote->taxes[0].amount, 1900);
    ec_free(quote);
}

static void quote__takes_rates_of_its_moment(void **state)
{
    (void)state;
    ec_tax_rate input = {.zone_id = chile,
                         .category_id = standard,
                         .rate = 100000,
                         .name = "IVA",
                         .is_active = true,
                         .valid_from = world_now() + 1000,
                         .valid_until = world_now() + 2000};
    ec_tax_rate *made = NULL;
    assert_ok(session, ec_tax_rate_create(session, &input, &made));
    ec_free(made);
    expect_taxes(0, "CL", 0, 0, 11900);
    world_advance(1000);
    expect_taxes(0, "CL", 1190, 0, 13090);
    world_advance(1000);
    expect_taxes(0, "CL", 0, 0, 11900);
}

/* ---- buyers ---- */

static ec_id exemption_of(ec_tax_exemption input)
{
    ec_tax_exemption *made = NULL;
    assert_ok(session, ec_tax_exemption_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static void exemption__of_a_user_holds_where_and_when_it_says(void **state)
{
    (void)state;
    ec_id ana = shop_customer(engine, "ana@example.com"),
          bo = shop_customer(engine, "bo@example.com");
    (void)rate_of(chile, standard, 190000, true);
    (void)rate_of(germany, standard, 190000, true);
    ec_id id = exemption_of((ec_tax_exemption){
        .user_id = ana, .zone_id = chile, .certificate = "A 1", .valid_until = world_now() + 1000});
    expect_taxes(ana, "CL", -1900, 0, 10000);
    expect_taxes(ana, "DE", 0, 1900, 11900);
    expect_taxes(bo, "CL", 0, 1900, 11900);
    expect_taxes(0, "CL", 0, 1900, 11900);
    ec_quote *quote = quote_of(ana, "CL");
    assert_string_equal(quote->taxes[0].note, "exempt");
    assert_int_equal(quote->taxes[0].amount, 0);
    ec_free(quote);
    world_advance(1000);
    expect_taxes(ana, "CL", 0, 1900, 11900);
    assert_ok(session, ec_tax_exemption_delete(session, id, 0));
}

static void exemption__of_a_group_is_for_all_in_it(void **state)
{
    (void)state;
    ec_id ana = shop_customer(engine, "ana@example.com");
    ec_group input = {.code = "schools", .name = "Schools"}, *group = NULL;
    (void)rate_of(chile, standard, 190000, true);
    assert_ok(session, ec_group_create(session, &input, &group));
    (void)exemption_of((ec_tax_exemption){.group_id = group->id});
    expect_taxes(ana, "CL", 0, 1900, 11900);
    assert_ok(session, ec_group_add_users(session, group->id, &ana, 1));
    expect_taxes(ana, "CL", -1900, 0, 10000);
    assert_status(session, ec_group_delete(session, group->id, 0), EC_IN_USE);
    ec_free(group);
}

static void reverse_charge__needs_a_valid_number_of_the_country(void **state)
{
    (void)state;
    ec_tax_number *kept = NULL;
    ec_id ana = shop_customer(engine, "ana@example.com");
    ec_tax_number number = {.user_id = ana, .country = "DE", .number = "de 123.456.789"};
    (void)rate_of(germany, standard, 190000, true);
    (void)exemption_of((ec_tax_exemption){.user_id = ana, .kind = EC_TAX_REVERSE_CHARGE});
    expect_taxes(ana, "DE", 0, 1900, 11900);
    assert_ok(session, ec_tax_number_set(session, &number, &kept));
    assert_string_equal(kept->number, "123456789");
    ec_free(kept);
    expect_taxes(ana, "DE", 0, 1900, 11900); /* nobody checked it */
    number.is_valid = true;
    number.checked_at = world_now();
    assert_ok(session, ec_tax_number_set(session, &number, &kept));
    assert_int_equal(kept->version, 2);
    ec_free(kept);
    expect_taxes(ana, "DE", -1900, 0, 10000);
    ec_quote *quote = quote_of(ana, "DE");
    assert_string_equal(quote->taxes[0].note, "reverse_charge");
    ec_free(quote);
    (void)rate_of(chile, standard, 190000, true);
    expect_taxes(ana, "CL", 0, 1900, 11900); /* no number there */
}

static void reverse_charge__holds_by_a_certificate(void **state)
{
    (void)state;
    ec_id ana = shop_customer(engine, "ana@example.com");
    (void)rate_of(germany, standard, 190000, false);
    (void)exemption_of((ec_tax_exemption){
        .user_id = ana, .certificate = "DE123456789", .kind = EC_TAX_REVERSE_CHARGE});
    expect_taxes(ana, "DE", 0, 0, 11900);
    expect_taxes(0, "DE", 2261, 0, 14161);
}

static void exemption__belongs_to_one(void **state)
{
    (void)state;
    ec_tax_exemption *made = NULL;
    ec_tax_exemption none = {.certificate = "A"}, both = {.user_id = 1, .group_id = 1};
    ec_tax_exemption nobody = {.user_id = 99}, nogroup = {.group_id = 99};
    assert_status(session, ec_tax_exemption_create(session, &none, &made), EC_INVALID);
    assert_field_error(session, "user_id", "required");
    assert_status(session, ec_tax_exemption_create(session, &both, &made), EC_INVALID);
    assert_field_error(session, "user_id", "conflict");
    assert_status(session, ec_tax_exemption_create(session, &nobody, &made), EC_INVALID);
    assert_field_error(session, "user_id", "reference");
    assert_status(session, ec_tax_exemption_create(session, &nogroup, &made), EC_INVALID);
    assert_field_error(session, "group_id", "reference");
}

static void number__has_the_form_of_its_country(void **state)
{
    (void)state;
    static const struct {
        const char *country, *number, *kept;
    } rows[] = {
        {"CL", "76.192.083-9", "761920839"}, /* 6..1 times 2 3 4 5 6 7 2 3: 178, rest 2: 9 */
        {"CL", "76.192.083-8", NULL},
        {"CL", "6.265.838-k", "6265838K"},
        {"CL", "12", NULL},
        {"DE", "123456789", "123456789"},
        {"DE", "DE123456789", "123456789"},
        {"DE", "12345678", NULL},
        {"AT", "ATU12345678", "U12345678"},
        {"AT", "X12345678", NULL},
        {"GR", "EL 123456789", "123456789"},
        {"IE", "IE 1234567WA", "1234567WA"},
        {"NL", "NL123456789B01", "123456789B01"},
        {"NL", "123456789C01", NULL},
        {"AR", "30-12345678-9", "30123456789"}, /* a form that is not known */
        {"AR", "x", NULL},
        {"AR", "ñandú", NULL},
    };
    ec_id ana = shop_customer(engine, "ana@example.com");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_tax_number *kept = NULL;
        ec_tax_number number = {
            .user_id = ana, .country = rows[i].country, .number = rows[i].number};
        ec_status status = ec_tax_number_set(session, &number, &kept);
        if (rows[i].kept == NULL) {
            assert_status(session, status, EC_INVALID);
            assert_field_error(session, "number", "format");
            continue;
        }
        assert_ok(session, status);
        assert_string_equal(kept->number, rows[i].kept);
        ec_free(kept);
    }
    ec_tax_number_list *list = NULL;
    assert_ok(session, ec_tax_numbers(session, ana, &list));
    assert_int_equal(list->items_count, 7); /* one for each country */
    ec_free(list);
    assert_status(session, ec_tax_numbers(session, 99, &list), EC_NOT_FOUND);
}

static void taxes__are_for_staff(void **state)
{
    (void)state;
    ec_session *guest = session_guest(engine);
    ec_tax_rate_list *rates = NULL;
    ec_tax_exemption_list *exemptions = NULL;
    ec_tax_category_list *categories = NULL;
    ec_tax_number_list *numbers = NULL;
    assert_status(guest, ec_tax_rate_find(guest, NULL, NULL, &rates), EC_DENIED);
    assert_status(guest, ec_tax_exemption_find(guest, NULL, NULL, &exemptions), EC_DENIED);
    assert_status(guest, ec_tax_category_find(guest, NULL, &categories), EC_DENIED);
    assert_status(guest, ec_tax_numbers(guest, 1, &numbers), EC_DENIED);
    ec_session_close(guest);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(category__has_one_default),
        CASE(category__keeps_its_code),
        CASE(category__stays_while_goods_or_rates_name_it),
        CASE(rate__is_shown_in_per_cent),
        CASE(rate__refuses_what_it_cannot_be),
        CASE(rates__are_listed_by_zone_and_category),
        CASE(quote__follows_every_change_of_a_rate),
        CASE(quote__without_address_is_taxed_as_the_channel_says),
        CASE(quote__tells_the_rate_for_the_invoice),
        CASE(quote__takes_rates_of_its_moment),
        CASE(exemption__of_a_user_holds_where_and_when_it_says),
        CASE(exemption__of_a_group_is_for_all_in_it),
        CASE(reverse_charge__needs_a_valid_number_of_the_country),
        CASE(reverse_charge__holds_by_a_certificate),
        CASE(exemption__belongs_to_one),
        CASE(number__has_the_form_of_its_country),
        CASE(taxes__are_for_staff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
