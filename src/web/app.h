/* app: the way of every request from its parameters to its answer, always in this order:
 * preflight, path (400, 404, 414), method (405), body (413, 400), JSON (422), credential (401,
 * 503), permission (403), handler. */
#ifndef AGNOSTIC_WEB_APP_H
#define AGNOSTIC_WEB_APP_H

#include "agnostic/base/settings.h"
#include "web/board.h"
#include "web/incoming.h"
#include "web/reply.h"

struct app;

/* app_new(settings, board, &app, &fault): both must outlive it; board NULL only to find out whether
 * the settings will do. Connects to nothing yet.
 * ERR_CONFIG names what is wrong. The caller frees with app_free. */
enum err app_new(const struct settings *settings, struct board *board, struct app **ret_app,
                 struct fault *ret_fault);
void app_free(struct app *app);

/* app_serve(app, incoming, &with_body): the answer to send; with_body is false for HEAD. It lives
 * until app_settle(app), which must follow: it writes the access log and frees what the call
 * held, after the client has its answer. The request is counted before: who has an answer finds
 * it in the metrics, whichever worker tells them. */
const struct reply *app_serve(struct app *app, const struct incoming *incoming,
                              bool *ret_with_body);
void app_settle(struct app *app);

#endif
