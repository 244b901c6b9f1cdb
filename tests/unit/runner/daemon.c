/* daemon: starts runners, writes plug-ins, orders tasks and waits for them. */
#include "runner/daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "agnostic/task/request.h"
#include "runner/agents.h"

enum { PATIENCE_MS = 20000 };

char run_dir[64], agents_dir[80], runner_name[80];

/* cmocka group: Redis, a work folder, a folder for plug-ins. */
int daemon_start(void **state) {
    static const char *const durable[] = {"--appendonly", "yes", "--appendfsync", "always", NULL};
    if (make_run_dir(state) != 0) {
        return -1;
    }
    redis = private_redis_start(durable);
    store = open_store("");
    snprintf(agents_dir, sizeof(agents_dir), "%s/agents", run_dir);
    snprintf(runner_name, sizeof(runner_name), "runner-of-%s", run_dir);
    return mkdir(agents_dir, 0700);
}

int daemon_stop(void **state) {
    group_stop(state);
    return remove_run_dir(state);
}

/* --- plug-ins ----------------------------------------------------------------------- */

static void write_plugin_file(const char *name, const char *text, mode_t mode) {
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", agents_dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* From now on `name` is this shell script. A manifest of three members, and what is in
 * `members`, with a comma before. */
void plugin(const char *name, const char *members, const char *script) {
    char file[64], manifest[512], text[4096];
    snprintf(manifest, sizeof(manifest),
             "{\"manifest\":1,\"name\":\"%s\",\"command\":[\"./%s.sh\"]%s}", name, name, members);
    snprintf(file, sizeof(file), "%s.json", name);
    write_plugin_file(file, manifest, 0600);
    snprintf(file, sizeof(file), "%s.sh", name);
    snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", script);
    write_plugin_file(file, text, 0700);
}

void remove_plugin(const char *name) {
    char path[160];
    snprintf(path, sizeof(path), "%s/%s.json", agents_dir, name);
    unlink(path);
}

/* --- the program -------------------------------------------------------------------- */

/* Starts agnostic-runner with arguments (up to a NULL); settings: NAME=value up to a NULL, over
 * those every test has. */
pid_t start_runner_with(const char *const *args, const char *const *settings) {
    pid_t parent = getpid(), pid = fork();
    if (pid != 0) {
        return pid;
    }
    const char *argv[8] = {runner_name};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);
    }
    setenv("AGNOSTIC_CONFIG", "/dev/null", 1);
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    setenv("AGNOSTIC_RUN_DIR", run_dir, 1);
    setenv("AGNOSTIC_AGENTS_DIR", agents_dir, 1);
    setenv("AGNOSTIC_LEASE_MS", "600", 1);
    setenv("AGNOSTIC_BEAT_MS", "100", 1);
    setenv("AGNOSTIC_LOG_LEVEL", "error", 0);
    for (size_t i = 0; settings && settings[i]; i++) {
        putenv(strdup(settings[i]));
    }
    for (size_t i = 0; args && args[i] && i < 6; i++) {
        argv[i + 1] = args[i];
    }
    execv(RUNNER_PROGRAM, (char *const *)argv);
    _exit(127);
}

int end_of(pid_t pid) {
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void stop_runner(pid_t pid) {
    kill(pid, SIGTERM);
    assert_int_equal(end_of(pid), 0);
}

/* --- tasks -------------------------------------------------------------------------- */

/* Orders what body (a request as a client sends it) says, under this id. */
void order(const char *id, const char *body, int64_t run_timeout_ms) {
    struct json *root = NULL;
    struct request request;
    struct buf spec;
    struct json_out out;
    struct task_submit task = a_task(id);
    buf_init(&spec, 1 << 16);
    json_out_init(&out, &spec);
    assert_int_equal(json_parse(text_of(body), &JSON_LIMITS_REQUEST, &root, NULL), ERR_OK);
    assert_int_equal(request_read(root, 0, &request, NULL), ERR_OK);
    request_put_spec(&request, &out);
    task.spec = buf_text(&spec);
    task.run_timeout_ms = run_timeout_ms;
    task.callback_url = request.callback_url;
    task.callback_secret = request.callback_secret;
    struct task_submitted submitted;
    assert_int_equal(task_store_submit(store, &task, &submitted), ERR_OK);
    task_submitted_done(&submitted);
    buf_done(&spec);
    json_free(root);
}

bool becomes(bool (*is)(const char *id), const char *id) {
    int64_t deadline = time_mono_ms() + PATIENCE_MS;
    while (!is(id)) {
        if (time_mono_ms() >= deadline) {
            return false;
        }
        usleep(5000);
    }
    return true;
}

bool is_over(const char *id) {
    return strcmp(state(id), "completed") == 0 || strcmp(state(id), "failed") == 0;
}

bool is_running(const char *id) {
    return strcmp(state(id), "running") == 0;
}

/* Slots are called host:pid:slotN. */
pid_t slot_of(const char *id) {
    const char *slot = ask("HGET task:%s:meta slot", id), *colon = strchr(slot, ':');
    assert_non_null(colon);
    return (pid_t)strtol(colon + 1, NULL, 10);
}

/* Waits until the task has ended; its record. The caller frees. */
struct json *await(const char *id) {
    struct json *root = NULL;
    if (!becomes(is_over, id)) {
        fail_msg("%s is still %s: %s", id, state(id), ask("HGETALL task:%s:meta", id));
    }
    assert_int_equal(json_parse(text_of(ask("GET task:%s", id)), &JSON_LIMITS_RESULT, &root, NULL),
                     ERR_OK);
    return root;
}

/* Waits for the task and compares one member of its result; "" is "absent". */
void assert_result(const char *id, const char *path, const char *expected) {
    struct json *root = await(id);
    const struct json *result = json_get(root, "result");
    const char *seen = json_str(json_path(result, path), "");
    if (strcmp(seen, expected) != 0) {
        fail_msg("%s is \"%s\": %s", path, seen, ask("GET task:%s", id));
    }
    json_free(root);
}

void assert_status(const char *id, const char *expected) {
    json_free(await(id));
    assert_string_equal(state(id), expected);
}

/* Counts once more only when there was none: in the moment of an exec a process has no words. */
bool appears(const char *needle) {
    int64_t deadline = time_mono_ms() + PATIENCE_MS;
    bool seen;
    while (!(seen = count_processes(needle) > 0) && time_mono_ms() < deadline)
        usleep(5000);
    return seen;
}

bool disappears(const char *needle) {
    int64_t deadline = time_mono_ms() + PATIENCE_MS;
    while (count_processes(needle) > 0 && time_mono_ms() < deadline) {
        usleep(5000);
    }
    return count_processes(needle) == 0;
}
