"""Goal: agnostic-agent performance against servers whose behaviour is known by construction. A
server that stands still for S of every T seconds makes the share (S - x) / T of constant arrivals
wait longer than x: the percentiles follow, and no other tool is needed to judge them.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs) and pytest."""
import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


# --- vocabulary ------------------------------------------------------------------------------

class Server:
    """Answers each request with what `answer()` gives; a thread for each connection."""

    def __init__(self, answer):
        self.answer, self.requests, self.moments = answer, 0, []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                while connection.recv(65536):
                    self.requests += 1
                    self.moments.append(time.monotonic())
                    connection.sendall(self.answer())
            except OSError:
                return


def stalling(stall, period):
    def answer():
        into = time.monotonic() % period
        if into < stall:
            time.sleep(stall - into)
        return OK
    return answer


class Run:
    def __init__(self, url, *options, **environment):
        kept = {name: value for name, value in os.environ.items()
                if name != "AGNOSTIC_TARGET_ALLOW"}
        done = subprocess.run([AGENT, "performance", "--url", url, "--json", *map(str, options)],
                              text=True, capture_output=True, timeout=120,
                              env={**kept, **environment})
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.status, self.stderr, self.result = done.returncode, done.stderr, lines[-1]
        self.metrics = {line["name"]: line["value"] for line in lines if line["type"] == "metric"}
        self.checks = {line["id"]: line for line in lines if line["type"] == "check"}
        self.findings = [f"{line['check_id']} {line['severity']}" for line in lines
                         if line["type"] == "finding"]
        self.categories = {line["category"] for line in lines if line["type"] == "finding"}


# --- times -----------------------------------------------------------------------------------

def test_a_server_that_stalls_gives_the_percentiles_that_follow():
    stall, period, seconds, share = (2, 6, 24, 0.03) if FULL else (0.6, 1.8, 9, 0.10)
    run = Run(Server(stalling(stall, period)).url, "--rate", 100, "--duration", seconds)
    assert run.result["status"] == "completed", run.result
    for name, percent in (("p90", 90), ("p95", 95), ("p99", 99)):
        exact = (stall - period * (1 - percent / 100)) * 1000
        assert run.metrics[f"perf.latency.{name}_ms"] == pytest.approx(exact, rel=share), name
    assert run.metrics["perf.latency.p50_ms"] < 100
    assert run.result["data"]["answered"] == run.result["data"]["offered"] == 100 * seconds


def test_a_steady_server_is_found_steady():
    server = Server(lambda: OK)
    run = Run(server.url, "--rate", 100, "--duration", 5)
    assert (run.status, run.result["status"], run.findings) == (0, "completed", [])
    assert run.metrics["perf.throughput.rps"] == pytest.approx(100, rel=0.05)
    assert run.metrics["perf.apdex"] == 1 and run.metrics["perf.error_rate"] == 0
    assert {f"perf.{family}.{which}_ms" for family in ("latency", "service")
            for which in ("p50", "p75", "p90", "p95", "p99", "p999", "max")} <= set(run.metrics)
    assert len(run.result["data"]["blocks"]) == 5
    assert run.result["data"]["not_measurable"] == ["cpu", "heap", "gc"]
    assert server.requests == 10 + 700


def test_a_slow_server_is_found_slow():
    def slowly():
        time.sleep(2.2)
        return OK
    run = Run(Server(slowly).url, "--rate", 20, "--duration", 3)
    assert {"PERF-01 high", "PERF-05 high"} <= set(run.findings)
    assert run.categories == {"performance"}
    assert run.metrics["perf.latency.p50_ms"] == pytest.approx(2200, rel=0.1)


# --- errors ----------------------------------------------------------------------------------

def test_errors_of_the_server_are_counted():
    count = iter(range(10 ** 9))
    run = Run(Server(lambda: OK if next(count) % 4 else
                     b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n").url,
              "--rate", 100, "--duration", 3)
    assert "PERF-04 high" in run.findings
    assert run.metrics["perf.error_rate"] == pytest.approx(0.25, abs=0.02)


def test_a_server_that_says_when_to_come_back_is_left_alone():
    count = iter(range(10 ** 9))
    server = Server(lambda: OK if next(count) < 60 else
                    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n")
    run = Run(server.url, "--rate", 20, "--duration", 20)
    assert (run.result["status"], run.result["reason"]) == ("partial", "retry_after")
    assert run.result["data"]["retry_after_s"] == 30
    assert server.requests < 70


def test_a_port_where_nobody_answers_gets_no_load():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    run = Run(url, "--rate", 100, "--duration", 3)
    assert (run.status, run.result["status"], run.result["reason"]) == (
        0, "failed", "target_unreachable")
    assert {check["status"] for name, check in run.checks.items() if name != "PERF-00"} == {
        "not_tested", "skipped"}


# --- profiles --------------------------------------------------------------------------------

PERMITTED = {"AGNOSTIC_TARGET_ALLOW": "127.0.0.1+load=1000"}


@pytest.fixture
def nginx(tmp_path):
    """nginx(listen, server): one with `server` in its only server block, which listens with the
    options `listen`. Gives its port."""
    if not shutil.which("nginx"):
        pytest.skip("no nginx here")
    servers = []

    def start(listen, server):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (tmp_path / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;
            events {{}}
            http {{
                access_log {tmp_path}/access.log;
                client_body_temp_path {tmp_path}; proxy_temp_path {tmp_path};
                fastcgi_temp_path {tmp_path}; uwsgi_temp_path {tmp_path}; scgi_temp_path {tmp_path};
                limit_req_zone $binary_remote_addr zone=all:1m rate=80r/s;
                server {{ listen 127.0.0.1:{port} {listen}; root {tmp_path}; {server} }}
            }}""")
        (tmp_path / "index.html").write_text("ok")
        servers.append(subprocess.Popen(["nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]))
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        return port
    yield start
    for server in servers:
        server.terminate()
        server.wait()


@pytest.fixture
def limited(nginx):
    """The URL of a server that answers 80 requests a second and turns the others away."""
    return f"http://127.0.0.1:{nginx('', 'limit_req zone=all burst=4 nodelay;')}/"


def test_the_rate_of_a_limited_server_is_found(limited):
    run = Run(limited, "--rate", 60, "--duration", 2, "--profile", "saturation", **PERMITTED)
    assert run.result["status"] == "completed", run.result
    found = run.result["data"]["saturation"]
    assert found["ended"] == "found" and found["sustained_rps"] < found["exceeded_rps"]
    assert run.metrics["perf.max_sustainable_rps"] == pytest.approx(80, rel=0.1)
    assert run.checks["PERF-06"]["status"] == run.checks["PERF-11"]["status"] == "passed"


def test_a_spike_that_a_server_turns_away_is_told(limited):
    run = Run(limited, "--rate", 40, "--duration", 2, "--profile", "spike", **PERMITTED)
    assert "PERF-12 medium" in run.findings
    assert run.metrics["perf.spike.recovered_s"] < 10


def test_a_profile_that_is_not_permitted_is_not_carried_out():
    server = Server(lambda: OK)
    run = Run(server.url, "--rate", 50, "--duration", 2, "--profile", "spike",
              AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=60")
    assert run.checks["PERF-12"]["reason"] == "rate_not_permitted"
    assert server.requests == 10 + 200


def test_an_unknown_profile_is_bad_usage():
    server = Server(lambda: OK)
    run = Run(server.url, "--profile", "tsunami")
    assert (run.status, run.result["reason"], server.requests) == (64, "bad_load", 0)


# --- what is asked for -------------------------------------------------------------------------

def test_a_mix_is_asked_for_by_its_weights_and_told_by_its_parts(nginx, tmp_path):
    port = nginx("", "location /cart { return 200 ok; } location /broken { return 503; }")
    run = Run(f"http://127.0.0.1:{port}/", "--rate", 60, "--duration", 2, "--mix",
              "3 /cart?a=1,/broken")
    cart, broken = run.result["data"]["mix"]
    assert (cart["url"], cart["weight"]) == (f"http://127.0.0.1:{port}/cart?a=1", 3)
    assert (cart["answered"], cart["errors"]) == (90, 0)
    assert (broken["answered"], broken["errors"]) == (30, 30)
    assert "PERF-04 high" in run.findings
    seen = (tmp_path / "access.log").read_text()
    assert seen.count('"GET / ') == 0 and seen.count('"GET /cart?a=1 ') == 10 + 180


def test_what_is_no_path_of_the_target_is_no_mix():
    server = Server(lambda: OK)
    run = Run(server.url, "--mix", "/fine,3 http://elsewhere.example/")
    assert (run.status, run.result["reason"], server.requests) == (64, "bad_load", 0)
    assert "Entry 2 of the mix" in run.result["summary"]


@pytest.fixture
def two(nginx, tmp_path):
    """The URL of a server that offers HTTP/2 and counts connections in its log."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=h", "-days", "2",
                    "-keyout", tmp_path / "key", "-out", tmp_path / "crt"], check=True,
                   capture_output=True)
    port = nginx("ssl http2", f"ssl_certificate {tmp_path}/crt; ssl_certificate_key {tmp_path}/key;"
                 " location / { return 200 $server_protocol; }")
    return f"https://127.0.0.1:{port}/"


@pytest.mark.parametrize("option, version, protocol", [("auto", 20, "HTTP/2.0"),
                                                       ("2", 20, "HTTP/2.0"),
                                                       ("1.1", 11, "HTTP/1.1")])
def test_the_load_speaks_what_the_server_prefers_or_is_asked_for(two, tmp_path, option, version,
                                                                 protocol):
    run = Run(two, "--rate", 60, "--duration", 2, "--http", option)
    data = run.result["data"]
    assert (data["http_version"], data["answered"], data["bytes"]) == (version, 120, 8 * 120)
    assert 0 < run.metrics["perf.service.p50_ms"] <= run.metrics["perf.latency.p50_ms"]
    assert run.checks["PERF-14"]["status"] == ("passed" if version == 20 else "not_tested")
    lines = (tmp_path / "access.log").read_text().splitlines()
    assert len(lines) == 10 + 240 and all(f"GET / {protocol}" in line for line in lines)


def test_http_2_that_is_not_offered_is_said_and_not_pretended():
    server = Server(lambda: OK)
    run = Run(server.url, "--http", "2")
    assert (run.status, run.result["reason"], server.requests) == (64, "bad_load", 0)
    assert "over TLS" in run.result["summary"]


# --- what the page weighs --------------------------------------------------------------------

def site(folder):
    """A page of 5 files of its own and one of others, and where they are told to be."""
    (folder / "index.html").write_text(
        "<!doctype html><title>x</title><link rel=stylesheet href=a.css><script src=b.js></script>"
        "<script src='https://cdn.invalid/x.js'></script><img src=i.png><img src=./i.png>"
        + "<p>hello world</p>" * 100)
    (folder / "a.css").write_text("body{color:red}" * 1000)
    (folder / "b.js").write_text("var a = 1;" * 20000)
    (folder / "i.png").write_bytes(b"0" * 5000)


def test_a_page_sent_carelessly_is_weighed_and_told(nginx, tmp_path):
    port = nginx("", "types { text/html html; text/css css; text/javascript js; image/png png; } etag off;"
                 " location = /old { return 301 /older; } location = /older { return 302 /; }"
                 " location = /b.js { add_header Last-Modified ''; }")
    site(tmp_path)
    run = Run(f"http://127.0.0.1:{port}/old", "--rate", 20, "--duration", 1)
    assert {"PERF-09 low", "PERF-13 info", "PERF-15 info"} <= set(run.findings)
    assert run.checks["PERF-14"]["reason"] == "no_tls"
    assert run.metrics["perf.page.requests"] == 2 + 4 + 1
    sizes = [(tmp_path / name).stat().st_size for name in ("index.html", "a.css", "b.js", "i.png")]
    assert run.metrics["perf.page.bytes"] == sum(sizes)


def test_a_page_sent_with_care_is_not_blamed(nginx, tmp_path):
    port = nginx("", "types { text/html html; text/css css; text/javascript js; image/png png; } gzip on;"
                 " gzip_types text/css text/javascript; gzip_min_length 1000;")
    site(tmp_path)
    run = Run(f"http://127.0.0.1:{port}/", "--rate", 20, "--duration", 1)
    passed = {"PERF-09", "PERF-13", "PERF-15"}
    assert {check: run.checks[check]["status"] for check in passed} == dict.fromkeys(
        passed, "passed"), run.findings
    assert run.metrics["perf.page.bytes"] < 10000
    assert 0 < run.metrics["perf.connection.warm_ms"] < run.metrics["perf.connection.cold_ms"]


# --- what is permitted -----------------------------------------------------------------------

def test_a_target_that_is_not_allowed_is_refused_unseen():
    server = Server(lambda: OK)
    run = Run(server.url, AGNOSTIC_TARGET_ALLOW="192.0.2.1")
    assert (run.status, run.result["status"], server.requests) == (3, "refused", 0)


def test_no_more_is_sent_than_the_policy_permits():
    server = Server(lambda: OK)
    run = Run(server.url, "--rate", 100, "--duration", 3, AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=30")
    assert run.result["data"]["rate"] == 30
    assert server.requests == 10 + 150
    seconds = [sum(start <= moment < start + 1 for moment in server.moments)
               for start in server.moments]
    assert max(seconds) <= 31


class TlsServer(Server):
    """Speaks TLS with a certificate nobody signed, and closes after ten answers."""

    def __init__(self, folder):
        names = [f"{folder}/cert.pem", f"{folder}/key.pem"]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-out", names[0], "-keyout", names[1]], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*names)
        self.handshakes = self.resumed = 0
        super().__init__(lambda: OK)
        self.url = self.url.replace("http:", "https:")

    def serve(self, connection):
        with self.context.wrap_socket(connection, server_side=True) as link:
            self.handshakes += 1
            self.resumed += link.session_reused
            for _ in range(10):
                if not link.recv(65536):
                    break
                self.requests += 1
                link.sendall(OK)


def test_tls_sessions_are_taken_up_again(tmp_path):
    server = TlsServer(tmp_path)
    run = Run(server.url, "--rate", 100, "--duration", 2)
    assert run.result["data"]["answered"] == run.result["data"]["offered"] == 200
    assert server.resumed > server.handshakes / 2


def test_nothing_is_sent_once_it_was_told_to_stop():
    server = Server(lambda: OK)
    running = subprocess.Popen([AGENT, "performance", "--url", server.url, "--json", "--rate", "200", "--duration",
                                "30"], stdout=subprocess.PIPE, text=True)
    while server.requests < 300:
        time.sleep(0.01)
    running.terminate()
    told = time.monotonic()
    output, _ = running.communicate(timeout=30)
    time.sleep(0.5)
    assert max(server.moments) - told < 0.1
    result = json.loads(output.splitlines()[-1])
    assert (result["status"], result["reason"]) == ("partial", "stopped")
