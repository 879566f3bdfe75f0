/* SPDX-License-Identifier: MIT */
/*
 * export_jsonl.c - objects as JSON Lines, by their tables, page by page, in one snapshot.
 *
 * Objects come in the order of their numbers, categories level by level. Products and attributes
 * come whole, with their lists, from the catalogue; everything else as its columns. What can be
 * read back also names what it refers to. Amounts of an object without a currency of its own are
 * written in that of the object it belongs to. It refuses to write SECRET fields and what is
 * computed on reading.
 */
#include <ecommerce/transfer.h>

#include <ecommerce/limits.h>

#include <string.h>

#include "transfer/jsonl.h"

#define PAGE_OBJECTS 250
#define PAGE_PRODUCTS 50
#define OUT_SIZE (64u << 10)
#define TEXT_MAX (64u << 20)
#define SQL_MAX 4096

typedef struct line_export {
    ec_session *session;
    const char *entity;
    ec_write_fn write;
    void *write_ctx;
    int64_t objects;
    ec_buf buf;
} line_export;

static ec_status flush(line_export *out, size_t from)
{
    if (out->buf.status != EC_OK) {
        return ec_fail(out->session, out->buf.status, "An object is too large to be written.");
    }
    if (out->buf.length < from || out->buf.length == 0) {
        return EC_OK;
    }
    ec_status status = out->write(out->write_ctx, ec_buf_text(&out->buf), out->buf.length);
    ec_buf_reset(&out->buf);
    return status == EC_OK ? EC_OK : ec_fail(out->session, EC_IO, "The file cannot be written.");
}

/* What a field refers to, by name. */
typedef struct named {
    const char *field;
    const char *text;    /* or NULL */
    const char *product; /* of a variant without SKU: its slug and options; or NULL */
    const char *options[3];
} named;

static void write_variant(ec_json_writer *json, const named *name)
{
    static const char *const members[] = {"option1", "option2", "option3"};
    ec_json_object(json);
    ec_json_key(json, "product");
    ec_json_text(json, name->product);
    for (size_t i = 0; i < 3; i++) {
        if (name->options[i]) {
            ec_json_key(json, members[i]);
            ec_json_text(json, name->options[i]);
        }
    }
    ec_json_object_end(json);
}

static void write_refs(ec_json_writer *json, const named *names)
{
    bool begun = false;
    for (size_t i = 0; names && i < EC_LINE_REFS_MAX; i++) {
        if (!names[i].text && !names[i].product) {
            continue;
        }
        if (!begun) {
            ec_json_key(json, "refs");
            ec_json_object(json);
        }
        begun = true;
        ec_json_key(json, names[i].field);
        if (names[i].text) {
            ec_json_text(json, names[i].text);
        } else {
            write_variant(json, &names[i]);
        }
    }
    if (begun) {
        ec_json_object_end(json);
    }
}

/* names: EC_LINE_REFS_MAX, or NULL. */
static ec_status write_line(line_export *out, const ec_entity *view, const void *object,
                            const char *currency, const named *names)
{
    ec_json_writer json;
    ec_json_begin(&json, &out->buf);
    ec_json_object(&json);
    ec_json_key(&json, "entity");
    ec_json_text(&json, view->name);
    write_refs(&json, names);
    ec_json_key(&json, "data");
    ec_entity_write_json(&json, view, object, currency);
    ec_json_object_end(&json);
    ec_buf_putc(&out->buf, '\n');
    out->objects++;
    return flush(out, OUT_SIZE);
}

/* ---- rows of a table ---- */

#define NAME_COLUMNS 5 /* of a ref: its key; slug and options of a variant without one */

/* The columns and tables of what a kind refers to, as r0, r1 and their products p0, p1. */
static void put_refs(const ec_line_kind *kind, ec_buf *columns, ec_buf *tables)
{
    for (int i = 0; kind->refs && i < EC_LINE_REFS_MAX && kind->refs[i].field; i++) {
        const ec_line_ref *ref = &kind->refs[i];
        ec_buf_printf(columns, ", r%d.%s", i, ref->key);
        ec_buf_printf(tables, " LEFT JOIN %s r%d ON r%d.id = t.%s", ref->table, i, i, ref->field);
        if (ref->by_options) {
            ec_buf_printf(columns, ", p%d.slug, r%d.option1, r%d.option2, r%d.option3", i, i, i, i);
            ec_buf_printf(tables, " LEFT JOIN products p%d ON p%d.id = r%d.product_id", i, i, i);
        } else {
            ec_buf_puts(columns, ", NULL, NULL, NULL, NULL");
        }
    }
}

/* SELECT <columns>, <currency of the owner>[, names]; a table without numbers is paged by its
   name. */
static const char *page_sql(ec_session *session, const ec_line_kind *kind, bool by_id)
{
    const ec_entity *entity = kind->entity;
    const char *columns = ec_entity_columns(session, entity, "t");
    const char *key = by_id ? "id" : "name";
    const char *sql = NULL;
    ec_buf names, tables;
    ec_buf_init(&names, ec_session_platform(session), SQL_MAX);
    ec_buf_init(&tables, ec_session_platform(session), SQL_MAX);
    put_refs(kind, &names, &tables);
    if (kind->owner) {
        ec_buf_printf(&tables, " LEFT JOIN %s o ON o.id = t.%s", kind->owner, kind->link);
    }
    if (columns && names.status == EC_OK && tables.status == EC_OK) {
        sql = ec_arena_printf(ec_scratch(session),
                              "SELECT %s, %s%s FROM %s t%s WHERE t.%s > ? ORDER BY t.%s LIMIT ?",
                              columns, kind->owner ? "o.currency" : "NULL", ec_buf_text(&names),
                              entity->table, ec_buf_text(&tables), key, key);
    }
    ec_buf_clear(&names);
    ec_buf_clear(&tables);
    return sql;
}

static void read_names(ec_session *session, ec_stmt *stmt, int column, const ec_line_kind *kind,
                       named names[EC_LINE_REFS_MAX])
{
    memset(names, 0, EC_LINE_REFS_MAX * sizeof *names);
    for (int i = 0; kind->refs && i < EC_LINE_REFS_MAX && kind->refs[i].field; i++) {
        int at = column + i * NAME_COLUMNS;
        names[i].field = kind->refs[i].field;
        names[i].text = ec_col_text(session, stmt, at);
        names[i].product = ec_col_text(session, stmt, at + 1);
        for (int n = 0; n < 3; n++) {
            names[i].options[n] = ec_col_text(session, stmt, at + 2 + n);
        }
    }
}

typedef struct row_walk {
    const ec_line_kind *kind;
    const ec_entity *view;
    const ec_field *key; /* its number or its name */
    void *object;
    ec_id last_id;
    char last_name[512];
} row_walk;

static void walk_remember(row_walk *walk)
{
    if (walk->key->type == EC_FIELD_ID) {
        walk->last_id = ec_field_get_int(walk->key, walk->object);
    } else {
        const char *name = ec_field_get_text(walk->key, walk->object);
        size_t length = name ? strnlen(name, sizeof walk->last_name - 1) : 0;
        memcpy(walk->last_name, name ? name : "", length);
        walk->last_name[length] = '\0';
    }
}

static ec_status write_rows_page(line_export *out, row_walk *walk, const char *sql, bool *more)
{
    ec_session *session = out->session;
    const ec_entity *entity = walk->kind->entity;
    ec_arena_mark mark = ec_arena_save(ec_scratch(session));
    size_t rows = 0;
    int next = 0;
    ec_stmt *stmt;
    ec_value last =
        walk->key->type == EC_FIELD_ID ? ec_int(walk->last_id) : ec_text(walk->last_name);
    ec_status status = ec_query(session, sql, ec_args(last, ec_int(PAGE_OBJECTS)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        memset(walk->object, 0, entity->size);
        status = ec_entity_read_row(session, stmt, 0, entity, walk->object, &next);
        if (status == EC_OK && walk->kind->complete) {
            status = walk->kind->complete(session, walk->object);
        }
        if (status == EC_OK) {
            named names[EC_LINE_REFS_MAX];
            const char *currency = ec_col_text(session, stmt, next);
            read_names(session, stmt, next + 1, walk->kind, names);
            status = write_line(out, walk->view, walk->object, currency, names);
        }
        walk_remember(walk);
        rows++;
    }
    ec_arena_restore(ec_scratch(session), mark);
    *more = rows == PAGE_OBJECTS;
    return status == EC_DONE ? EC_OK : status;
}

static ec_status write_rows(line_export *out, const ec_line_kind *kind)
{
    ec_arena *arena = ec_scratch(out->session);
    const ec_field *id = ec_field_find(kind->entity, "id");
    row_walk *walk = ec_arena_alloc(arena, sizeof *walk);
    if (!walk) {
        return ec_fail_memory(out->session);
    }
    walk->kind = kind;
    walk->key = id ? id : ec_field_find(kind->entity, "name");
    walk->view = ec_line_view(arena, kind->entity, kind->complete ? EC_LINE_WHOLE : EC_LINE_STORED);
    walk->object = ec_arena_alloc(arena, kind->entity->size);
    const char *sql = page_sql(out->session, kind, id != NULL);
    if (!walk->view || !walk->object || !sql) {
        return ec_fail_memory(out->session);
    }
    ec_status status = EC_OK;
    for (bool more = true; status == EC_OK && more;) {
        status = write_rows_page(out, walk, sql, &more);
    }
    return status;
}

/* ---- categories: parents first ---- */

static ec_status write_level(line_export *out, const ec_entity *view, int64_t depth)
{
    ec_arena *arena = ec_scratch(out->session);
    ec_status status = EC_OK;
    ec_id last = 0;
    for (size_t count = PAGE_OBJECTS; status == EC_OK && count == PAGE_OBJECTS;) {
        ec_arena_mark mark = ec_arena_save(arena);
        void *rows = NULL;
        status = ec_entity_select(out->session, &ec_category_entity,
                                  "WHERE t.depth = ? AND t.id > ? ORDER BY t.id LIMIT ?",
                                  ec_args(ec_int(depth), ec_int(last), ec_int(PAGE_OBJECTS)), &rows,
                                  &count);
        const ec_category *items = rows;
        for (size_t i = 0; status == EC_OK && i < count; i++) {
            ec_category parent = {0};
            if (items[i].parent_id != 0) {
                status =
                    ec_entity_get(out->session, &ec_category_entity, items[i].parent_id, &parent);
            }
            if (status == EC_OK) {
                const named names[EC_LINE_REFS_MAX] = {{"parent_id", parent.slug, NULL, {NULL}}};
                status = write_line(out, view, &items[i], NULL, names);
            }
            last = items[i].id;
        }
        ec_arena_restore(arena, mark);
    }
    return status;
}

static ec_status write_categories(line_export *out)
{
    const ec_entity *view =
        ec_line_view(ec_scratch(out->session), &ec_category_entity, EC_LINE_STORED);
    ec_status status = view ? EC_OK : ec_fail_memory(out->session);
    for (int64_t depth = 1; status == EC_OK && depth <= EC_CATEGORY_DEPTH_MAX; depth++) {
        status = write_level(out, view, depth);
    }
    return status;
}

/* ---- what the catalogue reads whole ---- */

static ec_status write_attributes(line_export *out)
{
    const ec_entity *view =
        ec_line_view(ec_scratch(out->session), &ec_attribute_entity, EC_LINE_WHOLE);
    ec_status status = view ? EC_OK : ec_fail_memory(out->session);
    ec_page page = {.limit = EC_PAGE_SIZE_MAX};
    ec_attribute_list *list = NULL, *before = NULL;
    do {
        status = status == EC_OK ? ec_attribute_find(out->session, &page, &list) : status;
        ec_free(before); /* had the cursor */
        before = list;
        for (size_t i = 0; status == EC_OK && list && i < list->items_count; i++) {
            status = write_line(out, view, &list->items[i], NULL, NULL);
        }
        page.cursor = status == EC_OK && list ? list->next_cursor : NULL;
        list = NULL;
    } while (page.cursor);
    ec_free(before);
    return status;
}

static ec_status product_ids(ec_session *session, ec_id last, ec_id *ids, size_t *count)
{
    ec_stmt *stmt;
    *count = 0;
    ec_status status = ec_query(session, "SELECT id FROM products WHERE id > ? ORDER BY id LIMIT ?",
                                ec_args(ec_int(last), ec_int(PAGE_PRODUCTS)), &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        ids[(*count)++] = ec_col_int(stmt, 0);
    }
    return status == EC_DONE ? EC_OK : status;
}

static ec_status write_products_page(line_export *out, const ec_entity *view, const ec_id *ids,
                                     size_t count)
{
    ec_product_filter filter = {.ids = (ec_id *)(uintptr_t)ids, /* only read */
                                .ids_count = count,
                                .with = "options,variants,images,attributes,tags"};
    ec_page page = {.limit = PAGE_PRODUCTS};
    ec_product_list *list = NULL;
    ec_status status = ec_product_find(out->session, &filter, &page, &list);
    for (size_t n = 0; status == EC_OK && n < count; n++) {
        for (size_t i = 0; status == EC_OK && i < list->items_count; i++) {
            if (list->items[i].id == ids[n]) {
                status = write_line(out, view, &list->items[i], NULL, NULL);
            }
        }
    }
    ec_free(list);
    return status;
}

static ec_status write_products(line_export *out)
{
    ec_id ids[PAGE_PRODUCTS], last = 0;
    ec_arena *arena = ec_scratch(out->session);
    const ec_entity *view = ec_line_view(arena, &ec_product_entity, EC_LINE_WHOLE);
    ec_status status = view ? EC_OK : ec_fail_memory(out->session);
    for (size_t count = PAGE_PRODUCTS; status == EC_OK && count == PAGE_PRODUCTS;) {
        ec_arena_mark mark = ec_arena_save(arena);
        status = product_ids(out->session, last, ids, &count);
        if (status == EC_OK && count > 0) {
            last = ids[count - 1];
            status = write_products_page(out, view, ids, count);
        }
        ec_arena_restore(arena, mark);
    }
    return status;
}

/* ---- the whole ---- */

static ec_status write_kind(line_export *out, const ec_line_kind *kind)
{
    ec_arena_mark mark = ec_arena_save(ec_scratch(out->session));
    ec_status status = kind->entity == &ec_category_entity    ? write_categories(out)
                       : kind->entity == &ec_attribute_entity ? write_attributes(out)
                       : kind->entity == &ec_product_entity   ? write_products(out)
                                                              : write_rows(out, kind);
    ec_arena_restore(ec_scratch(out->session), mark);
    return status;
}

static ec_status write_kinds(line_export *out, const ec_line_kind *only)
{
    ec_status status = EC_OK;
    if (only) {
        return write_kind(out, only);
    }
    for (const ec_line_kind *kind = NULL; status == EC_OK && (kind = ec_line_kind_next(kind));) {
        if (!kind->within) {
            status = write_kind(out, kind);
        }
    }
    return status;
}

static ec_status run_export(ec_session *session, void *args, void **result)
{
    line_export *out = args;
    (void)result;
    const ec_line_kind *only = out->entity ? ec_line_kind_find(out->entity) : NULL;
    if (!out->write) {
        return ec_fail(session, EC_MISUSE, "The export was given nothing to write to.");
    }
    if (out->entity && !only) {
        return ec_fail(session, EC_NOT_FOUND, "No entity with a table has this name.");
    }
    ec_buf_init(&out->buf, ec_session_platform(session), TEXT_MAX);
    ec_status status = write_kinds(out, only);
    if (status == EC_OK) {
        status = flush(out, 0);
    }
    ec_buf_clear(&out->buf);
    return status;
}

ec_status ec_export_jsonl(ec_session *session, const char *entity, ec_write_fn write,
                          void *write_ctx, int64_t *objects)
{
    static const ec_op op = {.name = "export.jsonl",
                             .permission = "shop.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .run = run_export};
    line_export out = {
        .session = session, .entity = entity, .write = write, .write_ctx = write_ctx};
    ec_status status = ec_call(session, &op, &out, NULL);
    if (objects) {
        *objects = status == EC_OK ? out.objects : 0;
    }
    return status;
}
