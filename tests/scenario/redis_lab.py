"""The words of the scenarios in which Redis is in trouble: servers of their own, a ledger of what was
acknowledged."""
import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
import uuid
from pathlib import Path

import pytest

from vocabulary import RedisError, redis_command, task, wait_for

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy/redis/redis.conf"
FULL_DOSE = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
ENDED = (ConnectionError, FileNotFoundError, TimeoutError, ValueError, IndexError)


def dose(small, full):
    return full if FULL_DOSE else small


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def need_root(what):
    if os.geteuid() != 0:
        pytest.skip(f"{what} needs root")


class Server:
    """A process of a test's own, started with the same words each time, stopped by its pid."""

    def __init__(self, log, *words, env=None):
        self.words, self.log = [str(word) for word in words], Path(log)
        self.env = {**os.environ, **(env or {})}
        self.process = None

    def launch(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.words, env=self.env, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)

    def send(self, number):
        self.process.send_signal(number)

    def kill(self, number=signal.SIGKILL):
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(60)
            self.process = None

    def lives(self):
        return self.process is not None and self.process.poll() is None


class Redis(Server):
    """A redis-server of a test's own: shipped configuration, folder, and over it what is asked for."""

    def __init__(self, folder, *words, port=0, path=None, conf=SHIPPED, prefix=(), env=None,
                 log=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.address = str(path or self.folder / "s") if port == 0 else ("127.0.0.1", port)
        where = ["--port", port, "--unixsocket", "" if port else self.address,
                 "--unixsocketperm", "770"]
        super().__init__(log or self.folder / "log", *prefix, "redis-server", *([conf] if conf else []),
                         "--daemonize", "no", "--dir", self.folder, *where, *words, env=env)

    def start(self):
        self.launch()
        wait_for(self.answers, 30)
        return self

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            return self.ask("PING") == "PONG"
        except RedisError as why:
            return str(why).startswith(("NOAUTH", "MASTERDOWN")) or \
                (str(why).startswith("LOADING") and "key-load-delay" in " ".join(self.words))
        except ENDED:
            return False

    def ask(self, *words):
        return redis_command(self.address, *words)

    def info(self, section):
        lines = self.ask("INFO", section).splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)


class Ledger:
    """Submits as fast as the service takes it, from several threads, and keeps what was acknowledged."""

    def __init__(self, service, threads=2, **members):
        self.service, self.members = service, members
        self.acknowledged, self.refused, self.statuses = [], 0, {}
        self.longest_silence_s = 0.0 # between two acknowledgements
        self._last = None
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._submit, daemon=True) for _ in range(threads)]

    def __enter__(self):
        self._last = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _submit(self):
        while not self._stop.is_set():
            try:
                reply = self.service.post("/api/tasks", task(**self.members),
                                          headers={"Idempotency-Key": uuid.uuid4().hex})
            except OSError:
                continue
            with self._lock:
                self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
                if reply.status == 200:
                    now = time.monotonic()
                    self.longest_silence_s = max(self.longest_silence_s, now - self._last)
                    self._last = now
                    self.acknowledged.append(reply.json["task_id"])
            if reply.status != 200:
                time.sleep(0.01)

    def count(self):
        return len(self.acknowledged)

    def wait_for_more(self, count, limit_s=60):
        goal = self.count() + count
        wait_for(lambda: self.count() >= goal, limit_s)

    def lost(self, address):
        """Acknowledged tasks of which that Redis knows nothing."""
        return [task_id for task_id in self.acknowledged
                if redis_command(address, "EXISTS", f"task:{task_id}", f"task:{task_id}:meta") < 2]


def is_ready(service):
    return service.get("/ready", key=None).status == 200


def resumes(service, limit_s=30):
    """The service takes and answers again, by itself."""
    wait_for(lambda: service.post("/api/tasks", task()).status == 200, limit_s)
    wait_for(lambda: is_ready(service), limit_s)


class Lab:
    """A stack whose Redis the scenario stops, replaces and cripples."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.path = str(self.folder / "s")
        self.redis = self.shipped().start()
        self.service = None

    def serve(self, new_stack, **env):
        self.service = new_stack(AGNOSTIC_REDIS_URL=f"unix://{self.path}", **env)

    def shipped(self, *words, name="shipped", **options):
        return Redis(self.folder / name, *words, path=self.path, **options)

    @contextlib.contextmanager
    def instead(self, other):
        """The service meets `other` for a while, then its own Redis again, and recovers by itself."""
        self.redis.kill()
        other.launch()
        try:
            yield other
        finally:
            other.kill()
            self.redis.start()
            resumes(self.service)

    @contextlib.contextmanager
    def with_url(self, url):
        """agnostic-api with another address of Redis."""
        settings = self.service.folder / "etc/env"
        before = settings.read_text()
        settings.write_text(before + f"export AGNOSTIC_REDIS_URL='{url}'\n")
        self.restart_api()
        try:
            yield
        finally:
            settings.write_text(before)
            self.restart_api()

    def restart_api(self):
        assert self.service.stack("stop", "api") == 0
        assert self.service.stack("start", "api") == 0

    def end(self):
        self.redis.kill()


@contextlib.contextmanager
def small_disk(folder):
    """A file system of 1 MiB on folder, seen by nobody but those who are started with its prefix
    (which stands for: in its mount namespace)."""
    need_root("mounting a small file system")
    folder.mkdir(parents=True, exist_ok=True)
    holder = subprocess.Popen(["unshare", "-m", "--propagation", "private", "sh", "-c",
                               'mount -t tmpfs -o size=1m tmpfs "$0" && echo up && exec sleep 100000',
                               folder], stdout=subprocess.PIPE, text=True)
    try:
        if holder.stdout.readline() != "up\n":
            pytest.skip("no file system may be mounted here")
        yield Disk(holder.pid, folder)
    finally:
        holder.kill()
        holder.wait()


class Disk:
    def __init__(self, pid, folder):
        self.prefix = ["nsenter", "-t", str(pid), "-m"]
        self._ballast = Path(f"/proc/{pid}/root{folder}/ballast")

    def fill(self):
        with open(self._ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def clear(self):
        self._ballast.unlink()
