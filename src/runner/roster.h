/* roster: the agents this runner has, read from folders of manifests.
 *
 * Built-in manifests first, then the folders of AGNOSTIC_AGENTS_DIR in their order; a
 * later manifest replaces an earlier one of the same name. Read once per start or reload,
 * never per task. */
#ifndef AGNOSTIC_RUNNER_ROSTER_H
#define AGNOSTIC_RUNNER_ROSTER_H

#include <limits.h>

#include "runner/manifest.h"

enum { ROSTER_AGENTS_MAX = 64 };

struct agent {
    struct manifest manifest;
    bool builtin;
    char folder[PATH_MAX];  /* of its manifest */
    char program[PATH_MAX]; /* absolute, "" when it is not to be found */
    /* Why it cannot run here whatever the task: a stable word and a sentence; word NULL: it
     * can. Words: program_missing, tool_missing, sandbox_missing, network_not_allowed.
     */
    const char *unable;
    char unable_text[256];
};

struct roster {
    struct agent *agents[ROSTER_AGENTS_MAX]; /* owned; in role order, a role's own agent first */
    size_t count;
    /* What was passed over and why, one sentence each; for the log. */
    char *remarks[ROSTER_AGENTS_MAX];
    size_t remark_count;
};

/* roster_load(builtin_folder, folders, plugin_network, &roster): reads the manifests of
 * builtin_folder (NULL: <folder of the program>/../share/agnostic/agents.d) and of the
 * colon-separated folders. A bad manifest or an unreadable folder becomes a remark.
 * plugin_network: AGNOSTIC_PLUGIN_NETWORK. ERR_NOMEM. The caller frees with roster_free. */
enum err roster_load(const char *builtin_folder, const char *folders, bool plugin_network,
                     struct roster **ret_roster);
void roster_free(struct roster *roster);

/* roster_roles(roster): the roles whose own agent can run here. */
role_set roster_roles(const struct roster *roster);

#endif
