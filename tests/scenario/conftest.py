"""The stacks that the scenarios run against: scripts/stack, private folders, always taken down."""
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from redis_lab import NO_LIMITS, Lab
from vocabulary import Service

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("AGNOSTIC_TEST_SERVER", "nginx")
BIN = os.environ.get("AGNOSTIC_BIN", str(ROOT / "build/bin"))
TOKEN_SECRET = "a secret that only the tests know, 32 bytes or more"
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
# What no web server has a part in: behind nginx always, behind the others in the full dose.
ALIKE = {"test_13_run.py", "test_14_life.py", "test_15_reading.py", "test_16_report.py",
         "test_17_receipt.py", "test_50_records.py", "test_60_callback.py", "test_61_target_policy.py",
         "test_70_people.py"}
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error:|SUMMARY: \w+Sanitizer")


def pytest_collection_modifyitems(config, items):
    if SERVER != "nginx" and not FULL:
        left_out = [item for item in items if item.path.name in ALIKE]
        items[:] = [item for item in items if item.path.name not in ALIKE]
        config.hook.pytest_deselected(items=left_out)


def stack_command(*words, **options):
    return subprocess.run([str(ROOT / "scripts/stack"), *words], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "AGNOSTIC_BIN": BIN}, **options)


def bring_up(folder, workers=2, slots=2, **env):
    words = ["up", "--dir", folder, "--server", SERVER, "--workers", str(workers),
             "--slots", str(slots)]
    for name, value in env.items():
        words += ["--env", f"{name}={value}"]
    run = stack_command(*words, timeout=120)
    assert run.returncode == 0, run.stderr
    return Service(folder, SERVER, run.stdout, stack_command)


def take_down(folder):
    stack_command("down", "--dir", folder, timeout=180)
    logs = "\n".join(path.read_text(errors="replace") for path in Path(folder, "log").glob("*.log"))
    reports = [line for line in logs.splitlines() if SANITIZER.search(line)]
    shutil.rmtree(folder, ignore_errors=True)
    assert not reports, "\n".join(reports)


@pytest.fixture(scope="session")
def stack():
    """The one stack of those scenarios that break nothing."""
    folder = tempfile.mkdtemp(prefix="agnostic-")
    try:
        service = bring_up(folder, WEBGUI_SECRET_KEY=TOKEN_SECRET,
                           AGNOSTIC_AUTH_FAIL_PER_MIN=0)  # forgeries come by hundreds
    except AssertionError as why:
        pytest.exit(f"no stack, no scenarios: {why}", returncode=1)
    try:
        yield service
    finally:
        take_down(folder)


@contextlib.contextmanager
def many_stacks():
    folders = []

    def make(**options):
        folders.append(tempfile.mkdtemp(prefix="agnostic-"))
        return bring_up(folders[-1], **options)
    try:
        yield make
    finally:
        for folder in folders:
            take_down(folder)


@pytest.fixture
def new_stack():
    """new_stack(workers=2, slots=2, NAME=value...): a stack of the scenario's own."""
    with many_stacks() as make:
        yield make


@pytest.fixture(scope="session")
def lab():
    """The one stack of those scenarios in which Redis is in trouble; each leaves it well."""
    with tempfile.TemporaryDirectory(prefix="agnostic-") as folder, contextlib.ExitStack() as ends:
        made = Lab(folder)
        ends.callback(made.end)
        made.serve(ends.enter_context(many_stacks()), AGNOSTIC_LEASE_MS=2000, AGNOSTIC_BEAT_MS=300,
                   AGNOSTIC_AGENTS_DIR=ROOT / "tests/scenario/agents",
                   AGNOSTIC_WEBHOOK_ALLOW="127.0.0.1", AGNOSTIC_DRAIN_MS=200, **NO_LIMITS)
        yield made
