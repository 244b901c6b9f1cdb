/* route: the table of everything this service answers to, and the way through it. */
#ifndef AGNOSTIC_WEB_ROUTE_H
#define AGNOSTIC_WEB_ROUTE_H

#include "agnostic/auth/permission.h"
#include "agnostic/base/err.h"
#include "web/path.h"

enum method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_OTHER
};
/* router_method(word): METHOD_OTHER for what is not known. Case matters. */
enum method router_method(struct text word);
const char *router_method_word(enum method method);

/* Who may: one of the nine permissions, or one of these. There is no default. ROUTE_CANCEL:
 * sessions:delete, or sessions:write, which the handler then takes for one's own tasks only. */
enum { ROUTE_CANCEL = -3, ROUTE_OPEN = -2, ROUTE_ANY_CREDENTIAL = -1 };
/* Body: none (one that comes is read and thrown away), or JSON up to so many bytes. */
enum { ROUTE_NO_BODY = 0, ROUTE_SMALL_BODY = 8192, ROUTE_BODY = INT32_MAX };

/* Routes that read no task. */
enum { ROUTE_NO_TASK = -1 };

struct call;
struct answer;
struct route {
    enum method method; /* a GET row answers HEAD too */
    const char *path;   /* "/api/tasks/{id}"; "/api/..." is there under "/api/v1/..." too */
    int need;           /* enum permission, or one of those above */
    int32_t body_max;   /* bytes; AGNOSTIC_BODY_MAX_BYTES caps it */
    int task; /* what is read of task {id}, with the credential in one round trip, at least: enum
               * task_view_part, or ROUTE_NO_TASK */
    const struct answer *(*handle)(struct call *call);
    const char *help;
};
extern const struct route ROUTES[];
extern const size_t ROUTES_COUNT;

/* The prefix picks the generation of the original whose shapes are answered. */
enum dialect { DIALECT_G1, DIALECT_G2 };

struct match {
    const struct route *route; /* NULL unless ERR_OK */
    enum dialect dialect;
    struct text id, name; /* what stands at the first {...} and the second, empty without; both
                             point into the path */
    char allow[64];       /* on ERR_METHOD: value of the Allow field */
};
/* router_find(path, method, &match): ERR_OK; ERR_NO_ROUTE; ERR_METHOD when only other methods
 * are known there. match.dialect and match.allow are set in every case. */
enum err router_find(const struct path *path, enum method method, struct match *ret_match);
/* router_dialect(raw_path): the dialect of a path that may lead nowhere. */
enum dialect router_dialect(struct text raw_path);

#endif
