/* SPDX-License-Identifier: MIT */
/*
 * group_commit.c - who runs the closures of waiting callers, and when they are woken.
 *
 * SQLite has one writer at a time and a durable commit costs a wait for the disk, so the callers
 * of one moment share a commit. The first one leads: it takes closures from the queue for as long
 * as there are any (bounded in number and time), runs and commits them (batch.c), wakes the others
 * with their outcomes and hands the lead to the next one in the queue. In this order: those who
 * are woken first are back in the queue for the next batch (measured at 32 callers: batches of 28
 * instead of 16, a sixth more commits). Each caller leads one batch at most, namely the one with
 * its own closure in it, so nobody works for others for ever. Nobody is told of success before the
 * commit has returned. A pause to gather more callers was measured and gains nothing.
 */
#include "sqlite.h"

static ec_sqlite_job *queue_pop(ec_sqlite *storage)
{
    ec_sqlite_job *job = storage->queue_first;
    if (job != NULL) {
        storage->queue_first = job->next;
        if (job->next == NULL) {
            storage->queue_last = NULL;
        }
        job->next = NULL;
    }
    return job;
}

static void queue_push(ec_sqlite *storage, ec_sqlite_job *job)
{
    if (storage->queue_last != NULL) {
        storage->queue_last->next = job;
    } else {
        storage->queue_first = job;
    }
    storage->queue_last = job;
}

ec_sqlite_job *ec_sqlite_queue_take(ec_sqlite *storage)
{
    (void)pthread_mutex_lock(&storage->queue_mutex);
    ec_sqlite_job *job = queue_pop(storage);
    (void)pthread_mutex_unlock(&storage->queue_mutex);
    return job;
}

/* Tell a waiting caller. Its job is gone from then on, unless it leads. */
static void wake(ec_sqlite_job *job, ec_sqlite_job_state state)
{
    (void)pthread_mutex_lock(&job->mutex);
    job->state = state;
    (void)pthread_cond_signal(&job->changed);
    (void)pthread_mutex_unlock(&job->mutex);
}

static ec_sqlite_job_state wait_for_change(ec_sqlite_job *job)
{
    (void)pthread_mutex_lock(&job->mutex);
    while (job->state == EC_SQLITE_JOB_WAITING) {
        (void)pthread_cond_wait(&job->changed, &job->mutex);
    }
    ec_sqlite_job_state state = job->state;
    (void)pthread_mutex_unlock(&job->mutex);
    return state;
}

static void hand_over(ec_sqlite *storage)
{
    (void)pthread_mutex_lock(&storage->queue_mutex);
    ec_sqlite_job *next = queue_pop(storage);
    storage->leading = next != NULL;
    if (next != NULL) {
        storage->leader = next->thread;
    }
    (void)pthread_mutex_unlock(&storage->queue_mutex);
    if (next != NULL) {
        wake(next, EC_SQLITE_JOB_LEADS);
    }
}

static void wake_followers(const ec_sqlite_batch *batch)
{
    for (size_t i = 1; i < batch->count; i++) {
        wake(batch->jobs[i], EC_SQLITE_JOB_DONE);
    }
}

/* Run a batch that begins with the caller's own closure. */
static void lead(ec_sqlite *storage, ec_sqlite_job *own)
{
    ec_sqlite_batch batch = {.storage = storage, .jobs = {own}, .count = 1};
    ec_sqlite_batch_run(&batch);
    wake_followers(&batch);
    if (ec_sqlite_checkpoint_due(storage)) {
        ec_sqlite_checkpoint(storage);
    }
    hand_over(storage);
}

static ec_status refuse_nesting(ec_storage_error *error)
{
    return ec_sqlite_fail(error, EC_MISUSE, 0,
                          "this thread has the connection already; a closure is given its own");
}

/* Queue up, or lead at once when nobody does. */
static ec_status transact_grouped(ec_sqlite *storage, ec_sqlite_job *job)
{
    (void)pthread_mutex_lock(&storage->queue_mutex);
    bool leads = !storage->leading;
    if (leads) {
        storage->leading = true;
        storage->leader = job->thread;
    } else if (pthread_equal(storage->leader, job->thread) != 0) {
        (void)pthread_mutex_unlock(&storage->queue_mutex);
        return refuse_nesting(job->error);
    } else {
        (void)pthread_mutex_init(&job->mutex, NULL);
        (void)pthread_cond_init(&job->changed, NULL);
        queue_push(storage, job);
    }
    (void)pthread_mutex_unlock(&storage->queue_mutex);
    if (leads) {
        lead(storage, job);
        return job->status;
    }
    if (wait_for_change(job) == EC_SQLITE_JOB_LEADS) {
        lead(storage, job);
    }
    (void)pthread_cond_destroy(&job->changed);
    (void)pthread_mutex_destroy(&job->mutex);
    return job->status;
}

ec_status ec_sqlite_only_take(ec_sqlite *storage, ec_storage_error *error)
{
    struct timespec deadline;
    pthread_t self = pthread_self();
    ec_status status = EC_OK;
    bool in_time = true;
    ec_sqlite_deadline(storage->settings.busy_timeout_ms, &deadline);
    (void)pthread_mutex_lock(&storage->queue_mutex);
    if (storage->leading && pthread_equal(storage->leader, self) != 0) {
        status = refuse_nesting(error);
    }
    while (status == EC_OK && storage->leading) {
        if (!in_time) {
            status = ec_sqlite_fail(error, EC_BUSY, 0, "the only connection is lent");
        } else {
            in_time = pthread_cond_timedwait(&storage->led, &storage->queue_mutex, &deadline) == 0;
        }
    }
    if (status == EC_OK) {
        storage->leading = true;
        storage->leader = self;
    }
    (void)pthread_mutex_unlock(&storage->queue_mutex);
    return status;
}

void ec_sqlite_only_give(ec_sqlite *storage)
{
    (void)pthread_mutex_lock(&storage->queue_mutex);
    storage->leading = false;
    (void)pthread_cond_signal(&storage->led);
    (void)pthread_mutex_unlock(&storage->queue_mutex);
}

/* In memory there is no disk to wait for, hence nothing to share. */
static ec_status transact_alone(ec_sqlite *storage, ec_sqlite_job *job)
{
    ec_status status = ec_sqlite_only_take(storage, job->error);
    if (status != EC_OK) {
        return status;
    }
    ec_sqlite_batch batch = {.storage = storage, .jobs = {job}, .count = 1};
    ec_sqlite_batch_run(&batch);
    ec_sqlite_only_give(storage);
    return job->status;
}

ec_status ec_sqlite_transact(ec_storage *self, ec_transaction_fn fn, void *ctx,
                             ec_storage_error *error)
{
    ec_sqlite *storage = (ec_sqlite *)self;
    ec_status status = ec_sqlite_check_process(storage, error);
    if (status != EC_OK) {
        return status;
    }
    if (storage->settings.read_only) {
        return ec_sqlite_fail(error, EC_DENIED, SQLITE_READONLY, "the database is open read-only");
    }
    ec_sqlite_job job = {
        .fn = fn, .ctx = ctx, .error = error, .thread = pthread_self(), .status = EC_IO};
    return storage->settings.path != NULL ? transact_grouped(storage, &job)
                                          : transact_alone(storage, &job);
}
