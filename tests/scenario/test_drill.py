"""Goal: an operator can prove on a staging stack that nothing accepted is lost, and harm nothing else."""
import json
import threading
from pathlib import Path

import pytest

from vocabulary import task, wait_for

TOILERS = Path(__file__).resolve().parent / "toilers"
FAST = {"AGNOSTIC_LEASE_MS": 300, "AGNOSTIC_BEAT_MS": 75, "AGNOSTIC_AGENTS_DIR": TOILERS}


def drill(service, *words, **options):
    return service.run("agnosticctl", "drill", *words, **options)


def test_a_drill_with_kills_loses_nothing_and_tells_what_it_saw(new_stack):
    service = new_stack(slots=4, **FAST)
    parent = service.pid("runner")
    run = drill(service, "--staging", "--tasks", "16", "--faults", "4", "--json",
                "--agents", "junior-qa", "--description", "toil 0.4")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["accepted"] == 16 == report["completed"] + report["failed"]
    assert report["lost"] == report["unfinished"] == 0
    assert report["kills"] >= 1 and report["doubled"] == 0
    assert report["recovered"] >= report["repeated"]
    assert (report["recovered"] > 0) == (report["recovery_max_ms"] > 0)
    assert report["recovery_p50_ms"] <= report["recovery_max_ms"]
    assert service.pid("runner") == parent


def test_without_saying_that_it_is_staging_nothing_is_ordered(new_stack):
    service = new_stack()
    assert drill(service, "--tasks", "3", "--faults", "1").returncode == 64
    assert service.redis("ZCARD", "idx:tasks") == 0


@pytest.mark.parametrize("words, status, ordered", [((), 1, 0), (("--yes",), 4, 2)])
def test_where_others_wait_it_is_held_only_when_that_is_meant(new_stack, words, status, ordered):
    service = new_stack()
    service.stack("stop", "runner")
    service.post("/api/tasks", task())
    run = drill(service, "--staging", "--tasks", "2", "--timeout", "1", *words)
    assert run.returncode == status, run.stderr
    assert service.redis("ZCARD", "idx:tasks") == 1 + ordered


def test_faults_need_a_runner_of_this_host(new_stack):
    service = new_stack()
    service.stack("stop", "runner")
    assert drill(service, "--staging", "--faults", "1").returncode == 1
    assert service.redis("ZCARD", "idx:tasks") == 0


def test_a_service_of_another_stack_is_found_out_at_the_first_task(new_stack):
    here, elsewhere = new_stack(), new_stack()
    elsewhere.stack("stop", "runner")
    run = drill(here, "--staging", "--tasks", "3",
                env={"AGNOSTIC_URL": elsewhere.url, "AGNOSTIC_API_KEY": elsewhere.key})
    assert run.returncode == 1 and "not of one stack" in run.stderr
    task_id, = elsewhere.redis("ZRANGE", "idx:tasks", "0", "-1")
    assert elsewhere.poll(task_id).json["status"] == "cancelled"


def test_a_drill_that_is_refused_midway_takes_its_tasks_back(new_stack):
    service = new_stack(AGNOSTIC_OPEN_TASKS=2)
    service.stack("stop", "runner")
    run = drill(service, "--staging", "--tasks", "3")
    assert run.returncode != 0 and "ordering a task" in run.stderr
    tasks = service.redis("ZRANGE", "idx:tasks", "0", "-1")
    assert len(tasks) == 2
    assert {service.poll(task_id).json["status"] for task_id in tasks} == {"cancelled"}


def test_a_task_that_is_gone_is_lost_and_fails_the_drill(new_stack):
    service = new_stack()
    service.stack("stop", "runner")
    drill_of_two = threading.Thread(target=lambda: runs.append(
        drill(service, "--staging", "--tasks", "2", "--timeout", "60", "--json")))
    runs = []
    drill_of_two.start()
    wait_for(lambda: service.redis("ZCARD", "idx:tasks") == 2)
    for task_id in service.redis("ZRANGE", "idx:tasks", "0", "-1"):
        service.redis("DEL", f"task:{task_id}", f"task:{task_id}:meta")
    drill_of_two.join()
    assert runs[0].returncode == 1 and json.loads(runs[0].stdout)["lost"] == 2, runs[0]
