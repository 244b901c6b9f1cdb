"""Goal: the runner starts the performance agent like any other, and its numbers reach the result."""


def test_a_task_for_performance_is_measured(stack):
    ended = stack.poll_until_terminal(
        stack.submit("/api/tasks/performance", target_url=stack.url + "/")["task_id"])
    part = ended["result"]["agent_results"]["performance"]
    metrics = {metric["name"]: metric for metric in part["metrics"]}
    assert part["status"] in ("completed", "partial"), part
    assert metrics["perf.latency.p95_ms"]["n"] > 0 and metrics["perf.latency.p95_ms"]["value"] > 0
    assert metrics["perf.throughput.rps"]["value"] > 0
    assert part["counts"]["checks"] == 8
