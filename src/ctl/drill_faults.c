/* drill_faults: kills slots and keepers of runners on this host. Never a runner's parent, nor
 * anything that is not agnostic-runner, nor anybody else's process. */
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
#include "ctl/drill.h"

enum { RUNNERS_MAX = 64, VICTIMS_MAX = 512, PROC_PATH_SIZE = 64, CHILDREN_MAX_BYTES = 8192 };
static const char PROGRAM[] = "agnostic-runner";

/* Pids of the runners that may be touched. */
struct local {
    char host[64];
    pid_t pids[RUNNERS_MAX];
    size_t count;
};

/* Is pid a process of ours that runs agnostic-runner? What Redis says may be old or wrong. */
static bool is_ours(pid_t pid) {
    char path[PROC_PATH_SIZE], exe[PATH_MAX];
    struct stat st;
    snprintf(path, sizeof(path), "/proc/%ld", (long)pid);
    if (pid <= 1 || stat(path, &st) != 0 || st.st_uid != geteuid())
        return false;
    snprintf(path, sizeof(path), "/proc/%ld/exe", (long)pid);
    ssize_t len = readlink(path, exe, sizeof(exe) - 1);
    if (len <= 0)
        return false;
    exe[len] = '\0';
    const char *name = strrchr(exe, '/');
    return name && strcmp(name + 1, PROGRAM) == 0;
}

static void take(void *ctx, const struct fleet_runner *runner) {
    struct local *local = ctx;
    bool here = strcmp(runner->host, local->host) == 0 && runner->pid > 1 &&
                runner->pid <= INT32_MAX && runner->beat_ago_ms <= FLEET_RUNNER_FRESH_MS;
    if (here && local->count < RUNNERS_MAX && is_ours((pid_t)runner->pid))
        local->pids[local->count++] = (pid_t)runner->pid;
}

static bool find_local(struct store *store, struct local *local) {
    *local = (struct local){0};
    return gethostname(local->host, sizeof(local->host) - 1) == 0 &&
           fleet_store_list(store, take, local) == ERR_OK;
}

int drill_faults_runners(struct store *store) {
    struct local local;
    return find_local(store, &local) ? (int)local.count : -1;
}

/* Adds the children of a runner: its slots and its keeper. */
static void add_children(pid_t pid, pid_t *victims, size_t *count) {
    char path[PROC_PATH_SIZE], text[CHILDREN_MAX_BYTES];
    uint64_t child;
    struct text rest, word;
    snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)pid, (long)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    rest = text_make(text, fread(text, 1, sizeof(text), file));
    fclose(file);
    while (*count < VICTIMS_MAX && text_cut(&rest, ' ', &word))
        if (text_u64(word, INT32_MAX, &child) && is_ours((pid_t)child))
            victims[(*count)++] = (pid_t)child;
}

bool drill_faults_strike(struct drill_faults *faults, struct store *store) {
    struct local local;
    pid_t victims[VICTIMS_MAX];
    size_t count = 0;
    uint32_t draw;
    if (faults->count >= DRILL_FAULTS_MAX || !find_local(store, &local))
        return false;
    for (size_t i = 0; i < local.count; i++)
        add_children(local.pids[i], victims, &count);
    if (count == 0 || secure_random(&draw, sizeof(draw)) != ERR_OK)
        return false;
    pid_t victim = victims[draw % count];
    if (kill(victim, SIGKILL) != 0)
        return false;
    faults->kills[faults->count++] = (struct drill_kill){victim, time_wall_us() / 1000};
    return true;
}
