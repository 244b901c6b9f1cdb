/* Texts of pages and scripts as any server may send them: secrets and numbers in them, comments,
 * quotes, dates of cookies. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "agents/evidence.h"
#include "agents/security/cookie_life.h"
#include "agents/security/number.h"
#include "agents/security/script.h"
#include "agents/security/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every finding is a view of the input, and each one moves on. */
static void find_all(struct text input, secret_finder finder) {
    struct secret found;
    for (size_t at = 0, before = 0; finder(input, &at, &found); before = at) {
        assert(at > before && at <= input.len);
        assert(found.text.ptr >= input.ptr && found.text.ptr + found.text.len <= input.ptr + at);
        assert(strlen(evidence_hint(found.text).text) < 40);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const secret_finder FINDERS[] = {
        secret_token,        secret_hash,    secret_assignment,     number_card,
        number_card_in_data, number_address, number_address_in_data};
    struct text input = text_make((const char *)data, size), rest = input, comment;
    char quote[EVIDENCE_MAX_BYTES + 1];
    struct cookie cookie;
    int64_t seconds;
    for (size_t i = 0; i < sizeof(FINDERS) / sizeof(FINDERS[0]); i++)
        find_all(input, FINDERS[i]);
    while (script_comment(&rest, &comment))
        find_all(comment, secret_assignment);
    evidence_copy(input, quote, sizeof(quote));
    assert(text_is_utf8(text_of(quote)));
    if (cookie_parse(input, &cookie))
        (void)cookie_life(&cookie, 1800000000, &seconds);
    return 0;
}
