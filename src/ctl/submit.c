/* submit: orders a task and, with --wait, stays until its verdict. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/id.h"
#include "agnostic/task/request.h"
#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/file.h"
#include "ctl/report.h"
#include "ctl/summary.h"
#include "ctl/watch.h"

enum { SUBMIT_BODY_MAX_BYTES = 64 << 10, SUBMIT_TIMEOUT_S = 1800, SUBMIT_TIMEOUT_MAX_S = 604800 };

/* --- members of the order that options name ----------------------------------------------------
 */

static void put_text(struct json_out *out, const char *value) {
    json_out_str(out, value);
}

/* check_arguments has seen that it is one. */
static void put_number(struct json_out *out, const char *value) {
    json_out_int(out, strtoll(value, NULL, 10));
}

/* "a,b" as ["a","b"]. */
static void put_list(struct json_out *out, const char *value) {
    struct text rest = text_of(value), part;
    json_out_array(out);
    while (text_cut(&rest, ',', &part))
        if (text_trim(part).len > 0)
            json_out_text(out, text_trim(part));
    json_out_end_array(out);
}

static const struct {
    const char *option, *member;
    void (*put)(struct json_out *out, const char *value);
    int64_t max; /* of a number */
} MEMBERS[] = {
    {"priority", "priority", put_text, 0},
    {"agents", "agents", put_list, 0},
    {"standards", "standards", put_list, 0},
    {"business-goals", "business_goals", put_text, 0},
    {"constraints", "constraints", put_text, 0},
    {"rate", "load_rate", put_number, LOAD_WISH_RATE_MAX},
    {"duration", "load_duration_s", put_number, LOAD_WISH_DURATION_MAX_S},
    {"profile", "load_profile", put_text, 0},
    {"http", "load_http", put_text, 0},
    {"mix", "load_mix", put_list, 0},
};
enum { MEMBERS_COUNT = sizeof(MEMBERS) / sizeof(MEMBERS[0]) };

static void put_members(struct json_out *out, const struct options *options) {
    for (size_t i = 0; i < MEMBERS_COUNT; i++) {
        const char *value = options_text(options, MEMBERS[i].option);
        if (value == NULL)
            continue;
        json_out_name(out, MEMBERS[i].member);
        MEMBERS[i].put(out, value);
    }
    if (options_flag(options, "external-links"))
        json_out_member_bool(out, "external_links", true);
}

static enum err check_numbers(const struct options *options, struct fault *ret_fault) {
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < MEMBERS_COUNT; i++) {
        int64_t number;
        if (MEMBERS[i].max > 0)
            err = options_int(options, MEMBERS[i].option, 1, MEMBERS[i].max, 1, &number, ret_fault);
    }
    return err;
}

/* --- the order ----------------------------------------------------------------------------- */

static void put_title(struct json_out *out, const struct options *options, const char *url) {
    struct buf title;
    if (options_text(options, "title")) {
        json_out_member(out, "title", options_text(options, "title"));
        return;
    }
    buf_init(&title, REQUEST_URL_MAX + 16);
    buf_printf(&title, "QA of %s", url);
    json_out_member_text(out, "title", text_head(buf_text(&title), REQUEST_TITLE_MAX));
    buf_done(&title);
}

/* The client's own checks, as they stand in their file: an array, or an object with one. What is
 * wrong with one of them the service says. */
static int put_checks(struct json_out *out, const char *path) {
    struct json *root = NULL;
    struct buf text;
    if (path == NULL)
        return CTL_OK;
    buf_init(&text, SUBMIT_BODY_MAX_BYTES);
    int status = file_given(path, &text);
    if (status == CTL_OK &&
        json_parse(buf_text(&text), &JSON_LIMITS_REQUEST, &root, NULL) != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s: it is not JSON\n", path);
        status = CTL_USAGE;
    }
    if (status == CTL_OK) {
        const struct json *checks = json_get(root, "checks");
        json_out_name(out, "checks");
        json_out_value(out, checks != NULL ? checks : root);
    }
    json_free(root);
    buf_done(&text);
    return status;
}

static int put_order(struct buf *buf, const struct options *options) {
    const char *url = options_operand(options, 0);
    const char *description = options_text(options, "description");
    struct json_out out;
    json_out_init(&out, buf);
    json_out_object(&out);
    put_title(&out, options, url);
    json_out_member(&out, "description", description ? description : "Submitted by agnosticctl");
    json_out_member(&out, "target_url", url);
    put_members(&out, options);
    int status = put_checks(&out, options_text(options, "checks"));
    json_out_end_object(&out);
    return status;
}

/* No header could carry anything else. */
static bool is_visible(struct text text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f)
            return false;
    return true;
}

/* An argument that cannot be right is told at once, without asking the service. */
static enum err check_arguments(const struct options *options, int64_t *ret_timeout_s,
                                struct fault *ret_fault) {
    struct url url;
    enum err err = url_parse(text_of(options_operand(options, 0)), &url, ret_fault);
    if (err != ERR_OK)
        return err;
    if (!is_visible(text_of(options_text(options, "idempotency-key"))))
        return fault_set(ret_fault, ERR_USAGE, "--idempotency-key must be visible ASCII");
    err = check_numbers(options, ret_fault);
    if (err != ERR_OK)
        return err;
    return options_int(options, "timeout", 1, SUBMIT_TIMEOUT_MAX_S, SUBMIT_TIMEOUT_S, ret_timeout_s,
                       ret_fault);
}

/* How the end is told. */
struct telling {
    bool as_json;
    const char *format, *output; /* of a report, or NULL */
};

/* The verdict's status, unless the report that was asked for is not to be had. */
static int tell_finished(struct client *client, const char *id, const struct client_answer *answer,
                         const struct telling *telling) {
    int status = CTL_OK;
    if (telling->as_json)
        puts(buf_str(&answer->text));
    else if (telling->format == NULL || telling->output != NULL)
        summary_put(stdout, answer->body);
    if (telling->format != NULL)
        status = report_save(client, id, telling->format, telling->output);
    if (status == CTL_REFUSED)
        status = CTL_UNREACHABLE; /* must not look like NO_GO */
    return status != CTL_OK ? status : verdict_exit(summary_verdict(answer->body));
}

static int wait_for(struct client *client, const char *id, int64_t timeout_s,
                    const struct telling *telling) {
    struct client_answer answer = {0};
    struct fault fault = {0};
    enum err err = ERR_OK;
    int status = CTL_TIMEOUT;
    switch (watch_task(client, id, timeout_s, &err, &answer, &fault)) {
    case WATCH_FINISHED:
        status = tell_finished(client, id, &answer, telling);
        break;
    case WATCH_TIMEOUT:
        fprintf(stderr,
                "agnosticctl: no verdict after %" PRId64 " s; the task goes on: "
                "agnosticctl task show %s\n",
                timeout_s, id);
        break;
    case WATCH_REFUSED:
        (void)client_complain("asking for the task", err, &answer, &fault);
        status = CTL_UNREACHABLE;
    }
    client_answer_done(&answer);
    return status;
}

/* Without a task there is no verdict, so a refusal must not look like NO_GO. */
static int complain_order(enum err err, const struct client_answer *answer,
                          const struct fault *fault) {
    int status = client_complain("submitting the task", err, answer, fault);
    return status == CTL_REFUSED ? CTL_UNREACHABLE : status;
}

static enum err send_order(struct client *client, const struct options *options,
                           const struct buf *body, struct client_answer *ret_answer,
                           struct fault *ret_fault) {
    const char *path = options_flag(options, "dedupe") ? "/api/tasks?dedupe=true" : "/api/tasks";
    const char *key = options_text(options, "idempotency-key");
    char fresh[ID_UUID_SIZE];
    *ret_answer = (struct client_answer){0};
    enum err err = id_uuid4(fresh);
    if (err != ERR_OK)
        return fault_set(ret_fault, err, "%s", err_text(err));
    return body->failed ? fault_set(ret_fault, ERR_TOO_LARGE, "the order is too large")
                        : client_post_once(client, path, key ? key : fresh, buf_text(body),
                                           ret_answer, ret_fault);
}

/* The new task's id, or NULL when none was accepted. */
static const char *accepted_id(enum err err, const struct client_answer *answer) {
    const char *id = json_str(json_get(answer->body, "task_id"), "");
    bool accepted = err == ERR_OK && (answer->status == 200 || answer->status == 201);
    return accepted && id_is_task(text_of(id)) ? id : NULL;
}

static int submit_order(struct client *client, const struct options *options,
                        const struct buf *body, int64_t timeout_s) {
    struct client_answer answer;
    struct fault fault = {0};
    bool wait = options_flag(options, "wait");
    const struct telling telling = {.as_json = options_flag(options, "json"),
                                    .format = options_text(options, "format"),
                                    .output = options_text(options, "output")};
    int status = CTL_OK;
    enum err err = send_order(client, options, body, &answer, &fault);
    const char *id = accepted_id(err, &answer);
    if (!id)
        status = complain_order(err, &answer, &fault);
    else if (!telling.as_json && (telling.format == NULL || telling.output != NULL))
        puts(id);
    else if (telling.format != NULL)
        fprintf(stderr, "%s\n", id);
    else if (!wait)
        puts(buf_str(&answer.text));
    fflush(stdout);
    if (id && wait)
        status = wait_for(client, id, timeout_s, &telling);
    client_answer_done(&answer);
    return status;
}

int submit_run(const struct settings *settings, const struct options *options) {
    struct client *client;
    struct fault fault = {0};
    int64_t timeout_s;
    if (check_arguments(options, &timeout_s, &fault) != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return CTL_USAGE;
    }
    if (options_text(options, "format") != NULL && !options_flag(options, "wait")) {
        fprintf(stderr, "agnosticctl: --format needs --wait\n");
        return CTL_USAGE;
    }
    struct buf body;
    buf_init(&body, SUBMIT_BODY_MAX_BYTES);
    int status = report_check(options_text(options, "format"), options_text(options, "output"));
    if (status == CTL_OK)
        status = put_order(&body, options);
    if (status == CTL_OK)
        status = client_open(settings, &client);
    if (status == CTL_OK) {
        status = submit_order(client, options, &body, timeout_s);
        client_free(client);
    }
    buf_done(&body);
    return status;
}
