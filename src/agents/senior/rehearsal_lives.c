/* EDG-07: what was made is there, what was deleted is not. */
#include <string.h>

#include "agents/senior/rehearsal_kit.h"

enum { LIFE_ID_SIZE = 256 };

/* A thing that was made: the parameter that names it, and its name. */
struct life {
    const struct openapi_operation *get, *del; /* del: NULL, nothing deletes it */
    char id[LIFE_ID_SIZE];
};

/* The operation on "PATH/{name}", whose last part alone is not known. */
static const struct openapi_operation *life_member(const struct api *api, struct text path,
                                                   const char *method) {
    for (size_t i = 0; i < openapi_count(api->openapi); i++) {
        const struct openapi_operation *one = openapi_get(api->openapi, i);
        struct text rest = one->path;
        if (strcmp(one->method, method) != 0 || one->security != NULL || one->body_required ||
            rest.len < path.len + 4 || !text_starts(rest, path))
            continue;
        rest = text_make(rest.ptr + path.len, rest.len - path.len);
        if (text_starts(rest, TEXT("/{")) && text_find(rest, TEXT("}")) == (long)rest.len - 1)
            return one;
    }
    return NULL;
}

static const struct openapi_parameter *life_parameter(const struct openapi_operation *operation) {
    const struct openapi_parameter *found = NULL;
    struct text path = operation->path;
    for (size_t i = 0; i < operation->parameter_count; i++) {
        const struct openapi_parameter *one = &operation->parameters[i];
        struct text end = path;
        if (one->place != OPENAPI_PATH || path.len < one->name.len + 2)
            continue;
        end = text_make(path.ptr + path.len - one->name.len - 1, one->name.len);
        if (text_eq(end, one->name))
            found = one;
    }
    return found;
}

/* The name of what was made: of its parameter or "id" in the body, or the end of Location. */
static bool life_id(const struct openapi_parameter *parameter, const struct http_response *response,
                    char *dst) {
    struct text location = http_response_header(response, "Location", 0), part;
    struct json *body = NULL;
    struct buf buf;
    char name[128];
    buf_init(&buf, LIFE_ID_SIZE - 1);
    if (json_parse(buf_text(&response->body), &JSON_LIMITS_RESULT, &body, NULL) == ERR_OK &&
        text_copy(parameter->name, name, sizeof(name)) &&
        !api_call_put_value(json_get(body, name), &buf))
        (void)api_call_put_value(json_get(body, "id"), &buf);
    if (buf.len == 0 && location.ptr != NULL && text_cut(&location, '?', &part)) {
        for (location = part; text_cut(&location, '/', &part);)
            ; /* to the last */
        buf_puttext(&buf, part);
    }
    bool found = !buf.failed && buf.len > 0 && text_copy(buf_text(&buf), dst, LIFE_ID_SIZE);
    buf_done(&buf);
    json_free(body);
    return found;
}

static int life_call(struct rehearsal *run, const struct openapi_operation *operation,
                     const struct life *life, struct api_call *ret_call) {
    const struct api_wish wish = {.parameter = life_parameter(operation),
                                  .value = text_of(life->id)};
    struct http_response response;
    run->operation = operation;
    int status = rehearsal_call(run, &wish, ret_call, &response) ? response.status : 0;
    http_response_done(&response);
    return status;
}

static void life_see(struct rehearsal *run, const struct life *life) {
    struct api_call call;
    int status = life_call(run, life->get, life, &call);
    run->notes->asked[REHEARSAL_LIFE] += status > 0;
    if (status > 0 && status / 100 != 2 && status != 429)
        api_notes_add(run->notes, REHEARSAL_LIFE, 0, &call, "GET %.*s answers %d to what was made",
                      JUDGEMENT_VALUE(life->get->path), status);
    api_call_done(&call);
}

static void life_end(struct rehearsal *run, const struct life *life) {
    struct api_call call;
    int status = life_call(run, life->del, life, &call);
    api_call_done(&call);
    if (status / 100 != 2 || status == 202) /* 202: later */
        return;
    status = life_call(run, life->get, life, &call);
    run->notes->asked[REHEARSAL_LIFE] += status > 0;
    if (status > 0 && status != 404 && status != 410 && status != 429)
        api_notes_add(run->notes, REHEARSAL_LIFE, 0, &call,
                      "GET %.*s answers %d to what was deleted", JUDGEMENT_VALUE(life->get->path),
                      status);
    api_call_done(&call);
}

static void life_of(struct rehearsal *run, const struct openapi_operation *post) {
    struct life life = {.get = life_member(run->api, post->path, "GET")};
    const struct api_wish wish = {.size = JSON_SCHEMA_LEAST};
    struct http_response response;
    struct api_call call;
    if (life.get == NULL || life_parameter(life.get) == NULL)
        return;
    life.del = life_member(run->api, post->path, "DELETE");
    run->operation = post;
    run->calls_here = 0;
    bool made = rehearsal_call(run, &wish, &call, &response) && response.status / 100 == 2 &&
                response.status != 202 && life_id(life_parameter(life.get), &response, life.id);
    rehearsal_done(&call, &response);
    if (!made)
        return;
    life_see(run, &life);
    if (life.del != NULL && life_parameter(life.del) != NULL)
        life_end(run, &life);
}

void rehearsal_lives(struct rehearsal *run) {
    size_t made = 0;
    for (size_t i = 0; i < openapi_count(run->api->openapi) && made < REHEARSAL_MADE_MAX; i++) {
        const struct openapi_operation *post = openapi_get(run->api->openapi, i);
        if (strcmp(post->method, "POST") != 0 || post->security != NULL)
            continue;
        made++;
        life_of(run, post);
    }
}
