"""Goal: a Redis far away is reached through stunnel as deploy/redis has it, by those with the right
certificates only."""
import contextlib
import socket
import subprocess

import pytest

from redis_lab import ROOT, Server, free_port, resumes
from vocabulary import task, wait_for

NAME = "redis.example.org"
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def openssl(folder, *words):
    run = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def make_authority(folder, name):
    openssl(folder, "req", "-x509", *KEY, "-days", "2", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.crt")


def make_certificate(folder, authority, name, host):
    (folder / "san").write_text(f"subjectAltName=DNS:{host}\n")
    openssl(folder, "req", *KEY, "-subj", f"/CN={host}", "-keyout",
            f"{name}.key", "-out", f"{name}.csr")
    openssl(folder, "x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", f"{authority}.crt",
            "-CAkey", f"{authority}.key", "-CAcreateserial", "-extfile", "san", "-out", f"{name}.crt")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    make_authority(folder, "redis-ca")
    make_authority(folder, "other-ca")
    make_certificate(folder, "redis-ca", "redis-server", NAME)
    make_certificate(folder, "redis-ca", "redis-client", "client.example.org")
    make_certificate(folder, "other-ca", "other-server", NAME)
    make_certificate(folder, "other-ca", "other-client", "client.example.org")
    make_certificate(folder, "redis-ca", "misnamed-server", "other.example.org")
    return folder


def own_conf(folder, name, changes):
    """The file of deploy/redis with the places of this test, run in the foreground by whoever we are."""
    text = (ROOT / "deploy/redis" / f"{name}.conf").read_text()
    lines = [line for line in text.splitlines() if not line.startswith(("setuid", "setgid", "syslog"))]
    text = "foreground = yes\npid =\n" + "\n".join(lines) + "\n"
    for old, new in changes.items():
        assert old in text, f"{name}.conf does not say {old}"
        text = text.replace(old, new)
    path = folder / f"{name}-{free_port()}.conf"
    path.write_text(text)
    return path


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def tunnel(lab, certificates, server="redis-server", client="redis-client"):
    """A stunnel on either side of a TCP connection; the URL that leads through it to the lab's Redis."""
    far, near = free_port(), lab.folder / "tunnel"
    here = {"/etc/agnostic/": f"{certificates}/"}
    log = certificates / "log"
    log.unlink(missing_ok=True)
    ends = [Server(log, "stunnel4", own_conf(certificates, "stunnel-server", {
                ":::6390": f"127.0.0.1:{far}", "/run/redis-agnostic/redis-server.sock": lab.path,
                "redis-server.crt": f"{server}.crt", "redis-server.key": f"{server}.key", **here})),
            Server(log, "stunnel4", own_conf(certificates, "stunnel-client", {
                "/run/agnostic-redis/redis.sock": str(near), f"{NAME}:6390": f"127.0.0.1:{far}",
                "redis-client.crt": f"{client}.crt", "redis-client.key": f"{client}.key", **here}))]
    try:
        for end in ends:
            end.launch()
        wait_for(lambda: log.read_text().count("Configuration successful") == 2)
        wait_for(lambda: listens(far) and near.exists())
        yield f"unix://{near}"
    finally:
        for end in ends:
            end.kill()
        near.unlink(missing_ok=True)


def test_tasks_are_submitted_and_read_through_tls(lab, certificates):
    with tunnel(lab, certificates) as url, lab.with_urls(api=url):
        resumes(lab.service)
        task_id = lab.service.submit(agents=["junior-qa"])["task_id"]
        assert lab.service.poll_until_terminal(task_id)["status"] == "completed"
        doctor = lab.service.run("agnosticctl", "doctor")
        assert f"reached at {url.split('//')[1]}" in doctor.stdout + doctor.stderr, doctor


@pytest.mark.parametrize("wrong, rejected", [
    ({"client": "other-client"}, "client.example.org"), ({"server": "other-server"}, NAME),
    ({"server": "misnamed-server"}, "other.example.org")])
def test_a_wrong_certificate_leads_nowhere(lab, certificates, wrong, rejected):
    with tunnel(lab, certificates, **wrong) as url, lab.with_urls(api=url):
        reply = lab.service.post("/api/tasks", task())
        assert reply.status == 503, reply
        ready = lab.service.get("/ready", key=None)
        assert ready.status == 503 and ready.json["redis"] == "error", ready
    assert f"Rejected by CERT at depth=0: CN={rejected}" in (certificates / "log").read_text()
