/* library: well-known scripts whose older versions have published holes, and how a version is told
 * by the URL. */
#ifndef AGENTS_SECURITY_LIBRARY_H
#define AGENTS_SECURITY_LIBRARY_H

#include "agnostic/base/text.h"

enum { LIBRARY_NUMBERS = 3 };

struct library_hole {
    const char *name;            /* as files and folders of it are called, lower case */
    int from[LIBRARY_NUMBERS];   /* first version with the hole */
    int mended[LIBRARY_NUMBERS]; /* first one without it */
    const char *id;              /* CVE */
};

/* library_find(path, query, version, &hole): a URL's path and query (ptr NULL: none) name a library
 * and a version of it with a hole. "jquery-3.4.1.min.js", "/jquery/3.4.1/jquery.js",
 * "/npm/jquery@3.4.1/", "jquery.min.js?ver=3.4.1". False: none that is known of. */
bool library_find(struct text path, struct text query, int version[static LIBRARY_NUMBERS],
                  const struct library_hole **ret_hole);

#endif
