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
PidFile {folder}/apache.pid
ErrorLog {folder}/apache.log
ServerName localhost
Listen {address}:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig /dev/null
AddType "text/html; charset=utf-8" .html
DocumentRoot {site}
DirectoryIndex index.html
{user}
"""

# What must be there, a configuration or None, and the command.
KINDS = {
    "python": ("/usr/bin/python3", None, [
        "/usr/bin/python3", "-m", "http.server", "--bind", "{address}", "-d", "{site}", "{port}"]),
    "lighttpd": ("/usr/sbin/lighttpd", LIGHTTPD, ["/usr/sbin/lighttpd", "-D", "-f", "{conf}"]),
    "apache": ("/usr/sbin/apache2", APACHE, ["/usr/sbin/apache2", "-X", "-f", "{conf}"]),
    "dokuwiki": (f"{DOKUWIKI}/doku.php", None, [
        "php", "-S", "{address}:{port}", "-t", DOKUWIKI]),
}


def is_installed(kind):
    return os.path.exists(KINDS[kind][0]) and (kind != "dokuwiki" or shutil.which("php") is not None)


class Sites:
    """Folders that servers may read whoever they run as."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sites-"))
        self.folder.chmod(0o755)
        (self.folder / "site").mkdir()
        (self.folder / "site/index.html").write_text(PAGE)

    def command(self, kind, address, port):
        """The command line that serves on that address."""
        conf = self.folder / f"{kind}.conf"
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        values = {"folder": self.folder, "site": self.folder / "site", "conf": conf, "user": user,
                  "address": address, "port": port, "modules": MODULES}
        _, text, words = KINDS[kind]
        if text:
            conf.write_text(text.format(**values))
        return [word.format(**values) for word in words]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
