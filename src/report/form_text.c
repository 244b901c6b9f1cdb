/* For a terminal or a log: what was found, in order of gravity. No line begins with a stranger's
 * text: a runner of CI might take it for a command. */
#include "report/demand.h"
#include "report/escape.h"
#include "report/forms.h"

static void put_top(struct buf *buf, const char *label, struct text t) {
    if (t.len == 0)
        return;
    buf_printf(buf, "%-8s ", label);
    escape_plain(buf, t);
    buf_putc(buf, '\n');
}

static void put_line(struct buf *buf, const char *label, struct text t) {
    if (t.len == 0)
        return;
    buf_printf(buf, "        %-10s ", label);
    escape_plain(buf, t);
    buf_putc(buf, '\n');
}

static void put_finding(const struct view_finding *finding, struct buf *buf) {
    buf_printf(buf, "\n%-8s ", severity_word(finding->severity));
    escape_plain(buf, finding->title);
    buf_puts(buf, " [");
    escape_plain(buf, finding->check_id);
    buf_puts(buf, finding->advisory ? ", advisory]\n" : "]\n");
    put_line(buf, "where", finding->component);
    put_line(buf, "seen", finding->seen);
    put_line(buf, "mend", finding->remediation);
    put_line(buf, "reproduce", finding->reproduce);
}

static void put_agent(const struct view_agent *agent, struct buf *buf) {
    buf_puts(buf, "  - ");
    escape_plain(buf, agent->name);
    buf_puts(buf, ": ");
    escape_plain(buf, agent->status);
    if (agent->reason.len > 0)
        buf_puts(buf, " (");
    escape_plain(buf, agent->reason);
    buf_puts(buf, agent->reason.len > 0 ? ")" : "");
    if (agent->summary.len > 0) {
        buf_puts(buf, ", ");
        escape_plain(buf, agent->summary);
    }
    buf_putc(buf, '\n');
}

static void put_demand(const struct demand *demand, struct buf *buf) {
    buf_puts(buf, "  - ");
    escape_plain(buf, demand->id);
    buf_puts(buf, " ");
    escape_plain(buf, demand->result);
    buf_puts(buf, ": ");
    escape_plain(buf, demand->written);
    if (demand->bound.len > 0) {
        buf_puts(buf, " [");
        escape_plain(buf, buf_text(&demand->bound));
        buf_printf(buf, "%s%s]", demand->measured[0] != '\0' ? "; measured " : "",
                   demand->measured);
    }
    buf_putc(buf, '\n');
}

static void put_demands(const struct view *view, struct buf *buf) {
    if (demand_count(view) > 0)
        buf_puts(buf, "\nacceptance criteria\n");
    demand_each(view, put_demand, buf);
}

static void put_proposal(const struct demand *demand, struct buf *buf) {
    buf_puts(buf, "  - ");
    escape_plain(buf, demand->id);
    buf_puts(buf, ": ");
    escape_plain(buf, demand->written);
    buf_puts(buf, " [perhaps: ");
    escape_plain(buf, buf_text(&demand->bound));
    buf_puts(buf, "]\n");
}

/* Said to be a model's before a word of it is read. */
static void put_model(const struct view *view, struct buf *buf) {
    if (view->model_summary.len == 0)
        return;
    buf_puts(buf, "\nworded by a language model (");
    escape_plain(buf, view->model);
    buf_puts(buf, "), which judges nothing\n  | ");
    escape_plain(buf, view->model_summary);
    buf_putc(buf, '\n');
    if (json_count(view->proposals) > 0)
        buf_puts(buf, "proposed by it, not judged\n");
    demand_propose_each(view, put_proposal, buf);
}

void form_text(const struct view *view, struct buf *buf) {
    view_headline(view, buf);
    buf_putc(buf, '\n');
    put_top(buf, "task", view->title);
    put_top(buf, "target", view->target);
    if (view->failed) {
        put_top(buf, "error", view->error_code);
        put_top(buf, "", view->error_text);
    }
    for (size_t i = 0; i < view->agent_count; i++)
        put_agent(&view->agents[i], buf);
    put_demands(view, buf);
    put_model(view, buf);
    for (size_t i = 0; i < view->finding_count; i++)
        put_finding(&view->findings[i], buf);
    if (view->finding_omitted > 0)
        buf_printf(buf, "\n%zu more findings are not in the record.\n", view->finding_omitted);
}
