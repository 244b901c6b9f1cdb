/* evidence: what strangers wrote, made fit to be quoted: secrets masked, control and direction
 * characters and broken UTF-8 spelled out, cut. Every note of a judgement passes through it. */
#ifndef AGENTS_EVIDENCE_H
#define AGENTS_EVIDENCE_H

#include "agnostic/base/text.h"

enum { EVIDENCE_MAX_BYTES = 2048 };

/* evidence_copy(t, dst, size): a quotable copy of t, NUL-terminated, of at most EVIDENCE_MAX_BYTES
 * and size - 1 bytes; empty without memory. */
void evidence_copy(struct text t, char *dst, size_t size);

/* A secret that was found, for printf("%s", hint.text): its first bytes, when they are few of it,
 * and its length. */
struct evidence_hint {
    char text[64];
};
struct evidence_hint evidence_hint(struct text secret);

#endif
