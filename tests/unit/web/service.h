/* service: the whole way of a request without a web server: parameters in, answer out, on a
 * Redis of the program's own. */
#ifndef TESTS_WEB_SERVICE_H
#define TESTS_WEB_SERVICE_H

#include "json_help.h"
#include "store/private_redis.h"
#include "web/app.h"

#define SERVICE_KEY "operator-static-key-0001"
#define SERVICE_SECRET "0123456789abcdef0123456789abcdef"

extern struct private_redis *redis;
extern struct board *service_board; /* joined, pool 0 */

/* cmocka: start/stop for the program, fresh (Redis emptied, settings as shipped) for each test. */
int service_start(void **unused);
int service_stop(void **unused);
int service_fresh(void **unused);
#define SERVICE_TEST(name) cmocka_unit_test_setup(name, service_fresh)
#define SERVICE_RUN(tests) cmocka_run_group_tests(tests, service_start, service_stop)

/* service_with("NAME=value\n..."): from now on with these settings besides the usual. */
void service_with(const char *settings);

/* The next request's parameters: "HTTP_X=y". Cleared by service_ask. */
void service_param(const char *format, ...) __attribute__((format(printf, 1, 2)));
void service_key(const char *key); /* X-API-Key */

/* service_ask(method, uri, body): sends it; body NULL for none (as application/json otherwise, if
 * no CONTENT_TYPE was given). Returns the status. */
int service_ask(const char *method, const char *uri, const char *body);
/* The same with the static key. */
int service_operator(const char *method, const char *uri, const char *body);

/* Of the last answer. */
struct json *service_json(void); /* lives until the next request */
const char *service_body(void);
const char *service_str(const char *path);
const char *service_type(void); /* its Content-Type */
/* The value of a header field, NULL when it is not there. */
const char *service_field(const char *name);

#endif
