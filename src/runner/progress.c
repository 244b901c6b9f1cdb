/* Writes the progress of a task: which agent runs, how far it is, how the others went. */
#include "runner/progress.h"

static const struct outcome *running(const struct progress *progress) {
    return progress->done < progress->total ? progress->outcomes[progress->done] : NULL;
}

int progress_percent(const struct progress *progress) {
    const struct outcome *now = running(progress);
    int of_it = now && outcome_percent(now) > 0 ? outcome_percent(now) : 0;
    return progress->total == 0 ? 0
                                : (int)((100 * progress->done + (size_t)of_it) / progress->total);
}

static const char *state_of(const struct progress *progress, size_t i) {
    if (!progress->outcomes[i]) {
        return "waiting";
    }
    return i < progress->done ? outcome_status_word(outcome_status(progress->outcomes[i]))
                              : "running";
}

static void put(const struct progress *progress, bool with_agents, struct buf *buf) {
    struct json_out out;
    const struct outcome *now = running(progress);
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member_int(&out, "percent", progress_percent(progress));
    json_out_member_int(&out, "done", (int64_t)progress->done);
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
