/* api_notes: what was seen of an API, by the check that it is about, each with the command line
 * that shows it again. */
#ifndef AGENTS_API_NOTES_H
#define AGENTS_API_NOTES_H

#include "agents/api_call.h"
#include "agents/judgement.h"

enum { API_NOTES_MAX = 100, API_NOTES_CHECKS = 8 };

struct api_note {
    size_t check, variant;
    char *url, *words, *line;
};
/* Zeroed: nothing was seen. */
struct api_notes {
    struct api_note items[API_NOTES_MAX]; /* more are not kept */
    size_t count;
    size_t asked[API_NOTES_CHECKS]; /* requests that the check rests on */
    bool cut[API_NOTES_CHECKS];     /* not all that there is was asked */
    const char *reason;             /* stable word: why nothing could be seen */
    bool untested;                  /* though there may be something to see */
};
void api_notes_done(struct api_notes *notes);

/* api_notes_of(notes, api): takes over why there is no API, if there is none. */
void api_notes_of(struct api_notes *notes, const struct api *api);
/* api_notes_add(notes, check, variant, call, format, ...): one fault of that variant of the check's
 * rule. */
void api_notes_add(struct api_notes *notes, size_t check, size_t variant,
                   const struct api_call *call, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* api_notes_judge(notes, check, judgement): what the check came to; it does not apply where there
 * is no API, or nothing of what it is about. */
void api_notes_judge(const struct api_notes *notes, size_t check, struct judgement *judgement);

#endif
