/* Walks /proc/<pid>/task/<tid>/children. Process groups and parent-death signals do not reach
 * a daemon that forked twice; this does. */
#include "runner/tree.h"

#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/time.h"

enum { TREE_ROUNDS = 2000, TREE_PAUSE_MS = 2 };

/* Adds the children of one thread to pids; the new count. */
static size_t add_children(pid_t pid, const char *tid, pid_t *pids, size_t count, size_t max) {
    char path[96];
    long child;
    snprintf(path, sizeof(path), "/proc/%ld/task/%.20s/children", (long)pid, tid);
    FILE *file = fopen(path, "re");
    if (!file) {
        return count;
    }
    while (count < max && fscanf(file, "%ld", &child) == 1) {
        pids[count++] = (pid_t)child;
    }
    fclose(file);
    return count;
}

static size_t add_all_children(pid_t pid, pid_t *pids, size_t count, size_t max) {
    char path[64];
    snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
    DIR *threads = opendir(path);
    struct dirent *entry;
    while (threads && (entry = readdir(threads))) {
        if (entry->d_name[0] != '.') {
            count = add_children(pid, entry->d_name, pids, count, max);
        }
    }
    if (threads) {
        closedir(threads);
    }
    return count;
}

size_t tree_list(pid_t root, pid_t *pids, size_t max) {
    size_t count = add_all_children(root, pids, 0, max);
    for (size_t next = 0; next < count; next++) {
        count = add_all_children(pids[next], pids, count, max);
    }
    return count;
}

static bool is_kept(pid_t pid, const pid_t *keep, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (keep[i] == pid) {
            return true;
        }
    }
    return false;
}

/* Our children that are not kept, and all below them. Each is stopped before its children are
 * looked at: what multiplies would outrun its killer. */
static size_t stop_doomed(pid_t *pids, const pid_t *keep, size_t kept) {
    size_t children = add_all_children(getpid(), pids, 0, TREE_MAX), count = 0;
    for (size_t i = 0; i < children; i++) {
        if (!is_kept(pids[i], keep, kept)) {
            pids[count++] = pids[i];
        }
    }
    for (size_t next = 0; next < count; next++) {
        kill(pids[next], SIGSTOP);
        count = add_all_children(pids[next], pids, count, TREE_MAX);
    }
    return count;
}

/* How many there were. */
static size_t kill_round(pid_t *pids, const pid_t *keep, size_t kept) {
    size_t before, count = 0;
    do {
        before = count;
        count = stop_doomed(pids, keep, kept);
    } while (count > before);
    for (size_t i = 0; i < count; i++) {
        kill(pids[i], SIGKILL);
    }
    for (size_t i = 0; i < count; i++) {
        waitpid(pids[i], NULL, WNOHANG);
    }
    return count;
}

void tree_end(const pid_t *keep, size_t count) {
    pid_t *pids = malloc(TREE_MAX * sizeof(*pids));
    for (int round = 0; pids && round < TREE_ROUNDS; round++) {
        /* The list of children may be cut short by one that ends just then; only the kernel's
         * word that there are none is final, and it cannot be had with some to be kept. */
        size_t found = kill_round(pids, keep, count);
        bool none = count == 0 && waitpid(-1, NULL, WNOHANG) < 0;
        if (none || (count > 0 && found == 0)) {
            break;
        }
        time_sleep_ms(TREE_PAUSE_MS);
    }
    free(pids);
}
