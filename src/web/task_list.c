/* task_list: the tasks a client may see, a page at a time. Must not know how an index is walked. */
#include <stdio.h>

#include "agnostic/task/request.h"
#include "web/cursor.h"
#include "web/handlers.h"
#include "web/path.h"
#include "web/query.h"

enum {
    LIST_LIMIT_MAX = 200,
    LIST_LIMIT_DEFAULT = 50,
    LIST_OFFSET_MAX = TASK_LIST_SCAN_MAX,
    LIST_QUERY_MAX = 4096 /* bytes; it goes into the Link field */
};

/* What is wanted; an index of -1, or an empty text: any. */
struct list_filter {
    int status, priority, agent;
    char title[QUERY_VALUE_SIZE];
};

struct list_page {
    struct json_out *out;
    struct list_filter filter;
    struct task_list list;
    int64_t limit, offset, taken, skipped;
};

/* --- what is asked -----------------------------------------------------------------------------
 */

static enum err list_cursor(struct text query, struct task_list_place *ret_place,
                            struct json_out *detail) {
    char value[QUERY_VALUE_SIZE];
    bool found;
    enum err err = query_find(query, "cursor", value, &found);
    if (err != ERR_OK || !found || cursor_read(text_of(value), ret_place))
        return err;
    query_fault(detail, "cursor", value, "value_error", "Value error, not a cursor of this list",
                NULL, 0);
    return ERR_INVALID;
}

static enum err list_words(struct text query, struct list_filter *filter, struct json_out *detail) {
    const char *states[TASK_STATE__COUNT], *priorities[TASK_PRIORITY__COUNT], *agents[ROLE__COUNT];
    for (size_t i = 0; i < TASK_STATE__COUNT; i++)
        states[i] = task_state_word((enum task_state)i);
    for (size_t i = 0; i < TASK_PRIORITY__COUNT; i++)
        priorities[i] = task_priority_word((enum task_priority)i);
    for (size_t i = 0; i < ROLE__COUNT; i++)
        agents[i] = role_name((enum role)i);
    enum err status =
        query_choice(query, "status", states, TASK_STATE__COUNT, &filter->status, detail);
    enum err priority = query_choice(query, "priority", priorities, TASK_PRIORITY__COUNT,
                                     &filter->priority, detail);
    enum err agent = query_choice(query, "agent", agents, ROLE__COUNT, &filter->agent, detail);
    return query_worse(query_worse(status, priority), agent);
}

/* Every parameter is looked at, so that all faults are told. */
static enum err list_read(struct text query, struct list_page *page, struct json_out *detail) {
    int64_t after_us = 0, before_us = 0;
    bool found;
    json_out_array(detail);
    enum err err = list_words(query, &page->filter, detail);
    err = query_worse(err, query_moment(query, "created_after", &after_us, detail));
    err = query_worse(err, query_moment(query, "created_before", &before_us, detail));
    err = query_worse(err, query_find(query, "q", page->filter.title, &found));
    err = query_worse(err, query_int(query, "limit", 1, LIST_LIMIT_MAX, LIST_LIMIT_DEFAULT,
                                     &page->limit, detail));
    err =
        query_worse(err, query_int(query, "offset", 0, LIST_OFFSET_MAX, 0, &page->offset, detail));
    err = query_worse(err, list_cursor(query, &page->list.at, detail));
    json_out_end_array(detail);
    if (err == ERR_OK && !found)
        page->filter.title[0] = '\0';
    page->list.after_ms = after_us > 0 ? after_us / 1000 : 0;
    page->list.before_ms = (before_us + 999) / 1000;
    return err;
}

/* --- what is shown -----------------------------------------------------------------------------
 */

static bool list_wants(const struct list_filter *filter, const struct record *record,
                       const struct request *order) {
    if (filter->status >= 0 && (int)record->state != filter->status)
        return false;
    if (filter->priority >= 0 && (order == NULL || (int)order->priority != filter->priority))
        return false;
    if (filter->agent >= 0 && (order == NULL || !request_involves(order, (enum role)filter->agent)))
        return false;
    return filter->title[0] == '\0' ||
           (order != NULL && text_ifind(order->title, text_of(filter->title)) >= 0);
}

static void list_put(struct json_out *out, const struct record *record,
                     const struct request *order) {
    json_out_object(out);
    json_out_member(out, "task_id", record->task_id);
    json_out_member(out, "session_id", record->session_id);
    json_out_member(out, "status", task_state_word(record->state));
    json_out_member(out, "created_at", record->created_at);
    json_out_member(out, "updated_at", record->updated_at);
    json_out_name(out, "title");
    if (order != NULL)
        json_out_text(out, order->title);
    else
        json_out_null(out);
    json_out_member(out, "priority", order != NULL ? task_priority_word(order->priority) : NULL);
    json_out_name(out, "agents");
    if (order != NULL)
        request_put_agents(order, out);
    else
        json_out_raw(out, TEXT("[]"));
    json_out_end_object(out);
}

/* One that expired meanwhile, or cannot be read, is none. */
static bool list_visit(void *ctx, const struct task_list_row *row) {
    struct list_page *page = ctx;
    struct record record;
    struct json *spec = NULL;
    struct request order;
    if (row->record.len == 0 || record_read(row->record, &record) != ERR_OK)
        return true;
    bool known = json_parse(row->spec, &JSON_LIMITS_REQUEST, &spec, NULL) == ERR_OK &&
                 request_read_spec(spec, &order) == ERR_OK;
    if (list_wants(&page->filter, &record, known ? &order : NULL)) {
        if (page->skipped < page->offset)
            page->skipped++;
        else {
            list_put(page->out, &record, known ? &order : NULL);
            page->taken++;
        }
    }
    json_free(spec);
    record_done(&record);
    return page->taken < page->limit;
}

/* --- where it goes on --------------------------------------------------------------------------
 */

/* Nothing that could end the <...> of a Link field. */
static void list_put_part(struct buf *buf, struct text part) {
    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.ptr[i];
        if (c <= 0x20 || c >= 0x7f || c == '<' || c == '>' || c == '"' || c == '\\')
            buf_printf(buf, "%%%02X", c);
        else
            buf_putc(buf, (char)c);
    }
}

static void list_link(struct call *call, const char *cursor) {
    struct buf link;
    struct text rest = call->query;
    buf_init(&link, 4 * LIST_QUERY_MAX);
    buf_printf(&link, "<%s/tasks?", call_prefix(call));
    for (struct text part; rest.len > 0 && text_cut(&rest, '&', &part);) {
        if (part.len == 0 || query_is(part, "cursor") || query_is(part, "offset"))
            continue;
        list_put_part(&link, part);
        buf_putc(&link, '&');
    }
    buf_printf(&link, "cursor=%s>; rel=\"next\"", cursor);
    reply_field(call->reply, "Link", buf_text(&link));
    buf_done(&link);
}

static void list_put_envelope(struct json_out *out, const struct list_page *page,
                              const struct task_list_end *end, const char *cursor) {
    const struct list_filter *filter = &page->filter;
    bool all =
        filter->status < 0 && filter->priority < 0 && filter->agent < 0 && filter->title[0] == '\0';
    json_out_name(out, "total");
    if (all)
        json_out_int(out, end->total);
    else
        json_out_null(out); /* to count them, all would have to be read */
    json_out_member_int(out, "limit", page->limit);
    json_out_member_int(out, "offset", page->offset);
    json_out_member(out, "next_cursor", cursor);
    json_out_end_object(out);
}

static const struct answer *list_page(struct call *call, struct list_page *page) {
    struct task_list_end end;
    char cursor[CURSOR_SIZE];
    bool envelope = call->dialect == DIALECT_G2;
    if (envelope) {
        json_out_object(page->out);
        json_out_name(page->out, "items");
    }
    json_out_array(page->out);
    enum err err = task_view_list(call->service->store, &page->list, list_visit, page, &end);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_end_array(page->out);
    if (end.more) {
        cursor_put(&end.next, cursor);
        list_link(call, cursor);
    }
    if (envelope)
        list_put_envelope(page->out, page, &end, end.more ? cursor : NULL);
    return reply_json(call->reply, 200);
}

/* The role api_user sees its own tasks; so does everybody where only owners may read. */
static const char *list_owner(const struct call *call) {
    const struct principal *who = &call->principal;
    bool own =
        text_is(text_of(who->role), "api_user") && !principal_may(who, PERM_SYSTEM_CONFIGURE);
    return own || call->service->owner_only ? who->user_id : NULL;
}

const struct answer *task_list(struct call *call) {
    struct list_page page = {.out = &call->reply->out, .list = {.owner = list_owner(call)}};
    if (call->query.len > LIST_QUERY_MAX)
        return reply_error(call->reply, ERR_URI_TOO_LONG);
    reply_faults_begin(call->reply);
    enum err err = list_read(call->query, &page, &call->reply->out);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    return err != ERR_OK ? reply_error(call->reply, err) : list_page(call, &page);
}
