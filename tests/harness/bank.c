/* SPDX-License-Identifier: MIT */
/*
 * bank.c - a payment provider in memory that processes share.
 *
 * Attempts lie in one open table by their keys; an authorisation's row is also the account that
 * captures, refunds and voids refer to. It acts once for a key, whoever asks. It refuses more than
 * there is, as a bank does.
 */
#include <ecommerce/sys/payment.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "harness/bank.h"

enum { ROWS = 1 << 17, KEY_BYTES = 120 };

typedef struct row {
    char key[KEY_BYTES]; /* "" for none */
    int64_t amount;
    int64_t authorized, captured, refunded; /* of an account */
    bool cancelled;
    char kind; /* 'a'uthorize 'c'apture 'x' cancel 'r'efund */
    ec_status status;
    int account;
} row;

struct bank {
    pthread_mutex_t lock;
    _Atomic uint64_t dice;
    _Atomic bool calm;
    _Atomic int64_t captured, refunded, reserved;
    row rows[ROWS];
};

typedef struct branch {
    ec_payment_provider base;
    bank *bank;
} branch;

bank *bank_open(uint64_t seed)
{
    int file = open(temp_path("bank"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, (off_t)sizeof(bank)), 0);
    bank *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_true(b != MAP_FAILED);
    (void)close(file);
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    assert_int_equal(pthread_mutex_init(&b->lock, &attr), 0);
    pthread_mutexattr_destroy(&attr);
    b->dice = seed;
    return b;
}

void bank_close(bank *b)
{
    pthread_mutex_destroy(&b->lock);
    munmap(b, sizeof(*b));
}

void bank_calm(bank *b)
{
    b->calm = true;
}

int64_t bank_captured(bank *b)
{
    return b->captured;
}

int64_t bank_refunded(bank *b)
{
    return b->refunded;
}

int64_t bank_reserved(bank *b)
{
    return b->reserved;
}

/* 0 to 99. */
static int roll(bank *b)
{
    uint64_t z = atomic_fetch_add(&b->dice, UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int)((z ^ (z >> 31)) % 100);
}

/* The row of a key, or the free one where it belongs; NULL when the table is full. */
static row *find_row(bank *b, const char *key)
{
    size_t at = (size_t)ec_fnv1a(key, strlen(key)) % ROWS;
    for (int i = 0; i < ROWS; i++, at = (at + 1) % ROWS)
        if (b->rows[at].key[0] == '\0' || strcmp(b->rows[at].key, key) == 0) return &b->rows[at];
    return NULL;
}

static row *account_of(bank *b, const char *reference)
{
    bool ours = reference && strncmp(reference, "bank-", 5) == 0;
    long at = ours ? strtol(reference + 5, NULL, 10) : -1;
    return at >= 0 && at < ROWS && b->rows[at].kind == 'a' ? &b->rows[at] : NULL;
}

static bool says(const ec_payment_request *request, const char *token)
{
    return request->token && strcmp(request->token, token) == 0;
}

/* ---- what happens ---- */

static ec_status move(bank *b, row *account, row *attempt)
{
    int64_t amount = attempt->amount;
    int64_t left = account->authorized - account->captured;
    switch (attempt->kind) {
    case 'c':
        if (account->cancelled || amount > left) return EC_DECLINED;
        account->captured += amount;
        b->captured += amount;
        b->reserved -= amount;
        return EC_OK;
    case 'x':
        if (account->cancelled || left == 0) return EC_DECLINED;
        account->cancelled = true;
        b->reserved -= left;
        return EC_OK;
    default:
        if (amount > account->captured - account->refunded) return EC_DECLINED;
        account->refunded += amount;
        b->refunded += amount;
        return EC_OK;
    }
}

static ec_status act(bank *b, const ec_payment_request *request, row *attempt, int luck)
{
    if (attempt->kind == 'a') {
        if (says(request, "tok_declined")) return EC_DECLINED;
        attempt->authorized = attempt->amount;
        attempt->account = (int)(attempt - b->rows);
        b->reserved += attempt->amount;
        return EC_OK;
    }
    row *account = account_of(b, request->reference);
    /* it has no reason to keep the money of a checkout that came to nothing */
    bool may_decline = strstr(request->attempt_key, "-return") == NULL;
    if (!account || (luck < 3 && may_decline)) return EC_DECLINED;
    attempt->account = (int)(account - b->rows);
    return move(b, account, attempt);
}

static void tell(const row *attempt, ec_payment_answer *answer)
{
    snprintf(answer->reference, sizeof answer->reference, "bank-%d", attempt->account);
    if (attempt->status == EC_DECLINED)
        snprintf(answer->problem, sizeof answer->problem, "the bank says no");
}

static ec_status ask(ec_payment_provider *base, char kind, const ec_payment_request *request,
                     ec_payment_answer *answer)
{
    bank *b = ((branch *)base)->bank;
    int luck = b->calm ? 100 : roll(b);
    bool before = luck >= 3 && luck < 6, after = luck >= 6 && luck < 9;
    memset(answer, 0, sizeof *answer);
    if (kind == 'a' && !b->calm) {
        before = says(request, "tok_timeout_before");
        after = says(request, "tok_timeout_after");
    }
    if (before || strlen(request->attempt_key) >= KEY_BYTES) return EC_UNKNOWN;
    (void)pthread_mutex_lock(&b->lock);
    row *attempt = find_row(b, request->attempt_key);
    ec_status status = EC_UNKNOWN;
    if (attempt && attempt->key[0] == '\0') {
        memcpy(attempt->key, request->attempt_key, strlen(request->attempt_key));
        attempt->amount = request->amount.amount;
        attempt->kind = kind;
        attempt->status = act(b, request, attempt, luck);
    } else {
        after = false; /* the second time it answers */
    }
    if (attempt && (attempt->kind != kind || attempt->amount != request->amount.amount)) {
        status = EC_INVALID;
    } else if (attempt && !after) {
        tell(attempt, answer);
        status = attempt->status;
    }
    (void)pthread_mutex_unlock(&b->lock);
    return status;
}

static ec_status bank_authorize(ec_payment_provider *base, const ec_payment_request *request,
                                ec_payment_answer *answer)
{
    return ask(base, 'a', request, answer);
}

static ec_status bank_capture(ec_payment_provider *base, const ec_payment_request *request,
                              ec_payment_answer *answer)
{
    return ask(base, 'c', request, answer);
}

static ec_status bank_cancel(ec_payment_provider *base, const ec_payment_request *request,
                             ec_payment_answer *answer)
{
    return ask(base, 'x', request, answer);
}

static ec_status bank_refund(ec_payment_provider *base, const ec_payment_request *request,
                             ec_payment_answer *answer)
{
    return ask(base, 'r', request, answer);
}

static ec_status bank_find(ec_payment_provider *base, const ec_payment_request *request,
                           ec_payment_answer *answer)
{
    bank *b = ((branch *)base)->bank;
    ec_status status = EC_NOT_FOUND;
    memset(answer, 0, sizeof *answer);
    if (!b->calm && roll(b) < 20) return EC_UNKNOWN;
    (void)pthread_mutex_lock(&b->lock);
    const row *attempt = find_row(b, request->attempt_key);
    if (attempt && attempt->key[0] != '\0') {
        tell(attempt, answer);
        status = attempt->status;
    }
    (void)pthread_mutex_unlock(&b->lock);
    return status;
}

static void branch_close(ec_payment_provider *base)
{
    free(base);
}

void bank_register(bank *b, ec_engine *engine)
{
    static const char *const methods[] = {"card", NULL};
    static const ec_payment_ops ops = {
        .version = EC_PAYMENT_OPS_VERSION,
        .name = "bank",
        .methods = methods,
        .authorize = bank_authorize,
        .capture = bank_capture,
        .cancel = bank_cancel,
        .refund = bank_refund,
        .find = bank_find,
        .close = branch_close,
    };
    branch *self = malloc(sizeof *self);
    assert_non_null(self);
    *self = (branch){{&ops}, b};
    assert_int_equal(ec_payment_register(engine, &self->base), EC_OK);
}
