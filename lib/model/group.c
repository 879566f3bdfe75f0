/* SPDX-License-Identifier: MIT */
/*
 * group.c - the tables of customer groups and who is in them. Only rows.
 */
#include <ecommerce/group.h>

#include "model/model.h"

static const ec_field group_fields[] = {
    EC_ID_ROW(ec_group, id, .doc = "Number of the group."),
    EC_INT_ROW(ec_group, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_group, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_group, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TEXT_ROW(ec_group, code, .min = 1, .max = 64, .format = "slug",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE, .doc = "Stable name for programs."),
    EC_TEXT_ROW(ec_group, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED,
                .doc = "Name for people."),
    EC_INT_ROW(ec_group, users_count, .flags = EC_FIELD_READONLY | EC_FIELD_NOT_STORED,
               .doc = "How many users are in it."),
};

const ec_entity ec_group_entity = {
    .name = "group",
    .table = "customer_groups",
    .doc = "A group of customers.",
    .size = sizeof(ec_group),
    .fields = group_fields,
    .count = sizeof(group_fields) / sizeof(group_fields[0]),
};

static const ec_field group_list_fields[] = {
    EC_LIST_ROWS(ec_group_list, ec_group, ec_group_entity),
};

const ec_entity ec_group_list_entity = {
    .name = "group_list",
    .doc = "A page of groups.",
    .size = sizeof(ec_group_list),
    .fields = group_list_fields,
    .count = sizeof(group_list_fields) / sizeof(group_list_fields[0]),
};

static const ec_field group_user_fields[] = {
    EC_ID_ROW(ec_group_user, id, .doc = "Number of the membership."),
    EC_REF_ROW(ec_group_user, group_id, .target = &ec_group_entity, .flags = EC_FIELD_REQUIRED,
               .doc = "The group."),
    EC_REF_ROW(ec_group_user, user_id, .target = &ec_user_entity, .flags = EC_FIELD_REQUIRED,
               .doc = "The user that is in it."),
    EC_TIME_ROW(ec_group_user, created_at, .flags = EC_FIELD_READONLY, .doc = "Since when."),
};

const ec_entity ec_group_user_entity = {
    .name = "group_user",
    .table = "customer_group_users",
    .doc = "That a user is in a group.",
    .size = sizeof(ec_group_user),
    .fields = group_user_fields,
    .count = sizeof(group_user_fields) / sizeof(group_user_fields[0]),
};
