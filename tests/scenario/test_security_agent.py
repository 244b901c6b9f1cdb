"""Goal: agnostic-agent security-compliance against real servers on loopback. Each row of
tests/data/security_matrix.json is a server and exactly the findings above `info` that it must
give; protocols and certificate facts agree with sslscan on the same servers.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs), pytest, nginx, openssl, gnutls-serv."""
import http.server
import json
import os
import signal
import socket
import subprocess
import threading
import time
import xml.etree.ElementTree as xml
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from security_servers import ADDRESS, Servers, tool_missing
from site_kit import Site, page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MATRIX = json.loads((HERE.parent / "data/security_matrix.json").read_text())
ROWS = {row["name"]: row for row in MATRIX["rows"]}
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")

pytestmark = [
    pytest.mark.skipif(tool_missing("nginx", "openssl", "gnutls-serv") is not None,
                       reason=f"not installed: {tool_missing('nginx', 'openssl', 'gnutls-serv')}"),
    pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}"),
]


# --- vocabulary ------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    servers = Servers(tmp_path_factory.mktemp("security"), MATRIX)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def environment(servers=None, **more):
    kept = {name: value for name, value in os.environ.items() if name != "AGNOSTIC_TARGET_ALLOW"}
    if servers:
        kept["SSL_CERT_FILE"] = str(servers.folder / "ca.pem")
    return {**kept, **more}


class Run:
    """What one run of the agent said."""

    def __init__(self, done):
        self.status, self.stderr = done.returncode, done.stderr
        self.lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.result = self.lines[-1] if self.lines else {}
        self.findings = self.of("finding")
        self.checks = {check["id"]: check for check in self.of("check")}

    def of(self, kind):
        return [line for line in self.lines if line["type"] == kind]

    def named(self, *severities):
        return sorted(f"{finding['check_id']} {finding['severity']}" for finding in self.findings
                      if finding["severity"] in severities)


def test_target(url, servers=None, **more):
    return Run(subprocess.run([AGENT, "security-compliance", "--url", url, "--json"], text=True,
                              capture_output=True, timeout=120, env=environment(servers, **more)))


test_target.__test__ = False


def row_run(servers, name, cache={}):
    if not servers.is_possible(ROWS[name]):
        pytest.skip("its server, a network of its own or ports 80 and 443 are not to be had here")
    if name not in cache:
        cache[name] = test_target(servers.url(ROWS[name]), servers)
    return cache[name]


class Listener:
    """Counts who connects; answers what it is given, or nothing."""

    def __init__(self, address=ADDRESS, answer=None):
        self.socket = socket.socket()
        self.socket.bind((address, 0))
        self.socket.listen(16)
        self.address, self.port = self.socket.getsockname()
        self.answer, self.accepted, self.open = answer, 0, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.accepted += 1
            if self.answer is None:
                self.open.append(connection)
                continue
            with connection:
                connection.recv(65536)
                connection.sendall(self.answer)

    def url(self):
        return f"http://{self.address}:{self.port}/"


# --- the matrix ------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ROWS)
def test_a_server_gives_exactly_its_findings(servers, name):
    run = row_run(servers, name)
    assert run.status == 0 and run.result["type"] == "result", run.stderr
    assert run.result["status"] == ROWS[name].get("status", "completed"), run.result
    assert run.named("critical", "high", "medium", "low") == sorted(ROWS[name]["expect"])
    checks = ROWS[name].get("checks", {})
    assert {check: run.checks[check]["status"] for check in checks} == checks
    if "hidden" in ROWS[name]:
        assert ROWS[name]["hidden"] not in json.dumps(run.lines)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items()
                                  if row.get("scheme", "https") == "https"])
def test_tls_facts_agree_with_sslscan(servers, name):
    if tool_missing("sslscan"):
        pytest.skip("sslscan is not installed")
    if ROWS[name].get("status") == "partial":
        pytest.skip("spoken by neither OpenSSL nor sslscan")
    run = row_run(servers, name)
    address, port = servers.place(ROWS[name])
    scan = subprocess.run(
        ["sslscan", "--xml=-", "--no-ciphersuites", "--no-groups", "--no-heartbleed",
         "--no-renegotiation", "--no-fallback", "--no-compression", f"{address}:{port}"],
        capture_output=True, timeout=60,
        env={**os.environ, "OPENSSL_CONF": str(servers.folder / "openssl.cnf")})
    tree = xml.fromstring(scan.stdout)
    seen = run.result["data"]["tls"]
    assert seen["protocols"] == [f"TLSv{each.get('version')}" for each in tree.iter("protocol")
                                 if each.get("type") == "tls" and each.get("enabled") == "1"]
    certificate = tree.find(".//certificate")
    assert seen["certificate"]["signature_algorithm"] == certificate.findtext("signature-algorithm")
    assert seen["certificate"]["key_type"] == certificate.find("pk").get("type")
    if seen["certificate"]["key_type"] == "RSA":  # of a curve sslscan tells the name
        assert seen["certificate"]["key_bits"] == int(certificate.find("pk").get("bits"))
    assert seen["certificate"]["self_signed"] == (certificate.findtext("self-signed") == "true")
    assert (seen["certificate"]["not_after"] < time.time()) == (
        certificate.findtext("expired") == "true")
    ends = parsedate_to_datetime(certificate.findtext("not-valid-after")).timestamp()
    assert seen["certificate"]["not_after"] == int(ends)


# --- targets that are not public ---------------------------------------------------------------

def test_an_own_authority_on_loopback_is_found_but_only_advises(servers):
    finding, = [each for each in row_run(servers, "self-signed").findings
                if each["check_id"] == "SEC-TLS-11"]
    assert finding["severity"] == "high"
    assert finding["weight"] == 0.25
    assert finding["evidence"]["context"] == "non-public target"


def test_the_score_is_what_the_findings_deduct(servers):
    assert row_run(servers, "good").result["data"]["security_score"] == 1
    assert row_run(servers, "self-signed").result["data"]["security_score"] == 0.975
    assert row_run(servers, "csp-inline").result["data"]["security_score"] == 0.95


# --- the contract ----------------------------------------------------------------------------

def test_every_line_follows_the_schema(servers):
    jsonschema = pytest.importorskip("jsonschema")
    path = ROOT / "deploy/schema/line.schema.json"
    if not path.exists():
        pytest.skip("the schema is not in this tree")
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text()))
    for name in ("good", "everything", "cookie-nothing", "plain-http"):
        for line in row_run(servers, name).lines:
            validator.validate(line)


def test_lines_are_numbered_without_a_gap(servers):
    lines = row_run(servers, "bare").lines
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))


@pytest.mark.parametrize("name", ["good", "plain-http", "cookie-nothing"])
def test_every_planned_check_is_said_once(servers, name):
    run = row_run(servers, name)
    assert [check["id"] for check in run.of("check")] == run.of("plan")[0]["checks"]
    assert sum(run.result["counts"][status] for status in (
        "passed", "failed", "skipped", "error", "not_tested")) == run.result["counts"]["checks"]


def test_what_was_not_measured_has_a_reason(servers):
    for check in row_run(servers, "plain-http").checks.values():
        assert check["status"] in ("passed", "failed") or check["reason"]


def test_a_finding_has_all_that_is_needed_to_act(servers):
    for finding in row_run(servers, "bare").findings:
        assert finding["cwe_id"].startswith("CWE-") and finding["cvss_vector"].startswith("CVSS:3.1/")
        assert finding["component"] and finding["title"] and finding["remediation"]
        assert finding["evidence"]["reproduce"] and finding["evidence"]["instances"]
        assert finding["evidence"]["context"] == "non-public target"


def test_a_finding_is_the_same_in_the_next_run(servers):
    again = test_target(servers.url(ROWS["bare"]), servers)
    assert [finding["fingerprint"] for finding in again.findings] == [
        finding["fingerprint"] for finding in row_run(servers, "bare").findings]


def test_nothing_of_a_page_is_quoted_that_is_dangerous_to_show(servers):
    said = json.dumps([finding["evidence"] for finding in row_run(servers, "hostile-words").findings],
                      ensure_ascii=False)
    assert r"p\\u001b[31m\\u202e\\u2066" in said  # each backslash twice: it is JSON again
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066" for c in said)


@pytest.mark.parametrize("name, secret", [
    ("secret-in-comment", "Winter2024"), ("card-number", "18159081"),
    ("password-hash", ROWS["password-hash"]["page"].split("$")[3][:20]),
    ("token-in-script", ROWS["token-in-script"]["page"].split("'")[1][4:24])])
def test_a_secret_that_was_found_is_not_told(servers, name, secret):
    run = row_run(servers, name)
    assert run.findings and secret not in json.dumps(run.lines).replace(" ", "")


def test_one_finding_per_check_and_component(servers):
    for name in ("everything", "bare", "cookie-nothing", "tls-1.0-too"):
        places = [(f["check_id"], f["component"]) for f in row_run(servers, name).findings]
        assert len(places) == len(set(places))


def task_line(url, allow, modes=("passive", "safe")):
    return json.dumps({"v": 1, "type": "task", "session_id": "session_x", "target": {"url": url},
                       "policy": {"allow": allow, "max_rps": 50, "modes": list(modes)}})


def give_task(line, servers=None, agent="security-compliance"):
    return Run(subprocess.run([AGENT, agent], input=line, text=True, capture_output=True,
                              timeout=60, env=environment(servers)))


def test_a_task_on_stdin_gives_the_same_findings(servers):
    run = give_task(task_line(servers.url(ROWS["bare"]), ADDRESS) + "\n", servers)
    assert run.status == 0
    assert run.named("high", "medium", "low") == row_run(servers, "bare").named(
        "high", "medium", "low")


def test_passive_mode_skips_the_checks_that_probe(servers):
    run = give_task(task_line(servers.url(ROWS["cors-reflect"]), ADDRESS, ["passive"]), servers)
    assert run.named("high", "medium") == []
    assert {"id": "SEC-COR-02", "reason": "mode"} in run.of("plan")[0]["skipped"]
    assert "SEC-COR-02" not in run.checks
    assert run.result["data"]["tls"]["protocols"] == []  # one handshake, no offer by version


def test_no_more_is_asked_for_than_the_task_permits():
    site = Site({"/": page("x")})
    order = json.loads(task_line(site.url + "/", "127.0.0.1"))
    run = give_task(json.dumps({**order, "limits": {"max_requests": 30}}))
    assert run.result["status"] == "completed" and len(site.asked) <= 30
    assert run.checks["SEC-FIL-13"]["status"] == "not_tested"


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"v":1,"type":"task"}',
                                  '{"v":1,"type":"task","session_id":"a b","target":null}',
                                  '{"v":1,"type":"task","session_id":"s","target":{"url":"http://a/"}}',
                                  '{"v":1,"v":1}', '{"v":2,"type":"task","session_id":"s"}'])
def test_what_is_no_task_ends_with_64(line):
    assert give_task(line).status == 64


def test_a_task_without_target_is_not_available():
    run = give_task('{"v":1,"type":"task","session_id":"s","target":null,'
                    '"policy":{"allow":"","max_rps":20,"modes":["passive"]}}')
    assert (run.status, run.result["status"], run.result["reason"]) == (
        69, "not_available", "no_target")


# --- where it may go -------------------------------------------------------------------------

def test_a_target_that_is_not_allowed_is_refused_unseen():
    listener = Listener()
    run = test_target(listener.url(), AGNOSTIC_TARGET_ALLOW="192.0.2.1")
    assert (run.status, run.result["status"]) == (3, "refused")
    assert "AGNOSTIC_TARGET_ALLOW" in run.result["summary"]
    assert listener.accepted == 0


def test_a_redirect_to_a_refused_address_never_connects():
    forbidden = Listener("127.0.0.9")
    target = Listener(answer=f"HTTP/1.1 302 Found\r\nLocation: {forbidden.url()}\r\n"
                             "Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
    run = test_target(target.url())
    assert (run.result["status"], run.result["reason"]) == ("partial", "redirect_refused")
    assert run.checks["SEC-HDR-03"]["status"] == "not_tested"
    assert target.accepted > 0 and forbidden.accepted == 0


def test_redirects_without_end_are_left_after_a_few():
    target = Listener(answer=b"HTTP/1.1 302 Found\r\nLocation: /again\r\n"
                             b"Content-Length: 0\r\nConnection: close\r\n\r\n")
    run = test_target(target.url())
    assert (run.result["status"], run.result["reason"]) == ("partial", "too_many_redirects")
    assert 0 < target.accepted <= 20


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://[::ffff:169.254.169.254]/",
                                 "http://[fd00:ec2::254]/"])
def test_metadata_addresses_are_refused_even_when_typed(url):
    assert test_target(url).status == 3


@pytest.mark.parametrize("url", ["http://127.1/", "http://0x7f000001/", "ftp://127.0.0.1/",
                                 "http://a@127.0.0.1/", "nonsense"])
def test_what_is_no_plain_url_is_wrong_usage(url):
    done = subprocess.run([AGENT, "security-compliance", "--url", url], capture_output=True)
    assert done.returncode == 64


def test_neighbouring_ports_that_may_not_be_asked_are_not_tested(servers):
    address, port = servers.place(ROWS["plain-http"])
    run = test_target(servers.url(ROWS["plain-http"]), AGNOSTIC_TARGET_ALLOW=f"{address}:{port}")
    assert run.checks["SEC-TLS-01"]["status"] == "not_tested"
    assert run.result["status"] == "completed"


# --- manners ---------------------------------------------------------------------------------

class Recorder(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_GET(self):
        Recorder.seen.append(dict(self.headers))
        body = b"<!doctype html><p>Hello"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("X-Powered-By", "evil \x1b[31m\x9b31m")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


@pytest.fixture
def recorder():
    Recorder.seen = []
    server = http.server.ThreadingHTTPServer((ADDRESS, 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{ADDRESS}:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_requests_are_few_and_say_who_asks(recorder):
    run = test_target(recorder)
    assert run.status == 0 and 0 < len(Recorder.seen) <= 100
    for headers in Recorder.seen:
        assert headers["User-Agent"].startswith("agnostic-qa/")
        assert headers["X-Agnostic-QA"].startswith("session_")


def test_passive_mode_sends_no_foreign_origin(recorder):
    give_task(task_line(recorder, ADDRESS, ["passive"]))
    assert Recorder.seen and not any("Origin" in headers for headers in Recorder.seen)
    give_task(task_line(recorder, ADDRESS))
    assert any("Origin" in headers for headers in Recorder.seen)


def test_the_report_shows_no_control_characters(recorder):
    done = subprocess.run([AGENT, "security-compliance", "--url", recorder], capture_output=True,
                          env=environment())
    assert done.returncode == 0
    report = done.stdout.decode()
    assert "SEC-INF-02" in report and r"evil \u001b[31m\x9b31m" in report
    assert not any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in report)


def test_a_hostile_answer_breaks_nothing():
    cookies = b"".join(b"Set-Cookie: sess%d=\xff\xfe; Domain=..; SameSite=\x80\r\n" % i
                       for i in range(200))
    front = Listener(answer=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + cookies +
                     b"Content-Security-Policy: " + b"a-src *;" * 3000 + b"\r\n"
                     b"X-Frame-Options: \xe2\x80\xae\r\nServer: " + b"x" * 5000 + b"\r\n"
                     b"Referrer-Policy: " + b"," * 3000 + b"\r\nVia:\r\n"
                     b"Strict-Transport-Security: max-age=99999999999999999999\r\n\r\n" +
                     b"<div>" * 5000)
    run = test_target(front.url())
    assert (run.status, run.result["status"]) == (0, "completed"), run.stderr
    assert run.checks["SEC-HDR-06"]["reason"] == "page_not_parsable"
    cookies = next(f for f in run.findings if f["check_id"] == "SEC-COO-02")["evidence"]
    assert len(cookies["instances"]) < cookies["instance_count"]


def test_nothing_answering_is_a_failure_of_the_run_not_of_the_target():
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
        run = test_target(f"https://{ADDRESS}:{port}/")
    assert (run.result["status"], run.result["reason"]) == ("failed", "target_unavailable")
    assert run.findings == [] and run.result["counts"]["passed"] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_a_partial_result(number):
    silent = Listener()
    agent = subprocess.Popen([AGENT, "security-compliance", "--url", silent.url(), "--json"],
                             stdout=subprocess.PIPE, env=environment())
    while silent.accepted == 0:
        time.sleep(0.01)
    agent.send_signal(number)
    out, _ = agent.communicate(timeout=5)
    result = json.loads(out.splitlines()[-1])
    assert (result["type"], result["status"], result["reason"]) == ("result", "partial", "stopped")
    assert agent.returncode == 0


def test_a_time_limit_ends_it_with_a_partial_result():
    silent = Listener()
    done = subprocess.run([AGENT, "security-compliance", "--url", silent.url(), "--json",
                           "--timeout", "1"], capture_output=True, timeout=15, env=environment())
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["status"], result["reason"]) == ("partial", "timeout")
