/* request_fault: writing validation faults in the shape of the original's framework.
 * Must not know which rules exist. */
#include "task/request_fault.h"

#include "agnostic/task/request.h"
#include "task/request_echo.h"

enum { CTX_MAX_BYTES = 256 };

void request_fault_put(struct json_out *detail, const struct request_fault_entry *entry) {
    json_out_object(detail);
    json_out_member(detail, "type", entry->type);
    json_out_name(detail, "loc");
    json_out_array(detail);
    json_out_str(detail, entry->in);
    if (entry->field != NULL)
        json_out_str(detail, entry->field);
    if (entry->position != NULL)
        json_out_int(detail, *entry->position);
    json_out_end_array(detail);
    json_out_member(detail, "msg", entry->msg);
    json_out_name(detail, "input");
    request_echo(detail, entry->input);
    if (entry->ctx.len > 0) {
        json_out_name(detail, "ctx");
        json_out_raw(detail, entry->ctx);
    }
    json_out_end_object(detail);
}

/* A fault's one-member ctx, being written; the member's value comes between begin and end. */
struct ctx {
    struct buf buf;
    struct json_out out;
};

static void ctx_begin(struct ctx *ctx, const char *name) {
    buf_init(&ctx->buf, CTX_MAX_BYTES);
    json_out_init(&ctx->out, &ctx->buf);
    json_out_object(&ctx->out);
    json_out_name(&ctx->out, name);
}

static void ctx_end(struct ctx *ctx, struct json_out *detail, struct request_fault_entry entry) {
    json_out_end_object(&ctx->out);
    entry.ctx = buf_text(&ctx->buf);
    request_fault_put(detail, &entry);
    buf_done(&ctx->buf);
}

void request_fault(struct json_out *detail, const char *type, const char *in, const char *field,
                   const char *msg, const struct json *input, const char *ctx_name,
                   int64_t ctx_int) {
    const struct request_fault_entry entry = {
        .type = type, .msg = msg, .in = in, .field = field, .input = input};
    struct ctx ctx;
    if (ctx_name == NULL) {
        request_fault_put(detail, &entry);
        return;
    }
    ctx_begin(&ctx, ctx_name);
    json_out_int(&ctx.out, ctx_int);
    ctx_end(&ctx, detail, entry);
}

void request_fault_words(struct json_out *detail, const char *type, const char *in,
                         const char *field, const char *msg, const struct json *input,
                         const char *ctx_name, const char *ctx_words) {
    struct ctx ctx;
    ctx_begin(&ctx, ctx_name);
    json_out_str(&ctx.out, ctx_words);
    ctx_end(&ctx, detail,
            (struct request_fault_entry){
                .type = type, .msg = msg, .in = in, .field = field, .input = input});
}

/* `input` is an empty object here, as the framework has it. */
void request_fault_json(struct json_out *detail, const struct json_fault *fault) {
    json_out_object(detail);
    json_out_member(detail, "type", "json_invalid");
    json_out_name(detail, "loc");
    json_out_array(detail);
    json_out_str(detail, "body");
    json_out_int(detail, (int64_t)fault->offset);
    json_out_end_array(detail);
    json_out_member(detail, "msg", "JSON decode error");
    json_out_name(detail, "input");
    json_out_raw(detail, TEXT("{}"));
    json_out_name(detail, "ctx");
    json_out_object(detail);
    json_out_member(detail, "error", fault->reason);
    json_out_end_object(detail);
    json_out_end_object(detail);
}
