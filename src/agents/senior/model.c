/* States and transitions. Asks nobody. */
#include "agents/senior/model.h"

#include <stdlib.h>

#include "agnostic/probe/canonical.h"

static const char *const WAYS[MODEL_WAY__COUNT] = {"link", "form", "redirect", "sending_form"};

void model_done(struct model *model) {
    while (model->state_count > 0)
        free(model->states[--model->state_count].name);
}

/* The index of the state that url is of, made if it is new; state_count when there is no room. */
static size_t model_state(struct model *model, const struct url *url, enum model_way way) {
    struct buf name;
    size_t at = 0;
    buf_init(&name, CANONICAL_MAX_BYTES);
    buf_puts(&name, way == MODEL_SENDING ? "POST " : "");
    canonical_template(url, &name);
    while (at < model->state_count && !text_is(buf_text(&name), model->states[at].name))
        at++;
    if (at == model->state_count && at < MODEL_STATES_MAX) {
        char *kept = buf_take(&name);
        if (kept != NULL)
            model->states[model->state_count++] = (struct model_state){.name = kept};
    }
    buf_done(&name);
    model->dropped += at >= model->state_count;
    return at;
}

void model_visit(struct model *model, const struct url *url) {
    size_t at = model_state(model, url, MODEL_LINK);
    if (at < model->state_count)
        model->states[at].visited = true;
}

void model_lead(struct model *model, const struct url *from, const struct url *to,
                enum model_way way) {
    size_t start = model_state(model, from, MODEL_LINK), end = model_state(model, to, way);
    if (start >= model->state_count || end >= model->state_count)
        return;
    for (size_t i = 0; i < model->step_count; i++)
        if (model->steps[i].from == start && model->steps[i].to == end &&
            model->steps[i].way == way)
            return;
    if (model->step_count == MODEL_STEPS_MAX)
        model->dropped++;
    else
        model->steps[model->step_count++] = (struct model_step){start, end, way};
}

static bool model_is_taken(const struct model *model, const struct model_step *step) {
    return step->way != MODEL_SENDING && model->states[step->from].visited &&
           model->states[step->to].visited;
}

size_t model_visited(const struct model *model) {
    size_t count = 0;
    for (size_t i = 0; i < model->state_count; i++)
        count += model->states[i].visited;
    return count;
}

size_t model_taken(const struct model *model) {
    size_t count = 0;
    for (size_t i = 0; i < model->step_count; i++)
        count += model_is_taken(model, &model->steps[i]);
    return count;
}

double model_share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

static void model_put_states(const struct model *model, struct json_out *out) {
    json_out_name(out, "states");
    json_out_array(out);
    for (size_t i = 0; i < model->state_count && i < MODEL_TOLD_MAX; i++) {
        json_out_object(out);
        json_out_member(out, "name", model->states[i].name);
        json_out_member_bool(out, "visited", model->states[i].visited);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void model_put_steps(const struct model *model, struct json_out *out) {
    json_out_name(out, "transitions");
    json_out_array(out);
    for (size_t i = 0; i < model->step_count && i < MODEL_TOLD_MAX; i++) {
        json_out_object(out);
        json_out_member(out, "from", model->states[model->steps[i].from].name);
        json_out_member(out, "to", model->states[model->steps[i].to].name);
        json_out_member(out, "by", WAYS[model->steps[i].way]);
        json_out_member_bool(out, "taken", model_is_taken(model, &model->steps[i]));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

void model_put(const struct model *model, struct json_out *out) {
    json_out_name(out, "state_model");
    json_out_object(out);
    model_put_states(model, out);
    model_put_steps(model, out);
    json_out_member_int(out, "states_found", (int64_t)model->state_count);
    json_out_member_int(out, "states_visited", (int64_t)model_visited(model));
    json_out_member_int(out, "transitions_found", (int64_t)model->step_count);
    json_out_member_int(out, "transitions_taken", (int64_t)model_taken(model));
    json_out_end_object(out);
    json_out_name(out, "coverage_potential");
    json_out_object(out);
    json_out_name(out, "state_coverage");
    json_out_double(out, model_share(model_visited(model), model->state_count));
    json_out_name(out, "transition_coverage");
    json_out_double(out, model_share(model_taken(model), model->step_count));
    json_out_end_object(out);
}
