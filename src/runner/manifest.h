/* manifest: what one agent's file says about it (deploy/schema/manifest.schema.json).
 * Mandatory: manifest, name, command. All else has the defaults of the schema. */
#ifndef AGNOSTIC_RUNNER_MANIFEST_H
#define AGNOSTIC_RUNNER_MANIFEST_H

#include "agnostic/base/json.h"
#include "agnostic/task/role.h"

enum {
    MANIFEST_MAX_BYTES = 65536, /* of a file */
    MANIFEST_NAME_SIZE = 65,    /* with NUL */
    MANIFEST_ARGS_MAX = 64,
    MANIFEST_ENV_MAX = 32,
    MANIFEST_BINARIES_MAX = 32
};

enum manifest_network { MANIFEST_NETWORK_NONE, MANIFEST_NETWORK_TARGET, MANIFEST_NETWORK_ANY };

/* What one run may use. */
struct manifest_limits {
    int64_t cpu_s, rss_mb, fsize_mb; /* per process */
    int64_t nproc;                   /* of the whole run */
    int64_t stdout_mb, line_kb;      /* read; more is discarded */
    int64_t max_rps, max_requests;   /* told to the agent */
};

struct manifest {
    struct json *root;             /* owned; every string below lives in it */
    char name[MANIFEST_NAME_SIZE]; /* a role's own name in its canonical spelling */
    bool has_role;                 /* one of the six, or attached to one by "role" */
    enum role role;
    bool takes_role;    /* it is named like the role: it is the role's agent */
    bool enabled;       /* false: removes the agent of that name */
    bool strict;        /* "sandbox": "strict" */
    bool wants_history; /* "input": "task+history" */
    bool wants_results; /* "input": "task+results", both: "task+results+history" */
    bool when_named;    /* "when": "named": it runs only for tasks that name it */
    bool browser;       /* "needs": {"browser": true}: it starts one, with a sandbox of its own */
    bool alone;         /* "needs": {"target": "alone"}: nobody else may test it meanwhile */
    enum manifest_network network;
    int64_t stage; /* those of one stage work side by side; -1: that of its role */
    int64_t timeout_s;
    struct manifest_limits limits;
    const char *command[MANIFEST_ARGS_MAX];
    size_t command_count;
    const char *env[MANIFEST_ENV_MAX]; /* names to pass on */
    size_t env_count;
    const char *binaries[MANIFEST_BINARIES_MAX]; /* programs that must be in PATH */
    size_t binaries_count;
};

/* manifest_read(text, file, &manifest, &fault): reads one manifest. ERR_SYNTAX with file
 * and the faulty member named in fault; ERR_NOMEM. `file` is for messages only. The caller
 * releases with manifest_done. */
enum err manifest_read(struct text text, const char *file, struct manifest *ret_manifest,
                       struct fault *ret_fault);
void manifest_done(struct manifest *manifest);

#endif
