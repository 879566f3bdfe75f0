/* SPDX-License-Identifier: MIT */
/**
 * @file storage.h
 * @brief The storage vtable: a small, dumb SQL driver. Everything clever stays above it, once.
 *
 * A storage adapter opens a database, lends connections, runs statements and runs closures in
 * transactions. It knows no table of the shop. The SQL it is given is a common subset; the few
 * places where databases differ are named in its dialect table.
 *
 * Type and instance are split: `ec_storage_ops` is one constant table per adapter, and an adapter's
 * own struct begins with `ec_storage`. New members are appended under a version comment.
 * For adapter authors; stable within a minor version.
 */
#ifndef ECOMMERCE_SYS_STORAGE_H
#define ECOMMERCE_SYS_STORAGE_H

#include <ecommerce/sys/platform.h>
#include <ecommerce/types.h>

EC_BEGIN_DECLS

#define EC_STORAGE_VERSION 1

/** Longest message that an adapter reports, with its end mark. */
#define EC_STORAGE_MESSAGE_MAX 512

typedef struct ec_storage ec_storage; /**< an open database */
typedef struct ec_conn ec_conn;       /**< one connection, lent to one thread at a time */
typedef struct ec_stmt ec_stmt;       /**< a running statement of a connection */

/** What a bound value or a column is. */
typedef enum ec_value_type {
    EC_VALUE_NULL = 0,
    EC_VALUE_INT = 1,
    EC_VALUE_TEXT = 2,
    EC_VALUE_BLOB = 3
} ec_value_type;

/** A value on its way into a statement; text and blob are borrowed until the statement ends. */
typedef struct ec_value {
    ec_value_type type;
    int64_t integer;   /**< EC_VALUE_INT */
    const char *bytes; /**< EC_VALUE_TEXT (UTF-8, need not be terminated) and EC_VALUE_BLOB */
    size_t length;     /**< of bytes */
} ec_value;

/** A message from below. The adapter writes it before it returns a failure. */
typedef struct ec_storage_error {
    ec_status status;
    int code; /**< the database's own number, for the log */
    char message[EC_STORAGE_MESSAGE_MAX];
} ec_storage_error;

/** Facts that let one SQL text serve several databases. All strings are constants. */
typedef struct ec_dialect {
    const char *name;            /**< "sqlite", "mysql" */
    const char *id_column;       /**< type and constraint of a self-numbering primary key */
    const char *integer;         /**< column type of a 64 bit integer */
    const char *boolean;         /**< column type of 0 or 1 */
    const char *text_format;     /**< bounded text, printf form with one %d: "VARCHAR(%d)" */
    const char *long_text;       /**< column type of unbounded text */
    const char *blob;            /**< column type of bytes */
    const char *table_tail;      /**< what follows the closing parenthesis of CREATE TABLE */
    const char *for_update;      /**< what a SELECT appends to lock its rows, or "" */
    const char *insert_ignore;   /**< "INSERT OR IGNORE INTO" / "INSERT IGNORE INTO" */
    const char *upsert_format;   /**< after VALUES, printf form with one %s for the key columns:
                                    "ON CONFLICT(%s) DO UPDATE SET" / "ON DUPLICATE KEY UPDATE" */
    const char *excluded_format; /**< the value that was to be inserted, one %s for the column:
                                    "excluded.%s" / "VALUES(%s)" */
    const char *like_escape;     /**< what follows a LIKE pattern that escapes with a backslash */
    int max_parameters;          /**< of one statement */
    bool partial_index;          /**< CREATE INDEX … WHERE is understood */
    bool transactional_ddl;      /**< CREATE and DROP roll back */
    bool last_id_is_first;       /**< last_id after an INSERT of several rows is the first row's */
} ec_dialect;

/**
 * Work inside a transaction. May be run more than once (after a deadlock, a busy database), so it
 * has no effect outside the transaction but into its own `ctx`, which it resets at the start.
 *
 * @param conn lent for this call only
 * @param ctx  the caller's
 * @return EC_OK to keep the work, anything else to roll this closure back
 */
typedef ec_status (*ec_transaction_fn)(ec_conn *conn, void *ctx);

/** The methods of a storage adapter. All are required unless said. */
typedef struct ec_storage_ops {
    int version;      /**< EC_STORAGE_VERSION */
    const char *name; /**< scheme of its URI: "sqlite" */

    /** The facts of this database. */
    const ec_dialect *(*dialect)(ec_storage *self);

    /**
     * Lend a connection whose reads see one snapshot until read_end. Never waits for a writer
     * where the database can avoid it.
     */
    ec_status (*read_begin)(ec_storage *self, ec_conn **conn, ec_storage_error *error);
    void (*read_end)(ec_storage *self, ec_conn *conn);

    /**
     * Run `fn` in a write transaction and commit. Returns only when the commit is durable. Retries
     * by itself what the database says is temporary. May run closures of several waiting callers,
     * each in its own savepoint, under one commit and on one caller's thread.
     *
     * @return what fn returned when that was no EC_OK (its work is rolled back, that of others in
     * the same commit is kept); EC_BUSY, EC_IO … when the transaction itself failed
     */
    ec_status (*transact)(ec_storage *self, ec_transaction_fn fn, void *ctx,
                          ec_storage_error *error);

    /**
     * Start a statement. The text is constant or at least repeats: the adapter keeps prepared
     * statements by their text. For a statement without rows call step once.
     */
    ec_status (*start)(ec_conn *conn, const char *sql, const ec_value *values, size_t count,
                       ec_stmt **stmt, ec_storage_error *error);
    /** EC_OK: a row is there. EC_DONE: no (further) row, and the effect has happened. */
    ec_status (*step)(ec_stmt *stmt, ec_storage_error *error);
    int (*column_count)(ec_stmt *stmt);
    ec_value_type (*column_type)(ec_stmt *stmt, int column);
    int64_t (*column_int)(ec_stmt *stmt, int column);
    /** Bytes borrowed until the next step or finish; terminated; NULL for SQL NULL. */
    const char *(*column_text)(ec_stmt *stmt, int column, size_t *length);
    /** End it, at any point. NULL is allowed. */
    void (*finish)(ec_stmt *stmt);

    /** Rows that the last finished INSERT, UPDATE or DELETE of this connection touched. */
    int64_t (*affected)(ec_conn *conn);
    /** Identifier that the last INSERT of this connection made; of several rows the last one's, or
        the first one's where the dialect says last_id_is_first. Several rows of one INSERT are
        numbered without gaps. */
    int64_t (*last_id)(ec_conn *conn);

    /** Open, keep or undo an inner transaction of the running one; they nest. */
    ec_status (*savepoint)(ec_conn *conn, ec_storage_error *error);
    ec_status (*savepoint_release)(ec_conn *conn, ec_storage_error *error);
    void (*savepoint_rollback)(ec_conn *conn);

    /** Run several statements separated by semicolons, without values; for migrations. */
    ec_status (*script)(ec_conn *conn, const char *sql, ec_storage_error *error);
    /** Is the database reachable and answering? */
    ec_status (*ping)(ec_storage *self, ec_storage_error *error);
    /** Ask the database to check its own structure. Optional: NULL counts as healthy.
        EC_CORRUPT with the first complaint in error. */
    ec_status (*integrity)(ec_storage *self, ec_storage_error *error);
    /** Copy a consistent image to a file while others work. Optional: NULL is EC_UNSUPPORTED. */
    ec_status (*backup)(ec_storage *self, const char *path, ec_storage_error *error);
    /** Statements and transactions so far, for tests and metrics. Optional. */
    void (*counters)(ec_storage *self, uint64_t *statements, uint64_t *transactions,
                     uint64_t *commits);
    /** Release everything. No call is running and no connection is lent. */
    void (*close)(ec_storage *self);
} ec_storage_ops;

/** What every adapter's instance begins with. */
struct ec_storage {
    const ec_storage_ops *ops;
};

/** What every adapter's connection begins with. */
struct ec_conn {
    const ec_storage_ops *ops;
};

/** What every adapter's statement begins with. */
struct ec_stmt {
    const ec_storage_ops *ops;
};

/** How an adapter is opened. */
typedef struct ec_storage_config {
    const char *uri;             /**< whole URI, such as "sqlite:shop.db?synchronous=normal" */
    const ec_platform *platform; /**< complete (no zero member but log); outlives the storage */
    bool read_only;              /**< refuse every write */
    bool must_exist;             /**< do not create a missing database */
} ec_storage_config;

/** What a storage adapter exports: opens a database, or says why not. */
typedef ec_status (*ec_storage_open_fn)(const ec_storage_config *config, ec_storage **out,
                                        ec_storage_error *error);

EC_END_DECLS

#endif
