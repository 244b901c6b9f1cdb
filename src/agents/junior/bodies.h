/* bodies: looks at the bodies of what was found to be there, and asked for without one. */
#ifndef AGENTS_JUNIOR_BODIES_H
#define AGENTS_JUNIOR_BODIES_H

#include "agents/junior/visit.h"

enum {
    BODIES_MAX = 100,     /* URLs that are asked for here */
    BODIES_AGAIN_MAX = 20 /* times that one which ended early is asked for once more */
};

/* bodies_read(visitor): notes the body of each URL that site_wants_body; what is not there after
 * all is noted as broken, what ended early only once as flaky. */
void bodies_read(struct visitor *visitor);

#endif
