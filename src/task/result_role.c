/* Which role the plan of a stored result gave to an agent. */
#include "agnostic/task/result.h"

enum role result_role(const struct json *result, struct text agent) {
    const struct json *planned = json_path(result, "test_plan.agents");
    enum role role = ROLE_QA_MANAGER;
    struct text name, word;
    for (size_t i = 0; i < json_count(planned); i++)
        if (json_text(json_get(json_at(planned, i), "agent"), &name) && text_eq(name, agent) &&
            json_text(json_get(json_at(planned, i), "role"), &word) && role_read(word, &role))
            return role;
    (void)role_read(agent, &role);
    return role;
}
