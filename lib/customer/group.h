/* SPDX-License-Identifier: MIT */
/*
 * group.h - which groups a user is in, for prices, promotions and taxes.
 */
#ifndef EC_CUSTOMER_GROUP_H
#define EC_CUSTOMER_GROUP_H

#include "engine/call.h"

/* The groups of a user by their numbers, with their codes; in the arena. One statement. */
ec_status ec_groups_of_user(ec_session *session, ec_id user_id, const ec_id **ids,
                            const char *const **codes, size_t *count);

#endif
