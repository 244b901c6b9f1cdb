/* A list. Asks nothing. */
#include "agents/junior/flaky.h"

#include <stdlib.h>

const int FLAKY_PAUSES_MS[FLAKY_PASSES] = {1000, 3000};

static void flaky_item_done(struct flaky_item *item) {
    free(item->name);
    free(item->how);
    free(item->line);
}

void flaky_add(struct flaky *flaky, struct text name, struct text how, struct text line) {
    struct flaky_item item = {NULL, NULL, NULL};
    if (flaky->count < FLAKY_MAX)
        item = (struct flaky_item){text_dup(name), text_dup(how), text_dup(line)};
    if (item.name == NULL || item.how == NULL || item.line == NULL) {
        flaky_item_done(&item);
        flaky->dropped++;
        return;
    }
    flaky->items[flaky->count++] = item;
}

void flaky_done(struct flaky *flaky) {
    for (size_t i = 0; i < flaky->count; i++)
        flaky_item_done(&flaky->items[i]);
    flaky->count = 0;
}

void flaky_judge(const struct flaky *flaky, struct judgement *judgement) {
    judgement_pass(judgement);
    for (size_t i = 0; i < flaky->count; i++) {
        const struct flaky_item *item = &flaky->items[i];
        if (i == 0 && item->line[0] != '\0')
            judgement_reproduce_line(judgement, text_of(item->line));
        else if (i == 0)
            judgement_reproduce_chain(judgement, item->name);
        judgement_fault(judgement, 0, item->name,
                        "%.200s failed (%.200s) and was fine when it was asked again", item->name,
                        item->how);
    }
    if (flaky->count > 0)
        judgement->fault_count += flaky->dropped;
}

void flaky_put(const struct flaky *flaky, struct json_out *out) {
    json_out_array(out);
    for (size_t i = 0; i < flaky->count; i++)
        json_out_str(out, flaky->items[i].name);
    json_out_end_array(out);
}
