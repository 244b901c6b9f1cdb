/* hello_offers: what each hand-written hello of this agent offers. */
#ifndef AGENTS_SECURITY_HELLO_OFFERS_H
#define AGENTS_SECURITY_HELLO_OFFERS_H

#include "agnostic/probe/hello.h"

enum hello_kind {
    HELLO_OF_SSL_2,
    HELLO_OF_SSL_3,
    HELLO_OF_NULL,
    HELLO_OF_ANONYMOUS,
    HELLO_OF_EXPORT,
    HELLO_OF_RC4,
    HELLO_OF_DES,
    HELLO_OF_3DES,
    HELLO_OF_DEFLATE,
    HELLO_OF_FORWARD, /* suites with forward secrecy */
    HELLO_OF_STATIC,  /* suites without */
    HELLO_OF__FIXED,  /* those above need no earlier answer */
    HELLO_OF_FALLBACK = HELLO_OF__FIXED,
    HELLO_OF_STRONG_FIRST,
    HELLO_OF_WEAK_FIRST,
    HELLO_OF__COUNT
};

/* hello_offers_word(kind): what it offers, for people. */
const char *hello_offers_word(enum hello_kind kind);
/* hello_offers_fill(kind, version, weak, suites, &offer): the offer, its suites in `suites`
 * (which must outlive it). version: of a FALLBACK; weak: the suite of STRONG_FIRST and
 * WEAK_FIRST; both are 0 otherwise. */
void hello_offers_fill(enum hello_kind kind, uint16_t version, uint16_t weak,
                       uint16_t suites[HELLO_SUITES_MAX], struct hello_offer *ret_offer);

#endif
