/* SPDX-License-Identifier: MIT */
/*
 * manual.c - a payment provider in this process, with a memory of its own and a bad day on demand.
 *
 * It keeps every payment with its sums and every attempt with its answer, so an attempt key acts
 * once whoever repeats it, and `find` tells what became of it. It refuses unknown references and
 * more than what is left; it moves no money and stores nothing on disk. A payment that another
 * process or an earlier run of this one took is believed: the shop's own books bound what is asked.
 */
#include <ecommerce/sys/manual.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 256
#define BUCKETS 1024

/* What happens to a payment, as its token asked for. */
typedef enum manual_mood { MOOD_OK, MOOD_CAPTURE_FAILS, MOOD_REFUND_FAILS } manual_mood;

typedef struct manual_payment {
    struct manual_payment *next;
    int64_t number; /* its reference is "man_<number>" */
    int64_t authorized, captured, refunded;
    char currency[4];
    bool cancelled;
    manual_mood mood;
} manual_payment;

typedef struct manual_attempt {
    struct manual_attempt *next;
    char key[KEY_MAX];
    int64_t amount;
    char kind; /* 'a'uthorize 'c'apture 'x' cancel 'r'efund */
    bool forever;
    ec_status status;
    ec_payment_answer answer;
} manual_attempt;

typedef struct manual {
    ec_payment_provider base;
    ec_platform platform;
    pthread_mutex_t lock;
    int64_t next_number;
    int64_t salt; /* tells the references of two lives apart */
    manual_payment *payments[BUCKETS];
    manual_attempt *attempts[BUCKETS];
} manual;

static void *allocate(manual *self, size_t size)
{
    void *block = self->platform.resize(self->platform.ctx, NULL, size);
    if (block != NULL) memset(block, 0, size);
    return block;
}

static void give_back(manual *self, void *block)
{
    if (block != NULL) self->platform.resize(self->platform.ctx, block, 0);
}

static size_t bucket_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return (size_t)(hash % BUCKETS);
}

static manual_attempt *attempt_find(manual *self, const char *key)
{
    manual_attempt *at = self->attempts[bucket_of(key)];
    while (at != NULL && strcmp(at->key, key) != 0)
        at = at->next;
    return at;
}

/* Digits that end with `end`; NULL for anything else, or what follows them. */
static const char *read_number(const char *text, char end, long long *out)
{
    char *after = NULL;
    if (*text < '0' || *text > '9') return NULL;
    errno = 0;
    *out = strtoll(text, &after, 10);
    return errno == 0 && *after == end ? after + 1 : NULL;
}

/* Take a reference apart: man_<salt>_<number>. */
static bool read_reference(const char *reference, long long *salt, long long *number)
{
    const char *rest = reference;
    return rest != NULL && strncmp(rest, "man_", 4) == 0 &&
           (rest = read_number(rest + 4, '_', salt)) != NULL &&
           read_number(rest, '\0', number) != NULL;
}

static bool is_of_another_life(const manual *self, const char *reference)
{
    long long salt = 0, number = 0;
    return read_reference(reference, &salt, &number) && salt != self->salt;
}

static manual_payment *payment_find(manual *self, const char *reference)
{
    long long salt = 0, number = 0;
    if (!read_reference(reference, &salt, &number) || salt != self->salt) return NULL;
    manual_payment *at = self->payments[(size_t)(number % BUCKETS)];
    while (at != NULL && at->number != number)
        at = at->next;
    return at;
}

static bool is_token(const ec_payment_request *request, const char *token)
{
    return request->token != NULL && strcmp(request->token, token) == 0;
}

static void say(manual_attempt *attempt, ec_status status, const char *problem)
{
    attempt->status = status;
    (void)snprintf(attempt->answer.problem, sizeof(attempt->answer.problem), "%s", problem);
}

/* ---- what happens ---- */

/* fresh: memory for a payment; taken when it is used. */
static void act_authorize(manual *self, const ec_payment_request *request, manual_attempt *attempt,
                          manual_payment **fresh)
{
    if (is_token(request, "tok_declined")) {
        say(attempt, EC_DECLINED, "card declined");
        return;
    }
    if (is_token(request, "tok_insufficient_funds")) {
        say(attempt, EC_DECLINED, "insufficient funds");
        return;
    }
    manual_payment *payment = *fresh;
    *fresh = NULL;
    payment->number = self->next_number++;
    payment->authorized = request->amount.amount;
    memcpy(payment->currency, request->amount.currency, 3);
    if (is_token(request, "tok_capture_fails")) payment->mood = MOOD_CAPTURE_FAILS;
    if (is_token(request, "tok_refund_fails")) payment->mood = MOOD_REFUND_FAILS;
    manual_payment **head = &self->payments[(size_t)(payment->number % BUCKETS)];
    payment->next = *head;
    *head = payment;
    (void)snprintf(attempt->answer.reference, sizeof(attempt->answer.reference), "man_%lld_%lld",
                   (long long)self->salt, (long long)payment->number);
}

static void act_on(manual *self, const ec_payment_request *request, manual_attempt *attempt)
{
    manual_payment *payment = payment_find(self, request->reference);
    int64_t amount = request->amount.amount;
    if (payment == NULL && !is_of_another_life(self, request->reference)) {
        say(attempt, EC_DECLINED, "unknown reference");
        return;
    }
    (void)snprintf(attempt->answer.reference, sizeof(attempt->answer.reference), "%s",
                   request->reference);
    if (payment == NULL) return;
    if (memcmp(payment->currency, request->amount.currency, 3) != 0) {
        say(attempt, EC_DECLINED, "another currency");
    } else if (attempt->kind == 'c') {
        if (payment->mood == MOOD_CAPTURE_FAILS)
            say(attempt, EC_DECLINED, "capture failed");
        else if (payment->cancelled || amount > payment->authorized - payment->captured)
            say(attempt, EC_DECLINED, "more than is authorised");
        else
            payment->captured += amount;
    } else if (attempt->kind == 'x') {
        if (payment->cancelled || payment->captured == payment->authorized)
            say(attempt, EC_DECLINED, "nothing to give up");
        else
            payment->cancelled = true;
    } else if (payment->mood == MOOD_REFUND_FAILS) {
        say(attempt, EC_DECLINED, "refund failed");
    } else if (amount > payment->captured - payment->refunded) {
        say(attempt, EC_DECLINED, "more than was captured");
    } else {
        payment->refunded += amount;
    }
}

/* Act once for a key; the caller holds the lock. */
static ec_status attempt_make(manual *self, char kind, const ec_payment_request *request,
                              ec_payment_answer *answer)
{
    manual_attempt *attempt = allocate(self, sizeof(*attempt));
    manual_payment *fresh = allocate(self, sizeof(*fresh));
    if (attempt == NULL || fresh == NULL) {
        give_back(self, attempt);
        give_back(self, fresh);
        return EC_UNKNOWN; /* nothing happened, and nothing is remembered */
    }
    memcpy(attempt->key, request->attempt_key, strlen(request->attempt_key));
    attempt->kind = kind;
    attempt->amount = request->amount.amount;
    attempt->forever = kind == 'a' && is_token(request, "tok_unknown_forever");
    if (kind == 'a')
        act_authorize(self, request, attempt, &fresh);
    else
        act_on(self, request, attempt);
    give_back(self, fresh);
    manual_attempt **head = &self->attempts[bucket_of(attempt->key)];
    attempt->next = *head;
    *head = attempt;
    if (attempt->forever || (kind == 'a' && is_token(request, "tok_timeout_after")))
        return EC_UNKNOWN;
    *answer = attempt->answer;
    return attempt->status;
}

static ec_status act(ec_payment_provider *base, char kind, const ec_payment_request *request,
                     ec_payment_answer *answer)
{
    manual *self = (manual *)base;
    ec_status status = EC_INVALID;
    memset(answer, 0, sizeof(*answer));
    if (request->attempt_key == NULL || strlen(request->attempt_key) >= KEY_MAX ||
        request->attempt_key[0] == '\0' || request->amount.amount < 0)
        return EC_INVALID;
    (void)pthread_mutex_lock(&self->lock);
    manual_attempt *before = attempt_find(self, request->attempt_key);
    if (before != NULL && (before->kind != kind || before->amount != request->amount.amount)) {
        (void)snprintf(answer->problem, sizeof(answer->problem), "the key was used otherwise");
    } else if (before != NULL) {
        status = before->forever ? EC_UNKNOWN : before->status;
        if (!before->forever) *answer = before->answer;
    } else if (kind == 'a' && is_token(request, "tok_timeout_before")) {
        status = EC_UNKNOWN;
    } else {
        status = attempt_make(self, kind, request, answer);
    }
    (void)pthread_mutex_unlock(&self->lock);
    return status;
}

/* ---- the methods ---- */

static ec_status manual_authorize(ec_payment_provider *base, const ec_payment_request *request,
                                  ec_payment_answer *answer)
{
    return act(base, 'a', request, answer);
}

static ec_status manual_capture(ec_payment_provider *base, const ec_payment_request *request,
                                ec_payment_answer *answer)
{
    return act(base, 'c', request, answer);
}

static ec_status manual_cancel(ec_payment_provider *base, const ec_payment_request *request,
                               ec_payment_answer *answer)
{
    return act(base, 'x', request, answer);
}

static ec_status manual_refund(ec_payment_provider *base, const ec_payment_request *request,
                               ec_payment_answer *answer)
{
    return act(base, 'r', request, answer);
}

static ec_status manual_find(ec_payment_provider *base, const ec_payment_request *request,
                             ec_payment_answer *answer)
{
    manual *self = (manual *)base;
    ec_status status = EC_NOT_FOUND;
    memset(answer, 0, sizeof(*answer));
    if (request->attempt_key == NULL) return EC_INVALID;
    (void)pthread_mutex_lock(&self->lock);
    const manual_attempt *attempt = attempt_find(self, request->attempt_key);
    if (attempt != NULL && attempt->forever) {
        status = EC_UNKNOWN;
    } else if (attempt != NULL) {
        *answer = attempt->answer;
        status = attempt->status;
    }
    (void)pthread_mutex_unlock(&self->lock);
    return status;
}

static void manual_close(ec_payment_provider *base)
{
    manual *self = (manual *)base;
    if (self == NULL) return;
    ec_platform platform = self->platform;
    for (size_t i = 0; i < BUCKETS; i++) {
        while (self->payments[i] != NULL) {
            manual_payment *payment = self->payments[i];
            self->payments[i] = payment->next;
            platform.resize(platform.ctx, payment, 0);
        }
        while (self->attempts[i] != NULL) {
            manual_attempt *attempt = self->attempts[i];
            self->attempts[i] = attempt->next;
            platform.resize(platform.ctx, attempt, 0);
        }
    }
    (void)pthread_mutex_destroy(&self->lock);
    platform.resize(platform.ctx, self, 0);
}

static const char *const methods[] = {"card", "cash", "transfer", NULL};

static const ec_payment_ops ops = {
    .version = EC_PAYMENT_OPS_VERSION,
    .name = "manual",
    .methods = methods,
    .authorize = manual_authorize,
    .capture = manual_capture,
    .cancel = manual_cancel,
    .refund = manual_refund,
    .find = manual_find,
    .close = manual_close,
};

ec_status ec_manual_new(const ec_platform *platform, ec_payment_provider **out)
{
    if (out == NULL) return EC_MISUSE;
    *out = NULL;
    if (platform == NULL || platform->resize == NULL || platform->random == NULL) return EC_MISUSE;
    manual *self = platform->resize(platform->ctx, NULL, sizeof(*self));
    if (self == NULL) return EC_NO_MEMORY;
    memset(self, 0, sizeof(*self));
    self->base.ops = &ops;
    self->platform = *platform;
    self->next_number = 1;
    uint32_t salt = 0;
    platform->random(platform->ctx, &salt, sizeof(salt));
    self->salt = salt;
    if (pthread_mutex_init(&self->lock, NULL) != 0) {
        platform->resize(platform->ctx, self, 0);
        return EC_NO_MEMORY;
    }
    *out = &self->base;
    return EC_OK;
}
