/* SPDX-License-Identifier: MIT */
/*
 * state.h - what an engine and a session are made of. For lib/engine only; rules ask call.h.
 *
 * Who may touch what: an engine's members before `lock` never change after ec_open; those behind it
 * are read and written with the lock held, or are atomic. A session belongs to the thread that is
 * named in `owner`: the caller's, or while a closure runs the one that the storage runs it on.
 */
#ifndef EC_ENGINE_STATE_H
#define EC_ENGINE_STATE_H

#include <ecommerce/limits.h>

#include <ecommerce/sys/payment.h>
#include <ecommerce/sys/shipping.h>
#include <ecommerce/sys/tax.h>
#include <pthread.h>
#include <stdatomic.h>

#include "engine/call.h"
#include "engine/migrations/migrations.h"
#include "engine/page.h"
#include "engine/trace.h"

#define EC_ENGINE_MAGIC 0x45436e67u
#define EC_SESSION_MAGIC 0x45437365u
#define EC_CURSOR_MAGIC 0x45436375u

#define EC_OPEN_STATEMENTS 16 /* queries of one session at a time */
#define EC_CART_TOKEN_MAX 64
#define EC_PROVIDERS_MAX 16 /* of each kind, of one engine */

typedef struct ec_sql_text ec_sql_text; /* entity_sql.c */
#define EC_SQL_TEXT_SLOTS 64

struct ec_engine {
    uint32_t magic;
    ec_platform platform; /* complete */
    ec_storage *storage;
    const ec_dialect *dialect;
    bool read_only;
    char currency_option[4]; /* for a shop that is created; "" for the default */
    int64_t cart_ttl_option; /* goes before the setting; 0: none */
    int64_t reservation_ttl_option;
    ec_trace_fn trace;
    void *trace_ctx;

    pthread_mutex_t lock;
    size_t sessions;
    ec_payment_provider *providers[EC_PROVIDERS_MAX]; /* owned; never removed */
    size_t providers_count;
    ec_shipping_provider *carriers[EC_PROVIDERS_MAX]; /* owned; never removed */
    size_t carriers_count;
    ec_tax_provider *tax_services[EC_PROVIDERS_MAX]; /* owned; never removed */
    size_t tax_services_count;
    ec_channel_facts *channels; /* by id */
    size_t channels_count;
    ec_id default_channel;
    ec_sql_text *texts[EC_SQL_TEXT_SLOTS]; /* never removed */

    _Atomic unsigned facts; /* counts the changes of channels and settings; from 1 */
    _Atomic int schema;     /* ec_status: EC_OK, or EC_SCHEMA while it does not fit */
    _Atomic int64_t cart_ttl;
    _Atomic int64_t reservation_ttl;
    _Atomic int64_t purged_at; /* when old idempotency keys were last removed */
    char currency[4];          /* written once, before schema becomes EC_OK */
    struct ec_rules *rules;    /* newest snapshot (price/rules.h), or NULL; under the lock */
};

struct ec_session {
    uint32_t magic;
    ec_engine *engine;
    ec_actor actor;
    ec_id user_id;
    ec_id channel_id; /* asked for at opening; 0: the default one */
    ec_channel_facts channel;
    unsigned facts;                    /* the engine's count when channel was copied */
    char request[65];                  /* "" for none */
    char token[EC_CART_TOKEN_MAX + 1]; /* "" for none */
    char key[EC_KEY_MAX + 1];          /* "" for none */

    _Atomic uintptr_t owner; /* thread that is inside; 0: none */
    ec_conn *conn;           /* lent, or of the open transaction; NULL outside */
    bool writing;            /* conn is in a transaction */
    bool changed_facts;      /* the transaction changed what the engine remembers */
    bool changed_rules;      /* it changed rules of prices: its snapshots are its own */
    struct ec_rules *rules;  /* held until the end of the call, or NULL */
    int depth;               /* bodies that run */
    ec_time now;             /* of this call; 0: not asked yet */

    ec_arena arena;  /* of this call */
    ec_arena errors; /* the last error's texts; lives until the next call */
    ec_error error;

    ec_stmt *open[EC_OPEN_STATEMENTS];
    size_t open_count;
    ec_cursor *cursors; /* that are open */
};

struct ec_cursor {
    uint32_t magic;
    ec_session *session; /* NULL once it is closed */
    ec_cursor *next;     /* of the session */
    ec_platform platform;
    const ec_entity *list;
    ec_page_fetch_fn fetch;
    void *ctx;
    void *block; /* the present page */
    size_t at;   /* next item of it */
    bool end;    /* there is no page behind it */
};

/* ---- session.c: the way in and out ---- */
/* Take the session for this thread. *outer: it was free. EC_MISUSE touches nothing. */
ec_status ec_enter(ec_session *session, bool *outer);
void ec_leave(ec_session *session, bool outer);
/* Make the channel's facts the engine's present ones. EC_NOT_FOUND without channel. */
ec_status ec_session_refresh(ec_session *session);
/* A name for the running thread, never 0. */
uintptr_t ec_thread_name(void);
/* The same for functions that need no connection and may not stand inside a body's work. */
ec_status ec_enter_fresh(ec_session *session, bool *outer);

/* ---- error.c ---- */
void ec_error_clear(ec_session *session);
/* See to it that the error belongs to the status. */
ec_status ec_error_settle(ec_session *session, ec_status status);
ec_status ec_fail_storage(ec_session *session, ec_status status, const ec_storage_error *error);

/* ---- sql.c ---- */
/* Finish the statements that were opened since. */
void ec_finish_open(ec_session *session, size_t since);
/* A statement failed: name the field. entity may be NULL. */
ec_status ec_fail_statement(ec_session *session, const ec_entity *entity, ec_status status,
                            const ec_storage_error *error);

/* ec_exec of a statement on an entity, whose fields are named in the error. */
ec_status ec_exec_on(ec_session *session, const ec_entity *entity, const char *sql,
                     const ec_value *values, size_t count, int64_t *affected);

/* ---- entity_sql.c ---- */
void ec_sql_texts_free(ec_engine *engine);

/* ---- call.c ---- */
/* fn on a connection of its own, under no operation: for opening and migrating. */
ec_status ec_with_read(ec_session *session, ec_status (*fn)(ec_session *session, void *ctx),
                       void *ctx);
ec_status ec_with_write(ec_session *session, ec_status (*fn)(ec_session *session, void *ctx),
                        void *ctx);

/* ---- key.c: idempotency ---- */
typedef struct ec_keyed {
    const char *key;
    const char *scope;
    const char *fingerprint; /* hexadecimal */
} ec_keyed;
ec_status ec_key_prepare(ec_session *session, const ec_op *op, const void *args, const char *key,
                         ec_keyed *out);
/* EC_OK: *result is the stored outcome; EC_NOT_FOUND: run the operation. */
ec_status ec_key_look(ec_session *session, const ec_op *op, const ec_keyed *keyed, void **result);
/* EC_EXISTS: another call stored one meanwhile. */
ec_status ec_key_store(ec_session *session, const ec_op *op, const ec_keyed *keyed,
                       const void *result);

/* ---- facts.c: what the engine remembers ---- */
/* Read channels and settings again. Inside a connection. */
ec_status ec_facts_load(ec_session *session, void *unused);
/* The same on a connection of its own, for after a commit. */
void ec_facts_reload(ec_session *session);

/* ---- migrate.c, seed.c ---- */
extern const ec_migration *const ec_migrations[]; /* NULL-ended */
/* Does the schema fit? Inside a connection. EC_SCHEMA says why not. */
ec_status ec_schema_check(ec_session *session, void *unused);
ec_status ec_schema_upgrade(ec_session *session);
/* The schema fits: make a shop where there is none, remember it, let calls in. */
ec_status ec_shop_ready(ec_session *session);

/* ---- page.c ---- */
/* The session ends: its cursors answer EC_MISUSE from now on. */
void ec_cursors_orphan(ec_session *session);

#endif
