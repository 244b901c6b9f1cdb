/* permission: the nine permissions and the roles that hold them, one table.
 * Roles and sets are the original's (ADR-014); api keys of a role get the role's
 * permissions and `api:access`. */
#ifndef AGNOSTIC_AUTH_PERMISSION_H
#define AGNOSTIC_AUTH_PERMISSION_H

#include "agnostic/base/json.h"

/* In the original's order; the words are pinned by a test. */
enum permission {
    PERM_SESSIONS_READ,
    PERM_SESSIONS_WRITE,
    PERM_SESSIONS_DELETE,
    PERM_AGENTS_CONTROL,
    PERM_REPORTS_GENERATE,
    PERM_REPORTS_EXPORT,
    PERM_USERS_MANAGE,
    PERM_SYSTEM_CONFIGURE,
    PERM_API_ACCESS,
    PERM__COUNT
};
typedef uint32_t permission_set;
#define PERM_BIT(permission) ((permission_set)1 << (permission))
#define PERM_ALL (((permission_set)1 << PERM__COUNT) - 1)

const char *permission_word(enum permission permission);
/* permission_read(words): the set of the known words of a JSON array; others are ignored. */
permission_set permission_read(const struct json *words);
/* permission_put(set, out): a JSON array of words, in order. */
void permission_put(permission_set set, struct json_out *out);

/* permission_role(word, &set): permissions of a person in that role; false for an unknown role. */
bool permission_role(struct text word, permission_set *ret_set);
/* permission_key_role(word, &set): permissions of an API key of that role; false for a
 * role that keys cannot have. permission_key_roles(): "'api_user', 'qa_engineer' or ..." */
bool permission_key_role(struct text word, permission_set *ret_set);
const char *permission_key_roles(void);

/* Who is asking. */
struct principal {
    char user_id[128], email[256], role[64]; /* "" where the record had null */
    permission_set permissions;
};
bool principal_may(const struct principal *principal, enum permission permission);

#endif
