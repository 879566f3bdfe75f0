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

void cli_usage_group(FILE *to, const char *noun)
{
    fprintf(to, "usage: ecommerce %s COMMAND …\n\ncommands:\n", noun);
    for (const cli_command *row = cli_commands; row->noun != NULL; row++)
        if (strcmp(row->noun, noun) == 0) print_line(to, row);
    fprintf(to, "\n`ecommerce %s COMMAND --help` explains a command.\n", noun);
}

/* The verbs of a noun that is a command of its own. */
static void print_verbs(FILE *to, const cli_command *command)
{
    bool first = true;
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (command->verb != NULL || row->verb == NULL || strcmp(row->noun, command->noun) != 0)
            continue;
        if (first) fputs("\ncommands:\n", to);
        print_line(to, row);
        first = false;
    }
}

void cli_usage(FILE *to, const cli_command *command)
{
    if (command != NULL) {
        fprintf(to, "usage: ecommerce %s%s%s %s\n\n%s\n", command->noun,
                command->verb != NULL ? " " : "", command->verb != NULL ? command->verb : "",
                command->arguments, command->summary);
        if (command->options != NULL) fputs("\noptions:\n", to);
        print_options(to, command->options);
        print_verbs(to, command);
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
    const char *noun = c->arguments[0];
    const char *verb = c->count > 1 ? c->arguments[1] : NULL;
    bool group = false;
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, noun) != 0) continue;
        if (verb == NULL ? row->verb == NULL : row->verb != NULL && strcmp(row->verb, verb) == 0) {
            cli_usage(stdout, row);
            return CLI_OK;
        }
        group = true;
    }
    if (!group || verb != NULL)
        return cli_error(c, CLI_USAGE, "there is no command \"%s%s%s\"", noun,
                         verb != NULL ? " " : "", verb != NULL ? verb : "");
    cli_usage_group(stdout, noun);
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

/* The nouns, each once. */
static void print_nouns(void)
{
    const char *last = "";
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, last) != 0) printf("%s ", row->noun);
        last = row->noun;
    }
}

/* Options of one kind: those that want a value (with their equals sign), or flags. */
static void print_names(const cli_option *options, bool values)
{
    for (; options != NULL && options->name != NULL; options++)
        if ((options->value != NULL) == values) printf("--%s%s ", options->name, values ? "=" : "");
}

/* What may follow a noun: its verbs and flags, or options that want a value. */
static void print_followers(const char *noun, bool values)
{
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, noun) != 0) continue;
        if (!values && row->verb != NULL) printf("%s ", row->verb);
        print_names(row->options, values);
    }
}

/* A branch of a `case` for each noun: words that may follow it, then options with a value. */
static void print_branches(const char *words, const char *values, const char *end)
{
    const char *last = "";
    for (const cli_command *row = cli_commands; row->noun != NULL; row++) {
        if (strcmp(row->noun, last) == 0) continue;
        last = row->noun;
        printf("    %s) %s", row->noun, words);
        print_followers(row->noun, false);
        fputs(values, stdout);
        print_followers(row->noun, true);
        printf("%s ;;\n", end);
    }
}

static void complete_bash(void)
{
    fputs("_ecommerce() {\n"
          "  local noun=\"${COMP_WORDS[1]}\" words=\"\"\n"
          "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "    words=\"",
          stdout);
    print_nouns();
    puts("\"\n  else\n    case \"$noun\" in");
    print_branches("words=\"", "", "\"");
    puts("    esac\n  fi\n"
         "  COMPREPLY=($(compgen -W \"$words --json --quiet --help\" -f -- "
         "\"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -F _ecommerce ecommerce");
}

/* Good as a file in the function path (its first call completes) and read by a shell. */
static void complete_zsh(void)
{
    fputs("#compdef ecommerce\n"
          "_ecommerce() {\n"
          "  local -a names values\n"
          "  if (( CURRENT == 2 )); then\n"
          "    names=(",
          stdout);
    print_nouns();
    puts(")\n  else\n    case \"$words[2]\" in");
    print_branches("names=(", ") values=(", ")");
    puts("    esac\n"
         "    _files\n"
         "  fi\n"
         "  compadd -- $names --json --quiet --help\n"
         "  compadd -S '' -- $values\n"
         "}\n"
         "if [[ \"$funcstack[1]\" == _ecommerce ]]; then\n"
         "  _ecommerce \"$@\"\n"
         "else\n"
         "  compdef _ecommerce ecommerce\n"
         "fi");
}

int cli_completion(cli *c)
{
    const char *shell = c->arguments[0];
    if (strcmp(shell, "bash") == 0)
        complete_bash();
    else if (strcmp(shell, "zsh") == 0)
        complete_zsh();
    else
        return cli_error(c, CLI_USAGE, "completion is made for bash and zsh");
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
