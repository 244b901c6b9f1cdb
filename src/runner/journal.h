/* journal: what agents say to people, put into lines for the task's log and held until somebody
 * takes them along. Knows neither Redis nor agents. Bounded: of each agent JOURNAL_AGENT_MAX bytes
 * are kept, and what finds no room is counted, never waited for.
 *
 *   2026-02-21T10:00:00.123Z == attempt 1: qa-analyst ==
 *   2026-02-21T10:00:00.456Z 1 qa-analyst info: 12 pages read
 *   2026-02-21T10:00:00.789Z 1 qa-analyst stderr: retrying */
#ifndef AGNOSTIC_RUNNER_JOURNAL_H
#define AGNOSTIC_RUNNER_JOURNAL_H

#include "agnostic/base/buf.h"
#include "agnostic/base/text.h"

enum {
    JOURNAL_LINE_MAX = 4096,       /* bytes of one thing said; more is cut */
    JOURNAL_AGENT_MAX = 256 << 10, /* bytes of one agent in one attempt */
    JOURNAL_HELD_MAX = 512 << 10,  /* bytes held at a time */
    JOURNAL_EVERY_MS = 1000,       /* how long lines may be held */
    JOURNAL_AGAIN_MS = 5000        /* after they could not be taken */
};

struct journal {
    struct buf held;
    int64_t attempt;
    int64_t due_ms; /* when what is held wants to be taken; INT64_MAX: nothing is held */
};

/* One agent that speaks. */
struct journal_voice {
    struct journal *journal;
    const char *agent; /* borrowed; NULL: it has not begun, or has ended */
    int64_t room;      /* bytes it may still say */
    uint64_t lost;     /* things it said that found no room */
};

/* journal_init(journal, attempt); journal_done frees. */
void journal_init(struct journal *journal, int64_t attempt);
void journal_done(struct journal *journal);
/* journal_begin(journal, agent, voice): a heading; agent and journal are borrowed until
 * journal_end, which tells how much was not kept. */
void journal_begin(struct journal *journal, const char *agent, struct journal_voice *voice);
void journal_end(struct journal_voice *voice);
/* journal_say(voice, source, said): said is a stranger's bytes; secrets are masked, what is
 * dangerous to show is spelled out, further lines of it are indented. */
void journal_say(struct journal_voice *voice, const char *source, struct text said);
/* journal_lines(journal): what is held, whole lines. Then one of the two: */
struct text journal_lines(const struct journal *journal);
void journal_taken(struct journal *journal);
void journal_not_taken(struct journal *journal);

#endif
