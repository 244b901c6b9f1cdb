"""Goal: agnostic-agent says of a server's TLS what sslscan, nmap and testssl.sh say: the same protocols,
the same classes of weak suites, the same verdicts on the certificate. The servers are rows of
tests/data/security_matrix.json; what is true of each, and each disagreement of a tool with its reason,
stands in tests/data/tls_oracles.json.

Self-contained: needs AGNOSTIC_BIN (the folder of the programs), the right to make a network namespace,
nginx, openssl, gnutls-serv; each tool that is not installed is skipped.
AGNOSTIC_TEST_DOSE=full: testssl.sh, too, which takes a minute a server."""
import concurrent.futures
import json
import os
import subprocess
import time
import xml.etree.ElementTree as xml
from email.utils import parsedate_to_datetime
from datetime import datetime
from pathlib import Path

import pytest

from hosts import can_make_hosts
from security_servers import Servers, tool_missing

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FULL = os.environ.get("AGNOSTIC_TEST_DOSE") == "full"
MATRIX = json.loads((HERE.parent / "data/security_matrix.json").read_text())
TRUTH = json.loads((HERE.parent / "data/tls_oracles.json").read_text())
ROWS = TRUTH["rows"]
MATRIX["rows"] = [row for row in MATRIX["rows"] if row["name"] in ROWS]
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")
PROGRAMS = {"agent": AGENT, "sslscan": "sslscan", "nmap": "nmap", "testssl": "testssl"}
HOST = "localhost"

pytestmark = [
    pytest.mark.skipif(tool_missing("nginx", "openssl", "gnutls-serv") is not None,
                       reason=f"not installed: {tool_missing('nginx', 'openssl', 'gnutls-serv')}"),
    pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}"),
    pytest.mark.skipif(tool_missing("ip", "nsenter") is not None or not can_make_hosts(),
                       reason="network namespaces cannot be made here"),
]


class View:
    """What one tool says of one server, in words that all of them share."""

    def __init__(self, protocols=(), weak=(), certificate=()):
        self.protocols, self.weak, self.certificate = set(protocols), set(weak), set(certificate)

    def told(self):
        return {field: sorted(getattr(self, field)) for field in ("protocols", "weak", "certificate")}


def weak_classes(suites):
    """Classes of the suites with these names, IANA's (TLS_...) or OpenSSL's."""
    for name in suites:
        words = set(name.upper().replace("-", "_").split("_"))
        if "NULL" in words:
            yield "NULL"
        if words & {"ANON", "ADH", "AECDH"}:
            yield "anonymous"
        if words & {"EXPORT", "EXP"}:
            yield "EXPORT"
        if "RC4" in words:
            yield "RC4"
        if "3DES" in words or "CBC3" in words:
            yield "3DES"
        elif "DES" in words:
            yield "DES"


def certificate_words(faults):
    return {word for word, is_so in faults.items() if is_so}


def is_short(kind, bits):
    return bits < (2048 if kind.upper() == "RSA" else 224)


def is_weak_digest(algorithm):
    return "sha1" in algorithm.lower() or "md5" in algorithm.lower()


# --- the four of them ------------------------------------------------------------------------

HELLOS = {"NULL encryption": "NULL", "anonymous suites": "anonymous", "EXPORT suites": "EXPORT",
          "RC4": "RC4", "single DES and IDEA": "DES", "3DES": "3DES"}
VERDICTS = {"SEC-TLS-11": "untrusted", "SEC-TLS-12": "other host", "SEC-TLS-13": "out of date",
            "SEC-TLS-15": "short key", "SEC-TLS-16": "weak signature"}


def view_of_agent(servers, rows):
    for row in rows:
        done = subprocess.run([AGENT, "security-compliance", "--json", "--url", servers.url(row)],
                              capture_output=True, text=True, timeout=120, env={
                                  **os.environ, "AGNOSTIC_TARGET_ALLOW": "",
                                  "SSL_CERT_FILE": str(servers.folder / "ca.pem")})
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        findings = {line["check_id"]: line for line in lines if line["type"] == "finding"}
        seen = json.dumps([findings.get(check, {}).get("evidence") for check in (
            "SEC-TLS-02", "SEC-TLS-05", "SEC-TLS-06", "SEC-TLS-07")])
        yield View(lines[-1]["data"]["tls"]["protocols"],
                   [name for word, name in HELLOS.items() if f"offers only {word} (" in seen],
                   [word for check, word in VERDICTS.items() if check in findings])


def view_of_sslscan(servers, rows):
    for row in rows:
        port = servers.place(row)[1]
        done = subprocess.run(["sslscan", "--xml=-", "--no-groups", "--no-heartbleed", f"{HOST}:{port}"],
                              capture_output=True, timeout=120, env=environment(servers))
        tree = xml.fromstring(done.stdout)
        protocols = [f"{each.get('type').upper()}v{each.get('version')}" for each in tree.iter("protocol")
                     if each.get("enabled") == "1"]
        certificate = tree.find(".//certificate")
        yield View(protocols, weak_classes(each.get("cipher") for each in tree.iter("cipher")),
                   set() if certificate is None else certificate_words({
                       "untrusted": certificate.findtext("self-signed") == "true",
                       "out of date": certificate.findtext("expired") == "true" or parsedate_to_datetime(
                           certificate.findtext("not-valid-before")).timestamp() > time.time(),
                       "short key": is_short_for_sslscan(certificate.find("pk")),
                       "weak signature": is_weak_digest(certificate.findtext("signature-algorithm"))}))


def is_short_for_sslscan(key):
    """Of a curve its "bits" are the strength, half of the size."""
    bits = int(key.get("bits"))
    return is_short(key.get("type"), bits if key.get("type") == "RSA" else 2 * bits)


def view_of_nmap(servers, rows):
    """All servers in one run."""
    ports = [servers.place(row)[1] for row in rows]
    done = subprocess.run(["nmap", "-Pn", "-n", "-oX", "-", "--script", "+ssl-enum-ciphers,+ssl-cert",
                           "-p", ",".join(map(str, ports)), "127.0.0.1"],
                          capture_output=True, timeout=300, env=environment(servers))
    tree = xml.fromstring(done.stdout)
    by_port = {int(each.get("portid")): each for each in tree.iter("port")}
    for port in ports:
        yield view_of_nmap_port(by_port[port])


def view_of_nmap_port(port):
    view = View()
    scripts = {each.get("id"): each for each in port.iter("script")}
    for table in scripts["ssl-enum-ciphers"].findall("table") if "ssl-enum-ciphers" in scripts else ():
        view.protocols.add(table.get("key"))
        view.weak.update(weak_classes(each.text for each in table.iter("elem")
                                      if each.get("key") == "name"))
    if "ssl-cert" in scripts:
        view.certificate = certificate_of_nmap(scripts["ssl-cert"])
    return view


def certificate_of_nmap(script):
    tables = {table.get("key"): {each.get("key"): each.text for each in table.findall("elem")}
              for table in script.iter("table")}
    fields = {each.get("key"): each.text for each in script.findall("elem")}
    begins, ends = (datetime.fromisoformat(tables["validity"][end]).timestamp()
                    for end in ("notBefore", "notAfter"))
    names = [each.text for each in script.iter("elem") if each.get("key") == "value"]
    return certificate_words({
        "untrusted": tables["subject"] == tables["issuer"],
        "other host": not any(f"DNS:{HOST}" in name for name in names if name),
        "out of date": not begins <= time.time() + time.timezone <= ends,
        "short key": is_short(tables["pubkey"]["type"], int(tables["pubkey"]["bits"])),
        "weak signature": is_weak_digest(fields["sig_algo"])})


TESTSSL_PROTOCOLS = {"SSLv2": "SSLv2", "SSLv3": "SSLv3", "TLS1": "TLSv1.0", "TLS1_1": "TLSv1.1",
                     "TLS1_2": "TLSv1.2", "TLS1_3": "TLSv1.3"}


def view_of_testssl(servers, rows):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        yield from pool.map(lambda row: view_of_testssl_row(servers, row), rows)


def view_of_testssl_row(servers, row):
    out = servers.folder / f"testssl-{row['name']}.json"
    subprocess.run(["testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none",
                    "--ip", "127.0.0.1", "--add-ca", str(servers.folder / "ca.pem"), "--jsonfile", str(out),
                    "-p", "-s", "-S", "--each-cipher", f"{HOST}:{servers.place(row)[1]}"],
                   capture_output=True, stdin=subprocess.DEVNULL, timeout=600, env=environment(servers))
    return view_of_testssl_output(json.loads(out.read_text()))


def view_of_testssl_output(lines):
    told = {each["id"]: each for each in lines}
    said = {name: each["finding"] for name, each in told.items()}
    chain = said.get("cert_chain_of_trust", "passed")
    out_of_date = "(expired)" in chain or "(not yet valid)" in chain  # its first fault is all it tells
    suites = [words for name, words in said.items() if name.startswith("cipher_x")]
    return View([name for key, name in TESTSSL_PROTOCOLS.items() if said.get(key, "").startswith("offered")],
                weak_classes(word for words in suites for word in words.split() if "_" in word),
                certificate_words({
                    "untrusted": not chain.startswith("passed") and not out_of_date,
                    "other host": "does not match" in said.get("cert_trust", ""),
                    "out of date": out_of_date or said.get("cert_expirationStatus") == "expired",
                    "short key": told.get("cert_keySize", {}).get("severity") in ("HIGH", "CRITICAL", "MEDIUM"),
                    "weak signature": is_weak_digest(said.get("cert_signatureAlgorithm", "").replace("-", ""))}))


def environment(servers):
    """OpenSSL's tools offer everything they have."""
    return {**os.environ, "OPENSSL_CONF": str(servers.folder / "openssl.cnf")}


# --- the comparison --------------------------------------------------------------------------

VIEWS = {"agent": view_of_agent, "sslscan": view_of_sslscan, "nmap": view_of_nmap, "testssl": view_of_testssl}


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    servers = Servers(tmp_path_factory.mktemp("oracles"), MATRIX)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.fixture(scope="module")
def views(servers):
    """views(tool): what it says of every row, asked once."""
    known = {}

    def of(tool):
        if tool not in known:
            rows = [row for row in MATRIX["rows"] if asks(tool, row["name"])]
            known[tool] = dict(zip([row["name"] for row in rows], VIEWS[tool](servers, rows)))
        return known[tool]
    return of


def asks(tool, name):
    return tool != "testssl" or "testssl" not in ROWS[name].get("not_asked", {})


def expected(tool, name):
    """The truth, but where the table says, and why, that the tool sees it otherwise."""
    truth = {field: ROWS[name].get(field, []) for field in ("protocols", "weak", "certificate")}
    truth["certificate"] = [word for word in truth["certificate"] if word not in TRUTH["silent"].get(tool, {})]
    truth.update(ROWS[name].get("differs", {}).get(tool, {}).get("sees", {}))
    return {field: sorted(values) for field, values in truth.items()}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("tool", ["agent", "sslscan", "nmap"] + (["testssl"] if FULL else []))
def test_a_tool_sees_the_server_as_it_is(views, tool, name):
    if tool_missing(PROGRAMS[tool]):
        pytest.skip(f"{tool} is not installed")
    if not asks(tool, name):
        pytest.skip(ROWS[name]["not_asked"][tool])
    assert views(tool)[name].told() == expected(tool, name)


def test_the_agent_has_no_disagreement_to_explain():
    assert "agent" not in TRUTH["silent"]
    assert not any("agent" in row.get("differs", {}) for row in ROWS.values())


def test_each_disagreement_is_explained():
    for row in ROWS.values():
        assert all(differs["why"] and differs["sees"] for differs in row.get("differs", {}).values())
