"""One unprivileged user with everything of the service below one folder: programs and files as
`cmake --install` puts them there, settings, a Redis. Root's tests drop to `nobody`."""
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from conftest import BIN, SANITIZER
from vocabulary import wait_for

UID = GID = 65534
DROP = ["setpriv", f"--reuid={UID}", f"--regid={GID}", "--clear-groups", "--no-new-privs",
        "--bounding-set=-all", "--inh-caps=-all"]
PATH = "/usr/local/bin:/usr/bin:/bin"


class Tenant:
    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="agnostic-home-"))
        self.root = self.home / "agnostic"
        self.key = "agn_tenant_" + secrets.token_hex(16)
        self._started = []
        subprocess.run(["cmake", "--install", str(Path(BIN).parent), "--prefix", str(self.root)],
                       check=True, stdout=subprocess.DEVNULL)
        for folder, _, files in os.walk(self.home):
            self.own(folder, *(os.path.join(folder, file) for file in files))

    def own(self, *paths):
        """Makes files of the test's the tenant's."""
        for path in paths if os.getuid() == 0 else []:
            os.lchown(path, UID, GID)

    def command(self, *words, **env):
        """The words for a process of the tenant's, in an environment as bare as cron's."""
        drop = DROP if os.getuid() == 0 else []
        changes = {"HOME": self.home, "PATH": PATH, "LANG": "C.UTF-8",
                   "ASAN_OPTIONS": "detect_leaks=0", **env}
        return [*drop, "env", "-i", *(f"{name}={value}" for name, value in changes.items()),
                *(str(word) for word in words)]

    def run(self, *words, stdin=subprocess.DEVNULL, **env):
        return subprocess.run(self.command(*words, **env), stdin=stdin, capture_output=True, text=True, timeout=180, cwd="/")

    def start(self, *words, stdin=subprocess.DEVNULL, **env):
        """A process that ends at the latest with the tenant; its output is kept to be looked at."""
        log = open(self.home / "log", "ab")
        process = subprocess.Popen(self.command(*words, **env), stdin=stdin, stdout=log, stderr=log,
                                   cwd="/")
        log.close()
        self._started.append(process)
        return process

    def start_redis(self):
        redis = self.home / "redis.sock"
        data = self.home / "redis"
        if not data.exists():
            assert self.run("mkdir", "-m", "700", data).returncode == 0
        self.start("redis-server", self.root / "share/agnostic/deploy/redis/redis.conf",
                   "--dir", data, "--unixsocket", redis, "--unixsocketperm", "700")
        wait_for(lambda: self.run("redis-cli", "-s", redis, "ping").stdout == "PONG\n")
        return f"unix://{redis}"

    def said(self):
        return (self.home / "log").read_text(errors="replace")

    def end(self):
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        logs = [path.read_text(errors="replace") for path in self.home.rglob("*log")
                if path.is_file()]
        shutil.rmtree(self.home, ignore_errors=True)
        reports = [line for log in logs for line in log.splitlines() if SANITIZER.search(line)]
        assert not reports, "\n".join(reports)
