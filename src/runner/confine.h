/* confine: what a process gives up before it becomes an agent. Every function is called in
 * the new process, on itself, and returns 0 or -1 with errno. */
#ifndef AGNOSTIC_RUNNER_CONFINE_H
#define AGNOSTIC_RUNNER_CONFINE_H

#include <stdbool.h>

#include "runner/manifest.h"

/* confine_resources(limits, alone, any_memory): rlimits; any_memory: all but rss_mb. alone: the
 * process count of this user namespace is the agent's own, so RLIMIT_NPROC limits exactly it (it
 * counts per user otherwise, and is left out). */
int confine_resources(const struct manifest_limits *limits, bool alone, bool any_memory);
/* confine_privileges(): no new privileges, no capabilities, not even for root. */
int confine_privileges(void);
/* confine_can_files(): does this kernel have Landlock? */
bool confine_can_files(void);
/* confine_files(readable, count, workdir, nests): from here on only system libraries, certificates
 * and the `readable` files and folders can be read (and run), and only workdir be written. nests:
 * also what this user may write of /proc, where the maps of its own user namespaces are set; not
 * for root, who may write the kernel's settings there. */
int confine_files(const char *const *readable, size_t count, const char *workdir, bool nests);

#endif
