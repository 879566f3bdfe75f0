/* SPDX-License-Identifier: MIT */
/*
 * layout.c - the tables of all entities against the structs they describe, whatever entities there
 * are: no member without row, names, documents, limits and flags that make sense.
 */
#include <ctype.h>

#include "specimen.h"

static size_t member_size(ec_field_type type)
{
    switch (type) {
    case EC_FIELD_BOOL: return sizeof(bool);
    case EC_FIELD_ENUM: return sizeof(ec_field_type);
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    return 8;
}

static size_t aligned(size_t at, size_t size)
{
    return (at + size - 1) / size * size;
}

static bool has_count(const ec_field *field)
{
    return field->type == EC_FIELD_LIST || field->type == EC_FIELD_TEXTS;
}

/* Where the member after a field begins, when the field's begins at `at`; SIZE_MAX when it does not
   begin there. A count stands before its array. */
static size_t behind_field(const ec_field *field, size_t at)
{
    size_t size = member_size(field->type);
    at = aligned(at, has_count(field) ? sizeof(size_t) : size);
    if (has_count(field)) {
        if (field->count_offset != at) {
            return SIZE_MAX;
        }
        at += sizeof(size_t);
    }
    return field->offset == at ? at + size : SIZE_MAX;
}

/* The name of the first field that is not where the table says, "the end" for a tail that the table
   does not know, NULL when the table covers the struct. `skip`: leave one row out. */
static const char *layout_fault(const ec_entity *entity, size_t skip)
{
    size_t at = 0;
    for (size_t row = 0; row < entity->count; row++) {
        if (row == skip) {
            continue;
        }
        at = behind_field(&entity->fields[row], at);
        if (at == SIZE_MAX) {
            return entity->fields[row].name;
        }
    }
    return aligned(at, 8) == entity->size ? NULL : "the end";
}

static void layout__every_member_has_its_row(void **state)
{
    (void)state;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        const char *fault = layout_fault(entity, SIZE_MAX);
        if (fault) {
            fail_msg("%s: the struct and its table differ before %s", entity->name, fault);
        }
    }
    assert_null(layout_fault(&specimen_entity, SIZE_MAX));
    assert_null(layout_fault(&part_entity, SIZE_MAX));
}

static void layout__a_row_left_out_is_found(void **state)
{
    (void)state;
    for (size_t row = 0; row < specimen_entity.count; row++) {
        bool in_padding = member_size(specimen_entity.fields[row].type) < 8;
        assert_true(in_padding || layout_fault(&specimen_entity, row));
    }
}

static void layout__small_members_stand_last(void **state)
{
    (void)state;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        size_t smallest = 8;
        for (size_t row = 0; row < entity->count; row++) {
            size_t size = member_size(entity->fields[row].type);
            if (size > smallest) {
                fail_msg("%s.%s could hide a member in the padding before it", entity->name,
                         entity->fields[row].name);
            }
            smallest = size;
        }
    }
}

/* ---- names and documents --------------------------------------------------------------------- */

static bool is_snake_case(const char *name)
{
    char before = '_';
    for (; *name; name++) {
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_') {
            return false;
        }
        if (*name == '_' && before == '_') {
            return false;
        }
        before = *name;
    }
    return before != '_';
}

static bool is_sentence(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    return length > 3 && (isupper((unsigned char)text[0]) || isdigit((unsigned char)text[0])) &&
           strchr(".?", text[length - 1]);
}

static void layout__names_are_unique_and_documented(void **state)
{
    (void)state;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        assert_true(is_snake_case(entity->name));
        assert_ptr_equal(ec_entity_find(entity->name), entity);
        if (!is_sentence(entity->doc)) {
            fail_msg("%s: the document is no sentence", entity->name);
        }
        if (entity->count == 0 || entity->count > 64) {
            fail_msg("%s: %zu fields do not fit a mask", entity->name, entity->count);
        }
        for (size_t row = 0; row < entity->count; row++) {
            const ec_field *field = &entity->fields[row];
            assert_int_equal(field->name_length, strlen(field->name));
            if (!is_snake_case(field->name) || !is_sentence(field->doc)) {
                fail_msg("%s.%s: the name or the document is wrong", entity->name, field->name);
            }
            if (ec_field_find(entity, field->name) != field) {
                fail_msg("%s.%s: the name is not unique", entity->name, field->name);
            }
        }
    }
}

/* ---- what rows must say ---------------------------------------------------------------------- */

static bool is_nested(const ec_field *field)
{
    return field->type == EC_FIELD_STRUCT || field->type == EC_FIELD_LIST;
}

static const char *row_fault(const ec_field *field)
{
    bool text = field->type == EC_FIELD_TEXT;
    if (is_nested(field) && !field->target) {
        return "a nested field without target";
    }
    if ((field->type == EC_FIELD_ENUM) != (field->names != NULL)) {
        return "names belong to enums";
    }
    if (field->type == EC_FIELD_ENUM && !field->names[0]) {
        return "an enum without names";
    }
    if (field->format && (!text || !ec_format_find(field->format))) {
        return "a format that is none";
    }
    if (field->flags & EC_FIELD_CURRENCY && !text) {
        return "a currency that is no text";
    }
    if (field->scale < 0 || field->scale > 18 ||
        (field->scale > 0 && field->type != EC_FIELD_DECIMAL)) {
        return "a scale that is none";
    }
    if (ec_field_min(field) > ec_field_max(field)) {
        return "limits that exclude each other";
    }
    if (field->flags & EC_FIELD_DEFAULT_TRUE && field->type != EC_FIELD_BOOL) {
        return "a default truth that is none";
    }
    return field->flags & ~(unsigned)(EC_FIELD_DEFAULT_TRUE * 2 - 1) ? "an unknown flag" : NULL;
}

static void layout__rows_make_sense(void **state)
{
    (void)state;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        size_t ids = 0;
        size_t currencies = 0;
        for (size_t row = 0; row < entity->count; row++) {
            const ec_field *field = &entity->fields[row];
            const char *fault = row_fault(field);
            if (fault) {
                fail_msg("%s.%s: %s", entity->name, field->name, fault);
            }
            ids += field->type == EC_FIELD_ID;
            currencies += (field->flags & EC_FIELD_CURRENCY) != 0;
        }
        assert_true(ids <= 1 && currencies <= 1);
    }
}

/* ---- the public view ------------------------------------------------------------------------- */

static void registry__walks_entities_and_fields(void **state)
{
    (void)state;
    size_t entities = 0;
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        size_t fields = 0;
        ec_mask mask = 0;
        for (const ec_field *field = ec_field_next(entity, NULL); field;
             field = ec_field_next(entity, field)) {
            assert_true(ec_field_bit(entity, field) == (ec_mask)1 << fields);
            mask |= ec_field_bit(entity, field);
            fields++;
        }
        assert_int_equal(fields, entity->count);
        assert_true(mask == ec_entity_mask(entity, 0));
        entities++;
    }
    assert_true(entities > 10);
}

static void registry__answers_nothing_to_null(void **state)
{
    (void)state;
    const ec_entity *address = ec_entity_find("address");
    assert_null(ec_entity_find(NULL));
    assert_null(ec_entity_find("nothing"));
    assert_null(ec_entity_find(""));
    assert_null(ec_entity_next(&specimen_entity));
    assert_null(ec_entity_name(NULL));
    assert_null(ec_entity_doc(NULL));
    assert_null(ec_entity_table(NULL));
    assert_null(ec_field_find(NULL, "id"));
    assert_null(ec_field_find(address, NULL));
    assert_null(ec_field_find(address, "nothing"));
    assert_null(ec_field_next(NULL, NULL));
    assert_null(ec_field_next(address, &specimen_fields[0]));
    assert_null(ec_field_name(NULL));
    assert_null(ec_field_doc(NULL));
    assert_null(ec_field_target(NULL));
    assert_int_equal(ec_field_flags(NULL), 0);
    assert_int_equal(ec_field_min(NULL), 0);
    assert_int_equal(ec_field_max(NULL), 0);
    assert_int_equal(ec_field_scale(NULL), 0);
    assert_true(ec_field_bit(address, &specimen_fields[0]) == 0);
    assert_true(ec_field_bit(NULL, NULL) == 0);
}

static void registry__tells_what_a_field_is(void **state)
{
    (void)state;
    const ec_entity *order = ec_entity_find("order");
    const ec_field *status = ec_field_find(order, "status");
    const ec_field *items = ec_field_find(order, "items");
    assert_string_equal(ec_entity_name(order), "order");
    assert_string_equal(ec_entity_table(order), "orders");
    assert_int_equal(ec_field_type_of(status), EC_FIELD_ENUM);
    assert_string_equal(ec_field_enum_name(status, 5), "cancelled");
    assert_null(ec_field_enum_name(status, 6));
    assert_null(ec_field_enum_name(status, -1));
    assert_null(ec_field_enum_name(status, INT32_MAX));
    assert_null(ec_field_enum_name(items, 0));
    assert_ptr_equal(ec_field_target(items), ec_entity_find("order_item"));
    assert_string_equal(ec_field_name(items), "items");
    assert_true(ec_field_flags(items) & EC_FIELD_READONLY);
    assert_int_equal(ec_field_scale(specimen_field("rate")), 4);
    assert_int_equal(ec_field_scale(specimen_field("count")), 0);
}

static void registry__tells_the_widest_limits_where_a_row_has_none(void **state)
{
    (void)state;
    assert_true(ec_field_min(specimen_field("rank")) == INT64_MIN);
    assert_true(ec_field_max(specimen_field("rank")) == INT64_MAX);
    assert_int_equal(ec_field_min(specimen_field("count")), -5);
    assert_int_equal(ec_field_max(specimen_field("count")), 100);
    assert_true(ec_field_min(specimen_field("price")) == -EC_AMOUNT_MAX);
    assert_true(ec_field_max(specimen_field("price")) == EC_AMOUNT_MAX);
    assert_true(ec_field_min(specimen_field("owner_id")) == 0);
    assert_true(ec_field_max(specimen_field("owner_id")) == INT64_MAX);
    assert_int_equal(ec_field_max(specimen_field("color")), 2);
    assert_int_equal(ec_field_max(specimen_field("active")), 1);
    assert_int_equal(ec_field_max(specimen_field("note")), EC_TEXT_MAX);
    assert_int_equal(ec_field_max(specimen_field("parts")), 5);
}

static void mask_of__knows_names_and_nothing_else(void **state)
{
    (void)state;
    const ec_entity *address = ec_entity_find("address");
    ec_mask city = ec_field_bit(address, ec_field_find(address, "city"));
    ec_mask name = ec_field_bit(address, ec_field_find(address, "name"));
    assert_true(ec_mask_of("address", "city") == city);
    assert_true(ec_mask_of("address", "city,name") == (city | name));
    assert_true(ec_mask_of("address", "city,city") == city);
    static const char *const wrong[] = {"",      ",",         "city,",      ",city", "cit",
                                        "citys", "city name", "city, name", "CITY",  "city,nothing",
                                        " city"};
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        assert_true(ec_mask_of("address", wrong[at]) == 0);
    }
    assert_true(ec_mask_of("nothing", "city") == 0);
    assert_true(ec_mask_of(NULL, "city") == 0);
    assert_true(ec_mask_of("address", NULL) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout__every_member_has_its_row),
        cmocka_unit_test(layout__a_row_left_out_is_found),
        cmocka_unit_test(layout__small_members_stand_last),
        cmocka_unit_test(layout__names_are_unique_and_documented),
        cmocka_unit_test(layout__rows_make_sense),
        cmocka_unit_test(registry__walks_entities_and_fields),
        cmocka_unit_test(registry__answers_nothing_to_null),
        cmocka_unit_test(registry__tells_what_a_field_is),
        cmocka_unit_test(registry__tells_the_widest_limits_where_a_row_has_none),
        cmocka_unit_test(mask_of__knows_names_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
