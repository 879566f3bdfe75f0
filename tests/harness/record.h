/* SPDX-License-Identifier: MIT */
/*
 * record.h - the recorder of SQL texts, for the rest of the harness.
 */
#ifndef EC_TESTS_HARNESS_RECORD_H
#define EC_TESTS_HARNESS_RECORD_H

#include <ecommerce/engine.h>

/* Listen to an engine if anybody wants to know. */
void record_attach(ec_engine *engine);

#endif
