/* request_echo: bounded, secret-free copies of faulty input. Must not know which
 * field it shows. */
#include "task/request_echo.h"

#include "agnostic/task/request.h"

enum {
    ECHO_MEMBERS_MAX = 20, /* of one object or array */
    ECHO_VALUES_MAX = 50   /* in all */
};

/* A member whose name holds one of these is never shown. Own checks have headers and bodies of any
 * name. */
static const char *const SECRET_WORDS[] = {"secret",        "password", "token",
                                           "api_key",       "api-key",  "apikey",
                                           "authorization", "cookie",   "checks"};

struct echo {
    struct json_out *out;
    unsigned values_left, members_left;
};

static bool is_secret(struct text name) {
    for (size_t i = 0; i < sizeof(SECRET_WORDS) / sizeof(SECRET_WORDS[0]); i++) {
        if (text_ifind(name, text_of(SECRET_WORDS[i])) >= 0)
            return true;
    }
    return false;
}

static void echo_value(struct echo *echo, const struct json *value);

static bool echo_member(void *ctx, struct text name, const struct json *value) {
    struct echo *echo = ctx;
    if (echo->members_left == 0 || echo->values_left == 0)
        return false;
    echo->members_left--;
    if (text_points(name) > REQUEST_INPUT_ECHO_MAX)
        return true; /* cut, it might become the name of another member */
    json_out_name_text(echo->out, name);
    if (is_secret(name) && json_kind(value) != JSON_NULL)
        json_out_str(echo->out, "***");
    else
        echo_value(echo, value);
    return true;
}

static void echo_object(struct echo *echo, const struct json *value) {
    unsigned outer = echo->members_left;
    echo->members_left = ECHO_MEMBERS_MAX;
    json_out_object(echo->out);
    json_each(value, echo_member, echo);
    json_out_end_object(echo->out);
    echo->members_left = outer;
}

static void echo_array(struct echo *echo, const struct json *value) {
    json_out_array(echo->out);
    for (size_t i = 0; i < json_count(value) && i < ECHO_MEMBERS_MAX; i++) {
        if (echo->values_left == 0)
            break;
        echo_value(echo, json_at(value, i));
    }
    json_out_end_array(echo->out);
}

static void echo_value(struct echo *echo, const struct json *value) {
    struct text text;
    if (echo->values_left > 0)
        echo->values_left--;
    if (json_text(value, &text))
        json_out_text(echo->out, text_head(text, REQUEST_INPUT_ECHO_MAX));
    else if (json_kind(value) == JSON_OBJECT)
        echo_object(echo, value);
    else if (json_kind(value) == JSON_ARRAY)
        echo_array(echo, value);
    else if (value == NULL)
        json_out_null(echo->out);
    else
        json_out_value(echo->out, value);
}

void request_echo(struct json_out *out, const struct json *value) {
    struct echo echo = {.out = out, .values_left = ECHO_VALUES_MAX};
    echo_value(&echo, value);
}
