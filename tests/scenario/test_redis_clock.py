"""Goal: a clock that jumps, in the runner or in the web tier, costs no lease and no record: only Redis' own
clock and the monotonic one decide."""
import time
from pathlib import Path

import pytest

from redis_lab import resumes
from vocabulary import wait_for

LIBRARY, = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
DAY_S = 86400


class Clock:
    """The wall clock of one part of the service; the monotonic one is left alone."""

    def __init__(self, folder):
        self.file = Path(folder) / "clock"
        self.show("+0")

    def show(self, offset):
        self.file.write_text(f"{offset}\n")

    @property
    def env(self):
        return {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_NO_CACHE": 1,
                "FAKETIME_DONT_FAKE_MONOTONIC": 1, "DONT_FAKE_MONOTONIC": 1,
                "ASAN_OPTIONS": "verify_asan_link_order=0"}


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


def run_through_jumps(lab, clock):
    """A task that runs longer than its lease of 2 s, while the clock goes hours and days to and fro."""
    task_id = lab.service.submit(agents=["junior-qa"], description="sleep 3")["task_id"]
    wait_for(lambda: lab.service.poll(task_id).json["status"] == "running")
    for offset in ("+1h", "-1h", "-1d", "+1d"):
        clock.show(offset)
        time.sleep(0.5) # more than a beat
        resumes(lab.service)
    return task_id


def date_of(moment):
    return time.strftime("%Y-%m-%dT", time.gmtime(moment))


def assert_nothing_was_lost(lab, task_id):
    record = lab.service.poll_until_terminal(task_id)
    assert record["status"] == "completed"
    assert lab.redis.ask("HGET", f"task:{task_id}:meta", "crashes") in (None, "0")
    assert int(lab.redis.ask("TTL", f"task:{task_id}")) > DAY_S - 600
    return record


def test_a_runner_whose_clock_jumps_keeps_its_leases(lab, clock):
    with lab.with_env(runner=clock.env):
        task_id = run_through_jumps(lab, clock)
        record = assert_nothing_was_lost(lab, task_id)
        assert record["created_at"] < record["updated_at"] < date_of(time.time() + DAY_S)
        assert date_of(time.time() + DAY_S) in (lab.service.folder / "log/runner.log").read_text()


def test_workers_whose_clock_jumps_accept_and_find_tasks(lab, clock):
    with lab.with_env(api=clock.env):
        task_id = run_through_jumps(lab, clock)
        told = lab.service.get("/health", key=None).json["timestamp"]
        assert told.startswith(date_of(time.time() + DAY_S))
        assert_nothing_was_lost(lab, task_id)
