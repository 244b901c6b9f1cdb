/* Reads sessions, a JSON object a line. Must not know what a memo holds. */
#include "agents/history.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 256 << 10 };

/* False: the reader has had enough. */
static bool history_line(struct text line, const char *agent,
                         bool (*visit)(void *ctx, const char *session, const struct json *memo),
                         void *ctx) {
    struct json *root = NULL;
    bool more = true;
    if (json_parse(text_trim(line), &JSON_LIMITS_RESULT, &root, NULL) != ERR_OK)
        return true;
    const struct json *memo = json_get(json_get(json_get(root, "agents"), agent), "memo");
    if (json_kind(memo) == JSON_OBJECT)
        more = visit(ctx, json_str(json_get(root, "session_id"), ""), memo);
    json_free(root);
    return more;
}

enum err history_each(const char *path, const char *agent,
                      bool (*visit)(void *ctx, const char *session, const struct json *memo),
                      void *ctx) {
    char *line = malloc(LINE_MAX_BYTES);
    FILE *file = fopen(path, "re");
    enum err err = line == NULL ? ERR_NOMEM : file == NULL ? ERR_IO : ERR_OK;
    while (err == ERR_OK && fgets(line, LINE_MAX_BYTES, file) != NULL &&
           history_line(text_of(line), agent, visit, ctx)) {
    }
    if (file != NULL)
        fclose(file);
    free(line);
    return err;
}
