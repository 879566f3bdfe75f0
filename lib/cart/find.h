/* SPDX-License-Identifier: MIT */
/*
 * find.h - whose cart is whose.
 */
#ifndef EC_CART_FIND_H
#define EC_CART_FIND_H

#include "engine/call.h"

/* The open (or paying) cart of a customer in the session's channel, or of the session's token.
   EC_NOT_FOUND without a message. */
ec_status ec_cart_of_user(ec_session *session, ec_id user_id, ec_id *id);
ec_status ec_cart_of_token(ec_session *session, ec_id *id);

#endif
