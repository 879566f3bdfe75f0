/* SPDX-License-Identifier: MIT */
/*
 * bench.c - how many durable checkouts a second this machine makes: a shop of its own in a
 * temporary file, so many callers, two items each. For a comparison with the raw database see make
 * bench.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define PRODUCTS 200
#define CALLERS_MAX 64

typedef struct caller {
    ec_engine *engine;
    const ec_id *variants;
    int64_t until_us;
    int64_t done;
    int number;
    ec_status status;
    char problem[200];
} caller;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static ec_status buy(ec_session *session, const caller *me, int64_t n)
{
    static const ec_address address = {
        .name = "Bench", .street = "Uno 1", .city = "Santiago", .country = "CL"};
    char key[48];
    ec_cart *cart = NULL;
    ec_order *order = NULL;
    ec_status status = ec_cart_open(session, &cart);
    if (status != EC_OK) return status;
    ec_id id = cart->id;
    ec_free(cart);
    for (int i = 0; i < 2 && status == EC_OK; i++) {
        ec_id variant = me->variants[(n * 2 + i + (int64_t)me->number * 7) % PRODUCTS];
        status = ec_cart_add(session, id, variant, 1, -1, &cart);
        ec_free(cart);
    }
    if (status != EC_OK) return status;
    snprintf(key, sizeof(key), "%d-%lld", me->number, (long long)n);
    ec_checkout_request request = EC_CHECKOUT_REQUEST_INIT;
    request.cart_id = id;
    request.key = key;
    request.email = "bench@example.com";
    request.shipping_address = &address;
    status = ec_checkout(session, &request, &order);
    ec_free(order);
    return status;
}

static void *call(void *argument)
{
    caller *me = argument;
    ec_session *session = NULL;
    me->status = ec_session_open(me->engine, NULL, &session);
    while (me->status == EC_OK && now_us() < me->until_us) {
        me->status = buy(session, me, me->done);
        if (me->status == EC_OK) me->done++;
    }
    if (me->status != EC_OK && session != NULL)
        snprintf(me->problem, sizeof(me->problem), "%s", ec_session_error(session)->message);
    ec_session_close(session);
    return NULL;
}

static ec_status stock(ec_session *session, ec_id *variants)
{
    ec_warehouse *warehouse = NULL;
    ec_status status = ec_warehouse_by_code(session, "main", &warehouse);
    for (int i = 0; i < PRODUCTS && status == EC_OK; i++) {
        char name[32];
        ec_product product, *made = NULL;
        ec_stock_level *level = NULL;
        snprintf(name, sizeof(name), "Bench %d", i);
        ec_init("product", &product);
        product.name = name;
        product.price = 1000 + i;
        product.status = EC_PRODUCT_ACTIVE;
        status = ec_product_create(session, &product, &made);
        if (status != EC_OK) break;
        variants[i] = made->variants[0].id;
        ec_free(made);
        ec_stock_change change = {.variant_id = variants[i],
                                  .warehouse_id = warehouse->id,
                                  .on_hand = 100000000,
                                  .kind = EC_MOVEMENT_RECEIPT};
        status = ec_stock_adjust(session, &change, &level);
        ec_free(level);
    }
    ec_free(warehouse);
    return status;
}

static int measure(cli *c, int64_t seconds, int64_t count)
{
    static caller callers[CALLERS_MAX];
    ec_id variants[PRODUCTS];
    pthread_t threads[CALLERS_MAX];
    int64_t done = 0;
    ec_status status = stock(c->session, variants);
    if (status != EC_OK) return cli_fail(c, status);
    int64_t begin = now_us();
    for (int i = 0; i < count; i++) {
        callers[i] = (caller){.engine = c->engine,
                              .variants = variants,
                              .until_us = begin + seconds * 1000000,
                              .number = i};
        if (pthread_create(&threads[i], NULL, call, &callers[i]) != 0)
            return cli_error(c, CLI_FAILED, "no thread can be made");
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        done += callers[i].done;
        if (callers[i].status != EC_OK) return cli_error(c, CLI_FAILED, "%s", callers[i].problem);
    }
    int64_t rate = done * 1000000 / (now_us() - begin);
    if (c->json)
        printf("{\"callers\":%lld,\"checkouts\":%lld,\"per_second\":%lld}\n", (long long)count,
               (long long)done, (long long)rate);
    else
        printf("%lld callers: %lld shoppers a second (open a cart, add two items, check out;"
               " every step durable)\n",
               (long long)count, (long long)rate);
    return CLI_OK;
}

int cli_bench(cli *c)
{
    char folder[] = "/tmp/ecommerce-bench-XXXXXX", uri[128], path[160];
    int64_t seconds = 3, count = 8;
    const char *text = cli_value(c, "seconds");
    if (text != NULL && !cli_number(c, "--seconds", text, &seconds)) return CLI_USAGE;
    text = cli_value(c, "callers");
    if (text != NULL && !cli_number(c, "--callers", text, &count)) return CLI_USAGE;
    if (seconds < 1 || seconds > 60 || count < 1 || count > CALLERS_MAX)
        return cli_error(c, CLI_USAGE, "1 to 60 seconds and 1 to %d callers", CALLERS_MAX);
    if (mkdtemp(folder) == NULL) return cli_error(c, CLI_FAILED, "no temporary folder");
    snprintf(uri, sizeof(uri), "sqlite:%s/shop.db", folder);
    ec_status status = ec_open(uri, NULL, &c->engine);
    if (status == EC_OK) status = ec_session_open(c->engine, NULL, &c->session);
    int code = status == EC_OK ? measure(c, seconds, count)
                               : cli_error(c, CLI_FAILED, "%s", ec_status_text(status));
    ec_session_close(c->session);
    c->session = NULL;
    ec_close(c->engine);
    c->engine = NULL;
    const char *const files[] = {"shop.db", "shop.db-wal", "shop.db-shm"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    return code;
}
