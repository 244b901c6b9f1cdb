/* task: one task as it stands now. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/summary.h"

static int show(struct client *client, const char *id, bool as_json) {
    char path[160];
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

int task_show_run(const struct settings *settings, const struct options *options) {
    const char *id = options_operand(options, 0);
    struct client *client;
    struct fault fault = {0};
    if (!id_is_task(text_of(id))) {
        fputs("agnosticctl: that is no task id: letters, digits and '-', at most 100\n", stderr);
        return CTL_USAGE;
    }
    enum err err = client_new(settings, &client, &fault);
    if (err != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return err_exit(err);
    }
    int status = show(client, id, options_flag(options, "json"));
    client_free(client);
    return status;
}
