"""Goal: an owner finds their tasks, follows them, and waits for them without standing in others' way."""
import os
import re
import signal
import subprocess
import threading

import pytest

from conftest import many_stacks
from vocabulary import expect_detail, expect_faults, expect_status, wait_for

WAITERS = 200


@pytest.fixture(scope="module")
def idle():
    """A stack of four workers whose runner is stopped: what is submitted waits."""
    with many_stacks() as make:
        service = make(workers=4)
        assert service.stack("stop", "runner") == 0
        yield service


def has_pool(service):
    """Four workers, from the beginning; mod_fcgid starts as many as it sees fit."""
    return service.server != "apache-fcgid"


# --- finding them


@pytest.mark.parametrize("prefix", ["/api", "/api/v1"])
def test_all_tasks_are_found_page_by_page(idle, prefix):
    mark = f"found by {prefix}"
    wanted = [idle.submit(title=f"{mark} {n}")["task_id"] for n in range(5)]
    path, found = f"{prefix}/tasks?limit=2&q={mark.replace(' ', '+')}", []
    while path:
        reply = expect_status(idle.get(path), 200)
        found += reply.json if prefix == "/api" else reply.json["items"]
        link = re.fullmatch(r'<(.*)>; rel="next"', reply.header("link") or "")
        path = link and link[1]
    assert sorted(task["task_id"] for task in found) == sorted(wanted)


def test_what_is_asked_wrongly_is_told_at_once(idle):
    expect_faults(idle.get("/api/tasks?limit=201&status=done&cursor=x"),
                  ("literal_error", ("query", "status")),
                  ("less_than_equal", ("query", "limit")), ("value_error", ("query", "cursor")))


# --- following them


def curl(service, path, *words):
    return subprocess.run(["curl", "-sS", "-H", f"X-API-Key: {service.key}", *words,
                           f"{service.url}{path}"], capture_output=True, text=True, timeout=60)


def test_curl_follows_a_log(idle, tmp_path):
    task_id = idle.submit()["task_id"]
    copy, key = tmp_path / "log", f"task:{task_id}:log"
    whole = ""
    for lines in ("one\ntwo\n", "three é\n", "four\n" * 5000):
        idle.redis("APPEND", key, lines)
        whole += lines
        for _ in range(2):  # the second time there is nothing new
            curl(idle, f"/api/tasks/{task_id}/log", "-C", "-", "-o", str(copy))
            assert copy.read_text() == whole


def test_a_log_is_read_in_parts(idle):
    task_id = idle.submit()["task_id"]
    path = f"/api/tasks/{task_id}/log"
    idle.redis("APPEND", f"task:{task_id}:log", "<b>0123456789</b>")
    reply = expect_status(idle.get(path, headers={"Range": "bytes=3-5"}), 206)
    assert reply.body == b"012" and reply.header("content-range") == "bytes 3-5/17"
    assert reply.header("content-type") == "text/plain; charset=utf-8"
    assert reply.header("x-content-type-options") == "nosniff"
    reply = idle.get(path, headers={"Range": "bytes=17-"})
    expect_detail(reply, 416, "Requested range is not satisfiable")
    assert reply.header("content-range") == "bytes */17" and int(reply.header("retry-after")) > 0
    assert expect_status(idle.get(path), 200).body == b"<b>0123456789</b>"


def test_the_history_goes_on_where_it_was_left(idle):
    task_id = idle.submit()["task_id"]
    page = expect_status(idle.get(f"/api/tasks/{task_id}/events"), 200).json
    assert [event["event"] for event in page["items"]] == ["pending"] and not page["ended"]
    expect_status(idle.request("DELETE", f"/api/tasks/{task_id}"), 200)
    page = idle.get(f"/api/tasks/{task_id}/events?after={page['next']}").json
    assert [event["event"] for event in page["items"]] == ["cancelled"] and page["ended"]


# --- waiting for them


def test_many_who_wait_delay_nobody(idle):
    task_id = idle.submit()["task_id"]
    replies = []

    def wait():
        replies.append(idle.poll(task_id, headers={"Prefer": "wait=30"}, timeout=100))
    waiters = [threading.Thread(target=wait) for _ in range(WAITERS)]
    for waiter in waiters:
        waiter.start()
    wait_for(lambda: len(replies) >= WAITERS - 1, 60)
    expect_status(idle.poll(task_id), 200)
    assert any(waiter.is_alive() for waiter in waiters) or not has_pool(idle)
    expect_status(idle.request("DELETE", f"/api/tasks/{task_id}"), 200)
    for waiter in waiters:
        waiter.join()
    obeyed = [reply for reply in replies if reply.header("preference-applied") == "wait=30"]
    at_once = [reply for reply in replies if reply.header("preference-applied") is None]
    assert len(obeyed) == 1 if has_pool(idle) else len(obeyed) <= 1
    assert len(at_once) == WAITERS - len(obeyed)
    assert all(reply.json["status"] == "cancelled" for reply in obeyed)
    assert all(reply.status == 200 and int(reply.header("retry-after")) > 0 for reply in at_once)


def test_who_waits_is_answered_when_its_worker_is_replaced(idle):
    if not has_pool(idle):
        pytest.skip("Apache's own reload has a test")
    task_id = idle.submit()["task_id"]
    replies = []
    waiter = threading.Thread(
        target=lambda: replies.append(idle.get(f"/api/tasks/{task_id}?wait=30", timeout=100)))
    waiter.start()
    wait_for(lambda: b"agnostic_http_waiting 1" in idle.get("/api/metrics").body)
    os.kill(idle.pid("api"), signal.SIGHUP)  # after AGNOSTIC_DRAIN_MS, 25 s, it would be killed
    waiter.join()
    assert expect_status(replies[0], 200).json["status"] == "pending"
