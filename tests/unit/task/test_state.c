/* The life of a task is what tests/data/states.tsv says, for every state and event. */
#include "agnostic/task/state.h"
#include "table.h"

static const char *const EVENTS[TASK_EVENT__COUNT] = {
    "claim", "complete", "fail", "retry", "reap", "bury", "hand_back", "cancel", "expire"};
static bool seen[TASK_STATE__COUNT][TASK_EVENT__COUNT];

static enum task_event event_of(const char *word) {
    for (int event = 0; event < TASK_EVENT__COUNT; event++) {
        if (strcmp(EVENTS[event], word) == 0)
            return (enum task_event)event;
    }
    fail_msg("no such event: %s", word);
    return TASK_EVENT__COUNT;
}

static void check_row(char **cells, size_t line) {
    enum task_state from, to = TASK_STATE__COUNT;
    assert_true(task_state_read(text_of(cells[0]), &from));
    enum task_event event = event_of(cells[1]);
    seen[from][event] = true;
    bool leads = task_state_next(from, event, &to);
    if (strcmp(leads ? task_state_word(to) : "-", cells[2]) != 0)
        fail_msg("states.tsv:%zu: %s %s leads to %s", line, cells[0], cells[1],
                 leads ? task_state_word(to) : "-");
}

static void every_transition_is_as_the_table_says(void **unused) {
    (void)unused;
    assert_int_equal(table_each("states.tsv", 3, check_row), TASK_STATE__COUNT * TASK_EVENT__COUNT);
    for (int state = 0; state < TASK_STATE__COUNT; state++) {
        for (int event = 0; event < TASK_EVENT__COUNT; event++)
            assert_true(seen[state][event]);
    }
}

static void only_pending_and_running_have_a_way_out(void **unused) {
    (void)unused;
    assert_false(task_state_is_terminal(TASK_PENDING));
    assert_false(task_state_is_terminal(TASK_RUNNING));
    assert_true(task_state_is_terminal(TASK_COMPLETED));
    assert_true(task_state_is_terminal(TASK_FAILED));
    assert_true(task_state_is_terminal(TASK_CANCELLED));
}

static void words_of_states_are_the_original_ones(void **unused) {
    (void)unused;
    enum task_state state = TASK_RUNNING;
    assert_string_equal(task_state_word(TASK_PENDING), "pending");
    assert_string_equal(task_state_word(TASK_CANCELLED), "cancelled");
    assert_false(task_state_read(TEXT("Pending"), &state));
    assert_false(task_state_read(TEXT(""), &state));
    assert_int_equal(state, TASK_RUNNING);
}

static void priorities_are_four_words(void **unused) {
    (void)unused;
    static const char *const WORDS[] = {"critical", "high", "medium", "low"};
    enum task_priority priority;
    for (int i = 0; i < TASK_PRIORITY__COUNT; i++) {
        assert_string_equal(task_priority_word((enum task_priority)i), WORDS[i]);
        assert_true(task_priority_read(text_of(WORDS[i]), &priority));
        assert_int_equal(priority, i);
    }
    assert_false(task_priority_read(TEXT("urgent"), &priority));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition_is_as_the_table_says),
        cmocka_unit_test(only_pending_and_running_have_a_way_out),
        cmocka_unit_test(words_of_states_are_the_original_ones),
        cmocka_unit_test(priorities_are_four_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
