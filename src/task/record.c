/* record: printing and reading the six-field record of a task. Knows no key names
 * and no clock; the store's scripts splice the pieces made here. */
#include "agnostic/task/record.h"

#include <stdio.h>

void record_head(const char *task_id, const char *session_id, char dst[static RECORD_PIECE_SIZE]) {
    snprintf(dst, RECORD_PIECE_SIZE, "{\"task_id\":\"%s\",\"session_id\":\"%s\",\"status\":\"",
             task_id, session_id);
}

void record_middle(const char *created_iso, char dst[static RECORD_PIECE_SIZE]) {
    snprintf(dst, RECORD_PIECE_SIZE, "\",\"created_at\":\"%s\",\"updated_at\":\"", created_iso);
}

void record_put(struct buf *buf, const char *head, enum task_state state, const char *middle,
                const char *updated_iso, struct text result_json) {
    buf_puts(buf, head);
    buf_puts(buf, task_state_word(state));
    buf_puts(buf, middle);
    buf_puts(buf, updated_iso);
    buf_puts(buf, "\",\"result\":");
    buf_puttext(buf, result_json);
    buf_putc(buf, '}');
}

static bool state_of(const struct json *value, enum task_state *ret_state) {
    struct text word;
    if (!json_text(value, &word))
        return false;
    if (text_is(word, "partial")) { /* a word of the original's later generation */
        *ret_state = TASK_COMPLETED;
        return true;
    }
    return task_state_read(word, ret_state);
}

enum err record_read(struct text text, struct record *ret_record) {
    struct json *root;
    enum err err = json_parse(text, &JSON_LIMITS_RESULT, &root, NULL);
    if (err != ERR_OK)
        return err == ERR_NOMEM ? err : ERR_DAMAGED;
    struct record record = {
        .root = root,
        .task_id = json_str(json_get(root, "task_id"), NULL),
        .session_id = json_str(json_get(root, "session_id"), NULL),
        .created_at = json_str(json_get(root, "created_at"), NULL),
        .updated_at = json_str(json_get(root, "updated_at"), NULL),
        .result = json_get(root, "result"),
    };
    if (record.task_id == NULL || record.session_id == NULL || record.created_at == NULL ||
        record.updated_at == NULL || !state_of(json_get(root, "status"), &record.state)) {
        json_free(root);
        return ERR_DAMAGED;
    }
    *ret_record = record;
    return ERR_OK;
}

void record_done(struct record *record) {
    json_free(record->root);
    *record = (struct record){0};
}
