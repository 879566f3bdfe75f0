/* SPDX-License-Identifier: MIT */
/*
 * question.c - what a tax service is asked, and the name of that question.
 *
 * Everything that a tax may depend on is in it: lines as they are left after discounts, the fee,
 * the address, the buyer's standing. So an answer to one cart is never taken for another one's.
 */
#include <string.h>

#include "tax/answers.h"
#include "tax/inside.h"

static int64_t fee_of(const ec_pricing_work *work)
{
    return work->fee - work->fee_discount;
}

/* ---- its name ---- */

static void write_address(ec_json_writer *json, const ec_address *address)
{
    if (address == NULL) {
        ec_json_null(json);
        return;
    }
    ec_json_text(json, address->country);
    ec_json_text(json, address->region);
    ec_json_text(json, address->postal_code);
    ec_json_text(json, address->city);
    ec_json_text(json, address->street);
    ec_json_text(json, address->street2);
}

static void write_all(ec_json_writer *json, const ec_pricing_work *work)
{
    const ec_pricing *in = work->in;
    ec_json_array(json);
    ec_json_text(json, in->tax_provider);
    ec_json_text(json, in->channel);
    ec_json_text(json, in->currency);
    ec_json_text(json, in->home_country);
    write_address(json, ec_tax_address_of(in));
    ec_json_text(json, in->customer.tax_number);
    ec_json_bool(json, in->customer.tax_exempt);
    ec_json_bool(json, in->customer.reverse_charge);
    for (size_t i = 0; i < work->lines_count; i++) {
        const ec_pricing_state *line = &work->lines[i];
        ec_json_int(json, line->in->variant_id);
        ec_json_int(json, line->quantity);
        ec_json_int(json, ec_pricing_left(line));
        ec_json_text(json, line->in->tax_category);
        ec_json_bool(json, line->in->taxable);
    }
    ec_json_int(json, fee_of(work));
    ec_json_text(json, work->shipping_tax_category);
    ec_json_array_end(json);
}

ec_status ec_tax_print(const ec_pricing_work *work, char out[EC_SHA256_HEX])
{
    ec_buf buf;
    ec_json_writer json;
    ec_buf_init(&buf, work->arena->platform, 8u << 20);
    ec_json_begin(&json, &buf);
    write_all(&json, work);
    ec_status status = buf.status == EC_OK ? EC_OK : EC_NO_MEMORY;
    if (status == EC_OK) ec_sha256_hex(ec_buf_text(&buf), buf.length, out);
    ec_buf_clear(&buf);
    return status;
}

/* ---- the question ---- */

static const ec_address *copy_address(ec_arena *arena, const ec_address *address)
{
    if (address == NULL) return NULL;
    ec_address *copy = ec_arena_alloc(arena, sizeof(*copy));
    if (copy == NULL) return NULL;
    *copy = (ec_address){
        .name = ec_arena_strdup(arena, address->name),
        .company = ec_arena_strdup(arena, address->company),
        .street = ec_arena_strdup(arena, address->street),
        .street2 = ec_arena_strdup(arena, address->street2),
        .city = ec_arena_strdup(arena, address->city),
        .region = ec_arena_strdup(arena, address->region),
        .postal_code = ec_arena_strdup(arena, address->postal_code),
        .country = ec_arena_strdup(arena, address->country),
    };
    return copy;
}

static const ec_address *home_of(ec_arena *arena, const ec_pricing *in)
{
    ec_address home = {.country = in->home_country};
    return in->home_country != NULL ? copy_address(arena, &home) : NULL;
}

static size_t copy_items(ec_arena *arena, const ec_pricing_work *work, ec_tax_item *items)
{
    size_t count = 0;
    for (size_t i = 0; i < work->lines_count; i++) {
        const ec_pricing_state *line = &work->lines[i];
        items[count++] = (ec_tax_item){
            .line = (int64_t)i + 1,
            .sku = ec_arena_strdup(arena, line->in->sku),
            .name = ec_arena_strdup(arena, line->in->name),
            .category = ec_arena_strdup(arena, line->in->tax_category),
            .quantity = line->quantity,
            .amount = ec_pricing_left(line),
            .taxable = line->in->taxable,
        };
    }
    if (fee_of(work) > 0)
        items[count++] =
            (ec_tax_item){.category = ec_arena_strdup(arena, work->shipping_tax_category),
                          .quantity = 1,
                          .amount = fee_of(work),
                          .taxable = true};
    return count;
}

ec_status ec_tax_ask_about(const ec_pricing_work *work, ec_tax_question *question)
{
    const ec_pricing *in = work->in;
    ec_arena *arena = &question->arena;
    ec_arena_reset(arena);
    question->asked = false;
    ec_tax_item *items = ec_arena_array(arena, work->lines_count + 1, sizeof(*items));
    if (items == NULL) return EC_NO_MEMORY;
    question->request = (ec_tax_request){
        .channel = ec_arena_strdup(arena, in->channel),
        .currency = ec_arena_strdup(arena, in->currency),
        .from = home_of(arena, in),
        .to = copy_address(arena, ec_tax_address_of(in)),
        .tax_number = ec_arena_strdup(arena, in->customer.tax_number),
        .exempt = in->customer.tax_exempt,
        .reverse_charge = in->customer.reverse_charge,
        .items = items,
    };
    question->request.items_count = copy_items(arena, work, items);
    question->provider = ec_arena_strdup(arena, in->tax_provider);
    question->answer = (ec_tax_answer){.room = 16 * question->request.items_count};
    question->answer.amounts =
        ec_arena_array(arena, question->answer.room, sizeof(*question->answer.amounts));
    if (arena->failed) return EC_NO_MEMORY;
    question->asked = question->request.items_count > 0;
    return ec_tax_print(work, question->print);
}
