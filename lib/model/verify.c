/* SPDX-License-Identifier: MIT */
/*
 * verify.c - the tables of what a verification reports. Only rows; nothing here is stored.
 */
#include <ecommerce/verify.h>

#include "model/model.h"

static const ec_field problem_fields[] = {
    EC_REF_ROW(ec_verify_problem, id, .flags = EC_FIELD_READONLY, .doc = "Number of the object."),
    EC_INT_ROW(ec_verify_problem, expected, .flags = EC_FIELD_READONLY,
               .doc = "What follows from the rest."),
    EC_INT_ROW(ec_verify_problem, found, .flags = EC_FIELD_READONLY, .doc = "What is stored."),
    EC_TEXT_ROW(ec_verify_problem, code, .flags = EC_FIELD_READONLY,
                .doc = "The check that found it."),
    EC_TEXT_ROW(ec_verify_problem, object, .flags = EC_FIELD_READONLY, .doc = "What is wrong."),
    EC_TEXT_ROW(ec_verify_problem, message, .flags = EC_FIELD_READONLY, .doc = "In one sentence."),
};

const ec_entity ec_verify_problem_entity = {
    .name = "verify_problem",
    .doc = "Something that is not as it must be.",
    .size = sizeof(ec_verify_problem),
    .fields = problem_fields,
    .count = sizeof(problem_fields) / sizeof(problem_fields[0]),
};

static const ec_field check_fields[] = {
    EC_INT_ROW(ec_verify_check, checked, .flags = EC_FIELD_READONLY, .doc = "Objects looked at."),
    EC_INT_ROW(ec_verify_check, problems, .flags = EC_FIELD_READONLY, .doc = "Of them wrong."),
    EC_TEXT_ROW(ec_verify_check, name, .flags = EC_FIELD_READONLY, .doc = "Name of the check."),
    EC_TEXT_ROW(ec_verify_check, doc, .flags = EC_FIELD_READONLY, .doc = "What it proves."),
};

const ec_entity ec_verify_check_entity = {
    .name = "verify_check",
    .doc = "What one check of a verification did.",
    .size = sizeof(ec_verify_check),
    .fields = check_fields,
    .count = sizeof(check_fields) / sizeof(check_fields[0]),
};

static const ec_field report_fields[] = {
    EC_INT_ROW(ec_verify_report, checked, .flags = EC_FIELD_READONLY, .doc = "Objects looked at."),
    EC_INT_ROW(ec_verify_report, problems_total, .flags = EC_FIELD_READONLY,
               .doc = "Problems found, also those not listed."),
    EC_LIST_ROW(ec_verify_report, checks, ec_verify_check, ec_verify_check_entity,
                .flags = EC_FIELD_READONLY, .doc = "Every check that ran."),
    EC_LIST_ROW(ec_verify_report, problems, ec_verify_problem, ec_verify_problem_entity,
                .flags = EC_FIELD_READONLY, .doc = "What is wrong."),
    EC_BOOL_ROW(ec_verify_report, is_clean, .flags = EC_FIELD_READONLY, .doc = "Nothing is wrong."),
};

const ec_entity ec_verify_report_entity = {
    .name = "verify_report",
    .doc = "The outcome of a verification.",
    .size = sizeof(ec_verify_report),
    .fields = report_fields,
    .count = sizeof(report_fields) / sizeof(report_fields[0]),
};
