/* SPDX-License-Identifier: MIT */
/*
 * zone.c - zones as they are kept, and whose an address is.
 */
#include "harness/harness.h"

static ec_engine *engine;
static ec_session *session;

static int setup(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static ec_id zone_of(const char *code, ec_zone_scope scope, ec_zone_member *members, size_t count)
{
    ec_zone input = {
        .code = code, .name = "Zone", .scope = scope, .members = members, .members_count = count};
    ec_zone *made = NULL;
    assert_ok(session, ec_zone_create(session, &input, &made));
    ec_id id = made->id;
    ec_free(made);
    return id;
}

static ec_id country_of(const char *code, const char *country)
{
    ec_zone_member member = {NULL, country, EC_ZONE_KIND_COUNTRY};
    return zone_of(code, EC_ZONE_ALL, &member, 1);
}

static ec_id match(const char *country, const char *region, const char *postcode,
                   ec_zone_scope scope)
{
    ec_zone *found = NULL;
    ec_address address = {.country = country, .region = region, .postal_code = postcode};
    ec_status status = ec_zone_match(session, &address, scope, &found);
    if (status == EC_NOT_FOUND) return 0;
    assert_ok(session, status);
    ec_id id = found->id;
    ec_free(found);
    return id;
}

static void zone__is_kept_with_its_members_in_their_order(void **state)
{
    (void)state;
    ec_zone_member members[] = {
        {"ES", "35*", EC_ZONE_KIND_POSTCODE},
        {"ES", "38000..38999", EC_ZONE_KIND_POSTCODE},
        {"ES", "Santa Cruz de Tenerife", EC_ZONE_KIND_CITY},
        {"ES", "Canarias", EC_ZONE_KIND_REGION},
    };
    ec_zone *found = NULL;
    ec_id id = zone_of("es-canary", EC_ZONE_TAX, members, 4);
    assert_ok(session, ec_zone_by_code(session, "es-canary", &found));
    assert_int_equal(found->id, id);
    assert_int_equal(found->scope, EC_ZONE_TAX);
    assert_int_equal(found->members_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(found->members[i].kind, members[i].kind);
        assert_string_equal(found->members[i].country, "ES");
        assert_string_equal(found->members[i].value, members[i].value);
    }
    ec_free(found);
}

static void zone__changes_only_what_is_named(void **state)
{
    (void)state;
    ec_zone *changed = NULL;
    ec_zone_member members[] = {{NULL, "CL", EC_ZONE_KIND_COUNTRY},
                                {NULL, "PE", EC_ZONE_KIND_COUNTRY}};
    ec_id id = zone_of("andes", EC_ZONE_ALL, members, 2);
    ec_zone change = {.version = 1, .name = "The Andes"};
    assert_ok(session, ec_zone_update(session, id, &change, ec_mask_of("zone", "name"), &changed));
    assert_string_equal(changed->name, "The Andes");
    assert_int_equal(changed->members_count, 2);
    assert_int_equal(changed->version, 2);
    ec_free(changed);
    change.members = members;
    change.members_count = 1;
    assert_status(session,
                  ec_zone_update(session, id, &change, ec_mask_of("zone", "members"), &changed),
                  EC_STALE);
    change.version = 2;
    assert_ok(session,
              ec_zone_update(session, id, &change, ec_mask_of("zone", "members"), &changed));
    assert_int_equal(changed->members_count, 1);
    assert_int_equal(changed->version, 3);
    ec_free(changed);
    assert_int_equal(match("CL", NULL, NULL, EC_ZONE_ALL), id);
    assert_int_equal(match("PE", NULL, NULL, EC_ZONE_ALL), 0);
    change.version = 3; /* the same list again is no change */
    assert_ok(session,
              ec_zone_update(session, id, &change, ec_mask_of("zone", "members"), &changed));
    assert_int_equal(changed->version, 3);
    ec_free(changed);
}

static void zone__refuses_a_code_that_is_taken(void **state)
{
    (void)state;
    ec_zone *made = NULL;
    ec_zone again = {.code = "cl", .name = "Again"};
    (void)country_of("cl", "CL");
    assert_status(session, ec_zone_create(session, &again, &made), EC_EXISTS);
    assert_field_error(session, "code", "unique");
}

static void zone__refuses_members_that_are_no_places(void **state)
{
    (void)state;
    static const struct {
        ec_zone_member member;
        const char *field, *rule;
    } rows[] = {
        {{NULL, "ZZ", EC_ZONE_KIND_COUNTRY}, "members[1].value", "format"},
        {{"CL", "CL", EC_ZONE_KIND_COUNTRY}, "members[1].country", "conflict"},
        {{NULL, "CA", EC_ZONE_KIND_REGION}, "members[1].country", "required"},
        {{"ES", "3*5", EC_ZONE_KIND_POSTCODE}, "members[1].value", "format"},
        {{"ES", "39..38", EC_ZONE_KIND_POSTCODE}, "members[1].value", "order"},
        {{NULL, "nowhere", EC_ZONE_KIND_ZONE}, "members[1].value", "unknown"},
        {{"CL", "", EC_ZONE_KIND_CITY}, "members[1].value", "required"},
        {{NULL, "CL", (ec_zone_kind)9}, "members[1].kind", "enum"},
    };
    uint64_t before = shop_checksum(engine);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ec_zone *made = NULL;
        ec_zone_member members[] = {{NULL, "CL", EC_ZONE_KIND_COUNTRY}, rows[i].member};
        ec_zone input = {.code = "x", .name = "X", .members = members, .members_count = 2};
        assert_status(session, ec_zone_create(session, &input, &made), EC_INVALID);
        assert_field_error(session, rows[i].field, rows[i].rule);
        assert_int_equal(shop_checksum(engine), before);
    }
}

static void zone__refuses_to_contain_itself(void **state)
{
    (void)state;
    ec_zone *changed = NULL;
    ec_mask mask = ec_mask_of("zone", "members");
    ec_zone_member in_b = {NULL, "a", EC_ZONE_KIND_ZONE}, in_c = {NULL, "b", EC_ZONE_KIND_ZONE};
    ec_id a = country_of("a", "CL");
    (void)zone_of("b", EC_ZONE_ALL, &in_b, 1);
    (void)zone_of("c", EC_ZONE_ALL, &in_c, 1);
    ec_zone_member members[] = {{NULL, "CL", EC_ZONE_KIND_COUNTRY}, {NULL, "a", EC_ZONE_KIND_ZONE}};
    ec_zone change = {.members = members, .members_count = 2};
    assert_status(session, ec_zone_update(session, a, &change, mask, &changed), EC_INVALID);
    assert_field_error(session, "members[1].value", "circle");
    members[1].value = "c";
    assert_status(session, ec_zone_update(session, a, &change, mask, &changed), EC_INVALID);
    assert_field_error(session, "members", "circle");
    assert_int_equal(match("CL", NULL, NULL, EC_ZONE_TAX), a);
}

static void zone__stays_while_it_is_used(void **state)
{
    (void)state;
    ec_channel *channel = NULL;
    ec_zone_member in_b = {NULL, "a", EC_ZONE_KIND_ZONE};
    ec_id a = country_of("a", "CL");
    ec_id b = zone_of("b", EC_ZONE_ALL, &in_b, 1);
    assert_status(session, ec_zone_delete(session, a, 0), EC_IN_USE);
    assert_status(session, ec_zone_delete(session, b, 7), EC_STALE);
    ec_channel change = {.tax_zone_id = b};
    assert_ok(session, ec_channel_update(session, 1, &change, ec_mask_of("channel", "tax_zone_id"),
                                         &channel));
    assert_int_equal(channel->tax_zone_id, b);
    ec_free(channel);
    assert_status(session, ec_zone_delete(session, b, 0), EC_IN_USE);
    change.tax_zone_id = 0;
    assert_ok(session, ec_channel_update(session, 1, &change, ec_mask_of("channel", "tax_zone_id"),
                                         &channel));
    ec_free(channel);
    assert_ok(session, ec_zone_delete(session, b, 1));
    assert_ok(session, ec_zone_delete(session, a, 1));
    assert_status(session, ec_zone_delete(session, a, 0), EC_NOT_FOUND);
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM zone_members"), 0);
}

static void channel__refuses_zones_it_cannot_tax_by(void **state)
{
    (void)state;
    ec_channel *channel = NULL;
    ec_zone_member member = {NULL, "CL", EC_ZONE_KIND_COUNTRY};
    ec_channel change = {.tax_zone_id = 99};
    ec_mask mask = ec_mask_of("channel", "tax_zone_id");
    assert_status(session, ec_channel_update(session, 1, &change, mask, &channel), EC_INVALID);
    assert_field_error(session, "tax_zone_id", "reference");
    change.tax_zone_id = zone_of("ship", EC_ZONE_SHIPPING, &member, 1);
    assert_status(session, ec_channel_update(session, 1, &change, mask, &channel), EC_INVALID);
    assert_field_error(session, "tax_zone_id", "conflict");
}

static void match__follows_every_change_at_once(void **state)
{
    (void)state;
    assert_int_equal(match("CL", NULL, NULL, EC_ZONE_TAX), 0);
    ec_id chile = country_of("cl", "CL");
    assert_int_equal(match("CL", NULL, NULL, EC_ZONE_TAX), chile);
    ec_zone_member region = {"CL", "Magallanes", EC_ZONE_KIND_REGION};
    ec_id south = zone_of("south", EC_ZONE_SHIPPING, &region, 1);
    assert_int_equal(match("CL", "MAGALLANES", NULL, EC_ZONE_SHIPPING), south);
    assert_int_equal(match("CL", "MAGALLANES", NULL, EC_ZONE_TAX), chile);
    assert_int_equal(match("CL", "MAGALLANES", NULL, EC_ZONE_ALL), chile);
    assert_ok(session, ec_zone_delete(session, south, 0));
    assert_int_equal(match("CL", "MAGALLANES", NULL, EC_ZONE_SHIPPING), chile);
    ec_zone *found = NULL;
    ec_address address = {.country = "CL"};
    assert_status(session, ec_zone_match(session, &address, (ec_zone_scope)3, &found), EC_INVALID);
    assert_field_error(session, "scope", "enum");
    assert_status(session, ec_zone_match(session, NULL, EC_ZONE_TAX, &found), EC_MISUSE);
}

static void zone__may_have_very_many_members(void **state)
{
    (void)state;
    enum { COUNT = 3001 };
    static ec_zone_member members[COUNT];
    static char codes[COUNT][8];
    ec_zone *found = NULL;
    for (int i = 0; i < COUNT; i++) {
        snprintf(codes[i], sizeof codes[i], "%05d", 10000 + i);
        members[i] = (ec_zone_member){"US", codes[i], EC_ZONE_KIND_POSTCODE};
    }
    ec_id id = zone_of("many", EC_ZONE_ALL, members, COUNT);
    assert_ok(session, ec_zone_get(session, id, &found));
    assert_int_equal(found->members_count, COUNT);
    assert_string_equal(found->members[COUNT - 1].value, codes[COUNT - 1]);
    ec_free(found);
    assert_int_equal(match("US", NULL, "13000", EC_ZONE_TAX), id);
    assert_int_equal(match("US", NULL, "13001", EC_ZONE_TAX), 0);
}

static void zones__are_listed_with_their_members(void **state)
{
    (void)state;
    ec_zone_list *list = NULL;
    ec_page page = {.limit = 2, .total = true};
    (void)country_of("a", "CL");
    (void)zone_of("b", EC_ZONE_ALL, NULL, 0);
    (void)country_of("c", "PE");
    assert_ok(session, ec_zone_find(session, &page, &list));
    assert_int_equal(list->total, 3);
    assert_int_equal(list->items_count, 2);
    assert_string_equal(list->items[0].members[0].value, "CL");
    assert_int_equal(list->items[1].members_count, 0);
    page.cursor = list->next_cursor;
    ec_zone_list *next = NULL;
    assert_ok(session, ec_zone_find(session, &page, &next));
    assert_string_equal(next->items[0].members[0].value, "PE");
    ec_free(next);
    ec_free(list);
}

static void zones__are_for_staff(void **state)
{
    (void)state;
    ec_zone *found = NULL;
    ec_zone_list *list = NULL;
    ec_zone zone = {.code = "x", .name = "X"};
    ec_address address = {.country = "CL"};
    ec_session *guest = session_guest(engine);
    assert_status(guest, ec_zone_create(guest, &zone, &found), EC_DENIED);
    assert_status(guest, ec_zone_get(guest, 1, &found), EC_DENIED);
    assert_status(guest, ec_zone_find(guest, NULL, &list), EC_DENIED);
    assert_status(guest, ec_zone_match(guest, &address, EC_ZONE_TAX, &found), EC_DENIED);
    assert_status(guest, ec_zone_delete(guest, 1, 0), EC_DENIED);
    ec_session_close(guest);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(zone__is_kept_with_its_members_in_their_order),
        CASE(zone__changes_only_what_is_named),
        CASE(zone__refuses_a_code_that_is_taken),
        CASE(zone__refuses_members_that_are_no_places),
        CASE(zone__refuses_to_contain_itself),
        CASE(zone__stays_while_it_is_used),
        CASE(channel__refuses_zones_it_cannot_tax_by),
        CASE(match__follows_every_change_at_once),
        CASE(zone__may_have_very_many_members),
        CASE(zones__are_listed_with_their_members),
        CASE(zones__are_for_staff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
