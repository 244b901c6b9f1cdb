/* tracker: cookies and hosts of analytics and advertising, and of tools that ask for consent,
 * known by their names. Pure. */
#ifndef AGENTS_SECURITY_TRACKER_H
#define AGENTS_SECURITY_TRACKER_H

#include "agnostic/base/text.h"

/* tracker_cookie(name): whose cookie that is ("Google Analytics"), NULL for any other. */
const char *tracker_cookie(struct text name);
/* tracker_host(host): some host of analytics or advertising. */
bool tracker_host(const char *host);
/* tracker_consent_host(host): a host that tools which ask for consent are loaded from. */
bool tracker_consent_host(const char *host);

#endif
