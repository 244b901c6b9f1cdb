/* history: the file of earlier sessions that the runner hands to an agent that asks for it. */
#ifndef AGENTS_HISTORY_H
#define AGENTS_HISTORY_H

#include "agnostic/base/err.h"
#include "agnostic/base/json.h"

/* history_sessions(path, visit, ctx): visit is called with each session, the newest first, which is
 * then visit's to free, until it returns false. What is damaged is passed over. ERR_IO, ERR_NOMEM.
 */
enum err history_sessions(const char *path, bool (*visit)(void *ctx, struct json *session),
                          void *ctx);
/* history_each(path, agent, visit, ctx): visit is called with each session that `agent` has a memo
 * of, the newest first, until it returns false; session and memo live during the call. What is
 * damaged is passed over. ERR_IO, ERR_NOMEM. */
enum err history_each(const char *path, const char *agent,
                      bool (*visit)(void *ctx, const char *session, const struct json *memo),
                      void *ctx);

#endif
