/* kit: submits, claims and looks, for tests. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

struct private_redis *redis;
struct store *store;

struct store *open_store(const char *tail) {
    struct store *opened = NULL;
    struct fault fault;
    if (store_new(private_redis_url(redis, tail), 5000, &opened, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return opened;
}

int group_start(void **state_) {
    (void)state_;
    redis = private_redis_start(NULL);
    store = open_store("");
    return 0;
}

int group_stop(void **state_) {
    (void)state_;
    store_free(store);
    private_redis_stop(redis);
    return 0;
}

int fresh(void **state_) {
    (void)state_;
    ask("FLUSHALL");
    return 0;
}

struct task_submit a_task(const char *id) {
    static char head[RECORD_PIECE_SIZE], middle[RECORD_PIECE_SIZE], record[1024];
    char session[64];
    snprintf(session, sizeof session, "session_%.50s", id);
    record_head(id, session, head);
    record_middle("2026-02-21T10:00:00+00:00", middle);
    snprintf(record, sizeof record, "%spending%s2026-02-21T10:00:00+00:00\",\"result\":null}", head,
             middle);
    return (struct task_submit){.id = id,
                                .owner = "ann",
                                .priority = TASK_MEDIUM,
                                .head = head,
                                .middle = middle,
                                .record = text_of(record),
                                .spec = TEXT("{\"title\":\"a title\"}"),
                                .run_timeout_ms = 600000};
}

enum err submit_to(struct store *at, const struct task_submit *task) {
    struct task_submitted submitted = {0};
    enum err err = task_store_submit(at, task, &submitted);
    task_submitted_done(&submitted);
    return err;
}

enum err submit_as(const char *id, const char *owner, enum task_priority priority) {
    struct task_submit task = a_task(id);
    task.owner = owner;
    task.priority = priority;
    return submit_to(store, &task);
}

void submit_with(const char *id, enum task_priority priority) {
    assert_int_equal(submit_as(id, "ann", priority), ERR_OK);
}

void submit(const char *id) {
    submit_with(id, TASK_MEDIUM);
}

void submit_with_callback(const char *id, const char *secret) {
    struct task_submit task = a_task(id);
    task.callback_url = TEXT("https://ci.example/hook");
    if (secret != NULL) {
        task.callback_secret = text_of(secret);
    }
    assert_int_equal(submit_to(store, &task), ERR_OK);
}

struct task_claim claim(const char *slot) {
    struct task_claim got = {0};
    assert_int_equal(task_store_claim(store, slot, KIT_LEASE_MS, &got), ERR_OK);
    return got;
}

void assert_nothing_to_claim(void) {
    struct task_claim got;
    assert_int_equal(task_store_claim(store, "nobody", KIT_LEASE_MS, &got), ERR_EMPTY);
}

void finish(const struct task_claim *held) {
    assert_int_equal(task_store_finish(store, held, TASK_COMPLETED, TEXT("{\"ok\":true}"), NULL),
                     ERR_OK);
}

const char *status(const char *id) {
    static char word[32];
    struct record record;
    const char *text = ask("GET task:%s", id);
    if (record_read(text_of(text), &record) != ERR_OK) {
        return "(none)";
    }
    snprintf(word, sizeof word, "%s", task_state_word(record.state));
    record_done(&record);
    return word;
}

const char *state(const char *id) {
    static char word[32];
    snprintf(word, sizeof word, "%s", ask("HGET task:%s:meta state", id));
    return word;
}

void expire_lease(const char *id) {
    ask("ZADD q:lease XX 1 %s", id);
}

void expire_delay(const char *id) {
    ask("ZADD q:delayed XX 1 %s", id);
}

struct queue_repair repair(bool deep) {
    struct queue_repair done = {0};
    assert_int_equal(queue_store_repair(store, "keeper-1", deep, &done), ERR_OK);
    return done;
}
