/* need: what a check can only be made with. Each function names the component that is judged,
 * and returns false after having said why the check is skipped or not tested. */
#ifndef AGENTS_SECURITY_NEED_H
#define AGENTS_SECURITY_NEED_H

#include "agents/judgement.h"
#include "agents/security/facts.h"

/* The last answer of the chain, whatever its status. */
bool need_answer(const struct facts *facts, struct judgement *judgement);
/* A 2xx answer; one that is text/html; one over https. */
bool need_page(const struct facts *facts, struct judgement *judgement);
bool need_html(const struct facts *facts, struct judgement *judgement);
/* The same, and its <meta> elements could be read. */
bool need_parsed(const struct facts *facts, struct judgement *judgement);
/* An HTML page with an enforced Content-Security-Policy. */
bool need_policy(const struct facts *facts, struct judgement *judgement);
/* A TLS service of the target that answered the full offer. */
bool need_tls(const struct facts *facts, struct judgement *judgement);
/* A TLS service of the target that answered something in TLS, be it only a hand-written hello. */
bool need_hello(const struct facts *facts, struct judgement *judgement);
bool need_certificate(const struct facts *facts, struct judgement *judgement);

#endif
