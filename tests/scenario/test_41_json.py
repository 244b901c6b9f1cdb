"""Goal: no body makes the service stumble; what is not strict JSON is told where it is not."""
import json
from urllib.parse import unquote_to_bytes

import pytest

from vocabulary import DATA, expect_status, own_words


def cases(wanted):
    for line in (DATA / "json_cases.tsv").read_text().splitlines():
        if line and line[0] != "#":
            verdict, offset, reason, text = line.split("\t")
            if verdict == wanted and text:  # an empty body is a missing one
                yield pytest.param(offset, reason, unquote_to_bytes(text), id=f"{text[:50]} {reason}")


@pytest.mark.parametrize("offset, reason, body", cases("refuse"))
def test_what_is_not_strict_json_is_refused_with_the_place(stack, offset, reason, body):
    fault, = expect_status(stack.post("/api/tasks", body, key=None), 422).json["detail"]
    assert fault["type"] == "json_invalid" and fault["msg"] == "JSON decode error"
    assert fault["loc"] == ["body", int(offset)] and fault["ctx"] == {"error": reason}
    assert fault["input"] == {}


@pytest.mark.parametrize("offset, reason, body", cases("accept"))
def test_strict_json_of_any_shape_is_only_told_what_is_missing(stack, offset, reason, body):
    faults = expect_status(stack.post("/api/tasks", body), 422).json["detail"]
    assert {fault["type"] for fault in faults} <= {"missing", "model_attributes_type"}


def test_deep_nesting_and_many_members_are_bounded(stack):
    for body in (b"[" * 30000, b'{"a":' * 10000, b"[" * 17 + b"]" * 17,
                 json.dumps({str(n): n for n in range(1000)}).encode(),
                 b'{"title":"' + b"\\u0041" * 10000 + b'","description":"d"}'):
        expect_status(stack.post("/api/tasks", body), 422)
    stack.submit()


def test_a_body_shorter_than_announced_is_refused(stack):
    reply = stack.raw((f"POST /api/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       f"X-API-Key: {stack.key}\r\nContent-Length: 100\r\n\r\n"
                       '{"title":"t"').encode(), shut=True)
    if reply.header("x-request-id"):
        expect_status(reply, 400)
    else:
        assert reply.status in own_words(stack.server, "short body"), reply
