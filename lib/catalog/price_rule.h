/* SPDX-License-Identifier: MIT */
/*
 * price_rule.h - which row of prices holds, as SQL: the one place that says so.
 *
 * Carts, orders, quotes and listings join prices by this number. Each asks in its own statement, so
 * the rule is a text that is put into theirs.
 */
#ifndef EC_CATALOG_PRICE_RULE_H
#define EC_CATALOG_PRICE_RULE_H

/*
 * "(SELECT …)": the number of the price that holds for a variant, or NULL; for
 *   LEFT JOIN prices p ON p.id = EC_PRICE_RULE(…)
 *
 * channel, own, currency: of the channel, own being its price_list_id. user: who buys, or NULL.
 * All are SQL: columns of the statement, numbers, or "?". Values are bound in this order:
 *
 *   channel, variant, quantity, now, now, currency, now, now, user, own
 *
 * Lists that name the channel go before its own one, then the higher priority, a group's list
 * before one for everybody, the older list; in a list the highest quantity that is reached, and of
 * its prices the one that began last. The prices of a variant are read by their index first, which
 * CROSS JOIN says to SQLite.
 */
#define EC_PRICE_RULE(channel, variant, quantity, currency, user, own)                             \
    "(SELECT pr.id FROM prices pr CROSS JOIN price_lists pl ON pl.id = pr.price_list_id"           \
    " LEFT JOIN price_list_channels pc ON pc.price_list_id = pl.id AND pc.channel_id = " channel   \
    " WHERE pr.variant_id = " variant " AND pr.min_quantity <= " quantity " AND pr.begins <= ?"    \
    " AND (pr.valid_until IS NULL OR pr.valid_until > ?)"                                          \
    " AND pl.status = 'active' AND pl.currency = " currency                                        \
    " AND (pl.valid_from IS NULL OR pl.valid_from <= ?)"                                           \
    " AND (pl.valid_until IS NULL OR pl.valid_until > ?)"                                          \
    " AND (pl.group_id IS NULL OR EXISTS (SELECT 1 FROM customer_group_users pu"                   \
    " WHERE pu.user_id = " user " AND pu.group_id = pl.group_id))"                                 \
    " AND (pc.channel_id IS NOT NULL OR pl.id = " own ")"                                          \
    " ORDER BY pc.channel_id IS NULL, pl.priority DESC, pl.group_id IS NULL, pl.id,"               \
    " pr.min_quantity DESC, pr.begins DESC LIMIT 1)"

#endif
