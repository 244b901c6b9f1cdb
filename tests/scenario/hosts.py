"""Hosts made of network namespaces: one hub and others, each on a link of its own to the hub."""
import ctypes
import os
import signal
import subprocess
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def can_make_hosts():
    """Root, with the right to make network namespaces and links."""
    name = f"agn{os.getpid()}t"
    if os.geteuid() != 0 or subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
        return False
    made = subprocess.run(["ip", "-n", name, "link", "add", "t0", "type", "veth", "peer", "name", "t1"],
                          capture_output=True)
    subprocess.run(["ip", "netns", "del", name], check=True)
    return made.returncode == 0


class Hosts:
    """hosts.hub and hosts.far("a"), ...; host names, addresses and links are gone with the context."""

    def __init__(self, *far):
        self._prefix = f"agn{os.getpid()}"
        self._far = list(far)
        self._processes = {}

    def _name(self, host):
        return f"{self._prefix}{host}"

    def hub_address(self, host):
        """Where the hub is for this host."""
        return f"10.213.{self._far.index(host)}.1"

    def __enter__(self):
        ip("netns", "add", self._name("hub"))
        ip("-n", self._name("hub"), "link", "set", "lo", "up")
        for number, host in enumerate(self._far):
            ip("netns", "add", self._name(host))
            ip("-n", self._name("hub"), "link", "add", f"to-{host}", "type", "veth",
               "peer", "name", "to-hub", "netns", self._name(host))
            for where, link, last in (("hub", f"to-{host}", 1), (host, "to-hub", 2)):
                ip("-n", self._name(where), "addr", "add", f"10.213.{number}.{last}/24", "dev", link)
                ip("-n", self._name(where), "link", "set", link, "up")
            ip("-n", self._name(host), "link", "set", "lo", "up")
        return self

    def __exit__(self, *_):
        for host in self._far:
            self.kill(host)
        for host in [*self._far, "hub"]:
            subprocess.run(["ip", "netns", "del", self._name(host)], check=False)

    @contextmanager
    def on_hub(self):
        """This process, and what it starts, works on the hub."""
        with open("/proc/self/ns/net") as here, open(f"/run/netns/{self._name('hub')}") as there:
            enter(there)
            try:
                yield
            finally:
                enter(here)

    def start(self, host, words, env):
        """A program on that host; ended with it. Its output goes to the returned process' stderr."""
        process = subprocess.Popen(["nsenter", f"--net=/run/netns/{self._name(host)}", *words], env=env,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        self._processes.setdefault(host, []).append(process)
        return process

    def cut(self, host):
        """Nothing comes from that host or gets there any more."""
        ip("-n", self._name("hub"), "link", "set", f"to-{host}", "down")

    def kill(self, host):
        """Everything that runs there dies at once."""
        for process in self._processes.pop(host, []):
            process.send_signal(signal.SIGKILL)
            process.wait()

    def vanish(self, host):
        self.cut(host)
        self.kill(host)


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def enter(namespace):
    if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
