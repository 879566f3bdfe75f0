/* SPDX-License-Identifier: MIT */
/*
 * shop.c - shops with goods and carts, made before any clock starts.
 *
 * Goods come in through the public functions. Carts come in as plain SQL: tens of thousands of them
 * are wanted, both sides of a comparison get a copy of the same file, and nothing about filling
 * them is measured there.
 */
#include "bench/bench.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define STOCK_EACH 1000000
#define BATCH 100 /* products under one commit */

ec_engine *bench_open_engine(const char *path)
{
    char uri[BENCH_PATH + 16], message[256] = "";
    ec_options options = EC_OPTIONS_INIT;
    ec_engine *engine = NULL;
    options.message = message;
    options.message_size = sizeof(message);
    (void)snprintf(uri, sizeof(uri), "sqlite:%s", path);
    if (ec_open(uri, &options, &engine) != EC_OK) bench_die("%s: %s", uri, message);
    return engine;
}

void bench_close_engine(ec_engine *engine)
{
    if (ec_close(engine) != EC_OK) bench_die("a session is still open");
}

ec_session *bench_session(ec_engine *engine, ec_actor actor)
{
    ec_session *session = NULL;
    ec_session_options options = {.version = EC_SESSION_OPTIONS_VERSION, .actor = actor};
    if (ec_session_open(engine, &options, &session) != EC_OK) bench_die("no session");
    return session;
}

void bench_ok(ec_session *session, ec_status status, const char *what)
{
    if (status != EC_OK)
        bench_die("%s: %s: %s", what, ec_status_name(status), ec_session_error(session)->message);
}

/* ---- goods ---- */

ec_id bench_variant(int64_t product)
{
    return (product - 1) * BENCH_VARIANTS_EACH + 1;
}

typedef struct goods {
    int64_t next; /* product */
    ec_id category, brand;
} goods;

static void init(const char *entity, void *object)
{
    if (ec_init(entity, object) != EC_OK) bench_die("%s cannot be begun", entity);
}

static void add_stock(ec_session *session, const ec_product *product)
{
    for (size_t i = 0; i < product->variants_count; i++) {
        ec_stock_level *level = NULL;
        ec_stock_change change = {.variant_id = product->variants[i].id,
                                  .warehouse_id = 1,
                                  .on_hand = STOCK_EACH,
                                  .kind = EC_MOVEMENT_RECEIPT};
        bench_ok(session, ec_stock_adjust(session, &change, &level), "stock");
        ec_free(level);
    }
}

/* A product as a shop has it: six variants, four images, three attributes, tags, two texts. */
static void add_product(ec_session *session, const goods *g, int64_t number)
{
    static const char *const colours[] = {"Black", "White", "Blue"};
    static const char *const sizes[] = {"S", "M"};
    static const char *const tags[] = {"new", "summer", "cotton"};
    char name[64], skus[BENCH_VARIANTS_EACH][32], urls[4][96];
    ec_product_option options[2] = {{.name = "Colour"}, {.name = "Size"}};
    ec_product_image images[4] = {{0}};
    ec_product_attribute attributes[3] = {{.code = "material", .value = "cotton"},
                                          {.code = "season", .value = "summer"},
                                          {.code = "weight", .value = "180"}};
    ec_variant variants[BENCH_VARIANTS_EACH];
    ec_product product, *made = NULL;
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(urls[i], sizeof(urls[i]), "https://img.example.com/p/%" PRId64 "-%zu.jpg",
                       number, i);
        images[i].url = urls[i];
        images[i].alt = "The product from another side";
    }
    for (size_t i = 0; i < BENCH_VARIANTS_EACH; i++) {
        init("variant", &variants[i]);
        (void)snprintf(skus[i], sizeof(skus[i]), "SKU-%" PRId64 "-%zu", number, i);
        variants[i].sku = skus[i];
        variants[i].option1 = colours[i / 2];
        variants[i].option2 = sizes[i % 2];
        variants[i].price = 1990 + number % 100 * 100 + (int64_t)i;
        variants[i].weight = 250;
        variants[i].image_url = urls[i % 4];
    }
    init("product", &product);
    (void)snprintf(name, sizeof(name), "Camiseta de algodón %" PRId64, number);
    product.name = name;
    product.description = "<p>Soft and light, made of combed cotton.</p><ul><li>Wash at 30 °C"
                          "</li><li>Do not bleach</li><li>Iron at low heat</li></ul>";
    product.short_description = "Soft and light, made of combed cotton.";
    product.status = EC_PRODUCT_ACTIVE;
    product.category_id = g->category;
    product.brand_id = g->brand;
    product.options_count = 2, product.options = options;
    product.variants_count = BENCH_VARIANTS_EACH, product.variants = variants;
    product.images_count = 4, product.images = images;
    product.attributes_count = 3, product.attributes = attributes;
    product.tags_count = 3, product.tags = tags;
    bench_ok(session, ec_product_create(session, &product, &made), "product");
    if (made->variants[0].id != bench_variant(number)) bench_die("variants are numbered otherwise");
    add_stock(session, made);
    ec_free(made);
}

static ec_status add_batch(ec_session *session, void *ctx)
{
    const goods *g = ctx;
    for (int64_t i = 0; i < BATCH; i++)
        add_product(session, g, g->next + i);
    return EC_OK;
}

static void add_around(ec_session *session, goods *g)
{
    static const char *const codes[] = {"material", "season", "weight"};
    ec_category category, *made_category = NULL;
    ec_brand brand, *made_brand = NULL;
    init("category", &category);
    category.name = "Clothes";
    bench_ok(session, ec_category_create(session, &category, &made_category), "category");
    init("brand", &brand);
    brand.name = "Andes";
    bench_ok(session, ec_brand_create(session, &brand, &made_brand), "brand");
    g->category = made_category->id;
    g->brand = made_brand->id;
    ec_free(made_category);
    ec_free(made_brand);
    for (size_t i = 0; i < 3; i++) {
        ec_attribute attribute, *made = NULL;
        init("attribute", &attribute);
        attribute.code = attribute.name = codes[i];
        attribute.type = i == 2 ? EC_ATTRIBUTE_NUMBER : EC_ATTRIBUTE_TEXT;
        bench_ok(session, ec_attribute_create(session, &attribute, &made), "attribute");
        ec_free(made);
    }
}

void bench_goods(bench *b, const char *path)
{
    char first[BENCH_PATH];
    bench_path(b, "goods.db", first);
    if (!b->has_goods) {
        ec_engine *engine = bench_open_engine(first);
        ec_session *session = bench_session(engine, EC_ACTOR_SYSTEM);
        goods g = {0};
        add_around(session, &g);
        for (g.next = 1; g.next <= BENCH_PRODUCTS; g.next += BATCH)
            bench_ok(session, ec_transact(session, add_batch, &g), "goods");
        ec_session_close(session);
        bench_close_engine(engine);
        b->has_goods = true;
    }
    bench_file_copy(first, path);
}

/* ---- carts ---- */

void bench_token(ec_id cart, char out[BENCH_TOKEN])
{
    (void)snprintf(out, BENCH_TOKEN, "bench-cart-of-visitor-%010" PRId64, cart);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        bench_die("%s: %s", sqlite3_errmsg(db), sql);
    return stmt;
}

static void run(sqlite3 *db, sqlite3_stmt *stmt, const int64_t *values, int count)
{
    for (int i = 0; i < count; i++)
        (void)sqlite3_bind_int64(stmt, i + 1, values[i]);
    if (sqlite3_step(stmt) != SQLITE_DONE || sqlite3_reset(stmt) != SQLITE_OK)
        bench_die("carts: %s", sqlite3_errmsg(db));
}

static void add_cart(sqlite3 *db, sqlite3_stmt *cart, sqlite3_stmt *item, ec_id id,
                     const bench_cart_plan *plan, uint64_t *dice)
{
    char token[BENCH_TOKEN], digest[EC_SHA256_HEX];
    int64_t now = bench_wall_ms();
    bench_token(id, token);
    ec_sha256_hex(token, strlen(token), digest);
    (void)sqlite3_bind_text(cart, 5, digest, -1, SQLITE_TRANSIENT);
    run(db, cart, (const int64_t[]){id, now + INT64_C(2592000000), now, now}, 4);
    int64_t product = (int64_t)bench_random(dice, (uint64_t)plan->hot);
    for (int64_t i = 0; i < plan->lines; i++)
        run(db, item,
            (const int64_t[]){id, now, now, bench_variant((product + i) % BENCH_PRODUCTS + 1)}, 4);
}

void bench_carts(const char *path, const bench_cart_plan *plan)
{
    sqlite3 *db = NULL;
    uint64_t dice = 7;
    if (sqlite3_open(path, &db) != SQLITE_OK) bench_die("%s: it cannot be opened", path);
    if (sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; BEGIN", NULL, NULL,
                     NULL) != SQLITE_OK)
        bench_die("carts: %s", sqlite3_errmsg(db));
    sqlite3_stmt *cart = prepare(
        db, "INSERT INTO carts (id, token_hash, channel_id, currency, status, expires_at, version,"
            " created_at, updated_at) VALUES (?1, ?5, 1, 'CLP', 'open', ?2, 1, ?3, ?4)");
    sqlite3_stmt *item = prepare(
        db, "INSERT INTO cart_items (cart_id, variant_id, quantity, unit_price, created_at,"
            " updated_at) SELECT ?1, id, 1, price, ?2, ?3 FROM product_variants WHERE id = ?4");
    for (ec_id id = 1; id <= plan->count; id++)
        add_cart(db, cart, item, id, plan, &dice);
    (void)sqlite3_finalize(cart);
    (void)sqlite3_finalize(item);
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
        bench_die("carts: %s", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}
