/* task_view_list: walks an index from the newest task on, in bounded steps. A place in it is a
 * moment and how many tasks of that moment were passed: it stays right while tasks come and go. */
#include "agnostic/store/keys.h"
#include "agnostic/store/task_view.h"
#include "store/inside.h"
#include "store/script.h"

enum { LIST_STEP = 100 };

/* What the script gives: a word and a number, then rows. */
enum { LIST_TOTAL = 1, LIST_ROWS };
enum { ROW_MS, ROW_HEAD, ROW_SPEC };

static void put_index(struct command *command, const char *owner) {
    if (owner != NULL) {
        command_printf(command, KEYS_INDEX_OWNER, owner);
    } else {
        command_str(command, KEYS_INDEX);
    }
}

/* Everything newer than the place; without one, everything too new. */
static void put_start(struct command *command, const struct task_list *list,
                      const struct task_list_place *at) {
    if (at->ms > 0) {
        command_printf(command, "(%lld", (long long)at->ms);
    } else if (list->before_ms > 0) {
        command_int(command, list->before_ms);
    } else {
        command_str(command, "");
    }
    command_int(command, at->ms > 0 ? at->passed : 0);
}

static enum err ask_step(struct store *store, const struct task_list *list,
                         const struct task_list_place *at, struct redis_reply **ret_reply) {
    struct command command;
    script_begin(&command, &script_list);
    put_index(&command, list->owner);
    script_argv(&command);
    put_start(&command, list, at);
    command_int(&command, LIST_STEP);
    command_printf(&command, "(%lld", (long long)list->after_ms);
    if (list->before_ms > 0) {
        command_printf(&command, "(%lld", (long long)list->before_ms);
    } else {
        command_str(&command, "+inf");
    }
    return script_run(store->redis, &command, &script_list, 0, ret_reply);
}

static bool read_row(const struct redis_reply *reply, struct task_list_row *ret_row) {
    return redis_int(redis_at(reply, ROW_MS), &ret_row->ms) &&
           redis_text(redis_at(reply, ROW_HEAD), &ret_row->record) &&
           redis_text(redis_at(reply, ROW_SPEC), &ret_row->spec);
}

static void pass(struct task_list_place *at, int64_t ms) {
    at->passed = at->ms == ms ? at->passed + 1 : 1;
    at->ms = ms;
}

/* The rows of one step. ERR_OK: go on; ERR_EMPTY: nothing older is wanted or there; ERR_CONFLICT:
 * the visitor has enough. */
static enum err walk(const struct redis_reply *reply, const struct task_list *list,
                     struct task_list_end *end,
                     bool (*visit)(void *ctx, const struct task_list_row *row), void *ctx) {
    size_t count = redis_count(reply);
    for (size_t i = LIST_ROWS; i < count; i++) {
        struct task_list_row row;
        if (!read_row(redis_at(reply, i), &row)) {
            return ERR_DAMAGED;
        }
        if (row.ms <= list->after_ms) {
            return ERR_EMPTY;
        }
        pass(&end->next, row.ms);
        bool last = i + 1 == count && count < LIST_ROWS + LIST_STEP;
        if (!visit(ctx, &row)) {
            return last ? ERR_EMPTY : ERR_CONFLICT;
        }
    }
    return count < LIST_ROWS + LIST_STEP ? ERR_EMPTY : ERR_OK;
}

enum err task_view_list(struct store *store, const struct task_list *list,
                        bool (*visit)(void *ctx, const struct task_list_row *row), void *ctx,
                        struct task_list_end *ret_end) {
    struct task_list_end end = {.next = list->at};
    enum err err = ERR_OK;
    for (int scanned = 0; scanned < TASK_LIST_SCAN_MAX && err == ERR_OK; scanned += LIST_STEP) {
        struct redis_reply *reply = NULL;
        err = ask_step(store, list, &end.next, &reply);
        if (err == ERR_OK && !redis_int(redis_at(reply, LIST_TOTAL), &end.total)) {
            err = ERR_DAMAGED;
        }
        if (err == ERR_OK) {
            err = walk(reply, list, &end, visit, ctx);
        }
        redis_reply_free(reply);
    }
    if (err != ERR_OK && err != ERR_EMPTY && err != ERR_CONFLICT) {
        return err;
    }
    end.more = err != ERR_EMPTY;
    *ret_end = end;
    return ERR_OK;
}
