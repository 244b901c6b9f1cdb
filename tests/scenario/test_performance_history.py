"""Goal: a target that was made slower between two sessions is suspected, then confirmed; while it is
left alone it is neither, and without comparable sessions nothing is said.

Needs only AGNOSTIC_BIN (the folder of the programs) and pytest."""
import json
import subprocess
import time

import pytest

from load_kit import AGENT, NEEDS_AGENT, OK, Server

USUAL_S, SLOWED_S = 0.1, 0.4  # far more than a busy machine adds

pytestmark = NEEDS_AGENT


class Target:
    """Sessions of one server, each told of those before as the runner tells them."""

    def __init__(self, folder):
        self.server, self.delay = Server(self.answer), USUAL_S
        self.history, self.count = folder / "history.jsonl", 0
        self.history.write_text("")

    def answer(self):
        time.sleep(self.delay)
        return OK

    def session(self):
        self.count += 1
        task = {"v": 1, "type": "task", "session_id": f"session_{self.count}",
                "target": {"url": self.server.url}, "history": str(self.history),
                "policy": {"allow": "127.0.0.1", "max_rps": 20, "modes": ["passive", "safe"]},
                "load": {"rate": 20, "duration_s": 5}}
        for _ in range(6):  # a machine too busy to measure is said, and tried again
            done = subprocess.run([AGENT, "performance"], input=json.dumps(task) + "\n", text=True,
                                  capture_output=True, timeout=120)
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            if lines[-1].get("reason") != "generator_saturated":
                break
            assert "memo" not in lines[-1]
        summary = {"session_id": task["session_id"],
                   "agents": {"performance": {"memo": lines[-1]["memo"]}}}
        self.history.write_text(json.dumps(summary) + "\n" + self.history.read_text())
        check = next(line for line in lines if line.get("id") == "PERF-07")
        found = [line["severity"] for line in lines if line.get("check_id") == "PERF-07"]
        return check.get("reason") or (found + [check["status"]])[0], lines[-1]["data"]


def test_a_planted_delay_is_suspected_then_confirmed(tmp_path):
    target = Target(tmp_path)
    word, data = target.session()
    assert (word, data["regression_detected"], data["previous_score"]) == (
        "no_comparable_session", None, None)
    word, data = target.session()
    assert (word, data["regression_detected"]) == ("passed", False), data["comparison"]
    target.delay = SLOWED_S
    word, data = target.session()
    assert (word, data["comparison"]["state"]) == ("low", "suspected")
    assert data["previous_score"] == pytest.approx(USUAL_S * 1000, rel=0.5)
    word, data = target.session()
    assert (word, data["comparison"]["state"]) == ("high", "confirmed")
    assert data["regression_detected"] is True
