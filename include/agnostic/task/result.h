/* result: the `result` member of a finished task.
 *
 *   {session_id, status, completed_at, verdict{status,reasons[]}, criteria[], test_plan,
 * verification, agent_results.<name>{status,summary,counts,findings[]}, llm?}
 *
 * or, for a task that could not be carried out at all, {"error":{code,message,...}}. */
#ifndef AGNOSTIC_TASK_RESULT_H
#define AGNOSTIC_TASK_RESULT_H

#include "agnostic/task/advice.h"
#include "agnostic/task/outcome.h"
#include "agnostic/task/request.h"

/* result_put(buf, session_id, completed_iso, request, outcomes, count): when it would exceed
 * RECORD_RESULT_MAX_BYTES less ADVICE_MAX_BYTES, the agents' checks and documents are left out
 * (checks_omitted, data_omitted), then the findings that decide least, and
 * agent_results.<name>.findings_omitted says how many. buf must be empty. ERR_TOO_LARGE when it
 * does not fit even without findings, or buf failed; ERR_INTERNAL when two outcomes have one name;
 * ERR_NOMEM.
 */
enum err result_put(struct buf *buf, const char *session_id, const char *completed_iso,
                    const struct request *request, const struct outcome *const *outcomes,
                    size_t count);
/* result_add_advice(buf, advice, facts): the member `llm` at the end of what result_put printed, of
 * which no other byte changes; without memory buf stays as it is. */
void result_add_advice(struct buf *buf, const struct advice *advice,
                       const struct advice_facts *facts);
/* result_role(result, agent): the role that the plan of a stored result gave to an agent; else that
 * of its name, else ROLE_QA_MANAGER. */
enum role result_role(const struct json *result, struct text agent);
/* result_put_error(buf, code, message, attempt): {"error":{"code","message","attempt"}}. */
void result_put_error(struct buf *buf, const char *code, const char *message, int64_t attempt);

#endif
