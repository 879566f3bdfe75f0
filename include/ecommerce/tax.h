/* SPDX-License-Identifier: MIT */
/**
 * @file tax.h
 * @brief Taxes: categories of goods, rates of places, and who does not pay them.
 */
#ifndef ECOMMERCE_TAX_H
#define ECOMMERCE_TAX_H

#include <ecommerce/list.h>

EC_BEGIN_DECLS

/** Where a rate is rounded, compared with the policy of the channel. @since 0.1 */
typedef enum ec_tax_calculator {
    EC_TAX_EACH = 0, /**< where the policy says */
    EC_TAX_SUM = 1   /**< one level later: not each unit but the line, not the line but the order */
} ec_tax_calculator;

EC_END_DECLS

#endif
