/* SPDX-License-Identifier: MIT */
/*
 * program.c - runs the command line program and keeps what it said.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "harness/program.h"

char program_output[PROGRAM_OUTPUT_MAX];
char program_shop[256];

int program_run(const char *arguments)
{
    char command[8192];
    (void)snprintf(command, sizeof command,
                   "ECOMMERCE_STORAGE=sqlite:%s %s/examples/ecommerce %s 2>&1", program_shop,
                   EC_BINARY_DIR, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(program_output, 1, sizeof program_output - 1, pipe);
    program_output[length] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

void program_runs(const char *arguments, int code)
{
    int exit_code = program_run(arguments);
    if (exit_code != code) fail_msg("%s: exit %d\n%s", arguments, exit_code, program_output);
}

void program_says(const char *text)
{
    if (strstr(program_output, text) == NULL)
        fail_msg("\"%s\" is not in:\n%s", text, program_output);
}

void program_expect(const char *arguments, int code, const char *text)
{
    program_runs(arguments, code);
    program_says(text);
}

static void remove_shop(void)
{
    static const char *const endings[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < 3; i++) {
        char path[300];
        (void)snprintf(path, sizeof path, "%s%s", program_shop, endings[i]);
        (void)unlink(path);
    }
}

int program_open(const char *name, const char *init)
{
    char arguments[256];
    (void)snprintf(program_shop, sizeof program_shop, "%s", temp_path(name));
    remove_shop();
    (void)snprintf(arguments, sizeof arguments, "init %s", init);
    return program_run(arguments);
}

int program_close(void **state)
{
    (void)state;
    remove_shop();
    return 0;
}
