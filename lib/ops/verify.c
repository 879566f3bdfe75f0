/* SPDX-License-Identifier: MIT */
/*
 * verify.c - runs the checks of all parts and gathers what they find.
 *
 * All of them look at one snapshot; only the storage's own structure is checked outside of it. A
 * check that cannot even be made, because what is stored makes no sense to it, is a problem too. It
 * refuses to repair: rebuild.c does that, for balances.
 */
#include "ops/verify.h"

#include <string.h>

#include "engine/state.h"

#define EC_VERIFY_LIMIT_DEFAULT 100
#define EC_VERIFY_LIMIT_MAX 10000

/* The parts. Adding one is a line here and one in verify.h. */
static const ec_verify_rule *const parts[] = {
    ec_verify_storage_rules,   ec_verify_stock_rules,  ec_verify_order_rules,
    ec_verify_payment_rules,   ec_verify_credit_rules, ec_verify_ledger_rules,
    ec_verify_promotion_rules,
};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

typedef struct verify_args {
    const ec_verify_options *options;
    ec_status integrity; /* EC_DONE: not asked */
    char complaint[EC_STORAGE_MESSAGE_MAX];
} verify_args;

struct ec_verify_run {
    ec_session *session;
    const verify_args *args;
    const ec_verify_rule *rule;
    ec_verify_report *report;
    ec_verify_check *check;
    int64_t limit;
    size_t room; /* for problems */
};

/* ---- gathering ---- */

static bool make_room(ec_verify_run *run)
{
    ec_verify_report *report = run->report;
    if (report->problems_count < run->room) return true;
    size_t room = run->room == 0 ? 16 : run->room * 2;
    ec_verify_problem *more = ec_arena_array(ec_scratch(run->session), room, sizeof(*more));
    if (!more) return false;
    if (report->problems_count > 0)
        memcpy(more, report->problems, report->problems_count * sizeof(*more));
    report->problems = more;
    run->room = room;
    return true;
}

ec_status ec_verify_found(ec_session *session, ec_verify_run *run, ec_id id, int64_t expected,
                          int64_t found, const char *object, const char *message)
{
    run->report->problems_total++;
    if (run->check->problems++ >= run->limit) return EC_OK;
    if (!make_room(run)) return ec_fail_memory(session);
    run->report->problems[run->report->problems_count++] = (ec_verify_problem){
        .id = id,
        .expected = expected,
        .found = found,
        .code = run->rule->name,
        .object = object ? object : run->rule->object,
        .message = message ? message : run->rule->message,
    };
    return EC_OK;
}

void ec_verify_checked(ec_verify_run *run, int64_t objects)
{
    run->check->checked += objects;
    run->report->checked += objects;
}

/* ---- one check ---- */

static ec_status run_sql(ec_session *session, ec_verify_run *run)
{
    ec_stmt *stmt = NULL;
    ec_status status = ec_query(session, run->rule->wrong, ec_no_args, &stmt);
    while (status == EC_OK && (status = ec_row(session, stmt)) == EC_OK)
        status = ec_verify_found(session, run, ec_col_int(stmt, 0), ec_col_int(stmt, 1),
                                 ec_col_int(stmt, 2), NULL, NULL);
    return status == EC_DONE ? EC_OK : status;
}

static ec_status run_rule(ec_session *session, ec_verify_run *run)
{
    int64_t objects = 0;
    ec_status status = EC_OK;
    if (run->rule->count) {
        status = ec_query_int(session, run->rule->count, ec_no_args, &objects);
        ec_verify_checked(run, objects);
    }
    if (status == EC_OK)
        status = run->rule->wrong ? run_sql(session, run) : run->rule->run(session, run);
    if (status == EC_OK || status == EC_NO_MEMORY || status == EC_BUSY) return status;
    const char *why = ec_arena_printf(ec_scratch(session), "The check could not be made: %s",
                                      ec_session_error(session)->message);
    ec_forgive(session);
    return why ? ec_verify_found(session, run, 0, 0, 0, NULL, why) : ec_fail_memory(session);
}

/* ---- the storage itself ---- */

static ec_status check_integrity(ec_session *session, ec_verify_run *run)
{
    if (run->args->integrity == EC_DONE) return EC_OK;
    ec_verify_checked(run, 1);
    if (run->args->integrity == EC_OK) return EC_OK;
    const char *message = ec_arena_strdup(ec_scratch(session), run->args->complaint);
    return ec_verify_found(session, run, 0, 0, 0, NULL, message);
}

const ec_verify_rule ec_verify_storage_rules[] = {
    {.name = "storage.integrity",
     .doc = "The database is sound in itself and each reference leads somewhere.",
     .object = "storage",
     .message = "The database is damaged.",
     .run = check_integrity},
    {.name = NULL},
};

/* Outside of any connection, as the storage takes one of its own. */
static void ask_storage(ec_session *session, verify_args *args)
{
    ec_storage *storage = session->engine->storage;
    ec_storage_error error = {0};
    args->integrity = EC_OK;
    if (storage->ops->integrity) args->integrity = storage->ops->integrity(storage, &error);
    memcpy(args->complaint, error.message, sizeof(args->complaint));
}

/* ---- all of them ---- */

static bool is_wanted(const ec_verify_options *options, const char *name)
{
    return !options->only || strncmp(name, options->only, strlen(options->only)) == 0;
}

static size_t count_wanted(const ec_verify_options *options)
{
    size_t count = 0;
    for (size_t part = 0; part < PARTS; part++)
        for (const ec_verify_rule *rule = parts[part]; rule->name; rule++)
            count += is_wanted(options, rule->name);
    return count;
}

static ec_status run_wanted(ec_session *session, const ec_verify_options *options,
                            ec_verify_run *run)
{
    ec_status status = EC_OK;
    ec_verify_report *report = run->report;
    for (size_t part = 0; part < PARTS; part++)
        for (run->rule = parts[part]; run->rule->name && status == EC_OK; run->rule++) {
            if (!is_wanted(options, run->rule->name)) continue;
            run->check = &report->checks[report->checks_count++];
            *run->check = (ec_verify_check){.name = run->rule->name, .doc = run->rule->doc};
            status = run_rule(session, run);
        }
    return status;
}

static const ec_verify_options everything = {0};

static ec_status verify_run(ec_session *session, void *ctx, void **result)
{
    const verify_args *args = ctx;
    const ec_verify_options *options = args->options;
    int64_t limit = options->limit == 0 ? EC_VERIFY_LIMIT_DEFAULT : options->limit;
    if (limit < 1 || limit > EC_VERIFY_LIMIT_MAX)
        return ec_fail_field(session, EC_INVALID, "limit", limit < 1 ? "min" : "max",
                             "1 to %d problems are listed for a check.", EC_VERIFY_LIMIT_MAX);
    size_t wanted = count_wanted(options);
    if (wanted == 0)
        return ec_fail_field(session, EC_INVALID, "only", "unknown", "No check begins so.");
    ec_verify_report *report = ec_arena_alloc(ec_scratch(session), sizeof(*report));
    if (!report) return ec_fail_memory(session);
    report->checks = ec_arena_array(ec_scratch(session), wanted, sizeof(*report->checks));
    if (!report->checks) return ec_fail_memory(session);
    ec_verify_run run = {.session = session, .args = args, .report = report, .limit = limit};
    ec_status status = run_wanted(session, options, &run);
    report->is_clean = report->problems_total == 0;
    *result = report;
    return status;
}

ec_status ec_verify(ec_session *session, const ec_verify_options *options, ec_verify_report **out)
{
    static const ec_op op = {.name = "verify",
                             .permission = "shop.verify",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_verify_report_entity,
                             .run = verify_run};
    verify_args args = {.options = options ? options : &everything, .integrity = EC_DONE};
    bool outer = false;
    if (out) *out = NULL;
    ec_status status = ec_enter_fresh(session, &outer);
    if (status != EC_OK) return status;
    if (out && !session->conn && ec_session_is_staff(session) && !args.options->skip_integrity &&
        is_wanted(args.options, ec_verify_storage_rules[0].name))
        ask_storage(session, &args);
    ec_leave(session, outer);
    return ec_call(session, &op, &args, (void **)out);
}
