/* SPDX-License-Identifier: MIT */
/*
 * provider.c - which carriers an engine knows, by name.
 *
 * The list only grows, under the engine's lock, and ends with the engine. It refuses carriers of
 * another version, without a method, or of a name that is taken.
 */
#include <string.h>

#include "engine/state.h"
#include "shipping/inside.h"
#include "shipping/rates.h"

static bool is_complete(const ec_shipping_provider *provider)
{
    const ec_shipping_ops *ops = provider == NULL ? NULL : provider->ops;
    return ops != NULL && ops->version == EC_SHIPPING_OPS_VERSION && ops->name != NULL &&
           ops->name[0] != '\0' && strlen(ops->name) <= EC_SHIPPING_PROVIDER_MAX &&
           ops->rates != NULL && ops->close != NULL;
}

/* The caller holds the lock. */
static ec_shipping_provider *find_locked(const ec_engine *engine, const char *name)
{
    for (size_t i = 0; i < engine->carriers_count; i++)
        if (strcmp(engine->carriers[i]->ops->name, name) == 0) return engine->carriers[i];
    return NULL;
}

ec_status ec_shipping_register(ec_engine *engine, ec_shipping_provider *provider)
{
    if (engine == NULL || engine->magic != EC_ENGINE_MAGIC || !is_complete(provider))
        return EC_MISUSE;
    ec_status status = EC_OK;
    (void)pthread_mutex_lock(&engine->lock);
    if (find_locked(engine, provider->ops->name) != NULL)
        status = EC_EXISTS;
    else if (engine->carriers_count == EC_PROVIDERS_MAX)
        status = EC_LIMIT;
    else
        engine->carriers[engine->carriers_count++] = provider;
    (void)pthread_mutex_unlock(&engine->lock);
    return status;
}

ec_shipping_provider *ec_shipping_provider_find(ec_engine *engine, const char *name)
{
    (void)pthread_mutex_lock(&engine->lock);
    ec_shipping_provider *provider = find_locked(engine, name);
    (void)pthread_mutex_unlock(&engine->lock);
    return provider;
}

void ec_shipping_providers_close(ec_engine *engine)
{
    while (engine->carriers_count > 0) {
        ec_shipping_provider *provider = engine->carriers[--engine->carriers_count];
        provider->ops->close(provider);
    }
}
