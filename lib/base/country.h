/* SPDX-License-Identifier: MIT */
/*
 * country.h - which country codes exist.
 */
#ifndef EC_BASE_COUNTRY_H
#define EC_BASE_COUNTRY_H

#include <stdbool.h>

/* Is the text an officially assigned code of ISO 3166-1 alpha-2, in capital letters? */
bool ec_country_known(const char *code);

#endif
