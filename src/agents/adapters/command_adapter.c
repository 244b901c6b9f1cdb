/* agnostic-adapter: its options and pages. */
#include "agents/adapters/command_adapter.h"

#include <string.h>

#include "agents/adapters/tools.h"

static const struct option_row OPTIONS[] = {
    {"url", "URL", "Test this target now, instead of reading a task from standard input."},
    {"read", "FILE",
     "sarif: what the command writes (its standard output); without one, to be read."},
    {"timeout", "SECONDS", "Stop after so many seconds."},
    {"json", NULL, "With --url: print the JSON lines instead of a report."},
    {"list", NULL, "Print how the tool, or each, is called."},
    {"help", NULL, "This text."},
    {"version", NULL, "The version."},
};

/* Words that only some tasks have stand in brackets. */
static void command_line(const char *name, struct buf *buf) {
    const struct tool *tool = tools_find(name);
    if (tool->line == NULL)
        buf_puts(buf, "COMMAND...");
    for (const struct argument *word = tool->line; word != NULL && word->word != NULL; word++)
        buf_printf(buf, word->when == ARGUMENT_ALWAYS ? "%s%s" : "%s[%s]",
                   word == tool->line ? "" : " ", word->word);
    buf_putc(buf, '\n');
}

static int command_lines(const struct options *options, struct buf *buf) {
    const char *name = options_operand(options, 0);
    struct agent_row row;
    if (name != NULL && !tools_row(name, &row))
        return AGENT_BAD_TASK;
    for (size_t i = 0; tools_at(i, &row); i++)
        if (name == NULL || strcmp(name, row.name) == 0)
            command_line(row.name, buf);
    return 0;
}

const struct command_program COMMAND_ADAPTER = {
    .name = "agnostic-adapter",
    .usage = "Usage: agnostic-adapter TOOL --url URL [--timeout SECONDS] [--json]\n"
             "       agnostic-adapter [TOOL] --list\n"
             "       agnostic-adapter sarif|junit|tap [--read FILE] [--url URL] [--json] [-- "
             "COMMAND...]\n"
             "       agnostic-adapter TOOL          (a task on standard input, see PROTOCOL.md)\n\n"
             "Runs a tool that is installed here against a target, at the address that the policy\n"
             "permits, and says what it found as our own agents do.\n\nTools:\n",
    .about =
        "\nWith --url, what may be connected to stands in AGNOSTIC_TARGET_ALLOW; if that is\n"
        "not set, it is the host typed. In a COMMAND {url}, {host}, {port}, {ip} and {out} stand\n"
        "for the target and a file for its output.\n\n"
        "Exit status: 0 it ran (whatever it found; the result says failed when the tool did\n"
        "not come to its end or its output cannot be read), 3 the target was refused, 64\n"
        "wrong usage or task, 69 the tool is not installed or not for this target, 70 it "
        "broke.\n",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .find = tools_row,
    .at = tools_at,
    .list = command_lines,
};
