/* cgroup: the kernel's count of an agent's processes, and its way of ending them together. Wants
 * the pids controller, of cgroup v1 or v2, and the right to make a group there; where that is
 * missing the caller counts by itself. */
#ifndef AGNOSTIC_RUNNER_CGROUP_H
#define AGNOSTIC_RUNNER_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct cgroup {
    char path[PATH_MAX]; /* "": none */
};

/* cgroup_settle(): for a runner that begins, before it has children. Of a v2 group that was handed
 * to us alone (systemd's Delegate=) this process moves into a leaf, since a group with processes
 * of its own cannot count those of groups inside it. Where that is not granted all stays. */
void cgroup_settle(void);

/* cgroup_make(processes_max, memory_mb, &cgroup): an empty group that holds at most so many
 * processes and threads, which together, where v2 counts memory here, use so much of it, or are
 * killed together; false, and "none", where not even processes are counted. Its maker's pid stands
 * in its name. */
bool cgroup_make(int64_t processes_max, int64_t memory_mb, struct cgroup *ret_cgroup);
/* cgroup_join(cgroup): moves this process into it, and with it what it will fork. Allocates
 * nothing. Returns 0, or -1 and errno. */
int cgroup_join(const struct cgroup *cgroup);
/* cgroup_kill(cgroup): kills all that is in it, at once, where the kernel can (v2). */
void cgroup_kill(const struct cgroup *cgroup);
/* cgroup_end(cgroup): cgroup_kill, and removes it. */
void cgroup_end(struct cgroup *cgroup);
/* cgroup_kills(): can a group be made here that cgroup_kill works on? */
bool cgroup_kills(void);
/* cgroup_sweep(): removes the empty groups of makers that are no more. */
void cgroup_sweep(void);

#endif
