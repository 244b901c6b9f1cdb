"""The words of the scenarios in which Redis is in trouble: servers of their own, a ledger of what was
acknowledged."""
import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest

from vocabulary import RedisError, redis_command, redis_commands, sha256, task, wait_for

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy/redis/redis.conf"
FULL_DOSE = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
CLONE_NEWNET = 0x40000000
NO_LIMITS = {"AGNOSTIC_SUBMIT_PER_MIN": 0, "AGNOSTIC_AUTH_FAIL_PER_MIN": 0, "AGNOSTIC_OPEN_TASKS": 0, "AGNOSTIC_QUEUE_MAX": 0}
ENDED = (ConnectionError, FileNotFoundError, TimeoutError, ValueError, IndexError)


def dose(small, full):
    return full if FULL_DOSE else small


def free_port():
    """Below the range from which outgoing connections take theirs."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


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

    def __init__(self, folder, *words, port=0, host="127.0.0.1", path=None, conf=(SHIPPED,), prefix=(),
                 env=None, log=None, login=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.login = login # of the tests
        self.address = str(path or self.folder / "s") if port == 0 else (host, port)
        where = ["--port", port, "--unixsocket", "" if port else self.address,
                 "--unixsocketperm", "770"]
        own_conf = Path(f"{self.folder}.conf") # Sentinel rewrites it
        if not own_conf.exists():
            own_conf.write_text("".join(path.read_text() for path in conf))
        super().__init__(log or self.folder / "log", *prefix, "redis-server", own_conf, "--daemonize", "no", "--dir", self.folder, *where, *words, env=env)

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
        return redis_command(self.address, *words, login=self.login)


class Ledger:
    """Submits as fast as the service takes it, from several threads, and keeps what was acknowledged."""

    def __init__(self, service, threads=2, **members):
        self.service, self.members = service, members
        self.acknowledged, self.statuses = [], {}
        self.when = {} # task id -> moment of its acknowledgement
        self.longest_silence_s = 0.0 # between two acknowledgements
        self.longest_answer_s = 0.0
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
            asked = time.monotonic()
            try:
                reply = self.service.post("/api/tasks", task(**self.members),
                                          headers={"Idempotency-Key": uuid.uuid4().hex})
            except OSError:
                continue
            with self._lock:
                self.longest_answer_s = max(self.longest_answer_s, time.monotonic() - asked)
                self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
                if reply.status == 200:
                    now = time.monotonic()
                    self.longest_silence_s = max(self.longest_silence_s, now - self._last)
                    self._last = now
                    self.acknowledged.append(reply.json["task_id"])
                    self.when[self.acknowledged[-1]] = now
            if reply.status != 200:
                time.sleep(0.01)

    def count(self):
        return len(self.acknowledged)

    def wait_for_more(self, count, limit_s=60):
        goal = self.count() + count
        wait_for(lambda: self.count() >= goal, limit_s)

    def go_on(self, seconds):
        time.sleep(seconds)

    def lost(self, address, login=None):
        """Acknowledged tasks of which that Redis knows nothing."""
        keys = redis_commands(address, [["EXISTS", f"task:{task_id}", f"task:{task_id}:meta"]
                                        for task_id in self.acknowledged], login)
        return [task_id for task_id, count in zip(self.acknowledged, keys) if count < 2]


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

    def with_urls(self, **urls):
        """Parts of the service (api, runner), each with an address of Redis of its own."""
        return self.with_env(**{part: {"AGNOSTIC_REDIS_URL": url} for part, url in urls.items()})

    @contextlib.contextmanager
    def with_env(self, **changes):
        """Parts of the service, each started again with changes of its environment."""
        settings = self.service.folder / "etc/env"
        before = settings.read_text()
        try:
            for part, values in changes.items():
                settings.write_text(before + "".join(f"export {name}='{value}'\n"
                                                     for name, value in values.items()))
                self.restart(part)
            yield
        finally:
            settings.write_text(before)
            for part in changes:
                self.restart(part)

    def restart(self, part):
        assert self.service.stack("stop", part) == 0
        assert self.service.stack("start", part) == 0

    def forget(self):
        """All tasks of before."""
        self.redis.ask("FLUSHALL")

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


@contextlib.contextmanager
def network_of_its_own():
    """What is started inside sees loopback alone, and nobody else sees that one."""
    need_root("a network namespace")
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as before:
        if libc.unshare(CLONE_NEWNET) != 0:
            pytest.skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            assert libc.setns(before.fileno(), CLONE_NEWNET) == 0


def part(here, there):
    """From now on nothing passes between these addresses of this network."""
    subprocess.run(["nft", "-f", "-"], check=True, text=True, input=f"""
table ip parted {{
    chain both {{
        type filter hook input priority 0; policy accept;
        ip saddr {{ {", ".join(here)} }} ip daddr {{ {", ".join(there)} }} drop
        ip saddr {{ {", ".join(there)} }} ip daddr {{ {", ".join(here)} }} drop
    }}
}}
""")


def join():
    subprocess.run(["nft", "delete", "table", "ip", "parted"], check=True)


class Constellation:
    """Three Redis, of which two are replicas, and three Sentinels watching them. Number n of both
    lives at host(n), and speaks from there."""

    NAME, SENTINEL_PASSWORD = "agnostic", "CHANGE-ME-SENTINEL"
    USER, PASSWORD = "tester", "a password" # of the service, and of the tests
    ACL = "".join((ROOT / "deploy/redis" / name).read_text()
                  for name in ("users.acl", "users-sentinel.acl"))

    def __init__(self, folder, host=lambda n: "127.0.0.1"):
        self.folder = Path(folder)
        self.places = [(host(n), free_port()) for n in range(3)]
        self.sentinels_at = [(host(n), free_port()) for n in range(3)]
        self.redises = [self._redis(n) for n in range(3)]
        self.sentinels = [self._sentinel(n) for n in range(3)]

    def _redis(self, n):
        host, port = self.places[n]
        acl = self.folder / f"users{n}.acl"
        self.folder.mkdir(parents=True, exist_ok=True)
        acl.write_text(f"{self.ACL}user {self.USER} on #{sha256(self.PASSWORD)} ~* &* +@all\n")
        words = ["--bind", host, "--bind-source-addr", host, "--aclfile", acl,
                 "--repl-diskless-sync-delay", "0"]
        if n > 0:
            words += ["--replicaof", *self.places[0]]
        return Redis(self.folder / f"redis{n}", *words, host=host, port=port,
                     conf=(SHIPPED, SHIPPED.parent / "redis-replicated.conf"))

    def _sentinel(self, n):
        folder = self.folder / f"sentinel{n}"
        folder.mkdir(parents=True)
        text = (ROOT / "deploy/redis/sentinel.conf").read_text()
        (host, port), (own_host, own_port) = self.places[0], self.sentinels_at[n]
        for old, new in (("port 26379", f"port {own_port}\nbind {own_host}\nbind-source-addr {own_host}"),
                         ("dir /var/lib/redis", f"dir {folder}"), ("192.0.2.1 6379", f"{host} {port}")):
            assert old in text
            text = text.replace(old, new)
        (folder / "conf").write_text(text)
        return Server(folder / "log", "redis-sentinel", folder / "conf")

    @property
    def login(self):
        return [self.USER, self.PASSWORD]

    @property
    def url(self):
        hosts = ",".join(f"{host}:{port}" for host, port in self.sentinels_at)
        return (f"redis+sentinel://{self.USER}:{quote(self.PASSWORD)}@{hosts}/{self.NAME}"
                f"?sentinel_password={self.SENTINEL_PASSWORD}")

    def ask(self, address, *words):
        return redis_command(address, *words, login=self.login)

    def sentinel(self, n, *words):
        return redis_command(self.sentinels_at[n], "SENTINEL", *words,
                             login=[self.SENTINEL_PASSWORD])

    def master(self, sentinel=0):
        """(host, port) of the master, as that Sentinel has it."""
        host, port = self.sentinel(sentinel, "get-master-addr-by-name", self.NAME)
        return host, int(port)

    def number_of(self, place):
        return self.places.index(place)

    def replicates(self, n, place):
        """Is number n a replica in step with the master at place?"""
        try:
            lines = self.ask(self.places[n], "INFO", "replication").splitlines()
        except (RedisError, *ENDED):
            return False
        facts = dict(line.split(":", 1) for line in lines if ":" in line)
        return facts.get("master_link_status") == "up" and \
            (facts["master_host"], int(facts["master_port"])) == place

    def complete(self):
        """The master has its replicas, the Sentinels know of all."""
        try:
            masters = {self.master(n) for n in range(3)}
            facts = [self.sentinel(n, "MASTER", self.NAME) for n in range(3)]
        except (RedisError, *ENDED):
            return False
        facts = [dict(zip(words[::2], words[1::2])) for words in facts]
        place, = masters if len(masters) == 1 else [None]
        return place is not None and all(
            one["num-slaves"] >= "2" and one["num-other-sentinels"] == "2" for one in facts) and \
            all(self.replicates(n, place) for n in range(3) if self.places[n] != place)

    def start(self):
        for server in self.redises:
            server.launch()
        wait_for(lambda: self.replicates(1, self.places[0]) and self.replicates(2, self.places[0]), 30)
        for server in self.sentinels:
            server.launch()
        wait_for(self.complete, 40)
        return self

    def end(self):
        for server in self.sentinels + self.redises:
            server.kill()
