/* callback: the address policy as far as the text of a callback_url tells it. Must not resolve
 * names. */
#include "web/callback.h"

#include "agnostic/base/url.h"

static const char SETTING[] = "AGNOSTIC_WEBHOOK_ALLOW";

/* What it leads to cannot be known here, but its port can. */
static enum err callback_judge_name(const struct allow *allow, const struct url *url,
                                    struct fault *ret_fault) {
    struct fault why = {0};
    if (allow_check(allow, url->host, NULL, url->port, NULL, 0, SETTING, &why) == ERR_OK)
        return ERR_OK;
    return fault_set(ret_fault, ERR_CALLBACK, "%s", why.text);
}

/* The original's sentence is about addresses: where only the port is wrong that is said. */
static enum err callback_judge_address(const struct allow *allow, const struct url *url,
                                       struct fault *ret_fault) {
    struct addr addr;
    struct fault why = {0};
    bool known = addr_parse(text_of(url->host), &addr);
    if (known && allow_check(allow, url->host, &addr, url->port, NULL, 0, SETTING, &why) == ERR_OK)
        return ERR_OK;
    if (known && addr_classify(&addr) == ADDR_PUBLIC)
        return fault_set(ret_fault, ERR_CALLBACK, "%s", why.text);
    return fault_set(ret_fault, ERR_CALLBACK, "Callback to private network blocked: %s", url->host);
}

enum err callback_judge(const struct allow *allow, struct text text, struct fault *ret_fault) {
    struct url url;
    struct fault why = {0};
    if (url_parse(text, &url, &why) != ERR_OK)
        return fault_set(ret_fault, ERR_CALLBACK, "%s", why.text);
    if (text_find(text, TEXT("#")) >= 0)
        return fault_set(ret_fault, ERR_CALLBACK, "Fragment in the URL");
    return url.host_is_ip ? callback_judge_address(allow, &url, ret_fault)
                          : callback_judge_name(allow, &url, ret_fault);
}
