/* id: task and session names. Must not know what they name. */
#include "agnostic/base/id.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { UUID_BYTES = 16, TASK_ID_MAX = 100, SESSION_HEAD = 8 };

enum err id_uuid4(char dst[static ID_UUID_SIZE]) {
    unsigned char bytes[UUID_BYTES];
    char hex[2 * UUID_BYTES + 1];
    if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
        return ERR_INTERNAL;
    bytes[6] = (bytes[6] & 0x0F) | 0x40; /* version 4 */
    bytes[8] = (bytes[8] & 0x3F) | 0x80; /* variant of RFC 9562 */
    text_hex(bytes, sizeof(bytes), hex);
    snprintf(dst, ID_UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return ERR_OK;
}

void id_session(int64_t us, const char *task_id, char dst[static ID_SESSION_SIZE]) {
    time_t seconds = (time_t)(us / 1000000);
    struct tm tm = {0};
    gmtime_r(&seconds, &tm);
    size_t len = strftime(dst, ID_SESSION_SIZE, "session_%Y%m%d_%H%M%S_", &tm);
    snprintf(dst + len, ID_SESSION_SIZE - len, "%.*s", SESSION_HEAD, task_id);
}

static bool is_id_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool id_is_task(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if (!is_id_char(t.ptr[i]))
            return false;
    return t.len >= 1 && t.len <= TASK_ID_MAX;
}

static bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool id_is_uuid(struct text t) {
    if (t.len != ID_UUID_SIZE - 1)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? t.ptr[i] != '-' : !is_hex_digit(t.ptr[i]))
            return false;
    }
    return true;
}
