/* GitHub Actions workflow commands: one line a finding, shown beside the run. GitHub shows ten of a
 * kind and step, so the worst come first. */
#include "report/demand.h"
#include "report/escape.h"
#include "report/forms.h"

static const char *command_of(const struct view_finding *finding) {
    if (finding->advisory || finding->severity >= SEVERITY_LOW)
        return "notice";
    return finding->severity == SEVERITY_MEDIUM ? "warning" : "error";
}

static void put_agent(const struct view_agent *agent, struct buf *buf) {
    if (agent->completed)
        return;
    buf_puts(buf, "::warning title=");
    escape_command(buf, agent->name, true);
    buf_puts(buf, "::");
    escape_command(buf, agent->status, false);
    buf_puts(buf, ": ");
    escape_command(buf, agent->summary, false);
    buf_putc(buf, '\n');
}

static void put_demand(const struct demand *demand, struct buf *buf) {
    bool failed = text_is(demand->result, criterion_result_word(CRITERION_FAILED));
    if (text_is(demand->result, criterion_result_word(CRITERION_MET)))
        return;
    buf_printf(buf, "::%s title=", failed ? "error" : "warning");
    escape_command(buf, demand->id, true);
    buf_puts(buf, "%3A ");
    escape_command(buf, demand->result, true);
    buf_puts(buf, "::");
    escape_command(buf, demand->written, false);
    buf_printf(buf, "%s%s\n", demand->measured[0] != '\0' ? ": measured " : "", demand->measured);
}

void form_annotations(const struct view *view, struct buf *buf) {
    for (size_t i = 0; i < view->finding_count; i++) {
        const struct view_finding *finding = &view->findings[i];
        buf_printf(buf, "::%s title=", command_of(finding));
        escape_command(buf, finding->check_id, true);
        buf_puts(buf, "%3A ");
        escape_command(buf, finding->title, true);
        buf_puts(buf, "::");
        escape_command(buf, finding->component, false);
        buf_puts(buf, ": ");
        escape_command(buf, finding->seen, false);
        buf_putc(buf, '\n');
    }
    demand_each(view, put_demand, buf);
    for (size_t i = 0; i < view->agent_count; i++)
        put_agent(&view->agents[i], buf);
    if (view->failed) {
        buf_puts(buf, "::error title=Agnostic QA::");
        escape_command(buf, view->error_text, false);
        buf_putc(buf, '\n');
    }
}
