/* history: what is remembered of finished tasks, for other handlers. */
#ifndef AGNOSTIC_WEB_HISTORY_H
#define AGNOSTIC_WEB_HISTORY_H

#include "web/call.h"

/* history_session(call, session_id, &session): the summary of a session that the caller may read;
 * the caller of this function frees it. session_id_ok(session_id). ERR_NO_SESSION: unknown,
 * forgotten, or somebody else's where only owners may read; ERR_DAMAGED. */
enum err history_session(struct call *call, const char *session_id, struct json **ret_session);

#endif
