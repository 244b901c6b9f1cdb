/* sniff: is a body what its Content-Type says? By beginnings that nobody mistakes, those of the
 * MIME Sniffing standard (https://mimesniff.spec.whatwg.org/, 6.1, 6.2, 6.4, 7.1), and by the
 * grammar of JSON. Not by libmagic: what it guesses of text (scripts, style sheets, data) is no
 * ground for a finding, and browsers go by these beginnings. Pure. */
#ifndef AGENTS_JUNIOR_SNIFF_H
#define AGENTS_JUNIOR_SNIFF_H

#include "agnostic/base/text.h"

/* sniff_contradiction(type, body, is_whole): what the body is though its Content-Type (the header's
 * value) says otherwise, in words: "a PNG image", "HTML", "no JSON". NULL: nothing is known against
 * it. is_whole: the body ends where it ends. Downloads (application/octet-stream and types that
 * nobody knows) may be anything, text/plain any text. */
const char *sniff_contradiction(struct text type, struct text body, bool is_whole);

#endif
