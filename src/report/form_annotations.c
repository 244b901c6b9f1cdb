/* GitHub Actions workflow commands: one line a finding, shown beside the run. GitHub shows ten of a
 * kind and step, so the worst come first. */
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
    for (size_t i = 0; i < view->agent_count; i++)
        put_agent(&view->agents[i], buf);
    if (view->failed) {
        buf_puts(buf, "::error title=Agnostic QA::");
        escape_command(buf, view->error_text, false);
        buf_putc(buf, '\n');
    }
}
