/* SPDX-License-Identifier: MIT */
/*
 * jsonl_upsert.h - between import_jsonl.c and jsonl_upsert.c.
 */
#ifndef EC_TRANSFER_JSONL_UPSERT_H
#define EC_TRANSFER_JSONL_UPSERT_H

#include "transfer/import.h"
#include "transfer/jsonl.h"

/* What became of a line. Texts are in the session's arena. */
typedef struct ec_line_outcome {
    const char *key;    /* slug, code …; NULL until it is known */
    const char *action; /* "create", "update", or NULL: nothing differs */
    const char *fields; /* of an update */
    ec_import_counts counts;
} ec_line_outcome;

typedef struct ec_line_manner {
    const char *currency;       /* of amounts of what has none of its own */
    bool keep_stock;            /* leave the balances of known stock alone */
    ec_line_promises *promises; /* of a dry run; or NULL */
} ec_line_manner;

/* Inside a writing call. What is wrong with the line is the session's error. */
ec_status ec_line_upsert(ec_session *session, const ec_json *line, const ec_line_manner *manner,
                         ec_line_outcome *out);

#endif
