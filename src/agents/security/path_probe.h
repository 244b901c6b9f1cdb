/* path_probe: the table of paths that nobody ought to serve, and how each is known when it is
 * served all the same. A status proves nothing: every path has a signature of its content. */
#ifndef AGENTS_SECURITY_PATH_PROBE_H
#define AGENTS_SECURITY_PATH_PROBE_H

#include "agents/security/answer.h"

enum { PATH_PROBES_MAX = 80 };

/* One group a check. */
enum path_group {
    PATH_GIT,
    PATH_SETTINGS,
    PATH_REPOSITORY,
    PATH_SERVER_CONFIG,
    PATH_BACKUP,
    PATH_PHPINFO,
    PATH_STATUS,
    PATH_ACTUATOR,
    PATH_KEY,
    PATH_PROJECT,
    PATH_SCHEMA,
    PATH_SECURITY_TXT,
    PATH_SAMPLE,
    PATH_CROSS_DOMAIN,
    PATH_GROUP__COUNT
};

struct path_probe {
    enum path_group group;
    size_t variant;   /* of the rule, when it is served */
    const char *path; /* and query */
    const char *what; /* that is served then */
    /* Its signature: all that is given must hold. */
    struct text front;    /* the body starts so, blanks aside */
    const char *words[3]; /* each stands in the body */
    bool (*read)(struct text body);
    bool page;             /* it is HTML; all others must not be */
    const char *challenge; /* served means 401 with this realm, instead of 200 */
};

/* path_probe_get(index): NULL behind the last. */
const struct path_probe *path_probe_get(size_t index);
/* path_probe_found(probe, answer): is that the file? Knows nothing of what other paths give. */
bool path_probe_found(const struct path_probe *probe, const struct answer *answer);
/* path_probe_listing(body): is that the list of a directory with something in it, as servers make
 * it? */
bool path_probe_listing(struct text body);

#endif
