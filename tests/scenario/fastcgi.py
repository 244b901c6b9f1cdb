"""A web server's side of FastCGI: one request over a Unix socket, and a worker of one's own to ask."""
import json
import socket
import struct
import subprocess

from vocabulary import Reply

BEGIN, PARAMS, STDIN, STDOUT, RESPONDER = 1, 4, 5, 6, 1


def record(kind, content):
    return struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def pair(name, value):
    name, value = name.encode(), value.encode()
    return struct.pack("!II", len(name) | 1 << 31, len(value) | 1 << 31) + name + value


def ask(path, method, uri, body=None, **headers):
    """headers: X_API_KEY="..." and the like. Returns a Reply."""
    content = json.dumps(body).encode() if body is not None else b""
    params = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "SERVER_PROTOCOL": "HTTP/1.1",
              "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": "application/json",
              "CONTENT_LENGTH": str(len(content)) if content else "",
              **{f"HTTP_{name}": value for name, value in headers.items()}}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(path))
        connection.sendall(record(BEGIN, struct.pack("!HB5x", RESPONDER, 0))
                           + record(PARAMS, b"".join(pair(*each) for each in params.items()))
                           + record(PARAMS, b"")
                           + (record(STDIN, content) if content else b"") + record(STDIN, b""))
        return reply_of(connection.makefile("rb"))


def reply_of(stream):
    whole = b""
    while len(head := stream.read(8)) == 8:
        _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", head)
        content = stream.read(length + padding)[:length]
        if kind == STDOUT:
            whole += content
    return Reply(whole.replace(b"Status:", b"HTTP/1.1", 1))


class Worker:
    """One worker of a stack's settings on a socket of its own. env: what is added for it."""

    def __init__(self, service, folder, program, **env):
        self.socket = folder / "worker.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.socket))
            listener.listen(16)
            self.process = subprocess.Popen(
                ["sh", "-c", '. "$0/etc/env"; exec env "$@"', str(service.folder),
                 *(f"{name}={value}" for name, value in env.items()), str(program), "--workers", "0"],
                stdin=listener, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.socket.unlink()

    def ask(self, *words, **headers):
        """A Reply, or None when there was no answer."""
        if self.process.poll() is not None:
            return None
        try:
            reply = ask(self.socket, *words, **headers)
        except OSError:
            return None
        return reply if reply.status else None
