/* brake: a fixed window of one minute. Must not know what a credential is. */
#include "web/brake.h"

#include <string.h>

enum { BRAKE_WINDOW_MS = 60000, BRAKE_PREFIX_BYTES = 8 /* of an IPv6 address: one site */ };

static struct addr brake_source(struct text remote) {
    struct addr address = {0};
    if (addr_parse(remote, &address) && address.v6)
        memset(address.bytes + BRAKE_PREFIX_BYTES, 0, sizeof(address.bytes) - BRAKE_PREFIX_BYTES);
    return address;
}

static uint32_t brake_window(int64_t now_ms) {
    return (uint32_t)(now_ms / BRAKE_WINDOW_MS);
}

int64_t brake_retry_s(const struct brake *brake, struct text remote, int64_t now_ms) {
    if (brake->per_min == 0)
        return 0;
    struct addr source = brake_source(remote);
    if (board_failures(brake->board, &source, brake_window(now_ms)) < brake->per_min)
        return 0;
    return (BRAKE_WINDOW_MS - now_ms % BRAKE_WINDOW_MS + 999) / 1000;
}

void brake_tell(const struct brake *brake, struct text remote, int64_t now_ms, enum err err) {
    if (brake->per_min == 0 || (err != ERR_BAD_KEY && err != ERR_BAD_TOKEN))
        return;
    struct addr source = brake_source(remote);
    board_fail(brake->board, &source, brake_window(now_ms));
}
