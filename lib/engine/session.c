/* SPDX-License-Identifier: MIT */
/*
 * session.c - who acts, and one thread at a time.
 *
 * A session is taken by the thread that calls; a second one that comes meanwhile is told EC_MISUSE
 * and touches nothing. While the storage runs a closure on another thread, that one has it. It
 * refuses a customer that the shop does not know or has locked out, once, when the session is
 * opened; and what would leave something behind: closing while a call runs does nothing.
 */
#include <ecommerce/cart.h>

#include <string.h>

#include "engine/sql.h"
#include "engine/state.h"
#include "price/rules.h"

uintptr_t ec_thread_name(void)
{
    return (uintptr_t)pthread_self();
}

ec_status ec_enter(ec_session *session, bool *outer)
{
    *outer = false;
    if (!session || session->magic != EC_SESSION_MAGIC) {
        return EC_MISUSE;
    }
    uintptr_t self = ec_thread_name();
    uintptr_t owner = 0;
    *outer = atomic_compare_exchange_strong(&session->owner, &owner, self);
    return *outer || owner == self ? EC_OK : EC_MISUSE;
}

ec_status ec_enter_fresh(ec_session *session, bool *outer)
{
    ec_status status = ec_enter(session, outer);
    if (status == EC_OK) {
        ec_error_clear(session);
    }
    return status;
}

ec_status ec_fail_place(ec_session *session, const char *function)
{
    bool outer;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    status = ec_fail(session, EC_MISUSE, "%s was given no place for its result.", function);
    ec_leave(session, outer);
    return status;
}

void ec_leave(ec_session *session, bool outer)
{
    if (outer) {
        ec_rules_release(session);
        ec_arena_reset(&session->arena);
        session->now = 0;
        atomic_store(&session->owner, 0);
    }
}

/* Copy what the engine remembers of the session's channel. */
static bool channel_copy(ec_session *session)
{
    ec_engine *engine = session->engine;
    bool found = false;
    (void)pthread_mutex_lock(&engine->lock);
    session->facts = atomic_load(&engine->facts);
    ec_id wanted = session->channel_id != 0 ? session->channel_id : engine->default_channel;
    for (size_t i = 0; i < engine->channels_count && !found; i++) {
        found = engine->channels[i].id == wanted;
        if (found) {
            session->channel = engine->channels[i];
        }
    }
    (void)pthread_mutex_unlock(&engine->lock);
    return found;
}

ec_status ec_session_refresh(ec_session *session)
{
    ec_engine *engine = session->engine;
    bool fresh = session->channel.id != 0 && session->facts == atomic_load(&engine->facts);
    if (fresh || atomic_load(&engine->schema) != EC_OK || channel_copy(session)) {
        return EC_OK;
    }
    /* it may be another process's, added since */
    ec_status status = ec_with_read(session, ec_facts_load, NULL);
    if (status == EC_OK && !channel_copy(session)) {
        status = ec_fail(session, EC_NOT_FOUND, "There is no such channel.");
    }
    return status;
}

static ec_status check_options(const ec_session_options *options)
{
    if (options->version != EC_SESSION_OPTIONS_VERSION) {
        return EC_MISUSE;
    }
    bool known = options->actor >= EC_ACTOR_SYSTEM && options->actor <= EC_ACTOR_STAFF;
    bool named = options->actor != EC_ACTOR_CUSTOMER || options->user_id > 0;
    named = named && (options->actor != EC_ACTOR_GUEST || options->user_id == 0);
    bool fits = !options->request || strnlen(options->request, 65) <= 64;
    return known && named && fits && options->user_id >= 0 && options->channel_id >= 0 ? EC_OK
                                                                                       : EC_INVALID;
}

/* Sessions are counted so that an engine is not closed under them. */
static void count_session(ec_engine *engine, bool one_more)
{
    (void)pthread_mutex_lock(&engine->lock);
    engine->sessions = one_more ? engine->sessions + 1 : engine->sessions - 1;
    (void)pthread_mutex_unlock(&engine->lock);
}

/* In a snapshot: is there such a customer, and may they act? */
static ec_status look_up_customer(ec_session *session, void *ctx)
{
    int64_t active = 0;
    (void)ctx;
    ec_status status = ec_query_int(session, "SELECT is_active FROM users WHERE id = ?",
                                    ec_args(ec_int(session->user_id)), &active);
    return status == EC_OK && active == 0
               ? ec_fail(session, EC_DENIED, "The customer may not sign in.")
               : status;
}

static ec_status check_customer(ec_session *session)
{
    bool asks = session->actor == EC_ACTOR_CUSTOMER;
    /* where the schema is not the library's, there may be no users, and no call works either */
    asks = asks && atomic_load(&session->engine->schema) == EC_OK;
    return asks ? ec_with_read(session, look_up_customer, NULL) : EC_OK;
}

/* A session that this thread is inside of; NULL when memory is out. */
static ec_session *session_new(ec_engine *engine, const ec_session_options *options)
{
    const ec_platform *platform = &engine->platform;
    ec_session *session = platform->resize(platform->ctx, NULL, sizeof *session);
    if (!session) {
        return NULL;
    }
    memset(session, 0, sizeof *session);
    session->magic = EC_SESSION_MAGIC;
    session->engine = engine;
    session->actor = options->actor;
    session->user_id = options->user_id;
    session->channel_id = options->channel_id;
    if (options->request) {
        memcpy(session->request, options->request, strlen(options->request) + 1);
    }
    atomic_init(&session->owner, ec_thread_name());
    ec_arena_init(&session->arena, platform);
    ec_arena_init(&session->errors, platform);
    ec_error_clear(session);
    count_session(engine, true);
    return session;
}

static void session_free(ec_session *session)
{
    ec_engine *engine = session->engine;
    const ec_platform *platform = &engine->platform;
    ec_arena_clear(&session->arena);
    ec_arena_clear(&session->errors);
    session->magic = 0;
    platform->resize(platform->ctx, session, 0);
    count_session(engine, false);
}

ec_status ec_session_open(ec_engine *engine, const ec_session_options *options, ec_session **out)
{
    static const ec_session_options defaults = {.version = EC_SESSION_OPTIONS_VERSION};
    if (!out) {
        return EC_MISUSE;
    }
    *out = NULL;
    options = options ? options : &defaults;
    if (!engine || engine->magic != EC_ENGINE_MAGIC) {
        return EC_MISUSE;
    }
    ec_status status = check_options(options);
    if (status != EC_OK) {
        return status;
    }
    ec_session *session = session_new(engine, options);
    if (!session) {
        return EC_NO_MEMORY;
    }
    status = ec_session_refresh(session);
    status = status == EC_OK ? check_customer(session) : status;
    if (status != EC_OK) {
        session_free(session);
        return status;
    }
    ec_leave(session, true);
    *out = session;
    return EC_OK;
}

void ec_session_close(ec_session *session)
{
    bool outer;
    if (ec_enter(session, &outer) != EC_OK || !outer) {
        return; /* a call of it is running */
    }
    ec_cursors_orphan(session);
    session_free(session);
}

ec_engine *ec_session_engine(const ec_session *session)
{
    return session && session->magic == EC_SESSION_MAGIC ? session->engine : NULL;
}

const ec_error *ec_session_error(const ec_session *session)
{
    static const ec_error misuse = {.status = EC_MISUSE, .message = "There is no such session."};
    return session && session->magic == EC_SESSION_MAGIC ? &session->error : &misuse;
}

ec_status ec_session_idempotency(ec_session *session, const char *key)
{
    bool outer;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    size_t length = key ? strnlen(key, EC_KEY_MAX + 1) : 0;
    bool printable = true;
    for (size_t i = 0; i < length; i++) {
        printable = printable && key[i] > ' ' && key[i] < 0x7f;
    }
    if (key && (length == 0 || length > EC_KEY_MAX || !printable)) {
        status =
            ec_fail_field(session, EC_INVALID, "key", "format",
                          "An idempotency key is 1 to %d printable ASCII characters.", EC_KEY_MAX);
    } else {
        session->key[0] = '\0';
        if (key) {
            memcpy(session->key, key, length + 1);
        }
    }
    ec_leave(session, outer);
    return status;
}

ec_status ec_session_cart_token(ec_session *session, const char *token)
{
    bool outer;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) {
        return status;
    }
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = token ? strspn(token, letters) : 0;
    if (token && (token[length] != '\0' || length < 16 || length > EC_CART_TOKEN_MAX)) {
        status = ec_fail_field(session, EC_INVALID, "token", "format",
                               "A cart token is 16 to %d letters of base64url.", EC_CART_TOKEN_MAX);
    } else {
        session->token[0] = '\0';
        if (token) {
            memcpy(session->token, token, length + 1);
        }
    }
    ec_leave(session, outer);
    return status;
}

/* ---- what bodies ask ---- */

ec_arena *ec_scratch(ec_session *session)
{
    return &session->arena;
}

const ec_platform *ec_session_platform(const ec_session *session)
{
    return &session->engine->platform;
}

ec_time ec_now(ec_session *session)
{
    if (session->now == 0) {
        const ec_platform *platform = &session->engine->platform;
        session->now = platform->now_ms(platform->ctx);
    }
    return session->now;
}

ec_actor ec_session_actor(const ec_session *session)
{
    return session->actor;
}

ec_id ec_session_user(const ec_session *session)
{
    return session->user_id;
}

ec_id ec_session_channel(const ec_session *session)
{
    return session->channel.id;
}

const ec_channel_facts *ec_session_facts(const ec_session *session)
{
    return &session->channel;
}

const char *ec_session_request(const ec_session *session)
{
    return session->request[0] != '\0' ? session->request : NULL;
}

bool ec_in_transaction(const ec_session *session)
{
    return session && session->magic == EC_SESSION_MAGIC && session->conn;
}

const char *ec_session_token(const ec_session *session)
{
    return session->token[0] != '\0' ? session->token : NULL;
}

const ec_dialect *ec_session_dialect(const ec_session *session)
{
    return session->engine->dialect;
}

bool ec_session_is_staff(const ec_session *session)
{
    return session->actor == EC_ACTOR_SYSTEM || session->actor == EC_ACTOR_STAFF;
}

const char *ec_shop_currency(const ec_session *session)
{
    return session->engine->currency;
}

int64_t ec_cart_ttl_ms(const ec_session *session)
{
    return atomic_load(&session->engine->cart_ttl);
}

int64_t ec_reservation_ttl_ms(const ec_session *session)
{
    return atomic_load(&session->engine->reservation_ttl);
}

ec_status ec_owned(ec_session *session, const char *entity, ec_id user_id)
{
    bool own = session->actor == EC_ACTOR_CUSTOMER && user_id != 0 && user_id == session->user_id;
    if (own || ec_session_is_staff(session)) {
        return EC_OK;
    }
    return ec_fail(session, EC_NOT_FOUND, "There is no such %s.", entity);
}
