/* SPDX-License-Identifier: MIT */
/*
 * bad.c - the driver of the tables of bad input.
 */
#include "harness/bad.h"
#include "entity/entity.h"

enum { ARGS = 12, BIG = (1 << 20) + 1 };

#define NOT_UTF8 "\xc3\x28"

/* One function that is being called. */
typedef struct run {
    bad_shop *shop;
    const bad_row *row;
    const bad_object *objects;
    size_t objects_count;
    char words[ARGS][64];
    size_t count;
    bad_arg good[ARGS];
    void *result;
    int64_t number;
    const char *what; /* what is spoiled */
    int faults;
    int calls;
} run;

const char *bad_long(size_t length)
{
    static char *text;
    if (!text) {
        text = malloc(BIG + 1);
        assert_non_null(text);
    }
    assert_true(length <= BIG);
    memset(text, 'x', length);
    text[length] = '\0';
    return text;
}

ec_id bad_id(const bad_shop *shop, const char *name)
{
    for (size_t i = 0; i < shop->count; i++)
        if (strcmp(shop->ids[i].name, name) == 0) return shop->ids[i].id;
    fail_msg("the shop has no %s", name);
    return 0;
}

bool bad_names(ec_session *session, const char *field)
{
    const ec_error *error = ec_session_error(session);
    bool found = error->field && strstr(error->field, field) != NULL;
    for (size_t i = 0; i < error->count; i++)
        found = found || strstr(error->items[i].field, field) != NULL;
    return found;
}

static const bad_object *object_of(const run *r, const char *name)
{
    for (size_t i = 0; i < r->objects_count; i++)
        if (strcmp(r->objects[i].name, name) == 0) return &r->objects[i];
    fail_msg("%s: no object %s", r->row->name, name);
    return NULL;
}

static bool is(const char *word, const char *kind)
{
    size_t length = strlen(kind);
    return strncmp(word, kind, length) == 0 && (word[length] == '\0' || word[length] == ':');
}

/* What stands behind the first colon. */
static const char *rest_of(const char *word)
{
    const char *colon = strchr(word, ':');
    return colon ? colon + 1 : "";
}

static int64_t bound(const char *word, int which)
{
    const char *at = rest_of(word);
    return strtoll(which == 0 ? at : rest_of(at), NULL, 10);
}

/* ---- the good call ---- */

static bad_arg good_arg(run *r, char *word)
{
    static int keys;
    static char key[32];
    bad_arg arg = {0};
    if (is(word, "s")) arg.p = r->shop->session;
    if (is(word, "out") || is(word, "out?") || is(word, "cursor")) arg.p = &r->result;
    if (is(word, "count?")) arg.p = &r->number;
    if (is(word, "id") || is(word, "ref")) arg.n = bad_id(r->shop, rest_of(word));
    if (is(word, "num") || is(word, "any")) arg.n = bound(word, 0);
    if (is(word, "word")) arg.p = (void *)(uintptr_t)rest_of(word);
    if (is(word, "all")) arg.n = (int64_t)EC_MASK_ALL;
    if (is(word, "const")) arg.n = bad_id(r->shop, rest_of(word));
    if (is(word, "obj") || is(word, "obj?") || is(word, "fn"))
        arg.p = (void *)(uintptr_t)object_of(r, rest_of(word))->object;
    if (is(word, "key")) {
        snprintf(key, sizeof key, "key-%d", keys++);
        arg.p = key;
    }
    if (is(word, "text") || is(word, "need") || is(word, "note")) {
        static char text[] = "main";
        arg.p = text;
    }
    return arg;
}

static void prepare(run *r)
{
    const char *at = r->row->spec;
    r->count = 0;
    while (*at != '\0') {
        size_t length = strcspn(at, " ");
        assert_true(length < sizeof r->words[0] && r->count < ARGS);
        snprintf(r->words[r->count], sizeof r->words[0], "%.*s", (int)length, at);
        r->good[r->count] = good_arg(r, r->words[r->count]);
        r->count++;
        at += length + strspn(at + length, " ");
    }
}

static void drop_result(run *r)
{
    bool cursor = strstr(r->row->spec, "cursor") != NULL;
    if (cursor)
        ec_cursor_close(r->result);
    else
        ec_free(r->result);
    r->result = NULL;
}

static ec_status call_good(ec_session *session, void *ctx)
{
    run *r = ctx;
    (void)session;
    ec_status status = r->row->call(r->good);
    drop_result(r);
    return status == EC_OK ? EC_CANCELLED : status;
}

static void complain(run *r, ec_status status, const char *problem)
{
    const ec_error *error = ec_session_error(r->shop->session);
    print_error("%s(%s), %s: %s; %s: %s\n", r->row->name, r->row->spec, r->what, problem,
                ec_status_name(status), error->message);
    for (size_t i = 0; i < error->count; i++)
        print_error("    %s, %s: %s\n", error->items[i].field, error->items[i].rule,
                    error->items[i].message);
    r->faults++;
}

static void run_good(run *r)
{
    r->what = "as it should be";
    if (r->row->alone) return;
    ec_status status = ec_transact(r->shop->session, call_good, r);
    if (status != EC_CANCELLED) complain(r, status, "fails");
}

/* ---- spoiled calls ---- */

static const ec_status about_null[] = {EC_MISUSE, EC_INVALID, EC_OK};
static const ec_status about_ids[] = {EC_NOT_FOUND, EC_INVALID, EC_OK};
static const ec_status about_values[] = {EC_INVALID, EC_LIMIT, EC_OVERFLOW, EC_OK};
static const ec_status about_texts[] = {EC_INVALID, EC_NOT_FOUND, EC_MISUSE, EC_OK};
static const ec_status about_versions[] = {EC_STALE, EC_OK};

static bool is_one_of(ec_status status, const ec_status *list)
{
    while (*list != EC_OK && *list != status)
        list++;
    return *list != EC_OK;
}

/* The call must fail with one of these; field: what its error must name, or NULL for any. */
static void expect(run *r, const bad_arg *args, const ec_status *wanted, const char *field)
{
    const ec_error *error = NULL;
    r->result = NULL;
    r->calls++;
    ec_status status = r->row->call(args);
    if (!args[0].p) { /* no session: nothing to ask */
        if (status != EC_MISUSE) complain(r, status, "is not MISUSE");
        return;
    }
    error = ec_session_error(r->shop->session);
    bool blames =
        status == EC_INVALID || status == EC_LIMIT || status == EC_OVERFLOW || status == EC_EXISTS;
    if (!is_one_of(status, wanted)) {
        complain(r, status, "has another status than it should");
    } else if (error->status != status || error->message[0] == '\0') {
        complain(r, status, "is not what the session's error says");
    } else if (blames && (!error->field || !error->rule || error->field[0] == '\0')) {
        complain(r, status, "names no field and rule");
    } else if (blames && field && !bad_names(r->shop->session, field)) {
        complain(r, status, "does not name the field");
    } else if (r->result) {
        complain(r, status, "left a result");
    }
    if (r->result && status == EC_OK) drop_result(r);
}

static void with(run *r, size_t at, bad_arg arg, const char *what, const ec_status *wanted)
{
    bad_arg args[ARGS];
    memcpy(args, r->good, sizeof args);
    args[at] = arg;
    r->what = what;
    expect(r, args, wanted, NULL);
}

static void spoil_pointer(run *r, size_t at)
{
    with(r, at, (bad_arg){0}, r->words[at], about_null);
}

static void spoil_id(run *r, size_t at, bool zero_too)
{
    const int64_t bad[] = {0, -1, INT64_MIN, INT64_MAX, 987654};
    for (size_t i = zero_too ? 0 : 1; i < sizeof bad / sizeof bad[0]; i++)
        with(r, at, (bad_arg){.n = bad[i]}, r->words[at], about_ids);
}

static void spoil_number(run *r, size_t at)
{
    int64_t low = bound(r->words[at], 0), high = bound(r->words[at], 1);
    const int64_t values[] = {0,         -1,      INT64_MIN,
                              INT64_MAX, low - 1, high == INT64_MAX ? high : high + 1};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (values[i] < low || values[i] > high)
            with(r, at, (bad_arg){.n = values[i]}, r->words[at], about_values);
}

/* kept: the text is stored, so its length counts; otherwise it is only looked for. */
static void spoil_text(run *r, size_t at, bool kept)
{
    int64_t max = bound(r->words[at], 0);
    const ec_status *wanted = kept ? about_values : about_texts;
    if (!kept) with(r, at, (bad_arg){0}, "no text", about_texts);
    with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad_long((size_t)max + 1)}, "too long", wanted);
    with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad_long(BIG)}, "1 MiB", wanted);
    with(r, at, (bad_arg){.p = (void *)(uintptr_t)NOT_UTF8}, "no UTF-8", wanted);
}

static void spoil_path(run *r, size_t at)
{
    static const ec_status wanted[] = {EC_MISUSE, EC_INVALID, EC_NOT_FOUND, EC_IO, EC_OK};
    static const char *const bad[] = {"", "/no/such/folder/x", NOT_UTF8 "/x"};
    with(r, at, (bad_arg){0}, "no path", wanted);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad[i]}, "a bad path", wanted);
    with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad_long(BIG)}, "1 MiB path", wanted);
}

static void spoil_key(run *r, size_t at, bool needed)
{
    static const char *const bad[] = {"", "two words", "\x7f", NOT_UTF8, "ñ", "line\n"};
    if (needed) with(r, at, (bad_arg){0}, "no key", about_null);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad[i]}, "a bad key", about_values);
    with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad_long(256)}, "a long key", about_values);
    with(r, at, (bad_arg){.p = (void *)(uintptr_t)bad_long(BIG)}, "1 MiB key", about_values);
}

/* ---- members of structs ---- */

/* The copy, with a member that is a number, or a text when text is not NULL. */
static void with_member(run *r, size_t at, const bad_object *object, const bad_member *m,
                        int64_t number, const char *text, const ec_status *wanted)
{
    bad_arg args[ARGS];
    char *copy = malloc(object->size);
    bool pointer = strchr("tTwk", m->kind) != NULL;
    int small = (int)number;
    assert_non_null(copy);
    memcpy(copy, object->object, object->size);
    if (pointer)
        memcpy(copy + m->offset, &text, sizeof text);
    else if (m->kind == 'e')
        memcpy(copy + m->offset, &small, sizeof small);
    else
        memcpy(copy + m->offset, &number, sizeof number);
    memcpy(args, r->good, sizeof args);
    args[at].p = copy;
    char what[256];
    if (pointer)
        snprintf(what, sizeof what, "%s = %.40s", m->name, text ? text : "NULL");
    else
        snprintf(what, sizeof what, "%s = %lld", m->name, (long long)number);
    r->what = what;
    expect(r, args, wanted, m->name);
    free(copy);
}

static void spoil_member(run *r, size_t at, const bad_object *object, const bad_member *m)
{
    static const ec_status ids[] = {EC_INVALID, EC_NOT_FOUND, EC_OK};
    const int64_t unknown[] = {0, -1, INT64_MIN, INT64_MAX, 987654};
    const int64_t values[] = {
        0, -1, INT64_MIN, INT64_MAX, m->low - 1, m->high == INT64_MAX ? INT64_MAX : m->high + 1};
    bool text = m->kind == 't' || m->kind == 'T';
    for (size_t i = 0; i < 6 && m->kind == 'n'; i++)
        if (values[i] < m->low || values[i] > m->high)
            with_member(r, at, object, m, values[i], NULL, about_values);
    for (size_t i = m->kind == 'r' ? 1 : 0; i < 5 && strchr("ir", m->kind); i++)
        with_member(r, at, object, m, unknown[i], NULL, ids);
    for (int bad = -1; bad < 100 && m->kind == 'e'; bad += 100)
        with_member(r, at, object, m, bad, NULL, about_values);
    if (m->kind == 'w') {
        with_member(r, at, object, m, 0, "nonsense", about_values);
    }
    if (m->kind == 'T' || m->kind == 'k') {
        with_member(r, at, object, m, 0, NULL, about_values);
        with_member(r, at, object, m, 0, "", about_values);
    }
    if (text) with_member(r, at, object, m, 0, bad_long((size_t)m->high + 1), about_values);
    if (m->kind == 'k') with_member(r, at, object, m, 0, "two words", about_values);
    if (text || m->kind == 'k' || m->kind == 'w') {
        with_member(r, at, object, m, 0, bad_long(BIG), about_values);
        with_member(r, at, object, m, 0, NOT_UTF8, about_values);
    }
}

/* What a row of an entity's table says as a member; kind 0: nothing to spoil. */
static bad_member member_of(const ec_field *field)
{
    bad_member m = {ec_field_name(field), 0, field->offset, ec_field_min(field),
                    ec_field_max(field)};
    bool required = (field->flags & EC_FIELD_REQUIRED) != 0;
    if (field->flags & (EC_FIELD_READONLY | EC_FIELD_NOT_STORED | EC_FIELD_IMMUTABLE)) return m;
    switch (field->type) {
    case EC_FIELD_TEXT: m.kind = required ? 'T' : 't'; break;
    case EC_FIELD_INT:
    case EC_FIELD_MONEY:
    case EC_FIELD_DECIMAL:
    case EC_FIELD_TIME: m.kind = 'n'; break;
    case EC_FIELD_ENUM: m.kind = 'e'; break;
    case EC_FIELD_JSON: m.kind = 't'; break;
    case EC_FIELD_ID:
    case EC_FIELD_REF:
    case EC_FIELD_BOOL:
    case EC_FIELD_STRUCT:
    case EC_FIELD_LIST:
    case EC_FIELD_TEXTS: break;
    }
    if (m.kind == 'n' && ec_field_zero_is_null(field) && m.low > 0) m.low = 0;
    if ((m.kind == 't' || m.kind == 'T') && m.high >= BIG) m.high = BIG - 1;
    return m;
}

static void spoil_object(run *r, size_t at)
{
    const bad_object *object = object_of(r, rest_of(r->words[at]));
    for (size_t i = 0; i < object->count; i++)
        spoil_member(r, at, object, &object->members[i]);
    if (!object->entity) return;
    const ec_entity *entity = ec_entity_find(object->entity);
    assert_non_null(entity);
    for (const ec_field *f = NULL; (f = ec_field_next(entity, f)) != NULL;) {
        bad_member m = member_of(f);
        if (m.kind != 0) spoil_member(r, at, object, &m);
    }
}

static void spoil(run *r, size_t at)
{
    const char *word = r->words[at];
    if (is(word, "s") || is(word, "out") || is(word, "cursor") || is(word, "obj") || is(word, "fn"))
        spoil_pointer(r, at);
    if (is(word, "id")) spoil_id(r, at, true);
    if (is(word, "ref")) spoil_id(r, at, false);
    if (is(word, "num")) spoil_number(r, at);
    if (is(word, "need") || is(word, "word")) spoil_pointer(r, at);
    if (is(word, "version"))
        for (int64_t bad = -1; bad < 100; bad += 100)
            with(r, at, (bad_arg){.n = bad}, "a version that is not", about_versions);
    if (is(word, "text")) spoil_text(r, at, false);
    if (is(word, "need") || is(word, "note")) spoil_text(r, at, true);
    if (is(word, "word"))
        with(r, at, (bad_arg){.p = (void *)(uintptr_t) "nonsense"}, "an unknown word",
             about_values);
    if (is(word, "key")) spoil_key(r, at, true);
    if (is(word, "key?")) spoil_key(r, at, false);
    if (is(word, "path")) spoil_path(r, at);
    if (is(word, "obj") || is(word, "obj?")) spoil_object(r, at);
}

void bad_run(bad_shop *shop, const bad_row *rows, size_t count, const bad_object *objects,
             size_t objects_count)
{
    int faults = 0, calls = 0;
    for (size_t i = 0; i < count; i++) {
        run r = {.shop = shop, .row = &rows[i], .objects = objects, .objects_count = objects_count};
        prepare(&r);
        run_good(&r);
        uint64_t before = shop_checksum(shop->engine);
        for (size_t at = 0; at < r.count; at++)
            spoil(&r, at);
        if (shop_checksum(shop->engine) != before) {
            r.what = "spoiled";
            complain(&r, EC_OK, "changed the shop");
        }
        faults += r.faults;
        calls += r.calls;
    }
    print_message("%zu functions, %d bad calls\n", count, calls);
    assert_int_equal(faults, 0);
}
