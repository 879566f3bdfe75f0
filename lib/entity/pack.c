/* SPDX-License-Identifier: MIT */
/*
 * pack.c - deep copies into one piece of memory.
 *
 * The same walk is done twice: first without memory, to learn how much is needed, then with it. An
 * object's parts follow each other as they are met: nested structs and arrays aligned, texts not.
 * It refuses to follow what the table does not name, so a member without row would keep pointing
 * into the original; tests/entity/layout.c makes sure that there is none.
 */
#include "base/block.h"
#include "entity/entity.h"

#include <string.h>

#define EC_PACK_ALIGN 8u

_Static_assert(_Alignof(int64_t) <= EC_PACK_ALIGN && _Alignof(void *) <= EC_PACK_ALIGN,
               "members of entities are aligned within a pack");

typedef struct packer {
    char *base;  /* NULL: only measure */
    size_t used; /* of base */
    bool overflow;
} packer;

/* The next count * size bytes; NULL while measuring. */
static void *pack_take(packer *pack, size_t count, size_t size, size_t align)
{
    size_t start = (pack->used + align - 1) & ~(align - 1);
    size_t bytes;
    size_t end;
    if (start < pack->used || __builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(start, bytes, &end)) {
        pack->overflow = true;
        return NULL;
    }
    pack->used = end;
    return pack->base ? pack->base + start : NULL;
}

static const char *pack_text(packer *pack, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    char *copy = pack_take(pack, 1, size, 1);
    return text && copy ? memcpy(copy, text, size) : NULL;
}

static void pack_fields(packer *pack, const ec_entity *entity, const void *from, void *to);

/* count objects of an entity, one behind the other. */
static void *pack_objects(packer *pack, const ec_entity *entity, const void *from, size_t count)
{
    char *to = from ? pack_take(pack, count, entity->size, EC_PACK_ALIGN) : NULL;
    if (to && count > 0) {
        memcpy(to, from, count * entity->size);
    }
    for (size_t at = 0; from && at < count && !pack->overflow; at++) {
        size_t place = at * entity->size;
        pack_fields(pack, entity, (const char *)from + place, to ? to + place : NULL);
    }
    return to;
}

static void *pack_texts(packer *pack, const char *const *from, size_t count)
{
    const char **to = pack_take(pack, count, sizeof *from, EC_PACK_ALIGN);
    for (size_t at = 0; at < count && !pack->overflow; at++) {
        const char *copy = pack_text(pack, from[at]);
        if (to) {
            to[at] = copy;
        }
    }
    return to;
}

/* What the members point to; the struct itself is copied already. */
static void pack_field(packer *pack, const ec_field *field, const void *from, void *to)
{
    size_t count;
    const void *copy;
    switch (field->type) {
    case EC_FIELD_TEXT:
    case EC_FIELD_JSON:
        copy = pack_text(pack, ec_field_get_text(field, from));
        if (to) {
            ec_field_set_text(field, to, copy);
        }
        break;
    case EC_FIELD_STRUCT:
        copy = pack_objects(pack, field->target, ec_field_get_pointer(field, from), 1);
        if (to) {
            ec_field_set_pointer(field, to, copy);
        }
        break;
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS:
        count = ec_field_count(field, from);
        copy = field->type == EC_FIELD_LIST
                   ? pack_objects(pack, field->target, ec_field_get_pointer(field, from), count)
                   : pack_texts(pack, ec_field_get_pointer(field, from), count);
        if (to) {
            ec_field_set_items(field, to, copy, count);
        }
        break;
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_INT:
    case EC_FIELD_BOOL:
    case EC_FIELD_MONEY:
    case EC_FIELD_TIME:
    case EC_FIELD_ENUM:
    case EC_FIELD_DECIMAL: break;
    }
}

static void pack_fields(packer *pack, const ec_entity *entity, const void *from, void *to)
{
    for (size_t at = 0; at < entity->count; at++) {
        pack_field(pack, &entity->fields[at], from, to);
    }
}

/* Bytes that the copy needs; 0 when no address space holds it. */
static size_t pack_measure(const ec_entity *entity, const void *object)
{
    packer pack = {0};
    (void)pack_objects(&pack, entity, object, 1);
    return pack.overflow ? 0 : pack.used;
}

static void *pack_into(const ec_entity *entity, const void *object, void *memory)
{
    packer pack = {.base = memory};
    return memory ? pack_objects(&pack, entity, object, 1) : NULL;
}

void *ec_entity_pack(const ec_platform *platform, const ec_entity *entity, const void *object)
{
    size_t size = object ? pack_measure(entity, object) : 0;
    return size ? pack_into(entity, object, ec_block_alloc(platform, size)) : NULL;
}

void *ec_entity_copy(ec_arena *arena, const ec_entity *entity, const void *object)
{
    size_t size = object ? pack_measure(entity, object) : 0;
    return size ? pack_into(entity, object, ec_arena_alloc(arena, size)) : NULL;
}
