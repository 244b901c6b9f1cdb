/* agent_task: the task an agent is given, read strictly; and the same task made by someone who
 * calls the agent by hand. What may be connected to stands in its policy and nowhere else. */
#ifndef AGENTS_AGENT_TASK_H
#define AGENTS_AGENT_TASK_H

#include "agents/rule.h"
#include "agnostic/base/allow.h"
#include "agnostic/base/url.h"

enum {
    AGENT_TASK_MAX_BYTES = 1 << 20, /* of the line */
    AGENT_TASK_SESSION_SIZE = 129,
    AGENT_TASK_RPS_MAX = 100000
};

struct agent_task {
    struct json *root;
    char session_id[AGENT_TASK_SESSION_SIZE];
    struct text target;           /* the URL, ptr NULL: the task has no target */
    struct url url;               /* points into target */
    const struct json *standards; /* array of strings, or NULL */
    struct allow *allow;
    int64_t max_rps; /* requests a second, in all */
    bool modes[RULE_MODE__COUNT];
};

/* agent_task_read(line, &task, &fault): ERR_SYNTAX says what is wrong with it. The caller frees
 * with agent_task_free. */
enum err agent_task_read(struct text line, struct agent_task **ret_task, struct fault *ret_fault);
void agent_task_free(struct agent_task *task);

/* agent_task_make(name, url, allow, standards, buf): the line that agent_task_read takes, for the
 * agent `name` run by hand. allow: a list as of AGNOSTIC_TARGET_ALLOW, or NULL: exactly the host
 * of url. standards: comma-separated, or NULL. ERR_SYNTAX (of url). */
enum err agent_task_make(const char *name, const char *url, const char *allow,
                         const char *standards, struct buf *buf, struct fault *ret_fault);

#endif
