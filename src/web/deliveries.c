/* deliveries: how a task's callback goes, and asking for another attempt. Never sees its secret. */
#include "web/deliveries.h"

#include <stdio.h>

#include "agnostic/base/time.h"
#include "web/handlers.h"

static void deliveries_put_time(struct json_out *out, const char *name, int64_t ms) {
    char iso[TIME_ISO_SIZE];
    if (ms > 0)
        time_iso_utc(ms * 1000, iso);
    json_out_member(out, name, ms > 0 ? iso : NULL);
}

static void deliveries_put_entry(struct json_out *out, const struct webhook_entry *entry) {
    const struct webhook_report *report = &entry->report;
    json_out_object(out);
    json_out_member_int(out, "attempt", entry->attempt);
    deliveries_put_time(out, "at", entry->at_ms);
    json_out_member(out, "result", report->why);
    json_out_name(out, "status");
    if (report->http_status > 0)
        json_out_int(out, report->http_status);
    else
        json_out_null(out);
    json_out_member_int(out, "ms", report->ms);
    json_out_member(out, "ip", report->ip[0] != '\0' ? report->ip : NULL);
    json_out_member(out, "response", report->head);
    json_out_end_object(out);
}

void deliveries_put(struct json_out *out, const char *id, const struct webhook_view *view) {
    char webhook_id[128];
    snprintf(webhook_id, sizeof(webhook_id), "msg_%s", id);
    json_out_member(out, "webhook_id", webhook_id);
    json_out_member(out, "state", view->state);
    json_out_member_int(out, "attempts", view->attempts);
    deliveries_put_time(out, "next_at", view->due_ms);
    json_out_name(out, "deliveries");
    json_out_array(out);
    for (size_t i = 0; i < view->count; i++)
        deliveries_put_entry(out, &view->entries[i]);
    json_out_end_array(out);
}

const struct answer *deliveries_show(struct call *call) {
    struct json_out *out = &call->reply->out;
    struct webhook_view view;
    char id[101];
    enum err err = call_sees_task(call);
    if (err == ERR_OK && !text_copy(call->id, id, sizeof(id)))
        err = ERR_TASK_ID;
    if (err == ERR_OK)
        err = webhook_store_view(call->service->store, id, &view);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_object(out);
    json_out_member(out, "task_id", id);
    deliveries_put(out, id, &view);
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}

const struct answer *deliveries_redeliver(struct call *call) {
    struct json_out *out = &call->reply->out;
    char id[101], webhook_id[128];
    enum err err = call_may_change(call);
    if (err == ERR_OK && !text_copy(call->id, id, sizeof(id)))
        err = ERR_TASK_ID;
    if (err == ERR_OK)
        err = webhook_store_again(call->service->store, id);
    if (err == ERR_CONFLICT)
        return reply_error_text(call->reply, err,
                                "There is nothing to deliver: the task has no callback, "
                                "or it has not ended");
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    snprintf(webhook_id, sizeof(webhook_id), "msg_%s", id);
    json_out_object(out);
    json_out_member(out, "task_id", id);
    json_out_member(out, "webhook_id", webhook_id);
    json_out_member(out, "message", "Delivery requested");
    json_out_end_object(out);
    return reply_json(call->reply, 202);
}
