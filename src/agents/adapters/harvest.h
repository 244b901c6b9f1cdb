/* harvest: what was read from a tool's output, check by check: those of our own catalogue, so that
 * their findings are the same as our own agent's, and the tool's. */
#ifndef AGENTS_ADAPTERS_HARVEST_H
#define AGENTS_ADAPTERS_HARVEST_H

#include "agents/lines.h"

enum {
    HARVEST_MAX = 1000, /* checks; of more only how many */
    HARVEST_TEXT_SIZE = 1024
};

/* What the tool was run for. */
struct harvest_place {
    const char *tool;   /* "sslscan"; ids of its own checks begin with it in capitals */
    const char *prefix; /* "SSLSCAN" */
    bool has_target;
    struct url url;
    const char *target; /* its text */
    bool non_public;    /* it is not on the public internet */
    bool active;        /* active checks are permitted */
    int64_t now_s;
    const char *reproduce; /* the command, for people */
};

struct harvest;

/* harvest_new(place, &harvest): place is borrowed. The caller frees with harvest_free. ERR_NOMEM.
 */
enum err harvest_new(const struct harvest_place *place, struct harvest **ret_harvest);
void harvest_free(struct harvest *harvest);
const struct harvest_place *harvest_place(const struct harvest *harvest);

/* harvest_rule(harvest, id): the judgement of the check `id` of our catalogue on the target, for
 * the caller to fill; not_tested (not_reported) at first. NULL when there is no such check, the
 * task does not permit its mode, or there are too many. */
struct judgement *harvest_rule(struct harvest *harvest, const char *id);

/* A check that only the tool knows. All but id and title may be NULL; texts are cut at
 * HARVEST_TEXT_SIZE and what is longer. */
struct harvest_foreign {
    struct text prefix; /* ptr NULL: the tool's own */
    /* PREFIX- is put before it, other characters than letters and digits are '-'; one that is too
     * long, or of letters beyond ASCII, is told from others by a checksum behind it. */
    struct text id;
    struct text title, description, remediation, reference;
    struct text vector;     /* CVSS 3.1; ptr NULL: nobody rated it so, and severity holds */
    enum severity severity; /* as the tool's words are mapped */
    struct text cwe;        /* "CWE-79" */
    struct text component;  /* ptr NULL: the target's origin */
};
/* harvest_foreign(harvest, foreign): the judgement of that check on that component; one there is
 * already keeps its texts. Severity falls never: the gravest of several is kept. NULL when there
 * are too many. */
struct judgement *harvest_foreign(struct harvest *harvest, const struct harvest_foreign *foreign);

/* harvest_fault(harvest, judgement, variant, format, ...): one instance on the judgement's own
 * component; a judgement of NULL is passed over. */
void harvest_fault(struct judgement *judgement, size_t variant, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* harvest_pass(judgement): it was tested, nothing was found so far. NULL is passed over. */
void harvest_pass(struct judgement *judgement);

/* harvest_incomplete(harvest): the tool says itself that it did not do all. */
void harvest_incomplete(struct harvest *harvest);
bool harvest_is_incomplete(const struct harvest *harvest);
/* Checks beyond HARVEST_MAX. */
size_t harvest_dropped(const struct harvest *harvest);
bool harvest_has_faults(const struct harvest *harvest);
/* harvest_tell(harvest, lines): plan, checks and findings. */
void harvest_tell(struct harvest *harvest, struct lines *lines);

#endif
