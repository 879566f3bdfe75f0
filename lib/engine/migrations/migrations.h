/* SPDX-License-Identifier: MIT */
/*
 * migrations.h - the numbered changes of the schema, each with its way back.
 *
 * Statements are written once; words in braces are replaced by the storage's dialect:
 *   {id} {int} {bool} {text:N} {longtext} {blob} {tail}   column types and the end of CREATE TABLE
 *   {partial: WHERE …}                                     kept where partial indices exist
 * A CHECK of more than two values is written with OR: for an IN list SQLite makes a temporary table
 * each time.
 * A released migration is never edited: its checksum is stored with the shop.
 */
#ifndef EC_ENGINE_MIGRATIONS_H
#define EC_ENGINE_MIGRATIONS_H

#include <stddef.h>

typedef struct ec_migration {
    int version;
    const char *name;
    const char *const *up;   /* statements, NULL-ended */
    const char *const *down; /* statements that undo them, NULL-ended */
} ec_migration;

extern const ec_migration ec_migration_0001_shop;
extern const ec_migration ec_migration_0002_catalog;
extern const ec_migration ec_migration_0003_stock;
extern const ec_migration ec_migration_0004_sales;
extern const ec_migration ec_migration_0005_credit;
extern const ec_migration ec_migration_0006_prices;
extern const ec_migration ec_migration_0007_taxes;
extern const ec_migration ec_migration_0008_promotions;

#endif
