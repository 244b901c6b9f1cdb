/* A comment for a pull request: the verdict, why, and the worst findings with their details folded
 * away. Stays below the 65 536 characters that GitHub takes. */
#include "report/demand.h"
#include "report/escape.h"
#include "report/forms.h"

enum { COMMENT_MAX = 60000, DEMANDS_MAX = COMMENT_MAX / 2 }; /* bytes */
enum { WORD_POINTS = 40 };                                   /* code points */

static const char *sign_of(const struct view *view) {
    if (!view->has_verdict || view->failed)
        return ":grey_question:";
    static const char *const SIGNS[VERDICT__COUNT] = {[VERDICT_GO] = ":white_check_mark:",
                                                      [VERDICT_GO_WITH_WARNINGS] = ":warning:",
                                                      [VERDICT_NO_GO] = ":x:",
                                                      [VERDICT_INCOMPLETE] = ":grey_question:"};
    return SIGNS[view->verdict];
}

static void put_head(const struct view *view, struct buf *buf) {
    struct buf headline;
    buf_init(&headline, COMMENT_MAX);
    view_headline(view, &headline);
    buf_printf(buf, "## %s Agnostic QA: ", sign_of(view));
    escape_markdown(buf, buf_text(&headline));
    buf_puts(buf, "\n\n");
    if (view->title.len > 0) {
        buf_puts(buf, "Task: ");
        escape_markdown(buf, view->title);
    }
    if (view->target.len > 0) {
        buf_puts(buf, view->title.len > 0 ? ", " : "");
        escape_markdown_code(buf, view->target);
    }
    buf_puts(buf, "\n\n");
    buf_done(&headline);
}

static void put_error(const struct view *view, struct buf *buf) {
    if (!view->failed)
        return;
    buf_puts(buf, "The task was not carried out: ");
    escape_markdown(buf, view->error_text.len > 0 ? view->error_text : view->error_code);
    buf_puts(buf, "\n\n");
}

static void put_agents(const struct view *view, struct buf *buf) {
    if (view->agent_count == 0)
        return;
    buf_puts(buf, "| agent | ended | |\n|---|---|---|\n");
    for (size_t i = 0; i < view->agent_count; i++) {
        buf_puts(buf, "| ");
        escape_markdown(buf, view->agents[i].name);
        buf_puts(buf, " | ");
        escape_markdown(buf, view->agents[i].status);
        if (view->agents[i].reason.len > 0)
            buf_puts(buf, ": ");
        escape_markdown(buf, view->agents[i].reason);
        buf_puts(buf, " | ");
        escape_markdown(buf, text_head(view->agents[i].summary, 200));
        buf_puts(buf, " |\n");
    }
    buf_putc(buf, '\n');
}

static void put_demand(const struct demand *demand, struct buf *buf) {
    buf_puts(buf, "| ");
    escape_markdown(buf, text_head(demand->id, WORD_POINTS));
    buf_puts(buf, " | ");
    escape_markdown(buf, text_head(demand->written, 200));
    buf_puts(buf, " | ");
    escape_markdown(buf, buf_text(&demand->bound));
    buf_printf(buf, " | %s | ", demand->measured);
    escape_markdown(buf, text_head(demand->result, WORD_POINTS));
    buf_puts(buf, " |\n");
}

static void put_demands(const struct view *view, struct buf *buf) {
    if (demand_count(view) == 0)
        return;
    buf_puts(buf, "| | criterion | taken for | measured | |\n|---|---|---|---|---|\n");
    size_t i = 0;
    for (; i < demand_count(view) && buf->len < DEMANDS_MAX; i++) {
        struct demand demand;
        demand_read(view, i, &demand);
        put_demand(&demand, buf);
        demand_done(&demand);
    }
    if (i < demand_count(view))
        buf_printf(buf, "\n%zu more criteria are in the full report.\n", demand_count(view) - i);
    buf_putc(buf, '\n');
}

static void put_proposal(const struct demand *demand, struct buf *buf) {
    buf_puts(buf, "> - ");
    escape_markdown(buf, text_head(demand->id, WORD_POINTS));
    buf_puts(buf, ": ");
    escape_markdown(buf, text_head(demand->written, 200));
    buf_puts(buf, " (perhaps ");
    escape_markdown(buf, buf_text(&demand->bound));
    buf_puts(buf, ")\n");
}

static void put_model(const struct view *view, struct buf *buf) {
    buf_puts(buf, "> **Worded by a language model** (");
    escape_markdown(buf, text_head(view->model, WORD_POINTS));
    buf_puts(buf, "), which judges nothing:\n>\n> ");
    escape_markdown(buf, view->model_summary);
    buf_putc(buf, '\n');
    if (json_count(view->proposals) > 0)
        buf_puts(buf, ">\n> Proposed by it, not judged:\n>\n");
    demand_propose_each(view, put_proposal, buf);
    buf_putc(buf, '\n');
}

/* Leaves it out where there is no room for it. */
static void put_model_within(const struct view *view, struct buf *buf) {
    struct buf words;
    if (view->model_summary.len == 0)
        return;
    buf_init(&words, COMMENT_MAX);
    put_model(view, &words);
    if (!words.failed && buf->len + words.len <= COMMENT_MAX)
        buf_puttext(buf, buf_text(&words));
    buf_done(&words);
}

static void put_detail(struct buf *buf, const char *label, struct text t, bool code) {
    if (t.len == 0)
        return;
    buf_printf(buf, "- %s: ", label);
    if (code)
        escape_markdown_code(buf, text_head(t, 1000));
    else
        escape_markdown(buf, text_head(t, 1000));
    buf_putc(buf, '\n');
}

static void put_finding(const struct view_finding *finding, struct buf *buf) {
    buf_printf(buf, "<details><summary><b>%s</b> ", severity_word(finding->severity));
    escape_markdown_block(buf, text_head(finding->title, 200));
    buf_puts(buf, " (");
    escape_markdown_block(buf, finding->check_id);
    buf_puts(buf, finding->advisory ? ", advisory)</summary>\n\n" : ")</summary>\n\n");
    put_detail(buf, "where", finding->component, true);
    put_detail(buf, "seen", finding->seen, true);
    put_detail(buf, "why", finding->description, false);
    put_detail(buf, "mend", finding->remediation, false);
    put_detail(buf, "reproduce", finding->reproduce, true);
    buf_puts(buf, "\n</details>\n");
}

void form_markdown(const struct view *view, struct buf *buf) {
    size_t left = view->finding_omitted, i = 0;
    struct buf one;
    put_head(view, buf);
    put_error(view, buf);
    put_agents(view, buf);
    put_demands(view, buf);
    put_model_within(view, buf);
    buf_init(&one, COMMENT_MAX);
    for (; i < view->finding_count; i++) {
        buf_reset(&one);
        put_finding(&view->findings[i], &one);
        if (one.failed || buf->len + one.len > COMMENT_MAX)
            break;
        buf_puttext(buf, buf_text(&one));
    }
    buf_done(&one);
    left += view->finding_count - i;
    if (left > 0)
        buf_printf(buf, "\n%zu more findings are in the full report.\n", left);
}
