/* Turns the end of a task into what history keeps of it. */
#include "runner/memory.h"

void memory_init(struct memory *memory) {
    *memory = (struct memory){0};
    buf_init(&memory->summary, SESSION_MAX_BYTES);
}

void memory_done(struct memory *memory) {
    buf_done(&memory->summary);
}

void memory_clear(struct memory *memory) {
    memory->is_made = false;
}

static void count_checks(const struct session *session, struct history_note *note) {
    for (note->count = 0; note->count < HISTORY_COUNTS_MAX; note->count++) {
        struct history_count *count = &note->counts[note->count];
        count->what = session_count(session->outcomes, session->count, note->count, &count->n);
        if (!count->what) {
            break;
        }
    }
}

enum err memory_make(struct memory *memory, struct session *session, int64_t days) {
    char parameters[SECURE_HEX_SIZE];
    memory_clear(memory);
    if (days == 0 || !session->request->target_url.ptr ||
        !session_id_ok(text_of(session->session_id))) {
        return ERR_OK;
    }
    enum err err = session_target(session->request->target_url, memory->target);
    if (err == ERR_OK) {
        err = session_parameters(session->request, parameters);
    }
    if (err == ERR_OK) {
        session->parameters = parameters;
        buf_reset(&memory->summary);
        err = session_put(session, &memory->summary);
    }
    if (err != ERR_OK) {
        return err;
    }
    text_copy(text_of(session->session_id), memory->session_id, sizeof(memory->session_id));
    memory->note = (struct history_note){.session_id = memory->session_id,
                                         .target = memory->target,
                                         .days = days,
                                         .summary = buf_text(&memory->summary)};
    count_checks(session, &memory->note);
    memory->is_made = true;
    return ERR_OK;
}

const struct history_note *memory_note(const struct memory *memory) {
    return memory->is_made ? &memory->note : NULL;
}

/* --- recalling ---------------------------------------------------------------------- */

struct recall {
    struct buf *buf;
    char parameters[SECURE_HEX_SIZE];
    int count;
};

/* A summary that is one JSON text has no newline in it but between its tokens; ours has none. */
static bool recall_one(void *ctx, struct text summary, struct text owner) {
    struct recall *recall = ctx;
    (void)owner;
    struct json *root = NULL;
    if (json_parse(summary, &JSON_LIMITS_RESULT, &root, NULL) == ERR_OK &&
        text_is(text_of(json_str(json_get(root, "parameters"), "")), recall->parameters) &&
        text_find(summary, TEXT("\n")) < 0 &&
        recall->buf->len + summary.len + 1 <= recall->buf->max) {
        buf_puttext(recall->buf, summary);
        buf_putc(recall->buf, '\n');
        recall->count++;
    }
    json_free(root);
    return recall->count < MEMORY_RECALLED_MAX && !recall->buf->failed;
}

enum err memory_recall(struct store *store, const struct request *request, struct buf *buf) {
    struct recall recall = {.buf = buf};
    char target[SECURE_HEX_SIZE];
    if (!request->target_url.ptr) {
        return ERR_OK;
    }
    enum err err = session_target(request->target_url, target);
    if (err == ERR_OK) {
        err = session_parameters(request, recall.parameters);
    }
    if (err == ERR_OK) {
        err = history_store_target(store, target, HISTORY_SESSIONS_MAX, recall_one, &recall);
    }
    return err == ERR_OK && buf->failed ? ERR_NOMEM : err;
}
