/* Collects what one check saw. Knows neither rules nor how anything is printed. */
#include "agents/judgement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agents/evidence.h"
#include "agents/shell.h"

enum { JUDGEMENT_TEXT_MAX = 64 << 10 };

static const char *const STATUS_WORDS[JUDGEMENT_STATUS__COUNT] = {"passed", "failed", "skipped",
                                                                  "error", "not_tested"};

const char *judgement_status_word(enum judgement_status status) {
    return STATUS_WORDS[status];
}

void judgement_init(struct judgement *judgement) {
    memset(judgement, 0, sizeof(*judgement));
    judgement->status = JUDGEMENT_NOT_TESTED;
    judgement->reason = "not_measured";
    buf_init(&judgement->reproduce, JUDGEMENT_TEXT_MAX);
    buf_init(&judgement->instances, JUDGEMENT_TEXT_MAX);
}

void judgement_done(struct judgement *judgement) {
    buf_done(&judgement->reproduce);
    buf_done(&judgement->instances);
}

void judgement_component(struct judgement *judgement, const struct url *url) {
    url_origin(url, judgement->component, sizeof(judgement->component));
}

static void judgement_settle(struct judgement *judgement, enum judgement_status status,
                             const char *reason) {
    if (judgement->status == JUDGEMENT_FAILED)
        return;
    judgement->status = status;
    judgement->reason = reason;
}

void judgement_whole(struct judgement *judgement, const struct url *url) {
    if (url->host[0] != '\0')
        judgement_component(judgement, url);
    else
        text_copy(TEXT("task"), judgement->component, sizeof(judgement->component));
}

void judgement_pass(struct judgement *judgement) {
    judgement_settle(judgement, JUDGEMENT_PASSED, NULL);
}

void judgement_skip(struct judgement *judgement, const char *reason) {
    judgement_settle(judgement, JUDGEMENT_SKIPPED, reason);
}

void judgement_not_tested(struct judgement *judgement, const char *reason) {
    judgement_settle(judgement, JUDGEMENT_NOT_TESTED, reason);
}

static void judgement_instance(struct judgement *judgement, const char *url, const char *note) {
    struct json_out out;
    if (judgement->instances.len > 0)
        buf_putc(&judgement->instances, ',');
    json_out_init(&out, &judgement->instances);
    json_out_object(&out);
    json_out_member(&out, "url", url);
    json_out_member(&out, "detail", note);
    json_out_end_object(&out);
}

bool judgement_is_gravest(const struct judgement *judgement, size_t variant) {
    return judgement->fault_count == 0 || variant < judgement->variant;
}

void judgement_fault(struct judgement *judgement, size_t variant, const char *url,
                     const char *format, ...) {
    char said[JUDGEMENT_NOTE_SIZE], note[JUDGEMENT_NOTE_SIZE];
    bool gravest = judgement_is_gravest(judgement, variant);
    va_list args;
    judgement->fault_count++;
    if (!gravest && judgement->fault_count > JUDGEMENT_INSTANCES_MAX)
        return; /* counted; hostile pages have very many */
    va_start(args, format);
    vsnprintf(said, sizeof(said), format, args);
    va_end(args);
    evidence_copy(text_of(said), note, sizeof(note));
    if (judgement->fault_count <= JUDGEMENT_INSTANCES_MAX)
        judgement_instance(judgement, url, note);
    if (gravest) {
        judgement->variant = variant;
        memcpy(judgement->summary, note, sizeof(note));
    }
    judgement->status = JUDGEMENT_FAILED;
    judgement->reason = NULL;
}

/* -g: brackets and braces in a URL that somebody else chose are no pattern. */
void judgement_reproduce_curl(struct judgement *judgement, const char *url, const char *header) {
    struct buf *buf = &judgement->reproduce;
    buf_reset(buf);
    buf_puts(buf, "curl -gsk -o /dev/null -D - ");
    if (header != NULL) {
        buf_puts(buf, "-H ");
        shell_quote(buf, header);
        buf_putc(buf, ' ');
    }
    shell_quote(buf, url);
}

void judgement_reproduce_method(struct judgement *judgement, const char *url, const char *options) {
    buf_reset(&judgement->reproduce);
    buf_printf(&judgement->reproduce, "curl -gsk -D - %s ", options);
    shell_quote(&judgement->reproduce, url);
}

/* What of needle stands in the bytes of a page as it was read: up to the first byte that may have
 * been written as a character reference or does not fit on one line. */
static size_t judgement_plain(struct text needle) {
    size_t len = 0;
    while (len < needle.len && len < JUDGEMENT_NEEDLE_MAX && needle.ptr[len] > ' ' &&
           needle.ptr[len] < 0x7F && strchr("&<>\"'", needle.ptr[len]) == NULL)
        len++;
    return len;
}

void judgement_reproduce_body(struct judgement *judgement, const char *url, struct text needle) {
    char word[JUDGEMENT_NEEDLE_MAX + 1];
    struct buf *buf = &judgement->reproduce;
    needle.len = judgement_plain(needle);
    buf_reset(buf);
    buf_puts(buf, "curl -gsk ");
    shell_quote(buf, url);
    if (needle.len == 0)
        return;
    snprintf(word, sizeof(word), "%.*s", TEXT_ARG(needle));
    buf_puts(buf, " | grep -aoF -e ");
    shell_quote(buf, word);
}

void judgement_reproduce_chain(struct judgement *judgement, const char *url) {
    buf_reset(&judgement->reproduce);
    buf_puts(&judgement->reproduce, "curl -gskL --max-redirs 10 -o /dev/null -D - ");
    shell_quote(&judgement->reproduce, url);
}

void judgement_reproduce_line(struct judgement *judgement, struct text line) {
    buf_reset(&judgement->reproduce);
    buf_puttext(&judgement->reproduce, line);
}

void judgement_reproduce_load(struct judgement *judgement, const char *url, int64_t rate,
                              int64_t duration_s) {
    buf_reset(&judgement->reproduce);
    buf_puts(&judgement->reproduce, "agnostic-agent performance --url ");
    shell_quote(&judgement->reproduce, url);
    buf_printf(&judgement->reproduce, " --rate %lld --duration %lld", (long long)rate,
               (long long)duration_s);
}
