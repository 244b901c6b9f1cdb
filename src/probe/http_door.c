/* The rules of every transfer over libcurl. Must not know what is sent or what an answer means. */
#include "probe/http_door.h"
#include "probe/tls_door.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    LOW_SPEED_BYTES = 100, /* a second, over LOW_SPEED_S seconds: slower is a drip */
    LOW_SPEED_S = 15
};

static void start_library(void) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void http_door_library(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address) {
    struct http_door *door = ctx;
    (void)purpose;
    if (gate_check(door->gate, door->host, &address->addr, &door->fault) != ERR_OK) {
        door->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* The peer of the connection as the kernel names it, judged once more: also of a connection
 * that is used again, which open_socket never sees. */
static int before_request(void *ctx, char *peer, char *local, int peer_port, int local_port) {
    struct http_door *door = ctx;
    (void)local;
    (void)local_port;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)peer_port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)peer_port)};
    const struct sockaddr *sa = NULL;
    if (inet_pton(AF_INET, peer, &v4.sin_addr) == 1)
        sa = (const struct sockaddr *)&v4;
    else if (inet_pton(AF_INET6, peer, &v6.sin6_addr) == 1)
        sa = (const struct sockaddr *)&v6;
    if (sa && gate_check(door->gate, door->host, sa, &door->fault) == ERR_OK)
        return CURL_PREREQFUNC_OK;
    door->refused = true;
    return CURL_PREREQFUNC_ABORT;
}

static void set_transport(CURL *curl, const struct http_door *door) {
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(curl, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* a stuck resolver must not hold us up */
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_S);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, door->user_agent);
}

/* Verified: as a careful client. Not verified: whatever the server can still speak, because
 * tls.h has judged it and only the page is wanted now. */
static void set_trust(CURL *curl, const struct http_door *door) {
    const char *file = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, door->verify ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, door->verify ? 2L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                     (long)(door->verify ? CURL_SSLVERSION_TLSv1_2 : CURL_SSLVERSION_TLSv1_0));
    if (!door->verify)
        curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
    if (file && *file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    if (folder && *folder)
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
}

static CURLcode before_handshake(CURL *curl, void *ctx, void *ctx_door) {
    const struct http_door *door = ctx_door;
    (void)curl;
    tls_door_guard(ctx);
    if (!door->verify)
        tls_door_take_anything(ctx);
    return CURLE_OK;
}

void http_door_fit(void *curl, struct http_door *door) {
    set_transport(curl, door);
    set_trust(curl, door);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, door);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, before_handshake);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, door);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, door);
}

void http_door_version(void *curl, enum http_version version) {
    long word = version == HTTP_1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS;
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, word);
}

enum err http_door_err(int code) {
    switch (code) {
    case CURLE_OK:
        return ERR_OK;
    case CURLE_COULDNT_RESOLVE_HOST:
        return ERR_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return ERR_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return ERR_TIMEOUT;
    case CURLE_URL_MALFORMAT:
        return ERR_SYNTAX;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return ERR_TLS;
    default:
        return ERR_PEER;
    }
}

/* libcurl says it is out of memory when a header line is longer than it reads. */
const char *http_door_words(int code) {
    return code == CURLE_OUT_OF_MEMORY ? "a header is too long"
                                       : curl_easy_strerror((CURLcode)code);
}
