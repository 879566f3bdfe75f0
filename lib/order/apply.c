/* SPDX-License-Identifier: MIT */
/*
 * apply.c - events that need no further input, and notes. The history itself is the order's events:
 * ec_event_list(session, "order", id, …).
 */
#include <string.h>

#include "base/text.h"
#include "order/change.h"

typedef struct apply_args {
    ec_id id;
    const char *event;
    const char *note;
} apply_args;

static bool by_hand(const char *event)
{
    for (const ec_transition *row = ec_order_machine; row->event != NULL; row++)
        if (row->by_hand && strcmp(row->event, event) == 0) return true;
    return false;
}

static ec_status note_member(ec_session *session, const char *note, const char **data)
{
    ec_buf buf;
    ec_json_writer json;
    if (note == NULL) return EC_OK;
    ec_buf_init(&buf, ec_session_platform(session), EC_JSON_SIZE_MAX);
    ec_buf_puts(&buf, "\"note\":");
    ec_json_begin(&json, &buf);
    ec_json_text(&json, note);
    return ec_order_keep(session, &buf, data);
}

static ec_status run_apply(ec_session *session, void *args, void **result)
{
    const apply_args *apply = args;
    ec_order order = {0};
    const char *data = NULL;
    if (apply->event == NULL || !by_hand(apply->event))
        return ec_fail_field(session, EC_INVALID, "event", "enum",
                             "An order knows confirm, process, complete and cancel.");
    ec_status status = ec_order_text_rule(session, "note", apply->note, 500);
    if (status != EC_OK) return status;
    if ((status = ec_order_for_change(session, apply->id, 0, &order)) != EC_OK) return status;
    if (strcmp(apply->event, "cancel") == 0) {
        ec_cancel_request request = {0};
        if (apply->note != NULL && ec_utf8_count(apply->note, strlen(apply->note)) <= 255)
            request.reason = apply->note;
        status = ec_order_cancel_loaded(session, &order, &request);
    } else {
        if ((status = note_member(session, apply->note, &data)) != EC_OK) return status;
        status = ec_order_fire(session, &order, EC_AXIS_ORDER, apply->event, data);
        if (status == EC_OK) status = ec_order_store(session, &order);
    }
    if (status != EC_OK) return status;
    return ec_order_answer(session, apply->id, result);
}

static void print_apply(const void *args, ec_json_writer *json)
{
    const apply_args *apply = args;
    ec_json_int(json, apply->id);
    ec_json_text(json, apply->event);
    ec_json_text(json, apply->note);
}

static const ec_op op_apply = {
    .name = "order.apply",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .result = &ec_order_entity,
    .run = run_apply,
    .fingerprint = print_apply,
};

ec_status ec_order_apply(ec_session *session, ec_id id, const char *event, const char *note,
                         ec_order **out)
{
    apply_args args = {id, event, note};
    return ec_call(session, &op_apply, &args, (void **)out);
}

static ec_status run_note(ec_session *session, void *args, void **result)
{
    (void)result;
    const apply_args *apply = args;
    ec_order order = {0};
    const char *data = NULL;
    if (apply->note == NULL || apply->note[0] == '\0')
        return ec_fail_field(session, EC_INVALID, "text", "required", "A note has a text.");
    ec_status status = ec_order_text_rule(session, "text", apply->note, 2000);
    if (status != EC_OK) return status;
    if ((status = ec_order_head(session, apply->id, &order)) != EC_OK) return status;
    if ((status = note_member(session, apply->note, &data)) != EC_OK) return status;
    const char *json = ec_arena_printf(ec_scratch(session), "{%s}", data);
    if (json == NULL) return ec_fail_memory(session);
    return ec_emit(session, "order", apply->id, "order.note", json);
}

static const ec_op op_note = {
    .name = "order.note",
    .permission = "orders.write",
    .access = EC_ACCESS_STAFF,
    .mode = EC_WRITE,
    .run = run_note,
    .fingerprint = print_apply,
};

ec_status ec_order_note(ec_session *session, ec_id id, const char *text)
{
    apply_args args = {id, "note", text};
    return ec_call(session, &op_note, &args, NULL);
}
