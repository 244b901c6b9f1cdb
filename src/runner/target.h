/* target: may this URL be tested, and how hard? Answered before any agent starts; the
 * agents' own sockets ask again. */
#ifndef AGNOSTIC_RUNNER_TARGET_H
#define AGNOSTIC_RUNNER_TARGET_H

#include "agnostic/base/allow.h"
#include "agnostic/base/json.h"
#include "agnostic/base/secure.h"
#include "agnostic/base/url.h"
#include "agnostic/task/criterion.h"
#include "runner/pulse.h"

enum { TARGET_SESSIONS_MAX = 2, TARGET_IPS_MAX = 16, TARGET_RESOLVE_MS = 10000 };

struct target_rules; /* AGNOSTIC_TARGET_ALLOW, read */

/* target_rules_read(text, &rules, &fault): ERR_CONFIG names AGNOSTIC_TARGET_ALLOW and the
 * faulty entry. */
enum err target_rules_read(const char *text, struct target_rules **ret_rules,
                           struct fault *ret_fault);
void target_rules_free(struct target_rules *rules);

/* A target that may be tested. */
struct target {
    struct text text; /* as ordered; borrowed */
    struct url url;
    char *full; /* the same normalised; owned */
    struct addr ips[TARGET_IPS_MAX];
    size_t ip_count;
    struct allow_grant grant; /* the least of what its addresses are granted */
    char *allow;              /* entries of the setting that concern it, same grammar; owned */
};

/* target_judge(rules, url, pulse, &target, &fault): ERR_OK; ERR_REFUSED with a sentence that
 * names the setting; ERR_RESOLVE, ERR_TIMEOUT (the name does not resolve); ERR_SYNTAX;
 * ERR_LOST when the pulse ordered an end; ERR_NOMEM. The caller releases with target_done. */
enum err target_judge(const struct target_rules *rules, struct text url, const struct pulse *pulse,
                      struct target *ret_target, struct fault *ret_fault);
void target_done(struct target *target);

/* target_name(target, hex): by what it is held (store/target_store.h): the host and the port, ports
 * 80 and 443 as one, since agents look at both whichever is named. ERR_NOMEM. */
enum err target_name(const struct target *target, char hex[SECURE_HEX_SIZE]);

/* target_places(target): how many sessions may share it. target_share(target, alone): requests a
 * second for one of them, though it be the only one just then, or for one that has it alone. target
 * NULL: none given. */
int64_t target_places(const struct target *target);
int64_t target_share(const struct target *target, bool alone);

/* target_within(target, limits, &fault): ERR_REFUSED: its client's limits keep everybody from it,
 * its path or any rate that can be kept; ERR_NOMEM. */
enum err target_within(const struct target *target, const struct criteria_limits *limits,
                       struct fault *ret_fault);

/* target_put(target, out): the task's "target" member: url, scheme, host, port, path, ips,
 * authorized. */
void target_put(const struct target *target, struct json_out *out);
/* How intrusive agents may be; each permits those before it. */
enum target_mode { TARGET_PASSIVE, TARGET_SAFE, TARGET_ACTIVE };
/* target_put_policy(target, max_rps, mode, limits, out): the task's "policy" member: allow,
 * max_rps, modes, crawl, exclude. A target of NULL (none given) allows nothing beyond the public
 * internet. */
void target_put_policy(const struct target *target, int64_t max_rps, enum target_mode mode,
                       const struct criteria_limits *limits, struct json_out *out);

#endif
