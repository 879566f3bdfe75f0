/* SPDX-License-Identifier: MIT */
/*
 * csv_read.c - CSV records out of a stream, through one window.
 *
 * The window begins at the record that is being read and grows with it. A first pass finds where
 * fields begin and end and changes nothing; only a whole record is terminated and unquoted in
 * place. So a broken record can be left behind cheaply: when a quote turns out wrong after its
 * field went over a line end, reading resumes at that line end, and a forgotten quote costs the
 * line it stands in, not the rest of the file. A record over the maximum is dropped as it passes,
 * by the same states, in constant memory.
 * It refuses text behind a closing quote, quotes that never close and NUL bytes. A quote inside a
 * field that does not begin with one is a byte like others: it has but one meaning, and 5" pipes
 * are sold. It has no opinion on encodings, headers or numbers of fields.
 */
#include "base/csv.h"

#include <string.h>

#define EC_CSV_WINDOW_FIRST (64u << 10)
#define EC_CSV_NOWHERE SIZE_MAX

typedef enum csv_state {
    CSV_BETWEEN, /* records */
    CSV_START,   /* of a field */
    CSV_PLAIN,   /* in an unquoted field */
    CSV_QUOTED,  /* in a quoted field */
    CSV_QUOTE,   /* behind a quote in a quoted field */
    CSV_END      /* of the record */
} csv_state;

/* A field, as places from the start of the record. */
typedef struct csv_mark {
    size_t begin;
    size_t end;
    bool doubled; /* has doubled quotes */
} csv_mark;

struct ec_csv_reader {
    ec_platform platform;
    ec_csv_read_fn read;
    void *read_ctx;

    char *window;
    size_t capacity; /* without the place of an end mark */
    size_t start;    /* of the record */
    size_t end;      /* of what has been read */
    bool ended;      /* the stream */

    int64_t offset; /* of the byte at start, in the stream */
    int64_t line;   /* of the byte at start */
    bool after_cr;  /* a CR stands before the byte at start */

    csv_state state;
    size_t at;           /* reading place, from start on */
    csv_mark field;      /* the one being read */
    size_t line_end;     /* the first one in the quoted field being read, or EC_CSV_NOWHERE */
    bool skipping;       /* too long, no bytes are kept */
    bool too_many;       /* fields */
    const char *problem; /* the first one of the record */
    int64_t record_offset;
    int64_t record_line;
    size_t count;
    csv_mark marks[EC_CSV_FIELDS_MAX];
    const char *fields[EC_CSV_FIELDS_MAX];
};

ec_status ec_csv_open(const ec_platform *platform, ec_csv_read_fn read, void *ctx,
                      ec_csv_reader **out)
{
    ec_csv_reader *reader = platform->resize(platform->ctx, NULL, sizeof *reader);
    *out = reader;
    if (!reader) {
        return EC_NO_MEMORY;
    }
    memset(reader, 0, sizeof *reader);
    reader->platform = *platform;
    reader->read = read;
    reader->read_ctx = ctx;
    reader->line = 1;
    reader->record_line = 1;
    return EC_OK;
}

void ec_csv_close(ec_csv_reader *reader)
{
    if (reader) {
        ec_platform platform = reader->platform;
        if (reader->window) {
            platform.resize(platform.ctx, reader->window, 0);
        }
        platform.resize(platform.ctx, reader, 0);
    }
}

int64_t ec_csv_line(const ec_csv_reader *reader)
{
    return reader->record_line;
}

int64_t ec_csv_offset(const ec_csv_reader *reader)
{
    return reader->record_offset;
}

int64_t ec_csv_next_offset(const ec_csv_reader *reader)
{
    return reader->offset;
}

/* ---- the window ------------------------------------------------------------------------------ */

/* Leave count bytes behind the start, counting their lines: CR, LF and CRLF end one each. */
static void csv_consume(ec_csv_reader *reader, size_t count)
{
    const char *from = reader->window + reader->start;
    int64_t lines = 0;
    for (size_t at = 1; at < count; at++) {
        lines += (from[at] == '\r') | ((from[at] == '\n') & (from[at - 1] != '\r'));
    }
    if (count > 0) {
        lines += from[0] == '\r' || (from[0] == '\n' && !reader->after_cr);
        reader->after_cr = from[count - 1] == '\r';
    }
    reader->line += lines;
    reader->start += count;
    reader->offset += (int64_t)count;
    reader->at = 0;
}

/* Make room behind the end; EC_LIMIT when the record fills the greatest window. */
static ec_status csv_make_room(ec_csv_reader *reader)
{
    if (reader->start > 0 && reader->end == reader->capacity) {
        memmove(reader->window, reader->window + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->end < reader->capacity) {
        return EC_OK;
    }
    if (reader->capacity >= EC_CSV_RECORD_MAX) {
        return EC_LIMIT;
    }
    size_t capacity = reader->capacity > 0 ? reader->capacity * 2 : EC_CSV_WINDOW_FIRST;
    char *window = reader->platform.resize(reader->platform.ctx, reader->window, capacity + 1);
    if (!window) {
        return EC_NO_MEMORY;
    }
    reader->window = window;
    reader->capacity = capacity;
    return EC_OK;
}

/* Read on. At the end of the stream it is EC_OK and reader->ended. */
static ec_status csv_fill(ec_csv_reader *reader)
{
    size_t got = 0;
    ec_status status = csv_make_room(reader);
    if (status != EC_OK || reader->ended) {
        return status;
    }
    size_t room = reader->capacity - reader->end;
    status = reader->read(reader->read_ctx, reader->window + reader->end, room, &got);
    if (status != EC_OK) {
        return status;
    }
    if (got > room) {
        return EC_MISUSE;
    }
    reader->ended = got == 0;
    reader->end += got;
    return EC_OK;
}

/* The same inside a record: one that is too long loses its bytes and keeps its states. */
static ec_status csv_fill_record(ec_csv_reader *reader)
{
    ec_status status = EC_LIMIT;
    if (!reader->skipping) {
        status = csv_fill(reader);
        if (status != EC_LIMIT) {
            return status;
        }
        reader->skipping = true;
    }
    csv_consume(reader, reader->at);
    return csv_fill(reader);
}

static size_t csv_left(const ec_csv_reader *reader)
{
    return reader->end - reader->start - reader->at;
}

static const char *csv_place(const ec_csv_reader *reader)
{
    return reader->window + reader->start + reader->at;
}

/* ---- states ---------------------------------------------------------------------------------- */

static bool csv_is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static void csv_note(ec_csv_reader *reader, const char *problem)
{
    reader->problem = reader->problem ? reader->problem : problem;
}

/* A quote was wrong: when its field went over a line end, the record ends there. */
static bool csv_fall_back(ec_csv_reader *reader)
{
    if (reader->skipping || reader->line_end == EC_CSV_NOWHERE) {
        return false;
    }
    reader->at = reader->line_end;
    reader->state = CSV_END;
    return true;
}

static void csv_add_field(ec_csv_reader *reader, size_t end)
{
    reader->field.end = end;
    if (reader->count == EC_CSV_FIELDS_MAX) {
        reader->too_many = true;
    } else if (!reader->skipping) {
        reader->marks[reader->count++] = reader->field;
    }
}

/* Behind the end of a field: a comma, a line end, or the end of the stream. */
static void csv_pass_delimiter(ec_csv_reader *reader)
{
    reader->state = CSV_END;
    if (csv_left(reader) > 0) {
        reader->state = *csv_place(reader) == ',' ? CSV_START : CSV_END;
        reader->at++;
    }
}

static void csv_start_field(ec_csv_reader *reader)
{
    bool quoted = csv_left(reader) > 0 && *csv_place(reader) == '"';
    reader->at += quoted;
    reader->field = (csv_mark){.begin = reader->at};
    reader->line_end = EC_CSV_NOWHERE;
    reader->state = quoted ? CSV_QUOTED : CSV_PLAIN;
}

/* Up to the end of the field or of the window. */
static void csv_plain(ec_csv_reader *reader)
{
    const char *from = csv_place(reader);
    const char *to = reader->window + reader->end;
    const char *at = from;
    while (at < to && *at != ',' && !csv_is_line_end(*at)) {
        at++;
    }
    reader->at += (size_t)(at - from);
    if (at < to || reader->ended) {
        csv_add_field(reader, reader->at);
        csv_pass_delimiter(reader);
    }
}

/* The first line end of a stretch of the field, unless one is known. */
static void csv_find_line_end(ec_csv_reader *reader, size_t length)
{
    const char *from = csv_place(reader);
    for (size_t at = 0; reader->line_end == EC_CSV_NOWHERE && at < length; at++) {
        if (csv_is_line_end(from[at])) {
            reader->line_end = reader->at + at;
        }
    }
}

static void csv_quoted(ec_csv_reader *reader)
{
    size_t left = csv_left(reader);
    const char *quote = left > 0 ? memchr(csv_place(reader), '"', left) : NULL;
    size_t length = quote ? (size_t)(quote - csv_place(reader)) : left;
    csv_find_line_end(reader, length);
    reader->at += length;
    if (quote) {
        reader->at++;
        reader->state = CSV_QUOTE;
    } else if (reader->ended) {
        csv_note(reader, "a quote that is never closed");
        reader->state = CSV_END;
        (void)csv_fall_back(reader);
    }
}

static void csv_quote(ec_csv_reader *reader)
{
    if (csv_left(reader) == 0 && !reader->ended) {
        return;
    }
    char c = csv_left(reader) > 0 ? *csv_place(reader) : '\n';
    if (c == '"') {
        reader->at++;
        reader->field.doubled = true;
        reader->state = CSV_QUOTED;
    } else if (c == ',' || csv_is_line_end(c)) {
        csv_add_field(reader, reader->at - 1);
        csv_pass_delimiter(reader);
    } else {
        csv_note(reader, "text behind a closing quote");
        if (!csv_fall_back(reader)) {
            reader->state = CSV_PLAIN;
        }
    }
}

/* Run the states until the record has ended or bytes are missing for good. */
static ec_status csv_scan(ec_csv_reader *reader)
{
    while (reader->state != CSV_END) {
        if (csv_left(reader) == 0 && !reader->ended) {
            ec_status status = csv_fill_record(reader);
            if (status != EC_OK) {
                return status;
            }
        }
        switch (reader->state) {
        case CSV_START: csv_start_field(reader); break;
        case CSV_PLAIN: csv_plain(reader); break;
        case CSV_QUOTED: csv_quoted(reader); break;
        case CSV_QUOTE: csv_quote(reader); break;
        case CSV_BETWEEN:
        case CSV_END: break;
        }
    }
    return EC_OK;
}

/* ---- records --------------------------------------------------------------------------------- */

/* Find the start of a record: behind a byte order mark and empty lines. */
static ec_status csv_begin(ec_csv_reader *reader)
{
    while (reader->end - reader->start < 3 && !reader->ended) {
        ec_status status = csv_fill(reader);
        if (status != EC_OK) {
            return status;
        }
    }
    if (reader->offset == 0 && reader->end - reader->start >= 3 &&
        memcmp(reader->window + reader->start, "\xEF\xBB\xBF", 3) == 0) {
        csv_consume(reader, 3);
    }
    for (;;) {
        while (reader->start < reader->end && csv_is_line_end(reader->window[reader->start])) {
            csv_consume(reader, 1);
        }
        if (reader->start < reader->end) {
            break;
        }
        if (reader->ended) {
            return EC_DONE;
        }
        ec_status status = csv_fill(reader);
        if (status != EC_OK) {
            return status;
        }
    }
    reader->state = CSV_START;
    reader->at = 0;
    reader->skipping = false;
    reader->too_many = false;
    reader->problem = NULL;
    reader->count = 0;
    reader->record_offset = reader->offset;
    reader->record_line = reader->line;
    return EC_OK;
}

/* Terminate the fields where they lie and take one of each two quotes away. */
static void csv_cut(ec_csv_reader *reader, char *record)
{
    for (size_t at = 0; at < reader->count; at++) {
        char *field = record + reader->marks[at].begin;
        size_t length = reader->marks[at].end - reader->marks[at].begin;
        if (reader->marks[at].doubled) {
            size_t kept = 0;
            for (size_t from = 0; from < length; from++) {
                from += field[from] == '"';
                field[kept++] = field[from];
            }
            length = kept;
        }
        field[length] = '\0';
        reader->fields[at] = field;
    }
}

/* Leave the record behind and say what it was. */
static ec_status csv_finish(ec_csv_reader *reader)
{
    char *record = reader->window + reader->start;
    size_t length = reader->at;
    if (!reader->skipping && memchr(record, '\0', length)) {
        csv_note(reader, "a NUL byte");
    }
    reader->state = CSV_BETWEEN;
    csv_consume(reader, length);
    if (reader->skipping || reader->too_many) {
        reader->problem =
            reader->skipping ? "a record that is too long" : "a record with too many fields";
        return EC_LIMIT;
    }
    if (reader->problem) {
        return EC_INVALID;
    }
    csv_cut(reader, record);
    return EC_OK;
}

/* Take the LF of a CRLF along; a record that ends otherwise never has a CR as its last byte. */
static ec_status csv_pass_lf(ec_csv_reader *reader)
{
    if (reader->at == 0 || csv_place(reader)[-1] != '\r') {
        return EC_OK;
    }
    if (csv_left(reader) == 0 && !reader->ended) {
        ec_status status = csv_fill(reader);
        if (status != EC_OK && status != EC_LIMIT) {
            return status;
        }
    }
    reader->at += csv_left(reader) > 0 && *csv_place(reader) == '\n';
    return EC_OK;
}

ec_status ec_csv_next(ec_csv_reader *reader, const char *const **fields, size_t *count,
                      const char **problem)
{
    ec_status status = EC_OK;
    *fields = NULL;
    *count = 0;
    *problem = NULL;
    if (reader->state == CSV_BETWEEN) {
        status = csv_begin(reader);
    }
    if (status == EC_OK) {
        status = csv_scan(reader);
    }
    if (status == EC_OK) {
        status = csv_pass_lf(reader);
    }
    if (status != EC_OK) { /* nothing was lost: the next call goes on here */
        return status;
    }
    status = csv_finish(reader);
    *problem = reader->problem;
    if (status == EC_OK) {
        *fields = reader->fields;
        *count = reader->count;
    }
    return status;
}
