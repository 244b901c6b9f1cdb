"""Goal: the links that the functional agent calls broken are those that linkchecker calls broken, each
of them and no other: on a site made for it, on documents that Debian ships, on a wiki.

Self-contained: needs AGNOSTIC_BIN (the folder of the programs), nginx and linkchecker.
AGNOSTIC_TEST_DOSE=full: also larger documents, and DokuWiki, which need php and take minutes."""
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from security_servers import tool_missing
from site_servers import DOKUWIKI, is_installed

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
DOCUMENTS = Path("/usr/share/doc")

pytestmark = [
    pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}"),
    pytest.mark.skipif(tool_missing("nginx", "linkchecker") is not None,
                       reason=f"not installed: {tool_missing('nginx', 'linkchecker')}"),
]
full = pytest.mark.skipif(not FULL, reason="takes minutes")


# --- vocabulary ------------------------------------------------------------------------------

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


@pytest.fixture
def serve():
    """serve(address, command, environment): the URL of a server that the command starts."""
    servers = []

    def start(address, *command, **environment):
        servers.append(subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        await_answer(address, servers[-1])
        return f"http://{address}/"
    yield start
    for server in servers:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


@pytest.fixture
def folder_served(serve, tmp_path):
    """folder_served(folder): its URL behind nginx, with a list of what a folder without index holds."""
    def start(folder):
        address, conf = free_address(), tmp_path / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        conf.write_text(
            f"{user} daemon off; master_process off; pid {tmp_path}/nginx.pid; error_log /dev/null;"
            " events {} http { types { text/html html htm; text/css css; image/gif gif; image/png png; }"
            f" access_log off; server {{ listen {address}; root {folder}; autoindex on; }} }}")
        return serve(address, "nginx", "-p", tmp_path, "-c", conf)
    return start


def ours(url):
    """What the functional agent calls broken; it has seen all of the site and says all it has seen."""
    place = url.split("//")[1].strip("/")
    order = {"v": 1, "type": "task", "session_id": "s1", "target": {"url": url}, "limits": {},
             "policy": {"allow": place, "max_rps": 200, "modes": ["passive", "safe"]}}
    done = subprocess.run([AGENT, "junior-qa"], input=json.dumps(order) + "\n", text=True,
                          capture_output=True, timeout=300, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    notes = [each["detail"] for line in lines if line["type"] == "finding"
             and line["check_id"] in ("FUN-04", "FUN-11", "FUN-21") for each in line["evidence"]["instances"]]
    crawl = lines[-1]["data"]["crawl"]
    assert crawl["not_asked"] == 0, "the site is larger than what one crawl sees"
    assert crawl["broken"] == len(notes), "not all that is broken is told"
    return {note.split(" ")[0] for note in notes}


def theirs(url, home, *words):
    """What linkchecker calls broken."""
    (home / "linkcheckerrc").write_text("[checking]\nmaxrequestspersecond=200\n")
    done = subprocess.run(["linkchecker", "-f", home / "linkcheckerrc", "--no-robots", "-o", "csv",
                           "--no-status", *words, url],
                          text=True, capture_output=True, timeout=600, env={**os.environ, "HOME": str(home)})
    rows = csv.DictReader((line for line in done.stdout.splitlines(keepends=True)
                           if not line.startswith("#")), delimiter=";")
    return {row["url"].split("#")[0] for row in rows if row["valid"] == "False"}


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


# --- tests -----------------------------------------------------------------------------------

def test_on_a_site_made_for_it(folder_served, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    for n in range(12):
        links = "".join(f"<a href=/p{(n * k) % 17}.html>x</a>" for k in range(1, 6))
        (site / f"p{n}.html").write_text(
            f"<!doctype html><title>{n}</title>{links}<img src=i{n % 5}.png><a href=sub/>s</a>")
    (site / "index.html").write_text("<!doctype html><title>i</title><a href=p1.html>1</a>"
                                     "<a href=p2.html>2</a><link rel=stylesheet href=s.css>")
    for n in range(3):
        (site / f"i{n}.png").write_bytes(b"x")
    url = folder_served(site)
    broken = ours(url)
    assert broken == theirs(url, tmp_path) and len(broken) == 9


@pytest.mark.parametrize("package, broken", [
    ("libfcgi-dev", 6), ("libexpat1-dev", 1), pytest.param("libxslt1-dev", 22, marks=full)])
def test_on_the_documents_of_a_package(folder_served, tmp_path, package, broken):
    documents = DOCUMENTS / package
    if not any(documents.rglob("*.htm*")):
        pytest.skip(f"{package} is here without its documents")
    url = folder_served(documents)
    found = ours(url)
    assert found == theirs(url, tmp_path) and len(found) == broken


@full
@pytest.mark.skipif(not is_installed("dokuwiki"), reason="no DokuWiki here")
def test_on_a_wiki(serve, tmp_path):
    pages = {"start": "====== Start ======\n[[one]] [[two]] [[nobody_wrote_this]] {{nopicture.png}}\n",
             "one": "====== One ======\n[[start]] [[two#there]] [[nor_this]] [[/gone.html]]\n",
             "two": "====== Two ======\n[[one]] [[three]]\n{{:missing:photo.jpg?20}}\n",
             # What the editor links to: linkchecker heeds its nofollow, which is about search engines.
             "wiki/syntax": "====== Syntax ======\n", "playground/playground": "====== Play ======\n",
             "three": "====== Three ======\n[[nobody_wrote_this]] [[deep:missing]]\n"}
    root = wiki(tmp_path, pages)
    address = free_address()
    url = serve(address, "php", "-S", address, "-t", root, PHP_CLI_SERVER_WORKERS="4")
    for page in pages:  # a wiki indexes a page when it is first asked for, and lists what it has indexed
        urllib.request.urlopen(f"{url}doku.php?id={page.replace('/', ':')}", timeout=60).close()
    broken = ours(url)
    assert broken == theirs(url, tmp_path)
    assert {"nobody_wrote_this", "nor_this", "deep:missing"} <= {link.split("id=")[-1] for link in broken}
