"""Goal: whatever dies, hangs or restarts, and in whatever order, every accepted task ends, once.

AGNOSTIC_TEST_SEED repeats a run's draws; AGNOSTIC_TEST_DOSE=full is the dose of the acceptance.
"""
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
from vocabulary import ROOT, task, wait_for

FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
TASKS, FAULTS, CLIENTS, SLOTS = (2000, 240, 4, 4) if FULL else (90, 45, 3, 3)
LEASE_MS, BEAT_MS, DRAIN_MS = 300, 75, 200
PATIENCE_S, CALL_S = 300, 3
# What a client may be told while things die under it.
OUTAGE = {0, 502, 503, 504}


class Client(threading.Thread):
    """Submits its share, again and again until it is accepted."""

    def __init__(self, service, ledger, number, count, seed):
        super().__init__(daemon=True)
        self.service, self.ledger, self.number, self.count = service, ledger, number, count
        self.dice = random.Random(f"{seed} client {number}")
        self.wrong = None

    def run(self):
        try:
            for i in range(self.count):
                self.order(f"order-{self.number}-{i}")
        except Exception as why:  # told by whoever joins
            self.wrong = why

    def order(self, key):
        agents = ["junior-qa"] if self.dice.random() < 0.7 else ["performance"]
        body = task(agents=agents, description=f"toil {self.dice.random() / 2:.2f}",
                    priority=self.dice.choice(["critical", "high", "medium", "low"]))
        reply = self.call("POST", "/api/tasks", body, {200, 201})
        self.ledger.accept(key, reply.json["task_id"])

    def call(self, method, path, body, wanted):
        """Until it is answered with one of the wanted statuses."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                reply = self.service.request(method, path, body, timeout=CALL_S)
            except OSError:
                continue  # nobody listens, or nobody answers
            if reply.status in wanted:
                return reply
            assert reply.status in OUTAGE, reply
            time.sleep(0.05)
        raise AssertionError(f"{method} {path} was not answered within {PATIENCE_S} s")


@pytest.fixture
def toiled_stack(new_stack, tmp_path):
    """A stack with leases of a moment and two runners, and the folder of its agents."""
    agents = shutil.copytree(Path(__file__).resolve().parent / "toilers", tmp_path / "toilers")
    service = new_stack(slots=SLOTS, AGNOSTIC_LEASE_MS=LEASE_MS, AGNOSTIC_BEAT_MS=BEAT_MS,
                        AGNOSTIC_DRAIN_MS=DRAIN_MS, AGNOSTIC_AGENTS_DIR=agents,
                        AGNOSTIC_SUBMIT_PER_MIN=0)
    second = subprocess.Popen(
        ["sh", "-c", '. "$0/etc/env"; exec "$1" runner2 "$0" TERM "$0/bin/agnostic-runner" --slots 2',
         str(service.folder), str(ROOT / "scripts/lib/keep")])
    try:
        yield service, agents
    finally:
        second.terminate()
        second.wait(timeout=60)


def settle(service, ledger):
    """Waits until every accepted task has ended and the slots' lists are forgotten."""
    wait_for(lambda: service.get("/ready", key=None).status == 200, 60)
    wait_for(lambda: ledger.look() == 0, PATIENCE_S)
    wait_for(lambda: service.redis("ZCARD", "q:lease") == 0, 60)


def processes_left(service, agents):
    """Processes of the product that outlive it: its programs, and agents of this run."""
    left = service.processes("agnostic-runner") + service.processes("agnostic-api")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, cwd = (folder / "cmdline").read_bytes(), os.readlink(folder / "cwd")
        except OSError:
            continue
        if str(agents).encode() in words or cwd.startswith(f"{service.folder}/work"):
            left.append(int(folder.name))
    return left


def test_every_accepted_task_ends_once_through_random_faults(toiled_stack):
    service, agents = toiled_stack
    seed = os.environ.get("AGNOSTIC_TEST_SEED") or str(random.randrange(2 ** 32))
    print(f"AGNOSTIC_TEST_SEED={seed}")
    faults = Faults(service, random.Random(f"{seed} faults"), LEASE_MS / 1000, f"{agents}/toil.sh")
    with Ledger(service.redis_socket) as ledger:
        clients = [Client(service, ledger, i, TASKS // CLIENTS, seed) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in range(FAULTS):
            faults.strike()
            faults.pause()
        faults.go_on()
        for client in clients:
            client.join()
            assert client.wrong is None, client.wrong
        settle(service, ledger)
    stats = dict(zip(*[iter(service.redis("HGETALL", "q:stats"))] * 2))
    print(f"accepted {len(ledger.ids())}, faults {sum(faults.done.values())} {dict(faults.done)}, "
          f"zombies {faults.zombies}, {stats}")
    wrong = audit(service, ledger)
    assert not wrong, "\n".join(wrong)
    assert not faults.zombies or int(stats["fenced"]) > 0
    for part in ("runner", "api"):
        service.stack("stop", part)
