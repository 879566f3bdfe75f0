/* SPDX-License-Identifier: MIT */
/*
 * mix_credit.c - gift cards that everybody spends from, and money that goes into store credit.
 */
#include "harness/mix.h"

void mix_make_cards(mix_board *b, ec_session *session)
{
    ec_credit_list *list = NULL;
    ec_gift_card_request request = {.amount = 30000, .count = MIX_CARDS};
    assert_ok(session, ec_gift_card_issue(session, &request, &list));
    for (int i = 0; i < MIX_CARDS; i++) {
        b->cards[i] = list->items[i].id;
        snprintf(b->codes[i], sizeof b->codes[i], "%s", list->items[i].code);
        b->issued += list->items[i].balance;
    }
    ec_free(list);
}

/* A card pays a part of an order, or as much as it can; two of them are always nearly empty. */
void mix_pay_credit(mix_worker *w)
{
    char key[64];
    ec_order *order = NULL, *out = NULL;
    mix_slot *s = mix_some_slot(w);
    if (!s || s->order == 0) return;
    int64_t card = mix_pick(w, MIX_CARDS);
    ec_credit_tender tender = {.code = w->b->codes[card],
                               .amount = mix_luck(w, 50) ? 0 : 1 + mix_pick(w, 900)};
    if (!mix_did(w, w->staff, "order", ec_order_get(w->staff, s->order, &order), 0)) return;
    (void)mix_did(
        w, w->staff, "pay credit",
        ec_order_pay_credit(w->staff, order->id, &tender, mix_new_key(w, key, sizeof key), &out),
        MAY(STATE) | MAY(INVALID));
    ec_free(out);
    ec_free(order);
}

/* Staff fill a card up, or take from it. */
void mix_adjust_credit(mix_worker *w)
{
    ec_credit *card = NULL;
    int64_t amount = mix_pick(w, 4000) - 1000;
    if (amount == 0) return;
    if (mix_did(
            w, w->staff, "adjust credit",
            ec_credit_adjust(w->staff, w->b->cards[mix_pick(w, MIX_CARDS)], amount, "mix", &card),
            MAY(INVALID)))
        w->b->issued += amount;
    ec_free(card);
}
