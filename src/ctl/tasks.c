/* tasks: the list of tasks, page after page. */
#include <stdio.h>

#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/terminal.h"

enum {
    TASKS_DEFAULT = 50,
    TASKS_MAX = 100000,
    TASKS_PAGE_MAX = 200,
    TASKS_PATH_MAX_BYTES = 4096,
    MOMENT_LEN = sizeof("2026-02-21T10:00:00") - 1
};

/* Options that are passed on, by the names of the service's parameters. */
static const struct filter {
    const char *option, *parameter;
} FILTERS[] = {
    {"status", "status"}, {"priority", "priority"},   {"agent", "agent"},
    {"title", "q"},       {"after", "created_after"}, {"before", "created_before"},
};

static void put_escaped(struct buf *buf, const char *value) {
    for (const char *c = value; *c; c++)
        if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
            *c == '-' || *c == '_' || *c == '.')
            buf_putc(buf, *c);
        else
            buf_printf(buf, "%%%02X", (unsigned char)*c);
}

static void put_path(struct buf *path, const struct options *options, int64_t left,
                     const char *cursor) {
    buf_reset(path);
    buf_printf(path, "/api/v1/tasks?limit=%lld",
               (long long)(left < TASKS_PAGE_MAX ? left : TASKS_PAGE_MAX));
    for (size_t i = 0; i < sizeof(FILTERS) / sizeof(FILTERS[0]); i++) {
        const char *value = options_text(options, FILTERS[i].option);
        if (!value)
            continue;
        buf_printf(path, "&%s=", FILTERS[i].parameter);
        put_escaped(path, value);
    }
    if (cursor[0]) {
        buf_puts(path, "&cursor=");
        put_escaped(path, cursor);
    }
}

static void print_line(const char *id, const char *status, const char *priority,
                       const char *created_at, const char *title) {
    char moment[MOMENT_LEN + 1];
    snprintf(moment, sizeof(moment), "%.*s", (int)MOMENT_LEN, created_at);
    terminal_cell(id, 36);
    terminal_cell(status, sizeof("completed") - 1);
    terminal_cell(priority, sizeof("critical") - 1);
    terminal_cell(moment, MOMENT_LEN);
    terminal_put(stdout, text_of(title));
    putchar('\n');
}

static void print_task(const struct json *task, struct buf *line) {
    struct json_out out;
    if (!line) {
        print_line(json_str(json_get(task, "task_id"), ""), json_str(json_get(task, "status"), ""),
                   json_str(json_get(task, "priority"), ""),
                   json_str(json_get(task, "created_at"), ""),
                   json_str(json_get(task, "title"), ""));
        return;
    }
    buf_reset(line);
    json_out_init(&out, line);
    json_out_value(&out, task);
    puts(buf_str(line));
}

/* One page. How many tasks it had; cursor: where the next begins, "" at the end. */
static int64_t print_page(const struct json *page, struct buf *line, char *cursor, size_t size) {
    const struct json *items = json_get(page, "items");
    for (size_t i = 0; i < json_count(items); i++)
        print_task(json_at(items, i), line);
    (void)text_copy(text_of(json_str(json_get(page, "next_cursor"), "")), cursor, size);
    return (int64_t)json_count(items);
}

static int print_tasks(struct client *client, const struct options *options, int64_t limit,
                       struct buf *path, struct buf *line) {
    char cursor[128] = "";
    int status = CTL_OK;
    do {
        struct client_answer answer;
        struct fault fault = {0};
        put_path(path, options, limit, cursor);
        cursor[0] = '\0';
        enum err err =
            client_call(client, "GET", buf_str(path), text_make(NULL, 0), &answer, &fault);
        if (err != ERR_OK || answer.status != 200 || !answer.body)
            status = client_complain("listing tasks", err, &answer, &fault);
        else
            limit -= print_page(answer.body, line, cursor, sizeof(cursor));
        client_answer_done(&answer);
    } while (status == CTL_OK && cursor[0] && limit > 0);
    return status;
}

int tasks_run(const struct settings *settings, const struct options *options) {
    struct client *client;
    struct fault fault = {0};
    struct buf path, line;
    int64_t limit;
    bool as_json = options_flag(options, "json");
    if (options_int(options, "limit", 1, TASKS_MAX, TASKS_DEFAULT, &limit, &fault) != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return CTL_USAGE;
    }
    int status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    buf_init(&path, TASKS_PATH_MAX_BYTES);
    buf_init(&line, 1 << 16);
    if (!as_json)
        print_line("ID", "STATUS", "PRIORITY", "CREATED", "TITLE");
    status = print_tasks(client, options, limit, &path, as_json ? &line : NULL);
    buf_done(&path);
    buf_done(&line);
    client_free(client);
    return status;
}
