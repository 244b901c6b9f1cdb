/* shown: which characters of a stranger's text may reach people's eyes. Not: C0 (tab and newline
 * among them), DEL, C1, line separators, marks that change the direction of writing or hide (bidi,
 * zero width), and bytes that are no UTF-8. */
#ifndef AGNOSTIC_BASE_SHOWN_H
#define AGNOSTIC_BASE_SHOWN_H

#include "agnostic/base/buf.h"

/* shown_next(&rest, &piece, &fit): takes the next character off rest: its bytes, and whether it may
 * be shown. false at the end. */
bool shown_next(struct text *rest, struct text *ret_piece, bool *ret_fit);
/* shown_put(buf, t): t with '?' for each that may not. */
void shown_put(struct buf *buf, struct text t);

#endif
