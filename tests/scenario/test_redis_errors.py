"""Goal: whatever a real Redis answers in trouble, clients get the status of the table, nothing happens by
halves, and all goes on by itself (tests/data/redis_errors.tsv)."""
import contextlib
import threading
import time

import pytest

from redis_lab import Redis, free_port, is_ready, need_root, resumes, small_disk
from vocabulary import RedisError, redis_connect, rows, task, wait_for


# --- the states: each brings the lab's Redis to say its word, and back


@contextlib.contextmanager
def set_and_back(lab, name, value, back, close=False):
    lab.redis.ask("CONFIG", "SET", name, value)
    if close:
        lab.redis.ask("CLIENT", "KILL", "TYPE", "normal")
    try:
        yield
    finally:
        lab.redis.ask("CONFIG", "SET", name, back)


@contextlib.contextmanager
def maxmemory(lab):
    with set_and_back(lab, "maxmemory", "1", "1gb"):
        yield


@contextlib.contextmanager
def no_replicas(lab):
    with set_and_back(lab, "min-replicas-to-write", "1", "0"):
        yield


@contextlib.contextmanager
def disk_full(lab):
    folder = lab.folder / "small"
    with small_disk(folder) as disk:
        with lab.instead(Redis(folder, "--appendfsync", "everysec", path=lab.path, prefix=disk.prefix,
                               log=lab.folder / "small.log")) as small:
            wait_for(small.answers)
            disk.fill()
            with pytest.raises(RedisError): # it notices with what it writes next
                while True:
                    small.ask("SET", "x", "y" * 5000)
                    time.sleep(0.05)
            yield
            disk.clear()
            resumes(lab.service)


@contextlib.contextmanager
def busy(lab):
    lab.redis.ask("CONFIG", "SET", "busy-reply-threshold", "50")
    connection = redis_connect(lab.path)
    connection.sendall(b"EVAL 'while true do end' 0\r\n")
    time.sleep(0.2)
    try:
        yield
    finally:
        lab.redis.ask("SCRIPT", "KILL")
        wait_for(lab.redis.answers)
        connection.close()
        lab.redis.ask("CONFIG", "SET", "busy-reply-threshold", "5000")


@contextlib.contextmanager
def loading(lab):
    slow = ["--appendonly", "no", "--dbfilename", "d.rdb", "--loading-process-events-interval-bytes",
            "1024"]
    with lab.instead(Redis(lab.folder / "slow", *slow, path=lab.path)) as redis:
        wait_for(redis.answers)
        redis.ask("EVAL", "for i = 1, 10000 do redis.call('SET', 'key-' .. i, 'x') end", 0)
        redis.ask("SAVE")
    with lab.instead(Redis(lab.folder / "slow", *slow, "--key-load-delay", "1000", path=lab.path)) as redis:
        wait_for(redis.answers)
        yield


@contextlib.contextmanager
def cluster(lab):
    with lab.instead(Redis(lab.folder / "cluster", "--cluster-enabled", "yes", "--port", free_port(),
                           "--cluster-port", free_port(), path=lab.path, conf=())) as redis:
        wait_for(redis.answers)
        yield


@contextlib.contextmanager
def max_clients(lab):
    with redis_connect(lab.path) as held:
        held.sendall(b"CONFIG SET maxclients 1\r\nCLIENT KILL TYPE normal\r\n")
        time.sleep(0.1)
        try:
            yield
        finally:
            held.sendall(b"CONFIG SET maxclients 10000\r\n")
            time.sleep(0.1)


@contextlib.contextmanager
def replica(lab):
    lab.redis.ask("REPLICAOF", "127.0.0.1", "1")
    try:
        yield
    finally:
        lab.redis.ask("REPLICAOF", "NO", "ONE")


@contextlib.contextmanager
def stale_replica(lab):
    lab.redis.ask("CONFIG", "SET", "replica-serve-stale-data", "no")
    with replica(lab):
        yield
    lab.redis.ask("CONFIG", "SET", "replica-serve-stale-data", "yes")


@contextlib.contextmanager
def no_auth(lab):
    with redis_connect(lab.path) as held: # who is connected already stays in
        held.sendall(b"CONFIG SET requirepass secret\r\nCLIENT KILL TYPE normal\r\n")
        time.sleep(0.1)
        try:
            yield
        finally:
            held.sendall(b'CONFIG SET requirepass ""\r\n')
            time.sleep(0.1)


@contextlib.contextmanager
def wrong_password(lab):
    lab.redis.ask("ACL", "SETUSER", "web", "on", ">right", "~*", "&*", "+@all")
    with lab.with_urls(api=f"unix://web:right@{lab.path}"):
        resumes(lab.service)
        lab.redis.ask("ACL", "SETUSER", "web", "resetpass", ">other")
        lab.redis.ask("CLIENT", "KILL", "TYPE", "normal")
        try:
            yield
        finally:
            lab.redis.ask("ACL", "SETUSER", "web", "resetpass", ">right")
            resumes(lab.service)
    lab.redis.ask("ACL", "DELUSER", "web")


@contextlib.contextmanager
def default_user_without(lab, *commands):
    lab.redis.ask("ACL", "SETUSER", "default", *[f"-{name}" for name in commands])
    try:
        yield
    finally:
        lab.redis.ask("ACL", "SETUSER", "default", "+@all")


@contextlib.contextmanager
def no_permission(lab):
    with default_user_without(lab, "evalsha", "eval"):
        yield


@contextlib.contextmanager
def no_permission_inside(lab):
    with default_user_without(lab, "hincrby"):
        yield


@contextlib.contextmanager
def no_script(lab):
    lab.redis.ask("SCRIPT", "FLUSH")
    yield


@contextlib.contextmanager
def wrong_type(lab):
    lab.redis.ask("RENAME", "idx:tasks", "aside")
    lab.redis.ask("SET", "idx:tasks", "a string")
    try:
        yield
    finally:
        lab.redis.ask("RENAME", "aside", "idx:tasks")


# --- what clients see of each


STATES = [row for row in rows("redis_errors.tsv") if row["state"] != "-"]


def log_of(service):
    return (service.folder / "log/api.log").read_text()


@pytest.mark.parametrize("row", STATES, ids=[row["state"] for row in STATES])
def test_an_error_of_redis_is_answered_as_the_table_says(lab, row):
    resumes(lab.service)
    first_word = " ".join(row["said"].split()[:4])
    with globals()[row["state"]](lab):
        before = len(log_of(lab.service))
        refused = [lab.service.post("/api/tasks", task()) for _ in range(3)]
        lab.service.poll("some-task") # a read: of a stale replica even that is refused
        ready = is_ready(lab.service)
    for reply in refused:
        assert reply.status == int(row["status"]), log_of(lab.service)[before:]
        if row["status"] != "200":
            assert reply.json["code"] == row["code"]
        if row["status"] == "503":
            assert int(reply.header("Retry-After")) > 0
    assert ready == (row["ready"] == "yes")
    if row["status"] != "200":
        assert first_word in log_of(lab.service)[before:], log_of(lab.service)[before:]
    resumes(lab.service)
