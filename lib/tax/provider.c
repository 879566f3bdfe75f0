/* SPDX-License-Identifier: MIT */
/*
 * provider.c - which tax services an engine knows, by name.
 *
 * The list only grows, under the engine's lock, and ends with the engine. It refuses services of
 * another version, without a method, or of a name that is taken.
 */
#include <string.h>

#include "engine/state.h"
#include "tax/answers.h"

static bool is_complete(const ec_tax_provider *provider)
{
    const ec_tax_ops *ops = provider == NULL ? NULL : provider->ops;
    return ops != NULL && ops->version == EC_TAX_OPS_VERSION && ops->name != NULL &&
           ops->name[0] != '\0' && strlen(ops->name) <= 64 && ops->taxes != NULL &&
           ops->close != NULL;
}

/* The caller holds the lock. */
static ec_tax_provider *find_locked(const ec_engine *engine, const char *name)
{
    for (size_t i = 0; i < engine->tax_services_count; i++)
        if (strcmp(engine->tax_services[i]->ops->name, name) == 0) return engine->tax_services[i];
    return NULL;
}

ec_status ec_tax_register(ec_engine *engine, ec_tax_provider *provider)
{
    if (engine == NULL || engine->magic != EC_ENGINE_MAGIC || !is_complete(provider))
        return EC_MISUSE;
    ec_status status = EC_OK;
    (void)pthread_mutex_lock(&engine->lock);
    if (find_locked(engine, provider->ops->name) != NULL)
        status = EC_EXISTS;
    else if (engine->tax_services_count == EC_PROVIDERS_MAX)
        status = EC_LIMIT;
    else
        engine->tax_services[engine->tax_services_count++] = provider;
    (void)pthread_mutex_unlock(&engine->lock);
    return status;
}

ec_tax_provider *ec_tax_provider_find(ec_engine *engine, const char *name)
{
    (void)pthread_mutex_lock(&engine->lock);
    ec_tax_provider *provider = find_locked(engine, name);
    (void)pthread_mutex_unlock(&engine->lock);
    return provider;
}

void ec_tax_providers_close(ec_engine *engine)
{
    while (engine->tax_services_count > 0) {
        ec_tax_provider *provider = engine->tax_services[--engine->tax_services_count];
        provider->ops->close(provider);
    }
}
