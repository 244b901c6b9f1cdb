"""Goal: agnostic-adapter says of real servers what our own agent says of them, with the same
fingerprints, and comes to a truthful end whatever the tool does.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs), pytest, nginx, openssl,
gnutls-serv; each tool that is not installed is skipped."""
import http.server
import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from security_servers import ADDRESS, Servers, free_port, tool_missing

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin"))
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
MATRIX = json.loads((HERE.parent / "data/security_matrix.json").read_text())
REACH = json.loads((HERE.parent / "data/adapters/reach.json").read_text())
PAIRS = [(tool, row) for tool, reach in REACH["tools"].items()
         for row in (reach.get("full", REACH["rows"]) if FULL else reach["quick"])]
MATRIX["rows"] = [row for row in MATRIX["rows"] if row["name"] in
                  {row for _, row in PAIRS} | {"openssl-null"}]
ROWS = {row["name"]: row for row in MATRIX["rows"]}

pytestmark = [
    pytest.mark.skipif(tool_missing("nginx", "openssl", "gnutls-serv") is not None,
                       reason=f"not installed: {tool_missing('nginx', 'openssl', 'gnutls-serv')}"),
    pytest.mark.skipif(not os.access(BIN / "agnostic-adapter", os.X_OK),
                       reason=f"no agnostic-adapter in {BIN}"),
]


# --- vocabulary ------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    servers = Servers(tmp_path_factory.mktemp("adapters"), MATRIX)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


class Run:
    """What one run said."""

    def __init__(self, done):
        self.status, self.stderr = done.returncode, done.stderr
        self.lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.result = self.lines[-1] if self.lines else {}
        self.findings = {line["check_id"]: line for line in self.lines if line["type"] == "finding"}
        self.checks = {line["id"]: line for line in self.lines if line["type"] == "check"}

    def ended(self):
        return self.status, self.result["status"], self.result.get("reason")


def task(url, workdir=None, allow="127.0.0.0/8", modes=("passive", "safe"), **more):
    return {"v": 1, "type": "task", "session_id": "session_x",
            "target": {"url": url} if url else None,
            "policy": {"allow": allow, "max_rps": 1000, "modes": list(modes)},
            **({"workdir": str(workdir)} if workdir else {}), **more}


def start(program, name, *words, path=None, **more):
    return subprocess.Popen([str(BIN / program), name, *words], text=True, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, **({"PATH": str(path)} if path else {}), **more})


def give(program, name, order, *words, path=None, **more):
    process = start(program, name, *words, path=path, **more)
    out, err = process.communicate(json.dumps(order), timeout=300)
    return Run(subprocess.CompletedProcess([], process.returncode, out, err))


def adapter(name, order, *words, **more):
    return give("agnostic-adapter", name, order, *words, **more)


@pytest.fixture
def fake(tmp_path):
    """fake(name, script): a tool of that name in a PATH of its own, in front of the usual one."""
    def make(name, script, alone=False):
        folder = tmp_path / "path"
        folder.mkdir(exist_ok=True)
        if script:
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        return str(folder) if alone else f"{folder}:{os.environ['PATH']}"
    return make


# --- the matrix ------------------------------------------------------------------------------

def agent_run(servers, name, cache={}):
    if name not in cache:
        cache[name] = give("agnostic-agent", "security-compliance", task(servers.url(ROWS[name])),
                           SSL_CERT_FILE=str(servers.folder / "ca.pem"))
    return cache[name]


@pytest.mark.parametrize("tool,row", PAIRS)
def test_a_tool_and_our_agent_find_the_same(servers, tool, row):
    reach = REACH["tools"][tool]
    if tool_missing(tool):
        pytest.skip(f"{tool} is not installed")
    if not servers.is_possible(ROWS[row]):
        pytest.skip("ports 80 and 443 may not be bound here")
    run = adapter(tool, task(servers.url(ROWS[row])), SSL_CERT_FILE=str(servers.folder / "ca.pem"))
    own = agent_run(servers, row)
    assert run.ended() == (0, "completed", None), run.result
    explained = reach["disagrees"].get(row, {})
    for check in set(reach["checks"]) - set(explained):
        if check in own.findings:
            assert run.findings[check]["fingerprint"] == own.findings[check]["fingerprint"], check
            assert run.findings[check]["severity"] == own.findings[check]["severity"], check
        else:
            assert check not in run.findings, run.findings[check]["evidence"]
        assert run.checks[check]["status"] == own.checks[check]["status"] or check in reach[
            "status_differs"], (check, run.checks[check], own.checks[check])
    for check in explained:  # an explanation that is no longer needed is taken out
        assert (check in run.findings) != (check in own.findings), check
    assert run.lines[0]["tools"][tool][0].isdigit()


def test_lines_of_adapters_follow_the_schema(servers):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(
        json.loads((ROOT / "deploy/schema/line.schema.json").read_text()))
    if tool_missing("sslscan"):
        pytest.skip("sslscan is not installed")
    lines = adapter("sslscan", task(servers.url(ROWS["openssl-null"]))).lines
    for line in lines:
        validator.validate(line)
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))


# --- what tools may do -----------------------------------------------------------------------

NOWHERE = f"https://{ADDRESS}:4433/"


def target(listeners=[]):
    """Somebody is there, and nothing more."""
    listeners.append(socket.create_server((ADDRESS, 0)))
    return f"https://{ADDRESS}:{listeners[-1].getsockname()[1]}/"


def test_a_tool_that_is_not_installed_is_not_available(fake, tmp_path):
    run = adapter("sslscan", task(target(), tmp_path), path=fake("sslscan", None, alone=True))
    assert run.ended() == (69, "not_available", "tool_missing")
    assert run.lines[0]["tools"] == {}


@pytest.mark.parametrize("script,reason", [
    ("exit 0", "no_tool_output"),
    ("exit 7", "no_tool_output"),
    (": >tool.out", "no_tool_output"),
    ("echo '<a>' >tool.out", "tool_output"),
    ("echo '<document/>' >tool.out", "tool_output"),
    ("head -c 100000 /dev/urandom >tool.out", "tool_output"),
    ("ln -s /etc/passwd tool.out", "no_tool_output"),
    ("mkfifo tool.out", "no_tool_output"),
    ("mkdir tool.out", "no_tool_output"),
    ("kill -SEGV $$", "tool_crashed"),
    ("yes '<a>' >tool.out", "tool_output_too_large"),
    ("echo '<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><document>&c;</document>'"
     " >tool.out", "tool_output"),
])
def test_a_tool_that_goes_wrong_fails_and_says_why(fake, tmp_path, script, reason):
    run = adapter("sslscan", task(target(), tmp_path),
                  path=fake("sslscan", f'[ "$1" = --version ] && exit\n{script}'))
    assert run.ended() == (0, "failed", reason), run.result
    assert not run.findings and run.result["summary"]


def test_a_tool_that_hangs_is_ended_at_the_deadline(fake, tmp_path):
    deadline = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 6))
    run = adapter("sslscan", task(target(), tmp_path, limits={"deadline": deadline}),
                  path=fake("sslscan", '[ "$1" = --version ] && exit\nexec sleep 7%d' % os.getpid()))
    assert run.ended() == (0, "failed", "tool_timeout")
    assert not alive(f"7{os.getpid()}")


def alive(needle):
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if needle.encode() in entry.read_bytes().split(b"\0"):
                return True
        except OSError:
            pass
    return False


def await_state(wanted, needle):
    end = time.monotonic() + 20
    while alive(needle) != wanted:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_tool_ends_with_its_adapter(fake, tmp_path):
    hanging = f"8{os.getpid()}"  # nobody else's
    process = start("agnostic-adapter", "sslscan",
                    path=fake("sslscan", f'[ "$1" = --version ] && exit\nexec sleep {hanging}'))
    process.stdin.write(json.dumps(task(target(), tmp_path)))
    process.stdin.close()
    await_state(True, hanging)
    process.send_signal(signal.SIGTERM)
    result = json.loads(process.stdout.read().splitlines()[-1])
    assert (process.wait(), result["status"], result["reason"]) == (0, "partial", "stopped")
    await_state(False, hanging)


def test_a_tool_is_given_the_address_and_the_name(fake, tmp_path):
    path = fake("sslscan", 'for word; do echo "$word"; done >>words; echo "<a" >tool.out')
    port = target().rstrip("/").rpartition(":")[2]
    adapter("sslscan", task(f"https://localhost:{port}/", tmp_path, allow=f"localhost:{port}"),
            path=path)
    words = (tmp_path / "words").read_text().splitlines()
    assert "--sni-name=localhost" in words and words[-1] == f"127.0.0.1:{port}"
    assert "--no-heartbleed" in words


def test_only_active_tasks_look_for_heartbleed(fake, tmp_path):
    path = fake("sslscan", 'for word; do echo "$word"; done >>words; echo "<a" >tool.out')
    adapter("sslscan", task(target(), tmp_path, modes=["passive", "safe", "active"]), path=path)
    assert "--no-heartbleed" not in (tmp_path / "words").read_text().splitlines()


def test_wapiti_finds_what_it_would_else_fetch(fake, tmp_path):
    path = fake("wapiti", '[ "$1" = --version ] || cat apps.json >seen')
    adapter("wapiti", task(target(), tmp_path), path=path)
    assert (tmp_path / "seen").read_text() == "{}"


# --- SARIF -----------------------------------------------------------------------------------

def sarif(*results, **run):
    return json.dumps({"version": "2.1.0", "runs": [
        {"tool": {"driver": {"name": "Lint"}}, "results": list(results), **run}]})


FLAW = {"ruleId": "flaw", "level": "error", "message": {"text": "a flaw"}}


def test_a_command_that_prints_sarif_is_an_agent(fake, tmp_path):
    path = fake("lint", f"cat >&2 <<'END'\nto people\nEND\ncat <<'END'\n{sarif(FLAW)}\nEND\nexit 1")
    run = adapter("sarif", task(target(), tmp_path), "--", "lint", "-x", path=path)
    assert run.ended() == (0, "completed", None), run.result
    assert run.findings["Lint-flaw"]["severity"] == "medium"
    assert run.result["data"]["command"] == "lint -x" and "to people" in run.stderr


def test_a_command_may_write_sarif_to_a_file(fake, tmp_path):
    path = fake("lint", f"cat >$1 <<'END'\n{sarif(FLAW)}\nEND\necho noise")
    run = adapter("sarif", task(None, tmp_path), "--read", "x.sarif", "--", "lint", "x.sarif",
                  path=path)
    assert run.ended() == (0, "completed", None) and run.findings["Lint-flaw"]["component"] == "sarif"


def test_a_file_is_read_without_a_command(tmp_path):
    report = tmp_path / "report.sarif"
    report.write_text(sarif(FLAW))
    run = adapter("sarif", task(None), "--read", str(report))
    assert run.ended() == (0, "completed", None) and "Lint-flaw" in run.findings
    assert report.exists()


def test_what_was_written_before_the_command_is_not_its_output(fake, tmp_path):
    report = tmp_path / "report.sarif"
    report.write_text(sarif(FLAW))
    os.utime(report, (0, 0))
    run = adapter("sarif", task(None, tmp_path), "--read", str(report), "--", "lint",
                  path=fake("lint", "exit 0"))
    assert run.ended() == (0, "failed", "no_tool_output") and not run.findings


@pytest.mark.parametrize("script,ended", [
    (f"echo '{sarif(FLAW, invocations=[{'executionSuccessful': False}])}'",
     ("partial", "tool_incomplete")),
    (f"echo '{sarif()}'", ("completed", None)),
    (f"echo '{sarif()}'; exit 1", ("partial", "tool_exit_status")),
    ("echo '{}'", ("failed", "tool_output")),
    ("echo '{\"version\":\"2.1.0\",\"runs\":[{}]}'", ("failed", "tool_output")),
    ("yes", ("failed", "tool_output_too_large")),
])
def test_a_command_that_goes_wrong_is_told(fake, tmp_path, script, ended):
    run = adapter("sarif", task(None, tmp_path), "--", "lint", path=fake("lint", script))
    assert run.ended() == (0, *ended), run.result


def test_neither_command_nor_file_is_not_available(tmp_path):
    assert adapter("sarif", task(None, tmp_path)).ended() == (69, "not_available", "no_command")
    done = adapter("sslscan", task(None, tmp_path), "--", "rm")
    assert done.status == 64


@pytest.mark.parametrize("order,ended", [
    (task(NOWHERE, allow=""), (3, "refused", "target_refused")),
    (task("https://169.254.169.254/", allow="169.254.0.0/16"), (3, "refused", "target_refused")),
    (task(NOWHERE, modes=["passive"]), (69, "not_available", "mode")),
    (task("http://127.0.0.1/"), (69, "not_available", "no_tls")),
    (task(None), (69, "not_available", "no_target")),
])
def test_what_may_not_be_tested_starts_no_tool(fake, tmp_path, order, ended):
    path = fake("sslscan", '[ "$1" = --version ] || touch started')
    assert adapter("sslscan", {**order, "workdir": str(tmp_path)}, path=path).ended() == ended
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("tool", REACH["tools"])
def test_a_target_that_is_away_starts_no_tool(fake, tmp_path, tool):
    path = fake(tool, '[ "$1" = --version ] || touch started')
    run = adapter(tool, task(f"https://{ADDRESS}:{free_port()}/", tmp_path), path=path)
    assert run.ended() == (0, "failed", "target_unavailable") and not run.checks
    assert not (tmp_path / "started").exists()


def test_a_target_that_speaks_no_tls_is_no_finding(tmp_path):
    if tool_missing("sslscan"):
        pytest.skip("sslscan is not installed")
    run = adapter("sslscan", task(f"https://{ADDRESS}:{plain_server()}/", tmp_path))
    assert run.ended() == (0, "failed", "target_unavailable") and not run.checks


def plain_server():
    server = http.server.ThreadingHTTPServer((ADDRESS, 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
