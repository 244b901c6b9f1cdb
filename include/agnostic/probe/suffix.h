/* suffix: the public suffix list. Only user of libpsl. */
#ifndef AGNOSTIC_PROBE_SUFFIX_H
#define AGNOSTIC_PROBE_SUFFIX_H

#include "agnostic/base/text.h"

/* suffix_is_public(domain): "com", "co.uk", "github.io"; false when no list is installed. */
bool suffix_is_public(struct text domain);

#endif
