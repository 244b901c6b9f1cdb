/* role: the six agents a client can ask for. A plug-in takes the place of one of them
 * or works beside it in its role. */
#ifndef AGNOSTIC_TASK_ROLE_H
#define AGNOSTIC_TASK_ROLE_H

#include "agnostic/base/text.h"

/* In the order in which a task runs them (and reports them). */
enum role {
    ROLE_QA_MANAGER,
    ROLE_SECURITY_COMPLIANCE,
    ROLE_JUNIOR_QA,
    ROLE_SENIOR_QA,
    ROLE_PERFORMANCE,
    ROLE_QA_ANALYST,
    ROLE__COUNT
};

/* "security-compliance", ... */
const char *role_name(enum role role);
/* When it works: 0 first (who plans), then 1 (who tests), 2 (who loads), 3 (who compares). */
enum { ROLE_STAGE_MAX = 9 };
int role_stage(enum role role);
/* "Security & compliance", ... */
const char *role_title(enum role role);
/* role_read(word, &role): accepts '_' for '-'. */
bool role_read(struct text word, enum role *ret_role);

/* A set of roles; 0 means none chosen. */
typedef uint32_t role_set;
#define ROLE_BIT(role) ((role_set)1 << (role))
#define ROLE_ALL (((role_set)1 << ROLE__COUNT) - 1)

#endif
