"""unit_sandbox.py UNIT PROGRAM ARGUMENT...: becomes PROGRAM under what UNIT forbids with seccomp, without
systemd as process 1: SystemCallFilter, RestrictNamespaces, RestrictAddressFamilies and
MemoryDenyWriteExecute, with the system call groups of the systemd that is installed. ptrace is let
through, for the leak sanitizer of test builds uses it."""
import ctypes
import errno
import os
import subprocess
import sys
from pathlib import Path

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
MASKED_EQUAL = 7
NAMESPACES = {"cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000, "user": 0x10000000,
              "pid": 0x20000000, "net": 0x40000000, "mnt": 0x00020000}
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
FAMILIES_MAX = 46
PROT_EXEC, PROT_WRITE = 4, 2


class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64),
                ("b", ctypes.c_uint64)]


def directives(unit):
    """Each directive's values in order."""
    found = {}
    for line in Path(unit).read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def group(name):
    run = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", name],
                         capture_output=True, text=True, check=True)
    words = [line.strip() for line in run.stdout.splitlines()[1:]]
    return {call for word in words if word and word[0] != "#" for call in expand(word)}


def expand(word):
    return group(word) if word.startswith("@") else {word}


def allowed_calls(values):
    """As systemd reads SystemCallFilter=, the first line being a list of what is allowed."""
    calls = group("@default") | {"ptrace"}
    for value in values:
        named = set().union(*(expand(word) for word in value.lstrip("~").split()))
        calls = calls - named if value.startswith("~") else calls | named
    return calls


class Filter:
    def __init__(self, default):
        self._lib = ctypes.CDLL("libseccomp.so.2")
        self._lib.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.seccomp_init(default))

    def rule(self, action, call, *compares):
        number = self._lib.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return  # not of this architecture
        array = (Compare * max(len(compares), 1))(*compares)
        code = self._lib.seccomp_rule_add_array(self._context, action, number, len(compares), array)
        assert code == 0, (call, code)

    def load(self):
        assert self._lib.seccomp_load(self._context) == 0


def deny(code):
    return ERRNO | code


def filter_of_arguments(said):
    made = Filter(ALLOW)
    words = said["RestrictNamespaces"][-1].split()
    for name, flag in NAMESPACES.items():
        if name not in words:
            for call, arg in (("clone", 0), ("unshare", 0), ("setns", 1)):
                made.rule(deny(errno.EPERM), call, Compare(arg, MASKED_EQUAL, flag, flag))
    made.rule(deny(errno.ENOSYS), "clone3")
    families = {FAMILIES[word] for word in said["RestrictAddressFamilies"][-1].split()}
    for family in set(range(FAMILIES_MAX)) - families:
        made.rule(deny(errno.EAFNOSUPPORT), "socket", Compare(0, MASKED_EQUAL, 0xFFFFFFFF, family))
    if said.get("MemoryDenyWriteExecute") == ["yes"]:
        both = PROT_EXEC | PROT_WRITE
        made.rule(deny(errno.EPERM), "mmap", Compare(2, MASKED_EQUAL, both, both))
        made.rule(deny(errno.EPERM), "mprotect", Compare(2, MASKED_EQUAL, PROT_EXEC, PROT_EXEC))
    return made


def filter_of_calls(said):
    made = Filter(deny(errno.EPERM))
    for call in allowed_calls(said["SystemCallFilter"]):
        made.rule(ALLOW, call)
    return made


if __name__ == "__main__":
    unit = directives(sys.argv[1])
    filters = [filter_of_arguments(unit), filter_of_calls(unit)]
    for each in filters:
        each.load()
    os.execv(sys.argv[2], sys.argv[2:])
