/* daemon: the vocabulary of tests of the real agnostic-runner on a private Redis. */
#ifndef TEST_RUNNER_DAEMON_H
#define TEST_RUNNER_DAEMON_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "agnostic/base/json.h"
#include "store/kit.h"

/* Of this program; plug-ins stand in agents_dir, below it. */
extern char run_dir[64], agents_dir[80];
/* What its runners are called among processes: others test theirs at the same time. */
extern char runner_name[80];

/* cmocka group: Redis, a work folder, a folder for plug-ins. */
int daemon_start(void **state);
int daemon_stop(void **state);
#define RUN_DAEMON(tests) cmocka_run_group_tests(tests, daemon_start, daemon_stop)

/* plugin(name, members, script): from now on `name` is this shell script; its manifest has three
 * members and `members`, with a comma before. */
void plugin(const char *name, const char *members, const char *script);
void remove_plugin(const char *name);

/* start_runner_with(args, settings): agnostic-runner with arguments and NAME=value settings, each
 * up to a NULL, over those every test has. START("NAME=value", ...): settings only. */
pid_t start_runner_with(const char *const *args, const char *const *settings);
#define START(...) start_runner_with(NULL, (const char *const[]){__VA_ARGS__, NULL})
#define START_PLAIN() start_runner_with(NULL, NULL)
/* end_of(pid): its exit status, or 128 and the signal. */
int end_of(pid_t pid);
/* stop_runner(pid): TERM; it must exit with 0. */
void stop_runner(pid_t pid);

/* order(id, body, run_timeout_ms): submits a request as a client sends it. */
void order(const char *id, const char *body, int64_t run_timeout_ms);
#define ANALYST "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"qa-analyst\"]}"
#define DONE "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\"}'"
enum { LONG_MS = 600000 };

/* becomes(is, id): waits, with patience, until is(id). */
bool becomes(bool (*is)(const char *id), const char *id);
bool is_over(const char *id);
bool is_running(const char *id);
/* slot_of(id): the process of the slot that holds the task. */
pid_t slot_of(const char *id);
/* await(id): waits until the task has ended; its record, which the caller frees. */
struct json *await(const char *id);
/* assert_result(id, path, expected): a member of its result; "" is "absent". */
void assert_result(const char *id, const char *path, const char *expected);
void assert_status(const char *id, const char *expected);
/* appears(needle), disappears(needle): waits until a process, until no process has needle among
 * its arguments. */
bool appears(const char *needle);
bool disappears(const char *needle);

#endif
