/* Regular expressions by PCRE2. Steps and depth of a search are bounded: the subject is hostile. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "agnostic/base/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

enum { PATTERN_STEPS_MAX = 200000, PATTERN_HEAP_MAX_KIB = 1024 };

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

void pattern_free(struct pattern *pattern) {
    if (pattern == NULL)
        return;
    pcre2_match_context_free(pattern->limits);
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
    free(pattern);
}

static enum err pattern_make(struct text expression, uint32_t options,
                             struct pattern **ret_pattern) {
    struct pattern *pattern = calloc(1, sizeof(*pattern));
    int error;
    PCRE2_SIZE where;
    if (pattern == NULL)
        return ERR_NOMEM;
    pattern->code = pcre2_compile((PCRE2_SPTR)expression.ptr, expression.len, PCRE2_UTF | options,
                                  &error, &where, NULL);
    if (pattern->code == NULL) {
        pattern_free(pattern);
        return ERR_SYNTAX;
    }
    pattern->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    pattern->limits = pcre2_match_context_create(NULL);
    if (pattern->data == NULL || pattern->limits == NULL) {
        pattern_free(pattern);
        return ERR_NOMEM;
    }
    pcre2_set_match_limit(pattern->limits, PATTERN_STEPS_MAX);
    pcre2_set_heap_limit(pattern->limits, PATTERN_HEAP_MAX_KIB);
    *ret_pattern = pattern;
    return ERR_OK;
}

enum err pattern_new(const char *expression, struct pattern **ret_pattern) {
    enum err err = pattern_make(text_of(expression), PCRE2_CASELESS | PCRE2_EXTENDED, ret_pattern);
    return err == ERR_SYNTAX ? ERR_INTERNAL : err;
}

enum err pattern_new_client(struct text expression, struct pattern **ret_pattern) {
    if (expression.len > PATTERN_CLIENT_MAX_BYTES)
        return ERR_SYNTAX;
    return pattern_make(expression, PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_INVALID_UTF, ret_pattern);
}

enum err pattern_search(struct pattern *pattern, struct text subject, size_t from,
                        struct pattern_match *ret_match) {
    if (subject.ptr == NULL || from > subject.len)
        return ERR_EMPTY;
    int count = pcre2_match(pattern->code, (PCRE2_SPTR)subject.ptr, subject.len, from, 0,
                            pattern->data, pattern->limits);
    if (count < 0)
        return count == PCRE2_ERROR_NOMATCH ? ERR_EMPTY : ERR_TOO_LARGE;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
    *ret_match = (struct pattern_match){ends[0], ends[1], pattern, subject};
    return ERR_OK;
}

bool pattern_find(struct pattern *pattern, struct text subject, size_t from,
                  struct pattern_match *ret_match) {
    return pattern_search(pattern, subject, from, ret_match) == ERR_OK;
}

struct text pattern_group(const struct pattern_match *match, const char *name) {
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(match->pattern->data);
    int group = pcre2_substring_number_from_name(match->pattern->code, (PCRE2_SPTR)name);
    if (group < 0 || (uint32_t)group >= pcre2_get_ovector_count(match->pattern->data) ||
        ends[2 * group] == PCRE2_UNSET)
        return text_make(NULL, 0);
    return text_make(match->subject.ptr + ends[2 * group], ends[2 * group + 1] - ends[2 * group]);
}
