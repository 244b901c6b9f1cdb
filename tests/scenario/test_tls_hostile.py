"""Goal: servers that hurt a TLS client neither hold agnostic-agent nor fill its memory, and it says of
them exactly what was seen. Rows: tests/data/tls_hostile.json.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs), pytest and openssl."""
import concurrent.futures
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
from pathlib import Path

import pytest

from security_servers import ADDRESS, Certificates, tool_missing

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
ROWS = {row["name"]: row for row in json.loads((HERE.parent / "data/tls_hostile.json").read_text())["rows"]
        if FULL or row.get("dose") != "full"}
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
PATIENCE_S = 120
GROWTH_MAX_KB = 32 << 10  # beyond what a harmless server takes
CHAIN_BYTES = 1 << 20
GOOD = {"name": "good", "talk": [["shake", "good"], ["answer"]]}

pytestmark = [
    pytest.mark.skipif(tool_missing("openssl") is not None, reason="openssl is not installed"),
    pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}"),
]


class Hostile:
    """One server of the table; each connection is a thread."""

    def __init__(self, row, folder):
        self.row, self.folder, self.count = row, folder, 0
        self.over = threading.Event()
        self.socket = socket.socket()
        self.socket.bind((ADDRESS, 0))
        self.socket.listen(64)
        self.url = f"https://{ADDRESS}:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while not self.over.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            talk = self.row["first"] if self.count == 0 and "first" in self.row else self.row["talk"]
            self.count += 1
            threading.Thread(target=self.talk, args=(connection, talk), daemon=True).start()

    def talk(self, connection, steps):
        try:
            for word, *values in steps:
                connection = getattr(self, word)(connection, *values) or connection
        except OSError:
            pass  # the agent hung up, as it should
        finally:
            connection.close()

    def stop(self):
        self.over.set()
        self.socket.close()

    # What a row can order.

    def hear(self, connection):
        connection.recv(65536)

    def wait(self, _):
        self.over.wait(PATIENCE_S)

    def reset(self, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def say(self, connection, text):
        connection.sendall(bytes.fromhex(text))

    def say_random(self, connection, length):
        connection.sendall(os.urandom(length))

    def drip(self, connection, text):
        while not self.over.wait(0.1):
            connection.sendall(bytes.fromhex(text))

    def flood(self, connection, *texts):
        block = bytes.fromhex("".join(texts)) * 4096
        while not self.over.is_set():
            connection.sendall(block)

    def shake(self, connection, chain):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{chain}.pem", self.folder / "good.key")
        return context.wrap_socket(connection, server_side=True)

    def answer(self, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n"
                           b"Connection: close\r\n\r\nHello")

    def answer_half(self, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                           b"Content-Length: 5000\r\n\r\nHello")


class Run:
    """One run of the agent: its lines, and the memory (kB) it took at most."""

    def __init__(self, url, folder):
        environment = {**os.environ, "SSL_CERT_FILE": str(folder / "ca.pem"), "ASAN_OPTIONS": ":".join(
            [os.environ.get("ASAN_OPTIONS", ""), "quarantine_size_mb=1"])}
        environment.pop("AGNOSTIC_TARGET_ALLOW", None)
        words = ["/usr/bin/python3", "-c", PEAK, AGENT, "security-compliance", "--url", url, "--json"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_S, env=environment)
        self.status, self.stderr = done.returncode, done.stderr
        *lines, peak = done.stdout.splitlines()
        self.lines, self.peak_kb = [json.loads(line) for line in lines], int(peak)
        self.result = self.lines[-1]

    def findings(self):
        return sorted(f"{line['check_id']} {line['severity']}" for line in self.lines
                      if line["type"] == "finding" and line["severity"] not in ("low", "info"))

    def checks(self):
        return {line["id"]: " ".join(filter(None, [line["status"], line.get("reason")]))
                for line in self.lines if line["type"] == "check"}


# Runs its arguments, then prints the peak of their memory.
PEAK = ("import resource, subprocess, sys; status = subprocess.run(sys.argv[1:], timeout=100).returncode; "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)")


def meet(row, folder):
    server = Hostile(row, folder)
    try:
        run = Run(server.url, folder)
        run.connections = server.count
        return run
    finally:
        server.stop()


def make_certificates(folder):
    certificates = Certificates(folder)
    certificates.make("good", {})
    authority = (folder / "ca.pem").read_text()
    leaf = (folder / "good.pem").read_text()
    copies = CHAIN_BYTES * 4 // 3 // len(authority) + 1  # PEM is four characters for three bytes
    (folder / "long.pem").write_text(leaf + authority * copies)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All rows at once: they wait more than they work."""
    folder = tmp_path_factory.mktemp("hostile")
    make_certificates(folder)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        waiting = {name: pool.submit(meet, row, folder) for name, row in {**ROWS, "good": GOOD}.items()}
        yield waiting


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_server_is_told_of_as_it_was_seen(runs, name):
    run, row = runs[name].result(), ROWS[name]
    assert run.status == 0, run.stderr
    assert [run.result["status"], run.result["reason"]] == row["result"]
    assert run.findings() == row["expect"]
    checks = row.get("checks", {})
    assert {check: run.checks()[check] for check in checks} == checks
    assert run.connections <= row.get("connections", 100)


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_server_takes_little_memory(runs, name):
    assert runs[name].result().peak_kb <= runs["good"].result().peak_kb + GROWTH_MAX_KB


def test_the_sanitizers_have_nothing_to_say(runs):
    assert [run.result().stderr for run in runs.values() if run.result().stderr] == []
