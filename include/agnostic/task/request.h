/* request: what a client orders, validated; and its stored form, the spec.
 *
 * Validation says everything that is wrong with one request at once, in field order,
 * in the shape the original's framework used (references: PROTOCOL.md, "422"). */
#ifndef AGNOSTIC_TASK_REQUEST_H
#define AGNOSTIC_TASK_REQUEST_H

#include "agnostic/base/json.h"
#include "agnostic/task/load_wish.h"
#include "agnostic/task/role.h"
#include "agnostic/task/state.h"

enum {
    REQUEST_PLUGINS_MAX = 16,     /* different ones of one request */
    REQUEST_PLUGIN_NAME_MAX = 64, /* bytes */
    REQUEST_TITLE_MAX = 200,      /* code points, these five */
    REQUEST_DESCRIPTION_MAX = 5000,
    REQUEST_GOALS_MAX = 500,
    REQUEST_CONSTRAINTS_MAX = 500,
    REQUEST_STANDARD_MAX = 64,
    REQUEST_STANDARDS_MAX = 32, /* entries */
    REQUEST_URL_MAX = 2048,     /* bytes, target_url and callback_url */
    REQUEST_SECRET_MAX = 256,   /* bytes */
    REQUEST_QUEUE_TTL_MAX_S = 604800,
    REQUEST_INPUT_ECHO_MAX = 200 /* code points of a faulty value that are sent back */
};

/* What the original takes for fields that are not given. */
#define REQUEST_GOALS_DEFAULT "Ensure quality and functionality"
#define REQUEST_CONSTRAINTS_DEFAULT "Standard testing environment"

/* A plug-in asked for by its name: "ROLE/NAME" among the agents. Whether it is installed, the
 * runner knows. */
struct request_plugin {
    enum role role;
    const char *name; /* as of manifests: a-z, 0-9, - and _ */
};

/* Strings point into the document (or spec) it was read from. ptr NULL: not given. */
struct request {
    struct text title, description, target_url, business_goals, constraints;
    enum task_priority priority;
    const struct json *standards; /* array of strings, NULL for none */
    role_set agents;              /* the roles chosen; 0 with no plug-in named = all */
    struct request_plugin plugins[REQUEST_PLUGINS_MAX];
    size_t plugin_count;
    struct text callback_url, callback_secret;
    int64_t queue_ttl_s; /* longest wait for the first start, 0: not given */
    struct load_wish load;
    const struct json *checks; /* array, as user_check.h has them; NULL for none */
    bool external_links;       /* links to other origins may be asked for */
};

/* request_read(body, agents, &request, detail): validates the body of a task-creating
 * route. `agents` is the route's own choice (ROLE bits) which replaces the body's, or 0
 * to take the body's. ERR_INVALID: detail (a writer the caller prepared) has received a JSON array
 * of {type, loc, msg, input[, ctx]}; it is not touched on ERR_OK, and may be NULL for "whatever".
 * body NULL: there was none. target_url: syntax only (http/https, absolute). callback_url: a
 * string, to be judged elsewhere; an empty one is none. `input` never shows callback_secret. */
enum err request_read(const struct json *body, role_set agents, struct request *ret_request,
                      struct json_out *detail);

/* request_put_spec(request, out): the stored form, one JSON object with every field but
 * the callback's. */
void request_put_spec(const struct request *request, struct json_out *out);
/* request_read_spec(spec, &request): the same read back. ERR_DAMAGED. */
enum err request_read_spec(const struct json *spec, struct request *ret_request);

/* request_roles(request): the roles to run: those chosen; all six when nobody was. */
role_set request_roles(const struct request *request);
/* request_involves(request, role): does anybody of that role, agent or plug-in, work on it? */
bool request_involves(const struct request *request, enum role role);
/* request_put_agents(request, out): who is to work on it, an array: roles, then "ROLE/NAME". */
void request_put_agents(const struct request *request, struct json_out *out);

/* --- query parameters and bodies of other routes use the same fault shape ---------- */

/* request_fault(detail, type, in, field, msg, input, ctx_name, ctx_int): one entry of the
 * array. `in` is "body", "query" or "path"; field NULL leaves loc at [in]; input NULL writes null;
 * ctx_name NULL leaves ctx out. */
void request_fault(struct json_out *detail, const char *type, const char *in, const char *field,
                   const char *msg, const struct json *input, const char *ctx_name,
                   int64_t ctx_int);
/* request_fault_words(...): the same with words in ctx, e.g. what was expected. */
void request_fault_words(struct json_out *detail, const char *type, const char *in,
                         const char *field, const char *msg, const struct json *input,
                         const char *ctx_name, const char *ctx_words);
/* request_fault_json(detail, offset, reason): the json_invalid entry for a body that is
 * not JSON. */
void request_fault_json(struct json_out *detail, const struct json_fault *fault);

#endif
