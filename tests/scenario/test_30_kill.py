"""Goal: an accepted task survives the death of every other process."""
import os
import threading
import time
from pathlib import Path

import pytest

from vocabulary import expect_status, own_words, wait_for

AGENTS = Path(__file__).resolve().parent / "agents"
FAST = {"AGNOSTIC_LEASE_MS": 500, "AGNOSTIC_BEAT_MS": 100, "AGNOSTIC_AGENTS_DIR": AGENTS}


class Watcher:
    """A client that polls one task all the time and remembers what it saw."""

    def __init__(self, service, task_id):
        self.seen = set()
        self._service, self._task_id = service, task_id
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self):
        while not self._stop.is_set():
            self.seen.add(self._service.poll(self._task_id).status)
            time.sleep(0.01)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()


def kill_every_web_process(service):
    victims = wait_for(lambda: service.processes("agnostic-api"))
    for pid in victims:
        try:
            os.kill(pid, 9)
        except ProcessLookupError:
            pass  # it died with its parent


def test_the_web_tier_is_killed_while_a_task_waits(new_stack):
    service = new_stack(**FAST)
    service.stack("stop", "runner")
    task_id = service.submit(agents=["junior-qa"])["task_id"]
    with Watcher(service, task_id) as watcher:
        for _ in range(3):
            kill_every_web_process(service)
            time.sleep(0.3)
        service.stack("start", "runner")
        ended = wait_for(lambda: ended_record(service, task_id), 60)
    assert ended["status"] == "completed"
    assert watcher.seen <= {200} | own_words(service.server, "outage")


def test_the_web_tier_is_killed_while_a_task_runs(new_stack):
    service = new_stack(**FAST)
    task_id = service.submit(agents=["junior-qa"], description="sleep 2")["task_id"]
    wait_for(lambda: service.poll(task_id).json["status"] == "running")
    with Watcher(service, task_id) as watcher:
        kill_every_web_process(service)
        ended = wait_for(lambda: ended_record(service, task_id), 60)
    assert ended["status"] == "completed"
    assert ended["result"]["agent_results"]["junior-qa"]["summary"] == "slept 2 s"
    assert watcher.seen <= {200} | own_words(service.server, "outage")


def test_killed_workers_are_replaced_by_the_supervisor(new_stack):
    service = new_stack()
    if service.server == "apache-fcgid":
        pytest.skip("mod_fcgid is the supervisor there")
    supervisor = service.pid("api")
    workers = [pid for pid in service.processes("agnostic-api") if pid != supervisor]
    assert len(workers) == 2
    os.kill(workers[0], 9)
    wait_for(lambda: len([pid for pid in service.processes("agnostic-api")
                          if pid not in (supervisor, workers[0])]) == 2)
    assert service.pid("api") == supervisor
    for _ in range(8):
        expect_status(service.get("/api/auth/me"), 200)


@pytest.mark.parametrize("signal", [9, 15])
def test_the_runner_is_ended_while_a_task_runs(new_stack, signal):
    service = new_stack(AGNOSTIC_DRAIN_MS=200, **FAST)
    task_id = service.submit(agents=["junior-qa"], description="sleep 2")["task_id"]
    wait_for(lambda: service.poll(task_id).json["status"] == "running")
    os.kill(service.pid("runner"), signal)
    ended = service.poll_until_terminal(task_id)
    assert ended["status"] == "completed", ended
    assert ended["result"]["agent_results"]["junior-qa"]["summary"] == "slept 2 s"


def test_every_process_but_redis_is_killed_while_tasks_run(new_stack):
    service = new_stack(**FAST)
    tasks = [service.submit(agents=["junior-qa"], description=f"sleep {n}")["task_id"]
             for n in (1, 1, 0, 0)]
    wait_for(lambda: service.poll(tasks[0]).json["status"] == "running")
    for pid in service.processes("agnostic-runner") + service.processes("agnostic-api"):
        try:
            os.kill(pid, 9)
        except ProcessLookupError:
            pass
    wait_for(lambda: service.get("/health", key=None).status == 200)
    assert all(service.poll_until_terminal(task_id)["status"] == "completed" for task_id in tasks)


def test_redis_is_killed_and_started_again_while_tasks_wait(new_stack):
    service = new_stack(**FAST)
    service.stack("stop", "runner")
    tasks = [service.submit(agents=["junior-qa"])["task_id"] for _ in range(3)]
    os.kill(service.pid("redis"), 9)
    expect_status(wait_for(lambda: (reply := service.poll(tasks[0])).status == 503 and reply), 503)
    service.stack("start", "redis")
    service.stack("start", "runner")
    assert all(service.poll_until_terminal(task_id)["status"] == "completed" for task_id in tasks)


def ended_record(service, task_id):
    reply = service.poll(task_id)
    return reply.json if reply.status == 200 and reply.json["status"] in (
        "completed", "failed") else None
