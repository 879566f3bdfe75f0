/* SPDX-License-Identifier: MIT */
/*
 * jsonl.c - JSON Lines of every entity out, and the catalogue back in.
 */
#include "transfer/jsonl.h"
#include "transfer/support.h"

static size_t count_lines(const text_sink *sink)
{
    size_t lines = 0;
    for (size_t i = 0; i < sink->length; i++) {
        lines += sink->text[i] == '\n';
    }
    return lines;
}

/* A catalogue with everything that JSON Lines carry. */
static void fill(ec_session *session)
{
    ec_category home, *top = NULL, *inner = NULL;
    assert_int_equal(ec_init("category", &home), EC_OK);
    home.name = "Hogar";
    assert_ok(session, ec_category_create(session, &home, &top));
    home.name = "Cocina";
    home.parent_id = top->id;
    assert_ok(session, ec_category_create(session, &home, &inner));
    ec_attribute size, *made = NULL;
    const char *const choices[] = {"chico", "grande"};
    assert_int_equal(ec_init("attribute", &size), EC_OK);
    size.code = "size";
    size.name = "Tamaño";
    size.type = EC_ATTRIBUTE_SELECT;
    size.choices = choices;
    size.choices_count = 2;
    assert_ok(session, ec_attribute_create(session, &size, &made));
    ec_free(made);
    import_text(session, NULL, own_file);
    ec_product *mug = NULL, *changed = NULL;
    ec_product_attribute value = {.code = "size", .value = "grande"};
    assert_ok(session, ec_product_by_slug(session, "taza", &mug));
    mug->category_id = inner->id;
    mug->attributes = &value;
    mug->attributes_count = 1;
    mug->short_description = "De greda";
    mug->version = 0;
    assert_ok(session,
              ec_product_update(session, mug->id, mug,
                                ec_mask_of("product", "category_id,attributes,short_description"),
                                &changed));
    ec_free(mug);
    ec_free(changed);
    ec_free(top);
    ec_free(inner);
    ec_collection all, *collection = NULL;
    assert_int_equal(ec_init("collection", &all), EC_OK);
    all.name = "Todo";
    assert_ok(session, ec_collection_create(session, &all, &collection));
    ec_free(collection);
}

static void export__writes_every_entity_that_has_a_table(void **state)
{
    (void)state;
    for (const ec_entity *entity = NULL; (entity = ec_entity_next(entity));) {
        if (ec_entity_table(entity) && !ec_line_kind_find(ec_entity_name(entity))) {
            fail_msg("no lines are written of %s", ec_entity_name(entity));
        }
    }
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    fill(session);
    for (const ec_line_kind *kind = NULL; (kind = ec_line_kind_next(kind));) {
        char sql[128];
        int64_t objects = -1;
        text_sink sink = export_lines(session, kind->entity->name, &objects);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", kind->entity->table);
        assert_int_equal(objects, shop_sql_int(engine, sql));
        assert_int_equal(count_lines(&sink), objects);
        free(sink.text);
    }
    text_sink sink = {0};
    assert_status(session, ec_export_jsonl(session, "unicorn", text_write, &sink, NULL),
                  EC_NOT_FOUND);
    assert_status(session, ec_export_jsonl(session, "cart_notice", text_write, &sink, NULL),
                  EC_NOT_FOUND);
    ec_session_close(session);
    shop_close(engine);
}

static void export__writes_amounts_in_their_currency(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    import_text(session, NULL, own_file);
    text_sink sink = export_lines(session, "variant", NULL);
    assert_non_null(strstr(sink.text, "\"price\":39990,"));
    free(sink.text);
    sink = export_lines(session, "product", NULL);
    assert_non_null(strstr(sink.text, "\"price\":39990,"));
    assert_null(strstr(sink.text, "399.90"));
    free(sink.text);
    ec_session_close(session);
    shop_close(engine);
}

static void export__leaves_secrets_out(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    shop_sql(engine, "INSERT INTO users (email, password_hash, name, role, email_verified,"
                     " is_active, version, created_at, updated_at) VALUES ('a@example.com',"
                     " 'hush-hush', 'Ana', 'customer', 0, 1, 1, 1, 1)");
    text_sink sink = export_lines(session, NULL, NULL);
    assert_non_null(strstr(sink.text, "a@example.com"));
    assert_null(strstr(sink.text, "hush"));
    assert_null(strstr(sink.text, "password"));
    free(sink.text);
    ec_session_close(session);
    session = session_guest(engine);
    assert_status(session, ec_export_jsonl(session, NULL, text_write, &sink, NULL), EC_DENIED);
    ec_session_close(session);
    shop_close(engine);
}

static void import__of_an_export_changes_nothing_here(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    fill(session);
    static const char *const entities[] = {"category", "brand", "attribute", "product",
                                           "collection"};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        told all;
        ec_import_options options = told_options(&all);
        int64_t objects = 0;
        text_sink sink = export_lines(session, entities[i], &objects);
        ec_import_counts counts = import_lines(session, &options, sink.text, sink.length);
        for (size_t j = 0; j < all.change_count; j++) {
            print_error("%s %s: %s\n", all.changes[j].action, all.changes[j].handle,
                        all.changes[j].fields);
        }
        assert_int_equal(counts.rows, objects);
        assert_int_equal(counts.refused, 0);
        assert_int_equal(all.change_count, 0);
        free(sink.text);
    }
    ec_session_close(session);
    shop_close(engine);
}

static void import__makes_the_same_catalogue_elsewhere(void **state)
{
    (void)state;
    ec_engine *engine = shop_open(), *other = shop_open();
    ec_session *session = session_system(engine), *there = session_system(other);
    static const char *const entities[] = {"category", "brand", "attribute", "product",
                                           "collection"};
    shop_sql(other, "INSERT INTO brands (id, name, slug, is_active, version, created_at,"
                    " updated_at) VALUES (70, 'Other', 'other', 1, 1, 1, 1)");
    fill(session);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        told all;
        ec_import_options options = told_options(&all);
        int64_t objects = 0;
        text_sink first = export_lines(session, entities[i], &objects);
        options.dry_run = true;
        (void)import_lines(there, &options, first.text, first.length);
        assert_int_equal(all.change_count, objects);
        options = told_options(&all);
        ec_import_counts counts = import_lines(there, &options, first.text, first.length);
        for (size_t j = 0; j < all.refused_count; j++) {
            print_error("line %d %s %s %s\n", (int)all.refused[j].line, all.refused[j].column,
                        all.refused[j].rule, all.refused[j].reason);
        }
        assert_int_equal(counts.refused, 0);
        assert_int_equal(all.change_count, objects);
        shop_sql(other, "DELETE FROM brands WHERE slug = 'other'");
        text_sink second = export_lines(there, entities[i], NULL);
        char *a = without_numbers(first.text), *b = without_numbers(second.text);
        assert_string_equal(a, b);
        free(a);
        free(b);
        free(first.text);
        free(second.text);
    }
    ec_session_close(session);
    ec_session_close(there);
    shop_close(engine);
    shop_close(other);
}

static void import__refuses_lines_and_goes_on(void **state)
{
    (void)state;
    static const char file[] =
        "{\"entity\":\"brand\",\"data\":{\"name\":\"A\",\"slug\":\"a\"}}\r\n"
        "\n"
        "{\"entity\":\"brand\",\"data\":{\"name\":\"B\",\"slug\":\"Not a slug\"}}\n"
        "{\"entity\":\"order\",\"data\":{}}\n"
        "{\"entity\":\"brand\",\"data\":{\"name\":\"A\",\"slug\":\"a2\"}}\n"
        "[1,2\n"
        "\"text\"\n"
        "{\"entity\":\"category\",\"data\":{\"name\":\"C\",\"slug\":\"c\",\"parent_id\":4}}\n"
        "{\"entity\":\"category\",\"refs\":{\"parent_id\":\"no\"},\"data\":{\"name\":\"C\","
        "\"slug\":\"c\"}}\n"
        "{\"entity\":\"brand\",\"data\":{\"name\":\"Z\"}}\n"
        "{\"entity\":\"brand\",\"data\":{\"name\":\"Y\",\"slug\":\"y\"}}";
    static const struct {
        int64_t line;
        const char *rule;
    } wanted[] = {{3, "slug"},     {4, "entity"},    {5, "unique"},  {6, "json"},
                  {7, "required"}, {8, "reference"}, {9, "unknown"}, {10, "required"}};
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts counts = import_lines(session, &options, file, sizeof file - 1);
    assert_int_equal(counts.rows, 10);
    assert_int_equal(counts.refused, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(all.refused[i].line, wanted[i].line);
        assert_string_equal(all.refused[i].rule, wanted[i].rule);
    }
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM brands"), 2);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM categories"), 0);
    ec_session_close(session);
    shop_close(engine);
}

static void import__keeps_nothing_in_a_dry_run(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    options.dry_run = true;
    static const char file[] = "{\"entity\":\"brand\",\"data\":{\"name\":\"A\",\"slug\":\"a\"}}\n";
    (void)import_lines(session, &options, file, sizeof file - 1);
    assert_int_equal(all.change_count, 1);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM brands"), 0);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM imports"), 0);
    ec_session_close(session);
    shop_close(engine);
}

static void import__goes_on_where_it_stopped(void **state)
{
    (void)state;
    char *text = malloc((size_t)500 * 80);
    size_t at = 0;
    assert_non_null(text);
    for (int i = 0; i < 500; i++) {
        at += (size_t)snprintf(text + at, 80,
                               "{\"entity\":\"brand\",\"data\":{\"name\":\"B%d\","
                               "\"slug\":\"b-%d\"}}\n",
                               i, i);
    }
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    told all;
    ec_import_options options = told_options(&all);
    ec_import_counts *counts = NULL;
    text_source source = {.text = text, .length = at};
    all.stop_after = 1;
    assert_status(session, ec_import_jsonl(session, &options, text_read, &source, &counts),
                  EC_CANCELLED);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM brands"), 200);
    options = told_options(&all);
    options.resume = true;
    ec_import_counts rest = import_lines(session, &options, text, at);
    assert_int_equal(rest.rows, 500);
    assert_int_equal(all.change_count, 300);
    assert_int_equal(shop_sql_int(engine, "SELECT count(*) FROM brands"), 500);
    free(text);
    ec_session_close(session);
    shop_close(engine);
}

static void import__survives_any_cut_and_any_byte(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    fill(session);
    text_sink sink = export_lines(session, NULL, NULL);
    ec_session_close(session);
    shop_close(engine);
    char *text = malloc(sink.length);
    assert_non_null(text);
    for (int run = 0; run < 60; run++) {
        memcpy(text, sink.text, sink.length);
        for (int i = 0; i < 6; i++) {
            text[world_pick((int64_t)sink.length)] = (char)world_pick(256);
        }
        engine = shop_open();
        session = session_system(engine);
        size_t cut = (size_t)world_pick((int64_t)sink.length) + 1;
        ec_import_counts counts = import_lines(session, NULL, text, cut);
        assert_true(counts.refused <= counts.rows);
        ec_session_close(session);
        shop_close(engine);
    }
    free(text);
    free(sink.text);
}

static void import__reports_every_failing_allocation(void **state)
{
    (void)state;
    ec_engine *engine = shop_open();
    ec_session *session = session_system(engine);
    fill(session);
    text_sink sink = export_lines(session, NULL, NULL);
    ec_session_close(session);
    shop_close(engine);
    int64_t n = 1;
    for (bool failed = true; failed; n += 3) {
        engine = shop_open();
        session = session_system(engine);
        text_source source = {.text = sink.text, .length = sink.length};
        ec_import_counts *counts = NULL;
        world_fail(n, false);
        ec_status status = ec_import_jsonl(session, NULL, text_read, &source, &counts);
        failed = world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        assert_true((status == EC_OK) == (counts != NULL));
        ec_free(counts);
        text_sink out = {0};
        world_fail(n, false);
        status = ec_export_jsonl(session, NULL, text_write, &out, NULL);
        failed = failed || world_failed();
        world_fail(0, false);
        assert_true(status == EC_OK || status == EC_NO_MEMORY);
        free(out.text);
        ec_session_close(session);
        shop_close(engine);
    }
    free(sink.text);
    assert_true(n > 20);
}

/* ---- lines ---- */

static void lines__come_out_whatever_the_bite(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBFone\r\n\r\ntwo\nlast";
    static const char *const wanted[] = {"one", "", "two", "last"};
    for (size_t bite = 1; bite < 12; bite++) {
        text_source source = {.text = text, .length = sizeof text - 1, .bite = bite};
        ec_line_reader reader = {.read = text_read, .ctx = &source, .platform = world_platform()};
        const char *line = NULL;
        size_t length = 0;
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(ec_line_next(&reader, &line, &length), EC_OK);
            assert_string_equal(line, wanted[i]);
            assert_int_equal(length, strlen(wanted[i]));
            assert_int_equal(reader.line, i + 1);
        }
        assert_int_equal(ec_line_next(&reader, &line, &length), EC_DONE);
        assert_int_equal(reader.end, sizeof text - 1);
        ec_line_close(&reader);
    }
}

static void lines__too_long_are_passed_over(void **state)
{
    (void)state;
    size_t fat = (size_t)EC_JSON_SIZE_MAX + 10;
    char *text = malloc(fat + 20);
    assert_non_null(text);
    memset(text, 'x', fat);
    memcpy(text + fat, "\nthin\n", 7);
    text_source source = {.text = text, .length = fat + 6};
    ec_line_reader reader = {.read = text_read, .ctx = &source, .platform = world_platform()};
    const char *line = NULL;
    size_t length = 0;
    assert_int_equal(ec_line_next(&reader, &line, &length), EC_LIMIT);
    assert_int_equal(reader.line, 1);
    assert_int_equal(ec_line_next(&reader, &line, &length), EC_OK);
    assert_string_equal(line, "thin");
    assert_int_equal(reader.offset, fat + 1);
    assert_int_equal(ec_line_next(&reader, &line, &length), EC_DONE);
    ec_line_close(&reader);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(export__writes_every_entity_that_has_a_table),
        cmocka_unit_test(export__writes_amounts_in_their_currency),
        cmocka_unit_test(export__leaves_secrets_out),
        cmocka_unit_test(import__of_an_export_changes_nothing_here),
        cmocka_unit_test(import__makes_the_same_catalogue_elsewhere),
        cmocka_unit_test(import__refuses_lines_and_goes_on),
        cmocka_unit_test(import__keeps_nothing_in_a_dry_run),
        cmocka_unit_test(import__goes_on_where_it_stopped),
        cmocka_unit_test(import__survives_any_cut_and_any_byte),
        cmocka_unit_test(import__reports_every_failing_allocation),
        cmocka_unit_test(lines__come_out_whatever_the_bite),
        cmocka_unit_test(lines__too_long_are_passed_over),
    };
    return cmocka_run_group_tests_name("transfer.jsonl", tests, NULL, NULL);
}
