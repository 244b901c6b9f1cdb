/* Reads robots.txt and matches paths. Fetches nothing. */
#include "agnostic/probe/robots.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/canonical.h"

struct rule {
    size_t at, len; /* of the pattern in patterns */
    bool allow, to_end /* it ended in '$' */, own /* of a group for us, else for "*" */;
};

struct robots {
    const struct bounds *bounds; /* borrowed; NULL: none */
    bool nothing, has_own;
    struct rule *rules;
    size_t count, room;
    struct buf patterns;
};

/* --- lines ------------------------------------------------------------------------------------ */

/* What the lines read so far say about the next. */
struct reader {
    struct robots *robots;
    const char *product;
    bool own, any; /* the group is for us, is for everyone */
    bool ruled;    /* the group has rules: the next user-agent begins another */
};

/* "agnostic-qa/1.0 (bot)" names the product agnostic-qa. */
static struct text product_of(struct text value) {
    size_t len = 0;
    while (len < value.len && strchr("/ \t(;,", value.ptr[len]) == NULL)
        len++;
    return text_make(value.ptr, len);
}

static void read_agent(struct reader *reader, struct text value) {
    struct text product = product_of(value);
    if (reader->ruled)
        reader->own = reader->any = reader->ruled = false;
    reader->own |= text_ieq(product, text_of(reader->product));
    reader->any |= text_is(product, "*");
    reader->robots->has_own |= reader->own;
}

static struct rule *new_rule(struct robots *robots) {
    if (robots->count == robots->room) {
        size_t room = robots->room > 0 ? 2 * robots->room : 64;
        struct rule *rules = realloc(robots->rules, room * sizeof(*rules));
        if (rules == NULL)
            return NULL;
        robots->rules = rules;
        robots->room = room;
    }
    return &robots->rules[robots->count++];
}

static enum err read_rule(struct reader *reader, struct text value, bool allow) {
    struct robots *robots = reader->robots;
    reader->ruled = true;
    if (value.len == 0 || !(reader->own || reader->any))
        return ERR_OK;
    struct rule *rule = new_rule(robots);
    if (rule == NULL)
        return ERR_NOMEM;
    bool to_end = value.ptr[value.len - 1] == '$';
    *rule = (struct rule){robots->patterns.len, 0, allow, to_end, reader->own};
    canonical_text(text_make(value.ptr, value.len - to_end), "$", &robots->patterns);
    rule->len = robots->patterns.len - rule->at;
    return robots->patterns.failed ? ERR_NOMEM : ERR_OK;
}

static enum err read_line(struct reader *reader, struct text line) {
    struct text key;
    text_cut(&line, '#', &key);
    line = key;
    if (!text_cut(&line, ':', &key) || line.ptr == NULL)
        return ERR_OK;
    struct text value = text_trim(line);
    key = text_trim(key);
    if (text_ieq(key, TEXT("user-agent")))
        read_agent(reader, value);
    else if (text_ieq(key, TEXT("allow")) || text_ieq(key, TEXT("disallow")))
        return read_rule(reader, value, text_ieq(key, TEXT("allow")));
    return ERR_OK;
}

static size_t line_len(struct text text) {
    size_t len = 0;
    while (len < text.len && text.ptr[len] != '\n' && text.ptr[len] != '\r')
        len++;
    return len;
}

/* Half a pattern says something else than the whole. */
static struct text whole_lines(struct text body) {
    if (body.len <= ROBOTS_MAX_BYTES)
        return body;
    size_t len = ROBOTS_MAX_BYTES;
    while (len > 0 && body.ptr[len - 1] != '\n' && body.ptr[len - 1] != '\r')
        len--;
    return text_make(body.ptr, len);
}

static enum err read_body(struct robots *robots, struct text body, const char *product) {
    static const struct text MARK = {"\xEF\xBB\xBF", 3};
    struct reader reader = {.robots = robots, .product = product};
    enum err err = ERR_OK;
    body = whole_lines(body);
    if (text_starts(body, MARK))
        body = text_make(body.ptr + MARK.len, body.len - MARK.len);
    while (err == ERR_OK && body.len > 0) {
        size_t len = line_len(body), past = len < body.len ? len + 1 : len;
        err = read_line(&reader, text_make(body.ptr, len));
        body = text_make(body.ptr + past, body.len - past);
    }
    return err;
}

enum err robots_read(int status, struct text body, const char *product, const struct bounds *bounds,
                     struct robots **ret_robots) {
    struct robots *robots = calloc(1, sizeof(*robots));
    if (robots == NULL)
        return ERR_NOMEM;
    buf_init(&robots->patterns, 3 * (size_t)ROBOTS_MAX_BYTES);
    robots->bounds = bounds;
    robots->nothing = bounds_stays(bounds) || (status / 100 != 2 && status / 100 != 4);
    enum err err = status / 100 == 2 ? read_body(robots, body, product) : ERR_OK;
    if (err == ERR_OK)
        *ret_robots = robots;
    else
        robots_free(robots);
    return err;
}

void robots_free(struct robots *robots) {
    if (robots == NULL)
        return;
    buf_done(&robots->patterns);
    free(robots->rules);
    free(robots);
}

/* --- matching --------------------------------------------------------------------------------- */

/* A pattern's '*' stands for any bytes; only the last one met is ever tried anew. */
static bool matches(struct text pattern, bool to_end, struct text path, size_t *steps) {
    size_t p = 0, i = 0, mark = 0, behind_star = 0;
    for (; *steps > 0; --*steps) {
        if (p == pattern.len && (!to_end || i == path.len))
            return true;
        if (p < pattern.len && pattern.ptr[p] == '*') {
            behind_star = ++p;
            mark = i;
        } else if (p < pattern.len && i < path.len && pattern.ptr[p] == path.ptr[i]) {
            p++;
            i++;
        } else if (behind_star > 0 && mark < path.len) {
            p = behind_star;
            i = ++mark;
        } else {
            return false;
        }
    }
    return false;
}

static bool allows_path(const struct robots *robots, struct text path) {
    const struct rule *best = NULL;
    size_t steps = ROBOTS_MAX_STEPS, best_len = 0;
    for (size_t i = 0; i < robots->count; i++) {
        const struct rule *rule = &robots->rules[i];
        size_t len = rule->len + rule->to_end;
        if (rule->own != robots->has_own || len < best_len ||
            (best != NULL && len == best_len && !rule->allow))
            continue;
        if (!matches(text_make(robots->patterns.data + rule->at, rule->len), rule->to_end, path,
                     &steps))
            continue;
        best = rule;
        best_len = len;
    }
    return steps > 0 && (best == NULL || best->allow);
}

bool robots_allows(const struct robots *robots, const struct url *url) {
    struct buf path;
    if (robots->nothing || bounds_excludes(robots->bounds, url->path))
        return false;
    buf_init(&path, CANONICAL_MAX_BYTES);
    canonical_text(url->path, "*$", &path);
    if (url->query.ptr != NULL) {
        buf_putc(&path, '?');
        canonical_text(url->query, "*$", &path);
    }
    bool allowed = !path.failed && (text_is(buf_text(&path), "/robots.txt") ||
                                    allows_path(robots, buf_text(&path)));
    buf_done(&path);
    return allowed;
}
