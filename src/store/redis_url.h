/* redis_url: where Redis is and who we are there. Pure.
 *
 *   unix://[user:password@]/path/to/socket[?db=N]
 *   redis://[user:password@]host[:port][/N]       host may be [IPv6]
 *
 * user and password may be percent-encoded; user may be empty (the default user). */
#ifndef STORE_REDIS_URL_H
#define STORE_REDIS_URL_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

enum { REDIS_URL_PART_SIZE = 512, REDIS_URL_DB_MAX = 65535 };

struct redis_url {
    char path[108]; /* of the socket; "" for TCP */
    char host[256];
    int port;
    int db;
    char user[REDIS_URL_PART_SIZE], password[REDIS_URL_PART_SIZE]; /* "" none */
};

/* redis_url_read(url, &parts, &fault): ERR_CONFIG, without ever quoting the password. */
enum err redis_url_read(const char *url, struct redis_url *ret_url, struct fault *ret_fault);

#endif
