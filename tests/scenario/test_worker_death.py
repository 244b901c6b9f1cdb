"""Goal: whoever repeats an order because a worker died over it gets one task, not two."""
import os
import random
import signal
import threading
import time

from fastcgi import Worker
from vocabulary import expect_status, figures, task

DEATHS = 200 if os.environ.get("AGNOSTIC_TEST_DOSE") == "full" else 12


def die_in_mid_order(service, folder, key, delay_s, redis_stands):
    """A worker is asked for a task and killed. With Redis standing still meanwhile the order is certainly on
    its way then, and is carried out for nobody. Returns what was answered, None mostly."""
    replies = []
    with Worker(service, folder, service.folder / "bin/agnostic-api") as worker:
        assert worker.ask("GET", "/health").status == 200  # it has started
        if redis_stands:
            os.kill(service.pid("redis"), signal.SIGSTOP)
        try:
            client = threading.Thread(target=lambda: replies.append(worker.ask(
                "POST", "/api/tasks", task(), X_API_KEY=service.key, IDEMPOTENCY_KEY=key)))
            client.start()
            time.sleep(delay_s)
            worker.process.kill()
            worker.process.wait(timeout=60)
        finally:
            os.kill(service.pid("redis"), signal.SIGCONT)
        client.join()
    return replies[0]


def test_an_order_repeated_after_the_death_of_its_worker_makes_one_task(new_stack, tmp_path):
    service = new_stack(AGNOSTIC_SUBMIT_PER_MIN=0)
    service.stack("stop", "runner")
    seed = os.environ.get("AGNOSTIC_TEST_SEED") or str(random.randrange(2 ** 32))
    print(f"AGNOSTIC_TEST_SEED={seed}")
    dice, ids, unheard = random.Random(seed), set(), 0
    for i in range(DEATHS):
        first = die_in_mid_order(service, tmp_path, f"order-{i}", dice.random() / 30, i % 2 == 0)
        again = expect_status(service.post("/api/tasks", task(),
                                           headers={"Idempotency-Key": f"order-{i}"}), 200)
        assert first is None or first.json["task_id"] == again.json["task_id"]
        unheard += first is None and again.header("idempotency-replayed") == "true"
        ids.add(again.json["task_id"])
    figures(f"worker deaths: {DEATHS} in mid-order, {unheard} had ordered unheard, "
            f"{service.redis('ZCARD', 'idx:tasks')} tasks for {len(ids)} orders")
    assert unheard > 0
    assert len(ids) == service.redis("ZCARD", "idx:tasks") == DEATHS
