"""site_servers: web servers as their makers ship them, each with one plain page or one application,
for rows of tests/data/security_matrix.json that name them in `with`."""
import os
import shutil
import tempfile
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
