/* SPDX-License-Identifier: MIT */
/*
 * starve.c - every allocation of a call fails, one after the other.
 */
#include "harness/starve.h"

/* false: the n-th allocation was not reached. */
static bool fail_at(ec_engine *engine, starve_kind kind, const starve_call *c, int64_t n, bool ever)
{
    ec_session *session = session_system(engine);
    uint64_t before = shop_checksum(engine);
    void *block = NULL;
    world_fail(n, ever);
    ec_status status = c->call(session, &block);
    bool failed = world_failed();
    world_fail(0, false);
    if (status != EC_OK && status != EC_NO_MEMORY)
        fail_msg("%s, allocation %d: %s: %s", c->name, (int)n, ec_status_name(status),
                 ec_session_error(session)->message);
    if (status != EC_OK) assert_null(block);
    if (kind == STARVE_READS && status == EC_OK) assert_non_null(block);
    bool unchanged = kind == STARVE_READS || (status != EC_OK && kind == STARVE_WHOLE);
    if (unchanged && shop_checksum(engine) != before)
        fail_msg("%s, allocation %d: the shop is another one", c->name, (int)n);
    ec_free(block);
    ec_session_close(session);
    return failed;
}

static void starve(ec_engine *(*fresh_shop)(void), starve_kind kind, const starve_call *c,
                   bool ever)
{
    int64_t outside = world_blocks();
    bool more = true;
    for (int64_t n = 1; more; n++) {
        ec_engine *engine = fresh_shop();
        more = fail_at(engine, kind, c, n, ever);
        shop_close(engine);
    }
    assert_int_equal(world_blocks(), outside);
}

void starve_calls(ec_engine *(*fresh_shop)(void), starve_kind kind, const starve_call *calls,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        starve(fresh_shop, kind, &calls[i], false);
        starve(fresh_shop, kind, &calls[i], true);
    }
}
