/* Is this Redis fit to keep accepted tasks? The one we ship a configuration for is. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/store/fleet_store.h"
#include "agnostic/store/webhook_store.h"
#include "store/redis.h"

/* "name:ok name:failed ..." of the checks. */
static const char *checks_of(struct store *asked, bool volatile_ok) {
    static char line[256];
    struct store_check checks[STORE_CHECKS_MAX];
    size_t count = 0, used = 0;
    store_check(asked, volatile_ok, checks, &count);
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s:%s", i > 0 ? " " : "",
                                 checks[i].name, checks[i].ok ? "ok" : "failed");
        assert_true(checks[i].ok || checks[i].why[0] != '\0');
    }
    return line;
}

static void a_redis_without_append_only_file_fails(void **state_) {
    (void)state_;
    assert_string_equal(checks_of(store, false), "redis:ok maxmemory_policy:ok aof:failed role:ok");
    ask("CONFIG SET appendonly yes");
    assert_string_equal(checks_of(store, false), "redis:ok maxmemory_policy:ok aof:ok role:ok");
    ask("CONFIG SET appendonly no");
}

static void a_redis_that_evicts_fails(void **state_) {
    (void)state_;
    ask("CONFIG SET maxmemory-policy allkeys-lru");
    assert_string_equal(checks_of(store, false),
                        "redis:ok maxmemory_policy:failed aof:failed role:ok");
    assert_string_equal(checks_of(store, true), "redis:ok maxmemory_policy:ok aof:ok role:ok");
    ask("CONFIG SET maxmemory-policy noeviction");
}

static void what_passes_only_for_development_says_so(void **state_) {
    (void)state_;
    struct store_check checks[STORE_CHECKS_MAX];
    size_t count = 0;
    store_check(store, true, checks, &count);
    assert_string_equal(checks[2].name, "aof");
    assert_true(checks[2].ok);
    assert_non_null(strstr(checks[2].why, "AGNOSTIC_REDIS_VOLATILE_OK"));
}

static void a_replica_fails_whatever_is_switched(void **state_) {
    (void)state_;
    ask("REPLICAOF 127.0.0.1 1");
    assert_string_equal(checks_of(store, true), "redis:ok maxmemory_policy:ok aof:ok role:failed");
    ask("REPLICAOF NO ONE");
}

static void replicas_that_are_asked_for_must_be_there(void **state_) {
    (void)state_;
    store_replicas(store, 2);
    assert_string_equal(checks_of(store, true),
                        "redis:ok maxmemory_policy:ok aof:ok role:ok replicas:failed");
    store_replicas(store, 0);
}

static void a_redis_that_is_away_is_one_failed_check(void **state_) {
    (void)state_;
    struct store *away = NULL;
    struct fault fault;
    assert_int_equal(store_new("unix:///nowhere/s", 100, &away, &fault), ERR_OK);
    assert_string_equal(checks_of(away, true), "redis:failed");
    store_free(away);
}

static void a_redis_that_is_loading_is_not_ready(void **state_) {
    (void)state_;
    static const char *const SLOW[] = {"--key-load-delay",
                                       "20000",
                                       "--dbfilename",
                                       "d.rdb",
                                       "--loading-process-events-interval-bytes",
                                       "1024",
                                       NULL};
    struct private_redis *slow = private_redis_start(SLOW);
    struct store *asked = NULL;
    struct fault fault;
    for (int i = 0; i < 400; i++) {
        private_redis_ask(slow, "SET key-%d 0123456789012345678901234567890123456789", i);
    }
    private_redis_ask(slow, "SAVE");
    private_redis_kill(slow);
    private_redis_revive(slow);
    assert_int_equal(store_new(private_redis_url(slow, ""), 1000, &asked, &fault), ERR_OK);
    assert_int_equal(store_ping(asked, 1000), ERR_STORE);
    assert_string_equal(checks_of(asked, true), "redis:failed maxmemory_policy:ok aof:ok role:ok");
    store_free(asked);
    private_redis_stop(slow);
}

/* --- deploy/redis ----------------------------------------------------------------------- */

static const char *const SHIPPED[] = {TEST_DATA "/../../deploy/redis/redis.conf", NULL};

static void the_shipped_configuration_passes(void **state_) {
    (void)state_;
    struct private_redis *shipped = private_redis_start(SHIPPED);
    struct store *asked = NULL;
    struct fault fault;
    assert_int_equal(store_new(private_redis_url(shipped, ""), 1000, &asked, &fault), ERR_OK);
    assert_string_equal(checks_of(asked, false), "redis:ok maxmemory_policy:ok aof:ok role:ok");
    assert_string_equal(private_redis_ask(shipped, "CONFIG GET appendfsync"), "appendfsync always");
    store_free(asked);
    private_redis_stop(shipped);
}

static const char SHA[] = "0123456789012345678901234567890123456789012345678901234567890123";
static const char UUID[] = "0b9f4c1e-7a52-4d0c-9d0e-1c2d3e4f5a6b";

static struct store *log_in(struct private_redis *server, const char *login) {
    char url[256];
    struct store *opened = NULL;
    struct fault fault;
    snprintf(url, sizeof url, "unix://%s@%s", login,
             private_redis_url(server, "") + strlen("unix://"));
    assert_int_equal(store_new(url, 1000, &opened, &fault), ERR_OK);
    return opened;
}

static void assert_web_user_cancels(struct store *web, const char *id) {
    enum task_state was;
    struct task_submit task = a_task(id);
    task.callback_url = TEXT("https://ci.example/hook");
    task.unique = "cd34";
    assert_int_equal(submit_to(web, &task), ERR_OK);
    assert_int_equal(task_store_cancel(web, id, &was), ERR_OK);
    assert_int_equal(task_store_cancel(web, id, &was), ERR_CONFLICT);
    assert_int_equal(task_store_cancel(web, "no-such-task", &was), ERR_NO_TASK);
}

static void assert_web_user_sees_to_the_queue(struct store *web) {
    struct queue_switches switches;
    struct queue_numbers numbers;
    assert_int_equal(queue_store_pause(web, true), ERR_OK);
    assert_int_equal(queue_store_pause(web, false), ERR_OK);
    assert_int_equal(queue_store_switches(web, &switches), ERR_OK);
    assert_int_equal(queue_store_numbers(web, 1000, &numbers), ERR_OK);
}

static void assert_web_user_works(struct store *web) {
    static const struct access_query KEY = {.kind = ACCESS_API_KEY, .digest = "ab12"};
    static const struct access_query TOKEN = {.kind = ACCESS_TOKEN, .digest = "ab12"};
    struct access_answer answer;
    struct task_place place;
    struct task_view view;
    struct task_submit task = a_task(UUID);
    task.callback_url = TEXT("https://ci.example/hook");
    task.callback_secret = TEXT("s3cret");
    task.queue_max = task.open_max = task.per_min = 10;
    task.queue_ttl_ms = 600000;
    task.idem_key = TEXT("key");
    task.fingerprint = task.unique = "ab12";
    assert_int_equal(submit_to(web, &task), ERR_OK);
    assert_int_equal(submit_to(web, &task), ERR_OK);
    assert_int_equal(task_view_read(web, &KEY, UUID, TASK_VIEW_FULL, &answer, &view), ERR_OK);
    assert_true(view.found);
    assert_int_equal(task_view_place(web, UUID, &view, &place), ERR_OK);
    assert_int_equal(place.position, 0);
    task_view_done(&view);
    assert_int_equal(access_store_find(web, &TOKEN, &answer), ERR_OK);
    assert_int_equal(access_store_create(web, "ab12", "ab", TEXT("{}")), ERR_OK);
    assert_int_equal(access_store_revoke(web, "ab"), ERR_OK);
    assert_string_equal(checks_of(web, true), "redis:ok maxmemory_policy:ok aof:ok role:ok");
}

/* Everything that a repair may have to do is allowed. */
static void assert_runner_user_mends(struct private_redis *server, struct store *runner) {
    struct queue_repair done;
    assert_string_equal(private_redis_ask(server, "AUTH agnostic-runner CHANGE-ME-RUNNER"), "OK");
    private_redis_ask(server, "DEL q:lease q:slots idx:tasks open:ann");
    private_redis_ask(server, "SET q:dead x");
    private_redis_ask(server, "SET idx:owner:ann x");
    private_redis_ask(server, "SET gone:x x");
    private_redis_ask(server, "SADD open:ann nobody");
    private_redis_ask(server, "SET uniq:%s x", SHA);
    private_redis_ask(server, "EXPIRE task:%s:spec 10", UUID);
    private_redis_ask(server, "DEL task:%s", UUID);
    assert_int_equal(queue_store_repair(runner, "keeper", true, &done), ERR_OK);
    assert_int_equal(done.moved, 2);
    assert_int_equal(done.leased, 1);
    assert_int_equal(queue_store_repair(runner, "keeper", true, &done), ERR_OK);
}

static void assert_runner_user_works(struct private_redis *server, struct store *runner) {
    struct task_claim held = {0};
    int64_t count;
    assert_int_equal(task_store_wait(runner, 1000), ERR_OK);
    assert_int_equal(task_store_claim(runner, "slot", KIT_LEASE_MS, &held), ERR_OK);
    task_claim_done(&held);
    assert_int_equal(task_store_unclaim(runner, "slot", &count), ERR_OK);
    assert_int_equal(task_store_claim(runner, "slot", KIT_LEASE_MS, &held), ERR_OK);
    assert_int_equal(task_store_beat(runner, &held, KIT_LEASE_MS, TEXT("{}"), NULL), ERR_OK);
    assert_int_equal(task_store_look(runner, &held), ERR_OK);
    assert_int_equal(task_store_event(runner, &held, "agent_started", "security", NULL), ERR_OK);
    assert_int_equal(task_store_log(runner, &held, TEXT("a line\n")), ERR_OK);
    const struct task_artifact artifact = {"a.b", "text/plain", "5a", TEXT("c")};
    assert_int_equal(task_store_artifact(runner, &held, &artifact), ERR_OK);
    assert_runner_user_mends(server, runner);
    assert_int_equal(task_store_finish(runner, &held, TASK_COMPLETED, TEXT("{}"), NULL), ERR_OK);
    task_claim_done(&held);
}

static void assert_web_user_may_test_receivers(struct store *web) {
    static const char id[] = "11111111-2222-4333-8444-555555555555";
    const struct webhook_ping ping = {
        id, "ann", TEXT("https://ci.example/"), TEXT("s3cret"), TEXT("{}"), TEXT("ping"), "aa"};
    struct webhook_view view;
    char made[101];
    bool replayed;
    assert_int_equal(webhook_store_ping(web, &ping, made, &replayed), ERR_OK);
    assert_int_equal(webhook_store_view(web, id, &view), ERR_OK);
    assert_string_equal(view.ping_owner, "ann");
}

static void assert_deliveries_work(struct store *web, struct store *runner) {
    struct webhook_due due = {0};
    struct fleet fleet;
    assert_int_equal(webhook_store_take(runner, "0,5", &due), ERR_OK);
    assert_string_equal(due.secret, "s3cret");
    const struct webhook_report failed = {.result = WEBHOOK_FAILED, .why = "timeout"};
    const struct webhook_report delivered = {.http_status = 200, .why = "delivered"};
    assert_int_equal(webhook_store_done(runner, due.id, 1, &failed, "0,5"), ERR_OK);
    assert_int_equal(webhook_store_again(web, due.id), ERR_OK);
    webhook_due_done(&due);
    assert_int_equal(webhook_store_take(runner, "0,5", &due), ERR_OK);
    assert_int_equal(webhook_store_done(runner, due.id, 2, &delivered, "0,5"), ERR_OK);
    assert_web_user_may_test_receivers(web);
    const struct fleet_runner self = {.name = "keeper", .slots = 1};
    assert_int_equal(fleet_store_beat(runner, &self, ROLE_ALL, "2026-02-21T10:00:00+00:00"),
                     ERR_OK);
    assert_int_equal(fleet_store_leave(runner, "keeper"), ERR_OK);
    assert_int_equal(fleet_store_read(web, 1000, &fleet), ERR_OK);
    webhook_due_done(&due);
}

/* Ids of any shape may be asked for, since the original's records may be there. */
static void assert_web_user_may_ask_for(struct store *web, const char *id) {
    static const struct access_query NOTHING = {.kind = ACCESS_NOTHING};
    struct access_answer answer;
    struct task_view view;
    for (int part = TASK_VIEW_RECORD; part <= TASK_VIEW_FULL; part++) {
        assert_int_equal(
            task_view_read(web, &NOTHING, id, (enum task_view_part)part, &answer, &view), ERR_OK);
        assert_false(view.found);
        task_view_done(&view);
    }
}

static bool see(void *ctx, const struct task_list_row *row) {
    *(bool *)ctx |= row->record.len > 0 && row->spec.len > 0;
    return true;
}

static void count_event(void *ctx, const struct task_event_row *row) {
    *(int *)ctx += row->event.len > 0;
}

static void assert_web_user_may_follow(struct store *web) {
    char last[TASK_EVENT_ID_SIZE];
    int64_t bytes;
    int events = 0;
    struct buf log;
    buf_init(&log, 16);
    assert_int_equal(task_view_events(web, UUID, "", 9, 0, count_event, &events), ERR_OK);
    assert_true(events > 0);
    assert_int_equal(task_view_last_event(web, UUID, last), ERR_OK);
    assert_int_equal(task_view_events(web, UUID, last, 9, 1, count_event, &events), ERR_OK);
    struct task_view_artifact artifact;
    assert_int_equal(task_view_artifact(web, UUID, TEXT("x"), &log, &artifact), ERR_NO_ARTIFACT);
    assert_int_equal(task_view_log_size(web, UUID, &bytes), ERR_OK);
    assert_int_equal(task_view_log(web, UUID, 1, 2, &log), ERR_GONE); /* and not refused */
    buf_done(&log);
}

static void assert_web_user_may_list(struct store *web) {
    const struct task_list lists[] = {{.owner = NULL}, {.owner = "ann", .before_ms = INT64_MAX}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct task_list_end end;
        bool seen = false;
        assert_int_equal(task_view_list(web, &lists[i], see, &seen, &end), ERR_OK);
        assert_true(seen && end.total == 1);
    }
}

static void assert_web_user_may_try_again(struct store *web) {
    struct task_submit task = a_task("00000000-0000-4000-8000-000000000002");
    task.retry_of = UUID;
    assert_int_equal(submit_to(web, &task), ERR_OK);
}

/* May this user read the callback secret? */
static bool reads_secret(struct private_redis *server, const char *login) {
    struct redis_url url;
    struct command command;
    struct redis_reply *reply = NULL;
    char text[256];
    snprintf(text, sizeof text, "unix://%s@%s", login,
             private_redis_url(server, "") + strlen("unix://"));
    assert_int_equal(redis_url_read(text, &url, NULL), ERR_OK);
    struct redis *link = redis_new(&url, 1000);
    command_init(&command, "HMGET");
    command_printf(&command, KEYS_TASK_CALLBACK, UUID);
    command_str(&command, "secret");
    enum err err = redis_call(link, &command, 0, &reply);
    redis_reply_free(reply);
    redis_free(link);
    return err == ERR_OK;
}

static void the_shipped_users_can_do_their_work_and_no_more(void **state_) {
    (void)state_;
    static const char *const USERS[] = {"--aclfile", TEST_DATA "/../../deploy/redis/users.acl",
                                        NULL};
    static const char WEB[] = "agnostic-web:CHANGE-ME-WEB";
    static const char RUNNER[] = "agnostic-runner:CHANGE-ME-RUNNER";
    struct private_redis *server = private_redis_start(USERS);
    struct store *web = log_in(server, WEB), *runner = log_in(server, RUNNER);
    assert_web_user_works(web);
    assert_web_user_may_list(web);
    assert_web_user_may_follow(web);
    assert_web_user_may_ask_for(web, "no-such-task");
    assert_web_user_sees_to_the_queue(web);
    assert_false(reads_secret(server, WEB));
    assert_true(reads_secret(server, RUNNER));
    assert_runner_user_works(server, runner);
    assert_deliveries_work(web, runner);
    assert_web_user_cancels(web, "1c8e2f00-7a52-4d0c-9d0e-1c2d3e4f5a6b");
    assert_web_user_may_try_again(web);
    struct fleet fleet;
    assert_int_equal(fleet_store_read(web, 1000, &fleet), ERR_OK);
    store_free(web);
    store_free(runner);
    private_redis_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_redis_without_append_only_file_fails),
        TEST(a_redis_that_evicts_fails),
        TEST(what_passes_only_for_development_says_so),
        TEST(a_replica_fails_whatever_is_switched),
        TEST(replicas_that_are_asked_for_must_be_there),
        TEST(a_redis_that_is_away_is_one_failed_check),
        TEST(a_redis_that_is_loading_is_not_ready),
        TEST(the_shipped_configuration_passes),
        TEST(the_shipped_users_can_do_their_work_and_no_more),
    };
    return RUN(tests);
}
