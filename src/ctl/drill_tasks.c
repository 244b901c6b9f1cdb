/* drill_tasks: orders the tasks of a drill and follows them to their end, over REST alone. */
#include <stdio.h>
#include <stdlib.h>

#include "ctl/command.h"
#include "ctl/drill.h"

enum { ORDER_MAX_BYTES = 16 << 10, PATH_SIZE = 160 };

enum err drill_tasks_init(struct drill_tasks *tasks, struct client *client, size_t max) {
    *tasks = (struct drill_tasks){.client = client, .all = calloc(max, sizeof(*tasks->all))};
    return tasks->all ? ERR_OK : ERR_NOMEM;
}

void drill_tasks_done(struct drill_tasks *tasks) {
    free(tasks->all);
    *tasks = (struct drill_tasks){0};
}

/* --- ordering ----------------------------------------------------------------------- */

static const char *given(const struct options *options, const char *name, const char *fallback) {
    const char *value = options_text(options, name);
    return value ? value : fallback;
}

static void put_order(struct buf *buf, const struct options *options) {
    struct text rest = text_of(given(options, "agents", "qa-analyst")), agent;
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "title", "agnosticctl drill");
    json_out_member(&out, "description", given(options, "description", "A task of a drill"));
    if (options_text(options, "target"))
        json_out_member(&out, "target_url", options_text(options, "target"));
    json_out_name(&out, "agents");
    json_out_array(&out);
    while (text_cut(&rest, ',', &agent))
        json_out_text(&out, agent);
    json_out_end_array(&out);
    json_out_end_object(&out);
}

int drill_tasks_order(struct drill_tasks *tasks, const struct options *options) {
    struct drill_task *task = &tasks->all[tasks->count];
    struct client_answer answer = {.retry_after_s = -1};
    struct fault fault = {0};
    char key[ID_UUID_SIZE];
    struct buf body;
    int status = CTL_OK;
    buf_init(&body, ORDER_MAX_BYTES);
    put_order(&body, options);
    enum err err = body.failed ? ERR_TOO_LARGE : id_uuid4(key);
    if (err == ERR_OK)
        err = client_post_once(tasks->client, "/api/tasks", key, buf_text(&body), &answer, &fault);
    struct text id = text_of(json_str(json_get(answer.body, "task_id"), ""));
    if (err != ERR_OK || answer.status / 100 != 2 || !id_is_task(id) || id.len >= sizeof(task->id))
        status = client_complain("ordering a task", err, &answer, &fault);
    else
        snprintf(task->id, sizeof(task->id), "%.*s", (int)id.len, id.ptr);
    tasks->count += status == CTL_OK;
    client_answer_done(&answer);
    buf_done(&body);
    return status;
}

/* --- following ---------------------------------------------------------------------- */

static int64_t number(const struct json *body, const char *path) {
    int64_t n = 0;
    return json_int(json_path(body, path), 0, INT32_MAX, &n) ? n : 0;
}

static void read_task(struct drill_task *task, const struct json *body) {
    struct text word;
    task->attempts = number(body, "attempt");
    task->ended = json_text(json_get(body, "status"), &word) &&
                  task_state_read(word, &task->state) && task_state_is_terminal(task->state);
}

static void look(struct client *client, struct drill_task *task) {
    char path[PATH_SIZE];
    struct client_answer answer;
    struct fault fault = {0};
    snprintf(path, sizeof(path), "/api/tasks/%s?view=full", task->id);
    enum err err = client_call(client, "GET", path, text_make(NULL, 0), &answer, &fault);
    if (err == ERR_OK && answer.status == 200 && answer.body)
        read_task(task, answer.body);
    else if (err == ERR_OK && answer.body && (answer.status == 404 || answer.status == 410))
        task->lost = true;
    client_answer_done(&answer);
}

void drill_tasks_look(struct drill_tasks *tasks) {
    tasks->ended = tasks->lost = 0;
    for (size_t i = 0; i < tasks->count; i++) {
        struct drill_task *task = &tasks->all[i];
        if (!task->ended && !task->lost)
            look(tasks->client, task);
        tasks->ended += task->ended;
        tasks->lost += task->lost;
    }
}

void drill_tasks_cancel(struct drill_tasks *tasks) {
    for (size_t i = 0; i < tasks->count; i++) {
        char path[PATH_SIZE];
        struct client_answer answer;
        struct fault fault = {0};
        snprintf(path, sizeof(path), "/api/tasks/%s/cancel", tasks->all[i].id);
        (void)client_call(tasks->client, "POST", path, text_make(NULL, 0), &answer, &fault);
        client_answer_done(&answer);
    }
}
