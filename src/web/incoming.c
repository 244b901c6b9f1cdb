/* incoming: picks the dozen CGI parameters that matter in one pass over the environment.
 * Must not know where the environment came from, nor judge what it says. */
#include "web/incoming.h"

#include <string.h>

static const struct text NAMES[INCOMING_HEADER__COUNT] = {
#define X(id, name) [INCOMING_##id] = {name, sizeof(name) - 1},
    INCOMING_HEADERS(X)
#undef X
};

static void incoming_take(struct incoming *incoming, const char *entry) {
    const char *equals = strchr(entry, '=');
    if (equals == NULL)
        return;
    struct text name = text_make(entry, (size_t)(equals - entry));
    for (unsigned i = 0; i < INCOMING_HEADER__COUNT; i++) {
        if (!text_eq(NAMES[i], name))
            continue;
        if (incoming->header[i].ptr != NULL)
            incoming->twice |= UINT32_C(1) << i;
        else
            incoming->header[i] = text_of(equals + 1);
        return;
    }
}

/* What may not be ambiguous or missing. Credentials given twice are the guard's business. */
static enum err incoming_judge(const struct incoming *incoming) {
    if (!incoming_has(incoming, INCOMING_METHOD) || !incoming_has(incoming, INCOMING_URI) ||
        incoming_has_twice(incoming, INCOMING_METHOD) ||
        incoming_has_twice(incoming, INCOMING_URI) ||
        incoming_has_twice(incoming, INCOMING_CONTENT_LENGTH))
        return ERR_BAD_REQUEST;
    return ERR_OK;
}

void incoming_init(struct incoming *incoming, const char *const *envp) {
    *incoming = (struct incoming){0};
    for (size_t i = 0; envp[i] != NULL; i++) {
        if (i == INCOMING_PARAMS_MAX) {
            incoming->fault = ERR_HEADERS;
            return;
        }
        incoming_take(incoming, envp[i]);
    }
    incoming->fault = incoming_judge(incoming);
}

bool incoming_has(const struct incoming *incoming, enum incoming_header id) {
    return incoming->header[id].ptr != NULL;
}

bool incoming_has_twice(const struct incoming *incoming, enum incoming_header id) {
    return (incoming->twice >> id & 1) != 0;
}
