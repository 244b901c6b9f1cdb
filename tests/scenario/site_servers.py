"""site_servers: web servers as their makers ship them, each with one plain page or one application,
for rows of tests/data/security_matrix.json that name them in `with`; and any server a command starts."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

PAGE = "<!doctype html><title>A page</title><p>Hello"
DOKUWIKI = "/usr/share/dokuwiki"
MODULES = "/usr/lib/apache2/modules"

LIGHTTPD = """
server.document-root = "{site}"
server.bind = "{address}"
server.port = {port}
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html; charset=utf-8")
"""

APACHE = """
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/{name}.pid
ErrorLog {folder}/{name}.log
ServerName localhost
Listen {address}:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule autoindex_module {modules}/mod_autoindex.so
LoadModule status_module {modules}/mod_status.so
TypesConfig /dev/null
AddType "text/html; charset=utf-8" .html
DocumentRoot {site}
DirectoryIndex index.html
{user}
"""

HTTPBIN = "import sys, httpbin; httpbin.app.run(sys.argv[1], int(sys.argv[2]), threaded=True)"

# What must be there, a configuration or None, and the command.
KINDS = {
    "python": ("/usr/bin/python3", None, [
        "/usr/bin/python3", "-m", "http.server", "--bind", "{address}", "-d", "{site}", "{port}"]),
    "lighttpd": ("/usr/sbin/lighttpd", LIGHTTPD, ["/usr/sbin/lighttpd", "-D", "-f", "{conf}"]),
    "apache": ("/usr/sbin/apache2", APACHE, ["/usr/sbin/apache2", "-X", "-f", "{conf}"]),
    "dokuwiki": (f"{DOKUWIKI}/doku.php", None, [
        "php", "-S", "{address}:{port}", "-t", DOKUWIKI]),
    "php": ("/usr/bin/php", None, ["php", "-S", "{address}:{port}", "-t", "{site}"]),
    "httpbin": ("/usr/lib/python3/dist-packages/httpbin", None, [
        "/usr/bin/python3", "-c", HTTPBIN, "{address}", "{port}"]),
}


def is_installed(kind):
    return os.path.exists(KINDS[kind][0]) and (kind != "dokuwiki" or shutil.which("php") is not None)


def free_address():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return "127.0.0.1:%d" % door.getsockname()[1]


def await_answer(address, server):
    for _ in range(100):
        assert server.poll() is None, "the server did not stay"
        try:
            urllib.request.urlopen(f"http://{address}/", timeout=60).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@contextlib.contextmanager
def served(address, *command, **environment):
    """The URL of a server that the command starts, for as long as it is wanted."""
    server = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_answer(address, server)
        yield f"http://{address}/"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


def wiki(folder, pages):
    """A DokuWiki with these pages, nobody needs to log in; says 404 of pages that nobody wrote. The folder
    to serve."""
    shutil.copytree(DOKUWIKI, folder / "wiki", symlinks=True)
    conf, data = folder / "conf", folder / "data"
    shutil.copytree("/etc/dokuwiki", conf, ignore=shutil.ignore_patterns("*.php", "apache*", "lighttpd*"))
    shutil.copy("/etc/dokuwiki/dokuwiki.php", conf)
    shutil.copy("/etc/dokuwiki/license.php", conf)
    for name in ("attic", "cache", "index", "locks", "log", "media", "media_attic", "media_meta", "meta",
                 "pages", "tmp"):
        (data / name).mkdir(parents=True)
    (conf / "local.php").write_text(f"<?php $conf['savedir']='{data}'; $conf['send404']=1; $conf['useacl']=0;"
                                    " $conf['indexdelay']=0;")
    (folder / "wiki/inc/preload.php").unlink(missing_ok=True)  # may be a link to the system's
    (folder / "wiki/inc/preload.php").write_text(
        f"<?php define('DOKU_CONF', '{conf}/'); error_reporting(0);")
    for name, text in pages.items():
        page = data / "pages" / f"{name}.txt"
        page.parent.mkdir(exist_ok=True)
        page.write_text(text)
    return folder / "wiki"


class Sites:
    """Folders that servers may read whoever they run as."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sites-"))
        self.folder.chmod(0o755)

    def files(self, row):
        """The folder of a row's files: those it names, or one plain page."""
        site = self.folder / row["name"]
        for name, text in row.get("files", {"index.html": PAGE}).items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text)
        return site

    def command(self, row, address, port):
        """The command line that serves a row on that address; its `configuration` is added."""
        kind, name = row["with"], row["name"]
        conf = self.folder / f"{name}.conf"
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        values = {"folder": self.folder, "name": name, "site": self.files(row), "conf": conf, "user": user,
                  "address": address, "port": port, "modules": MODULES}
        _, text, words = KINDS[kind]
        if text:
            conf.write_text(text.format(**values) + row.get("configuration", ""))
        return [word.format(**values) for word in words]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
