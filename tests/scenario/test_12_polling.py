"""Goal: a client polls cheaply and is told when to come back."""
from vocabulary import RECORD_FIELDS, expect_detail, expect_status


def test_a_poll_shows_the_record_as_it_was_accepted(stack):
    record = stack.submit()
    polled = expect_status(stack.poll(record["task_id"]), 200).json
    assert list(polled) == RECORD_FIELDS
    assert polled["created_at"] == record["created_at"]


def test_an_unknown_task_is_not_found(stack):
    expect_detail(stack.poll("00000000-0000-4000-8000-000000000000"), 404, "Task not found")


def test_an_id_that_no_task_can_have_is_refused(stack):
    expect_detail(stack.poll("task*"), 400, "Invalid task ID format")
    expect_detail(stack.poll("x" * 101), 400, "Invalid task ID format")


def test_an_unchanged_record_is_not_sent_again(stack):
    task_id = stack.submit()["task_id"]
    stack.poll_until_terminal(task_id)
    first = stack.poll(task_id)
    again = stack.poll(task_id, headers={"If-None-Match": first.header("etag")})
    expect_status(again, 304)
    assert again.body == b"" and again.header("etag") == first.header("etag")
    expect_status(stack.poll(task_id, headers={"If-None-Match": '"other"'}), 200)


def test_the_tag_changes_with_the_record(stack):
    task_id = stack.submit()["task_id"]
    before = stack.poll(task_id)
    if before.json["status"] == "pending":
        stack.poll_until_terminal(task_id)
        assert stack.poll(task_id).header("etag") != before.header("etag")


def test_while_it_runs_the_client_is_told_when_to_come_back(new_stack):
    service = new_stack()
    service.stack("stop", "runner")
    task_id = service.submit()["task_id"]
    assert int(service.poll(task_id).header("retry-after")) > 0
    service.stack("start", "runner")
    service.poll_until_terminal(task_id)
    assert service.poll(task_id).header("retry-after") is None


def test_head_answers_like_get_without_a_body(stack):
    task_id = stack.submit()["task_id"]
    reply = expect_status(stack.request("HEAD", f"/api/tasks/{task_id}"), 200)
    assert reply.body == b"" and reply.header("etag")


def test_the_full_view_adds_what_scheduling_knows(stack):
    task_id = stack.submit(priority="low", agents=["performance"])["task_id"]
    full = expect_status(stack.get(f"/api/tasks/{task_id}?view=full"), 200).json
    assert list(full)[:6] == RECORD_FIELDS
    assert full["priority"] == "low" and full["agents"] == ["performance"]
    assert "attempts" in full or "attempt" in full


def test_a_query_parameter_given_twice_is_refused(stack):
    task_id = stack.submit()["task_id"]
    expect_status(stack.get(f"/api/tasks/{task_id}?view=full&view=full"), 400)


def test_every_answer_carries_the_security_headers_and_a_request_id(stack):
    for path in ("/health", "/api/nothing", "/api/auth/me"):
        reply = stack.get(path, headers={"X-Request-ID": "trace-1"})
        assert reply.header("x-request-id") == "trace-1"
        assert reply.header("x-content-type-options") == "nosniff"
        assert reply.header("x-frame-options") == "DENY"
        assert reply.header("cache-control") == "no-store"
        assert "default-src 'none'" in reply.header("content-security-policy")
    forged = stack.get("/health", headers={"X-Request-ID": "a b\tc"}).header("x-request-id")
    assert forged and forged != "a b\tc"
