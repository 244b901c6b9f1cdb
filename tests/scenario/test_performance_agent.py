"""Goal: agnostic-agent performance against servers whose behaviour is known by construction. A
server that stands still for S of every T seconds makes the share (S - x) / T of constant arrivals
wait longer than x: the percentiles follow, and no other tool is needed to judge them.

Needs only AGNOSTIC_BIN (the folder of the programs) and pytest, and a quiet machine."""
import json
import os
import socket
import ssl
import subprocess
import time

import pytest

from load_kit import AGENT, NEEDS_AGENT, OK, Run, Server, nginx  # noqa: F401 (a fixture)

FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"

pytestmark = NEEDS_AGENT


# --- vocabulary ------------------------------------------------------------------------------

def stalling(stall, period):
    def answer():
        into = time.monotonic() % period
        if into < stall:
            time.sleep(stall - into)
        return OK
    return answer


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
