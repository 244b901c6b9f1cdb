"""Goal: what a client submits is accepted as the original accepted it, in both dialects."""
import re
from datetime import datetime, timedelta, timezone

import pytest

from vocabulary import RECORD_FIELDS, expect_status, task

CREATORS = {
    "/tasks": [],
    "/tasks/security": ["security-compliance"],
    "/tasks/performance": ["performance"],
    "/tasks/regression": ["junior-qa", "qa-analyst"],
    "/tasks/full": [],
}
SIX = {"qa-manager", "security-compliance", "junior-qa", "senior-qa", "performance", "qa-analyst"}


def chosen_agents(service, task_id):
    return set(service.get(f"/api/tasks/{task_id}?view=full").json["agents"])


@pytest.mark.parametrize("path", CREATORS)
def test_each_creator_answers_with_the_six_fields(stack, path):
    reply = expect_status(stack.post("/api" + path, task()), 200)
    record = reply.json
    assert list(record) == RECORD_FIELDS
    assert record["status"] == "pending" and record["result"] is None
    assert record["created_at"] == record["updated_at"]
    assert reply.header("content-type").startswith("application/json")


@pytest.mark.parametrize("path", CREATORS)
def test_under_v1_each_creator_answers_created_and_where(stack, path):
    reply = expect_status(stack.post("/api/v1" + path, task()), 201)
    assert reply.header("location") == f"/api/v1/tasks/{reply.json['task_id']}"
    assert expect_status(stack.get(reply.header("location")), 200).json["task_id"] == \
        reply.json["task_id"]


@pytest.mark.parametrize("path, agents", CREATORS.items())
def test_the_creator_chooses_the_agents(stack, path, agents):
    record = stack.submit("/api" + path, agents=["senior-qa"])
    expected = {"senior-qa"} if path == "/tasks" else set(agents) or SIX
    assert chosen_agents(stack, record["task_id"]) == expected


def test_without_a_choice_all_six_agents_are_chosen(stack):
    assert chosen_agents(stack, stack.submit()["task_id"]) == SIX


def test_an_underscore_may_stand_for_a_hyphen_in_an_agents_name(stack):
    record = stack.submit(agents=["security_compliance", "qa-analyst"])
    assert chosen_agents(stack, record["task_id"]) == {"security-compliance", "qa-analyst"}


def test_ids_and_moments_have_the_originals_form(stack):
    record = stack.submit()
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                        record["task_id"])
    assert re.fullmatch(r"session_\d{8}_\d{6}_" + record["task_id"][:8], record["session_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00", record["created_at"])
    age = datetime.now(timezone.utc) - datetime.fromisoformat(record["created_at"])
    assert abs(age) < timedelta(minutes=5)


def test_the_priority_is_kept(stack):
    for priority in ("critical", "high", "medium", "low"):
        record = stack.submit(priority=priority)
        full = stack.get(f"/api/tasks/{record['task_id']}?view=full").json
        assert full["priority"] == priority


def test_unknown_members_are_ignored(stack):
    stack.submit(colour="blue", created_at="yesterday")


def test_the_same_request_twice_makes_two_tasks(stack):
    assert stack.submit()["task_id"] != stack.submit()["task_id"]


def test_text_at_its_limits_is_accepted(stack):
    stack.submit(title="\U0001f600" * 200, description="é" * 5000, business_goals="g" * 500,
                 constraints="c" * 500)


def test_other_methods_on_the_creator_are_refused_with_allow(stack):
    reply = expect_status(stack.request("DELETE", "/api/tasks"), 405)
    assert "POST" in reply.header("allow")
