/* SPDX-License-Identifier: MIT */
/*
 * call.h - the one way in: what every public operation has in common.
 *
 * A public function fills a struct of arguments and hands it with its operation's row to ec_call.
 * ec_call guards the handles, forgets the last error, checks who may do this, takes a connection or
 * joins the transaction, honours the idempotency key, runs the body, and packs what the body left
 * in *result (in the arena) into one block for the caller.
 */
#ifndef EC_ENGINE_CALL_H
#define EC_ENGINE_CALL_H

#include <ecommerce/channel.h>
#include <ecommerce/session.h>
#include <ecommerce/sys/platform.h>
#include <ecommerce/sys/storage.h>

#include "base/arena.h"
#include "entity/entity.h"

/* Who may call an operation. The seed's roles refine STAFF later; rows name it already. */
typedef enum ec_access {
    EC_ACCESS_ANY,   /* everybody; what is not published is not found */
    EC_ACCESS_OWNER, /* system, staff, and the owner of the object: the body calls ec_owned() */
    EC_ACCESS_STAFF, /* system and staff */
    EC_ACCESS_SYSTEM /* the embedding program only */
} ec_access;

/* What the engine remembers of a channel. */
typedef struct ec_channel_facts {
    ec_id id;
    ec_id price_list_id; /* of last resort, or 0 */
    ec_stock_strategy stock_strategy;
    ec_merge_policy merge_policy;
    bool is_active;
    bool has_price_lists; /* lists name it, or it has one of its own */
    char currency[4];
    char locale[17];
    char country[3]; /* or "" */
} ec_channel_facts;

typedef enum ec_mode {
    EC_READ, /* one snapshot */
    EC_WRITE /* one transaction; retried, idempotent under the session's key */
} ec_mode;

typedef struct ec_op {
    const char *name;       /* "product.create" */
    const char *permission; /* "catalog.write" */
    ec_access access;
    ec_mode mode;
    const ec_entity *result; /* NULL: the operation returns nothing */
    /* The body. May run more than once. *result: the outcome in the session's arena. */
    ec_status (*run)(ec_session *session, void *args, void **result);
    /* Write everything that distinguishes this request from another as JSON; needed for EC_WRITE
       operations that honour idempotency keys. */
    void (*fingerprint)(const void *args, ec_json_writer *json);
    bool any_schema; /* works on a shop whose schema does not fit (migrate.h) */
} ec_op;

/* out may be NULL only for operations without result. *out is NULL on failure. */
ec_status ec_call(ec_session *session, const ec_op *op, void *args, void **out);

/* ---- for bodies ---- */
ec_arena *ec_scratch(ec_session *session);
const ec_platform *ec_session_platform(const ec_session *session);
ec_time ec_now(ec_session *session); /* engine's clock, one value for the whole call */
ec_actor ec_session_actor(const ec_session *session);
ec_id ec_session_user(const ec_session *session);
/* The session's channel, or the shop's default one. */
ec_id ec_session_channel(const ec_session *session);
/* What the channel was when the session was opened. */
const ec_channel_facts *ec_session_facts(const ec_session *session);
const char *ec_session_request(const ec_session *session); /* or NULL */
/* Is a transaction or snapshot open, so that nobody outside may be waited for? */
bool ec_in_transaction(const ec_session *session);
/* The secret of ec_session_cart_token (cart.h), or NULL. */
const char *ec_session_token(const ec_session *session);
const char *ec_shop_currency(const ec_session *session); /* ISO 4217 */
int64_t ec_cart_ttl_ms(const ec_session *session);
int64_t ec_reservation_ttl_ms(const ec_session *session);
/* This transaction changes channels or settings: the engine rereads them after the commit. */
void ec_facts_changed(ec_session *session);
const ec_dialect *ec_session_dialect(const ec_session *session);
bool ec_session_is_staff(const ec_session *session); /* staff or system */
/* EC_OK when the actor is system, staff or the user; EC_NOT_FOUND otherwise ("another's is not
   there"). */
ec_status ec_owned(ec_session *session, const char *entity, ec_id user_id);

/* Record the error and return its status: `return ec_fail(s, EC_STATE, …)`. */
__attribute__((format(printf, 3, 4))) ec_status ec_fail(ec_session *session, ec_status status,
                                                        const char *format, ...);
/* The same with one field error. */
__attribute__((format(printf, 5, 6))) ec_status ec_fail_field(ec_session *session, ec_status status,
                                                              const char *field, const char *rule,
                                                              const char *format, ...);
/* EC_MISUSE of a function that was given no place for its result, before it calls anything. */
ec_status ec_fail_place(ec_session *session, const char *function);
/* The field errors of a check; EC_OK when it found none. */
ec_status ec_fail_check(ec_session *session, const ec_check *check);
/* NO_MEMORY with its static message. */
ec_status ec_fail_memory(ec_session *session);
#if defined(__clang_analyzer__) && !defined(EC_ERROR_IMPLEMENTATION)
/* The analyser does not see in another file that these return the status that they are given. */
#define ec_fail(s, status, ...)                                                                    \
    __extension__({                                                                                \
        (void)(ec_fail)(s, status, __VA_ARGS__);                                                   \
        (status);                                                                                  \
    })
#define ec_fail_field(s, status, ...)                                                              \
    __extension__({                                                                                \
        (void)(ec_fail_field)(s, status, __VA_ARGS__);                                             \
        (status);                                                                                  \
    })
#define ec_fail_memory(s)                                                                          \
    __extension__({                                                                                \
        (void)(ec_fail_memory)(s);                                                                 \
        EC_NO_MEMORY;                                                                              \
    })
#endif
/* Forget a caught error. */
void ec_forgive(ec_session *session);
/* Check an input object (NULL is EC_MISUSE): ec_entity_check + ec_fail_check. */
ec_status ec_input(ec_session *session, const ec_entity *entity, const void *object, ec_mask fields,
                   bool complete);

/* Run a part of a body in an inner transaction (savepoint) so that its failure can be survived. */
ec_status ec_inner(ec_session *session, ec_status (*fn)(ec_session *session, void *ctx), void *ctx);

/* ---- events: history and outbox in one append-only table, written in the transaction ---- */
/*
 * aggregate and id: what happened to ("order", 17). type: "order.placed". data: JSON text or NULL.
 * Readers of the outbox (event.h) see it after the commit.
 */
ec_status ec_emit(ec_session *session, const char *aggregate, ec_id id, const char *type,
                  const char *data);
/* Several events of one type in as few statements as several rows take. data may be NULL. */
ec_status ec_emit_many(ec_session *session, const char *aggregate, const ec_id *ids,
                       const char *const *data, size_t count, const char *type);

/* ---- listings ---- */
/* Limits and decodes {limit, page, cursor} of a listing; see lib/engine/page.h. */

#endif
