"""Goal: the analyst compares a session with those before it: it names what has changed, all of it
and nothing else."""
import json

import jsonschema
import pytest

from conftest import many_stacks
from site_kit import Site, page
from vocabulary import ROOT

SARIF = json.loads((ROOT / "tests/data/forms/sarif.json").read_text())
AGENTS = ["junior-qa", "qa-analyst"]
SOUND = {
    "/": page("<a href=/a>a</a> <a href=/b>b</a>"),
    "/a": page("<a href=/>home</a>", "A"),
    "/b": page("<a href=/>home</a>", "B"),
}
BROKEN = {**SOUND, "/a": page("<a href=/gone>gone</a>", "A")}
UNTITLED = {**SOUND, "/a": page("<a href=/>home</a>", "")}


@pytest.fixture(scope="module")
def stack():
    with many_stacks() as make:
        yield make(AGNOSTIC_TARGET_ALLOW="127.0.0.1")


@pytest.fixture
def site():
    return Site(dict(SOUND))


def session(stack, site, pages, agents=AGENTS, **order):
    """The document of the analyst once the site has these pages."""
    site.pages = pages
    task = stack.submit(agents=agents, target_url=site.url + "/", **order)["task_id"]
    result = stack.poll_until_terminal(task)["result"]
    part = result["agent_results"]["qa-analyst"]
    assert part["status"] == "completed", part
    return {**part["data"], "verdict": result["verdict"],
            "checks": {each["id"]: each for each in part["checks"]},
            "found": {each["check_id"]: each["severity"] for each in part["findings"]}}


def states(document):
    return {each["check_id"]: each["state"] for each in document["findings"]}


def names(checks):
    return [each["check_id"] for each in checks]


def test_the_first_session_has_nothing_to_compare_with(stack, site):
    first = session(stack, site, UNTITLED)
    assert first["sessions_compared"] == 0 and first["trend_analysis"]["trend"] == "no_history"
    assert states(first) == {"FUN-09": "not_compared"}
    assert first["checks"]["ANA-03"]["reason"] == "no_history"
    assert first["metrics"]["failed"] == 1 and first["findings_by_severity"]["low"] == 1


def test_what_is_broken_since_is_new_and_nothing_else(stack, site):
    session(stack, site, SOUND)
    second = session(stack, site, BROKEN)
    assert states(second) == {"FUN-04": "new"}
    assert names(second["regressions"]) == ["FUN-04"] and second["found"] == {"ANA-03": "medium"}
    assert "ANA-03" in {reason.get("check_id") for reason in second["verdict"]["reasons"]}
    third = session(stack, site, BROKEN)
    assert states(third) == {"FUN-04": "unchanged"} and not third["regressions"]
    assert third["findings"][0]["occurrences"] == 2 and third["found"] == {}
    fourth = session(stack, site, SOUND)
    assert states(fourth) == {"FUN-04": "absent"} and names(fourth["fixed"]) == ["FUN-04"]


def sarif(stack, site, pages, **order):
    site.pages = pages
    task = stack.submit(agents=AGENTS, target_url=site.url + "/", **order)["task_id"]
    stack.poll_until_terminal(task)
    log = json.loads(stack.get(f"/api/tasks/{task}/report?format=sarif").body)
    jsonschema.Draft7Validator(SARIF).validate(log)
    return {each["ruleId"]: each.get("baselineState") for each in log["runs"][0]["results"]}


def test_sarif_says_what_became_of_each_finding(stack, site):
    both = {**UNTITLED, "/b": page("<a href=/gone>gone</a>", "B")}
    assert sarif(stack, site, UNTITLED) == {"FUN-09": None}
    assert sarif(stack, site, both) == {"FUN-09": "unchanged", "FUN-04": "new", "ANA-03": "new"}
    assert sarif(stack, site, both) == {"FUN-09": "unchanged", "FUN-04": "unchanged"}
    assert sarif(stack, site, UNTITLED) == {"FUN-09": "unchanged"}  # what is gone is not listed


def test_nothing_is_new_where_the_check_did_not_run_before(stack, site):
    session(stack, site, SOUND, agents=["qa-analyst"])
    second = session(stack, site, UNTITLED)
    assert second["sessions_compared"] == 1 and states(second) == {"FUN-09": "not_compared"}


def test_a_check_that_changes_its_mind_is_called_flaky(stack, site):
    for pages in (SOUND, UNTITLED, SOUND, UNTITLED):
        session(stack, site, pages)
    last = session(stack, site, SOUND)
    assert names(last["flaky"]) == ["FUN-09"] and last["found"] == {"ANA-04": "medium"}
    assert last["verdict"]["status"] == "GO_WITH_WARNINGS"


def test_criteria_that_nothing_answers_are_named(stack, site):
    document = session(stack, site, SOUND, constraints="No broken links. p95 under 100 ms.")
    assert {each["criterion_id"]: each["result"] for each in document["traceability"]} == {
        "C1": "met", "C2": "not_measured"}
    assert document["found"] == {"ANA-07": "info"}
    assert document["release_readiness"]["readiness_level"] == "ready_with_warnings"


def test_without_other_agents_there_is_nothing_to_say(stack):
    task = stack.submit(agents=["qa-analyst"])["task_id"]
    part = stack.poll_until_terminal(task)["result"]["agent_results"]["qa-analyst"]
    assert part["status"] == "completed" and part["data"]["metrics"]["total_tests"] == 0
