"""Goal: tools of others as plug-ins of a running service: they work for the tasks that name them, in
the sandbox of built-in agents, and nobody hears of those that are not installed."""
import os
import shutil
import subprocess

import pytest

from conftest import many_stacks
from security_servers import await_port, free_port, tool_missing

SCANNED = ["security-compliance/sslscan", "security-compliance/nmap"]


def ended(stack, **order):
    return stack.poll_until_terminal(stack.submit(**order)["task_id"])


def parts(stack, **order):
    return ended(stack, **order)["result"]["agent_results"]


def test_a_plugin_runs_only_when_it_is_named(stack):
    assert list(parts(stack, agents=["security-compliance"])) == ["security-compliance"]
    named = parts(stack, agents=["security-compliance/sslscan"])
    assert list(named) == ["sslscan"] and named["sslscan"]["reason"] == "no_target"


def test_what_a_task_names_is_shown_again(stack):
    record = stack.submit(agents=SCANNED + ["qa_analyst"])
    full = stack.get(f"/api/tasks/{record['task_id']}?view=full").json
    assert full["agents"] == ["qa-analyst"] + SCANNED
    listed = stack.get("/api/tasks?agent=security-compliance&limit=1").json
    assert listed[0]["task_id"] == record["task_id"]


def test_a_plugin_that_needs_more_than_its_target_waits_for_the_operator(stack):
    part = parts(stack, agents=["security-compliance/wapiti"], target_url=stack.url + "/")["wapiti"]
    assert part["status"] == "not_available"
    assert part["reason"] == ("network_not_allowed" if shutil.which("wapiti") else "tool_missing")


def test_a_plugin_that_does_not_exist_is_not_available(stack):
    result = ended(stack, agents=["performance/nosuch"], target_url=stack.url + "/")["result"]
    assert result["agent_results"]["nosuch"]["reason"] == "no_agent"
    assert result["verdict"]["status"] == "INCOMPLETE"


def test_nobody_hears_of_tools_that_nobody_names(new_stack):
    service = new_stack(AGNOSTIC_PLUGIN_NETWORK="no")
    log = (service.folder / "log/runner.log").read_text()
    assert "agent_unable" not in log and "wapiti" not in log
    assert "sslscan" not in service.run("agnosticctl", "doctor").stdout
    assert "sslscan" not in service.get("/health").body.decode()


# --- the tools themselves, in the sandbox ----------------------------------------------------------

@pytest.fixture(scope="module")
def tls_server(tmp_path_factory):
    """A server with a certificate that nobody trusts, which speaks TLS 1.1."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90",
                    "-subj", "/CN=here", "-keyout", "key", "-out", "certificate"],
                   cwd=folder, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-www", "-quiet", "-key", "key",
         "-cert", "certificate", "-cipher", "ALL:@SECLEVEL=0", "-min_protocol", "TLSv1.1"],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port("127.0.0.1", port, server)
        yield f"https://127.0.0.1:{port}/"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def permitting():
    with many_stacks() as make:
        yield make(AGNOSTIC_PLUGIN_NETWORK="yes", AGNOSTIC_TARGET_ALLOW="127.0.0.1")


def installed(*names):
    missing = tool_missing(*names)
    return pytest.mark.skipif(missing is not None, reason=f"not installed: {missing}")


@installed("sslscan", "openssl")
def test_a_plugin_finds_what_the_agent_of_its_role_finds(permitting, tls_server):
    result = parts(permitting, target_url=tls_server,
                   agents=["security-compliance", "security-compliance/sslscan"])
    prints = {name: {finding["check_id"]: finding["fingerprint"] for finding in part["findings"]}
              for name, part in result.items()}
    assert result["sslscan"]["status"] == "completed", result["sslscan"]
    for check in ("SEC-TLS-03", "SEC-TLS-11"):
        assert prints["sslscan"][check] == prints["security-compliance"][check]


@installed("nmap", "wapiti")
def test_tools_that_the_operator_permits_work_in_the_sandbox(permitting):
    named = parts(permitting, target_url=permitting.url + "/", agents=[
        "security-compliance/nmap", "security-compliance/wapiti"])
    for part in named.values():
        assert part["status"] == "completed", named
    assert named["wapiti"]["counts"]["failed"] + named["wapiti"]["counts"]["passed"] > 0


@installed("testssl", "openssl")
@pytest.mark.skipif(os.environ.get("AGNOSTIC_TEST_DOSE") != "full", reason="takes minutes")
def test_testssl_works_in_the_sandbox(permitting, tls_server):
    record = permitting.submit(target_url=tls_server, agents=["security-compliance/testssl"])
    part = permitting.poll_until_terminal(record["task_id"], 600)["result"]["agent_results"]["testssl"]
    assert part["status"] == "completed", part
    assert "SEC-TLS-03" in {finding["check_id"] for finding in part["findings"]}
