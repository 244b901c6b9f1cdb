/* task_receipt: what a task came to, signed, and the key it is signed with. Must not know what a
 * receipt says. */
#include "agnostic/base/id.h"
#include "agnostic/report/receipt.h"
#include "web/handlers.h"

enum { TASK_RECEIPT_RETRY_S = 2 };

static const struct answer *task_receipt_off(struct call *call) {
    return reply_error_text(call->reply, ERR_NOT_AVAILABLE,
                            "Receipts are switched off (AGNOSTIC_RECEIPT_KEY)");
}

const struct answer *task_receipt(struct call *call) {
    if (!id_is_task(call->id))
        return reply_error(call->reply, ERR_TASK_ID);
    enum err err = call_sees_task(call);
    if (err == ERR_OK && call->service->receipts == NULL)
        return task_receipt_off(call);
    if (err == ERR_OK)
        err = receipt_write(text_make(call->view.record, call->view.record_len),
                            text_of(call->view.spec), call->service->receipts, &call->reply->body);
    if (err == ERR_INVALID)
        return reply_error_later(call->reply, ERR_CONFLICT, "The task has not finished",
                                 TASK_RECEIPT_RETRY_S);
    if (err != ERR_OK)
        return reply_error(call->reply, err == ERR_TOO_LARGE ? ERR_INTERNAL : err);
    return reply_written(call->reply, 200, "application/jose");
}

const struct answer *task_receipt_keys(struct call *call) {
    if (call->service->receipts == NULL)
        return task_receipt_off(call);
    enum err err = receipt_keys_put(sign_public(call->service->receipts), &call->reply->out);
    return err == ERR_OK ? reply_json(call->reply, 200) : reply_error(call->reply, err);
}
