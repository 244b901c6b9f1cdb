/* site: what a visit to a site found: its pages, every URL of its own that they lead to, and what
 * became of each. */
#ifndef AGENTS_JUNIOR_SITE_H
#define AGENTS_JUNIOR_SITE_H

#include "agents/api_notes.h"
#include "agents/junior/elsewhere.h"
#include "agents/junior/flaky.h"
#include "agents/junior/look.h"
#include "agents/junior/presence.h"
#include "agnostic/base/buf.h"
#include "agnostic/base/url.h"
#include "agnostic/probe/crawl.h"
#include "agnostic/probe/http.h"

enum {
    SITE_URLS_MAX = 2048, /* of its own origin; more are counted */
    SITE_PAGES_MAX = 100,
    SITE_FRAGMENTS_MAX = 4096,
    SITE_REDIRECTS_MAX = 10,
    SITE_NOTE_SIZE = 160,
    SITE_TYPE_SIZE = 80,
    SITE_PROBE_SIZE = URL_HOST_SIZE + 96, /* of a URL that we make up */
    SITE_NONE = -1
};

/* What became of one URL. */
enum site_end {
    SITE_UNASKED, /* beyond the bounds */
    SITE_LEFT,    /* robots.txt disallows it, or its words say that it changes something */
    SITE_BARRED,  /* the task's constraints keep us from it */
    SITE_FINE,    /* 2xx, or a redirect to another origin */
    SITE_CLOSED,  /* 401, 403: not for everybody */
    SITE_BROKEN,  /* other 4xx, 5xx, no answer, or a redirect to nowhere */
    SITE_FLAKY    /* broken at first, fine when it was asked again */
};

struct site_url {
    char *text;    /* in normal form, without fragment */
    uint32_t hash; /* of its canonical form */
    bool is_page;  /* people get there; else something a page loads */
    bool is_style; /* what names further files */
    int from;      /* the page that leads there first, SITE_NONE */
    enum site_end end;
    int status;               /* of the last answer, 0: none */
    size_t redirects;         /* on the way */
    bool flips;               /* some of them change between http and https */
    char why[SITE_NOTE_SIZE]; /* no answer */
    int page;                 /* what was read of it, SITE_NONE */
    uint64_t look;            /* 0: not read */
    bool is_aside;            /* named only as an icon, a manifest or a feed */
    bool is_read;             /* its body was looked at, in full or in front */
    enum http_body_end body;  /* how it ended */
    const char
        *contradiction; /* what it is, though its Content-Type says otherwise; NULL: nothing */
    char type[SITE_TYPE_SIZE]; /* that Content-Type */
};

/* What was read of one page. */
struct site_page {
    int url;
    bool has_title, has_doctype, has_scripts;
    bool refreshes;             /* leads on by itself, to another URL */
    bool is_utf8;               /* or says that it is in another charset */
    bool is_cut;                /* longer than was read */
    bool says_html;             /* by its Content-Type */
    char twice[SITE_NOTE_SIZE]; /* an id that two elements have, "" none */
    size_t dead_forms;          /* without anything that sends them */
    uint64_t *ids;              /* hashes of what fragments can lead to, in order */
    size_t id_count;
};

/* A link to a place within a page. */
struct site_fragment {
    int from, to; /* page, url */
    char words[64];
    uint64_t id;
};

/* What is answered where nothing is. */
struct site_missing {
    bool page_answered, file_answered; /* 2xx, as if they were there */
    bool is_known;             /* pages: always with the same look, and not the first page's */
    struct look_mask mask;     /* what differs between them */
    uint64_t look;             /* without that */
    char url[SITE_PROBE_SIZE]; /* one that was tried; empty: none was */
};

struct site {
    struct url target; /* points into target_text */
    const char *target_text;
    bool non_public;
    struct site_url start;        /* the target itself, with its redirects */
    char home[URL_MAX_BYTES + 1]; /* where it led */
    char origin[URL_HOST_SIZE + 32];
    struct site_url *urls;
    size_t url_count, dropped;
    struct site_page pages[SITE_PAGES_MAX];
    size_t page_count;
    struct site_fragment *fragments;
    size_t fragment_count;
    struct elsewhere elsewhere; /* links to other origins */
    bool robots_asked;
    int robots_status, sitemap_status;
    size_t sitemap_urls, sitemap_foreign;
    struct crawl_counts crawl;
    struct site_missing missing;
    struct presence presence; /* of the target itself */
    struct flaky flaky;
    struct api_notes api; /* of its described operations */
    size_t requests;
    int64_t bytes;
};

/* site_new(target_text, &site): target_text is borrowed. ERR_SYNTAX, ERR_NOMEM. */
enum err site_new(const char *target_text, struct site **ret_site);
void site_free(struct site *site);

/* site_add(site, text, is_page, from): the index of that URL, made if it is new; SITE_NONE: of
 * another origin, or one too many. */
int site_add(struct site *site, struct text text, bool is_page, int from);
/* site_leads_away(site, text): is it a URL of another origin? */
bool site_leads_away(const struct site *site, struct text text);
/* site_read(site, index, html, body, type): notes what was read of the page that urls[index] is;
 * type: its Content-Type. ERR_NOMEM. */
enum err site_read(struct site *site, int index, const struct html *html, struct text body,
                   struct text type);
/* site_note_body(url, response): notes what is known of the body of its answer. */
void site_note_body(struct site_url *url, const struct http_response *response);
/* site_wants_body(url): is it there, and its body not looked at, or not seen to its end? */
bool site_wants_body(const struct site_url *url);
/* site_note_fragment(site, from, to, written): page `from` links to urls[to] as `written`, which
 * may name a place in it. */
void site_note_fragment(struct site *site, int from, int to, struct text written);
/* site_hash(t): of any text. */
uint64_t site_hash(struct text t);
/* site_place(name): of an id or a fragment; escaped and not, the same name is the same place. */
uint64_t site_place(struct text name);

#endif
