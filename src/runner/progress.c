/* Writes the progress of a task: which agent runs, how far it is, how the others went. */
#include "runner/progress.h"

static void put(const struct progress *progress, bool with_agents, struct buf *buf) {
    struct json_out out;
    const struct outcome *running = progress->outcomes[progress->done];
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member_int(&out, "done", (int64_t)progress->done);
    json_out_member_int(&out, "total", (int64_t)progress->total);
    if (running) {
        json_out_member(&out, "agent", outcome_name(running));
    }
    if (running && outcome_percent(running) >= 0) {
        json_out_member_int(&out, "percent", outcome_percent(running));
    }
    if (with_agents) {
        json_out_name(&out, "agents");
        json_out_object(&out);
        for (size_t i = 0; progress->outcomes[i]; i++) {
            const struct outcome *outcome = progress->outcomes[i];
            json_out_member(&out, outcome_name(outcome),
                            i < progress->done ? outcome_status_word(outcome_status(outcome))
                                               : "running");
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
