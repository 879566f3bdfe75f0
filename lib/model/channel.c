/* SPDX-License-Identifier: MIT */
/*
 * channel.c - the tables of channels and price lists. Only rows, and the rules between them.
 */
#include <ecommerce/channel.h>

#include <string.h>

#include "model/model.h"

const char *const ec_stock_strategy_names[] = {"priority", "most_stock", "fewest_parcels", NULL};

const char *const ec_merge_policy_names[] = {"add", "keep_highest", "use_guest", "use_customer",
                                             NULL};

const char *const ec_price_list_status_names[] = {"draft", "active", "archived", NULL};

static const ec_field channel_fields[] = {
    EC_ID_ROW(ec_channel, id, .doc = "Number of the channel."),
    EC_INT_ROW(ec_channel, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_channel, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_channel, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_REF_ROW(ec_channel, price_list_id, .target = &ec_price_list_entity,
               .doc = "Prices of last resort before the catalogue's."),
    EC_REF_ROW(ec_channel, tax_zone_id, .target = &ec_zone_entity,
               .doc = "Whose taxes hold where no address is known or no zone has it."),
    EC_TEXT_ROW(ec_channel, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_channel, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_channel, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_IMMUTABLE | EC_FIELD_CURRENCY,
                .doc = "Currency of its carts and orders."),
    EC_TEXT_ROW(ec_channel, locale, .min = 2, .max = 16, .flags = EC_FIELD_REQUIRED,
                .doc = "Language of its texts, such as es-CL."),
    EC_TEXT_ROW(ec_channel, country, .min = 2, .max = 2, .format = "country",
                .doc = "Where its customers are."),
    EC_TEXT_ROW(ec_channel, tax_provider, .min = 1, .max = 64,
                .doc = "The service whose tax amounts hold; null: the rates of zones do."),
    EC_STRUCT_ROW(ec_channel, policy, ec_policy, ec_policy_entity,
                  .doc = "How it rounds, taxes and combines; null: as its country does."),
    EC_ENUM_ROW(ec_channel, stock_strategy, ec_stock_strategy, ec_stock_strategy_names,
                .doc = "Which of its warehouses serves."),
    EC_ENUM_ROW(ec_channel, merge_policy, ec_merge_policy, ec_merge_policy_names,
                .doc = "How two carts become one at login."),
    EC_BOOL_ROW(ec_channel, is_default, .doc = "Do sessions work in it by default?"),
    EC_BOOL_ROW(ec_channel, is_active, .doc = "Do visitors and customers see it?"),
};

/* BCP 47 looks: parts of letters and digits with hyphens between. */
static void channel_check(const void *object, ec_mask fields, ec_check *check)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    const ec_channel *channel = object;
    const char *locale = (fields & ec_mask_of("channel", "locale")) != 0 ? channel->locale : NULL;
    if (locale && locale[strspn(locale, letters)] != '\0') {
        ec_check_add(check, "locale", "format", "It looks like es-CL.");
    }
}

const ec_entity ec_channel_entity = {
    .name = "channel",
    .table = "channels",
    .doc = "A shop front with a currency, a language and policies of its own.",
    .size = sizeof(ec_channel),
    .fields = channel_fields,
    .count = sizeof(channel_fields) / sizeof(channel_fields[0]),
    .check = channel_check,
};

static const ec_field channel_list_fields[] = {
    EC_LIST_ROWS(ec_channel_list, ec_channel, ec_channel_entity),
};

const ec_entity ec_channel_list_entity = {
    .name = "channel_list",
    .doc = "A page of channels.",
    .size = sizeof(ec_channel_list),
    .fields = channel_list_fields,
    .count = sizeof(channel_list_fields) / sizeof(channel_list_fields[0]),
};

static const ec_field price_list_fields[] = {
    EC_ID_ROW(ec_price_list, id, .doc = "Number of the price list."),
    EC_INT_ROW(ec_price_list, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_price_list, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_price_list, updated_at, .flags = EC_FIELD_READONLY,
                .doc = "When it last changed."),
    EC_TIME_ROW(ec_price_list, valid_from, .min = 1, .doc = "Its prices hold from then on."),
    EC_TIME_ROW(ec_price_list, valid_until, .min = 1, .doc = "Its prices hold before then."),
    EC_TIME_ROW(ec_price_list, active_from, .flags = EC_FIELD_READONLY,
                .doc = "When it last became active."),
    EC_TIME_ROW(ec_price_list, active_until, .flags = EC_FIELD_READONLY,
                .doc = "When it ceased to be active."),
    EC_INT_ROW(ec_price_list, priority, .min = -1000000, .max = 1000000,
               .doc = "Higher ones go first."),
    EC_REF_ROW(ec_price_list, group_id, .target = &ec_group_entity,
               .doc = "Customers for whom it is; null: everybody."),
    EC_TEXT_ROW(ec_price_list, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_price_list, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_TEXT_ROW(ec_price_list, currency, .min = 3, .max = 3, .format = "currency",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_IMMUTABLE | EC_FIELD_CURRENCY,
                .doc = "Currency of its prices."),
    EC_TEXTS_ROW(ec_price_list, channels, .max = 1000,
                 .doc = "Codes of the channels that have it."),
    EC_ENUM_ROW(ec_price_list, status, ec_price_list_status, ec_price_list_status_names,
                .doc = "Do its prices hold?"),
};

/* The end is behind the begin. */
static void price_list_check(const void *object, ec_mask fields, ec_check *check)
{
    const ec_price_list *list = object;
    (void)fields;
    if (list->valid_from != 0 && list->valid_until != 0 && list->valid_until <= list->valid_from) {
        ec_check_add(check, "valid_until", "order", "It must be after valid_from.");
    }
}

const ec_entity ec_price_list_entity = {
    .name = "price_list",
    .table = "price_lists",
    .doc = "A list of prices for channels, a group of customers, a season.",
    .size = sizeof(ec_price_list),
    .fields = price_list_fields,
    .count = sizeof(price_list_fields) / sizeof(price_list_fields[0]),
    .check = price_list_check,
};

static const ec_field price_list_channel_fields[] = {
    EC_ID_ROW(ec_price_list_channel, id, .doc = "Number of the relation."),
    EC_REF_ROW(ec_price_list_channel, price_list_id, .target = &ec_price_list_entity,
               .flags = EC_FIELD_REQUIRED, .doc = "The price list."),
    EC_REF_ROW(ec_price_list_channel, channel_id, .target = &ec_channel_entity,
               .flags = EC_FIELD_REQUIRED, .doc = "The channel that has it."),
};

const ec_entity ec_price_list_channel_entity = {
    .name = "price_list_channel",
    .table = "price_list_channels",
    .doc = "That a channel has a price list.",
    .size = sizeof(ec_price_list_channel),
    .fields = price_list_channel_fields,
    .count = sizeof(price_list_channel_fields) / sizeof(price_list_channel_fields[0]),
};

static const ec_field price_list_list_fields[] = {
    EC_LIST_ROWS(ec_price_list_list, ec_price_list, ec_price_list_entity),
};

const ec_entity ec_price_list_list_entity = {
    .name = "price_list_list",
    .doc = "A page of price lists.",
    .size = sizeof(ec_price_list_list),
    .fields = price_list_list_fields,
    .count = sizeof(price_list_list_fields) / sizeof(price_list_list_fields[0]),
};
