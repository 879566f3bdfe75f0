/* SPDX-License-Identifier: MIT */
/*
 * product_read.c - the row of a product, with what is computed for it, as the actor is to see it.
 *
 * Staff see all products at their own prices. Others see those that are published and have a price
 * in their channel, at that price: by the channel's lists, else the product's own when it has the
 * channel's currency. It refuses to convert currencies.
 */
#include "catalog/inside.h"
#include "catalog/price_rule.h"

/* ---- prices ---- */

ec_price_view ec_price_view_of(ec_session *session)
{
    const ec_channel_facts *channel = ec_session_facts(session);
    ec_price_view view = {.all = ec_session_is_staff(session), .now = ec_now(session)};
    if (!view.all) {
        view.lists = channel->has_price_lists;
        view.channel = channel->id;
        view.own = channel->price_list_id;
        view.user = ec_session_user(session);
        view.currency = channel->currency;
    }
    return view;
}

#define BEST EC_PRICE_RULE("?", "v.id", "1", "?", "?", "?")

void ec_list_price_join(ec_statement *s, const ec_price_view *view)
{
    ec_statement_put(s, " LEFT JOIN prices p ON p.id = " BEST);
    ec_statement_value(s, ec_int(view->channel));
    ec_statement_value(s, ec_int(view->now));
    ec_statement_value(s, ec_int(view->now));
    ec_statement_value(s, ec_text(view->currency));
    ec_statement_value(s, ec_int(view->now));
    ec_statement_value(s, ec_int(view->now));
    ec_statement_value(s, ec_ref(view->user));
    ec_statement_value(s, ec_ref(view->own));
}

#define SHOWN "COALESCE(p.amount, v.price)"

/* "(SELECT figure …)" of the active variants of a product that are sold in the view's channel. The
   condition belongs to the product. */
static void list_figure(ec_statement *s, const ec_price_view *view, const char *figure,
                        const char *condition, const char *order)
{
    ec_statement_put(s, "(SELECT ");
    ec_statement_put(s, figure);
    ec_statement_put(s, " FROM product_variants v");
    ec_list_price_join(s, view);
    ec_statement_put(s, " WHERE v.is_active = 1");
    ec_statement_with(s, condition, ec_text(view->currency));
    ec_statement_put(s, order);
    ec_statement_put(s, ")");
}

void ec_product_source(ec_statement *s, const ec_price_view *view)
{
    if (!view->lists) {
        ec_statement_put(s, "products t");
        return;
    }
    ec_statement_put(s, "(SELECT x.*, ");
    list_figure(s, view, "MIN(" SHOWN ")",
                " AND v.product_id = x.id AND (p.id IS NOT NULL OR x.currency = ?)", "");
    ec_statement_put(s, " AS shown_price FROM products x) t");
}

const char *ec_product_price(const ec_price_view *view)
{
    return !view->lists ? "t.price" : "t.shown_price";
}

void ec_product_visible(ec_statement *s, const ec_price_view *view, const char *first)
{
    if (view->all) {
        return;
    }
    ec_statement_put(s, first);
    ec_statement_put(s, " t.status = 'active'");
    ec_statement_with(s, " AND (t.published_at IS NULL OR t.published_at <= ?)", ec_int(view->now));
    ec_statement_with(s, " AND (t.unpublished_at IS NULL OR t.unpublished_at > ?)",
                      ec_int(view->now));
    if (!view->lists && view->currency) {
        ec_statement_with(s, " AND t.currency = ?", ec_text(view->currency));
    } else if (view->lists) {
        ec_statement_put(s, " AND t.shown_price IS NOT NULL");
    }
}

/* ---- the row ---- */

const char ec_product_joins[] = " LEFT JOIN categories c ON c.id = t.category_id"
                                " LEFT JOIN brands b ON b.id = t.brand_id";

void ec_product_columns(ec_statement *s, const ec_price_view *view)
{
    static const char sold[] = " AND v.product_id = t.id AND (p.id IS NOT NULL OR t.currency = ?)";
    ec_statement_put(s, ec_entity_columns(s->session, &ec_product_entity, "t"));
    ec_statement_put(s, ", c.name, c.slug, b.name, b.slug,"
                        " (SELECT i.url FROM product_images i WHERE i.product_id = t.id"
                        " ORDER BY i.position, i.id LIMIT 1),"
                        " (SELECT v.sku FROM product_variants v WHERE v.product_id = t.id"
                        " ORDER BY v.position, v.id LIMIT 1),"
                        " (SELECT " EC_SUM_AVAILABLE " FROM product_variants v"
                        " JOIN inventory s ON s.variant_id = v.id"
                        " JOIN warehouses w ON w.id = s.warehouse_id"
                        " WHERE v.product_id = t.id AND v.is_active = 1 AND v.tracked = 1"
                        " AND w.is_active = 1)");
    ec_statement_put(s, view->all ? ", 0" : ", (SELECT version FROM rule_versions WHERE id = 1)");
    if (!view->lists) {
        return;
    }
    ec_statement_put(s, ", ");
    list_figure(s, view, "MIN(" SHOWN ")", sold, "");
    ec_statement_put(s, ", ");
    list_figure(s, view, "MAX(" SHOWN ")", sold, "");
    ec_statement_put(s, ", ");
    list_figure(s, view, "CASE WHEN p.id IS NULL THEN v.compare_price ELSE p.compare_amount END",
                sold, " ORDER BY " SHOWN ", v.position, v.id LIMIT 1");
}

static bool read_refs(ec_session *session, ec_stmt *stmt, int column, ec_product *product)
{
    ec_arena *arena = ec_scratch(session);
    if (product->category_id != 0) {
        product->category = ec_arena_alloc(arena, sizeof *product->category);
        if (!product->category) {
            return false;
        }
        *product->category = (ec_category_ref){.id = product->category_id,
                                               .name = ec_col_text(session, stmt, column),
                                               .slug = ec_col_text(session, stmt, column + 1)};
    }
    if (product->brand_id != 0) {
        product->brand = ec_arena_alloc(arena, sizeof *product->brand);
        if (!product->brand) {
            return false;
        }
        *product->brand = (ec_brand_ref){.id = product->brand_id,
                                         .name = ec_col_text(session, stmt, column + 2),
                                         .slug = ec_col_text(session, stmt, column + 3)};
    }
    return true;
}

ec_status ec_product_read_row(ec_session *session, ec_stmt *stmt, ec_price_view *view,
                              ec_product *product, int *next)
{
    int column = 0;
    ec_status status = ec_entity_read_row(session, stmt, 0, &ec_product_entity, product, &column);
    if (status != EC_OK) {
        return status;
    }
    if (!read_refs(session, stmt, column, product)) {
        return ec_fail_memory(session);
    }
    product->image_url = ec_col_text(session, stmt, column + 4);
    product->sku = ec_col_text(session, stmt, column + 5);
    product->stock = ec_col_int(stmt, column + 6);
    view->rules_version = ec_col_int(stmt, column + 7);
    *next = column + 8;
    if (view->lists) {
        product->price = ec_col_int(stmt, column + 8);
        product->price_max = ec_col_int(stmt, column + 9);
        product->compare_price = ec_col_int(stmt, column + 10);
        product->currency = view->currency;
        *next = column + 11;
    }
    return EC_OK;
}
