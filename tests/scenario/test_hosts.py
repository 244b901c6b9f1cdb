"""Goal: runners on any number of hosts share one Redis, and a host that vanishes takes nothing along."""
import json
import os
import tempfile
from pathlib import Path

import pytest

from conftest import BIN, bring_up, take_down
from hosts import Hosts, can_make_hosts
from vocabulary import expect_status, wait_for

AGENTS = Path(__file__).resolve().parent / "agents"
PASSWORD = "only-the-test-knows"
# A fifteenth of the defaults; see src/runner/keeper.c for the sum.
LEASE_MS, BEAT_MS = 2000, 600

pytestmark = pytest.mark.skipif(not can_make_hosts(),
                                reason="needs root and the right to make network namespaces")


class World:
    """Web tier and Redis on the hub, no runner yet; runners on far hosts by TCP, with a password."""

    def __init__(self, hosts, folder):
        self.hosts, self.folder = hosts, folder
        self.service = bring_up(folder, AGNOSTIC_AGENTS_DIR=AGENTS)
        self.service.stack("stop", "runner")
        users = Path(__file__).resolve().parents[2] / "deploy/redis/users.acl"
        rules, = [line.split()[2:] for line in users.read_text().splitlines()
                  if line.startswith("user agnostic-runner ")]
        rules = [f">{PASSWORD}" if rule.startswith(">") else rule for rule in join_selectors(rules)]
        self.service.redis("ACL", "SETUSER", "agnostic-runner", *rules)
        # The stack's own user has no password, but comes by socket; these links lead nowhere else.
        self.service.redis("CONFIG", "SET", "protected-mode", "no")
        self.service.redis("CONFIG", "SET", "bind", " ".join(hosts.hub_address(h) for h in ("a", "b")))
        self.service.redis("CONFIG", "SET", "port", "6379")

    def start_runner(self, host):
        work = Path(self.folder, "far", host)
        work.mkdir(parents=True)
        address = self.hosts.hub_address(host)
        return self.hosts.start(host, [f"{BIN}/agnostic-runner", "--slots", "2"], {
            "PATH": os.environ["PATH"], "AGNOSTIC_CONFIG": "/dev/null",
            "AGNOSTIC_REDIS_URL": f"redis://agnostic-runner:{PASSWORD}@{address}:6379",
            "AGNOSTIC_RUN_DIR": str(work), "AGNOSTIC_AGENTS_DIR": str(AGENTS),
            "AGNOSTIC_LEASE_MS": str(LEASE_MS), "AGNOSTIC_BEAT_MS": str(BEAT_MS),
            "AGNOSTIC_LOG_LEVEL": "error"}).pid

    def runners(self):
        shown = self.service.run("agnosticctl", "runners", "--json")
        assert shown.returncode == 0, shown.stderr
        return [runner for runner in json.loads(shown.stdout) if runner["state"] == "alive"]

    def wait_for_runners(self, count):
        return wait_for(lambda: len(found := self.runners()) == count and found)

    def submit(self, seconds):
        return self.service.submit(agents=["junior-qa"], description=f"sleep {seconds}")["task_id"]

    def holders(self, task_id):
        """The processes of the slots that had the task, in order; their names are host:pid:slot."""
        events = self.service.redis("XRANGE", f"task:{task_id}:events", "-", "+")
        pairs = [dict(zip(fields[::2], fields[1::2])) for _, fields in events]
        return [int(event["slot"].split(":")[1]) for event in pairs if event["ev"] == "running"]


def children(pid):
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def join_selectors(rules):
    """ACL selectors stand in parentheses and hold spaces."""
    joined = []
    for rule in rules:
        if joined and joined[-1].startswith("(") and not joined[-1].endswith(")"):
            joined[-1] += " " + rule
        else:
            joined.append(rule)
    return joined


@pytest.fixture
def world():
    folder = tempfile.mkdtemp(prefix="agnostic-")
    with Hosts("a", "b") as hosts, hosts.on_hub():
        try:
            yield World(hosts, folder)
        finally:
            for host in ("a", "b"):
                hosts.kill(host)
            take_down(folder)


def expect_served(world, task_id):
    """Record, history and log, whoever wrote them."""
    record = world.service.poll(task_id).json
    assert record["status"] == "completed", record
    assert record["result"]["agent_results"]["junior-qa"]["status"] == "completed"
    events = expect_status(world.service.get(f"/api/tasks/{task_id}/events"), 200).body
    assert b"agent_started" in events and b"completed" in events
    log = expect_status(world.service.get(f"/api/tasks/{task_id}/log"), 200).body
    assert b": junior-qa ==" in log, log


def test_a_host_vanishes_and_all_tasks_complete(world):
    pid = world.start_runner("a")
    world.wait_for_runners(1)
    on_a = children(pid)
    early = world.submit(0)
    assert world.service.poll_until_terminal(early)["status"] == "completed"

    world.start_runner("b")
    assert len({runner["name"] for runner in world.wait_for_runners(2)}) == 2
    runners = world.service.get("/health", key=None).json["runners"]
    assert (runners["alive"], runners["slots"]) == (2, 4)
    assert world.service.get("/ready", key=None).json["reasons"]["runner"].startswith("alive 2, slots 4,")
    tasks = [world.submit(seconds) for seconds in (2, 2, 2, 2, 1, 0, 0, 0)]
    wait_for(lambda: world.service.redis("ZCARD", "q:lease") == 4)
    in_hand = [task_id for task_id in tasks if set(world.holders(task_id)) & on_a]
    world.hosts.vanish("a")

    for task_id in [*tasks, early]:
        assert world.service.poll_until_terminal(task_id)["status"] == "completed"
        expect_served(world, task_id)
    assert in_hand and all(world.holders(task_id)[-1] not in on_a for task_id in in_hand)
    assert world.service.redis("ZCARD", "q:lease") == 0
