/* callback: may this URL be called back? Judged at submit as far as the text alone tells;
 * names are judged where the connection is made. */
#ifndef AGNOSTIC_WEB_CALLBACK_H
#define AGNOSTIC_WEB_CALLBACK_H

#include "agnostic/base/allow.h"

/* callback_judge(allow, url, &fault): ERR_CALLBACK; fault.text is the sentence for the client, the
 * original's where it had one. */
enum err callback_judge(const struct allow *allow, struct text url, struct fault *ret_fault);

#endif
