/* role: the six agents' names and titles. Knows nothing of what they do. */
#include "agnostic/task/role.h"

static const struct {
    const char *name, *title;
    int stage;
} ROLES[ROLE__COUNT] = {
    [ROLE_QA_MANAGER] = {"qa-manager", "QA manager", 0},
    [ROLE_SECURITY_COMPLIANCE] = {"security-compliance", "Security & compliance", 1},
    [ROLE_JUNIOR_QA] = {"junior-qa", "Junior QA", 1},
    [ROLE_SENIOR_QA] = {"senior-qa", "Senior QA", 1},
    [ROLE_PERFORMANCE] = {"performance", "Performance", 2},
    [ROLE_QA_ANALYST] = {"qa-analyst", "QA analyst", 3},
};

const char *role_name(enum role role) {
    return ROLES[role].name;
}

const char *role_title(enum role role) {
    return ROLES[role].title;
}

int role_stage(enum role role) {
    return ROLES[role].stage;
}

static bool is_name(struct text word, const char *name) {
    size_t i = 0;
    for (; i < word.len && name[i] != '\0'; i++) {
        if ((word.ptr[i] == '_' ? '-' : word.ptr[i]) != name[i])
            return false;
    }
    return i == word.len && name[i] == '\0';
}

bool role_read(struct text word, enum role *ret_role) {
    for (int role = 0; role < ROLE__COUNT; role++) {
        if (is_name(word, ROLES[role].name)) {
            *ret_role = (enum role)role;
            return true;
        }
    }
    return false;
}
