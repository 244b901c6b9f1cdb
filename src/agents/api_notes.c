/* Keeps, and tells. Asks nobody. */
#include "agents/api_notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 32 << 10 };

void api_notes_done(struct api_notes *notes) {
    while (notes->count > 0) {
        struct api_note *note = &notes->items[--notes->count];
        free(note->url);
        free(note->words);
        free(note->line);
    }
}

void api_notes_of(struct api_notes *notes, const struct api *api) {
    notes->reason = api->openapi == NULL ? api->reason : NULL;
    notes->untested = notes->reason != NULL && notes->reason == api->doubt;
}

void api_notes_add(struct api_notes *notes, size_t check, size_t variant,
                   const struct api_call *call, const char *format, ...) {
    struct api_note note = {.check = check, .variant = variant};
    char words[JUDGEMENT_NOTE_SIZE];
    struct buf line;
    va_list args;
    if (notes->count == API_NOTES_MAX)
        return;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    buf_init(&line, LINE_MAX_BYTES);
    api_call_line(call, &line);
    note.url = text_dup(buf_text(&call->url));
    note.words = text_dup(text_of(words));
    note.line = buf_take(&line);
    if (note.url != NULL && note.words != NULL) {
        notes->items[notes->count++] = note;
        return;
    }
    free(note.url);
    free(note.words);
    free(note.line);
}

void api_notes_judge(const struct api_notes *notes, size_t check, struct judgement *judgement) {
    if (notes->reason != NULL && notes->untested) {
        judgement_not_tested(judgement, notes->reason);
        return;
    }
    if (notes->reason != NULL || (notes->asked[check] == 0 && !notes->cut[check])) {
        judgement_skip(judgement, notes->reason != NULL ? notes->reason : "no_such_operation");
        return;
    }
    judgement_pass(judgement);
    if (notes->cut[check])
        judgement_not_tested(judgement, "not_all_asked");
    for (size_t i = 0; i < notes->count; i++) {
        const struct api_note *note = &notes->items[i];
        if (note->check != check)
            continue;
        if (judgement_is_gravest(judgement, note->variant))
            judgement_reproduce_line(judgement, text_of(note->line));
        judgement_fault(judgement, note->variant, note->url, "%s", note->words);
    }
}
