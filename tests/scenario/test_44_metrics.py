"""Goal: what operators watch is true, and outlives the processes that counted it."""
import os
import re
import signal

import pytest

from vocabulary import wait_for

LIMIT = 5
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="[^"]*",?)+)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$')


@pytest.fixture(scope="module")
def watched():
    from conftest import many_stacks
    with many_stacks() as make:
        yield make(AGNOSTIC_AUTH_FAIL_PER_MIN=LIMIT)


def metrics(service):
    """Every sample: (name, labels) -> number."""
    reply = service.get("/api/metrics", key=None)
    assert reply.status == 200
    found = {}
    for line in reply.body.decode().splitlines():
        if not line.startswith("#"):
            name, labels, number = SAMPLE.match(line).groups()
            assert (name, labels) not in found, line
            found[name, labels] = float(number)
    return found


def polls(service):
    labels = 'method="GET",route="/api/tasks/{id}",code="200"'
    return metrics(service).get(("agnostic_http_requests_total", labels), 0)


def test_counts_of_requests_outlive_every_worker(watched):
    task = watched.submit()["task_id"]
    for _ in range(20):
        assert watched.poll(task).status == 200
    before = polls(watched)
    assert before >= 20
    old = set(watched.processes("agnostic-api"))
    for pid in old:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    watched.stack("restart", "api")
    wait_for(lambda: watched.poll(task).status == 200)
    assert metrics(watched)[("agnostic_http_counts_shared", None)] == 1
    assert polls(watched) > before


def test_all_workers_count_together(watched):
    task = watched.submit()["task_id"]
    before = polls(watched)
    for _ in range(40):
        watched.poll(task)
    assert polls(watched) == before + 40


def test_what_tasks_went_through_is_told(watched):
    watched.poll_until_terminal(watched.submit()["task_id"])
    told = metrics(watched)
    assert told[("agnostic_claims_total", None)] >= 1
    assert told[("agnostic_task_run_seconds_count", None)] >= 1
    assert told[("agnostic_runners_alive", None)] == 1


def test_an_address_that_fails_too_often_is_told_when_to_come_back(watched):
    """The last: from then on this address has to wait."""
    def refused():
        return [watched.get("/api/auth/me", key="not-a-key-of-anybody") for _ in range(2 * LIMIT)][-1]
    reply = refused()  # twice as many fit into no two minutes
    if reply.status == 401:
        reply = refused()
    assert reply.status == 429, reply
    assert 1 <= int(reply.header("Retry-After")) <= 60
    assert watched.get("/api/auth/me").status == 429
    assert watched.get("/health", key=None).status == 200
