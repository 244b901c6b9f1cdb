/* redis_url: where Redis is and who we are there. Pure.
 *
 *   unix://[user:password@]/path/to/socket[?db=N]
 *   redis://[user:password@]host[:port][/N]
 *   redis+sentinel://[user:password@]host[:port],host[:port].../master-name[/N][?sentinel_password=PW]
 *
 * A host may be [IPv6]. user and passwords may be percent-encoded; user may be empty (the default
 * user). In the third form the hosts are Sentinels, user and password those of the Redis they
 * lead to, sentinel_password their own. */
#ifndef STORE_REDIS_URL_H
#define STORE_REDIS_URL_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

enum {
    REDIS_URL_PART_SIZE = 512,
    REDIS_URL_DB_MAX = 65535,
    REDIS_URL_HOSTS_MAX = 9, /* Sentinels */
    REDIS_URL_MASTER_SIZE = 128,
    REDIS_PORT = 6379,
    REDIS_SENTINEL_PORT = 26379
};

struct redis_host {
    char name[256]; /* or an address */
    int port;
};

struct redis_url {
    char path[108];                               /* of the socket; "" for the other forms */
    struct redis_host hosts[REDIS_URL_HOSTS_MAX]; /* Redis itself, or the Sentinels */
    size_t host_count;
    char master[REDIS_URL_MASTER_SIZE]; /* what the Sentinels call it; "": hosts are no Sentinels */
    int db;
    char user[REDIS_URL_PART_SIZE], password[REDIS_URL_PART_SIZE]; /* "" none */
    char sentinel_password[REDIS_URL_PART_SIZE];
};

/* redis_url_read(url, &parts, &fault): ERR_CONFIG, without ever quoting a password. */
enum err redis_url_read(const char *url, struct redis_url *ret_url, struct fault *ret_fault);

#endif
