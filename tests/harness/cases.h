/* SPDX-License-Identifier: MIT */
/*
 * cases.h - hand-computed cases of pricing, read from text files: cart, context, rules, and what
 * must come out.
 *
 * A file holds many cases. "#" begins a comment: the arithmetic. Amounts are decimals of the case's
 * currency. A line is a word and its arguments, some of them as key=value; "…" keeps blanks.
 *
 *   == twenty per cent off one line                     a case begins
 *   channel web EUR ES [offset=-3h] [classic]           code, currency, country; policy of country
 *   policy tax_level=unit cash_step=0.05 …              members of ec_policy; enums by number name
 *   at 2026-03-01T12:00:00Z
 *   ship ES CN 38001 "Santa Cruz"                       country, region, postcode, city; "-": none
 *   bill ES MD 28001 Madrid
 *   customer [user=7] [email=…] [groups=vip,gold] [orders=3] [spent=9.99] [role=…] [staff] [exempt]
 *            [reverse_charge] [tax_number=…] [last=2026-01-01]
 *   fact name=value …
 *   pay cash                                            the payment method
 *   line A 3 19.95 [was=25.00] [min=10.00] [prior=18] [cost=5] [category=12/3] [brand=4]
 *        [product=7] [collection=5,6] [tags=a,b] [type=Shoe] [tax=food] [shipping=bulky]
 *        [weight=250] [size=100x200x300] [attribute.colour=red] [option.size=XL] [untaxed]
 *        [digital] [fixed]                              SKU, quantity, price of one
 *   promotion 12 [name=…] [lane=] [priority=] [exclusive] [stops] [coupon] [catalog] [spares]
 *             [best] [best_by_line] [tags=] [with=] [from=] [until=] [channels=1,2] [limited]
 *     if CONDITION                                      the rest of the line
 *     do ACTIONS
 *   gift G 990 [as of a line]                           what gift(G) of the promotion above gives
 *   coupon SPRING promotion=12 [problem=expired]
 *   usage 12 [rule=used_up] [budget=100.00]
 *   zone 1 country:ES … region:ES-CN … city:… postcode:38* … zone:2 [use=tax|shipping]
 *   default_zone 1
 *   rate "IVA" 21% zone=1 [id=] [category=standard] [included] [compound] [priority=] [sum] [from=]
 *        [until=]
 *   method post "flat(4.99 EUR)" [id=] [zone=1] [tax=…] [if="…"] [category=…] [rule=any|all|none]
 *          [provider=…] [channels=…]
 *   ask post                                            the shipping method that is asked for
 *   fee 3.00                                            the fee, set by hand
 *   outside_tax LINE NAME RATE AMOUNT [included]        LINE: position, 0 the fee
 *   = line A [price=] [unit=] [unit_discount=] [subtotal=] [order_discount=] [tax=] [included=]
 *     [total=] [original=] [quantity=] [gift]
 *   = subtotal|discount|fee|shipping|shipping_discount|shipping_tax|tax|included|rounding|total N
 *   = promotion 12 3.99          applied, with what it took off
 *   = promotion 12 not condition
 *   = rate IVA [base=] amount
 *   = method post                chosen;  = method none
 *   = offered post,courier       what could be chosen, in this order;  = offered none
 *   = problem no_shipping_method
 *   = error overflow|invalid
 *
 * Whatever a case expects, its adjustments must explain its total, and the same lines the other way
 * round must come to the same total (not with "classic", whose spare cents go to the first lines).
 */
#ifndef EC_TESTS_HARNESS_CASES_H
#define EC_TESTS_HARNESS_CASES_H

#include <stddef.h>

/* Run every case of the file; prints what differs. *cases: how many there were. The number of those
   that failed. */
size_t cases_run(const char *path, size_t *cases);

#endif
