/* Reads the form, strictly: what is not understood is no check. Sends and judges nothing. */
#include "agnostic/task/user_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agnostic/base/pattern.h"
#include "agnostic/base/url.h"

static const struct {
    const char *word;
    enum user_query query;
    bool takes_argument;
} QUERIES[] = {
    {"status", USER_QUERY_STATUS, false},
    {"header:", USER_QUERY_HEADER, true},
    {"cookie:", USER_QUERY_COOKIE, true},
    {"jsonpath:", USER_QUERY_JSON, true},
    {"body", USER_QUERY_BODY, false},
    {"bytes", USER_QUERY_BYTES, false},
    {"sha256", USER_QUERY_SHA256, false},
    {"duration_ms", USER_QUERY_DURATION, false},
    {"response_time", USER_QUERY_DURATION, false},
};

/* What a predicate wants to be compared with. */
enum wanted { WANTS_ANY, WANTS_NUMBER, WANTS_STRING, WANTS_NOTHING };
static const struct {
    const char *word;
    enum wanted wanted;
} PREDICATES[USER_PREDICATE__COUNT] = {
    [USER_EQUALS] = {"==", WANTS_ANY},
    [USER_DIFFERS] = {"!=", WANTS_ANY},
    [USER_LESS] = {"<", WANTS_NUMBER},
    [USER_AT_MOST] = {"<=", WANTS_NUMBER},
    [USER_MORE] = {">", WANTS_NUMBER},
    [USER_AT_LEAST] = {">=", WANTS_NUMBER},
    [USER_CONTAINS] = {"contains", WANTS_ANY},
    [USER_STARTS] = {"startsWith", WANTS_STRING},
    [USER_ENDS] = {"endsWith", WANTS_STRING},
    [USER_MATCHES] = {"matches", WANTS_STRING},
    [USER_EXISTS] = {"exists", WANTS_NOTHING},
    [USER_IS_INTEGER] = {"isInteger", WANTS_NOTHING},
    [USER_IS_NUMBER] = {"isNumber", WANTS_NOTHING},
    [USER_IS_STRING] = {"isString", WANTS_NOTHING},
    [USER_IS_BOOLEAN] = {"isBoolean", WANTS_NOTHING},
};

static const char *const METHODS[] = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"};
enum { SAFE_METHODS = 3, METHOD_COUNT = sizeof(METHODS) / sizeof(METHODS[0]) };

/* What belongs to whoever sends it. */
static const char *const OUR_HEADERS[] = {"host",       "content-length", "transfer-encoding",
                                          "connection", "upgrade",        "te",
                                          "trailer",    "expect"};

__attribute__((format(printf, 2, 3))) static bool wrong(char *why, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(why, USER_CHECK_WHY_SIZE, format, args);
    va_end(args);
    return false;
}

/* Nothing in an object but these; a name that nobody reads is a mistake. */
struct known {
    const char *const *names;
    struct text stranger;
};

static bool is_known(void *ctx, struct text name, const struct json *value) {
    struct known *known = ctx;
    (void)value;
    for (size_t i = 0; known->names[i] != NULL; i++)
        if (text_is(name, known->names[i]))
            return true;
    known->stranger = name;
    return false;
}

static bool has_only(const struct json *object, const char *where, const char *const *names,
                     char *why) {
    struct known known = {names, {NULL, 0}};
    json_each(object, is_known, &known);
    if (known.stranger.ptr == NULL)
        return true;
    return wrong(why, "%s has a member that nobody knows: %.*s", where,
                 TEXT_ARG(text_head(known.stranger, 40)));
}

/* --- asserts -------------------------------------------------------------------------------- */

bool user_query_read(struct text text, enum user_query *ret_query, struct text *ret_argument) {
    for (size_t i = 0; text.len <= USER_CHECK_QUERY_MAX && i < sizeof(QUERIES) / sizeof(QUERIES[0]);
         i++) {
        struct text word = text_of(QUERIES[i].word);
        const struct json *value;
        if (QUERIES[i].takes_argument ? !text_starts(text, word) || text.len == word.len
                                      : !text_eq(text, word))
            continue;
        *ret_query = QUERIES[i].query;
        *ret_argument = text_make(text.ptr + word.len, text.len - word.len);
        return *ret_query != USER_QUERY_JSON || user_path_find(NULL, *ret_argument, &value);
    }
    return false;
}

static bool is_scalar(const struct json *value) {
    struct text text;
    if (json_text(value, &text))
        return text.len <= USER_CHECK_VALUE_MAX;
    return json_kind(value) != JSON_NONE && json_kind(value) != JSON_ARRAY &&
           json_kind(value) != JSON_OBJECT;
}

static bool is_expression(struct text text) {
    struct pattern *pattern = NULL;
    enum err err = pattern_new_client(text, &pattern);
    pattern_free(pattern);
    return err == ERR_OK;
}

static bool value_fits(const struct user_assert *assert, char *why) {
    enum wanted wanted = PREDICATES[assert->predicate].wanted;
    struct text text = {NULL, 0};
    double number;
    bool is_text = json_text(assert->value, &text);
    /* A captured number is written as a text. */
    bool fits = wanted == WANTS_NOTHING  ? assert->value == NULL
                : wanted == WANTS_NUMBER ? json_number(assert->value, &number) ||
                                               (is_text && text_starts(text, TEXT("{{")))
                : wanted == WANTS_STRING ? is_text &&text.len <= USER_CHECK_VALUE_MAX
                                         : is_scalar(assert->value);
    static const char *const WORDS[] = {"a string, number, boolean or null", "a number", "a string",
                                        "left out"};
    if (!fits)
        return wrong(why, "value of %s should be %s", PREDICATES[assert->predicate].word,
                     WORDS[wanted]);
    if (assert->predicate == USER_MATCHES && !is_expression(text))
        return wrong(why, "value of matches should be a regular expression (PCRE)");
    return true;
}

bool user_assert_read(const struct json *value, struct user_assert *ret_assert,
                      char why[static USER_CHECK_WHY_SIZE]) {
    static const char *const MEMBERS[] = {"query", "predicate", "value", "not", NULL};
    struct user_assert assert = {.predicate = USER_PREDICATE__COUNT};
    if (json_kind(value) != JSON_OBJECT)
        return wrong(why, "it should be an object");
    if (!has_only(value, "it", MEMBERS, why))
        return false;
    if (!json_text(json_get(value, "query"), &assert.query_text) ||
        !user_query_read(assert.query_text, &assert.query, &assert.argument))
        return wrong(why,
                     "query should be status, header:NAME, cookie:NAME, jsonpath:$.PATH, body, "
                     "bytes, sha256 or duration_ms");
    (void)json_text(json_get(value, "predicate"), &assert.predicate_text);
    for (int i = 0; i < USER_PREDICATE__COUNT; i++)
        if (text_is(assert.predicate_text, PREDICATES[i].word))
            assert.predicate = (enum user_predicate)i;
    if (assert.predicate == USER_PREDICATE__COUNT)
        return wrong(why,
                     "predicate should be ==, !=, <, <=, >, >=, contains, startsWith, endsWith, "
                     "matches, exists or isTYPE");
    if (json_get(value, "not") != NULL && json_kind(json_get(value, "not")) != JSON_BOOL)
        return wrong(why, "not should be true or false");
    assert.value = json_get(value, "value");
    assert.is_not = json_bool(json_get(value, "not"), false);
    if (!value_fits(&assert, why))
        return false;
    *ret_assert = assert;
    return true;
}

static bool asserts_fit(const struct json *asserts, char *why) {
    char inner[USER_CHECK_WHY_SIZE];
    struct user_assert assert;
    if (json_kind(asserts) != JSON_ARRAY || json_count(asserts) == 0 ||
        json_count(asserts) > USER_CHECK_ASSERTS_MAX)
        return wrong(why, "asserts should be an array of 1 to %d", USER_CHECK_ASSERTS_MAX);
    for (size_t i = 0; i < json_count(asserts); i++)
        if (!user_assert_read(json_at(asserts, i), &assert, inner))
            return wrong(why, "asserts[%zu]: %.120s", i, inner);
    return true;
}

/* --- requests ------------------------------------------------------------------------------- */

/* Visible characters, and blanks where they may be. */
static bool is_line(struct text text, bool blanks, size_t max) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < (blanks ? 0x20 : 0x21) || text.ptr[i] == 0x7f)
            return false;
    return text.len <= max;
}

static bool is_token(struct text text) {
    static const char OTHERS[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              memchr(OTHERS, c, sizeof(OTHERS) - 1) != NULL))
            return false;
    }
    return text.len > 0 && text.len <= USER_CHECK_HEADER_MAX;
}

static bool header_fits(void *ctx, struct text name, const struct json *value) {
    char *why = ctx;
    struct text text;
    for (size_t i = 0; i < sizeof(OUR_HEADERS) / sizeof(OUR_HEADERS[0]); i++)
        if (text_ieq(name, text_of(OUR_HEADERS[i])))
            return wrong(why, "request.headers: %s is not to be chosen", OUR_HEADERS[i]);
    if (!is_token(name) || !json_text(value, &text) || !is_line(text, true, USER_CHECK_HEADER_MAX))
        return wrong(why, "request.headers should map names to lines of at most %d bytes",
                     USER_CHECK_HEADER_MAX);
    return true;
}

static bool headers_fit(const struct json *headers, char *why) {
    why[0] = '\0';
    if (headers == NULL)
        return true;
    if (json_kind(headers) != JSON_OBJECT || json_count(headers) > USER_CHECK_HEADERS_MAX)
        return wrong(why, "request.headers should be an object of at most %d",
                     USER_CHECK_HEADERS_MAX);
    json_each(headers, header_fits, why);
    return why[0] == '\0';
}

static bool read_method(const struct json *value, struct text *ret_method, char *why) {
    *ret_method = TEXT("GET");
    for (size_t i = 0; value != NULL && i < METHOD_COUNT; i++)
        if (json_text(value, ret_method) && text_is(*ret_method, METHODS[i]))
            return true;
    return value == NULL ||
           wrong(why, "request.method should be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE");
}

static bool read_base(const struct json *value, struct text *ret_base, char *why) {
    struct url url;
    *ret_base = text_make(NULL, 0);
    if (value == NULL)
        return true;
    if (!json_text(value, ret_base) || url_parse(*ret_base, &url, NULL) != ERR_OK ||
        text_find(*ret_base, TEXT("?")) >= 0 || text_find(*ret_base, TEXT("#")) >= 0)
        return wrong(why, "request.base_url should be an http or https URL, without ? and #");
    while (text_ends(*ret_base, TEXT("/")))
        ret_base->len--;
    return true;
}

static bool read_request(const struct json *request, struct user_check *check, char *why) {
    static const char *const MEMBERS[] = {"method", "base_url", "path", "headers",
                                          "body",   "json",     NULL};
    const struct json *body = json_get(request, "body");
    if (json_kind(request) != JSON_OBJECT)
        return wrong(why, "request should be an object");
    if (!has_only(request, "request", MEMBERS, why) ||
        !read_method(json_get(request, "method"), &check->method, why) ||
        !read_base(json_get(request, "base_url"), &check->base, why))
        return false;
    if (!json_text(json_get(request, "path"), &check->path) ||
        !text_starts(check->path, TEXT("/")) || text_starts(check->path, TEXT("//")) ||
        !is_line(check->path, false, USER_CHECK_PATH_MAX))
        return wrong(why,
                     "request.path should begin with one / and have at most %d visible "
                     "characters",
                     USER_CHECK_PATH_MAX);
    check->headers = json_get(request, "headers");
    check->json = json_get(request, "json");
    if (body != NULL && (check->json != NULL || !json_text(body, &check->body) ||
                         check->body.len > USER_CHECK_BODY_MAX))
        return wrong(why, "request.body should be a string of at most %d bytes, without json",
                     USER_CHECK_BODY_MAX);
    return headers_fit(check->headers, why);
}

/* --- the whole ------------------------------------------------------------------------------ */

static bool capture_fits(void *ctx, struct text name, const struct json *value) {
    char *why = ctx;
    enum user_query query;
    struct text text, argument;
    for (size_t i = 0; i < name.len; i++)
        if (!is_token(text_make(name.ptr + i, 1)))
            return wrong(why, "captures should have names of letters and digits");
    if (name.len == 0 || name.len > USER_CHECK_CAPTURE_NAME_MAX || !json_text(value, &text) ||
        !user_query_read(text, &query, &argument))
        return wrong(why, "captures should map names of at most 32 letters to queries");
    return true;
}

static bool captures_fit(const struct json *captures, char *why) {
    why[0] = '\0';
    if (captures == NULL)
        return true;
    if (json_kind(captures) != JSON_OBJECT || json_count(captures) > USER_CHECK_CAPTURES_MAX)
        return wrong(why, "captures should be an object of at most %d", USER_CHECK_CAPTURES_MAX);
    json_each(captures, capture_fits, why);
    return why[0] == '\0';
}

static bool read_severity(const struct json *value, enum severity *ret_severity, char *why) {
    struct text word;
    *ret_severity = SEVERITY_HIGH;
    if (value == NULL || (json_text(value, &word) && severity_read(word, ret_severity) &&
                          *ret_severity != SEVERITY_INFO))
        return true;
    return wrong(why, "severity should be critical, high, medium or low");
}

bool user_check_read(const struct json *value, struct user_check *ret_check,
                     char why[static USER_CHECK_WHY_SIZE]) {
    static const char *const MEMBERS[] = {"name",    "severity", "request",
                                          "asserts", "captures", NULL};
    struct user_check check = {.severity = SEVERITY_HIGH};
    if (json_kind(value) != JSON_OBJECT)
        return wrong(why, "it should be an object");
    if (!has_only(value, "it", MEMBERS, why))
        return false;
    if (!json_text(json_get(value, "name"), &check.name) || check.name.len == 0 ||
        text_points(check.name) > USER_CHECK_NAME_MAX || !is_line(check.name, true, SIZE_MAX))
        return wrong(why, "name should be a line of 1 to %d characters", USER_CHECK_NAME_MAX);
    check.asserts = json_get(value, "asserts");
    check.captures = json_get(value, "captures");
    if (!read_severity(json_get(value, "severity"), &check.severity, why) ||
        !read_request(json_get(value, "request"), &check, why) ||
        !asserts_fit(check.asserts, why) || !captures_fit(check.captures, why))
        return false;
    *ret_check = check;
    return true;
}

bool user_check_is_at(const struct user_check *check, const char *origin) {
    char own[URL_HOST_SIZE + 32];
    struct url url;
    if (check->base.ptr == NULL)
        return true;
    if (url_parse(check->base, &url, NULL) != ERR_OK)
        return false;
    url_origin(&url, own, sizeof(own));
    return text_is(text_of(own), origin);
}

bool user_check_is_safe(const struct user_check *check) {
    for (size_t i = 0; i < SAFE_METHODS; i++)
        if (text_is(check->method, METHODS[i]))
            return true;
    return false;
}
