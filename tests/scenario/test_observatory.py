"""The score of the HTTP Observatory, compared with the original's own on the servers of
tests/data/security_matrix.json. Needs node and the npm package of tests/npm (npm install there, or a
folder of modules in NODE_PATH); skipped without them."""
import json
import os
import subprocess
from pathlib import Path

import pytest

from security_servers import Servers, tool_missing

ROOT = Path(__file__).resolve().parents[2]
AGENT = Path(os.environ["AGNOSTIC_BIN"]) / "agnostic-agent"
MODULES = Path(os.environ.get("NODE_PATH") or ROOT / "tests/npm/node_modules")
PACKAGE = MODULES / "@mdn/mdn-http-observatory"
NOBODY = "1"  # a port without a server: no plain http beside the site

# Where the two differ, and why.
EXPLAINED = {
    "csp-twice": {"content-security-policy", "x-frame-options"},  # it takes two policies for a fault
    "cors-reflect-credentials": {"cross-origin-resource-sharing"},  # it asks by OPTIONS only
}
# Rows that node's TLS library cannot connect to, so that it sees no https site.
TOO_OLD = {"tls-1.0-only", "tls-1.1-only", "sha-1"}

pytestmark = pytest.mark.skipif(tool_missing("node", "nginx", "openssl") is not None
                                or not PACKAGE.exists(), reason="node or the npm package is missing")


def rows_of(matrix):
    return [row for row in matrix["rows"]
            if row.get("scheme", "https") == "https" and "with" not in row and "port" not in row
            and "path" not in row and row["name"] not in TOO_OLD]


MATRIX = json.loads((ROOT / "tests/data/security_matrix.json").read_text())


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    preloaded = PACKAGE / "conf/hsts-preload.json"
    if not preloaded.exists():  # fetched by its install script; no name of ours would be in it
        preloaded.parent.mkdir(exist_ok=True)
        preloaded.write_text("{}")
    matrix = {**MATRIX, "rows": [row for row in MATRIX["rows"] if "with" not in row]}
    made = Servers(tmp_path_factory.mktemp("servers"), matrix)
    made.start()
    yield made
    made.stop()


def output(words, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120,
                          env={**os.environ, **more})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("row", rows_of(MATRIX), ids=lambda row: row["name"])
def test_each_modifier_is_the_original_s(servers, row):
    port = servers.place(row)[1]
    authority = str(servers.folder / "ca.pem")
    lines = output([AGENT, "security-compliance", "--json", "--url", f"https://localhost:{port}/"],
                   SSL_CERT_FILE=authority).splitlines()
    seen = json.loads(lines[-1])["data"].get("observatory")
    if seen is None:
        pytest.skip("the page is not this server's")
    theirs = json.loads(output(["node", ROOT / "tests/npm/observatory.mjs", "localhost", str(port),
                                NOBODY], NODE_PATH=str(MODULES), NODE_EXTRA_CA_CERTS=authority))
    for test in seen["tests"]:
        if test["name"] not in EXPLAINED.get(row["name"], ()) and test["modifier"] is not None:
            assert test["modifier"] == theirs[test["name"]], test["name"]
