/* Looks findings up in what qa-analyst said of them. Compares nothing itself. */
#include "report/compared.h"

#include "agnostic/task/role.h"

static struct text compared_text(const struct json *object, const char *name) {
    struct text text = {NULL, 0};
    (void)json_text(json_get(object, name), &text);
    return text;
}

/* A finding whose check never ran before was not there before either. */
static const char *compared_word(struct text state) {
    static const struct {
        const char *said, *word;
    } WORDS[] = {{"new", "new"},
                 {"not_compared", "new"},
                 {"unchanged", "unchanged"},
                 {"updated", "updated"}};
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (text_is(state, WORDS[i].said))
            return WORDS[i].word;
    return NULL;
}

static const struct view_agent *compared_analyst(const struct view *view) {
    for (size_t i = 0; i < view->agent_count; i++)
        if (text_is(view->agents[i].name, role_name(ROLE_QA_ANALYST)))
            return &view->agents[i];
    return NULL;
}

const char *compared_state(const struct compared *compared, const struct view_finding *finding) {
    bool own = text_eq(finding->agent->name, compared->analyst);
    const struct json *list = own ? compared->own : compared->findings;
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *entry = json_at(list, i);
        const char *word = compared_word(compared_text(entry, "state"));
        if (word != NULL && finding->fingerprint.len > 0 &&
            text_eq(compared_text(entry, "fingerprint"), finding->fingerprint) &&
            text_eq(compared_text(entry, "check_id"), finding->check_id) &&
            (own || text_eq(compared_text(entry, "agent"), finding->agent->name)))
            return word;
    }
    return NULL;
}

void compared_read(const struct view *view, size_t count, struct compared *ret_compared) {
    const struct view_agent *analyst = compared_analyst(view);
    struct compared compared = {NULL, NULL, TEXT("")};
    if (analyst != NULL && json_kind(json_get(analyst->data, "baseline")) == JSON_OBJECT)
        compared = (struct compared){json_get(analyst->data, "findings"),
                                     json_get(analyst->data, "own_findings"), analyst->name};
    *ret_compared = compared;
    for (size_t i = 0; i < count; i++)
        if (compared_state(&compared, &view->findings[i]) == NULL)
            *ret_compared = (struct compared){NULL, NULL, TEXT("")};
}
