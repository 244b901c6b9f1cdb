"""Goal: a wrong settings file is refused by its line, at the start and on reload, where the old settings
stay in force."""
import os
import re
import signal
import socket
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from fastcgi import ask
from tenant import Tenant
from vocabulary import DATA, expect_status, wait_for

LINES = [line.split("\t") for line in (DATA / "settings_cases.tsv").read_text().splitlines()
         if line and not line.startswith("#")]
WRONG = [(unquote_to_bytes(text), why) for text, why in LINES if why.startswith("test.conf line")]
GOOD = b"AGNOSTIC_API_KEY=the-key-of-the-old-settings\n"
KEY = "the-key-of-the-old-settings"


@pytest.fixture(scope="module")
def tenant():
    tenant = Tenant()
    try:
        yield tenant
    finally:
        tenant.end()


@pytest.fixture
def listening(tenant):
    path = tenant.home / "api.sock"
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(str(path))
        held.listen(64)
        os.chmod(path, 0o666)
        yield held, path
    path.unlink()


@pytest.fixture
def file(tenant):
    path = tenant.home / "test.conf"
    path.write_bytes(b"")
    os.chmod(path, 0o600)
    tenant.own(path)
    return path


def test_there_are_enough_wrong_files():
    assert len(WRONG) >= 30


@pytest.mark.parametrize("program", ["agnostic-api", "agnostic-runner"])
def test_a_wrong_file_is_refused_at_the_start_by_its_line(tenant, file, listening, program):
    for text, why in WRONG:
        file.write_bytes(text)
        run = tenant.run(tenant.root / "bin" / program, stdin=listening[0], AGNOSTIC_CONFIG=file)
        told = run.stderr.replace(str(file), "test.conf")
        assert (run.returncode, told) == (78, f"{program}: {why}\n"), text


def refused(tenant):
    return tenant.said().count('"event":"reload_refused"')


def reload_each(tenant, file, process):
    for number, (text, why) in enumerate(WRONG, refused(tenant) + 1):
        file.write_bytes(text)
        process.send_signal(signal.SIGHUP)
        wait_for(lambda: refused(tenant) == number)


def children(process):
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def test_a_reload_with_a_wrong_file_changes_nothing_in_the_web_tier(tenant, file, listening):
    held, path = listening
    file.write_bytes(GOOD)
    process = tenant.start(tenant.root / "bin/agnostic-api", "--workers", "2", stdin=held,
                           AGNOSTIC_CONFIG=file)
    expect_status(ask(path, "GET", "/api/auth/me", X_API_KEY=KEY), 200)
    wait_for(lambda: len(children(process)) == 2)
    before = children(process)
    reload_each(tenant, file, process)
    assert children(process) == before
    expect_status(ask(path, "GET", "/api/auth/me", X_API_KEY=KEY), 200)
    file.write_bytes(GOOD)
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: not before & children(process))
    expect_status(ask(path, "GET", "/api/auth/me", X_API_KEY=KEY), 200)


def test_a_reload_with_a_wrong_file_changes_nothing_in_the_runner(tenant, file):
    settings = f"AGNOSTIC_REDIS_URL={tenant.start_redis()}\nAGNOSTIC_RUN_DIR={tenant.home}\n"
    file.write_text(settings)
    process = tenant.start(tenant.root / "bin/agnostic-runner", AGNOSTIC_CONFIG=file)
    wait_for(lambda: len(children(process)) == 3)
    before = children(process)
    reload_each(tenant, file, process)
    assert children(process) == before
    assert re.search(r'"event":"reload_refused","why":"[^"]*test.conf line 1: ', tenant.said())
