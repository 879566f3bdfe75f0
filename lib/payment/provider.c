/* SPDX-License-Identifier: MIT */
/*
 * provider.c - which providers an engine knows, by name.
 *
 * The list only grows, under the engine's lock, and ends with the engine. It refuses providers of
 * another version, without a method, or of a name that is taken; "offline", "gift_card"
 * and "store_credit" are always taken.
 */
#include <string.h>

#include "engine/state.h"
#include "payment/payment.h"

static bool is_complete(const ec_payment_provider *provider)
{
    const ec_payment_ops *ops = provider == NULL ? NULL : provider->ops;
    return ops != NULL && ops->version == EC_PAYMENT_OPS_VERSION && ops->name != NULL &&
           ops->name[0] != '\0' && strlen(ops->name) <= 32 && ops->methods != NULL &&
           ops->authorize != NULL && ops->capture != NULL && ops->cancel != NULL &&
           ops->refund != NULL && ops->find != NULL && ops->close != NULL;
}

bool ec_payment_is_own(const char *provider)
{
    return strcmp(provider, EC_PROVIDER_OFFLINE) == 0 ||
           strcmp(provider, EC_PROVIDER_GIFT_CARD) == 0 ||
           strcmp(provider, EC_PROVIDER_STORE_CREDIT) == 0;
}

/* The caller holds the lock. */
static ec_payment_provider *find_locked(const ec_engine *engine, const char *name)
{
    for (size_t i = 0; i < engine->providers_count; i++)
        if (strcmp(engine->providers[i]->ops->name, name) == 0) return engine->providers[i];
    return NULL;
}

ec_status ec_payment_register(ec_engine *engine, ec_payment_provider *provider)
{
    if (engine == NULL || engine->magic != EC_ENGINE_MAGIC || !is_complete(provider))
        return EC_MISUSE;
    ec_status status = EC_OK;
    (void)pthread_mutex_lock(&engine->lock);
    if (ec_payment_is_own(provider->ops->name) || find_locked(engine, provider->ops->name) != NULL)
        status = EC_EXISTS;
    else if (engine->providers_count == EC_PROVIDERS_MAX)
        status = EC_LIMIT;
    else
        engine->providers[engine->providers_count++] = provider;
    (void)pthread_mutex_unlock(&engine->lock);
    return status;
}

ec_payment_provider *ec_payment_provider_find(ec_engine *engine, const char *name)
{
    (void)pthread_mutex_lock(&engine->lock);
    ec_payment_provider *provider = find_locked(engine, name);
    (void)pthread_mutex_unlock(&engine->lock);
    return provider;
}

void ec_payment_providers_close(ec_engine *engine)
{
    while (engine->providers_count > 0) {
        ec_payment_provider *provider = engine->providers[--engine->providers_count];
        provider->ops->close(provider);
    }
}
