/* state: the table of a task's life and its words. Knows no storage. */
#include "agnostic/task/state.h"

static const char *const STATE_WORDS[TASK_STATE__COUNT] = {
    [TASK_PENDING] = "pending", [TASK_RUNNING] = "running",     [TASK_COMPLETED] = "completed",
    [TASK_FAILED] = "failed",   [TASK_CANCELLED] = "cancelled",
};

static const char *const PRIORITY_WORDS[TASK_PRIORITY__COUNT] = {
    [TASK_CRITICAL] = "critical",
    [TASK_HIGH] = "high",
    [TASK_MEDIUM] = "medium",
    [TASK_LOW] = "low",
};

static const struct transition {
    enum task_state from;
    enum task_event event;
    enum task_state to;
} TRANSITIONS[] = {
    {TASK_PENDING, TASK_EVENT_CLAIM, TASK_RUNNING},
    {TASK_PENDING, TASK_EVENT_CANCEL, TASK_CANCELLED},
    {TASK_PENDING, TASK_EVENT_EXPIRE, TASK_FAILED},
    {TASK_RUNNING, TASK_EVENT_COMPLETE, TASK_COMPLETED},
    {TASK_RUNNING, TASK_EVENT_FAIL, TASK_FAILED},
    {TASK_RUNNING, TASK_EVENT_RETRY, TASK_PENDING},
    {TASK_RUNNING, TASK_EVENT_REAP, TASK_PENDING},
    {TASK_RUNNING, TASK_EVENT_BURY, TASK_FAILED},
    {TASK_RUNNING, TASK_EVENT_HAND_BACK, TASK_PENDING},
    {TASK_RUNNING, TASK_EVENT_CANCEL, TASK_CANCELLED},
};

static bool word_read(const char *const *words, int count, struct text word, int *ret_index) {
    for (int i = 0; i < count; i++) {
        if (text_is(word, words[i])) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

const char *task_state_word(enum task_state state) {
    return STATE_WORDS[state];
}

bool task_state_read(struct text word, enum task_state *ret_state) {
    int index;
    if (!word_read(STATE_WORDS, TASK_STATE__COUNT, word, &index))
        return false;
    *ret_state = (enum task_state)index;
    return true;
}

bool task_state_is_terminal(enum task_state state) {
    for (size_t i = 0; i < sizeof(TRANSITIONS) / sizeof(TRANSITIONS[0]); i++) {
        if (TRANSITIONS[i].from == state)
            return false;
    }
    return true;
}

bool task_state_next(enum task_state from, enum task_event event, enum task_state *ret_to) {
    for (size_t i = 0; i < sizeof(TRANSITIONS) / sizeof(TRANSITIONS[0]); i++) {
        if (TRANSITIONS[i].from == from && TRANSITIONS[i].event == event) {
            *ret_to = TRANSITIONS[i].to;
            return true;
        }
    }
    return false;
}

const char *task_priority_word(enum task_priority priority) {
    return PRIORITY_WORDS[priority];
}

bool task_priority_read(struct text word, enum task_priority *ret_priority) {
    int index;
    if (!word_read(PRIORITY_WORDS, TASK_PRIORITY__COUNT, word, &index))
        return false;
    *ret_priority = (enum task_priority)index;
    return true;
}
