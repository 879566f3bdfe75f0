/* SPDX-License-Identifier: MIT */
/*
 * event.c - what happened: written with the change, read as history and as outbox.
 *
 * One table serves both. A consumer's position is the number of the last event that it has dealt
 * with; the events behind it come again until it says so. It refuses to move a position back, and
 * to delete or change an event.
 */
#include <ecommerce/event.h>
#include <ecommerce/limits.h>

#include <string.h>

#include "engine/page.h"
#include "engine/sql.h"
#include "model/model.h"

#define EC_EMIT_COLUMNS 8
#define EC_EMIT_ROWS_MAX 64

/* ---- writing ---- */

/* Rows of the next statement: all that is left while it is few, else a power of two. */
static size_t emit_rows(size_t left)
{
    size_t rows = EC_EMIT_ROWS_MAX;
    if (left <= 8) {
        return left;
    }
    while (rows > left) {
        rows /= 2;
    }
    return rows;
}

static const char *emit_sql(ec_session *session, size_t rows)
{
    static const char head[] = "INSERT INTO events (aggregate, aggregate_id, type, actor, user_id,"
                               " request, data, created_at) VALUES ";
    static const char row[] = "(?, ?, ?, ?, ?, ?, ?, ?), ";
    size_t length = sizeof head - 1 + rows * (sizeof row - 1);
    char *sql = ec_arena_alloc(ec_scratch(session), length + 1);
    if (!sql) {
        return NULL;
    }
    memcpy(sql, head, sizeof head - 1);
    for (size_t i = 0; i < rows; i++) {
        memcpy(sql + sizeof head - 1 + i * (sizeof row - 1), row, sizeof row - 1);
    }
    sql[length - 2] = '\0'; /* the last comma */
    return sql;
}

ec_status ec_emit_many(ec_session *session, const char *aggregate, const ec_id *ids,
                       const char *const *data, size_t count, const char *type)
{
    ec_status status = EC_OK;
    ec_value values[EC_EMIT_ROWS_MAX * EC_EMIT_COLUMNS];
    const char *actor = ec_actor_names[ec_session_actor(session)];
    for (size_t done = 0; status == EC_OK && done < count;) {
        size_t rows = emit_rows(count - done);
        for (size_t i = 0; i < rows; i++) {
            ec_value *row = values + i * EC_EMIT_COLUMNS;
            row[0] = ec_text(aggregate);
            row[1] = ec_int(ids[done + i]);
            row[2] = ec_text(type);
            row[3] = ec_text(actor);
            row[4] = ec_ref(ec_session_user(session));
            row[5] = ec_text(ec_session_request(session));
            row[6] = ec_text(data ? data[done + i] : NULL);
            row[7] = ec_int(ec_now(session));
        }
        status = ec_exec(session, emit_sql(session, rows), values, rows * EC_EMIT_COLUMNS, NULL);
        done += rows;
    }
    return status;
}

ec_status ec_emit(ec_session *session, const char *aggregate, ec_id id, const char *type,
                  const char *data)
{
    return ec_emit_many(session, aggregate, &id, &data, 1, type);
}

/* ---- listing ---- */

typedef struct find_args {
    const ec_event_filter *filter;
    const ec_page *page;
} find_args;

/* One of a closed set of texts, so that statements repeat. */
static const char *find_where(const ec_event_filter *filter)
{
    if (filter->aggregate && filter->aggregate_id != 0) {
        return filter->type ? "t.aggregate = ? AND t.aggregate_id = ? AND t.type = ?"
                            : "t.aggregate = ? AND t.aggregate_id = ?";
    }
    if (filter->aggregate) {
        return filter->type ? "t.aggregate = ? AND t.type = ?" : "t.aggregate = ?";
    }
    return filter->type ? "t.type = ?" : "";
}

static ec_status find_run(ec_session *session, void *ctx, void **result)
{
    static const ec_event_filter all = {0};
    const find_args *args = ctx;
    const ec_event_filter *filter = args->filter ? args->filter : &all;
    ec_value values[3];
    size_t count = 0;
    if (filter->aggregate_id != 0 && !filter->aggregate) {
        return ec_fail_field(session, EC_INVALID, "aggregate_id", "requires",
                             "An object's number needs the kind of object as well.");
    }
    if (filter->aggregate) {
        values[count++] = ec_text(filter->aggregate);
    }
    if (filter->aggregate_id != 0) {
        values[count++] = ec_int(filter->aggregate_id);
    }
    if (filter->type) {
        values[count++] = ec_text(filter->type);
    }
    return ec_page_select(session, &ec_event_entity, find_where(filter), values, count,
                          filter->newest_first, args->page, result);
}

ec_status ec_event_find(ec_session *session, const ec_event_filter *filter, const ec_page *page,
                        ec_event_list **out)
{
    static const ec_op op = {.name = "event.find",
                             .permission = "event.read",
                             .access = EC_ACCESS_STAFF,
                             .mode = EC_READ,
                             .result = &ec_event_list_entity,
                             .run = find_run};
    find_args args = {filter, page};
    return ec_call(session, &op, &args, (void **)out);
}

/* ---- the outbox ---- */

typedef struct consumer_args {
    const char *consumer;
    int64_t limit;
    ec_id id;
} consumer_args;

static ec_status check_consumer(ec_session *session, const char *consumer)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    size_t length = consumer ? strspn(consumer, letters) : 0;
    if (length == 0 || length > 64 || consumer[length] != '\0') {
        return ec_fail_field(session, EC_INVALID, "consumer", "format",
                             "A consumer's name is 1 to 64 of a-z 0-9 _ . -");
    }
    return EC_OK;
}

/* 0 for one that never acknowledged anything. */
static ec_status consumer_position(ec_session *session, const char *consumer, int64_t *position)
{
    *position = 0;
    ec_status status = ec_query_int(session, "SELECT position FROM event_consumers WHERE name = ?",
                                    ec_args(ec_text(consumer)), position);
    return status == EC_NOT_FOUND ? EC_OK : status;
}

static ec_status poll_run(ec_session *session, void *ctx, void **result)
{
    const consumer_args *args = ctx;
    int64_t limit = args->limit == 0 ? EC_PAGE_SIZE_DEFAULT : args->limit;
    int64_t position = 0;
    void *items = NULL;
    ec_event_list *list = ec_arena_alloc(ec_scratch(session), sizeof *list);
    ec_status status = check_consumer(session, args->consumer);
    if (status == EC_OK && (limit < 1 || limit > EC_PAGE_SIZE_MAX)) {
        status = ec_fail_field(session, EC_INVALID, "limit", "range", "The limit is 1 to %d.",
                               EC_PAGE_SIZE_MAX);
    }
    if (status == EC_OK) {
        status =
            list ? consumer_position(session, args->consumer, &position) : ec_fail_memory(session);
    }
    if (status == EC_OK) {
        status =
            ec_entity_select(session, &ec_event_entity, "WHERE t.id > ? ORDER BY t.id LIMIT ?",
                             ec_args(ec_int(position), ec_int(limit)), &items, &list->items_count);
    }
    if (status == EC_OK) {
        list->items = items;
        list->total = -1;
        *result = list;
    }
    return status;
}

ec_status ec_event_poll(ec_session *session, const char *consumer, int64_t limit,
                        ec_event_list **out)
{
    static const ec_op op = {.name = "event.poll",
                             .permission = "event.consume",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_READ,
                             .result = &ec_event_list_entity,
                             .run = poll_run};
    consumer_args args = {.consumer = consumer, .limit = limit};
    return ec_call(session, &op, &args, (void **)out);
}

/* Several programs may share a consumer's name: the position only grows, whoever comes last. */
static ec_status position_store(ec_session *session, const char *consumer, ec_id id)
{
    int64_t affected = 0;
    ec_status status = ec_exec(
        session,
        "UPDATE event_consumers SET position = ?, updated_at = ?"
        " WHERE name = ? AND position < ?",
        ec_args(ec_int(id), ec_int(ec_now(session)), ec_text(consumer), ec_int(id)), &affected);
    if (status != EC_OK || affected > 0) {
        return status;
    }
    int64_t known = 0;
    status = ec_query_int(session, "SELECT 1 FROM event_consumers WHERE name = ?",
                          ec_args(ec_text(consumer)), &known);
    if (status != EC_NOT_FOUND) {
        return status;
    }
    return ec_exec(session,
                   "INSERT INTO event_consumers (name, position, updated_at) VALUES (?, ?, ?)",
                   ec_args(ec_text(consumer), ec_int(id), ec_int(ec_now(session))), NULL);
}

static ec_status ack_run(ec_session *session, void *ctx, void **result)
{
    const consumer_args *args = ctx;
    int64_t newest = 0;
    (void)result;
    ec_status status = check_consumer(session, args->consumer);
    if (status == EC_OK) {
        status =
            ec_query_int(session, "SELECT COALESCE(MAX(id), 0) FROM events", ec_no_args, &newest);
    }
    if (status == EC_OK && (args->id < 0 || args->id > newest)) {
        status = ec_fail_field(session, EC_INVALID, "id", "reference", "There is no event %lld.",
                               (long long)args->id);
    }
    return status == EC_OK ? position_store(session, args->consumer, args->id) : status;
}

static void ack_fingerprint(const void *ctx, ec_json_writer *json)
{
    const consumer_args *args = ctx;
    ec_json_array(json);
    ec_json_text(json, args->consumer);
    ec_json_int(json, args->id);
    ec_json_array_end(json);
}

ec_status ec_event_ack(ec_session *session, const char *consumer, ec_id id)
{
    static const ec_op op = {.name = "event.ack",
                             .permission = "event.consume",
                             .access = EC_ACCESS_SYSTEM,
                             .mode = EC_WRITE,
                             .run = ack_run,
                             .fingerprint = ack_fingerprint};
    consumer_args args = {.consumer = consumer, .id = id};
    return ec_call(session, &op, &args, NULL);
}
