"""Goal: every callback is delivered as promised, whatever its receiver or the keeper does, signed both
ways, and the task never feels it. The schedule is scaled; its real figures are the store's tests."""
import base64
import hashlib
import hmac
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import many_stacks
from vocabulary import Receiver, expect_status, redirect_to, wait_for

TRIES = 4
SECRET = "whsec_" + base64.b64encode(b"sixteen bytes or more").decode()
ROOT = Path(__file__).resolve().parents[2]


def certificate(folder, name):
    """A self-signed certificate for 127.0.0.1."""
    path = Path(folder, name)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-days", "2", "-keyout", f"{path}.key", "-out", f"{path}.crt"],
                   check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    return {name: certificate(folder, name) for name in ("known", "stranger")}


@pytest.fixture(scope="module")
def service(certificates):
    with many_stacks() as make:
        yield make(AGNOSTIC_WEBHOOK_ALLOW="127.0.0.1", AGNOSTIC_WEBHOOK_SCHEDULE_S="0,1,1,1",
                   SSL_CERT_FILE=f"{certificates['known']}.crt")


def answers(*given):
    """One answer after the other, the last again and again: a status, or (status, fields)."""
    left = list(given)

    def answer(handler):
        now = left.pop(0) if len(left) > 1 else left[0]
        status, fields = now if isinstance(now, tuple) else (now, {})
        handler.send_response(status)
        for name, value in {"Content-Length": "0", **fields}.items():
            handler.send_header(name, value)
        handler.end_headers()
    return answer


def order(service, url, **members):
    """A task with a callback that has ended: its record."""
    record = service.submit(callback_url=url, agents=["qa-manager"], **members)
    ended = service.poll_until_terminal(record["task_id"])
    assert ended["status"] == "completed"
    return ended


def deliveries(service, task_id):
    return expect_status(service.get(f"/api/tasks/{task_id}/deliveries"), 200).json


def await_state(service, task_id, state):
    return wait_for(lambda: (seen := deliveries(service, task_id))["state"] == state and seen)


def results(seen):
    assert [entry["attempt"] for entry in seen["deliveries"]] == list(range(1, seen["attempts"] + 1))
    return [entry["result"] for entry in seen["deliveries"]]


def assert_untouched(service, record):
    assert service.poll(record["task_id"]).json == record


def fields(request):
    return {name.lower(): value for name, value in request[2].items()}


def assert_attempts(receiver, record, count):
    """What came, came count times: the same message, numbered, its body the record."""
    assert len(receiver.requests) == count
    for number, request in enumerate(receiver.requests, 1):
        got = fields(request)
        assert got["webhook-id"] == "msg_" + record["task_id"]
        assert got["x-agnostic-delivery-attempt"] == str(number)
        assert got["x-agnostic-event"] == "task." + record["status"]
        assert got["content-type"] == "application/json"
        assert got["user-agent"].startswith("agnostic/")
        assert json.loads(request[3]) == record


def assert_signed(request, secret, key):
    got, body = fields(request), request[3]
    assert got["x-signature"] == "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    said = f"{got['webhook-id']}.{got['webhook-timestamp']}.".encode() + body
    v1 = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    assert got["webhook-signature"] == "v1," + v1
    assert abs(int(got["webhook-timestamp"]) - time.time()) < 120


def kill_children(service):
    """The keeper and the slots; their parent starts them again."""
    parent = service.pid("runner")
    for pid in service.processes("agnostic-runner"):
        if pid != parent:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass


# --- what is sent


def test_both_signatures_verify_on_every_attempt(service):
    with Receiver(answers(500, 200)) as receiver:
        record = order(service, receiver.url + "/hook", callback_secret=SECRET)
        assert results(await_state(service, record["task_id"], "delivered")) == ["http_status", "delivered"]
    assert_attempts(receiver, record, 2)
    for request in receiver.requests:
        assert_signed(request, SECRET, b"sixteen bytes or more")
        assert request[3] == receiver.requests[0][3]


def test_another_secret_is_the_key_as_it_is(service):
    with Receiver() as receiver:
        record = order(service, receiver.url, callback_secret="hush")
        await_state(service, record["task_id"], "delivered")
    assert_signed(receiver.requests[0], "hush", b"hush")


def test_a_cancelled_task_is_told(service):
    with Receiver() as receiver:
        service.redis("SET", "q:paused", "1")
        try:
            record = service.submit(callback_url=receiver.url)
            expect_status(service.request("DELETE", f"/api/tasks/{record['task_id']}"), 200)
        finally:
            service.redis("DEL", "q:paused")
        await_state(service, record["task_id"], "delivered")
        assert_attempts(receiver, service.poll(record["task_id"]).json, 1)


# --- receivers of all kinds


def test_a_receiver_that_is_down_for_a_while_gets_it_once(service):
    with Receiver() as receiver:
        port = receiver.port
    record = order(service, f"http://127.0.0.1:{port}/")
    wait_for(lambda: deliveries(service, record["task_id"])["attempts"] >= 2)
    with Receiver(port=port) as receiver:
        seen = await_state(service, record["task_id"], "delivered")
    assert len(receiver.requests) == 1
    assert set(results(seen)[:-1]) == {"connect_failed"} and results(seen)[-1] == "delivered"
    assert_untouched(service, record)


def test_errors_are_tried_again_until_they_are_over(service):
    with Receiver(answers(500, 503, 200)) as receiver:
        record = order(service, receiver.url)
        seen = await_state(service, record["task_id"], "delivered")
    assert [entry["status"] for entry in seen["deliveries"]] == [500, 503, 200]
    assert_attempts(receiver, record, 3)
    assert_untouched(service, record)


def test_errors_without_end_use_up_the_schedule_and_nothing_else(service):
    with Receiver(answers(500)) as receiver:
        record = order(service, receiver.url)
        assert results(await_state(service, record["task_id"], "failed")) == TRIES * ["http_status"]
        assert service.redis("ZSCORE", "wh:due", record["task_id"]) is None
    assert_attempts(receiver, record, TRIES)
    assert_untouched(service, record)


def test_gone_is_gone(service):
    with Receiver(answers(410)) as receiver:
        record = order(service, receiver.url)
        assert results(await_state(service, record["task_id"], "failed")) == ["gone"]
    assert_attempts(receiver, record, 1)


def test_a_redirect_is_a_failure_and_never_followed(service):
    with Receiver() as other, Receiver(redirect_to(other.url)) as receiver:
        record = order(service, receiver.url)
        assert results(await_state(service, record["task_id"], "failed")) == TRIES * ["redirect"]
        assert other.connections == 0
    assert_attempts(receiver, record, TRIES)


def test_retry_after_is_honoured(service):
    with Receiver(answers((503, {"Retry-After": "1800"}), 200)) as receiver:
        record = order(service, receiver.url)
        await_state(service, record["task_id"], "waiting")
        due_s = float(service.redis("ZSCORE", "wh:due", record["task_id"])) / 1000
        assert 1700 < due_s - time.time() < 1900
        service.redis("ZADD", "wh:due", "XX", "1", record["task_id"])
        await_state(service, record["task_id"], "delivered")
    assert_attempts(receiver, record, 2)


def test_a_slow_receiver_is_given_up_and_holds_up_nobody(service):
    done = threading.Event()

    def answer(handler):
        if len(slow.requests) == 1:
            done.wait(60)
        answers(200)(handler)
    with Receiver(answer) as slow, Receiver() as quick:
        record = order(service, slow.url)
        wait_for(lambda: slow.requests)
        other = order(service, quick.url)
        await_state(service, other["task_id"], "delivered")
        assert deliveries(service, record["task_id"])["state"] == "sending"
        assert results(await_state(service, record["task_id"], "delivered")) == ["timeout", "delivered"]
        done.set()
    assert_attempts(slow, record, 2)


def test_a_certificate_is_verified(service, certificates):
    def context(name):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(f"{certificates[name]}.crt", f"{certificates[name]}.key")
        return tls
    with Receiver(tls=context("known")) as known, Receiver(tls=context("stranger")) as stranger:
        good, bad = order(service, known.url), order(service, stranger.url)
        await_state(service, good["task_id"], "delivered")
        assert results(await_state(service, bad["task_id"], "failed")) == TRIES * ["tls_failed"]
    assert len(known.requests) == 1 and not stranger.requests


def test_an_address_that_is_not_listed_is_never_connected_to(service):
    with socket.create_server(("127.0.0.2", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.2:{listener.getsockname()[1]}/"
        reply = service.post("/api/tasks", {"title": "T", "description": "D", "callback_url": url})
        expect_status(reply, 400)
        with Receiver() as receiver:  # as if it had been accepted, by whomever
            service.redis("SET", "q:paused", "1")
            record = service.submit(callback_url=receiver.url, agents=["qa-manager"])
            service.redis("HSET", f"task:{record['task_id']}:cb", "url", url)
            service.redis("DEL", "q:paused")
        assert service.poll_until_terminal(record["task_id"])["status"] == "completed"
        assert results(await_state(service, record["task_id"], "blocked")) == ["blocked"]
        with pytest.raises(BlockingIOError):
            listener.accept()


# --- keepers


def test_a_keeper_that_dies_between_tries_is_not_missed(service):
    with Receiver(answers(500, 200)) as receiver:
        record = order(service, receiver.url)
        wait_for(lambda: receiver.requests)
        await_state(service, record["task_id"], "waiting")
        kill_children(service)
        assert results(await_state(service, record["task_id"], "delivered")) == ["http_status", "delivered"]
    assert_attempts(receiver, record, 2)
    assert_untouched(service, record)


def test_a_keeper_that_dies_while_sending_leaves_it_to_another(service):
    done = threading.Event()

    def answer(handler):
        if len(receiver.requests) == 1:
            done.wait(60)
        answers(200)(handler)
    with Receiver(answer) as receiver:
        record = order(service, receiver.url)
        wait_for(lambda: receiver.requests)
        kill_children(service)
        service.redis("ZADD", "wh:due", "XX", "1", record["task_id"])  # its hold is over
        assert results(await_state(service, record["task_id"], "delivered")) == ["interrupted", "delivered"]
        done.set()
    assert_attempts(receiver, record, 2)
    assert_untouched(service, record)


def test_a_hundred_dead_receivers_hold_up_no_task(service):
    """They take connections and say nothing: two at a time, and the tasks go on."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as dead:
        url = f"http://127.0.0.1:{dead.getsockname()[1]}/"
        tasks = [service.submit(callback_url=url, agents=["qa-manager"])["task_id"] for _ in range(100)]
        for task_id in tasks:
            assert service.poll_until_terminal(task_id)["status"] == "completed"
        busy = service.redis("ZRANGE", "wh:busy", "0", "-1")
        assert len([member for member in busy if url[7:-1] in str(member)]) <= 2
        with Receiver() as receiver:
            await_state(service, order(service, receiver.url)["task_id"], "delivered")
    service.redis("DEL", "wh:due", "wh:busy")


# --- asked for


def test_redelivery_sends_the_same_message_again(service):
    with Receiver() as receiver:
        record = order(service, receiver.url)
        await_state(service, record["task_id"], "delivered")
        run = service.run("agnosticctl", "deliveries", record["task_id"], "--redeliver")
        assert run.returncode == 0, run.stderr
        wait_for(lambda: len(receiver.requests) == 2)
        await_state(service, record["task_id"], "delivered")
        shown = service.run("agnosticctl", "deliveries", record["task_id"])
    assert shown.stdout.splitlines()[-1] == "state: delivered" and len(shown.stdout.splitlines()) == 3
    assert_attempts(receiver, record, 2)


def test_a_receiver_can_be_tested_before_it_is_relied_on(service):
    with Receiver() as good, Receiver(answers(404)) as bad:
        run = service.run("agnosticctl", "webhook", "test", good.url)
        assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "state: delivered"), run.stderr
        run = service.run("agnosticctl", "webhook", "test", bad.url)
        assert (run.returncode, run.stdout.splitlines()[-1]) == (1, "state: failed"), run.stderr
    assert fields(good.requests[0])["x-agnostic-event"] == "ping"
    assert json.loads(good.requests[0][3])["type"] == "ping"
    assert len(bad.requests) == 1


# --- what the README tells receivers to do


def snippet(language):
    text = (ROOT / "README.md").read_text().split("### Receive callbacks", 1)[1]
    return re.search(rf"```{language}\n(.*?)```", text, re.S).group(1)


def test_the_snippets_of_the_readme_verify(service, tmp_path):
    with Receiver() as receiver:
        record = order(service, receiver.url, callback_secret=SECRET)
        await_state(service, record["task_id"], "delivered")
    got, body = fields(receiver.requests[0]), receiver.requests[0][3]
    space = {}
    exec(snippet("python"), space)
    space["verify"](SECRET, got, body)
    for damage in ({**got, "webhook-id": "msg_x"}, {**got, "webhook-signature": "v1,AAAA"}):
        with pytest.raises(ValueError):
            space["verify"](SECRET, damage, body)
    with pytest.raises(ValueError):
        space["verify"](SECRET, got, body + b" ")
    (tmp_path / "body").write_bytes(body)
    run = subprocess.run(["sh", "-ec", snippet("sh")], cwd=tmp_path, capture_output=True, text=True,
                         env={**os.environ, "SECRET": SECRET, "X_SIGNATURE": got["x-signature"]})
    assert run.returncode == 0, run.stderr
    run = subprocess.run(["sh", "-ec", snippet("sh")], cwd=tmp_path, capture_output=True,
                         env={**os.environ, "SECRET": "another", "X_SIGNATURE": got["x-signature"]})
    assert run.returncode != 0
