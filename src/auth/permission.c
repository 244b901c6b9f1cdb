/* permission: words, roles and the one question asked of them. Must not know how
 * anybody proved who he is. */
#include "agnostic/auth/permission.h"

static const char *const WORDS[PERM__COUNT] = {
    [PERM_SESSIONS_READ] = "sessions:read",
    [PERM_SESSIONS_WRITE] = "sessions:write",
    [PERM_SESSIONS_DELETE] = "sessions:delete",
    [PERM_AGENTS_CONTROL] = "agents:control",
    [PERM_REPORTS_GENERATE] = "reports:generate",
    [PERM_REPORTS_EXPORT] = "reports:export",
    [PERM_USERS_MANAGE] = "users:manage",
    [PERM_SYSTEM_CONFIGURE] = "system:configure",
    [PERM_API_ACCESS] = "api:access",
};

#define READ PERM_BIT(PERM_SESSIONS_READ)
#define WRITE PERM_BIT(PERM_SESSIONS_WRITE)
#define AGENTS PERM_BIT(PERM_AGENTS_CONTROL)
#define GENERATE PERM_BIT(PERM_REPORTS_GENERATE)
#define EXPORT PERM_BIT(PERM_REPORTS_EXPORT)
#define CONFIGURE PERM_BIT(PERM_SYSTEM_CONFIGURE)
#define ACCESS PERM_BIT(PERM_API_ACCESS)

static const struct {
    const char *word;
    permission_set permissions; /* of a person in that role */
    bool on_key;                /* a key may have it */
} ROLES[] = {
    {"super_admin", PERM_ALL, true},
    {"org_admin", PERM_ALL & ~CONFIGURE, false},
    {"team_lead", READ | WRITE | AGENTS | GENERATE | EXPORT, false},
    {"qa_engineer", READ | WRITE | AGENTS | GENERATE, true},
    {"viewer", READ | GENERATE, false},
    {"api_user", READ | WRITE | ACCESS, true},
};

const char *permission_word(enum permission permission) {
    return WORDS[permission];
}

static permission_set permission_of(const struct json *word) {
    struct text text;
    if (!json_text(word, &text))
        return 0;
    for (int permission = 0; permission < PERM__COUNT; permission++) {
        if (text_is(text, WORDS[permission]))
            return PERM_BIT(permission);
    }
    return 0;
}

permission_set permission_read(const struct json *words) {
    permission_set set = 0;
    if (json_kind(words) != JSON_ARRAY)
        return 0;
    for (size_t i = 0; i < json_count(words); i++)
        set |= permission_of(json_at(words, i));
    return set;
}

void permission_put(permission_set set, struct json_out *out) {
    json_out_array(out);
    for (int permission = 0; permission < PERM__COUNT; permission++) {
        if (set & PERM_BIT(permission))
            json_out_str(out, WORDS[permission]);
    }
    json_out_end_array(out);
}

bool permission_role(struct text word, permission_set *ret_set) {
    for (size_t i = 0; i < sizeof(ROLES) / sizeof(ROLES[0]); i++) {
        if (text_is(word, ROLES[i].word)) {
            *ret_set = ROLES[i].permissions;
            return true;
        }
    }
    return false;
}

bool permission_key_role(struct text word, permission_set *ret_set) {
    for (size_t i = 0; i < sizeof(ROLES) / sizeof(ROLES[0]); i++) {
        if (ROLES[i].on_key && text_is(word, ROLES[i].word)) {
            *ret_set = ROLES[i].permissions | ACCESS;
            return true;
        }
    }
    return false;
}

const char *permission_key_roles(void) {
    return "'api_user', 'qa_engineer' or 'super_admin'";
}

bool principal_may(const struct principal *principal, enum permission permission) {
    return (principal->permissions & PERM_BIT(permission)) != 0;
}
