"""Goal: the security agent sees more than one page, as gently as was promised, and a site that wants
to keep or to choke it gets neither. Sites are made of a function from path to answer; each counts
its connections and requests.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs) and pytest."""
import gzip
import itertools
import json
import mimetypes
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
SITE = ROOT / "deploy/demo/site"
MIB = 1 << 20
PATIENCE_S = 100
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


# --- vocabulary ------------------------------------------------------------------------------

def answer(body=b"", status="200 OK", kind="text/html; charset=utf-8", **headers):
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def page(*links):
    return answer("<!doctype html><title>Shop</title>" +
                  "".join(f"<a href='{link}'>x</a> " for link in links))


NOT_FOUND = answer("nothing", "404 Not Found")


class Site:
    """Answers each path with what `pages` says of it: bytes, or pieces of bytes one by one."""

    def __init__(self, pages):
        self.pages, self.moments, self.paths, self.open = pages, [], [], []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.open.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        waiting = b""
        try:
            while True:
                while b"\r\n\r\n" not in waiting:
                    more = connection.recv(65536)
                    if not more:
                        return
                    waiting += more
                head, waiting = waiting.split(b"\r\n\r\n", 1)
                self.moments.append(time.monotonic())
                path = head.split()[1].decode()
                self.paths.append(path)
                said = self.pages(path)
                for piece in [said] if isinstance(said, bytes) else said:
                    connection.sendall(piece)
                if not isinstance(said, bytes):
                    return
        except OSError:
            pass
        finally:
            connection.close()

    @property
    def crawled(self):
        """The paths that something led to: those before the first that nothing leads to."""
        return list(itertools.takewhile(lambda path: not path.startswith("/qa-probe-"), self.paths))

    def asked(self, start):
        return [path for path in self.crawled if path.startswith(start)]

    def stop(self):
        self.socket.close()
        for connection in self.open:
            connection.close()


@pytest.fixture
def site():
    """site(pages): a site that ends with the test."""
    sites = []

    def start(pages):
        sites.append(Site(pages))
        return sites[-1]
    yield start
    for each in sites:
        each.stop()


class Run:
    """One run of the agent: what it said and what it took."""

    def __init__(self, url, max_rps=100, modes=("passive", "safe")):
        task = {"v": 1, "type": "task", "session_id": "session_crawl", "target": {"url": url},
                "policy": {"allow": "127.0.0.1", "max_rps": max_rps, "modes": list(modes)}}
        agent = subprocess.Popen([AGENT, "security-compliance"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, env={
                                     **os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"})
        agent.stdin.write(json.dumps(task).encode() + b"\n")
        agent.stdin.close()
        patience = threading.Timer(PATIENCE_S, agent.kill)
        patience.start()
        self.lines = [json.loads(line) for line in agent.stdout]
        _, status, usage = os.wait4(agent.pid, 0)
        patience.cancel()
        agent.returncode = self.exit = os.waitstatus_to_exitcode(status)
        self.memory = usage.ru_maxrss * 1024
        self.result = self.lines[-1]
        self.crawl = self.result["data"]["crawl"]
        self.warnings = [line["message"] for line in self.lines if line["type"] == "log"]
        self.checks = {line["id"]: line for line in self.lines if line["type"] == "check"}

    def ended(self):
        return self.exit, self.result["status"]


def letters(number):
    return f"{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}"


# --- what is seen ----------------------------------------------------------------------------

def test_pages_behind_the_first_are_seen(site):
    pages = {"/": page("/shop", "/about"), "/shop": page("basket"), "/basket": page("/pay"),
             "/pay": page("/deeper"), "/about": page("/")}
    shop = site(lambda path: pages.get(path, NOT_FOUND))
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert run.crawl["pages"] == 5 and run.crawl["robots_status"] == 404
    assert len(shop.asked("/pay")) == 1 and not shop.asked("/deeper")


def test_robots_txt_is_obeyed_but_not_for_the_page_that_was_given(site):
    rules = answer("user-agent: *\ndisallow: /\nuser-agent: agnostic-qa\ndisallow: /start\n"
                   "disallow: /private", kind="text/plain")
    pages = {"/robots.txt": rules, "/start": page("/private/x", "/open")}
    shop = site(lambda path: pages.get(path, page()))
    run = Run(shop.url + "start")
    assert run.ended() == (0, "completed")
    assert shop.asked("/start") and shop.asked("/open") and not shop.asked("/private")
    assert (run.crawl["disallowed"], run.crawl["pages"]) == (1, 2)
    assert run.warnings == ["robots.txt disallows 1 of the pages that were found"]


@pytest.mark.parametrize("status", ["500 Down", "503 Later", "302 Found"])
def test_without_an_answer_about_robots_nothing_is_crawled(site, status):
    file = answer(status=status, Location="/robots.txt")
    shop = site(lambda path: file if path == "/robots.txt" else page("/other"))
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert not shop.asked("/other") and len(shop.asked("/robots.txt")) <= 6
    assert run.crawl["pages"] == 1
    assert run.warnings == [
        f"robots.txt answered {status.split()[0]}: no other page was asked for"]


def test_links_that_change_something_are_never_followed(site):
    shop = site(lambda path: page("/logout", "/?do=sign-out", "/item/7/delete", "/unsubscribe?u=1",
                                  "/%73ign%6fff", "/fine") if path == "/" else page())
    run = Run(shop.url)
    assert shop.asked("/fine") and run.crawl["unsafe"] == 5
    assert set(shop.crawled) == {"/", "/robots.txt", "/fine"}


def test_another_origin_is_never_asked_by_link_or_redirect(site):
    other = site(lambda path: page())
    shop = site(lambda path: page(other.url + "a", "/leave") if path == "/" else
                NOT_FOUND if path == "/robots.txt" else
                answer(status="302 Found", Location=other.url + "b"))
    Run(shop.url)
    assert shop.asked("/leave") and not other.paths


def test_passive_mode_does_not_crawl(site):
    shop = site(lambda path: page("/other"))
    Run(shop.url, modes=["passive"])
    assert set(shop.crawled) == {"/"}


def test_a_site_without_links_is_not_asked_for_its_robots_txt(site):
    shop = site(lambda path: page())
    Run(shop.url)
    assert shop.paths and not shop.asked("/robots.txt")


# --- how fast --------------------------------------------------------------------------------

def most_in_a_second(moments):
    return max(sum(first <= moment < first + 1 for moment in moments) for first in moments)


@pytest.mark.parametrize("rate", [5, 12])
def test_no_second_sees_more_requests_than_the_rate(site, rate):
    shop = site(lambda path: page(*(f"/{letters(i)}" for i in range(40))))
    Run(shop.url, max_rps=rate)
    assert len(shop.moments) > 2 * rate
    # What the network delays arrives together with what comes after it: one at most.
    assert most_in_a_second(shop.moments) <= rate + 1


def test_a_site_that_asks_for_patience_is_left_alone_for_that_time(site):
    told = []

    def pages(path):
        if path == "/aa" and not told:
            told.append(time.monotonic())
            return answer("later", "429 Too Many Requests", Retry_After=2)
        return page(*(f"/{letters(i)}" for i in range(6)))
    shop = site(pages)
    Run(shop.url)
    after = [moment for moment in shop.moments if moment > told[0] + 0.001]
    assert after and after[0] >= told[0] + 2


def test_the_sample_site_is_tested_whole_with_few_requests(site):
    def pages(path):
        file = SITE / (path.split("?")[0].lstrip("/") or "index.html")
        if not file.is_file():
            return NOT_FOUND
        return answer(file.read_bytes(), kind=mimetypes.guess_type(file)[0],
                      X_Powered_By="PHP/7.2.10", Set_Cookie="session=4fd1c0ffee; Path=/")
    sample = site(pages)
    run = Run(sample.url, max_rps=20)
    assert run.ended() == (0, "completed")
    assert 0 < len(sample.paths) <= run.result["data"]["requests"] < 300
    assert {"/catalogue.html", "/login.html"} <= set(sample.paths)
    assert all(check["status"] != "error" for check in run.checks.values())


# --- sites that want to keep or to choke who comes -----------------------------------------------

MEMORY_MAX = 384 * MIB  # with what the sanitizers take


def hostile(behind):
    """A site whose first page leads to /trap, which is `behind`."""
    return lambda path: (page("/trap", "/fine") if path == "/" else
                         behind(path) if path.startswith("/trap") else
                         NOT_FOUND if path == "/robots.txt" else page())


def zeros(head):
    yield head
    for _ in range(10 << 10):
        yield bytes(MIB)


BOMB = gzip.compress(bytes(64 * MIB), 9)
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
TRAPS = {
    "body": lambda path: zeros(ENDLESS),
    "bomb": lambda path: answer(BOMB, Content_Encoding="gzip"),
    "headers": lambda path: zeros(b"HTTP/1.1 200 OK\r\nX: "),
    "header lines": lambda path: answer(**{f"X_{i}": "y" * 1000 for i in range(2000)}),
    "nesting": lambda path: answer("<div>" * 200000),
    "formatting": lambda path: answer("".join(f"<b id={i}>" for i in range(300)) + "<p>x" * 60000),
    "links": lambda path: answer("".join(f"<a href=/trap/{letters(i)}{letters(i // 676)}>"
                                         for i in range(30000))),
    "redirects": lambda path: answer(status="302 Found", Location=path + "a"),
    "numbers": lambda path: page(*(f"/trap{i}?page={i}" for i in range(500))),
    "depth": lambda path: page(path + "/a"),
    "garbage": lambda path: os.urandom(65536),
    "hang up": lambda path: iter(()),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_behind_the_first_page_holds_nobody(site, trap):
    shop = site(hostile(TRAPS[trap]))
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert shop.asked("/fine") and 0 < len(shop.asked("/trap")) <= 20
    assert len(shop.crawled) < 60 and len(shop.paths) < 150 and run.memory < MEMORY_MAX


@pytest.mark.parametrize("trap, status", [("body", "completed"), ("bomb", "completed"),
                                          ("header lines", "partial"), ("nesting", "completed"),
                                          ("links", "completed"), ("redirects", "partial"),
                                          ("hang up", "failed")])
def test_a_trap_as_the_first_page_is_told_as_what_it_is(site, trap, status):
    shop = site(lambda path: TRAPS[trap](path))
    run = Run(shop.url)
    assert run.ended() == (0, status)
    assert run.memory < MEMORY_MAX and len(shop.crawled) < 60 and len(shop.paths) < 150


def test_pages_of_many_nodes_take_bounded_memory_together(site):
    links = "".join(f"<a href=/{letters(i)}></a>" for i in range(40))
    shop = site(lambda path: answer(links + "<br>" * 200000))
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert run.crawl["pages"] == 20 and run.memory < MEMORY_MAX


def drip(path):
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!-- "
    while True:
        time.sleep(0.5)
        yield b"#"


@pytest.mark.skipif(not FULL, reason="waits for three pages in vain: only in the full dose")
def test_pages_that_drip_end_the_crawl(site):
    shop = site(lambda path: page(*(f"/{letters(i)}" for i in range(30)))
                if path == "/" else NOT_FOUND if path == "/robots.txt" else drip(path))
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert len(set(shop.crawled) - {"/", "/robots.txt"}) == 3 and run.crawl["pages"] == 1


def test_a_robots_txt_that_drips_ends_the_crawl(site):
    shop = site(lambda path: drip(path) if path == "/robots.txt" else page("/other"))
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert not shop.asked("/other") and run.crawl["robots_status"] == 0
    assert run.warnings == ["robots.txt was not answered: no other page was asked for"]


def test_pages_that_fail_one_after_another_end_the_crawl(site):
    shop = site(lambda path: page(*(f"/{letters(i)}" for i in range(30)))
                if path == "/" else NOT_FOUND if path == "/robots.txt" else b"no HTTP at all")
    run = Run(shop.url)
    assert run.ended() == (0, "completed")
    assert len(set(shop.crawled) - {"/", "/robots.txt"}) == 3
