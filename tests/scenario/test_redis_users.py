"""Goal: web tier and runner do all their work as the users of deploy/redis/users.acl, who may give no
command that is not used."""
import contextlib
import re

from redis_lab import ROOT
from vocabulary import Receiver, task, wait_for

USERS = (ROOT / "deploy/redis/users.acl").read_text()
ROUTES = re.findall(r'X\((GET|POST|DELETE|PUT|PATCH), "([^"]+)"', (ROOT / "src/web/routes.c").read_text())
BODIES = {"/api/tasks": task(), "/api/auth/api-keys": {"description": "a key"}}
TESTER = "user tester on nopass ~* &* +@all\n"


@contextlib.contextmanager
def shipped_users(lab):
    """Web tier and runner each as their own user; nothing but the tester else may enter."""
    (lab.folder / "users.acl").write_text(USERS + TESTER)
    redis = lab.shipped("--aclfile", lab.folder / "users.acl", name="users", login=["tester", ""])
    web, runner = (f"unix://{user}@{lab.path}" for user in
                   ("agnostic-web:CHANGE-ME-WEB", "agnostic-runner:CHANGE-ME-RUNNER"))
    with lab.instead(redis):
        wait_for(redis.answers)
        with lab.with_urls(runner=runner, api=web):
            wait_for(lambda: lab.service.get("/ready", key=None).status == 200)
            yield redis


def ask_every_route(service, task_id):
    """Every route, with an id where it wants one: none fails for want of a permission in Redis."""
    for method, path in ROUTES:
        body = BODIES.get(path, task() if path.startswith("/api/tasks/") and "{" not in path else {})
        for query in ("", "?view=full", "?wait=1") if method == "GET" else ("",):
            reply = service.request(method, path.replace("{id}", task_id) + query,
                                    body if method == "POST" else None)
            assert reply.status < 500 or reply.status == 501, (method, path + query, reply)


def live_a_life(service):
    """Submit, repeat, join, poll, cancel, retry, deliver."""
    with Receiver() as receiver:
        once = {"Idempotency-Key": "the-same"}
        first = service.post("/api/tasks", task(callback_url=receiver.url, callback_secret="s3cret"),
                             headers=once)
        assert first.status == 200, first
        again = service.post("/api/tasks", task(callback_url=receiver.url, callback_secret="s3cret"),
                             headers=once)
        assert again.json["task_id"] == first.json["task_id"]
        assert service.poll_until_terminal(first.json["task_id"])["status"] == "completed"
        wait_for(lambda: receiver.requests)
    long = service.submit(agents=["junior-qa"], description="sleep 30")["task_id"]
    wait_for(lambda: service.poll(long).json["status"] == "running")
    assert service.request("DELETE", f"/api/tasks/{long}").status == 200
    assert service.post(f"/api/tasks/{long}/retry", {}).status == 200
    return first.json["task_id"]


def look_back(service):
    """Test a target, and ask for what is remembered of it."""
    record = service.submit("/api/tasks/security", target_url=service.url + "/")
    assert service.poll_until_terminal(record["task_id"])["status"] == "completed"
    name = record["session_id"]
    assert service.get(f"/api/test-sessions/diff?base={name}&compare={name}").status == 200
    assert service.get("/api/test-metrics/trends?days=2").json[-1]["total"] > 0


def denied(redis):
    """What was refused to anyone: user, in which context, what."""
    entries = [dict(zip(entry[::2], entry[1::2])) for entry in redis.ask("ACL", "LOG")]
    return [(entry["username"], entry["context"], entry["reason"], entry["object"])
            for entry in entries]


def test_web_tier_and_runner_work_as_the_shipped_users(lab):
    with shipped_users(lab) as redis:
        task_id = live_a_life(lab.service)
        ask_every_route(lab.service, task_id)
        look_back(lab.service)
        assert denied(redis) == []


def test_the_shipped_users_may_give_no_command_that_is_not_used():
    sources = "".join(path.read_text() for path in (ROOT / "src/store").rglob("*.[cl]*"))
    used = {word.lower() for word in re.findall(r"""['"]([A-Z]+)['"]""", sources)}
    allowed = set(re.findall(r"\+([a-z]+)", USERS))
    assert allowed - used == set()
