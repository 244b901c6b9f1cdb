/* agnostic-agent: its options and pages. */
#include <stdio.h>

#include "agents/catalogue.h"
#include "agents/command.h"
#include "agents/registry.h"

static const struct option_row OPTIONS[] = {
    {"url", "URL", "Test this target now, instead of reading a task from standard input."},
    {"standards", "A,B", "Sum the checks up by the requirements of these: OWASP, ASVS, PCI, ..."},
    {"rate", "N", "performance: requests a second, constantly."},
    {"duration", "SECONDS", "performance: how long is measured, after 2 s of warm-up."},
    {"profile", "NAME",
     "performance: constant (also by default), saturation (then the most that is answered well "
     "is searched for) or spike (then five times the rate for 3 s)."},
    {"mix", "LIST",
     "performance: what is asked for instead of URL itself, as '3 /cart, 1 /search?q=x': paths of "
     "its origin, each with its share of the requests."},
    {"http", "VERSION", "performance: auto (what the server prefers; also by default), 1.1 or 2."},
    {"checks", "FILE",
     "junior-qa: requests of your own and what must be answered, as JSON (PROTOCOL.md, \"User "
     "checks\")."},
    {"external-links", NULL,
     "junior-qa: also ask for what pages link to on other sites, each once a second at most."},
    {"output", "DIR", "Leave the agent's files in this folder: series, histograms, pictures."},
    {"timeout", "SECONDS", "Stop after so many seconds with what is known by then."},
    {"json", NULL, "Print JSON lines instead of a report, or of the list."},
    {"list", NULL,
     "Print the rules of the agent, or of all: id, severity, CVSS score, CWE, mode, title."},
    {"markdown", NULL, "Print the list as documentation."},
    {"help", NULL, "This text."},
    {"version", NULL, "The version."},
};

/* The rules of the named agent, or of all. */
static int command_rules(const struct options *options, struct buf *buf) {
    enum catalogue_form form = options_flag(options, "markdown") ? CATALOGUE_MARKDOWN
                               : options_flag(options, "json")   ? CATALOGUE_JSON
                                                                 : CATALOGUE_LINES;
    const char *name = options_operand(options, 0);
    struct agent_row row;
    if (name != NULL && !registry_find(name, &row))
        return AGENT_BAD_TASK;
    if (name != NULL)
        catalogue_put(&row, form, buf);
    else if (form == CATALOGUE_MARKDOWN)
        buf_puts(buf, "# What the agents check\n\n");
    for (size_t i = 0; name == NULL && registry_at(i, &row); i++)
        catalogue_put(&row, form, buf);
    return 0;
}

const struct command_program COMMAND_AGENT = {
    .name = "agnostic-agent",
    .usage =
        "Usage: agnostic-agent NAME --url URL [--standards A,B] [--timeout SECONDS] [--json]\n"
        "       agnostic-agent junior-qa --url URL [--checks FILE] [--external-links] [--json]\n"
        "       agnostic-agent performance --url URL [--rate N] [--duration SECONDS]\n"
        "                      [--profile constant|saturation|spike] [--mix LIST]\n"
        "                      [--http auto|1.1|2] [--output DIR] [--json]\n"
        "       agnostic-agent [NAME] --list [--json | --markdown]\n"
        "       agnostic-agent NAME            (a task on standard input, see PROTOCOL.md)\n\n"
        "Runs one of the QA agents against a target.\n\nAgents:\n",
    .about = "\nWith --url, what may be connected to stands in AGNOSTIC_TARGET_ALLOW; if that is\n"
             "not set, it is the host typed, at the rate typed: --profile saturation and spike go\n"
             "beyond that and so need HOST+load=RPS there. Cloud metadata addresses are "
             "refused always.\n\n"
             "Exit status: 0 it ran (whatever it found; also when it was stopped: the result\n"
             "then says partial), 3 the target was refused, 64 wrong usage or task, 69 the\n"
             "agent or something it needs is not available, 70 it broke.\n",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .find = registry_find,
    .at = registry_at,
    .list = command_rules,
};
