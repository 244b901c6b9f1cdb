/* err: every way anything here can fail, in one table.
 *
 * A function that can fail returns an `enum err`; ERR_OK is 0. Where a person
 * needs more than the code (which setting, which line), the function also fills
 * a `struct fault` owned by the caller. Libraries never log; programs do. */
#ifndef AGNOSTIC_BASE_ERR_H
#define AGNOSTIC_BASE_ERR_H

/* code, stable word for clients, HTTP status, exit status (sysexits.h where it
 * has one), sentence. The sentences of 4xx rows that the original had are the
 * original's, to the letter (PROTOCOL.md, "Errors"). */
#define ERR_TABLE(X)                                                                               \
    X(OK, "ok", 200, 0, "OK")                                                                      \
    /* ours: nothing a client can mend */                                                          \
    X(NOMEM, "internal_error", 500, 70, "Internal Server Error")                                   \
    X(INTERNAL, "internal_error", 500, 70, "Internal Server Error")                                \
    X(DAMAGED, "stored_record_damaged", 500, 70, "Internal Server Error")                          \
    X(IO, "io_error", 500, 74, "Input/output error")                                               \
    X(NOT_AVAILABLE, "not_available", 501, 69, "Not available")                                    \
    /* how a program was called */                                                                 \
    X(USAGE, "usage", 400, 64, "Wrong usage")                                                      \
    X(CONFIG, "bad_setting", 500, 78, "Wrong setting")                                             \
    X(SYNTAX, "bad_syntax", 400, 65, "Bad syntax")                                                 \
    /* the request as such */                                                                      \
    X(BAD_REQUEST, "bad_request", 400, 65, "Bad Request")                                          \
    X(BAD_PATH, "bad_path", 400, 65, "Bad request path")                                           \
    X(BODY_SHORT, "body_incomplete", 400, 65, "Request body is shorter than announced")            \
    X(PARAM_TWICE, "duplicate_parameter", 400, 65, "Query parameter given twice")                  \
    X(TASK_ID, "bad_task_id", 400, 65, "Invalid task ID format")                                   \
    X(IDEMPOTENCY_KEY, "bad_idempotency_key", 400, 65,                                             \
      "Idempotency-Key must be 1 to 255 visible ASCII characters")                                 \
    X(CALLBACK, "callback_refused", 400, 65, "Callback refused")                                   \
    X(NO_CREDENTIAL, "no_credential", 401, 77, "Missing or invalid authorization header")          \
    X(BAD_KEY, "bad_api_key", 401, 77, "Invalid API key")                                          \
    X(BAD_TOKEN, "bad_token", 401, 77, "Invalid or expired token")                                 \
    X(FORBIDDEN, "forbidden", 403, 77, "Insufficient permissions")                                 \
    X(NO_ROUTE, "not_found", 404, 69, "Not Found")                                                 \
    X(NO_TASK, "task_not_found", 404, 69, "Task not found")                                        \
    X(GONE, "expired", 410, 69, "Task has expired")                                                \
    X(NO_SESSION, "session_not_found", 404, 69, "Session not found")                               \
    X(NO_ARTIFACT, "artifact_not_found", 404, 69, "Artifact not found")                            \
    X(NO_KEY, "api_key_not_found", 404, 69, "API key not found")                                   \
    X(METHOD, "method_not_allowed", 405, 65, "Method Not Allowed")                                 \
    X(NOT_ACCEPTABLE, "not_acceptable", 406, 65, "None of the media types in Accept can be sent")  \
    X(CONFLICT, "conflict", 409, 65, "Conflict")                                                   \
    X(ALREADY_CREATED, "already_created", 409, 65, "Already created")                              \
    X(TOO_LARGE, "body_too_large", 413, 65, "Request body is too large")                           \
    X(URI_TOO_LONG, "uri_too_long", 414, 65, "Request path is too long")                           \
    X(MEDIA_TYPE, "unsupported_media_type", 415, 65, "Unsupported Media Type")                     \
    X(RANGE, "range_not_satisfiable", 416, 65, "Requested range is not satisfiable")               \
    X(INVALID, "validation_error", 422, 65, "Validation failed")                                   \
    X(IDEMPOTENCY, "idempotency_key_reused", 422, 65,                                              \
      "Idempotency-Key was used with another request")                                             \
    X(HEADERS, "headers_too_large", 431, 65, "Request header fields are too large")                \
    X(TOO_MANY_OPEN, "too_many_open_tasks", 429, 75, "Too many open tasks")                        \
    X(AUTH_RATE, "too_many_failed_authentications", 429, 77, "Too many failed authentications")    \
    X(RATE, "rate_limited", 429, 75, "Rate limit exceeded")                                        \
    /* what we depend on */                                                                        \
    X(STORE, "store_unavailable", 503, 75, "Service temporarily unavailable. Try again later.")    \
    X(STORE_FULL, "store_full", 503, 75, "Service temporarily unavailable. Try again later.")      \
    X(QUEUE_FULL, "queue_full", 503, 75, "Service temporarily unavailable. Try again later.")      \
    X(DRAINING, "draining", 503, 75, "No new tasks are accepted at the moment. Try again later.")  \
    /* the runner's own */                                                                         \
    X(EMPTY, "empty", 500, 75, "Nothing to do")                                                    \
    X(BUSY, "target_busy", 503, 75, "The target is being tested by others")                        \
    X(TEMPORARY, "temporary_failure", 503, 75, "A temporary failure. Try again later.")            \
    X(LOST, "lease_lost", 500, 75, "The lease on the task was lost")                               \
    X(TIMEOUT, "timeout", 504, 75, "Timed out")                                                    \
    /* reaching a target or a receiver */                                                          \
    X(REFUSED, "target_refused", 400, 77, "Target refused by policy")                              \
    X(RESOLVE, "resolve_failed", 502, 68, "Host name does not resolve")                            \
    X(CONNECT, "connect_failed", 502, 69, "Connection failed")                                     \
    X(TLS, "tls_failed", 502, 69, "TLS handshake failed")                                          \
    X(PEER, "bad_answer", 502, 69, "The other side answered with something unusable")

enum err {
#define X(code, word, status, exit_status, text) ERR_##code,
    ERR_TABLE(X)
#undef X
        ERR__COUNT
};

/* err_word(err): the stable word clients may compare, e.g. "task_not_found". */
const char *err_word(enum err err);
/* err_status(err): the HTTP status this error answers with. */
int err_status(enum err err);
/* err_exit(err): the exit status a program ends with. */
int err_exit(enum err err);
/* err_text(err): one sentence for people. */
const char *err_text(enum err err);

/* What went wrong, for a person. Always NUL-terminated; longer text is cut. */
struct fault {
    enum err err;
    char text[512];
};

/* fault_set(fault, err, format, ...): fill fault (may be NULL) and return err,
 * so that a function can end with `return fault_set(...)`. */
enum err fault_set(struct fault *fault, enum err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
