/* Brings a question to a language model and its answer back. Judges neither. */
#include "runner/advisor.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/file.h"
#include "agnostic/base/log.h"
#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"
#include "agnostic/probe/http.h"
#include "runner/aside.h"
#include "runner/lease.h"
#include "runner/program.h"

enum {
    KEY_MAX_BYTES = 1024,
    CHECKS_MAX_BYTES = 4 << 20,
    CONNECT_MS = 5000,
    HEADERS_MAX_BYTES = 32 << 10,
    RETURN_MS = 500,  /* from the last byte of an answer until its advice is here */
    MARGIN_MS = 2000, /* left of the task's own time, to tell its end */
    LEAST_MS = 100    /* less is no time to ask anybody */
};

struct advisor {
    char *endpoint;               /* .../chat/completions */
    const char *model, *key_file; /* of settings; key_file "": no key */
    int64_t timeout_ms;
    struct gate *gate;
    struct check_list *checks;
};

/* --- made of settings ------------------------------------------------------------------- */

static char *endpoint_of(const char *base) {
    struct text text = text_of(base);
    struct buf buf;
    buf_init(&buf, URL_MAX_BYTES);
    while (text_ends(text, TEXT("/"))) {
        text.len--;
    }
    buf_puttext(&buf, text);
    buf_puts(&buf, "/chat/completions");
    return buf_take(&buf);
}

static enum err read_checks(struct check_list **ret_checks, struct fault *ret_fault) {
    char own[PATH_MAX], path[PATH_MAX + 64];
    struct buf lines;
    buf_init(&lines, CHECKS_MAX_BYTES);
    enum err err = program_own_folder(own);
    if (err == ERR_OK) {
        snprintf(path, sizeof(path), "%s/../share/agnostic/checks.jsonl", own);
        err = file_read(path, &lines, ret_fault);
    }
    if (err == ERR_OK) {
        err = check_list_read(buf_text(&lines), ret_checks);
        fault_set(ret_fault, err, "%.300s: it is no list of checks", path);
    }
    buf_done(&lines);
    return err == ERR_OK || err == ERR_NOMEM ? err : ERR_CONFIG;
}

static enum err fill(const struct settings *settings, struct advisor *advisor,
                     struct fault *ret_fault) {
    enum err err = ERR_OK;
    advisor->endpoint = endpoint_of(settings_text(settings, SETTINGS_LLM_URL));
    advisor->model = settings_text(settings, SETTINGS_LLM_MODEL);
    advisor->key_file = settings_text(settings, SETTINGS_LLM_KEY_FILE);
    advisor->timeout_ms = settings_int(settings, SETTINGS_LLM_TIMEOUT_MS);
    if (!advisor->endpoint) {
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    }
    if (advisor->key_file[0]) {
        err = file_is_closed(advisor->key_file, ret_fault);
    }
    if (err == ERR_OK) {
        err = read_checks(&advisor->checks, ret_fault);
    }
    if (err == ERR_OK) {
        err = gate_new(NULL, settings_name(SETTINGS_LLM_URL), &advisor->gate);
    }
    return err;
}

enum err advisor_new(const struct settings *settings, struct advisor **ret_advisor,
                     struct fault *ret_fault) {
    if (settings_text(settings, SETTINGS_LLM_URL)[0] == '\0') {
        *ret_advisor = NULL;
        return ERR_OK;
    }
    struct advisor *advisor = calloc(1, sizeof(*advisor));
    struct fault why = {0};
    enum err err = advisor ? fill(settings, advisor, &why) : ERR_NOMEM;
    if (err != ERR_OK) {
        advisor_free(advisor);
        return fault_set(ret_fault, err, "%s: %.400s", settings_name(SETTINGS_LLM_URL),
                         why.text[0] ? why.text : err_text(err));
    }
    *ret_advisor = advisor;
    return ERR_OK;
}

void advisor_free(struct advisor *advisor) {
    if (!advisor) {
        return;
    }
    gate_free(advisor->gate);
    check_list_free(advisor->checks);
    free(advisor->endpoint);
    free(advisor);
}

const char *advisor_model(const struct advisor *advisor) {
    return advisor->model;
}

const struct check_list *advisor_checks(const struct advisor *advisor) {
    return advisor->checks;
}

/* --- in a process of its own -------------------------------------------------------------- */

struct errand {
    const struct advisor *advisor;
    const struct advice_facts *facts;
    int64_t limit_ms;
};

/* Visible ASCII alone; anything else would be another header, or a slip. */
static bool read_key(const char *path, struct buf *authorization) {
    struct buf file;
    buf_init(&file, KEY_MAX_BYTES);
    bool good = file_is_closed(path, NULL) == ERR_OK && file_read(path, &file, NULL) == ERR_OK;
    struct text key = text_trim(buf_text(&file));
    for (size_t i = 0; i < key.len; i++) {
        good = good && key.ptr[i] > ' ' && key.ptr[i] < 0x7f;
    }
    buf_puts(authorization, "Bearer ");
    buf_puttext(authorization, key);
    good = good && key.len > 0 && !authorization->failed;
    buf_done(&file);
    return good;
}

/* From an error of the transfer, or its status, to a reason. */
static enum advice_reason reason_of(enum err err, const struct http_response *response) {
    static const struct {
        enum err err;
        enum advice_reason reason;
    } REASONS[] = {{ERR_TLS, ADVICE_TLS},
                   {ERR_TIMEOUT, ADVICE_TIMEOUT},
                   {ERR_PEER, ADVICE_CUT_OFF},
                   {ERR_NOMEM, ADVICE_FAILED}};
    for (size_t i = 0; i < sizeof(REASONS) / sizeof(REASONS[0]); i++) {
        if (err == REASONS[i].err) {
            return REASONS[i].reason;
        }
    }
    if (err != ERR_OK) {
        return ADVICE_UNREACHABLE;
    }
    if (response->status != 200) {
        return response->status >= 300 && response->status < 400 ? ADVICE_REDIRECT : ADVICE_STATUS;
    }
    if (response->truncated) {
        return response->body.len == response->body.max ? ADVICE_TOO_LARGE : ADVICE_CUT_OFF;
    }
    return ADVICE_USED;
}

/* Who was given a key may not show it to everybody who reads the result. */
static bool tells_key(const struct advice *advice, struct text authorization) {
    struct text key = authorization, bearer;
    return text_cut(&key, ' ', &bearer) && key.ptr && key.len > 0 &&
           text_find(text_of(advice->summary), key) >= 0;
}

static void send_question(const struct errand *errand, struct text question,
                          struct text authorization, struct http *http, struct advice *advice) {
    const struct http_header headers[] = {{TEXT("Content-Type"), TEXT("application/json")},
                                          {TEXT("Accept"), TEXT("application/json")},
                                          {TEXT("Authorization"), authorization}};
    const struct http_request request = {.method = "POST",
                                         .url = text_of(errand->advisor->endpoint),
                                         .headers = headers,
                                         .header_count = authorization.len > 0 ? 3 : 2,
                                         .body = question,
                                         .fresh = true};
    const struct http_limits limits = {
        .connect_ms = errand->limit_ms < CONNECT_MS ? errand->limit_ms : CONNECT_MS,
        .total_ms = errand->limit_ms,
        .body_max_bytes = ADVICE_ANSWER_MAX_BYTES,
        .header_max_bytes = HEADERS_MAX_BYTES};
    struct http_response response = {0};
    enum err err = http_send(http, &request, &limits, &response, NULL);
    advice->reason = reason_of(err, &response);
    if (advice->reason == ADVICE_USED) {
        advice_answer(buf_text(&response.body), errand->facts, advice);
    }
    if (tells_key(advice, authorization)) {
        *advice = (struct advice){.reason = ADVICE_KEY_TOLD};
    }
    http_response_done(&response);
}

static void run_errand(void *ctx, void *answer) {
    const struct errand *errand = ctx;
    struct advice *advice = answer;
    struct buf question, authorization;
    struct http *http = NULL;
    *advice = (struct advice){.reason = ADVICE_FAILED};
    buf_init(&question, ADVICE_QUESTION_MAX_BYTES);
    buf_init(&authorization, KEY_MAX_BYTES + sizeof("Bearer "));
    if (errand->advisor->key_file[0] && !read_key(errand->advisor->key_file, &authorization)) {
        advice->reason = ADVICE_KEY_UNREADABLE;
    } else if (advice_question(errand->facts, &question) == ERR_OK &&
               http_new(errand->advisor->gate, "agnostic/" AGNOSTIC_VERSION, &http) == ERR_OK) {
        send_question(errand, buf_text(&question), buf_text(&authorization), http, advice);
    }
    http_free(http);
    secure_wipe(authorization.data, authorization.len);
    buf_done(&authorization);
    buf_done(&question);
}

/* --- waiting for it ------------------------------------------------------------------------ */

/* The lease's pulse, and no waiting on while this process shall stop. */
struct patience {
    struct lease *lease;
    struct pulse lease_pulse;
};

static bool on_pulse(void *ctx, int64_t *ret_due_ms) {
    struct patience *patience = ctx;
    return patience->lease_pulse.beat(patience->lease_pulse.ctx, ret_due_ms) &&
           !patience->lease->stopping->asked;
}

static enum advice_reason wait_for(struct errand *errand, struct lease *lease,
                                   struct advice *advice) {
    _Static_assert(sizeof(struct advice) <= ASIDE_ANSWER_MAX, "it comes through a pipe at once");
    struct patience patience = {lease, lease_pulse(lease)};
    const struct pulse pulse = {on_pulse, &patience, patience.lease_pulse.fd};
    switch (aside_run(run_errand, errand, advice, sizeof(*advice), errand->limit_ms + RETURN_MS,
                      &pulse)) {
    case ERR_OK:
        return advice->reason;
    case ERR_TIMEOUT:
        return ADVICE_TIMEOUT;
    case ERR_LOST:
        return ADVICE_STOPPED;
    default:
        return ADVICE_FAILED;
    }
}

void advisor_ask(const struct advisor *advisor, const struct advice_facts *facts,
                 int64_t deadline_ms, struct lease *lease, struct advice *ret_advice) {
    int64_t spare_ms = deadline_ms - time_mono_ms() - MARGIN_MS;
    struct errand errand = {advisor, facts, advisor->timeout_ms};
    if (spare_ms < errand.limit_ms) {
        errand.limit_ms = spare_ms;
    }
    *ret_advice = (struct advice){.reason = ADVICE_NO_TIME};
    if (errand.limit_ms >= LEAST_MS) {
        ret_advice->reason = wait_for(&errand, lease, ret_advice);
    }
    if (ret_advice->reason != ADVICE_USED) {
        log_warn("advice_not_used", LOG_STR("task_id", lease->claim->id),
                 LOG_TEXT("reason", text_of(ret_advice->reason < ADVICE__COUNT
                                                ? advice_word(ret_advice->reason)
                                                : "")));
    }
}
