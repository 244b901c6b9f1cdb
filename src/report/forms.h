/* forms: one writer a form. Each appends a whole document; what did not fit has failed the buffer.
 */
#ifndef REPORT_FORMS_H
#define REPORT_FORMS_H

#include "report/view.h"

void form_json(const struct view *view, struct buf *buf);
void form_sarif(const struct view *view, struct buf *buf);
void form_junit(const struct view *view, struct buf *buf);
void form_codequality(const struct view *view, struct buf *buf);
void form_dast(const struct view *view, struct buf *buf);
void form_markdown(const struct view *view, struct buf *buf);
void form_annotations(const struct view *view, struct buf *buf);
void form_text(const struct view *view, struct buf *buf);
void form_html(const struct view *view, struct buf *buf);

#endif
