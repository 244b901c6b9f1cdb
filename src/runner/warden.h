/* warden: the process between a slot and its agent. Private to spawn. */
#ifndef AGNOSTIC_RUNNER_WARDEN_H
#define AGNOSTIC_RUNNER_WARDEN_H

#include "runner/spawn.h"

/* What travels over the status pipe; smaller than PIPE_BUF, so it arrives whole. */
struct warden_report {
    enum spawn_kind kind;
    int value;
    char step[24];
};

struct warden_pipes {
    int in, out, err, status; /* the far ends */
};

/* Who we are, asked before the user namespace hid it. */
struct warden_ids {
    bool user_ns; /* it is in a new user namespace, whose ids it maps itself */
    uid_t uid;
    gid_t gid;
};

/* warden_run(plan, pipes, ids, cgroup): the life of the warden, in the process that was just made.
 */
_Noreturn void warden_run(const struct spawn_plan *plan, const struct warden_pipes *pipes,
                          const struct warden_ids *ids, const struct cgroup *cgroup);

#endif
