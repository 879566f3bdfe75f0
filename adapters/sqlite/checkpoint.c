/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - keeping the write-ahead log short.
 *
 * SQLite's own checkpoint after a commit gives up on any page that a reader may still need, and in
 * a busy shop there is always some reader: the log would grow without end. So the leader moves the
 * log between two batches, when nobody writes; and when that has not emptied it for a long time, it
 * waits a short moment for those snapshots that are in the way. It refuses to wait longer for a
 * snapshot that somebody holds for minutes: the log grows until that ends, which costs disk only.
 */
#include "sqlite.h"

#define PAGES_FIRST 1000 /* a log of 4 MiB is moved */
#define PAGES_STEP 500   /* what remains is tried again after so many more */
#define PAGES_WAIT 4000  /* from 16 MiB on it is worth to wait for readers */
#define READERS_WAIT_MS 100

bool ec_sqlite_checkpoint_due(const ec_sqlite *storage)
{
    int pages = storage->writer->wal_pages;
    return pages >= PAGES_FIRST && pages >= storage->checkpoint_at;
}

/* True when the whole log is in the file, so that the next commit begins it anew. */
static bool move_log(ec_sqlite *storage, int mode, int *pages)
{
    int moved = 0;
    *pages = 0;
    int rc = sqlite3_wal_checkpoint_v2(storage->writer->db, "main", mode, pages, &moved);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY && storage->platform->log != NULL) {
        storage->platform->log(storage->platform->ctx, EC_LOG_WARNING,
                               sqlite3_errmsg(storage->writer->db));
    }
    return rc == SQLITE_OK && moved == *pages;
}

void ec_sqlite_checkpoint(ec_sqlite *storage)
{
    int pages = 0;
    bool empty = move_log(storage, SQLITE_CHECKPOINT_PASSIVE, &pages);
    if (!empty && pages >= PAGES_WAIT && pages >= storage->checkpoint_waits_at) {
        ec_sqlite_conn *conn = storage->writer;
        conn->busy_timeout_ms = READERS_WAIT_MS;
        empty = move_log(storage, SQLITE_CHECKPOINT_RESTART, &pages);
        conn->busy_timeout_ms = storage->settings.busy_timeout_ms;
        /* In vain: again soon, then ever more seldom. */
        int gap = storage->checkpoint_gap > 0 ? storage->checkpoint_gap : PAGES_FIRST;
        storage->checkpoint_waits_at = pages > INT32_MAX - gap ? INT32_MAX : pages + gap;
        storage->checkpoint_gap = gap > INT32_MAX / 2 ? gap : gap * 2;
    }
    if (empty) {
        storage->checkpoint_waits_at = 0;
        storage->checkpoint_gap = 0;
    }
    storage->checkpoint_at = empty ? PAGES_FIRST : pages + PAGES_STEP;
    storage->writer->wal_pages = 0;
}
