/* spawn: a process that becomes an agent, and the certain end of it.
 *
 * Between us and the agent stands a warden: it starts the agent, passes SIGTERM on, and reports how
 * it ended. Where the host allows it the warden is the first process of a PID namespace: when it
 * ends, the kernel ends all that is left, a daemon that forked twice included. Elsewhere we are its
 * subreaper and sweep; that ends daemons surely. limits.nproc is kept by the kernel: in a user
 * namespace, or, for root, by a cgroup; with neither, a fork bomb may grow past it before the
 * caller's count has caught up with it. */
#ifndef AGNOSTIC_RUNNER_SPAWN_H
#define AGNOSTIC_RUNNER_SPAWN_H

#include <sys/types.h>

#include "agnostic/base/err.h"
#include "runner/cgroup.h"
#include "runner/manifest.h"

enum { SPAWN_READABLE_MAX = 8 };

struct spawn_plan {
    const char *program; /* absolute */
    char *const *argv, *const *envp;
    const char *workdir;
    const struct manifest_limits *limits;
    bool any_memory; /* limits.rss_mb does not hold for each of its processes */
    bool offline;    /* no network, where the host can do that */
    bool beside;  /* others run beside it: only in a PID namespace, the sweep would take them too */
    bool nests;   /* confined, it may confine its own processes further by user namespaces */
    bool confine; /* Landlock: only `readable` besides the system, only workdir written */
    const char *readable[SPAWN_READABLE_MAX]; /* NULL entries are passed over */
};

struct spawn {
    pid_t warden;
    int in, out, err; /* our ends, non-blocking; -1 once closed */
    int status;       /* readable when there is news; -1 once over */
    bool contained;   /* in a PID namespace */
    struct cgroup cgroup;
    bool counted; /* the kernel enforces limits.nproc; else the caller counts */
    bool offline; /* without network */
};

/* How the agent ended. */
enum spawn_kind {
    SPAWN_RUNNING,
    SPAWN_EXITED,   /* value: exit status */
    SPAWN_KILLED,   /* value: signal */
    SPAWN_NOT_BEGUN /* value: errno; step says where */
};
struct spawn_end {
    enum spawn_kind kind;
    int value;
    char step[24];
};

/* spawn_containment(): what will end all of an agent here, asked of this host: "cgroup"
 * (cgroup.kill), "pid_namespace", or "subreaper". */
const char *spawn_containment(void);
/* spawn_contains(): can agents of one process run side by side, each ended without the others? They
 * can in PID namespaces. */
bool spawn_contains(void);
/* spawn_start(plan, &spawn, &fault): ERR_IO when no process or pipe can be had, or plan->beside and
 * no PID namespace (there may be too many of them for now). That the program itself cannot be run
 * is told later by spawn_news. From then on this process is a subreaper and ignores SIGPIPE. */
enum err spawn_start(const struct spawn_plan *plan, struct spawn *ret_spawn,
                     struct fault *ret_fault);
/* spawn_news(spawn, &end): reads what the warden reported; true when it is over (end is
 * then filled, and SPAWN_KILLED with SIGKILL when the warden itself was killed). */
bool spawn_news(struct spawn *spawn, struct spawn_end *ret_end);
/* spawn_ask(spawn): SIGTERM to all of the agent in a PID namespace, else to its process group. */
void spawn_ask(const struct spawn *spawn);
/* spawn_end_all(spawn): kills all that is left of it and waits; the pipes stay for what was
 * still in them. */
void spawn_end_all(struct spawn *spawn);
/* spawn_done(spawn): closes the pipes. */
void spawn_done(struct spawn *spawn);
/* spawn_exceeds(spawn, max): has it more than max processes now, without the warden? Costs no
 * more than max of them do, however many there are. */
bool spawn_exceeds(const struct spawn *spawn, size_t max);

#endif
