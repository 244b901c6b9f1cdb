/* check: the few words that unit tests share. */
#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

#include "unit.h"

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* Errors are compared by code; the word is shown when they differ. */
#define assert_err(expected, actual)                                                               \
    do {                                                                                           \
        enum err check__actual = (actual);                                                         \
        if (check__actual != (expected))                                                           \
            print_error("got %s\n", err_word(check__actual));                                      \
        assert_int_equal(check__actual, (expected));                                               \
    } while (0)

#define assert_text(string, actual)                                                                \
    do {                                                                                           \
        struct text check__text = (actual);                                                        \
        if (!text_is(check__text, (string)))                                                       \
            print_error("got \"%.*s\"\n", TEXT_ARG(check__text));                                  \
        assert_true(text_is(check__text, (string)));                                               \
    } while (0)

#endif
