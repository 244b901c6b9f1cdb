/* judgement: what one check concluded about one component. Starts as not_tested: a check
 * that says nothing has measured nothing. */
#ifndef AGENTS_JUDGEMENT_H
#define AGENTS_JUDGEMENT_H

#include "agnostic/base/json.h"
#include "agnostic/base/url.h"

enum judgement_status {
    JUDGEMENT_PASSED,
    JUDGEMENT_FAILED,
    JUDGEMENT_SKIPPED, /* does not apply to this target */
    JUDGEMENT_ERROR,   /* the check itself went wrong */
    JUDGEMENT_NOT_TESTED,
    JUDGEMENT_STATUS__COUNT
};
const char *judgement_status_word(enum judgement_status status);

enum {
    JUDGEMENT_INSTANCES_MAX = 20, /* kept; more are counted */
    JUDGEMENT_NOTE_SIZE = 512,
    JUDGEMENT_NEEDLE_MAX = 100,
    JUDGEMENT_COMPONENT_SIZE = 416 /* an origin, or a name of a hundred characters */
};

/* For printf("%.*s", JUDGEMENT_VALUE(t)): a value from outside, cut. */
#define JUDGEMENT_VALUE(t) (int)((t).len > 200 ? 200 : (t).len), (t).ptr

struct judgement {
    enum judgement_status status;
    const char *reason; /* stable word for every status but passed and failed */
    size_t variant;     /* of the rule, when failed: the gravest that was met */
    size_t fault_count; /* instances, also those not kept */
    char component[JUDGEMENT_COMPONENT_SIZE];
    char summary[JUDGEMENT_NOTE_SIZE];
    struct buf reproduce; /* a command line for people */
    struct buf instances; /* JSON objects, comma-separated */
};

void judgement_init(struct judgement *judgement);
void judgement_done(struct judgement *judgement);

void judgement_component(struct judgement *judgement, const struct url *url);
/* judgement_whole(judgement, url): its component is the target as a whole; "task" where url is none
 * (zeroed). */
void judgement_whole(struct judgement *judgement, const struct url *url);
/* judgement_pass(judgement): measured, nothing wrong so far. A later fault overrides it. */
void judgement_pass(struct judgement *judgement);
/* `reason` must outlive the judgement. Neither overrides a fault. */
void judgement_skip(struct judgement *judgement, const char *reason);
void judgement_not_tested(struct judgement *judgement, const char *reason);
/* judgement_fault(judgement, variant, url, format, ...): one instance of the rule being broken at
 * url (text of a URL). The note is cut at JUDGEMENT_NOTE_SIZE. */
void judgement_fault(struct judgement *judgement, size_t variant, const char *url,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* judgement_is_gravest(judgement, variant): whether a fault of that variant would be the one that
 * names the finding. */
bool judgement_is_gravest(const struct judgement *judgement, size_t variant);
/* judgement_reproduce_curl(judgement, url, header): how to see it again; header NULL or a line
 * such as "Origin: null". Quoted for a POSIX shell. */
void judgement_reproduce_curl(struct judgement *judgement, const char *url, const char *header);
/* judgement_reproduce_method(judgement, url, options): the same by another method; options are
 * curl's, quoted ("-X TRACE"). */
void judgement_reproduce_method(struct judgement *judgement, const char *url, const char *options);
/* judgement_reproduce_body(judgement, url, needle): how to find needle in the body of url; only the
 * front of it that stands there in plain. An empty needle: the whole body. */
void judgement_reproduce_body(struct judgement *judgement, const char *url, struct text needle);
/* judgement_reproduce_chain(judgement, url): the same with every redirect from url on. */
void judgement_reproduce_chain(struct judgement *judgement, const char *url);
/* judgement_reproduce_line(judgement, line): any command line, quoted as it must be. */
void judgement_reproduce_line(struct judgement *judgement, struct text line);

/* judgement_reproduce_load(judgement, url, rate, duration_s): the same load once more. */
void judgement_reproduce_load(struct judgement *judgement, const char *url, int64_t rate,
                              int64_t duration_s);

#endif
