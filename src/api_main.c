/* agnostic-api: the FastCGI application. A table of contents, nothing more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "agnostic/base/log.h"
#include "agnostic/base/options.h"
#include "agnostic/base/settings.h"
#include "web/listen.h"
#include "web/metrics.h"
#include "web/supervisor.h"
#include "web/worker.h"

enum { API_WORKERS_DEFAULT = 4, API_EXIT_STARTED_WRONGLY = 2 };

static const struct option_row OPTIONS[] = {
    {"workers", "N", "worker processes (4); 0: this process is the only worker"},
    {"help", NULL, "this text"},
    {"version", NULL, "print the version"},
};
enum { OPTIONS_COUNT = sizeof(OPTIONS) / sizeof(OPTIONS[0]) };

static const enum settings_id SETTINGS_OURS[] = {
    SETTINGS_API_KEY,           SETTINGS_TOKEN_SECRET,
    SETTINGS_CORS_ORIGINS,      SETTINGS_REDIS_URL,
    SETTINGS_REDIS_TIMEOUT_MS,  SETTINGS_REDIS_REPLICAS,
    SETTINGS_REDIS_VOLATILE_OK, SETTINGS_WEBHOOK_ALLOW,
    SETTINGS_TASK_READ,         SETTINGS_TASK_TIMEOUT_S,
    SETTINGS_OPEN_TASKS,        SETTINGS_QUEUE_MAX,
    SETTINGS_QUEUE_TTL_S,       SETTINGS_RECEIPT_KEY,
    SETTINGS_SUBMIT_PER_MIN,    SETTINGS_AUTH_FAIL_PER_MIN,
    SETTINGS_RUN_DIR,           SETTINGS_BODY_MAX,
    SETTINGS_IO_TIMEOUT_MS,     SETTINGS_RECYCLE,
    SETTINGS_DRAIN_MS,          SETTINGS_LOG,
    SETTINGS_LOG_LEVEL,
};

static int api_help(void) {
    struct buf text;
    buf_init(&text, 65536);
    buf_puts(&text,
             "Usage: agnostic-api [--workers N]\n\n"
             "The REST interface of Agnostic QA, as a FastCGI application on the listening\n"
             "socket that is its standard input (or systemd's LISTEN_FDS):\n\n"
             "  spawn-fcgi -n -s /run/agnostic/api.sock -M 0660 -- agnostic-api --workers 4\n\n"
             "Options:\n");
    options_help(OPTIONS, OPTIONS_COUNT, &text);
    buf_puts(&text, "\nSignals: TERM ends it after the requests in hand; HUP reads the settings\n"
                    "again and replaces the workers without losing a connection.\n\n"
                    "Settings, from the environment or agnostic.conf:\n");
    settings_help(&text, SETTINGS_OURS, sizeof(SETTINGS_OURS) / sizeof(SETTINGS_OURS[0]));
    buf_puts(&text, "\nExit status: 0 stopped; 2 no listening socket; 64 wrong usage; 78 bad "
                    "setting.\n");
    fputs(buf_str(&text), stdout);
    buf_done(&text);
    return 0;
}

static int api_fail(const struct fault *fault) {
    fprintf(stderr, "agnostic-api: %s\n", fault->text);
    return err_exit(fault->err);
}

static void api_warn_unknown(void *ctx, const char *name) {
    (void)ctx;
    log_warn("unknown_setting", LOG_STR("name", name));
}

/* Secrets are in this memory: no core file of it. */
static void api_no_core(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

static enum err api_settings(struct settings **ret_settings, struct fault *ret_fault) {
    if (getenv("FCGI_WEB_SERVER_ADDRS") != NULL)
        return fault_set(ret_fault, ERR_CONFIG,
                         "FCGI_WEB_SERVER_ADDRS is not honoured; use a unix socket instead of TCP");
    enum err err = settings_load(ret_settings, ret_fault);
    if (err != ERR_OK)
        return err;
    err = worker_check(*ret_settings, ret_fault);
    if (err != ERR_OK)
        settings_free(*ret_settings);
    return err;
}

static int api_run(int workers) {
    struct settings *settings;
    struct fault fault = {0};
    if (!listen_adopt()) {
        fputs(listen_help(), stderr);
        return API_EXIT_STARTED_WRONGLY;
    }
    if (api_settings(&settings, &fault) != ERR_OK)
        return api_fail(&fault);
    api_no_core();
    log_open_named("agnostic-api", settings_text(settings, SETTINGS_LOG),
                   settings_text(settings, SETTINGS_LOG_LEVEL));
    settings_unknown(settings, api_warn_unknown, NULL);
    struct board *board = metrics_board(settings_text(settings, SETTINGS_RUN_DIR));
    if (board == NULL)
        return err_exit(ERR_NOMEM);
    if (!board_is_shared(board))
        log_info("board_in_memory", LOG_STR("folder", settings_text(settings, SETTINGS_RUN_DIR)));
    if (workers > 0)
        return supervisor_run(settings, board, workers);
    int status = worker_run(settings, board, 0);
    board_close(board);
    settings_free(settings);
    return status;
}

int main(int argc, char **argv) {
    struct options *options;
    struct fault fault = {0};
    int64_t workers = 0;
    int status;
    if (options_parse(OPTIONS, OPTIONS_COUNT, argc, argv, &options, &fault) != ERR_OK)
        return api_fail(&fault);
    if (options_flag(options, "help"))
        status = api_help();
    else if (options_flag(options, "version"))
        status = puts("agnostic-api " AGNOSTIC_VERSION) < 0;
    else if (options_count(options) > 0)
        status = api_fail(
            (fault_set(&fault, ERR_USAGE, "unexpected: %s", options_operand(options, 0)), &fault));
    else if (options_int(options, "workers", 0, SUPERVISOR_WORKERS_MAX, API_WORKERS_DEFAULT,
                         &workers, &fault) != ERR_OK)
        status = api_fail(&fault);
    else
        status = api_run((int)workers);
    options_free(options);
    return status;
}
