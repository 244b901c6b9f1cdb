/* presence: is the target there all the time that its site is visited? Asked once a second, between
 * other requests. */
#ifndef AGENTS_JUNIOR_PRESENCE_H
#define AGENTS_JUNIOR_PRESENCE_H

#include "agents/asker.h"

enum {
    PRESENCE_INTERVAL_MS = 1000,
    PRESENCE_SAMPLES_MIN = 10, /* fewer say nothing */
    PRESENCE_ABSENT_MIN = 2    /* one may be an accident */
};
#define PRESENCE_ABSENCE_MAX 0.01 /* share of samples */

struct presence {
    const char *url; /* NULL: nothing is asked yet */
    int64_t next_ms;
    size_t asked, absent; /* absent: no answer, or a server error */
    char why[64];         /* of the last that was */
};

/* presence_watch(presence, url): from now on; url is borrowed. */
void presence_watch(struct presence *presence, const char *url);
/* presence_look(presence, asker): asks if it is time to, in the asker's turn. */
void presence_look(struct presence *presence, struct asker *asker);
/* presence_absence(presence): the share of samples that were not answered; asked is not 0. */
double presence_absence(const struct presence *presence);

#endif
