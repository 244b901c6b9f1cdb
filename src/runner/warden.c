/* Starts the agent, reaps whatever ends, passes SIGTERM on, reports. Runs in a fork of the
 * slot without exec: allocates nothing, trusts nothing that it inherited. */
#include "runner/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/confine.h"

enum { STATUS_FD = 3, HIGH_FD = 64, WARDEN_FAILED = 127 };

static void report(enum spawn_kind kind, int value, const char *step) {
    struct warden_report news = {.kind = kind, .value = value};
    snprintf(news.step, sizeof(news.step), "%s", step);
    ssize_t written = write(STATUS_FD, &news, sizeof(news));
    (void)written; /* nobody is left to be told */
}

static _Noreturn void give_up(const char *step) {
    report(SPAWN_NOT_BEGUN, errno, step);
    _exit(WARDEN_FAILED);
}

/* --- becoming the warden ------------------------------------------------------------ */

/* Pipes to 0, 1, 2 and STATUS_FD; every other descriptor is closed. They are first moved out
 * of the way of each other. */
static int take_pipes(const struct warden_pipes *pipes) {
    const int from[] = {pipes->in, pipes->out, pipes->err, pipes->status};
    int high[4];
    for (int i = 0; i < 4; i++) {
        high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, HIGH_FD);
        if (high[i] < 0) {
            return -1;
        }
    }
    for (int i = 0; i < 4; i++) {
        if (dup2(high[i], i) < 0) {
            return -1;
        }
    }
    fcntl(STATUS_FD, F_SETFD, FD_CLOEXEC);
    return (int)syscall(SYS_close_range, STATUS_FD + 1, ~0U, 0);
}

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t n = write(fd, text, strlen(text));
    close(fd);
    return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* In a new user namespace we are nobody until our ids are mapped; to themselves. */
static int map_ids(const struct warden_ids *ids) {
    char line[64];
    if (write_file("/proc/self/setgroups", "deny") != 0 && errno != ENOENT) {
        return -1;
    }
    snprintf(line, sizeof(line), "%u %u 1", (unsigned)ids->uid, (unsigned)ids->uid);
    if (write_file("/proc/self/uid_map", line) != 0) {
        return -1;
    }
    snprintf(line, sizeof(line), "%u %u 1", (unsigned)ids->gid, (unsigned)ids->gid);
    return write_file("/proc/self/gid_map", line);
}

/* We die with the slot. It may have died before we asked for that: then nobody reads the
 * status pipe any more (getppid says nothing across a PID namespace). */
static void die_with_parent(void) {
    struct pollfd status = {.fd = STATUS_FD, .events = 0};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
        (poll(&status, 1, 0) == 1 && (status.revents & POLLERR))) {
        _exit(WARDEN_FAILED);
    }
}

/* --- becoming the agent ------------------------------------------------------------- */

static void reset_signals(const sigset_t *mask) {
    for (int sig = 1; sig < NSIG; sig++) {
        signal(sig, SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
}

static _Noreturn void become_agent(const struct spawn_plan *plan, pid_t warden, bool user_ns) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != warden) {
        give_up("parent");
    }
    if (setsid() < 0) {
        give_up("session");
    }
    umask(077);
    if (chdir(plan->workdir) != 0) {
        give_up("work folder");
    }
    if (confine_resources(plan->limits, user_ns, plan->any_memory) != 0) {
        give_up("limits");
    }
    if (confine_privileges() != 0) {
        give_up("privileges");
    }
    if (plan->confine &&
        confine_files(plan->readable, SPAWN_READABLE_MAX, plan->workdir, plan->nests) != 0) {
        give_up("confinement");
    }
    sigset_t none;
    sigemptyset(&none);
    reset_signals(&none);
    execve(plan->program, plan->argv, plan->envp);
    give_up("exec");
}

/* --- watching ----------------------------------------------------------------------- */

static void drop_agent_pipes(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd <= 2; fd++) {
        if (null < 0 || dup2(null, fd) < 0) {
            close(fd);
        }
    }
}

/* Reaps all that ended; true with the agent's own wait status when it is among them. */
static bool reap(pid_t agent, int *ret_status) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == agent) {
            *ret_status = status;
            return true;
        }
    }
    return false;
}

/* As the first of a namespace we reach all that is in it, whatever sessions it made. */
static void pass_on(pid_t agent) {
    if (kill(getpid() == 1 ? -1 : -agent, SIGTERM) != 0) {
        kill(agent, SIGTERM); /* it has not made its session yet */
    }
}

static int watch(pid_t agent, const sigset_t *signals) {
    int status;
    while (!reap(agent, &status)) {
        siginfo_t info;
        if (sigwaitinfo(signals, &info) == SIGTERM) {
            pass_on(agent);
        }
    }
    return status;
}

_Noreturn void warden_run(const struct spawn_plan *plan, const struct warden_pipes *pipes,
                          const struct warden_ids *ids, const struct cgroup *cgroup) {
    sigset_t signals;
    if (take_pipes(pipes) != 0) {
        _exit(WARDEN_FAILED);
    }
    die_with_parent();
    if (ids->user_ns && map_ids(ids) != 0) {
        give_up("user namespace");
    }
    if (cgroup->path[0] && cgroup_join(cgroup) != 0) {
        give_up("cgroup");
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    reset_signals(&signals);
    pid_t self = getpid();
    pid_t agent = fork();
    if (agent == 0) {
        become_agent(plan, self, ids->user_ns);
    }
    if (agent < 0) {
        give_up("fork");
    }
    drop_agent_pipes();
    int status = watch(agent, &signals);
    if (WIFEXITED(status)) {
        report(SPAWN_EXITED, WEXITSTATUS(status), "");
    } else {
        report(SPAWN_KILLED, WTERMSIG(status), "");
    }
    _exit(0);
}
