"""Goal: however many tasks want to load one target, it sees one load at a time, and a runner that dies
keeps nobody from it. Which task a request belongs to is told by its path."""
import itertools
import os
import time

import pytest

from vocabulary import Receiver, wait_for

PERMITTED = {"AGNOSTIC_TARGET_ALLOW": "127.0.0.1+load=200"}
FAST = {**PERMITTED, "AGNOSTIC_LEASE_MS": 1500, "AGNOSTIC_BEAT_MS": 200}


class Target(Receiver):
    """Remembers when each path was asked for."""

    def __init__(self):
        self.moments = []
        super().__init__(self.note)

    def note(self, handler):
        self.moments.append((time.monotonic(), handler.path))
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def turns(self):
        """The paths in the order they were asked for, each unbroken run of one once."""
        return [path for path, _ in itertools.groupby(path for _, path in sorted(self.moments))]


@pytest.fixture
def target():
    with Target() as made:
        yield made


def load(service, target, path, rate=20):
    return service.submit("/api/tasks/performance", target_url=target.url + path, load_rate=rate,
                          load_duration_s=3)["task_id"]


def items(service, task_id):
    return service.get(f"/api/tasks/{task_id}/events").json["items"]


def events(service, task_id):
    return [each["event"] for each in items(service, task_id)]


def test_loads_of_one_target_take_turns(new_stack, target):
    service = new_stack(slots=3, **PERMITTED)
    tasks = [load(service, target, path) for path in ("/a", "/b", "/c")]
    for task_id in tasks:
        assert service.poll_until_terminal(task_id)["status"] == "completed"
    assert sorted(target.turns()) == ["/a", "/b", "/c"]
    waited = [task_id for task_id in tasks if "waiting" in events(service, task_id)]
    assert len(waited) == 2
    assert {each["attempt"] for task_id in tasks for each in items(service, task_id)
            if each["event"] == "running"} == {1}


def test_no_more_is_sent_than_is_permitted_however_many_want_to(new_stack, target):
    service = new_stack(slots=3, AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=30")
    for task_id in [load(service, target, path, rate=100) for path in ("/a", "/b")]:
        service.poll_until_terminal(task_id)
    moments = sorted(moment for moment, _ in target.moments)
    # A tenth more than 30 a second over two seconds: what a busy machine delays comes in a bunch.
    assert max(sum(start <= moment < start + 2 for moment in moments) for start in moments) <= 66


def test_a_runner_that_dies_keeps_nobody_from_the_target(new_stack, target):
    service = new_stack(slots=2, **FAST)
    first = load(service, target, "/a")
    wait_for(lambda: len(target.moments) > 20)
    second = load(service, target, "/b")
    wait_for(lambda: "waiting" in events(service, second))
    os.kill(service.pid("runner"), 9)
    for task_id in (first, second):
        assert service.poll_until_terminal(task_id)["status"] == "completed"
    assert len(target.turns()) <= 3  # a, which died; then both, one behind the other
