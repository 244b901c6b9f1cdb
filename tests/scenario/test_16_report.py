"""Goal: a finished task is read in the form its reader uses, and its verdict is an HTTP status."""
import json
import uuid
import xml.etree.ElementTree as xml

import pytest

from vocabulary import expect_status

HOSTILE = "</script><script>alert(1)</script>]]>\u202e | `x` @all \x1b[31m\n::error::x"


def stored(service, verdict=None, status="completed", findings=()):
    """A task that ended so, as it stands in Redis; its id."""
    task_id = str(uuid.uuid4())
    result = {"error": {"code": "crashed", "message": HOSTILE, "attempt": 3}}
    if verdict:
        counts = {word: sum(each["severity"] == word for each in findings)
                  for word in ("critical", "high", "medium", "low", "info")}
        result = {"session_id": "s", "status": "completed", "completed_at": "2026-02-21T10:00:00",
                  "verdict": {"status": verdict, "reasons": []},
                  "test_plan": {"target_url": "https://shop.example/"},
                  "verification": {"findings": counts},
                  "agent_results": {"security-compliance": {
                      "status": "completed", "summary": "done", "counts": counts,
                      "findings": list(findings), "metrics": [],
                      "checks": [{"id": "X-1", "status": "failed"}]}}}
    record = {"task_id": task_id, "session_id": "s", "status": status,
              "created_at": "2026-02-21T10:00:00.123456+00:00",
              "updated_at": "2026-02-21T10:00:00.123456+00:00",
              "result": result if status in ("completed", "failed") else None}
    service.redis("SET", f"task:{task_id}", json.dumps(record), "EX", "600")
    return task_id


def finding(severity="high"):
    return {"finding_id": "f_1", "check_id": "X-1", "title": HOSTILE, "severity": severity,
            "component": "https://shop.example", "category": "security", "cwe_id": "CWE-79",
            "cvss_score": 7.4, "fingerprint": "sha256:" + "0123456789abcdef" * 4,
            "evidence": {"summary": HOSTILE, "instances": [], "reproduce": "curl 'x'"}}


def gate(service, task_id, query=""):
    return service.get(f"/api/tasks/{task_id}/gate{query}")


# --- the gate ---------------------------------------------------------------------------------

@pytest.mark.parametrize("verdict,plain,strict", [
    ("GO", 200, 200), ("GO_WITH_WARNINGS", 200, 409), ("NO_GO", 409, 409), ("INCOMPLETE", 424, 424)])
def test_the_status_is_the_verdict(stack, verdict, plain, strict):
    task_id = stored(stack, verdict, findings=[finding(), finding()])
    reply = expect_status(gate(stack, task_id), plain)
    assert reply.body.decode() == f"{verdict}: 2 high\n"
    assert reply.header("content-type").startswith("text/plain")
    expect_status(gate(stack, task_id, "?fail_on=warnings"), strict)


def test_a_task_without_a_verdict_is_no_go_ahead(stack):
    expect_status(gate(stack, stored(stack, status="failed")), 424)
    expect_status(gate(stack, stored(stack, status="cancelled")), 424)
    waiting = expect_status(gate(stack, stored(stack, status="pending")), 202)
    assert waiting.body == b"pending\n" and int(waiting.header("retry-after")) > 0
    expect_status(gate(stack, str(uuid.uuid4())), 404)
    expect_status(gate(stack, stored(stack, "GO"), "?fail_on=everything"), 422)


def test_who_waits_at_the_gate_gets_the_verdict_at_once(stack):
    task_id = stack.submit("/api/tasks/security", target_url=stack.url + "/")["task_id"]
    while (reply := gate(stack, task_id, "?wait=30")).status == 202:
        pass
    assert reply.status in (200, 409), reply
    verdict = stack.poll(task_id).json["result"]["verdict"]["status"]
    assert reply.body.decode().startswith(verdict + ":")


# --- typed results ----------------------------------------------------------------------------

def test_a_session_ends_as_typed_results_that_block_when_the_gate_is_closed(stack):
    record = stack.submit("/api/tasks/security", target_url=stack.url + "/")
    ended = stack.poll_until_terminal(record["task_id"])
    path = f"/api/results/structured/{record['session_id']}"
    told = expect_status(stack.get(path), 200).json
    security = told["action"]["results"]["security"]
    agent = ended["result"]["agent_results"]["security-compliance"]
    assert [f["finding_id"] for f in security["findings"]] == \
        [f["finding_id"] for f in agent["findings"]]
    assert security["overall_score"] == agent["data"]["security_score"]
    blocks = [action for action in told["actions"] if action["type"] == "block_merge"]
    assert bool(blocks) == (gate(stack, record["task_id"]).status != 200)
    stack.redis("DEL", f"task:{record['task_id']}")  # as after its 24 hours
    later = expect_status(stack.get(path), 200).json
    assert [action["type"] for action in later["actions"]] == \
        [action["type"] for action in told["actions"]]


# --- the forms --------------------------------------------------------------------------------

FORMS = {"json": "application/json", "sarif": "application/sarif+json", "junit": "application/xml",
         "gitlab-codequality": "application/json", "gitlab-dast": "application/json",
         "markdown": "text/markdown", "annotations": "text/plain", "text": "text/plain",
         "html": "text/html"}


@pytest.mark.parametrize("form", FORMS)
def test_a_report_has_the_form_that_was_asked_for(stack, form):
    task_id = stored(stack, "NO_GO", findings=[finding()])
    reply = expect_status(stack.get(f"/api/tasks/{task_id}/report?format={form}"), 200)
    assert reply.header("content-type").split(";")[0] == FORMS[form]
    text = reply.body.decode()
    if "json" in FORMS[form]:
        json.loads(text)
        return
    assert "\x1b" not in text and "\u202e" not in text
    if form == "junit":
        assert xml.fromstring(text).get("failures") == "1"
    if form == "html":
        assert "<script" not in text
        assert "style-src 'unsafe-inline'" in reply.header("content-security-policy")
    if form == "annotations":
        assert all(line.startswith("::error title=X-1") for line in text.splitlines())


def test_accept_chooses_the_form(stack):
    task_id = stored(stack, "GO")
    path = f"/api/tasks/{task_id}/report"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept, kind in ((browser, "text/html"), ("*/*", "application/json"),
                         ("application/sarif+json", "application/sarif+json")):
        reply = expect_status(stack.get(path, headers={"Accept": accept}), 200)
        assert reply.header("content-type").split(";")[0] == kind
        assert "Accept" in reply.header("vary")
    expect_status(stack.get(path, headers={"Accept": "image/png"}), 406)


def test_what_is_no_form_or_not_finished_is_said(stack):
    task_id = stored(stack, status="running")
    expect_status(stack.get(f"/api/tasks/{task_id}/report?format=docx"), 422)
    early = expect_status(stack.get(f"/api/tasks/{task_id}/report"), 409)
    assert int(early.header("retry-after")) > 0 and early.json["code"] == "conflict"


def test_a_real_run_is_told_in_every_form(stack):
    task_id = stack.submit("/api/tasks/security", title="A <b>shop</b>", target_url=stack.url + "/",
                           standards=["GDPR"])["task_id"]
    ended = stack.poll_until_terminal(task_id)
    verdict = ended["result"]["verdict"]["status"]
    agent = ended["result"]["agent_results"]["security-compliance"]
    bodies = {form: expect_status(stack.get(f"/api/tasks/{task_id}/report?format={form}"),
                                  200).body.decode() for form in FORMS}
    assert "A &lt;b&gt;shop" in bodies["html"] and verdict in bodies["html"]
    assert "Requirements by standard" in bodies["html"]
    assert len(json.loads(bodies["sarif"])["runs"][0]["results"]) == len(agent["findings"])
    suite = xml.fromstring(bodies["junit"]).find("testsuite")
    assert int(suite.get("tests")) == len(agent["checks"]) == len(suite.findall("testcase"))
