"""Goal: what is only tried where the target's entry says so is found in a shop that really has the
flaws (a database, files, a template), not in the same shop without them, and never tried unasked.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs) and pytest."""
import html
import json
import os
import re
import sqlite3
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

HERE = Path(__file__).resolve().parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", HERE.parent.parent / "build/test/bin")) /
            "agnostic-agent")
ALL = ("passive", "safe", "active")
FLAWS = {"SEC-RED-05": "medium", "SEC-MET-03": "high", "SEC-ACT-01": "medium",
         "SEC-ACT-02": "medium", "SEC-ACT-03": "critical", "SEC-ACT-04": "high",
         "SEC-ACT-05": "critical"}

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


class Shop(BaseHTTPRequestHandler):
    """Every page has the flaw its name says, unless the server is careful."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, text, status=200, kind="text/html", headers=b""):
        body = text.encode()
        self.wfile.write(b"HTTP/1.1 %d x\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s" % (
            status, kind.encode(), len(body), headers, body))

    def first(self, query):
        self.say('<!doctype html><title>Shop</title><form action="/search"><input name=q></form>'
                 '<a href="/item?id=1">a</a> <a href="/show?file=help.txt">b</a> <a href="/go?next=/">c</a> '
                 '<a href="/card?greeting=hello">d</a> <a href="/set?colour=red">e</a>')

    def search(self, query):
        words = query.get("q", "")
        self.say("<p>You searched " + (html.escape(words) if self.server.careful else words))

    def item(self, query):
        base = sqlite3.connect(":memory:")
        base.execute("create table items (id text, name text)")
        try:
            if self.server.careful:
                base.execute("select name from items where id = ?", (query.get("id"),))
            else:
                base.execute(f"select name from items where id = '{query.get('id')}'")
            self.say("<p>An item")
        except sqlite3.Error as why:
            self.say(f"<p>sqlite3.OperationalError: {why}", 500)

    def show(self, query):
        name = query.get("file", "")
        try:
            self.say(Path("/usr/share/doc", Path(name).name if self.server.careful else name)
                     .read_text(), kind="text/plain")
        except (OSError, ValueError):
            self.say("no such file", 404)

    def go(self, query):
        place = query.get("next", "/")
        place = quote(place) if self.server.careful else place.replace("\r\n", "")
        self.say("", 302, headers=b"Location: %s\r\n" % place.encode())

    def card(self, query):
        text = query.get("greeting", "")
        if not self.server.careful:
            text = re.sub(r"\{\{(\d+)\*(\d+)\}\}", lambda m: str(int(m[1]) * int(m[2])), text)
        self.say("<p>" + html.escape(text))

    def set(self, query):
        colour = query.get("colour", "")
        colour = quote(colour) if self.server.careful else colour
        self.say("<p>set", headers=b"Set-Cookie: colour=%s\r\n" % colour.encode())

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.server.asked.append((self.command, self.path))
        page = {"/": self.first, "/search": self.search, "/item": self.item, "/show": self.show,
                "/go": self.go, "/card": self.card, "/set": self.set}.get(url.path)
        if page:
            page(query)
        elif url.path in self.server.files:
            self.say(self.server.files[url.path], kind="text/plain")
        else:
            self.say("not here", 404)

    def do_PUT(self):
        self.server.asked.append((self.command, self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.careful:
            self.say("", 405)
        else:
            self.server.files[self.path] = body.decode()
            self.say("", 201)

    def do_DELETE(self):
        self.server.asked.append((self.command, self.path))
        self.say("", 204 if self.server.files.pop(self.path, None) is not None else 404)


@pytest.fixture
def shop():
    """shop(careful=False): a shop that ends with the test."""
    servers = []

    def start(careful=False):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
        server.daemon_threads = True
        server.careful, server.asked, server.files = careful, [], {}
        server.url = f"http://127.0.0.1:{server.server_address[1]}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def found(shop, modes):
    task = {"v": 1, "type": "task", "session_id": "session_active", "target": {"url": shop.url},
            "policy": {"allow": "127.0.0.1", "max_rps": 200, "modes": list(modes)}}
    run = subprocess.run([AGENT, "security-compliance"], input=json.dumps(task) + "\n", text=True,
                         capture_output=True, timeout=100)
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert lines[-1]["status"] == "completed"
    return {line["check_id"]: line for line in lines if line["type"] == "finding"}


def test_every_flaw_of_the_shop_is_found(shop):
    flawed = shop()
    findings = found(flawed, ALL)
    assert {name: findings[name]["severity"] for name in findings if name in FLAWS} == FLAWS
    assert not flawed.files  # what was written is gone


def test_a_careful_shop_has_none_of_them(shop):
    careful = shop(careful=True)
    assert not FLAWS.keys() & found(careful, ALL).keys()
    assert ("PUT", "/qa-probe") in {(method, path[:9]) for method, path in careful.asked}


def test_without_permission_nothing_active_is_sent(shop):
    flawed = shop()
    assert FLAWS.keys() & found(flawed, ("passive", "safe")).keys() == {"SEC-RED-05"}
    assert {method for method, _ in flawed.asked} == {"GET"}
    assert not [path for _, path in flawed.asked if "etc/passwd" in path or "%27" in path]


def test_what_is_found_can_be_seen_again_by_the_line_that_is_printed(shop):
    flawed = shop()
    findings = found(flawed, ALL)
    for check, sign in {"SEC-ACT-01": "<qaprobe7>", "SEC-ACT-04": "root:", "SEC-ACT-05": "55433",
                        "SEC-ACT-03": "sqlite3.OperationalError"}.items():
        line = findings[check]["evidence"]["reproduce"]
        again = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=20)
        assert sign in again.stdout, line
