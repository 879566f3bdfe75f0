/* SPDX-License-Identifier: MIT */
/*
 * csv.h - comma separated values (RFC 4180), streaming in both directions in constant memory.
 *
 * The reader takes a BOM, CRLF or LF or CR, quoted fields with newlines and doubled quotes, and
 * quotes inside unquoted fields as they are. Text behind a closing quote and a quote that is never
 * closed break a record: it is reported with its line and the next one is read on. When the broken
 * field went over line ends, the record ends at the first of them, so that a forgotten quote costs
 * one line and not the good records behind it.
 */
#ifndef EC_BASE_CSV_H
#define EC_BASE_CSV_H

#include "base/buf.h"

/* Where bytes come from: at most size of them into buffer; *got is 0 at the end. */
typedef ec_status (*ec_csv_read_fn)(void *ctx, char *buffer, size_t size, size_t *got);

#define EC_CSV_FIELDS_MAX 512
#define EC_CSV_RECORD_MAX (16u << 20) /* bytes of one record */

typedef struct ec_csv_reader ec_csv_reader;

ec_status ec_csv_open(const ec_platform *platform, ec_csv_read_fn read, void *ctx,
                      ec_csv_reader **out);
/*
 * The next record: EC_OK; EC_DONE at the end; EC_INVALID for a broken one (*problem says what;
 * reading may go on); EC_LIMIT for one too long (skipped, reading may go on); EC_IO.
 * Fields are terminated, borrowed until the next call; one with a NUL byte in it makes the record
 * EC_INVALID. An empty line is no record. A failure of read (its status as it is) or EC_NO_MEMORY
 * loses nothing: the next call goes on.
 */
ec_status ec_csv_next(ec_csv_reader *reader, const char *const **fields, size_t *count,
                      const char **problem);
/* Line of the record's start, from 1; byte where it started, for resuming; the byte after it. */
int64_t ec_csv_line(const ec_csv_reader *reader);
int64_t ec_csv_offset(const ec_csv_reader *reader);
int64_t ec_csv_next_offset(const ec_csv_reader *reader);
void ec_csv_close(ec_csv_reader *reader);

/* Writing: fields one by one, then the end of the record (CRLF). A field that a spreadsheet would
   take for a formula (first byte = + - @ tab CR, also behind apostrophes) gets a leading apostrophe
   unless `raw`; a plain number keeps its sign. NULL is an empty field. */
void ec_csv_put(ec_buf *buf, const char *text, bool first, bool raw);
void ec_csv_end(ec_buf *buf);
/* Undo the apostrophe of ec_csv_put: the text behind it, or the text itself. */
const char *ec_csv_unprotect(const char *text);

#endif
