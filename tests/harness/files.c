/* SPDX-License-Identifier: MIT */
/*
 * files.c - a folder that goes away with the program, and the shared data.
 */
#include <dirent.h>
#include <limits.h>
#include <unistd.h>

#include "harness/harness.h"

static char folder[PATH_MAX];
static pid_t folder_owner; /* a forked child must not remove it */

static void remove_folder(void)
{
    char path[PATH_MAX * 2];
    DIR *dir = getpid() == folder_owner ? opendir(folder) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            (void)unlink(path);
        }
    }
    if (dir) {
        (void)closedir(dir);
        (void)rmdir(folder);
    }
}

const char *temp_path(const char *name)
{
    static char path[PATH_MAX * 2];
    if (folder[0] == '\0') {
        const char *root = getenv("TMPDIR");
        snprintf(folder, sizeof folder, "%s/ecommerce-test-XXXXXX", root ? root : "/tmp");
        assert_non_null(mkdtemp(folder));
        folder_owner = getpid();
        (void)atexit(remove_folder);
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

const char *data_path(const char *name)
{
    static char path[PATH_MAX * 2];
    const char *root = getenv("EC_TEST_DATA");
    snprintf(path, sizeof path, "%s/%s", root ? root : EC_SOURCE_DIR "/../shared/data", name);
    return access(path, R_OK) == 0 ? path : NULL;
}

char *data_read(const char *name, size_t *length)
{
    const char *path = data_path(name);
    FILE *file = path ? fopen(path, "rb") : NULL;
    char *text = NULL;
    if (!file) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size >= 0 ? malloc((size_t)size + 1) : NULL;
        assert_non_null(text);
        *length = fread(text, 1, (size_t)size, file);
        text[*length] = '\0';
    }
    (void)fclose(file);
    return text;
}
