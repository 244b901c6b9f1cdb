"""Goal: the runner starts the performance agent like any other, and its numbers reach the result."""


def test_a_task_for_performance_is_measured(stack):
    ended = stack.poll_until_terminal(
        stack.submit("/api/tasks/performance", target_url=stack.url + "/", load_rate=50,
                     load_duration_s=8)["task_id"])
    part = ended["result"]["agent_results"]["performance"]
    metrics = {metric["name"]: metric for metric in part["metrics"]}
    assert part["status"] in ("completed", "partial"), part
    assert metrics["perf.latency.p95_ms"]["n"] > 0 and metrics["perf.latency.p95_ms"]["value"] > 0
    assert metrics["perf.throughput.rps"]["value"] > 0
    assert (part["data"]["rate"], part["data"]["duration_s"]) == (50, 8)
    assert metrics["perf.latency.p95_ms"]["n"] == 400


def test_what_the_client_demands_is_measured_and_decides(stack):
    ended = stack.poll_until_terminal(
        stack.submit("/api/tasks/performance", target_url=stack.url + "/", load_rate=50,
                     load_duration_s=8, constraints="p95 under 20 s; p50 under 0 ms",
                     business_goals="error rate below 1 %; delight everybody")["task_id"])
    result = ended["result"]
    assert [(each["id"], each["result"]) for each in result["criteria"]] == [
        ("C1", "met"), ("C2", "unmapped"), ("C3", "met"), ("C4", "failed")]
    assert result["verdict"]["status"] == "NO_GO"
    assert {"criterion_failed", "criterion_unmapped"} <= {
        reason["code"] for reason in result["verdict"]["reasons"]}
