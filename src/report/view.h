/* view: a finished task's record, taken apart for the writers of the forms. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "agnostic/report/past.h"
#include "agnostic/task/cvss.h"
#include "agnostic/task/outcome.h"
#include "agnostic/task/record.h"
#include "agnostic/task/verdict.h"

enum {
    VIEW_AGENTS_MAX = OUTCOME_AGENTS_MAX,
    VIEW_FINDINGS_MAX = 12000,
    VIEW_TEXT_MAX = 8192 /* code points of a text */
};

struct view_agent {
    struct text name, status, reason, summary;
    bool completed;
    const struct json *counts, *checks, *metrics, *data, *findings;
};

/* ptr NULL: absent. All texts are views of the record, cut at VIEW_TEXT_MAX, and may hold anything
 * but NUL. */
struct view_finding {
    const struct view_agent *agent;
    enum severity severity;
    bool advisory;
    double score; /* CVSS; below 0: none */
    struct text id, check_id, title, description, remediation, component, url, cwe, vector;
    struct text fingerprint, category, reference, seen, reproduce;
    const struct json *standards;
};

struct view {
    struct record record; /* owned */
    struct text title, target, completed_at;
    bool failed; /* could not be carried out, or was cancelled: no agents, no verdict */
    struct text error_code, error_text;
    bool has_verdict;
    enum verdict verdict;
    const struct json *reasons, *criteria; /* read the latter with demand.h */
    /* What a language model said; ptr NULL and NULL: nothing. It has judged nothing. */
    struct text model, model_summary;
    const struct json *proposals; /* read them with demand.h */
    struct view_agent agents[VIEW_AGENTS_MAX];
    size_t agent_count;
    struct view_finding *findings; /* the worst first */
    size_t finding_count, finding_omitted;
    const struct past *past;        /* NULL: not known */
    size_t counts[SEVERITY__COUNT]; /* of all, also those left out of the record */
};

/* view_new(record, title, &view): errors as of report_write. The caller frees with view_free. */
enum err view_new(struct text record, struct text title, struct view **ret_view);
void view_free(struct view *view);

/* view_whole(view): was the task carried out, by each of its agents? */
bool view_whole(const struct view *view);
/* view_word(view): "GO", "NO_GO", ...; of a task that was not carried out its state. */
const char *view_word(const struct view *view);
/* view_headline(view, buf): "NO_GO: 1 high, 2 medium; score 84; confidence high" */
void view_headline(const struct view *view, struct buf *buf);

#endif
