/* Who is alive, by Redis' clock. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"

static struct fleet read_fleet(void) {
    struct fleet fleet;
    assert_int_equal(fleet_store_read(store, 1000, &fleet), ERR_OK);
    return fleet;
}

static void beat(const char *name, role_set roles) {
    char now[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us(), now);
    assert_int_equal(fleet_store_beat(store, name, roles, now), ERR_OK);
}

static void an_empty_fleet(void **state_) {
    (void)state_;
    struct fleet fleet = read_fleet();
    assert_int_equal(fleet.runners, 0);
    assert_int_equal(fleet.last_beat_ago_ms, -1);
    assert_int_equal(fleet.alive | fleet.stale, 0);
}

static void a_beat_shows_runner_and_agents(void **state_) {
    (void)state_;
    beat("host:1", ROLE_BIT(ROLE_SECURITY_COMPLIANCE) | ROLE_BIT(ROLE_JUNIOR_QA));
    beat("host:2", 0);
    struct fleet fleet = read_fleet();
    assert_int_equal(fleet.runners, 2);
    assert_true(fleet.last_beat_ago_ms >= 0 && fleet.last_beat_ago_ms < FLEET_RUNNER_FRESH_MS);
    assert_int_equal(fleet.alive, ROLE_BIT(ROLE_SECURITY_COMPLIANCE) | ROLE_BIT(ROLE_JUNIOR_QA));
    assert_int_equal(fleet.stale, 0);
    assert_non_null(strstr(ask("GET agent:junior-qa:status"), "\"last_heartbeat\":\""));
}

static void all_six_agents_fit_in_one_beat(void **state_) {
    (void)state_;
    beat("host:1", ROLE_ALL);
    assert_int_equal(read_fleet().alive, ROLE_ALL);
}

static void a_silent_runner_is_not_counted_and_forgotten_after_a_day(void **state_) {
    (void)state_;
    ask("ZADD q:runners 1 host:1");
    assert_int_equal(read_fleet().runners, 0);
    assert_true(read_fleet().last_beat_ago_ms > FLEET_RUNNER_FRESH_MS);
    beat("host:2", 0);
    assert_says("host:2", "ZRANGE q:runners 0 -1");
}

static void a_runner_that_leaves_is_gone(void **state_) {
    (void)state_;
    beat("host:1", 0);
    assert_int_equal(fleet_store_leave(store, "host:1"), ERR_OK);
    assert_int_equal(read_fleet().runners, 0);
}

static void an_old_heartbeat_is_stale_and_a_bad_one_offline(void **state_) {
    (void)state_;
    private_redis_set(redis, "agent:qa-manager:status",
                      "{\"agent_name\": \"qa-manager\", \"last_heartbeat\": "
                      "\"2026-02-21T10:00:00.123456\"}");
    private_redis_set(redis, "agent:junior-qa:status", "{\"last_heartbeat\": 12}");
    private_redis_set(redis, "agent:senior-qa:status", "not JSON");
    ask("LPUSH agent:performance:status x");
    struct fleet fleet = read_fleet();
    assert_int_equal(fleet.alive, 0);
    assert_int_equal(fleet.stale, ROLE_BIT(ROLE_QA_MANAGER));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_empty_fleet),
        TEST(a_beat_shows_runner_and_agents),
        TEST(all_six_agents_fit_in_one_beat),
        TEST(a_silent_runner_is_not_counted_and_forgotten_after_a_day),
        TEST(a_runner_that_leaves_is_gone),
        TEST(an_old_heartbeat_is_stale_and_a_bad_one_offline),
    };
    return RUN(tests);
}
