/* url: one strict reader of absolute http and https URLs, used alike where a URL
 * is judged and where it is connected to (a second parser is how SSRF guards are
 * walked around). */
#ifndef AGNOSTIC_BASE_URL_H
#define AGNOSTIC_BASE_URL_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

enum { URL_MAX_BYTES = 2048, URL_HOST_SIZE = 256 };

struct url {
    bool tls;                 /* https */
    char host[URL_HOST_SIZE]; /* lower case, without brackets and trailing dot */
    bool host_is_ip;          /* an IPv4 dotted quad or an IPv6 literal */
    bool host_is_ipv6;
    uint16_t port;        /* explicit, or 80 / 443 */
    bool port_is_default; /* it is the scheme's own */
    struct text path;  /* raw, from the first '/', at least "/"; points into the input or static */
    struct text query; /* raw, without '?'; ptr NULL when there is none */
};

/* url_parse(text, &url, &fault): reads text. ERR_SYNTAX, with fault saying what is
 * wrong in words for the client, for: other schemes ("Unsupported scheme: x"), no host
 * ("Missing hostname"), userinfo, control characters, blanks, backslashes, a bad port,
 * percent escapes or non-ASCII in the host, more than URL_MAX_BYTES, and every number-like
 * host that is not a plain dotted quad (0x7f.1, 2130706433, 0177.0.0.1, 127.1).
 * A fragment is accepted and dropped. path and query point into text. */
enum err url_parse(struct text text, struct url *ret_url, struct fault *ret_fault);

/* url_origin(url, dst, size): "https://host:8443"; a default port is left out. */
void url_origin(const struct url *url, char *dst, size_t size);
/* url_authority(url, dst, size): "host", "host:8443", "[::1]:8443". */
void url_authority(const struct url *url, char *dst, size_t size);
/* url_put(url, buf): the whole URL, normalised. */
void url_put(const struct url *url, struct buf *buf);
/* url_put_path(path, buf): path (it begins with '/') without its "." and ".." segments. */
void url_put_path(struct text path, struct buf *buf);
/* url_resolve(base, reference, buf): RFC 3986 section 5 resolution of a Location or
 * link against base, appended to buf as an absolute URL (not yet judged: parse it).
 * ERR_SYNTAX for a reference that is not http or https after resolution. */
enum err url_resolve(const struct url *base, struct text reference, struct buf *buf);

#endif
