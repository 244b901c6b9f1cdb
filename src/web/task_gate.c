/* task_gate: the verdict as an HTTP status and one line of text, for clients that have nothing but
 * curl. Must not judge: what each verdict means is a table. */
#include "agnostic/base/id.h"
#include "agnostic/task/verdict.h"
#include "web/handlers.h"
#include "web/query.h"
#include "web/task_wait.h"

enum { TASK_GATE_RETRY_S = 2, TASK_GATE_LINE_MAX = 512 };

/* What ?fail_on= turns into a failure. */
enum task_gate_bar { GATE_NO_GO, GATE_WARNINGS, GATE_BAR__COUNT };
static const char *const TASK_GATE_BARS[GATE_BAR__COUNT] = {"no_go", "warnings"};

static const int TASK_GATE_STATUS[VERDICT__COUNT][GATE_BAR__COUNT] = {
    [VERDICT_GO] = {200, 200},
    [VERDICT_GO_WITH_WARNINGS] = {200, 409},
    [VERDICT_NO_GO] = {409, 409},
    [VERDICT_INCOMPLETE] = {424, 424},
};

struct task_gate {
    int bar, status;
    struct buf *line;
};

static void task_gate_counts(const struct json *result, struct buf *line) {
    const char *separator = ": ";
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        const char *word = severity_word((enum severity)severity);
        int64_t count = 0;
        (void)json_int(json_get(json_path(result, "verification.findings"), word), 1, INT32_MAX,
                       &count);
        if (count == 0)
            continue;
        buf_printf(line, "%s%lld %s", separator, (long long)count, word);
        separator = ", ";
    }
}

/* A record without a verdict (the original's) is no verdict either. */
static void task_gate_judge(struct task_gate *gate, const struct record *record) {
    enum verdict verdict;
    struct text word = {NULL, 0};
    buf_reset(gate->line);
    gate->status = task_state_is_terminal(record->state) ? 424 : 202;
    if (record->state == TASK_COMPLETED &&
        json_text(json_path(record->result, "verdict.status"), &word) &&
        verdict_read(word, &verdict)) {
        gate->status = TASK_GATE_STATUS[verdict][gate->bar];
        buf_puts(gate->line, verdict_word(verdict));
        task_gate_counts(record->result, gate->line);
    } else {
        buf_puts(gate->line, task_state_word(record->state));
    }
    buf_putc(gate->line, '\n');
}

static enum err task_gate_look(struct call *call, void *ctx, bool *ret_settled) {
    struct task_gate *gate = ctx;
    struct record record;
    enum err err = call_sees_task(call);
    if (err == ERR_OK)
        err = record_read(text_make(call->view.record, call->view.record_len), &record);
    if (err != ERR_OK)
        return err;
    task_gate_judge(gate, &record);
    *ret_settled = gate->status != 202;
    record_done(&record);
    return ERR_OK;
}

static enum err task_gate_read(struct call *call, struct task_gate *gate, struct wait *wait) {
    struct json_out *detail = &call->reply->out;
    int bar = -1;
    reply_faults_begin(call->reply);
    json_out_array(detail);
    enum err err =
        query_choice(call->query, "fail_on", TASK_GATE_BARS, GATE_BAR__COUNT, &bar, detail);
    err = query_worse(err, wait_read(call, wait, detail));
    json_out_end_array(detail);
    gate->bar = bar < 0 ? GATE_NO_GO : bar;
    return err;
}

static const struct answer *task_gate_tell(struct call *call, const struct task_gate *gate) {
    if (gate->status == 202)
        reply_field_int(call->reply, "Retry-After", TASK_GATE_RETRY_S);
    reply_restart(call->reply);
    return reply_text(call->reply, gate->status, "text/plain; charset=utf-8", buf_text(gate->line));
}

const struct answer *task_gate(struct call *call) {
    struct buf line;
    struct task_gate gate = {.line = &line};
    struct wait wait;
    if (!id_is_task(call->id))
        return reply_error(call->reply, ERR_TASK_ID);
    enum err err = task_gate_read(call, &gate, &wait);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    buf_init(&line, TASK_GATE_LINE_MAX);
    if (err == ERR_OK)
        err = task_wait(call, &wait, task_gate_look, &gate);
    const struct answer *answer =
        err != ERR_OK ? reply_error(call->reply, err) : task_gate_tell(call, &gate);
    buf_done(&line);
    return answer;
}
