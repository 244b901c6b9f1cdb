/* Applies AGNOSTIC_TARGET_ALLOW to one URL, and passes on to the agents only the entries that
 * concern it. */
#include "runner/target.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/gate.h"
#include "runner/aside.h"

#define TARGET_SETTING "AGNOSTIC_TARGET_ALLOW"

struct entry {
    struct text text; /* points into target_rules.text */
    struct allow *allow;
};

struct target_rules {
    char *text;
    struct allow *allow; /* all of it */
    struct gate *gate;
    struct entry *entries;
    size_t count;
};

/* --- the rules ---------------------------------------------------------------------- */

static enum err add_entry(struct target_rules *rules, struct text text, struct fault *fault) {
    struct entry *grown = realloc(rules->entries, (rules->count + 1) * sizeof(*grown));
    if (!grown) {
        return ERR_NOMEM;
    }
    rules->entries = grown;
    struct entry *entry = &rules->entries[rules->count];
    entry->text = text;
    enum err err = allow_parse(text, true, &entry->allow, fault);
    if (err == ERR_OK) {
        rules->count++;
    }
    return err;
}

static enum err read_entries(struct target_rules *rules, struct fault *fault) {
    struct text rest = text_of(rules->text), part;
    enum err err = allow_parse(rest, true, &rules->allow, fault);
    while (err == ERR_OK && text_cut(&rest, ',', &part)) {
        part = text_trim(part);
        if (part.len > 0) {
            err = add_entry(rules, part, fault);
        }
    }
    return err;
}

enum err target_rules_read(const char *text, struct target_rules **ret_rules,
                           struct fault *ret_fault) {
    struct fault fault = {0};
    struct target_rules *rules = calloc(1, sizeof(*rules));
    if (!rules || !(rules->text = strdup(text))) {
        free(rules);
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    }
    enum err err = read_entries(rules, &fault);
    if (err == ERR_OK) {
        err = gate_new(rules->allow, TARGET_SETTING, &rules->gate);
    }
    if (err != ERR_OK) {
        target_rules_free(rules);
        return fault_set(ret_fault, err == ERR_SYNTAX ? ERR_CONFIG : err, "%s: %.400s",
                         TARGET_SETTING, fault.text[0] ? fault.text : err_text(err));
    }
    *ret_rules = rules;
    return ERR_OK;
}

void target_rules_free(struct target_rules *rules) {
    if (!rules) {
        return;
    }
    for (size_t i = 0; i < rules->count; i++) {
        allow_free(rules->entries[i].allow);
    }
    gate_free(rules->gate);
    allow_free(rules->allow);
    free(rules->entries);
    free(rules->text);
    free(rules);
}

/* --- resolving ---------------------------------------------------------------------- */

struct question {
    const struct gate *gate;
    const struct url *url;
};

struct answer {
    enum err err;
    struct fault fault;
    struct addr addrs[TARGET_IPS_MAX];
    size_t count;
};
_Static_assert(sizeof(struct answer) <= ASIDE_ANSWER_MAX, "an answer is one write");

static void resolve(void *ctx, void *answer) {
    const struct question *question = ctx;
    struct answer *a = answer;
    a->err =
        gate_resolve(question->gate, question->url, a->addrs, TARGET_IPS_MAX, &a->count, &a->fault);
}

/* A name may take its time and is resolved aside; an address is judged here and now. */
static enum err find_addresses(const struct target_rules *rules, const struct pulse *pulse,
                               struct target *target, struct fault *ret_fault) {
    struct answer answer = {.err = ERR_INTERNAL};
    struct question question = {rules->gate, &target->url};
    if (target->url.host_is_ip) {
        resolve(&question, &answer);
    } else {
        enum err err =
            aside_run(resolve, &question, &answer, sizeof(answer), TARGET_RESOLVE_MS, pulse);
        if (err != ERR_OK) {
            return fault_set(ret_fault, err == ERR_LOST ? err : ERR_RESOLVE,
                             "The name %s did not resolve within %d seconds.", target->url.host,
                             TARGET_RESOLVE_MS / 1000);
        }
    }
    if (answer.err != ERR_OK) {
        return fault_set(ret_fault, answer.err, "%s", answer.fault.text);
    }
    memcpy(target->ips, answer.addrs, sizeof(target->ips));
    target->ip_count = answer.count;
    return ERR_OK;
}

/* --- what it is granted ------------------------------------------------------------- */

static void find_grant(const struct target_rules *rules, struct target *target) {
    for (size_t i = 0; i < target->ip_count; i++) {
        struct allow_grant grant, *least = &target->grant;
        allow_match(rules->allow, target->url.host, &target->ips[i], target->url.port, &grant);
        if (i == 0) {
            *least = grant;
            continue;
        }
        least->listed &= grant.listed;
        least->active &= grant.active;
        least->load &= grant.load;
        least->max_rps = grant.max_rps < least->max_rps ? grant.max_rps : least->max_rps;
    }
}

/* Beside the target's own port the agents look at 80 and 443 of the same host. */
static bool concerns(const struct entry *entry, const struct target *target) {
    const uint16_t ports[] = {target->url.port, 80, 443};
    for (size_t i = 0; i < target->ip_count; i++) {
        for (size_t p = 0; p < sizeof(ports) / sizeof(ports[0]); p++) {
            struct allow_grant grant;
            allow_match(entry->allow, target->url.host, &target->ips[i], ports[p], &grant);
            if (grant.listed) {
                return true;
            }
        }
    }
    return false;
}

static enum err find_entries(const struct target_rules *rules, struct target *target) {
    struct buf buf, full;
    buf_init(&buf, strlen(rules->text) + 1);
    buf_init(&full, URL_MAX_BYTES * 4);
    for (size_t i = 0; i < rules->count; i++) {
        if (concerns(&rules->entries[i], target)) {
            buf_puts(&buf, buf.len ? "," : "");
            buf_puttext(&buf, rules->entries[i].text);
        }
    }
    url_put(&target->url, &full);
    target->allow = strdup(buf_str(&buf));
    target->full = strdup(buf_str(&full));
    bool failed = buf.failed || full.failed || !target->allow || !target->full;
    buf_done(&buf);
    buf_done(&full);
    return failed ? ERR_NOMEM : ERR_OK;
}

enum err target_judge(const struct target_rules *rules, struct text url, const struct pulse *pulse,
                      struct target *ret_target, struct fault *ret_fault) {
    struct target target = {.text = url};
    enum err err = url_parse(url, &target.url, ret_fault);
    if (err == ERR_OK) {
        err = find_addresses(rules, pulse, &target, ret_fault);
    }
    if (err != ERR_OK) {
        return err;
    }
    find_grant(rules, &target);
    err = find_entries(rules, &target);
    if (err != ERR_OK) {
        target_done(&target);
        return fault_set(ret_fault, err, "%s", err_text(err));
    }
    *ret_target = target;
    return ERR_OK;
}

/* --- what its client leaves of it ---------------------------------------------------- */

static enum err is_entered(const struct target *target, const struct criteria_limits *limits,
                           bool *ret_entered) {
    struct bounds *bounds = NULL;
    enum err err = bounds_new(limits->no_crawl, &bounds);
    for (size_t i = 0; err == ERR_OK && i < limits->exclude_count; i++) {
        err = bounds_add(bounds, limits->exclude[i]);
    }
    *ret_entered = err == ERR_OK && !bounds_excludes(bounds, target->url.path);
    bounds_free(bounds);
    return err;
}

enum err target_within(const struct target *target, const struct criteria_limits *limits,
                       struct fault *ret_fault) {
    bool entered = false;
    if (limits->max_rps < 1) {
        return fault_set(ret_fault, ERR_REFUSED,
                         "The task's constraints permit less than one request a second, which no "
                         "agent can keep to.");
    }
    enum err err = is_entered(target, limits, &entered);
    if (err == ERR_OK && !entered) {
        err = ERR_REFUSED;
    }
    return err == ERR_OK
               ? ERR_OK
               : fault_set(ret_fault, err, "%s",
                           err == ERR_REFUSED
                               ? "The task's constraints exclude the path of its own target_url."
                               : err_text(err));
}
