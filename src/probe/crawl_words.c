/* Words of links that are never followed. */
#include <string.h>

#include "agnostic/probe/crawl.h"

/* A blank stands for what parts words in URLs and texts, or nothing. */
static const char *const UNSAFE[] = {"log out",    "log off",    "sign out", "sign off", "delete",
                                     "remove",     "destroy",    "erase",    "purge",    "drop",
                                     "unsubscrib", "deactivate", "disable",  "cancel",   "revoke",
                                     "reset",      "uninstall"};

/* How many bytes at t's front part words. */
static size_t parting(struct text t) {
    size_t len = 0;
    while (len < t.len) {
        if (strchr(" -_+.\n\t", t.ptr[len]) != NULL)
            len++;
        else if (text_starts(text_make(t.ptr + len, t.len - len), TEXT("%20")))
            len += 3;
        else
            break;
    }
    return len;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with(struct text t, const char *word) {
    size_t i = 0;
    for (; *word != '\0'; word++) {
        if (*word == ' ') {
            i += parting(text_make(t.ptr + i, t.len - i));
            continue;
        }
        if (i == t.len || lower(t.ptr[i]) != *word)
            return false;
        i++;
    }
    return true;
}

bool crawl_is_unsafe(struct text words) {
    for (size_t at = 0; at < words.len; at++)
        for (size_t i = 0; i < sizeof(UNSAFE) / sizeof(UNSAFE[0]); i++)
            if (begins_with(text_make(words.ptr + at, words.len - at), UNSAFE[i]))
                return true;
    return false;
}
