/* SPDX-License-Identifier: MIT */
/*
 * trace.h - for tests: see every SQL text that the rules start (not those of migrations).
 */
#ifndef EC_ENGINE_TRACE_H
#define EC_ENGINE_TRACE_H

#include <ecommerce/engine.h>

/* Told of each text before it starts; maybe on several threads at once. */
typedef void (*ec_trace_fn)(void *ctx, const char *sql);

/* Before the first session is opened. NULL: nobody is told. */
void ec_engine_trace(ec_engine *engine, ec_trace_fn trace, void *ctx);

#endif
