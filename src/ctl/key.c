/* key: API keys over REST, or with --local straight in Redis. */
#include "ctl/key.h"

#include <stdio.h>

#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/key_local.h"
#include "ctl/terminal.h"

enum { KEY_BODY_MAX_BYTES = 16 << 10, KEY_PATH_SIZE = 64, KEY_ID_LEN = 8 };

void key_print_fresh(const char *key, const char *id, const char *role) {
    puts(key);
    fflush(stdout);
    fputs("agnosticctl: key ", stderr);
    terminal_put(stderr, text_of(id));
    fputs(" (", stderr);
    terminal_put(stderr, text_of(role));
    fputs(") created. Store it safely: it is not shown again.\n", stderr);
}

void key_print_line(const struct key_line *line) {
    static const struct key_line heading = {"ID",      "ROLE",    "STATUS",
                                            "CREATED", "EXPIRES", "DESCRIPTION"};
    line = line ? line : &heading;
    terminal_cell(line->id, KEY_ID_LEN);
    terminal_cell(line->role, sizeof("qa_engineer") - 1);
    terminal_cell(line->status, sizeof("expired") - 1);
    terminal_cell(line->created_at, sizeof("2026-02-21T10:00:00.123456") - 1);
    terminal_cell(line->expires_at, sizeof("2026-02-21T10:00:00+00:00") - 1);
    terminal_put(stdout,
                 text_of(line->description && line->description[0] ? line->description : "-"));
    putchar('\n');
}

/* One call; true with its answer when it has this status, else the complaint was printed. */
static bool call(const struct settings *settings, const char *method, const char *path,
                 struct text body, const char *what, struct client_answer *answer,
                 int *ret_status) {
    struct client *client;
    struct fault fault = {0};
    *answer = (struct client_answer){0};
    *ret_status = client_open(settings, &client);
    if (*ret_status != CTL_OK)
        return false;
    enum err err = client_call(client, method, path, body, answer, &fault);
    client_free(client);
    bool good = err == ERR_OK && answer->body && (answer->status == 200 || answer->status == 201);
    *ret_status = good ? CTL_OK : client_complain(what, err, answer, &fault);
    return good;
}

static void put_order(struct buf *body, const struct key_order *order) {
    struct json_out out;
    json_out_init(&out, body);
    json_out_object(&out);
    if (order->description)
        json_out_member(&out, "description", order->description);
    if (order->role)
        json_out_member(&out, "role", order->role);
    if (order->expires_at)
        json_out_member(&out, "expires_at", order->expires_at);
    json_out_end_object(&out);
}

static int create_over_rest(const struct settings *settings, const struct key_order *order) {
    struct client_answer answer;
    struct buf body;
    int status;
    buf_init(&body, KEY_BODY_MAX_BYTES);
    put_order(&body, order);
    if (body.failed) {
        fputs("agnosticctl: the description is too long\n", stderr);
        buf_done(&body);
        return CTL_USAGE;
    }
    if (call(settings, "POST", "/api/auth/api-keys", buf_text(&body), "creating the key", &answer,
             &status))
        key_print_fresh(json_str(json_get(answer.body, "api_key"), ""),
                        json_str(json_get(answer.body, "key_id"), ""),
                        json_str(json_get(answer.body, "role"), ""));
    client_answer_done(&answer);
    buf_done(&body);
    return status;
}

int key_create(const struct settings *settings, const struct options *options) {
    const struct key_order order = {options_text(options, "role"),
                                    options_text(options, "description"),
                                    options_text(options, "expires-at")};
    return options_flag(options, "local") ? key_local_create(settings, &order)
                                          : create_over_rest(settings, &order);
}

static void print_key(const struct json *key) {
    const struct key_line line = {
        .id = json_str(json_get(key, "key_id"), NULL),
        .role = json_str(json_get(key, "role"), NULL),
        .status = json_str(json_get(key, "status"), NULL),
        .created_at = json_str(json_get(key, "created_at"), NULL),
        .expires_at = json_str(json_get(key, "expires_at"), NULL),
        .description = json_str(json_get(key, "description"), NULL),
    };
    key_print_line(&line);
}

int key_list(const struct settings *settings, const struct options *options) {
    struct client_answer answer;
    int status;
    if (options_flag(options, "local"))
        return key_local_list(settings);
    if (call(settings, "GET", "/api/auth/api-keys", text_make(NULL, 0), "listing keys", &answer,
             &status)) {
        const struct json *keys = json_get(answer.body, "api_keys");
        key_print_line(NULL);
        for (size_t i = 0; i < json_count(keys); i++)
            print_key(json_at(keys, i));
    }
    client_answer_done(&answer);
    return status;
}

static bool is_key_id(const char *id) {
    struct text t = text_of(id);
    for (size_t i = 0; i < t.len; i++)
        if (!((id[i] >= '0' && id[i] <= '9') || (id[i] >= 'a' && id[i] <= 'f')))
            return false;
    return t.len == KEY_ID_LEN;
}

int key_revoke(const struct settings *settings, const struct options *options) {
    const char *id = options_operand(options, 0);
    char path[KEY_PATH_SIZE];
    struct client_answer answer;
    int status;
    if (!is_key_id(id)) {
        fputs("agnosticctl: a key's id is 8 hexadecimal digits; see `agnosticctl key list`\n",
              stderr);
        return CTL_USAGE;
    }
    if (options_flag(options, "local"))
        return key_local_revoke(settings, id);
    snprintf(path, sizeof(path), "/api/auth/api-keys/%s", id);
    if (call(settings, "DELETE", path, text_make(NULL, 0), "revoking the key", &answer, &status))
        printf("revoked %s\n", id);
    client_answer_done(&answer);
    return status;
}
