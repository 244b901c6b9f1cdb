"""Goal: a target that was made slower between two sessions is suspected, then confirmed; while it is
left alone it is neither, and without comparable sessions nothing is said.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs) and pytest."""
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
USUAL_S, SLOWED_S = 0.1, 0.4  # far more than a busy machine adds

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


class Server:
    def __init__(self):
        self.delay = USUAL_S
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                while connection.recv(65536):
                    time.sleep(self.delay)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                return


class Target:
    """Sessions of one server, each told of those before as the runner tells them."""

    def __init__(self, folder):
        self.server, self.history, self.count = Server(), folder / "history.jsonl", 0
        self.history.write_text("")

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
    target.server.delay = SLOWED_S
    word, data = target.session()
    assert (word, data["comparison"]["state"]) == ("low", "suspected")
    assert data["previous_score"] == pytest.approx(USUAL_S * 1000, rel=0.5)
    word, data = target.session()
    assert (word, data["comparison"]["state"]) == ("high", "confirmed")
    assert data["regression_detected"] is True
