/* What agents say to people: lines that nobody can forge, without secrets, bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "runner/journal.h"

static struct journal journal;
static struct journal_voice voice;

static int begin(void **state) {
    (void)state;
    journal_init(&journal, 2);
    return 0;
}

static int end(void **state) {
    (void)state;
    journal_done(&journal);
    return 0;
}

/* What is held, the moment that each line begins with taken off. */
static const char *lines(void) {
    static char plain[65536];
    struct text rest = journal_lines(&journal), line;
    struct buf buf;
    plain[0] = '\0';
    if (rest.len == 0) {
        return plain;
    }
    buf_init(&buf, sizeof(plain) - 1);
    while (text_cut(&rest, '\n', &line)) {
        int64_t us;
        const char *space = line.len > 0 ? memchr(line.ptr, ' ', line.len) : NULL;
        size_t moment = space ? (size_t)(space - line.ptr) : 0;
        bool ours = space && time_parse_iso(text_make(line.ptr, moment), &us);
        buf_puttext(&buf, ours ? text_make(space + 1, line.len - moment - 1) : line);
        buf_puts(&buf, rest.len > 0 ? "\n" : "");
    }
    text_copy(buf_text(&buf), plain, sizeof(plain));
    buf_done(&buf);
    return plain;
}

static void say(const char *what) {
    journal_say(&voice, "stderr", text_of(what));
}

static void each_line_tells_moment_attempt_agent_and_source(void **state) {
    (void)state;
    journal_begin(&journal, "qa-analyst", &voice);
    say("hello");
    journal_say(&voice, "warn", TEXT("careful"));
    journal_end(&voice);
    assert_string_equal(lines(), "== attempt 2: qa-analyst ==\n2 qa-analyst stderr: hello\n"
                                 "2 qa-analyst warn: careful");
}

static void secrets_are_masked(void **state) {
    (void)state;
    journal_begin(&journal, "a", &voice);
    say("Authorization: Bearer hunter2hunter2");
    assert_null(strstr(lines(), "hunter2"));
}

static void hostile_bytes_are_spelled_out(void **state) {
    (void)state;
    journal_begin(&journal, "a", &voice);
    say("\x1b[2J");
    say("\xff\xfe.");
    assert_string_equal(lines(), "== attempt 2: a ==\n2 a stderr: \\u001b[2J\n2 a stderr: ??.");
}

static void further_lines_cannot_be_taken_for_others(void **state) {
    (void)state;
    journal_begin(&journal, "a", &voice);
    say("one\n2026-02-21T10:00:00.000Z 2 b stderr: forged");
    assert_non_null(strstr(lines(), "2 a stderr: one\n    2026-02-21T10:00:00.000Z 2 b"));
}

static void long_lines_are_cut(void **state) {
    (void)state;
    static char much[3 * JOURNAL_LINE_MAX];
    memset(much, 'x', sizeof(much) - 1);
    journal_begin(&journal, "a", &voice);
    size_t before = journal_lines(&journal).len;
    say(much);
    assert_in_range(journal_lines(&journal).len - before, JOURNAL_LINE_MAX - 8,
                    JOURNAL_LINE_MAX + 64);
}

static void one_agent_cannot_take_the_room_of_the_next(void **state) {
    (void)state;
    journal_begin(&journal, "loud", &voice);
    for (int i = 0; i < 100000; i++) {
        say("noise");
    }
    assert_true(journal_lines(&journal).len <= JOURNAL_AGENT_MAX + 64 * 100000 / 2);
    journal_end(&voice);
    journal_taken(&journal);
    journal_begin(&journal, "quiet", &voice);
    say("heard");
    assert_non_null(strstr(lines(), "2 quiet stderr: heard"));
}

static void what_was_not_kept_is_counted(void **state) {
    (void)state;
    journal_begin(&journal, "loud", &voice);
    for (int i = 0; i < 20000; i++) {
        say("noise");
    }
    journal_taken(&journal);
    journal_end(&voice);
    assert_non_null(strstr(lines(), "== not kept of loud: "));
}

static void memory_is_bounded_when_nobody_takes_it(void **state) {
    (void)state;
    for (int agent = 0; agent < 6; agent++) {
        journal_begin(&journal, "loud", &voice);
        for (int i = 0; i < 10000; i++) {
            say("noise and more noise and more noise");
        }
        journal_end(&voice);
    }
    assert_true(journal_lines(&journal).len <= JOURNAL_HELD_MAX);
    assert_int_equal(journal_lines(&journal).ptr[journal_lines(&journal).len - 1], '\n');
}

static void it_is_due_only_while_it_holds_something(void **state) {
    (void)state;
    assert_true(journal.due_ms == INT64_MAX);
    journal_begin(&journal, "a", &voice);
    int64_t due = journal.due_ms;
    assert_true(due <= time_mono_ms() + JOURNAL_EVERY_MS);
    say("more");
    assert_true(journal.due_ms == due);
    journal_not_taken(&journal);
    assert_true(journal.due_ms > due && journal_lines(&journal).len > 0);
    journal_taken(&journal);
    assert_true(journal.due_ms == INT64_MAX && journal_lines(&journal).len == 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(each_line_tells_moment_attempt_agent_and_source),
        TEST(secrets_are_masked),
        TEST(hostile_bytes_are_spelled_out),
        TEST(further_lines_cannot_be_taken_for_others),
        TEST(long_lines_are_cut),
        TEST(one_agent_cannot_take_the_room_of_the_next),
        TEST(what_was_not_kept_is_counted),
        TEST(memory_is_bounded_when_nobody_takes_it),
        TEST(it_is_due_only_while_it_holds_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
