/* doctor: what is wrong with a deployment, from the web server inwards. */
#ifndef CTL_DOCTOR_H
#define CTL_DOCTOR_H

#include "ctl/client.h"

struct doctor {
    const struct settings *settings;
    struct client *client;
    bool failed;          /* something is wrong */
    bool service_answers; /* agnostic-api itself, not the web server for it */
    bool service_sees;    /* it reaches its Redis */
};

/* Each prints one finding: part is what was looked at, the text may hold strangers' bytes. `mend`
 * says what to do. doctor_note is neither good nor bad. */
void doctor_ok(struct doctor *doctor, const char *part, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void doctor_note(struct doctor *doctor, const char *part, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void doctor_fail(struct doctor *doctor, const char *part, const char *mend, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The stations of the walk. */
void doctor_service_web(struct doctor *doctor);
void doctor_service_ready(struct doctor *doctor);
void doctor_service_key(struct doctor *doctor);
void doctor_service_authorization(struct doctor *doctor);
void doctor_store_redis(struct doctor *doctor);
void doctor_files(struct doctor *doctor);
/* doctor_files_redis(doctor, where): of a Redis that was reached, as store_where says. */
void doctor_files_redis(struct doctor *doctor, const char *where);

#endif
