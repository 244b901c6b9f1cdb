/* resolve: getaddrinfo with a time limit, in a thread that may be left behind. Must not know
 * which addresses are allowed. */
#include "agnostic/base/resolve.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agnostic/base/addr.h"

enum { RESOLVE_STACK_BYTES = 256 << 10, PORT_TEXT_SIZE = 8 };

/* Shared by the caller and the thread; whoever leaves last frees it. */
struct lookup {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned holders;
    bool done;
    int status; /* getaddrinfo's */
    struct addrinfo *list;
    char port[PORT_TEXT_SIZE];
    char host[];
};

static struct lookup *lookup_new(const char *host, uint16_t port) {
    size_t size = strlen(host) + 1;
    struct lookup *lookup = calloc(1, sizeof(*lookup) + size);
    if (!lookup)
        return NULL;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lookup->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&lookup->lock, NULL);
    lookup->holders = 1;
    memcpy(lookup->host, host, size);
    snprintf(lookup->port, sizeof(lookup->port), "%u", port);
    return lookup;
}

static void lookup_leave(struct lookup *lookup) {
    pthread_mutex_lock(&lookup->lock);
    bool last = --lookup->holders == 0;
    pthread_mutex_unlock(&lookup->lock);
    if (!last)
        return;
    if (lookup->list)
        freeaddrinfo(lookup->list);
    pthread_cond_destroy(&lookup->changed);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
}

static void *lookup_run(void *arg) {
    struct lookup *lookup = arg;
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    int status = getaddrinfo(lookup->host, lookup->port, &hints, &list);
    pthread_mutex_lock(&lookup->lock);
    lookup->status = status;
    lookup->list = status == 0 ? list : NULL;
    lookup->done = true;
    pthread_cond_signal(&lookup->changed);
    pthread_mutex_unlock(&lookup->lock);
    lookup_leave(lookup);
    return NULL;
}

/* Signals are for the thread that waits for them, never for this one. */
static bool lookup_start(struct lookup *lookup) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, RESOLVE_STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    lookup->holders++;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &attributes, lookup_run, lookup) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!started)
        lookup->holders--;
    pthread_attr_destroy(&attributes);
    return started;
}

static bool lookup_wait(struct lookup *lookup, int64_t timeout_ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (timeout_ms % 1000) * 1000000;
    until.tv_sec += timeout_ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&lookup->lock);
    int waited = 0;
    while (!lookup->done && waited == 0)
        waited = pthread_cond_timedwait(&lookup->changed, &lookup->lock, &until);
    bool done = lookup->done;
    pthread_mutex_unlock(&lookup->lock);
    return done;
}

static size_t lookup_copy(const struct lookup *lookup, struct resolve_address *ret_addresses,
                          size_t max) {
    size_t count = 0;
    for (const struct addrinfo *at = lookup->list; at && count < max; at = at->ai_next) {
        if (at->ai_addrlen > sizeof(ret_addresses[count].sa))
            continue;
        memcpy(&ret_addresses[count].sa, at->ai_addr, at->ai_addrlen);
        ret_addresses[count++].len = at->ai_addrlen;
    }
    return count;
}

/* RFC 6761, 6.3: these names are loopback, also where neither a hosts file nor a name server
 * knows them. */
static bool is_localhost(const char *host) {
    struct text name = text_of(host), tail = TEXT(".localhost");
    return text_ieq(name, TEXT("localhost")) ||
           (name.len > tail.len &&
            text_ieq(text_make(name.ptr + name.len - tail.len, tail.len), tail));
}

static size_t put_loopback(uint16_t port, struct resolve_address *ret_address) {
    const struct sockaddr_in loopback = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memcpy(&ret_address->sa, &loopback, sizeof(loopback));
    ret_address->len = sizeof(loopback);
    return 1;
}

/* What is an address already needs no resolver. */
static bool put_literal(const char *host, uint16_t port, struct resolve_address *ret_address) {
    struct addr addr;
    if (!addr_parse(text_of(host), &addr))
        return false;
    if (addr.v6) {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
        memcpy(&v6.sin6_addr, addr.bytes, sizeof(v6.sin6_addr));
        memcpy(&ret_address->sa, &v6, sizeof(v6));
        ret_address->len = sizeof(v6);
    } else {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
        memcpy(&v4.sin_addr, addr.bytes, sizeof(v4.sin_addr));
        memcpy(&ret_address->sa, &v4, sizeof(v4));
        ret_address->len = sizeof(v4);
    }
    return true;
}

enum err resolve_host(const char *host, uint16_t port, int64_t timeout_ms,
                      struct resolve_address *ret_addresses, size_t max, size_t *ret_count,
                      struct fault *ret_fault) {
    if (max > 0 && put_literal(host, port, &ret_addresses[0])) {
        *ret_count = 1;
        return ERR_OK;
    }
    struct lookup *lookup = lookup_new(host, port);
    if (!lookup || !lookup_start(lookup)) {
        if (lookup)
            lookup_leave(lookup);
        return fault_set(ret_fault, ERR_NOMEM, "%s: no memory to resolve it", host);
    }
    enum err err = ERR_OK;
    if (!lookup_wait(lookup, timeout_ms))
        err = fault_set(ret_fault, ERR_TIMEOUT, "%s: the name did not resolve in time", host);
    else if (lookup->status != 0 && is_localhost(host) && max > 0)
        *ret_count = put_loopback(port, &ret_addresses[0]);
    else if (lookup->status != 0)
        err = fault_set(ret_fault, ERR_RESOLVE, "Cannot resolve hostname: %s (%s)", host,
                        gai_strerror(lookup->status));
    else
        *ret_count = lookup_copy(lookup, ret_addresses, max);
    if (err == ERR_OK && *ret_count == 0)
        err = fault_set(ret_fault, ERR_RESOLVE, "Cannot resolve hostname: %s (no address)", host);
    lookup_leave(lookup);
    return err;
}
