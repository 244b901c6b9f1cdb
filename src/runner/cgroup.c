/* Makes and removes groups in the cgroup file system. Knows nothing of agents. */
#include "runner/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agnostic/base/text.h"
#include "agnostic/base/time.h"
#include "runner/maker.h"

#define CGROUP_KIND "agnostic"
/* Where we are in a group that is ours; see cgroup_settle. */
#define CGROUP_LEAF "/agnostic-runner"

enum { CGROUP_TRIES = 50, CGROUP_PAUSE_MS = 2, CGROUP_LINES_MAX = 64 };

/* Where a group may be made: below our own group of the hierarchy, else below its root. `own` is
 * how that group's line in /proc/self/cgroup goes on behind the number; NULL: the root itself. */
enum place { PLACE_V1, PLACE_V2, PLACE_ROOT, PLACES };
static const struct {
    const char *mount, *own;
} places[PLACES] = {
    [PLACE_V1] = {"/sys/fs/cgroup/pids", ":pids:"},
    [PLACE_V2] = {"/sys/fs/cgroup", "::"},
    [PLACE_ROOT] = {"/sys/fs/cgroup", NULL},
};

/* --- places ------------------------------------------------------------------------- */

/* The path of the group we are in; false when we are in none of that kind. */
static bool find_membership(const char *own, char dst[static PATH_MAX]) {
    char line[PATH_MAX + 64];
    bool found = false;
    FILE *file = fopen("/proc/self/cgroup", "re");
    for (int i = 0; file && !found && i < CGROUP_LINES_MAX; i++) {
        if (!fgets(line, sizeof(line), file)) {
            break;
        }
        line[strcspn(line, "\n")] = '\0';
        const char *rest = line + strspn(line, "0123456789");
        found = strncmp(rest, own, strlen(own)) == 0 &&
                text_copy(text_of(rest + strlen(own)), dst, PATH_MAX);
    }
    if (file) {
        fclose(file);
    }
    return found;
}

/* The same, but of the leaf's group when we have settled in that. */
static bool find_own(const char *own, char dst[static PATH_MAX]) {
    struct text path;
    if (!find_membership(own, dst)) {
        return false;
    }
    path = text_of(dst);
    if (text_ends(path, TEXT(CGROUP_LEAF))) {
        dst[path.len - (sizeof(CGROUP_LEAF) - 1)] = '\0';
    }
    return true;
}

static bool find_place(size_t index, char dst[static PATH_MAX]) {
    char own[PATH_MAX] = "";
    if (places[index].own && !find_own(places[index].own, own)) {
        return false;
    }
    int len = snprintf(dst, PATH_MAX, "%s%s", places[index].mount, own);
    /* A group outside of our cgroup namespace is told as /../x. */
    return len > 0 && len < PATH_MAX && !strstr(own, "/..");
}

/* --- one group ---------------------------------------------------------------------- */

/* Writes a file of the group; -1 and errno. */
static int put(const char *group, const char *name, const char *text) {
    char path[PATH_MAX];
    int len = snprintf(path, sizeof(path), "%s/%s", group, name);
    int fd = len < (int)sizeof(path) ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        return -1;
    }
    ssize_t n = write(fd, text, strlen(text));
    close(fd);
    return n < 0 ? -1 : 0;
}

void cgroup_settle(void) {
    char own[PATH_MAX], group[PATH_MAX], leaf[PATH_MAX];
    if (!find_own(places[PLACE_V2].own, own) || strcmp(own, "/") == 0 ||
        !find_place(PLACE_V2, group)) {
        return;
    }
    int len = snprintf(leaf, sizeof(leaf), "%s" CGROUP_LEAF, group);
    if (len >= PATH_MAX || (mkdir(leaf, 0755) != 0 && errno != EEXIST)) {
        return;
    }
    /* EBUSY: somebody else is in it too, so it is not ours. */
    if (put(leaf, "cgroup.procs", "0") != 0 || put(group, "cgroup.subtree_control", "+pids") != 0) {
        put(group, "cgroup.procs", "0");
        rmdir(leaf);
        return;
    }
    put(group, "cgroup.subtree_control", "+memory"); /* not everywhere to be had */
}

static bool make_in(const char *place, const char *limit, char dst[static PATH_MAX]) {
    int len = snprintf(dst, PATH_MAX, "%s/" CGROUP_KIND "-%ld-XXXXXX", place, (long)getpid());
    if (len < 0 || len >= PATH_MAX || !mkdtemp(dst)) {
        return false;
    }
    if (put(dst, "pids.max", limit) == 0) {
        return true;
    }
    rmdir(dst);
    return false;
}

static void limit_memory(const char *group, int64_t mb) {
    char limit[32];
    snprintf(limit, sizeof(limit), "%lldM", (long long)mb);
    if (put(group, "memory.max", limit) == 0) {
        put(group, "memory.oom.group", "1");
    }
}

bool cgroup_make(int64_t processes_max, int64_t memory_mb, struct cgroup *ret_cgroup) {
    char place[PATH_MAX], limit[24];
    snprintf(limit, sizeof(limit), "%lld", (long long)processes_max);
    for (size_t i = 0; i < PLACES; i++) {
        if (find_place(i, place) && make_in(place, limit, ret_cgroup->path)) {
            limit_memory(ret_cgroup->path, memory_mb);
            return true;
        }
    }
    ret_cgroup->path[0] = '\0';
    return false;
}

int cgroup_join(const struct cgroup *cgroup) {
    return put(cgroup->path, "cgroup.procs", "0");
}

void cgroup_kill(const struct cgroup *cgroup) {
    if (cgroup->path[0]) {
        put(cgroup->path, "cgroup.kill", "1");
    }
}

bool cgroup_kills(void) {
    struct cgroup cgroup;
    if (!cgroup_make(1, 1, &cgroup)) {
        return false;
    }
    bool kills = put(cgroup.path, "cgroup.kill", "1") == 0;
    cgroup_end(&cgroup);
    return kills;
}

void cgroup_end(struct cgroup *cgroup) {
    if (!cgroup->path[0]) {
        return;
    }
    cgroup_kill(cgroup);
    /* What was killed may not have left it yet. */
    for (int i = 0; i < CGROUP_TRIES && rmdir(cgroup->path) != 0 && errno == EBUSY; i++) {
        time_sleep_ms(CGROUP_PAUSE_MS);
    }
    cgroup->path[0] = '\0';
}

/* --- what was left behind ----------------------------------------------------------- */

static void sweep_place(const char *place) {
    DIR *folder = opendir(place);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (maker_is_gone(entry->d_name, CGROUP_KIND)) {
            unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
        }
    }
    if (folder) {
        closedir(folder);
    }
}

void cgroup_sweep(void) {
    char place[PATH_MAX];
    for (size_t i = 0; i < PLACES; i++) {
        if (find_place(i, place)) {
            sweep_place(place);
        }
    }
}
