/* One task line in, one struct out. Reads no settings and no environment. */
#include "agents/agent_task.h"

#include <stdlib.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"

enum { US_PER_MS = 1000 };

static bool agent_task_is_session(struct text t) {
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i];
        bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    c == '-' || c == '_';
        if (!fine)
            return false;
    }
    return t.len > 0;
}

static enum err agent_task_bad(struct fault *fault, const char *what) {
    return fault_set(fault, ERR_SYNTAX, "Not a task: %s", what);
}

static enum err agent_task_read_head(struct agent_task *task, struct fault *fault) {
    int64_t version;
    struct text type, session;
    if (!json_int(json_get(task->root, "v"), 1, 1, &version))
        return agent_task_bad(fault, "v is not 1");
    if (!json_text(json_get(task->root, "type"), &type) || !text_is(type, "task"))
        return agent_task_bad(fault, "type is not \"task\"");
    if (!json_text(json_get(task->root, "session_id"), &session) ||
        !agent_task_is_session(session) ||
        !text_copy(session, task->session_id, sizeof(task->session_id)))
        return agent_task_bad(fault, "session_id is not 1 to 128 of [A-Za-z0-9_-]");
    return ERR_OK;
}

static enum err agent_task_read_target(struct agent_task *task, struct fault *fault) {
    const struct json *target = json_get(task->root, "target");
    if (json_kind(target) == JSON_NONE || json_kind(target) == JSON_NULL)
        return ERR_OK;
    if (!json_text(json_get(target, "url"), &task->target))
        return agent_task_bad(fault, "target.url is not a string");
    return url_parse(task->target, &task->url, fault);
}

static enum err agent_task_read_modes(struct agent_task *task, const struct json *modes,
                                      struct fault *fault) {
    struct text word;
    enum rule_mode mode;
    if (json_kind(modes) != JSON_ARRAY)
        return agent_task_bad(fault, "policy.modes is not an array");
    for (size_t i = 0; i < json_count(modes); i++) {
        if (!json_text(json_at(modes, i), &word) || !rule_mode_read(word, &mode))
            return agent_task_bad(fault, "policy.modes holds an unknown mode");
        task->modes[mode] = true;
    }
    return ERR_OK;
}

static enum err agent_task_read_bounds(struct agent_task *task, const struct json *policy,
                                       struct fault *fault) {
    const struct json *exclude = json_get(policy, "exclude"), *crawl = json_get(policy, "crawl");
    struct text path;
    if (json_kind(crawl) != JSON_NONE && json_kind(crawl) != JSON_BOOL)
        return agent_task_bad(fault, "policy.crawl is not true or false");
    if (json_kind(exclude) != JSON_NONE && json_kind(exclude) != JSON_ARRAY)
        return agent_task_bad(fault, "policy.exclude is not an array");
    enum err err = bounds_new(!json_bool(crawl, true), &task->bounds);
    for (size_t i = 0; err == ERR_OK && i < json_count(exclude); i++) {
        if (!json_text(json_at(exclude, i), &path))
            return agent_task_bad(fault, "policy.exclude holds what is not a string");
        err = bounds_add(task->bounds, path);
    }
    return err == ERR_SYNTAX ? agent_task_bad(fault, "policy.exclude holds what is no path") : err;
}

static enum err agent_task_read_policy(struct agent_task *task, struct fault *fault) {
    const struct json *policy = json_get(task->root, "policy");
    const struct json *limit = json_path(task->root, "limits.max_rps");
    struct text allow;
    int64_t max_rps;
    if (!json_text(json_get(policy, "allow"), &allow))
        return agent_task_bad(fault, "policy.allow is not a string");
    if (!json_int(json_get(policy, "max_rps"), 1, AGENT_TASK_RPS_MAX, &task->max_rps))
        return agent_task_bad(fault, "policy.max_rps is not a rate");
    if (json_int(limit, 1, AGENT_TASK_RPS_MAX, &max_rps) && max_rps < task->max_rps)
        task->max_rps = max_rps;
    enum err err = agent_task_read_modes(task, json_get(policy, "modes"), fault);
    if (err == ERR_OK)
        err = agent_task_read_bounds(task, policy, fault);
    return err != ERR_OK ? err : allow_parse(allow, true, &task->allow, fault);
}

static enum err agent_task_read_external(struct agent_task *task, struct fault *fault) {
    const struct json *external = json_get(task->root, "external_links");
    if (json_kind(external) != JSON_NONE && json_kind(external) != JSON_BOOL)
        return agent_task_bad(fault, "external_links is not true or false");
    task->external_links = json_bool(external, false);
    return ERR_OK;
}

static enum err agent_task_read_standards(struct agent_task *task, struct fault *fault) {
    const struct json *standards = json_get(task->root, "standards");
    if (json_kind(standards) == JSON_NONE || json_kind(standards) == JSON_NULL)
        return ERR_OK;
    if (json_kind(standards) != JSON_ARRAY)
        return agent_task_bad(fault, "standards is not an array");
    for (size_t i = 0; i < json_count(standards); i++)
        if (json_kind(json_at(standards, i)) != JSON_STRING)
            return agent_task_bad(fault, "standards holds what is not a string");
    task->standards = standards;
    return ERR_OK;
}

enum err agent_task_read(struct text line, struct agent_task **ret_task, struct fault *ret_fault) {
    struct json_fault where = {0, ""};
    struct text workdir;
    struct agent_task *task = calloc(1, sizeof(*task));
    if (task == NULL)
        return ERR_NOMEM;
    enum err err = json_parse(line, &JSON_LIMITS_RESULT, &task->root, &where);
    if (err == ERR_SYNTAX)
        fault_set(ret_fault, err, "Not a task: %s (at %zu)", where.reason, where.offset);
    if (err == ERR_OK)
        err = agent_task_read_head(task, ret_fault);
    if (err == ERR_OK)
        err = agent_task_read_target(task, ret_fault);
    if (err == ERR_OK)
        err = agent_task_read_policy(task, ret_fault);
    if (err == ERR_OK)
        err = agent_task_read_standards(task, ret_fault);
    if (err == ERR_OK)
        err = agent_task_read_external(task, ret_fault);
    if (err == ERR_OK && json_text(json_get(task->root, "workdir"), &workdir))
        text_copy(workdir, task->workdir, sizeof(task->workdir));
    if (err == ERR_OK)
        *ret_task = task;
    else
        agent_task_free(task);
    return err;
}

void agent_task_free(struct agent_task *task) {
    if (task == NULL)
        return;
    allow_free(task->allow);
    bounds_free(task->bounds);
    json_free(task->root);
    free(task);
}

enum err agent_task_gate(const struct agent_task *task, struct gate **ret_gate) {
    enum err err = gate_new(task->allow, "AGNOSTIC_TARGET_ALLOW", ret_gate);
    if (err == ERR_OK)
        gate_bound(*ret_gate, task->bounds);
    return err;
}

int64_t agent_task_left_ms(const struct agent_task *task, int64_t most) {
    struct text deadline;
    int64_t end_us;
    if (!json_text(json_path(task->root, "limits.deadline"), &deadline) ||
        !time_parse_iso(deadline, &end_us))
        return most;
    int64_t left_ms = (end_us - time_wall_us()) / US_PER_MS - AGENT_TASK_SPARE_MS;
    left_ms = left_ms > 0 ? left_ms : 0;
    return left_ms < most ? left_ms : most;
}

static void agent_task_put_target(const struct url *url, struct json_out *out) {
    struct buf full;
    buf_init(&full, URL_MAX_BYTES * 2);
    url_put(url, &full);
    json_out_name(out, "target");
    json_out_object(out);
    json_out_member_text(out, "url", buf_text(&full));
    json_out_member(out, "scheme", url->tls ? "https" : "http");
    json_out_member(out, "host", url->host);
    json_out_member_int(out, "port", url->port);
    json_out_member_text(out, "path", url->path);
    json_out_end_object(out);
    buf_done(&full);
}

/* The host typed, at any port that is not denied, and at the one typed even so. */
static void agent_task_put_host(const struct url *url, struct buf *buf) {
    const char *open = url->host_is_ipv6 ? "[" : "", *close = url->host_is_ipv6 ? "]" : "";
    buf_printf(buf, "%s,%s%s%s:%u", url->host, open, url->host, close, url->port);
}

/* What the list grants for the target, as far as it is known without resolving its name. */
static int64_t agent_task_rate(const struct url *url, const char *list) {
    struct allow_grant grant = {.max_rps = ALLOW_RPS_DEFAULT};
    struct allow *allow = NULL;
    struct addr addr;
    bool is_addr = url->host_is_ip && addr_parse(text_of(url->host), &addr);
    if (allow_parse(text_of(list), true, &allow, NULL) == ERR_OK)
        allow_match(allow, url->host, is_addr ? &addr : NULL, url->port, &grant);
    allow_free(allow);
    return grant.max_rps;
}

static void agent_task_put_policy(const struct url *url, const struct agent_task_wish *wish,
                                  struct json_out *out) {
    const char *allow = wish->allow;
    struct buf typed;
    buf_init(&typed, URL_MAX_BYTES);
    agent_task_put_host(url, &typed);
    if (wish->load.rate > 0)
        buf_printf(&typed, "+load=%lld", (long long)wish->load.rate);
    if (allow == NULL)
        allow = buf_str(&typed);
    json_out_name(out, "policy");
    json_out_object(out);
    json_out_member(out, "allow", allow);
    json_out_member_int(out, "max_rps", agent_task_rate(url, allow));
    json_out_name(out, "modes");
    json_out_array(out);
    json_out_str(out, rule_mode_word(RULE_PASSIVE));
    json_out_str(out, rule_mode_word(RULE_SAFE));
    json_out_end_array(out);
    json_out_end_object(out);
    buf_done(&typed);
}

/* A comma-separated list as an array. */
static void agent_task_put_list(const char *list, struct json_out *out) {
    struct text rest = text_of(list), word;
    json_out_array(out);
    while (list != NULL && text_cut(&rest, ',', &word))
        if (text_trim(word).len > 0)
            json_out_text(out, text_trim(word));
    json_out_end_array(out);
}

static void agent_task_put_load(const struct agent_task_wish *wish, struct json_out *out) {
    json_out_name(out, "load");
    json_out_object(out);
    load_wish_put(&wish->load, "", out);
    if (wish->mix != NULL) {
        json_out_name(out, "mix");
        agent_task_put_list(wish->mix, out);
    }
    json_out_end_object(out);
}

enum err agent_task_make(const char *name, const struct agent_task_wish *wish, struct buf *buf,
                         struct fault *ret_fault) {
    char id[ID_UUID_SIZE], session[ID_SESSION_SIZE];
    struct json_out out;
    struct url url;
    enum err err = url_parse(text_of(wish->url), &url, ret_fault);
    if (err == ERR_OK)
        err = id_uuid4(id);
    if (err != ERR_OK)
        return err;
    id_session(time_wall_us(), id, session);
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member_int(&out, "v", 1);
    json_out_member(&out, "type", "task");
    json_out_member(&out, "agent", name);
    json_out_member(&out, "session_id", session);
    json_out_member(&out, "task_id", id);
    agent_task_put_target(&url, &out);
    json_out_name(&out, "standards");
    agent_task_put_list(wish->standards, &out);
    agent_task_put_policy(&url, wish, &out);
    agent_task_put_load(wish, &out);
    if (wish->checks != NULL) {
        json_out_name(&out, "checks");
        json_out_value(&out, wish->checks);
    }
    json_out_member_bool(&out, "external_links", wish->external_links);
    if (wish->workdir != NULL)
        json_out_member(&out, "workdir", wish->workdir);
    json_out_end_object(&out);
    return buf->failed ? ERR_NOMEM : ERR_OK;
}
