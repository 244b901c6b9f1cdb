/* callback: the address policy for literal addresses in callback_url. Must not resolve names. */
#include "web/callback.h"

#include "agnostic/base/url.h"

enum err callback_judge(const struct allow *allow, struct text text, struct fault *ret_fault) {
    struct url url;
    struct addr addr;
    struct fault why = {0};
    if (url_parse(text, &url, &why) != ERR_OK)
        return fault_set(ret_fault, ERR_CALLBACK, "%s", why.text);
    if (!url.host_is_ip)
        return ERR_OK;
    if (!addr_parse(text_of(url.host), &addr) ||
        allow_check(allow, url.host, &addr, url.port, NULL, 0, "AGNOSTIC_WEBHOOK_ALLOW", &why) !=
            ERR_OK)
        return fault_set(ret_fault, ERR_CALLBACK, "Callback to private network blocked: %s",
                         url.host);
    return ERR_OK;
}
