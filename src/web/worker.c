/* worker: one process' loop. Must not know of other workers, nor what requests mean. */
#include "web/worker.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agnostic/base/log.h"
#include "agnostic/base/secure.h"
#include "web/app.h"
#include "web/fcgi.h"

/* Stop signals stay blocked for good and are looked for between requests only, so that none
 * cuts a request short. SIGPIPE says nothing that a failing write does not. */
static int worker_signals(void) {
    static const int STOPS[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t stops;
    sigemptyset(&stops);
    for (size_t i = 0; i < sizeof(STOPS) / sizeof(STOPS[0]); i++)
        sigaddset(&stops, STOPS[i]);
    sigprocmask(SIG_SETMASK, &stops, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    return signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
}

enum err worker_check(const struct settings *settings, struct fault *ret_fault) {
    struct app *app;
    enum err err = app_new(settings, NULL, &app, ret_fault);
    if (err == ERR_OK)
        app_free(app);
    return err;
}

/* Not all workers of a pool may leave together: the setting, give or take a tenth. */
static int64_t worker_limit(const struct settings *settings) {
    int64_t limit = settings_int(settings, SETTINGS_RECYCLE);
    uint32_t random = 0;
    if (limit == 0)
        return INT64_MAX;
    (void)secure_random(&random, sizeof(random));
    return limit - limit / 10 + (int64_t)(random % (uint64_t)(limit / 5 + 1));
}

static int worker_loop(struct app *app, struct fcgi *fcgi, int64_t limit) {
    struct incoming incoming;
    for (int64_t served = 0; served < limit; served++) {
        enum err err = fcgi_next(fcgi, &incoming);
        if (err == ERR_EMPTY)
            return 0;
        if (err != ERR_OK) {
            log_error("listening_socket_lost", LOG_STR("why", err_text(err)));
            return err_exit(err);
        }
        bool with_body;
        const struct reply *reply = app_serve(app, &incoming, &with_body);
        fcgi_send(fcgi, reply, with_body);
        app_settle(app);
    }
    return 0;
}

int worker_run(const struct settings *settings, struct board *board, int64_t pool) {
    struct app *app = NULL;
    struct fcgi *fcgi = NULL;
    struct fault fault = {0};
    int stop_fd = worker_signals();
    enum err err = app_new(settings, board, &app, &fault);
    board_join(board, pool);
    if (err == ERR_OK)
        err = fcgi_new(stop_fd, settings_int(settings, SETTINGS_IO_TIMEOUT_MS), &fcgi, &fault);
    if (err != ERR_OK)
        log_error("worker_not_started", LOG_STR("why", fault.text));
    int status = err == ERR_OK ? worker_loop(app, fcgi, worker_limit(settings)) : err_exit(err);
    fcgi_free(fcgi);
    app_free(app);
    close(stop_fd);
    return status;
}
