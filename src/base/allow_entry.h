/* allow_entry: one line of an allow list as it is matched. Private to allow. */
#ifndef BASE_ALLOW_ENTRY_H
#define BASE_ALLOW_ENTRY_H

#include "agnostic/base/allow.h"
#include "base/host.h"

enum allow_kind { ALLOW_HOST, ALLOW_SUFFIX, ALLOW_NETWORK };

struct allow_entry {
    enum allow_kind kind;
    char host[HOST_SIZE]; /* lower case; a suffix keeps its leading dot */
    struct network network;
    uint16_t port; /* 0: every port that is not denied */
    bool active;
    bool load;
    uint32_t max_rps;
};

struct allow {
    struct allow_entry *entries;
    size_t count;
};

#endif
