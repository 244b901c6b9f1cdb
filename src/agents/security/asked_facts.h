/* asked_facts: answers to what was asked beside the pages themselves. */
#ifndef AGENTS_SECURITY_ASKED_FACTS_H
#define AGENTS_SECURITY_ASKED_FACTS_H

#include "agents/security/answer.h"
#include "agents/security/param_probe.h"
#include "agents/security/path_probe.h"

/* Answers to foreign origins. */
enum origin_probe { ORIGIN_FOREIGN, ORIGIN_NULL, ORIGIN_SUFFIXED, ORIGIN_PREFIXED, ORIGIN__COUNT };
struct cors_facts {
    char origin[ORIGIN__COUNT][URL_HOST_SIZE + 64]; /* as sent */
    struct answer answers[ORIGIN__COUNT];
};

/* Answers to paths that nothing leads to. */
enum { PATHS_RANDOM = 3, PATHS_DIRS_MAX = 8 };
struct path_facts {
    struct answer random[PATHS_RANDOM];     /* to paths that cannot exist */
    struct answer answers[PATH_PROBES_MAX]; /* one for each path_probe_get */
    struct answer dirs[PATHS_DIRS_MAX];     /* of what pages lead to */
    struct answer malformed;                /* to an escape that is none */
    size_t dir_count;
    int failures; /* in a row, the last of them */
};

/* Answers to other methods and names. */
enum { METHODS_MARK_SIZE = 32 };
struct method_facts {
    char mark[METHODS_MARK_SIZE]; /* sent with TRACE, written with PUT */
    struct answer trace, options;
    struct answer forwarded;          /* a GET with X-Forwarded-Host: FACTS_FOREIGN_HOST */
    struct answer put, read, removed; /* a file of our own name, in active mode */
};
#define FACTS_FOREIGN_HOST "qa-probe.invalid"

/* Answers to parameters that pages have, each with what no page expects. */
enum { PARAMS_MAX = 8 };
struct param_facts {
    struct param {
        char name[PARAM_NAME_SIZE];
        struct answer answers[PARAM_PROBE__COUNT];
    } items[PARAMS_MAX];
    size_t count, omitted; /* found, but one too many */
};

#endif
