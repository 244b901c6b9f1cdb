/* handlers: what stands behind the rows of the route table. Each answers its call. */
#ifndef AGNOSTIC_WEB_HANDLERS_H
#define AGNOSTIC_WEB_HANDLERS_H

#include "web/call.h"

/* tasks.c */
REPLY_ANSWER tasks_submit(struct call *call);
REPLY_ANSWER tasks_submit_security(struct call *call);
REPLY_ANSWER tasks_submit_performance(struct call *call);
REPLY_ANSWER tasks_submit_regression(struct call *call);
REPLY_ANSWER tasks_submit_full(struct call *call);
/* task_events.c */
REPLY_ANSWER task_events(struct call *call);
/* task_log.c */
REPLY_ANSWER task_log(struct call *call);
/* task_list.c */
REPLY_ANSWER task_list(struct call *call);
/* task_show.c */
REPLY_ANSWER task_show(struct call *call);
/* task_artifact.c */
REPLY_ANSWER task_artifact(struct call *call);
/* task_report.c */
REPLY_ANSWER task_report(struct call *call);
/* task_receipt.c */
REPLY_ANSWER task_receipt(struct call *call);
REPLY_ANSWER task_receipt_keys(struct call *call);
/* task_gate.c */
REPLY_ANSWER task_gate(struct call *call);
/* task_cancel.c */
REPLY_ANSWER task_cancel(struct call *call);
/* task_retry.c */
REPLY_ANSWER task_retry(struct call *call);
/* deliveries.c */
REPLY_ANSWER deliveries_show(struct call *call);
REPLY_ANSWER deliveries_redeliver(struct call *call);
/* webhook_test.c */
REPLY_ANSWER webhook_test(struct call *call);
REPLY_ANSWER webhook_test_show(struct call *call);
/* history.c */
REPLY_ANSWER history_diff(struct call *call);
REPLY_ANSWER history_trends(struct call *call);
/* structured_show.c */
REPLY_ANSWER structured_show(struct call *call);
/* keys.c */
REPLY_ANSWER keys_create(struct call *call);
REPLY_ANSWER keys_list(struct call *call);
REPLY_ANSWER keys_revoke(struct call *call);
REPLY_ANSWER keys_me(struct call *call);
/* ops.c */
REPLY_ANSWER ops_health(struct call *call);
REPLY_ANSWER ops_ready(struct call *call);
/* metrics.c */
REPLY_ANSWER metrics_show(struct call *call);

#endif
