/* SPDX-License-Identifier: MIT */
/*
 * support.c - clocks, files and numbers for the measurements.
 *
 * The folder goes away with the program, also when a measurement fails. It refuses to continue
 * after any failure.
 */
#include "bench/bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The folder to be removed at the end; "": none. */
static char folder_at_exit[1024];

static void remove_at_exit(void)
{
    struct dirent *entry = NULL;
    char path[BENCH_PATH + 256];
    DIR *folder = folder_at_exit[0] != '\0' ? opendir(folder_at_exit) : NULL;
    if (folder == NULL) return;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder_at_exit, entry->d_name);
        (void)unlink(path);
    }
    (void)closedir(folder);
    (void)rmdir(folder_at_exit);
    folder_at_exit[0] = '\0';
}

void bench_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fputs("bench: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(2);
}

void *bench_alloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) bench_die("out of memory");
    return memory;
}

static double seconds_of(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) bench_die("there is no clock");
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double bench_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double bench_cpu(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t bench_wall_ms(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_REALTIME, &time) != 0) bench_die("there is no clock");
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one < two ? -1 : one > two;
}

double bench_median(double *values, size_t count)
{
    if (count == 0) return 0;
    qsort(values, count, sizeof(*values), by_size);
    return values[count / 2];
}

void bench_path(const bench *b, const char *name, char out[BENCH_PATH])
{
    (void)snprintf(out, BENCH_PATH, "%s/%s", b->folder, name);
}

void bench_folder_make(bench *b, const char *parent)
{
    int length = snprintf(b->folder, sizeof(b->folder), "%s/bench.XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof(b->folder)) bench_die("%s: too long", parent);
    if (mkdtemp(b->folder) == NULL) bench_die("%s: no folder can be made there", parent);
    memcpy(folder_at_exit, b->folder, sizeof(folder_at_exit));
    (void)atexit(remove_at_exit);
}

void bench_folder_remove(bench *b)
{
    remove_at_exit();
    b->folder[0] = '\0';
}

void bench_file_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[BENCH_PATH + 8];
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

void bench_file_copy(const char *from, const char *to)
{
    static char buffer[1 << 16];
    ssize_t got = 0;
    bench_file_remove(to);
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0) bench_die("%s: it cannot be copied", from);
    while ((got = read(in, buffer, sizeof(buffer))) > 0)
        if (write(out, buffer, (size_t)got) != got) bench_die("%s: it cannot be written", to);
    /* the disk's work for the copy is not to fall into a measurement */
    if (got < 0 || fsync(out) != 0 || close(out) != 0 || close(in) != 0)
        bench_die("%s: it cannot be copied", from);
}

uint64_t bench_random(uint64_t *state, uint64_t n)
{
    *state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % n;
}
