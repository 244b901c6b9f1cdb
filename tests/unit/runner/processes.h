/* Processes of tests, told apart by their arguments. */
#ifndef TEST_RUNNER_PROCESSES_H
#define TEST_RUNNER_PROCESSES_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Seconds for a sleep that outlasts every test, and that no other run of the tests has. */
static inline const char *nap(void) {
    static char seconds[32];
    if (seconds[0] == '\0') {
        snprintf(seconds, sizeof(seconds), "94%d.5", (int)getpid());
    }
    return seconds;
}

/* script with nap() in place of NAP; lives until the next call. */
static inline const char *with_nap(const char *script) {
    static char filled[1024];
    size_t len = 0;
    for (const char *at = script; *at && len + sizeof("94") + 16 < sizeof(filled);) {
        bool is_nap = strncmp(at, "NAP", 3) == 0;
        len += (size_t)snprintf(filled + len, sizeof(filled) - len, "%.*s", is_nap ? 16 : 1,
                                is_nap ? nap() : at);
        at += is_nap ? 3 : 1;
    }
    return filled;
}

/* How many processes have needle among their arguments. */
static inline size_t count_processes(const char *needle) {
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    size_t found = 0;
    while (proc && (entry = readdir(proc))) {
        char path[300], line[4096];
        snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line));
        if (fd >= 0) {
            close(fd);
        }
        found += n > 0 && memmem(line, (size_t)n, needle, strlen(needle)) ? 1 : 0;
    }
    if (proc) {
        closedir(proc);
    }
    return found;
}

#endif
