"""Goal: the private stack starts, stops and comes back, and leaves nothing behind."""
import os
import signal
import subprocess
from pathlib import Path

from conftest import BIN, SERVER
from vocabulary import expect_status, wait_for

PARTS = ["redis", "web", "runner"] + ([] if SERVER == "apache-fcgid" else ["api"])


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_started_stack_is_ready_and_healthy(stack):
    expect_status(stack.get("/ready", key=None), 200)
    health = expect_status(stack.get("/health", key=None), 200).json
    assert health["redis"] == "ok" and health["status"] in ("healthy", "degraded")


def test_pid_files_name_living_processes(stack):
    assert all(is_alive(stack.pid(name)) for name in PARTS)


def test_status_tells_what_runs(new_stack):
    service = new_stack()
    assert service.stack("status") == 0
    service.stack("stop", "runner")
    assert service.stack("status") == 3


def test_two_stacks_run_side_by_side(stack, new_stack):
    other = new_stack()
    record = other.submit()
    assert other.poll(record["task_id"]).status == 200
    assert stack.poll(record["task_id"]).status == 404
    expect_status(stack.get("/api/auth/me", key=other.key), 401)


def test_a_second_up_in_the_same_folder_is_refused(new_stack):
    service = new_stack()
    assert service.stack("up") != 0
    expect_status(service.get("/ready", key=None), 200)


def test_a_runner_that_died_is_not_started_twice(new_stack):
    service = new_stack(slots=1)
    os.kill(service.pid("runner"), signal.SIGKILL)
    assert service.stack("start", "runner") == 0
    wait_for(lambda: service.processes("agnostic-runner"))
    assert service.stack("stop", "runner") == 0
    assert service.processes("agnostic-runner") == []


def test_down_leaves_no_process_and_up_finds_the_data_again(new_stack):
    service = new_stack()
    task_id = service.submit()["task_id"]
    pids = [service.pid(name) for name in PARTS]
    assert service.stack("down") == 0
    wait_for(lambda: not any(is_alive(pid) for pid in pids))
    assert service.processes("agnostic-api") == []
    assert service.stack("up", "--port", str(service.port), "--server", SERVER,
                         "--env", f"AGNOSTIC_API_KEY={service.key}") == 0
    expect_status(service.poll(task_id), 200)


def test_a_part_that_is_stopped_stays_stopped_until_started(new_stack):
    service = new_stack()
    service.stack("stop", "api")
    assert service.get("/health", key=None).status in (500, 502, 503)
    assert service.processes("agnostic-api") == []
    service.stack("start", "api")
    wait_for(lambda: service.get("/health", key=None).status == 200)


def test_a_part_that_is_killed_comes_back(new_stack):
    service = new_stack()
    for name in PARTS[1:]:
        before = service.pid(name)
        os.kill(before, 9)
        wait_for(lambda: (service.folder / "run" / f"{name}.pid").exists()
                 and service.pid(name) != before and is_alive(service.pid(name)))
    wait_for(lambda: service.get("/ready", key=None).status == 200)


def test_what_a_killed_keeper_left_behind_is_cleared_away(new_stack):
    service = new_stack()
    orphan = service.pid("runner")
    os.kill(int((service.folder / "run/runner.keep").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: service.stack("status") == 3)
    assert is_alive(orphan)
    assert service.stack("start", "runner") == 0
    assert not is_alive(orphan) and is_alive(service.pid("runner"))


def test_without_redis_it_is_alive_but_not_ready(new_stack):
    service = new_stack()
    service.stack("stop", "redis")
    health = expect_status(service.get("/health", key=None), 200).json
    assert health["redis"] == "error" and health["status"] == "unhealthy"
    expect_status(service.get("/ready", key=None), 503)
    reply = expect_status(service.post("/api/tasks", {"title": "t", "description": "d"}), 503)
    assert reply.header("retry-after")
    service.stack("start", "redis")
    wait_for(lambda: service.get("/ready", key=None).status == 200)
    service.submit()


def test_the_web_tier_started_wrongly_says_how_to_start_it():
    run = subprocess.run([f"{BIN}/agnostic-api", "--workers", "1"], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=30)
    assert run.returncode == 2
    assert "spawn-fcgi" in run.stderr
