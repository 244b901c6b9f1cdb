"""security_servers: certificates and local servers with known virtues and flaws, from rows of
tests/data/security_matrix.json. Everything on loopback, in one temporary folder, stopped by pid."""
import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack

import site_servers
from hosts import Hosts, can_make_hosts

ADDRESS = "127.0.0.1"
# Some rows want the real ports 80 and 443: an address nobody else uses, if we may bind them.
OWN_ADDRESS = "127.83.69.67"

OPENSSL_CONF = """
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = anything
[anything]
MinProtocol = TLSv1
CipherString = ALL:!aNULL:@SECLEVEL=0
Options = UnsafeLegacyServerConnect
[ca]
default_ca = here
[here]
dir = .
database = ./index.txt
new_certs_dir = .
serial = ./serial
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
[any]
commonName = supplied
[req]
distinguished_name = dn
[dn]
"""


def tool_missing(*names):
    """The first of these programs that is not installed, or None."""
    return next((name for name in names if shutil.which(name) is None), None)


def run(folder, *words):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "OPENSSL_CONF": str(folder / "openssl.cnf")})
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stderr}"
    return done.stdout


def moment(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * 86400))


class Certificates:
    """Our own authority and what it signs."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "openssl.cnf").write_text(OPENSSL_CONF)
        (folder / "index.txt").write_text("")
        (folder / "serial").write_text("1000\n")
        (folder / "ca.ext").write_text(
            "basicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\n")
        self.key("ca", "2048")
        run(folder, "openssl", "req", "-new", "-x509", "-key", "ca.key", "-subj", "/CN=Matrix CA",
            "-days", "3650", "-out", "ca.pem", "-addext", "basicConstraints=critical,CA:true")

    def key(self, name, bits):
        if bits == "ec":
            run(self.folder, "openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout",
                "-out", f"{name}.key")
        else:
            run(self.folder, "openssl", "genrsa", "-out", f"{name}.key", bits)

    def make(self, name, wish):
        """wish: bits, digest, san, days, starts, self_signed, must_staple, authority (one of ours, made
        before by `ca`); all with defaults."""
        san = wish.get("san", f"IP:{ADDRESS},IP:{OWN_ADDRESS},DNS:localhost")
        extra = "tlsfeature=status_request\n" if wish.get("must_staple") else ""
        kind = "basicConstraints=critical,CA:true" if wish.get("ca") else f"subjectAltName={san}"
        authority = wish.get("authority", "ca")
        (self.folder / f"{name}.ext").write_text(f"{kind}\n{extra}")
        self.key(name, str(wish.get("bits", 2048)))
        run(self.folder, "openssl", "req", "-new", "-key", f"{name}.key", "-subj", f"/CN={name}",
            "-out", f"{name}.csr")
        signer = ["-selfsign", "-keyfile", f"{name}.key"] if wish.get("self_signed") else [
            "-cert", f"{authority}.pem", "-keyfile", f"{authority}.key"]
        run(self.folder, "openssl", "ca", "-batch", "-notext", "-config", "openssl.cnf", *signer,
            "-in", f"{name}.csr", "-out", f"{name}.pem", "-extfile", f"{name}.ext",
            "-md", wish.get("digest", "sha256"), "-startdate", moment(wish.get("starts", -10)),
            "-enddate", moment(wish.get("days", 90)))

    def staple(self, name):
        """What a responder of the authority says of that certificate: it is good."""
        run(self.folder, "openssl", "ocsp", "-index", "index.txt", "-CA", "ca.pem",
            "-rsigner", "ca.pem", "-rkey", "ca.key", "-issuer", "ca.pem", "-cert", f"{name}.pem",
            "-ndays", "7", "-respout", f"{name}.ocsp")

    def group(self, bits, *how):
        """A Diffie-Hellman group; one made as for DSA is found at once, but GnuTLS cannot read it."""
        run(self.folder, "openssl", "dhparam", *how, "-out", f"dh{bits}.pem", str(bits))
        return f"dh{bits}.pem"


def free_port():
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return probe.getsockname()[1]


def may_bind_low_ports():
    try:
        for port in (80, 443):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((OWN_ADDRESS, port))
    except OSError:
        return False
    return True


def await_port(address, port, process, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended: {process.args}"
        with socket.socket() as probe:
            if probe.connect_ex((address, port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on {address}:{port}")


def header_lines(headers):
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            if value is not None:
                escaped = value.replace("\\", "\\\\").replace('"', '\\"')
                yield f'add_header {name} "{escaped}" always;'


class Servers:
    """One nginx for all rows but those `with` another server, which gets a process each. From its making
    to stop() this process and what it starts are in a network of their own, where that can be made:
    gnutls-serv listens on all addresses, and is started nowhere else."""

    def __init__(self, folder, matrix):
        self.folder, self.matrix, self.processes = folder, matrix, []
        self.network = ExitStack()
        self.alone = tool_missing("ip", "nsenter") is None and can_make_hosts()
        if self.alone:
            self.network.enter_context(self.network.enter_context(Hosts()).on_hub())
        self.sites = site_servers.Sites()
        self.certificates = Certificates(folder)
        self.low_ports = may_bind_low_ports()
        self.ports = {}
        for name, wish in matrix["certificates"].items():
            self.certificates.make(name, wish)

    def place(self, row):
        """(address, port) of a row's own server."""
        if row.get("port"):
            return OWN_ADDRESS, row["port"]
        while row["name"] not in self.ports:
            port = free_port()
            if port not in self.ports.values():  # the system may offer one again
                self.ports[row["name"]] = port
        return ADDRESS, self.ports[row["name"]]

    def is_possible(self, row):
        if row.get("with") == "gnutls":
            return self.alone
        if row.get("with") in site_servers.KINDS:
            return site_servers.is_installed(row["with"])
        return self.low_ports or not (row.get("port") or row.get("beside"))

    def url(self, row):
        address, port = self.place(row)
        return f"{row.get('scheme', 'https')}://{address}:{port}{row.get('path', '/')}"

    def fill(self, text, row):
        for other in self.matrix["rows"]:
            text = text.replace("{%s}" % other["name"], self.url(other).rstrip("/"))
        return text.replace("{self}", self.url(row).rstrip("/"))

    def server_block(self, row):
        address, port = self.place(row)
        tls = row.get("scheme", "https") == "https"
        headers = {**self.matrix["bases"][row.get("base", "good")], **row.get("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        kind = headers.pop("Content-Type", "text/html; charset=utf-8").split("; charset=")
        lines = [f"listen {address}:{port}{' ssl' if tls else ''};", "server_name _;"]
        if tls:
            lines += [f"ssl_certificate {row.get('certificate', 'good')}.pem;",
                      f"ssl_certificate_key {row.get('certificate', 'good')}.key;",
                      f"ssl_protocols {row.get('protocols', 'TLSv1.2 TLSv1.3')};",
                      f"ssl_ciphers {row.get('ciphers', 'ALL:!aNULL:!eNULL:@SECLEVEL=0')};"]
        if row.get("dh_bits"):
            lines.append(f"ssl_dhparam {self.certificates.group(row['dh_bits'], '-dsaparam')};")
        if row.get("stapled"):
            self.certificates.staple(row["certificate"])
            lines.append(f"ssl_stapling on; ssl_stapling_file {row['certificate']}.ocsp;")
        lines.append("server_tokens %s;" % ("on" if row.get("server_tokens") else "off"))
        if len(kind) > 1:
            lines.append(f"charset {kind[1]};")
        page = row.get("page", "<!doctype html><title>A page</title><p>Hello")
        body = page.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
        answer = row.get("answer", f'return {row.get("status", 200)} "{body}";')
        lines.append("location / { default_type %s; %s %s }" % (
            kind[0], " ".join(header_lines(headers)), self.fill(answer, row)))
        for path, served in row.get("paths", {}).items():
            body = served.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
            lines.append('location = %s { default_type text/plain; return 200 "%s"; }' % (path, body))
        return "server { " + "\n  ".join(lines) + " }"

    def start(self):
        blocks = [self.server_block(row) for row in self.matrix["rows"]
                  if "with" not in row and self.is_possible(row)]
        user = "user root;" if os.geteuid() == 0 else ""
        places = "\n".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"{user} daemon off; master_process off; pid {self.folder}/nginx.pid;\n"
            f"error_log {self.folder}/error.log;\nevents {{ worker_connections 256; }}\n"
            f"http {{ access_log off; {places}\n{self.matrix['nginx']}\n" + "\n".join(blocks) + "}\n")
        nginx = self.spawn("nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"),
                           "-e", str(self.folder / "error.log"))
        for row in self.matrix["rows"]:
            if self.is_possible(row) and "with" not in row:
                await_port(*self.place(row), nginx)
            elif self.is_possible(row):
                {"openssl": self.start_openssl, "gnutls": self.start_gnutls}.get(
                    row["with"], self.start_site)(row)

    def start_site(self, row):
        address, port = self.place(row)
        await_port(address, port, self.spawn(*self.sites.command(row, address, port)))

    def start_openssl(self, row):
        address, port = self.place(row)
        name = row.get("certificate", "good")
        server = self.spawn("openssl", "s_server", "-accept", f"{address}:{port}", "-www",
                            "-cert", f"{name}.pem", "-key", f"{name}.key", "-quiet",
                            *row.get("flags", []))
        await_port(address, port, server)

    def start_gnutls(self, row):
        """GnuTLS still speaks 3DES and RC4, which OpenSSL does not."""
        port = self.place(row)[1]
        name = row.get("certificate", "good")
        group = ["--dhparams", self.certificates.group(row["dh_bits"])] if "dh_bits" in row else []
        server = self.spawn("gnutls-serv", *group, "--http", "--quiet", "--port", str(port),
                            "--x509certfile", f"{name}.pem", "--x509keyfile", f"{name}.key",
                            "--priority", row["priority"])
        await_port(ADDRESS, port, server)

    def spawn(self, *words):
        process = subprocess.Popen(
            words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "servers.log", "ab"),
            env={**os.environ, "OPENSSL_CONF": str(self.folder / "openssl.cnf")})
        self.processes.append(process)
        return process

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.sites.remove()
        self.network.close()
