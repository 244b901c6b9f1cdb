/* host: which texts name a host. Resolves nothing. A text that some resolver would read as
 * a number (0x7f.1, 2130706433) must never pass as a name: it would dodge every address rule. */
#include "base/host.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_host_char(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

/* All decimal digits, or 0x and hex digits: inet_aton would take it. */
static bool is_number(struct text label) {
    bool hex = text_starts(label, TEXT("0x"));
    for (size_t i = hex ? 2 : 0; i < label.len; i++)
        if (!(hex ? is_hex(label.ptr[i]) : is_digit(label.ptr[i])))
            return false;
    return label.len > 0;
}

static bool is_label(struct text label) {
    for (size_t i = 0; i < label.len; i++)
        if (!is_host_char(label.ptr[i]))
            return false;
    return label.len > 0 && label.len <= HOST_LABEL_MAX_BYTES;
}

static bool is_name(struct text name) {
    struct text rest = name, label = {NULL, 0};
    while (text_cut(&rest, '.', &label))
        if (!is_label(label))
            return false;
    return !is_number(label); /* the last one decides, as in the WHATWG rules */
}

enum host_kind host_read(struct text t, char dst[static HOST_SIZE]) {
    char lower[HOST_SIZE];
    struct addr addr;
    if (t.len > 1 && t.ptr[t.len - 1] == '.')
        t.len--;
    if (t.len == 0 || t.len > HOST_MAX_BYTES)
        return HOST_BAD;
    for (size_t i = 0; i < t.len; i++)
        lower[i] = (char)(t.ptr[i] >= 'A' && t.ptr[i] <= 'Z' ? t.ptr[i] | 0x20 : t.ptr[i]);
    struct text name = text_make(lower, t.len);
    bool quad = addr_parse(name, &addr) && !addr.v6;
    if (!quad && !is_name(name))
        return HOST_BAD;
    text_copy(name, dst, HOST_SIZE);
    return quad ? HOST_IPV4 : HOST_NAME;
}

static bool read_port(struct text t, uint16_t *ret_port) {
    enum { PORT_DIGITS_MAX = 5 };
    uint64_t port;
    if (t.len > PORT_DIGITS_MAX || !text_u64(t, UINT16_MAX, &port) || port == 0)
        return false;
    *ret_port = (uint16_t)port;
    return true;
}

bool host_split_port(struct text t, struct text *ret_host, uint16_t *ret_port,
                     bool *ret_bracketed) {
    bool bracketed = text_starts(t, TEXT("["));
    long end = text_find(t, bracketed ? TEXT("]") : TEXT(":"));
    if (bracketed && end < 0)
        return false;
    size_t len = end < 0 ? t.len : (size_t)end;
    struct text host = bracketed ? text_make(t.ptr + 1, len - 1) : text_make(t.ptr, len);
    size_t used = bracketed ? len + 1 : len;
    struct text rest = text_make(t.ptr + used, t.len - used);
    uint16_t port = 0;
    if (rest.len > 0 &&
        (rest.ptr[0] != ':' || !read_port(text_make(rest.ptr + 1, rest.len - 1), &port)))
        return false;
    *ret_host = host;
    *ret_port = port;
    *ret_bracketed = bracketed;
    return true;
}
