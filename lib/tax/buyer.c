/* SPDX-License-Identifier: MIT */
/*
 * buyer.c - does the buyer pay taxes here and now?
 *
 * One statement for whoever signed in, and none in a shop without exemptions; one more where a
 * company's tax number decides. It refuses to believe a tax number that nobody checked.
 */
#include <string.h>

#include "catalog/statement.h"
#include "tax/inside.h"

/* What holds of the buyer, out of the rows. */
typedef struct found {
    bool exempt, reverse_charge;
    bool needs_number; /* a reverse charge that a valid tax number would make hold */
} found;

static void note(const ec_tax_book *book, const ec_address *address, ec_id zone, bool reverse,
                 bool certified, found *out)
{
    if (zone != 0 && !ec_zone_has(book, zone, address)) return;
    if (!reverse)
        out->exempt = true;
    else if (certified)
        out->reverse_charge = true;
    else
        out->needs_number = true;
}

static ec_status read_exemptions(ec_session *session, const ec_tax_book *book, const ec_pricing *in,
                                 found *out)
{
    ec_statement s;
    ec_stmt *stmt = NULL;
    const ec_address *address = ec_tax_address_of(in);
    ec_statement_begin(&s, session);
    ec_statement_put(&s, "SELECT e.zone_id, e.kind = 'reverse_charge', e.certificate IS NOT NULL"
                         " FROM tax_exemptions e WHERE ");
    ec_statement_with(&s, "(e.user_id = ?", ec_int(in->customer.user_id));
    ec_statement_with(&s,
                      " OR e.group_id IN (SELECT g.group_id FROM customer_group_users g"
                      " WHERE g.user_id = ?)",
                      ec_int(in->customer.user_id));
    ec_statement_with(&s, ") AND (e.valid_from IS NULL OR e.valid_from <= ?)", ec_int(in->now));
    ec_statement_with(&s, " AND (e.valid_until IS NULL OR e.valid_until > ?)", ec_int(in->now));
    ec_status status = ec_statement_query(&s, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        note(book, address, ec_col_int(stmt, 0), ec_col_int(stmt, 1) != 0, ec_col_int(stmt, 2) != 0,
             out);
    return status == EC_DONE ? EC_OK : status;
}

static ec_status read_number(ec_session *session, ec_pricing *in)
{
    ec_stmt *stmt = NULL;
    const ec_address *address = ec_tax_address_of(in);
    if (address == NULL) return EC_OK;
    ec_status status =
        ec_query(session,
                 "SELECT number FROM tax_numbers"
                 " WHERE user_id = ? AND country = ? AND is_valid = 1",
                 ec_args(ec_int(in->customer.user_id), ec_text(address->country)), &stmt);
    if (status == EC_OK) status = ec_row(session, stmt);
    if (status == EC_OK) {
        in->customer.tax_number = ec_col_text(session, stmt, 0);
        ec_done(session, stmt);
    }
    return status == EC_DONE ? EC_OK : status;
}

ec_status ec_tax_buyer(ec_session *session, const ec_tax_book *book, ec_pricing *in)
{
    found out = {false, false, false};
    if (in->customer.user_id == 0 || book->index == NULL || !book->index->has_exemptions)
        return EC_OK;
    ec_status status = read_exemptions(session, book, in, &out);
    if (status == EC_OK && out.needs_number && !out.exempt) status = read_number(session, in);
    if (in->customer.tax_number != NULL && out.needs_number) out.reverse_charge = true;
    in->customer.tax_exempt = out.exempt;
    in->customer.reverse_charge = out.reverse_charge && !out.exempt;
    return status;
}
