/* SPDX-License-Identifier: MIT */
/*
 * jsonl.h - JSON Lines: one object a line, {"entity": name, "data": {…}}, by the entity tables.
 *
 * Numbers mean nothing in another shop, so a line also has "refs": {"parent_id": slug, …}, which
 * names what its fields refer to; a product's data names its category and brand by slug anyway.
 */
#ifndef EC_TRANSFER_JSONL_H
#define EC_TRANSFER_JSONL_H

#include <ecommerce/product.h>

#include "engine/call.h"
#include "engine/sql.h"
#include "model/model.h"

/* What a field refers to, and by which of its columns a line names it. */
typedef struct ec_line_ref {
    const char *field;
    const char *entity; /* for messages */
    const char *table, *key;
    bool any_case;   /* the key is kept in lower case */
    bool by_options; /* a variant without SKU: {"product": slug, "option1": …} instead */
} ec_line_ref;
#define EC_LINE_REFS_MAX 2

/* ---- jsonl_promise.c: names of what a dry run made and took back ---- */

#define EC_LINE_NAMES 4 /* a key; or a product's slug and three options */

typedef struct ec_line_promise {
    uint64_t hash;
    char currency[4];
} ec_line_promise;

typedef struct ec_line_promises {
    const ec_platform *platform;
    ec_line_promise *slots;
    size_t room, count;
} ec_line_promises;

/* currency: of the object's amounts, or NULL. EC_NO_MEMORY. */
ec_status ec_line_promise_add(ec_line_promises *promises, const char *table,
                              const char *const names[EC_LINE_NAMES], const char *currency);
/* NULL: nothing of that name. promises may be NULL. */
const ec_line_promise *ec_line_promise_find(const ec_line_promises *promises, const char *table,
                                            const char *const names[EC_LINE_NAMES]);
void ec_line_promises_clear(ec_line_promises *promises);

/* How the names of one line are looked up, and what came of it. */
typedef struct ec_line_lookup {
    const ec_line_promises *promises;
    const ec_line_promise *promise; /* the last one that stood for a number; NULL: none did */
} ec_line_lookup;
#define EC_LINE_PROMISED (-1) /* the number of what is promised only */

/* How the objects of an entity are read back, by the functions of their noun. */
typedef struct ec_line_form {
    /* The stored counterpart as a block; EC_NOT_FOUND. */
    ec_status (*find)(ec_session *session, const void *object, void **out);
    ec_status (*create)(ec_session *session, const void *object, void **out);
    ec_status (*update)(ec_session *session, const void *stored, const void *object, ec_mask fields,
                        void **out);
    /* Bring what was read into the form that is stored; or NULL. */
    ec_status (*settle)(ec_session *session, void *object, ec_line_lookup *lookup);
} ec_line_form;

/* How the objects of an entity are written and read. */
typedef struct ec_line_kind {
    const ec_entity *entity;
    const char *owner, *link; /* table that has the currency, and the column that names its row */
    const char *within;       /* entity whose lines hold these objects already; or NULL */
    const ec_line_ref *refs;  /* EC_LINE_REFS_MAX of them; or NULL */
    const ec_line_form *form; /* NULL: its lines are refused */
    const char *refused;      /* because */
    const char *key;          /* field by which it is recognised; NULL: by its refs and more */
    const char *needed;       /* fields without which none is made, for the mask; or NULL */
    const char *carried;      /* fields of the library's that lines set nevertheless; or NULL */
    /* Fill what lies in other tables; then lines have the lists too. NULL: nothing does. */
    ec_status (*complete)(ec_session *session, void *object);
    const char *given_on; /* a flag that one object takes from another; never taken away */
} ec_line_kind;

/* Every entity with a table, in the order of their references; NULL behind the last. */
const ec_line_kind *ec_line_kind_next(const ec_line_kind *previous);
const ec_line_kind *ec_line_kind_find(const char *entity);

/* ---- jsonl_forms.c ---- */
extern const ec_line_form ec_line_of_price_list, ec_line_of_channel, ec_line_of_warehouse,
    ec_line_of_user, ec_line_of_address, ec_line_of_category, ec_line_of_brand,
    ec_line_of_attribute, ec_line_of_product, ec_line_of_collection, ec_line_of_price,
    ec_line_of_inventory, ec_line_of_shipping_category, ec_line_of_shipping_method;
extern const ec_line_form ec_line_of_zone, ec_line_of_tax_category, ec_line_of_tax_rate;
extern const ec_line_form ec_line_of_group, ec_line_of_group_user, ec_line_of_price_list_channel;
/* The number of what a text names, 0 for none. EC_INVALID (field of the ref, rule "unknown"). */
ec_status ec_line_refer(ec_session *session, const ec_line_ref *ref, const char *text,
                        ec_line_lookup *lookup, ec_id *id);
/* A number without the name that it stands for is of no use. */
ec_status ec_line_unnamed(ec_session *session, const char *field, ec_id id);

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
