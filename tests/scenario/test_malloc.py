"""Goal: out of memory, at whatever moment: no answer, or one that says so; never a wrong one.

Each run lets one allocation of a worker fail while it answers the same requests. AGNOSTIC_TEST_SEED repeats
the choice of a small dose; the full dose takes every one in turn. The release program is what is tried:
the sanitizers have an allocator of their own.
"""
import os
import random
import struct
from pathlib import Path

import pytest

from fastcgi import Worker
from vocabulary import ROOT, claims, figures, sign, task

FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
SHALLOW = 30
PROGRAM = ROOT / "build/bin/agnostic-api"
SHIM = Path(os.environ["AGNOSTIC_BIN"]).parent / "tests/libnth_malloc.so"
SECRET = "a secret of this test alone, 32 bytes or more"


def worker(service, folder, nth):
    """A worker whose nth allocation fails; 0: none."""
    return Worker(service, folder, PROGRAM, LD_PRELOAD=SHIM, NTH_MALLOC=nth,
                  NTH_MALLOC_COUNT=folder / "count")


def requests(service, key, key_name):
    """What is asked of every worker, in this order."""
    good = sign(SECRET, {"alg": "HS256", "typ": "JWT"}, claims())
    bad = sign(SECRET[::-1], {"alg": "HS256", "typ": "JWT"}, claims())
    task_id = service.submit(agents=["junior-qa"])["task_id"]
    return [("GET", f"/api/tasks/{task_id}", None, {"X_API_KEY": key}),
            ("GET", f"/api/tasks/{task_id}", None, {"X_API_KEY": key[:-1] + "?"}),
            ("GET", "/api/auth/me", None, {"AUTHORIZATION": f"Bearer {good}"}),
            ("GET", "/api/auth/me", None, {"AUTHORIZATION": f"Bearer {bad}"}),
            ("POST", "/api/tasks", {"title": 1, "agents": ["nobody"]}, {"X_API_KEY": key}),
            ("POST", "/api/tasks", task(), {"X_API_KEY": key, "IDEMPOTENCY_KEY": key_name})]


def answers(asked_of, asked):
    replies = [asked_of.ask(method, uri, body, **headers) for method, uri, body, headers in asked]
    return [reply and (reply.status, reply.body) for reply in replies]


@pytest.fixture
def quiet(new_stack):
    """A stack without a runner, so that tasks stand as they are, and a key kept in Redis."""
    if not PROGRAM.exists():
        pytest.skip("the release programs are not built (scripts/build)")
    service = new_stack(WEBGUI_SECRET_KEY=SECRET, AGNOSTIC_SUBMIT_PER_MIN=0,
                        AGNOSTIC_AUTH_FAIL_PER_MIN=0)
    service.stack("stop", "runner")
    return service, service.post("/api/auth/api-keys", {"role": "qa_engineer"}).json["api_key"]


def is_wrong(given, expected):
    """Neither what is right, nor trouble told as such, nor silence."""
    return given is not None and given != expected and given[0] < 500


def sweep(service, key, folder):
    """Fails allocations one by one; (how many, what was wrong, how many answers were other than right)."""
    asked = requests(service, key, "the-first")
    with worker(service, folder, 0) as sound:
        expected = answers(sound, asked)
    total, = struct.unpack("=Q", (folder / "count").read_bytes())
    assert [status for status, _ in expected] == [200, 401, 200, 401, 422, 200]
    seed = os.environ.get("AGNOSTIC_TEST_SEED") or str(random.randrange(2 ** 32))
    print(f"AGNOSTIC_TEST_SEED={seed}")
    chosen = range(1, total + 1)
    if not FULL:
        chosen = sorted(random.Random(seed).sample(chosen, SHALLOW))
    wrong, troubled = [], 0
    for nth in chosen:
        with worker(service, folder, nth) as starved:
            given = answers(starved, asked)
        wrong += [f"allocation {nth} of {total}: {asked[i][:2]} gave {given[i]}, not {expected[i]}"
                  for i in range(len(asked)) if is_wrong(given[i], expected[i])]
        troubled += sum(given[i] != expected[i] for i in range(len(asked)))
    return len(chosen), wrong, troubled


def test_an_allocation_that_fails_is_told_or_ends_the_worker(quiet, tmp_path):
    service, key = quiet
    count, wrong, troubled = sweep(service, key, tmp_path)
    figures(f"malloc: {count} allocations failed, {troubled} requests were "
            f"answered with 5xx or not at all, {len(wrong)} wrongly")
    assert not wrong, "\n".join(wrong)
    assert troubled > 0
    assert service.redis("ZCARD", "idx:tasks") == 2
