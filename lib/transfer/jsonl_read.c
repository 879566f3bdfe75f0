/* SPDX-License-Identifier: MIT */
/*
 * jsonl_read.c - a stream as lines. LF and CRLF end a line; the last one needs no end. A byte order
 * mark at the very beginning is passed over. It refuses to hold a line longer than a JSON text may
 * be: that one is passed over, and said so.
 */
#include <ecommerce/limits.h>

#include <string.h>

#include "transfer/jsonl.h"

#define FIRST_ROOM (64u << 10)

/* Room for more bytes behind those that are there. */
static ec_status make_room(ec_line_reader *reader)
{
    if (reader->at > 0) {
        memmove(reader->buffer, reader->buffer + reader->at, reader->length - reader->at);
        reader->length -= reader->at;
        reader->at = 0;
    }
    if (reader->length + 1 < reader->room) {
        return EC_OK;
    }
    size_t room = reader->room == 0 ? FIRST_ROOM : reader->room * 2;
    char *buffer = reader->platform->resize(reader->platform->ctx, reader->buffer, room);
    if (!buffer) {
        return EC_NO_MEMORY;
    }
    reader->buffer = buffer;
    reader->room = room;
    return EC_OK;
}

static ec_status read_more(ec_line_reader *reader)
{
    size_t got = 0;
    ec_status status = make_room(reader);
    if (status != EC_OK) {
        return status;
    }
    size_t room = reader->room - 1 - reader->length;
    status = reader->read(reader->ctx, reader->buffer + reader->length, room, &got);
    if (status == EC_OK && got > room) {
        status = EC_IO;
    }
    if (status == EC_OK) {
        reader->length += got;
        reader->at_end = got == 0;
    }
    return status;
}

static const char *find_end(const ec_line_reader *reader, size_t from)
{
    return from < reader->length ? memchr(reader->buffer + from, '\n', reader->length - from)
                                 : NULL;
}

/* Throw away up to the end of the line. */
static ec_status pass_over(ec_line_reader *reader)
{
    ec_status status = EC_OK;
    while (status == EC_OK) {
        const char *end = find_end(reader, reader->at);
        size_t stop = end ? (size_t)(end - reader->buffer) + 1 : reader->length;
        reader->end += (int64_t)(stop - reader->at);
        reader->at = stop;
        if (end || reader->at_end) {
            return EC_LIMIT;
        }
        status = read_more(reader);
    }
    return status;
}

static void pass_mark(ec_line_reader *reader)
{
    if (reader->line == 1 && reader->length - reader->at >= 3 &&
        memcmp(reader->buffer + reader->at, "\xEF\xBB\xBF", 3) == 0) {
        reader->at += 3;
    }
}

ec_status ec_line_next(ec_line_reader *reader, const char **text, size_t *length)
{
    const char *end = NULL;
    size_t looked = 0;
    reader->offset = reader->end;
    while (!(end = find_end(reader, reader->at + looked)) && !reader->at_end) {
        looked = reader->length - reader->at;
        if (looked > EC_JSON_SIZE_MAX) {
            reader->line++;
            return pass_over(reader);
        }
        ec_status status = read_more(reader);
        if (status != EC_OK) {
            return status;
        }
    }
    if (!end && reader->at == reader->length) {
        return EC_DONE;
    }
    size_t stop = end ? (size_t)(end - reader->buffer) : reader->length;
    size_t begin = reader->at;
    reader->line++;
    pass_mark(reader);
    *text = reader->buffer + reader->at;
    reader->end += (int64_t)(stop - begin) + (end != NULL);
    *length = stop - reader->at;
    if (*length > 0 && reader->buffer[stop - 1] == '\r') {
        (*length)--;
    }
    reader->buffer[reader->at + *length] = '\0';
    reader->at = stop + (end != NULL);
    return *length > EC_JSON_SIZE_MAX ? EC_LIMIT : EC_OK;
}

void ec_line_close(ec_line_reader *reader)
{
    if (reader->buffer) {
        reader->platform->resize(reader->platform->ctx, reader->buffer, 0);
        reader->buffer = NULL;
    }
}
