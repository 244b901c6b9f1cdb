/* settings: every setting of every program, one table.
 *
 * Order: process environment, over the file at $AGNOSTIC_CONFIG, else agnostic.conf
 * beside the binary, else ~/.config/agnostic/agnostic.conf, else
 * /etc/agnostic/agnostic.conf. A file is NAME=value lines and # comments. An unknown or
 * bad setting is refused, the line named; a file that holds a secret and that others may
 * read is refused. Unknown AGNOSTIC_* variables of the environment are reported, not fatal
 * (the environment is shared with others). */
#ifndef AGNOSTIC_BASE_SETTINGS_H
#define AGNOSTIC_BASE_SETTINGS_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

enum settings_type { SETTINGS_TEXT, SETTINGS_INT, SETTINGS_BOOL, SETTINGS_CHOICE };

/* id, name, type, unit, min, max (bytes for text), default, secret, choices, help */
#define SETTINGS_TABLE(X)                                                                          \
    X(API_KEY, "AGNOSTIC_API_KEY", TEXT, "", 16, 512, "", true, NULL,                              \
      "Static API key; has every permission. Empty: no static key.")                               \
    X(TOKEN_SECRET, "WEBGUI_SECRET_KEY", TEXT, "", 32, 4096, "", true, NULL,                       \
      "Secret of the HS256 tokens accepted as Bearer. Empty: Bearer is switched off.")             \
    X(CORS_ORIGINS, "CORS_ALLOWED_ORIGINS", TEXT, "", 0, 8192,                                     \
      "http://localhost:18789,http://localhost:3001", false, NULL,                                 \
      "Origins that browsers may call from, comma-separated.")                                     \
    X(REDIS_URL, "AGNOSTIC_REDIS_URL", TEXT, "", 1, 1024, "redis://127.0.0.1:6379/0", true, NULL,  \
      "Redis: unix:///path/to/socket[?db=N], redis://[user:password@]host[:port][/N] or "          \
      "redis+sentinel://[user:password@]host[:port],.../master-name[/N].")                         \
    X(REDIS_TIMEOUT_MS, "AGNOSTIC_REDIS_TIMEOUT_MS", INT, "ms", 50, 60000, "1000", false, NULL,    \
      "Longest wait for one answer of Redis.")                                                     \
    X(REDIS_REPLICAS, "AGNOSTIC_REDIS_REPLICAS", INT, "", 0, 16, "0", false, NULL,                 \
      "Replicas that must have a change before it is acknowledged (WAIT); 0: none.")               \
    X(REDIS_VOLATILE_OK, "AGNOSTIC_REDIS_VOLATILE_OK", BOOL, "", 0, 1, "no", false, NULL,          \
      "DEVELOPMENT ONLY: be ready although Redis may lose accepted tasks (no AOF, eviction).")     \
    X(AGENTS_DIR, "AGNOSTIC_AGENTS_DIR", TEXT, "", 0, 4096, "", false, NULL,                       \
      "Folders of agent manifests, colon-separated, over the built-in ones.")                      \
    X(PLUGIN_NETWORK, "AGNOSTIC_PLUGIN_NETWORK", BOOL, "", 0, 1, "no", false, NULL,                \
      "Let plug-ins use the network (needs.network \"target\" or \"any\").")                       \
    X(TARGET_ALLOW, "AGNOSTIC_TARGET_ALLOW", TEXT, "", 0, 16384, "", false, NULL,                  \
      "Targets that may be tested beyond the public internet: "                                    \
      "HOST|.SUFFIX|CIDR[:PORT][+load[=RPS]][+active], comma-separated.")                          \
    X(WEBHOOK_ALLOW, "AGNOSTIC_WEBHOOK_ALLOW", TEXT, "", 0, 16384, "", false, NULL,                \
      "Callback receivers allowed beyond the public internet: HOST|.SUFFIX|CIDR[:PORT].")          \
    X(WEBHOOK_SCHEDULE_S, "AGNOSTIC_WEBHOOK_SCHEDULE_S", TEXT, "s", 1, 128,                        \
      "0,5,60,300,1800,7200,18000,36000", false, NULL,                                             \
      "Wait before each attempt of a callback: at most 16, the first 0, 20 h in all.")             \
    X(TASK_READ, "AGNOSTIC_TASK_READ", CHOICE, "", 0, 0, "any", false, "any|owner",                \
      "Who may read a task by its id: any credential with sessions:read, or its owner.")           \
    X(TASK_TIMEOUT_S, "AGNOSTIC_TASK_TIMEOUT_S", INT, "s", 1, 86400, "1800", false, NULL,          \
      "Longest run of one attempt of a task.")                                                     \
    X(LEASE_MS, "AGNOSTIC_LEASE_MS", INT, "ms", 200, 3600000, "30000", false, NULL,                \
      "How long a runner owns a task without a beat.")                                             \
    X(BEAT_MS, "AGNOSTIC_BEAT_MS", INT, "ms", 50, 1200000, "10000", false, NULL,                   \
      "How often a runner renews its lease; at most half of AGNOSTIC_LEASE_MS.")                   \
    X(AGENTS_AT_ONCE, "AGNOSTIC_AGENTS_AT_ONCE", INT, "agents", 1, 8, "3", false, NULL,            \
      "Agents of one task that work side by side; they share its rate.")                           \
    X(OPEN_TASKS, "AGNOSTIC_OPEN_TASKS", INT, "tasks", 0, 10000000, "10000", false, NULL,          \
      "Unfinished tasks one principal may have; 0: no limit.")                                     \
    X(QUEUE_MAX, "AGNOSTIC_QUEUE_MAX", INT, "tasks", 0, 100000000, "200000", false, NULL,          \
      "Waiting tasks, all priorities together; 0: no limit.")                                      \
    X(QUEUE_TTL_S, "AGNOSTIC_QUEUE_TTL_S", INT, "s", 0, 604800, "0", false, NULL,                  \
      "Longest wait of a task for its first start, unless it says otherwise; 0: any.")             \
    X(HISTORY_DAYS, "AGNOSTIC_HISTORY_DAYS", INT, "days", 0, 3650, "90", false, NULL,              \
      "How long a finished task is remembered, to compare later ones with; 0: not at all.")        \
    X(RECEIPT_KEY, "AGNOSTIC_RECEIPT_KEY", TEXT, "", 1, 3072, "", false, NULL,                     \
      "File of the Ed25519 key that receipts are signed with; made when it is not there. Empty: "  \
      "no receipts.")                                                                              \
    X(LLM_URL, "AGNOSTIC_LLM_URL", TEXT, "", 1, 1024, "", false, NULL,                             \
      "A language model that words a summary of each result, and judges nothing: an endpoint as "  \
      "OpenAI's API has it, without /chat/completions. Empty: none is asked.")                     \
    X(LLM_MODEL, "AGNOSTIC_LLM_MODEL", TEXT, "", 1, 128, "", false, NULL,                          \
      "The model's name there.")                                                                   \
    X(LLM_KEY_FILE, "AGNOSTIC_LLM_KEY_FILE", TEXT, "", 1, 3072, "", false, NULL,                   \
      "File of the key that is sent there as Bearer, over https or to loopback only. Empty: "      \
      "none is sent.")                                                                             \
    X(LLM_TIMEOUT_MS, "AGNOSTIC_LLM_TIMEOUT_MS", INT, "ms", 100, 300000, "20000", false, NULL,     \
      "How long a finished task waits for the model; then it ends without a summary.")             \
    X(SUBMIT_PER_MIN, "AGNOSTIC_SUBMIT_PER_MIN", INT, "tasks", 0, 10000000, "6000", false, NULL,   \
      "Tasks one principal may submit a minute; 0: no limit.")                                     \
    X(AUTH_FAIL_PER_MIN, "AGNOSTIC_AUTH_FAIL_PER_MIN", INT, "", 0, 1000000, "300", false, NULL,    \
      "Failed authentications a minute from one address (/64 of IPv6) until it has to wait; 0: "   \
      "any.")                                                                                      \
    X(RUN_DIR, "AGNOSTIC_RUN_DIR", TEXT, "", 1, 512, "/run/agnostic", false, NULL,                 \
      "Where the runner makes its agents' work folders, and the web tier keeps its counts.")       \
    X(BODY_MAX, "AGNOSTIC_BODY_MAX_BYTES", INT, "bytes", 1024, 16777216, "65536", false, NULL,     \
      "Largest request body.")                                                                     \
    X(IO_TIMEOUT_MS, "AGNOSTIC_IO_TIMEOUT_MS", INT, "ms", 100, 600000, "10000", false, NULL,       \
      "Longest wait for the next 4 KiB of a request, or of its answer to be taken.")               \
    X(RECYCLE, "AGNOSTIC_RECYCLE_REQUESTS", INT, "requests", 0, 1000000000, "100000", false, NULL, \
      "A worker is replaced after about so many requests; 0: never.")                              \
    X(DRAIN_MS, "AGNOSTIC_DRAIN_MS", INT, "ms", 0, 600000, "25000", false, NULL,                   \
      "How long a stopping program lets work in hand end by itself.")                              \
    X(LOG, "AGNOSTIC_LOG", CHOICE, "", 0, 0, "stderr", false, "stderr|syslog",                     \
      "Where log lines go.")                                                                       \
    X(LOG_LEVEL, "AGNOSTIC_LOG_LEVEL", CHOICE, "", 0, 0, "info", false, "debug|info|warn|error",   \
      "Least important level that is logged.")                                                     \
    X(URL, "AGNOSTIC_URL", TEXT, "", 1, 2048, "http://127.0.0.1", false, NULL,                     \
      "The service, for agnosticctl.")

enum settings_id {
#define X(id, ...) SETTINGS_##id,
    SETTINGS_TABLE(X)
#undef X
        SETTINGS__COUNT
};

struct settings; /* all values, checked */

/* settings_load(&settings, &fault): reads file and environment. ERR_CONFIG with the file
 * and line, or the variable, named in fault. The caller frees with settings_free. */
enum err settings_load(struct settings **ret_settings, struct fault *ret_fault);
/* settings_read(file_text, file_name, env, &settings, &fault): the same from memory, for
 * tests and fuzzing; env is NULL-terminated NAME=value, may be NULL. */
enum err settings_read(struct text file_text, const char *file_name, const char *const *env,
                       struct settings **ret_settings, struct fault *ret_fault);
void settings_free(struct settings *settings); /* wipes the secrets */

/* settings_file(settings): the file that settings_load has read, "" when there was none. */
const char *settings_file(const struct settings *settings);

/* Values. settings_text: NUL-terminated, never NULL. settings_int: also for BOOL. */
const char *settings_text(const struct settings *settings, enum settings_id id);
int64_t settings_int(const struct settings *settings, enum settings_id id);
bool settings_is(const struct settings *settings, enum settings_id id, const char *choice);

/* Words of the table. */
const char *settings_name(enum settings_id id);
/* settings_help(buf, ids, count): the lines of --help for these settings. */
void settings_help(struct buf *buf, const enum settings_id *ids, size_t count);
/* settings_sample(buf): deploy/agnostic.conf.sample, every setting with its help. */
void settings_sample(struct buf *buf);
/* settings_unknown(settings, visit, ctx): AGNOSTIC_* variables nobody knows, to be warned of. */
void settings_unknown(const struct settings *settings, void (*visit)(void *ctx, const char *name),
                      void *ctx);

#endif
