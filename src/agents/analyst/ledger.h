/* ledger: every finding of now and of the session before, joined by fingerprint, with what became
 * of it (the words are those of SARIF 2.1.0, 3.27.24 baselineState). Pure. */
#ifndef AGENTS_ANALYST_LEDGER_H
#define AGENTS_ANALYST_LEDGER_H

#include "agents/analyst/runs.h"
#include "agnostic/task/cvss.h"

enum { LEDGER_MAX = 4096 };

enum ledger_state {
    LEDGER_NEW,       /* its check ran before and did not find it */
    LEDGER_UPDATED,   /* found before, with another severity or title */
    LEDGER_UNCHANGED, /* found before */
    LEDGER_ABSENT,    /* found before; its check ran again and does not find it */
    LEDGER_FIRST,     /* its check never ran before: nothing to compare with */
    LEDGER_STATE__COUNT
};

struct ledger_entry {
    struct runs_check check;
    struct text fingerprint, title;
    const struct json *finding; /* of now, or of then when absent */
    enum severity severity;
    bool advisory;
    enum ledger_state state;
    const char *first_seen, *last_seen; /* times of sessions */
    size_t occurrences;                 /* sessions that have it, now among them */
};

struct ledger {
    struct ledger_entry *entries; /* the most severe first, absent ones last */
    size_t count, capacity;
};

/* ledger_make(runs, &ledger): views of runs. ERR_NOMEM. ledger_done frees. */
enum err ledger_make(const struct runs *runs, struct ledger *ret_ledger);
void ledger_done(struct ledger *ledger);
/* ledger_judge(runs, entry): what became of a finding of now since its check last ran. */
enum ledger_state ledger_judge(const struct runs *runs, const struct ledger_entry *entry);
/* "new", "updated", "unchanged", "absent", "not_compared" */
const char *ledger_state_word(enum ledger_state state);

#endif
