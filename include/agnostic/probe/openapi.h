/* openapi: the description of an API (OpenAPI 3.0 and 3.1, JSON or YAML): its operations, what they
 * take, what they may answer. A description is hostile: size, depth, operations and references are
 * bounded. */
#ifndef AGNOSTIC_PROBE_OPENAPI_H
#define AGNOSTIC_PROBE_OPENAPI_H

#include "agnostic/base/json.h"
#include "agnostic/base/url.h"

enum {
    OPENAPI_MAX_BYTES = 1 << 20,
    OPENAPI_OPERATIONS_MAX = 128, /* more are counted */
    OPENAPI_PARAMETERS_MAX = 16   /* of one operation; one that has more is left out */
};

enum openapi_place { OPENAPI_PATH, OPENAPI_QUERY, OPENAPI_HEADER, OPENAPI_COOKIE };

struct openapi_parameter {
    struct text name;
    enum openapi_place place;
    bool required;
    const struct json *schema;  /* NULL: nothing is said of it */
    const struct json *example; /* or NULL */
};

struct openapi_operation {
    const char *method;      /* "GET" */
    struct text path;        /* "/items/{id}" */
    const struct json *item; /* of that path */
    const struct json *node; /* the operation itself */
    struct openapi_parameter parameters[OPENAPI_PARAMETERS_MAX];
    size_t parameter_count;
    bool body_required;
    const struct json *body;     /* its media type of JSON, NULL: it takes none */
    const struct json *security; /* the first scheme, NULL: nobody has to say who he is */
};

struct openapi;

/* openapi_read(text, &openapi, &fault): ERR_SYNTAX: no description that can be read, fault saying
 * why; ERR_NOMEM. The caller frees with openapi_free. */
enum err openapi_read(struct text text, struct openapi **ret_openapi, struct fault *ret_fault);
void openapi_free(struct openapi *openapi);

size_t openapi_count(const struct openapi *openapi);
/* openapi_omitted(openapi): operations that are not among them: too many, or not understood. */
size_t openapi_omitted(const struct openapi *openapi);
const struct openapi_operation *openapi_get(const struct openapi *openapi, size_t index);
const struct json *openapi_root(const struct openapi *openapi);
/* openapi_find(openapi, path, method): NULL: there is none. */
const struct openapi_operation *openapi_find(const struct openapi *openapi, struct text path,
                                             const char *method);

/* openapi_server(openapi, base, buf): appends what paths are put behind, without a last slash: the
 * first server of the origin of base, where the description was found. false: there is none. */
bool openapi_server(const struct openapi *openapi, const struct url *base, struct buf *buf);
/* openapi_response(openapi, operation, status): what is said of answers of that status; NULL:
 * nothing. */
const struct json *openapi_response(const struct openapi *openapi,
                                    const struct openapi_operation *operation, int status);
/* openapi_media(openapi, response, type): what is said of that Content-Type; NULL: it is none of
 * those listed. */
const struct json *openapi_media(const struct openapi *openapi, const struct json *response,
                                 struct text type);
/* openapi_is_json(type): is that Content-Type one of JSON? */
bool openapi_is_json(struct text type);

#endif
