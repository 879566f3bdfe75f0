/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - keeping the write-ahead log short.
 *
 * SQLite's own checkpoint after a commit gives up on any page that a reader may still need, and in
 * a busy shop there is always some reader: the log would grow without end. So the leader moves the
 * log between two batches; and when that has not emptied it for a long time, it waits a short
 * moment for those snapshots that are in the way.
 *
 * The log is moved by a connection of its own while the writer holds the lock of whoever writes, in
 * every process. In SQLite 3.7.0 to 3.51.2 a commit that begins the log anew while a checkpoint
 * starts can lose pages (sqlite.org, "The WAL-Reset Bug"); four processes on a busy shop met that.
 * SQLite's modes that take the lock themselves go on without it when they do not get it in time, so
 * they are no help. It refuses to move anything without the lock, and to wait longer for a snapshot
 * that somebody holds for minutes: the log grows until that ends, which costs disk only.
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
static bool move_log(ec_sqlite *storage, int *pages)
{
    int moved = 0;
    sqlite3 *db = storage->mover->db;
    int rc = sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, pages, &moved);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY && storage->platform->log != NULL) {
        storage->platform->log(storage->platform->ctx, EC_LOG_WARNING, sqlite3_errmsg(db));
    }
    return rc == SQLITE_OK && moved == *pages;
}

/* Again and again while snapshots end; then a nap for those that still read from the log. */
static bool move_patiently(ec_sqlite *storage, int *pages)
{
    ec_sqlite_waiting waiting = {0};
    bool empty = false;
    storage->mover->busy_timeout_ms = READERS_WAIT_MS;
    while (ec_sqlite_wait(storage->mover, &waiting) && !empty) {
        empty = move_log(storage, pages);
    }
    /* In vain: again soon, then ever more seldom. */
    int gap = storage->checkpoint_gap > 0 ? storage->checkpoint_gap : PAGES_FIRST;
    storage->checkpoint_waits_at = *pages > INT32_MAX - gap ? INT32_MAX : *pages + gap;
    storage->checkpoint_gap = gap > INT32_MAX / 2 ? gap : gap * 2;
    return empty;
}

/* The connection that moves the log, and nobody writes from now on. */
static bool stop_writing(ec_sqlite *storage)
{
    ec_storage_error error;
    if (storage->mover == NULL &&
        ec_sqlite_conn_open(storage, false, &storage->mover, &error) != EC_OK) {
        return false;
    }
    return ec_sqlite_run_own(storage->writer, EC_SQLITE_BEGIN_WRITE) == SQLITE_OK;
}

void ec_sqlite_checkpoint(ec_sqlite *storage)
{
    int pages = storage->writer->wal_pages;
    bool empty = false;
    if (stop_writing(storage)) {
        empty = move_log(storage, &pages);
        if (!empty && pages >= PAGES_WAIT && pages >= storage->checkpoint_waits_at) {
            empty = move_patiently(storage, &pages);
        }
        (void)ec_sqlite_run_own(storage->writer, EC_SQLITE_ROLLBACK);
    }
    if (empty) {
        storage->checkpoint_waits_at = 0;
        storage->checkpoint_gap = 0;
    }
    storage->checkpoint_at = empty ? PAGES_FIRST : pages + PAGES_STEP;
    storage->writer->wal_pages = 0;
}
