/* Fetches a report and keeps it. Must not know what is in one. */
#include "ctl/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/report/report.h"
#include "ctl/command.h"
#include "ctl/terminal.h"

enum { REPORT_PATH_SIZE = 192 };

int report_check(const char *format, const char *output) {
    enum report_format known;
    if (format == NULL && output != NULL) {
        fprintf(stderr, "agnosticctl: --output needs --format\n");
        return CTL_USAGE;
    }
    if (format == NULL || report_find(text_of(format), &known))
        return CTL_OK;
    fprintf(stderr, "agnosticctl: --format: not one of");
    for (int i = 0; i < REPORT__COUNT; i++)
        fprintf(stderr, " %s", report_name((enum report_format)i));
    fputc('\n', stderr);
    return CTL_USAGE;
}

/* To a terminal so that it cannot steer it, else as it is. */
static void report_print(struct text text) {
    struct text line;
    if (!isatty(STDOUT_FILENO)) {
        fwrite(text.ptr, 1, text.len, stdout);
        return;
    }
    while (text_cut(&text, '\n', &line)) {
        terminal_put(stdout, line);
        if (text.ptr != NULL)
            putchar('\n');
    }
}

int report_write_file(struct text text, const char *output) {
    FILE *file = fopen(output, "we");
    bool written = file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (written)
        return CTL_OK;
    fprintf(stderr, "agnosticctl: %s: %s\n", output, strerror(errno));
    return err_exit(ERR_IO);
}

int report_keep(struct text text, const char *output) {
    if (output != NULL)
        return report_write_file(text, output);
    report_print(text);
    return CTL_OK;
}

int report_save(struct client *client, const char *id, const char *format, const char *output) {
    struct client_answer answer = {0};
    struct fault fault = {0};
    char path[REPORT_PATH_SIZE];
    int status = CTL_OK;
    snprintf(path, sizeof(path), "/api/tasks/%.100s/report?format=%.40s", id, format);
    enum err err = client_call(client, "GET", path, (struct text){NULL, 0}, &answer, &fault);
    if (err != ERR_OK || answer.status != 200)
        status = client_complain("asking for the report", err, &answer, &fault);
    else
        status = report_keep(buf_text(&answer.text), output);
    client_answer_done(&answer);
    return status;
}

int report_run(const struct settings *settings, const struct options *options) {
    const char *id = options_operand(options, 0), *format = options_text(options, "format");
    struct client *client;
    format = format != NULL ? format : report_name(REPORT_TEXT);
    int status = client_check_task(id);
    if (status == CTL_OK)
        status = report_check(format, options_text(options, "output"));
    if (status == CTL_OK)
        status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    status = report_save(client, id, format, options_text(options, "output"));
    client_free(client);
    return status;
}
