"""Goal: the runner starts the performance agent like any other, and its numbers reach the result."""
import hashlib
import json

from vocabulary import expect_status


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


def test_what_a_load_leaves_is_fetched_as_files(stack, tmp_path):
    task = stack.submit("/api/tasks/performance", target_url=stack.url + "/", load_rate=50,
                        load_duration_s=6)["task_id"]
    part = stack.poll_until_terminal(task)["result"]["agent_results"]["performance"]
    names = [each["name"] for each in part["artifacts"]]
    assert names == [f"performance.{name}" for name in
                     ("series.json", "latency.hdr.json", "latency.svg")]
    for each in part["artifacts"]:
        reply = expect_status(stack.get(f"/api/tasks/{task}/artifacts/{each['name']}"), 200)
        assert hashlib.sha256(reply.body).hexdigest() == each["sha256"]
        assert reply.header("content-type") == each["media_type"]
        assert reply.header("content-disposition").startswith("attachment;")
        assert "sandbox" in reply.header("content-security-policy")
        tag = {"If-None-Match": reply.header("etag")}
        expect_status(stack.get(f"/api/tasks/{task}/artifacts/{each['name']}", headers=tag), 304)
    assert len(json.loads(stack.get(f"/api/tasks/{task}/artifacts/{names[0]}").body)["blocks"]) == 6
    expect_status(stack.get(f"/api/tasks/{task}/artifacts/performance.none"), 404)
    expect_status(stack.get(f"/api/tasks/{task}/artifacts/{names[0]}", key=None), 401)
    done = stack.run("agnosticctl", "artifacts", task, "--output", str(tmp_path / "files"))
    assert done.returncode == 0 and done.stdout.split()[::3] == names
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == sorted(names)


def test_a_client_may_permit_less_than_the_operator(stack):
    def part(constraints):
        task = stack.submit("/api/tasks/performance", target_url=stack.url + "/", load_rate=50,
                            load_duration_s=1, constraints=constraints)["task_id"]
        result = stack.poll_until_terminal(task)["result"]
        assert [each["kind"] for each in result["criteria"]] == ["limit"]
        assert result["criteria"][0]["result"] == "met"
        return result["agent_results"]["performance"]
    assert part("Max 10 rps")["data"]["rate"] == 10
    without = part("No load test")
    assert without["status"] == "completed" and "offered" not in without["data"]
    assert "PERF-01" not in {each["id"] for each in without["checks"]}


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
