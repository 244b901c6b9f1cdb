/* drill_report: what a drill has shown. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/json.h"
#include "ctl/command.h"
#include "ctl/drill.h"

enum { REPORT_MAX_BYTES = 4096 };

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Median and maximum of all recoveries. */
static void sum_up_recoveries(const struct drill_tasks *tasks, struct drill_report *report) {
    size_t count = 0;
    int64_t *all = calloc(tasks->count * DRILL_RECOVERIES_MAX + 1, sizeof(*all));
    for (size_t i = 0; all && i < tasks->count; i++)
        for (size_t j = 0; j < tasks->all[i].recoveries; j++)
            all[count++] = tasks->all[i].recovery_ms[j];
    if (count > 0) {
        qsort(all, count, sizeof(*all), by_size);
        report->recovered = (int64_t)count;
        report->recovery_p50_ms = all[(count - 1) / 2];
        report->recovery_max_ms = all[count - 1];
    }
    free(all);
}

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
        report.doubled += task->endings > 1;
    }
    sum_up_recoveries(tasks, &report);
    *ret_report = report;
}

/* In the order of the table of the text. */
static const struct figure {
    const char *name, *text;
    size_t at;
} FIGURES[] = {
    {"accepted", "accepted", offsetof(struct drill_report, accepted)},
    {"lost", "lost", offsetof(struct drill_report, lost)},
    {"doubled", "ended more than once", offsetof(struct drill_report, doubled)},
    {"completed", "completed", offsetof(struct drill_report, completed)},
    {"failed", "failed", offsetof(struct drill_report, failed)},
    {"cancelled", "cancelled", offsetof(struct drill_report, cancelled)},
    {"unfinished", "not ended in time", offsetof(struct drill_report, unfinished)},
    {"repeated", "attempted more than once", offsetof(struct drill_report, repeated)},
    {"kills", "processes killed", offsetof(struct drill_report, kills)},
    {"recovered", "lost slots made good", offsetof(struct drill_report, recovered)},
    {"recovery_p50_ms", "recovery, median (ms)", offsetof(struct drill_report, recovery_p50_ms)},
    {"recovery_max_ms", "recovery, longest (ms)", offsetof(struct drill_report, recovery_max_ms)},
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
    if (report->lost > 0 || report->doubled > 0)
        return CTL_REFUSED;
    return report->unfinished > 0 ? CTL_TIMEOUT : CTL_OK;
}
