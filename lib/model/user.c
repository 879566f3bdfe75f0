/* SPDX-License-Identifier: MIT */
/*
 * user.c - the tables of users, and of pages of users and addresses. Only rows.
 */
#include <ecommerce/customer.h>

#include "model/model.h"

const char *const ec_role_names[] = {"customer", "manager", "admin", "super_admin", NULL};

static const ec_field fields[] = {
    EC_ID_ROW(ec_user, id, .doc = "Number of the user."),
    EC_INT_ROW(ec_user, version, .flags = EC_FIELD_READONLY, .doc = "Counts its changes."),
    EC_TIME_ROW(ec_user, created_at, .flags = EC_FIELD_READONLY, .doc = "When it was added."),
    EC_TIME_ROW(ec_user, updated_at, .flags = EC_FIELD_READONLY, .doc = "When it last changed."),
    EC_TEXT_ROW(ec_user, email, .min = 3, .max = 254, .format = "email",
                .flags = EC_FIELD_REQUIRED | EC_FIELD_UNIQUE | EC_FIELD_PII,
                .doc = "Where messages go; in lower case."),
    EC_TEXT_ROW(ec_user, name, .min = 1, .max = 255, .flags = EC_FIELD_REQUIRED | EC_FIELD_PII,
                .doc = "As the user writes it."),
    EC_TEXT_ROW(ec_user, phone, .max = 32, .flags = EC_FIELD_PII, .doc = "Telephone."),
    EC_ENUM_ROW(ec_user, role, ec_role, ec_role_names, .doc = "What the user is to the shop."),
    EC_BOOL_ROW(ec_user, email_verified, .doc = "Was the address proved?"),
    EC_BOOL_ROW(ec_user, is_active, .doc = "May the user sign in?"),
};

const ec_entity ec_user_entity = {
    .name = "user",
    .table = "users",
    .doc = "A customer or a member of staff.",
    .size = sizeof(ec_user),
    .fields = fields,
    .count = sizeof(fields) / sizeof(fields[0]),
};

static const ec_field user_list_fields[] = {
    EC_LIST_ROWS(ec_user_list, ec_user, ec_user_entity),
};

const ec_entity ec_user_list_entity = {
    .name = "user_list",
    .doc = "A page of users.",
    .size = sizeof(ec_user_list),
    .fields = user_list_fields,
    .count = sizeof(user_list_fields) / sizeof(user_list_fields[0]),
};

static const ec_field address_list_fields[] = {
    EC_LIST_ROWS(ec_address_list, ec_address, ec_address_entity),
};

const ec_entity ec_address_list_entity = {
    .name = "address_list",
    .doc = "A page of addresses.",
    .size = sizeof(ec_address_list),
    .fields = address_list_fields,
    .count = sizeof(address_list_fields) / sizeof(address_list_fields[0]),
};
