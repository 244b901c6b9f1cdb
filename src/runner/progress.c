/* Writes the progress of a task: which agent runs, how far it is, how the others went. */
#include "runner/progress.h"

static bool is_running(const struct progress *progress, size_t i) {
    return progress->outcomes[i] && !progress->ended[i];
}

/* The first that runs. */
static const struct outcome *running(const struct progress *progress) {
    for (size_t i = 0; i < progress->total; i++) {
        if (is_running(progress, i)) {
            return progress->outcomes[i];
        }
    }
    return NULL;
}

static size_t done(const struct progress *progress) {
    size_t count = 0;
    for (size_t i = 0; i < progress->total; i++) {
        count += progress->ended[i];
    }
    return count;
}

int progress_percent(const struct progress *progress) {
    size_t percent = 100 * done(progress);
    for (size_t i = 0; i < progress->total; i++) {
        int of_it = is_running(progress, i) ? outcome_percent(progress->outcomes[i]) : 0;
        percent += of_it > 0 ? (size_t)of_it : 0;
    }
    return progress->total == 0 ? 0 : (int)(percent / progress->total);
}

static const char *state_of(const struct progress *progress, size_t i) {
    if (!progress->outcomes[i]) {
        return "waiting";
    }
    return progress->ended[i] ? outcome_status_word(outcome_status(progress->outcomes[i]))
                              : "running";
}

static void put(const struct progress *progress, bool with_agents, struct buf *buf) {
    struct json_out out;
    const struct outcome *now = running(progress);
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member_int(&out, "percent", progress_percent(progress));
    json_out_member_int(&out, "done", (int64_t)done(progress));
    json_out_member_int(&out, "total", (int64_t)progress->total);
    if (now) {
        json_out_member(&out, "agent", outcome_name(now));
    }
    if (now && outcome_percent(now) >= 0) {
        json_out_member_int(&out, "agent_percent", outcome_percent(now));
    }
    if (with_agents) {
        json_out_name(&out, "agents");
        json_out_object(&out);
        for (size_t i = 0; i < progress->total; i++) {
            json_out_member(&out, progress->names[i], state_of(progress, i));
        }
        json_out_end_object(&out);
    }
    json_out_end_object(&out);
}

void progress_put(const struct progress *progress, struct buf *buf) {
    put(progress, true, buf);
    if (buf->len > PROGRESS_MAX_BYTES) {
        buf_reset(buf);
        put(progress, false, buf);
    }
}
