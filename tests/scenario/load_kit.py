"""load_kit: servers to be loaded, and one run of the performance agent."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
NEEDS_AGENT = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


class Server:
    """Answers each request with what `answer()` gives; a thread for each connection."""

    def __init__(self, answer):
        self.answer, self.requests, self.moments = answer, 0, []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                while connection.recv(65536):
                    self.requests += 1
                    self.moments.append(time.monotonic())
                    connection.sendall(self.answer())
            except OSError:
                return


class Run:
    def __init__(self, url, *options, **environment):
        kept = {name: value for name, value in os.environ.items()
                if name != "AGNOSTIC_TARGET_ALLOW"}
        done = subprocess.run([AGENT, "performance", "--url", url, "--json", *map(str, options)],
                              text=True, capture_output=True, timeout=120,
                              env={**kept, **environment})
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.status, self.stderr, self.result = done.returncode, done.stderr, lines[-1]
        self.metrics = {line["name"]: line["value"] for line in lines if line["type"] == "metric"}
        self.checks = {line["id"]: line for line in lines if line["type"] == "check"}
        self.findings = [f"{line['check_id']} {line['severity']}" for line in lines
                         if line["type"] == "finding"]
        self.categories = {line["category"] for line in lines if line["type"] == "finding"}


@pytest.fixture
def nginx(tmp_path):
    """nginx(listen, server): one with `server` in its only server block, which listens with the
    options `listen`. Gives its port."""
    if not shutil.which("nginx"):
        pytest.skip("no nginx here")
    servers = []

    def start(listen, server):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (tmp_path / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;
            events {{}}
            http {{
                access_log {tmp_path}/access.log;
                client_body_temp_path {tmp_path}; proxy_temp_path {tmp_path};
                fastcgi_temp_path {tmp_path}; uwsgi_temp_path {tmp_path}; scgi_temp_path {tmp_path};
                limit_req_zone $binary_remote_addr zone=all:1m rate=80r/s;
                server {{ listen 127.0.0.1:{port} {listen}; root {tmp_path}; {server} }}
            }}""")
        (tmp_path / "index.html").write_text("ok")
        servers.append(subprocess.Popen(["nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]))
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        return port
    yield start
    for server in servers:
        server.terminate()
        server.wait()
