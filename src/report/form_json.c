/* The result as it is stored. */
#include "report/forms.h"

void form_json(const struct view *view, struct buf *buf) {
    struct json_out out;
    json_out_init(&out, buf);
    out.ascii = true;
    json_out_value(&out, view->record.result);
    buf_putc(buf, '\n');
}
