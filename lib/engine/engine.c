/* SPDX-License-Identifier: MIT */
/*
 * engine.c - one open shop: the storage that its URI names, its schema, what it remembers.
 *
 * Opening takes the adapter by the URI's scheme from a constant list, brings the schema up to date
 * and makes a shop where there is none. It refuses a URI it does not understand, a shop of a newer
 * library, and to be closed while sessions are open.
 */
#include <ecommerce/money.h>
#include <ecommerce/sys/manual.h>
#include <ecommerce/sys/sqlite.h>

#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "engine/state.h"
#include "engine/trace.h"
#include "payment/payment.h"
#include "price/rules.h"
#include "shipping/rates.h"
#include "tax/answers.h"

/* The adapters that this build has. */
static const struct {
    const char *scheme;
    ec_storage_open_fn open;
} adapters[] = {
    {"sqlite", ec_sqlite_open},
};

/* Tell the caller of ec_open why. */
static ec_status refuse(const ec_options *options, ec_status status, const char *message)
{
    if (options->message && options->message_size > 0) {
        (void)snprintf(options->message, options->message_size, "%s",
                       message[0] != '\0' ? message : ec_status_text(status));
    }
    return status;
}

static ec_status check_options(const ec_options *options)
{
    if (options->platform && options->platform->version != EC_PLATFORM_VERSION) {
        return refuse(options, EC_MISUSE, "The platform has a version that is not known.");
    }
    if (options->currency && !ec_currency_find(options->currency)) {
        return refuse(options, EC_INVALID, "The currency is no code of ISO 4217.");
    }
    if (options->cart_ttl_ms < 0 || options->reservation_ttl_ms < 0) {
        return refuse(options, EC_INVALID, "A time to live is negative.");
    }
    return EC_OK;
}

/* ---- making and unmaking ---- */

static void engine_free(ec_engine *engine)
{
    ec_platform platform = engine->platform;
    ec_payment_providers_close(engine);
    ec_shipping_providers_close(engine);
    ec_tax_providers_close(engine);
    if (engine->storage) {
        engine->storage->ops->close(engine->storage);
    }
    ec_rules_forget(engine);
    ec_sql_texts_free(engine);
    if (engine->channels) {
        platform.resize(platform.ctx, engine->channels, 0);
    }
    (void)pthread_mutex_destroy(&engine->lock);
    engine->magic = 0;
    platform.resize(platform.ctx, engine, 0);
}

/* Without storage yet; NULL when memory is out. */
static ec_engine *engine_new(const ec_options *options)
{
    ec_platform platform = {.version = EC_PLATFORM_VERSION};
    if (options->platform) {
        platform = *options->platform;
    }
    ec_platform_complete(&platform);
    ec_engine *engine = platform.resize(platform.ctx, NULL, sizeof *engine);
    if (!engine) {
        return NULL;
    }
    memset(engine, 0, sizeof *engine);
    engine->magic = EC_ENGINE_MAGIC;
    engine->platform = platform;
    engine->read_only = options->read_only;
    engine->cart_ttl_option = options->cart_ttl_ms;
    engine->reservation_ttl_option = options->reservation_ttl_ms;
    if (options->currency) {
        memcpy(engine->currency_option, options->currency, sizeof engine->currency_option);
    }
    atomic_store(&engine->schema, EC_SCHEMA);
    if (pthread_mutex_init(&engine->lock, NULL) != 0) {
        platform.resize(platform.ctx, engine, 0);
        return NULL;
    }
    return engine;
}

static ec_status open_storage(ec_engine *engine, const char *uri, const ec_options *options)
{
    const char *colon = strchr(uri, ':');
    ec_storage_error error = {0};
    ec_storage_config config = {.uri = uri,
                                .platform = &engine->platform,
                                .read_only = options->read_only,
                                .must_exist = options->must_exist};
    if (!colon || colon == uri) {
        return refuse(options, EC_INVALID,
                      "A storage URI begins with the name of its adapter, such as sqlite:shop.db.");
    }
    size_t length = (size_t)(colon - uri);
    for (size_t i = 0; i < sizeof adapters / sizeof adapters[0]; i++) {
        if (strlen(adapters[i].scheme) == length && memcmp(adapters[i].scheme, uri, length) == 0) {
            ec_status status = adapters[i].open(&config, &engine->storage, &error);
            if (status == EC_OK) {
                engine->dialect = engine->storage->ops->dialect(engine->storage);
                return EC_OK;
            }
            return refuse(options, status, error.message);
        }
    }
    return refuse(options, EC_UNSUPPORTED, "This build has no adapter for the storage URI.");
}

/* The provider that every shop has. */
static ec_status register_manual(ec_engine *engine)
{
    ec_payment_provider *provider = NULL;
    ec_status status = ec_manual_new(&engine->platform, &provider);
    return status == EC_OK ? ec_payment_register(engine, provider) : status;
}

/* ---- opening ---- */

static ec_status prepare_schema(ec_session *session, const ec_options *options)
{
    ec_status status = ec_with_read(session, ec_schema_check, NULL);
    if (status == EC_SCHEMA && !options->no_migrate && !options->read_only) {
        status = ec_schema_upgrade(session);
    }
    if (status == EC_OK) {
        return ec_shop_ready(session);
    }
    return status == EC_SCHEMA && options->no_migrate ? EC_OK : status;
}

static ec_status prepare(ec_engine *engine, const ec_options *options)
{
    ec_session *session = NULL;
    bool outer = false;
    ec_status status = ec_session_open(engine, NULL, &session);
    if (status != EC_OK) {
        return refuse(options, status, "");
    }
    status = ec_enter_fresh(session, &outer);
    if (status == EC_OK) {
        status = ec_error_settle(session, prepare_schema(session, options));
        if (status != EC_OK) {
            (void)refuse(options, status, session->error.message);
        }
        ec_leave(session, outer);
    }
    ec_session_close(session);
    return status;
}

ec_status ec_open(const char *uri, const ec_options *options, ec_engine **out)
{
    static const ec_options defaults = EC_OPTIONS_INIT;
    options = options ? options : &defaults;
    if (!out) {
        return EC_MISUSE;
    }
    *out = NULL;
    if (options->version != EC_OPTIONS_VERSION) {
        return EC_MISUSE; /* where its message is, is not known either */
    }
    if (!uri) {
        return refuse(options, EC_INVALID, "There is no storage URI.");
    }
    ec_status status = check_options(options);
    if (status != EC_OK) {
        return status;
    }
    ec_engine *engine = engine_new(options);
    if (!engine) {
        return refuse(options, EC_NO_MEMORY, "");
    }
    status = register_manual(engine);
    if (status == EC_OK) {
        status = open_storage(engine, uri, options);
    } else {
        (void)refuse(options, status, "");
    }
    if (status == EC_OK) {
        status = prepare(engine, options);
    }
    if (status != EC_OK) {
        engine_free(engine);
        return status;
    }
    *out = engine;
    return EC_OK;
}

ec_status ec_close(ec_engine *engine)
{
    if (!engine) {
        return EC_OK;
    }
    if (engine->magic != EC_ENGINE_MAGIC) {
        return EC_MISUSE;
    }
    (void)pthread_mutex_lock(&engine->lock);
    bool used = engine->sessions > 0;
    (void)pthread_mutex_unlock(&engine->lock);
    if (used) {
        return EC_BUSY;
    }
    engine_free(engine);
    return EC_OK;
}

/* ---- questions ---- */

ec_status ec_ping(ec_engine *engine)
{
    ec_storage_error error = {0};
    if (!engine || engine->magic != EC_ENGINE_MAGIC) {
        return EC_MISUSE;
    }
    return engine->storage->ops->ping(engine->storage, &error);
}

ec_status ec_engine_counters(ec_engine *engine, ec_counters *out)
{
    if (!out) {
        return EC_MISUSE;
    }
    *out = (ec_counters){0};
    if (!engine || engine->magic != EC_ENGINE_MAGIC) {
        return EC_MISUSE;
    }
    if (!engine->storage->ops->counters) {
        return EC_UNSUPPORTED;
    }
    engine->storage->ops->counters(engine->storage, &out->statements, &out->transactions,
                                   &out->commits);
    return EC_OK;
}

void ec_engine_trace(ec_engine *engine, ec_trace_fn trace, void *ctx)
{
    engine->trace = trace;
    engine->trace_ctx = ctx;
}
