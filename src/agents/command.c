/* PROGRAM NAME: the task from stdin (the runner's way) or from options (people's).
 * Decides where lines go; knows no agent but through the program's table. */
#include "agents/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/artifact.h"
#include "agents/report.h"
#include "agents/watch.h"
#include "agnostic/base/file.h"
#include "agnostic/base/options.h"
#include "agnostic/task/user_check.h"

enum { PAGE_MAX_BYTES = 8 << 20, TOOLS_MAX_BYTES = 4096, TIMEOUT_MAX_S = 86400, EXIT_USAGE = 64 };

static const char UNKNOWN[] = "There is none of that name";

/* One run of an agent and where its lines go. */
struct command {
    const struct command_program *program;
    const struct options *options;
    struct agent_row row;
    struct agent_task *task;
    struct report *report; /* NULL: lines go out as they are */
    bool live;             /* the standard error is a terminal: tell how far it is */
    struct lines *lines;
};

static int command_usage(const struct command_program *program, const char *why) {
    fprintf(stderr, "%s: %s\nTry: %s --help\n", program->name, why, program->name);
    return EXIT_USAGE;
}

static void command_write(struct text t) {
    while (t.len > 0) {
        ssize_t sent = write(STDOUT_FILENO, t.ptr, t.len);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return; /* nobody reads any more */
        t = text_make(t.ptr + sent, t.len - (size_t)sent);
    }
}

static void command_print(struct buf *buf) {
    command_write(buf_text(buf));
    buf_done(buf);
}

static int command_help(const struct command_program *program) {
    struct agent_row row;
    struct buf buf;
    buf_init(&buf, PAGE_MAX_BYTES);
    buf_puts(&buf, program->usage);
    for (size_t i = 0; program->at(i, &row); i++)
        buf_printf(&buf, "  %-20s %s%s%s%s\n", row.name, row.title, row.remark != NULL ? " (" : "",
                   row.remark != NULL ? row.remark : "", row.remark != NULL ? ")" : "");
    buf_puts(&buf, "\nOptions:\n");
    options_help(program->options, program->option_count, &buf);
    buf_puts(&buf, program->about);
    command_print(&buf);
    return 0;
}

static int command_list(const struct command_program *program, const struct options *options) {
    struct buf buf;
    buf_init(&buf, PAGE_MAX_BYTES);
    int status = program->list(options, &buf);
    command_print(&buf);
    return status == AGENT_BAD_TASK ? command_usage(program, UNKNOWN) : status;
}

/* The task line: everything on standard input. */
static enum err command_read_stdin(struct buf *buf, struct fault *fault) {
    for (;;) {
        char *room = buf_room(buf, BUFSIZ);
        if (room == NULL)
            return fault_set(fault, ERR_SYNTAX, "The task is too long");
        ssize_t got = read(STDIN_FILENO, room, BUFSIZ);
        if (got < 0 && errno != EINTR)
            return fault_set(fault, ERR_IO, "Standard input: %s", strerror(errno));
        if (got == 0)
            return ERR_OK;
        buf_wrote(buf, got > 0 ? (size_t)got : 0);
    }
}

/* A file of checks: an array, or an object that has one as `checks`, as a task does. */
static enum err command_checks(const char *path, struct json **ret_root,
                               const struct json **ret_checks, struct fault *fault) {
    char why[USER_CHECK_WHY_SIZE];
    struct user_check check;
    struct buf text;
    if (path == NULL)
        return ERR_OK;
    buf_init(&text, AGENT_TASK_MAX_BYTES);
    enum err err = file_read(path, &text, fault);
    if (err == ERR_OK &&
        json_parse(buf_text(&text), &JSON_LIMITS_REQUEST, ret_root, NULL) != ERR_OK)
        err = fault_set(fault, ERR_SYNTAX, "%s: not JSON", path);
    buf_done(&text);
    *ret_checks = json_kind(*ret_root) == JSON_OBJECT ? json_get(*ret_root, "checks") : *ret_root;
    if (err == ERR_OK && json_kind(*ret_checks) != JSON_ARRAY)
        err = fault_set(fault, ERR_SYNTAX, "%s: no array of checks", path);
    for (size_t i = 0; err == ERR_OK && i < json_count(*ret_checks); i++)
        if (i >= USER_CHECKS_MAX || !user_check_read(json_at(*ret_checks, i), &check, why))
            err = fault_set(fault, ERR_SYNTAX, "%s: check %zu: %s", path, i,
                            i >= USER_CHECKS_MAX ? "there are too many" : why);
    return err;
}

static enum err command_make_task(const struct command *command, struct buf *line,
                                  struct fault *fault) {
    struct json *root = NULL;
    const struct options *options = command->options;
    const char *allow = getenv("AGNOSTIC_TARGET_ALLOW");
    struct agent_task_wish wish = {.url = options_text(options, "url"),
                                   .allow = allow != NULL && allow[0] != '\0' ? allow : NULL,
                                   .standards = options_text(options, "standards"),
                                   .mix = options_text(options, "mix"),
                                   .external_links = options_flag(options, "external-links"),
                                   .workdir = options_text(options, "output")};
    wish.load.profile = text_of(options_text(options, "profile"));
    wish.load.http = text_of(options_text(options, "http"));
    enum err err = options_int(options, "rate", 1, ALLOW_RPS_MAX, 0, &wish.load.rate, fault);
    if (err == ERR_OK)
        err = wish.workdir != NULL ? artifact_folder(wish.workdir, fault) : ERR_OK;
    if (err == ERR_OK)
        err = options_int(options, "duration", 1, LOAD_WISH_DURATION_MAX_S, 0,
                          &wish.load.duration_s, fault);
    if (err == ERR_OK)
        err = command_checks(options_text(options, "checks"), &root, &wish.checks, fault);
    if (err == ERR_OK)
        err = agent_task_make(command->row.name, &wish, line, fault);
    json_free(root);
    return err;
}

static enum err command_take_task(struct command *command, struct fault *fault) {
    struct buf line;
    buf_init(&line, AGENT_TASK_MAX_BYTES);
    enum err err = options_text(command->options, "url") == NULL
                       ? command_read_stdin(&line, fault)
                       : command_make_task(command, &line, fault);
    if (err == ERR_OK)
        err = agent_task_read(text_trim(buf_text(&line)), &command->task, fault);
    buf_done(&line);
    return err;
}

static void command_sink(void *ctx, struct text line) {
    struct command *command = ctx;
    struct buf page;
    if (command->report == NULL) {
        struct buf out;
        buf_init(&out, line.len + 1);
        buf_puttext(&out, line);
        buf_putc(&out, '\n');
        command_print(&out);
        return;
    }
    buf_init(&page, PAGE_MAX_BYTES);
    bool whole = report_line(command->report, line);
    if (command->live) {
        report_put_live(command->report, &page);
        fputs(buf_str(&page), stderr);
        buf_reset(&page);
    }
    if (whole) {
        report_put(command->report, &page);
        command_print(&page);
    }
    buf_done(&page);
}

static void command_cut_short(void *ctx, const char *reason) {
    struct command *command = ctx;
    lines_result(command->lines, LINES_PARTIAL, reason,
                 strcmp(reason, "timeout") == 0 ? "The time limit was reached before the end"
                                                : "It was told to stop before the end",
                 (struct text){NULL, 0});
}

static void command_hello(const struct command *command, const struct agent *agent) {
    struct buf tools;
    struct json_out out;
    buf_init(&tools, TOOLS_MAX_BYTES);
    json_out_init(&out, &tools);
    json_out_object(&out);
    if (command->row.put_tools != NULL)
        command->row.put_tools(agent, &out);
    json_out_end_object(&out);
    bool has_tools = command->row.put_tools != NULL && !tools.failed;
    lines_hello(command->lines, agent->name, has_tools ? buf_text(&tools) : (struct text){NULL, 0});
    buf_done(&tools);
}

static int command_work(struct command *command) {
    struct agent agent = {.name = command->row.name,
                          .task = command->task,
                          .lines = command->lines,
                          .options = command->options};
    command_hello(command, &agent);
    int end = command->row.run(&agent);
    watch_stop();
    if (end == AGENT_BROKEN)
        fprintf(stderr, "%s: %s\n", command->program->name, err_text(ERR_INTERNAL));
    return end;
}

static int command_start(struct command *command, int64_t timeout_s) {
    const char *url = options_text(command->options, "url");
    bool report = url != NULL && !options_flag(command->options, "json");
    struct fault fault = {0};
    if (command_take_task(command, &fault) != ERR_OK)
        return command_usage(command->program, fault.text);
    command->live = report && isatty(STDERR_FILENO) != 0;
    if (lines_new(command_sink, command, &command->lines) != ERR_OK ||
        (report && report_new(command->row.title, url, isatty(STDOUT_FILENO) != 0,
                              &command->report) != ERR_OK) ||
        watch_start(timeout_s * 1000, command_cut_short, command) != ERR_OK)
        return AGENT_BROKEN;
    return command_work(command);
}

static int command_agent(const struct command_program *program, const struct options *options) {
    struct command command = {.program = program, .options = options};
    struct fault fault = {0};
    int64_t timeout_s;
    if (options_flag(options, "list") && options_count(options) <= 1)
        return command_list(program, options);
    if (options_count(options) < 1)
        return command_usage(program, "It must be named what is to run");
    if (!program->find(options_operand(options, 0), &command.row))
        return command_usage(program, UNKNOWN);
    if (options_count(options) > 1 && !command.row.takes_command)
        return command_usage(program, "There are words too many");
    if (options_int(options, "timeout", 1, TIMEOUT_MAX_S, 0, &timeout_s, &fault) != ERR_OK)
        return command_usage(program, fault.text);
    if (options_text(options, "url") == NULL && isatty(STDIN_FILENO))
        return command_usage(program, "Give --url URL, or a task on standard input");
    int status = command_start(&command, timeout_s);
    lines_free(command.lines);
    report_free(command.report);
    agent_task_free(command.task);
    return status;
}

int command_run(const struct command_program *program, int argc, char **argv) {
    struct options *options = NULL;
    struct fault fault = {0};
    int status;
    signal(SIGPIPE, SIG_IGN);
    if (options_parse(program->options, program->option_count, argc, argv, &options, &fault) !=
        ERR_OK)
        return command_usage(program, fault.text);
    if (options_flag(options, "help"))
        status = command_help(program);
    else if (options_flag(options, "version"))
        status = printf("%s %s\n", program->name, AGNOSTIC_VERSION) < 0;
    else
        status = command_agent(program, options);
    options_free(options);
    return status;
}
