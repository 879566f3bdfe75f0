/* SPDX-License-Identifier: MIT */
/*
 * notes.h - the notes of a batch; for lib/transfer/import.c only.
 */
#ifndef EC_TRANSFER_NOTES_H
#define EC_TRANSFER_NOTES_H

#include "transfer/import.h"

void ec_import_notes_reset(ec_import_notes *notes);
/* Tell the caller, in the order of the file. The arena is for sorting. */
ec_status ec_import_notes_tell(const ec_import_options *options, ec_arena *arena,
                               const ec_import_notes *early, const ec_import_notes *late);

#endif
