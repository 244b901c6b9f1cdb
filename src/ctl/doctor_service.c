/* doctor_service: what can be seen from outside, as a client sees it. */
#include <string.h>

#include "ctl/doctor.h"

/* --- the web server, and the application behind it ----------------------------------------- */

static const struct {
    enum err err;
    const char *mend;
} UNREACHED[] = {
    {ERR_RESOLVE, "check the host name in AGNOSTIC_URL and this machine's DNS"},
    {ERR_CONNECT, "start the web server, or correct host and port in AGNOSTIC_URL"},
    {ERR_TLS, "give the web server a certificate for this host name from an authority that this "
              "machine trusts (SSL_CERT_FILE adds one), or correct https in AGNOSTIC_URL"},
    {ERR_TIMEOUT, "look whether agnostic-api runs (mod_fcgid waits for it), for a firewall between "
                  "here and the web server, and at the web server's load and error log"},
    {ERR_PEER, "what listens there does not speak HTTP: correct AGNOSTIC_URL (https or http? "
               "which port?)"},
};

static void tell_unreached(struct doctor *doctor, enum err err, const struct fault *fault) {
    const char *mend = "correct AGNOSTIC_URL";
    for (size_t i = 0; i < sizeof(UNREACHED) / sizeof(UNREACHED[0]); i++)
        if (UNREACHED[i].err == err)
            mend = UNREACHED[i].mend;
    doctor_fail(doctor, "web server", mend, "%s is not reached: %s", client_url(doctor->client),
                fault->text);
}

static void tell_foreign(struct doctor *doctor, const struct client_answer *answer) {
    const char *mend =
        answer->status == 502 || answer->status == 503 || answer->status == 504
            ? "start agnostic-api (spawn-fcgi or its unit); compare the socket's path in the web "
              "server's configuration with the one it was started with; let the web server's user "
              "write to that socket"
        : answer->status == 404 || answer->status == 403
            ? "pass /health, /ready and /api of the web server to agnostic-api; examples are in "
              "deploy/"
            : "look at the web server's error log; this answer is its own, not agnostic-api's";
    doctor_fail(doctor, "agnostic-api", mend,
                "the web server answers /health with HTTP %d by itself", answer->status);
}

static bool has_text(const struct json *object, const char *name) {
    return json_kind(json_get(object, name)) == JSON_STRING;
}

static void tell_health(struct doctor *doctor, const struct client_answer *answer) {
    const char *redis = json_str(json_get(answer->body, "redis"), "");
    doctor_ok(doctor, "web server", "%s answers", client_url(doctor->client));
    doctor_ok(doctor, "agnostic-api", "answers /health: %s",
              json_str(json_get(answer->body, "status"), ""));
    doctor->service_answers = true;
    doctor->service_sees = strcmp(redis, "ok") == 0;
    if (doctor->service_sees)
        doctor_ok(doctor, "its Redis", "answers agnostic-api");
    else
        doctor_fail(doctor, "its Redis",
                    "start Redis, or correct AGNOSTIC_REDIS_URL of agnostic-api (not of this "
                    "shell) and the permissions of Redis' socket",
                    "does not answer agnostic-api");
}

void doctor_service_web(struct doctor *doctor) {
    struct client_answer answer;
    struct fault fault = {0};
    enum err err = client_call_as(doctor->client, NULL, "/health", &answer, &fault);
    if (err != ERR_OK)
        tell_unreached(doctor, err, &fault);
    else if (answer.status != 200 || !has_text(answer.body, "redis"))
        tell_foreign(doctor, &answer);
    else
        tell_health(doctor, &answer);
    client_answer_done(&answer);
}

/* --- readiness ------------------------------------------------------------------------------ */

static const struct {
    const char *check, *mend;
} READINESS[] = {
    {"redis", "start Redis and correct AGNOSTIC_REDIS_URL of agnostic-api"},
    {"maxmemory_policy", "redis-cli CONFIG SET maxmemory-policy noeviction, and write it into "
                         "redis.conf: any other policy may throw accepted tasks away"},
    {"aof", "redis-cli CONFIG SET appendonly yes, and write appendonly yes and appendfsync always "
            "into redis.conf; if writing failed, free space on Redis' disk"},
    {"role", "point AGNOSTIC_REDIS_URL at the master, not at a replica"},
    {"runner", "start agnostic-runner with the same AGNOSTIC_REDIS_URL as agnostic-api"},
};

static const char *mend_of(const char *check) {
    for (size_t i = 0; i < sizeof(READINESS) / sizeof(READINESS[0]); i++)
        if (strcmp(READINESS[i].check, check) == 0)
            return READINESS[i].mend;
    return "see README, \"Running it\"";
}

struct readiness {
    struct doctor *doctor;
    const struct json *reasons;
    bool redis_away; /* then nothing else is known */
};

static bool tell_check(void *ctx, struct text name, const struct json *value) {
    struct readiness *readiness = ctx;
    char check[64];
    if (json_kind(value) != JSON_STRING || text_is(name, "status") ||
        !text_copy(name, check, sizeof(check)))
        return true;
    const char *why = json_str(json_get(readiness->reasons, check), "");
    if (strcmp(json_str(value, ""), "ok") == 0)
        doctor_ok(readiness->doctor, check, "ready%s%s", why[0] ? ": " : "", why);
    else if (readiness->redis_away && strcmp(check, "redis") != 0)
        doctor_note(readiness->doctor, check, "not looked at: Redis does not answer");
    else
        doctor_fail(readiness->doctor, check, mend_of(check), "%s", why[0] ? why : "not ready");
    return true;
}

void doctor_service_ready(struct doctor *doctor) {
    struct client_answer answer;
    struct fault fault = {0};
    enum err err = client_call_as(doctor->client, NULL, "/ready", &answer, &fault);
    const struct json *reasons = json_get(answer.body, "reasons");
    const char *redis = json_str(json_get(answer.body, "redis"), "ok");
    struct readiness readiness = {doctor, reasons, strcmp(redis, "ok") != 0};
    if (err == ERR_OK && json_kind(reasons) == JSON_OBJECT)
        json_each(answer.body, tell_check, &readiness);
    else
        doctor_note(doctor, "readiness", "not looked at: /ready is not reached");
    client_answer_done(&answer);
}

/* --- credentials ---------------------------------------------------------------------------- */

static void tell_key(struct doctor *doctor, const struct client_answer *answer) {
    const char *detail = json_str(json_get(answer->body, "detail"), "");
    if (answer->status == 200)
        doctor_ok(doctor, "key", "AGNOSTIC_API_KEY is accepted: user %s, role %s",
                  json_str(json_get(answer->body, "user_id"), "?"),
                  json_str(json_get(answer->body, "role"), "?"));
    else if (answer->status == 401)
        doctor_fail(doctor, "key",
                    "set AGNOSTIC_API_KEY to a key that is listed by `agnosticctl key list "
                    "--local`, or make one with `agnosticctl key create --local`",
                    "AGNOSTIC_API_KEY is not accepted: %s", detail);
    else if (answer->status == 503)
        doctor_fail(doctor, "key", "mend Redis first", "cannot be looked up: %s", detail);
    else
        doctor_fail(doctor, "key",
                    "pass X-API-Key and /api to agnostic-api; examples are in deploy/",
                    "GET /api/auth/me answers HTTP %d", answer->status);
}

void doctor_service_key(struct doctor *doctor) {
    struct client_answer answer;
    struct fault fault = {0};
    if (!client_has_key(doctor->client)) {
        doctor_note(doctor, "key",
                    "AGNOSTIC_API_KEY is not set: nothing can be submitted from here");
        return;
    }
    enum err err =
        client_call(doctor->client, "GET", "/api/auth/me", text_make(NULL, 0), &answer, &fault);
    if (err == ERR_OK && doctor->service_answers)
        tell_key(doctor, &answer);
    else
        doctor_note(doctor, "key", "not looked at: the service is not reached");
    client_answer_done(&answer);
}

/* A token that cannot be valid: if it arrives, the answer says that it is bad; if the web server
 * keeps it back, the answer says that there is none. */
void doctor_service_authorization(struct doctor *doctor) {
    const struct http_header bad = {TEXT("Authorization"), TEXT("Bearer not-a-token")};
    struct client_answer answer;
    struct fault fault = {0};
    enum err err = client_call_as(doctor->client, &bad, "/api/auth/me", &answer, &fault);
    const char *code = json_str(json_get(answer.body, "code"), "");
    if (err == ERR_OK && strcmp(code, err_word(ERR_BAD_TOKEN)) == 0)
        doctor_ok(doctor, "authorization", "the web server passes the Authorization header on");
    else if (err == ERR_OK && strcmp(code, err_word(ERR_NO_CREDENTIAL)) == 0)
        doctor_fail(
            doctor, "authorization",
            "pass it on (Apache: CGIPassAuth On); examples are in deploy/. API keys work "
            "without it",
            "the web server keeps the Authorization header back: Bearer tokens cannot work");
    else
        doctor_note(doctor, "authorization", "not looked at: the service is not reached");
    client_answer_done(&answer);
}
