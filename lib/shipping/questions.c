/* SPDX-License-Identifier: MIT */
/*
 * questions.c - what carriers are asked about goods that are to be sent.
 *
 * One question for each carrier, with all of its methods. The fingerprint says exactly what was
 * asked, whatever the order of the lines, so that an answer is never used for something else.
 * Prices before discounts are asked about: a coupon does not make an answer worthless.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/model.h"
#include "shipping/inside.h"
#include "shipping/rates.h"

/* A line whose goods are sent. */
typedef struct sent {
    const ec_pricing_line *line;
} sent;

static int by_variant(const void *left, const void *right)
{
    const ec_pricing_line *a = ((const sent *)left)->line;
    const ec_pricing_line *b = ((const sent *)right)->line;
    if (a->variant_id != b->variant_id) return a->variant_id < b->variant_id ? -1 : 1;
    if (a->price != b->price) return a->price < b->price ? -1 : 1;
    return (a->quantity > b->quantity) - (a->quantity < b->quantity);
}

/* What is sent, by variant. */
static ec_status list_items(ec_arena *arena, const ec_pricing *in, ec_shipping_request *out)
{
    size_t count = 0;
    sent *lines = ec_arena_array(arena, in->lines_count, sizeof(*lines));
    ec_shipping_item *items = ec_arena_array(arena, in->lines_count, sizeof(*items));
    if (lines == NULL || items == NULL) return EC_NO_MEMORY;
    for (size_t i = 0; i < in->lines_count; i++)
        if (in->lines[i].requires_shipping) lines[count++].line = &in->lines[i];
    qsort(lines, count, sizeof(*lines), by_variant);
    for (size_t i = 0; i < count; i++)
        items[i] =
            (ec_shipping_item){.sku = ec_arena_strdup(arena, lines[i].line->sku),
                               .category = ec_arena_strdup(arena, lines[i].line->shipping_category),
                               .quantity = lines[i].line->quantity,
                               .price = lines[i].line->price,
                               .weight = lines[i].line->weight,
                               .length = lines[i].line->length,
                               .width = lines[i].line->width,
                               .height = lines[i].line->height};
    out->items = items;
    out->items_count = count;
    return EC_OK;
}

static bool is_asked(const ec_shipping_rule *method, const char *provider, ec_id channel_id)
{
    bool here = method->channels_count == 0;
    if (method->provider == NULL || !method->is_active) return false;
    for (size_t i = 0; i < method->channels_count; i++)
        here = here || method->channels[i] == channel_id;
    return here && (provider == NULL || strcmp(method->provider, provider) == 0);
}

/* The methods of one carrier. */
static ec_status list_methods(ec_arena *arena, const ec_shipping_book *book, ec_id channel_id,
                              ec_shipping_question *out)
{
    const char **codes = ec_arena_array(arena, book->methods_count, sizeof(*codes));
    ec_id *ids = ec_arena_array(arena, book->methods_count, sizeof(*ids));
    out->rates = ec_arena_array(arena, book->methods_count, sizeof(*out->rates));
    if (codes == NULL || ids == NULL || out->rates == NULL) return EC_NO_MEMORY;
    size_t count = 0;
    for (size_t i = 0; i < book->methods_count; i++) {
        if (!is_asked(&book->methods[i], out->provider, channel_id)) continue;
        codes[count] = ec_arena_strdup(arena, book->methods[i].code);
        ids[count++] = book->methods[i].id;
    }
    out->request.methods = codes;
    out->request.methods_count = count;
    out->methods = ids;
    return EC_OK;
}

static void write_item(ec_json_writer *json, const ec_shipping_item *item)
{
    const int64_t numbers[] = {item->quantity, item->price, item->weight,
                               item->length,   item->width, item->height};
    ec_json_array(json);
    ec_json_text(json, item->sku);
    ec_json_text(json, item->category);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        ec_json_int(json, numbers[i]);
    ec_json_array_end(json);
}

/* A digest of everything that is asked. */
static ec_status fingerprint(ec_arena *arena, ec_shipping_question *question)
{
    const ec_shipping_request *request = &question->request;
    const ec_address *to = request->to;
    const char *const texts[] = {question->provider, request->channel, request->currency,
                                 to->country,        to->region,       to->city,
                                 to->postal_code,    to->street,       to->street2};
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, arena->platform, 1u << 22);
    ec_json_begin(&json, &buf);
    ec_json_array(&json);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ec_json_text(&json, texts[i]);
    for (size_t i = 0; i < request->items_count; i++)
        write_item(&json, &request->items[i]);
    for (size_t i = 0; i < request->methods_count; i++)
        ec_json_text(&json, request->methods[i]);
    ec_json_array_end(&json);
    ec_status status = buf.status;
    if (status == EC_OK) ec_sha256_hex(ec_buf_text(&buf), buf.length, question->fingerprint);
    ec_buf_clear(&buf);
    return status;
}

/* Is the carrier asked already? */
static bool is_listed(const ec_shipping_question *questions, size_t count, const char *provider)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found = found || strcmp(questions[i].provider, provider) == 0;
    return found;
}

ec_status ec_shipping_questions(ec_arena *arena, const ec_rules *rules, const ec_pricing *in,
                                ec_shipping_question **out, size_t *count)
{
    const ec_shipping_book *book = &rules->shipping;
    const ec_address *to = in->shipping_address ? in->shipping_address : in->billing_address;
    ec_shipping_request shared = {.channel = ec_arena_strdup(arena, in->channel),
                                  .currency = ec_arena_strdup(arena, in->currency)};
    *count = 0;
    *out = ec_arena_array(arena, book->methods_count, sizeof(**out));
    if (*out == NULL) return EC_NO_MEMORY;
    if (to == NULL || to->country == NULL) return EC_OK;
    ec_status status = list_items(arena, in, &shared);
    shared.to = ec_entity_copy(arena, &ec_address_entity, to);
    if (status == EC_OK && shared.to == NULL) status = EC_NO_MEMORY;
    for (size_t i = 0; i < book->methods_count && status == EC_OK && shared.items_count > 0; i++) {
        const ec_shipping_rule *method = &book->methods[i];
        if (!is_asked(method, NULL, in->channel_id) || is_listed(*out, *count, method->provider))
            continue;
        ec_shipping_question *question = &(*out)[(*count)++];
        *question = (ec_shipping_question){.provider = ec_arena_strdup(arena, method->provider),
                                           .request = shared};
        if (arena->failed) return EC_NO_MEMORY;
        status = list_methods(arena, book, in->channel_id, question);
        if (status == EC_OK) status = fingerprint(arena, question);
    }
    return arena->failed ? EC_NO_MEMORY : status;
}
