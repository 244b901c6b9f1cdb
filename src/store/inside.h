/* inside: what a struct store is, for the files of this room. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/redis.h"

struct store {
    struct redis *redis;
};

#endif
