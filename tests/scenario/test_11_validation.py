"""Goal: a faulty submission is told all of its faults at once, in the original's words."""
import json

import pytest

from vocabulary import expect_faults, expect_status, rows, task


@pytest.mark.parametrize("row", rows("submit_faults.tsv"), ids=lambda row: row["case"])
def test_faulty_members_are_named(stack, row):
    expected = json.loads(row["faults"])
    found = expect_faults(stack.post("/api/tasks", row["body"].encode()),
                          *[(kind, loc) for kind, loc, _, _ in expected])
    assert [(fault["msg"], fault.get("ctx")) for fault in found] == \
        [(message, context) for _, _, message, context in expected]


@pytest.mark.parametrize("member, limit", [("title", 200), ("description", 5000),
                                           ("business_goals", 500), ("constraints", 500)])
def test_text_over_its_limit_is_too_long(stack, member, limit):
    fault, = expect_faults(stack.post("/api/tasks", task(**{member: "x" * (limit + 1)})),
                           ("string_too_long", ("body", member)))
    assert fault["ctx"] == {"max_length": limit}
    assert fault["msg"] == f"String should have at most {limit} characters"
    assert len(fault["input"]) <= 203, "a long input is not sent back whole"


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example/", "http://", "//shop.example",
                                 "javascript:alert(1)", "http://shop.example:99999/",
                                 "http://a b/", "http://" + "x" * 3000])
def test_a_target_that_is_no_http_url_is_refused(stack, url):
    reply = expect_status(stack.post("/api/tasks", task(target_url=url)), 422)
    assert [fault["loc"] for fault in reply.json["detail"]] == [["body", "target_url"]]


def test_the_callback_secret_is_never_sent_back(stack):
    reply = stack.post("/api/tasks", {"callback_secret": "hush-hush", "title": ""})
    expect_status(reply, 422)
    assert b"hush-hush" not in reply.body
    reply = stack.post("/api/tasks", {"callback_secret": ["hush-hush"]})
    assert b"hush-hush" not in expect_status(reply, 422).body


def test_no_body_at_all_is_missing(stack):
    expect_faults(stack.post("/api/tasks", b""), ("missing", ("body",)))


def test_broken_json_comes_before_the_credential(stack):
    reply = stack.post("/api/tasks", b'{"title":', key=None)
    fault, = expect_status(reply, 422).json["detail"]
    assert fault["type"] == "json_invalid" and fault["loc"][0] == "body"


def test_a_missing_credential_comes_before_faulty_members(stack):
    expect_status(stack.post("/api/tasks", {"title": ""}, key=None), 401)


def test_a_body_that_is_too_large_is_refused(stack):
    expect_status(stack.post("/api/tasks", b'{"title":"' + b"x" * 70000 + b'"}'), 413)
    stack.submit()
