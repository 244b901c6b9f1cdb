"""Goal: API keys open what they should, from the moment they exist until the moment they are revoked."""
import re

import pytest

from vocabulary import (ALL_PERMISSIONS, bearer, claims, expect_detail, expect_faults,
                        expect_status, sign, task)
from conftest import TOKEN_SECRET

KEY_FIELDS = ["key_id", "api_key", "description", "role", "created_at", "note"]


def create_key(service, prefix="/api", **members):
    reply = service.post(f"{prefix}/auth/api-keys", members)
    return expect_status(reply, 201 if prefix == "/api/v1" else 200).json


def test_the_static_key_has_every_permission(stack):
    me = expect_status(stack.get("/api/auth/me"), 200).json
    assert me["user_id"] == "api-key-user" and me["permissions"] == ALL_PERMISSIONS


def test_a_created_key_works_at_once(stack):
    key = create_key(stack, description="CI", role="api_user")
    assert list(key)[:6] == KEY_FIELDS
    assert key["note"] == "Store this key safely — it will not be shown again."
    assert re.fullmatch(r"agn_[0-9A-Za-z]{38}", key["api_key"])
    assert re.fullmatch(r"[0-9a-f]{8}", key["key_id"])
    record = stack.submit(key=key["api_key"])
    expect_status(stack.poll(record["task_id"], key=key["api_key"]), 200)


@pytest.mark.parametrize("role, permissions", [
    ("api_user", ["sessions:read", "sessions:write", "api:access"]),
    ("qa_engineer", ["sessions:read", "sessions:write", "agents:control", "reports:generate",
                     "api:access"]),
    ("super_admin", ALL_PERMISSIONS)])
def test_a_key_has_the_permissions_of_its_role(stack, role, permissions):
    key = create_key(stack, role=role)
    me = stack.get("/api/auth/me", key=key["api_key"]).json
    assert sorted(me["permissions"]) == sorted(permissions) and me["role"] == role


def test_an_unknown_role_is_refused(stack):
    expect_status(stack.post("/api/auth/api-keys", {"role": "emperor"}), 422)


def test_a_key_cannot_manage_keys_without_the_permission(stack):
    key = create_key(stack, role="qa_engineer")["api_key"]
    for reply in (stack.post("/api/auth/api-keys", {}, key=key),
                  stack.get("/api/auth/api-keys", key=key),
                  stack.request("DELETE", "/api/auth/api-keys/00000000", key=key)):
        expect_detail(reply, 403, "Insufficient permissions")


def test_a_creator_cannot_grant_what_it_lacks(stack):
    token = sign(TOKEN_SECRET, {"alg": "HS256", "typ": "JWT"},
                 claims(permissions=["system:configure", "sessions:read"]))
    reply = stack.post("/api/auth/api-keys", {"role": "super_admin"}, key=None,
                       headers=bearer(token))
    expect_status(reply, 403)


def test_a_revoked_key_is_dead_from_the_next_request_on(stack):
    key = create_key(stack)
    expect_status(stack.get("/api/auth/me", key=key["api_key"]), 200)
    reply = expect_status(stack.request("DELETE", f"/api/auth/api-keys/{key['key_id']}"), 200)
    assert reply.json == {"status": "revoked", "key_id": key["key_id"]}
    for _ in range(8):  # whichever worker answers
        expect_detail(stack.get("/api/auth/me", key=key["api_key"]), 401, "Invalid API key")
    expect_detail(stack.request("DELETE", f"/api/auth/api-keys/{key['key_id']}"), 404,
                  "API key not found")


def test_keys_are_listed_without_themselves(stack):
    key = create_key(stack, description="listed")
    reply = expect_status(stack.get("/api/auth/api-keys"), 200)
    assert list(reply.json) == ["api_keys"]
    listed, = [row for row in reply.json["api_keys"] if row["key_id"] == key["key_id"]]
    assert {"key_id", "description", "role", "created_by", "created_at"} <= set(listed)
    assert key["api_key"].encode() not in reply.body


def test_under_v1_keys_come_in_pages(stack):
    create_key(stack, "/api/v1", description="one")
    create_key(stack, "/api/v1", description="two")
    page = expect_status(stack.get("/api/v1/auth/api-keys?limit=1&offset=1"), 200).json
    assert list(page) == ["items", "total", "limit", "offset"]
    assert len(page["items"]) == 1 and page["limit"] == 1 and page["offset"] == 1
    assert page["total"] >= 2
    expect_faults(stack.get("/api/v1/auth/api-keys?limit=0"),
                  ("greater_than_equal", ("query", "limit")))


def test_an_expired_key_is_refused_and_listed_as_expired(stack):
    reply = stack.post("/api/auth/api-keys", {"expires_at": "2020-01-01T00:00:00Z"})
    expect_status(reply, 422)
    key = create_key(stack, expires_at="2099-01-01T00:00:00Z")
    expect_status(stack.get("/api/auth/me", key=key["api_key"]), 200)
    listed, = [row for row in stack.get("/api/auth/api-keys").json["api_keys"]
               if row["key_id"] == key["key_id"]]
    assert listed["status"] == "active" and listed["expires_at"].startswith("2099-01-01")


@pytest.mark.parametrize("key", ["x", "agn_", "agn_" + "0" * 38, "*", "?", "[a-z]", "%s%n",
                                 "../x", "api_key:x", "a" * 4000, "\xe9\xff"])
def test_a_wrong_key_is_refused(stack, key):
    reply = stack.get("/api/auth/me", key=None, headers={"X-API-Key": key})
    error = expect_detail(reply, 401, "Invalid API key")
    assert reply.header("www-authenticate") and error["code"]


def test_a_key_alone_decides_even_beside_a_valid_token(stack):
    token = sign(TOKEN_SECRET, {"alg": "HS256", "typ": "JWT"}, claims())
    expect_status(stack.get("/api/auth/me", key=None, headers=bearer(token)), 200)
    expect_detail(stack.get("/api/auth/me", key="wrong", headers=bearer(token)), 401,
                  "Invalid API key")


def test_two_keys_are_no_key(stack):
    reply = stack.raw((f"GET /api/auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       f"X-API-Key: {stack.key}\r\nX-API-Key: {stack.key}\r\n\r\n").encode())
    expect_status(reply, 401)
    expect_status(stack.get("/api/auth/me", key=f"{stack.key},{stack.key}"), 401)


def test_the_underscore_twin_of_the_header_is_no_key(stack):
    expect_status(stack.get("/api/auth/me", key=None, headers={"X_API_Key": stack.key}), 401)


def test_a_key_in_the_query_is_no_key(stack):
    expect_status(stack.get(f"/api/auth/me?api_key={stack.key}", key=None), 401)


def test_no_credential_at_all(stack):
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "bearer x"}):
        reply = stack.get("/api/auth/me", key=None, headers=headers)
        expect_detail(reply, 401, "Missing or invalid authorization header")
        assert reply.header("www-authenticate")


def test_a_reader_may_not_submit(stack):
    token = sign(TOKEN_SECRET, {"alg": "HS256", "typ": "JWT"},
                 claims(permissions=["sessions:read"]))
    expect_detail(stack.post("/api/tasks", task(), key=None, headers=bearer(token)), 403,
                  "Insufficient permissions")
    task_id = stack.submit()["task_id"]
    expect_status(stack.poll(task_id, key=None, headers=bearer(token)), 200)


def test_reading_may_be_narrowed_to_the_owner(new_stack):
    service = new_stack(AGNOSTIC_TASK_READ="owner")
    mine = create_key(service)["api_key"]
    other = create_key(service)["api_key"]
    task_id = service.submit(key=mine)["task_id"]
    expect_status(service.poll(task_id, key=mine), 200)
    expect_detail(service.poll(task_id, key=other), 404, "Task not found")


def test_without_redis_a_stored_key_is_not_called_invalid(new_stack):
    service = new_stack()
    key = create_key(service)["api_key"]
    service.stack("stop", "redis")
    expect_status(service.get("/api/auth/me", key=key), 503)
    expect_status(service.get("/api/auth/me"), 200)


def test_no_secret_is_logged(stack):
    key = create_key(stack, description="quiet")["api_key"]
    stack.get("/api/auth/me", key=key)
    stack.get(f"/api/auth/me?api_key={stack.key}", key=None)
    token = sign(TOKEN_SECRET, {"alg": "HS256", "typ": "JWT"}, claims())
    stack.get("/api/auth/me", key=None, headers=bearer(token))
    logs = "".join((stack.folder / "log" / name).read_text(errors="replace")
                   for name in ("api.log", "runner.log") if (stack.folder / "log" / name).exists())
    assert key not in logs and token not in logs and TOKEN_SECRET not in logs
    assert stack.key not in logs
