/* SPDX-License-Identifier: MIT */
/*
 * registry.c - every entity of the library, in one list. Adding an entity is a line here and one in
 * model.h.
 */
#include "model/model.h"

const ec_entity *const ec_entities[] = {
    &ec_address_entity,
    NULL,
};
