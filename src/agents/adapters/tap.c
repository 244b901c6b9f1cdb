/* Reads the Test Anything Protocol, versions 12 to 14 (testanything.org), without the subtests in
 * it: what they come to stands in the line behind them. */
#include <stdio.h>
#include <string.h>

#include "agents/adapters/readers.h"

enum { ID_SIZE = 24, TESTS_MAX = 100000000 };

struct tap {
    struct harvest *harvest;
    uint64_t planned, seen;
    bool has_plan, bailed;
};

/* Digits at the front of rest, which moves behind them and blanks; 0: none. More than there can be
 * is TESTS_MAX + 1. */
static uint64_t tap_number(struct text *rest) {
    uint64_t number = 0;
    size_t digits = 0;
    while (digits < rest->len && rest->ptr[digits] >= '0' && rest->ptr[digits] <= '9')
        digits++;
    if (digits > 0 && !text_u64(text_make(rest->ptr, digits), TESTS_MAX, &number))
        number = TESTS_MAX + 1;
    *rest = text_trim(text_make(rest->ptr + digits, rest->len - digits));
    return number;
}

/* "# SKIP reason", cut off description, which keeps the rest; empty: none. */
static struct text tap_directive(struct text *description) {
    struct text directive = {"", 0};
    for (size_t i = 0; i < description->len; i++) {
        if (description->ptr[i] != '#' || (i > 0 && description->ptr[i - 1] == '\\'))
            continue;
        directive = text_trim(text_make(description->ptr + i + 1, description->len - i - 1));
        *description = text_trim(text_make(description->ptr, i));
        break;
    }
    return directive;
}

static void tap_test(struct tap *tap, struct text rest, bool ok) {
    char nameless[ID_SIZE];
    uint64_t number = tap_number(&rest);
    tap->seen++;
    if (number == 0)
        number = tap->seen;
    if (text_starts(rest, TEXT("- ")))
        rest = text_trim(text_make(rest.ptr + 2, rest.len - 2));
    struct text directive = tap_directive(&rest);
    snprintf(nameless, sizeof(nameless), "%llu", (unsigned long long)number);
    struct text id = rest.len > 0 ? rest : text_of(nameless);
    const struct harvest_foreign foreign = {.id = id, .title = id, .severity = SEVERITY_HIGH};
    struct judgement *judgement = harvest_foreign(tap->harvest, &foreign);
    if (judgement == NULL)
        return;
    if (text_istarts(directive, TEXT("skip")))
        judgement_skip(judgement, "skipped");
    else if (text_istarts(directive, TEXT("todo")))
        judgement_not_tested(judgement, "todo");
    else if (ok)
        harvest_pass(judgement);
    else
        harvest_fault(judgement, 0, "Test %llu is not ok", (unsigned long long)number);
}

/* "1..5", "1..0 # skipped". There is one: a second is as good as none. */
static void tap_plan(struct tap *tap, struct text rest) {
    uint64_t planned = tap_number(&rest);
    tap->planned = tap->has_plan ? TESTS_MAX + 1 : planned;
    tap->has_plan = true;
}

static bool tap_take(struct text *line, const char *word) {
    if (!text_starts(*line, text_of(word)))
        return false;
    size_t len = strlen(word);
    *line = text_make(line->ptr + len, line->len - len);
    return line->len == 0 || line->ptr[0] == ' ' || line->ptr[0] == '\r' || word[len - 1] == '.';
}

static void tap_line(struct tap *tap, struct text line) {
    struct text rest = line;
    if (tap_take(&rest, "ok"))
        tap_test(tap, text_trim(rest), true);
    else if (rest = line, tap_take(&rest, "not ok"))
        tap_test(tap, text_trim(rest), false);
    else if (rest = line, tap_take(&rest, "1.."))
        tap_plan(tap, rest);
    else if (text_starts(line, TEXT("Bail out!")))
        tap->bailed = true;
}

enum err tap_read(struct text output, struct harvest *harvest, struct fault *ret_fault) {
    struct tap tap = {.harvest = harvest};
    struct text rest = output, line;
    while (!tap.bailed && text_cut(&rest, '\n', &line))
        tap_line(&tap, line);
    if (!tap.has_plan && tap.seen == 0 && !tap.bailed)
        return fault_set(ret_fault, ERR_SYNTAX, "not TAP: neither a plan nor a test");
    if (tap.bailed || !tap.has_plan || tap.planned != tap.seen)
        harvest_incomplete(harvest);
    return ERR_OK;
}
