/* outcome_finding: reads one finding and keeps the worst of them. Must not know what
 * a finding means for the verdict. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/secure.h"
#include "agnostic/task/clean.h"
#include "task/outcome_parts.h"

enum {
    FINDING_VALUES_MAX = 1000, /* values of one finding, so that a result stays readable */
    FINDING_ID_HEX = 16
};

/* What is mandatory, before it is stored. */
struct draft {
    struct text check_id, title, component, claimed;
    enum severity severity;
    bool advisory, disputed;
    int tenths; /* -1: no score */
    char hash[SECURE_HEX_SIZE];
};

static bool word(const struct json *line, const char *name, struct text *ret_text) {
    return json_text(json_get(line, name), ret_text) && text_trim(*ret_text).len > 0;
}

/* The vector decides, then the score; -1 when neither can be used. */
static int tenths_of(const struct json *line) {
    struct text vector;
    double score;
    int tenths;
    if (json_text(json_get(line, "cvss_vector"), &vector) && cvss_score(vector, &tenths))
        return tenths;
    if (json_number(json_get(line, "cvss_score"), &score) && score >= 0 && score <= 10)
        return (int)lround(score * 10);
    return -1;
}

/* A score of zero is also what is written where nobody rated it: no word gives way to it. */
static bool severity_of(struct draft *draft) {
    enum severity claimed;
    bool known = severity_read(draft->claimed, &claimed);
    if (draft->tenths > 0 || (draft->tenths == 0 && !known))
        draft->severity = cvss_severity(draft->tenths);
    else if (known)
        draft->severity = claimed;
    return known || draft->tenths >= 0;
}

/* Its word would decide, its rating does not. As printed, the word stands in severity_claimed. */
static bool is_disputed(const struct json *line, const struct draft *draft) {
    struct text words[] = {draft->claimed, {NULL, 0}};
    enum severity said;
    bool disputed = false;
    (void)json_text(json_get(line, "severity_claimed"), &words[1]);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        disputed |= severity_read(words[i], &said) && said <= SEVERITY_MEDIUM;
    return disputed && draft->severity > SEVERITY_MEDIUM;
}

/* Whatever is no number between 0 and 1 weighs in full. */
static bool is_advisory(const struct json *line) {
    double weight;
    return json_number(json_get(line, "weight"), &weight) && weight > 0 && weight < 1;
}

/* One check on one component is one finding: that pair is its identity. */
static enum err hash_of(struct draft *draft) {
    struct buf buf;
    buf_init(&buf, draft->check_id.len + draft->component.len + 1);
    buf_puttext(&buf, draft->check_id);
    buf_putc(&buf, '\n');
    buf_puttext(&buf, draft->component);
    enum err err = buf.failed ? ERR_NOMEM : secure_sha256_hex(buf_text(&buf), draft->hash);
    buf_done(&buf);
    return err;
}

static enum err draft_read(const struct json *line, struct draft *draft) {
    draft->tenths = tenths_of(line);
    draft->advisory = is_advisory(line);
    if (!word(line, "check_id", &draft->check_id) || !word(line, "title", &draft->title) ||
        !word(line, "severity", &draft->claimed) || !word(line, "component", &draft->component) ||
        draft->check_id.len > OUTCOME_CHECK_ID_MAX || !severity_of(draft))
        return ERR_SYNTAX;
    draft->disputed = !draft->advisory && is_disputed(line, draft);
    return hash_of(draft);
}

/* --- as stored --------------------------------------------------------------- */

static struct text given_or(const struct json *line, const char *name, const char *otherwise) {
    struct text given;
    return word(line, name, &given) ? given : text_of(otherwise);
}

static void put_or_null(struct json_out *out, const char *name, struct text text) {
    json_out_name(out, name);
    if (text.len > 0)
        clean_put_text(out, text, OUTCOME_STRING_MAX);
    else
        json_out_null(out);
}

static void put_cwe(struct json_out *out, const struct json *line) {
    char id[32] = "";
    int64_t number;
    if (json_int(json_get(line, "cwe_id"), 1, INT32_MAX, &number))
        snprintf(id, sizeof(id), "CWE-%d", (int)number);
    put_or_null(out, "cwe_id", given_or(line, "cwe_id", id));
}

static void put_scored(struct json_out *out, const struct json *line, const struct draft *draft) {
    const char *severity = severity_word(draft->severity);
    double weight;
    json_out_member(out, "severity", severity);
    if (!text_is(draft->claimed, severity))
        put_or_null(out, "severity_claimed", draft->claimed);
    put_cwe(out, line);
    json_out_name(out, "cvss_score");
    if (draft->tenths >= 0)
        json_out_double(out, draft->tenths / 10.0);
    else
        json_out_null(out);
    if (json_number(json_get(line, "weight"), &weight)) {
        json_out_name(out, "weight");
        json_out_value(out, json_get(line, "weight"));
    }
}

static void ids_of(const struct draft *draft, char id[static SECURE_HEX_SIZE],
                   char fingerprint[static 2 * SECURE_HEX_SIZE]) {
    snprintf(id, SECURE_HEX_SIZE, "f_%.*s", FINDING_ID_HEX, draft->hash);
    snprintf(fingerprint, 2 * SECURE_HEX_SIZE, "sha256:%s", draft->hash);
}

/* How much of a finding is kept, so that it is not too large. */
enum extent { WHOLE, WITHOUT_EVIDENCE, BARE /* what is mandatory, and its rating */ };

/* The evidence comes last: when it has more values than are kept, what is judged is not lost. */
static void put_finding(struct buf *buf, const struct json *line, const struct draft *draft,
                        enum extent extent) {
    static const char *const WRITTEN[] = {"finding_id", "check_id", "title", "severity",
                                          "severity_claimed", "cwe_id", "cvss_score", "weight",
                                          "component", "evidence", "fingerprint",
                                          /* the line's own */
                                          "v", "type", "ts", "seq", "agent", "session_id", NULL};
    char id[SECURE_HEX_SIZE], fingerprint[2 * SECURE_HEX_SIZE];
    struct json_out out;
    struct clean clean = {.out = &out, .values_left = FINDING_VALUES_MAX};
    ids_of(draft, id, fingerprint);
    json_out_init(&out, buf);
    json_out_object(&out);
    put_or_null(&out, "finding_id", given_or(line, "finding_id", id));
    put_or_null(&out, "check_id", draft->check_id);
    put_or_null(&out, "title", draft->title);
    put_scored(&out, line, draft);
    put_or_null(&out, "component", draft->component);
    put_or_null(&out, "fingerprint", given_or(line, "fingerprint", fingerprint));
    clean.skip = WRITTEN;
    if (extent != BARE)
        clean_put_members(&clean, line);
    clean.skip = NULL;
    json_out_name(&out, "evidence");
    clean_put_value(&clean, extent == WHOLE ? json_get(line, "evidence") : NULL);
    json_out_end_object(&out);
}

static char *stored(const struct json *line, const struct draft *draft, size_t *ret_len) {
    struct buf buf;
    buf_init(&buf, OUTCOME_FINDING_MAX);
    enum extent extent = WHOLE;
    do {
        buf_reset(&buf);
        put_finding(&buf, line, draft, extent);
    } while (buf.failed && extent++ < BARE);
    *ret_len = buf.len;
    return buf_take(&buf);
}

static enum err finding_make(const struct json *line, const struct draft *draft,
                             struct outcome_kept *kept) {
    char id[SECURE_HEX_SIZE], fingerprint[2 * SECURE_HEX_SIZE];
    struct outcome_finding *finding = &kept->finding;
    ids_of(draft, id, fingerprint);
    *kept = (struct outcome_kept){.finding = {.severity = draft->severity,
                                              .advisory = draft->advisory,
                                              .disputed = draft->disputed}};
    memcpy(&kept->key, draft->hash, sizeof(kept->key));
    finding->json.ptr = stored(line, draft, &finding->json.len);
    finding->finding_id = clean_dup(given_or(line, "finding_id", id), OUTCOME_STRING_MAX);
    finding->check_id = clean_dup(draft->check_id, OUTCOME_STRING_MAX);
    finding->title = clean_dup(draft->title, OUTCOME_STRING_MAX);
    finding->component = clean_dup(draft->component, OUTCOME_STRING_MAX);
    if (finding->json.ptr != NULL && finding->finding_id != NULL && finding->check_id != NULL &&
        finding->title != NULL && finding->component != NULL)
        return ERR_OK;
    outcome_kept_done(kept);
    return ERR_NOMEM;
}

void outcome_kept_done(struct outcome_kept *kept) {
    free((char *)kept->finding.json.ptr);
    free((char *)kept->finding.finding_id);
    free((char *)kept->finding.check_id);
    free((char *)kept->finding.title);
    free((char *)kept->finding.component);
    *kept = (struct outcome_kept){0};
}

/* --- keeping ------------------------------------------------------------------ */

static bool is_same(const struct outcome_kept *kept, const struct draft *draft) {
    return memcmp(&kept->key, draft->hash, sizeof(kept->key)) == 0;
}

unsigned outcome_rank(bool advisory, enum severity severity, bool disputed) {
    return (advisory * (unsigned)SEVERITY__COUNT + severity) * 2 + !disputed;
}

unsigned outcome_finding_rank(const struct outcome_finding *finding) {
    return outcome_rank(finding->advisory, finding->severity, finding->disputed);
}

/* The finding that has to give way for that one: the last of those that decide least, or NULL when
 * none decides less. */
static struct outcome_kept *least_of(struct outcome *outcome, const struct draft *draft) {
    unsigned least = outcome_rank(draft->advisory, draft->severity, draft->disputed);
    struct outcome_kept *found = NULL;
    for (size_t i = outcome->kept_count; i-- > 0;) {
        unsigned rank = outcome_finding_rank(&outcome->kept[i].finding);
        if (rank > least) {
            least = rank;
            found = &outcome->kept[i];
        }
    }
    return found;
}

static enum err grow(struct outcome *outcome) {
    size_t cap = outcome->kept_cap == 0 ? 16 : 2 * outcome->kept_cap;
    struct outcome_kept *kept = realloc(outcome->kept, cap * sizeof(*kept));
    if (kept == NULL)
        return ERR_NOMEM;
    outcome->kept = kept;
    outcome->kept_cap = cap;
    return ERR_OK;
}

static enum err replace(struct outcome_kept *old, const struct json *line,
                        const struct draft *draft) {
    struct outcome_kept made;
    enum err err = finding_make(line, draft, &made);
    if (err != ERR_OK)
        return err;
    outcome_kept_done(old);
    *old = made;
    return ERR_OK;
}

static enum err append(struct outcome *outcome, const struct json *line,
                       const struct draft *draft) {
    if (outcome->kept_count == outcome->kept_cap && grow(outcome) != ERR_OK)
        return ERR_NOMEM;
    enum err err = finding_make(line, draft, &outcome->kept[outcome->kept_count]);
    if (err != ERR_OK)
        return err;
    outcome->kept_count++;
    return ERR_OK;
}

static bool is_worse(const struct draft *draft, const struct outcome_finding *old) {
    if (draft->advisory != old->advisory)
        return old->advisory;
    if (draft->severity == old->severity)
        return draft->disputed && !old->disputed;
    return draft->severity < old->severity;
}

static enum err keep_worse(struct outcome *outcome, struct outcome_kept *old,
                           const struct json *line, const struct draft *draft) {
    if (!is_worse(draft, &old->finding))
        return ERR_OK;
    enum severity before = old->finding.severity;
    enum err err = replace(old, line, draft);
    if (err == ERR_OK) {
        outcome->seen[before]--;
        outcome->seen[draft->severity]++;
    }
    return err;
}

enum err outcome_add_finding(struct outcome *outcome, const struct json *line) {
    struct draft draft = {0};
    enum err err = draft_read(line, &draft);
    if (err != ERR_OK)
        return err;
    for (size_t i = 0; i < outcome->kept_count; i++) {
        if (is_same(&outcome->kept[i], &draft))
            return keep_worse(outcome, &outcome->kept[i], line, &draft);
    }
    if (outcome->kept_count < OUTCOME_FINDINGS_MAX) {
        err = append(outcome, line, &draft);
    } else {
        struct outcome_kept *least = least_of(outcome, &draft);
        err = least == NULL ? ERR_OK : replace(least, line, &draft);
    }
    if (err == ERR_OK)
        outcome->seen[draft.severity]++;
    return err;
}

bool outcome_disputed(const struct outcome *outcome) {
    for (size_t i = 0; i < outcome->kept_count; i++)
        if (outcome->kept[i].finding.disputed)
            return true;
    return false;
}

bool outcome_unexplained(const struct outcome *outcome) {
    return outcome->counts[COUNT_FAILED] > 0 && outcome->kept_count == 0;
}
