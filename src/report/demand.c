/* Puts the members of a stored criterion into words. Judges nothing and escapes nothing. */
#include "report/demand.h"

#include <stdio.h>

#include "agnostic/task/advice.h"

enum { BOUND_MAX_BYTES = 1024 };

static struct text member(const struct json *object, const char *name) {
    struct text text = {NULL, 0};
    (void)json_text(json_get(object, name), &text);
    return text;
}

static void put_metric(const struct json *criterion, struct buf *bound) {
    double value;
    buf_puttext(bound, member(criterion, "metric"));
    buf_putc(bound, ' ');
    buf_puttext(bound, member(criterion, "op"));
    if (json_number(json_get(criterion, "value"), &value))
        buf_printf(bound, " %.6g", value);
}

static void put_findings(const struct json *criterion, struct buf *bound) {
    buf_puts(bound, "no finding of severity ");
    buf_puttext(bound, member(criterion, "severity"));
    buf_puts(bound, text_is(member(criterion, "severity"), severity_word(SEVERITY_CRITICAL))
                        ? ""
                        : " or worse");
}

static void put_checks(const struct json *criterion, struct buf *bound) {
    const struct json *checks = json_get(criterion, "checks");
    buf_puts(bound, "checks pass: ");
    for (size_t i = 0; i < json_count(checks) && i < CRITERION_SUBJECTS_MAX; i++) {
        struct text check = {NULL, 0};
        (void)json_text(json_at(checks, i), &check);
        buf_puts(bound, i > 0 ? ", " : "");
        buf_puttext(bound, check);
        buf_puts(bound, text_ends(check, TEXT("-")) ? "\u2026" : ""); /* a family of checks */
    }
}

static void put_standard(const struct json *criterion, struct buf *bound) {
    buf_puts(bound, "no finding that concerns ");
    buf_puttext(bound, member(criterion, "standard"));
}

static void put_limit(const struct json *criterion, struct buf *bound) {
    double value;
    buf_puts(bound, "limit ");
    buf_puttext(bound, member(criterion, "limit"));
    if (json_number(json_get(criterion, "value"), &value))
        buf_printf(bound, " %.6g", value);
    buf_puts(bound, member(criterion, "path").len > 0 ? " " : "");
    buf_puttext(bound, member(criterion, "path"));
}

/* By the member `kind`; of an unmapped one nothing can be said. */
static const struct {
    const char *kind;
    void (*put)(const struct json *criterion, struct buf *bound);
} KINDS[] = {{"metric", put_metric},
             {"findings", put_findings},
             {"checks", put_checks},
             {"standard", put_standard},
             {"limit", put_limit}};

static void put_bound(const struct json *criterion, struct buf *ret_bound) {
    buf_init(ret_bound, BOUND_MAX_BYTES);
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        if (text_is(member(criterion, "kind"), KINDS[i].kind))
            KINDS[i].put(criterion, ret_bound);
}

size_t demand_count(const struct view *view) {
    size_t count = json_count(view->criteria);
    return count < CRITERIA_MAX ? count : CRITERIA_MAX;
}

void demand_read(const struct view *view, size_t index, struct demand *ret_demand) {
    const struct json *criterion = json_at(view->criteria, index);
    double measured;
    *ret_demand = (struct demand){.id = member(criterion, "id"),
                                  .written = member(criterion, "text"),
                                  .result = member(criterion, "result")};
    put_bound(criterion, &ret_demand->bound);
    if (json_number(json_get(criterion, "measured"), &measured))
        snprintf(ret_demand->measured, sizeof(ret_demand->measured), "%.6g", measured);
}

void demand_done(struct demand *demand) {
    buf_done(&demand->bound);
}

void demand_each(const struct view *view, void (*put)(const struct demand *demand, struct buf *buf),
                 struct buf *buf) {
    for (size_t i = 0; i < demand_count(view); i++) {
        struct demand demand;
        demand_read(view, i, &demand);
        put(&demand, buf);
        demand_done(&demand);
    }
}

/* --- proposals ----------------------------------------------------------------------------- */

static struct text sentence_of(const struct view *view, struct text id) {
    for (size_t i = 0; i < demand_count(view); i++)
        if (text_eq(member(json_at(view->criteria, i), "id"), id))
            return member(json_at(view->criteria, i), "text");
    return (struct text){NULL, 0};
}

void demand_propose_each(const struct view *view,
                         void (*put)(const struct demand *demand, struct buf *buf),
                         struct buf *buf) {
    for (size_t i = 0; i < json_count(view->proposals) && i < ADVICE_PROPOSALS_MAX; i++) {
        const struct json *proposal = json_at(view->proposals, i);
        struct demand demand = {.id = member(proposal, "criterion_id")};
        demand.written = sentence_of(view, demand.id);
        put_bound(proposal, &demand.bound);
        put(&demand, buf);
        demand_done(&demand);
    }
}
