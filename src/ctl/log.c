/* log: what a task's agents said. */
#include <stdio.h>
#include <unistd.h>

#include "ctl/follow.h"
#include "ctl/terminal.h"

enum { LOG_PATH_SIZE = 160 };

struct log {
    char path[LOG_PATH_SIZE];
    int64_t told; /* bytes */
    bool terminal;
};

/* To a file as it is; to a terminal so that it cannot steer it. */
static void print(const struct log *log, struct text text) {
    if (!log->terminal) {
        fwrite(text.ptr, 1, text.len, stdout);
        return;
    }
    for (size_t start = 0; start < text.len;) {
        size_t end = start;
        while (end < text.len && text.ptr[end] != '\n')
            end++;
        terminal_put(stdout, text_make(text.ptr + start, end - start));
        if (end < text.len)
            putchar('\n');
        start = end + 1;
    }
}

static enum follow_step ask(void *ctx, struct client *client, enum err *ret_err,
                            struct client_answer *ret_answer, struct fault *ret_fault) {
    struct log *log = ctx;
    *ret_err = client_read(client, log->path, log->told, ret_answer, ret_fault);
    if (*ret_err != ERR_OK)
        return FOLLOW_REFUSED;
    if (ret_answer->status == 416) /* nothing behind what was told */
        return ret_answer->retry_after_s >= 0 ? FOLLOW_NOTHING : FOLLOW_END;
    if (ret_answer->status != 206)
        return FOLLOW_REFUSED;
    print(log, buf_text(&ret_answer->text));
    log->told += (int64_t)ret_answer->text.len;
    return FOLLOW_NEWS;
}

int log_run(const struct settings *settings, const struct options *options) {
    struct log log = {.terminal = isatty(STDOUT_FILENO)};
    snprintf(log.path, sizeof(log.path), "/api/tasks/%.100s/log", options_operand(options, 0));
    return follow_run(settings, options, "reading the log", ask, &log);
}
