/* The connection under every fault: nothing is lost unseen, nothing is answered wrongly. */
#include "store/kit.h"
#include "table.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "store/redis.h"
#include "store/redis_error.h"

/* --- errors ------------------------------------------------------------------------- */

static void check_error(char **cells, size_t line) {
    static const char *const AFTER[] = {
        [REDIS_KEEP] = "keep", [REDIS_DROP] = "drop", [REDIS_MOVED] = "moved"};
    enum redis_after after = REDIS_KEEP;
    enum err err = redis_error(text_of(cells[0]), &after);
    if (strcmp(cells[0], "said") == 0) { /* the names of the columns */
        return;
    }
    if (strcmp(err_word(err), cells[2]) != 0 || strcmp(AFTER[after], cells[3]) != 0) {
        fail_msg("line %zu: %s: %s, %s", line, cells[0], err_word(err), AFTER[after]);
    }
}

static void error_words_mean_what_the_table_says(void **state_) {
    (void)state_;
    assert_true(table_each("redis_errors.tsv", 6, check_error) > 20);
}

/* --- a Redis in trouble -------------------------------------------------------------- */

static enum err try_submit(const char *id) {
    return submit_as(id, "ann", TASK_MEDIUM);
}

static void wait_until_submit_works(const char *id) {
    enum err err = ERR_STORE;
    for (int i = 0; i < 500 && err == ERR_STORE; i++) {
        time_sleep_ms(20);
        err = try_submit(id);
    }
    assert_int_equal(err, ERR_OK);
}

static void a_redis_that_is_away_is_told_and_found_again(void **state_) {
    (void)state_;
    private_redis_kill(redis);
    assert_int_equal(try_submit("t-1"), ERR_STORE);
    assert_int_equal(try_submit("t-1"), ERR_STORE);
    assert_true(strlen(store_why(store)) > 0);
    private_redis_revive(redis);
    wait_until_submit_works("t-1");
}

/* Neither name server nor Sentinel is waited for longer than the call may take. */
static void a_name_that_leads_nowhere_is_told(void **state_) {
    (void)state_;
    static const char *const URLS[] = {"redis://redis.invalid", "redis://127.0.0.1:1",
                                       "redis+sentinel://redis.invalid,127.0.0.1:1/qa"};
    for (size_t i = 0; i < sizeof URLS / sizeof URLS[0]; i++) {
        struct store *lost = NULL;
        assert_int_equal(store_new(URLS[i], 1000, &lost, NULL), ERR_OK);
        assert_int_equal(store_ping(lost, 200), ERR_STORE);
        assert_true(strlen(store_why(lost)) > 0);
        store_free(lost);
    }
}

static void a_restart_between_two_calls_costs_no_call(void **state_) {
    (void)state_;
    assert_int_equal(store_ping(store, 1000), ERR_OK);
    private_redis_kill(redis);
    private_redis_revive(redis);
    assert_int_equal(try_submit("t-1"), ERR_OK);
}

static void scripts_that_redis_forgot_are_sent_again(void **state_) {
    (void)state_;
    ask("SCRIPT FLUSH");
    assert_int_equal(try_submit("t-1"), ERR_OK);
    assert_int_equal(try_submit("t-2"), ERR_OK);
}

static struct access_answer look(struct store *from, const char *digest, enum err *ret_err) {
    struct access_query query = {.kind = ACCESS_API_KEY};
    struct access_answer answer = {0};
    snprintf(query.digest, sizeof query.digest, "%s", digest);
    *ret_err = access_store_find(from, &query, &answer);
    return answer;
}

static void a_late_answer_is_never_read_as_anothers(void **state_) {
    (void)state_;
    enum err err;
    struct store *hasty = NULL;
    struct fault fault;
    assert_int_equal(store_new(private_redis_url(redis, ""), 100, &hasty, &fault), ERR_OK);
    ask("SET api_key:a alice");
    ask("SET api_key:b bob");
    for (int i = 0; i < 10; i++) {
        struct access_answer answer = look(hasty, "a", &err);
        assert_int_equal(err, ERR_OK);
        access_answer_done(&answer);
        kill(private_redis_pid(redis), SIGSTOP);
        look(hasty, "a", &err);
        assert_int_equal(err, ERR_STORE);
        assert_non_null(strstr(store_why(hasty), "no answer within"));
        kill(private_redis_pid(redis), SIGCONT);
        do {
            answer = look(hasty, "b", &err);
        } while (err == ERR_STORE);
        assert_int_equal(err, ERR_OK);
        assert_string_equal(answer.value, "bob");
        access_answer_done(&answer);
    }
    store_free(hasty);
}

static void a_forked_child_does_not_share_the_connection(void **state_) {
    (void)state_;
    enum err err;
    int ended = 0;
    ask("SET api_key:parent 1");
    assert_int_equal(store_ping(store, 1000), ERR_OK);
    pid_t pid = fork();
    for (int i = 0; i < 200; i++) {
        struct access_answer answer = look(store, pid == 0 ? "child" : "parent", &err);
        bool right = err == ERR_OK && answer.found == (pid != 0);
        access_answer_done(&answer);
        if (pid == 0 && !right) {
            _exit(1);
        }
        assert_true(right);
    }
    if (pid == 0) {
        _exit(0);
    }
    waitpid(pid, &ended, 0);
    assert_int_equal(ended, 0);
}

static void a_full_redis_refuses_tasks_and_lets_others_end(void **state_) {
    (void)state_;
    struct queue_repair done;
    submit_with_callback("a", NULL);
    submit("b");
    submit("c");
    struct task_claim a = claim("slot"), b = claim("slot"), c = {0};
    ask("CONFIG SET maxmemory 1");
    enum err submitted = try_submit("d");
    enum err beaten = task_store_beat(store, &a, KIT_LEASE_MS, TEXT("{}"), NULL);
    enum err finished = task_store_finish(store, &a, TASK_COMPLETED, TEXT("{}"), NULL);
    enum err retried = task_store_retry(store, &b, 1, TEXT("{}"));
    enum err claimed = task_store_claim(store, "slot", KIT_LEASE_MS, &c);
    enum err handed = task_store_hand_back(store, &c);
    enum err repaired = queue_store_repair(store, "k", true, &done);
    ask("CONFIG SET maxmemory 0");
    assert_int_equal(submitted, ERR_STORE_FULL);
    assert_says("0", "EXISTS task:d");
    assert_int_equal(beaten, ERR_OK);
    assert_int_equal(finished, ERR_OK);
    assert_int_equal(retried, ERR_OK);
    assert_int_equal(claimed, ERR_OK);
    assert_int_equal(handed, ERR_OK);
    assert_int_equal(repaired, ERR_OK);
    assert_string_equal(status("a"), "completed");
    task_claim_done(&a);
    task_claim_done(&b);
    task_claim_done(&c);
}

static void a_replica_takes_nothing(void **state_) {
    (void)state_;
    ask("REPLICAOF 127.0.0.1 1");
    enum err err = try_submit("t-1");
    ask("REPLICAOF NO ONE");
    assert_int_equal(err, ERR_STORE);
    assert_int_equal(try_submit("t-1"), ERR_OK);
}

/* Somebody who asks over a connection of their own, after a while. */
static pid_t meanwhile(int64_t after_ms, const char *line) {
    pid_t pid = fork();
    if (pid == 0) {
        time_sleep_ms(after_ms);
        ask("%s", line);
        _exit(0);
    }
    return pid;
}

static void a_wait_that_a_new_role_ends_is_told(void **state_) {
    (void)state_;
    pid_t pid = meanwhile(100, "REPLICAOF 127.0.0.1 1");
    assert_int_equal(task_store_wait(store, 10000), ERR_STORE);
    assert_true(strncmp(store_why(store), "UNBLOCKED ", 10) == 0);
    waitpid(pid, NULL, 0);
    ask("REPLICAOF NO ONE");
    assert_int_equal(try_submit("t-1"), ERR_OK);
}

static void a_script_that_cannot_be_killed_is_waited_for(void **state_) {
    (void)state_;
    enum redis_after after = REDIS_DROP;
    const char *said = "";
    ask("CONFIG SET busy-reply-threshold 1");
    pid_t pid = meanwhile(0, "EVAL redis.call('SET','x','1')while(true)do\tend 0");
    for (int i = 0; i < 500 && strncmp(said, "UNKILLABLE", 10) != 0; i++) {
        time_sleep_ms(10);
        said = ask("SCRIPT KILL");
    }
    assert_int_equal(redis_error(text_of(said), &after), ERR_STORE);
    assert_int_equal(after, REDIS_KEEP);
    assert_int_equal(try_submit("t-1"), ERR_STORE);
    private_redis_kill(redis);
    waitpid(pid, NULL, 0);
    private_redis_revive(redis);
    wait_until_submit_works("t-1");
}

/* A second Redis on the same data would be a replica; only that nothing confirms is seen here. */
static void what_no_replica_confirms_is_not_acknowledged(void **state_) {
    (void)state_;
    struct store *careful = NULL;
    assert_int_equal(store_new(private_redis_url(redis, ""), 200, &careful, NULL), ERR_OK);
    store_replicas(careful, 1);
    struct task_submit task = a_task("t-1");
    assert_int_equal(submit_to(careful, &task), ERR_STORE);
    assert_string_equal(store_why(careful), "confirmed by 0 of 1 replicas");
    assert_says("1", "EXISTS task:t-1");
    assert_int_equal(access_store_create(careful, "ab12", "ab", TEXT("{}")), ERR_STORE);
    assert_int_equal(access_store_revoke(careful, "ab"), ERR_STORE);
    store_replicas(careful, 0);
    assert_int_equal(access_store_create(careful, "ab12", "ab", TEXT("{}")), ERR_OK);
    store_free(careful);
}

/* What has been confirmed must have been written over the connection that asks for it. */
static void a_new_connection_confirms_nothing(void **state_) {
    (void)state_;
    struct redis_url url;
    struct command ping;
    struct redis_reply *reply = NULL;
    assert_int_equal(redis_url_read(private_redis_url(redis, ""), &url, NULL), ERR_OK);
    struct redis *link = redis_new(&url, 1000);
    assert_int_equal(redis_confirm(link, 0), ERR_STORE);
    command_init(&ping, "PING");
    assert_int_equal(redis_call(link, &ping, 0, &reply), ERR_OK);
    redis_reply_free(reply);
    assert_int_equal(redis_confirm(link, 0), ERR_OK);
    ask("CLIENT KILL TYPE normal");
    assert_int_equal(redis_confirm(link, 0), ERR_STORE);
    redis_free(link);
}

static void a_busy_redis_is_to_be_tried_later(void **state_) {
    (void)state_;
    ask("CONFIG SET busy-reply-threshold 1");
    pid_t pid = fork();
    if (pid == 0) {
        ask("EVAL while(true)do\tend 0"); /* a child has a connection of its own */
        _exit(0);
    }
    enum err err = ERR_OK;
    for (int i = 0; i < 1000 && err == ERR_OK; i++) {
        time_sleep_ms(5);
        err = try_submit("t-1");
        ask("DEL task:t-1 task:t-1:meta");
    }
    bool busy = strncmp(store_why(store), "BUSY", 4) == 0;
    ask("SCRIPT KILL");
    waitpid(pid, NULL, 0);
    assert_int_equal(err, ERR_STORE);
    assert_true(busy);
    ask("FLUSHALL");
    assert_int_equal(try_submit("t-1"), ERR_OK);
}

static void passwords_are_needed_and_used(void **state_) {
    (void)state_;
    struct fault fault;
    char url[256];
    static const struct row {
        const char *login;
        enum err err;
    } ROWS[] = {{"web:p%40ss@", ERR_OK}, {"web:wrong@", ERR_STORE}, {"", ERR_STORE}};
    ask("ACL SETUSER web on >p@ss ~* &* +@all");
    ask("CONFIG SET requirepass other");
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct store *guest = NULL;
        snprintf(url, sizeof url, "unix://%s%s", ROWS[i].login,
                 private_redis_url(redis, "?db=1") + strlen("unix://"));
        assert_int_equal(store_new(url, 1000, &guest, &fault), ERR_OK);
        assert_int_equal(store_ping(guest, 1000), ROWS[i].err);
        store_free(guest);
    }
    ask("CONFIG SET requirepass "); /* two words: an empty password */
    ask("ACL DELUSER web");
}

/* Redis quotes the arguments of a command that it does not know. */
static void a_password_is_never_told_as_the_reason(void **state_) {
    (void)state_;
    static const char *const NO_AUTH[] = {"--rename-command", "AUTH", "NOT-AUTH", NULL};
    struct private_redis *odd = private_redis_start(NO_AUTH);
    struct store *guest = NULL;
    struct fault fault;
    char url[256];
    snprintf(url, sizeof url, "unix://web:hunter2@%s",
             private_redis_url(odd, "") + strlen("unix://"));
    assert_int_equal(store_new(url, 1000, &guest, &fault), ERR_OK);
    assert_int_equal(store_ping(guest, 1000), ERR_STORE);
    assert_true(strlen(store_why(guest)) > 0);
    assert_null(strstr(store_why(guest), "hunter2"));
    store_free(guest);
    private_redis_stop(odd);
}

/* As users of Redis 7 are made, unless told otherwise. */
static void who_may_publish_nothing_can_do_all_else(void **state_) {
    (void)state_;
    struct store *mute = NULL;
    struct fault fault;
    char url[256];
    struct task_claim held = {0};
    ask("ACL SETUSER mute on >x ~* resetchannels +@all");
    snprintf(url, sizeof url, "unix://mute:x@%s", private_redis_url(redis, "") + strlen("unix://"));
    assert_int_equal(store_new(url, 1000, &mute, &fault), ERR_OK);
    assert_int_equal(try_submit("t-1"), ERR_OK);
    assert_int_equal(task_store_claim(mute, "slot", KIT_LEASE_MS, &held), ERR_OK);
    assert_int_equal(task_store_finish(mute, &held, TASK_COMPLETED, TEXT("{}"), NULL), ERR_OK);
    task_claim_done(&held);
    store_free(mute);
    ask("ACL DELUSER mute");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(error_words_mean_what_the_table_says),
        TEST(a_redis_that_is_away_is_told_and_found_again),
        TEST(a_name_that_leads_nowhere_is_told),
        TEST(a_restart_between_two_calls_costs_no_call),
        TEST(scripts_that_redis_forgot_are_sent_again),
        TEST(a_late_answer_is_never_read_as_anothers),
        TEST(a_forked_child_does_not_share_the_connection),
        TEST(a_full_redis_refuses_tasks_and_lets_others_end),
        TEST(a_replica_takes_nothing),
        TEST(a_wait_that_a_new_role_ends_is_told),
        TEST(a_script_that_cannot_be_killed_is_waited_for),
        TEST(what_no_replica_confirms_is_not_acknowledged),
        TEST(a_new_connection_confirms_nothing),
        TEST(a_busy_redis_is_to_be_tried_later),
        TEST(passwords_are_needed_and_used),
        TEST(a_password_is_never_told_as_the_reason),
        TEST(who_may_publish_nothing_can_do_all_else),
    };
    return RUN(tests);
}
