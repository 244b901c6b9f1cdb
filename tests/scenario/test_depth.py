"""Goal: how many tasks wait makes no difference to what a request costs."""
import os
import re
import socket
import threading

import pytest

from vocabulary import ROOT, expect_status, task, wait_for

DEPTH = 100_000 if os.environ.get("AGNOSTIC_TEST_DOSE") == "full" else 5_000
SCRIPTS = ROOT / "src/store/scripts"
# Scripts of the web tier's requests and of a slot's work. The others are a keeper's or an operator's.
KEEPERS = {"adopt", "expire", "promote", "reap", "rearm", "sweep", "fleet_beat", "fleet_read",
           "webhook_take", "webhook_done"}

# Commands whose cost does not grow with the queue, by Redis' own documentation: O(1) or O(log n).
FLAT = set("""
    get set setex mget del exists expire pexpire persist ttl pttl expiretime strlen append getrange time ping select
    hget hmget hset hdel hincrby hexists hlen hgetall llen lmove lpush rpush rpop lpop sadd srem scard sismember
    zadd zrem zscore zcard zcount xadd xlen publish evalsha eval script client info wait role auth hello copy
    type rename zremrangebyrank
""".split())
# What would grow, were it not for how it is called: command -> what its arguments must match.
BOUNDED = {
    "lrem": r"q:proc:",                               # a slot holds one task
    "lrange": r"q:proc:",
    "lindex": r"\S+ (0|-1)$",                         # an end of the list
    "zrange": r"\S+ 0 0",                             # the first
    "zrevrange": r"\S+ 0 0",
    "zrangebyscore": r".* limit 0 \d+( |$)",
    "zrevrangebyscore": r".* limit \d+ \d+( |$)",
    "zremrangebyscore": r"(board|fail|q:runners)",
    "xrange": r"task:.*:events .* count \d+$",        # one task's history, in pages
    "xrevrange": r"task:.*:events .* count \d+$",
    "xread": r"count \d+ ",
    "smembers": r"api_keys:index",
}

CLONE = """
local id, list = ARGV[1], KEYS[1]
local meta, spec, record = redis.call('HGETALL', 'task:' .. id .. ':meta'), redis.call('GET', 'task:' .. id .. ':spec'),
                           redis.call('GET', 'task:' .. id)
local owner = redis.call('HGET', 'task:' .. id .. ':meta', 'owner')
for i = tonumber(ARGV[2]), tonumber(ARGV[3]) do
    local copy = string.format('%s-%08d', id, i)
    redis.call('HSET', 'task:' .. copy .. ':meta', unpack(meta))
    redis.call('SET', 'task:' .. copy .. ':spec', spec)
    redis.call('SET', 'task:' .. copy, record, 'EX', 86400)
    redis.call('SADD', 'open:' .. owner, copy)
    redis.call('ZADD', 'idx:tasks', i, copy)
    redis.call('ZADD', 'idx:owner:' .. owner, i, copy)
    redis.call('LPUSH', list, copy)
end
return redis.call('LLEN', list)
"""


class Monitor:
    """What Redis is told to do, by clients and by scripts, in lower case, while the block runs."""

    def __init__(self, path):
        self.commands, self._path = [], path

    def __enter__(self):
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(self._path)
        self._connection.sendall(b"MONITOR\r\n")
        self._stream = self._connection.makefile("rb")
        assert self._stream.readline() == b"+OK\r\n"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def _listen(self):
        for line in self._stream:
            words = re.findall(r'"((?:[^"\\]|\\.)*)"', line.decode(errors="replace").lower())
            if words == ["get", "the-end-of-it"]:
                return
            self.commands.append(words)

    def end(self, service):
        service.redis("GET", "the-end-of-it")
        self._thread.join(timeout=60)

    def __exit__(self, *_):
        self._connection.close()


def grows(words):
    """Would this command take longer the more tasks wait?"""
    name, rest = words[0], " ".join(words[1:])
    return name not in FLAT and not (name in BOUNDED and re.match(BOUNDED[name], rest))


@pytest.fixture
def deep(new_stack):
    """A stack with DEPTH tasks waiting, and one of their ids."""
    service = new_stack(AGNOSTIC_SUBMIT_PER_MIN=0, AGNOSTIC_OPEN_TASKS=0)
    service.stack("stop", "runner")
    task_id = service.submit(agents=["performance"])["task_id"]
    for first in range(1, DEPTH, 1000):
        service.redis("EVAL", CLONE, 1, "q:ready:high", task_id, first, min(first + 999, DEPTH - 1))
    assert service.redis("LLEN", "q:ready:high") == DEPTH
    return service, task_id


def test_no_request_does_what_grows_with_the_queue(deep):
    service, task_id = deep
    with Monitor(service.redis_socket) as monitor:
        other = service.submit(agents=["performance"])["task_id"]
        keyed = {"Idempotency-Key": "once"}
        for _ in range(2):
            expect_status(service.post("/api/tasks?dedupe=true", task(), headers=keyed), 200)
        for path in (f"/api/tasks/{other}", f"/api/tasks/{other}?view=full", f"/api/tasks/{other}/events",
                     f"/api/tasks/{other}/log", f"/api/tasks/{task_id}?wait=0", "/api/auth/me"):
            assert service.get(path).status < 500
        expect_status(service.request("DELETE", f"/api/tasks/{other}"), 200)
        expect_status(service.request("POST", f"/api/tasks/{other}/retry", headers={"Content-Length": "0"}), 200)
        monitor.end(service)
    assert len(monitor.commands) > 50
    assert [words[:6] for words in monitor.commands if grows(words)] == []


def test_no_script_of_a_request_or_a_slot_names_a_command_that_grows():
    """lib/* are parts of the others. Arguments stand in the test above; here only names count."""
    sources = [path for path in SCRIPTS.rglob("*.lua") if path.stem not in KEEPERS]
    assert len(sources) > 10
    named = {(path.name, word.lower()) for path in sources
             for word in re.findall(r"call\('(\w+)'", path.read_text())}
    assert {found for found in named if found[1] not in FLAT | BOUNDED.keys()} == set()


def test_a_deep_queue_is_worked_off_from_its_head(deep):
    service, task_id = deep
    service.stack("start", "runner")
    assert service.poll_until_terminal(task_id)["status"] == "completed"


def test_a_task_whose_record_lapsed_while_it_waited_is_there_and_runs(new_stack):
    service = new_stack()
    service.stack("stop", "runner")
    task_id = service.submit(agents=["performance"])["task_id"]
    service.redis("PEXPIRE", f"task:{task_id}", 1)
    wait_for(lambda: service.redis("EXISTS", f"task:{task_id}") == 0)
    assert expect_status(service.poll(task_id), 200).json["status"] == "pending"
    service.redis("LPUSH", "q:ready:high", "an-id-of-nothing")
    service.stack("start", "runner")
    assert service.poll_until_terminal(task_id)["status"] == "completed"
    wait_for(lambda: service.redis("LLEN", "q:ready:high") == 0)
