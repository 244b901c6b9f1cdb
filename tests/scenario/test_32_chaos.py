"""Goal: whatever dies and in whatever order, every accepted task ends, once."""
import os
import random
import time
from pathlib import Path

from vocabulary import TERMINAL, task, wait_for

AGENTS = Path(__file__).resolve().parent / "agents"
FAULTS = 100 if os.environ.get("AGNOSTIC_TEST_DOSE") == "full" else 10
CRASHES_THAT_BURY = 3


def kill_something(service, dice):
    program, signal = dice.choice([("agnostic-api", 9), ("agnostic-runner", 9),
                                   ("agnostic-runner", 15), ("agnostic-api", 15)])
    victims = service.processes(program)
    if victims:
        try:
            os.kill(dice.choice(victims), signal)
        except ProcessLookupError:
            pass


def submit_something(service, dice):
    reply = service.post("/api/tasks", task(agents=["junior-qa"],
                                            description=f"sleep 0.{dice.randrange(4)}"))
    assert reply.status in (0, 200, 500, 502, 503), reply
    return [reply.json["task_id"]] if reply.status == 200 else []


def test_every_accepted_task_ends_through_random_deaths(new_stack):
    seed = random.randrange(2 ** 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    service = new_stack(AGNOSTIC_LEASE_MS=500, AGNOSTIC_BEAT_MS=100, AGNOSTIC_AGENTS_DIR=AGENTS,
                        AGNOSTIC_DRAIN_MS=200)
    accepted = []
    for _ in range(FAULTS):
        for _ in range(3):
            accepted += submit_something(service, dice)
        kill_something(service, dice)
        time.sleep(dice.random() / 4)
    wait_for(lambda: service.get("/ready", key=None).status == 200, 60)
    assert accepted
    for task_id in accepted:
        record = service.poll_until_terminal(task_id)
        crashes = int(service.redis("HGET", f"task:{task_id}:meta", "crashes") or 0)
        assert record["status"] == "completed" or crashes >= CRASHES_THAT_BURY, record
    assert {service.poll(task_id).json["status"] for task_id in accepted} <= TERMINAL
    assert service.redis("ZCARD", "q:lease") == 0
    assert [service.redis("LLEN", f"q:ready:{name}")
            for name in ("critical", "high", "medium", "low")] == [0, 0, 0, 0]
