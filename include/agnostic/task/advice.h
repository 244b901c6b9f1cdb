/* advice: what a language model may say of a finished task: a summary in its words, and what
 * sentences that the grammar did not read could be measured by. Pure. It moves no severity, no
 * score, no criterion and no verdict: all of these are there before it is asked.
 *
 * The question holds words of the client's criteria (secrets masked, URLs left out), counts, ids of
 * checks and our own titles of them; nothing that a target, a tool or a plug-in has written. The
 * answer is a stranger's: whatever is not exactly of the form asked for makes all of it refused. */
#ifndef AGNOSTIC_TASK_ADVICE_H
#define AGNOSTIC_TASK_ADVICE_H

#include "agnostic/task/check_list.h"
#include "agnostic/task/criterion.h"

enum {
    ADVICE_QUESTION_MAX_BYTES = 256 << 10,
    ADVICE_ANSWER_MAX_BYTES = 256 << 10, /* of a response as a whole */
    ADVICE_SUMMARY_MAX_BYTES = 2000,     /* more is cut */
    ADVICE_PROPOSALS_MAX = 16,
    ADVICE_MAX_BYTES = 16 << 10 /* of what advice_put prints */
};

/* What became of it: reason, its word in a result. */
#define ADVICE_TABLE(X)                                                                            \
    X(USED, "used")                                                                                \
    /* no answer */                                                                                \
    X(UNREACHABLE, "unreachable")                                                                  \
    X(TLS, "tls_failed")                                                                           \
    X(TIMEOUT, "timeout")                                                                          \
    X(STATUS, "http_status")                                                                       \
    X(REDIRECT, "redirect")                                                                        \
    X(TOO_LARGE, "too_large")                                                                      \
    X(CUT_OFF, "cut_off")                                                                          \
    /* an answer that is not what was asked for */                                                 \
    X(NOT_JSON, "not_json")                                                                        \
    X(NO_CONTENT, "no_content")                                                                    \
    X(UNEXPECTED, "unexpected")                                                                    \
    X(CONTRADICTS, "contradicts_verdict")                                                          \
    X(UNKNOWN_CHECK, "unknown_check")                                                              \
    X(UNKNOWN_METRIC, "unknown_metric")                                                            \
    X(UNKNOWN_CRITERION, "unknown_criterion")                                                      \
    X(KEY_TOLD, "key_told")                                                                        \
    /* never asked, or not to the end */                                                           \
    X(KEY_UNREADABLE, "key_unreadable")                                                            \
    X(NO_TIME, "no_time")                                                                          \
    X(STOPPED, "stopped")                                                                          \
    X(FAILED, "failed")

enum advice_reason {
#define X(name, word) ADVICE_##name,
    ADVICE_TABLE(X)
#undef X
        ADVICE__COUNT
};
const char *advice_word(enum advice_reason reason);

/* What a sentence could be measured by. Numbers, not words: they say nothing that is not ours. */
struct advice_proposal {
    uint16_t criterion; /* of facts' criteria; an unmapped one */
    uint16_t metric;    /* of criterion_metric; means something when there are no checks */
    double value;
    uint16_t checks[CRITERION_SUBJECTS_MAX]; /* of facts' list */
    uint16_t check_count;
};

struct advice {
    enum advice_reason reason; /* ADVICE_USED: the rest means something */
    char summary[ADVICE_SUMMARY_MAX_BYTES + 1];
    struct advice_proposal proposals[ADVICE_PROPOSALS_MAX];
    size_t count;
};

/* Of a task whose agents have all ended. */
struct advice_facts {
    const char *model;
    const char *session_id; /* the model's seed is made of it */
    const struct criteria *criteria;
    const struct outcome *const *outcomes;
    size_t count;
    const struct check_list *checks;
};

/* advice_question(facts, buf): the body of POST .../chat/completions. ERR_TOO_LARGE,
 * ERR_INTERNAL. */
enum err advice_question(const struct advice_facts *facts, struct buf *buf);
/* advice_answer(body, facts, &advice): reads a response of at most ADVICE_ANSWER_MAX_BYTES. Its
 * reason says whether it is used. */
void advice_answer(struct text body, const struct advice_facts *facts, struct advice *ret_advice);
/* advice_put(advice, facts, out): {"used":true,"model","summary","proposals":[{"criterion_id",
 * "kind":"metric","metric","op","value"} or {"criterion_id","kind":"checks","checks":[...]}]}, or
 * {"used":false,"model","reason"}. What advice_answer cannot have given is not used. */
void advice_put(const struct advice *advice, const struct advice_facts *facts,
                struct json_out *out);

#endif
