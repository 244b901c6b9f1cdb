/* Sends a check's request and has its answer judged. Knows no predicate. */
#include "agents/junior/user_step.h"

#include <stdlib.h>

#include "agents/junior/user_eval.h"
#include "agents/shell.h"

_Static_assert(4 * USER_CHECK_NAME_MAX < JUDGEMENT_COMPONENT_SIZE, "a name is a component");
enum { LINE_MAX_BYTES = 2 * USER_CHECK_BODY_MAX, ANSWER_MAX_BYTES = 8 << 20 };
enum { TOLD_BYTES = 200, TOLD_MAX_BYTES = 64 << 10 }; /* of what was found */

/* One check while it is carried out. */
struct user_step {
    struct user_means *means;
    struct user_check check;
    struct judgement *judgement;
    struct buf url, body, lines; /* as sent; lines: values of headers, NUL between */
    struct buf shown;            /* the URL as people may see it */
    struct http_header headers[USER_CHECK_HEADERS_MAX + 1];
    size_t header_count;
    bool whole; /* all that it names has been captured */
    bool typed; /* it says what its body is, since the check does not */
};

/* --- filling in ----------------------------------------------------------------------------- */

static bool user_step_header(void *ctx, struct text name, const struct json *value) {
    struct user_step *step = ctx;
    struct text text = {"", 0};
    size_t begin = step->lines.len;
    (void)json_text(value, &text);
    step->whole &= user_captures_fill(&step->means->captures, text, USER_FILL_PLAIN, &step->lines);
    /* Offsets: the buffer may move while it grows. */
    step->headers[step->header_count++] =
        (struct http_header){name, {NULL, step->lines.len - begin}};
    buf_putc(&step->lines, '\0');
    return true;
}

static bool user_step_is_line(struct text text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return false;
    return true;
}

/* The values where they stand now. False: a captured one would break out of its line. */
static bool user_step_place(struct user_step *step) {
    const char *at = step->lines.data;
    for (size_t i = 0; i < step->header_count; i++) {
        step->headers[i].value.ptr = at;
        at += step->headers[i].value.len + 1;
        if (!user_step_is_line(step->headers[i].value))
            return false;
    }
    return true;
}

static void user_step_body(struct user_step *step) {
    const struct user_captures *captures = &step->means->captures;
    struct buf written;
    struct json_out out;
    buf_init(&written, USER_CHECK_BODY_MAX * 2);
    json_out_init(&out, &written);
    if (step->check.json != NULL) {
        json_out_value(&out, step->check.json);
        step->whole &=
            user_captures_fill(captures, buf_text(&written), USER_FILL_JSON, &step->body);
    } else if (step->check.body.ptr != NULL) {
        step->whole &= user_captures_fill(captures, step->check.body, USER_FILL_PLAIN, &step->body);
    }
    buf_done(&written);
}

static void user_step_fill(struct user_step *step) {
    struct text base =
        step->check.base.ptr != NULL ? step->check.base : text_of(step->means->origin);
    buf_puttext(&step->url, base);
    buf_puttext(&step->shown, base);
    buf_puttext(&step->shown, step->check.path);
    step->whole =
        user_captures_fill(&step->means->captures, step->check.path, USER_FILL_PLAIN, &step->url);
    json_each(step->check.headers, user_step_header, step);
    user_step_body(step);
}

/* --- for people ------------------------------------------------------------------------------- */

/* What was captured, bodies and most headers may be credentials. Of a request is shown what stands
 * in its check, places of captures and all, but *** for bodies and headers that are not known to be
 * harmless. */
static bool user_step_is_open(struct text header) {
    static const char *const OPEN[] = {
        "accept",  "accept-encoding", "accept-language",   "cache-control",
        "origin",  "content-type",    "if-modified-since", "if-none-match",
        "referer", "range",           "user-agent",        "x-requested-with"};
    for (size_t i = 0; i < sizeof(OPEN) / sizeof(OPEN[0]); i++)
        if (text_ieq(header, text_of(OPEN[i])))
            return true;
    return false;
}

/* Of "Bearer secret" the first word. */
static void user_step_hide(struct text header, struct text value, struct buf *line) {
    long blank = text_find(value, TEXT(" "));
    if (blank > 0 && text_ifind(header, TEXT("authorization")) >= 0)
        buf_puttext(line, text_make(value.ptr, (size_t)blank + 1));
    buf_puts(line, "***");
}

static bool user_step_show_header(void *ctx, struct text name, const struct json *value) {
    struct buf header, *line = ctx;
    struct text text = {"", 0};
    buf_init(&header, 4 * USER_CHECK_HEADER_MAX);
    buf_puttext(&header, name);
    buf_puts(&header, ": ");
    if (json_text(value, &text) && user_step_is_open(name))
        buf_puttext(&header, text);
    else
        user_step_hide(name, text, &header);
    buf_puts(line, " -H ");
    shell_quote(line, buf_str(&header));
    buf_done(&header);
    return true;
}

static void user_step_reproduce(struct user_step *step) {
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    buf_puts(&line, "curl -gsk -D - -X ");
    buf_puttext(&line, step->check.method);
    if (step->typed)
        buf_puts(&line, " -H 'Content-Type: application/json'");
    json_each(step->check.headers, user_step_show_header, &line);
    if (step->body.len > 0)
        buf_puts(&line, " --data-binary '***'");
    buf_putc(&line, ' ');
    shell_quote(&line, buf_str(&step->shown));
    judgement_reproduce_line(step->judgement, buf_text(&line));
    buf_done(&line);
}

/* --- judging ---------------------------------------------------------------------------------- */

/* Credentials that it sent: a target may say them again. Of "Bearer secret" the last word. */
static void user_step_credentials(const struct user_step *step, struct user_captures *sent) {
    for (size_t i = 0; i < step->header_count; i++) {
        struct text name = step->headers[i].name, word = text_trim(step->headers[i].value);
        for (long blank; (blank = text_find(word, TEXT(" "))) >= 0;)
            word = text_make(word.ptr + blank + 1, word.len - (size_t)blank - 1);
        if (!user_step_is_open(name))
            user_captures_set(sent, text_head(name, USER_CHECK_CAPTURE_NAME_MAX), word);
    }
}

/* What was found, as people may see it: without what was captured or sent in
 * confidence. Behind "cookie:" nothing is shown of any text. */
static void user_step_tell(const struct user_step *step, const struct user_assert *assert,
                           struct text actual, struct buf *told) {
    struct user_captures sent = {.count = 0};
    if (assert->query == USER_QUERY_HEADER && text_ieq(assert->argument, TEXT("set-cookie"))) {
        buf_puts(told, "***");
        return;
    }
    user_step_credentials(step, &sent);
    user_captures_hide(&step->means->captures, &sent, actual, TOLD_BYTES, told);
    user_captures_done(&sent);
}

static void user_step_fault(struct user_step *step, const struct user_assert *assert,
                            struct text value, const char *why, struct text actual) {
    struct buf told;
    buf_init(&told, TOLD_MAX_BYTES);
    if (why == NULL)
        user_step_tell(step, assert, actual, &told);
    judgement_fault(step->judgement, (size_t)step->check.severity, buf_str(&step->shown),
                    "%.*s %s%.*s %.*s: %s%.*s", JUDGEMENT_VALUE(assert->query_text),
                    assert->is_not ? "not " : "", JUDGEMENT_VALUE(assert->predicate_text),
                    JUDGEMENT_VALUE(value), why != NULL ? why : "it is ",
                    JUDGEMENT_VALUE(buf_text(&told)));
    buf_done(&told);
}

static void user_step_assert(struct user_step *step, const struct json *value,
                             const struct user_answer *answer) {
    char unread[USER_CHECK_WHY_SIZE];
    struct user_assert assert;
    struct buf written, expected, actual;
    struct json_out out;
    struct text template;
    const char *why = NULL;
    if (!user_assert_read(value, &assert, unread))
        return;
    buf_init(&written, USER_CHECK_VALUE_MAX * 2);
    buf_init(&expected, ANSWER_MAX_BYTES);
    buf_init(&actual, ANSWER_MAX_BYTES);
    json_out_init(&out, &written);
    if (assert.value != NULL && !json_text(assert.value, &template)) {
        json_out_value(&out, assert.value);
        template = buf_text(&written);
    } else if (assert.value == NULL) {
        template = TEXT("");
    }
    if (!user_captures_fill(&step->means->captures, template, USER_FILL_PLAIN, &expected) ||
        expected.failed)
        why = "nothing that fits was captured for it";
    if (why != NULL || !user_eval_holds(&assert, buf_text(&expected), answer, &actual, &why))
        user_step_fault(step, &assert, template, why, buf_text(&actual));
    buf_done(&written);
    buf_done(&expected);
    buf_done(&actual);
}

struct user_capturing {
    struct user_step *step;
    const struct user_answer *answer;
};

static bool user_step_capture(void *ctx, struct text name, const struct json *value) {
    const struct user_capturing *capturing = ctx;
    enum user_query query;
    struct text text, argument;
    struct buf buf;
    buf_init(&buf, ANSWER_MAX_BYTES);
    if (json_text(value, &text) && user_query_read(text, &query, &argument) &&
        user_eval_get(query, argument, capturing->answer, &buf) && !buf.failed)
        user_captures_set(&capturing->step->means->captures, name, buf_text(&buf));
    else
        judgement_fault(capturing->step->judgement, (size_t)capturing->step->check.severity,
                        buf_str(&capturing->step->shown), "nothing to capture as %.*s: %.*s",
                        JUDGEMENT_VALUE(name), JUDGEMENT_VALUE(text));
    buf_done(&buf);
    return true;
}

static void user_step_judge(struct user_step *step, const struct http_response *response) {
    struct json *root = NULL;
    if (json_parse(buf_text(&response->body), &JSON_LIMITS_RESULT, &root, NULL) != ERR_OK)
        root = NULL;
    const struct user_answer answer = {response, root};
    judgement_pass(step->judgement);
    for (size_t i = 0; i < json_count(step->check.asserts); i++)
        user_step_assert(step, json_at(step->check.asserts, i), &answer);
    json_each(step->check.captures, user_step_capture, &(struct user_capturing){step, &answer});
    json_free(root);
}

/* --- sending ---------------------------------------------------------------------------------- */

static void user_step_send(struct user_step *step) {
    char *method = text_dup(step->check.method);
    struct http_response response;
    struct fault fault = {0};
    struct http_request request = {.method = method,
                                   .url = buf_text(&step->url),
                                   .headers = step->headers,
                                   .header_count = step->header_count};
    if (step->check.json != NULL || step->check.body.ptr != NULL)
        request.body = buf_text(&step->body);
    enum err err = method != NULL ? asker_send(&step->means->asker, &request, &HTTP_LIMITS_PROBE,
                                               &response, &fault)
                                  : ERR_NOMEM;
    if (err == ERR_OK)
        user_step_judge(step, &response);
    else if (err == ERR_BUSY || err == ERR_NOMEM)
        judgement_not_tested(step->judgement, "not_asked");
    else if (http_permits(step->means->asker.http, &request, NULL) == ERR_REFUSED)
        judgement_not_tested(step->judgement, "constraints");
    else
        judgement_fault(step->judgement, (size_t)step->check.severity, buf_str(&step->shown),
                        "No answer: %s", fault.text[0] != '\0' ? fault.text : err_text(err));
    if (method != NULL)
        http_response_done(&response);
    free(method);
}

/* A type for a body of JSON, unless one is given. */
static void user_step_type(struct user_step *step) {
    for (size_t i = 0; i < step->header_count; i++)
        if (text_ieq(step->headers[i].name, TEXT("content-type")))
            return;
    step->typed = step->check.json != NULL;
    if (step->typed)
        step->headers[step->header_count++] =
            (struct http_header){TEXT("Content-Type"), TEXT("application/json")};
}

/* What was captured may break out of a line, or out of a string of JSON. */
static bool user_step_is_sound(const struct user_step *step, bool placed) {
    struct json_fault where;
    if (!placed || step->url.failed || step->body.failed ||
        !user_step_is_line(buf_text(&step->url)))
        return false;
    return step->check.json == NULL ||
           json_check(buf_text(&step->body), &JSON_LIMITS_REQUEST, &where) == ERR_OK;
}

static void user_step_do(struct user_step *step) {
    if (!user_check_is_at(&step->check, step->means->origin) &&
        !user_check_is_at(&step->check, step->means->target_origin)) {
        judgement_not_tested(step->judgement, "other_origin");
        return;
    }
    if (!user_check_is_safe(&step->check) && !step->means->may_change) {
        judgement_skip(step->judgement, "mode");
        return;
    }
    user_step_fill(step);
    bool placed = !step->lines.failed && user_step_place(step);
    user_step_type(step);
    if (!step->whole)
        judgement_not_tested(step->judgement, "not_captured");
    else if (!user_step_is_sound(step, placed))
        judgement_not_tested(step->judgement, "bad_capture");
    else {
        user_step_reproduce(step);
        user_step_send(step);
    }
}

void user_step_run(struct user_means *means, const struct user_check *check,
                   struct judgement *judgement) {
    struct user_step step = {.means = means, .check = *check, .judgement = judgement};
    judgement_init(judgement);
    text_copy(check->name, judgement->component, sizeof(judgement->component));
    buf_init(&step.url, URL_MAX_BYTES * 4);
    buf_init(&step.body, ANSWER_MAX_BYTES);
    buf_init(&step.lines, ANSWER_MAX_BYTES);
    buf_init(&step.shown, URL_MAX_BYTES * 4);
    user_step_do(&step);
    buf_done(&step.url);
    buf_done(&step.body);
    buf_done(&step.lines);
    buf_done(&step.shown);
}
