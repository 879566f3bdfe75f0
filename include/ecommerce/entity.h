/* SPDX-License-Identifier: MIT */
/**
 * @file entity.h
 * @brief The tables that describe every entity, read-only, and what can be done with any of them.
 *
 * Each public struct is described once, by a constant table in the library. These functions publish
 * the tables, so that bindings, hosts and admin screens list fields instead of repeating them, and
 * turn objects into JSON and back. All tables are constants: any thread, valid for ever.
 */
#ifndef ECOMMERCE_ENTITY_H
#define ECOMMERCE_ENTITY_H

#include <ecommerce/types.h>

EC_BEGIN_DECLS

typedef struct ec_session ec_session; /**< see session.h */
typedef struct ec_entity ec_entity;   /**< the description of an entity; opaque */
typedef struct ec_field ec_field;     /**< the description of a field; opaque */

/** A set of fields of one entity: bit n is the n-th field. @since 0.1 */
typedef uint64_t ec_mask;

/** Every field. @since 0.1 */
#define EC_MASK_ALL (~(ec_mask)0)

/** What a field means. The C member behind it is named in brackets. @since 0.1 */
typedef enum ec_field_type {
    EC_FIELD_ID = 0,      /**< own identifier [int64_t] */
    EC_FIELD_REF = 1,     /**< identifier of another object [int64_t]; 0 is null */
    EC_FIELD_TEXT = 2,    /**< UTF-8 text [const char *]; NULL is null */
    EC_FIELD_INT = 3,     /**< whole number [int64_t] */
    EC_FIELD_BOOL = 4,    /**< truth [bool] */
    EC_FIELD_MONEY = 5,   /**< minor units in the entity's currency [int64_t]; decimal in JSON */
    EC_FIELD_TIME = 6,    /**< moment [int64_t]; RFC 3339 in JSON; 0 is null */
    EC_FIELD_ENUM = 7,    /**< one of a list of names [an enum, 4 bytes]; a name in JSON */
    EC_FIELD_DECIMAL = 8, /**< fixed point, integer scaled by a power of ten [int64_t] */
    EC_FIELD_JSON = 9,    /**< any JSON as text [const char *]; NULL is null */
    EC_FIELD_STRUCT = 10, /**< one nested entity [pointer to it]; NULL is null */
    EC_FIELD_LIST = 11,   /**< nested entities [array pointer and size_t count] */
    EC_FIELD_TEXTS = 12   /**< texts [const char *const * and size_t count] */
} ec_field_type;

/** What else holds for a field; a set of bits. @since 0.1 */
typedef enum ec_field_flag {
    EC_FIELD_REQUIRED = 1 << 0,     /**< may not be null or empty */
    EC_FIELD_UNIQUE = 1 << 1,       /**< no two objects share the value */
    EC_FIELD_READONLY = 1 << 2,     /**< set by the library; refused in input */
    EC_FIELD_SECRET = 1 << 3,       /**< never leaves by JSON, CSV or log */
    EC_FIELD_PII = 1 << 4,          /**< personal data */
    EC_FIELD_SEARCH = 1 << 5,       /**< found by full-text search */
    EC_FIELD_SORT = 1 << 6,         /**< listings can be sorted by it */
    EC_FIELD_NULLABLE = 1 << 7,     /**< the zero of a number means null */
    EC_FIELD_IMMUTABLE = 1 << 8,    /**< accepted at creation only */
    EC_FIELD_NOT_STORED = 1 << 9,   /**< no column of the entity's own table */
    EC_FIELD_CURRENCY = 1 << 10,    /**< this text is the currency of the entity's money */
    EC_FIELD_DEFAULT_TRUE = 1 << 11 /**< this truth is true where nothing is said about it */
} ec_field_flag;

/** Find an entity by its name, such as "product". @return NULL when there is none. @since 0.1 */
EC_API const ec_entity *ec_entity_find(const char *name);
/** Walk all entities; NULL begins. @return the next one, NULL at the end. @since 0.1 */
EC_API const ec_entity *ec_entity_next(const ec_entity *previous);
/** @return the entity's name, such as "order_line". @since 0.1 */
EC_API const char *ec_entity_name(const ec_entity *entity);
/** @return the entity's purpose in one sentence. @since 0.1 */
EC_API const char *ec_entity_doc(const ec_entity *entity);
/** @return the entity's table in the storage, or NULL where it has none. @since 0.1 */
EC_API const char *ec_entity_table(const ec_entity *entity);

/** Find a field by its name. @return NULL when there is none. @since 0.1 */
EC_API const ec_field *ec_field_find(const ec_entity *entity, const char *name);
/** Walk the fields of an entity; NULL begins. @return the next one, NULL at the end. @since 0.1 */
EC_API const ec_field *ec_field_next(const ec_entity *entity, const ec_field *previous);
/** @return the field's one name: column, JSON key, CSV header. @since 0.1 */
EC_API const char *ec_field_name(const ec_field *field);
/** @return what the field means, in one sentence. @since 0.1 */
EC_API const char *ec_field_doc(const ec_field *field);
/** @return the field's type. @since 0.1 */
EC_API ec_field_type ec_field_type_of(const ec_field *field);
/** @return the field's ec_field_flag bits. @since 0.1 */
EC_API unsigned ec_field_flags(const ec_field *field);
/** @return the least value, or length in code points, or item count. @since 0.1 */
EC_API int64_t ec_field_min(const ec_field *field);
/** @return the greatest value, or length in code points, or item count. @since 0.1 */
EC_API int64_t ec_field_max(const ec_field *field);
/** @return decimals of a DECIMAL field, 0 otherwise. @since 0.1 */
EC_API int ec_field_scale(const ec_field *field);
/** @return the n-th name of an ENUM field, NULL behind the last. @since 0.1 */
EC_API const char *ec_field_enum_name(const ec_field *field, int value);
/** @return the entity that a REF, STRUCT or LIST field points to, or NULL. @since 0.1 */
EC_API const ec_entity *ec_field_target(const ec_field *field);
/** @return the field's bit in masks of its entity; 0 for a field of another one. @since 0.1 */
EC_API ec_mask ec_field_bit(const ec_entity *entity, const ec_field *field);

/**
 * The set of the named fields, for updates: ec_mask_of("product", "name,price").
 * @param fields names separated by commas, without blanks
 * @return 0 when the entity or one of the names is unknown. Any thread.
 * @since 0.1
 */
EC_API ec_mask ec_mask_of(const char *entity, const char *fields);

/**
 * Make an object what it is before anything is said about it: all zero, but EC_FIELD_DEFAULT_TRUE
 * fields true. Objects out of JSON and CSV begin so as well.
 *
 * @param entity name of the object's entity
 * @param object an uninitialised object of it
 * @return EC_NOT_FOUND for an unknown entity; EC_MISUSE for NULL. Any thread.
 * @since 0.1
 */
EC_API ec_status ec_init(const char *entity, void *object);

/**
 * An object as JSON text. Amounts of an object that names no currency are in that of the session's
 * channel, here and in ec_from_json.
 *
 * @param entity name of the object's entity
 * @param object an object of it
 * @param out    a block; release it with ec_free. SECRET fields are left out.
 * @return EC_NOT_FOUND for an unknown entity, EC_LIMIT, EC_NO_MEMORY
 * @since 0.1
 */
EC_API ec_status ec_to_json(ec_session *session, const char *entity, const void *object,
                            char **out);

/**
 * An object out of JSON text, strictly: unknown keys, READONLY fields and broken rules are field
 * errors on the session, all of them at once.
 *
 * @param length bytes of json
 * @param out    a block that holds the object; release it with ec_free
 * @param fields which fields the text had (for updates); may be NULL, then the object is meant to
 *               be complete and missing REQUIRED fields are errors too
 * @return EC_NOT_FOUND for an unknown entity; EC_INVALID with field errors; EC_LIMIT; EC_NO_MEMORY
 * @since 0.1
 */
EC_API ec_status ec_from_json(ec_session *session, const char *entity, const char *json,
                              size_t length, void **out, ec_mask *fields);

EC_END_DECLS

#endif
