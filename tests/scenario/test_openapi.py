"""Goal: an API that obeys its own description gives no finding; each way to break it gives exactly
the finding of its check, with a line that shows it again; and nothing is written unless it may."""
import http.server
import json
import os
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from site_kit import stand

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
AT_ONCE = 12  # runs: they wait more than they work

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")

ITEM = {"type": "object", "required": ["id", "name"], "properties": {
    "id": {"type": "integer", "readOnly": True},
    "name": {"type": "string", "minLength": 1, "maxLength": 20},
    "kind": {"type": "string", "enum": ["book", "tool"]},
    "price": {"type": "number", "minimum": 0, "maximum": 100}}}
NEW = {**ITEM, "required": ["name"], "additionalProperties": False}


def says(**answers):
    return {status.strip("s"): {"description": "", **(
        {"content": {"application/json": {"schema": schema}}} if schema else {})}
        for status, schema in answers.items()}


DESCRIPTION = {
    "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "/api"}],
    "paths": {
        "/items": {
            "get": {"parameters": [
                {"name": "limit", "in": "query", "required": True,
                 "schema": {"type": "integer", "minimum": 1, "maximum": 50}},
                {"name": "kind", "in": "query", "schema": {"$ref": "#/components/schemas/Kind"}}],
                "responses": says(s200={"type": "array", "items": ITEM}, s400=None)},
            "post": {"requestBody": {"required": True, "content": {
                "application/json": {"schema": NEW}}},
                "responses": says(s201=ITEM, s400=None)}},
        "/items/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "example": 1,
                            "schema": {"type": "integer"}}],
            "get": {"responses": says(s200=ITEM, s400=None, s404=None)},
            "delete": {"responses": says(s204=None, s400=None, s404=None)}},
        "/mine": {"get": {"security": [{"token": []}], "responses": says(s200=ITEM)}}},
    "components": {"schemas": {"Kind": {"type": "string", "enum": ["book", "tool"]}},
                   "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}}

JSON = {"Content-Type": "application/json"}


class Api:
    """A shop that does as it says. `fault(api, method, path, answer)` may change an answer:
    (status, headers, value)."""

    def __init__(self, fault=None, where="/openapi.json", description=DESCRIPTION):
        api = self
        self.fault, self.where, self.description = fault, where, description
        self.items, self.asked, self.lock = {1: {"id": 1, "name": "first"}}, [], threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                url = urlsplit(self.path)
                with api.lock:
                    api.asked.append((self.command, self.path))
                    found = api.sound(self.command, url, self.headers, body)
                    if api.fault:
                        found = api.fault(api, self.command, url, found)
                if found is None:
                    self.close_connection = True
                    return
                status, headers, value = found
                data = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                for name, text in headers.items():
                    self.send_header(name, text)
                if status != 204:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD" and status != 204:
                    self.wfile.write(data)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

            def log_message(self, *words):
                pass
        self.server, self.url = stand(Handler)

    def sound(self, method, url, headers, body):
        if url.path == "/":
            more = {} if self.where.startswith("/openapi") else \
                {"Link": f'</style.css>; rel=preload, <{self.where}>; rel="service-desc"'}
            return 200, {"Content-Type": "text/html", **more}, \
                b"<!doctype html><html lang=en><title>T</title><main>t</main>"
        if url.path == self.where:
            return 200, JSON, self.description
        found = re.fullmatch(r"/api/items/([^/]+)", url.path)
        name = "/api/items/{id}" if found else url.path
        handlers = {"/api/items": {"GET": self.list, "POST": self.add},
                    "/api/items/{id}": {"GET": self.get, "DELETE": self.drop},
                    "/api/mine": {"GET": self.mine}}.get(name)
        if not handlers:
            return 404, {"Content-Type": "text/plain"}, b"no"
        allow = ", ".join([*handlers, "HEAD", "OPTIONS"])
        if method == "OPTIONS":
            return 204, {"Allow": allow}, b""
        handler = handlers.get("GET" if method == "HEAD" else method)
        if not handler:
            return 405, {"Allow": allow, "Content-Type": "text/plain"}, b"no"
        return handler(found[1] if found else None, parse_qs(url.query, keep_blank_values=True),
                       headers, body)

    wrong = (400, JSON, {})

    def list(self, _, query, headers, body):
        limit, kind = query.get("limit", [""])[0], query.get("kind", ["book"])[0]
        if not re.fullmatch(r"\d{1,3}", limit) or not 1 <= int(limit) <= 50 or \
                kind not in ("book", "tool"):
            return self.wrong
        return 200, JSON, list(self.items.values())[:int(limit)]

    def add(self, _, query, headers, body):
        try:
            item = json.loads(body)
        except ValueError:
            return self.wrong
        if not isinstance(item, dict) or set(item) - {"name", "kind", "price"}:
            return self.wrong
        name, kind, price = item.get("name"), item.get("kind", "book"), item.get("price", 0)
        if not isinstance(name, str) or not 1 <= len(name) <= 20 or kind not in ("book", "tool") \
                or type(price) not in (int, float) or not 0 <= price <= 100:
            return self.wrong
        number = max(self.items) + 1
        self.items[number] = {"id": number, **item}
        return 201, JSON, self.items[number]

    def get(self, number, *_):
        if not re.fullmatch(r"-?\d{1,9}", number):
            return self.wrong
        item = self.items.get(int(number))
        return (200, JSON, item) if item else (404, JSON, {})

    def drop(self, number, *_):
        if not re.fullmatch(r"-?\d{1,9}", number):
            return self.wrong
        return (204, {}, b"") if self.items.pop(int(number), None) else (404, JSON, {})

    def mine(self, number, query, headers, body):
        if headers.get("Authorization") == "Bearer s3cret":
            return 200, JSON, self.items[1]
        return 401, {"WWW-Authenticate": "Bearer", "Content-Type": "text/plain"}, b"no"


def task(url, modes, **limits):
    return json.dumps({"v": 1, "type": "task", "session_id": "s1", "target": {"url": url + "/"},
                       "limits": limits, "seed": 7,
                       "policy": {"allow": url.split("//")[1], "max_rps": 50,
                                  "modes": modes}}) + "\n"


class Run:
    def __init__(self, agent, api, modes=("passive", "safe"), **limits):
        done = subprocess.run([AGENT, agent], text=True, input=task(api.url, modes, **limits),
                              capture_output=True, timeout=120)
        assert "Sanitizer" not in done.stderr, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.checks = {line["id"]: line for line in lines if line["type"] == "check"}
        self.found = {line["check_id"]: line for line in lines if line["type"] == "finding"}
        api_checks = re.compile(r"FUN-12|EDG-0\d")
        self.findings = sorted(f"{name} {line['severity']}" for name, line in self.found.items()
                               if api_checks.fullmatch(name))
        self.states = {name: (line["status"], line.get("reason"))
                       for name, line in self.checks.items() if api_checks.fullmatch(name)}
        self.asked = list(api.asked)
        self.data = lines[-1].get("data")


def shell(line):
    return subprocess.run(["bash", "-c", line], text=True, capture_output=True, timeout=30,
                          errors="replace").stdout


ACTIVE = ("passive", "safe", "active")


def on(method, path, change):
    """Changes the answers of 2xx to one operation."""
    def fault(api, asked, url, found):
        return change(*found) if (asked, url.path) == (method, path) and found[0] < 300 else found
    return fault


# --- junior-qa -------------------------------------------------------------------------------

LIST = ("GET", "/api/items")
# The fault, its finding, what its line shows.
SMOKE = {
    "a server error": (on(*LIST, lambda *_: (500, JSON, {})), "FUN-12 high", " 500 "),
    "a status not described": (on(*LIST, lambda s, h, v: (206, h, v)), "FUN-12 medium", " 206 "),
    "another type": (on(*LIST, lambda s, h, v: (s, {"Content-Type": "text/plain"}, v)),
                     "FUN-12 medium", "text/plain"),
    "no JSON": (on(*LIST, lambda s, h, v: (s, h, b"{")), "FUN-12 medium", r"\{$"),
    "another schema": (on(*LIST, lambda s, h, v: (s, h, [{"id": "1", "name": "x"}])),
                       "FUN-12 medium", '"id": "1"'),
}


@pytest.fixture(scope="module")
def smoke():
    def run(name):
        return Run("junior-qa", Api(SMOKE[name][0]))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(SMOKE, pool.map(run, SMOKE)))


@pytest.mark.parametrize("name", SMOKE)
def test_each_fault_of_an_operation_is_found_and_shown_again(smoke, name):
    _, expected, sign = SMOKE[name]
    assert smoke[name].findings == [expected]
    line = smoke[name].found["FUN-12"]["evidence"]["reproduce"]
    assert re.search(sign, shell(line)), line


def at_first(times, change):
    """A fault of the list, the first times that it is asked for."""
    left = list(range(times))
    return on(*LIST, lambda *found: change(*found) if left and left.pop() >= 0 else found)


@pytest.mark.parametrize("times", [1, 2])
def test_an_operation_that_fails_only_at_first_is_flaky(times):
    run = Run("junior-qa", Api(at_first(times, lambda *_: (500, JSON, {}))))
    assert (run.findings, run.states["FUN-12"]) == ([], ("passed", None))
    flaky = run.found["FUN-14"]
    assert flaky["severity"] == "low" and "answered 500" in flaky["evidence"]["instances"][0]["detail"]
    assert run.data["flaky_tests"] == ["GET /items"]


def test_an_operation_without_an_answer_is_a_fault():
    run = Run("junior-qa", Api(on(*LIST, lambda *_: None)))
    assert run.findings == ["FUN-12 high"]
    assert "answers nothing" in run.found["FUN-12"]["evidence"]["instances"][0]["detail"]


def test_an_api_that_does_as_it_says_gives_no_finding():
    run = Run("junior-qa", Api())
    assert (run.findings, run.states) == ([], {"FUN-12": ("passed", None)})
    assert {method for method, _ in run.asked} <= {"GET", "HEAD"}


def test_a_description_that_the_start_page_links_to_is_found():
    run = Run("junior-qa", Api(SMOKE["a server error"][0], where="/docs/shop"))
    assert run.findings == ["FUN-12 high"]


@pytest.mark.parametrize("description, state", [
    ({}, ("not_tested", "api_not_understood")),
    ({**DESCRIPTION, "servers": [{"url": "https://other.test/"}]}, ("skipped", "api_elsewhere")),
    ({**DESCRIPTION, "paths": {}}, ("skipped", "no_such_operation"))])
def test_what_cannot_be_tested_is_said_to_be_so(description, state):
    assert Run("junior-qa", Api(description=description)).states["FUN-12"] == state


def closed(api, method, url, found):
    return (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /") \
        if url.path == "/robots.txt" else found


def test_what_was_not_looked_for_is_not_said_to_be_absent():
    assert Run("junior-qa", Api(closed)).states["FUN-12"] == ("not_tested", "robots_disallows")
    assert Run("junior-qa", Api(), max_requests=3).states["FUN-12"] == ("not_tested", "not_asked")


def test_a_site_without_a_description_has_nothing_to_check():
    assert Run("junior-qa", Api(where="/openapi-elsewhere")).states["FUN-12"] == \
        ("skipped", "no_api_description")


# --- senior-qa -------------------------------------------------------------------------------

NEW_ITEM = ("POST", "/api/items")


def anything(api, method, url, found):
    """Takes limits of any kind."""
    return (200, JSON, []) if (method, url.path) == LIST and found[0] == 400 else found


def fails(api, method, url, found):
    return (500, JSON, {}) if (method, url.path) == LIST and "limit=51" in url.query else found


def any_method(api, method, url, found):
    return (200, JSON, []) if (method, url.path) == ("GET", "/api/notes") else found


def open_to_all(api, method, url, found):
    return (200, JSON, api.items[1]) if url.path == "/api/mine" and method == "GET" else found


def allows_more(api, method, url, found):
    return (204, {"Allow": "GET, PUT, POST"}, b"") \
        if (method, url.path) == ("OPTIONS", "/api/items") else found


def no_allow(api, method, url, found):
    return (405, {}, b"") if found[0] == 405 else found


def still_there(api, method, url, found):
    """Deleted things are shown as they were."""
    number = url.path.rpartition("/")[2]
    if method == "GET" and number.isdigit() and found[0] == 404:
        return 200, JSON, {"id": int(number), "name": "gone"}
    return found


def never_there(api, method, url, found):
    number = url.path.rpartition("/")[2]
    return (404, JSON, {}) if method == "GET" and number.isdigit() and int(number) > 1 else found


def bodies_of_any_kind(api, method, url, found):
    return (201, JSON, api.items[1]) if (method, url.path) == NEW_ITEM and found[0] == 400 else found


WRITE_ONLY = {**DESCRIPTION, "paths": {**DESCRIPTION["paths"], "/notes": {
    "post": {"requestBody": {"required": True, "content": {"application/json": {"schema": NEW}}},
             "responses": says(s201=None)}}}}

# The fault, the modes, its finding, what its line shows.
FAULTS = {
    "takes what is forbidden": (anything, None, "EDG-02 medium", " 200 "),
    "fails at what is forbidden": (fails, None, "EDG-02 high", " 500 "),
    "takes any body": (bodies_of_any_kind, ACTIVE, "EDG-02 medium", " 201 "),
    "rejects what is allowed": (on(*LIST, lambda *_: (400, JSON, {})), None, "EDG-03 medium",
                                " 400 "),
    "rejects a body that is allowed": (on(*NEW_ITEM, lambda *_: (400, JSON, {})), ACTIVE,
                                       "EDG-03 medium", " 400 "),
    "says that it allows more": (allows_more, None, "EDG-04 low", "PUT"),
    "says not what it allows": (no_allow, ACTIVE, "EDG-04 low", " 405 "),
    "another schema": (on(*LIST, lambda s, h, v: (s, h, {})), None, "EDG-05 medium", r"\{\}"),
    "a status not described": (on(*NEW_ITEM, lambda s, h, v: (200, h, v)), ACTIVE,
                               "EDG-05 medium", " 200 "),
    "fails at what is allowed": (on(*NEW_ITEM, lambda *_: (500, JSON, {})), ACTIVE, "EDG-05 high",
                                 " 500 "),
    "open without a credential": (open_to_all, None, "EDG-06 high", " 200 "),
    "still there": (still_there, ACTIVE, "EDG-07 medium", " 200 "),
    "never there": (never_there, ACTIVE, "EDG-07 medium", " 404 "),
}


def robots(api, method, url, found):
    return (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /api/items") \
        if url.path == "/robots.txt" else found


def fails_for_long_kinds(api, method, url, found):
    return (500, JSON, {}) if "kind=" in url.query and len(url.query) > 300 else found


# What else is looked at: the API, and the modes.
OTHERS = {
    "sound": (Api, None),
    "sound, and may be changed": (Api, ACTIVE),
    "a method more": (lambda: Api(any_method, description=WRITE_ONLY), None),
    "a long value": (lambda: Api(fails_for_long_kinds), None),
    "not described": (lambda: Api(where="/openapi-elsewhere"), None),
    "closed to robots": (lambda: Api(robots), ACTIVE),
}


@pytest.fixture(scope="module")
def edges():
    """Each run, with what its lines show. They wait more than they work."""
    def run(name):
        api, modes = OTHERS[name] if name in OTHERS else \
            (lambda: Api(FAULTS[name][0]), FAULTS[name][1])
        api = api()
        done = Run("senior-qa", api, modes or ("passive", "safe"))
        done.items = dict(api.items)
        done.lines = {check: shell(line["evidence"]["reproduce"])
                      for check, line in done.found.items() if name in FAULTS}
        return done
    names = [*FAULTS, *OTHERS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(names, pool.map(run, names)))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_the_finding_of_its_check_and_shown_again(edges, name):
    run, (_, _, expected, sign) = edges[name], FAULTS[name]
    assert run.findings == [expected], [each["evidence"]["instances"] for each in
                                        run.found.values()]
    assert re.search(sign, run.lines[expected.split()[0]])


def test_a_method_that_nobody_described_is_told(edges):
    assert edges["a method more"].findings == ["EDG-04 low"]


def test_an_api_that_obeys_gives_no_finding_and_is_left_unchanged(edges):
    run = edges["sound"]
    assert run.findings == []
    assert {name: state for name, (state, _) in run.states.items()} == {
        f"EDG-0{n}": "passed" for n in range(1, 7)}
    assert {method for method, path in run.asked if path.startswith("/api")} <= \
        {"GET", "HEAD", "OPTIONS"}


def test_where_the_mode_permits_it_things_are_made_and_only_those_deleted(edges):
    run = edges["sound, and may be changed"]
    assert (run.findings, run.states["EDG-07"]) == ([], ("passed", None))
    assert run.items[1] == {"id": 1, "name": "first"}
    deleted = [path for method, path in run.asked if method == "DELETE"]
    assert deleted and "/api/items/1" not in deleted


def test_parameters_of_the_description_are_tried_as_those_of_pages(edges):
    assert edges["a long value"].findings == ["EDG-01 high"]


def test_no_description_is_nothing_to_check(edges):
    assert {edges["not described"].states[f"EDG-0{n}"] for n in range(2, 7)} == {
        ("skipped", "no_api_description")}


def test_what_robots_txt_closes_is_not_called(edges):
    assert not [path for _, path in edges["closed to robots"].asked
                if path.startswith("/api/items")]
    assert edges["closed to robots"].states["EDG-03"] == ("not_tested", "not_all_asked")
