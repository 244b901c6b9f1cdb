"""Goal: the links that the functional agent calls broken are those that linkchecker calls broken, each
of them and no other: on a site made for it, on documents that Debian ships, on a wiki.

Self-contained: needs AGNOSTIC_BIN (the folder of the programs), nginx and linkchecker.
AGNOSTIC_TEST_DOSE=full: also larger documents, and DokuWiki, which need php and take minutes."""
import contextlib
import csv
import json
import os
import subprocess
import urllib.request
from pathlib import Path

import pytest

from security_servers import tool_missing
from site_servers import free_address, is_installed, served, wiki

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

@pytest.fixture
def serve():
    """serve(address, command, environment): the URL of a server that the command starts."""
    with contextlib.ExitStack() as ends:
        yield lambda *words, **environment: ends.enter_context(served(*words, **environment))


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
