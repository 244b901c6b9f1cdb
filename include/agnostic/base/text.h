/* text: read-only views of bytes, and the small questions one asks of them.
 * A view owns nothing and need not end in NUL. */
#ifndef AGNOSTIC_BASE_TEXT_H
#define AGNOSTIC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *ptr;
    size_t len;
};

/* TEXT("literal"): a view of a string literal. */
#define TEXT(literal) ((struct text){("" literal), sizeof(literal) - 1})
/* For printf("%.*s", TEXT_ARG(t)). */
#define TEXT_ARG(t) (int)(t).len, (t).ptr

/* text_of(string): a view of a NUL-terminated string; NULL gives the empty view. */
struct text text_of(const char *string);
struct text text_make(const char *ptr, size_t len);

bool text_eq(struct text a, struct text b);
/* text_order(a, b): below, equal to or above 0 as a stands before, at or behind b, by bytes. */
int text_order(struct text a, struct text b);
/* Equal without regard to ASCII case. */
bool text_ieq(struct text a, struct text b);
bool text_is(struct text t, const char *string);
bool text_starts(struct text t, struct text prefix);
bool text_istarts(struct text t, struct text prefix);
bool text_ends(struct text t, struct text suffix);
/* text_find(t, needle): offset of the first needle in t, or -1. */
long text_find(struct text t, struct text needle);
long text_ifind(struct text t, struct text needle);
/* Without leading and trailing space, tab, CR, LF. */
struct text text_trim(struct text t);
/* text_cut(&rest, separator, &part): takes the next part of rest up to separator
 * and moves rest behind it. false when rest is used up; an empty last part
 * ("a," has two parts) is given too. Start with a rest whose ptr is not NULL. */
bool text_cut(struct text *rest, char separator, struct text *ret_part);
/* text_copy(t, dst, size): t as a NUL-terminated string in dst; false (dst empty)
 * when it does not fit or holds a NUL. */
bool text_copy(struct text t, char *dst, size_t size);
/* text_dup(t): a NUL-terminated heap copy, or NULL. The caller frees. */
char *text_dup(struct text t);

/* text_u64(t, max, &value): decimal digits only (no sign, blank or empty text),
 * at most max. false leaves value alone. */
bool text_u64(struct text t, uint64_t max, uint64_t *ret_value);

/* text_is_utf8(t): well-formed UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(struct text t);
/* text_points(t): number of code points of well-formed UTF-8. */
size_t text_points(struct text t);
/* text_head(t, points): t cut after that many code points. */
struct text text_head(struct text t, size_t points);

/* text_hex(bytes, len, dst): lower-case hex, NUL-terminated; dst holds 2*len+1. */
void text_hex(const void *bytes, size_t len, char *dst);
/* text_base64url(t, dst, size, &len): strict base64url without padding (RFC 4648
 * section 5); refuses other bytes, bad lengths and non-zero trailing bits. */
bool text_base64url(struct text t, void *dst, size_t size, size_t *ret_len);
/* text_base64(t, dst, size, &len): the same of base64 as RFC 4648 section 4 has it, with or
 * without its padding. text_base64_put: bytes as base64 with padding, NUL-terminated; dst holds
 * TEXT_BASE64_SIZE(len). */
#define TEXT_BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)
bool text_base64(struct text t, void *dst, size_t size, size_t *ret_len);
void text_base64_put(const void *bytes, size_t len, char *dst);
/* text_base64url_put(bytes, len, dst): base64url without padding; dst the same. */
void text_base64url_put(const void *bytes, size_t len, char *dst);

#endif
