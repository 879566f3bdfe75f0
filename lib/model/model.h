/* SPDX-License-Identifier: MIT */
/*
 * model.h - the descriptions of all entities. Their order here is that of lib/model/registry.c.
 */
#ifndef EC_MODEL_MODEL_H
#define EC_MODEL_MODEL_H

#include "entity/entity.h"

extern const ec_entity ec_address_entity;

#endif
