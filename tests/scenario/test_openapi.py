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

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 64

            def handle_error(self, request, client_address):
                pass
        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

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


def task(url, modes):
    return json.dumps({"v": 1, "type": "task", "session_id": "s1", "target": {"url": url + "/"},
                       "limits": {}, "seed": 7,
                       "policy": {"allow": url.split("//")[1], "max_rps": 50,
                                  "modes": modes}}) + "\n"


class Run:
    def __init__(self, agent, api, modes=("passive", "safe")):
        done = subprocess.run([AGENT, agent], text=True, input=task(api.url, modes),
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


def test_a_site_without_a_description_has_nothing_to_check():
    assert Run("junior-qa", Api(where="/openapi-elsewhere")).states["FUN-12"] == \
        ("skipped", "no_api_description")
