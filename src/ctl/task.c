/* task: one task: shown as it stands, cancelled, tried again. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/summary.h"

enum { TASK_PATH_SIZE = 160 };

typedef int task_action(struct client *client, const char *id, bool as_json);

static int task_run(const struct settings *settings, const struct options *options,
                    task_action *action) {
    const char *id = options_operand(options, 0);
    struct client *client;
    int status = client_check_task(id);
    if (status == CTL_OK)
        status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    status = action(client, id, options_flag(options, "json"));
    client_free(client);
    return status;
}

static int show(struct client *client, const char *id, bool as_json) {
    char path[TASK_PATH_SIZE];
    struct client_answer answer;
    struct fault fault = {0};
    int status = CTL_OK;
    snprintf(path, sizeof(path), "/api/tasks/%s?view=full", id);
    enum err err = client_call(client, "GET", path, text_make(NULL, 0), &answer, &fault);
    if (err != ERR_OK || answer.status != 200 || !answer.body)
        status = client_complain("asking for the task", err, &answer, &fault);
    else if (as_json)
        puts(buf_str(&answer.text));
    else
        summary_put(stdout, answer.body);
    client_answer_done(&answer);
    return status;
}

static int cancel(struct client *client, const char *id, bool as_json) {
    char path[TASK_PATH_SIZE];
    struct client_answer answer;
    struct fault fault = {0};
    int status = CTL_OK;
    snprintf(path, sizeof(path), "/api/tasks/%s", id);
    enum err err = client_call(client, "DELETE", path, text_make(NULL, 0), &answer, &fault);
    if (err != ERR_OK || answer.status != 200 || !answer.body)
        status = client_complain("cancelling the task", err, &answer, &fault);
    else if (as_json)
        puts(buf_str(&answer.text));
    else
        printf("task %s: cancelled\n", id);
    client_answer_done(&answer);
    return status;
}

static int retry(struct client *client, const char *id, bool as_json) {
    char path[TASK_PATH_SIZE], key[ID_UUID_SIZE];
    struct client_answer answer = {0};
    struct fault fault = {0};
    int status = CTL_OK;
    snprintf(path, sizeof(path), "/api/tasks/%s/retry", id);
    enum err err = id_uuid4(key);
    if (err == ERR_OK)
        err = client_post_once(client, path, key, TEXT("{}"), &answer, &fault);
    const char *again = json_str(json_get(answer.body, "new_task_id"), "");
    if (err != ERR_OK || answer.status / 100 != 2 || !id_is_task(text_of(again)))
        status = client_complain("trying the task again", err, &answer, &fault);
    else
        puts(as_json ? buf_str(&answer.text) : again);
    client_answer_done(&answer);
    return status;
}

int task_show_run(const struct settings *settings, const struct options *options) {
    return task_run(settings, options, show);
}

int task_cancel_run(const struct settings *settings, const struct options *options) {
    return task_run(settings, options, cancel);
}

int task_retry_run(const struct settings *settings, const struct options *options) {
    return task_run(settings, options, retry);
}
