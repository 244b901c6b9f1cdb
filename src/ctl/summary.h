/* summary: a finished task in words. */
#ifndef CTL_SUMMARY_H
#define CTL_SUMMARY_H

#include <stdio.h>

#include "agnostic/base/json.h"
#include "agnostic/task/verdict.h"

/* summary_verdict(task): of a finished task; one that failed, was cancelled or has no verdict that
 * we know is INCOMPLETE. */
enum verdict summary_verdict(const struct json *task);
/* summary_put(file, task): findings by severity, then the agents; the last line is
 * "verdict: WORD" when the task is finished. */
void summary_put(FILE *file, const struct json *task);

#endif
