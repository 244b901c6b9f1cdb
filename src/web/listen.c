/* listen: finds the listening socket. Must not know what is spoken on it. */
#include "web/listen.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agnostic/base/text.h"

enum { LISTEN_FD = 0, LISTEN_SYSTEMD_FD = 3 };

static bool listen_is_socket(int fd) {
    int listening = 0;
    socklen_t size = sizeof(listening);
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

static bool listen_is_ours(void) {
    uint64_t pid, count;
    return text_u64(text_of(getenv("LISTEN_PID")), INT32_MAX, &pid) &&
           text_u64(text_of(getenv("LISTEN_FDS")), INT32_MAX, &count) &&
           pid == (uint64_t)getpid() && count >= 1;
}

bool listen_adopt(void) {
    if (listen_is_socket(LISTEN_FD))
        return true;
    if (!listen_is_ours() || !listen_is_socket(LISTEN_SYSTEMD_FD))
        return false;
    if (dup2(LISTEN_SYSTEMD_FD, LISTEN_FD) != LISTEN_FD)
        return false;
    close(LISTEN_SYSTEMD_FD);
    unsetenv("LISTEN_FDS");
    return true;
}

const char *listen_help(void) {
    return "agnostic-api: standard input is not a listening socket.\n"
           "\n"
           "This is a FastCGI application; a web server or a spawner starts it, for example:\n"
           "\n"
           "  spawn-fcgi -n -s /run/agnostic/api.sock -M 0660 -- agnostic-api --workers 4\n"
           "\n"
           "or a systemd socket unit (ListenStream=/run/agnostic/api.sock, SocketMode=0660), or\n"
           "Apache's mod_fcgid or lighttpd's own spawner with --workers 0.\n"
           "agnostic-api --help tells the options and settings.\n";
}
