/* silence: a timer around blocking reads and writes of libfcgi. Must not know what is read or
 * written. */
#include "web/silence.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>

/* What the alarm looks at; a signal handler gets no argument of ours. */
static struct {
    timer_t timer;
    struct timespec limit;
    volatile sig_atomic_t fd, side; /* fd -1: nothing */
} silence = {.fd = -1};

static void silence_alarm(int signal) {
    int before = errno;
    bool reading = silence.side == SILENCE_READING;
    struct pollfd peer = {.fd = silence.fd, .events = reading ? POLLIN : POLLOUT};
    (void)signal;
    if (silence.fd >= 0 && poll(&peer, 1, 0) == 0)
        shutdown(silence.fd, reading ? SHUT_RD : SHUT_RDWR);
    errno = before;
}

enum err silence_open(int64_t limit_ms) {
    struct sigaction restart = {.sa_handler = silence_alarm, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    silence.limit = (struct timespec){limit_ms / 1000, limit_ms % 1000 * 1000000};
    bool opened = sigaction(SIGALRM, &restart, NULL) == 0 &&
                  timer_create(CLOCK_MONOTONIC, &event, &silence.timer) == 0;
    return opened ? ERR_OK : ERR_IO;
}

/* It goes on ringing: what was to be read at the first ring may be all that ever comes. */
static void silence_set(struct timespec limit) {
    struct itimerspec next = {.it_value = limit, .it_interval = limit};
    timer_settime(silence.timer, 0, &next, NULL);
}

void silence_watch(int fd, enum silence_side side) {
    silence.fd = fd;
    silence.side = side;
    silence_set(silence.limit);
}

void silence_rest(void) {
    if (silence.fd >= 0)
        silence_set((struct timespec){0, 0});
    silence.fd = -1;
}
