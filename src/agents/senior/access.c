/* Collects what html_access finds. Knows no rule by name. */
#include "agents/senior/access.h"

#include <stdlib.h>
#include <string.h>

struct access_fault {
    char *url;
    char tag[HTML_ACCESS_TAG_SIZE];
};

struct access_rule {
    size_t pages;  /* judged by it */
    size_t faults; /* also those not kept */
    struct access_fault kept[JUDGEMENT_INSTANCES_MAX];
};

struct access {
    const char *url; /* of the page that is read */
    size_t pages, cut;
    struct access_rule rules[HTML_ACCESS__COUNT];
    bool failed;
};

enum err access_new(struct access **ret_access) {
    *ret_access = calloc(1, sizeof(**ret_access));
    return *ret_access != NULL ? ERR_OK : ERR_NOMEM;
}

static size_t access_kept(const struct access_rule *rule) {
    return rule->faults < JUDGEMENT_INSTANCES_MAX ? rule->faults : JUDGEMENT_INSTANCES_MAX;
}

void access_free(struct access *access) {
    for (size_t rule = 0; access != NULL && rule < HTML_ACCESS__COUNT; rule++)
        for (size_t i = 0; i < access_kept(&access->rules[rule]); i++)
            free(access->rules[rule].kept[i].url);
    free(access);
}

static void access_note(void *ctx, enum html_access index, const char *tag) {
    struct access *access = ctx;
    struct access_rule *rule = &access->rules[index];
    if (rule->faults < JUDGEMENT_INSTANCES_MAX) {
        struct access_fault *fault = &rule->kept[rule->faults];
        fault->url = text_dup(text_of(access->url));
        text_copy(text_of(tag), fault->tag, sizeof(fault->tag));
        access->failed |= fault->url == NULL;
    }
    rule->faults++;
}

enum err access_read(struct access *access, const char *url, const struct html *html) {
    access->url = url;
    access->pages++;
    for (size_t rule = 0; rule < HTML_ACCESS__COUNT; rule++)
        access->rules[rule].pages += !html_access_needs_browser(html, (enum html_access)rule);
    enum err err = html_access(html, access_note, access);
    access->url = NULL;
    return err == ERR_OK && access->failed ? ERR_NOMEM : err;
}

void access_pass_over(struct access *access) {
    access->cut++;
}

/* Why some pages were not judged; NULL: all were. */
static const char *access_unread(const struct access *access, const struct access_rule *rule) {
    if (access->cut > 0)
        return "body_cut";
    if (rule->pages > 0)
        return NULL;
    return access->pages > 0 ? "needs_browser" : "no_page";
}

void access_judge(const struct access *access, enum html_access index,
                  struct judgement *judgement) {
    const struct access_rule *rule = &access->rules[index];
    const char *unread = access_unread(access, rule);
    judgement_pass(judgement);
    if (unread != NULL)
        judgement_not_tested(judgement, unread);
    if (rule->faults > 0)
        judgement_reproduce_body(judgement, rule->kept[0].url, TEXT(""));
    for (size_t i = 0; i < access_kept(rule); i++)
        judgement_fault(judgement, 0, rule->kept[i].url, "%s", rule->kept[i].tag);
    judgement->fault_count = rule->faults;
}
