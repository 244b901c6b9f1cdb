/* log: one line, one write(2). Never waits for its reader and never fails its caller. */
#include "agnostic/base/log.h"

#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "agnostic/base/json.h"
#include "agnostic/base/time.h"

/* A pipe that polls writable takes PIPE_BUF bytes whole and at once. */
enum { LOG_LINE_MAX = PIPE_BUF, LOG_TAIL_BYTES = 32 };

static struct {
    const char *program;
    bool to_syslog;
    bool never_blocks; /* standard error is a file */
    enum log_level least;
} state = {"agnostic", false, false, LOG_LEVEL_INFO};

static const struct {
    const char *word;
    int priority;
} levels[] = {
    [LOG_LEVEL_DEBUG] = {"debug", LOG_DEBUG},
    [LOG_LEVEL_INFO] = {"info", LOG_INFO},
    [LOG_LEVEL_WARN] = {"warn", LOG_WARNING},
    [LOG_LEVEL_ERROR] = {"error", LOG_ERR},
};

void log_open(const char *program, bool to_syslog, enum log_level least) {
    state.program = program;
    state.to_syslog = to_syslog;
    state.least = least;
    struct stat target;
    state.never_blocks = fstat(STDERR_FILENO, &target) == 0 && S_ISREG(target.st_mode);
    if (to_syslog)
        openlog(program, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void log_open_named(const char *program, const char *where, const char *least) {
    enum log_level level = LOG_LEVEL_INFO;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (text_is(text_of(least), levels[i].word))
            level = (enum log_level)i;
    log_open(program, text_is(text_of(where), "syslog"), level);
}

static void put_head(struct json_out *out, enum log_level level, const char *event) {
    char now[TIME_ISO_SIZE];
    time_rfc3339_ms(time_wall_us(), now);
    json_out_object(out);
    json_out_member(out, "ts", now);
    json_out_member(out, "level", levels[level].word);
    json_out_member(out, "program", state.program);
    json_out_member_int(out, "pid", getpid());
    json_out_member(out, "event", event);
}

/* At most LOG_VALUE_MAX bytes, not ending inside a code point. */
static struct text cut(struct text t) {
    size_t len = LOG_VALUE_MAX;
    if (t.len <= len)
        return t;
    while (len > 0 && ((unsigned char)t.ptr[len] & 0xC0) == 0x80)
        len--;
    return text_make(t.ptr, len);
}

/* false, and the line as it was before, when the field does not fit. */
static bool put_field(struct json_out *out, const struct log_field *field) {
    size_t before = out->buf->len;
    if (field->is_int)
        json_out_member_int(out, field->name, field->number);
    else
        json_out_member_text(out, field->name, cut(field->text));
    if (!out->buf->failed)
        return true;
    buf_cut(out->buf, before);
    out->first = false;
    return false;
}

static bool has_room(void) {
    struct pollfd reader = {.fd = STDERR_FILENO, .events = POLLOUT};
    return state.never_blocks || (poll(&reader, 1, 0) == 1 && (reader.revents & POLLOUT) != 0);
}

static void send_line(enum log_level level, const struct buf *line) {
    if (state.to_syslog)
        syslog(levels[level].priority, "%s", buf_str(line));
    else if (has_room() && write(STDERR_FILENO, line->data, line->len) < 0)
        return; /* dropped: there is nobody left to tell */
}

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count) {
    struct buf line;
    struct json_out out;
    bool whole = true;
    if (level < state.least)
        return;
    buf_init(&line, LOG_LINE_MAX - LOG_TAIL_BYTES);
    json_out_init(&out, &line);
    out.ascii = true; /* no C1 or bidi control reaches a terminal */
    put_head(&out, level, event);
    for (size_t i = 0; i < count && whole; i++)
        whole = put_field(&out, &fields[i]);
    line.max = LOG_LINE_MAX;
    if (!whole)
        json_out_member_bool(&out, "truncated", true);
    json_out_end_object(&out);
    buf_putc(&line, '\n');
    if (!line.failed)
        send_line(level, &line);
    buf_done(&line);
}
