/* Judges a finished task anew, from what its agents told, and says why. */
#include "agnostic/task/verdict.h"

#include <stdio.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/file.h"
#include "ctl/terminal.h"

enum { PATH_SIZE = 160, RESULT_MAX = 16 << 20, CODE_WIDTH = 22, SUBJECT_WIDTH = 20 };

/* What a verdict is given for; the first that fits. */
static const char *const RULES[VERDICT__COUNT] = {
    [VERDICT_NO_GO] = "a critical or high finding that decides, or a criterion that failed",
    [VERDICT_GO_WITH_WARNINGS] =
        "a medium finding, an agent not to be relied on, or a criterion not measured or understood",
    [VERDICT_INCOMPLETE] = "a chosen agent did not complete",
    [VERDICT_GO] = "every chosen agent completed, and nothing speaks against it",
};

/* --- the result ------------------------------------------------------------------------------ */

static int fetch(const struct settings *settings, const char *id, struct buf *ret_text) {
    struct client_answer answer = {0};
    struct fault fault = {0};
    struct client *client;
    char path[PATH_SIZE];
    int status = client_check_task(id);
    if (status == CTL_OK)
        status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    snprintf(path, sizeof(path), "/api/tasks/%.100s/report?format=json", id);
    enum err err = client_call(client, "GET", path, (struct text){NULL, 0}, &answer, &fault);
    if (err != ERR_OK || answer.status != 200)
        status = client_complain("asking for the result", err, &answer, &fault);
    else
        buf_puttext(ret_text, buf_text(&answer.text));
    client_answer_done(&answer);
    client_free(client);
    return status;
}

/* Exactly one of a task and a file. */
static int obtain(const struct settings *settings, const struct options *options,
                  struct json **ret_result) {
    const char *file = options_text(options, "result");
    struct buf text;
    int status = CTL_USAGE;
    buf_init(&text, RESULT_MAX);
    if ((file != NULL) == (options_count(options) > 0))
        fputs("agnosticctl: a task's id is wanted, or --result FILE\n", stderr);
    else if (file != NULL)
        status = file_given(file, &text);
    else
        status = fetch(settings, options_operand(options, 0), &text);
    if (status == CTL_OK &&
        json_parse(buf_text(&text), &JSON_LIMITS_RESULT, ret_result, NULL) != ERR_OK) {
        fputs("agnosticctl: it is no result\n", stderr);
        status = err_exit(ERR_SYNTAX);
    }
    buf_done(&text);
    return status;
}

/* --- words ----------------------------------------------------------------------------------- */

static void put_reason(const struct json *reason) {
    const char *subject =
        json_str(json_get(reason, "agent"), json_str(json_get(reason, "criterion_id"), ""));
    const char *check = json_str(json_get(reason, "check_id"), "");
    fputs("  ", stdout);
    terminal_cell(json_str(json_get(reason, "code"), ""), CODE_WIDTH);
    terminal_cell(subject, SUBJECT_WIDTH);
    terminal_put(stdout, text_of(check));
    fputs(check[0] != '\0' ? ": " : "", stdout);
    terminal_put(stdout, text_of(json_str(json_get(reason, "text"), "")));
    putchar('\n');
}

/* "score 84, confidence high (0.93)", and what keeps it from being 1. */
static void explain_numbers(const struct json *judged) {
    const struct json *because = json_path(judged, "confidence.because");
    double score, confidence = 0;
    if (json_number(json_path(judged, "score.overall"), &score))
        printf("score %.0f, ", score);
    (void)json_number(json_path(judged, "confidence.value"), &confidence);
    printf("confidence %s (%.2f)\n", json_str(json_path(judged, "confidence.level"), "low"),
           confidence);
    for (size_t i = 0; i < json_count(because); i++) {
        double share = 0;
        (void)json_number(json_get(json_at(because, i), "share"), &share);
        fputs("  ", stdout);
        terminal_cell(json_str(json_get(json_at(because, i), "code"), ""), CODE_WIDTH);
        terminal_cell(json_str(json_get(json_at(because, i), "agent"), ""), SUBJECT_WIDTH);
        printf("%.2f\n", share);
    }
}

static void explain(enum verdict verdict, const struct json *judged) {
    const struct json *reasons = json_get(judged, "reasons");
    printf("%s: %s\n", verdict_word(verdict), RULES[verdict]);
    for (size_t i = 0; i < json_count(reasons); i++)
        put_reason(json_at(reasons, i));
    explain_numbers(judged);
}

/* What did not fit into the record cannot be judged again. */
static bool note_omitted(void *ctx, struct text name, const struct json *agent) {
    static const char *const MEMBERS[] = {"findings_omitted", "checks_omitted", "data_omitted"};
    (void)ctx;
    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++) {
        if (json_get(agent, MEMBERS[i]) == NULL)
            continue;
        fputs("agnosticctl: not everything of ", stderr);
        terminal_put(stderr, name);
        fprintf(stderr, " is in the result (%s)\n", MEMBERS[i]);
    }
    return true;
}

static int compare(const struct json *result, enum verdict verdict) {
    const char *stored = json_str(json_path(result, "verdict.status"), "none");
    json_each(json_get(result, "agent_results"), note_omitted, NULL);
    if (strcmp(stored, verdict_word(verdict)) == 0)
        return verdict_exit(verdict);
    fputs("agnosticctl: the result says ", stderr);
    terminal_put(stderr, text_of(stored));
    fputs(", which does not follow from what is in it\n", stderr);
    return err_exit(ERR_DAMAGED);
}

static int judge(const struct json *result, bool explains) {
    enum verdict verdict = VERDICT_INCOMPLETE;
    struct json *judged = NULL;
    struct json_out out;
    struct buf text;
    int status;
    buf_init(&text, RESULT_MAX);
    json_out_init(&out, &text);
    enum err err = verdict_again(result, &out, &verdict);
    if (err == ERR_OK && explains)
        err = json_parse(buf_text(&text), &JSON_LIMITS_RESULT, &judged, NULL);
    if (err == ERR_OK) {
        if (explains)
            explain(verdict, judged);
        printf("verdict: %s\n", verdict_word(verdict));
        status = compare(result, verdict);
    } else if (json_get(result, "error") != NULL) {
        fputs("agnosticctl: the task was not carried out; there is no verdict\n", stderr);
        status = verdict_exit(VERDICT_INCOMPLETE);
    } else {
        fprintf(stderr, "agnosticctl: the result cannot be judged: %s\n", err_word(err));
        status = err_exit(err);
    }
    json_free(judged);
    buf_done(&text);
    return status;
}

int verdict_run(const struct settings *settings, const struct options *options) {
    struct json *result = NULL;
    int status = obtain(settings, options, &result);
    if (status == CTL_OK)
        status = judge(result, options_flag(options, "explain"));
    json_free(result);
    return status;
}
