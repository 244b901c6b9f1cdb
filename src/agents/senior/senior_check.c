/* The judgements of single answers. Nothing is said of what was not asked. */
#include "agents/senior/senior_check.h"

#include <stdio.h>
#include <string.h>

#include "agents/senior/senior_tell.h"

enum { NOT_IMPLEMENTED = 501 };

/* --- SEM-01 ------------------------------------------------------------------------------------
 */

static void senior_head_of(const struct senior_facts *facts, int at, struct judgement *judgement) {
    const struct conduct_spot *spot = &facts->conduct.spots[at];
    const struct reply *get = &spot->gets[0], *head = &spot->probes[PROBE_HEAD];
    char words[SENIOR_WORDS_SIZE], said[SENIOR_WORDS_SIZE];
    reply_words(head, said, sizeof(said));
    if (head->err != ERR_OK || head->status != get->status)
        snprintf(words, sizeof(words), "HEAD %.100s, GET answers %d", said, get->status);
    else if (head->length >= 0 && get->length >= 0 && head->length != get->length &&
             senior_is_fixed(spot))
        snprintf(words, sizeof(words), "Content-Length is %lld by HEAD, %lld by GET",
                 (long long)head->length, (long long)get->length);
    else if (head->type[0] != '\0' && strcmp(head->type, get->type) != 0)
        snprintf(words, sizeof(words), "Content-Type is %.60s by HEAD, %.60s by GET", head->type,
                 get->type);
    else
        return;
    senior_tell(facts, at, PROBE_HEAD, 0, words, judgement);
}

SENIOR_CHECK(head) {
    bool asked = false;
    if (!senior_need_home(facts, judgement))
        return;
    for (int at = 0; at < SPOT__COUNT; at++)
        asked |= facts->conduct.spots[at].probes[PROBE_HEAD].asked;
    senior_settle(judgement, asked, "not_asked");
    for (int at = 0; at < SPOT__COUNT; at++)
        if (facts->conduct.spots[at].probes[PROBE_HEAD].asked)
            senior_head_of(facts, at, judgement);
}

/* --- SEM-02 ------------------------------------------------------------------------------------
 */

/* The opaque part: a strong tag may become a weak one on the way. */
static const char *senior_tag(const char *etag) {
    return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

static void senior_validators_of(const struct senior_facts *facts, int at,
                                 struct judgement *judgement) {
    const struct reply *get = &facts->conduct.spots[at].gets[0];
    const struct reply *same = &facts->conduct.spots[at].probes[PROBE_SAME];
    char words[SENIOR_WORDS_SIZE];
    bool tagged = get->etag[0] != '\0';
    if (same->err != ERR_OK || same->status >= SENIOR_SERVER_ERROR)
        reply_words(same, words, sizeof(words));
    else if (same->status / 100 == 2 && tagged && strcmp(same->etag, get->etag) == 0)
        snprintf(words, sizeof(words), "the page with ETag %.80s is sent to who has it", get->etag);
    else if (same->status / 100 == 2 && !tagged && strcmp(same->modified, get->modified) == 0)
        snprintf(words, sizeof(words), "the page of %.80s is sent to who has it", get->modified);
    else if (same->status == 304 && tagged &&
             strcmp(senior_tag(same->etag), senior_tag(get->etag)) != 0)
        snprintf(words, sizeof(words), "304 with ETag %.60s instead of %.60s",
                 same->etag[0] != '\0' ? same->etag : "(none)", get->etag);
    else
        return;
    senior_tell(facts, at, PROBE_SAME, 0, words, judgement);
}

SENIOR_CHECK(validators) {
    bool asked = false;
    if (!senior_need_home(facts, judgement))
        return;
    for (int at = 0; at < SPOT__COUNT; at++)
        asked |= facts->conduct.spots[at].probes[PROBE_SAME].asked;
    if (!asked) {
        judgement_skip(judgement, "no_validators");
        return;
    }
    judgement_pass(judgement);
    for (int at = 0; at < SPOT__COUNT; at++)
        if (facts->conduct.spots[at].probes[PROBE_SAME].asked)
            senior_validators_of(facts, at, judgement);
}

/* --- SEM-03 ------------------------------------------------------------------------------------
 */

static void senior_first_byte(const struct senior_facts *facts, int at, bool announced,
                              struct judgement *judgement) {
    const struct reply *get = &facts->conduct.spots[at].gets[0];
    const struct reply *part = &facts->conduct.spots[at].probes[PROBE_FIRST_BYTE];
    char words[SENIOR_WORDS_SIZE], expected[REPLY_FIELD_SIZE];
    snprintf(expected, sizeof(expected), "bytes 0-0/%lld", (long long)get->body_bytes);
    if (part->err != ERR_OK || part->status >= SENIOR_SERVER_ERROR)
        reply_words(part, words, sizeof(words));
    else if (part->status == 206 && part->body_bytes != 1)
        snprintf(words, sizeof(words), "one byte was asked for, %lld came",
                 (long long)part->body_bytes);
    else if (part->status == 206 && strncmp(part->range, "bytes 0-0/", 10) != 0)
        snprintf(words, sizeof(words), "Content-Range is %.80s",
                 part->range[0] != '\0' ? part->range : "(none)");
    else if (part->status == 206 && !get->is_cut && strcmp(part->range, expected) != 0 &&
             strcmp(part->range, "bytes 0-0/*") != 0 && senior_is_fixed(&facts->conduct.spots[at]))
        snprintf(words, sizeof(words), "Content-Range is %.80s of a page of %lld bytes",
                 part->range, (long long)get->body_bytes);
    else if (part->status != 206 && announced)
        snprintf(words, sizeof(words), "Accept-Ranges is announced, bytes=0-0 answers %d",
                 part->status);
    else
        return;
    senior_tell(facts, at, PROBE_FIRST_BYTE, 0, words, judgement);
}

static void senior_beyond(const struct senior_facts *facts, int at, bool announced,
                          struct judgement *judgement) {
    const struct reply *part = &facts->conduct.spots[at].probes[PROBE_BEYOND];
    char words[SENIOR_WORDS_SIZE], said[SENIOR_WORDS_SIZE];
    if (!part->asked || part->status == 416 ||
        (part->err == ERR_OK && part->status < SENIOR_SERVER_ERROR && part->status != 206 &&
         !announced))
        return;
    reply_words(part, said, sizeof(said));
    snprintf(words, sizeof(words), "a range behind the end %.120s", said);
    senior_tell(facts, at, PROBE_BEYOND, 0, words, judgement);
}

SENIOR_CHECK(ranges) {
    bool asked = false;
    if (!senior_need_home(facts, judgement))
        return;
    for (int at = 0; at < SPOT__COUNT; at++)
        asked |= facts->conduct.spots[at].probes[PROBE_FIRST_BYTE].asked;
    senior_settle(judgement, asked, "not_asked");
    for (int at = 0; at < SPOT__COUNT; at++) {
        const struct conduct_spot *spot = &facts->conduct.spots[at];
        bool announced = strcmp(spot->gets[0].ranges, "bytes") == 0;
        if (!spot->probes[PROBE_FIRST_BYTE].asked)
            continue;
        senior_first_byte(facts, at, announced, judgement);
        senior_beyond(facts, at, announced, judgement);
    }
}

/* --- SEM-04, SEM-05 ----------------------------------------------------------------------------
 */

SENIOR_CHECK(unknown) {
    const struct reply *method = &facts->conduct.spots[SPOT_HOME].probes[PROBE_METHOD];
    char words[SENIOR_WORDS_SIZE], said[SENIOR_WORDS_SIZE];
    if (!senior_need_home(facts, judgement))
        return;
    senior_settle(judgement, method->asked && facts->conduct.unknown[0].asked, "not_asked");
    reply_words(method, said, sizeof(said));
    snprintf(words, sizeof(words), "the method QAPROBE %.120s", said);
    if (method->asked && method->status != NOT_IMPLEMENTED &&
        (method->err != ERR_OK || method->status >= SENIOR_SERVER_ERROR ||
         method->status / 100 == 2))
        senior_tell(facts, SPOT_HOME, PROBE_METHOD, 0, words, judgement);
    for (size_t i = 0; i < 2; i++) {
        const struct reply *reply = &facts->conduct.unknown[i];
        const char *url = facts->conduct.unknown_urls[i];
        if (!reply->asked || (reply->err == ERR_OK && reply->status / 100 != 2 &&
                              reply->status < SENIOR_SERVER_ERROR))
            continue;
        if (judgement_is_gravest(judgement, 0))
            judgement_reproduce_curl(judgement, url, NULL);
        reply_words(reply, said, sizeof(said));
        judgement_fault(judgement, 0, url, "%s %s, though nobody has put anything there", url,
                        said);
    }
}

SENIOR_CHECK(media) {
    static const enum conduct_probe PROBES[] = {PROBE_ACCEPT, PROBE_POST};
    bool asked = false;
    if (!senior_need_home(facts, judgement))
        return;
    for (int at = 0; at < SPOT__COUNT; at++)
        asked |= facts->conduct.spots[at].probes[PROBE_ACCEPT].asked;
    senior_settle(judgement, asked, "not_asked");
    for (int at = 0; at < SPOT__COUNT; at++) {
        for (size_t i = 0; i < sizeof(PROBES) / sizeof(PROBES[0]); i++) {
            const struct reply *reply = &facts->conduct.spots[at].probes[PROBES[i]];
            char words[SENIOR_WORDS_SIZE], said[SENIOR_WORDS_SIZE];
            if (!reply->asked || (reply->err == ERR_OK && reply->status < SENIOR_SERVER_ERROR))
                continue;
            reply_words(reply, said, sizeof(said));
            snprintf(words, sizeof(words), "%s application/x-qaprobe %.120s",
                     PROBES[i] == PROBE_ACCEPT ? "Accept:" : "a POST of", said);
            senior_tell(facts, at, PROBES[i], 0, words, judgement);
        }
    }
}
