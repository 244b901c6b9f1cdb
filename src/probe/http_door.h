/* http_door: what every transfer of ours may and may not do: no redirects, proxies, netrc or
 * other protocols, every socket through the gate when it is opened and again before a request is
 * sent. libcurl's handles are void pointers here, as libcurl itself declares them. */
#ifndef PROBE_HTTP_DOOR_H
#define PROBE_HTTP_DOOR_H

#include "agnostic/probe/http.h"

/* One transfer's; must outlive it. */
struct http_door {
    const struct gate *gate;
    const char *host; /* the name that is connected to */
    const char *user_agent;
    bool verify;  /* as a careful client; else over whatever TLS the server can still speak */
    bool refused; /* by the gate; fault says why */
    struct fault fault;
};

/* http_door_library(): starts libcurl, once a process. */
void http_door_library(void);
/* http_door_fit(curl, door): sets the options of a fresh easy handle. */
void http_door_fit(void *curl, struct http_door *door);
/* http_door_version(curl, version): what such a handle speaks; HTTP/1.1 without it. */
void http_door_version(void *curl, enum http_version version);
/* http_door_err(code): a CURLcode as an error of ours; http_door_words: as words. */
enum err http_door_err(int code);
const char *http_door_words(int code);

#endif
