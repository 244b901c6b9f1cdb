/* telling: what the sections of structured results share: which agents one is made of, and how
 * actions are written. */
#ifndef REPORT_TELLING_H
#define REPORT_TELLING_H

#include "report/session_view.h"

enum {
    TELLING_SENTENCE_SIZE = 160,
    TELLING_NAMED_MAX = 100 /* findings or tests that an action names */
};

/* What is being told, and whether anything said `block_merge`. */
struct telling {
    struct session_view view;
    role_set roles; /* of the section */
    struct json_out *out;
    bool blocks;
};

/* telling_agent(telling, &at): the section's next agent, NULL behind the last; begin with 0. */
const struct session_view_agent *telling_agent(const struct telling *telling, size_t *at);
/* telling_data(telling, name): that member of the first document that has it, or NULL. */
const struct json *telling_data(const struct telling *telling, const char *name);

/* Members; NAN and NULL are null. */
void telling_number(struct json_out *out, const char *name, double value);
void telling_value(struct json_out *out, const char *name, const struct json *value);

/* telling_block(telling, reason): begins an action, which the caller ends. */
void telling_block(struct telling *telling, const char *reason);

struct telling_issue {
    const char *priority, *kind, *label;
};
/* telling_issue(telling, issue, title, body): a whole action; body is Markdown. */
void telling_issue(struct telling *telling, const struct telling_issue *issue, const char *title,
                   struct text body);

/* The sections: put writes members of an open object, act whole actions. */
void telling_put_security(struct telling *telling);
void telling_act_on_security(struct telling *telling);
void telling_put_performance(struct telling *telling);
void telling_act_on_performance(struct telling *telling);
void telling_put_tests(struct telling *telling);
void telling_act_on_tests(struct telling *telling);

#endif
