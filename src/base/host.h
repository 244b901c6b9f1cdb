/* host: the host part of a URL or of an allow list, read the same way in both. Private to base. */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include "agnostic/base/addr.h"
#include "agnostic/base/text.h"

enum { HOST_SIZE = 256, HOST_MAX_BYTES = 253, HOST_LABEL_MAX_BYTES = 63 };

enum host_kind { HOST_BAD, HOST_NAME, HOST_IPV4 };

/* host_read(t, dst): t (no brackets, no port) in lower case without its trailing dot.
 * HOST_BAD, dst untouched, for what is no host name: other bytes than letters, digits, '-',
 * '_' and '.', empty or long labels, and every number-like name that is not a dotted quad. */
enum host_kind host_read(struct text t, char dst[static HOST_SIZE]);
/* host_split_port(t, &host, &port): "host", "host:1", "[v6]", "[v6]:1"; brackets are taken
 * off and told by *ret_bracketed; port 0 when there is none. false when it is none of these. */
bool host_split_port(struct text t, struct text *ret_host, uint16_t *ret_port, bool *ret_bracketed);

#endif
