/* SPDX-License-Identifier: MIT */
/*
 * collection_of.c - which collections products are in, for rules of prices: by hand and by rules.
 *
 * One statement reads the collections that have rules, one asks for all of them at once. Whether a
 * collection is shown does not matter here: promotions may be about one that nobody sees. It
 * refuses to ask for more collections with rules than one statement can name.
 */
#include "catalog/inside.h"

#define ASKED_MAX 200 /* collections with rules */

static void put_by_hand(ec_statement *s, const ec_id *products, size_t count)
{
    ec_statement_put(s, "SELECT m.product_id AS product, m.collection_id AS collection"
                        " FROM collection_products m JOIN collections c ON c.id = m.collection_id"
                        " AND c.rules IS NULL WHERE m.product_id IN ");
    ec_statement_ids(s, products, count);
}

static ec_status put_by_rules(ec_statement *s, const ec_collection *collection,
                              const ec_id *products, size_t count)
{
    ec_statement_with(s, " UNION ALL SELECT t.id, ? FROM products t WHERE t.id IN ",
                      ec_int(collection->id));
    ec_statement_ids(s, products, count);
    return ec_rules_condition(s->session, collection, s);
}

static ec_status ask(ec_session *session, const ec_id *products, size_t count, ec_stmt **stmt)
{
    ec_statement s;
    void *found = NULL;
    size_t with_rules = 0;
    ec_status status =
        ec_entity_select(session, &ec_collection_entity, "WHERE t.rules IS NOT NULL ORDER BY t.id",
                         ec_no_args, &found, &with_rules);
    if (status != EC_OK) return status;
    if (with_rules > ASKED_MAX)
        return ec_fail(session, EC_LIMIT,
                       "Promotions ask for collections, and the shop has more than %d with rules.",
                       ASKED_MAX);
    ec_statement_begin(&s, session);
    put_by_hand(&s, products, count);
    for (size_t i = 0; status == EC_OK && i < with_rules; i++)
        status = put_by_rules(&s, (const ec_collection *)found + i, products, count);
    ec_statement_put(&s, " ORDER BY product, collection");
    return status == EC_OK ? ec_statement_query(&s, stmt) : status;
}

ec_status ec_collections_of(ec_session *session, const ec_id *products, size_t count,
                            ec_product_collection **out, size_t *out_count)
{
    ec_stmt *stmt = NULL;
    size_t room = 0;
    *out = NULL;
    *out_count = 0;
    if (count == 0) return EC_OK;
    ec_status status = ask(session, products, count, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK) {
        if (*out_count == room) {
            room = room == 0 ? 32 : 2 * room;
            ec_product_collection *list = ec_arena_array(ec_scratch(session), room, sizeof(*list));
            if (list == NULL) return ec_fail_memory(session);
            for (size_t i = 0; i < *out_count; i++)
                list[i] = (*out)[i];
            *out = list;
        }
        (*out)[(*out_count)++] = (ec_product_collection){ec_col_int(stmt, 0), ec_col_int(stmt, 1)};
    }
    return status == EC_DONE ? EC_OK : status;
}
