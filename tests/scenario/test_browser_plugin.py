"""Goal: the browser plug-in finds what is wrong with pages, finds nothing where nothing is, reaches
nothing but its target, and ends with all that it started.

Needs Debian's chromium, node, and the modules of deploy/plugins/browser: `npm ci` there, or their
folder in NODE_PATH; skipped without them."""
import http.server
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

from conftest import many_stacks

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "deploy/plugins"
MODULES = Path(os.environ.get("NODE_PATH") or SOURCE / "browser/node_modules")
MISSING = [name for name in ("node", "chromium") if not shutil.which(name)] + \
          [name for name in ("axe-core", "puppeteer-core") if not (MODULES / name).exists()]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


# --- vocabulary ------------------------------------------------------------------------------

def page(body, head="", title="A page"):
    return ("text/html; charset=utf-8",
            f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
            f"<body><main><h1>{title}</h1>{body}</main></body></html>")


FAULTY = page("""<p style="color:#ccc;background:#fff">Hardly legible</p><input name="q" value="hidden">
    <div style="width:900px;background:#eee">A wide box</div><a href="/trap.html">On</a>
    <script>console.error("planted line"); Promise.reject(new Error("planted rejection"))</script>""")
TRAP = page("""<button>One</button><input aria-label="held" onkeydown="event.preventDefault()">
    <a href="/">Back</a>""")
SOUND = page("""<p>All is well.</p><label>Search <input name="q"></label><button>Go</button>
    <p><a href="/second.html">The second page</a></p>""",
             '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/a.css">')
FAULTY_SITE = {"/": FAULTY, "/trap.html": TRAP}
SOUND_SITE = {"/": SOUND, "/second.html": page('<p>Nothing new. <a href="/">Back</a></p>'),
              "/a.css": ("text/css", "body { max-width: 60em }")}


class Site:
    """Answers paths with what it has in `pages`; anything else is 404."""

    def __init__(self, pages):
        site = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.command, self.path))
                kind, body = pages.get(self.path, ("text/plain", None))
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write((body or "").encode())

            do_POST = do_GET

            def log_message(self, *words):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def paths(self):
        return {path for _, path in self.asked}


class Bystander:
    """A place that nobody was asked to test, and what came to it, by TCP and UDP."""

    def __init__(self):
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))

    def heard(self):
        self.tcp.setblocking(False)
        self.udp.setblocking(False)
        heard = []
        for name, listen in (("tcp", self.tcp.accept), ("udp", lambda: self.udp.recv(2048))):
            try:
                listen()
                heard.append(name)
            except BlockingIOError:
                pass
        return heard


@pytest.fixture(scope="module")
def plugins(tmp_path_factory):
    """The folder as an operator has it after npm."""
    folder = tmp_path_factory.mktemp("operator") / "plugins"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(MODULES, folder / "browser/node_modules", symlinks=True)
    return folder


class Run:
    """What one run said."""

    def __init__(self, status, out):
        self.status = status
        self.lines = [json.loads(line) for line in out.splitlines()]
        self.result = self.lines[-1]
        self.findings = {line["check_id"]: line for line in self.lines if line["type"] == "finding"}

    def ended(self):
        return self.status, self.result["status"], self.result.get("reason")


def task(site, workdir, modes=("passive", "safe"), **more):
    target = site and {"url": site.url + "/", "scheme": "http", "host": "127.0.0.1", "port": site.port,
                       "path": "/", "ips": ["127.0.0.1"]}
    return {"v": 1, "type": "task", "target": target, "workdir": str(workdir),
            "policy": {"allow": "127.0.0.1", "max_rps": 1000, "modes": list(modes)}, **more}


def start(plugins, order, **environment):
    process = subprocess.Popen([plugins / "browser/main.mjs"], text=True, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, cwd=order["workdir"],
                               env={**os.environ, **environment})
    process.stdin.write(json.dumps(order))
    process.stdin.close()
    return process


def await_end(process):
    out = process.stdout.read()
    return Run(process.wait(timeout=60), out)


def run(plugins, order):
    return await_end(start(plugins, order))


def browsers_of(folder):
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"--user-data-dir={folder}".encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            pass
    return found


def await_browsers(wanted, folder):
    end = time.monotonic() + 30
    while bool(browsers_of(folder)) != wanted:
        assert time.monotonic() < end
        time.sleep(0.05)


# --- in a service ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def service(plugins):
    with many_stacks() as make:
        yield make(AGNOSTIC_AGENTS_DIR=plugins, AGNOSTIC_PLUGIN_NETWORK="yes",
                   AGNOSTIC_TARGET_ALLOW="127.0.0.1")


def results_of(service, site):
    record = service.submit(target_url=site.url + "/", agents=["senior-qa/browser"])
    done = service.poll_until_terminal(record["task_id"], 120)
    return record["task_id"], done["result"]["agent_results"]["browser"]


def test_planted_faults_are_found(service):
    _, part = results_of(service, Site(FAULTY_SITE))
    assert part["status"] == "completed", part
    found = {finding["check_id"]: finding["severity"] for finding in part["findings"]}
    assert found == {"A11Y-label": "high", "A11Y-color-contrast": "medium", "UI-01": "low",
                     "UI-02": "medium", "UI-03": "medium"}
    contrast = next(each for each in part["findings"] if each["check_id"] == "A11Y-color-contrast")
    assert contrast["standards"] == [{"std": "WCAG", "id": "1.4.3"}]
    assert "hidden" not in json.dumps(part["findings"])


def test_a_sound_site_has_no_findings(service):
    site = Site(SOUND_SITE)
    _, part = results_of(service, site)
    assert part["status"] == "completed" and part["findings"] == [], part
    assert part["counts"]["passed"] >= 15
    assert part["data"]["pages"] == [site.url + "/", site.url + "/second.html"]


def test_screenshots_of_three_widths_are_kept(service):
    name, part = results_of(service, Site(SOUND_SITE))
    widths = []
    for each in part["artifacts"]:
        png = service.get(f"/api/tasks/{name}/artifacts/{each['name']}").body
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        widths.append(struct.unpack(">I", png[16:20])[0])
    assert widths == [320, 768, 1440]


@pytest.mark.skipif(os.getuid() == 0 or subprocess.run(["unshare", "--user", "true"]).returncode != 0,
                    reason="for root, and without user namespaces, Chromium has no sandbox")
def test_the_browser_has_its_own_sandbox_within_ours(service):
    _, part = results_of(service, Site(SOUND_SITE))
    assert part["data"]["sandboxed"] is True


# --- by hand ---------------------------------------------------------------------------------

def test_lines_follow_the_schema(plugins, tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(
        json.loads((ROOT / "deploy/schema/line.schema.json").read_text()))
    lines = run(plugins, task(Site(FAULTY_SITE), tmp_path)).lines
    for line in lines:
        validator.validate(line)
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))


def test_the_manifest_follows_the_schema():
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(
        json.loads((ROOT / "deploy/schema/manifest.schema.json").read_text())).validate(
            json.loads((SOURCE / "browser.json").read_text()))


WAYS_OUT = """<script>
    fetch("http://127.0.0.1:{port}/fetch").catch(() => {{}});
    new Worker(URL.createObjectURL(new Blob(['fetch("http://127.0.0.1:{port}/worker").catch(() => {{}})'])));
    new WebSocket("ws://127.0.0.1:{port}/socket");
    const call = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{port}"}},
      {{urls: "turn:127.0.0.1:{port}?transport=tcp", username: "a", credential: "b"}}]}});
    call.createDataChannel("x"); call.createOffer().then((offer) => call.setLocalDescription(offer));
  </script><img alt="" src="http://127.0.0.1:{port}/image"><img alt="" src="http://elsewhere.example/image">
  <iframe title="frame" src="http://127.0.0.1:{port}/frame"></iframe><a href="http://127.0.0.1:{port}/link">a</a>"""


def test_pages_reach_nothing_but_the_target(plugins, tmp_path):
    other = Bystander()
    done = run(plugins, task(Site({"/": page(WAYS_OUT.format(port=other.port))}), tmp_path))
    assert done.ended() == (0, "completed", None), done.result
    assert other.heard() == []
    refused = done.result["data"]["refused"]
    assert {f"http://127.0.0.1:{other.port}", "http://elsewhere.example"} <= set(refused["origins"])
    assert refused["at_the_door"][f"127.0.0.1:{other.port}"] >= 1
    assert "UI-02" not in done.findings  # what was kept from the page is not its fault


BARRED = {"/": page('<a href="/a.html">a</a> <a href="/%41dmin/x.html">x</a><img src="/admin/i" alt="i">'),
          "/a.html": page('<a href="/">home</a>'), "/admin/x.html": page("x"), "/Admin/x.html": page("x")}


def test_what_the_client_excludes_is_not_asked_for(plugins, tmp_path):
    site = Site(BARRED)
    order = task(site, tmp_path)
    order["policy"]["exclude"] = ["/admin"]
    done = run(plugins, order)
    assert {path for path in site.paths() if "dmin" in path} == set() and "/a.html" in site.paths()
    assert done.result["data"]["left"]["excluded"] == 1
    assert done.result["data"]["refused"]["excluded"] == 1


def test_where_nothing_may_be_crawled_one_page_is_visited(plugins, tmp_path):
    site = Site(BARRED)
    order = task(site, tmp_path)
    order["policy"]["crawl"] = False
    assert run(plugins, order).result["data"]["pages"] == [site.url + "/"]
    assert "/a.html" not in site.paths() and "/admin/i" in site.paths()


def form_page(attributes, after="", field=""):
    return page(f"""<form method="post" action="/order" {attributes}><label>Name
        <input id="n" name="n" required {field}></label><button>Order</button>{after}</form>""")


TELLS = """<p id="e"></p><script>document.forms[0].onsubmit = () => {
    document.getElementById("e").textContent = "A name is missing"; return false }</script>"""
FORMS = {
    "its demands are left to nobody": (form_page("novalidate"), "is sent"),
    "scripts send it past its demands": (page("""<form action="/order"><label>Name <input name="n"
        required></label><button onclick="this.form.submit()" formnovalidate>Order</button></form>"""),
        "is sent"),
    "its error belongs to no field": (form_page("novalidate", TELLS), "nothing tells input#n"),
    "the browser checks it": (form_page(""), None),
    "its error belongs to the field": (form_page("novalidate", TELLS, 'aria-describedby="e"'), None),
    "its error is announced": (form_page("novalidate", TELLS.replace("<p", '<p role="alert"')), None),
    "the browser checks it beside a clock": (form_page("", """<i></i><script>setInterval(() => {
        document.querySelector("i").textContent = Date.now() }, 50)</script>"""), None),
    "scripts check it and show nothing": (form_page('novalidate onsubmit="return false"'), None),
    "its fields are named like its members": (page("""<form action="/order" novalidate><label>Name <input
        name="action" id="n" required></label><label>More <input name="elements"></label><button>Order</button></form>"""), "is sent"),
    "its fields are valid as they are": (form_page("novalidate", field='value="x"'), None),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_that_are_not_filled_in_say_so(plugins, tmp_path, form):
    html, note = FORMS[form]
    site = Site({"/": html})
    done = run(plugins, task(site, tmp_path, modes=("passive", "safe", "active")))
    assert [note in each["note"] for each in done.findings["UI-04"]["evidence"]["instances"]] == [True] \
        if note else "UI-04" not in done.findings, done.findings.get("UI-04")
    assert not [path for _, path in site.asked if path.startswith("/order")]


# Every way that a pressed button may send something by, each to a place of its own.
SENDERS = """<form id="f" action="/form" method="post" novalidate><label>Q <input name="q" required></label>
    <button id="b">Go</button></form><form id="g" action="/blank" method="post" target="_blank"></form>
    <iframe title="i" name="i"></iframe><form id="h" action="/frame" method="post" target="i"></form><script>
    const worker = new Worker("/w.js"), submit = HTMLFormElement.prototype.submit;
    addEventListener("submit", (event) => event.stopImmediatePropagation(), true);
    document.getElementById("b").onclick = () => {
      fetch("/fetch"); fetch("/late", {method: "POST"}); setTimeout(() => fetch("/later"), 200);
      const request = new XMLHttpRequest(); request.open("POST", "/xhr"); request.send("x");
      navigator.sendBeacon("/beacon", "x"); new Image().src = "/image"; worker.postMessage(1);
      new WebSocket(`ws://${location.host}/socket`); new EventSource("/events"); window.open("/open");
      submit.call(document.getElementById("g")); submit.call(document.getElementById("h"));
      addEventListener("pagehide", () => navigator.sendBeacon("/hidden", "x"));
      addEventListener("pagehide", () => fetch("/kept", {method: "POST", keepalive: true}));
      setTimeout(() => location = "/location", 250) };</script>"""
WORKER = ("text/javascript", 'onmessage = () => fetch("/worker", {method: "POST"})')


def test_while_buttons_are_pressed_nothing_is_sent(plugins, tmp_path):
    site = Site({"/": page(SENDERS), "/w.js": WORKER})
    done = run(plugins, task(site, tmp_path, modes=("passive", "safe", "active")))
    assert done.ended() == (0, "completed", None)
    assert site.paths() - {"/favicon.ico"} == {"/", "/w.js", "/robots.txt"}
    note = done.findings["UI-04"]["evidence"]["instances"][0]["note"]
    assert note == "form#f is sent with input[name=q] as it must not be"


def test_a_form_whose_page_goes_away_is_not_judged(plugins, tmp_path):
    done = run(plugins, task(Site({"/": form_page('novalidate onsubmit="location = \'about:blank\'; return false"')}), tmp_path))
    told = next(line for line in done.lines if line["type"] == "check" and line["id"] == "UI-04")
    assert (done.result["status"], told["status"], told["reason"]) == ("completed", "not_tested", "page_left")


def test_a_page_that_hangs_when_it_is_pressed_is_judged_by_the_rest(plugins, tmp_path):
    done = run(plugins, task(Site({"/": form_page('novalidate onsubmit="while (true);"')}), tmp_path))
    told = {line["id"]: line for line in done.lines if line["type"] == "check"}
    assert done.ended() == (0, "completed", None)
    assert (told["UI-04"]["status"], told["UI-04"]["reason"]) == ("not_tested", "page_busy")
    assert told["UI-01"]["status"] == "passed"


def test_no_button_is_pressed_where_only_looking_is_permitted(plugins, tmp_path):
    done = run(plugins, task(Site({"/": form_page("novalidate")}), tmp_path, modes=("passive",)))
    told = next(line for line in done.lines if line["type"] == "check" and line["id"] == "UI-04")
    assert (told["status"], told["reason"]) == ("not_tested", "mode")


def test_the_crawl_leaves_alone_what_it_should(plugins, tmp_path):
    links = "".join(f'<a href="{path}">to {path}</a> ' for path in
                    ("/logout", "/items/delete?id=1", "/private/a", "/private/open", "/a.pdf", "/b"))
    site = Site({"/": page(links), "/b": page("b"), "/private/open": page("open"), "/robots.txt": (
        "text/plain", "User-agent: *\nDisallow: /b\n\nUser-agent: agnostic-qa\nDisallow: /private/\n"
                      "Allow: /private/open$\n")})
    done = run(plugins, task(site, tmp_path))
    assert site.paths() - {"/favicon.ico"} == {"/", "/robots.txt", "/b", "/private/open"}
    assert done.result["data"]["left"] == {"robots": 1, "unsafe": 2, "excluded": 0}


CHANGES = """<form id="g" action="/blank" method="post" target="_blank"></form><script>
    fetch("/fetch", {method: "POST"}); new Worker("/w.js").postMessage(1);
    document.getElementById("g").submit();
    addEventListener("pagehide", () => navigator.sendBeacon("/hidden", "x")); // nobody is there to see it</script>"""


@pytest.mark.parametrize("modes,sent", [
    (("passive", "safe"), set()), (("passive", "safe", "active"), {"/fetch", "/worker"})])
def test_pages_change_something_only_in_active_tasks(plugins, tmp_path, modes, sent):
    site = Site({"/": page(CHANGES), "/w.js": WORKER})
    run(plugins, task(site, tmp_path, modes))
    assert {path for method, path in site.asked if method == "POST"} - {"/blank"} == sent
    assert sent or ("POST", "/blank") not in site.asked


def test_no_more_pages_than_ten(plugins, tmp_path):
    site = Site({"/": page("".join(f'<a href="/p{n}">{n}</a> ' for n in range(30))),
                 **{f"/p{n}": page("p") for n in range(30)}})
    assert len(run(plugins, task(site, tmp_path)).result["data"]["pages"]) == 10


def test_a_page_that_loads_itself_again_and_again_is_looked_at(plugins, tmp_path):
    site = Site({"/": page("<p>News</p>", '<meta http-equiv="refresh" content="0;url=/">')})
    done = run(plugins, task(site, tmp_path, policy={"allow": "127.0.0.1", "max_rps": 20, "modes": ["passive", "safe"]}))
    assert done.ended() == (0, "completed", None) and done.result["data"]["pages"] == [site.url + "/"]


def test_a_link_to_a_file_is_no_failure(plugins, tmp_path):
    site = Site({"/": page('<a href="/report">The report</a>'), "/report": ("application/octet-stream", "x")})
    done = run(plugins, task(site, tmp_path))
    assert done.ended() == (0, "completed", None) and "/report" in site.paths()


def test_what_is_no_page_is_not_judged(plugins, tmp_path):
    done = run(plugins, task(Site({"/": ("application/json", "{}")}), tmp_path))
    assert done.ended() == (0, "completed", None) and done.result["counts"]["failed"] == 0
    assert done.result["counts"]["skipped"] == done.result["counts"]["checks"]


def test_a_target_that_is_away_is_a_failure_not_a_finding(plugins, tmp_path):
    site = Site({})
    site.server.shutdown()
    site.server.server_close()
    done = run(plugins, task(site, tmp_path))
    assert done.ended() == (0, "failed", "target_unavailable") and not done.findings


def test_without_a_target_it_is_not_available(plugins, tmp_path):
    assert run(plugins, task(None, tmp_path)).ended() == (69, "not_available", "no_target")


def test_without_its_modules_it_is_not_available(tmp_path):
    shutil.copytree(SOURCE, tmp_path / "bare", ignore=shutil.ignore_patterns("node_modules"))
    done = run(tmp_path / "bare", task(Site(SOUND_SITE), tmp_path))
    assert done.ended() == (69, "not_available", "modules_missing")


# --- the end ---------------------------------------------------------------------------------

BUSY = Site({"/": page("<script>setTimeout(() => { while (true); }, 100)</script>")})


def test_a_page_that_never_rests_ends_with_the_time(plugins, tmp_path):
    deadline = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 14))
    done = run(plugins, task(BUSY, tmp_path, limits={"deadline": deadline}))
    assert done.ended() == (0, "partial", "deadline")
    await_browsers(False, tmp_path)


def test_nothing_is_left_among_temporary_files(plugins, tmp_path):
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        assert await_end(start(plugins, task(Site(SOUND_SITE), tmp_path), TMPDIR=folder)).status == 0
        assert os.listdir(folder) == []


def test_the_browser_ends_with_the_plugin(plugins, tmp_path):
    process = start(plugins, task(BUSY, tmp_path))
    await_browsers(True, tmp_path)
    process.send_signal(signal.SIGTERM)
    assert await_end(process).ended() == (0, "partial", "stopped")
    await_browsers(False, tmp_path)
