/* listen: the listening socket this program is started with. */
#ifndef AGNOSTIC_WEB_LISTEN_H
#define AGNOSTIC_WEB_LISTEN_H

#include <stdbool.h>

/* listen_adopt(): makes the socket that was handed over file descriptor 0: it is there already
 * (spawn-fcgi -n, mod_fcgid, StandardInput=socket), or is systemd's LISTEN_FDS. false: there is
 * none; nobody started us the way we need. */
bool listen_adopt(void);
/* listen_help(): how to start this program, for people. */
const char *listen_help(void);

#endif
