/* conduct: how a site answers what HTTP has rules for: the other ways to ask for a page that are no
 * GET as browsers send it. Asks; senior_check judges. */
#ifndef AGENTS_SENIOR_CONDUCT_H
#define AGENTS_SENIOR_CONDUCT_H

#include "agents/agent.h"
#include "agents/senior/reply.h"
#include "agents/senior/terrain.h"

enum {
    CONDUCT_GETS = 5,   /* equal ones, one after the other */
    CONDUCT_CROWD = 10, /* equal ones at once */
    CONDUCT_BIG_BYTES = 16 << 10,
    CONDUCT_COOKIES = 100,
    CONDUCT_PIECES = 3,
    CONDUCT_PIECE_PAUSE_MS = 300,
    CONDUCT_TARGET_SIZE = 4 * URL_MAX_BYTES
};

/* Other ways to write a path. */
enum conduct_form {
    FORM_SLASHES, /* "//page" */
    FORM_DOT,     /* "/./page" */
    FORM_UP,      /* "/qa/%2e%2e/page" */
    FORM_ESCAPED, /* "/%70age" */
    FORM_TWICE,   /* "/%2570age" */
    FORM_END,     /* "/page/", and of "/page/" "/page" */
    FORM_UPPER,   /* "/PAGE" */
    FORM__COUNT
};
/* conduct_form_put(form, url, buf): what stands in the request line, with url's query. */
void conduct_form_put(enum conduct_form form, const struct url *url, struct buf *buf);

/* Each asked of the URLs that are there for it; see the table in conduct.c. */
enum conduct_probe {
    PROBE_HEAD,
    PROBE_SAME,       /* with the validators of its own answer */
    PROBE_FIRST_BYTE, /* a range */
    PROBE_BEYOND,     /* a range behind the end */
    PROBE_METHOD,     /* nobody knows */
    PROBE_ACCEPT,     /* a media type that nobody has */
    PROBE_POST,       /* a media type that nobody takes; changes something, maybe */
    PROBE_HEADER,     /* one of CONDUCT_BIG_BYTES */
    PROBE_COOKIES,
    PROBE__COUNT
};

struct conduct_spot {
    struct reply gets[CONDUCT_GETS]; /* the first one always */
    struct reply probes[PROBE__COUNT];
    struct reply forms[FORM__COUNT];
};

/* What came of equal requests at once. */
struct conduct_crowd {
    size_t asked, answered, server_errors, other_status, other_size;
    size_t limited; /* told to come less often */
    int status;     /* of the first that differed, 0: no answer */
};

struct conduct {
    struct conduct_spot spots[SPOT__COUNT];
    struct reply unknown[2]; /* paths that nobody has */
    char unknown_urls[2][URL_MAX_BYTES + 1];
    struct reply long_url, after; /* after: the plain page behind all that is too long */
    struct reply slow;
    struct conduct_crowd crowd;
};

/* conduct_run(agent, asker, gate, terrain, conduct): asks. ERR_NOMEM. */
enum err conduct_run(const struct agent *agent, struct asker *asker, const struct gate *gate,
                     const struct terrain *terrain, struct conduct *conduct);

/* conduct_line(probe, spot, url, buf): a command line that asks the same of url. */
void conduct_line(enum conduct_probe probe, const struct conduct_spot *spot, const char *url,
                  struct buf *buf);
/* conduct_line_long(url, buf), conduct_line_form(form, url, buf), conduct_line_slow(url, buf),
 * conduct_line_crowd(url, buf): the same of what is asked in other ways. */
void conduct_line_long(const char *url, struct buf *buf);
void conduct_line_form(enum conduct_form form, const char *url, struct buf *buf);
void conduct_line_slow(const char *url, struct buf *buf);
void conduct_line_crowd(const char *url, struct buf *buf);
/* conduct_request(url, buf): the plain request of url as bytes. */
void conduct_request(const struct url *url, struct buf *buf);

#endif
