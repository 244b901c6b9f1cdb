/* The words of verdicts, and the exit statuses that stand for them. */
#include "agnostic/task/verdict.h"

static const struct {
    const char *word, *status;
    int exit_status;
} VERDICTS[VERDICT__COUNT] = {
    [VERDICT_GO] = {"GO", "approved", 0},
    [VERDICT_GO_WITH_WARNINGS] = {"GO_WITH_WARNINGS", "approved_with_recommendations", 2},
    [VERDICT_NO_GO] = {"NO_GO", "rejected", 1},
    [VERDICT_INCOMPLETE] = {"INCOMPLETE", "incomplete", 3},
};

const char *verdict_word(enum verdict verdict) {
    return VERDICTS[verdict].word;
}

bool verdict_read(struct text word, enum verdict *ret_verdict) {
    for (int verdict = 0; verdict < VERDICT__COUNT; verdict++) {
        if (text_is(word, VERDICTS[verdict].word)) {
            *ret_verdict = (enum verdict)verdict;
            return true;
        }
    }
    return false;
}

const char *verdict_status(enum verdict verdict) {
    return VERDICTS[verdict].status;
}

int verdict_exit(enum verdict verdict) {
    return VERDICTS[verdict].exit_status;
}
