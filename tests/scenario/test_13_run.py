"""Goal: a task travels from submission through the runner to a verdict."""
from vocabulary import RECORD_FIELDS


def test_the_sample_site_gets_a_verdict_with_findings(stack):
    record = stack.submit("/api/tasks/security", target_url=stack.url + "/")
    ended = stack.poll_until_terminal(record["task_id"])
    assert list(ended) == RECORD_FIELDS and ended["status"] == "completed"
    result = ended["result"]
    assert result["session_id"] == record["session_id"] and result["status"] == "completed"
    assert {"completed_at", "test_plan", "verification"} <= set(result)
    assert result["verdict"]["status"] in ("NO_GO", "GO_WITH_WARNINGS")
    assert result["verdict"]["reasons"]
    agent = result["agent_results"]["security-compliance"]
    assert agent["status"] == "completed" and agent["findings"]
    for finding in agent["findings"]:
        assert {"check_id", "title", "severity", "cwe_id", "cvss_score", "component",
                "evidence"} <= set(finding)
    assert {finding["check_id"] for finding in agent["findings"]} >= {"SEC-HDR-03", "SEC-HDR-05"}
    assert len({finding["severity"] for finding in agent["findings"]}) >= 3


def test_an_agent_that_is_not_there_is_not_simulated(stack):
    ended = stack.poll_until_terminal(
        stack.submit(agents=["senior-qa/absent"], target_url=stack.url + "/")["task_id"])
    [part] = ended["result"]["agent_results"].values()
    assert part["status"] == "not_available" and part["reason"] == "no_agent"
    assert ended["result"]["verdict"]["status"] == "INCOMPLETE"


def test_only_agents_that_exist_are_said_to_be_alive(stack):
    agents = stack.get("/health").json["agents"]
    assert {name for name, state in agents.items() if state == "alive"} == {
        "qa-manager", "security-compliance", "junior-qa", "senior-qa", "performance", "qa-analyst"}


def test_two_runs_of_a_target_that_did_not_change_do_not_differ(stack):
    records = [stack.submit("/api/tasks/security", target_url=stack.url + "/") for _ in range(2)]
    for record in records:
        stack.poll_until_terminal(record["task_id"])
    base, compare = (record["session_id"] for record in records)
    diff = stack.get(f"/api/test-sessions/diff?base={base}&compare={compare}").json
    assert diff["summary"]["base_total"] == diff["summary"]["stable"] > 40
    assert not diff["has_regressions"] and not diff["new_tests"] and not diff["removed_tests"]
    day = stack.get("/api/test-metrics/trends?days=2").json[-1]
    assert day["total"] >= 2 * diff["summary"]["base_total"] and day["failed"] > 0


def test_without_a_target_the_agents_that_need_one_are_not_available(stack):
    ended = stack.poll_until_terminal(stack.submit(agents=["security-compliance"])["task_id"])
    part = ended["result"]["agent_results"]["security-compliance"]
    assert ended["status"] == "completed"
    assert part["status"] == "not_available" and part["reason"] == "no_target"
    assert ended["result"]["verdict"]["status"] == "INCOMPLETE"


def test_tasks_of_higher_priority_go_first(new_stack):
    service = new_stack(slots=1)
    service.stack("stop", "runner")
    low = service.submit(priority="low")["task_id"]
    critical = service.submit(priority="critical")["task_id"]
    service.stack("start", "runner")
    ends = {name: service.poll_until_terminal(name)["updated_at"] for name in (low, critical)}
    assert ends[critical] < ends[low]


def test_drain_works_the_queue_off_and_leaves(new_stack):
    service = new_stack()
    service.stack("stop", "runner")
    tasks = [service.submit()["task_id"] for _ in range(3)]
    assert service.run("agnostic-runner", "--drain", "--max-time", "60").returncode == 0
    assert all(service.poll(task_id).json["status"] == "completed" for task_id in tasks)
