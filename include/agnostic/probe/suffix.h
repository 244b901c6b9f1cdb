/* suffix: the public suffix list. Only user of libpsl. */
#ifndef AGNOSTIC_PROBE_SUFFIX_H
#define AGNOSTIC_PROBE_SUFFIX_H

#include "agnostic/base/text.h"

/* suffix_is_public(domain): "com", "co.uk", "github.io"; false when no list is installed. */
bool suffix_is_public(struct text domain);
/* suffix_registrable(domain): the end of domain that its owner registered: "shop.co.uk" of
 * "www.shop.co.uk"; domain itself where there is none. A view of domain. */
struct text suffix_registrable(struct text domain);

#endif
