/* fuzz_url: a URL that is accepted is the same when written and read again, its host is
 * either an address or no number, and resolving never yields another scheme. */
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/allow.h"
#include "agnostic/base/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static void check_url(const struct url *url) {
    struct buf buf;
    struct url again;
    struct addr addr;
    struct fault fault;
    buf_init(&buf, 8192);
    url_put(url, &buf);
    require(!buf.failed);
    if (buf.len <= URL_MAX_BYTES) { /* a '/' or a canonical IPv6 form may make it longer */
        require(url_parse(buf_text(&buf), &again, &fault) == ERR_OK);
        require(strcmp(url->host, again.host) == 0 && url->port == again.port);
        require(url->tls == again.tls && text_eq(url->path, again.path));
        require(text_eq(url->query, again.query));
    }
    require(addr_parse(text_of(url->host), &addr) == url->host_is_ip);
    if (url->host_is_ip && addr_classify(&addr) != ADDR_PUBLIC)
        require(allow_check(NULL, url->host, NULL, url->port, NULL, 0, "X", &fault) == ERR_REFUSED);
    buf_done(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_make((const char *)data, size);
    struct url url, base;
    struct allow *allow;
    struct buf buf;
    if (url_parse(text, &url, NULL) == ERR_OK)
        check_url(&url);
    buf_init(&buf, 16384);
    require(url_parse(TEXT("https://base.test/a/b/c?d"), &base, NULL) == ERR_OK);
    if (url_resolve(&base, text, &buf) == ERR_OK) {
        require(!buf.failed && text_starts(buf_text(&buf), TEXT("http")));
        if (url_parse(buf_text(&buf), &url, NULL) == ERR_OK)
            check_url(&url);
    }
    buf_done(&buf);
    if (allow_parse(text, true, &allow, NULL) == ERR_OK)
        allow_free(allow);
    return 0;
}
