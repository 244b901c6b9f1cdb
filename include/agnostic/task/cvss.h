/* cvss: CVSS 3.1 base scores (FIRST, "CVSS v3.1 Specification", section 7.1, with the
 * integer Roundup of appendix A) and the severity bands of section 5. */
#ifndef AGNOSTIC_TASK_CVSS_H
#define AGNOSTIC_TASK_CVSS_H

#include "agnostic/base/text.h"

enum severity {
    SEVERITY_CRITICAL,
    SEVERITY_HIGH,
    SEVERITY_MEDIUM,
    SEVERITY_LOW,
    SEVERITY_INFO,
    SEVERITY__COUNT
};

const char *severity_word(enum severity severity);
bool severity_read(struct text word, enum severity *ret_severity);

/* cvss_score(vector, &tenths): base score times ten (74 is 7.4) of
 * "CVSS:3.1/AV:N/AC:H/..."; false when it is not a complete base vector. */
bool cvss_score(struct text vector, int *ret_tenths);
/* cvss_severity(tenths): the band; 0 is SEVERITY_INFO. */
enum severity cvss_severity(int tenths);

#endif
