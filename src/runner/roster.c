/* Gathers the agents from folders of manifests. Starts nothing and logs nothing. */
#include "runner/roster.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/confine.h"
#include "runner/program.h"

__attribute__((format(printf, 2, 3))) static void remark(struct roster *roster, const char *format,
                                                         ...) {
    va_list args;
    char *line = NULL;
    va_start(args, format);
    int len = vasprintf(&line, format, args);
    va_end(args);
    if (len < 0) {
        return;
    }
    if (roster->remark_count == ROSTER_AGENTS_MAX) {
        free(line);
        return;
    }
    roster->remarks[roster->remark_count++] = line;
}

static void agent_free(struct agent *agent) {
    if (agent) {
        manifest_done(&agent->manifest);
        free(agent);
    }
}

/* --- one file ----------------------------------------------------------------------- */

static enum err read_file(const char *path, struct buf *buf) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return ERR_IO;
    }
    char chunk[4096];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof(chunk))) > 0 && !buf->failed) {
        buf_put(buf, chunk, (size_t)n);
    }
    close(fd);
    return n < 0 || buf->failed ? ERR_IO : ERR_OK;
}

/* What keeps this agent from running here, found out once instead of at each task. */
static void find_obstacles(struct agent *agent, bool plugin_network) {
    const struct manifest *m = &agent->manifest;
    if (!program_find(m->command[0], agent->folder, agent->program)) {
        agent->program[0] = '\0';
        agent->unable = "program_missing";
        snprintf(agent->unable_text, sizeof(agent->unable_text),
                 "The program %.100s of agent %s is not installed.", m->command[0], m->name);
        return;
    }
    for (size_t i = 0; i < m->binaries_count; i++) {
        if (!program_in_path(m->binaries[i])) {
            agent->unable = "tool_missing";
            snprintf(agent->unable_text, sizeof(agent->unable_text),
                     "Agent %s needs %.100s, which is not installed (not in PATH).", m->name,
                     m->binaries[i]);
            return;
        }
    }
    if (m->strict && !confine_can_files()) {
        agent->unable = "sandbox_missing";
        snprintf(agent->unable_text, sizeof(agent->unable_text),
                 "Agent %s asks for a strict sandbox; this kernel has no Landlock.", m->name);
        return;
    }
    /* What comes with us keeps to the target, unless it says itself that it cannot. */
    bool unwatched = m->network == MANIFEST_NETWORK_ANY ||
                     (m->network == MANIFEST_NETWORK_TARGET && !agent->builtin);
    if (unwatched && !plugin_network) {
        agent->unable = "network_not_allowed";
        snprintf(agent->unable_text, sizeof(agent->unable_text),
                 "Plug-in %s asks for the network; AGNOSTIC_PLUGIN_NETWORK=yes allows it.",
                 m->name);
    }
}

static struct agent *agent_read(struct roster *roster, const char *folder, const char *file) {
    char path[PATH_MAX];
    struct fault fault;
    struct buf buf;
    struct agent *agent = calloc(1, sizeof(*agent));
    int len = snprintf(path, sizeof(path), "%s/%s", folder, file);
    if (!agent || len >= (int)sizeof(path)) {
        free(agent);
        return NULL;
    }
    buf_init(&buf, MANIFEST_MAX_BYTES);
    enum err err = read_file(path, &buf);
    if (err != ERR_OK) {
        fault_set(&fault, err, "%.400s: cannot be read, or is over %d bytes", path,
                  MANIFEST_MAX_BYTES);
    } else {
        err = manifest_read(buf_text(&buf), path, &agent->manifest, &fault);
    }
    buf_done(&buf);
    if (err != ERR_OK) {
        remark(roster, "%s", fault.text);
        free(agent);
        return NULL;
    }
    text_copy(text_of(folder), agent->folder, sizeof(agent->folder));
    return agent;
}

/* --- the collection ----------------------------------------------------------------- */

static void drop_named(struct roster *roster, const char *name) {
    for (size_t i = 0; i < roster->count; i++) {
        if (strcmp(roster->agents[i]->manifest.name, name) == 0) {
            agent_free(roster->agents[i]);
            memmove(&roster->agents[i], &roster->agents[i + 1],
                    (roster->count - i - 1) * sizeof(roster->agents[0]));
            roster->count--;
            return;
        }
    }
}

/* Role order; within a role its own agent, then the others by name. */
static int compare_agents(const void *a, const void *b) {
    const struct manifest *x = &(*(struct agent *const *)a)->manifest;
    const struct manifest *y = &(*(struct agent *const *)b)->manifest;
    if (x->role != y->role) {
        return x->role < y->role ? -1 : 1;
    }
    if (x->takes_role != y->takes_role) {
        return x->takes_role ? -1 : 1;
    }
    return strcmp(x->name, y->name);
}

static void add_file(struct roster *roster, const char *folder, const char *file, bool builtin,
                     bool plugin_network) {
    struct agent *agent = agent_read(roster, folder, file);
    if (!agent) {
        return;
    }
    drop_named(roster, agent->manifest.name);
    if (!agent->manifest.enabled) {
        agent_free(agent);
    } else if (!agent->manifest.has_role) {
        remark(roster, "%s/%s: member \"role\" is missing: %s is not one of the six agents", folder,
               file, agent->manifest.name);
        agent_free(agent);
    } else if (roster->count == ROSTER_AGENTS_MAX) {
        remark(roster, "%s/%s: more than %d agents", folder, file, ROSTER_AGENTS_MAX);
        agent_free(agent);
    } else {
        agent->builtin = builtin;
        find_obstacles(agent, plugin_network);
        roster->agents[roster->count++] = agent;
    }
}

static int is_manifest(const struct dirent *entry) {
    return entry->d_name[0] != '.' && text_ends(text_of(entry->d_name), TEXT(".json"));
}

static void add_folder(struct roster *roster, const char *folder, bool builtin,
                       bool plugin_network) {
    struct dirent **files = NULL;
    int count = scandir(folder, &files, is_manifest, alphasort);
    if (count < 0) {
        remark(roster, "%s: %s", folder, strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        add_file(roster, folder, files[i]->d_name, builtin, plugin_network);
        free(files[i]);
    }
    free(files);
}

static void add_folders(struct roster *roster, const char *folders, bool plugin_network) {
    struct text rest = text_of(folders), part;
    while (rest.len > 0 && text_cut(&rest, ':', &part)) {
        char folder[PATH_MAX];
        if (part.len > 0 && text_copy(part, folder, sizeof(folder))) {
            add_folder(roster, folder, false, plugin_network);
        }
    }
}

enum err roster_load(const char *builtin_folder, const char *folders, bool plugin_network,
                     struct roster **ret_roster) {
    char own[PATH_MAX], shared[PATH_MAX + 32];
    struct roster *roster = calloc(1, sizeof(*roster));
    if (!roster) {
        return ERR_NOMEM;
    }
    if (!builtin_folder && program_own_folder(own) == ERR_OK) {
        snprintf(shared, sizeof(shared), "%s/../share/agnostic/agents.d", own);
        builtin_folder = shared;
    }
    if (builtin_folder) {
        add_folder(roster, builtin_folder, true, plugin_network);
    }
    add_folders(roster, folders, plugin_network);
    qsort(roster->agents, roster->count, sizeof(roster->agents[0]), compare_agents);
    *ret_roster = roster;
    return ERR_OK;
}

void roster_free(struct roster *roster) {
    if (!roster) {
        return;
    }
    for (size_t i = 0; i < roster->count; i++) {
        agent_free(roster->agents[i]);
    }
    for (size_t i = 0; i < roster->remark_count; i++) {
        free(roster->remarks[i]);
    }
    free(roster);
}

role_set roster_roles(const struct roster *roster) {
    role_set roles = 0;
    for (size_t i = 0; i < roster->count; i++) {
        const struct agent *agent = roster->agents[i];
        if (agent->manifest.takes_role && !agent->unable) {
            roles |= ROLE_BIT(agent->manifest.role);
        }
    }
    return roles;
}
