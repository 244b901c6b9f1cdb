"""Goal: an agent that dies, hangs, floods, lies or is not there never makes a GO, and the verdict says
why."""
import json

import pytest

from conftest import many_stacks

WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def say(**line):
    return f"echo '{json.dumps({'v': 1, **line})}'\n"


DONE = say(type="result", status="completed")
PASSED = say(type="check", id="X-1", status="passed")
LIE = say(type="finding", check_id="X-1", title="A hole", component="x", severity="info",
          cvss_vector=WORST)
SCRIPTS = {
    "killed": PASSED + "kill -KILL $$\n",
    "crashing": PASSED + "exit 70\n",
    "hanging": PASSED + "sleep 1000\n",
    "flooding": "yes '{\"v\":1,\"type\":\"log\",\"message\":\"x\"}' | head -c 3000000\n" + DONE,
    "babbling": "seq 1000\n" + DONE,
    "silent": PASSED,
    "lying": LIE + DONE,
    "exaggerating": PASSED + say(type="finding", check_id="X-1", title="A hole", component="x",
                                 severity="critical", cvss_score=2) + DONE,
    "unrated": say(type="finding", check_id="X-1", title="A hole", component="x",
                   severity="critical", cvss_score=0) + DONE,
    "lazy": say(type="plan", checks=["X-1", "X-2", "X-3", "X-4"]) + PASSED + DONE,
    "mute": DONE,
    "honest": PASSED + DONE,
}
EXPECTED = {
    "killed": ("INCOMPLETE", "agent_not_completed"),
    "crashing": ("INCOMPLETE", "agent_not_completed"),
    "hanging": ("INCOMPLETE", "agent_not_completed"),
    "flooding": ("INCOMPLETE", "agent_not_completed"),
    "babbling": ("INCOMPLETE", "agent_not_completed"),
    "silent": ("INCOMPLETE", "agent_not_completed"),
    "absent": ("INCOMPLETE", "agent_not_completed"),
    "lying": ("NO_GO", "critical_finding"),
    "exaggerating": ("GO_WITH_WARNINGS", "severity_disputed"),
    "unrated": ("NO_GO", "critical_finding"),
    "lazy": ("GO_WITH_WARNINGS", "few_checks_run"),
}


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    """What became of a task for each of them, all at a time."""
    folder = tmp_path_factory.mktemp("agents")
    for name, script in SCRIPTS.items():
        program = folder / f"{name}.sh"
        program.write_text("#!/bin/sh\nread -r task\n" + script)
        program.chmod(0o755)
        (folder / f"{name}.json").write_text(json.dumps(
            {"manifest": 1, "name": name, "role": "junior-qa", "when": "named", "timeout_s": 1,
             "command": [f"./{name}.sh"], "limits": {"stdout_mb": 1}}))
    with many_stacks() as make:
        stack = make(slots=8, AGNOSTIC_AGENTS_DIR=folder)
        names = [*SCRIPTS, "absent"]
        alone = {name: stack.submit(agents=[f"junior-qa/{name}"])["task_id"] for name in names}
        beside = {(name, "honest"): stack.submit(
            agents=[f"junior-qa/{name}", "junior-qa/honest"])["task_id"] for name in names}
        yield {name: stack.poll_until_terminal(task)["result"]
               for name, task in {**alone, **beside}.items()}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("company", ["alone", "beside"])
def test_a_bad_agent_makes_no_go(ends, name, company):
    status, code = EXPECTED[name]
    verdict = ends[name if company == "alone" else (name, "honest")]["verdict"]
    assert verdict["status"] == status
    assert (code, name) in [(reason["code"], reason["agent"]) for reason in verdict["reasons"]]
    assert status == "NO_GO" or verdict["confidence"]["level"] == "low"


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_agent_disturbs_no_other(ends, name):
    honest = ends[name, "honest"]["agent_results"]["honest"]
    assert honest["status"] == "completed" and honest["counts"]["passed"] == 1


def test_one_that_names_no_checks_lowers_the_confidence(ends):
    confidence = ends["mute"]["verdict"]["confidence"]
    assert confidence["because"][0]["code"] == "no_checks_told" and confidence["value"] < 1


def test_one_that_does_its_work_makes_a_go(ends):
    verdict = ends["honest"]["verdict"]
    assert verdict["status"] == "GO" and verdict["confidence"]["value"] == 1
