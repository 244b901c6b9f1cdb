/* agent_task: the task an agent is given, read strictly; and the same task made by someone who
 * calls the agent by hand. What may be connected to stands in its policy and nowhere else. */
#ifndef AGENTS_AGENT_TASK_H
#define AGENTS_AGENT_TASK_H

#include "agents/rule.h"
#include "agnostic/base/allow.h"
#include "agnostic/base/url.h"
#include "agnostic/probe/gate.h"
#include "agnostic/task/load_wish.h"

enum {
    AGENT_TASK_MAX_BYTES = 1 << 20, /* of the line */
    AGENT_TASK_SESSION_SIZE = 129,
    AGENT_TASK_PATH_SIZE = 1024,
    AGENT_TASK_RPS_MAX = 100000,
    AGENT_TASK_SPARE_MS = 3000 /* for judging and telling before the runner ends us */
};

struct agent_task {
    struct json *root;
    char session_id[AGENT_TASK_SESSION_SIZE];
    struct text target;           /* the URL, ptr NULL: the task has no target */
    struct url url;               /* points into target */
    const struct json *standards; /* array of strings, or NULL */
    struct allow *allow;
    struct bounds *bounds;
    char workdir[AGENT_TASK_PATH_SIZE]; /* a folder for its files, "": none */
    int64_t max_rps;                    /* requests a second, in all */
    bool modes[RULE_MODE__COUNT];
    bool external_links; /* those of pages to other origins may be asked for */
};

/* agent_task_read(line, &task, &fault): ERR_SYNTAX says what is wrong with it. The caller frees
 * with agent_task_free. */
enum err agent_task_read(struct text line, struct agent_task **ret_task, struct fault *ret_fault);
void agent_task_free(struct agent_task *task);
/* agent_task_gate(task, &gate): the gate to all that the task's policy permits, and to nothing
 * else; the task must outlive it. Errors of gate_new. The caller frees with gate_free. */
enum err agent_task_gate(const struct agent_task *task, struct gate **ret_gate);
/* agent_task_left_ms(task, most): until the runner ends the agent, less what its ending takes;
 * at most `most`, at least 0. */
int64_t agent_task_left_ms(const struct agent_task *task, int64_t most);

/* What someone asks for by hand. */
struct agent_task_wish {
    const char *url;
    const char *allow;         /* a list as of AGNOSTIC_TARGET_ALLOW, or NULL: the host of url */
    const char *standards;     /* comma-separated, or NULL */
    struct load_wish load;     /* with allow NULL its rate is permitted; its mix is not looked at */
    const char *mix;           /* of load, comma-separated, or NULL */
    const struct json *checks; /* array, as user_check.h has them, or NULL */
    bool external_links;       /* links to other origins may be asked for */
    const char *workdir;       /* for its files, or NULL */
};
/* agent_task_make(name, wish, buf, &fault): the line that agent_task_read takes, for the agent
 * `name` run by hand. ERR_SYNTAX (of url). */
enum err agent_task_make(const char *name, const struct agent_task_wish *wish, struct buf *buf,
                         struct fault *ret_fault);

#endif
