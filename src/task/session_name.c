/* What names a session, its target, and the way it was tested. */
#include <string.h>

#include "agnostic/base/url.h"
#include "agnostic/task/session.h"

bool session_id_ok(struct text text) {
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < text.len; i++)
        if (memchr(LETTERS, text.ptr[i], sizeof(LETTERS) - 1) == NULL)
            return false;
    return text.len > 0 && text.len < SESSION_ID_SIZE;
}

static enum err hash_done(struct buf *buf, char hex[static SECURE_HEX_SIZE]) {
    enum err err = buf->failed ? ERR_NOMEM : secure_sha256_hex(buf_text(buf), hex);
    buf_done(buf);
    return err;
}

enum err session_target(struct text target_url, char hex[static SECURE_HEX_SIZE]) {
    struct url url;
    struct fault fault;
    struct buf buf;
    enum err err = url_parse(target_url, &url, &fault);
    if (err != ERR_OK)
        return err;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    url_put(&url, &buf);
    return hash_done(&buf, hex);
}

enum err session_parameters(const struct request *request, char hex[static SECURE_HEX_SIZE]) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, SESSION_MAX_BYTES);
    json_out_init(&out, &buf);
    json_out_array(&out);
    json_out_value(&out, request->standards);
    json_out_text(&out, request->business_goals);
    json_out_text(&out, request->constraints);
    if (load_wish_is_given(&request->load)) {
        json_out_object(&out);
        load_wish_put(&request->load, "", &out);
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    return hash_done(&buf, hex);
}
