"""Goal: whatever a client sends, the answer is the one in the table, behind every web server."""
import re

import pytest

from vocabulary import rows


def spelled_out(text, service):
    text = re.sub(r"<(\d+)>", lambda found: "a" * int(found.group(1)), text)
    text = text.replace("<key>", service.key)
    return re.sub(rb"\\(r|n|t|0|x[0-9a-f]{2})", escaped, text.encode("latin-1"))


def escaped(found):
    word = found.group(1)
    named = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0"}
    return named[word] if word in named else bytes.fromhex(word[1:].decode())


def request_of(row, service):
    body = row["body"]
    body = b"a" * int(body[1:]) if body.startswith("@") else spelled_out(body, service)
    lines = [spelled_out(row["request"], service) + b" HTTP/1.1", b"Host: x", b"Connection: close"]
    lines += spelled_out(row["headers"], service).split(b"~")
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize("row", rows("web_servers.tsv"), ids=lambda row: row["case"])
def test_the_answer_is_the_one_in_the_table(stack, row):
    reply = stack.raw(request_of(row, stack))
    if reply.status == 100:
        reply = type(reply)(reply.body)
    own = "" if reply.header("x-request-id") else "!"
    assert f"{reply.status}{own}" == row[stack.server], reply


def test_what_the_web_server_refuses_inside_the_service_is_json_too(stack):
    reply = stack.raw(request_of(
        {"request": "POST /api/tasks", "headers": "Content-Length: 200000", "body": "@200000"},
        stack))
    assert reply.header("content-type").startswith("application/json"), reply
    assert reply.json["status"] == reply.status


def test_what_has_no_worker_behind_it_is_json_too(new_stack):
    service = new_stack()
    service.stack("stop", "api")
    reply = service.get("/api/auth/me")
    assert reply.status in (500, 502, 503)
    assert reply.header("content-type").startswith("application/json")
    assert reply.json["status"] == reply.status
