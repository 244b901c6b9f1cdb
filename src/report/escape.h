/* escape: a stranger's text inside each kind of document. What may not be shown (base/shown.h)
 * becomes a question mark in all of them; tabs and newlines become a blank; two number signs never
 * stand side by side, so that no text is a command to the runner of CI that logs it. What begins a
 * line must be ours: "::" and "---" are commands there. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "agnostic/base/buf.h"

/* Content or attribute value of XML 1.0 and HTML. */
void escape_markup(struct buf *buf, struct text t);
/* Running text of GitHub's and GitLab's Markdown: no markup, no mention of a person, no reference
 * to an issue. */
void escape_markdown(struct buf *buf, struct text t);
/* The same inside an HTML block of such a document. */
void escape_markdown_block(struct buf *buf, struct text t);
/* A code span of the same. */
void escape_markdown_code(struct buf *buf, struct text t);
/* Message of a GitHub workflow command; with `property` also what would end a property. */
void escape_command(struct buf *buf, struct text t, bool property);
/* Message of SARIF (section 3.11.6): plain text that holds no link. */
void escape_message(struct buf *buf, struct text t);
/* One line of plain text. */
void escape_plain(struct buf *buf, struct text t);
/* Path of a relative URI reference (RFC 3986): every byte outside of unreserved and '/' encoded. */
void escape_path(struct buf *buf, struct text t);

#endif
