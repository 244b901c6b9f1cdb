/* Paths that nobody has, and what comes of them. */
#include "agents/junior/missing.h"

#include <stdio.h>

#include "agnostic/base/secure.h"

enum { RANDOM_BYTES = 8, PATH_SIZE = SITE_PATH_SIZE };

/* Of a path with that ending. look: of what came; path is empty when it could not be asked for. */
static bool missing_answered(struct visitor *visitor, const char *ending, uint64_t *ret_look,
                             char path[PATH_SIZE]) {
    struct http_response response = {0};
    unsigned char bytes[RANDOM_BYTES];
    char word[2 * RANDOM_BYTES + 1];
    int status = 0;
    path[0] = '\0';
    if (secure_random(bytes, sizeof(bytes)) != ERR_OK)
        return false;
    text_hex(bytes, sizeof(bytes), word);
    snprintf(path, PATH_SIZE, "/qa-probe-%s%s", word, ending);
    bool answered = visit_fetch(visitor, path, &response, &status) && response.status / 100 == 2;
    *ret_look = site_hash(buf_text(&response.body));
    http_response_done(&response);
    if (status == 0)
        path[0] = '\0';
    return answered;
}

void missing_ask(struct visitor *visitor) {
    struct site_missing *missing = &visitor->site->missing;
    char path[PATH_SIZE];
    uint64_t second, file;
    missing->page_answered = missing_answered(visitor, "", &missing->look, missing->path);
    if (!missing->page_answered)
        return;
    missing->file_answered = missing_answered(visitor, ".png", &file, path);
    missing->is_alike = missing_answered(visitor, "", &second, path) && second == missing->look;
}
