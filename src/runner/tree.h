/* tree: the descendants of a process, found through /proc. For hosts where an agent could
 * not be put into a PID namespace, and for counting. */
#ifndef AGNOSTIC_RUNNER_TREE_H
#define AGNOSTIC_RUNNER_TREE_H

#include <stddef.h>
#include <sys/types.h>

enum { TREE_MAX = 8192 };

/* tree_list(root, pids, max): the descendants of root, without root; at most max of them
 * are stored. Returns how many. Without CONFIG_PROC_CHILDREN: 0. */
size_t tree_list(pid_t root, pid_t *pids, size_t max);
/* tree_end(keep, count): kills and reaps every descendant of this process but the children
 * in keep and what is below them, until none is left (this process must be a subreaper: what
 * loses its parent becomes its child). Gives up after some seconds on what cannot die. */
void tree_end(const pid_t *keep, size_t count);

#endif
