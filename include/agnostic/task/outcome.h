/* outcome: what one agent's lines add up to. Pure: the same lines give the same
 * outcome on any machine.
 *
 * The runner feeds every line an agent printed (PROTOCOL.md, "Agent contract") and
 * reads off status, counts and findings. An agent that ended without a `result` line,
 * crashed or ran out of time is told apart from one that found faults. */
#ifndef AGNOSTIC_TASK_OUTCOME_H
#define AGNOSTIC_TASK_OUTCOME_H

#include "agnostic/base/json.h"
#include "agnostic/base/secure.h"
#include "agnostic/task/cvss.h"
#include "agnostic/task/role.h"

/* How an agent's part ended. Words: completed, partial, failed, refused, not_available. */
enum outcome_status {
    OUTCOME_COMPLETED,
    OUTCOME_PARTIAL, /* it was stopped, or says itself that it is not whole */
    OUTCOME_FAILED,  /* crash, timeout, broken protocol: infrastructure, never the target's fault */
    OUTCOME_REFUSED, /* the target may not be tested */
    OUTCOME_NOT_AVAILABLE, /* no such agent, tool missing, no target */
    OUTCOME_STATUS__COUNT
};
const char *outcome_status_word(enum outcome_status status);

enum {
    OUTCOME_AGENTS_MAX = 96,     /* of one task, at most */
    OUTCOME_FINDINGS_MAX = 2000, /* per agent; more are counted, not kept */
    OUTCOME_STRING_MAX = 8192,   /* bytes of any string of a finding */
    OUTCOME_ARTIFACTS_MAX = 16,  /* per agent */
    OUTCOME_ARTIFACT_NAME_SIZE = 65,
    OUTCOME_ARTIFACT_FULL_SIZE = 130,
    OUTCOME_BAD_LINES_MAX = 100 /* more spoil the outcome: reason agent_protocol */
};

/* Valid until the next line. Mandatory in the line: check_id, title, severity, component. Always
 * in json: finding_id, check_id, title, severity, cwe_id, cvss_score, component, evidence,
 * fingerprint (null when absent). fingerprint is "sha256:" and the SHA-256 of check_id, a newline
 * and component, finding_id "f_" and its first 16 digits, unless the line has its own. `weight`
 * in the line below 1 (and above 0) makes it advisory. The same check on the same component is one
 * finding: one that decides before an advisory one, then the worst. */
struct outcome_finding {
    struct text json; /* one object, checked, escaped, secrets masked; as stored */
    enum severity severity;
    bool advisory; /* named, but decides no verdict */
    bool disputed; /* its word is medium or worse, its score below */
    const char *finding_id, *check_id, *title, *component; /* NUL-terminated, as long as json */
};

struct outcome; /* one agent */

/* outcome_new(name, role, &outcome): name is the agent's (a plug-in may differ from its
 * role). The caller frees with outcome_free. */
enum err outcome_new(const char *name, enum role role, struct outcome **ret_outcome);
void outcome_free(struct outcome *outcome);

/* outcome_listen(outcome, heard, ctx): heard(ctx, level, message) is called for each `log` line,
 * whose texts are as the agent wrote them; level is one of debug, info, warn, error. */
void outcome_listen(struct outcome *outcome,
                    void (*heard)(void *ctx, const char *level, struct text message), void *ctx);
/* outcome_line(outcome, line): one line of the agent's stdout, without newline. A line that
 * is not a JSON object, lacks `v` (1) or `type`, or a mandatory member of its type, is counted as
 * bad (ERR_SYNTAX, said for the log); unknown types and members are kept quiet. A finding's
 * severity is corrected to the band of its cvss_vector or cvss_score, unless that is 0. The first
 * `result` line wins; lines behind it are counted and not looked at; its `completed` is taken for
 * `partial`, reason agent_protocol, when a bad line was a finding. ERR_NOMEM, ERR_INTERNAL. */
enum err outcome_line(struct outcome *outcome, struct text line);
/* outcome_end(outcome, status, reason, text): how it ended when its own result line does not
 * say so: a crash, a timeout, no start. Overrides an earlier result line. `reason` is a stable
 * word ("timeout", "agent_crashed", "no_target", "no_agent", "target_refused"), text a sentence;
 * both are copied. */
void outcome_end(struct outcome *outcome, enum outcome_status status, const char *reason,
                 const char *text);
/* outcome_close(outcome): the agent exited 0. Without a result line: failed, "no_result". */
void outcome_close(struct outcome *outcome);

const char *outcome_name(const struct outcome *outcome);
enum outcome_status outcome_status(const struct outcome *outcome);
const char *outcome_reason(const struct outcome *outcome);  /* NULL when completed */
const char *outcome_summary(const struct outcome *outcome); /* one sentence, never NULL */
size_t outcome_findings(const struct outcome *outcome);
const struct outcome_finding *outcome_finding(const struct outcome *outcome, size_t index);
/* Whether one of them is disputed. */
bool outcome_disputed(const struct outcome *outcome);
/* Whether it counts checks that failed, and told of no finding at all. */
bool outcome_unexplained(const struct outcome *outcome);
/* Findings dropped beyond OUTCOME_FINDINGS_MAX, and lines that were not JSON. */
size_t outcome_dropped(const struct outcome *outcome);
size_t outcome_bad_lines(const struct outcome *outcome);
/* Latest progress: percent 0..100, or -1 when none was told. */
int outcome_percent(const struct outcome *outcome);
/* A file that the agent left in its folder, by an `artifact` line: a name of a-z, 0-9, '.', '-' and
 * '_', and a media type of a short list. The runner fills in the rest once it has it. */
struct outcome_artifact {
    char name[OUTCOME_ARTIFACT_NAME_SIZE];
    const char *media_type;
    bool kept;
    int64_t bytes;
    char sha256[SECURE_HEX_SIZE];
};
size_t outcome_artifacts(const struct outcome *outcome);
struct outcome_artifact *outcome_artifact(struct outcome *outcome, size_t index);
/* outcome_artifact_name(outcome, artifact, dst): "<agent>.<name>", what it is asked for by. */
void outcome_artifact_name(const struct outcome *outcome, const struct outcome_artifact *artifact,
                           char dst[static OUTCOME_ARTIFACT_FULL_SIZE]);
/* outcome_artifact_media(word): the same type as this house spells it, NULL: not one of the list.
 */
const char *outcome_artifact_media(struct text word);
/* outcome_put(outcome, out): {"status","reason"?,"summary","counts":{...},"findings":[...],
 * "metrics":[...],"artifacts":[...]?,"checks":[{"id","status",...}],"data":{...}?,"protocol_errors":n?};
 * data is the document of its result line, left out with "data_omitted":true when it is too large,
 * the value of result.agent_results.<name>.
 */
void outcome_put(const struct outcome *outcome, struct json_out *out);
/* outcome_restore(name, role, stored, &outcome): an outcome that is judged as the one that
 * outcome_put printed, as far as that was not cut; counts, plan and memo are not restored. The
 * caller frees with outcome_free. ERR_DAMAGED: it did not print that; ERR_NOMEM, ERR_INTERNAL. */
enum err outcome_restore(const char *name, enum role role, const struct json *stored,
                         struct outcome **ret_outcome);

#endif
