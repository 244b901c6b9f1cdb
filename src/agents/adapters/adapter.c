/* The order of work: admit, run the tool, read, tell. Knows no tool but by its row. */
#include "agents/adapters/adapter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agents/adapters/launch.h"
#include "agents/adapters/room.h"
#include "agents/adapters/tools.h"
#include "agnostic/base/time.h"
#include "agnostic/probe/gate.h"

enum {
    CONNECT_MS = 10000,
    VERSION_LIMIT_MS = 15000,
    VERSION_BYTES_MAX = 64 << 10,
    COMMAND_TEXT_MAX = 4096,
    DATA_MAX = 16 << 10,
    SECOND_MS = 1000,
    LEAST_MS = 1000, /* of a run, however near the deadline is */
    SPARE_MS = 3000  /* for reading and telling before the runner ends us */
};

/* One run of one tool. */
struct adapter {
    struct agent *agent;
    const struct tool *tool;
    struct harvest_place place;
    struct room room;
    char ip[ADDR_TEXT_SIZE], endpoint[ADDR_TEXT_SIZE + 16], port[8], pause_ms[24], limit_s[24];
    char host[URL_HOST_SIZE], authority[URL_HOST_SIZE + 16];
    unsigned facts; /* argument_when */
    int64_t limit_ms;
    struct argument own[ARGUMENT_MAX + 1]; /* a command that was given */
    const char *expected;                  /* where its output will be; NULL: printed, or {out} */
    struct argument_line line;
    struct buf command; /* the line, for people */
    struct launch_end end;
    size_t output_bytes;
};

static const struct text NONE = {NULL, 0};

static enum agent_end adapter_refuse(struct adapter *adapter, enum lines_status status,
                                     const char *reason, const char *why) {
    lines_result(adapter->agent->lines, status, reason, why, NONE);
    return status == LINES_NOT_AVAILABLE ? AGENT_NOT_AVAILABLE
           : status == LINES_REFUSED     ? AGENT_REFUSED
                                         : AGENT_RAN;
}

/* --- where it may go ------------------------------------------------------------------------- */

/* The address of the name that answers; all of them were judged, and the tool is given this one
 * alone. So a target that is away is known before any tool can take silence for an answer. */
static enum err adapter_pin(struct adapter *adapter, struct fault *fault) {
    const struct agent_task *task = adapter->agent->task;
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    struct gate *gate = NULL;
    struct addr addr;
    uint16_t port;
    int fd = -1;
    enum err err = agent_task_gate(task, &gate);
    if (err == ERR_OK)
        err = gate_connect(gate, &task->url, task->url.port, CONNECT_MS, &fd, fault);
    gate_free(gate);
    if (err == ERR_OK && (getpeername(fd, (struct sockaddr *)&peer, &len) != 0 ||
                          !addr_from_sockaddr((struct sockaddr *)&peer, &addr, &port)))
        err = fault_set(fault, ERR_CONNECT, "The target hung up");
    if (fd >= 0)
        close(fd);
    if (err != ERR_OK)
        return err;
    addr_text(&addr, adapter->ip);
    snprintf(adapter->endpoint, sizeof(adapter->endpoint), addr.v6 ? "[%s]:%u" : "%s:%u",
             adapter->ip, task->url.port);
    adapter->facts |= addr.v6 ? ARGUMENT_V6 : 0;
    adapter->place.non_public = addr_classify(&addr) != ADDR_PUBLIC;
    return ERR_OK;
}

/* How long the tool may take: its row's limit, but not beyond the runner's deadline. */
static int64_t adapter_limit_ms(const struct adapter *adapter) {
    struct text deadline;
    int64_t us, limit = adapter->tool->limit_s * SECOND_MS;
    if (json_text(json_path(adapter->agent->task->root, "limits.deadline"), &deadline) &&
        time_parse_iso(deadline, &us)) {
        int64_t left = (us - time_wall_us()) / 1000 - SPARE_MS;
        limit = left < limit ? left : limit;
    }
    return limit > LEAST_MS ? limit : LEAST_MS;
}

static void adapter_know(struct adapter *adapter) {
    const struct agent_task *task = adapter->agent->task;
    bool has_target = task->target.ptr != NULL;
    adapter->facts |= task->modes[RULE_ACTIVE] ? ARGUMENT_ACTIVE : ARGUMENT_INACTIVE;
    adapter->facts |= getenv("SSL_CERT_FILE") != NULL ? ARGUMENT_TRUST : 0;
    if (has_target) {
        adapter->facts |= task->url.tls ? ARGUMENT_TLS : ARGUMENT_PLAIN;
        adapter->facts |= task->url.host_is_ip ? 0 : ARGUMENT_NAMED;
        memcpy(adapter->host, task->url.host, sizeof(adapter->host));
        snprintf(adapter->authority, sizeof(adapter->authority),
                 task->url.host_is_ipv6 ? "[%s]:%u" : "%s:%u", task->url.host, task->url.port);
        snprintf(adapter->port, sizeof(adapter->port), "%u", task->url.port);
    }
    adapter->limit_ms = adapter_limit_ms(adapter);
    snprintf(adapter->limit_s, sizeof(adapter->limit_s), "%lld",
             (long long)(adapter->limit_ms / SECOND_MS));
    snprintf(adapter->pause_ms, sizeof(adapter->pause_ms), "%lld",
             (long long)((SECOND_MS + task->max_rps - 1) / task->max_rps));
    adapter->place.tool = adapter->tool->name;
    adapter->place.prefix = adapter->tool->prefix;
    adapter->place.has_target = has_target;
    adapter->place.url = task->url;
    adapter->place.target = has_target ? task->target.ptr : NULL;
    adapter->place.active = task->modes[RULE_ACTIVE];
    adapter->place.now_s = time_wall_us() / 1000000;
}

/* --- the command ----------------------------------------------------------------------------- */

/* As one would type it; quoted where a shell would take it for something else. */
static void adapter_tell_command(struct adapter *adapter) {
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=+,./:@%[]";
    buf_init(&adapter->command, COMMAND_TEXT_MAX);
    for (size_t i = 0; i < adapter->line.count; i++) {
        const char *word = adapter->line.argv[i];
        bool plain = word[0] != '\0' && strspn(word, PLAIN) == strlen(word);
        buf_puts(&adapter->command, i > 0 ? " " : "");
        buf_puts(&adapter->command, plain ? "" : "'");
        for (; *word != '\0'; word++)
            buf_puts(&adapter->command, *word == '\'' ? "'\\''" : (char[]){*word, '\0'});
        buf_puts(&adapter->command, plain ? "" : "'");
    }
    adapter->place.reproduce = buf_str(&adapter->command);
}

static enum err adapter_make_line(struct adapter *adapter, struct fault *fault) {
    bool has_target = adapter->place.has_target;
    struct argument_values values = {.facts = adapter->facts,
                                     .url = adapter->place.target,
                                     .host = has_target ? adapter->host : NULL,
                                     .port = has_target ? adapter->port : NULL,
                                     .ip = has_target ? adapter->ip : NULL,
                                     .endpoint = has_target ? adapter->endpoint : NULL,
                                     .authority = has_target ? adapter->authority : NULL,
                                     .out = ROOM_OUT, /* it works in the room */
                                     .pause_ms = adapter->pause_ms,
                                     .limit_s = adapter->limit_s,
                                     .trust = getenv("SSL_CERT_FILE")};
    const struct argument *row = adapter->tool->line != NULL ? adapter->tool->line : adapter->own;
    enum err err = argument_line_make(row, &values, &adapter->line, fault);
    if (err == ERR_OK)
        adapter_tell_command(adapter);
    return err;
}

/* A command that stands behind the tool's name on our own command line, and where it writes. */
static bool adapter_take_command(struct adapter *adapter) {
    const struct options *options = adapter->agent->options;
    size_t count = options != NULL ? options_count(options) : 0;
    adapter->expected = options != NULL ? options_text(options, "read") : NULL;
    for (size_t i = 1; i < count && i <= ARGUMENT_MAX; i++)
        adapter->own[i - 1] = (struct argument){options_operand(options, i), ARGUMENT_ALWAYS};
    return adapter->tool->program != NULL || count > 1 || adapter->expected != NULL;
}

/* --- running and reading --------------------------------------------------------------------- */

static void adapter_conclude(struct adapter *adapter, enum lines_status status, const char *reason,
                             const char *why) {
    struct buf data;
    struct json_out out;
    buf_init(&data, DATA_MAX);
    json_out_init(&out, &data);
    json_out_object(&out);
    json_out_member(&out, "tool", adapter->tool->name);
    json_out_member(&out, "command", adapter->place.reproduce);
    json_out_member(&out, "address", adapter->place.has_target ? adapter->ip : NULL);
    json_out_member_int(&out, "exit_status", adapter->end.status);
    json_out_member_int(&out, "output_bytes", (int64_t)adapter->output_bytes);
    json_out_end_object(&out);
    lines_result(adapter->agent->lines, status, reason, why, data.failed ? NONE : buf_text(&data));
    buf_done(&data);
}

static void adapter_judge(struct adapter *adapter, struct text output) {
    struct harvest *harvest = NULL;
    struct fault fault = {0};
    char why[sizeof(fault.text) + 64];
    enum err err = harvest_new(&adapter->place, &harvest);
    if (err == ERR_OK)
        err = adapter->tool->read(output, harvest, &fault);
    snprintf(why, sizeof(why), "%s", fault.text[0] != '\0' ? fault.text : err_text(err));
    if (err == ERR_OK)
        harvest_tell(harvest, adapter->agent->lines);
    if (err == ERR_CONNECT)
        adapter_conclude(adapter, LINES_FAILED, "target_unavailable", why);
    else if (err != ERR_OK)
        adapter_conclude(adapter, LINES_FAILED, "tool_output", why);
    else if (harvest_dropped(harvest) > 0)
        adapter_conclude(adapter, LINES_PARTIAL, "too_many_checks", NULL);
    else if (harvest_is_incomplete(harvest))
        adapter_conclude(adapter, LINES_PARTIAL, "tool_incomplete", NULL);
    else if (adapter->end.status > adapter->tool->exit_max ||
             (adapter->end.status != 0 && adapter->tool->program == NULL &&
              !harvest_has_faults(harvest)))
        adapter_conclude(adapter, LINES_PARTIAL, "tool_exit_status", NULL);
    else
        adapter_conclude(adapter, LINES_COMPLETED, NULL, NULL);
    harvest_free(harvest);
}

/* What became of the tool; its output counts only when it came to its own end. */
static void adapter_read(struct adapter *adapter) {
    char why[256];
    struct buf output;
    buf_init(&output, (size_t)adapter->tool->max_bytes);
    enum err err = room_read(&adapter->room, &output);
    adapter->output_bytes = output.len;
    if (err == ERR_TOO_LARGE) {
        snprintf(why, sizeof(why), "%s wrote more than %lld bytes", adapter->tool->name,
                 (long long)adapter->tool->max_bytes);
        adapter_conclude(adapter, LINES_FAILED, "tool_output_too_large", why);
    } else if (adapter->end.timed_out) {
        snprintf(why, sizeof(why), "%s did not end within %s s", adapter->tool->name,
                 adapter->limit_s);
        adapter_conclude(adapter, LINES_FAILED, "tool_timeout", why);
    } else if (adapter->end.signal != 0) {
        snprintf(why, sizeof(why), "%s was ended by signal %d", adapter->tool->name,
                 adapter->end.signal);
        adapter_conclude(adapter, LINES_FAILED, "tool_crashed", why);
    } else if (err != ERR_OK) {
        snprintf(why, sizeof(why), "%s ended with status %d and without output",
                 adapter->tool->name, adapter->end.status);
        adapter_conclude(adapter, LINES_FAILED, "no_tool_output", why);
    } else {
        adapter_judge(adapter, buf_text(&output));
    }
    buf_done(&output);
}

static enum agent_end adapter_launch(struct adapter *adapter) {
    struct fault fault = {0};
    bool prints = adapter->tool->program == NULL && adapter->expected == NULL;
    const struct launch launch = {.argv = adapter->line.argv,
                                  .folder = adapter->room.folder,
                                  .out = prints ? adapter->room.out : NULL,
                                  .limit_ms = adapter->limit_ms,
                                  .max_bytes = adapter->tool->max_bytes + 1};
    lines_progress(adapter->agent->lines, adapter->tool->name, 0, NULL);
    if (adapter->expected != NULL)
        room_expect(&adapter->room, adapter->expected,
                    adapter->line.count > 0 ? adapter->place.now_s : 0);
    enum err err = adapter->line.count > 0 ? launch_run(&launch, &adapter->end, &fault) : ERR_OK;
    if (err == ERR_NOT_AVAILABLE)
        return adapter_refuse(adapter, LINES_NOT_AVAILABLE, "tool_missing", fault.text);
    if (err != ERR_OK)
        return adapter_refuse(adapter, LINES_FAILED, "tool_not_started", fault.text);
    adapter_read(adapter);
    return AGENT_RAN;
}

static enum agent_end adapter_work(struct adapter *adapter) {
    struct fault fault = {0};
    enum err err = adapter->place.has_target ? adapter_pin(adapter, &fault) : ERR_OK;
    if (err == ERR_REFUSED)
        return adapter_refuse(adapter, LINES_REFUSED, "target_refused", fault.text);
    if (err != ERR_OK)
        return adapter_refuse(adapter, LINES_FAILED, "target_unavailable",
                              fault.text[0] != '\0' ? fault.text : err_text(err));
    err = room_open(adapter->agent->task, &adapter->room, &fault);
    if (err == ERR_OK && adapter->tool->file.name != NULL)
        err = room_put(&adapter->room, adapter->tool->file.name, adapter->tool->file.text);
    if (err == ERR_OK)
        err = adapter_make_line(adapter, &fault);
    enum agent_end end =
        err == ERR_OK ? adapter_launch(adapter)
                      : adapter_refuse(adapter, LINES_FAILED, "tool_not_started", fault.text);
    argument_line_done(&adapter->line);
    buf_done(&adapter->command);
    room_close(&adapter->room);
    return end;
}

enum agent_end adapter_run(struct agent *agent) {
    const struct agent_task *task = agent->task;
    struct adapter *adapter = calloc(1, sizeof(*adapter));
    enum agent_end end;
    if (adapter == NULL)
        return AGENT_BROKEN;
    adapter->agent = agent;
    adapter->tool = tools_find(agent->name);
    adapter_know(adapter);
    if (adapter->tool->wants_target && task->target.ptr == NULL)
        end =
            adapter_refuse(adapter, LINES_NOT_AVAILABLE, "no_target", "The task has no target_url");
    else if (!adapter_take_command(adapter))
        end = adapter_refuse(adapter, LINES_NOT_AVAILABLE, "no_command",
                             "Neither a command nor a file to read was given");
    else if (!task->modes[RULE_SAFE])
        end = adapter_refuse(adapter, LINES_NOT_AVAILABLE, "mode",
                             "The task permits passive checks only, and this tool probes");
    else if (!adapter->tool->keeps_to_target && bounds_bind(task->bounds))
        end =
            adapter_refuse(adapter, LINES_NOT_AVAILABLE, "constraints",
                           "The task leaves out parts of the site, which this tool does not know");
    else if (adapter->tool->wants_tls && !task->url.tls)
        end = adapter_refuse(adapter, LINES_NOT_AVAILABLE, "no_tls",
                             "The target is http, and this tool tests TLS");
    else
        end = adapter_work(adapter);
    free(adapter);
    return end;
}

/* --- hello ----------------------------------------------------------------------------------- */

/* The first "1.2" or "1.2.3" of a text. */
static struct text adapter_version(struct text t) {
    for (size_t i = 0; i < t.len; i++) {
        size_t len = 0, dots = 0;
        for (; i + len < t.len; len++) {
            char c = t.ptr[i + len];
            bool dot = c == '.' && len > 0 && t.ptr[i + len - 1] != '.';
            if (!dot && (c < '0' || c > '9'))
                break;
            dots += dot;
        }
        if (dots > 0 && t.ptr[i + len - 1] != '.' && len < 32)
            return text_make(t.ptr + i, len);
        i += len;
    }
    return NONE;
}

void adapter_put_tools(const struct agent *agent, struct json_out *out) {
    const struct tool *tool = tools_find(agent->name);
    char *const argv[] = {(char *)tool->program, (char[]){"--version"}, NULL};
    struct room room;
    struct launch_end end;
    struct buf output;
    if (tool->program == NULL || room_open(agent->task, &room, NULL) != ERR_OK)
        return;
    const struct launch launch = {.argv = argv,
                                  .folder = room.folder,
                                  .out = room.out,
                                  .limit_ms = VERSION_LIMIT_MS,
                                  .max_bytes = VERSION_BYTES_MAX};
    buf_init(&output, VERSION_BYTES_MAX);
    if (launch_run(&launch, &end, NULL) == ERR_OK && room_read(&room, &output) == ERR_OK) {
        struct text version = adapter_version(buf_text(&output));
        if (version.len > 0)
            json_out_member_text(out, tool->name, version);
    }
    buf_done(&output);
    room_close(&room);
}
