/* One thread that waits for the end. Knows nothing of what is cut short. */
#include "agents/watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "agnostic/base/time.h"

static struct {
    pthread_mutex_t lock; /* held while ending, never released then */
    bool over;
    sigset_t signals;
    int64_t deadline_ms; /* monotonic; 0: none */
    watch_end end;
    void *ctx;
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* True when a signal came, false when the deadline passed. */
static bool watch_wait(void) {
    for (;;) {
        int64_t left = watch.deadline_ms - time_mono_ms();
        struct timespec limit = {left / 1000, left % 1000 * 1000000};
        int signal;
        if (watch.deadline_ms != 0 && left <= 0)
            return false;
        signal = watch.deadline_ms != 0 ? sigtimedwait(&watch.signals, NULL, &limit)
                                        : sigwaitinfo(&watch.signals, NULL);
        if (signal > 0)
            return true;
        if (errno != EINTR && errno != EAGAIN)
            return true;
    }
}

static void *watch_run(void *ignored) {
    (void)ignored;
    const char *reason = watch_wait() ? "stopped" : "timeout";
    pthread_mutex_lock(&watch.lock);
    if (!watch.over) {
        watch.end(watch.ctx, reason);
        _exit(0);
    }
    pthread_mutex_unlock(&watch.lock);
    return NULL;
}

enum err watch_start(int64_t timeout_ms, watch_end end, void *ctx) {
    pthread_t thread;
    watch.deadline_ms = timeout_ms > 0 ? time_mono_ms() + timeout_ms : 0;
    watch.end = end;
    watch.ctx = ctx;
    sigemptyset(&watch.signals);
    sigaddset(&watch.signals, SIGTERM);
    sigaddset(&watch.signals, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, &watch.signals, NULL) != 0 ||
        pthread_create(&thread, NULL, watch_run, NULL) != 0)
        return ERR_INTERNAL;
    pthread_detach(thread);
    return ERR_OK;
}

void watch_stop(void) {
    pthread_mutex_lock(&watch.lock);
    watch.over = true;
    pthread_mutex_unlock(&watch.lock);
}
