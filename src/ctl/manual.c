/* manual: lays out what the table says. Knows no command by name. */
#include "ctl/manual.h"

#include <stdio.h>
#include <string.h>

enum { COMMAND_WIDTH = 16, LINE_WIDTH = 76, SYNOPSIS_INDENT = 10 };

/* A heading and lines, indented. Nothing when there are none. */
static void put_section(struct buf *buf, const char *heading, const char *lines) {
    struct text rest = text_of(lines), line;
    if (lines[0] == '\0')
        return;
    buf_printf(buf, "\n%s\n", heading);
    while (text_cut(&rest, '\n', &line)) {
        if (line.len > 0)
            buf_puts(buf, "  ");
        buf_puttext(buf, line);
        buf_putc(buf, '\n');
    }
}

/* The next word of a line that breaks before LINE_WIDTH. */
static void put_word(struct buf *buf, size_t *column, const char *word) {
    size_t width = strlen(word) + 1;
    if (*column + width > LINE_WIDTH) {
        buf_printf(buf, "\n%*s", SYNOPSIS_INDENT, "");
        *column = SYNOPSIS_INDENT;
    }
    buf_printf(buf, " %s", word);
    *column += width;
}

void manual_synopsis(struct buf *buf, const struct command *command) {
    size_t start = buf->len;
    buf_printf(buf, "agnosticctl %s", command->name);
    size_t column = buf->len - start;
    for (size_t i = 0; i < command->options_count; i++) {
        const struct option_row *row = &command->options[i];
        char word[64];
        snprintf(word, sizeof(word), "[--%s%s%s]", row->name, row->argument ? " " : "",
                 row->argument ? row->argument : "");
        if (strcmp(row->name, "help") != 0)
            put_word(buf, &column, word);
    }
    if (command->operands[0] != '\0')
        put_word(buf, &column, command->operands);
    buf_putc(buf, '\n');
}

static void put_command(struct buf *buf, const struct command *command) {
    buf_printf(buf, "NAME\n  agnosticctl %s - %s\n\nSYNOPSIS\n  ", command->name, command->summary);
    manual_synopsis(buf, command);
    put_section(buf, "DESCRIPTION", command->description);
    buf_puts(buf, "\nOPTIONS\n");
    options_help(command->options, command->options_count, buf);
    put_section(buf, "EXIT STATUS", command->status);
    if (command->needs_settings)
        put_section(buf, "ENVIRONMENT", COMMANDS_ENVIRONMENT);
    put_section(buf, "EXAMPLES", command->examples);
}

static void put_program(struct buf *buf) {
    buf_puts(buf, "NAME\n  agnosticctl - order, watch and administer quality assurance tasks\n"
                  "\nSYNOPSIS\n");
    for (size_t i = 0; i < COMMANDS_COUNT; i++) {
        buf_puts(buf, "  ");
        manual_synopsis(buf, &COMMANDS[i]);
    }
    buf_puts(buf, "  agnosticctl [COMMAND] --help\n  agnosticctl --version\n\nCOMMANDS\n");
    for (size_t i = 0; i < COMMANDS_COUNT; i++)
        buf_printf(buf, "  %-*s%s\n", COMMAND_WIDTH, COMMANDS[i].name, COMMANDS[i].summary);
    put_section(buf, "ENVIRONMENT", COMMANDS_ENVIRONMENT);
    put_section(buf, "EXAMPLES",
                "export AGNOSTIC_URL=https://qa.example.com AGNOSTIC_API_KEY=agn_...\n"
                "agnosticctl submit https://staging.example.com/ --wait\n"
                "agnosticctl doctor");
}

void manual_put(struct buf *buf, const struct command *command) {
    if (command)
        put_command(buf, command);
    else
        put_program(buf);
}
