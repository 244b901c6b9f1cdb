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

/* One round: the children that are not kept, with all below them. How many there were. */
static size_t kill_round(pid_t *pids, const pid_t *keep, size_t kept) {
    size_t children = add_all_children(getpid(), pids, 0, TREE_MAX);
    size_t found = 0;
    for (size_t i = 0; i < children; i++) {
        if (is_kept(pids[i], keep, kept)) {
            continue;
        }
        found++;
        size_t below = tree_list(pids[i], pids + children, TREE_MAX - children);
        kill(pids[i], SIGKILL);
        for (size_t j = 0; j < below; j++) {
            kill(pids[children + j], SIGKILL);
        }
        waitpid(pids[i], NULL, WNOHANG);
    }
    return found;
}

void tree_end(const pid_t *keep, size_t count) {
    pid_t *pids = malloc(TREE_MAX * sizeof(*pids));
    for (int round = 0; pids && round < TREE_ROUNDS; round++) {
        if (kill_round(pids, keep, count) == 0) {
            break;
        }
        time_sleep_ms(TREE_PAUSE_MS);
    }
    free(pids);
}
