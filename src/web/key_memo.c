/* key_memo: parsed key records by their bytes. Must not outlive a change of them, and cannot. */
#include "web/key_memo.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    size_t len; /* 0: empty */
    char bytes[KEY_MEMO_MAX_BYTES];
    struct principal principal;
};

struct key_memo {
    struct entry *entries[KEY_MEMO_COUNT]; /* made when first needed */
};

struct key_memo *key_memo_new(void) {
    return calloc(1, sizeof(struct key_memo));
}

void key_memo_free(struct key_memo *memo) {
    for (size_t i = 0; memo != NULL && i < KEY_MEMO_COUNT; i++)
        free(memo->entries[i]);
    free(memo);
}

static size_t place(const char *digest) {
    return ((size_t)(unsigned char)digest[0] * 31 + (unsigned char)digest[1]) % KEY_MEMO_COUNT;
}

bool key_memo_find(const struct key_memo *memo, const char *digest, struct text bytes,
                   struct principal *ret_principal) {
    const struct entry *entry = memo != NULL ? memo->entries[place(digest)] : NULL;
    if (entry == NULL || entry->len != bytes.len || bytes.len == 0 ||
        memcmp(entry->bytes, bytes.ptr, bytes.len) != 0)
        return false;
    *ret_principal = entry->principal;
    return true;
}

void key_memo_keep(struct key_memo *memo, const char *digest, struct text bytes,
                   const struct principal *principal) {
    if (memo == NULL || bytes.len == 0 || bytes.len > KEY_MEMO_MAX_BYTES)
        return;
    struct entry **entry = &memo->entries[place(digest)];
    if (*entry == NULL)
        *entry = calloc(1, sizeof(**entry));
    if (*entry == NULL)
        return;
    memcpy((*entry)->bytes, bytes.ptr, bytes.len);
    (*entry)->len = bytes.len;
    (*entry)->principal = *principal;
}
