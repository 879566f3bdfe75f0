/* SPDX-License-Identifier: MIT */
/*
 * program.c - the program `ecommerce` as its users meet it: what it prints, how it exits.
 */
#include <ecommerce.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/program.h"

/* The same with one word put into the arguments. */
static int run_with(const char *format, const char *word)
{
    char arguments[4096];
    const char *at = strstr(format, "{}");
    assert_non_null(at);
    snprintf(arguments, sizeof(arguments), "%.*s%s%s", (int)(at - format), format, word, at + 2);
    return program_run(arguments);
}

#define assert_run_with(format, word, code)                                                        \
    do {                                                                                           \
        int exit_code = run_with(format, word);                                                    \
        if (exit_code != (code)) fail_msg("%s: exit %d\n%s", format, exit_code, program_output);   \
    } while (0)

#define assert_run(arguments, code)                                                                \
    do {                                                                                           \
        int exit_code = program_run(arguments);                                                    \
        if (exit_code != (code))                                                                   \
            fail_msg("%s: exit %d\n%s", arguments, exit_code, program_output);                     \
    } while (0)

#define assert_says(text)                                                                          \
    do {                                                                                           \
        if (strstr(program_output, text) == NULL)                                                  \
            fail_msg("\"%s\" is not in:\n%s", text, program_output);                               \
    } while (0)

#define assert_does_not_say(text)                                                                  \
    do {                                                                                           \
        if (strstr(program_output, text) != NULL)                                                  \
            fail_msg("\"%s\" is in:\n%s", text, program_output);                                   \
    } while (0)

static bool is_there(const char *path, const char *ending)
{
    char name[512];
    snprintf(name, sizeof(name), "%s%s", path, ending);
    return access(name, F_OK) == 0;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_text(const char *path, const char *text)
{
    char found[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(found, 1, sizeof(found) - 1, file);
    found[length] = '\0';
    fclose(file);
    assert_string_equal(found, text);
}

/* Open the shop in this process and change it. */
static ec_engine *open_and_write(ec_session **session)
{
    char uri[300];
    ec_engine *engine = NULL;
    ec_category *made = NULL;
    snprintf(uri, sizeof(uri), "sqlite:%s", program_shop);
    ec_category category = {.name = "Left in the log"};
    if (ec_open(uri, NULL, &engine) != EC_OK) return NULL;
    if (ec_session_open(engine, NULL, session) != EC_OK) return NULL;
    if (ec_category_create(*session, &category, &made) != EC_OK) return NULL;
    ec_free(made);
    return engine;
}

static int setup(void **state)
{
    (void)state;
    (void)snprintf(program_shop, sizeof(program_shop), "%s", temp_path("shop.db"));
    unlink(program_shop);
    return program_run("init");
}

static int teardown(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof(path), "%s-wal", program_shop);
    unlink(path);
    snprintf(path, sizeof(path), "%s-shm", program_shop);
    unlink(path);
    return unlink(program_shop);
}

static void program__explains_itself(void **state)
{
    (void)state;
    assert_run("", 2);
    assert_says("usage: ecommerce");
    assert_run("help", 0);
    assert_says("order refund NUMBER");
    assert_run("help order ship", 0);
    assert_says("--tracking=NUMBER");
    assert_run("import --help", 0);
    assert_says("--dry-run");
    assert_run("help nonsense", 2);
    assert_run("nonsense", 2);
    assert_says("unknown command");
    assert_run("order list --nonsense", 2);
    assert_says("unknown option --nonsense");
    assert_run("order list --status", 2);
    assert_says("needs a value");
    assert_run("order get", 2);
    assert_run("order --help", 0);
    assert_says("order list ");
    assert_says("order refund NUMBER ");
    assert_says("give money back");
    assert_does_not_say("cart create");
    assert_run("help order", 0);
    assert_says("order refund NUMBER ");
    assert_does_not_say("--tracking");
    assert_run("order", 2);
    assert_says("order list ");
    assert_run("order nonsense", 2);
    assert_says("unknown command \"order nonsense\"");
    assert_run("help order nonsense", 2);
    assert_run("migrate --help", 0);
    assert_says("--rollback");
    assert_says("migrate status");
    assert_run("migrate status --help", 0);
    assert_does_not_say("commands:");
    assert_run("--version", 0);
    assert_says(ec_version());
    assert_run("--json version", 0);
    assert_says("{\"version\":");
    assert_run("man", 0);
    assert_says(".TH ECOMMERCE 1");
    assert_run("completion bash", 0);
    assert_says("complete -F _ecommerce ecommerce");
    assert_run("completion zsh", 0);
    assert_says("#compdef ecommerce");
    assert_run("completion powershell", 2);
}

static void program__needs_a_shop(void **state)
{
    (void)state;
    assert_run("--storage=sqlite:/nowhere/shop.db order list", 3);
    assert_run("--storage=sqlite:missing.db order list", 3);
    assert_says("ecommerce init");
    assert_run("--storage=floppy:a order list", 1);
}

static void init__says_when_the_shop_is_there_already(void **state)
{
    (void)state;
    char file[256];
    snprintf(file, sizeof(file), "%s", temp_path("new.db"));
    assert_run_with("--storage='sqlite:{}' init --currency=EUR", file, 0);
    assert_says("is ready");
    assert_run_with("--storage='sqlite:{}' init", file, 0);
    assert_says("there is a shop at ");
    assert_says("already");
    assert_does_not_say("is ready");
    assert_run_with("--json --storage='sqlite:{}' init", file, 0);
    assert_says("{\"storage\":");
    assert_run("--storage=sqlite::memory: init", 0);
    unlink(file);
}

static void product__is_made_found_changed_and_removed(void **state)
{
    (void)state;
    assert_run("category create Hogar", 0);
    assert_run("category create Cocina --parent=hogar", 0);
    assert_run("category list", 0);
    assert_says("  Cocina (cocina)");
    assert_run("product create 'Taza de greda' --price=4990 --sku=TAZ --quantity=7"
               " --category=cocina",
               0);
    assert_run("--json product get taza-de-greda", 0);
    assert_says("\"price\":4990");
    assert_says("\"stock\":7");
    assert_run("product list --category=hogar", 0);
    assert_says("Taza de greda");
    assert_run("product update taza-de-greda --set='{\"name\":\"Tazón\"}'", 0);
    assert_run("product get 1", 0);
    assert_says("Tazón");
    assert_run("product update 1 --set='{\"nom\":\"x\"}'", 1);
    assert_says("nom");
    assert_run("product update 1 --set='{\"name\":\"x\"}' --version=99", 4);
    assert_run("product create '' --price=1", 1);
    assert_run("product create X --price=1.5", 2);
    assert_run("product get nothing", 3);
    assert_run("category move cocina hogar", 0);
    assert_run("category move hogar cocina", 1);
    assert_says("parent_id");
    assert_run("product delete 1", 0);
    assert_run("product get 1", 3);
    assert_run("product create Otro --price=10", 0);
    assert_run("product delete otro", 0);
}

static void quote__explains_every_cent(void **state)
{
    (void)state;
    assert_run("product create Taza --price=4990 --sku=TAZ --quantity=7", 0);
    assert_run("quote TAZ:2 --payment=cash", 0);
    assert_says("TAZ");
    assert_says("TOTAL");
    assert_says("9980");
    assert_run("--json quote TAZ:3@4996 --payment=cash --country=CL --at=2026-01-02", 0);
    assert_says("\"total_amount\":14990");
    assert_says("\"priced_at\":\"2026-01-02T00:00:00.000Z\"");
    assert_run("quote TAZ --coupon=NONE --explain", 0);
    assert_says("NONE");
    assert_says("unknown_code");
    assert_run("quote TAZ:0", 1);
    assert_says("quantity");
    assert_run("quote OTHER", 3);
    assert_run("quote TAZ:x", 2);
    assert_run("quote TAZ --at=tomorrow", 2);
    assert_run("quote TAZ --customer=nobody@example.com", 3);
    assert_run("cart create", 0);
    assert_run("cart add 1 TAZ 1", 0);
    assert_run("cart coupon 1 NONE", 3);
    assert_run("cart ship 1 pigeon", 1);
    assert_run("cart ship 1 -", 0);
}

static void order__goes_from_cart_to_refund(void **state)
{
    (void)state;
    assert_run("product create Taza --price=4990 --sku=TAZ --quantity=7", 0);
    assert_run("--json cart create", 0);
    assert_says("\"token\":\"");
    assert_run("cart add 1 TAZ 2", 0);
    assert_run("cart add 1 TAZ 99", 4);
    assert_says("quantity");
    assert_run("cart checkout 1 --email=a@example.com", 1);
    assert_says("shipping_address");
    const char *checkout = "--json cart checkout 1 --email=a@example.com --provider=manual"
                           " --method=card --token=tok_ok --capture --address='{\"name\":\"G\","
                           "\"street\":\"Uno 1\",\"city\":\"Santiago\",\"country\":\"CL\"}'";
    assert_run(checkout, 0);
    assert_says("\"total_amount\":9980");
    assert_run(checkout, 0); /* once */
    assert_run("order list", 0);
    assert_says("1001");
    assert_run("order next 1001", 0);
    assert_says("process");
    assert_run("order ship 1001 --carrier=Correos --tracking=T1", 0);
    assert_run("order get 1001", 0);
    assert_says("shipped");
    assert_says("T1");
    assert_says("TAZ");
    assert_says("G, Uno 1, Santiago, CL");
    assert_run("order history 1001", 0);
    assert_says("order.placed");
    assert_run("order deliver 1001", 0);
    assert_says("delivered");
    assert_run("order deliver 1001", 0);
    assert_run("order capture 1001", 0);
    assert_run("payment reconcile", 0);
    assert_run("order pay 1001 5", 2);
    assert_says("--key");
    assert_run("order refund 1001 --amount=100", 2);
    assert_run("order refund 1001 --amount=100 --key=r1", 0);
    assert_run("order refund 1001 --amount=99999999 --key=r2", 1);
    assert_run("order cancel 1001", 4);
    assert_run("order get 9999", 3);
    assert_run("stock list TAZ", 0);
    assert_says("on_hand");
    assert_run("--json stock list TAZ", 0);
    assert_says("\"on_hand\":5");
    assert_run("stock adjust TAZ +3 --reason=found", 0);
    assert_run("stock adjust TAZ -99", 1);
    assert_run("stock set TAZ 20 --expected=1", 4);
    assert_run("stock set TAZ 20", 0);
    assert_run("stock adjust TAZ lots", 2);
    assert_run("--json report", 0);
    assert_says("{\"products\":1,\"orders\":1,\"months\":[{\"month\":\"");
    assert_says("\"currency\":\"CLP\",\"orders\":1,\"revenue\":9880}");
    assert_run("report", 0);
    assert_says("products: 1");
    assert_run("verify", 0);
    assert_says("the books are right");
}

static void order__goes_in_parts_and_comes_back(void **state)
{
    (void)state;
    assert_run("product create Plato --price=1000 --quantity=9", 0); /* without a SKU */
    assert_run("product create Taza --price=500 --sku=TAZ --quantity=9", 0);
    assert_run("cart create", 0);
    assert_run("cart add 1 '#1' 3", 0);
    assert_run("cart add 1 TAZ 3", 0);
    assert_run(
        "cart checkout 1 --email=a@example.com --address='{\"name\":\"G\",\"street\":\"U 1\","
        "\"city\":\"S\",\"country\":\"CL\"}'",
        0);
    assert_run("order cancel 1001 --items=TAZ=1", 0);
    assert_run("--json order ship 1001 --items='#1=2,TAZ=1'", 0);
    assert_says("\"fulfillment_status\":\"partially_shipped\"");
    assert_run("order ship 1001 --items=TAZ=9", 1);
    assert_run("order ship 1001 --items=TAZ", 2);
    assert_run("order ship 1001 --items=NOPE=1", 2);
    assert_run("order ship 1001", 0);
    assert_run("order return 1001 '#1=1' --reason=broken", 0);
    assert_says("requested");
    assert_run("return apply 1 receive", 0);
    assert_run("return apply 1 receive", 4);
    assert_run("--json stock list '#1'", 0);
    assert_says("\"on_hand\":7");
    assert_run("stock adjust '#1' +1", 0);
    assert_run("stock adjust '#99' +1", 3);
    assert_run("verify", 0);
}

static void import_and_export__are_each_others_way_back(void **state)
{
    (void)state;
    char command[512], file[256];
    assert_run("--json import " EC_SOURCE_DIR "/examples/data/chile.csv", 0);
    assert_says("\"products\":{\"created\":175,\"updated\":0,\"unchanged\":0}");
    assert_says("\"refused\":[]");
    assert_run("--json import " EC_SOURCE_DIR "/examples/data/chile.csv", 0);
    assert_says("\"products\":{\"created\":0,\"updated\":0,\"unchanged\":175}");
    snprintf(file, sizeof(file), "%s", temp_path("out.csv"));
    snprintf(command, sizeof(command), "export %s", file);
    assert_run(command, 0);
    snprintf(command, sizeof(command), "--json import %s", file);
    assert_run(command, 0);
    assert_says("\"variants\":{\"created\":0,\"updated\":0,\"unchanged\":597}");
    assert_run("import missing.csv", 3);
    assert_run("import --format=xml " EC_SOURCE_DIR "/examples/data/chile.csv", 2);
    unlink(file);
}

static void backup__restores_after_being_checked(void **state)
{
    (void)state;
    char command[1024], file[256], bad[256];
    assert_run("product create Taza --price=4990 --sku=TAZ", 0);
    snprintf(file, sizeof(file), "%s", temp_path("backup.db"));
    unlink(file);
    snprintf(command, sizeof(command), "backup %s", file);
    assert_run(command, 0);
    assert_run("product create Otra --price=1 --sku=OTR", 0);
    snprintf(command, sizeof(command), "restore %s", file);
    assert_run(command, 4); /* there is a shop */
    snprintf(command, sizeof(command), "restore %s --yes", file);
    assert_run(command, 0);
    assert_run("product get taza", 0);
    assert_run("product get otra", 3);
    snprintf(bad, sizeof(bad), "%s", temp_path("bad.db"));
    FILE *broken = fopen(bad, "wb");
    fputs("this is no shop at all", broken);
    fclose(broken);
    snprintf(command, sizeof(command), "restore %s --yes", bad);
    assert_int_not_equal(program_run(command), 0);
    assert_run("product get taza", 0);
    unlink(bad);
    unlink(file);
    snprintf(command, sizeof(command), "%s.before-restore", program_shop);
    unlink(command);
}

static void remove_kept(void)
{
    char path[512];
    snprintf(path, sizeof(path), "%s.before-restore", program_shop);
    unlink(path);
}

static void restore__takes_over_after_a_crash(void **state)
{
    (void)state;
    char file[256], old[300];
    snprintf(file, sizeof(file), "%s", temp_path("backup.db"));
    assert_run("category create Kept", 0);
    assert_run_with("backup {}", file, 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) { /* ends without closing the shop */
        ec_session *session = NULL;
        _exit(open_and_write(&session) != NULL ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(is_there(program_shop, "-wal"));
    assert_run_with("restore {} --yes", file, 0);
    assert_false(is_there(program_shop, "-wal"));
    assert_false(is_there(program_shop, ".restoring"));
    assert_run("category list", 0);
    assert_says("Kept");
    assert_does_not_say("Left in the log");
    assert_run("verify", 0);
    snprintf(old, sizeof(old), "%s.before-restore", program_shop);
    assert_run_with("--storage=sqlite:{} category list", old, 0);
    assert_says("Left in the log");
    /* and back again: the kept file is a backup like any other */
    assert_run_with("restore {} --yes", old, 0);
    assert_run("category list", 0);
    assert_says("Left in the log");
    remove_kept();
    unlink(file);
}

static void restore__leaves_a_shop_in_use_alone(void **state)
{
    (void)state;
    char file[256];
    ec_session *session = NULL;
    snprintf(file, sizeof(file), "%s", temp_path("backup.db"));
    assert_run_with("backup {}", file, 0);
    ec_engine *engine = open_and_write(&session);
    assert_non_null(engine);
    assert_run_with("restore {} --yes", file, 75);
    assert_says("in use");
    assert_false(is_there(program_shop, ".restoring"));
    assert_false(is_there(program_shop, ".before-restore"));
    ec_session_close(session);
    assert_int_equal(ec_close(engine), EC_OK);
    assert_run("category list", 0);
    assert_says("Left in the log");
    assert_run_with("restore {} --yes", program_shop, 2);
    assert_says("the shop itself");
    assert_run_with("restore {} --yes", file, 0);
    remove_kept();
    unlink(file);
}

static void restore__finds_files_with_odd_names(void **state)
{
    (void)state;
    char file[256];
    snprintf(file, sizeof(file), "%s", temp_path("50%25 of? it.db"));
    assert_run_with("backup '{}'", file, 0);
    assert_run_with("restore '{}' --yes", file, 0);
    assert_run("verify", 0);
    remove_kept();
    unlink(file);
}

static void restore__does_not_mix_a_backup_with_a_strange_log(void **state)
{
    (void)state;
    char file[256], log[300];
    snprintf(file, sizeof(file), "%s", temp_path("backup.db"));
    snprintf(log, sizeof(log), "%s-wal", program_shop);
    assert_run_with("backup {}", file, 0);
    unlink(program_shop);
    write_text(log, "a log without its shop");
    assert_run_with("restore {}", file, 4);
    assert_false(is_there(program_shop, ""));
    unlink(log);
    assert_run_with("restore {}", file, 0);
    assert_run("verify", 0);
    /* a shop that is no shop any more may be replaced too */
    static const char damaged[] = "no shop any more, but longer than the header of a database: one "
                                  "hundred bytes, which these are";
    char kept[300];
    snprintf(kept, sizeof(kept), "%s.before-restore", program_shop);
    write_text(program_shop, damaged);
    assert_run_with("restore {} --yes", file, 0);
    assert_text(kept, damaged);
    assert_run("verify", 0);
    remove_kept();
    unlink(file);
}

static void migrate__goes_down_and_up(void **state)
{
    (void)state;
    assert_run("migrate status", 0);
    assert_says("applied");
    assert_run("migrate --rollback --yes", 0);
    assert_says("pending");
    assert_run("migrate --to=0 --yes", 0);
    assert_run("migrate --rollback", 0); /* there is nothing to undo */
    assert_run("migrate", 0);
    assert_run("product list", 0);
    assert_run("migrate --to=999", 1);
}

static void migrate__asks_before_it_deletes(void **state)
{
    (void)state;
    assert_run("product create Taza --price=4990", 0);
    assert_run("migrate --rollback", 2);
    assert_says("--yes");
    assert_run("migrate --to=0", 2);
    assert_says("--yes");
    assert_run("migrate --to=1 --rollback --yes", 2);
    assert_run("migrate --to=-1", 2);
    assert_run("migrate status", 0);
    assert_does_not_say("pending");
    assert_run("product get taza", 0);
}

static void export__replaces_a_file_only_when_it_is_whole(void **state)
{
    (void)state;
    char file[256];
    snprintf(file, sizeof(file), "%s", temp_path("out.jsonl"));
    write_text(file, "yesterday's");
    assert_run_with("export --entity=nonsense {}", file, 3);
    assert_text(file, "yesterday's");
    assert_false(is_there(file, ".part"));
    assert_run_with("export --entity=category {}", file, 0);
    assert_text(file, "");
    assert_false(is_there(file, ".part"));
    assert_run("export /dev/null", 0); /* what is no file is written to as it is */
    assert_int_not_equal(program_run("export /nowhere/out.csv"), 0);
    unlink(file);
}

static void import__does_not_write_over_what_it_reads(void **state)
{
    (void)state;
    static const char catalogue[] = "Handle,Title,Variant Price\na,A,10\n";
    char file[256], link_name[256], arguments[1024];
    snprintf(file, sizeof(file), "%s", temp_path("in.csv"));
    snprintf(link_name, sizeof(link_name), "%s", temp_path("link.csv"));
    write_text(file, catalogue);
    assert_int_equal(symlink(file, link_name), 0);
    snprintf(arguments, sizeof(arguments), "import %s --report=%s", file, file);
    assert_run(arguments, 2);
    assert_text(file, catalogue);
    snprintf(arguments, sizeof(arguments), "import %s --report=%s", file, link_name);
    assert_run(arguments, 2);
    snprintf(arguments, sizeof(arguments), "import - --report=%s <%s", file, file);
    assert_run(arguments, 2);
    assert_text(file, catalogue);
    assert_run_with("import {} --report=/dev/null", file, 0);
    unlink(link_name);
    unlink(file);
}

static void import__exits_by_what_became_of_the_rows(void **state)
{
    (void)state;
    char file[256], lines[256];
    snprintf(file, sizeof(file), "%s", temp_path("rows.csv"));
    snprintf(lines, sizeof(lines), "%s", temp_path("rows.jsonl"));
    write_text(file, "Handle,Title,Variant Price\na,A,10\nb,B,nothing\nc,\"C \"\"x\"\"\",1.5\n");
    assert_run_with("--json import {}", file, 0); /* some went in */
    assert_says("\"refused\":[{\"line\":3,");
    assert_says("},{\"line\":4,");
    assert_says("\"rule\":\"decimals\"");
    assert_run_with("--json import {}", file, 0); /* one was unchanged */
    write_text(file, "Handle,Title,Variant Price\nb,B,nothing\nc,C,1.5\n");
    assert_run_with("--json import {}", file, 1);
    assert_says("\"refused\":[{\"line\":2,");
    assert_run_with("import {}", file, 1);
    assert_says("2 of 2 rows refused");
    write_text(file, "Handle,Title,Variant Price\n");
    assert_run_with("import {}", file, 0); /* nothing was asked for */
    write_text(lines,
               "{\"entity\":\"category\",\"data\":{\"name\":\"X\",\"slug\":\"x\"}}\nbroken\n");
    assert_run_with("import {}", lines, 0);
    assert_says("objects: 1 created, 0 updated, 0 unchanged");
    assert_run_with("--json import {}", lines, 0);
    assert_says("{\"objects\":{\"created\":0,\"updated\":0,\"unchanged\":1},\"products\":");
    write_text(lines, "broken\n");
    assert_run_with("import {}", lines, 1);
    unlink(file);
    unlink(lines);
}

/* The same as run on a terminal. */
static int run_on_terminal(const char *arguments)
{
    char command[4096];
    snprintf(command, sizeof(command),
             "script -qec \"ECOMMERCE_STORAGE=sqlite:%s %s/examples/ecommerce %s\" %s </dev/null",
             program_shop, EC_BINARY_DIR, arguments, "/dev/null");
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(program_output, 1, sizeof(program_output) - 1, pipe);
    program_output[length] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void import__shows_a_terminal_the_first_refused_rows(void **state)
{
    (void)state;
    char lines[256], report[256], arguments[1024];
    snprintf(lines, sizeof(lines), "%s", temp_path("many.jsonl"));
    snprintf(report, sizeof(report), "%s", temp_path("many.csv"));
    write_text(lines, "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n");
    assert_run_with("import {}", lines, 1); /* no terminal: all of them */
    assert_says("line 12");
    assert_does_not_say("more");
    assert_run_with("--json import {}", lines, 1);
    assert_says("{\"line\":12,");
    snprintf(arguments, sizeof(arguments), "import %s", lines);
    assert_int_equal(run_on_terminal(arguments), 1);
    assert_says("line 10:");
    assert_does_not_say("line 11");
    assert_says("… and 2 more (--report=FILE writes all of them)");
    snprintf(arguments, sizeof(arguments), "import --report=%s %s", report, lines);
    assert_int_equal(run_on_terminal(arguments), 1);
    assert_says("… and 2 more (see the report file)");
    char written[4096];
    FILE *file = fopen(report, "rb");
    assert_non_null(file);
    written[fread(written, 1, sizeof(written) - 1, file)] = '\0';
    fclose(file);
    assert_non_null(strstr(written, "\r\n12,"));
    unlink(lines);
    unlink(report);
}

static void import__warns_of_a_currency_that_nobody_sells_in(void **state)
{
    (void)state;
    char file[256];
    snprintf(file, sizeof(file), "%s", temp_path("priced.csv"));
    write_text(file, "Handle,Title,Variant Price\na,A,10\n");
    assert_run_with("import --prices=USD {}", file, 0);
    assert_says("warning: no channel sells in USD");
    assert_says("1 created");
    assert_run_with("--json import --prices=USD {} 2>/dev/null", file, 0);
    assert_says("\"unsold_currency\":\"USD\",\"refused\":[]");
    assert_run_with("import --prices=CLP --dry-run {}", file, 1); /* it has its price in USD */
    assert_does_not_say("warning");
    assert_run_with("import {} --dry-run", file, 1);
    assert_does_not_say("warning");
    unlink(file);
}

static void price__lists_schedule_and_edit(void **state)
{
    (void)state;
    assert_run("product create Mate --price=1000 --sku=MATE", 0);
    assert_run("product create Tea --price=2000 --sku=TEA", 0);
    assert_run("group create vip VIP", 0);
    assert_run("group add vip nobody@example.com", 3);
    assert_run("pricelist create web Web --channels=default --priority=5", 0);
    assert_run("pricelist update web --group=vip --status=sold", 2);
    assert_run("pricelist update web --group=vip", 0);
    assert_run("group delete vip", 4);
    assert_run("pricelist update web --group=", 0);
    assert_run("group delete vip", 0);
    assert_run("price bulk web -10 --base=catalog --ending=90 --dry-run", 0);
    assert_says("would be: 2 of 2 prices changed");
    assert_run("price bulk web -10 --base=catalog --ending=90", 0);
    assert_says("890");
    assert_run("price bulk web ten", 2);
    assert_run("price set web MATE 8.50", 2);
    assert_run("price set web MATE 850 --compare=1000", 0);
    assert_run("price schedule web MATE 700 2099-01-01 --until=2099-02-01", 0);
    assert_run("price list web --scheduled", 0);
    assert_says("2099-01-01");
    assert_run("--json price history MATE --list=web", 0);
    assert_says("\"amount\":850");
    assert_says("\"cause\":\"bulk\"");
    assert_run("price prior MATE", 0);
    assert_says("890");
    assert_run("price export web", 0);
    assert_says("TEA,1,1790,,,,");
    assert_run("price unschedule 3", 0);
    assert_run("price remove web MATE", 0);
    assert_run("price remove web MATE", 3);
}

static void price_import__names_refused_rows(void **state)
{
    (void)state;
    char file[256];
    (void)snprintf(file, sizeof(file), "%s", temp_path("prices.csv"));
    assert_run("product create Mate --price=1000 --sku=MATE", 0);
    assert_run("pricelist create web Web", 0);
    write_text(file, "sku,amount\nMATE,900\nNOPE,1\n");
    assert_run_with("price import web {} --dry-run", file, 0);
    assert_says("would be: 1 prices created");
    assert_run_with("price import web {}", file, 0);
    assert_says("line 3, sku: No variant has this SKU.");
    assert_run_with("--json price import web {}", file, 0);
    assert_says("\"objects\":{\"created\":0,\"updated\":0,\"unchanged\":1}");
    assert_run_with("price import none {}", file, 3);
    write_text(file, "sku\n");
    assert_run_with("price import web {}", file, 1);
    assert_run_with("price export web {}", file, 0);
    assert_text(file, "sku,min_quantity,amount,compare_amount,minimum_amount,valid_from,"
                      "valid_until\r\nMATE,1,900,,,,\r\n");
}

static void json__holds_any_path(void **state)
{
    (void)state;
    char file[256], expected[300];
    snprintf(file, sizeof(file), "%s", temp_path("a \"b\"\\c.db"));
    assert_run_with("--json backup '{}'", file, 0);
    snprintf(expected, sizeof(expected), "%s", temp_path("a \\\"b\\\"\\\\c.db\"}"));
    assert_says(expected);
    unlink(file);
    snprintf(file, sizeof(file), "%s", temp_path("b\xff.db"));
    assert_run_with("--json backup '{}'", file, 0);
    assert_says("b\\ufffd.db\"}");
    unlink(file);
    snprintf(file, sizeof(file), "%s", temp_path("Año.db"));
    assert_run_with("--json backup '{}'", file, 0);
    assert_says("Año.db\"}");
    assert_run_with("--json restore '{}' --yes", file, 0);
    assert_says("\"restored\":\"");
    unlink(file);
    remove_kept();
    snprintf(file, sizeof(file), "%s", temp_path("d\"e.db"));
    assert_run_with("--json --storage='sqlite:{}' init", file, 0);
    assert_says("d\\\"e.db\"}");
    unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(program__explains_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(program__needs_a_shop, setup, teardown),
        cmocka_unit_test_setup_teardown(init__says_when_the_shop_is_there_already, setup, teardown),
        cmocka_unit_test_setup_teardown(product__is_made_found_changed_and_removed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(quote__explains_every_cent, setup, teardown),
        cmocka_unit_test_setup_teardown(order__goes_from_cart_to_refund, setup, teardown),
        cmocka_unit_test_setup_teardown(order__goes_in_parts_and_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(import_and_export__are_each_others_way_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(backup__restores_after_being_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(restore__takes_over_after_a_crash, setup, teardown),
        cmocka_unit_test_setup_teardown(restore__leaves_a_shop_in_use_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(restore__finds_files_with_odd_names, setup, teardown),
        cmocka_unit_test_setup_teardown(restore__does_not_mix_a_backup_with_a_strange_log, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(migrate__goes_down_and_up, setup, teardown),
        cmocka_unit_test_setup_teardown(migrate__asks_before_it_deletes, setup, teardown),
        cmocka_unit_test_setup_teardown(export__replaces_a_file_only_when_it_is_whole, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(import__does_not_write_over_what_it_reads, setup, teardown),
        cmocka_unit_test_setup_teardown(import__exits_by_what_became_of_the_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(import__shows_a_terminal_the_first_refused_rows, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(import__warns_of_a_currency_that_nobody_sells_in, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(price__lists_schedule_and_edit, setup, teardown),
        cmocka_unit_test_setup_teardown(price_import__names_refused_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(json__holds_any_path, setup, teardown),
    };
    return cmocka_run_group_tests_name("the program", tests, NULL, NULL);
}
