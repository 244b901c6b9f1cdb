/* A small vocabulary for tests with real agent processes: an agent is a shell script. */
#ifndef TEST_RUNNER_AGENTS_H
#define TEST_RUNNER_AGENTS_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "runner/host.h"
#include "runner/processes.h"
#include "runner/workdir.h"

#define RESULT_LINE "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\"}'"

/* What one run came to. */
struct seen {
    enum err err;
    struct outcome *outcome;
    struct host_account account;
    struct fault fault;
    char journal[8192]; /* the beginning of what it said to people */
    bool beside;        /* asked for */
};

extern char run_dir[64];

static inline int make_run_dir(void **state) {
    (void)state;
    snprintf(run_dir, sizeof(run_dir), "/tmp/agnostic-test-XXXXXX");
    return mkdtemp(run_dir) ? 0 : -1;
}

static inline int remove_run_dir(void **state) {
    (void)state;
    return workdir_remove(run_dir) == ERR_OK ? 0 : -1;
}

static inline bool always(void *ctx, int64_t *ret_due_ms) {
    (void)ctx;
    *ret_due_ms = INT64_MAX;
    return true;
}
static const struct pulse steady = {always, NULL, -1};

/* An agent that is `sh -c script`; members: more members of its manifest, with a comma before. */
static inline void shell_agent(const char *script, const char *members, struct agent *agent) {
    struct buf buf;
    struct json_out out;
    struct fault fault = {0};
    *agent = (struct agent){.program = "/bin/sh", .folder = "/usr"};
    buf_init(&buf, 1 << 20);
    buf_puts(&buf, "{\"manifest\":1,\"name\":\"shell\",\"role\":\"junior-qa\",\"command\":");
    json_out_init(&out, &buf);
    json_out_array(&out);
    json_out_str(&out, "sh");
    json_out_str(&out, "-c");
    json_out_str(&out, script);
    json_out_end_array(&out);
    buf_puts(&buf, members);
    buf_puts(&buf, "}");
    if (manifest_read(buf_text(&buf), "test", &agent->manifest, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    buf_done(&buf);
}

static inline void seen_run(struct seen *seen, const struct agent *agent, const struct order *order,
                            const struct pulse *pulse) {
    struct journal journal;
    struct hosted *hosted;
    journal_init(&journal, order->attempt);
    const struct host_place place = {.run_dir = run_dir,
                                     .deadline_ms = time_mono_ms() + 600000,
                                     .beside = seen->beside,
                                     .journal = &journal};
    seen->err = host_start(agent, order, &place, seen->outcome, &hosted, &seen->fault);
    if (seen->err == ERR_OK) {
        host_watch(&hosted, 1, pulse);
        seen->err = host_end(hosted, &seen->account, &seen->fault);
    }
    struct text lines = journal_lines(&journal);
    lines.len = lines.len < sizeof(seen->journal) ? lines.len : sizeof(seen->journal) - 1;
    text_copy(lines, seen->journal, sizeof(seen->journal));
    journal_done(&journal);
}

static inline struct seen run_as(struct seen seen, const char *script, const char *members,
                                 const struct pulse *pulse) {
    struct agent *agent = malloc(sizeof(*agent));
    struct request request = {
        .title = TEXT("Title"), .description = TEXT("Description"), .priority = TASK_MEDIUM};
    struct order order = {.task_id = "t-1", .session_id = "session_1", .attempt = 1};
    struct buf history;
    buf_init(&history, 100);
    buf_puts(&history, "an earlier session\n");
    order.request = &request;
    order.history = &history;
    shell_agent(script, members, agent);
    assert_int_equal(outcome_new("shell", ROLE_JUNIOR_QA, &seen.outcome), ERR_OK);
    seen_run(&seen, agent, &order, pulse);
    manifest_done(&agent->manifest);
    free(agent);
    buf_done(&history);
    return seen;
}

static inline struct seen run_with(const char *script, const char *members,
                                   const struct pulse *pulse) {
    return run_as((struct seen){0}, script, members, pulse);
}

static inline struct seen run(const char *script, const char *members) {
    return run_with(script, members, &steady);
}

static inline void assert_ended(struct seen seen, enum outcome_status status, const char *reason) {
    assert_int_equal(seen.err, ERR_OK);
    if (outcome_status(seen.outcome) != status ||
        (reason && strcmp(outcome_reason(seen.outcome), reason) != 0)) {
        fail_msg("%s, %s: %s; stderr: %s", outcome_status_word(outcome_status(seen.outcome)),
                 outcome_reason(seen.outcome), outcome_summary(seen.outcome), seen.account.said);
    }
    outcome_free(seen.outcome);
}

#endif
