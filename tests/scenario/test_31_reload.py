"""Goal: the whole web tier is restarted under load and no request is lost."""
import os
import signal
import threading
import time

import pytest

from conftest import SERVER
from vocabulary import wait_for

CLIENTS = 24


class Load:
    """Clients that ask without a pause; how often each status came (0: no answer)."""

    def __init__(self, service, path):
        self.count = {}
        self._service, self._path = service, path
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(CLIENTS)]

    def _ask(self):
        while not self._stop.is_set():
            try:
                status = self._service.get(self._path).status
            except OSError:
                status = 0
            with self._lock:
                self.count[status] = self.count.get(status, 0) + 1

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def answered(self):
        return self.count.get(200, 0)


def processes_are_new(service, old):
    now = set(service.processes("agnostic-api"))
    return now and not now & old


def run_on(load):
    """The load goes on for some hundred more answers."""
    goal = load.answered() + 200
    wait_for(lambda: load.answered() > goal)


def load_on_a_task(service):
    return Load(service, f"/api/tasks/{service.submit()['task_id']}")


@pytest.fixture
def make_service(new_stack):
    def make(**options):
        if SERVER == "apache-fcgid":
            pytest.skip("mod_fcgid starts the workers itself: no socket outlives them, and its "
                        "graceful restart may leave a request hanging")
        return new_stack(workers=4, **options)
    return make


def test_reload_by_hup_loses_nothing(make_service):
    service = make_service()
    with load_on_a_task(service) as load:
        run_on(load)
        for _ in range(3):
            supervisor = service.pid("api")
            old = set(service.processes("agnostic-api")) - {supervisor}
            os.kill(supervisor, signal.SIGHUP)
            wait_for(lambda: not old & set(service.processes("agnostic-api")))
            assert service.pid("api") == supervisor
            run_on(load)
    assert set(load.count) == {200}, load.count


def test_restart_by_term_loses_nothing(make_service):
    service = make_service()
    with load_on_a_task(service) as load:
        run_on(load)
        for _ in range(3):
            old = set(service.processes("agnostic-api"))
            os.kill(service.pid("api"), signal.SIGTERM)
            wait_for(lambda: processes_are_new(service, old))
            run_on(load)
    assert set(load.count) == {200}, load.count


def test_recycling_of_workers_loses_nothing(make_service):
    service = make_service(AGNOSTIC_RECYCLE_REQUESTS=50)
    with load_on_a_task(service) as load:
        wait_for(lambda: load.answered() > 1500, 60)
    assert set(load.count) == {200}, load.count


GRACEFUL = {"nginx": signal.SIGHUP, "apache": signal.SIGUSR1, "lighttpd": signal.SIGUSR1}


def test_the_web_servers_own_graceful_reload_loses_nothing(make_service):
    service = make_service()
    with load_on_a_task(service) as load:
        run_on(load)
        os.kill(service.pid("web"), GRACEFUL[service.server])
        time.sleep(0.5)
        run_on(load)
    assert set(load.count) == {200}, load.count
