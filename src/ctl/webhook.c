/* webhook: how callbacks go: shown, ordered again, and tried on a receiver. */
#include <stdio.h>
#include <time.h>

#include "agnostic/base/id.h"
#include "agnostic/base/secure.h"
#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/terminal.h"

enum {
    PATH_SIZE = 192,
    SECRET_SIZE = 258, /* with the end of the line */
    BODY_MAX = 8192,
    OUTCOME_WAIT_S = 30 /* an attempt takes 10 s, and its turn must come */
};

static int call_service(const struct settings *settings,
                        int (*action)(struct client *client, const struct options *options),
                        const struct options *options) {
    struct client *client;
    int status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    status = action(client, options);
    client_free(client);
    return status;
}

/* --- printing ------------------------------------------------------------------------------ */

static void put_number(const struct json *value, size_t width) {
    char cell[24] = "";
    int64_t n;
    if (json_int(value, 0, INT64_MAX, &n))
        snprintf(cell, sizeof(cell), "%lld", (long long)n);
    terminal_cell(cell, width);
}

static void put_deliveries(const struct json *body) {
    const struct json *list = json_get(body, "deliveries");
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *entry = json_at(list, i);
        put_number(json_get(entry, "attempt"), 4);
        terminal_cell(json_str(json_get(entry, "at"), ""), 32);
        terminal_cell(json_str(json_get(entry, "result"), ""), 14);
        put_number(json_get(entry, "status"), 4);
        put_number(json_get(entry, "ms"), 6);
        terminal_put(stdout, text_of(json_str(json_get(entry, "ip"), "-")));
        fputc('\n', stdout);
    }
    fputs("state: ", stdout);
    terminal_put(stdout, text_of(json_str(json_get(body, "state"), "unknown")));
    if (json_kind(json_get(body, "next_at")) == JSON_STRING) {
        fputs(", next attempt ", stdout);
        terminal_put(stdout, text_of(json_str(json_get(body, "next_at"), "")));
    }
    fputc('\n', stdout);
}

static void put_answer(const struct client_answer *answer, const struct options *options) {
    if (options_flag(options, "json"))
        puts(buf_str(&answer->text));
    else
        put_deliveries(answer->body);
}

/* --- of a task ------------------------------------------------------------------------------- */

static int show(struct client *client, const struct options *options) {
    char path[PATH_SIZE];
    struct client_answer answer;
    struct fault fault = {0};
    int status = CTL_OK;
    snprintf(path, sizeof(path), "/api/tasks/%s/deliveries", options_operand(options, 0));
    enum err err = client_call(client, "GET", path, text_make(NULL, 0), &answer, &fault);
    if (err != ERR_OK || answer.status != 200 || !answer.body)
        status = client_complain("asking for the deliveries", err, &answer, &fault);
    else
        put_answer(&answer, options);
    client_answer_done(&answer);
    return status;
}

static int redeliver(struct client *client, const struct options *options) {
    char path[PATH_SIZE];
    struct client_answer answer;
    struct fault fault = {0};
    int status = CTL_OK;
    snprintf(path, sizeof(path), "/api/tasks/%s/deliveries/redeliver", options_operand(options, 0));
    enum err err = client_call(client, "POST", path, text_make(NULL, 0), &answer, &fault);
    if (err != ERR_OK || answer.status != 202 || !answer.body)
        status = client_complain("delivering again", err, &answer, &fault);
    else if (options_flag(options, "json"))
        puts(buf_str(&answer.text));
    else
        printf("task %s: delivery requested\n", options_operand(options, 0));
    client_answer_done(&answer);
    return status;
}

int webhook_deliveries_run(const struct settings *settings, const struct options *options) {
    int status = client_check_task(options_operand(options, 0));
    return status != CTL_OK
               ? status
               : call_service(settings, options_flag(options, "redeliver") ? redeliver : show,
                              options);
}

/* --- of a test ------------------------------------------------------------------------------- */

/* The order; a secret is read from standard input, where nobody else can see it. */
static bool write_order(const struct options *options, struct buf *buf) {
    char secret[SECRET_SIZE] = "";
    struct json_out out;
    if (options_flag(options, "secret-stdin") && !fgets(secret, sizeof(secret), stdin))
        return false;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "callback_url", options_operand(options, 0));
    if (secret[0] != '\0')
        json_out_member_text(&out, "callback_secret", text_trim(text_of(secret)));
    json_out_end_object(&out);
    secure_wipe(secret, sizeof(secret));
    return !buf->failed;
}

/* Where its outcome can be asked for. */
static int order(struct client *client, const struct options *options,
                 char path[static PATH_SIZE]) {
    char key[ID_UUID_SIZE];
    struct client_answer answer = {0};
    struct fault fault = {0};
    struct buf body;
    int status = CTL_OK;
    buf_init(&body, BODY_MAX);
    if (!write_order(options, &body)) {
        fputs("agnosticctl: no secret on standard input\n", stderr);
        buf_done(&body);
        return CTL_USAGE;
    }
    enum err err = id_uuid4(key);
    if (err == ERR_OK)
        err = client_post_once(client, "/api/webhooks/test", key, buf_text(&body), &answer, &fault);
    const char *id = json_str(json_get(answer.body, "id"), "");
    if (err != ERR_OK || answer.status != 202 || !id_is_task(text_of(id)))
        status = client_complain("ordering the test", err, &answer, &fault);
    else
        snprintf(path, PATH_SIZE, "/api/webhooks/test/%s", id);
    client_answer_done(&answer);
    buf_done(&body);
    return status;
}

static bool is_over(const struct client_answer *answer) {
    struct text state = text_of(json_str(json_get(answer->body, "state"), ""));
    return answer->status != 200 || !(text_is(state, "waiting") || text_is(state, "sending"));
}

static int test_receiver(struct client *client, const struct options *options) {
    static const struct timespec SECOND = {.tv_sec = 1};
    char path[PATH_SIZE];
    struct client_answer answer = {0};
    struct fault fault = {0};
    enum err err = ERR_OK;
    int status = order(client, options, path);
    if (status != CTL_OK)
        return status;
    for (int s = 0; s < OUTCOME_WAIT_S; s++) {
        nanosleep(&SECOND, NULL);
        client_answer_done(&answer);
        err = client_call(client, "GET", path, text_make(NULL, 0), &answer, &fault);
        if (err != ERR_OK || is_over(&answer))
            break;
    }
    if (err != ERR_OK || answer.status != 200 || !answer.body)
        status = client_complain("asking for the outcome", err, &answer, &fault);
    else {
        put_answer(&answer, options);
        if (!is_over(&answer))
            fputs("agnosticctl: no runner has told of it yet\n", stderr);
        status = !is_over(&answer) ? CTL_TIMEOUT
                 : text_is(text_of(json_str(json_get(answer.body, "state"), "")), "delivered")
                     ? CTL_OK
                     : CTL_REFUSED;
    }
    client_answer_done(&answer);
    return status;
}

int webhook_test_run(const struct settings *settings, const struct options *options) {
    return call_service(settings, test_receiver, options);
}
