"""Goal: a tenant of a shared host, without root and without a daemon of ours, follows
deploy/shared-hosting/README.md and has a service. Apache with mod_fcgid is the host's; what cron would run
every minute is run here when its time has come."""
import os
import re
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT
from tenant import GID, UID, Tenant
from vocabulary import Receiver, Service, expect_status, task, wait_for

PAGE = (ROOT / "deploy/shared-hosting/README.md").read_text()
MODULES = ["mpm_event", "authz_core", "mime", "rewrite", "fcgid"]
# What stands for the host's crontab: it keeps what it is given.
CRONTAB = """crontab() { if [ "$1" = -l ]; then echo '# none'; else cat >"$HOME/crontab"; fi; }\n"""


def steps_on_the_host():
    return re.search(r"## On the host\n.*?```sh\n(.*?)```", PAGE, re.S).group(1)


class Host:
    """The host's Apache, with the tenant's public_html; and its cron, by hand."""

    def __init__(self, tenant):
        self.tenant = tenant
        self.folder = tenant.home / "host"
        self.web_root = tenant.home / "public_html"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder.mkdir()
        self.web_root.mkdir()
        tenant.own(self.folder, self.web_root)
        (self.folder / "apache.conf").write_text(self._configuration())

    def _configuration(self):
        lines = [f'LoadModule {name}_module "/usr/lib/apache2/modules/mod_{name}.so"'
                 for name in MODULES]
        if os.getuid() == 0:
            lines += [f"User #{UID}", f"Group #{GID}"]
        return "\n".join([*lines, f"""
            ServerName localhost
            Listen 127.0.0.1:{self.port}
            PidFile {self.folder}/pid
            DefaultRuntimeDir {self.folder}
            Mutex pthread
            ErrorLog {self.folder}/errors.log
            FcgidIPCDir {self.folder}/fcgid
            FcgidProcessTableFile {self.folder}/fcgid_shm
            TypesConfig /etc/mime.types
            DocumentRoot {self.web_root}
            <Directory {self.web_root}>
                AllowOverride All
                Require all granted
            </Directory>
            """])

    def start(self):
        env = {"PATH": "/usr/sbin:/usr/bin:/bin"}
        self._apache = subprocess.Popen(["apache2", "-f", self.folder / "apache.conf",
                                         "-DFOREGROUND"], env=env)
        wait_for(lambda: (self.folder / "pid").exists())

    def stop(self):
        self._apache.terminate()
        self._apache.wait(60)

    def minute(self):
        """What cron does: the line from the crontab, with cron's environment."""
        line, = [line for line in (self.tenant.home / "crontab").read_text().splitlines()
                 if not line.startswith("#")]
        command = line.split(None, 5)
        assert command[:5] == ["*"] * 5
        run = self.tenant.run("sh", "-c", command[5])
        assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def host():
    tenant = Tenant()
    host = Host(tenant)
    try:
        host.start()
        followed = tenant.run("sh", "-ec", CRONTAB + steps_on_the_host().replace(
            "https://you.example", f"http://127.0.0.1:{host.port}"))
        host.said = followed
        yield host
    finally:
        host.stop()
        for pid in processes_below(tenant.home):
            os.kill(pid, signal.SIGTERM)
        wait_for(lambda: not processes_below(tenant.home))
        tenant.end()


def processes_below(folder):
    """Those that run a program of this folder, or have it in their command line (its Redis)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if str(folder) in os.readlink(process / "exe") or f"{folder}/" in words[0] or (
                    "redis-server" in words[0] and str(folder) in "".join(words)):
                found.append(int(process.name))
        except OSError:
            pass
    return found


def runners(host):
    return [pid for pid in processes_below(host.tenant.home)
            if "agnostic-runner" in Path(f"/proc/{pid}/cmdline").read_text()]


@pytest.fixture(scope="module")
def service(host):
    """The service as its clients see it, through the host's Apache."""
    key = re.search("^AGNOSTIC_API_KEY=(.*)$",
                    (host.tenant.root / "bin/agnostic.conf").read_text(), re.M).group(1)
    return Service(host.tenant.home, "apache-fcgid",
                   f"AGNOSTIC_URL=http://127.0.0.1:{host.port}\nAGNOSTIC_API_KEY={key}\n"
                   f"AGNOSTIC_REDIS_SOCKET={host.tenant.root}/run/redis.sock\n", None)


def allow(host, *lines):
    """More settings, which the web tier takes over when it is started anew."""
    with open(host.tenant.root / "bin/agnostic.conf", "a") as file:
        file.write("".join(f"{line}\n" for line in lines))
    for pid in processes_below(host.tenant.home):
        if "agnostic-api" in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(pid, signal.SIGTERM)


# --- the steps of the page ---------------------------------------------------------------------


def test_the_steps_lead_to_a_service_that_answers(host, service):
    health = expect_status(service.get("/health", key=None), 200).json
    assert health["redis"] == "ok", host.said
    expect_status(service.get("/api/auth/me"), 200)
    expect_status(service.get("/api/auth/me", key=None), 401)


def test_doctor_finds_nothing_wrong_but_that_no_runner_came_yet(host, service):
    wrong = [line for line in host.said.stdout.splitlines() if line.startswith("FAIL")]
    assert wrong and all(line.split()[1] == "runner" for line in wrong), host.said


def test_a_task_waits_for_cron_and_its_verdict_is_served_without_a_runner(host, service):
    """Submit, one minute of cron, poll; and the callback goes out in that minute too."""
    with Receiver() as receiver, Receiver() as target:
        allow(host, f"AGNOSTIC_WEBHOOK_ALLOW=127.0.0.1:{receiver.port}",
              f"AGNOSTIC_TARGET_ALLOW=127.0.0.1:{target.port}")
        wait_for(lambda: service.get("/health", key=None).status == 200)
        made = expect_status(service.post("/api/tasks/security", task(
            target_url=target.url, callback_url=f"{receiver.url}/done")), 200).json
        assert service.poll(made["task_id"]).json["status"] == "pending"
        assert runners(host) == []
        host.minute()
        assert runners(host) == []
        record = service.poll(made["task_id"]).json
        assert record["status"] == "completed", record
        assert record["result"]["agent_results"]["security-compliance"]["status"] == "completed"
        assert [request[1] for request in receiver.requests] == ["/done"]


def test_a_redis_that_the_host_ended_comes_back_with_the_next_minute(host, service):
    made = service.submit()
    redis, = [pid for pid in processes_below(host.tenant.home)
              if "redis-server" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(redis, signal.SIGKILL)
    wait_for(lambda: service.poll(made["task_id"]).status == 503)
    host.minute()
    assert service.poll(made["task_id"]).json["status"] == "completed"


def test_the_minutes_of_cron_never_start_a_second_redis(host):
    for _ in range(3):
        host.minute()
    assert len([pid for pid in processes_below(host.tenant.home)
                if "redis-server" in Path(f"/proc/{pid}/cmdline").read_text()]) == 1


# --- who may read and change what --------------------------------------------------------------


def test_all_of_it_is_the_tenants_and_nobody_else_may_write_to_it(host, service):
    for path in [*host.tenant.root.rglob("*"), *host.web_root.rglob("*")]:
        entry = path.lstat()
        assert entry.st_uid == (UID if os.getuid() == 0 else os.getuid()), path
        assert stat.S_ISLNK(entry.st_mode) or not entry.st_mode & 0o022, path


def test_the_key_is_readable_by_its_owner_alone_and_nowhere_in_the_web_root(host, service):
    holders = [path for path in host.tenant.home.rglob("*")
               if path.is_file() and service.key.encode() in path.read_bytes()]
    assert holders == [host.tenant.root / "bin/agnostic.conf"]
    assert stat.S_IMODE(holders[0].stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["/agnostic.fcgi", "/.htaccess", "/../agnostic/bin/agnostic.conf"])
def test_nothing_of_it_can_be_fetched(host, service, path):
    reply = service.get(path)
    assert reply.status in (400, 403, 404)
    assert b"exec" not in reply.body and b"Rewrite" not in reply.body
