/* Fetches receipts and keys, and checks a receipt without asking anybody. */
#include "agnostic/report/receipt.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/secure.h"
#include "agnostic/task/verdict.h"
#include "ctl/command.h"
#include "ctl/file.h"
#include "ctl/report.h"
#include "ctl/terminal.h"

enum { PATH_SIZE = 160, KEYS_FILE_MAX = 64 << 10, RESULT_FILE_MAX = 16 << 20 };

static const char KEYS_PATH[] = "/api/receipts/keys";

/* --- fetching -------------------------------------------------------------------------------- */

static int fetch(const struct settings *settings, const char *what, const char *path,
                 struct buf *ret_text) {
    struct client_answer answer = {0};
    struct fault fault = {0};
    struct client *client;
    int status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    enum err err = client_call(client, "GET", path, (struct text){NULL, 0}, &answer, &fault);
    if (err != ERR_OK || answer.status != 200) {
        status = client_complain(what, err, &answer, &fault);
    } else {
        buf_puttext(ret_text, buf_text(&answer.text));
        status = ret_text->failed ? err_exit(ERR_NOMEM) : CTL_OK;
    }
    client_answer_done(&answer);
    client_free(client);
    return status;
}

static int fetch_and_keep(const struct settings *settings, const char *what, const char *path,
                          const char *output) {
    struct buf text;
    buf_init(&text, KEYS_FILE_MAX);
    int status = fetch(settings, what, path, &text);
    if (status == CTL_OK)
        status = report_keep(buf_text(&text), output);
    buf_done(&text);
    return status;
}

int receipt_run(const struct settings *settings, const struct options *options) {
    const char *id = options_operand(options, 0);
    char path[PATH_SIZE];
    int status = client_check_task(id);
    if (status != CTL_OK)
        return status;
    snprintf(path, sizeof(path), "/api/tasks/%.100s/receipt", id);
    return fetch_and_keep(settings, "asking for the receipt", path,
                          options_text(options, "output"));
}

int receipt_keys_run(const struct settings *settings, const struct options *options) {
    return fetch_and_keep(settings, "asking for the keys", KEYS_PATH,
                          options_text(options, "output"));
}

/* --- checking -------------------------------------------------------------------------------- */

static int refuse(const char *path, const char *why) {
    fprintf(stderr, "agnosticctl: %s: %s\n", path, why);
    return CTL_REFUSED;
}

/* The keys that may have signed: of the file, else the service's own. */
static int read_keys(const struct settings *settings, const char *file,
                     unsigned char keys[static RECEIPT_KEYS_MAX][SIGN_PUBLIC_BYTES],
                     size_t *ret_count) {
    struct json *root = NULL;
    struct buf text;
    buf_init(&text, KEYS_FILE_MAX);
    int status = file != NULL ? file_given(file, &text)
                              : fetch(settings, "asking for the keys", KEYS_PATH, &text);
    if (status == CTL_OK) {
        (void)json_parse(buf_text(&text), &JSON_LIMITS_REQUEST, &root, NULL);
        *ret_count = receipt_keys_read(root, keys);
        if (*ret_count == 0)
            status = refuse(file != NULL ? file : KEYS_PATH, "there is no Ed25519 key in it");
    }
    json_free(root);
    buf_done(&text);
    return status;
}

static int open_receipt(const struct settings *settings, const struct options *options,
                        struct json **ret_payload) {
    unsigned char keys[RECEIPT_KEYS_MAX][SIGN_PUBLIC_BYTES];
    const char *path = options_operand(options, 0);
    size_t count = 0;
    struct buf text;
    enum err err = ERR_REFUSED;
    buf_init(&text, RECEIPT_MAX_BYTES);
    int status = file_given(path, &text);
    if (status == CTL_OK)
        status = read_keys(settings, options_text(options, "key"), keys, &count);
    for (size_t i = 0; status == CTL_OK && err == ERR_REFUSED && i < count; i++)
        err = receipt_read(text_trim(buf_text(&text)), keys[i], ret_payload);
    if (status == CTL_OK && err == ERR_SYNTAX)
        status = refuse(path, "it is no receipt");
    else if (status == CTL_OK && err != ERR_OK)
        status = refuse(path, "it was changed, or signed with another key");
    buf_done(&text);
    return status;
}

static int check_result(const struct json *payload, const char *path) {
    char hex[SECURE_HEX_SIZE];
    struct buf text;
    buf_init(&text, RESULT_FILE_MAX);
    int status = file_given(path, &text);
    if (status == CTL_OK && (secure_sha256_hex(buf_text(&text), hex) != ERR_OK ||
                             strcmp(hex, json_str(json_get(payload, "result_sha256"), "")) != 0))
        status = refuse(path, "it is not the result that the receipt is about");
    buf_done(&text);
    return status;
}

static int check_go(const struct json *payload, const char *path) {
    struct text word = {NULL, 0};
    enum verdict verdict = VERDICT_INCOMPLETE;
    (void)json_text(json_get(payload, "verdict"), &word);
    if (word.ptr != NULL)
        (void)verdict_read(word, &verdict);
    return verdict == VERDICT_GO || verdict == VERDICT_GO_WITH_WARNINGS
               ? CTL_OK
               : refuse(path, "the verdict is neither GO nor GO_WITH_WARNINGS");
}

static void print(const struct json *payload) {
    static const char *const MEMBERS[] = {"task_id",     "session_id",    "target", "finished_at",
                                          "spec_sha256", "result_sha256", "status", "verdict"};
    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++) {
        printf("%s: ", MEMBERS[i]);
        terminal_put(stdout, text_of(json_str(json_get(payload, MEMBERS[i]), "none")));
        putchar('\n');
    }
}

int receipt_verify_run(const struct settings *settings, const struct options *options) {
    const char *result = options_text(options, "result");
    struct json *payload = NULL;
    int status = open_receipt(settings, options, &payload);
    if (status == CTL_OK && result != NULL)
        status = check_result(payload, result);
    if (status == CTL_OK)
        print(payload);
    if (status == CTL_OK && options_flag(options, "go"))
        status = check_go(payload, options_operand(options, 0));
    json_free(payload);
    return status;
}
