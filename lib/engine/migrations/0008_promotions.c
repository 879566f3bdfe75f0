/* SPDX-License-Identifier: MIT */
/*
 * 0008_promotions.c - promotions, coupons, and how often they were used.
 *
 * A counter has a row of its own for each limit: of all orders, of one customer, of one attribute,
 * of a budget. It refuses to go above its limit or below nothing, so whatever happens at the same
 * time, no limit is passed. What an order added to which counter is kept, so that the same is taken
 * back when it is cancelled.
 */
#include "engine/migrations/migrations.h"

static const char *const up[] = {
    "CREATE TABLE promotions ("
    " id {id},"
    " code {text:64} NOT NULL UNIQUE,"
    " name {text:255} NOT NULL,"
    " description {longtext},"
    " status {text:16} NOT NULL CHECK (status = 'draft' OR status = 'active'"
    "  OR status = 'archived'),"
    " kind {text:16} NOT NULL CHECK (kind = 'cart' OR kind = 'catalog'),"
    " starts_at {int},"
    " ends_at {int},"
    " lane {int} NOT NULL CHECK (lane >= 0),"
    " priority {int} NOT NULL CHECK (priority >= 0),"
    " conditions {longtext}," /* see lib/rule */
    " actions {longtext} NOT NULL,"
    " competes {text:16} NOT NULL CHECK (competes = 'none' OR competes = 'best'"
    "  OR competes = 'best_by_line'),"
    " coupon_required {bool} NOT NULL,"
    " is_exclusive {bool} NOT NULL,"
    " stops {bool} NOT NULL,"
    " spares_discounted {bool} NOT NULL,"
    " usage_limit {int} NOT NULL CHECK (usage_limit >= 0)," /* 0: none, as below */
    " customer_limit {int} NOT NULL CHECK (customer_limit >= 0),"
    " attribute_limit {int} NOT NULL CHECK (attribute_limit >= 0),"
    " limit_attribute {text:16} NOT NULL CHECK (limit_attribute = 'none'"
    "  OR limit_attribute = 'email' OR limit_attribute = 'phone' OR limit_attribute = 'address'),"
    " budget {int} NOT NULL CHECK (budget >= 0),"
    " currency {text:3},"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL,"
    " CHECK (ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at),"
    " CHECK (budget = 0 OR currency IS NOT NULL)){tail}",
    "CREATE INDEX promotions_status ON promotions(status, id)",
    "CREATE INDEX promotions_kind ON promotions(kind, priority)",

    "CREATE TABLE promotion_channels ("
    " promotion_id {int} NOT NULL REFERENCES promotions(id) ON DELETE CASCADE,"
    " channel_id {int} NOT NULL REFERENCES channels(id),"
    " PRIMARY KEY (promotion_id, channel_id)){tail}",
    "CREATE INDEX promotion_channels_channel ON promotion_channels(channel_id)",

    "CREATE TABLE promotion_tags ("
    " promotion_id {int} NOT NULL REFERENCES promotions(id) ON DELETE CASCADE,"
    " kind {text:16} NOT NULL CHECK (kind = 'own' OR kind = 'with'),"
    " tag {text:255} NOT NULL,"
    " PRIMARY KEY (promotion_id, kind, tag)){tail}",

    "CREATE TABLE coupons ("
    " id {id},"
    " promotion_id {int} NOT NULL REFERENCES promotions(id) ON DELETE CASCADE,"
    " code {text:64} NOT NULL,"
    " code_key {text:64} NOT NULL UNIQUE," /* in lower case */
    " expires_at {int},"
    " usage_limit {int} NOT NULL CHECK (usage_limit >= 0),"
    " customer_limit {int} NOT NULL CHECK (customer_limit >= 0),"
    " is_reusable {bool} NOT NULL,"
    " is_active {bool} NOT NULL,"
    " version {int} NOT NULL CHECK (version > 0),"
    " created_at {int} NOT NULL,"
    " updated_at {int} NOT NULL){tail}",
    "CREATE INDEX coupons_promotion ON coupons(promotion_id, id)",

    "CREATE TABLE promotion_counters ("
    " id {id},"
    " promotion_id {int} NOT NULL REFERENCES promotions(id) ON DELETE CASCADE,"
    " coupon_id {int} NOT NULL," /* 0: of the promotion itself */
    " scope {text:16} NOT NULL CHECK (scope = 'all' OR scope = 'customer'"
    "  OR scope = 'attribute' OR scope = 'budget'),"
    " owner {text:80} NOT NULL," /* whose it is; '' of all */
    " used {int} NOT NULL CHECK (used >= 0),"
    " most {int}," /* NULL: no limit */
    " UNIQUE (promotion_id, coupon_id, owner, scope),"
    " CHECK (used <= most)){tail}",
    "CREATE INDEX promotion_counters_coupon ON promotion_counters(coupon_id, scope)",

    "CREATE TABLE promotion_uses ("
    " id {id},"
    " order_id {int} NOT NULL REFERENCES orders(id) ON DELETE CASCADE,"
    " promotion_id {int} NOT NULL REFERENCES promotions(id),"
    " coupon_id {int} REFERENCES coupons(id),"
    " amount {int} NOT NULL CHECK (amount >= 0)," /* taken off, in the order's currency */
    " customer {text:80},"                        /* owner of counters: by account … */
    " email {text:80},"                           /* … and by a digest of the address */
    " created_at {int} NOT NULL,"
    " freed_at {int}," /* when the order was cancelled */
    " UNIQUE (order_id, promotion_id)){tail}",
    "CREATE INDEX promotion_uses_promotion ON promotion_uses(promotion_id, id)",
    "CREATE INDEX promotion_uses_coupon ON promotion_uses(coupon_id)",

    "CREATE TABLE promotion_spends ("
    " order_id {int} NOT NULL REFERENCES orders(id) ON DELETE CASCADE,"
    " counter_id {int} NOT NULL REFERENCES promotion_counters(id) ON DELETE CASCADE,"
    " amount {int} NOT NULL CHECK (amount > 0),"
    " is_kept {bool} NOT NULL," /* a cancellation does not give it back */
    " PRIMARY KEY (order_id, counter_id)){tail}",
    "CREATE INDEX promotion_spends_counter ON promotion_spends(counter_id)",
    NULL,
};

static const char *const down[] = {
    "DELETE FROM events WHERE aggregate = 'promotion' OR aggregate = 'coupon'",
    "DELETE FROM idempotency_keys WHERE operation LIKE 'promotion.%' OR operation LIKE 'coupon.%'",
    "DROP TABLE promotion_spends",
    "DROP TABLE promotion_uses",
    "DROP TABLE promotion_counters",
    "DROP TABLE coupons",
    "DROP TABLE promotion_tags",
    "DROP TABLE promotion_channels",
    "DROP TABLE promotions",
    NULL,
};

const ec_migration ec_migration_0008_promotions = {8, "promotions", up, down};
