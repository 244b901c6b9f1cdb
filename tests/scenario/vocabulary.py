"""The words in which the scenarios are written: a service, its replies, tokens, records, receivers."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data"
TERMINAL = {"completed", "failed", "cancelled"}
ALL_PERMISSIONS = ["sessions:read", "sessions:write", "sessions:delete", "agents:control",
                   "reports:generate", "reports:export", "users:manage", "system:configure",
                   "api:access"]
RECORD_FIELDS = ["task_id", "session_id", "status", "created_at", "updated_at", "result"]


class Reply:
    """An HTTP answer. status 0: the connection ended without one."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        self.status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        self.headers = [(name.strip().lower(), value.strip())
                        for name, _, value in (line.partition(":") for line in lines[1:])]
        if (self.header("transfer-encoding") or "").lower() == "chunked":
            self.body = unchunk(self.body)

    def header(self, name):
        values = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(values) if values else None

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:500]!r}>"


def unchunk(body):
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        count = int(size.split(b";")[0], 16)
        if count == 0:
            break
        whole, body = whole + body[:count], body[count + 2:]
    return whole


class Service:
    """One running stack."""

    def __init__(self, folder, server, printed, stack_command):
        values = dict(line.split("=", 1) for line in printed.splitlines())
        assert list(values) == ["AGNOSTIC_URL", "AGNOSTIC_API_KEY", "AGNOSTIC_REDIS_SOCKET"], printed
        self.folder, self.server = Path(folder), server
        self.url, self.key = values["AGNOSTIC_URL"], values["AGNOSTIC_API_KEY"]
        self.redis_socket = values["AGNOSTIC_REDIS_SOCKET"]
        self.host, self.port = "127.0.0.1", int(self.url.rsplit(":", 1)[1])
        self._stack_command = stack_command

    # --- the machine room

    def stack(self, *words):
        """scripts/stack WORDS --dir ...: its exit status."""
        run = self._stack_command(*words, "--dir", str(self.folder), timeout=180)
        return run.returncode

    def pid(self, name):
        return int((self.folder / "run" / f"{name}.pid").read_text())

    def processes(self, program):
        """Every process of this stack that runs `program`, by its executable file."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (folder / "exe").resolve() == (self.folder / "bin" / program).resolve():
                    found.append(int(folder.name))
            except OSError:
                pass
        return found

    def run(self, program, *words, env=None):
        """One of the programs, in the environment of this stack, changed by env."""
        changes = [f"{name}={value}" for name, value in (env or {}).items()]
        return subprocess.run(["sh", "-c", '. "$0" && exec env "$@"', f"{self.folder}/etc/env",
                               *changes, f"{self.folder}/bin/{program}", *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180)

    def redis(self, *words):
        return redis_command(self.redis_socket, *words)

    # --- HTTP

    def raw(self, data, timeout=30, shut=False):
        """Sends bytes as they are (and, with shut, says that none follow), reads until the end."""
        whole = b""
        with socket.create_connection((self.host, self.port), timeout=timeout) as connection:
            try:
                connection.sendall(data)
                if shut:
                    connection.shutdown(socket.SHUT_WR)
                while chunk := connection.recv(65536):
                    whole += chunk
            except ConnectionError:
                pass
        return Reply(whole)

    def request(self, method, path, body=None, headers=None, key=True, timeout=30):
        """key: True sends the stack's own API key, None none, a text that one."""
        fields = {"Host": f"{self.host}:{self.port}", "Connection": "close"}
        if key:
            fields["X-API-Key"] = self.key if key is True else key
        if body is not None:
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
            fields["Content-Type"] = "application/json"
            fields["Content-Length"] = str(len(body))
        fields.update(headers or {})
        head = f"{method} {path} HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
        return self.raw(head.encode("latin-1") + (body or b""), timeout)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body, **options):
        return self.request("POST", path, body, **options)

    # --- tasks

    def submit(self, path="/api/tasks", key=True, **members):
        """A task, accepted: its record."""
        reply = self.post(path, task(**members), key=key)
        assert reply.status == (201 if path.startswith("/api/v1") else 200), reply
        return reply.json

    def poll(self, task_id, **options):
        return self.get(f"/api/tasks/{task_id}", **options)

    def poll_until_terminal(self, task_id, limit_s=90):
        """The record of a task that came to its end."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            reply = self.poll(task_id)
            if reply.status == 200 and reply.json["status"] in TERMINAL:
                return reply.json
            time.sleep(0.1)
        raise AssertionError(f"task {task_id} did not end within {limit_s} s: {reply}")


def task(**members):
    return {"title": "A title", "description": "A description", **members}


def wait_for(what, limit_s=30):
    """Waits until what() is true and returns it."""
    end = time.monotonic() + limit_s
    while not (value := what()):
        assert time.monotonic() < end, f"waited {limit_s} s in vain"
        time.sleep(0.05)
    return value


def figures(line):
    """A line for the summary of scripts/test --full ($AGNOSTIC_TEST_FIGURES), and for -s."""
    print(line)
    if path := os.environ.get("AGNOSTIC_TEST_FIGURES"):
        with open(path, "a") as file:
            file.write(line + "\n")


# --- what is expected


def expect_status(reply, status):
    assert reply.status == status, reply
    return reply


def expect_detail(reply, status, detail):
    """An error of ours: the original's text first, then the members of RFC 9457."""
    expect_status(reply, status)
    error = reply.json
    assert error["detail"] == detail
    assert list(error)[0] == "detail" and error["status"] == status and error["code"]
    return error


def expect_faults(reply, *faults):
    """422 with exactly these (type, loc) in this order."""
    expect_status(reply, 422)
    found = [(fault["type"], fault["loc"]) for fault in reply.json["detail"]]
    assert found == [(kind, list(loc)) for kind, loc in faults], reply
    return reply.json["detail"]


# --- credentials


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(secret, header, payload, digest=hashlib.sha256):
    """A JWS in compact form. header and payload: objects, or bytes as they are."""
    parts = [base64url(part if isinstance(part, bytes) else json.dumps(part).encode())
             for part in (header, payload)]
    signed = ".".join(parts)
    return signed + "." + base64url(hmac.new(secret.encode(), signed.encode(), digest).digest())


def claims(**members):
    now = int(time.time())
    return {"user_id": "u-1", "email": "u@example.org", "role": "qa_engineer",
            "permissions": ["sessions:read", "sessions:write"], "type": "access",
            "iat": now, "exp": now + 600, **members}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# --- Redis


class RedisError(AssertionError):
    """What Redis said instead of an answer."""


def redis_connect(address):
    """address: the path of a Unix socket, or (host, port) on loopback, asked from where no partition is."""
    if not isinstance(address, str):
        return socket.create_connection(address, timeout=30, source_address=("127.0.0.9", 0))
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    return connection


def redis_words(words):
    words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def redis_command(address, *words, login=None):
    """One command; simple values, lists of them, or None. login: [user,] password."""
    answer, = redis_commands(address, [words], login)
    return answer


def redis_commands(address, commands, login=None):
    """Several over one connection: their answers."""
    commands = ([["AUTH", *login]] if login else []) + commands
    answers = []
    with redis_connect(address) as connection, connection.makefile("rb") as stream:
        for words in commands:
            connection.sendall(redis_words(words))
            answers.append(redis_value(stream))
    return answers[1:] if login else answers


def redis_value(stream):
    line = stream.readline().rstrip(b"\r\n")
    kind, rest = line[:1], line[1:]
    if kind == b"$":
        return None if rest == b"-1" else stream.read(int(rest) + 2)[:-2].decode()
    if kind == b"*":
        return [redis_value(stream) for _ in range(int(rest))]
    if kind == b":":
        return int(rest)
    if kind != b"+":
        raise RedisError(rest.decode())
    return rest.decode()


# --- receivers


class Receiver:
    """An HTTP server on loopback that counts and keeps what it gets. answer(handler) may be replaced;
    tls is a server-side ssl.SSLContext."""

    def __init__(self, answer=None, port=0, tls=None):
        receiver = self
        self.requests = []
        self.connections = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def setup(self):
                receiver.connections += 1
                super().setup()

            def do_GET(self):
                self.handle_any()

            def do_POST(self):
                self.handle_any()

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.requests.append((self.command, self.path, dict(self.headers), body))
                if answer:
                    answer(self)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def redirect_to(location):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
    return answer


def rows(name):
    """The rows of tests/data/NAME as dictionaries; # comments and empty lines left out."""
    lines = [line for line in (DATA / name).read_text().splitlines() if line and line[0] != "#"]
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


def own_words(server, when):
    """The statuses that this web server answers by itself (tests/data/web_server_words.tsv)."""
    row, = [row for row in rows("web_server_words.tsv")
            if (row["server"], row["when"]) == (server, when)]
    return {int(word) for word in row["statuses"].split(",")}
