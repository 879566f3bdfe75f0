/* SPDX-License-Identifier: MIT */
/*
 * create.c - the file of a new database, readable by its owner only.
 *
 * SQLite would leave its rights to the umask, and a shop holds the addresses of people. The log and
 * the index beside a database take its rights. The file is made under another name and linked to
 * its own: were it opened and closed where other threads already find it, the close would drop the
 * locks of their connections. It refuses nothing, and leaves files that are there as they are: what
 * goes wrong here goes wrong in SQLite again, which then says what it is.
 */
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void ec_sqlite_create(const ec_sqlite *storage)
{
    const char *path = storage->settings.path;
    char passing[PATH_MAX];
    struct stat facts;
    uint64_t number = 0;
    if (lstat(path, &facts) == 0 || errno != ENOENT) {
        return;
    }
    storage->platform->random(storage->platform->ctx, &number, sizeof number);
    int length =
        snprintf(passing, sizeof passing, "%s.new-%016llx", path, (unsigned long long)number);
    if (length < 0 || (size_t)length >= sizeof passing) {
        return;
    }
    int file = open(passing, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return;
    }
    (void)close(file);
    int linked = link(passing, path); /* fails where another was faster */
    (void)linked;
    (void)unlink(passing);
}
