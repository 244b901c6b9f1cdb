/* rehearsal_kit: what the parts of a rehearsal share. */
#ifndef AGENTS_SENIOR_REHEARSAL_KIT_H
#define AGENTS_SENIOR_REHEARSAL_KIT_H

#include "agents/senior/rehearsal.h"

struct rehearsal {
    struct asker *asker;
    const struct api *api;
    struct api_notes *notes;
    bool may_change;
    const struct openapi_operation *operation; /* called just now */
    size_t calls, calls_here;
    int64_t end_ms;
    bool over; /* not all calls were made */
};

/* rehearsal_is_reading(method): it changes nothing. */
bool rehearsal_is_reading(const char *method);
/* rehearsal_goes_on(run): may more calls be thought of? Making them from a hostile description
 * takes time too. */
bool rehearsal_goes_on(struct rehearsal *run);
/* rehearsal_call(run, wish, call, response): false: it was not made, not allowed, or not answered.
 * Both are released by rehearsal_done in every case. */
bool rehearsal_call(struct rehearsal *run, const struct api_wish *wish, struct api_call *ret_call,
                    struct http_response *ret_response);
void rehearsal_done(struct api_call *call, struct http_response *response);

/* rehearsal_methods(run): of each path, the methods that its description does not have. */
void rehearsal_methods(struct rehearsal *run);
/* rehearsal_lives(run): makes what can be made, looks for it, deletes it, looks again. */
void rehearsal_lives(struct rehearsal *run);

#endif
