/* fastcgi: speaks FastCGI to a worker as a web server does, and as none should. And starts what it
 * speaks to, in a process of its own on a socket of the test's. */
#ifndef TESTS_WEB_FASTCGI_H
#define TESTS_WEB_FASTCGI_H

#include "unit.h"

#include <stdbool.h>
#include <sys/types.h>

enum { FASTCGI_RESPONDER = 1, FASTCGI_AUTHORIZER = 2, FASTCGI_KEEP = 1 };

/* fastcgi_serve(workers, settings): forks; the child is a supervisor with so many workers, or one
 * worker (0). settings: "NAME=value\n...". Redis is away. Returns its pid. */
pid_t fastcgi_serve(int workers, const char *settings);
/* fastcgi_settings(settings): rewrites the file that HUP reads. */
void fastcgi_settings(const char *settings);
/* fastcgi_stop(): TERM, and waits; the exit status, or -signal. Closes the socket. */
int fastcgi_stop(void);
/* fastcgi_wait(): the same without the TERM. */
int fastcgi_wait(void);

int fastcgi_connect(void);
/* fastcgi_head(fd, role, flags, method, uri, length): all of a request but its body; length
 * NULL: no CONTENT_LENGTH. */
void fastcgi_head(int fd, int role, int flags, const char *method, const char *uri,
                  const char *length);
/* fastcgi_params(fd, method, uri, length): the same but for its first record. */
void fastcgi_params(int fd, const char *method, const char *uri, const char *length);
void fastcgi_body(int fd, const char *bytes, size_t len);
void fastcgi_end(int fd);
/* fastcgi_status(fd): reads the answer to the end of the connection and closes it. 0: there was
 * none, or it came while the request was still being sent and cut that short. */
int fastcgi_status(int fd);

/* A whole request. */
int fastcgi_get(const char *uri);
int fastcgi_post(const char *uri, const char *length, const char *body);

/* fastcgi_children(pid, pids, max): its direct children. */
size_t fastcgi_children(pid_t pid, pid_t *pids, size_t max);

#endif
