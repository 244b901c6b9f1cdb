/* report: an agent's lines as a page for people: findings by severity with evidence, how to see
 * them again and how to mend them; then what was not tested. Everything shown came from outside,
 * so nothing of it reaches the terminal as a control character. */
#ifndef AGENTS_REPORT_H
#define AGENTS_REPORT_H

#include "agnostic/base/json.h"

struct report;

/* report_new(title, target, colours, &report): the caller frees with report_free. */
enum err report_new(const char *title, const char *target, bool colours,
                    struct report **ret_report);
void report_free(struct report *report);
/* report_line(report, line): remembers what the line tells. true for the result line: the report
 * is then complete. */
bool report_line(struct report *report, struct text line);
/* report_put_live(report, buf): how far it is, for a terminal: replaces the line it stands in; when
 * the report is complete, clears it. */
void report_put_live(const struct report *report, struct buf *buf);
/* report_put(report, buf): the page. */
void report_put(const struct report *report, struct buf *buf);

#endif
