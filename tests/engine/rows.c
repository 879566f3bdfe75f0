/* SPDX-License-Identifier: MIT */
/*
 * rows.c - every stored entity goes into its table and comes back the same.
 *
 * Random objects are written and read inside a transaction that is rolled back at its end, so
 * relations and the rules of the shop do not matter here.
 */
#include "engine/sql.h"
#include "engine/state.h"
#include "harness/harness.h"
#include "model/model.h"

#define OBJECTS 5

static ec_engine *engine;
static ec_session *session;

static int begin(void **state)
{
    (void)state;
    engine = shop_open();
    session = session_system(engine);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ec_session_close(session);
    shop_close(engine);
    return 0;
}

static bool is_column(const ec_field *field)
{
    return field->type != EC_FIELD_LIST && field->type != EC_FIELD_TEXTS &&
           (field->flags & EC_FIELD_NOT_STORED) == 0;
}

static bool has_id(const ec_entity *entity)
{
    const ec_field *id = ec_field_find(entity, "id");
    return id && id->type == EC_FIELD_ID && is_column(id);
}

/* ---- random objects ---- */

/* No two are the same: columns may be unique. */
static const char *random_text(ec_arena *arena)
{
    static int number;
    static const char *const pieces[] = {"a",  "Z", "ñ", "日",   "'", "\"",
                                         "\\", " ", "%", "🙂", "0"};
    char *text = ec_arena_alloc(arena, 64);
    size_t length = 0;
    for (int64_t i = world_pick(8) + 1; i > 0; i--) {
        const char *piece = pieces[world_pick(sizeof pieces / sizeof pieces[0])];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    (void)snprintf(text + length, 16, "%d", ++number);
    return text;
}

static void fill(ec_arena *arena, const ec_entity *entity, void *object);

static void fill_field(ec_arena *arena, const ec_field *field, void *object)
{
    int64_t number = world_pick(INT64_C(1) << 50) + 1;
    void *inner;
    int64_t names = 0;
    switch (field->type) {
    case EC_FIELD_ID: break;
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL: ec_field_set_int(field, object, number); break;
    case EC_FIELD_TIME: ec_field_set_int(field, object, number % INT64_C(253402300799999)); break;
    case EC_FIELD_BOOL: ec_field_set_int(field, object, number % 2); break;
    case EC_FIELD_ENUM:
        while (field->names[names]) {
            names++;
        }
        ec_field_set_int(field, object, number % names);
        break;
    case EC_FIELD_TEXT:
        if (field->flags & EC_FIELD_CURRENCY) {
            ec_field_set_text(field, object, number % 2 ? "CLP" : "KWD");
        } else {
            ec_field_set_text(field, object, random_text(arena));
        }
        break;
    case EC_FIELD_JSON:
        ec_field_set_text(field, object, "{\"a\":[1,2.50,null],\"b\":\"\\u00f1\"}");
        break;
    case EC_FIELD_STRUCT:
        inner = ec_arena_alloc(arena, field->target->size);
        fill(arena, field->target, inner);
        ec_field_set_pointer(field, object, inner);
        break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
}

static void fill(ec_arena *arena, const ec_entity *entity, void *object)
{
    for (size_t i = 0; i < entity->count; i++) {
        if (is_column(&entity->fields[i])) {
            fill_field(arena, &entity->fields[i], object);
        }
    }
}

/* The columns without default that the entity does not know are its noun's own business. */
static bool is_whole(const ec_entity *entity)
{
    char sql[512];
    int64_t unknown = 0;
    snprintf(sql, sizeof sql,
             "SELECT COUNT(*) FROM pragma_table_info('%s') WHERE \"notnull\" AND NOT pk AND"
             " dflt_value IS NULL",
             entity->table);
    unknown = shop_sql_int(engine, sql);
    for (size_t i = 0; i < entity->count; i++) {
        snprintf(sql, sizeof sql,
                 "SELECT COUNT(*) FROM pragma_table_info('%s') WHERE \"notnull\" AND NOT pk AND"
                 " name = '%s'",
                 entity->table, entity->fields[i].name);
        unknown -= is_column(&entity->fields[i]) ? shop_sql_int(engine, sql) : 0;
    }
    return unknown == 0;
}

/* ---- there and back ---- */

static ec_mask columns_of(const ec_entity *entity)
{
    ec_mask mask = 0;
    for (size_t i = 0; i < entity->count; i++) {
        mask |= is_column(&entity->fields[i]) ? (ec_mask)1 << i : 0;
    }
    return mask;
}

static ec_status same(ec_session *s, const ec_entity *entity, const void *object)
{
    void *read = ec_arena_alloc(ec_scratch(s), entity->size);
    ec_id id = ec_field_get_int(ec_field_find(entity, "id"), object);
    ec_status status = ec_entity_get(s, entity, id, read);
    if (status == EC_OK && !ec_entity_equal(entity, object, read, columns_of(entity))) {
        for (size_t i = 0; i < entity->count; i++) {
            if ((columns_of(entity) >> i & 1) != 0 &&
                !ec_entity_equal(entity, object, read, (ec_mask)1 << i)) {
                print_error("%s.%s differs\n", entity->name, entity->fields[i].name);
            }
        }
        return ec_fail(s, EC_CORRUPT, "%s came back as another one.", entity->name);
    }
    return status;
}

static ec_status there_and_back(ec_session *s, void *ctx, void **result)
{
    const ec_entity *entity = ctx;
    const ec_storage_ops *ops = s->conn->ops;
    ec_storage_error error;
    char *objects = ec_arena_array(ec_scratch(s), OBJECTS, entity->size);
    (void)result;
    if (ops->script(s->conn, "PRAGMA defer_foreign_keys = 1", &error) != EC_OK) {
        return EC_IO;
    }
    for (size_t i = 0; i < OBJECTS; i++) {
        fill(ec_scratch(s), entity, objects + i * entity->size);
    }
    ec_status status = ec_entity_insert_many(s, entity, objects, OBJECTS);
    for (size_t i = 0; status == EC_OK && i < OBJECTS; i++) {
        status = same(s, entity, objects + i * entity->size);
    }
    for (size_t i = 0; status == EC_OK && i < OBJECTS; i++) {
        char *object = objects + i * entity->size;
        const ec_field *version = ec_field_find(entity, "version");
        int64_t number = version ? ec_field_get_int(version, object) : 0;
        fill(ec_scratch(s), entity, object);
        if (version) {
            ec_field_set_int(version, object, number);
        }
        status = ec_entity_update(s, entity, object, EC_MASK_ALL);
        status = status == EC_OK ? same(s, entity, object) : status;
    }
    if (status == EC_OK) {
        status =
            ec_entity_delete(s, entity, ec_field_get_int(ec_field_find(entity, "id"), objects));
    }
    return status == EC_OK ? EC_CANCELLED : status; /* nothing of it stays */
}

static ec_status pragma(const char *sql)
{
    return shop_sql_try(engine, sql);
}

static void row__every_entity_comes_back_the_same(void **state)
{
    (void)state;
    int tried = 0;
    static const ec_op op = {.name = "test.rows",
                             .permission = "test",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_WRITE,
                             .run = there_and_back};
    assert_int_equal(pragma("PRAGMA ignore_check_constraints = 1"), EC_OK);
    for (const ec_entity *entity = ec_entity_next(NULL); entity; entity = ec_entity_next(entity)) {
        if (entity->table && has_id(entity) && is_whole(entity)) {
            ec_status status = ec_call(session, &op, (void *)(uintptr_t)entity, NULL);
            if (status != EC_CANCELLED) {
                fail_msg("%s: %s: %s", entity->name, ec_status_name(status),
                         ec_session_error(session)->message);
            }
            tried++;
        }
    }
    assert_int_equal(pragma("PRAGMA ignore_check_constraints = 0"), EC_OK);
    assert_true(tried >= 10);
}

static void row__what_makes_no_sense_is_corrupt(void **state)
{
    (void)state;
    ec_channel *channel = NULL;
    ec_id id = ec_session_channel(session);
    assert_int_equal(pragma("PRAGMA ignore_check_constraints = 1"), EC_OK);
    shop_sql(engine, "UPDATE channels SET stock_strategy = 'luck'");
    assert_status(session, ec_channel_get(session, id, &channel), EC_CORRUPT);
    assert_non_null(strstr(ec_session_error(session)->message, "stock_strategy"));
}

/* ---- updates ---- */

typedef struct change {
    ec_price_list list;
    ec_mask fields;
    ec_id id;
} change;

static ec_status run_change(ec_session *s, void *ctx, void **result)
{
    change *args = ctx;
    (void)result;
    return ec_entity_update(s, &ec_price_list_entity, &args->list, args->fields);
}

static ec_status apply(change *args)
{
    static const ec_op op = {.name = "test.change",
                             .permission = "test",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_WRITE,
                             .run = run_change};
    return ec_call(session, &op, args, NULL);
}

static void update__counts_versions_and_refuses_old_ones(void **state)
{
    (void)state;
    ec_price_list sale = {.code = "sale", .name = "Sale", .currency = "CLP", .valid_from = 1000};
    ec_price_list *made = NULL;
    assert_ok(session, ec_price_list_create(session, &sale, &made));
    change args = {.list = {.id = made->id, .name = "Winter"},
                   .fields = ec_mask_of("price_list", "name,valid_from")};
    world_advance(5000);
    assert_ok(session, apply(&args));
    assert_int_equal(args.list.updated_at, world_now());
    assert_int_equal(shop_sql_int(engine, "SELECT COUNT(*) FROM price_lists WHERE name = 'Winter'"
                                          " AND valid_from IS NULL AND version = 2"),
                     1);
    args.list.version = 1;
    assert_status(session, apply(&args), EC_STALE);
    args.list.version = 2;
    assert_ok(session, apply(&args));
    assert_int_equal(args.list.version, 3);
    args.list.id = 4711;
    assert_status(session, apply(&args), EC_NOT_FOUND);
    args.list.version = 0;
    assert_status(session, apply(&args), EC_NOT_FOUND);
    ec_free(made);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(row__every_entity_comes_back_the_same),
        CASE(row__what_makes_no_sense_is_corrupt),
        CASE(update__counts_versions_and_refuses_old_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
