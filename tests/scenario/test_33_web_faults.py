"""Goal: clients that leave, clients that dawdle and a lack of descriptors cost others nothing."""
import json
import os
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from vocabulary import Reply, expect_status, task

FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
LEAVERS = 500 if FULL else 20
DAWDLERS = 100 if FULL else 40  # below what the demo Apache serves at the same time
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def connect(service):
    return socket.create_connection((service.host, service.port), timeout=30)


def submission(service, extra=0):
    """A task as bytes; its body is announced to be `extra` bytes longer than it is."""
    body = json.dumps(task(description="whole in itself", agents=["junior-qa"])).encode()
    head = (f"POST /api/tasks HTTP/1.1\r\nHost: x\r\nX-API-Key: {service.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body) + extra}\r\n\r\n")
    return head.encode() + body


def workers(service):
    return set(service.processes("agnostic-api"))


def tasks(service):
    return len(service.redis("KEYS", "task:????????-????-????-????-????????????"))


def reset(connection):
    """Ends it with RST in place of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# --- those who leave ---------------------------------------------------------------------------


@pytest.mark.parametrize("leave", [socket.socket.close, reset], ids=["fin", "rst"])
def test_a_body_cut_short_makes_no_task(stack, leave):
    """What came is a whole task by itself; only its announced length tells that more was to come."""
    expect_status(stack.get("/api/auth/me"), 200)
    before, known = workers(stack), tasks(stack)
    for _ in range(LEAVERS):
        connection = connect(stack)
        connection.sendall(submission(stack, extra=20))
        leave(connection)
    for _ in range(4):
        expect_status(stack.get("/api/auth/me"), 200)
    assert tasks(stack) == known
    assert before <= workers(stack)


def test_clients_that_leave_before_their_answer_harm_no_worker(stack):
    expect_status(stack.get("/api/auth/me"), 200)
    before = workers(stack)
    for _ in range(LEAVERS):
        connection = connect(stack)
        connection.sendall(submission(stack))
        reset(connection)
    for _ in range(20):
        expect_status(stack.get("/api/auth/me"), 200)
    assert before <= workers(stack)


# --- those who dawdle ----------------------------------------------------------------------------


class Dawdlers:
    """Connections that send their request a byte now and then, never all of it."""

    def __init__(self, service, first, rest):
        self._stop = threading.Event()
        self._connections = [connect(service) for _ in range(DAWDLERS)]
        for connection in self._connections:
            connection.sendall(first)
        self._rest = rest
        self._thread = threading.Thread(target=self._dawdle, daemon=True)

    def _dawdle(self):
        for byte in self._rest:
            for connection in self._connections:
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    pass  # the server had enough of it
            if self._stop.wait(0.2):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        for connection in self._connections:
            connection.close()


@pytest.mark.parametrize("what", ["head", "body"])
def test_slow_clients_are_held_by_the_web_server_not_by_workers(stack, what):
    """Twenty times as many of them as there are workers, and everybody else is served. (mod_proxy_fcgi
    passes bodies on as they come; there mod_reqtimeout ends the slow ones.)"""
    whole = submission(stack)
    first = whole[:20] if what == "head" else whole[:-40]
    with Dawdlers(stack, first, whole[len(first):-1]):
        for _ in range(50):
            expect_status(stack.get("/api/auth/me"), 200)
        stack.submit()


def test_a_megabyte_of_header_is_the_web_servers_to_refuse(stack):
    before = workers(stack)
    reply = stack.get("/api/auth/me", headers={"X-Long": "a" * 1_000_000})
    assert reply.status in (400, 431, 0), reply  # 0: it closed while we were sending
    expect_status(stack.get("/api/auth/me"), 200)
    assert before <= workers(stack)


# --- descriptors ---------------------------------------------------------------------------------


def limit_files(pid, soft):
    owner = os.stat(f"/proc/{pid}")
    as_owner = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    subprocess.run([*(as_owner if owner.st_uid != os.getuid() else []),
                    "prlimit", f"--pid={pid}", f"--nofile={soft}:"], check=True)


def cpu_seconds(pids):
    """Used so far by all of them together."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / CLOCK_TICKS


def test_a_lack_of_descriptors_is_waited_out_without_spinning(stack):
    expect_status(stack.get("/api/auth/me"), 200)
    pids = workers(stack)
    for pid in pids:
        limit_files(pid, 3)
    waiting = connect(stack)
    waiting.sendall(f"GET /api/auth/me HTTP/1.1\r\nHost: x\r\nX-API-Key: {stack.key}\r\n"
                    "Connection: close\r\n\r\n".encode())
    used, began = cpu_seconds(pids), time.monotonic()
    time.sleep(1)
    share = (cpu_seconds(pids) - used) / (time.monotonic() - began)
    assert pids <= workers(stack) and share < 0.5, share  # mod_fcgid may start others beside them
    for pid in pids:
        limit_files(pid, 1024)
    whole = b""
    while chunk := waiting.recv(65536):
        whole += chunk
    expect_status(Reply(whole), 200)
    expect_status(stack.get("/api/auth/me"), 200)
