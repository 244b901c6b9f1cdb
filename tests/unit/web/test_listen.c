/* The listening socket: taken where it was handed over, missed where it was not. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "web/listen.h"

enum { SYSTEMD_FD = 3 };

static int a_listening_socket(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr anonymous = {.sa_family = AF_UNIX};
    assert_int_equal(bind(fd, &anonymous, sizeof(anonymous.sa_family)), 0);
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

/* In a process whose standard input is `stdin_fd` and whose descriptor 3 is `third_fd`. */
static bool adopts(int stdin_fd, int third_fd, bool told_by_systemd) {
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        char self[16];
        int listening = 0;
        socklen_t size = sizeof(listening);
        snprintf(self, sizeof(self), "%d", (int)getpid());
        dup2(stdin_fd, 0);
        dup2(third_fd, SYSTEMD_FD);
        if (told_by_systemd) {
            setenv("LISTEN_PID", self, 1);
            setenv("LISTEN_FDS", "1", 1);
        }
        bool adopted = listen_adopt();
        getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
        _exit(adopted == (listening != 0) ? adopted : 2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 1;
}

static void a_listening_socket_on_standard_input_is_taken(void **unused) {
    (void)unused;
    int fd = a_listening_socket(), null = open("/dev/null", O_RDONLY);
    assert_true(adopts(fd, null, false));
    close(fd);
    close(null);
}

static void systemds_socket_is_taken_when_it_is_meant_for_us(void **unused) {
    (void)unused;
    int fd = a_listening_socket(), null = open("/dev/null", O_RDONLY);
    assert_true(adopts(null, fd, true));
    assert_false(adopts(null, fd, false));
    close(fd);
    close(null);
}

static void anything_else_is_none(void **unused) {
    (void)unused;
    int pair[2], null = open("/dev/null", O_RDONLY);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_false(adopts(null, null, true));
    assert_false(adopts(pair[0], null, false));
    close(pair[0]);
    close(pair[1]);
    close(null);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listening_socket_on_standard_input_is_taken),
        cmocka_unit_test(systemds_socket_is_taken_when_it_is_meant_for_us),
        cmocka_unit_test(anything_else_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
