/* SPDX-License-Identifier: MIT */
/*
 * main.c - the program `ecommerce`: finds the command, reads its options, opens the shop, runs it.
 * It holds no rule of commerce; every command is a few calls of the library.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const cli_option global_options[] = {
    {"storage", "URI", "the shop; default: ECOMMERCE_STORAGE, or sqlite:shop.db"},
    {"currency", "CODE", "currency of a shop that is created now; default: CLP"},
    {"json", NULL, "one JSON document on stdout"},
    {"quiet", NULL, "no messages but errors"},
    {"no-color", NULL, "no colours, also when NO_COLOR is set"},
    {"yes", NULL, "do not ask"},
    {"help", NULL, "explain the command"},
    {"version", NULL, "print the version"},
    {NULL, NULL, NULL},
};

/* Everything that the command line said before the command's own options. */
typedef struct parsed {
    const char *globals[CLI_OPTIONS_MAX];
    bool asked_help, asked_version;
} parsed;

static int find_option(const cli_option *options, const char *name, size_t length)
{
    for (int i = 0; options != NULL && options[i].name != NULL; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return i;
    return -1;
}

/* Take one --option off the command line. Returns how many words it took, 0 on a mistake. */
static int take_option(cli *c, parsed *p, int left, char **words)
{
    const char *name = words[0] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const cli_option *options = c->command != NULL ? c->command->options : NULL;
    const char **values = c->values;
    int at = find_option(options, name, length);
    if (options == NULL || at < 0) {
        options = global_options;
        values = p->globals;
        at = find_option(options, name, length);
    }
    if (at < 0) {
        cli_error(c, CLI_USAGE, "unknown option %s", words[0]);
        return 0;
    }
    if (options[at].value == NULL) {
        if (equals != NULL) {
            cli_error(c, CLI_USAGE, "--%s takes no value", options[at].name);
            return 0;
        }
        values[at] = "";
        return 1;
    }
    if (equals == NULL && left < 2) {
        cli_error(c, CLI_USAGE, "--%s needs a value (%s)", options[at].name, options[at].value);
        return 0;
    }
    values[at] = equals != NULL ? equals + 1 : words[1];
    return equals != NULL ? 1 : 2;
}

/* Which command do the words name? The number of words that it took. A group without one of its
   commands is one word. */
static int find_command(cli *c, int count, char **words)
{
    const cli_command *alone = NULL;
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, words[0]) != 0) continue;
        c->noun = row->noun;
        if (row->verb == NULL) {
            alone = row;
        } else if (count > 1 && strcmp(row->verb, words[1]) == 0) {
            c->command = row;
            return 2;
        }
    }
    c->command = alone;
    return c->noun != NULL ? 1 : 0;
}

static bool is_option(const char *word)
{
    return strncmp(word, "--", 2) == 0 && word[2] != '\0';
}

/* Sort the command line into command, options and arguments. false on a mistake. */
static bool parse(cli *c, parsed *p, int argc, char **argv)
{
    bool only_arguments = false;
    int words = 0;
    for (int i = 1; i < argc;) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
            i++;
        } else if (!only_arguments && is_option(argv[i])) {
            int took = take_option(c, p, argc - i, argv + i);
            if (took == 0) return false;
            i += took;
        } else if (c->command == NULL && words == 0) {
            int took = find_command(c, argc - i, argv + i);
            if (took == 0) {
                cli_error(c, CLI_USAGE, "unknown command \"%s\"; see ecommerce help", argv[i]);
                return false;
            }
            i += took;
            words = took;
        } else {
            c->arguments[c->count++] = argv[i++];
        }
    }
    return true;
}

static void apply_globals(cli *c, const parsed *p)
{
    const char *environment = getenv("ECOMMERCE_STORAGE");
    const char *no_color = getenv("NO_COLOR");
    c->storage = p->globals[0] != NULL                           ? p->globals[0]
                 : environment != NULL && environment[0] != '\0' ? environment
                                                                 : "sqlite:shop.db";
    c->currency = p->globals[1];
    c->json = p->globals[2] != NULL;
    c->quiet = p->globals[3] != NULL;
    c->color =
        p->globals[4] == NULL && isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
    c->yes = p->globals[5] != NULL;
}

static int open_shop(cli *c)
{
    char message[512] = "";
    bool memory = strcmp(c->storage, "sqlite::memory:") == 0;
    ec_options options = {
        .version = EC_OPTIONS_VERSION,
        .must_exist = !memory,
        .no_migrate = c->command->shop == CLI_SHOP_AS_IS,
        .currency = c->currency,
        .message = message,
        .message_size = sizeof(message),
    };
    ec_status status = ec_open(c->storage, &options, &c->engine);
    if (status == EC_NOT_FOUND && c->command->shop == CLI_SHOP_NEW) {
        c->made = true;
        options.must_exist = false;
        status = ec_open(c->storage, &options, &c->engine);
    }
    if (status == EC_NOT_FOUND)
        return cli_error(c, CLI_NOT_FOUND, "there is no shop at %s; make one with: ecommerce init",
                         c->storage);
    if (status != EC_OK)
        return cli_error(c, status == EC_BUSY ? CLI_TEMPORARY : CLI_FAILED, "%s: %s", c->storage,
                         message[0] != '\0' ? message : ec_status_text(status));
    status = ec_session_open(c->engine, NULL, &c->session);
    if (status != EC_OK) return cli_error(c, CLI_FAILED, "%s", ec_status_text(status));
    return CLI_OK;
}

/* A group was named, and none of its commands. */
static int run_group(cli *c, bool asked_help)
{
    if (c->count > 0)
        return cli_error(c, CLI_USAGE, "unknown command \"%s %s\"; see ecommerce %s --help",
                         c->noun, c->arguments[0], c->noun);
    cli_usage_group(asked_help ? stdout : stderr, c->noun);
    return asked_help ? CLI_OK : CLI_USAGE;
}

static int run(cli *c, const parsed *p)
{
    if (p->globals[7] != NULL) return cli_version(c);
    if (c->command == NULL && c->noun != NULL) return run_group(c, p->globals[6] != NULL);
    if (c->command == NULL || p->globals[6] != NULL) {
        if (c->command == NULL && p->globals[6] == NULL) {
            cli_usage(stderr, NULL);
            return CLI_USAGE;
        }
        cli_usage(stdout, c->command);
        return CLI_OK;
    }
    if (c->count < c->command->least || (c->command->most >= 0 && c->count > c->command->most)) {
        cli_usage(stderr, c->command);
        return CLI_USAGE;
    }
    if (c->command->shop != CLI_NO_SHOP) {
        int code = open_shop(c);
        if (code != CLI_OK) return code;
    }
    return c->command->run(c);
}

int main(int argc, char **argv)
{
    parsed p = {0};
    cli c = {.tty = isatty(STDERR_FILENO) != 0};
    int code = CLI_USAGE;
    signal(SIGPIPE, SIG_IGN);
    c.arguments = calloc((size_t)argc + 1, sizeof(*c.arguments));
    if (c.arguments == NULL) return CLI_FAILED;
    if (parse(&c, &p, argc, argv)) {
        apply_globals(&c, &p);
        code = run(&c, &p);
    }
    ec_session_close(c.session);
    ec_close(c.engine);
    free(c.arguments);
    if (fflush(stdout) != 0 && code == CLI_OK) code = CLI_FAILED;
    return code;
}
