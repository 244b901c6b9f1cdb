"""site_kit: a site of a few lines, whose pages a test may change while it stands."""
import http.server
import ssl
import threading
import time


def page(body, title="T"):
    return (200, {"Content-Type": "text/html; charset=utf-8"},
            f"<!doctype html><title>{title}</title>{body}".encode())


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """Whoever breaks off, breaks off."""


def stand(handler, context=None, address="127.0.0.1"):
    """A server on a free port of an address of loopback, with a TLS context over TLS; it and its URL."""
    server = Server((address, 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http{'s' if context else ''}://{address}:{server.server_address[1]}"


class Site:
    """Answers paths with what they have in `pages`: (status, headers, body), or something that
    gives that; anything else is 404. With certificate, a file that holds its key too, over TLS."""

    def __init__(self, pages, certificate=None, address="127.0.0.1"):
        site = self
        self.pages, self.asked = pages, []
        self.times, self.fields = [], []  # when, and with which header fields

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.command, self.path))
                site.times.append(time.monotonic())
                site.fields.append(dict(self.headers))
                found = site.pages.get(self.path, site.otherwise(self.path))
                status, headers, body = found() if callable(found) else found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def do_POST(self):  # nothing here takes anything
                site.asked.append((self.command, self.path))
                self.send_error(501)

            def log_message(self, *words):
                pass
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        self.server, self.url = stand(Handler, context, address)

    def otherwise(self, path):
        """What is answered to a path that has no page."""
        return (404, {}, b"")

    def paths(self):
        return {path for _, path in self.asked}
