/* baseline: what the run is compared with: the blocks of earlier sessions that were measured in the
 * same way, and what the comparison says. */
#ifndef AGENTS_PERFORMANCE_BASELINE_H
#define AGENTS_PERFORMANCE_BASELINE_H

#include "agents/shift.h"
#include "agnostic/base/json.h"
#include "agnostic/base/secure.h"

enum {
    BASELINE_SESSIONS_MAX = 20,
    BASELINE_BLOCKS_MAX = 60, /* of a session; longer ones are told by blocks evenly spread */
    BASELINE_NAME_SIZE = 128
};

enum baseline_measure { BASELINE_P50, BASELINE_P95, BASELINE_RATE, BASELINE__COUNT };

/* One session: medians of its blocks in ms, answers of each. */
struct baseline_session {
    char name[BASELINE_NAME_SIZE];
    size_t count[BASELINE__COUNT];
    double values[BASELINE__COUNT][BASELINE_BLOCKS_MAX];
};

/* Sessions measured with the same parameters, the newest first. */
struct baseline {
    size_t count;
    struct baseline_session sessions[BASELINE_SESSIONS_MAX];
};

/* In rising order of what it means. */
enum baseline_state {
    BASELINE_NONE, /* there is nothing to compare with */
    BASELINE_STEADY,
    BASELINE_IMPROVED,
    BASELINE_SUSPECTED, /* this session is slower than the last */
    BASELINE_CONFIRMED, /* two in a row are, or this one than each of the last three; or the series
                         * of eight sessions and more has a change point among its last four */
    BASELINE_STATE__COUNT
};

struct baseline_verdict {
    enum baseline_state state;
    enum baseline_measure measure; /* what the state is about */
    struct shift shift;            /* of it, against `against` */
    const char *against;           /* the session's name, as long as the baseline */
    double previous_ms;            /* median of the earlier sessions' p95, as blocks have it */
    size_t sessions;
};

const char *baseline_state_word(enum baseline_state state);
const char *baseline_measure_word(enum baseline_measure measure);

/* baseline_read(path, agent, parameters, &baseline): the sessions of the file of history that
 * `agent` remembers with these parameters; what is damaged is passed over. ERR_IO, ERR_NOMEM. The
 * caller frees with free. */
enum err baseline_read(const char *path, const char *agent, const char *parameters,
                       struct baseline **ret_baseline);
/* baseline_compare(baseline, now): pure. */
struct baseline_verdict baseline_compare(const struct baseline *baseline,
                                         const struct baseline_session *now);
/* baseline_put_memo(now, parameters, out): what baseline_read reads later. */
void baseline_put_memo(const struct baseline_session *now, const char *parameters,
                       struct json_out *out);

#endif
