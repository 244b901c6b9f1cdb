/* The order of work: admit, visit, judge, tell. Knows neither sockets nor single rules. */
#include "agents/junior/junior.h"

#include <stdlib.h>

#include "agents/admit.h"
#include "agents/junior/junior_rules.h"
#include "agents/junior/smoke.h"
#include "agents/junior/survey.h"
#include "agents/junior/user_run.h"
#include "agents/tally.h"

enum { DATA_MAX = 64 << 10, TOLD_MAX = 100 };

static const struct text NO_DATA = {NULL, 0};

/* --- what it came to ----------------------------------------------------------------------------
 */

/* Where what checks came to is told. */
struct junior_telling {
    const struct agent *agent;
    const struct site *site;
    struct tally *tally;
    struct json_out *failed; /* a list that is open */
};

static void junior_tell(const struct junior_telling *telling, const struct rule *rule,
                        const struct judgement *judgement) {
    lines_judgement(telling->agent->lines, rule, judgement, telling->site->non_public);
    tally_add(telling->tally, rule, judgement, telling->site->non_public);
    if (judgement->status != JUDGEMENT_FAILED)
        return;
    json_out_object(telling->failed);
    json_out_member(telling->failed, "test_id", rule->id);
    json_out_member(telling->failed, "test_name", rule->variants[judgement->variant].title);
    json_out_member(telling->failed, "error_message", judgement->summary);
    json_out_end_object(telling->failed);
}

static void junior_judge(const struct junior_telling *telling, const struct user_run *users) {
    const struct rule *rule;
    for (size_t i = 0; (rule = junior_rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        size_t count = junior_rules_is_users(i) ? user_run_count(users) : 0;
        if (!telling->agent->task->modes[rule->mode] && rule->mode != RULE_NOT_AVAILABLE) {
            tally_add(telling->tally, rule, NULL, telling->site->non_public);
            continue;
        }
        for (size_t k = 0; k < count; k++)
            junior_tell(telling, rule, user_run_judge(users, k));
        if (count > 0)
            continue;
        judgement_init(&judgement);
        judgement_component(&judgement, &telling->site->target);
        junior_rules_judge(i, telling->site, &judgement);
        junior_tell(telling, rule, &judgement);
        judgement_done(&judgement);
    }
}

static size_t junior_count(const struct site *site, enum site_end end) {
    size_t count = 0;
    for (size_t i = 0; i < site->url_count; i++)
        count += site->urls[i].end == end;
    return count;
}

/* Of the URLs of the site that were found, how many were asked for. */
static double junior_coverage(const struct site *site) {
    size_t found = site->url_count + site->dropped;
    size_t asked = site->url_count - junior_count(site, SITE_UNASKED) -
                   junior_count(site, SITE_LEFT) - junior_count(site, SITE_BARRED);
    return found > 0 ? 100.0 * (double)asked / (double)found : 0;
}

/* Links to other origins of which nothing is known. */
static size_t junior_external_left(const struct site *site) {
    const struct elsewhere *elsewhere = &site->elsewhere;
    return elsewhere->count + elsewhere->dropped - elsewhere_ended(elsewhere, ELSEWHERE_FINE) -
           elsewhere_ended(elsewhere, ELSEWHERE_CLOSED) -
           elsewhere_ended(elsewhere, ELSEWHERE_BROKEN);
}

/* What became of links to other origins, by how it ended. */
static void junior_put_external(const struct elsewhere *elsewhere, struct json_out *out) {
    static const char *const WORDS[ELSEWHERE_END__COUNT] = {
        [ELSEWHERE_UNASKED] = "not_asked",       [ELSEWHERE_LEFT] = "left",
        [ELSEWHERE_BARRED] = "excluded",         [ELSEWHERE_FORBIDDEN] = "refused",
        [ELSEWHERE_UNCLEAR] = "no_clear_answer", [ELSEWHERE_FINE] = "fine",
        [ELSEWHERE_CLOSED] = "closed",           [ELSEWHERE_BROKEN] = "broken"};
    json_out_name(out, "external");
    json_out_object(out);
    for (int end = 0; end < ELSEWHERE_END__COUNT; end++)
        json_out_member_int(out, WORDS[end],
                            (int64_t)elsewhere_ended(elsewhere, (enum elsewhere_end)end));
    json_out_member_int(out, "beyond_limit", (int64_t)elsewhere->dropped);
    json_out_member_int(out, "requests", (int64_t)elsewhere->requests);
    json_out_end_object(out);
}

static void junior_put_crawl(const struct site *site, struct json_out *out) {
    json_out_name(out, "crawl");
    json_out_object(out);
    json_out_member_int(out, "pages", (int64_t)site->page_count);
    json_out_member_int(out, "urls", (int64_t)site->url_count);
    json_out_member_int(out, "fine", (int64_t)junior_count(site, SITE_FINE));
    json_out_member_int(out, "broken", (int64_t)junior_count(site, SITE_BROKEN));
    json_out_member_int(out, "flaky", (int64_t)junior_count(site, SITE_FLAKY));
    json_out_member_int(out, "closed", (int64_t)junior_count(site, SITE_CLOSED));
    json_out_member_int(out, "left", (int64_t)junior_count(site, SITE_LEFT));
    json_out_member_int(out, "excluded", (int64_t)junior_count(site, SITE_BARRED));
    json_out_member_int(out, "not_asked",
                        (int64_t)(junior_count(site, SITE_UNASKED) + site->dropped));
    json_out_member_int(out, "external_not_tested", (int64_t)junior_external_left(site));
    json_out_member_int(out, "robots_status", site->robots_status);
    json_out_member_int(out, "requests", (int64_t)site->requests);
    json_out_end_object(out);
}

/* The document, with the member names of the service this one replaces; a test is a URL. */
static void junior_put(const struct site *site, struct text failed, struct json_out *out) {
    size_t bad = junior_count(site, SITE_BROKEN), fine = junior_count(site, SITE_FINE) +
                                                         junior_count(site, SITE_FLAKY) +
                                                         junior_count(site, SITE_CLOSED);
    json_out_object(out);
    json_out_member(out, "target", site->target_text);
    json_out_member_int(out, "total_tests", (int64_t)site->url_count);
    json_out_member_int(out, "passed", (int64_t)fine);
    json_out_member_int(out, "failed", (int64_t)bad);
    json_out_member_int(out, "skipped", (int64_t)(site->url_count - fine - bad));
    json_out_name(out, "failed_tests");
    json_out_raw(out, failed);
    json_out_name(out, "flaky_tests");
    flaky_put(&site->flaky, out);
    json_out_name(out, "coverage_percentage");
    json_out_double(out, junior_coverage(site));
    json_out_name(out, "surface_coverage");
    json_out_double(out, junior_coverage(site) / 100);
    junior_put_crawl(site, out);
    if (site->elsewhere.is_wanted)
        junior_put_external(&site->elsewhere, out);
    json_out_end_object(out);
}

static void junior_measure_presence(const struct agent *agent, const struct presence *presence) {
    if (presence->asked > 0)
        lines_metric(agent->lines,
                     &(struct lines_metric){"functional.error_rate", presence_absence(presence),
                                            "1", (int64_t)presence->asked, "once a second"});
}

static void junior_measure(const struct agent *agent, const struct site *site) {
    const struct {
        const char *name;
        double value;
        const char *unit;
    } METRICS[] = {{"functional.pages", (double)site->page_count, "1"},
                   {"functional.urls", (double)site->url_count, "1"},
                   {"functional.broken", (double)junior_count(site, SITE_BROKEN), "1"},
                   {"functional.bytes", (double)site->bytes, "B"}};
    for (size_t i = 0; i < sizeof(METRICS) / sizeof(METRICS[0]); i++)
        lines_metric(agent->lines,
                     &(struct lines_metric){METRICS[i].name, METRICS[i].value, METRICS[i].unit,
                                            (int64_t)site->requests, "crawl"});
}

static void junior_conclude(const struct agent *agent, const struct site *site,
                            const struct user_run *users) {
    struct tally tally = {0};
    struct json_out out, list;
    struct buf data, failed;
    buf_init(&data, DATA_MAX);
    buf_init(&failed, DATA_MAX);
    json_out_init(&list, &failed);
    json_out_array(&list);
    junior_measure(agent, site);
    junior_measure_presence(agent, &site->presence);
    junior_judge(&(struct junior_telling){agent, site, &tally, &list}, users);
    json_out_end_array(&list);
    json_out_init(&out, &data);
    junior_put(site, failed.failed ? TEXT("[]") : buf_text(&failed), &out);
    struct text document = data.failed ? NO_DATA : buf_text(&data);
    if (site->start.end == SITE_BARRED)
        lines_result(agent->lines, LINES_PARTIAL, "constraints",
                     "The target redirects to what the task's constraints exclude", document);
    else if (site->start.status == 0)
        lines_result(agent->lines, LINES_FAILED, "target_unreachable", site->start.why, document);
    else if (site->home[0] == '\0')
        lines_result(agent->lines, LINES_PARTIAL, "no_2xx_answer", NULL, document);
    else
        lines_result(agent->lines, LINES_COMPLETED, NULL, NULL, document);
    buf_done(&failed);
    buf_done(&data);
}

static enum agent_end junior_test(struct agent *agent, const struct gate *gate, struct site *site) {
    struct user_run *users = NULL;
    admit_classes classes;
    enum agent_end end;
    if (!admit(agent, gate, &site->target, &classes, &end))
        return end;
    site->non_public = admit_non_public(classes);
    site->elsewhere.is_wanted = agent->task->external_links;
    lines_plan_rules(agent->lines, junior_rules_get, agent->task->modes);
    if (survey_run(agent, gate, site) != ERR_OK)
        return AGENT_BROKEN;
    lines_progress(agent->lines, "api", site->requests, NULL);
    if (smoke_run(agent, gate, site) != ERR_OK)
        return AGENT_BROKEN;
    lines_progress(agent->lines, "user checks", site->requests, NULL);
    if (user_run_all(agent, gate, site, &users) != ERR_OK)
        return AGENT_BROKEN;
    site->requests += user_run_requests(users);
    lines_progress(agent->lines, "other origins", site->requests, NULL);
    if (elsewhere_ask(&site->elsewhere, agent->task, gate, site->non_public, site->requests) !=
        ERR_OK)
        return AGENT_BROKEN;
    site->requests += site->elsewhere.requests;
    lines_progress(agent->lines, "judging", site->requests, NULL);
    junior_conclude(agent, site, users);
    user_run_free(users);
    return AGENT_RAN;
}

enum agent_end junior_run(struct agent *agent) {
    enum agent_end end = AGENT_BROKEN;
    struct site *site = NULL;
    struct gate *gate = NULL;
    if (agent->task->target.ptr == NULL) {
        lines_result(agent->lines, LINES_NOT_AVAILABLE, "no_target", "The task has no target_url",
                     NO_DATA);
        return AGENT_NOT_AVAILABLE;
    }
    char *url = text_dup(agent->task->target);
    if (url != NULL && site_new(url, &site) == ERR_OK &&
        agent_task_gate(agent->task, &gate) == ERR_OK)
        end = junior_test(agent, gate, site);
    gate_free(gate);
    site_free(site);
    free(url);
    return end;
}
