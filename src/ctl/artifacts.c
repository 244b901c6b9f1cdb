/* Lists the files that a task's agents left, or fetches them into a folder. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agnostic/task/outcome.h"
#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/report.h"
#include "ctl/terminal.h"

enum { ARTIFACTS_PATH_SIZE = 4096 };

struct artifacts {
    struct client *client;
    const char *id, *folder; /* folder NULL: only listed */
    int status;
};

/* What becomes a file name here is one there, too. */
static bool artifacts_is_name(const char *name) {
    size_t len = strlen(name);
    return len > 0 && len < OUTCOME_ARTIFACT_FULL_SIZE && name[0] != '.' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

static int artifacts_fetch(const struct artifacts *artifacts, const char *name) {
    struct client_answer answer = {0};
    struct fault fault = {0};
    char path[ARTIFACTS_PATH_SIZE];
    int status;
    snprintf(path, sizeof(path), "/api/tasks/%.100s/artifacts/%s", artifacts->id, name);
    enum err err =
        client_call(artifacts->client, "GET", path, (struct text){NULL, 0}, &answer, &fault);
    snprintf(path, sizeof(path), "%.3900s/%s", artifacts->folder, name);
    if (err != ERR_OK || answer.status != 200)
        status = client_complain("asking for an artifact", err, &answer, &fault);
    else
        status = report_write_file(buf_text(&answer.text), path);
    client_answer_done(&answer);
    return status;
}

static void artifacts_one(struct artifacts *artifacts, const struct json *artifact) {
    const char *name = json_str(json_get(artifact, "name"), "");
    int64_t bytes = 0;
    if (artifacts->status != CTL_OK || !artifacts_is_name(name))
        return;
    json_int(json_get(artifact, "bytes"), 0, INT64_MAX, &bytes);
    printf("%-50s %8lld  ", name, (long long)bytes);
    terminal_put(stdout, text_of(json_str(json_get(artifact, "media_type"), "")));
    putchar('\n');
    if (artifacts->folder != NULL)
        artifacts->status = artifacts_fetch(artifacts, name);
}

static bool artifacts_agent(void *ctx, struct text agent, const struct json *result) {
    const struct json *list = json_get(result, "artifacts");
    (void)agent;
    for (size_t i = 0; i < json_count(list); i++)
        artifacts_one(ctx, json_at(list, i));
    return true;
}

static int artifacts_take(struct artifacts *artifacts) {
    struct client_answer answer = {0};
    struct fault fault = {0};
    char path[ARTIFACTS_PATH_SIZE];
    snprintf(path, sizeof(path), "/api/tasks/%.100s", artifacts->id);
    enum err err =
        client_call(artifacts->client, "GET", path, (struct text){NULL, 0}, &answer, &fault);
    if (err != ERR_OK || answer.status != 200)
        artifacts->status = client_complain("asking for the task", err, &answer, &fault);
    else
        json_each(json_path(answer.body, "result.agent_results"), artifacts_agent, artifacts);
    client_answer_done(&answer);
    return artifacts->status;
}

int artifacts_run(const struct settings *settings, const struct options *options) {
    struct artifacts artifacts = {.id = options_operand(options, 0),
                                  .folder = options_text(options, "output")};
    int status = client_check_task(artifacts.id);
    if (status == CTL_OK && artifacts.folder != NULL && mkdir(artifacts.folder, 0777) != 0 &&
        errno != EEXIST) {
        fprintf(stderr, "agnosticctl: %s: %s\n", artifacts.folder, strerror(errno));
        return err_exit(ERR_IO);
    }
    if (status == CTL_OK)
        status = client_open(settings, &artifacts.client);
    if (status != CTL_OK)
        return status;
    status = artifacts_take(&artifacts);
    client_free(artifacts.client);
    return status;
}
