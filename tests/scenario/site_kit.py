"""site_kit: a site of a few lines, whose pages a test may change while it stands."""
import http.server
import threading


def page(body, title="T"):
    return (200, {"Content-Type": "text/html; charset=utf-8"},
            f"<!doctype html><title>{title}</title>{body}".encode())


class Site:
    """Answers paths with what they have in `pages`: (status, headers, body), or something that
    gives that; anything else is 404."""

    def __init__(self, pages):
        site = self
        self.pages, self.asked = pages, []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.command, self.path))
                found = site.pages.get(self.path, (404, {}, b""))
                status, headers, body = found() if callable(found) else found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *words):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def paths(self):
        return {path for _, path in self.asked}
