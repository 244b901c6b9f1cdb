/* user_check: a request to the target that a client wants sent, and what its answer must be. One
 * form for the request, the task an agent is given and a file. Pure.
 *
 *   {"name":"login","severity":"high",
 *    "request":{"method":"POST","path":"/login?x=1","headers":{"Accept":"application/json"},
 *               "body":"..." | "json":{...}},
 *    "asserts":[{"query":"status","predicate":"==","value":200},
 *               {"query":"jsonpath:$.items[0].id","predicate":"isInteger"},
 *               {"query":"body","predicate":"contains","value":"error","not":true}],
 *    "captures":{"token":"jsonpath:$.token"}}
 *
 * request.base_url, "https://shop.test/api/v2", may stand before path: a URL of the target's
 * origin. Checks are carried out in their order; {{token}} stands for what an earlier one captured,
 * in path, header values, body, strings of json and values of asserts. */
#ifndef AGNOSTIC_TASK_USER_CHECK_H
#define AGNOSTIC_TASK_USER_CHECK_H

#include "agnostic/base/json.h"
#include "agnostic/task/cvss.h"

enum {
    USER_CHECKS_MAX = 50,
    USER_CHECK_NAME_MAX = 100, /* code points */
    USER_CHECK_PATH_MAX = 2048,
    USER_CHECK_HEADERS_MAX = 20,
    USER_CHECK_HEADER_MAX = 1024, /* bytes of a name or value */
    USER_CHECK_BODY_MAX = 32 << 10,
    USER_CHECK_ASSERTS_MAX = 20,
    USER_CHECK_CAPTURES_MAX = 10,
    USER_CHECK_CAPTURE_NAME_MAX = 32,
    USER_CHECK_QUERY_MAX = 256,
    USER_CHECK_VALUE_MAX = 4096,
    USER_CHECK_WHY_SIZE = 160
};

/* What of an answer is looked at. Words: status, header:NAME, cookie:NAME, jsonpath:PATH, body,
 * bytes, sha256, duration_ms (also response_time). */
enum user_query {
    USER_QUERY_STATUS,
    USER_QUERY_HEADER,
    USER_QUERY_COOKIE,
    USER_QUERY_JSON,
    USER_QUERY_BODY,
    USER_QUERY_BYTES,
    USER_QUERY_SHA256,
    USER_QUERY_DURATION,
    USER_QUERY__COUNT
};

/* Words: ==, !=, <, <=, >, >=, contains, startsWith, endsWith, matches, exists, isInteger,
 * isNumber, isString, isBoolean. */
enum user_predicate {
    USER_EQUALS,
    USER_DIFFERS,
    USER_LESS,
    USER_AT_MOST,
    USER_MORE,
    USER_AT_LEAST,
    USER_CONTAINS,
    USER_STARTS,
    USER_ENDS,
    USER_MATCHES,
    USER_EXISTS,
    USER_IS_INTEGER,
    USER_IS_NUMBER,
    USER_IS_STRING,
    USER_IS_BOOLEAN,
    USER_PREDICATE__COUNT
};

struct user_assert {
    enum user_query query;
    struct text argument; /* NAME or PATH */
    enum user_predicate predicate;
    const struct json *value; /* NULL where the predicate takes none */
    bool is_not;              /* the contrary is asserted */
    struct text query_text, predicate_text;
};

struct user_check {
    struct text name, method, path, body; /* body.ptr NULL: none, or json */
    struct text base;                     /* of the request, without / at its end; ptr NULL: none */
    enum severity severity;               /* of its finding */
    const struct json *headers, *json, *asserts, *captures;
};

/* user_check_read(value, &check, why): views of value. False: why says what of it is wrong,
 * beginning with the member ("request.path ..."). Reads every assert and capture too. */
bool user_check_read(const struct json *value, struct user_check *ret_check,
                     char why[static USER_CHECK_WHY_SIZE]);
/* user_assert_read(value, &assert, why): the same of one assert. */
bool user_assert_read(const struct json *value, struct user_assert *ret_assert,
                      char why[static USER_CHECK_WHY_SIZE]);
/* user_query_read(text, &query, &argument): of an assert or a capture. */
bool user_query_read(struct text text, enum user_query *ret_query, struct text *ret_argument);
/* user_check_is_at(check, origin): it has no base, or one of that origin ("https://host:8443"). */
bool user_check_is_at(const struct user_check *check, const char *origin);
/* user_check_is_safe(check): its method changes nothing (RFC 9110, 9.2.1). */
bool user_check_is_safe(const struct user_check *check);

/* user_path_find(root, path, &value): the value at "$.a[0]['b']" (RFC 9535, names and indexes
 * only); NULL: there is none. False: path is no such path. */
bool user_path_find(const struct json *root, struct text path, const struct json **ret_value);

#endif
