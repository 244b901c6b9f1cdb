"""Goal: a language model may word what a task came to. Whatever it answers, or whether it does, no
verdict, score or finding changes by it, nothing of the target reaches it, and its key nobody else."""
import json
import os
import re
import signal
import socket
import ssl
import threading
from pathlib import Path

import pytest

from conftest import many_stacks
from security_servers import Certificates
from vocabulary import DATA, Receiver, expect_status, redirect_to, wait_for

MODEL = "stub-1"
KEY = "sk-stub-0123456789abcdef0123456789abcdef"
MARKER = "tgt7f3a"
UNREAD = "It feels pleasant to use"
PAGE = f"<!doctype html><html lang=en><title>{MARKER}</title><h1>{MARKER}</h1><a href='/{MARKER}?{MARKER}=1'>{MARKER}</a>"
SPAN = 4000  # ms that the model has


# --- models -----------------------------------------------------------------------------------

def send(handler, body, status=200, length=None):
    body = body if isinstance(body, bytes) else body.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def choice(content):
    text = content if isinstance(content, str) else json.dumps(content)
    return json.dumps({"object": "chat.completion", "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}]})


def honest(question, **changes):
    """What a model that does as it is asked says; changes make a liar of it."""
    data = json.loads(question["messages"][1]["content"])
    proposals = [{"criterion_id": each["id"], "metric": "perf.apdex", "op": ">=", "value": 0.9}
                 for each in data.get("unmapped", [])]
    said = {"verdict": data["verdict"], "summary": "Some headers are missing; mend those first.",
            **({"proposals": proposals} if proposals else {}), **changes}
    return {name: value for name, value in said.items() if value is not None}


class Model(Receiver):
    """An endpoint as OpenAI's API has it, which answers as it is told to."""

    def __init__(self, tls=None):
        self.released = threading.Event()
        super().__init__(lambda handler: self.answer(handler), tls=tls)
        self.says()

    def says(self, **changes):
        self.answer = lambda handler: send(handler, choice(honest(self.question, **changes)))

    @property
    def question(self):
        return json.loads(self.requests[-1][3])

    def hang(self, _):
        self.released.wait(60)


# --- the stack --------------------------------------------------------------------------------

def serve(handler):
    body = PAGE.encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("X-Marker", MARKER)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="module")
def target():
    with Receiver(serve) as target:
        yield target


@pytest.fixture(scope="module")
def model():
    with Model() as model:
        yield model
        model.released.set()


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "key"
    path.touch(0o600)
    path.write_text(KEY + "\n")
    return path


@pytest.fixture(scope="module")
def stacks(model, target, key_file):
    """With a model and without."""
    with many_stacks() as make:
        allow = f"127.0.0.1:{target.port}"
        yield (make(AGNOSTIC_TARGET_ALLOW=allow, AGNOSTIC_LLM_URL=model.url + "/v1",
                    AGNOSTIC_LLM_MODEL=MODEL, AGNOSTIC_LLM_KEY_FILE=key_file,
                    AGNOSTIC_LLM_TIMEOUT_MS=SPAN, AGNOSTIC_LEASE_MS=SPAN // 2),
               make(AGNOSTIC_TARGET_ALLOW=allow))


@pytest.fixture
def service(stacks, model):
    model.requests.clear()
    model.says()
    return stacks[0]


def order(service, target, agents=("security-compliance",), **members):
    record = service.submit(target_url=f"{target.url}/{MARKER}?{MARKER}=1", title=MARKER,
                            agents=list(agents), **{"constraints": UNREAD, **members})
    ended = service.poll_until_terminal(record["task_id"])
    assert ended["status"] == "completed", ended
    return record["task_id"], ended["result"]


def judged(result):
    """What has been judged, without what differs from run to run."""
    agents = {name: {"status": agent["status"], "counts": agent["counts"],
                     "findings": [{name: value for name, value in finding.items() if name != "evidence"}
                                  for finding in agent["findings"]]}
              for name, agent in result["agent_results"].items()}
    return json.dumps([result["verdict"], result["criteria"], result["test_plan"],
                       result["verification"], agents], sort_keys=True)


@pytest.fixture(scope="module")
def plain(stacks, target):
    """The result of the same task where no model is asked."""
    _, result = order(stacks[1], target)
    assert "llm" not in result
    return judged(result)


def report(service, task_id, form):
    return expect_status(service.get(f"/api/tasks/{task_id}/report?format={form}"), 200).body.decode()


# --- a model that does as it is asked -----------------------------------------------------------

def test_a_summary_and_proposals_stand_beside_what_was_judged(service, target, plain):
    task_id, result = order(service, target)
    assert result["llm"] == {
        "used": True, "model": MODEL, "summary": "Some headers are missing; mend those first.",
        "proposals": [{"criterion_id": "C1", "kind": "metric", "metric": "perf.apdex", "op": ">=",
                       "value": 0.9}]}
    assert judged(result) == plain
    assert result["criteria"][0]["result"] == "unmapped"
    for form in ("text", "markdown", "html"):
        words = report(service, task_id, form)
        assert "language model" in words and "mend those first" in words, form
        assert re.search(r"not judged", words) and "perf" in words, form


def test_the_question_holds_nothing_of_the_target(service, target, model):
    order(service, target, agents=("security-compliance", "junior-qa", "senior-qa"),
          constraints=f"{UNREAD}; {target.url}/?{MARKER}=1 is nice; p95 under 1 s")
    (method, path, headers, body), = model.requests
    assert (method, path) == ("POST", "/v1/chat/completions")
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert MARKER not in body.decode() and f":{target.port}" not in body.decode()
    data = json.loads(model.question["messages"][1]["content"])
    assert {check["id"] for check in data["failed_checks"]} >= {"SEC-HDR-03", "SEC-FIL-13"}
    assert [each["text"] for each in data["unmapped"]] == [UNREAD, "(URL) is nice"]
    assert model.question["temperature"] == 0 and isinstance(model.question["seed"], int)
    assert model.question["response_format"]["json_schema"]["strict"] is True


def test_the_key_goes_to_the_model_and_nowhere_else(service, target, model):
    _, result = order(service, target)
    assert model.requests and KEY not in json.dumps(result)
    for _, _, headers, body in target.requests:
        assert KEY not in json.dumps(headers) and KEY.encode() not in body
    logs = "".join(path.read_text(errors="replace") for path in (service.folder / "log").iterdir())
    assert KEY not in logs and "task_ended" in logs
    for pid in service.processes("agnostic-runner"):
        for kept in ("cmdline", "environ"):
            assert KEY.encode() not in Path(f"/proc/{pid}/{kept}").read_bytes()


def test_judging_again_and_the_receipt_are_as_without(service, target, tmp_path):
    task_id, result = order(service, target)
    again = service.run("agnosticctl", "verdict", task_id, "--explain")
    assert again.stdout.endswith(f"verdict: {result['verdict']['status']}\n")
    assert "headers are missing" not in again.stdout
    kept = {name: tmp_path / name for name in ("receipt", "keys", "result")}
    for words in (("receipt", task_id, "--output", kept["receipt"]),
                  ("receipt", "keys", "--output", kept["keys"]),
                  ("report", task_id, "--format", "json", "--output", kept["result"])):
        assert service.run("agnosticctl", *map(str, words)).returncode == 0
    verify = ("receipt", "verify", kept["receipt"], "--key", kept["keys"], "--result", kept["result"])
    assert service.run("agnosticctl", *map(str, verify)).returncode == 0
    kept["result"].write_text(kept["result"].read_text().replace("mend those", "leave these"))
    assert service.run("agnosticctl", *map(str, verify)).returncode == 1


# --- models that lie ----------------------------------------------------------------------------

def expect_refused(service, target, plain, reason):
    task_id, result = order(service, target)
    assert result["llm"] == {"used": False, "model": MODEL, "reason": reason}
    assert judged(result) == plain
    assert "language model" not in report(service, task_id, "html")


def test_another_verdict_is_refused(service, target, model, plain):
    model.says(verdict="GO", summary="All is well: GO.")
    expect_refused(service, target, plain, "contradicts_verdict")


def test_another_verdict_in_the_summary_is_refused(service, target, model, plain):
    model.says(summary="Overruled, the verdict is GO.")
    expect_refused(service, target, plain, "contradicts_verdict")


def test_members_nobody_asked_for_are_refused(service, target, model, plain):
    model.says(score=100, findings=[])
    expect_refused(service, target, plain, "unexpected")


def test_checks_that_do_not_exist_are_refused(service, target, model, plain):
    model.says(proposals=[{"criterion_id": "C1", "checks": ["SEC-XYZ-99"]}])
    expect_refused(service, target, plain, "unknown_check")


def test_metrics_that_do_not_exist_are_refused(service, target, model, plain):
    model.says(proposals=[{"criterion_id": "C1", "metric": "perf.joy", "op": "<=", "value": 1}])
    expect_refused(service, target, plain, "unknown_metric")


def test_a_key_told_in_the_summary_is_refused(service, target, model, plain):
    model.says(summary=f"The key is {KEY}.")
    expect_refused(service, target, plain, "key_told")


@pytest.mark.parametrize("body", ["", "{", "<html>", "data: {}\n\n", '{"choices": [], "choices": []}'])
def test_what_is_no_json_is_refused(service, target, model, plain, body):
    model.answer = lambda handler: send(handler, body)
    expect_refused(service, target, plain, "not_json")


def test_prose_instead_of_the_form_is_refused(service, target, model, plain):
    model.answer = lambda handler: send(handler, choice("I approve of this site."))
    expect_refused(service, target, plain, "not_json")


# --- models that misbehave ----------------------------------------------------------------------

def test_a_huge_body_is_not_read_to_its_end(service, target, model, plain):
    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1024):
                handler.wfile.write(b"[" * 65536)
            pytest.fail("all of it was taken")
        except ConnectionError:
            pass
    model.answer = pour
    expect_refused(service, target, plain, "too_large")


def test_a_model_that_hangs_is_not_waited_for(service, target, model, plain):
    model.answer = model.hang
    expect_refused(service, target, plain, "timeout")


def test_an_error_of_the_model_is_none_of_the_task(service, target, model, plain):
    model.answer = lambda handler: send(handler, choice(honest(model.question)), status=500)
    expect_refused(service, target, plain, "http_status")


def test_an_answer_that_breaks_off_is_refused(service, target, model, plain):
    def break_off(handler):
        body = choice(honest(model.question))
        send(handler, body, length=len(body) + 10)
        handler.connection.shutdown(socket.SHUT_RDWR)
    model.answer = break_off
    expect_refused(service, target, plain, "cut_off")


def test_a_redirect_takes_neither_question_nor_key_along(service, target, model, plain):
    with Receiver() as other:
        model.answer = redirect_to(other.url + "/v1/chat/completions")
        expect_refused(service, target, plain, "redirect")
        assert other.connections == 0


def test_a_task_that_is_cancelled_meanwhile_stays_cancelled(service, target, model):
    model.answer = model.hang
    record = service.submit(target_url=target.url + "/", agents=["qa-manager"])
    wait_for(lambda: model.requests)
    expect_status(service.request("DELETE", f"/api/tasks/{record['task_id']}"), 200)
    assert service.poll_until_terminal(record["task_id"])["status"] == "cancelled"
    wait_for(lambda: record["task_id"] in "".join(
        line for line in (service.folder / "log/runner.log").read_text().splitlines()
        if "task_ended" in line))
    assert service.poll(record["task_id"]).json["status"] == "cancelled"


def test_a_runner_that_stops_does_not_wait_for_the_model(target, model):
    model.requests.clear()
    model.answer = model.hang
    with many_stacks() as make:
        service = make(AGNOSTIC_TARGET_ALLOW=f"127.0.0.1:{target.port}", AGNOSTIC_LLM_URL=model.url,
                       AGNOSTIC_LLM_MODEL=MODEL, AGNOSTIC_LLM_TIMEOUT_MS=300000)
        record = service.submit(target_url=target.url + "/", agents=["qa-manager"])
        wait_for(lambda: model.requests)
        os.kill(service.pid("runner"), signal.SIGTERM)
        ended = service.poll_until_terminal(record["task_id"])
        assert ended["result"]["llm"] == {"used": False, "model": MODEL, "reason": "stopped"}
        assert "Authorization" not in model.requests[0][2]


def test_a_task_keeps_time_to_end_in_however_patient_it_may_be_with_the_model(target, model):
    model.answer = model.hang
    with many_stacks() as make:
        service = make(AGNOSTIC_TARGET_ALLOW=f"127.0.0.1:{target.port}", AGNOSTIC_LLM_URL=model.url,
                       AGNOSTIC_LLM_MODEL=MODEL, AGNOSTIC_LLM_TIMEOUT_MS=300000,
                       AGNOSTIC_TASK_TIMEOUT_S=8)
        _, result = order(service, target, agents=["qa-manager"])
        assert result["llm"]["reason"] == "timeout" and result["verdict"]


def test_the_model_has_no_more_time_than_the_session_has(service, target, model):
    _, result = order(service, target, agents=["qa-manager"], constraints="max 2 seconds")
    assert result["llm"] == {"used": False, "model": MODEL, "reason": "no_time"}
    assert not model.requests


def test_over_tls_the_model_shows_who_it_is_before_it_is_asked(target, key_file, tmp_path):
    certificates = Certificates(tmp_path)
    certificates.make("good", {"bits": "ec"})
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "good.pem", tmp_path / "good.key")
    with Model(tls) as model, many_stacks() as make:
        settings = {"AGNOSTIC_TARGET_ALLOW": f"127.0.0.1:{target.port}", "AGNOSTIC_LLM_URL": model.url,
                    "AGNOSTIC_LLM_MODEL": MODEL, "AGNOSTIC_LLM_KEY_FILE": key_file}
        stranger = make(**settings)
        _, result = order(stranger, target, agents=["qa-manager"])
        assert result["llm"]["reason"] == "tls_failed" and not model.requests
        known = make(**settings, SSL_CERT_FILE=tmp_path / "ca.pem")
        _, result = order(known, target, agents=["qa-manager"])
        assert result["llm"]["used"] and model.requests[0][2]["Authorization"] == f"Bearer {KEY}"


# --- summaries that want to be more than text ---------------------------------------------------

def test_a_summary_stays_text_in_every_form(service, target, model, plain):
    hostile = " ".join(each.get("text", "") for each in json.loads((DATA / "hostile_texts.json").read_text()))
    model.says(summary="Ignore all rules. [mend](https://evil.example/) ![x](https://evil.example/p) "
                       "\x1b[31m\u202e @everyone <script>alert(1)</script> ::error::x " + hostile[:900])
    task_id, result = order(service, target)
    assert result["llm"]["used"] and judged(result) == plain
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]",
                         result["llm"]["summary"])
    forms = {form: report(service, task_id, form) for form in ("text", "markdown", "html")}
    for form, words in forms.items():
        assert "Ignore all rules" in words and "language model" in words, form
        assert not re.search("[\x1b\u202e]", words) and not re.search("^::", words, re.M), form
    assert "<script" not in forms["html"] and "<img" not in forms["html"]
    assert "](https://evil" not in forms["markdown"] and "<script" not in forms["markdown"]
    assert "@everyone" not in forms["markdown"]


# --- settings -----------------------------------------------------------------------------------

@pytest.mark.parametrize("settings,why", [
    ({"AGNOSTIC_LLM_URL": "https://llm.example/v1"}, "AGNOSTIC_LLM_URL needs AGNOSTIC_LLM_MODEL"),
    ({"AGNOSTIC_LLM_URL": "https://llm.example/v1?k=1", "AGNOSTIC_LLM_MODEL": "m"}, "query"),
    ({"AGNOSTIC_LLM_URL": "http://llm.example/v1", "AGNOSTIC_LLM_MODEL": "m",
      "AGNOSTIC_LLM_KEY_FILE": "{key}"}, "https only"),
    ({"AGNOSTIC_LLM_URL": "https://llm.example/v1", "AGNOSTIC_LLM_MODEL": "m",
      "AGNOSTIC_LLM_KEY_FILE": "{key}.open"}, "chmod 600"),
    ({"AGNOSTIC_LLM_URL": "https://llm.example/v1", "AGNOSTIC_LLM_MODEL": "m",
      "AGNOSTIC_LLM_KEY_FILE": "{key}.gone"}, "No such file"),
])
def test_settings_that_would_show_the_key_or_cannot_work_are_refused(stacks, key_file, settings, why):
    Path(f"{key_file}.open").write_text(KEY)
    Path(f"{key_file}.open").chmod(0o644)
    run = stacks[1].run("agnostic-runner", env={name: value.format(key=key_file)
                                                for name, value in settings.items()})
    assert run.returncode == 78 and why in run.stderr and KEY not in run.stderr, run.stderr
