"""Goal: browsers of the listed origins may call, others may not (ADR-018)."""
import pytest

from vocabulary import expect_status

ORIGIN = "http://localhost:3001"


def preflight(stack, path, origin, method="POST", headers="content-type,x-api-key"):
    return stack.request("OPTIONS", path, key=None, headers={
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers})


@pytest.mark.parametrize("path", ["/api/tasks", "/api/v1/tasks"])
def test_a_listed_origin_may_preflight(stack, path):
    reply = expect_status(preflight(stack, path, ORIGIN), 200)
    assert reply.body == b"OK"
    assert reply.header("access-control-allow-origin") == ORIGIN
    assert reply.header("access-control-allow-credentials") == "true"
    assert reply.header("access-control-max-age") == "600"
    assert "Origin" in reply.header("vary")
    assert "POST" in reply.header("access-control-allow-methods")
    assert "x-api-key" in reply.header("access-control-allow-headers").lower()


def test_another_origin_may_not(stack):
    reply = expect_status(preflight(stack, "/api/tasks", "http://evil.example"), 400)
    assert reply.header("access-control-allow-origin") is None
    assert b"Disallowed CORS origin" in reply.body


def test_the_under_v1_list_of_methods_is_the_narrow_one(stack):
    wide = preflight(stack, "/api/tasks", ORIGIN).header("access-control-allow-methods")
    narrow = preflight(stack, "/api/v1/tasks", ORIGIN).header("access-control-allow-methods")
    assert {word.strip() for word in wide.split(",")} == \
        {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
    assert {word.strip() for word in narrow.split(",")} == \
        {"GET", "POST", "PUT", "DELETE", "OPTIONS"}


@pytest.mark.parametrize("origin", ["http://localhost:3001.evil.example", "null", "HTTP://LOCALHOST:3001",
                                    "http://localhost:30011", "http://localhost", "*"])
def test_what_only_looks_like_a_listed_origin_is_not_one(stack, origin):
    reply = stack.get("/health", key=None, headers={"Origin": origin})
    assert reply.header("access-control-allow-origin") is None


def test_answers_and_errors_carry_the_origin(stack):
    for reply in (stack.get("/health", headers={"Origin": ORIGIN}),
                  stack.get("/api/auth/me", key=None, headers={"Origin": ORIGIN})):
        assert reply.header("access-control-allow-origin") == ORIGIN
        assert reply.header("access-control-allow-credentials") == "true"
        assert "Origin" in reply.header("vary")
