/* Signals through a descriptor. */
#include "runner/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct {
    int signal;
    unsigned bit;
} meanings[] = {
    {SIGTERM, SIGNALS_STOP},  {SIGINT, SIGNALS_STOP},   {SIGUSR2, SIGNALS_NOW},
    {SIGUSR1, SIGNALS_LEAVE}, {SIGHUP, SIGNALS_RELOAD}, {SIGCHLD, SIGNALS_CHILD},
};
enum { MEANINGS = sizeof(meanings) / sizeof(meanings[0]) };

enum err signals_open(int *ret_fd) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < MEANINGS; i++) {
        sigaddset(&set, meanings[i].signal);
    }
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return ERR_IO;
    }
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        return ERR_IO;
    }
    *ret_fd = fd;
    return ERR_OK;
}

unsigned signals_take(int fd) {
    struct signalfd_siginfo info;
    unsigned bits = 0;
    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        for (int i = 0; i < MEANINGS; i++) {
            bits |= info.ssi_signo == (unsigned)meanings[i].signal ? meanings[i].bit : 0;
        }
    }
    return bits;
}
