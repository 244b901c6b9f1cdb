/* html_depth: a linear look at the tags of a page, so that no parser is ever given a page whose
 * nesting or attributes make it slow, hungry or recursive. Must not know the tree. */
#include "probe/html_depth.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 24, DEPTH_CEILING = 4096 }; /* longer names are told apart by their beginning */

struct name {
    char bytes[NAME_SIZE]; /* lower case, NUL-terminated */
};

enum habit {
    NESTS,
    STANDS_ALONE, /* void: has no content */
    ENDS_ITSELF,  /* end tag may be left out; never its own child */
    FORMATS,      /* opened again by the parser until closed by name */
    HIDES         /* its content is text up to its end tag */
};

/* Inside <svg> and <math> other rules hold: "/>" closes, nothing hides. */
enum place {
    ANYWHERE,
    HTML_ONLY,  /* ends the <svg> or <math> it stands in */
    HTML_INSIDE /* its content is HTML again */
};

/* By name, for bsearch; all others nest. */
static const struct tag {
    const char *name;
    enum habit habit;
    enum place place;
} TAGS[] = {
    {"a", FORMATS, ANYWHERE},
    {"annotation-xml", NESTS, HTML_INSIDE},
    {"area", STANDS_ALONE, ANYWHERE},
    {"b", FORMATS, HTML_ONLY},
    {"base", STANDS_ALONE, ANYWHERE},
    {"big", FORMATS, HTML_ONLY},
    {"blockquote", NESTS, HTML_ONLY},
    {"body", ENDS_ITSELF, HTML_ONLY},
    {"br", STANDS_ALONE, HTML_ONLY},
    {"caption", ENDS_ITSELF, ANYWHERE},
    {"center", NESTS, HTML_ONLY},
    {"code", FORMATS, HTML_ONLY},
    {"col", STANDS_ALONE, ANYWHERE},
    {"colgroup", ENDS_ITSELF, ANYWHERE},
    {"dd", ENDS_ITSELF, HTML_ONLY},
    {"desc", NESTS, HTML_INSIDE},
    {"div", NESTS, HTML_ONLY},
    {"dl", NESTS, HTML_ONLY},
    {"dt", ENDS_ITSELF, HTML_ONLY},
    {"em", FORMATS, HTML_ONLY},
    {"embed", STANDS_ALONE, HTML_ONLY},
    {"font", FORMATS, HTML_ONLY},
    {"foreignobject", NESTS, HTML_INSIDE},
    {"h1", NESTS, HTML_ONLY},
    {"h2", NESTS, HTML_ONLY},
    {"h3", NESTS, HTML_ONLY},
    {"h4", NESTS, HTML_ONLY},
    {"h5", NESTS, HTML_ONLY},
    {"h6", NESTS, HTML_ONLY},
    {"head", ENDS_ITSELF, HTML_ONLY},
    {"hr", STANDS_ALONE, HTML_ONLY},
    {"html", ENDS_ITSELF, ANYWHERE},
    {"i", FORMATS, HTML_ONLY},
    {"iframe", HIDES, ANYWHERE},
    {"img", STANDS_ALONE, HTML_ONLY},
    {"input", STANDS_ALONE, ANYWHERE},
    {"li", ENDS_ITSELF, HTML_ONLY},
    {"link", STANDS_ALONE, ANYWHERE},
    {"listing", NESTS, HTML_ONLY},
    {"menu", NESTS, HTML_ONLY},
    {"meta", STANDS_ALONE, HTML_ONLY},
    {"mi", NESTS, HTML_INSIDE},
    {"mn", NESTS, HTML_INSIDE},
    {"mo", NESTS, HTML_INSIDE},
    {"ms", NESTS, HTML_INSIDE},
    {"mtext", NESTS, HTML_INSIDE},
    {"nobr", FORMATS, HTML_ONLY},
    {"noembed", HIDES, ANYWHERE},
    {"noframes", HIDES, ANYWHERE},
    {"ol", NESTS, HTML_ONLY},
    {"option", ENDS_ITSELF, ANYWHERE},
    {"p", ENDS_ITSELF, HTML_ONLY},
    {"param", STANDS_ALONE, ANYWHERE},
    {"pre", NESTS, HTML_ONLY},
    {"ruby", NESTS, HTML_ONLY},
    {"s", FORMATS, HTML_ONLY},
    {"script", HIDES, ANYWHERE},
    {"small", FORMATS, HTML_ONLY},
    {"source", STANDS_ALONE, ANYWHERE},
    {"span", NESTS, HTML_ONLY},
    {"strike", FORMATS, HTML_ONLY},
    {"strong", FORMATS, HTML_ONLY},
    {"style", HIDES, ANYWHERE},
    {"sub", NESTS, HTML_ONLY},
    {"sup", NESTS, HTML_ONLY},
    {"table", NESTS, HTML_ONLY},
    {"tbody", ENDS_ITSELF, ANYWHERE},
    {"td", ENDS_ITSELF, ANYWHERE},
    {"textarea", HIDES, ANYWHERE},
    {"tfoot", ENDS_ITSELF, ANYWHERE},
    {"th", ENDS_ITSELF, ANYWHERE},
    {"thead", ENDS_ITSELF, ANYWHERE},
    {"title", HIDES, HTML_INSIDE},
    {"tr", ENDS_ITSELF, ANYWHERE},
    {"track", STANDS_ALONE, ANYWHERE},
    {"tt", FORMATS, HTML_ONLY},
    {"u", FORMATS, HTML_ONLY},
    {"ul", NESTS, HTML_ONLY},
    {"var", NESTS, HTML_ONLY},
    {"wbr", STANDS_ALONE, ANYWHERE},
    {"xmp", HIDES, ANYWHERE},
};

static int compare_tag(const void *key, const void *row) {
    return strcmp(key, ((const struct tag *)row)->name);
}

static const struct tag *tag_of(const struct name *name) {
    static const struct tag other = {"", NESTS, ANYWHERE};
    const struct tag *tag =
        bsearch(name->bytes, TAGS, sizeof(TAGS) / sizeof(TAGS[0]), sizeof(TAGS[0]), compare_tag);
    return tag ? tag : &other;
}

struct scan {
    struct text rest;
    unsigned max, depth;             /* open elements that nest */
    unsigned formats;                /* formatting elements not yet closed by name */
    struct name *open;               /* max of them */
    unsigned max_attributes, joined; /* of one tag; of all <html> and <body> tags so far */
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void skip(struct scan *scan, size_t n) {
    scan->rest.ptr += n;
    scan->rest.len -= n;
}

static void skip_behind(struct scan *scan, struct text end) {
    long at = text_ifind(scan->rest, end);
    skip(scan, at < 0 ? scan->rest.len : (size_t)at + end.len);
}

static struct name read_name(struct scan *scan) {
    struct name name = {{0}};
    size_t n = 0;
    for (; n < scan->rest.len && !strchr(" \t\r\n\f/>", scan->rest.ptr[n]); n++) {
        char c = scan->rest.ptr[n];
        if (n < NAME_SIZE - 1)
            name.bytes[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    skip(scan, n);
    return name;
}

/* Where one is in a tag behind its name (HTML, 13.2.5.32 to 39). */
enum at {
    BEFORE_NAME,
    IN_NAME,
    AFTER_NAME,
    BEFORE_VALUE,
    IN_VALUE,
    IN_SINGLE, /* quotes */
    IN_DOUBLE
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

/* Where c leads that does not end the tag. */
static enum at at_behind(enum at at, char c) {
    if (at == IN_SINGLE || at == IN_DOUBLE)
        return c == (at == IN_SINGLE ? '\'' : '"') ? BEFORE_NAME : at;
    if (at == BEFORE_VALUE)
        return is_blank(c) ? at : c == '\'' ? IN_SINGLE : c == '"' ? IN_DOUBLE : IN_VALUE;
    if (at == IN_VALUE)
        return is_blank(c) ? BEFORE_NAME : at;
    if (c == '/')
        return BEFORE_NAME;
    if (is_blank(c))
        return at == IN_NAME ? AFTER_NAME : at;
    return c == '=' && at != BEFORE_NAME ? BEFORE_VALUE : IN_NAME;
}

/* What stands in a tag behind its name. */
struct attributes {
    unsigned count;
    bool closed; /* it ends in "/>" */
};

/* To behind the tag's '>'. */
static struct attributes skip_attributes(struct scan *scan) {
    struct attributes attributes = {0, false};
    enum at at = BEFORE_NAME;
    size_t n = 0;
    while (n < scan->rest.len) {
        char c = scan->rest.ptr[n++];
        if (c == '>' && at != IN_SINGLE && at != IN_DOUBLE)
            break;
        enum at next = at_behind(at, c);
        attributes.count += next == IN_NAME && at != IN_NAME;
        attributes.closed = c == '/' && next == BEFORE_NAME;
        at = next;
    }
    skip(scan, n);
    return attributes;
}

/* A parser compares each attribute of a tag with those before it, and gives what further <html>
 * and <body> tags have to the first. */
static bool is_wide(struct scan *scan, const struct name *name, unsigned count) {
    bool joined = strcmp(name->bytes, "html") == 0 || strcmp(name->bytes, "body") == 0;
    scan->joined += joined ? count : 0;
    return (joined ? scan->joined : count) > scan->max_attributes;
}

static void skip_content(struct scan *scan, const struct name *name) {
    char end[NAME_SIZE + 2] = "</";
    memcpy(end + 2, name->bytes, strlen(name->bytes));
    long at = text_ifind(scan->rest, text_of(end));
    skip(scan, at < 0 ? scan->rest.len : (size_t)at);
}

static bool is_open(const struct scan *scan, const char *name) {
    for (unsigned i = scan->depth; i > 0; i--)
        if (strcmp(scan->open[i - 1].bytes, name) == 0)
            return true;
    return false;
}

/* The number of elements around the <svg> or <math> whose rules hold here, or -1. */
static long around_foreign(const struct scan *scan) {
    for (unsigned i = scan->depth; i > 0; i--) {
        const struct name *name = &scan->open[i - 1];
        if (strcmp(name->bytes, "svg") == 0 || strcmp(name->bytes, "math") == 0)
            return i - 1;
        if (tag_of(name)->place == HTML_INSIDE)
            return -1;
    }
    return -1;
}

static void close_tag(struct scan *scan, const struct name *name) {
    if (tag_of(name)->habit == FORMATS) {
        scan->formats -= scan->formats > 0;
        return;
    }
    for (unsigned i = scan->depth; i > 0; i--)
        if (strcmp(scan->open[i - 1].bytes, name->bytes) == 0) {
            scan->depth = i - 1;
            return;
        }
}

/* false when that is one too many. */
static bool push(struct scan *scan, const struct name *name) {
    if (scan->depth + scan->formats >= scan->max)
        return false;
    scan->open[scan->depth++] = *name;
    return true;
}

static bool open_tag(struct scan *scan, const struct name *name, bool closed) {
    const struct tag *tag = tag_of(name);
    long around = around_foreign(scan);
    if (around >= 0 && tag->place != HTML_ONLY)
        return closed || push(scan, name);
    if (around >= 0)
        scan->depth = (unsigned)around;
    switch (tag->habit) {
    case STANDS_ALONE:
    case ENDS_ITSELF:
        return true;
    case HIDES:
        if (!is_open(scan, "select")) /* where such tags are ignored */
            skip_content(scan, name);
        return true;
    case FORMATS:
        return scan->depth + ++scan->formats <= scan->max;
    case NESTS:
        break;
    }
    return push(scan, name);
}

/* The next tag, comment or declaration; false when the page is too deep or a tag too wide. */
static bool step(struct scan *scan) {
    const char *at = memchr(scan->rest.ptr, '<', scan->rest.len);
    skip(scan, at ? (size_t)(at - scan->rest.ptr) + 1 : scan->rest.len);
    if (scan->rest.len == 0)
        return true;
    if (text_starts(scan->rest, TEXT("!--"))) {
        skip_behind(scan, TEXT("-->"));
        return true;
    }
    bool ends = scan->rest.ptr[0] == '/';
    if (ends)
        skip(scan, 1);
    if (scan->rest.len == 0 || !is_letter(scan->rest.ptr[0]))
        return true;
    struct name name = read_name(scan);
    struct attributes attributes = skip_attributes(scan);
    if (is_wide(scan, &name, attributes.count))
        return false;
    if (!ends)
        return open_tag(scan, &name, attributes.closed);
    close_tag(scan, &name);
    return true;
}

bool html_depth_exceeds(struct text page, unsigned max, unsigned max_attributes) {
    struct scan scan = {.rest = page,
                        .max = max < DEPTH_CEILING ? max : DEPTH_CEILING,
                        .max_attributes = max_attributes};
    scan.open = calloc(scan.max + 1, sizeof(*scan.open));
    if (!scan.open)
        return true;
    bool fits = true;
    while (fits && scan.rest.len > 0)
        fits = step(&scan);
    free(scan.open);
    return !fits;
}
