/* SPDX-License-Identifier: MIT */
/*
 * entity.h - how an entity is described, and the walkers over the descriptions.
 *
 * An entity is a public C struct plus one constant table of rows in lib/model/. The row macros
 * check at compile time that a row's type fits the member's C type. Each walker (life, pack, json,
 * csv, check, sql) is one loop and one switch over the closed list of types, without default, so
 * that the compiler names every walker that forgets a new type.
 */
#ifndef EC_ENTITY_ENTITY_H
#define EC_ENTITY_ENTITY_H

#include <ecommerce/entity.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

struct ec_field {
    const char *name;
    const char *doc;
    ec_field_type type;
    unsigned flags;           /* ec_field_flag */
    uint16_t offset;          /* of the member */
    uint16_t count_offset;    /* of its size_t count: LIST and TEXTS */
    int scale;                /* DECIMAL */
    int64_t min, max;         /* value, code points or items; 0, 0: the type's widest */
    const char *const *names; /* ENUM: names by value, NULL-ended */
    const ec_entity *target;  /* STRUCT, LIST; REF where known */
    const char *format;       /* TEXT: "slug", "email", "currency", "country", "url" or NULL */
};

/* What a cross-field rule says; see ec_check_add. */
typedef struct ec_check ec_check;

struct ec_entity {
    const char *name;
    const char *table; /* NULL: not stored by itself */
    const char *doc;
    size_t size;
    const ec_field *fields;
    size_t count; /* of fields, at most 64 */
    /* Cross-field rules, after the single fields passed; may be NULL. fields: which were given. */
    void (*check)(const void *object, ec_mask fields, ec_check *check);
};

/* Rows. The first argument is the struct, the second the member, then designated initialisers. */
#define EC_AT(S, m, T) _Generic(((S *)0)->m, T : (uint16_t)offsetof(S, m))
#define EC_ID_ROW(S, m, ...)                                                                       \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_ID, .offset = EC_AT(S, m, int64_t), __VA_ARGS__               \
    }
#define EC_REF_ROW(S, m, ...)                                                                      \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_REF, .offset = EC_AT(S, m, int64_t), __VA_ARGS__              \
    }
#define EC_TEXT_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_TEXT, .offset = EC_AT(S, m, const char *), __VA_ARGS__        \
    }
#define EC_INT_ROW(S, m, ...)                                                                      \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_INT, .offset = EC_AT(S, m, int64_t), __VA_ARGS__              \
    }
#define EC_BOOL_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_BOOL, .offset = EC_AT(S, m, bool), __VA_ARGS__                \
    }
#define EC_MONEY_ROW(S, m, ...)                                                                    \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_MONEY, .offset = EC_AT(S, m, int64_t), __VA_ARGS__            \
    }
#define EC_TIME_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_TIME, .offset = EC_AT(S, m, int64_t), __VA_ARGS__             \
    }
#define EC_DECIMAL_ROW(S, m, ...)                                                                  \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_DECIMAL, .offset = EC_AT(S, m, int64_t), __VA_ARGS__          \
    }
#define EC_JSON_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_JSON, .offset = EC_AT(S, m, const char *), __VA_ARGS__        \
    }
/* An enum's member type is named: EC_ENUM_ROW(ec_order, status, ec_order_status, names, …). */
#define EC_ENUM_ROW(S, m, E, list, ...)                                                            \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_ENUM, .offset = EC_AT(S, m, E), .names = (list), __VA_ARGS__  \
    }
#define EC_STRUCT_ROW(S, m, T, entity, ...)                                                        \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_STRUCT, .offset = EC_AT(S, m, T *), .target = &(entity),      \
        __VA_ARGS__                                                                                \
    }
/* The member's count is called <member>_count. */
#define EC_LIST_ROW(S, m, T, entity, ...)                                                          \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_LIST, .offset = EC_AT(S, m, T *),                             \
        .count_offset = EC_AT(S, m##_count, size_t), .target = &(entity), __VA_ARGS__              \
    }
#define EC_TEXTS_ROW(S, m, ...)                                                                    \
    {                                                                                              \
        .name = #m, .type = EC_FIELD_TEXTS, .offset = EC_AT(S, m, const char *const *),            \
        .count_offset = EC_AT(S, m##_count, size_t), __VA_ARGS__                                   \
    }

/* A page of results: every ec_x_list is {size_t items_count; ec_x *items; int64_t total; const char
   *next_cursor;} in this order, and described by this macro. */
#define EC_LIST_ROWS(S, T, entity)                                                                 \
    EC_LIST_ROW(S, items, T, entity, .doc = "The items of this page."),                            \
        EC_INT_ROW(S, total, .doc = "Items of all pages; -1 when it was not asked for."),          \
        EC_TEXT_ROW(S, next_cursor, .doc = "Where the next page begins; null on the last one.")

/* Every entity, NULL-ended (lib/model/registry.c). */
extern const ec_entity *const ec_entities[];

/* ---- access ---- */
static inline void *ec_field_at(const ec_field *field, void *object)
{
    return (char *)object + field->offset;
}
static inline const void *ec_field_in(const ec_field *field, const void *object)
{
    return (const char *)object + field->offset;
}
/* The value of an integer-like field (ID REF INT MONEY TIME DECIMAL BOOL ENUM) as int64. */
int64_t ec_field_get_int(const ec_field *field, const void *object);
void ec_field_set_int(const ec_field *field, void *object, int64_t value);
/* The field that names the currency of the object's money, or NULL; the currency's exponent (the
   default when no currency is set: 2). A nested entity without one inherits its parent's. */
const char *ec_entity_currency(const ec_entity *entity, const void *object, const char *inherited);

/* ---- check.c: rules ---- */
struct ec_check {
    ec_arena *arena;
    const char *prefix;     /* path so far, "" or "lines[2]." */
    ec_field_error *errors; /* in arena */
    size_t count, capacity;
    ec_status status; /* EC_OK, EC_INVALID or EC_NO_MEMORY */
};
void ec_check_init(ec_check *check, ec_arena *arena);
/* Record a broken rule; message in printf form. */
__attribute__((format(printf, 4, 5))) void ec_check_add(ec_check *check, const char *field,
                                                        const char *rule, const char *format, ...);
/*
 * Check the given fields of an object for a write by a caller: REQUIRED (when `complete`: also
 * those not in fields), UTF-8, lengths, ranges, enum values, formats, nested entities and lists,
 * then the cross-field hook. READONLY fields are skipped: writes ignore what a C struct holds
 * there.
 */
void ec_entity_check(const ec_entity *entity, const void *object, ec_mask fields, bool complete,
                     ec_check *check);

/* ---- pack.c: copies ---- */
/* Deep copy into ONE block for ec_free (struct, nested lists, texts); NULL when memory is out. */
void *ec_entity_pack(const ec_platform *platform, const ec_entity *entity, const void *object);
/* Deep copy into an arena. */
void *ec_entity_copy(ec_arena *arena, const ec_entity *entity, const void *object);
/* Deep equality of the fields in the mask. */
bool ec_entity_equal(const ec_entity *entity, const void *a, const void *b, ec_mask fields);

/* ---- json_out.c, json_in.c ---- */
/* currency: inherited by an entity without CURRENCY field; NULL: none (then two decimals). */
void ec_entity_write_json(ec_json_writer *json, const ec_entity *entity, const void *object,
                          const char *currency);
/* Decode into a zeroed object in the arena. trusted: the text was written by us (stored outcomes):
   READONLY fields are taken. fields: which top-level ones were seen. Broken rules go to check. */
ec_status ec_entity_read_json(ec_arena *arena, const ec_entity *entity, const ec_json *json,
                              bool trusted, void *object, ec_mask *fields, ec_check *check);

/* ---- csv_row.c: one record per object, scalar fields and TEXTS only; nested ones as JSON ---- */
void ec_entity_csv_header(ec_buf *buf, const ec_entity *entity);
void ec_entity_write_csv(ec_buf *buf, const ec_entity *entity, const void *object,
                         const char *currency);
/* columns[i]: which field the i-th cell belongs to, NULL: ignored. */
ec_status ec_entity_read_csv(ec_arena *arena, const ec_entity *entity,
                             const ec_field *const *columns, const char *const *cells, size_t count,
                             void *object, ec_mask *fields, ec_check *check);

#endif
