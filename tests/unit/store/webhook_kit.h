/* webhook_kit: callbacks taken and told of, for tests. */
#ifndef TESTS_STORE_WEBHOOK_KIT_H
#define TESTS_STORE_WEBHOOK_KIT_H

#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/store/webhook_store.h"

#define SCHEDULE "0,5,60"
#define URL "https://ci.example/hook"

static inline void end_with_callback_to(const char *id, const char *url, const char *secret) {
    struct task_submit task = a_task(id);
    task.callback_url = text_of(url);
    task.callback_secret = text_of(secret);
    assert_int_equal(submit_to(store, &task), ERR_OK);
    struct task_claim held = claim("slot");
    finish(&held);
    task_claim_done(&held);
}

static inline void end_with_callback(const char *id, const char *secret) {
    end_with_callback_to(id, URL, secret);
}

static inline void assert_nothing_due(void) {
    struct webhook_due due;
    assert_int_equal(webhook_store_take(store, SCHEDULE, &due), ERR_EMPTY);
}

/* The next that is due: its id, its attempt. */
static inline struct webhook_due take(void) {
    struct webhook_due due = {0};
    assert_int_equal(webhook_store_take(store, SCHEDULE, &due), ERR_OK);
    return due;
}

static inline void assert_taken(const char *id, int64_t attempt) {
    struct webhook_due due = take();
    assert_string_equal(due.id, id);
    assert_int_equal(due.attempt, attempt);
    webhook_due_done(&due);
}

static inline enum err done(const char *id, int64_t attempt, enum webhook_result result, int status,
                            const char *why) {
    struct webhook_report report = {
        .result = result, .http_status = status, .ms = 12, .ip = "192.0.2.1", .head = "a b"};
    text_copy(text_of(why), report.why, sizeof report.why);
    return webhook_store_done(store, id, attempt, &report, SCHEDULE);
}

static inline void fail_try(const char *id, int64_t attempt) {
    assert_taken(id, attempt);
    assert_int_equal(done(id, attempt, WEBHOOK_FAILED, 500, "http_status"), ERR_OK);
}

/* Milliseconds until id is due. */
static inline int64_t due_in(const char *id) {
    int64_t due_ms = strtoll(ask("ZSCORE wh:due %s", id), NULL, 10);
    return due_ms - 1000 * strtoll(ask("TIME"), NULL, 10);
}

static inline void assert_due_in(const char *id, int64_t from_ms, int64_t to_ms) {
    int64_t ms = due_in(id);
    if (ms < from_ms - 1000 || ms > to_ms + 1000) {
        fail_msg("%s is due in %lld ms", id, (long long)ms);
    }
}

static inline void make_due(const char *id) {
    ask("ZADD wh:due XX 1 %s", id);
}

static inline struct webhook_view view_of(const char *id) {
    static struct webhook_view view;
    assert_int_equal(webhook_store_view(store, id, &view), ERR_OK);
    return view;
}

#endif
