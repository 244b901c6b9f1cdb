/* session: what is kept of one run for later ones, and how two runs differ. Pure.
 *
 *   {"session_id","task_id","completed_at","target","parameters","verdict",
 *    "agents":{"<name>":{"role","status","checks":[{"id","component"?,"status","ms"?}],"metrics":[...],"memo":{}?,
 *                        "findings":[{"fingerprint","check_id","title","severity","component",
 *                                     "advisory"?}]}}}
 *
 * Sessions of one target can be compared; those of the same parameters too tested the same way. */
#ifndef AGNOSTIC_TASK_SESSION_H
#define AGNOSTIC_TASK_SESSION_H

#include "agnostic/base/secure.h"
#include "agnostic/task/outcome.h"
#include "agnostic/task/request.h"

enum {
    SESSION_MAX_BYTES = 128 << 10, /* of one summary */
    SESSION_ID_SIZE = 128,         /* with NUL */
    SESSION_TITLE_MAX = 200        /* code points of a finding's title and component */
};

/* session_id_ok(text): could it be the id of a session? (letters, digits, - and _) */
bool session_id_ok(struct text text);
/* session_target(target_url, hex): under which the sessions of a target are kept: SHA-256 of its
 * normalised URL. ERR_SYNTAX when it is none; ERR_NOMEM, ERR_INTERNAL. */
enum err session_target(struct text target_url, char hex[static SECURE_HEX_SIZE]);
/* session_parameters(request, hex): SHA-256 of what, beside the target, says how to test:
 * standards, business goals and constraints. ERR_NOMEM, ERR_INTERNAL. */
enum err session_parameters(const struct request *request, char hex[static SECURE_HEX_SIZE]);

/* What a summary is made of; all borrowed. */
struct session {
    const char *session_id, *task_id, *completed_iso, *parameters;
    const struct request *request;
    const struct outcome *const *outcomes;
    size_t count;
};
/* session_put(session, buf): the summary, at most SESSION_MAX_BYTES. When it would be more, the
 * least severe findings are left out (`findings_omitted`), and an agent for which there is no room
 * is only named (`"omitted":true`). buf must be empty. ERR_NOMEM. */
enum err session_put(const struct session *session, struct buf *buf);

/* session_count(outcomes, count, index, &n): the index-th of what checks are counted as ("total",
 * "passed", "failed", ...), and how many of all agents' were; NULL beyond the last. */
const char *session_count(const struct outcome *const *outcomes, size_t count, size_t index,
                          int64_t *ret_n);

/* session_diff_put(base, compare, out): two summaries, as the answer of
 * GET /api/test-sessions/diff. A test is a check on a component; it has regressed when it passed
 * in base and failed in compare, and is fixed the other way round. ERR_NOMEM. */
enum err session_diff_put(const struct json *base, const struct json *compare,
                          struct json_out *out);

#endif
