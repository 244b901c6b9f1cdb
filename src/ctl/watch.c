/* watch: the loop of `submit --wait`. Must not know how a task is reported. */
#include "ctl/watch.h"

#include <stdio.h>

#include "agnostic/base/time.h"
#include "agnostic/task/state.h"
#include "ctl/terminal.h"

enum {
    POLL_DEFAULT_S = 2, /* when the service does not say */
    POLL_MAX_S = 60,
    POLL_WAIT_S = 5, /* the service answers sooner when the task ends */
    WATCH_PATH_SIZE = 160
};

static bool is_finished(const struct client_answer *answer) {
    enum task_state state;
    struct text word;
    return json_text(json_get(answer->body, "status"), &word) && task_state_read(word, &state) &&
           task_state_is_terminal(state);
}

/* "running: security-compliance, 40 %", of the whole task */
static void describe(const struct client_answer *answer, char *dst, size_t size) {
    const struct json *progress = json_get(answer->body, "progress");
    const char *agent = json_str(json_get(progress, "agent"), NULL);
    int64_t percent;
    int len = snprintf(dst, size, "%s", json_str(json_get(answer->body, "status"), "waiting"));
    if (agent && len > 0 && (size_t)len < size)
        len += snprintf(dst + len, size - (size_t)len, ": %s", agent);
    if (json_int(json_get(progress, "percent"), 0, 100, &percent) && len > 0 && (size_t)len < size)
        snprintf(dst + len, size - (size_t)len, ", %d %%", (int)percent);
}

static void describe_trouble(enum err err, const struct client_answer *answer, char *dst,
                             size_t size) {
    if (err == ERR_OK)
        snprintf(dst, size, "the service answers HTTP %d; asking again", answer->status);
    else
        snprintf(dst, size, "the service does not answer (%s); asking again", err_text(err));
}

/* One poll. true when that settles it. */
static bool poll_task(struct client *client, const char *path, enum err *err,
                      struct client_answer *answer, struct fault *fault, enum watch_end *ret_end,
                      char *text, size_t size) {
    *err = client_call(client, "GET", path, text_make(NULL, 0), answer, fault);
    if (client_is_down(*err, answer)) {
        describe_trouble(*err, answer, text, size);
        return false;
    }
    if (*err != ERR_OK || answer->status != 200) {
        *ret_end = WATCH_REFUSED;
        return true;
    }
    if (is_finished(answer)) {
        *ret_end = WATCH_FINISHED;
        return true;
    }
    describe(answer, text, size);
    return false;
}

static int64_t pause_ms(const struct client_answer *answer, int64_t left_ms) {
    int64_t seconds = answer->retry_after_s > 0 ? answer->retry_after_s : POLL_DEFAULT_S;
    if (seconds > POLL_MAX_S)
        seconds = POLL_MAX_S;
    return seconds * 1000 < left_ms ? seconds * 1000 : left_ms;
}

enum watch_end watch_task(struct client *client, const char *id, int64_t timeout_s,
                          enum err *ret_err, struct client_answer *ret_answer,
                          struct fault *ret_fault) {
    char path[WATCH_PATH_SIZE], text[WATCH_PATH_SIZE];
    struct terminal_progress progress;
    enum watch_end end = WATCH_TIMEOUT;
    int64_t start = time_mono_ms(), deadline = start + timeout_s * 1000;
    snprintf(path, sizeof(path), "/api/tasks/%s?view=full&wait=%d", id,
             (int)(timeout_s < POLL_WAIT_S ? timeout_s : POLL_WAIT_S));
    terminal_progress_init(&progress);
    while (!poll_task(client, path, ret_err, ret_answer, ret_fault, &end, text, sizeof(text))) {
        int64_t now = time_mono_ms();
        terminal_progress_say(&progress, text, (now - start) / 1000);
        if (now >= deadline)
            break;
        time_sleep_ms(pause_ms(ret_answer, deadline - now));
        client_answer_done(ret_answer);
    }
    terminal_progress_end(&progress);
    return end;
}
