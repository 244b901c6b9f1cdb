/* EDG-04: methods that a path's description does not have. DELETE is never tried: it may work. */
#include <string.h>

#include "agents/senior/rehearsal_kit.h"

static const char *const METHODS[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
enum { METHOD_COUNT = sizeof(METHODS) / sizeof(METHODS[0]) };

static bool methods_has(const struct rehearsal *run, const char *method) {
    return json_kind(run->operation->item) == JSON_OBJECT &&
           openapi_find(run->api->openapi, run->operation->path, method) != NULL;
}

/* Is method among the words of an Allow field? */
static bool methods_allows(struct text field, const char *method) {
    struct text word;
    while (field.ptr != NULL && text_cut(&field, ',', &word))
        if (text_is(text_trim(word), method))
            return true;
    return false;
}

static void methods_options(struct rehearsal *run) {
    const struct api_wish wish = {.method = "OPTIONS"};
    struct http_response response;
    struct api_call call;
    if (rehearsal_call(run, &wish, &call, &response)) {
        struct text allow = http_response_header(&response, "Allow", 0);
        bool tells = response.status / 100 == 2 && allow.ptr != NULL;
        run->notes->asked[REHEARSAL_METHODS]++;
        for (size_t i = 0; tells && i < METHOD_COUNT; i++)
            if (methods_allows(allow, METHODS[i]) != methods_has(run, METHODS[i]))
                api_notes_add(run->notes, REHEARSAL_METHODS, 0, &call,
                              "Allow of %.*s is %.*s, %s is %s described",
                              JUDGEMENT_VALUE(run->operation->path), JUDGEMENT_VALUE(allow),
                              METHODS[i], methods_has(run, METHODS[i]) ? "" : "not");
    }
    rehearsal_done(&call, &response);
}

/* What may be answered instead: that nobody may, that no such thing is there, too much. */
static bool methods_is_refused(const struct rehearsal *run, int status) {
    return status == 401 || status == 403 || status == 429 || status == 501 ||
           (status == 404 && text_find(run->operation->path, TEXT("{")) >= 0);
}

static void methods_one(struct rehearsal *run, const char *method) {
    const struct api_wish wish = {.method = method};
    struct http_response response;
    struct api_call call;
    if (rehearsal_call(run, &wish, &call, &response)) {
        bool allow = http_response_header(&response, "Allow", 0).ptr != NULL;
        run->notes->asked[REHEARSAL_METHODS]++;
        if (response.status == 405 ? !allow : !methods_is_refused(run, response.status))
            api_notes_add(run->notes, REHEARSAL_METHODS, 0, &call,
                          "%s %.*s answers %d%s, though it is not described", method,
                          JUDGEMENT_VALUE(run->operation->path), response.status,
                          response.status == 405 ? " without Allow" : "");
    }
    rehearsal_done(&call, &response);
}

void rehearsal_methods(struct rehearsal *run) {
    struct text known = text_make(NULL, 0);
    for (size_t i = 0; i < openapi_count(run->api->openapi); i++) {
        run->operation = openapi_get(run->api->openapi, i);
        if (text_eq(run->operation->path, known))
            continue; /* the operations of a path stand together */
        known = run->operation->path;
        run->calls_here = 0;
        if (openapi_omitted(run->api->openapi) > 0)
            continue; /* they may be of this path */
        if (!methods_has(run, "OPTIONS"))
            methods_options(run);
        for (size_t k = 0; k < METHOD_COUNT; k++)
            if (!methods_has(run, METHODS[k]) && strcmp(METHODS[k], "DELETE") != 0 &&
                (run->may_change || rehearsal_is_reading(METHODS[k])))
                methods_one(run, METHODS[k]);
    }
}
