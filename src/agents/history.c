/* Reads sessions, a JSON object a line. Must not know what a memo holds. */
#include "agents/history.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 256 << 10 };

enum err history_sessions(const char *path, bool (*visit)(void *ctx, struct json *session),
                          void *ctx) {
    char *line = malloc(LINE_MAX_BYTES);
    FILE *file = fopen(path, "re");
    enum err err = line == NULL ? ERR_NOMEM : file == NULL ? ERR_IO : ERR_OK;
    bool more = true;
    while (err == ERR_OK && more && fgets(line, LINE_MAX_BYTES, file) != NULL) {
        struct json *root;
        if (json_parse(text_trim(text_of(line)), &JSON_LIMITS_RESULT, &root, NULL) == ERR_OK)
            more = visit(ctx, root);
    }
    if (file != NULL)
        fclose(file);
    free(line);
    return err;
}

struct history_memos {
    const char *agent;
    bool (*visit)(void *ctx, const char *session, const struct json *memo);
    void *ctx;
};

static bool history_memo(void *ctx, struct json *session) {
    const struct history_memos *memos = ctx;
    const struct json *memo = json_get(json_get(json_get(session, "agents"), memos->agent), "memo");
    bool more = true;
    if (json_kind(memo) == JSON_OBJECT)
        more = memos->visit(memos->ctx, json_str(json_get(session, "session_id"), ""), memo);
    json_free(session);
    return more;
}

enum err history_each(const char *path, const char *agent,
                      bool (*visit)(void *ctx, const char *session, const struct json *memo),
                      void *ctx) {
    struct history_memos memos = {agent, visit, ctx};
    return history_sessions(path, history_memo, &memos);
}
