/* past: what earlier sessions of a target came to, for the trends of a report. Pure. Only sessions
 * that tested the same way stand side by side: equal parameters, the same agents. */
#ifndef AGNOSTIC_REPORT_PAST_H
#define AGNOSTIC_REPORT_PAST_H

#include "agnostic/base/json.h"
#include "agnostic/task/cvss.h"
#include "agnostic/task/verdict.h"

enum { PAST_SESSIONS_MAX = 20, PAST_WHEN_SIZE = sizeof "2026-02-21 10:00", PAST_WAY_MAX = 4096 };

struct past_session {
    char when[PAST_WHEN_SIZE]; /* UTC */
    enum verdict verdict;
    size_t counts[SEVERITY__COUNT]; /* of the findings that are remembered */
    bool more;                      /* others are not */
    double p95_ms;                  /* of a load; below 0: there was none */
};

struct past {
    const char *session_id;
    struct buf way; /* how that session tested; empty until it was seen */
    struct past_session sessions[PAST_SESSIONS_MAX]; /* the newest first */
    size_t count;
};

/* past_init(past, session_id): of the session of that id and those before it; it is borrowed. The
 * caller frees with past_done. */
void past_init(struct past *past, const char *session_id);
void past_done(struct past *past);
/* past_note(past, summary): one session's summary (task/session.h), to be called from the newest to
 * the oldest; false once no more are wanted. What is no summary is passed over. */
bool past_note(struct past *past, struct text summary);

#endif
