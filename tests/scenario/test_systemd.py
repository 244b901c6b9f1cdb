"""Goal: the units are right, give away no more than they say, and both programs work under them."""
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT
from fastcgi import ask
from tenant import Tenant
from vocabulary import Receiver, expect_status, task, wait_for

EXPOSURE = {"agnostic-api.service": 22, "agnostic-runner.service": 25}  # tenths, at most
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to others")
SANDBOX = ["/usr/bin/python3", "-B"]


@pytest.fixture(scope="module")
def tenant():
    tenant = Tenant()
    try:
        shutil.copy(ROOT / "tests/scenario/unit_sandbox.py", tenant.home)
        yield tenant
    finally:
        tenant.end()


@pytest.fixture(scope="module")
def redis_url(tenant):
    return tenant.start_redis()


def units(tenant):
    return tenant.root / "lib/systemd/system"


def under_unit(tenant, unit, program, *words):
    """PROGRAM under what the unit forbids, as words of a command."""
    return [*SANDBOX, tenant.home / "unit_sandbox.py", units(tenant) / unit,
            tenant.root / "bin" / program, *words]


# --- the files ------------------------------------------------------------------------------


def test_installed_units_have_nothing_that_systemd_complains_of(tenant):
    names = sorted(units(tenant).glob("agnostic-*"))
    assert len(names) == 3
    run = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True,
                         text=True)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")


@pytest.mark.parametrize("unit", EXPOSURE)
def test_a_unit_exposes_no_more_than_promised(tenant, unit):
    run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                          f"--threshold={EXPOSURE[unit]}", units(tenant) / unit],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout.splitlines()[-1]


@as_root
def test_the_two_users_are_made_and_share_only_the_group_of_redis(tenant, tmp_path):
    apply_to_root(tmp_path, ["systemd-sysusers"], tenant.root / "lib/sysusers.d/agnostic.conf")
    users = [line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text().splitlines()]
    groups = {line.split(":")[0]: line.split(":")[3]
              for line in (tmp_path / "etc/group").read_text().splitlines()}
    assert {"agnostic-api", "agnostic-runner"} <= set(users)
    assert groups["redis"] == "agnostic-api,agnostic-runner"
    assert groups["agnostic-api"] == groups["agnostic-runner"] == ""


@as_root
def test_settings_files_are_made_for_their_service_alone(tenant, tmp_path):
    apply_to_root(tmp_path, ["systemd-sysusers"], tenant.root / "lib/sysusers.d/agnostic.conf")
    apply_to_root(tmp_path, ["systemd-tmpfiles", "--create"],
                  tenant.root / "lib/tmpfiles.d/agnostic.conf")
    owners = dict(re.findall(r"^(agnostic-\w+):x:(\d+):", (tmp_path / "etc/passwd").read_text(),
                             re.M))
    for service in ("api", "runner"):
        stat = (tmp_path / f"etc/agnostic/{service}.conf").stat()
        assert (oct(stat.st_mode & 0o777), stat.st_uid) == ("0o600",
                                                            int(owners[f"agnostic-{service}"]))


def apply_to_root(folder, words, file):
    """With FOLDER as the root of the file system."""
    (folder / "etc").mkdir(exist_ok=True)
    run = subprocess.run([*words, f"--root={folder}", "-"], input=file.read_text(),
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


# --- the programs under them -------------------------------------------------------------------


def listen_at(path):
    held = socket.socket(socket.AF_UNIX)
    held.bind(str(path))
    held.listen(64)
    os.chmod(path, 0o666)
    return held


def test_a_task_is_done_by_both_programs_under_their_units(tenant, redis_url):
    """The agents get their namespaces, limits and confinement there too: nothing says that it failed."""
    path, work = tenant.home / "api.sock", tenant.home / "work"
    assert tenant.run("mkdir", "-m", "700", work).returncode == 0
    with listen_at(path) as held, Receiver() as target:
        env = {"AGNOSTIC_REDIS_URL": redis_url, "AGNOSTIC_RUN_DIR": work,
               "AGNOSTIC_API_KEY": tenant.key, "AGNOSTIC_TARGET_ALLOW": f"127.0.0.1:{target.port}"}
        tenant.start(*under_unit(tenant, "agnostic-api.service", "agnostic-api", "--workers", "2"),
                     stdin=held, **env)
        made = expect_status(ask(path, "POST", "/api/tasks/security", X_API_KEY=tenant.key,
                                 body=task(target_url=target.url)), 200).json
        run = tenant.run(*under_unit(tenant, "agnostic-runner.service", "agnostic-runner",
                                     "--drain", "--max-time", "60"), **env)
        record = ask(path, "GET", f"/api/tasks/{made['task_id']}", X_API_KEY=tenant.key).json
    assert run.returncode == 0, run.stderr
    assert record["status"] == "completed", (record, run.stderr)
    agent = record["result"]["agent_results"]["security-compliance"]
    assert agent["status"] == "completed", (agent, run.stderr)
    assert not re.search(r'"level":"(warn|error)"', run.stderr), run.stderr


def test_a_system_call_outside_of_the_filter_is_refused(tenant):
    run = tenant.run(*SANDBOX, tenant.home / "unit_sandbox.py",
                     units(tenant) / "agnostic-api.service", "/usr/bin/unshare", "-U", "true")
    assert run.returncode != 0 and "Operation not permitted" in run.stderr


# --- the socket ----------------------------------------------------------------------------------


@pytest.fixture
def activated(tenant, redis_url):
    """The web tier as systemd-socket-activate starts it: the socket is descriptor 3."""
    path = tenant.home / "activated.sock"
    settings = {"AGNOSTIC_REDIS_URL": redis_url, "AGNOSTIC_API_KEY": tenant.key,
                "AGNOSTIC_RUN_DIR": tenant.home, "ASAN_OPTIONS": "detect_leaks=0"}
    words = [word for name, value in settings.items() for word in ("-E", f"{name}={value}")]
    process = tenant.start("systemd-socket-activate", "-l", path, *words,
                           tenant.root / "bin/agnostic-api", "--workers", "2")
    wait_for(path.exists)
    yield process, path
    path.unlink(missing_ok=True)


def workers_of(process):
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def test_the_first_request_starts_the_web_tier(activated):
    process, path = activated
    assert workers_of(process) == set()
    assert ask(path, "GET", "/health").json["redis"] == "ok"
    wait_for(lambda: len(workers_of(process)) == 2)


def test_a_socket_handed_over_survives_a_reload(activated):
    process, path = activated
    ask(path, "GET", "/health")
    wait_for(lambda: len(workers_of(process)) == 2)
    old = workers_of(process)
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: not old & workers_of(process))
    expect_status(ask(path, "GET", "/health"), 200)


def test_requests_that_came_before_a_stop_are_answered_after_the_next_start(tenant, redis_url):
    path = tenant.home / "held.sock"
    env = {"AGNOSTIC_REDIS_URL": redis_url, "AGNOSTIC_RUN_DIR": tenant.home}
    with listen_at(path) as held:
        first = tenant.start(tenant.root / "bin/agnostic-api", stdin=held, **env)
        expect_status(ask(path, "GET", "/health"), 200)
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 0
        with socket.socket(socket.AF_UNIX) as waiting:
            waiting.connect(str(path))
            tenant.start(tenant.root / "bin/agnostic-api", stdin=held, **env)
            expect_status(ask(path, "GET", "/health"), 200)


def test_term_ends_it_well(activated):
    process, path = activated
    ask(path, "GET", "/health")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
