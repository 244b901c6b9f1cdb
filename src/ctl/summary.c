/* summary: prints what a task found. Everything in it may have been written by a stranger. */
#include "ctl/summary.h"

#include <string.h>

#include "agnostic/task/cvss.h"
#include "agnostic/task/state.h"
#include "ctl/terminal.h"

enum { LABEL_WIDTH = 10 };

static const struct json *agent_results(const struct json *task) {
    return json_path(task, "result.agent_results");
}

static bool is_finished(const struct json *task) {
    enum task_state state;
    struct text word;
    return json_text(json_get(task, "status"), &word) && task_state_read(word, &state) &&
           task_state_is_terminal(state);
}

enum verdict summary_verdict(const struct json *task) {
    enum verdict verdict = VERDICT_INCOMPLETE;
    struct text word;
    if (json_text(json_path(task, "result.verdict.status"), &word))
        (void)verdict_read(word, &verdict);
    return verdict;
}

static void put_str(FILE *file, const struct json *value, const char *fallback) {
    terminal_put(file, text_of(json_str(value, fallback)));
}

/* "  label     text", nothing when there is none. */
static void put_line(FILE *file, const char *label, const struct json *value) {
    if (!json_str(value, NULL) || json_str(value, "")[0] == '\0')
        return;
    fprintf(file, "  %-*s", LABEL_WIDTH, label);
    put_str(file, value, "");
    fputc('\n', file);
}

static void put_weakness(FILE *file, const struct json *finding) {
    const char *cwe = json_str(json_get(finding, "cwe_id"), "");
    double score;
    bool scored = json_number(json_get(finding, "cvss_score"), &score);
    if (cwe[0] == '\0' && !scored)
        return;
    fprintf(file, "  %-*s", LABEL_WIDTH, "weakness");
    terminal_put(file, text_of(cwe));
    if (scored)
        fprintf(file, "%sCVSS %.1f", cwe[0] ? ", " : "", score);
    fputc('\n', file);
}

static void put_finding(FILE *file, const struct json *finding) {
    const struct json *evidence = json_get(finding, "evidence");
    put_str(file, json_get(finding, "severity"), "");
    fputs("  ", file);
    put_str(file, json_get(finding, "check_id"), "");
    fputs("  ", file);
    put_str(file, json_get(finding, "title"), "");
    fputc('\n', file);
    put_line(file, "at", json_get(finding, "component"));
    put_weakness(file, finding);
    put_line(file, "evidence",
             json_kind(evidence) == JSON_STRING ? evidence : json_get(evidence, "summary"));
    put_line(file, "reproduce", json_get(evidence, "reproduce"));
    put_line(file, "mend", json_get(finding, "remediation"));
    fputc('\n', file);
}

struct pass {
    FILE *file;
    enum severity severity; /* to be printed now */
    size_t count;           /* printed so far */
};

static bool put_agents_findings(void *ctx, struct text name, const struct json *agent) {
    struct pass *pass = ctx;
    const struct json *findings = json_get(agent, "findings");
    (void)name;
    for (size_t i = 0; i < json_count(findings); i++) {
        const struct json *finding = json_at(findings, i);
        if (strcmp(json_str(json_get(finding, "severity"), ""), severity_word(pass->severity)) != 0)
            continue;
        put_finding(pass->file, finding);
        pass->count++;
    }
    return true;
}

static void put_findings(FILE *file, const struct json *task) {
    struct pass pass = {.file = file};
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        pass.severity = (enum severity)severity;
        json_each(agent_results(task), put_agents_findings, &pass);
    }
    if (pass.count == 0 && agent_results(task))
        fputs("no findings\n\n", file);
}

static bool put_agent(void *ctx, struct text name, const struct json *agent) {
    FILE *file = ctx;
    fputs("agent ", file);
    terminal_put(file, name);
    fputs(": ", file);
    put_str(file, json_get(agent, "status"), "unknown");
    if (json_kind(json_get(agent, "reason")) == JSON_STRING) {
        fputs(" (", file);
        put_str(file, json_get(agent, "reason"), "");
        fputc(')', file);
    }
    fputs(": ", file);
    put_str(file, json_get(agent, "summary"), "");
    fputc('\n', file);
    return true;
}

static void put_failure(FILE *file, const struct json *task) {
    const struct json *error = json_path(task, "result.error");
    if (!error)
        return;
    fputs("error ", file);
    put_str(file, json_get(error, "code"), "unknown");
    fputs(": ", file);
    put_str(file, json_kind(error) == JSON_STRING ? error : json_get(error, "message"), "");
    fputc('\n', file);
}

/* "score 85, confidence high (0.93)" */
static void put_numbers(FILE *file, const struct json *task) {
    const struct json *verdict = json_path(task, "result.verdict");
    double score, confidence;
    if (!json_number(json_path(verdict, "confidence.value"), &confidence))
        return;
    if (json_number(json_path(verdict, "score.overall"), &score))
        fprintf(file, "score %.0f, ", score);
    fputs("confidence ", file);
    put_str(file, json_path(verdict, "confidence.level"), "low");
    fprintf(file, " (%.2f)\n", confidence);
}

void summary_put(FILE *file, const struct json *task) {
    put_findings(file, task);
    json_each(agent_results(task), put_agent, file);
    put_failure(file, task);
    fputs("task ", file);
    put_str(file, json_get(task, "task_id"), "");
    fputs(": ", file);
    put_str(file, json_get(task, "status"), "unknown");
    fputc('\n', file);
    put_numbers(file, task);
    if (is_finished(task))
        fprintf(file, "verdict: %s\n", verdict_word(summary_verdict(task)));
}
