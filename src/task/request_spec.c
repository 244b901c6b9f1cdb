/* request_spec: an accepted request as it is stored and read back. Holds neither
 * callback nor secret. */
#include "agnostic/task/request.h"

#include <stdio.h>

static void put_text(struct json_out *out, const char *name, struct text text) {
    if (text.ptr != NULL)
        json_out_member_text(out, name, text);
    else
        json_out_member(out, name, NULL);
}

static void put_agents(struct json_out *out, const struct request *request, role_set roles) {
    json_out_array(out);
    for (int role = 0; role < ROLE__COUNT; role++) {
        if (roles & ROLE_BIT(role))
            json_out_str(out, role_name(role));
    }
    for (size_t i = 0; i < request->plugin_count; i++) {
        char word[REQUEST_PLUGIN_NAME_MAX + 64];
        snprintf(word, sizeof(word), "%s/%s", role_name(request->plugins[i].role),
                 request->plugins[i].name);
        json_out_str(out, word);
    }
    json_out_end_array(out);
}

void request_put_agents(const struct request *request, struct json_out *out) {
    put_agents(out, request, request_roles(request));
}

void request_put_spec(const struct request *request, struct json_out *out) {
    json_out_object(out);
    put_text(out, "title", request->title);
    put_text(out, "description", request->description);
    put_text(out, "target_url", request->target_url);
    json_out_member(out, "priority", task_priority_word(request->priority));
    json_out_name(out, "standards");
    if (request->standards != NULL)
        json_out_value(out, request->standards);
    else
        json_out_raw(out, TEXT("[]"));
    json_out_name(out, "agents");
    put_agents(out, request, request->agents);
    put_text(out, "business_goals", request->business_goals);
    put_text(out, "constraints", request->constraints);
    if (request->queue_ttl_s > 0)
        json_out_member_int(out, "queue_ttl_s", request->queue_ttl_s);
    load_wish_put(&request->load, "load_", out);
    if (request->checks != NULL) {
        json_out_name(out, "checks");
        json_out_value(out, request->checks);
    }
    if (request->external_links)
        json_out_member_bool(out, "external_links", true);
    json_out_end_object(out);
}

/* What was accepted once is judged by the same rules again. */
enum err request_read_spec(const struct json *spec, struct request *ret_request) {
    return request_read(spec, 0, ret_request, NULL) == ERR_OK ? ERR_OK : ERR_DAMAGED;
}
