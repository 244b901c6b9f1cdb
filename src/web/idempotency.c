/* idempotency: reads the Idempotency-Key and makes fingerprints. Must not know what is created,
 * nor how keys are kept. */
#include "web/idempotency.h"

/* "...": a string of structured fields, in which only \" and \\ are escapes. */
static bool idempotency_unquote(struct text *key) {
    if (key->len < 2 || key->ptr[key->len - 1] != '"')
        return false;
    *key = text_make(key->ptr + 1, key->len - 2);
    for (size_t i = 0; i < key->len; i++) {
        if (key->ptr[i] == '"')
            return false;
        if (key->ptr[i] == '\\' && (++i == key->len || (key->ptr[i] != '"' && key->ptr[i] != '\\')))
            return false;
    }
    return true;
}

enum err idempotency_key(const struct incoming *incoming, struct text *ret_key) {
    struct text key = incoming->header[INCOMING_IDEMPOTENCY_KEY];
    *ret_key = TEXT("");
    if (!incoming_has(incoming, INCOMING_IDEMPOTENCY_KEY))
        return ERR_OK;
    if (incoming_has_twice(incoming, INCOMING_IDEMPOTENCY_KEY))
        return ERR_IDEMPOTENCY_KEY;
    if (key.len > 0 && key.ptr[0] == '"' && !idempotency_unquote(&key))
        return ERR_IDEMPOTENCY_KEY;
    if (key.len < 1 || key.len > IDEMPOTENCY_KEY_MAX)
        return ERR_IDEMPOTENCY_KEY;
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= 0x20 || key.ptr[i] >= 0x7f)
            return ERR_IDEMPOTENCY_KEY;
    *ret_key = key;
    return ERR_OK;
}

enum err idempotency_fingerprint(const struct call *call, struct text canonical,
                                 char hex[static SECURE_HEX_SIZE]) {
    struct buf buf;
    buf_init(&buf, REPLY_BODY_MAX);
    buf_puttext(&buf, call->incoming->header[INCOMING_METHOD]);
    buf_putc(&buf, '\n');
    buf_puts(&buf, call->route->path);
    buf_putc(&buf, '\n');
    buf_puttext(&buf, call->id);
    buf_putc(&buf, '\n');
    buf_puttext(&buf, canonical);
    enum err err = buf.failed ? ERR_NOMEM : secure_sha256_hex(buf_text(&buf), hex);
    buf_done(&buf);
    return err;
}

enum err idempotency_read(const struct call *call, const struct text *parts, size_t count,
                          struct text *ret_key, char hex[static SECURE_HEX_SIZE]) {
    struct buf buf;
    struct json_out out;
    hex[0] = '\0';
    enum err err = idempotency_key(call->incoming, ret_key);
    if (err != ERR_OK || ret_key->len == 0)
        return err;
    buf_init(&buf, REPLY_BODY_MAX);
    json_out_init(&out, &buf);
    json_out_array(&out);
    for (size_t i = 0; i < count; i++)
        json_out_text(&out, parts[i]);
    json_out_end_array(&out);
    err = buf.failed ? ERR_NOMEM : idempotency_fingerprint(call, buf_text(&buf), hex);
    buf_done(&buf);
    return err;
}
