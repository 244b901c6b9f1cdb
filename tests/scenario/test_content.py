"""Goal: what a site sends is what the header fields before it say, or it is told; what is as it should
be, or what nobody can tell, is not."""
import gzip
import json

import brotli
import pytest

from site_kit import Site, page
from test_junior_agent import Run, pytestmark, task  # noqa: F401

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ZIPPED = gzip.compress(b"p{color:red}" * 100)


def answer(body, kind=None, status=200, **fields):
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return (status, {**headers, **({"Content-Type": kind} if kind else {})}, body)


def names(*paths):
    """A page that leads to these, and loads them."""
    return page("".join(f"<img src='{path}' alt=i>" for path in paths))


def notes(run):
    return [note.split("/", 3)[3] for note in run.notes.get("FUN-08", [])]


SHORT = {"Content_Length": "100", "Connection": "close"}
WRONG = {
    "a picture that is a page": (answer(b"<!doctype html><p>Not here", "image/png"),
                                 "x is HTML; its Content-Type is image/png"),
    "a picture of another kind": (answer(PNG, "image/jpeg"),
                                  "x is a PNG image; its Content-Type is image/jpeg"),
    "a picture that is text": (answer(PNG, "text/plain; charset=utf-8"),
                               "x is a PNG image; its Content-Type is text/plain; charset=utf-8"),
    "data that is no JSON": (answer(b"{'a': 1}", "application/json"),
                             "x is no JSON; its Content-Type is application/json"),
    "half of what is announced": (answer(b"half", "text/plain", **SHORT),
                                  "x ends before all that it announces was sent"),
    "what is called gzip and is not": (answer(b"plain", "text/css", Content_Encoding="gzip"),
                                       "x cannot be decoded as its Content-Encoding says"),
    "what is called br and is not": (answer(b"\xff" * 9, "text/css", Content_Encoding="br"),
                                     "x cannot be decoded as its Content-Encoding says"),
    "a coding that nobody knows": (answer(b"plain", "text/css", Content_Encoding="rot13"),
                                   "x cannot be decoded as its Content-Encoding says"),
    "gzip twice, said once": (answer(gzip.compress(ZIPPED), "text/css", Content_Encoding="gzip"),
                              "x is gzip data; its Content-Type is text/css"),
}
RIGHT = {
    "a picture": answer(PNG, "image/png"),
    "text": answer(b"# text", "text/plain"),
    "a download": answer(PNG, "application/octet-stream"),
    "without a type": answer(PNG),
    "nothing": answer(b"", "application/json"),
    "no content": answer(b"", "image/png", 204),
    "gzip": answer(ZIPPED, "text/css", Content_Encoding="gzip"),
    "br": answer(brotli.compress(b"p{}"), "text/css", Content_Encoding="br"),
    "more than is read": answer(json.dumps(["x" * 1000] * 400).encode(), "application/json"),
    "more than is read, compressed": answer(gzip.compress(bytes(1 << 20)), "text/css", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_body_that_is_not_as_it_says_is_told(fault):
    body, expected = WRONG[fault]
    run = Run(Site({"/": names("/x"), "/x": body}).url)
    assert run.findings == ["FUN-08 low"] and notes(run) == [expected]


def test_bodies_that_are_as_they_say_are_not():
    site = Site({f"/{n}": body for n, body in enumerate(RIGHT.values())})
    site.pages["/"] = names(*site.pages)
    run = Run(site.url)
    assert run.findings == [] and run.checks["FUN-08"]["status"] == "passed"
    assert {("GET", f"/{n}") for n in range(len(RIGHT))} <= set(site.asked)


def test_an_error_page_may_be_html():
    run = Run(Site({"/": names("/x"), "/x": (404, {"Content-Type": "text/html"}, b"<!doctype html>")}).url)
    assert run.findings == ["FUN-21 low"]


@pytest.mark.parametrize("link", ["<a href=/x>x</a>", "<script src=/x></script>"], ids=["a page", "a file"])
def test_a_bad_moment_is_told_and_not_called_a_body_that_ends_early(link):
    site = Site({"/": page(link)})
    site.pages["/x"] = lambda: answer(b"<title>x</title>", "text/html") if site.asked.count(
        ("GET", "/x")) > 1 else answer(b"half", "text/html", **SHORT)
    run = Run(site.url)
    assert "FUN-08 low" not in run.findings and "FUN-14 low" in run.findings
    assert run.notes["FUN-14"] == [f"{site.url}/x failed (it ended early) and was fine when it was asked again"]


def test_what_is_there_for_head_alone_is_not_there():
    site = Site({"/": names("/x")})
    site.pages["/x"] = lambda: answer(PNG, "image/png") if site.asked[-1][0] == "HEAD" else (500, {}, b"")
    assert Run(site.url).findings != []


@pytest.mark.parametrize("body, expected", [
    (answer(b"plain", "text/html", Content_Encoding="gzip"), " cannot be decoded as its Content-Encoding says"),
    (answer(b"{", "application/json"), " is no JSON; its Content-Type is application/json")])
def test_the_target_itself_is_looked_at_too(body, expected):
    run = Run(Site({"/": body}).url)
    assert run.findings == ["FUN-08 low"] and notes(run) == [expected]


def test_a_page_that_cannot_be_decoded_is_not_said_to_lack_a_title():
    run = Run(Site({"/": page("<a href=/x>x</a>"),
                    "/x": answer(b"plain", "text/html", Content_Encoding="gzip")}).url)
    assert run.findings == ["FUN-08 low"]


def test_a_hundred_files_are_read_and_no_more():
    site = Site({f"/{n}": answer(PNG, "image/png") for n in range(105)})
    site.pages["/"] = names(*site.pages)
    run = Run(site.url)
    assert (run.checks["FUN-08"]["status"], run.checks["FUN-08"]["reason"]) == ("not_tested", "not_all_read")
    assert len([path for how, path in site.asked if how == "GET" and path[1:].isdigit()]) == 100
