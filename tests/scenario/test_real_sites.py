"""Goal: a full run completes on what others have written, the service's own sample site, a wiki and a
service of odd answers; on the same site again nothing is new. Takes minutes: AGNOSTIC_TEST_DOSE=full."""
from datetime import datetime

import pytest

from conftest import FULL, many_stacks
from site_servers import HTTPBIN, free_address, is_installed, served, wiki
from vocabulary import figures

AGENTS = ["qa-manager", "security-compliance", "junior-qa", "senior-qa", "performance", "qa-analyst"]
PAGES = {"start": "====== Start ======\n[[one]] [[two]] [[nobody_wrote_this]]\n",
         "one": "====== One ======\n[[start]] [[two#there]]\n",
         "two": "====== Two ======\n[[one]]\n", "wiki/syntax": "====== Syntax ======\n",
         "playground/playground": "====== Play ======\n"}
LONG_S = 600

pytestmark = pytest.mark.skipif(not FULL, reason="takes minutes")


@pytest.fixture(scope="module")
def stack():
    with many_stacks() as make:
        yield make(AGNOSTIC_TARGET_ALLOW="127.0.0.1")


@pytest.fixture
def wiki_url(tmp_path):
    if not is_installed("dokuwiki"):
        pytest.skip("no DokuWiki here")
    root, address = wiki(tmp_path, PAGES), free_address()
    with served(address, "php", "-S", address, "-t", root, PHP_CLI_SERVER_WORKERS="4") as url:
        yield url


@pytest.fixture
def httpbin_url():
    if not is_installed("httpbin"):
        pytest.skip("no httpbin here")
    address = free_address()
    with served(address, "/usr/bin/python3", "-c", HTTPBIN, *address.split(":")) as url:
        yield url


def moments(stack, task):
    """What happened and when, in seconds, of agents and of the task itself."""
    items = stack.get(f"/api/tasks/{task}/events?limit=1000").json["items"]
    return [(each["event"], each.get("agent"), datetime.fromisoformat(each["at"]).timestamp()) for each in items]


def tell(name, happened):
    """The time in which no agent was at work is the pipeline's own."""
    first, last = (next(at for event, _, at in happened if event == word) for word in ("running", "completed"))
    idle, working, since = 0, 0, first
    for event, _, at in happened:
        if event in ("agent_started", "completed"):
            idle += at - since if working == 0 and since else 0
            working += 1
        if event == "agent_ended":
            working -= 1
            since = at
    figures(f"full run of {name}: {last - first:.1f} s, between its agents {1000 * idle:.0f} ms")


def full_run(stack, name, url):
    """The results of all six by name; each has completed, and those who test have measured something."""
    task = stack.submit("/api/tasks/full", target_url=url)["task_id"]
    record = stack.poll_until_terminal(task, limit_s=LONG_S)
    agents = record["result"]["agent_results"]
    assert {agent: part["status"] for agent, part in agents.items()} == dict.fromkeys(AGENTS, "completed")
    for agent in AGENTS[1:5]:
        assert agents[agent]["counts"]["passed"] > 0, agent
    assert record["result"]["verdict"]["status"] in ("GO", "GO_WITH_WARNINGS", "NO_GO")
    tell(name, moments(stack, task))
    return agents


def test_the_sample_site_passes_through_all_six(stack):
    full_run(stack, "the sample site", stack.url + "/")


def test_a_wiki_shows_its_broken_link_and_nothing_new_the_second_time(stack, wiki_url):
    first = full_run(stack, "a wiki", wiki_url)
    assert "FUN-04" in {each["check_id"] for each in first["junior-qa"]["findings"]}
    second = full_run(stack, "the same wiki", wiki_url)["qa-analyst"]["data"]
    changed = [(each["check_id"], each["state"]) for each in second["findings"]
               if each["state"] in ("new", "absent", "regression")]
    assert second["sessions_compared"] == 1 and changed == []


def test_a_service_of_odd_answers_passes_through_all_six(stack, httpbin_url):
    found = {each["check_id"] for each in full_run(stack, "httpbin", httpbin_url)["security-compliance"]["findings"]}
    assert "SEC-COR-01" in found
