/* kit: the vocabulary of the store's tests. One Redis per program, emptied for each test; a
 * store of its own on it. */
#ifndef TESTS_STORE_KIT_H
#define TESTS_STORE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agnostic/store/keys.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_view.h"
#include "store/private_redis.h"

extern struct private_redis *redis;
extern struct store *store;

enum { KIT_LEASE_MS = 60000 };

/* cmocka: group_start/stop for the program, fresh for each test. */
int group_start(void **state);
int group_stop(void **state);
int fresh(void **state);
#define RUN(tests) cmocka_run_group_tests(tests, group_start, group_stop)
#define TEST(name) cmocka_unit_test_setup(name, fresh)

/* ask("GET %s", key): what Redis says. */
#define ask(...) private_redis_ask(redis, __VA_ARGS__)
#define assert_says(expected, ...) assert_string_equal(ask(__VA_ARGS__), expected)

struct store *open_store(const char *tail);
struct task_submit a_task(const char *id);
/* submit_to(store, task): what comes of it, when the answer itself does not matter. */
enum err submit_to(struct store *at, const struct task_submit *task);
/* submit(id, priority): as owner "ann". */
enum err submit_as(const char *id, const char *owner, enum task_priority priority);
void submit(const char *id);
void submit_with(const char *id, enum task_priority priority);
void submit_with_callback(const char *id, const char *secret);
/* claim(slot): the claim; the test fails when there is none. */
struct task_claim claim(const char *slot);
void assert_nothing_to_claim(void);
void finish(const struct task_claim *claim);
/* status(id): of the record that clients see, "(none)" when it is gone. */
const char *status(const char *id);
/* state(id): of the scheduling truth. */
const char *state(const char *id);
/* The lease of id has run out; the delay of id is over. */
void expire_lease(const char *id);
void expire_delay(const char *id);
struct queue_repair repair(bool deep);

#endif
