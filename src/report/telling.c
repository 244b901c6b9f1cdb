/* Agents of a section, and actions. Knows no section. */
#include "report/telling.h"

const struct session_view_agent *telling_agent(const struct telling *telling, size_t *at) {
    while (*at < telling->view.count) {
        const struct session_view_agent *agent = &telling->view.agents[(*at)++];
        if ((telling->roles & ROLE_BIT(agent->role)) != 0)
            return agent;
    }
    return NULL;
}

void telling_number(struct json_out *out, const char *name, double value) {
    json_out_name(out, name);
    json_out_double(out, value);
}

void telling_value(struct json_out *out, const char *name, const struct json *value) {
    json_out_name(out, name);
    if (value != NULL)
        json_out_value(out, value);
    else
        json_out_null(out);
}

void telling_block(struct telling *telling, const char *reason) {
    telling->blocks = true;
    json_out_object(telling->out);
    json_out_member(telling->out, "type", "block_merge");
    json_out_member(telling->out, "reason", reason);
}

void telling_issue(struct telling *telling, const struct telling_issue *issue, const char *title,
                   struct text body) {
    struct json_out *out = telling->out;
    json_out_object(out);
    json_out_member(out, "type", "create_issue");
    json_out_member(out, "priority", issue->priority);
    json_out_member(out, "title", title);
    json_out_member_text(out, "body", body);
    json_out_name(out, "labels");
    json_out_array(out);
    json_out_str(out, issue->kind);
    json_out_str(out, issue->label);
    json_out_str(out, "auto-generated");
    json_out_end_array(out);
    json_out_end_object(out);
}

const struct json *telling_data(const struct telling *telling, const char *name) {
    const struct session_view_agent *agent;
    const struct json *value = NULL;
    for (size_t at = 0; value == NULL && (agent = telling_agent(telling, &at)) != NULL;)
        value = json_get(agent->data, name);
    return value;
}
