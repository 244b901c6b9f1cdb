"""Goal: whatever dies, hangs or restarts, and in whatever order, every accepted task ends, once.

AGNOSTIC_TEST_SEED repeats a run's draws; AGNOSTIC_TEST_DOSE=full is the dose of the acceptance.
"""
import contextlib
import os
import random
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from faults import Faults
from ledger import Ledger, audit
from vocabulary import ROOT, Receiver, figures, task, wait_for

FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
TASKS, FAULTS, CLIENTS, SLOTS = (2000, 240, 4, 4) if FULL else (90, 45, 3, 3)
LEASE_MS, BEAT_MS, DRAIN_MS = 300, 75, 200
PATIENCE_S, CALL_S = 300, 3
# What a client may be told while things die under it.
OUTAGE = {0, 502, 503, 504}


class Client(threading.Thread):
    """Submits its share, each order again and again until it is answered; cancels some, retries some."""

    def __init__(self, service, ledger, number, count, seed, callback):
        super().__init__(daemon=True)
        self.service, self.ledger, self.number, self.count = service, ledger, number, count
        self.dice, self.callback = random.Random(f"{seed} client {number}"), callback
        self.wrong = None

    def run(self):
        try:
            for i in range(self.count):
                self.order(f"order-{self.number}-{i}")
        except Exception as why:  # told by whoever joins
            self.wrong = why

    def order(self, key):
        body = task(agents=["junior-qa"] if self.dice.random() < 0.7 else ["qa-analyst"],
                    description=f"toil {self.dice.random() / 2:.2f}",
                    priority=self.dice.choice(["critical", "high", "medium", "low"]),
                    callback_url=self.callback if self.dice.random() < 0.1 else None)
        cancels, patience, retries = (self.dice.random() for _ in range(3))
        reply = self.call("POST", "/api/tasks", body, key, {200})
        task_id = reply.json["task_id"]
        self.ledger.accept(key, task_id)
        if cancels < 0.15:
            time.sleep(patience / 2)
            if self.cancel(task_id) and retries < 0.5:
                again = self.call("POST", f"/api/tasks/{task_id}/retry", None, f"{key}-again", {200})
                self.ledger.accept(f"{key}-again", again.json["new_task_id"])

    def cancel(self, task_id):
        """Whether it is cancelled, by this call or by an earlier one whose answer was lost."""
        reply = self.call("DELETE", f"/api/tasks/{task_id}", None, None, {200, 409})
        cancelled = reply.status == 200 or "'cancelled'" in reply.json["detail"]
        if cancelled:
            self.ledger.cancel(task_id)
        return cancelled

    def call(self, method, path, body, key, wanted):
        """Until it is answered with one of the wanted statuses."""
        end, headers = time.monotonic() + PATIENCE_S, {"Idempotency-Key": key} if key else {}
        while time.monotonic() < end:
            try:
                reply = self.service.request(method, path, body, headers, timeout=CALL_S)
            except OSError:
                continue  # nobody listens, or nobody answers
            if reply.status in wanted:
                return reply
            assert reply.status in OUTAGE, reply
            time.sleep(0.05)
        raise AssertionError(f"{method} {path} was not answered within {PATIENCE_S} s")


@pytest.fixture
def toilers(tmp_path):
    """The agents of one run, in a folder that no other run has."""
    return shutil.copytree(Path(__file__).resolve().parent / "toilers", tmp_path / "toilers")


def fast_stack(new_stack, toilers, slots):
    return new_stack(slots=slots, AGNOSTIC_LEASE_MS=LEASE_MS, AGNOSTIC_BEAT_MS=BEAT_MS,
                     AGNOSTIC_DRAIN_MS=DRAIN_MS, AGNOSTIC_AGENTS_DIR=toilers,
                     AGNOSTIC_SUBMIT_PER_MIN=0, AGNOSTIC_WEBHOOK_ALLOW="127.0.0.1")


@contextlib.contextmanager
def second_runner(service):
    """Another runner of the same stack, started again when it dies."""
    keep = subprocess.Popen(
        ["sh", "-c", '. "$0/etc/env"; exec "$1" runner2 "$0" TERM "$0/bin/agnostic-runner" --slots 2',
         str(service.folder), str(ROOT / "scripts/lib/keep")])
    try:
        yield
    finally:
        keep.terminate()
        keep.wait(timeout=60)


def is_ready(service):
    """Whether it says so; the last fault may still keep everybody from listening."""
    try:
        return service.get("/ready", key=None).status == 200
    except OSError:
        return False


def settle(service, ledger):
    """Waits until every accepted task has ended and the slots' lists are forgotten."""
    wait_for(lambda: is_ready(service), 60)
    wait_for(lambda: ledger.look() == 0, PATIENCE_S)
    wait_for(lambda: service.redis("ZCARD", "q:lease") == 0, 60)


def processes_left(service, toilers):
    """Processes of the product that outlive it: its programs, and agents of this run."""
    left = service.processes("agnostic-runner") + service.processes("agnostic-api")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, cwd = (folder / "cmdline").read_bytes(), os.readlink(folder / "cwd")
        except OSError:
            continue
        if str(toilers).encode() in words or cwd.startswith(f"{service.folder}/work"):
            left.append(int(folder.name))
    return left


def disturb(service, faults, clients):
    """All faults, while the clients order."""
    for client in clients:
        client.start()
    for _ in range(FAULTS):
        faults.strike()
        faults.pause()
    faults.go_on()
    for client in clients:
        client.join()
        assert client.wrong is None, client.wrong


def stats_of(service):
    return dict(zip(*[iter(service.redis("HGETALL", "q:stats"))] * 2))


def test_every_accepted_task_ends_once_through_random_faults(new_stack, toilers):
    service = fast_stack(new_stack, toilers, SLOTS)
    seed = os.environ.get("AGNOSTIC_TEST_SEED") or str(random.randrange(2 ** 32))
    print(f"AGNOSTIC_TEST_SEED={seed}")
    faults = Faults(service, random.Random(f"{seed} faults"), LEASE_MS / 1000, f"{toilers}/toil.sh")
    with Receiver() as receiver, Ledger(service.redis_socket) as ledger, second_runner(service):
        disturb(service, faults, [Client(service, ledger, i, TASKS // CLIENTS, seed, receiver.url)
                                  for i in range(CLIENTS)])
        settle(service, ledger)
    stats = stats_of(service)
    figures(f"property: {len(ledger.ids())} tasks accepted, {sum(faults.done.values())} faults, "
            f"{faults.zombies} zombies, {stats.get('fenced', 0)} writes refused, "
            f"{stats.get('requeued', 0)} requeued, {stats.get('buried', 0)} buried, "
            f"{len(ledger.cancelled)} cancelled (seed {seed})")
    wrong = audit(service, ledger)
    assert not wrong, "\n".join(wrong)
    # Each change is one script: no crash leaves anything to mend.
    assert [name for name in stats if name.startswith("mended_")] == []
    assert not faults.zombies or int(stats["fenced"]) > 0
    for part in ("runner", "api"):
        assert service.stack("stop", part) == 0
    assert processes_left(service, toilers) == []
