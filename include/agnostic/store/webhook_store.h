/* webhook_store: the life of callbacks. The terminal scripts make them due; keepers take and send
 * them; the web tier shows them, and never sees a secret again. */
#ifndef AGNOSTIC_STORE_WEBHOOK_STORE_H
#define AGNOSTIC_STORE_WEBHOOK_STORE_H

#include "agnostic/base/addr.h"
#include "agnostic/store/store.h"

enum {
    WEBHOOK_STORE_HOLD_MS = 60000,
    WEBHOOK_STORE_MAX = 32,         /* under way at a time, all keepers together */
    WEBHOOK_STORE_HOST_MAX = 2,     /* of these, to one host and port */
    WEBHOOK_STORE_ENTRIES = 32,     /* attempts that are remembered, as lib/webhook.lua has it */
    WEBHOOK_STORE_HEAD_MAX = 256,   /* bytes kept of an answer's body */
    WEBHOOK_STORE_PINGS_MAX = 60,   /* tests of one principal a minute */
    WEBHOOK_STORE_PING_TTL_S = 3600 /* until a test's secret is forgotten */
};

/* --- the keeper ---------------------------------------------------------------------- */

struct webhook_due {
    char id[101];              /* of the task, or of the test */
    char event[32];            /* "task.completed", "task.failed", "task.cancelled", "ping" */
    char *url, *secret, *body; /* owned; secret may be NULL; body is the record as stored */
    size_t body_len;
    int64_t attempt; /* 1, 2, ... */
};
void webhook_due_done(struct webhook_due *due);

/* webhook_store_take(store, schedule, &due): one due callback, its attempt counted, held for
 * WEBHOOK_STORE_HOLD_MS so that another keeper takes it over if this one dies. schedule:
 * AGNOSTIC_WEBHOOK_SCHEDULE_S. A host whose circuit is open, or that has enough under way, is
 * passed over. ERR_EMPTY. */
enum err webhook_store_take(struct store *store, const char *schedule, struct webhook_due *ret_due);

enum webhook_result { WEBHOOK_DELIVERED, WEBHOOK_FAILED, WEBHOOK_GONE, WEBHOOK_BLOCKED };
/* How an attempt went. Only WEBHOOK_FAILED is tried again. */
struct webhook_report {
    enum webhook_result result;
    int http_status; /* 0: no answer */
    char why[24];    /* a stable word: "delivered", "http_status", "blocked", "timeout", ... */
    int64_t ms, retry_after_s;
    char ip[ADDR_TEXT_SIZE];               /* "" no connection */
    char head[WEBHOOK_STORE_HEAD_MAX + 1]; /* of the answer, printable ASCII */
};
/* webhook_store_done(store, id, attempt, report, schedule): what follows of it; the task itself is
 * never touched. ERR_LOST: another keeper has taken over, the report is only noted. */
enum err webhook_store_done(struct store *store, const char *id, int64_t attempt,
                            const struct webhook_report *report, const char *schedule);

/* --- the web tier -------------------------------------------------------------------- */

struct webhook_entry {
    int64_t attempt, at_ms;
    struct webhook_report report; /* without result and retry_after_s; why may be "sending" */
};
/* What is known of a callback. */
struct webhook_view {
    bool exists;    /* there is a callback, or was one */
    char state[16]; /* "pending" (no attempt yet), "sending", "waiting" (for another attempt),
                       "delivered", "failed", "blocked"; "none" without callback */
    int64_t attempts, due_ms;                            /* due_ms: of the next, 0: there is none */
    char ping_owner[128];                                /* of a test, else "" */
    struct webhook_entry entries[WEBHOOK_STORE_ENTRIES]; /* oldest first */
    size_t count;
};
/* webhook_store_view(store, id, &view): of a task, or of a test. */
enum err webhook_store_view(struct store *store, const char *id, struct webhook_view *ret_view);
/* webhook_store_again(store, id): one attempt more, now; the schedule goes on as it was.
 * ERR_CONFLICT: no callback, or the task has not ended. */
enum err webhook_store_again(struct store *store, const char *id);

struct webhook_ping {
    const char *id, *owner;
    struct text url, secret, body; /* secret empty: none */
    struct text idem_key;          /* empty: none */
    const char *fingerprint;       /* wanted with idem_key */
};
/* webhook_store_ping(store, ping, id, &replayed): a test event, sent once. id receives the one that
 * stands for the request. ERR_RATE: more than WEBHOOK_STORE_PINGS_MAX; ERR_IDEMPOTENCY. */
enum err webhook_store_ping(struct store *store, const struct webhook_ping *ping,
                            char ret_id[static 101], bool *ret_replayed);

#endif
