/* access_query: one credential, one command. A key of the wrong type must never pass for "not
 * revoked", so a token is asked for with EXISTS and an API key with GET, which says so. */
#include "store/access_query.h"

#include <stdlib.h>

#include "agnostic/store/keys.h"

bool access_query_put(const struct access_query *query, struct command *command) {
    switch (query->kind) {
    case ACCESS_API_KEY:
        command_init(command, "GET");
        command_printf(command, KEYS_API_KEY, query->digest);
        return true;
    case ACCESS_TOKEN:
        command_init(command, "EXISTS");
        command_printf(command, KEYS_BLACKLIST, query->digest);
        return true;
    case ACCESS_NOTHING:
        break;
    }
    return false;
}

enum err access_query_read(const struct access_query *query, const struct redis_reply *reply,
                           struct access_answer *ret_answer) {
    struct access_answer answer = {0};
    struct text value;
    int64_t n;
    if (query->kind == ACCESS_TOKEN) {
        if (!redis_int(reply, &n)) {
            return ERR_DAMAGED;
        }
        answer.found = n != 0;
    } else if (query->kind == ACCESS_API_KEY && redis_text(reply, &value)) {
        answer.found = true;
        answer.value = text_dup(value);
        if (answer.value == NULL) {
            return ERR_NOMEM;
        }
    }
    *ret_answer = answer;
    return ERR_OK;
}

void access_answer_done(struct access_answer *answer) {
    free(answer->value);
    *answer = (struct access_answer){0};
}
