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
    unsigned flags;        /* ec_field_flag */
    uint16_t offset;       /* of the member */
    uint16_t count_offset; /* of its size_t count: LIST and TEXTS */
    uint16_t name_length;
    int scale;                /* DECIMAL */
    int64_t min, max;         /* value, code points or items; max 0: the type's widest */
    const char *const *names; /* ENUM: names by value, NULL-ended */
    const ec_entity *target;  /* STRUCT, LIST; REF where known */
    const char *format;       /* TEXT: "slug", "email", "currency", "country", "word", "url" */
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
#define EC_NAMED(m) .name = #m, .name_length = sizeof(#m) - 1
#define EC_ID_ROW(S, m, ...)                                                                       \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_ID, .offset = EC_AT(S, m, int64_t), __VA_ARGS__              \
    }
#define EC_REF_ROW(S, m, ...)                                                                      \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_REF, .offset = EC_AT(S, m, int64_t), __VA_ARGS__             \
    }
#define EC_TEXT_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_TEXT, .offset = EC_AT(S, m, const char *), __VA_ARGS__       \
    }
#define EC_INT_ROW(S, m, ...)                                                                      \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_INT, .offset = EC_AT(S, m, int64_t), __VA_ARGS__             \
    }
#define EC_BOOL_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_BOOL, .offset = EC_AT(S, m, bool), __VA_ARGS__               \
    }
#define EC_MONEY_ROW(S, m, ...)                                                                    \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_MONEY, .offset = EC_AT(S, m, int64_t), __VA_ARGS__           \
    }
#define EC_TIME_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_TIME, .offset = EC_AT(S, m, int64_t), __VA_ARGS__            \
    }
#define EC_DECIMAL_ROW(S, m, ...)                                                                  \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_DECIMAL, .offset = EC_AT(S, m, int64_t), __VA_ARGS__         \
    }
#define EC_JSON_ROW(S, m, ...)                                                                     \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_JSON, .offset = EC_AT(S, m, const char *), __VA_ARGS__       \
    }
/* An enum's member type is named: EC_ENUM_ROW(ec_order, status, ec_order_status, names, …). */
#define EC_ENUM_ROW(S, m, E, list, ...)                                                            \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_ENUM, .offset = EC_AT(S, m, E), .names = (list), __VA_ARGS__ \
    }
#define EC_STRUCT_ROW(S, m, T, entity, ...)                                                        \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_STRUCT, .offset = EC_AT(S, m, T *), .target = &(entity),     \
                     __VA_ARGS__                                                                   \
    }
/* The member's count is called <member>_count. */
#define EC_LIST_ROW(S, m, T, entity, ...)                                                          \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_LIST, .offset = EC_AT(S, m, T *),                            \
                     .count_offset = EC_AT(S, m##_count, size_t), .target = &(entity), __VA_ARGS__ \
    }
#define EC_TEXTS_ROW(S, m, ...)                                                                    \
    {                                                                                              \
        EC_NAMED(m), .type = EC_FIELD_TEXTS, .offset = EC_AT(S, m, const char *const *),           \
                     .count_offset = EC_AT(S, m##_count, size_t), __VA_ARGS__                      \
    }

/* A page of results: every ec_x_list is {size_t items_count; ec_x *items; int64_t total; const char
   *next_cursor;} in this order, and described by this macro. */
#define EC_LIST_ROWS(S, T, entity)                                                                 \
    EC_LIST_ROW(S, items, T, entity, .doc = "The items of this page."),                            \
        EC_INT_ROW(S, total, .doc = "Items of all pages; -1 when it was not asked for."),          \
        EC_TEXT_ROW(S, next_cursor, .doc = "Where the next page begins; null on the last one.")

/* Every entity, NULL-ended (lib/model/registry.c). */
extern const ec_entity *const ec_entities[];

/* ---- value.c: access ---- */
static inline void *ec_field_at(const ec_field *field, void *object)
{
    return (char *)object + field->offset;
}
static inline const void *ec_field_in(const ec_field *field, const void *object)
{
    return (const char *)object + field->offset;
}
/* The member of a TEXT or JSON field. */
static inline const char *ec_field_get_text(const ec_field *field, const void *object)
{
    return *(const char *const *)ec_field_in(field, object);
}
static inline void ec_field_set_text(const ec_field *field, void *object, const char *text)
{
    *(const char **)ec_field_at(field, object) = text;
}
/* The member of a STRUCT, LIST or TEXTS field, whatever it points to. */
const void *ec_field_get_pointer(const ec_field *field, const void *object);
void ec_field_set_pointer(const ec_field *field, void *object, const void *pointer);
/* The value of an integer-like field (ID REF INT MONEY TIME DECIMAL BOOL ENUM) as int64. */
int64_t ec_field_get_int(const ec_field *field, const void *object);
void ec_field_set_int(const ec_field *field, void *object, int64_t value);
/* Does the zero of this field's number mean null: ID, REF, TIME, and what is NULLABLE? */
bool ec_field_zero_is_null(const ec_field *field);
/* Items of a LIST or TEXTS field; 0 where there is no array, whatever its count says. */
size_t ec_field_count(const ec_field *field, const void *object);
/* Set the array and its count; none for count 0. */
void ec_field_set_items(const ec_field *field, void *object, const void *items, size_t count);
/* The currency of the object's money, or `inherited` when it has no such field or it is not set; a
   nested entity inherits its parent's. */
const char *ec_entity_currency(const ec_entity *entity, const void *object, const char *inherited);
/* Decimals of a currency; 2 for NULL and what is none. */
int ec_currency_decimals(const char *currency);
/* Set what is true where nothing is said about it (EC_FIELD_DEFAULT_TRUE) in a zeroed object. */
void ec_entity_defaults(const ec_entity *entity, void *object);
/* The fields that have none of the flags, such as those that an update may store:
   EC_FIELD_READONLY | EC_FIELD_IMMUTABLE | EC_FIELD_NOT_STORED. */
ec_mask ec_entity_mask(const ec_entity *entity, unsigned without);

/* ---- check_add.c: collecting broken rules ---- */

/* A place inside the object that is looked at; frames lie on the walkers' stacks. */
typedef struct ec_path {
    const struct ec_path *parent; /* NULL: the object itself */
    const char *name;
    size_t index; /* of an item; EC_PATH_WHOLE: of no list */
} ec_path;
#define EC_PATH_WHOLE SIZE_MAX

/* One error for a field (the first), at most EC_FIELD_ERRORS_MAX altogether. */
struct ec_check {
    ec_arena *arena;
    const char *prefix;     /* put before every path, "" or such as "lines[2]." */
    const ec_path *path;    /* where the walkers are */
    ec_field_error *errors; /* in arena */
    size_t count, capacity;
    ec_status status; /* EC_OK, EC_INVALID or EC_NO_MEMORY */
};
void ec_check_init(ec_check *check, ec_arena *arena);
/* Go into a part of the object (index: EC_PATH_WHOLE, or an item's) and out again; the frame must
   live until then. */
void ec_check_enter(ec_check *check, ec_path *frame, const char *name, size_t index);
void ec_check_leave(ec_check *check);
/* Record a broken rule; message in printf form. field: of the object that is being checked; NULL:
   the object itself. rule: a constant. */
__attribute__((format(printf, 4, 5))) void ec_check_add(ec_check *check, const char *field,
                                                        const char *rule, const char *format, ...);

/* ---- check.c: rules ---- */
/*
 * Check the given fields of an object for a write by a caller: REQUIRED (when `complete`: also
 * those not in fields), UTF-8, lengths, ranges, enum values, formats, nested entities and lists,
 * then the cross-field hook. READONLY fields are skipped: writes ignore what a C struct holds
 * there. When not `complete`, IMMUTABLE fields are refused if they are named, and skipped under
 * EC_MASK_ALL.
 *
 * Rules: required, min, max, min_length, max_length, min_items, max_items, enum, utf8, json,
 * immutable, and the formats by name. A text without greatest length may have EC_TEXT_MAX code
 * points, a list EC_ITEMS_MAX items. Of a TEXTS field min and max count the items; each is a text
 * of 1 to EC_TEXTS_ITEM_MAX code points.
 */
void ec_entity_check(const ec_entity *entity, const void *object, ec_mask fields, bool complete,
                     ec_check *check);

/* A form that texts may have; the rule is its name. */
typedef struct ec_format {
    const char *name;
    bool (*holds)(const char *text);
    const char *message;
} ec_format;
/* NULL for an unknown name. */
const ec_format *ec_format_find(const char *name);

/* ---- pack.c, equal.c: copies ---- */
/* Deep copy into ONE block for ec_free (struct, nested lists, texts); NULL when memory is out. */
void *ec_entity_pack(const ec_platform *platform, const ec_entity *entity, const void *object);
/* Deep copy into an arena, likewise one allocation. */
void *ec_entity_copy(ec_arena *arena, const ec_entity *entity, const void *object);
/* Deep equality of the fields in the mask. A NULL text differs from an empty one. */
bool ec_entity_equal(const ec_entity *entity, const void *a, const void *b, ec_mask fields);

/* ---- json_out.c, json_in.c ---- */
/* Without SECRET fields. currency: inherited by an entity that has none; NULL: two decimals. */
void ec_entity_write_json(ec_json_writer *json, const ec_entity *entity, const void *object,
                          const char *currency);
/* With SECRET fields: for what stays inside the storage (stored outcomes). */
void ec_entity_store_json(ec_json_writer *json, const ec_entity *entity, const void *object,
                          const char *currency);
/*
 * Decode into a zeroed object, which gets its defaults first; its texts are those of the tree,
 * which lies in the same arena.
 * currency: inherited, as above. trusted: the text was written by us: READONLY fields are taken and
 * unknown keys are passed over. fields: which top-level ones were seen; may be NULL.
 *
 * Broken rules go to check: type, unknown, readonly, decimals, min, max, enum, time, utf8,
 * max_items; and required inside nested objects, which must be complete. Lengths, ranges and
 * formats are not looked at: ec_entity_check does so, with the same check (one error for a field).
 * Returns check's status.
 */
ec_status ec_entity_read_json(ec_arena *arena, const ec_entity *entity, const ec_json *json,
                              const char *currency, bool trusted, void *object, ec_mask *fields,
                              ec_check *check);

/* ---- csv_row.c: one record per object without SECRET fields; nested ones as JSON text ---- */
/*
 * An empty cell is null (of a number that has no null: not given), a lone apostrophe is the empty
 * text. Texts that a spreadsheet would take for formulas are protected, see base/csv.h; so writing
 * and reading is exact.
 */
void ec_entity_csv_header(ec_buf *buf, const ec_entity *entity);
void ec_entity_write_csv(ec_buf *buf, const ec_entity *entity, const void *object,
                         const char *currency);
/* columns[i]: which field the i-th cell belongs to, NULL: ignored. The rest as ec_entity_read_json,
   and rule json for nested cells. The cells are copied. */
ec_status ec_entity_read_csv(ec_arena *arena, const ec_entity *entity,
                             const ec_field *const *columns, const char *const *cells, size_t count,
                             const char *currency, bool trusted, void *object, ec_mask *fields,
                             ec_check *check);

#endif
