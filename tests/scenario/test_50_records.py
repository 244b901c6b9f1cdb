"""Goal: what the original wrote to Redis works here, and what is written here is what it would read."""
import json
import secrets

from vocabulary import RECORD_FIELDS, expect_detail, expect_status, sha256

KEY_RECORD_FIELDS = ["key_id", "description", "role", "created_by", "created_at", "user_id", "email",
                     "permissions"]
OLD_TASK = "3f0e7a2c-9b1d-4e55-8a77-0c1d2e3f4a5b"


def original_key(service, role="qa_engineer", permissions=None, extra=None):
    """An API key record as the original's code writes it: its three keys, json.dumps' style."""
    key = secrets.token_urlsafe(32)
    digest = sha256(key)
    key_id = digest[:8]
    record = {"key_id": key_id, "description": "made by the original", "role": role,
              "created_by": "admin", "created_at": "2026-02-21T10:00:00.123456",
              "user_id": f"api-key-{key_id}", "email": f"api-key-{key_id}@agnostic",
              "permissions": permissions or ["sessions:read", "sessions:write", "api:access"],
              **(extra or {})}
    service.redis("SET", f"api_key:{digest}", json.dumps(record))
    service.redis("SET", f"api_key_id:{key_id}", digest)
    service.redis("SADD", "api_keys:index", key_id)
    return key, key_id


def test_a_key_of_the_original_opens_the_service(stack):
    key, key_id = original_key(stack)
    me = expect_status(stack.get("/api/auth/me", key=key), 200).json
    assert me["user_id"] == f"api-key-{key_id}" and me["role"] == "qa_engineer"
    stack.submit(key=key)


def test_a_key_of_the_original_is_listed_and_revoked(stack):
    key, key_id = original_key(stack)
    assert key_id in [row["key_id"] for row in stack.get("/api/auth/api-keys").json["api_keys"]]
    expect_status(stack.request("DELETE", f"/api/auth/api-keys/{key_id}"), 200)
    expect_detail(stack.get("/api/auth/me", key=key), 401, "Invalid API key")
    assert stack.redis("EXISTS", f"api_key:{sha256(key)}", f"api_key_id:{key_id}") == 0
    assert stack.redis("SISMEMBER", "api_keys:index", key_id) == 0


def test_a_key_made_here_has_the_originals_record(stack):
    made = stack.post("/api/auth/api-keys", {"description": "ours", "role": "qa_engineer"}).json
    digest = sha256(made["api_key"])
    assert made["key_id"] == digest[:8]
    record = json.loads(stack.redis("GET", f"api_key:{digest}"))
    assert list(record) == KEY_RECORD_FIELDS
    assert record["user_id"] == f"api-key-{made['key_id']}"
    assert record["email"] == f"api-key-{made['key_id']}@agnostic"
    assert "+" not in record["created_at"] and "Z" not in record["created_at"]
    assert stack.redis("GET", f"api_key_id:{made['key_id']}") == digest
    assert stack.redis("SISMEMBER", "api_keys:index", made["key_id"]) == 1
    assert stack.redis("TTL", f"api_key:{digest}") == -1


def test_a_task_of_the_original_can_be_polled(stack):
    record = {"task_id": OLD_TASK, "session_id": "session_20260221_100000_3f0e7a2c",
              "status": "completed", "created_at": "2026-02-21T10:00:00.123456+00:00",
              "updated_at": "2026-02-21T10:05:00+00:00",
              "result": {"status": "completed", "note": "größer"}}
    stack.redis("SETEX", f"task:{OLD_TASK}", 86400, json.dumps(record))
    assert expect_status(stack.poll(OLD_TASK), 200).json == record
    expect_status(stack.get(f"/api/tasks/{OLD_TASK}?view=full"), 200)


def test_a_task_made_here_has_the_originals_record(stack):
    accepted = stack.submit(callback_url="https://receiver.example/", callback_secret="hush",
                            agents=["performance"])
    task_id = accepted["task_id"]
    assert stack.redis("TYPE", f"task:{task_id}") == "string"
    assert 0 < stack.redis("TTL", f"task:{task_id}") <= 86400
    stored = stack.redis("GET", f"task:{task_id}")
    assert list(json.loads(stored)) == RECORD_FIELDS
    assert "hush" not in stored and "receiver.example" not in stored
    ended = stack.poll_until_terminal(task_id)
    assert json.loads(stack.redis("GET", f"task:{task_id}")) == ended
    assert 0 < stack.redis("TTL", f"task:{task_id}") <= 86400


def test_a_damaged_record_is_an_error_of_ours_and_nothing_falls_over(stack):
    for index, damage in enumerate(("", "{", "[]", "null", '{"task_id":1}', "\xff")):
        task_id = f"00000000-0000-4000-8000-00000000000{index}"
        stack.redis("SET", f"task:{task_id}", damage.encode("latin-1"))
        assert stack.poll(task_id).status in (404, 500)
        stack.redis("DEL", f"task:{task_id}")
    for index, damage in enumerate(("", "{", "[]", '{"user_id":5}', '{"permissions":"all"}')):
        key = f"damaged-key-number-{index}"
        stack.redis("SET", f"api_key:{sha256(key)}", damage)
        assert stack.get("/api/auth/me", key=key).status in (401, 500)
        stack.redis("DEL", f"api_key:{sha256(key)}")
    expect_status(stack.get("/ready", key=None), 200)
