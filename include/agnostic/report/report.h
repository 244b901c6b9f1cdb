/* report: a finished task in the forms people and their tools read. Pure: the same record gives
 * the same bytes on any machine, and whatever a finding says, it stays text in every form. */
#ifndef AGNOSTIC_REPORT_REPORT_H
#define AGNOSTIC_REPORT_REPORT_H

#include "agnostic/base/json.h"
#include "agnostic/report/past.h"

enum report_format {
    REPORT_JSON,        /* the `result` member as it is */
    REPORT_SARIF,       /* SARIF 2.1.0, within the limits of GitHub code scanning */
    REPORT_JUNIT,       /* JUnit XML as Jenkins and GitLab read it */
    REPORT_CODEQUALITY, /* GitLab Code Quality */
    REPORT_DAST,        /* GitLab DAST security report, schema 15 */
    REPORT_MARKDOWN,    /* a comment under a pull request */
    REPORT_ANNOTATIONS, /* GitHub Actions workflow commands */
    REPORT_TEXT,
    REPORT_HTML, /* one page without scripts, for screen and paper */
    REPORT__COUNT
};

enum { REPORT_MAX_BYTES = 8 << 20 };

/* report_find(name, &format): by the word of ?format=: json, sarif, junit, gitlab-codequality,
 * gitlab-dast, markdown, annotations, text, html. */
bool report_find(struct text name, enum report_format *ret_format);
const char *report_name(enum report_format format);
/* report_media(format): its Content-Type, parameters included. */
const char *report_media(enum report_format format);
/* report_negotiate(accept, &format): the best of an Accept field (RFC 9110 §12.5.1), by weight,
 * then by the table's order; the formats that have no media type of their own are not offered. An
 * empty field is JSON. false: none is acceptable. */
bool report_negotiate(struct text accept, enum report_format *ret_format);

/* report_write(record, title, past, format, buf): record is a finished task's record, title the
 * task's or ptr NULL, past its session and earlier ones or NULL (only REPORT_HTML shows them).
 * ERR_DAMAGED when it is no such record, ERR_INVALID when the task has not finished, ERR_TOO_LARGE
 * beyond buf's limit, ERR_NOMEM. buf must be empty. */
enum err report_write(struct text record, struct text title, const struct past *past,
                      enum report_format format, struct buf *buf);

#endif
