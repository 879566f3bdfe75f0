/* SPDX-License-Identifier: MIT */
/**
 * @file ecommerce.h
 * @brief The whole library in one include. Each noun has a header of its own as well.
 *
 * Those who write adapters find the vtables under <ecommerce/sys/>.
 */
#ifndef ECOMMERCE_H
#define ECOMMERCE_H

/* the ground */
#include <ecommerce/export.h>
#include <ecommerce/limits.h>
#include <ecommerce/money.h>
#include <ecommerce/status.h>
#include <ecommerce/types.h>

/* a shop, and who works in it */
#include <ecommerce/engine.h>
#include <ecommerce/entity.h>
#include <ecommerce/list.h>
#include <ecommerce/session.h>

/* the shop itself */
#include <ecommerce/channel.h>
#include <ecommerce/event.h>
#include <ecommerce/migrate.h>
#include <ecommerce/policy.h>
#include <ecommerce/setting.h>
#include <ecommerce/tax.h>
#include <ecommerce/zone.h>

/* its people */
#include <ecommerce/address.h>
#include <ecommerce/customer.h>
#include <ecommerce/group.h>

/* what is sold */
#include <ecommerce/attribute.h>
#include <ecommerce/brand.h>
#include <ecommerce/category.h>
#include <ecommerce/collection.h>
#include <ecommerce/price.h>
#include <ecommerce/product.h>
#include <ecommerce/quote.h>
#include <ecommerce/variant.h>

/* to whom, and how it is paid */
#include <ecommerce/cart.h>
#include <ecommerce/coupon.h>
#include <ecommerce/credit.h>
#include <ecommerce/order.h>
#include <ecommerce/payment.h>
#include <ecommerce/promotion.h>
#include <ecommerce/promotion_report.h>
#include <ecommerce/shipping.h>

/* where goods lie */
#include <ecommerce/stock.h>
#include <ecommerce/warehouse.h>

/* goods in and out */
#include <ecommerce/transfer.h>

/* proof and copies */
#include <ecommerce/backup.h>
#include <ecommerce/verify.h>

#endif
