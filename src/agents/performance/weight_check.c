/* The judgements about one page. */
#include "agents/performance/weight_check.h"

enum {
    TEXT_MIN_BYTES = 1024,       /* less is not worth compressing */
    TEXT_MUCH_BYTES = 100 << 10, /* of all parts together */
    REDIRECTS_MANY = 3
};

static bool weight_need(const struct perf_facts *facts, struct judgement *judgement) {
    if (facts->weight.count > 0)
        return true;
    judgement_not_tested(judgement, !facts->weight.known         ? "no_answer"
                                    : facts->weight.is_elsewhere ? "redirected_elsewhere"
                                                                 : "no_content");
    return false;
}

static bool weight_is_uncompressed(const struct weight_part *part) {
    return part->is_text && !part->is_compressed && part->decoded > TEXT_MIN_BYTES;
}

WEIGHT_CHECK(compression) {
    const struct weight *page = &facts->weight;
    int64_t bytes = 0;
    if (!weight_need(facts, judgement))
        return;
    for (size_t i = 0; i < page->count; i++)
        bytes += weight_is_uncompressed(&page->parts[i]) ? page->parts[i].decoded : 0;
    for (size_t i = page->count; i-- > 0;) {
        const struct weight_part *part = &page->parts[i];
        if (!weight_is_uncompressed(part))
            continue;
        judgement_fault(judgement, bytes > TEXT_MUCH_BYTES ? 0 : 1, part->url,
                        "%s: %lld bytes of text without Content-Encoding", part->url,
                        (long long)part->decoded);
        judgement_reproduce_curl(judgement, part->url, "Accept-Encoding: gzip");
    }
    judgement_pass(judgement);
}

WEIGHT_CHECK(keeping) {
    const struct weight *page = &facts->weight;
    if (!weight_need(facts, judgement))
        return;
    if (page->count < 2) {
        judgement_skip(judgement, "loads_nothing");
        return;
    }
    for (size_t i = page->count; i-- > 1;) {
        const struct weight_part *part = &page->parts[i];
        if (part->status != 200 || part->may_be_kept)
            continue;
        judgement_fault(judgement, 0, part->url,
                        "%s: no Cache-Control, Expires, ETag or Last-Modified", part->url);
        judgement_reproduce_curl(judgement, part->url, NULL);
    }
    judgement_pass(judgement);
}

WEIGHT_CHECK(version) {
    judgement_reproduce_curl(judgement, facts->url_text, NULL);
    if (!facts->url.tls)
        judgement_skip(judgement, "no_tls");
    else if (facts->first.answered == 0)
        judgement_not_tested(judgement, "no_answer");
    else if (facts->version_fixed)
        judgement_not_tested(judgement, "not_asked");
    else if (facts->first.version < 20)
        judgement_fault(judgement, 0, facts->url_text, "The handshake agrees on HTTP/1.1");
    else
        judgement_pass(judgement);
}

WEIGHT_CHECK(redirects) {
    const struct weight *page = &facts->weight;
    if (!page->known) {
        judgement_not_tested(judgement, "no_answer");
        return;
    }
    judgement_reproduce_chain(judgement, facts->url_text);
    if (page->redirects > 0)
        judgement_fault(judgement, page->redirects >= REDIRECTS_MANY ? 0 : 1, facts->url_text,
                        "%zu redirect%s before the content%s", page->redirects,
                        page->redirects == 1 ? "" : "s",
                        page->redirects == WEIGHT_REDIRECTS_MAX ? ", if there is any" : "");
    else
        judgement_pass(judgement);
}
