"""Goal: the owner of a task can repeat, join, cancel and try it again, behind every web server."""
import os
import signal
import threading
from pathlib import Path

import pytest

from conftest import TOKEN_SECRET, many_stacks
from vocabulary import (RECORD_FIELDS, bearer, claims, expect_detail, expect_status, own_words, sign,
                        task, wait_for)

AGENTS = Path(__file__).parent / "agents"
CREATORS = ["/tasks", "/tasks/security", "/tasks/performance", "/tasks/regression", "/tasks/full"]


def keyed(key):
    return {"Idempotency-Key": key}


def change(service, method, path, **options):
    """A request without a body that says so."""
    fields = {"Content-Length": "0"} if method == "POST" else {}
    return service.request(method, path, headers={**fields, **options.pop("headers", {})}, **options)


@pytest.fixture(scope="module")
def idle():
    """A stack whose runner is stopped: what is submitted waits."""
    with many_stacks() as make:
        service = make(WEBGUI_SECRET_KEY=TOKEN_SECRET)
        service.stack("stop", "runner")
        yield service


# --- the same request again


@pytest.mark.parametrize("path", CREATORS)
def test_every_creator_answers_the_same_request_with_the_same_task(idle, path):
    key = keyed("again" + path)
    first = expect_status(idle.post("/api/v1" + path, task(), headers=key), 201)
    again = expect_status(idle.post("/api/v1" + path, task(), headers=key), 201)
    assert again.header("idempotency-replayed") == "true"
    assert not first.header("idempotency-replayed")
    assert again.json == first.json and list(again.json) == RECORD_FIELDS
    assert again.header("location") == first.header("location")
    other = idle.post("/api/v1" + path, task(title="Another"), headers=key)
    assert expect_status(other, 422).json["code"] == "idempotency_key_reused"


def test_a_key_that_is_none_is_refused(idle):
    for value in ("a b", '"a', "k" * 256):
        expect_status(idle.post("/api/tasks", task(), headers=keyed(value)), 400)


def test_two_keys_in_one_request_are_refused(idle):
    reply = idle.post("/api/tasks", task(), headers={"Idempotency-Key": "a",
                                                    "idempotency-key": "b"})
    expect_status(reply, 400)


def test_many_clients_with_one_key_make_one_task(idle):
    replies = []

    def submit():
        replies.append(idle.post("/api/v1/tasks", task(), headers=keyed("many")))

    clients = [threading.Thread(target=submit) for _ in range(16)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert {expect_status(reply, 201).json["task_id"] for reply in replies} == \
        {replies[0].json["task_id"]}
    assert sum(reply.header("idempotency-replayed") != "true" for reply in replies) == 1


def test_an_answer_that_was_lost_does_not_double_the_task(new_stack):
    service = new_stack(workers=1, AGNOSTIC_REDIS_TIMEOUT_MS=200)
    service.stack("stop", "runner")
    service.submit(priority="low")  # its worker is connected, Redis knows the script
    os.kill(service.pid("redis"), signal.SIGSTOP)
    lost = service.post("/api/tasks", task(), headers=keyed("lost"))
    os.kill(service.pid("redis"), signal.SIGCONT)
    expect_status(lost, 503)
    found = wait_for(lambda: (reply := service.post("/api/tasks", task(), headers=keyed("lost")))
                     .status == 200 and reply)
    assert service.redis("LLEN", "q:ready:high") == 1
    assert service.redis("LRANGE", "q:ready:high", 0, -1) == [found.json["task_id"]]


def test_an_api_key_is_created_once(idle):
    first = expect_status(idle.post("/api/auth/api-keys", {}, headers=keyed("key")), 200).json
    again = idle.post("/api/auth/api-keys", {}, headers=keyed("key"))
    assert expect_status(again, 409).json["key_id"] == first["key_id"]
    assert again.json["code"] == "already_created" and first["api_key"] not in str(again.json)


def test_an_equal_task_that_waits_is_joined(idle):
    first = expect_status(idle.post("/api/v1/tasks?dedupe=true", task(title="Twin")), 201)
    twin = expect_status(idle.post("/api/v1/tasks?dedupe=true", task(title="Twin")), 200)
    assert twin.header("deduplicated") == "true" and twin.json == first.json
    expect_status(change(idle, "DELETE", f"/api/tasks/{first.json['task_id']}"), 200)
    after = expect_status(idle.post("/api/v1/tasks?dedupe=true", task(title="Twin")), 201)
    assert after.json["task_id"] != first.json["task_id"]


# --- limits


def test_the_quota_is_told_and_kept(new_stack):
    service = new_stack(AGNOSTIC_SUBMIT_PER_MIN=2)
    first = expect_status(service.post("/api/tasks", task()), 200)
    assert first.header("ratelimit-policy") == '"submit";q=2;w=60'
    assert first.header("ratelimit").startswith('"submit";r=1;t=')
    expect_status(service.post("/api/tasks", task()), 200)
    reply = service.post("/api/tasks", task())
    expect_detail(reply, 429, "Rate limit exceeded (2 requests per 60s)")
    assert reply.header("ratelimit") == f'"submit";r=0;t={reply.header("retry-after")}'
    assert service.poll(first.json["task_id"]).status == 200  # reading is not counted


def test_a_draining_service_takes_nothing_new(idle):
    idle.redis("SET", "q:drain", "1")
    reply = idle.post("/api/tasks", task())
    idle.redis("DEL", "q:drain")
    assert expect_status(reply, 503).json["code"] == "draining" and reply.header("retry-after")


# --- cancel, try again


@pytest.mark.parametrize("method, tail", [("DELETE", ""), ("POST", "/cancel")])
@pytest.mark.parametrize("prefix", ["/api", "/api/v1"])
def test_a_waiting_task_is_cancelled(idle, method, tail, prefix):
    record = idle.submit()
    path = f"{prefix}/tasks/{record['task_id']}{tail}"
    reply = expect_status(change(idle, method, path), 200)
    assert reply.json == {"task_id": record["task_id"], "status": "cancelled",
                          "message": "Task cancelled successfully"}
    assert idle.poll(record["task_id"]).json["status"] == "cancelled"
    expect_detail(change(idle, method, path), 409, "Cannot cancel task in 'cancelled' state")


def test_a_post_without_a_body_need_not_say_so(idle):
    path = f"/api/tasks/{idle.submit()['task_id']}/cancel"
    assert idle.request("POST", path).status in own_words(idle.server, "no length")


def test_others_do_not_cancel_without_the_permission(idle):
    record = idle.submit()
    path = f"/api/tasks/{record['task_id']}"
    own = bearer(sign(TOKEN_SECRET, {"alg": "HS256", "typ": "JWT"}, claims()))
    expect_status(change(idle, "DELETE", path, key=None, headers=own), 403)
    able = bearer(sign(TOKEN_SECRET, {"alg": "HS256", "typ": "JWT"},
                       claims(permissions=["sessions:delete"])))
    expect_status(change(idle, "DELETE", path, key=None, headers=able), 200)


def test_a_cancelled_task_is_tried_again(idle):
    record = idle.submit(priority="low")
    change(idle, "DELETE", f"/api/tasks/{record['task_id']}")
    path = f"/tasks/{record['task_id']}/retry"
    again = expect_status(change(idle, "POST", "/api/v1" + path), 201)
    assert list(again.json) == ["original_task_id", "new_task_id", "session_id", "status"]
    assert again.json["original_task_id"] == record["task_id"]
    assert again.json["status"] == "pending"
    assert again.header("location") == f"/api/v1/tasks/{again.json['new_task_id']}"
    expect_detail(change(idle, "POST", f"/api/tasks/{again.json['new_task_id']}/retry"), 409,
                  "Can only retry failed or cancelled tasks, current status: 'pending'")
    expect_status(change(idle, "POST", "/api" + path), 200)


def test_what_is_unknown_cannot_be_changed(idle):
    expect_detail(change(idle, "DELETE", "/api/tasks/nobody"), 404, "Task not found")
    expect_detail(change(idle, "POST", "/api/tasks/nobody/retry"), 404, "Task not found")


def test_what_has_expired_is_gone(idle):
    task_id = idle.submit()["task_id"]
    change(idle, "DELETE", f"/api/tasks/{task_id}")
    for suffix in ("", ":meta", ":spec", ":events", ":cb", ":log"):
        idle.redis("DEL", f"task:{task_id}{suffix}")
    for method, tail in (("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("POST", "/retry")):
        reply = change(idle, method, f"/api/tasks/{task_id}{tail}")
        assert expect_status(reply, 410).json["code"] == "expired"


def test_a_running_task_is_cancelled_and_stays_so(new_stack):
    service = new_stack(slots=1, AGNOSTIC_AGENTS_DIR=AGENTS, AGNOSTIC_BEAT_MS=100)
    task_id = service.submit(description="sleep 600", agents=["junior-qa"])["task_id"]
    wait_for(lambda: service.poll(task_id).json["status"] == "running")
    expect_status(change(service, "DELETE", f"/api/tasks/{task_id}"), 200)
    after = service.submit(description="sleep 0", agents=["junior-qa"])["task_id"]
    assert service.poll_until_terminal(after)["status"] == "completed"  # its slot is free again
    assert service.poll(task_id).json["status"] == "cancelled"
