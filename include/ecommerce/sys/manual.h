/* SPDX-License-Identifier: MIT */
/**
 * @file manual.h
 * @brief The payment provider "manual": no bank behind it, for tests, demonstrations and tills.
 *
 * It remembers its attempts in memory, for as long as it lives, and acts once for an attempt key.
 * Its methods are "card", "cash" and "transfer". The token decides what happens:
 *
 * - none, `tok_ok` and all others: the amount is authorised
 * - `tok_declined`: declined, "card declined"
 * - `tok_insufficient_funds`: declined, "insufficient funds"
 * - `tok_timeout_before`: it ends as EC_UNKNOWN and nothing happened
 * - `tok_timeout_after`: the first call ends as EC_UNKNOWN although it was authorised
 * - `tok_unknown_forever`: EC_UNKNOWN, also when it is asked what became of it
 * - `tok_capture_fails`: authorised; every capture is declined
 * - `tok_refund_fails`: authorised; every refund is declined
 *
 * An unknown reference is declined, as is more than what is left. Every engine has one; a program
 * that wants another can make it and register it nowhere, or ask it directly.
 */
#ifndef ECOMMERCE_SYS_MANUAL_H
#define ECOMMERCE_SYS_MANUAL_H

#include <ecommerce/sys/payment.h>
#include <ecommerce/sys/platform.h>

EC_BEGIN_DECLS

/**
 * Make the provider.
 *
 * @param platform complete; copied
 * @param out      release it with its ops->close
 * @return EC_MISUSE, EC_NO_MEMORY. Any thread; the provider may be used from any thread.
 * @since 0.1
 */
EC_API ec_status ec_manual_new(const ec_platform *platform, ec_payment_provider **out);

EC_END_DECLS

#endif
