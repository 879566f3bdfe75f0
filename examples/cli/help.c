/* SPDX-License-Identifier: MIT */
/*
 * help.c - usage, the man page, shell completion and the version, all made from the table of
 * commands.
 */
#include <string.h>

#include "cli.h"

static void print_options(FILE *to, const cli_option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char left[64];
        snprintf(left, sizeof(left), "--%s%s%s", options->name, options->value != NULL ? "=" : "",
                 options->value != NULL ? options->value : "");
        fprintf(to, "  %-24s %s\n", left, options->help);
    }
}

static void print_line(FILE *to, const cli_command *row)
{
    char left[64];
    snprintf(left, sizeof(left), "%s%s%s %s", row->noun, row->verb != NULL ? " " : "",
             row->verb != NULL ? row->verb : "", row->arguments);
    fprintf(to, "  %-36s %s\n", left, row->summary);
}

void cli_usage(FILE *to, const cli_command *command)
{
    if (command != NULL) {
        fprintf(to, "usage: ecommerce %s%s%s %s\n\n%s\n", command->noun,
                command->verb != NULL ? " " : "", command->verb != NULL ? command->verb : "",
                command->arguments, command->summary);
        if (command->options != NULL) fputs("\noptions:\n", to);
        print_options(to, command->options);
        return;
    }
    fputs("usage: ecommerce [--storage=URI] [--json] [--quiet] COMMAND …\n\ncommands:\n", to);
    for (const cli_command *row = cli_commands; row->noun != NULL; row++)
        print_line(to, row);
    fputs("\n`ecommerce COMMAND --help` explains a command.\n"
          "The shop is --storage, else the environment's ECOMMERCE_STORAGE, else sqlite:shop.db.\n"
          "exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 conflict, 6 damage found,"
          " 75 try again\n",
          to);
}

int cli_help(cli *c)
{
    if (c->count == 0) {
        cli_usage(stdout, NULL);
        return CLI_OK;
    }
    bool found = false;
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, c->arguments[0]) != 0) continue;
        if (c->count > 1 && (row->verb == NULL || strcmp(row->verb, c->arguments[1]) != 0))
            continue;
        if (found) putchar('\n');
        cli_usage(stdout, row);
        found = true;
    }
    if (!found) return cli_error(c, CLI_USAGE, "there is no command \"%s\"", c->arguments[0]);
    return CLI_OK;
}

int cli_version(cli *c)
{
    if (c->json)
        printf("{\"version\":\"%s\"}\n", ec_version());
    else
        printf("ecommerce %s\n", ec_version());
    return CLI_OK;
}

/* Words that may follow: nouns first, then the noun's verbs and options. */
int cli_completion(cli *c)
{
    const char *shell = c->arguments[0];
    if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0)
        return cli_error(c, CLI_USAGE, "completion is made for bash and zsh");
    if (strcmp(shell, "zsh") == 0) puts("autoload -U +X bashcompinit && bashcompinit");
    puts("_ecommerce() {\n  local noun=\"${COMP_WORDS[1]}\" words=\"\"\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"\\");
    const char *last = "";
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, last) != 0) printf("%s ", row->noun);
        last = row->noun;
    }
    puts("\"\n  else\n    case \"$noun\" in");
    for (const cli_command *row = cli_commands; row->noun != NULL;) {
        const char *noun = row->noun;
        printf("    %s) words=\"", noun);
        for (; row->noun != NULL && strcmp(row->noun, noun) == 0; row++) {
            if (row->verb != NULL) printf("%s ", row->verb);
            for (const cli_option *o = row->options; o != NULL && o->name != NULL; o++)
                printf("--%s%s ", o->name, o->value != NULL ? "=" : "");
        }
        puts("\" ;;");
    }
    puts("    esac\n  fi\n"
         "  COMPREPLY=($(compgen -W \"$words --json --quiet --help\" -f -- "
         "\"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -F _ecommerce ecommerce");
    return CLI_OK;
}

/* Text of a man page: a leading dot or quote would be a request, a hyphen would be broken. */
static void man_text(const char *text)
{
    if (*text == '.' || *text == '\'') fputs("\\&", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\') putchar('\\');
        putchar(*text);
    }
}

int cli_man(cli *c)
{
    (void)c;
    printf(".TH ECOMMERCE 1 \"\" \"ecommerce %s\"\n.SH NAME\necommerce \\- an online shop in one "
           "file\n.SH SYNOPSIS\n.B ecommerce\n[\\-\\-storage=URI] [\\-\\-json] COMMAND ...\n"
           ".SH COMMANDS\n",
           ec_version());
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        printf(".TP\n.B %s %s\n", row->noun, row->verb != NULL ? row->verb : "");
        printf(".I ");
        man_text(row->arguments[0] != '\0' ? row->arguments : "\\&");
        puts("\n.br");
        man_text(row->summary);
        putchar('\n');
        for (const cli_option *o = row->options; o != NULL && o->name != NULL; o++) {
            printf(".br\n\\fB\\-\\-");
            man_text(o->name);
            if (o->value != NULL) printf("=%s", o->value);
            printf("\\fR ");
            man_text(o->help);
            putchar('\n');
        }
    }
    puts(".SH EXIT STATUS\n0 done, 1 failed, 2 usage, 3 not found, 4 conflict, 6 damage found, "
         "75 try again.\n.SH ENVIRONMENT\n.TP\n.B ECOMMERCE_STORAGE\nURI of the shop.\n.TP\n"
         ".B NO_COLOR\nno colours.");
    return CLI_OK;
}
