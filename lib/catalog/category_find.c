/* SPDX-License-Identifier: MIT */
/*
 * category_find.c - categories as they are seen: single ones, listings, and the whole tree.
 *
 * The tree is put into order in memory, since the order of siblings is not that of paths. Visitors
 * see a category when it and all above it are active. It refuses to say of a hidden one that it is
 * there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "catalog/inside.h"

/* The paths above a category are those with which its own begins. */
#define HIDDEN_ABOVE(alias)                                                                        \
    "NOT EXISTS (SELECT 1 FROM categories h WHERE h.is_active = 0"                                 \
    " AND SUBSTR(" alias ".path, 1, LENGTH(h.path)) = h.path)"

const char *ec_category_visible(ec_session *session)
{
    return ec_session_is_staff(session) ? "" : " AND " HIDDEN_ABOVE("c");
}

void ec_category_below(ec_statement *s, const char *column, ec_id category)
{
    bool staff = ec_session_is_staff(s->session);
    ec_statement_put(s, column);
    ec_statement_with(s,
                      " IN (WITH RECURSIVE below(id) AS (SELECT c.id FROM categories c"
                      " WHERE c.id = ?",
                      ec_int(category));
    ec_statement_put(s, ec_category_visible(s->session));
    ec_statement_put(s, " UNION ALL SELECT c.id FROM below b JOIN categories c"
                        " ON c.parent_id = b.id");
    ec_statement_put(s, staff ? "" : " WHERE c.is_active = 1");
    ec_statement_put(s, ") SELECT id FROM below)");
}

/* ---- one ---- */

static ec_status get_run(ec_session *session, void *ctx, void **result)
{
    const ec_object_args *args = ctx;
    bool staff = ec_session_is_staff(session);
    if (args->name) {
        return ec_catalog_one(session, &ec_category_entity,
                              staff ? "WHERE t.slug = ?"
                                    : "WHERE t.slug = ? AND " HIDDEN_ABOVE("t"),
                              ec_args(ec_text(args->name)), result);
    }
    return ec_catalog_one(session, &ec_category_entity,
                          staff ? "WHERE t.id = ?" : "WHERE t.id = ? AND " HIDDEN_ABOVE("t"),
                          ec_args(ec_int(args->id)), result);
}

ec_status ec_category_get(ec_session *session, ec_id id, ec_category **out)
{
    static const ec_op op = {.name = "category.get",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_category_entity,
                             .run = get_run};
    ec_object_args args = {.id = id};
    return ec_call(session, &op, &args, (void **)out);
}

ec_status ec_category_by_slug(ec_session *session, const char *slug, ec_category **out)
{
    static const ec_op op = {.name = "category.by_slug",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_category_entity,
                             .run = get_run};
    ec_object_args args = {.name = slug};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- listing ---- */

typedef struct find_args {
    const ec_category_filter *filter;
    const ec_page *page;
} find_args;

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_category_filter any = {0};
    const find_args *args = ctx;
    const ec_category_filter *filter = args->filter ? args->filter : &any;
    bool staff = ec_session_is_staff(session);
    ec_value parent = ec_int(filter->parent_id);
    if (filter->top && filter->parent_id != 0) {
        return ec_fail_field(session, EC_INVALID, "top", "conflict",
                             "What stands below another category is not at the top.");
    }
    if (filter->parent_id != 0) {
        return ec_page_select(session, &ec_category_entity,
                              staff ? "t.parent_id = ?" : "t.parent_id = ? AND " HIDDEN_ABOVE("t"),
                              &parent, 1, false, args->page, result);
    }
    const char *where =
        filter->top ? (staff ? "t.parent_id IS NULL" : "t.parent_id IS NULL AND t.is_active = 1")
                    : (staff ? "" : HIDDEN_ABOVE("t"));
    return ec_page_select(session, &ec_category_entity, where, ec_no_args, false, args->page,
                          result);
}

ec_status ec_category_find(ec_session *session, const ec_category_filter *filter,
                           const ec_page *page, ec_category_list **out)
{
    static const ec_op op = {.name = "category.find",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_category_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

static ec_status fetch(ec_session *session, void *ctx, const ec_page *page, void **list)
{
    return ec_category_find(session, ctx, page, (ec_category_list **)list);
}

ec_status ec_category_cursor(ec_session *session, const ec_category_filter *filter, ec_cursor **out)
{
    ec_category_filter *copy = NULL;
    if (session && filter) {
        copy = ec_block_alloc(ec_session_platform(session), sizeof *copy);
        if (!copy) {
            return ec_fail_memory(session);
        }
        *copy = *filter;
    }
    return ec_cursor_make(session, &ec_category_list_entity, fetch, copy, out);
}

/* ---- the tree ---- */

typedef struct tree {
    ec_category *all; /* sorted by parent, then as siblings */
    size_t count;
    ec_category *out;
    size_t filled;
    bool staff;
} tree;

static int by_place(const void *a, const void *b)
{
    const ec_category *x = a;
    const ec_category *y = b;
    if (x->parent_id != y->parent_id) {
        return x->parent_id < y->parent_id ? -1 : 1;
    }
    if (x->sort_order != y->sort_order) {
        return x->sort_order < y->sort_order ? -1 : 1;
    }
    int names = strcmp(x->name, y->name);
    return names != 0 ? names : (x->id > y->id) - (x->id < y->id);
}

/* The first category with this parent, or where it would be. */
static size_t first_child(const tree *t, ec_id parent)
{
    size_t low = 0;
    size_t high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->all[middle].parent_id < parent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Each category before those below it. next[d]: where the siblings of level d go on. */
static void walk(tree *t, ec_id root)
{
    size_t next[EC_CATEGORY_DEPTH_MAX + 1];
    ec_id parent[EC_CATEGORY_DEPTH_MAX + 1];
    int level = 0;
    parent[0] = root;
    next[0] = first_child(t, root);
    while (level >= 0) {
        size_t at = next[level]++;
        if (at >= t->count || t->all[at].parent_id != parent[level]) {
            level--;
            continue;
        }
        if (t->all[at].is_active || t->staff) {
            t->out[t->filled++] = t->all[at];
            if (level < EC_CATEGORY_DEPTH_MAX) {
                level++;
                parent[level] = t->all[at].id;
                next[level] = first_child(t, parent[level]);
            }
        }
    }
}

static ec_status read_subtree(ec_session *session, const ec_category *root, tree *t)
{
    void *all = NULL;
    if (!root) {
        ec_status status =
            ec_entity_select(session, &ec_category_entity, "", ec_no_args, &all, &t->count);
        t->all = all;
        return status;
    }
    char *end = ec_arena_strdup(ec_scratch(session), root->path);
    if (!end) {
        return ec_fail_memory(session);
    }
    end[strlen(end) - 1] = '0';
    ec_status status =
        ec_entity_select(session, &ec_category_entity, "WHERE t.path > ? AND t.path < ?",
                         ec_args(ec_text(root->path), ec_text(end)), &all, &t->count);
    t->all = all;
    return status;
}

static ec_status tree_run(ec_session *session, void *ctx, void **result)
{
    ec_object_args *args = ctx;
    void *root = NULL;
    tree t = {.staff = ec_session_is_staff(session)};
    ec_status status = args->id != 0 ? get_run(session, args, &root) : EC_OK;
    if (status == EC_OK) {
        status = read_subtree(session, root, &t);
    }
    ec_category_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    t.out = ec_arena_array(ec_scratch(session), t.count + 1, sizeof *t.out);
    if (status != EC_OK || !list || !t.out) {
        return status != EC_OK ? status : ec_fail_memory(session);
    }
    if (root) {
        t.out[t.filled++] = *(const ec_category *)root;
    }
    if (t.count > 0) {
        qsort(t.all, t.count, sizeof *t.all, by_place);
    }
    walk(&t, args->id);
    *list = (ec_category_list){.items_count = t.filled, .items = t.out, .total = (int64_t)t.filled};
    *result = list;
    return EC_OK;
}

ec_status ec_category_tree(ec_session *session, ec_id root_id, ec_category_list **out)
{
    static const ec_op op = {.name = "category.tree",
                             .permission = "catalog.read",
                             .access = EC_ACCESS_ANY,
                             .mode = EC_READ,
                             .result = &ec_category_list_entity,
                             .run = tree_run};
    ec_object_args args = {.id = root_id};
    return ec_call(session, &op, &args, (void **)out);
}
