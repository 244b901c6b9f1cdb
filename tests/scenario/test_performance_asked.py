"""Goal: the performance agent asks for what it is told to, as the server prefers it, and weighs what
the page loads. Nothing here needs a quiet machine."""
import json
import subprocess
import time
from datetime import datetime, timezone

import pytest

from load_kit import AGENT, NEEDS_AGENT, OK, Run, Server, nginx  # noqa: F401 (a fixture)

pytestmark = NEEDS_AGENT


# --- what is asked for -----------------------------------------------------------------------

def test_a_mix_is_asked_for_by_its_weights_and_told_by_its_parts(nginx, tmp_path):
    port = nginx("", "location /cart { return 200 ok; } location /broken { return 503; }")
    run = Run(f"http://127.0.0.1:{port}/", "--rate", 60, "--duration", 2, "--mix",
              "3 /cart?a=1,/broken")
    cart, broken = run.result["data"]["mix"]
    assert (cart["url"], cart["weight"]) == (f"http://127.0.0.1:{port}/cart?a=1", 3)
    assert (cart["answered"], cart["errors"]) == (90, 0)
    assert (broken["answered"], broken["errors"]) == (30, 30)
    seen = (tmp_path / "access.log").read_text()
    assert seen.count('"GET / ') == 0 and seen.count('"GET /cart?a=1 ') == 10 + 180


def test_behind_a_redirect_the_page_is_measured(nginx, tmp_path):
    port = nginx("", "location = / { return 302 /page; } location /page { return 200 page; }")
    run = Run(f"http://127.0.0.1:{port}/", "--rate", 60, "--duration", 2)
    data = run.result["data"]
    assert data["url"] == f"http://127.0.0.1:{port}/page" and data["answered"] == 120
    seen = (tmp_path / "access.log").read_text()
    assert seen.count('"GET / ') == 10 and seen.count('"GET /page ') == 1 + 240


def test_a_redirect_that_was_named_is_measured_itself(nginx, tmp_path):
    port = nginx("", "location = / { return 302 /page; } location /page { return 200 page; }")
    Run(f"http://127.0.0.1:{port}/", "--rate", 60, "--duration", 2, "--mix", "/")
    seen = (tmp_path / "access.log").read_text()
    assert seen.count('"GET / ') == 10 + 240 and seen.count('"GET /page ') == 1


def test_a_redirect_to_elsewhere_is_not_followed_by_the_load(nginx, tmp_path):
    elsewhere = Server(lambda: OK)
    port = nginx("", f"location = / {{ return 302 {elsewhere.url}; }}")
    run = Run(f"http://127.0.0.1:{port}/", "--rate", 60, "--duration", 2)
    assert run.result["data"]["url"] == f"http://127.0.0.1:{port}/" and elsewhere.requests == 0


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


def in_seconds(seconds):
    return datetime.fromtimestamp(time.time() + seconds, timezone.utc).isoformat()


def limited(url, folder, **limits):
    """The lines of a run within these limits."""
    order = {"v": 1, "type": "task", "session_id": "s1", "target": {"url": url},
             "limits": limits, "load": {"rate": 20, "duration_s": 300},
             "policy": {"allow": "127.0.0.1", "max_rps": 200, "modes": ["passive", "safe"]}}
    done = subprocess.run([AGENT, "performance"], input=json.dumps(order) + "\n", text=True,
                          capture_output=True, timeout=60, cwd=folder)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_load_for_which_there_are_no_requests_is_slower(tmp_path):
    server = Server(lambda: OK)
    lines = limited(server.url, tmp_path, max_requests=70)
    assert lines[-1]["status"] == "completed" and server.requests <= 70
    assert any("so no more than 11/s" in line["message"] for line in lines if line["type"] == "log")


def test_a_load_for_which_there_is_no_time_is_shortened(tmp_path):
    lines = limited(Server(lambda: OK).url, tmp_path, deadline=in_seconds(20))
    assert lines[-1]["status"] == "completed" and 1 <= lines[-1]["data"]["duration_s"] < 20
    assert any("there is time for" in line["message"] for line in lines if line["type"] == "log")


GO_AWAY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("profile", ["saturation", "spike"])
def test_a_target_that_asked_to_be_left_alone_gets_no_profile(profile):
    server = Server(lambda: GO_AWAY if server.requests > 65 else OK)
    run = Run(server.url, "--rate", 20, "--duration", 3, "--profile", profile,
              AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=1000")
    assert run.result["reason"] == "retry_after"
    check = {"saturation": "PERF-06", "spike": "PERF-12"}[profile]
    assert run.checks[check]["reason"] == "retry_after" and server.requests < 90


@pytest.mark.parametrize("profile", ["saturation", "spike"])
def test_a_profile_ends_when_the_target_asks_to_be_left_alone(profile):
    usual = 10 + 20 * 4
    server = Server(lambda: GO_AWAY if server.requests > usual + 20 else OK)
    Run(server.url, "--rate", 20, "--duration", 2, "--profile", profile,
        AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=1000")
    assert server.requests < usual + 20 + 60


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
