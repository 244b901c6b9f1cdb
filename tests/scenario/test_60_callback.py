"""Goal: when a task ends its receiver is told once, signed, and never somebody it may not reach."""
import hashlib
import hmac
import json

from vocabulary import Receiver, expect_status, redirect_to, task, wait_for


def test_the_end_of_a_task_is_delivered_signed(new_stack):
    with Receiver() as receiver:
        service = new_stack(AGNOSTIC_WEBHOOK_ALLOW=f"127.0.0.1:{receiver.port}")
        record = service.submit(callback_url=receiver.url + "/done?x=1", callback_secret="hush")
        ended = service.poll_until_terminal(record["task_id"])
        wait_for(lambda: receiver.requests)
        method, path, headers, body = receiver.requests[0]
    assert (method, path) == ("POST", "/done?x=1")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Signature"] == "sha256=" + hmac.new(b"hush", body, hashlib.sha256).hexdigest()
    assert json.loads(body) == ended
    assert len(receiver.requests) == 1


def test_without_a_secret_nothing_is_signed(new_stack):
    with Receiver() as receiver:
        service = new_stack(AGNOSTIC_WEBHOOK_ALLOW=f"127.0.0.1:{receiver.port}")
        service.submit("/api/tasks/full", callback_url=receiver.url)
        wait_for(lambda: receiver.requests)
        assert "X-Signature" not in receiver.requests[0][2]


def test_a_redirect_of_the_receiver_is_not_followed(new_stack):
    with Receiver() as other, Receiver(redirect_to(other.url)) as receiver:
        service = new_stack(
            AGNOSTIC_WEBHOOK_ALLOW=f"127.0.0.1:{receiver.port},127.0.0.1:{other.port}")
        record = service.submit(callback_url=receiver.url)
        wait_for(lambda: receiver.requests)
        assert service.poll_until_terminal(record["task_id"])["status"] == "completed"
        assert other.connections == 0


def test_a_literal_address_that_is_not_allowed_is_refused_at_once(stack):
    for host in ("127.0.0.1", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
                 "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"):
        reply = stack.post("/api/tasks", task(callback_url=f"http://{host}/"))
        assert expect_status(reply, 400).json["code"] == "callback_refused", host


def test_a_callback_that_is_no_http_url_is_refused(stack):
    for url in ("ftp://receiver.example/", "http://", "receiver.example", "file:///etc/passwd"):
        assert stack.post("/api/tasks", task(callback_url=url)).status in (400, 422), url


def test_a_name_of_a_forbidden_address_is_never_connected_to(new_stack):
    with Receiver() as receiver:
        service = new_stack()
        record = service.submit(callback_url=f"http://localhost:{receiver.port}/")
        ended = service.poll_until_terminal(record["task_id"])
        wait_for(lambda: service.redis("ZCARD", "wh:due") == 0)
        assert receiver.connections == 0 and ended["status"] == "completed"


def test_a_receiver_that_is_down_does_not_change_the_outcome(new_stack):
    with Receiver() as receiver:
        port = receiver.port
    service = new_stack(AGNOSTIC_WEBHOOK_ALLOW=f"127.0.0.1:{port}")
    record = service.submit(callback_url=f"http://127.0.0.1:{port}/")
    assert service.poll_until_terminal(record["task_id"])["status"] == "completed"
