/* range: one part of a text, as RFC 9110 (14.2) asks for it. */
#ifndef AGNOSTIC_WEB_RANGE_H
#define AGNOSTIC_WEB_RANGE_H

#include "agnostic/base/text.h"

struct range {
    int64_t first, last; /* bytes, both included */
};
enum range_kind {
    RANGE_WHOLE, /* none, several, of another unit, or malformed: as if not asked */
    RANGE_PART,
    RANGE_BEYOND /* of a text that is not so long: 416 */
};
/* range_read(field, size, &range): "bytes=N-", "bytes=N-M" or "bytes=-N" of a text of size bytes.
 * range is set only with RANGE_PART, and then inside of it. */
enum range_kind range_read(struct text field, int64_t size, struct range *ret_range);

#endif
