"""The ledger of a proof: what was accepted, how it was first seen to end, and what must hold at last."""
import json
import threading
import time
from collections import Counter

from vocabulary import TERMINAL, redis_command

# The history of a task as its events tell it: from which states to which. Other events (of its
# agents) belong to a running task.
RETURNS = ("requeued", "handed_back", "unclaimed", "waiting", "retry")
STEPS = {
    "pending": ({None}, "pending"),
    "running": ({"pending"}, "running"),
    **{word: ({"running"}, "pending") for word in RETURNS},
    "completed": ({"running"}, "completed"),
    "failed": ({"pending", "running"}, "failed"),
    "cancelled": ({"pending", "running"}, "cancelled"),
}
OWNER_KEYS = ("task:*", "idem:*", "uniq:*", "gone:*", "wh:*")
PRIORITIES = ("critical", "high", "medium", "low")


class Ledger:
    """Ids that were acknowledged, by the Idempotency-Key of their order; watched all the time."""

    def __init__(self, redis_socket):
        self.by_key = {}        # Idempotency-Key -> set of ids answered
        self.cancelled = set()  # ids whose cancel was acknowledged
        self.first_end = {}     # id -> record when it was first seen to have ended
        self.changed = {}       # id -> another record seen after that
        self._socket, self._lock, self._stop = redis_socket, threading.Lock(), threading.Event()
        self._looking = threading.Lock()  # two looks must not compare in another order than they read
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def accept(self, key, task_id):
        with self._lock:
            self.by_key.setdefault(key, set()).add(task_id)

    def cancel(self, task_id):
        with self._lock:
            self.cancelled.add(task_id)

    def ids(self):
        with self._lock:
            return sorted(task_id for ids in self.by_key.values() for task_id in ids)

    def look(self):
        """Reads every accepted record once; how many have not ended."""
        with self._looking:
            return self._look()

    def _look(self):
        ids = self.ids()
        records = redis_command(self._socket, "MGET", *(f"task:{i}" for i in ids)) if ids else []
        for task_id, record in zip(ids, records):
            first = self.first_end.get(task_id)
            if first is not None and record != first:
                self.changed.setdefault(task_id, record)
            elif first is None and record and json.loads(record)["status"] in TERMINAL:
                self.first_end[task_id] = record
        return len(ids) - len(self.first_end)

    def _watch(self):
        while not self._stop.is_set():
            try:
                self.look()
            except (OSError, AssertionError, ValueError):
                pass  # Redis is away or starts
            time.sleep(0.05)


# --- what must hold at the end


def history(redis, task_id):
    """The events of a task as dictionaries."""
    return [dict(zip(fields[::2], fields[1::2]))
            for _, fields in redis("XRANGE", f"task:{task_id}:events", "-", "+")]


def read_history(events):
    """(what is wrong or None, state at the end, starts, attempt of the last start)."""
    state, starts, attempt = None, 0, None
    for event in events:
        word = event["ev"]
        allowed, following = STEPS.get(word, ({"running"}, "running"))
        if state not in allowed:
            return f"{word} while {state}", state, starts, attempt
        if word == "running":
            starts, attempt = starts + 1, int(event["attempt"])
        state = following
    return None, state, starts, attempt


def faults_of(redis, task_id, record):
    """What is wrong with one accepted task that should have ended."""
    events = history(redis, task_id)
    words = Counter(event["ev"] for event in events)
    wrong, state, starts, attempt = read_history(events)
    if wrong:
        yield wrong
    if sum(words[word] for word in TERMINAL) != 1:
        yield f"ended {sum(words[word] for word in TERMINAL)} times"
    if not record:
        yield "its record is gone"
        return
    record = json.loads(record)
    if record["status"] != state:
        yield f"says {record['status']}, its history {state}"
    if starts > 1 + sum(words[word] for word in RETURNS):
        yield f"{starts} starts"
    part = ((record["result"] or {}).get("agent_results") or {}).get("junior-qa", {})
    if part.get("status") == "completed" and part["summary"] != f"attempt {attempt}":
        yield f"holds the result of {part['summary']}, its last start was attempt {attempt}"
    if record["status"] == "failed" and words["requeued"] < 2:
        yield f"failed: {record['result']}"


def audit(service, ledger):
    """Every broken promise, as lines."""
    redis, ids = service.redis, ledger.ids()
    found = [f"{key} was answered with {len(answered)} tasks" for key, answered
             in ledger.by_key.items() if len(answered) != 1]
    found += [f"{task_id} changed after its end: {ledger.first_end[task_id]} -> {record}"
              for task_id, record in ledger.changed.items()]
    records = redis("MGET", *(f"task:{task_id}" for task_id in ids))
    for task_id, record in zip(ids, records):
        found += [f"{task_id} {wrong}: {[e['ev'] for e in history(redis, task_id)]}"
                  for wrong in faults_of(redis, task_id, record)]
        if task_id in ledger.cancelled and record and json.loads(record)["status"] != "cancelled":
            found.append(f"{task_id} was cancelled and came back")
    if redis("ZCARD", "idx:tasks") != len(ids):
        found.append(f"{redis('ZCARD', 'idx:tasks')} tasks stand for {len(ids)} accepted ones")
    return found + leftovers(redis)


def leftovers(redis):
    """What stands in the queue, or would stand in Redis for ever, though every task has ended."""
    found = [f"{key} is not empty" for key in ("q:lease", "q:delayed", "q:expiry") if redis("ZCARD", key)]
    found += [f"q:ready:{name} is not empty" for name in PRIORITIES if redis("LLEN", f"q:ready:{name}")]
    found += [f"{key} is left" for pattern in ("open:*", "q:proc:*") for key in scan(redis, pattern)]
    found += [f"{key} has no time to live" for pattern in OWNER_KEYS for key in scan(redis, pattern)
              if key != "wh:due" and redis("TTL", key) < 0]
    return found


def scan(redis, pattern):
    cursor, keys = "0", set()
    while True:
        cursor, some = redis("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)
        keys.update(some)
        if cursor == "0":
            return sorted(keys)
