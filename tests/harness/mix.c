/* SPDX-License-Identifier: MIT */
/*
 * mix.c - dice, expectations and the choice of operations.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/mix.h"

mix_board *mix_board_new(int64_t operations)
{
    int file = open(temp_path("board"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, (off_t)sizeof(mix_board)), 0);
    mix_board *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_true(b != MAP_FAILED);
    (void)close(file);
    b->now = WORLD_START;
    b->left = operations;
    return b;
}

void mix_board_free(mix_board *b)
{
    munmap(b, sizeof(*b));
}

int64_t mix_pick(mix_worker *w, int64_t n)
{
    uint64_t z = (w->dice += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)n);
}

bool mix_luck(mix_worker *w, int percent)
{
    return mix_pick(w, 100) < percent;
}

/* An operation was done. Is it well? Anything but success and what it may answer is wrong. */
bool mix_did(mix_worker *w, ec_session *session, const char *what, ec_status status, unsigned may)
{
    w->b->left--;
    w->b->done[w->operation]++;
    if (status == EC_OK) {
        w->b->ok[w->operation]++;
        return true;
    }
    const ec_error *error = ec_session_error(session);
    /* a state that follows from facts is never refused */
    bool stuck = status == EC_STATE && strstr(error->message, "cannot go from") != NULL;
    if (stuck || (may >> (unsigned)-status & 1u) == 0) {
        w->b->wrong++;
        print_error("%s: %s: %s (%s: %s)\n", what, ec_status_name(status), error->message,
                    error->field ? error->field : "-", error->rule ? error->rule : "-");
    }
    return false;
}

/* A key that nobody used. */
const char *mix_new_key(mix_worker *w, char *buffer, size_t size)
{
    snprintf(buffer, size, "key-%lld", (long long)++w->b->keys);
    return buffer;
}

mix_slot *mix_some_slot(mix_worker *w)
{
    int count = w->b->slots;
    if (count == 0) return NULL;
    mix_slot *s = &w->b->slot[count - 1 - (int)mix_pick(w, count < MIX_NEAR ? count : MIX_NEAR)];
    return s->cart != 0 ? s : NULL;
}

ec_id mix_some_variant(mix_worker *w)
{
    return w->b->variants[mix_pick(w, MIX_VARIANTS)];
}

int mix_variant_index(const mix_board *b, ec_id variant)
{
    int at = 0;
    while (at < MIX_VARIANTS && b->variants[at] != variant)
        at++;
    return at;
}

int64_t mix_open_units(const ec_order_item *item)
{
    return item->quantity - item->cancelled_quantity - item->shipped_quantity;
}

static const struct {
    const char *name;
    int weight;
    void (*run)(mix_worker *w);
} operations[] = {
    {"open", 12, mix_open},
    {"change", 14, mix_change},
    {"merge", 3, mix_merge},
    {"checkout", 20, mix_checkout},
    {"look", 2, mix_look},
    {"record", 5, mix_record},
    {"capture", 6, mix_capture},
    {"void", 2, mix_void},
    {"refund", 5, mix_refund},
    {"cancel", 4, mix_cancel},
    {"ship", 8, mix_ship},
    {"deliver", 5, mix_deliver},
    {"return", 4, mix_return},
    {"return step", 6, mix_return_step},
    {"apply", 3, mix_apply},
    {"edit", 2, mix_edit},
    {"adjust", 6, mix_adjust},
    {"receive", 2, mix_receive},
    {"transfer", 3, mix_transfer},
    {"count", 2, mix_count},
    {"sweep", 3, mix_sweep},
    {"pay credit", 4, mix_pay_credit},
    {"adjust credit", 2, mix_adjust_credit},
};

enum { OPERATION_KINDS = sizeof operations / sizeof operations[0] };

void mix_step(mix_worker *w)
{
    int total = 0;
    for (int i = 0; i < OPERATION_KINDS; i++)
        total += operations[i].weight;
    int64_t at = mix_pick(w, total);
    w->operation = 0;
    while (at >= operations[w->operation].weight)
        at -= operations[w->operation++].weight;
    operations[w->operation].run(w);
}

void mix_show(const mix_board *b)
{
    int64_t all = 0;
    for (int i = 0; i < OPERATION_KINDS; i++) {
        all += b->done[i];
        print_message("  %-12s %6lld, %6lld of them took effect\n", operations[i].name,
                      (long long)b->done[i], (long long)b->ok[i]);
    }
    print_message("  %lld operations, %d carts\n", (long long)all, b->slots);
}
