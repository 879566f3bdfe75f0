/* SPDX-License-Identifier: MIT */
/*
 * jsonl.h - JSON Lines: one object a line, {"entity": name, "data": {…}}, by the entity tables.
 *
 * A category's line also has "refs": {"parent_id": slug}, since numbers mean nothing in another
 * shop; a product's data names its category and brand by slug anyway.
 */
#ifndef EC_TRANSFER_JSONL_H
#define EC_TRANSFER_JSONL_H

#include <ecommerce/product.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* How the objects of an entity are written. */
typedef struct ec_line_kind {
    const ec_entity *entity;
    const char *owner, *link; /* table that has the currency, and the column that names its row */
    const char *within;       /* entity whose lines hold these objects already; or NULL */
} ec_line_kind;

/* Every entity with a table, in the order of their references; NULL behind the last. */
const ec_line_kind *ec_line_kind_next(const ec_line_kind *previous);
const ec_line_kind *ec_line_kind_find(const char *entity);

/* What a line shows of an entity. */
typedef enum ec_line_part {
    EC_LINE_STORED, /* its columns */
    EC_LINE_WHOLE,  /* its lists too, and nothing that is computed but what names others */
    EC_LINE_INPUT   /* what a caller could have given: no numbers, times and versions */
} ec_line_part;
/* A description with fewer fields of the same struct; in the arena, NULL when memory is out. */
const ec_entity *ec_line_view(ec_arena *arena, const ec_entity *entity, ec_line_part part);

/* ---- reading lines of any length in constant memory ---- */

typedef struct ec_line_reader {
    ec_status (*read)(void *ctx, char *buffer, size_t size, size_t *got);
    void *ctx;
    const ec_platform *platform;
    char *buffer;
    size_t length, at, room;
    bool at_end;
    int64_t line;        /* of the last one, from 1 */
    int64_t offset, end; /* bytes where it began, and behind it */
} ec_line_reader;

/* EC_OK: a line without its end, terminated, borrowed until the next call; EC_DONE; EC_LIMIT: one
   longer than EC_JSON_SIZE_MAX, passed over; EC_NO_MEMORY; what read returned. */
ec_status ec_line_next(ec_line_reader *reader, const char **text, size_t *length);
void ec_line_close(ec_line_reader *reader);

#endif
