/* SPDX-License-Identifier: MIT */
/*
 * Zones: what a place is, which addresses it has, and which of several zones wins.
 */
#include "tax/desk.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
    ec_zone_kind kind;
    const char *country, *value;
    ec_address address;
    bool has;
} places[] = {
    {EC_ZONE_KIND_COUNTRY, NULL, "CL", {.country = "CL"}, true},
    {EC_ZONE_KIND_COUNTRY, NULL, "CL", {.country = "AR"}, false},
    {EC_ZONE_KIND_COUNTRY, NULL, "*", {.country = "AR"}, true},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "US", .region = "CA"}, true},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "US", .region = "ca"}, true},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "US", .region = "US-CA"}, true},
    {EC_ZONE_KIND_REGION, "US", "US-CA", {.country = "US", .region = "CA"}, true},
    {EC_ZONE_KIND_REGION, "US", "US-CA", {.country = "US", .region = "US-CA"}, true},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "US", .region = "CAL"}, false},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "MX", .region = "CA"}, false},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "US"}, false},
    {EC_ZONE_KIND_REGION, "US", "CA", {.country = "US", .region = ""}, false},
    {EC_ZONE_KIND_REGION, "CL", "Biobío", {.country = "CL", .region = "BIOBIO"}, true},
    {EC_ZONE_KIND_CITY, "CL", "Ñuñoa", {.country = "CL", .city = " ñuñoa "}, true},
    {EC_ZONE_KIND_CITY, "CL", "Viña del Mar", {.country = "CL", .city = "VINA  DEL MAR"}, true},
    {EC_ZONE_KIND_CITY, "CL", "Viña del Mar", {.country = "CL", .city = "Vina"}, false},
    {EC_ZONE_KIND_CITY, "CL", "Santiago", {.country = "ES", .city = "Santiago"}, false},
    {EC_ZONE_KIND_CITY, "JP", "東京", {.country = "JP", .city = "東京"}, true},
    {EC_ZONE_KIND_CITY, "JP", "東京", {.country = "JP", .city = "京都"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "35*", {.country = "ES", .postal_code = "35001"}, true},
    {EC_ZONE_KIND_POSTCODE, "ES", "35*", {.country = "ES", .postal_code = "38001"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "35*", {.country = "ES", .postal_code = "35"}, true},
    {EC_ZONE_KIND_POSTCODE, "ES", "35???", {.country = "ES", .postal_code = "35001"}, true},
    {EC_ZONE_KIND_POSTCODE, "ES", "35???", {.country = "ES", .postal_code = "3500"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "35???", {.country = "ES", .postal_code = "350011"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "35*", {.country = "FR", .postal_code = "35001"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "35*", {.country = "ES"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "*", {.country = "ES", .postal_code = ""}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "38000..38999", {.country = "ES", .postal_code = "38000"}, true},
    {EC_ZONE_KIND_POSTCODE, "ES", "38000..38999", {.country = "ES", .postal_code = "38999"}, true},
    {EC_ZONE_KIND_POSTCODE, "ES", "38000..38999", {.country = "ES", .postal_code = "39000"}, false},
    {EC_ZONE_KIND_POSTCODE, "ES", "38000..38999", {.country = "ES", .postal_code = "3800"}, false},
    {EC_ZONE_KIND_POSTCODE,
     "US",
     "94100..94199",
     {.country = "US", .postal_code = "94103-1234"},
     true},
    {EC_ZONE_KIND_POSTCODE, "US", "94103", {.country = "US", .postal_code = "94103-1234"}, true},
    {EC_ZONE_KIND_POSTCODE, "US", "94103", {.country = "US", .postal_code = "941031234"}, false},
    {EC_ZONE_KIND_POSTCODE, "GB", "SW1A", {.country = "GB", .postal_code = "sw1a 1aa"}, true},
    {EC_ZONE_KIND_POSTCODE, "GB", "SW1A 1AA", {.country = "GB", .postal_code = "SW1A1AA"}, true},
    {EC_ZONE_KIND_POSTCODE, "GB", "SW1", {.country = "GB", .postal_code = "SW1A 1AA"}, false},
    {EC_ZONE_KIND_POSTCODE, "PL", "00-0*", {.country = "PL", .postal_code = "00-001"}, true},
    {EC_ZONE_KIND_POSTCODE, "PL", "00*", {.country = "PL", .postal_code = "żó"}, false},
};

static void zone_place__has_what_it_says_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        desk d;
        desk_open(&d);
        desk_zone(&d, 7, "zone", EC_ZONE_ALL);
        desk_place(&d, places[i].kind, places[i].country, places[i].value);
        desk_prepare(&d);
        bool has = ec_zone_has(&d.rules.taxes, 7, &places[i].address);
        if (has != places[i].has) fail_msg("row %zu: %s", i, places[i].value);
        ec_id zone = ec_zone_of(&d.rules.taxes, EC_ZONE_FOR_TAX, &places[i].address);
        assert_int_equal(zone, has ? 7 : 0);
        desk_close(&d);
    }
}

static void zone_place__refuses_what_is_no_place(void **state)
{
    (void)state;
    static const struct {
        ec_zone_member member;
        const char *field, *rule;
    } rows[] = {
        {{NULL, NULL, EC_ZONE_KIND_COUNTRY}, "value", "required"},
        {{NULL, "", EC_ZONE_KIND_COUNTRY}, "value", "required"},
        {{NULL, "ZZ", EC_ZONE_KIND_COUNTRY}, "value", "format"},
        {{NULL, "cl", EC_ZONE_KIND_COUNTRY}, "value", "format"},
        {{NULL, "Chile", EC_ZONE_KIND_COUNTRY}, "value", "format"},
        {{"CL", "CL", EC_ZONE_KIND_COUNTRY}, "country", "conflict"},
        {{"CL", "eu", EC_ZONE_KIND_ZONE}, "country", "conflict"},
        {{NULL, "CA", EC_ZONE_KIND_REGION}, "country", "required"},
        {{"*", "CA", EC_ZONE_KIND_REGION}, "country", "format"},
        {{"US", "--", EC_ZONE_KIND_REGION}, "value", "format"},
        {{"US", " ", EC_ZONE_KIND_CITY}, "value", "format"},
        {{NULL, "35*", EC_ZONE_KIND_POSTCODE}, "country", "required"},
        {{"ES", "3*5", EC_ZONE_KIND_POSTCODE}, "value", "format"},
        {{"ES", "-", EC_ZONE_KIND_POSTCODE}, "value", "format"},
        {{"ES", "35%", EC_ZONE_KIND_POSTCODE}, "value", "format"},
        {{"ES", "38000..3899", EC_ZONE_KIND_POSTCODE}, "value", "format"},
        {{"ES", "..", EC_ZONE_KIND_POSTCODE}, "value", "format"},
        {{"ES", "38*..39*", EC_ZONE_KIND_POSTCODE}, "value", "format"},
        {{"ES", "38999..38000", EC_ZONE_KIND_POSTCODE}, "value", "order"},
        {{"ES", "1234567890123456789012345678901234567890123456789012345678901234",
          EC_ZONE_KIND_POSTCODE},
         "value",
         "format"},
    };
    desk d;
    desk_open(&d);
    for (size_t i = 0; i < COUNT(rows); i++) {
        ec_zone_place place;
        const char *rule = NULL;
        const char *field = ec_zone_place_make(&d.arena, &rows[i].member, &place, &rule);
        if (field == NULL) fail_msg("row %zu: %s", i, rows[i].member.value);
        assert_string_equal(field, rows[i].field);
        assert_string_equal(rule, rows[i].rule);
    }
    desk_close(&d);
}

/* Spain, and ever smaller parts of it; the world around. */
static void spain(desk *d)
{
    desk_zone(d, 1, "world", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_COUNTRY, NULL, "*");
    desk_zone(d, 2, "union", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_ZONE, NULL, "spain");
    desk_place(d, EC_ZONE_KIND_ZONE, NULL, "france");
    desk_zone(d, 3, "spain", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_COUNTRY, NULL, "ES");
    desk_zone(d, 4, "france", EC_ZONE_SHIPPING);
    desk_place(d, EC_ZONE_KIND_COUNTRY, NULL, "FR");
    desk_zone(d, 5, "madrid", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_REGION, "ES", "Madrid");
    desk_zone(d, 6, "madrid-city", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_CITY, "ES", "Madrid");
    desk_zone(d, 7, "canary", EC_ZONE_TAX);
    desk_place(d, EC_ZONE_KIND_POSTCODE, "ES", "35*");
    desk_place(d, EC_ZONE_KIND_POSTCODE, "ES", "38000..38999");
    desk_zone(d, 8, "palmas", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_POSTCODE, "ES", "350*");
    desk_zone(d, 9, "one-house", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_POSTCODE, "ES", "35001");
    desk_zone(d, 10, "another-spain", EC_ZONE_ALL);
    desk_place(d, EC_ZONE_KIND_COUNTRY, NULL, "ES");
    desk_prepare(d);
}

static void zone_of__prefers_the_most_specific(void **state)
{
    (void)state;
    static const struct {
        ec_address address;
        ec_id tax, shipping;
    } rows[] = {
        {{.country = "AR"}, 1, 1},                     /* the world alone */
        {{.country = "FR"}, 2, 4},                     /* for taxes only through the union */
        {{.country = "ES"}, 3, 3},                     /* the lower one of two Spains */
        {{.country = "ES", .region = "Madrid"}, 5, 5}, /* a region before its country */
        {{.country = "ES", .region = "Madrid", .city = "Madrid"}, 6, 6},
        {{.country = "ES", .city = "Madrid", .postal_code = "38500"}, 7, 6}, /* no taxes there */
        {{.country = "ES", .postal_code = "35900"}, 7, 3},
        {{.country = "ES", .postal_code = "35009"}, 8, 8}, /* the longer pattern */
        {{.country = "ES", .postal_code = "35001"}, 9, 9}, /* the whole code */
        {{.country = "ES", .postal_code = "28001"}, 3, 3},
        {{.postal_code = "35001"}, 0, 0}, /* nowhere */
        {{.country = ""}, 0, 0},
    };
    desk d;
    desk_open(&d);
    spain(&d);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const ec_address *address = &rows[i].address;
        assert_int_equal(ec_zone_of(&d.rules.taxes, EC_ZONE_FOR_TAX, address), rows[i].tax);
        assert_int_equal(ec_zone_of(&d.rules.taxes, EC_ZONE_FOR_SHIPPING, address),
                         rows[i].shipping);
    }
    assert_int_equal(ec_zone_of(&d.rules.taxes, EC_ZONE_FOR_TAX, NULL), 0);
    desk_close(&d);
}

static void zone_has__looks_into_zones_inside_of_zones(void **state)
{
    (void)state;
    desk d;
    desk_open(&d);
    spain(&d);
    ec_address paris = {.country = "FR", .city = "Paris"};
    assert_true(ec_zone_has(&d.rules.taxes, 2, &paris));
    assert_true(ec_zone_has(&d.rules.taxes, 4, &paris));
    assert_true(ec_zone_has(&d.rules.taxes, 1, &paris));
    assert_false(ec_zone_has(&d.rules.taxes, 3, &paris));
    assert_false(ec_zone_has(&d.rules.taxes, 99, &paris));
    assert_false(ec_zone_has(&d.rules.taxes, 1, NULL));
    desk_close(&d);
}

static void zone_index__refuses_circles_and_strangers(void **state)
{
    (void)state;
    static const char *const inner[][3] = {
        {"a", NULL, NULL}, {"b", "a", NULL}, {"b", "c", "a"}, {"b", "c", "b"}, {"x", NULL, NULL}};
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < COUNT(inner); i++) {
        desk d;
        ec_id bad = 0;
        desk_open(&d);
        for (size_t k = 0; k < 3; k++) {
            desk_zone(&d, (ec_id)k + 1, names[k], EC_ZONE_ALL);
            desk_place(&d, EC_ZONE_KIND_COUNTRY, NULL, "CL");
            if (inner[i][k] != NULL) desk_place(&d, EC_ZONE_KIND_ZONE, NULL, inner[i][k]);
        }
        assert_int_equal(ec_zone_index_make(&d.arena, &d.rules.taxes, &d.index, &bad), EC_INVALID);
        assert_true(bad > 0);
        desk_close(&d);
    }
}

static void zone_index__holds_a_place_once_however_many_ways_lead_to_it(void **state)
{
    (void)state;
    desk d;
    char names[2 * 8][8];
    desk_open(&d);
    /* Eight floors of two zones; each has both of the floor below: 2^7 ways down. */
    for (int floor = 0; floor < 8; floor++) {
        for (int side = 0; side < 2; side++) {
            int at = 2 * floor + side;
            (void)snprintf(names[at], sizeof names[at], "z%d", at);
            desk_zone(&d, at + 1, names[at], EC_ZONE_ALL);
            if (floor == 0) {
                desk_place(&d, EC_ZONE_KIND_COUNTRY, NULL, side ? "PE" : "CL");
                continue;
            }
            desk_place(&d, EC_ZONE_KIND_ZONE, NULL, names[2 * floor - 2]);
            desk_place(&d, EC_ZONE_KIND_ZONE, NULL, names[2 * floor - 1]);
        }
    }
    desk_prepare(&d);
    assert_int_equal(d.index.entries_count, 2 + 7 * 2 * 2);
    ec_address lima = {.country = "PE"};
    assert_true(ec_zone_has(&d.rules.taxes, 16, &lima));
    assert_int_equal(ec_zone_of(&d.rules.taxes, EC_ZONE_FOR_TAX, &lima), 2);
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zone_place__has_what_it_says_and_nothing_else),
        cmocka_unit_test(zone_place__refuses_what_is_no_place),
        cmocka_unit_test(zone_of__prefers_the_most_specific),
        cmocka_unit_test(zone_has__looks_into_zones_inside_of_zones),
        cmocka_unit_test(zone_index__refuses_circles_and_strangers),
        cmocka_unit_test(zone_index__holds_a_place_once_however_many_ways_lead_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
