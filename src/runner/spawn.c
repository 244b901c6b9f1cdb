/* Makes the warden's process, in the tightest set of namespaces that this host grants, and
 * ends it again. Knows nothing of manifests' files, tasks or what an agent says. */
#include "runner/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/tree.h"
#include "runner/warden.h"

/* --- pipes -------------------------------------------------------------------------- */

enum { ENDS = 8 }; /* four pipes: stdin, stdout, stderr, status */

static void close_ends(const int *ends, size_t count) {
    for (size_t i = 0; i < count; i++) {
        close(ends[i]);
    }
}

/* Four pipes; our ends do not block. */
static int make_pipes(int ends[static ENDS]) {
    for (int i = 0; i < ENDS; i += 2) {
        if (pipe2(&ends[i], O_CLOEXEC) != 0) {
            close_ends(ends, (size_t)i);
            return -1;
        }
        int ours = i == 0 ? ends[1] : ends[i];
        fcntl(ours, F_SETFL, fcntl(ours, F_GETFL) | O_NONBLOCK);
    }
    return 0;
}

static void close_one(int *fd) {
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

/* --- namespaces --------------------------------------------------------------------- */

/* From tight to loose. A user namespace is what an ordinary user needs for the others; it
 * also gives RLIMIT_NPROC a count of its own. Root has no use for it (the kernel exempts root
 * from that limit) and may not make one in a chroot. */
struct fence {
    bool as_root, as_user;
    int flags;
};
static const struct fence fences[] = {
    {true, false, CLONE_NEWPID | CLONE_NEWNET},
    {true, false, CLONE_NEWPID},
    {false, true, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET},
    {false, true, CLONE_NEWUSER | CLONE_NEWPID},
    {true, true, 0},
};

/* fork with flags; the namespaces that were possible are in ret_flags. */
static pid_t make_process(bool offline, bool beside, int *ret_flags) {
    bool root = geteuid() == 0;
    pid_t pid = -1;
    for (size_t i = 0; i < sizeof(fences) / sizeof(fences[0]); i++) {
        const struct fence *fence = &fences[i];
        bool fits = (root ? fence->as_root : fence->as_user) &&
                    (offline || !(fence->flags & CLONE_NEWNET)) &&
                    (!beside || (fence->flags & CLONE_NEWPID));
        if (fits) {
            pid = (pid_t)syscall(SYS_clone, fence->flags | SIGCHLD, NULL, NULL, NULL, NULL);
            if (pid >= 0) {
                *ret_flags = fence->flags;
                return pid;
            }
        }
    }
    return pid;
}

/* Does the first fence that this user may ask for hold? */
bool spawn_contains(void) {
    int flags = 0;
    pid_t pid = make_process(false, false, &flags);
    if (pid == 0) {
        _exit(0);
    }
    if (pid > 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    return pid > 0 && (flags & CLONE_NEWPID);
}

const char *spawn_containment(void) {
    return cgroup_kills() ? "cgroup" : spawn_contains() ? "pid_namespace" : "subreaper";
}

/* --- life --------------------------------------------------------------------------- */

enum err spawn_start(const struct spawn_plan *plan, struct spawn *ret_spawn,
                     struct fault *ret_fault) {
    int ends[ENDS], flags = 0;
    const struct warden_ids who = {false, geteuid(), getegid()};
    struct cgroup cgroup = {""};
    /* What our sweep must find has to become our child. */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    /* An agent that does not read its task must not end us. */
    signal(SIGPIPE, SIG_IGN);
    if (make_pipes(ends) != 0) {
        return fault_set(ret_fault, ERR_IO, "no pipe for an agent: %s", strerror(errno));
    }
    cgroup_make(plan->limits->nproc + 1, plan->limits->rss_mb, &cgroup); /* with the warden */
    pid_t pid = make_process(plan->offline, plan->beside, &flags);
    if (pid == 0) {
        struct warden_ids ids = who;
        ids.user_ns = (flags & CLONE_NEWUSER) != 0;
        warden_run(plan, &(struct warden_pipes){ends[0], ends[3], ends[5], ends[7]}, &ids, &cgroup);
    }
    int why = errno;
    close_ends((int[]){ends[0], ends[3], ends[5], ends[7]}, 4);
    if (pid < 0) {
        close_ends((int[]){ends[1], ends[2], ends[4], ends[6]}, 4);
        cgroup_end(&cgroup);
        return fault_set(ret_fault, ERR_IO, "no process for an agent: %s", strerror(why));
    }
    *ret_spawn = (struct spawn){.warden = pid,
                                .in = ends[1],
                                .out = ends[2],
                                .err = ends[4],
                                .status = ends[6],
                                .contained = (flags & CLONE_NEWPID) != 0,
                                .cgroup = cgroup,
                                .counted = (flags & CLONE_NEWUSER) != 0 || cgroup.path[0],
                                .offline = (flags & CLONE_NEWNET) != 0};
    return ERR_OK;
}

bool spawn_news(struct spawn *spawn, struct spawn_end *ret_end) {
    struct warden_report news;
    ssize_t n = read(spawn->status, &news, sizeof(news));
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (n == (ssize_t)sizeof(news)) {
        *ret_end = (struct spawn_end){.kind = news.kind, .value = news.value};
        memcpy(ret_end->step, news.step, sizeof(news.step));
        ret_end->step[sizeof(ret_end->step) - 1] = '\0';
    } else {
        *ret_end = (struct spawn_end){.kind = SPAWN_KILLED, .value = SIGKILL};
    }
    close_one(&spawn->status);
    return true;
}

void spawn_ask(const struct spawn *spawn) {
    if (spawn->warden > 0) {
        kill(spawn->warden, SIGTERM);
    }
}

void spawn_end_all(struct spawn *spawn) {
    if (spawn->warden <= 0) {
        return;
    }
    cgroup_kill(&spawn->cgroup);
    if (spawn->contained) {
        kill(spawn->warden, SIGKILL);
        while (waitpid(spawn->warden, NULL, 0) < 0 && errno == EINTR) {
        }
    } else {
        tree_end(NULL, 0);
    }
    cgroup_end(&spawn->cgroup);
    spawn->warden = -1;
}

void spawn_done(struct spawn *spawn) {
    close_one(&spawn->in);
    close_one(&spawn->out);
    close_one(&spawn->err);
    close_one(&spawn->status);
}

bool spawn_exceeds(const struct spawn *spawn, size_t max) {
    pid_t *pids = calloc(max + 1, sizeof(*pids));
    bool exceeds = pids && spawn->warden > 0 && tree_list(spawn->warden, pids, max + 1) > max;
    free(pids);
    return exceeds;
}
