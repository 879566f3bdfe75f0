/* SPDX-License-Identifier: MIT */
/**
 * @file ecommerce.h
 * @brief The whole library in one include. Each noun has a header of its own as well.
 *
 * Those who write adapters find the vtables under <ecommerce/sys/>.
 */
#ifndef ECOMMERCE_H
#define ECOMMERCE_H

#include <ecommerce/address.h>
#include <ecommerce/cart.h>
#include <ecommerce/engine.h>
#include <ecommerce/entity.h>
#include <ecommerce/export.h>
#include <ecommerce/limits.h>
#include <ecommerce/list.h>
#include <ecommerce/money.h>
#include <ecommerce/order.h>
#include <ecommerce/payment.h>
#include <ecommerce/session.h>
#include <ecommerce/status.h>
#include <ecommerce/types.h>

#endif
