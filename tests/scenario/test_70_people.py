"""Goal: people and CI jobs reach a verdict, a key and a diagnosis from a shell."""
import json
import re
import subprocess
import time
import xml.etree.ElementTree as xml
from pathlib import Path

from conftest import BIN
from vocabulary import expect_status, wait_for


def ctl(service, *words, **env):
    return service.run("agnosticctl", *words, env=env)


def last_line(run):
    return run.stdout.strip().splitlines()[-1]


def test_submit_and_wait_ends_with_the_verdict_and_its_exit_status(stack):
    run = ctl(stack, "submit", stack.url + "/", "--agents", "security-compliance", "--wait")
    assert (last_line(run), run.returncode) in (("verdict: GO_WITH_WARNINGS", 2),
                                                ("verdict: NO_GO", 1)), run
    assert "SEC-HDR-03" in run.stdout


def test_an_incomplete_verdict_has_its_own_exit_status(stack):
    run = ctl(stack, "submit", stack.url + "/", "--agents", "senior-qa/absent", "--wait")
    assert last_line(run) == "verdict: INCOMPLETE" and run.returncode == 3, run


def test_submit_without_waiting_prints_the_id(stack):
    run = ctl(stack, "submit", stack.url + "/", "--agents", "junior-qa")
    task_id = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", run.stdout).group(0)
    assert run.returncode == 0
    expect_status(stack.poll(task_id), 200)
    assert task_id in ctl(stack, "task", "show", task_id).stdout


def test_waiting_has_a_limit(new_stack):
    service = new_stack()
    service.stack("stop", "runner")
    assert ctl(service, "submit", service.url + "/", "--wait", "--timeout", "1").returncode == 4


def test_wrong_usage_and_a_service_that_is_away_are_told_apart(stack):
    assert ctl(stack, "submit").returncode == 64
    assert ctl(stack, "submit", "not a url").returncode == 64
    away = ctl(stack, "submit", "http://shop.example/", AGNOSTIC_URL="http://127.0.0.1:1")
    assert away.returncode == 3, away


def test_keys_are_created_listed_and_revoked(stack):
    created = ctl(stack, "key", "create", "--role", "qa_engineer", "--description", "by hand")
    key = re.search(r"agn_[0-9A-Za-z]{38}", created.stdout).group(0)
    me = expect_status(stack.get("/api/auth/me", key=key), 200).json
    key_id = me["user_id"].removeprefix("api-key-")
    assert key_id in ctl(stack, "key", "list").stdout
    assert ctl(stack, "key", "revoke", key_id).returncode == 0
    expect_status(stack.get("/api/auth/me", key=key), 401)


def test_the_doctor_finds_a_good_deployment_well(stack):
    run = ctl(stack, "doctor")
    assert run.returncode == 0, run.stdout


def test_the_doctor_names_what_is_wrong(new_stack):
    service = new_stack()
    for part, word in (("runner", "runner"), ("redis", "redis"), ("api", "agnostic-api")):
        service.stack("stop", part)
        if part == "runner":  # it counts as alive until its last beat is too old
            wait_for(lambda: service.get("/ready", key=None).status == 503, 60)
        run = ctl(service, "doctor")
        assert run.returncode == 1 and word in run.stdout.lower(), run
        service.stack("start", part)


def test_a_client_that_waits_survives_a_restart_of_the_service(new_stack):
    service = new_stack()
    waiting = subprocess.Popen(
        ["sh", "-c", '. "$0" && exec "$@"', f"{service.folder}/etc/env",
         f"{service.folder}/bin/agnosticctl", "submit", service.url + "/", "--agents",
         "security-compliance", "--wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.2)
    service.stack("restart", "api")
    service.stack("restart", "web")
    output, _ = waiting.communicate(timeout=120)
    assert output.strip().splitlines()[-1].startswith("verdict: "), output


def test_an_agent_runs_alone_from_a_shell(stack):
    run = stack.run("agnostic-agent", "security-compliance", "--url", stack.url + "/")
    assert run.returncode == 0 and "SEC-HDR-03" in run.stdout, run
    lines = stack.run("agnostic-agent", "security-compliance", "--url", stack.url + "/", "--json")
    assert all(line.startswith("{") for line in lines.stdout.splitlines())
    assert "SEC-HDR-03" in stack.run("agnostic-agent", "security-compliance", "--list").stdout
    everything = stack.run("agnostic-agent", "--list", "--json").stdout.splitlines()
    agents = {json.loads(line)["agent"] for line in everything}
    assert {"security-compliance", "performance"} <= agents
    assert "### SEC-HDR-03\n" in stack.run("agnostic-agent", "--list", "--markdown").stdout


def test_what_is_installed_names_the_places_of_its_prefix(tmp_path):
    subprocess.run(["cmake", "--install", str(Path(BIN).parent), "--prefix", str(tmp_path)],
                   check=True, stdout=subprocess.DEVNULL)
    texts = [path.read_text() for pattern in ("share/agnostic/deploy/*/agnostic.conf",
                                              "lib/systemd/system/*.service", "lib/agnostic/*.fcgi")
             for path in tmp_path.glob(pattern)]
    assert len(texts) == 7
    assert not [text for text in texts if re.search("/usr/(bin|lib|share)/agnostic", text)]
    assert all(f"{tmp_path}/" in text for text in texts)


def test_a_report_is_kept_beside_the_verdict(stack, tmp_path):
    kept = tmp_path / "qa.xml"
    run = stack.run("agnosticctl", "submit", stack.url + "/", "--agents", "security-compliance",
                    "--wait", "--format", "junit", "--output", str(kept))
    assert run.returncode == 2 and run.stdout.splitlines()[-1] == "verdict: GO_WITH_WARNINGS"
    assert xml.parse(kept).getroot().tag == "testsuites"
    task_id = run.stdout.splitlines()[0]
    shown = stack.run("agnosticctl", "report", task_id, "--format", "sarif")
    assert shown.returncode == 0 and json.loads(shown.stdout)["version"] == "2.1.0"
    assert stack.run("agnosticctl", "report", task_id).stdout.startswith("GO_WITH_WARNINGS: ")


def test_a_report_that_cannot_be_had_or_kept_is_said(stack):
    assert stack.run("agnosticctl", "report", "0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11").returncode == 1
    assert stack.run("agnosticctl", "report", "x", "--format", "docx").returncode == 64
    assert stack.run("agnosticctl", "submit", stack.url, "--format", "junit").returncode == 64
    task_id = stack.submit(agents=["qa-analyst"])["task_id"]
    stack.poll_until_terminal(task_id)
    full = stack.run("agnosticctl", "report", task_id, "--format", "html", "--output", "/dev/full")
    assert full.returncode == 74 and "/dev/full" in full.stderr
