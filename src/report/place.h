/* place: where a finding is, for forms that know files and not web sites. */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include "report/view.h"

enum { PLACE_MAX_BYTES = 16384 };

/* place_path(finding, buf): "shop.example/cart" of https://shop.example/cart?id=1: a relative URI
 * reference without scheme, because readers of SARIF refuse those of the web. */
void place_path(const struct view_finding *finding, struct buf *buf);
/* place_url(finding): the URL that shows it, else its component. */
struct text place_url(const struct view_finding *finding);
/* place_fingerprint(finding): hexadecimal digits, the same in every session; ptr NULL: none. */
struct text place_fingerprint(const struct view_finding *finding);

#endif
