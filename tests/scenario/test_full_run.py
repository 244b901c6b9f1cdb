"""Goal: a full run tests for real: each fault of a site is found by the agent whose business it is and
stands in the verdict, and the same site without them shows none of them."""
import json
import time

import pytest

from conftest import many_stacks
from security_servers import Certificates
from site_kit import Site, page

AGENTS = ["qa-manager", "security-compliance", "junior-qa", "senior-qa", "performance", "qa-analyst"]
HOME = ("<main><h1>Home</h1><a href=/a>about us</a>"
        "<form action=/find><label for=q>Words</label><input id=q name=q></form></main>")
SECRET = "hunter2hunter2"
OWN = [{"name": "a token",
        "request": {"path": "/token", "headers": {"Authorization": f"Bearer {SECRET}"}},
        "asserts": [{"query": "jsonpath:$.id", "predicate": "isInteger"}]}]


def english(body, title="T"):
    status, headers, text = page(body, title)
    return status, headers, text.replace(b"<title>", b"<html lang=en><title>")


def token(value):
    return 200, {"Content-Type": "application/json"}, json.dumps({"id": value}).encode()


SOUND = {
    "/": english(HOME),
    "/a": english("<main><h1>About</h1><a href=/>home</a></main>", "A"),
    "/token": token(7),
}


def slow():
    time.sleep(0.7)
    return english(HOME.replace("<label for=q>Words</label>", ""))


FAULTY = {
    **SOUND,
    "/": slow,
    "/a": english("<main><h1>About</h1><a href=/gone>gone</a></main>", "A"),
    "/token": token("seven"),
}
# What is wrong with it, and whose business that is.
FAULTS = {
    "an expired certificate": ("security-compliance", "SEC-TLS-13"),
    "a broken link": ("junior-qa", "FUN-04"),
    "a check of the client's own that fails": ("junior-qa", "FUN-13"),
    "a missing label": ("senior-qa", "A11Y-H-label"),
    "a server error on an odd input": ("senior-qa", "EDG-01"),
    "a slow page": ("performance", "PERF-05"),
}


class Search(Site):
    """Its search fails on what is no plain word, if it is faulty."""
    faulty = False

    def otherwise(self, path):
        if not path.startswith("/find"):
            return super().otherwise(path)
        word = path.partition("q=")[2]
        odd = word and not word.isalnum()
        return (500, {}, b"") if self.faulty and odd else english("<main><h1>Found</h1></main>", "Found")


def order(stack, site):
    return stack.submit("/api/tasks/full", target_url=site.url + "/", load_rate=20,
                        load_duration_s=5, checks=OWN)["task_id"]


class Ended:
    def __init__(self, stack, task_id):
        self.id = task_id
        self.result = stack.poll_until_terminal(self.id)["result"]
        self.agents = self.result["agent_results"]
        self.verdict = self.result["verdict"]

    def found(self, agent):
        return {each["check_id"] for each in self.agents[agent]["findings"]}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The same site without and with its faults, one after the other: a load wants a machine's quiet."""
    folder = tmp_path_factory.mktemp("certificates")
    certificates = Certificates(folder)
    sites = {}
    for name, pages, days in ("sound", SOUND, 90), ("faulty", FAULTY, -2):
        certificates.make(name, {"starts": -40, "days": days})
        both = folder / f"{name}.both"
        both.write_text((folder / f"{name}.pem").read_text() + (folder / f"{name}.key").read_text())
        sites[name] = Search(dict(pages), str(both))
    sites["faulty"].faulty = True
    with many_stacks() as make:
        stack = make(AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=200")
        yield stack, {name: Ended(stack, order(stack, site)) for name, site in sites.items()}


def test_all_six_complete_in_their_order(runs):
    stack, ended = runs
    assert {name: part["status"] for name, part in ended["sound"].agents.items()} == {
        name: "completed" for name in AGENTS}
    events = stack.get(f"/api/tasks/{ended['sound'].id}/events").json["items"]
    moments = [(each["event"], each["agent"]) for each in events if "agent" in each]
    assert [agent for event, agent in moments if event == "agent_started"] == AGENTS
    tested = moments.index(("agent_started", "performance"))
    assert {agent for event, agent in moments[:tested] if event == "agent_ended"} == set(AGENTS[:4])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_whose_business_it_is(runs, fault):
    _, ended = runs
    agent, check = FAULTS[fault]
    assert check in ended["faulty"].found(agent)
    assert check in {each.get("check_id") for each in ended["faulty"].verdict["reasons"]}
    assert check not in ended["sound"].found(agent)


def test_credentials_of_own_checks_are_shown_to_nobody(runs):
    stack, ended = runs
    task = f"/api/tasks/{ended['faulty'].id}"
    finding = next(each for each in ended["faulty"].agents["junior-qa"]["findings"]
                   if each["check_id"] == "FUN-13")
    assert "Authorization: Bearer ***" in finding["evidence"]["reproduce"]
    shown = [stack.get(task + more).body.decode() for more in ("?view=full", "/log", "/report")]
    logs = [path.read_text() for path in (stack.folder / "log").glob("*.log")]
    assert SECRET not in "".join(shown + logs)


def test_scores_fall_with_what_is_found(runs):
    _, ended = runs
    before, after = (ended[name].verdict["score"] for name in ("sound", "faulty"))
    for agent in ("security-compliance", "junior-qa", "senior-qa", "performance", "overall"):
        assert after[agent] < before[agent], agent


def test_the_plan_names_what_was_then_checked(runs):
    _, ended = runs
    agents = ended["sound"].agents
    planned = {check for scenario in agents["qa-manager"]["data"]["test_plan"]["scenarios"]
               for check in scenario["checks"]}
    for name in AGENTS[1:]:
        assert planned >= {each["id"] for each in agents[name]["checks"]
                           if each.get("reason") != "not_available"}, name


def test_a_verdict_says_what_it_rests_on(runs):
    stack, ended = runs
    verdict = ended["sound"].verdict
    assert verdict["score"]["overall"] > 50 and verdict["confidence"]["value"] > 0
    assert "few_samples" in {each["code"] for each in verdict["confidence"]["because"]}
    told = stack.run("agnosticctl", "verdict", ended["sound"].id, "--explain").stdout
    assert f"confidence {verdict['confidence']['level']}" in told
    headline = stack.run("agnosticctl", "report", ended["sound"].id).stdout.splitlines()[0]
    assert f"confidence {verdict['confidence']['level']}" in headline and "; score " in headline
