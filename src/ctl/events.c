/* events: the history of a task. */
#include <stdio.h>

#include "ctl/follow.h"
#include "ctl/terminal.h"

enum { EVENTS_WAIT_S = 20, EVENTS_PATH_SIZE = 256 };

struct events {
    const char *id;
    char after[64];
    bool wait, as_json;
};

static bool print_field(void *ctx, struct text name, const struct json *value) {
    struct text text;
    int64_t n;
    (void)ctx;
    if (text_is(name, "id") || text_is(name, "at") || text_is(name, "event"))
        return true;
    putchar(' ');
    terminal_put(stdout, name);
    putchar('=');
    if (json_text(value, &text))
        terminal_put(stdout, text);
    else if (json_int(value, INT64_MIN, INT64_MAX, &n))
        printf("%lld", (long long)n);
    return true;
}

static void print_event(const struct json *event, bool as_json) {
    struct buf line;
    struct json_out out;
    if (as_json) {
        buf_init(&line, 1 << 16);
        json_out_init(&out, &line);
        json_out_value(&out, event);
        puts(buf_str(&line));
        buf_done(&line);
        return;
    }
    terminal_put(stdout, text_of(json_str(json_get(event, "at"), "")));
    putchar(' ');
    terminal_put(stdout, text_of(json_str(json_get(event, "event"), "")));
    json_each(event, print_field, NULL);
    putchar('\n');
}

static enum follow_step ask(void *ctx, struct client *client, enum err *ret_err,
                            struct client_answer *ret_answer, struct fault *ret_fault) {
    struct events *events = ctx;
    char path[EVENTS_PATH_SIZE];
    snprintf(path, sizeof(path), "/api/tasks/%.100s/events?limit=1000&after=%s&wait=%d", events->id,
             events->after, events->wait ? EVENTS_WAIT_S : 0);
    *ret_err = client_call(client, "GET", path, text_make(NULL, 0), ret_answer, ret_fault);
    const struct json *items = json_get(ret_answer->body, "items");
    if (*ret_err != ERR_OK || ret_answer->status != 200 || !items)
        return FOLLOW_REFUSED;
    for (size_t i = 0; i < json_count(items); i++)
        print_event(json_at(items, i), events->as_json);
    /* It goes into a path. */
    struct text next = text_of(json_str(json_get(ret_answer->body, "next"), ""));
    for (size_t i = 0; i < next.len; i++)
        if ((next.ptr[i] < '0' || next.ptr[i] > '9') && next.ptr[i] != '-')
            return FOLLOW_REFUSED;
    (void)text_copy(next, events->after, sizeof(events->after));
    if (json_bool(json_get(ret_answer->body, "ended"), false))
        return FOLLOW_END;
    return json_count(items) > 0 ? FOLLOW_NEWS : FOLLOW_NOTHING;
}

int events_run(const struct settings *settings, const struct options *options) {
    struct events events = {.id = options_operand(options, 0),
                            .after = "0",
                            .wait = options_flag(options, "follow"),
                            .as_json = options_flag(options, "json")};
    return follow_run(settings, options, "reading the history", ask, &events);
}
