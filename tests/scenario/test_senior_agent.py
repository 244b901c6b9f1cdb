"""Goal: the agent for the unusual finds what a site does wrong there, each fault by its own check and
with a line that shows it again; finds nothing where servers do as they should; and changes nothing."""
import hashlib
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from site_kit import stand
from site_servers import Sites, is_installed

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
HTML = {"Content-Type": "text/html; charset=utf-8"}
AT_ONCE = 12  # runs: they wait more than they work

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


# --- vocabulary ------------------------------------------------------------------------------

def page(body):
    return 200, HTML, f"<!doctype html><html lang=en><title>T</title><main>{body}</main>".encode()


class Request:
    def __init__(self, handler):
        self.method, self.path, self.headers = handler.command, handler.path, handler.headers
        self.value = unquote_to_bytes(self.path.partition("=")[2])


class Site:
    """Answers as HTTP wants it; `fault(request)` may answer otherwise: (status, headers, body), or
    "reset". None: as it should be."""

    def __init__(self, pages, fault=lambda request: None, patience=None, tls=None):
        site = self
        self.pages, self.fault, self.asked, self.busy = pages, fault, [], 0
        self.lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = patience

            def answer(self):
                request = Request(self)
                with site.lock:
                    site.asked.append((request.method, request.path))
                    site.busy += 1
                try:
                    found = site.fault(request) or site.sound(request)
                finally:
                    with site.lock:
                        site.busy -= 1
                if found == "reset":
                    self.close_connection = True
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                               struct.pack("ii", 1, 0))
                    self.connection.close()
                    return
                status, headers, body = found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers and status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = answer

            def __getattr__(self, name):
                if name == "do_QAPROBE" and site.fault(Request(self)):
                    return self.answer
                raise AttributeError(name)

            def log_message(self, *words):
                pass
        self.server, self.url = stand(Handler, tls)

    def sound(self, request):
        found = self.pages.get(request.path) or self.pages.get(request.path.partition("?")[0])
        if not found:
            return 404, HTML, b"<!doctype html><title>Not here</title>"
        status, headers, body = found
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        headers = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
        if request.headers.get("If-None-Match") == tag:
            return 304, headers, b""
        ranges = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if ranges and request.method == "GET" and status == 200:
            first = int(ranges[1])
            last = min(int(ranges[2] or len(body)), len(body) - 1)
            if first >= len(body):
                return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
            return 206, {**headers, "Content-Range": f"bytes {first}-{last}/{len(body)}"}, \
                body[first:last + 1]
        return status, headers, body


MANNERS = {
    "/": page("<a href=/b>b</a> <a href=/closed>c</a><script src=/s.js></script>"),
    "/b": page("b"),
    "/closed": (403, HTML, b"no"),
    "/s.js": (200, {"Content-Type": "text/javascript"}, b"'use strict'"),
}
EDGES = {
    "/": page("<form action=/find><input name=q aria-label=Search><input type=submit></form>"),
    "/find": page("found"),
}


def task(url, modes=("passive", "safe"), seed=7, **limits):
    return json.dumps({"v": 1, "type": "task", "session_id": "s1", "target": {"url": url + "/"},
                       "limits": limits, "seed": seed,
                       "policy": {"allow": url.split("//")[1], "max_rps": 50,
                                  "modes": modes}}) + "\n"


class Run:
    def __init__(self, url, **order):
        done = subprocess.run([AGENT, "senior-qa"], text=True, input=task(url, **order),
                              capture_output=True, timeout=120)
        assert "Sanitizer" not in done.stderr, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.status, self.result, self.data = done.returncode, lines[-1], lines[-1].get("data")
        self.checks = {line["id"]: line for line in lines if line["type"] == "check"}
        self.found = {line["check_id"]: line for line in lines if line["type"] == "finding"}
        self.findings = [f"{name} {line['severity']}" for name, line in self.found.items()]
        self.edges = (self.data or {}).get("edge_case_analysis")


def shell(line):
    return subprocess.run(["bash", "-c", line], text=True, capture_output=True, timeout=30,
                          errors="replace")


# --- manners ---------------------------------------------------------------------------------

def only(condition, answer):
    return lambda request: answer if condition(request) else None


def is_get(request, path="/"):
    return request.method == "GET" and request.path == path


def wrong_range(request):
    if "Range" in request.headers and request.path == "/b":
        return 206, {**HTML, "Content-Range": "bytes 1-1/9"}, b"x"
    return None


def crowded(site, status=503):
    """Errs when more than three ask at once."""
    def answer(request):
        if is_get(request) and "Range" not in request.headers:
            time.sleep(.05)
            return (status, HTML, b"") if site["it"].busy > 3 else None
        return None
    return answer


def varying():
    words = iter(range(10 ** 6))
    return lambda request: page("x" * (next(words) % 7)) if is_get(request, "/b") else None


def broken_by_long_urls():
    state = {}

    def answer(request):
        if len(request.path) > 8192:
            state["down"] = True
        return (500, HTML, b"") if state.get("down") and len(request.path) < 8192 else None
    return answer


# The fault, its finding, and what its line shows.
MANNER_FAULTS = {
    "HEAD of another length": (only(lambda r: r.method == "HEAD" and r.path == "/b",
                                    (200, {**HTML, "Content-Length": "3"}, b"")),
                               "SEM-01 low", "Content-Length: 3"),
    "HEAD refused": (only(lambda r: r.method == "HEAD", (405, HTML, b"")), "SEM-01 low", " 405 "),
    "validators unheard": (only(lambda r: "If-None-Match" in r.headers and r.path == "/b",
                                (200, {**HTML, "ETag": '"%s"' % hashlib.sha256(
                                    MANNERS["/b"][2]).hexdigest()[:12]}, MANNERS["/b"][2])),
                           "SEM-02 low", " 200 "),
    "a tag that is lost": (only(lambda r: "If-None-Match" in r.headers, (304, {}, b"")),
                           "SEM-02 low", " 304 "),
    "ranges announced only": (only(lambda r: "Range" in r.headers,
                                   (200, {**HTML, "Accept-Ranges": "bytes"}, b"whole")),
                              "SEM-03 low", " 200 "),
    "the wrong range": (wrong_range, "SEM-03 low", "bytes 1-1/9"),
    "pages for every name": (only(lambda r: r.method == "GET" and
                                  r.path.partition("?")[0] not in MANNERS, page("sorry")),
                             "SEM-04 low", " 200 "),
    "any method": (only(lambda r: r.method == "QAPROBE", page("x")), "SEM-04 low", " 200 "),
    "an error for a media type": (only(lambda r: "x-qaprobe" in r.headers.get("Accept", ""),
                                       (500, HTML, b"")), "SEM-05 low", " 500 "),
    "an error for dots": (only(lambda r: "%2e%2e" in r.path, (500, HTML, b"")),
                          "SEM-06 medium", " 500 "),
    "closed by its lower case": (only(lambda r: r.path == "/CLOSED", page("secret")),
                                 "SEM-06 high", " 200 "),
    "closed without dots": (only(lambda r: r.path == "/./closed", page("secret")),
                            "SEM-06 high", " 200 "),
    "an error for many cookies": (only(lambda r: len(r.headers.get("Cookie", "")) > 1024,
                                       (500, HTML, b"")), "SEM-07 medium", " 500 "),
    "an error for long headers": (only(lambda r: "X-Qaprobe" in r.headers and
                                       len(r.headers["X-Qaprobe"]) > 8192, (500, HTML, b"")),
                                  "SEM-07 medium", " 500 "),
    "down after a long URL": (broken_by_long_urls(), "SEM-07 high", " 404 | 200 "),
    "another page each time": (varying(), "SEM-09 info", " 200 "),
}


def with_lines(run):
    """Runs each command line that a finding or a case was told with."""
    run.lines = {name: shell(line["evidence"]["reproduce"]).stdout
                 for name, line in run.found.items()}
    run.cases = [shell(case["reproduce"]) for case in run.edges["failed_cases"]]
    return run


def test_where_all_is_as_it_should_be_nothing_is_found(runs):
    run = runs("sound")
    assert (run.status, run.result["status"], run.findings) == (0, "completed", [])
    assert {check["status"] for name, check in run.checks.items()
            if not re.match("A11Y|EDG-0[2-7]", name)} == {"passed"}  # it has no API


def test_over_tls_nothing_is_found_either(runs):
    run = runs("sound over TLS")
    assert (run.result["status"], run.findings) == ("completed", [])
    assert run.checks["SEM-10"]["status"] == run.checks["SEM-11"]["status"] == "passed"


@pytest.mark.parametrize("fault", MANNER_FAULTS)
def test_one_fault_is_one_finding_and_its_line_shows_it_again(runs, fault):
    run, (_, expected, sign) = runs(fault), MANNER_FAULTS[fault]
    assert run.findings == [expected]
    assert re.search(sign, run.lines[expected.split(" ")[0]]), run.lines


def test_ten_at_once_are_told_from_one():
    site = {}
    site["it"] = Site(MANNERS, crowded(site))
    run = Run(site["it"].url)
    assert run.findings == ["SEM-10 medium"]
    assert "503" in shell(run.found["SEM-10"]["evidence"]["reproduce"]).stdout


def test_no_page_is_judged_by_half():
    long = page("<label for=q>Search</label>" + "x" * (2 << 20) + "<main><input id=q></main>")
    run = Run(Site({"/": long}).url)
    judged = {name: check for name, check in run.checks.items() if name.startswith("A11Y")}
    assert {check.get("reason") for check in judged.values()} == {"body_cut"} and len(judged) > 20


@pytest.mark.parametrize("fault, reason", [
    (lambda site: crowded(site, 429), "rate_limited"),
    (lambda site: lambda request: (200, HTML, b"<!doctype html><title>Long</title>" + b"x" * (2 << 20))
     if is_get(request) else None, "body_cut")], ids=["a guard against crowds", "a page too long to read"])
def test_nothing_is_said_of_ten_at_once_that_were_not_answered_in_full(fault, reason):
    site = {}
    site["it"] = Site(MANNERS, fault(site))
    check = Run(site["it"].url).checks["SEM-10"]
    assert (check["status"], check["reason"]) == ("not_tested", reason)


def test_a_server_that_does_not_wait_for_slow_clients_is_told():
    site = Site(MANNERS, patience=.2)
    run = Run(site.url)
    assert run.findings == ["SEM-11 low"]
    line = run.found["SEM-11"]["evidence"]["reproduce"].replace("sleep 10", "sleep .5")
    assert "HTTP/1.1 200" not in shell(line).stdout
    port, sound = site.server.server_address[1], Site(MANNERS).server.server_address[1]
    assert "HTTP/1.1 200" in shell(line.replace(str(port), str(sound))).stdout


NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{ access_log off; types {{ text/html html; text/css css; }} default_type text/plain;
client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
server {{ listen 127.0.0.1:{port}; root {site}; }} }}
"""
FILES = {"index.html": "<!doctype html><html lang=en><link rel=stylesheet href=s.css><title>T</title>"
                       "<main><a href=b.html>b</a> <a href='b.html?page=2&amp;id=17'>2</a></main>",
         "b.html": "<!doctype html><html lang=en><title>B</title><main>b</main>", "s.css": "p{}"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(.05)
    raise AssertionError("no server")


def run_of(kind):
    """The run against a web server as its maker ships it; None where there is none."""
    row, port, sites = {"name": "senior", "with": kind, "files": FILES}, free_port(), Sites()
    if kind == "nginx" and shutil.which("nginx", path="/usr/sbin:/usr/bin"):
        conf = sites.folder / "nginx.conf"
        conf.write_text(NGINX.format(folder=sites.folder, port=port, site=sites.files(row)))
        command = ["/usr/sbin/nginx", "-e", str(sites.folder / "log"), "-c", str(conf)]
    elif kind != "nginx" and is_installed(kind):
        command = sites.command(row, "127.0.0.1", port)
    else:
        return None
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        return Run(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(10)
        sites.remove()


@pytest.mark.parametrize("kind", ["nginx", "lighttpd", "apache"])
def test_servers_as_their_makers_ship_them_are_not_blamed(runs, kind):
    run = runs(kind) or pytest.skip(f"no {kind} here")
    assert (run.result["status"], run.findings) == ("completed", [])
    assert run.checks["SEM-02"]["status"] == run.checks["SEM-03"]["status"] == "passed"


# --- edges -----------------------------------------------------------------------------------

EDGE_FAULTS = {
    "an error for a negative number": (lambda v: v == b"-1", (500, HTML, b""), "EDG-01 high",
                                       "server_error"),
    "an error for many letters": (lambda v: v == b"A" * 4096, (500, HTML, b""), "EDG-01 high",
                                  "server_error"),
    "an error for bytes that are no text": (lambda v: v == b"\xff\xfe", (500, HTML, b""),
                                            "EDG-01 medium", "server_error"),
    "no answer to a number that is none": (lambda v: v == b"NaN", "reset", "EDG-01 medium",
                                           "no_answer"),
    "a trace on the page": (lambda v: v == b"null", page("<b>Warning</b>: x in y on line <b>3"),
                            "EDG-01 medium", "trace"),
}


def edge_fault(fault):
    is_bad, answer, _, _ = EDGE_FAULTS[fault]
    return lambda r: answer if r.path.startswith("/find") and is_bad(r.value) else None


def failing_once():
    seen = set()

    def answer(request):
        if request.path in seen or not request.path.startswith("/find?q="):
            return None
        seen.add(request.path)
        return (500, HTML, b"") if request.value == b"0" else None
    return answer


def asked_with(seed):
    site = Site({"/": page("<a href='/find?q=1'>f</a>"), "/find": page("f")})
    Run(site.url, seed=seed)
    return sorted(path for _, path in site.asked)


@pytest.mark.parametrize("fault", EDGE_FAULTS)
def test_one_bad_value_is_one_case_and_its_line_shows_it_again(runs, fault):
    run, (_, answer, expected, end) = runs(fault), EDGE_FAULTS[fault]
    assert run.findings == [expected]
    assert [case["end"] for case in run.edges["failed_cases"]] == [end]
    assert run.edges["critical_cases"] == (expected == "EDG-01 high")
    if answer == "reset":
        assert run.cases[0].returncode != 0
    else:
        assert f" {answer[0]} " in run.cases[0].stdout


def test_what_fails_only_once_is_not_held_against_a_value(runs):
    run = runs("failing once")
    assert run.findings == [] and run.edges["edge_cases_tried"] == run.edges["edge_cases_identified"]


def test_a_page_that_fails_by_itself_is_not_blamed_on_values(runs):
    run = runs("failing plainly")
    assert run.findings == [] and run.checks["EDG-01"]["reason"] == "plain_pages_fail"


def test_the_same_seed_asks_the_same(runs):
    assert runs("seed 1") == runs("seed 1 again") != runs("seed 2")


@pytest.mark.skipif(os.environ.get("AGNOSTIC_TEST_DOSE") != "full", reason="takes a minute")
def test_values_that_make_a_page_hang_are_told_and_their_parameter_left():
    def hang(request):
        if request.path.startswith("/find") and request.value != b"":
            time.sleep(11)
    run = Run(Site(EDGES, hang).url)
    assert run.findings == ["EDG-01 medium"]
    assert [case["end"] for case in run.edges["failed_cases"]] == ["hangs"]
    assert run.edges["edge_cases_tried"] < run.edges["edge_cases_identified"]


# --- accessibility ---------------------------------------------------------------------------

def test_a_label_that_is_missing_is_told_with_its_page(runs):
    run = runs("unlabelled")
    assert run.findings == ["A11Y-H-label high"]
    [place] = run.found["A11Y-H-label"]["evidence"]["instances"]
    assert place["url"].endswith("/b")
    assert "<input name=q>" in run.lines["A11Y-H-label"]


# --- what is measured and what is left alone -------------------------------------------------

MODELLED = {
    "/": page("<a href=/item/1>1</a><a href=/item/2>2</a><a href=/logout>out</a>"
              "<form action=/send method=post><input name=x></form>"),
    "/item/1": page("one"), "/item/2": page("<a href=/>home</a>")}


def test_the_model_is_what_was_found_and_visited(runs):
    run = runs("modelled")
    model = run.data["model_based_testing"]["state_model"]
    assert {state["name"]: state["visited"] for state in model["states"]} == {
        "/": True, "/item/{n}": True, "/logout": False, "POST /send": False}
    assert {(step["from"], step["to"], step["by"], step["taken"])
            for step in model["transitions"]} == {
        ("/", "/item/{n}", "link", True), ("/item/{n}", "/", "link", True),
        ("/", "/logout", "link", False), ("/", "POST /send", "sending_form", False)}
    assert run.data["model_based_testing"]["coverage_potential"] == {
        "state_coverage": .5, "transition_coverage": .5}


def test_nothing_that_may_change_something_is_asked():
    site = Site({"/": page("<a href='/x?do=delete&id=1'>x</a><a href='/y?id=1'>delete it</a>"
                           "<form action=/f method=post><input name=a></form>"
                           "<form action=/g><input name=a><input type=submit value=Remove></form>"
                           "<a href='/private/1?a=1'>p</a>"),
                 "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private")})
    Run(site.url)
    assert {method for method, _ in site.asked} <= {"GET", "HEAD", "QAPROBE"}
    left = re.compile(r"/(x|y|f|g|private)\b")
    assert not [path for _, path in site.asked if left.match(path)]


def test_a_passive_task_asks_for_the_target_alone():
    site = Site(MANNERS)
    run = Run(site.url, modes=["passive"])
    assert site.asked == [("GET", "/")]
    assert {name.split("-")[0] for name in run.checks} == {"A11Y"}


def test_a_task_that_permits_few_requests_gets_few():
    site = Site(EDGES)
    run = Run(site.url, max_requests=30)
    assert len(site.asked) <= 30 and run.findings == []
    assert run.checks["EDG-01"]["reason"] in ("not_asked", "not_all_asked")


def test_a_target_that_does_not_answer_has_failed():
    run = Run(f"http://127.0.0.1:{free_port()}")
    assert (run.result["status"], run.result["reason"]) == ("failed", "target_unreachable")


# --- the runs --------------------------------------------------------------------------------

WHOLE = {**MANNERS, "/find": EDGES["/find"],
         "/": page("<a href=/b>b</a> <a href=/closed>c</a><script src=/s.js></script>"
                   "<form action=/find><input name=q aria-label=Search></form>")}


def with_certificate():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-keyout",
                        f"{folder}/key", "-out", f"{folder}/crt"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/crt", f"{folder}/key")
    return context


SCENES = {
    "sound over TLS": lambda: Run(Site(MANNERS, tls=with_certificate()).url),
    "sound": lambda: Run(Site(WHOLE).url),
    "failing once": lambda: Run(Site(EDGES, failing_once()).url),
    "failing plainly": lambda: Run(Site(EDGES, only(lambda r: r.path.startswith("/find"),
                                                    (500, HTML, b""))).url),
    "unlabelled": lambda: with_lines(Run(Site({
        **MANNERS, "/b": page("<form method=post action=/b><input name=q></form>")}).url)),
    "modelled": lambda: Run(Site(MODELLED).url),
    "seed 1": lambda: asked_with(1), "seed 1 again": lambda: asked_with(1),
    "seed 2": lambda: asked_with(2),
    **{kind: lambda kind=kind: run_of(kind) for kind in ("nginx", "lighttpd", "apache")},
    **{fault: lambda fault=fault: with_lines(Run(Site(EDGES, edge_fault(fault)).url))
       for fault in EDGE_FAULTS},
    **{fault: lambda fault=fault: with_lines(Run(Site(MANNERS, MANNER_FAULTS[fault][0]).url))
       for fault in MANNER_FAULTS},
}


@pytest.fixture(scope="module")
def runs():
    """What the scene of that name came to; all are on their way from the first question on."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {name: pool.submit(scene) for name, scene in SCENES.items()}
        yield lambda name: futures[name].result()
