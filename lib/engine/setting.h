/* SPDX-License-Identifier: MIT */
/*
 * setting.h - the shop's settings for bodies. Inside a call only.
 */
#ifndef EC_ENGINE_SETTING_H
#define EC_ENGINE_SETTING_H

#include <ecommerce/setting.h>

#include "engine/call.h"

#define EC_SETTING_CLOCK "shop.utc_offset_ms" /* of the shop's clock, for rules about hours */

/* The value, or the default of a known name, or NULL; in the session's arena or constant. */
ec_status ec_setting_text(ec_session *session, const char *name, const char **value);
/* The same of a known setting that is a number. */
ec_status ec_setting_int(ec_session *session, const char *name, int64_t *value);
/* Store it, whatever it is. */
ec_status ec_setting_store(ec_session *session, const char *name, const char *value);

#endif
