/* client: the service's REST interface as agnosticctl uses it. The key comes from the settings
 * and never from the command line, where anyone on the machine could read it. */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include "agnostic/base/json.h"
#include "agnostic/base/settings.h"
#include "agnostic/probe/http.h"

struct client;

/* client_new(settings, &client, &fault): for AGNOSTIC_URL with AGNOSTIC_API_KEY, which must
 * outlive it. ERR_CONFIG names a bad URL. */
enum err client_new(const struct settings *settings, struct client **ret_client,
                    struct fault *ret_fault);
/* client_open(settings, &client): client_new for a command: CTL_OK, or the exit status once stderr
 * says why there is none. */
int client_open(const struct settings *settings, struct client **ret_client);
/* client_check_task(id): could it be a task's? CTL_OK, or CTL_USAGE once stderr says no. */
int client_check_task(const char *id);
void client_free(struct client *client);
const char *client_url(const struct client *client);
bool client_has_key(const struct client *client);

struct client_answer {
    int status;            /* HTTP */
    struct json *body;     /* owned; NULL when the answer was not JSON */
    struct buf text;       /* as it came */
    int64_t retry_after_s; /* -1: not said */
};
void client_answer_done(struct client_answer *answer);

/* client_call(client, method, path, body, &answer, &fault): one call with the key. path begins
 * with '/'; body is JSON, ptr NULL for none. Any HTTP status is ERR_OK. Errors: http_send's. */
enum err client_call(struct client *client, const char *method, const char *path, struct text body,
                     struct client_answer *ret_answer, struct fault *ret_fault);
/* client_post_once(client, path, key, body, &answer, &fault): a POST that creates one thing,
 * however often it takes to get an answer: it goes out with key as its Idempotency-Key (visible
 * ASCII) and again, a few times, while the service is down or says so. */
enum err client_post_once(struct client *client, const char *path, const char *key,
                          struct text body, struct client_answer *ret_answer,
                          struct fault *ret_fault);
/* client_read(client, path, from, &answer, &fault): GET of the bytes from that one on (Range); the
 * answer's body stays text. */
enum err client_read(struct client *client, const char *path, int64_t from,
                     struct client_answer *ret_answer, struct fault *ret_fault);
/* client_call_as(client, credential, path, &answer, &fault): GET with this header instead of the
 * key; NULL for none. */
enum err client_call_as(struct client *client, const struct http_header *credential,
                        const char *path, struct client_answer *ret_answer,
                        struct fault *ret_fault);

/* client_is_down(err, answer): would the same call be worth repeating? No answer, or 429 or 5xx,
 * or something that is not the service's JSON. */
bool client_is_down(enum err err, const struct client_answer *answer);
/* client_complain(what, err, answer, fault): one or more lines on stderr: `what` did not work,
 * why, in the service's own words. The exit status: CTL_USAGE for 422, CTL_UNREACHABLE when the
 * service did not answer for itself, else CTL_REFUSED. */
int client_complain(const char *what, enum err err, const struct client_answer *answer,
                    const struct fault *fault);

#endif
