"""Faults: what may happen to the processes of a stack at any moment, drawn from a seed."""
import os
import signal
import time
from collections import Counter
from pathlib import Path

from vocabulary import wait_for


def parent_of(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def send(pid, sig):
    """Whether pid was there to hear it."""
    try:
        os.kill(pid, sig)
        return True
    except ProcessLookupError:
        return False


class Faults:
    """strike() does the next fault. Stopped processes go on when their time has come."""

    # name, weight
    KINDS = [("kill_slot", 8), ("kill_runner", 3), ("kill_agent", 3), ("term_runner", 3),
             ("kill_keeper", 2),
             ("term_slot", 2), ("stop_slot", 9), ("stop_runner", 1), ("kill_worker", 5),
             ("kill_supervisor", 2), ("term_supervisor", 2), ("reload", 1), ("stop_worker", 1),
             ("end_web_server", 1), ("kill_redis", 2), ("restart_redis", 1), ("stop_redis", 1)]

    def __init__(self, service, dice, lease_s, agent_mark):
        self.service, self.dice, self.lease_s, self.mark = service, dice, lease_s, agent_mark
        self.done = Counter()
        self.zombies = 0  # slots that went on after the lease of the task they held had run out
        self._stopped = []  # (when to go on, pid, it makes a zombie)

    def strike(self):
        """The number of draws does not depend on what is found, so that a seed repeats them."""
        kind = self.dice.choices([name for name, _ in self.KINDS], [n for _, n in self.KINDS])[0]
        pick, length = self.dice.random(), self.dice.random()
        getattr(self, kind)(pick, length)
        self.done[kind] += 1

    def pause(self):
        """Lets a moment pass, and those go on whose time has come."""
        time.sleep(0.02 + self.dice.random() * 0.15)
        self.go_on(time.monotonic())

    def go_on(self, now=float("inf")):
        due = [entry for entry in self._stopped if entry[0] <= now]
        self._stopped = [entry for entry in self._stopped if entry[0] > now]
        for _, pid, zombie in due:
            self.zombies += send(pid, signal.SIGCONT) and zombie

    # --- who there is

    def _runners(self):
        """The processes of every runner by depth: parents, their slots and keepers, wardens."""
        pids = set(self.service.processes("agnostic-runner"))
        parents = [pid for pid in pids if parent_of(pid) not in pids]
        return parents, [pid for pid in pids if parent_of(pid) in parents]

    def _workers(self):
        top = self.service.pid("api")
        return [pid for pid in self.service.processes("agnostic-api") if pid != top]

    def _agents(self):
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                pass
        return found

    def _holders(self):
        """The processes that hold a task, as slots."""
        try:
            return {int(slot.split(":")[-2]) for slot in self.service.redis("SMEMBERS", "q:slots")
                    if self.service.redis("LLEN", f"q:proc:{slot}")}
        except (OSError, AssertionError):
            return set()  # Redis is away

    def _slots(self):
        """Slots and keepers, or only the slots at work, if any is."""
        found = self._runners()[1]
        return self._holders() & set(found) or found

    @staticmethod
    def _one(pids, pick):
        pids = sorted(pids)
        return pids[int(pick * len(pids))] if pids else None

    def _signal(self, pids, pick, sig):
        pid = self._one(pids, pick)
        if pid:
            send(pid, sig)

    def _stop(self, pids, pick, seconds):
        pid = self._one(pids, pick)
        if pid and send(pid, signal.SIGSTOP):
            time.sleep(0.01)  # what it had said before is heard
            zombie = seconds > 2 * self.lease_s and pid in self._holders()
            self._stopped.append((time.monotonic() + seconds, pid, zombie))

    # --- what may happen

    def kill_slot(self, pick, _):
        self._signal(self._slots(), pick, signal.SIGKILL)

    def kill_keeper(self, pick, _):
        self._signal(set(self._runners()[1]) - self._holders(), pick, signal.SIGKILL)

    def kill_runner(self, pick, _):
        self._signal(self._runners()[0], pick, signal.SIGKILL)

    def kill_agent(self, pick, _):
        self._signal(self._agents(), pick, signal.SIGKILL)

    def term_runner(self, pick, _):
        self._signal(self._runners()[0], pick, signal.SIGTERM)

    def term_slot(self, pick, _):
        self._signal(self._runners()[1], pick, signal.SIGTERM)

    def stop_slot(self, pick, length):
        self._stop(self._slots(), pick, self.lease_s * (0.3 + 5 * length))  # most beyond the lease

    def stop_runner(self, pick, length):
        self._stop(self._runners()[0], pick, 2 * self.lease_s * length)

    def kill_worker(self, pick, _):
        self._signal(self._workers(), pick, signal.SIGKILL)

    def stop_worker(self, pick, length):
        self._stop(self._workers(), pick, length)

    def kill_supervisor(self, *_):
        send(self.service.pid("api"), signal.SIGKILL)

    def term_supervisor(self, *_):
        send(self.service.pid("api"), signal.SIGTERM)

    def reload(self, *_):
        send(self.service.pid("api"), signal.SIGHUP)

    def end_web_server(self, *_):
        send(self.service.pid("web"), signal.SIGTERM)

    def kill_redis(self, *_):
        self._redis_again(signal.SIGKILL)

    def restart_redis(self, *_):
        self._redis_again(signal.SIGTERM)

    def stop_redis(self, _, length):
        pid = self.service.pid("redis")  # nothing that is asked of it meanwhile comes back
        if send(pid, signal.SIGSTOP):
            time.sleep(2 * self.lease_s * length)
            send(pid, signal.SIGCONT)

    def _redis_again(self, sig):
        pid = self.service.pid("redis")
        send(pid, sig)
        wait_for(lambda: not Path(f"/proc/{pid}").exists())
        assert self.service.stack("start", "redis") == 0
