/* drill_report: what a drill has shown. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "agnostic/base/json.h"
#include "ctl/command.h"
#include "ctl/drill.h"

enum { REPORT_MAX_BYTES = 4096 };

void drill_report_make(const struct drill_tasks *tasks, const struct drill_faults *faults,
                       struct drill_report *ret_report) {
    struct drill_report report = {.accepted = (int64_t)tasks->count,
                                  .kills = (int64_t)faults->count};
    for (size_t i = 0; i < tasks->count; i++) {
        const struct drill_task *task = &tasks->all[i];
        report.lost += task->lost;
        report.unfinished += !task->lost && !task->ended;
        report.completed += task->ended && task->state == TASK_COMPLETED;
        report.failed += task->ended && task->state == TASK_FAILED;
        report.cancelled += task->ended && task->state == TASK_CANCELLED;
        report.repeated += task->attempts > 1;
    }
    *ret_report = report;
}

/* In the order of the table of the text. */
static const struct figure {
    const char *name, *text;
    size_t at;
} FIGURES[] = {
    {"accepted", "accepted", offsetof(struct drill_report, accepted)},
    {"lost", "lost", offsetof(struct drill_report, lost)},
    {"completed", "completed", offsetof(struct drill_report, completed)},
    {"failed", "failed", offsetof(struct drill_report, failed)},
    {"cancelled", "cancelled", offsetof(struct drill_report, cancelled)},
    {"unfinished", "not ended in time", offsetof(struct drill_report, unfinished)},
    {"repeated", "attempted more than once", offsetof(struct drill_report, repeated)},
    {"kills", "processes killed", offsetof(struct drill_report, kills)},
};
enum { FIGURES_COUNT = sizeof(FIGURES) / sizeof(FIGURES[0]) };

static int64_t figure_of(const struct drill_report *report, const struct figure *figure) {
    return *(const int64_t *)(const void *)((const char *)report + figure->at);
}

static void print_text(const struct drill_report *report) {
    for (size_t i = 0; i < FIGURES_COUNT; i++)
        printf("%-25s %" PRId64 "\n", FIGURES[i].text, figure_of(report, &FIGURES[i]));
}

static void print_json(const struct drill_report *report) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, REPORT_MAX_BYTES);
    json_out_init(&out, &buf);
    json_out_object(&out);
    for (size_t i = 0; i < FIGURES_COUNT; i++)
        json_out_member_int(&out, FIGURES[i].name, figure_of(report, &FIGURES[i]));
    json_out_end_object(&out);
    puts(buf_str(&buf));
    buf_done(&buf);
}

int drill_report_print(const struct drill_report *report, bool as_json) {
    (as_json ? print_json : print_text)(report);
    if (report->lost > 0)
        return CTL_REFUSED;
    return report->unfinished > 0 ? CTL_TIMEOUT : CTL_OK;
}
