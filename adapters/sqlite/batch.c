/* SPDX-License-Identifier: MIT */
/*
 * batch.c - several closures under one commit.
 *
 * The first closure needs no savepoint: while nothing else is kept, undoing it is undoing the
 * transaction. Each later one gets a savepoint. When SQLite has thrown the whole transaction away
 * (disk full, I/O error, out of memory), the closure that met this fails, and those before it,
 * whose work is gone as well, run again in a new transaction; a closure may run more than once by
 * the contract. Each loss settles a closure, so this ends, and nobody fails for a neighbour's sake.
 * Never is a closure reported as done whose commit has not returned.
 */
#include "sqlite.h"

typedef enum outcome {
    KEPT,   /* its work is part of the transaction */
    UNDONE, /* its work is gone, the transaction lives */
    LOST    /* the transaction is of no use any more */
} outcome;

static void forget_error(ec_storage_error *error)
{
    if (error != NULL) {
        error->status = EC_OK;
        error->code = 0;
        error->message[0] = '\0';
    }
}

/* What a closure left unsettled would make the commit of all others fail. */
static bool leaves_dangling_keys(sqlite3 *db)
{
    int dangling = 0;
    int high = 0;
    return sqlite3_db_status(db, SQLITE_DBSTATUS_DEFERRED_FKS, &dangling, &high, 0) == SQLITE_OK &&
           dangling != 0;
}

static outcome judge(ec_sqlite_conn *conn, ec_sqlite_job *job)
{
    if (conn->broken || sqlite3_get_autocommit(conn->db) != 0) {
        if (job->status == EC_OK) {
            job->status = ec_sqlite_fail(job->error, EC_IO, SQLITE_ABORT_ROLLBACK,
                                         "the database has rolled the transaction back");
        }
        return LOST;
    }
    if (job->status == EC_OK && leaves_dangling_keys(conn->db)) {
        job->status = ec_sqlite_fail(job->error, EC_INVALID, SQLITE_CONSTRAINT_FOREIGNKEY,
                                     "FOREIGN KEY constraint failed");
    }
    return job->status == EC_OK ? KEPT : UNDONE;
}

static outcome run_job(ec_sqlite_conn *conn, ec_sqlite_job *job, bool inner)
{
    forget_error(job->error);
    int rc = inner ? ec_sqlite_run_own(conn, EC_SQLITE_SAVEPOINT) : SQLITE_OK;
    if (rc != SQLITE_OK) {
        job->status = ec_sqlite_report(conn->db, rc, NULL, job->error);
        return LOST;
    }
    conn->broken = false;
    conn->depth = 0;
    job->status = job->fn(&conn->base, job->ctx);
    ec_sqlite_cache_settle(conn);
    outcome result = judge(conn, job);
    if (result == UNDONE) {
        if (!inner) {
            return LOST;
        }
        rc = ec_sqlite_run_own(conn, EC_SQLITE_UNDO);
    }
    if (result != LOST && inner && rc == SQLITE_OK) {
        rc = ec_sqlite_run_own(conn, EC_SQLITE_RELEASE);
    }
    if (rc != SQLITE_OK) {
        if (job->status == EC_OK) {
            job->status = ec_sqlite_report(conn->db, rc, NULL, job->error);
        }
        return LOST;
    }
    return result;
}

static void roll_back(ec_sqlite_conn *conn)
{
    if (sqlite3_get_autocommit(conn->db) == 0) {
        (void)ec_sqlite_run_own(conn, EC_SQLITE_ROLLBACK);
    }
}

/* Give every job that has no outcome yet this one. */
static void settle_rest(ec_sqlite_batch *batch, size_t count, ec_status status,
                        const ec_storage_error *error)
{
    for (size_t i = 0; i < count; i++) {
        ec_sqlite_job *job = batch->jobs[i];
        if (!job->settled) {
            job->settled = true;
            job->status = status;
            if (status != EC_OK && job->error != NULL) {
                *job->error = *error;
            }
        }
    }
}

/* The next job, when there is one and the batch is neither full nor old. */
static bool take_another(ec_sqlite_batch *batch, bool in_time)
{
    ec_sqlite_job *job = NULL;
    if (in_time && batch->count < EC_SQLITE_BATCH_MAX) {
        job = ec_sqlite_queue_take(batch->storage);
    }
    if (job != NULL) {
        batch->jobs[batch->count++] = job;
    }
    return job != NULL;
}

/* Begin unless begun. Between the snapshot and the lock another process may write; SQLite then
   wants a new start. */
static int begin(ec_sqlite_conn *conn)
{
    ec_sqlite_waiting waiting = {0};
    for (;;) {
        int rc = sqlite3_get_autocommit(conn->db) == 0
                     ? SQLITE_OK
                     : ec_sqlite_run_own(conn, EC_SQLITE_BEGIN_WRITE);
        bool again = rc == SQLITE_BUSY_SNAPSHOT || rc == SQLITE_BUSY_RECOVERY;
        if (!again || !ec_sqlite_wait(conn, &waiting)) {
            return rc;
        }
    }
}

/* The lock was not to be had: those in the queue have waited as long, so they are told as well. */
static void fail_all(ec_sqlite_batch *batch, int rc)
{
    ec_storage_error error;
    ec_status status = ec_sqlite_report(batch->storage->writer->db, rc, NULL, &error);
    while (take_another(batch, true)) {
    }
    settle_rest(batch, batch->count, status, &error);
}

static void commit(ec_sqlite_batch *batch)
{
    ec_sqlite_conn *conn = batch->storage->writer;
    ec_storage_error error = {0};
    ec_status status = EC_OK;
    int rc = ec_sqlite_run_own(conn, EC_SQLITE_COMMIT);
    if (rc == SQLITE_OK) {
        atomic_fetch_add_explicit(&batch->storage->commits, 1, memory_order_relaxed);
    } else {
        status = ec_sqlite_report(conn->db, rc, NULL, &error);
        roll_back(conn);
    }
    settle_rest(batch, batch->count, status, &error);
}

void ec_sqlite_batch_run(ec_sqlite_batch *batch)
{
    ec_sqlite *storage = batch->storage;
    ec_sqlite_conn *conn = storage->writer;
    const ec_platform *platform = storage->platform;
    int64_t end = platform->monotonic_us(platform->ctx) + EC_SQLITE_BATCH_US;
    size_t i = 0;
    bool in_time = true;
    conn->writer = true;
    while (i < batch->count || take_another(batch, in_time)) {
        ec_sqlite_job *job = batch->jobs[i++];
        if (job->settled) {
            continue;
        }
        int rc = begin(conn);
        if (rc != SQLITE_OK) {
            fail_all(batch, rc);
            return;
        }
        outcome result = run_job(conn, job, batch->kept > 0);
        atomic_fetch_add_explicit(&storage->transactions, 1, memory_order_relaxed);
        batch->kept += result == KEPT ? 1 : 0;
        job->settled = result != KEPT;
        if (result == LOST) { /* with all that was kept, which therefore runs again */
            roll_back(conn);
            batch->kept = 0;
            i = 0;
        }
        in_time = platform->monotonic_us(platform->ctx) < end;
    }
    if (batch->kept > 0) {
        commit(batch);
    } else {
        roll_back(conn);
    }
}
