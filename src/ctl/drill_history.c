/* drill_history: what the histories of a drill's tasks tell: ends, and how long a task that had
 * lost its slot was in nobody's hands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "ctl/drill.h"

enum { PATH_SIZE = 160, PID_MARK_SIZE = 24 };

/* Where the reading of one history stands. */
struct reader {
    const struct drill_faults *faults;
    struct drill_task *task;
    char slot[128];
    int64_t began_ms,
        lost_ms; /* of the last start; since when in nobody's hands, 0: it is in some */
};

/* When this drill killed the slot after `since`; 0: it did not. */
static int64_t killed_ms(const struct drill_faults *faults, const char *slot, int64_t since_ms) {
    char mark[PID_MARK_SIZE];
    for (size_t i = 0; i < faults->count; i++) {
        snprintf(mark, sizeof(mark), ":%ld:", (long)faults->kills[i].pid);
        if (strstr(slot, mark) && faults->kills[i].ms >= since_ms)
            return faults->kills[i].ms;
    }
    return 0;
}

static void read_start(struct reader *reader, const struct json *event, int64_t ms) {
    struct drill_task *task = reader->task;
    if (reader->lost_ms > 0 && task->recoveries < DRILL_RECOVERIES_MAX)
        task->recovery_ms[task->recoveries++] = ms > reader->lost_ms ? ms - reader->lost_ms : 0;
    reader->began_ms = ms;
    reader->lost_ms = 0;
    snprintf(reader->slot, sizeof(reader->slot), "%s", json_str(json_get(event, "slot"), ""));
}

static void read_event(struct reader *reader, const struct json *event) {
    const char *word = json_str(json_get(event, "event"), "");
    struct text at;
    int64_t us;
    enum task_state state;
    if (!json_text(json_get(event, "at"), &at) || !time_parse_iso(at, &us))
        return;
    if (strcmp(word, "running") == 0) {
        read_start(reader, event, us / 1000);
    } else if (strcmp(word, "requeued") == 0) {
        int64_t killed = killed_ms(reader->faults, reader->slot, reader->began_ms);
        reader->lost_ms = killed > 0 ? killed : reader->began_ms;
    } else if (task_state_read(text_of(word), &state) && task_state_is_terminal(state)) {
        reader->task->endings++;
    }
}

enum err drill_history_read(struct client *client, const struct drill_faults *faults,
                            struct drill_task *task) {
    char path[PATH_SIZE];
    struct client_answer answer;
    struct fault fault = {0};
    struct reader reader = {.faults = faults, .task = task};
    snprintf(path, sizeof(path), "/api/tasks/%s/events?limit=1000", task->id);
    enum err err = client_call(client, "GET", path, text_make(NULL, 0), &answer, &fault);
    const struct json *items = json_get(answer.body, "items");
    if (err == ERR_OK && answer.status != 200)
        err = ERR_PEER;
    for (size_t i = 0; err == ERR_OK && i < json_count(items); i++)
        read_event(&reader, json_at(items, i));
    client_answer_done(&answer);
    return err;
}
