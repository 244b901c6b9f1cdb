"""Goal: a target that may not be tested is refused by name of the setting, and never connected to."""
from vocabulary import Receiver, expect_status, redirect_to


def security_part(service, target):
    record = service.submit(agents=["security-compliance"], target_url=target)
    ended = service.poll_until_terminal(record["task_id"])
    return ended, ended["result"]


def test_a_private_target_is_refused_naming_the_setting(stack):
    for host in ("10.0.0.1", "192.168.7.7", "[fd00::1]", "172.16.0.1", "100.64.0.1"):
        _, result = security_part(stack, f"http://{host}/")
        assert "AGNOSTIC_TARGET_ALLOW" in str(result), result
        assert result.get("verdict", {}).get("status") != "GO"


def test_loopback_beside_the_own_port_is_refused_and_not_connected_to(stack):
    with Receiver() as receiver:
        for host in ("127.0.0.1", "localhost"):
            _, result = security_part(stack, f"http://{host}:{receiver.port}/")
            assert "AGNOSTIC_TARGET_ALLOW" in str(result), result
        assert receiver.connections == 0


def test_the_metadata_address_is_refused_even_when_listed(new_stack):
    service = new_stack(AGNOSTIC_TARGET_ALLOW="169.254.0.0/16,0.0.0.0/0")
    _, result = security_part(service, "http://169.254.169.254/latest/meta-data/")
    assert "169.254.169.254" in str(result)


def test_an_allowed_target_is_tested(new_stack):
    with Receiver() as receiver:
        service = new_stack(AGNOSTIC_TARGET_ALLOW=f"127.0.0.1:{receiver.port}")
        ended, result = security_part(service, receiver.url + "/")
        assert ended["status"] == "completed"
        assert result["agent_results"]["security-compliance"]["status"] == "completed"
        assert receiver.connections > 0


def test_a_redirect_to_a_refused_address_is_never_connected_to(new_stack):
    with Receiver() as hidden, Receiver(redirect_to(hidden.url + "/")) as front:
        service = new_stack(AGNOSTIC_TARGET_ALLOW=f"127.0.0.1:{front.port}")
        ended, _ = security_part(service, front.url + "/")
        assert ended["status"] == "completed"
        assert front.connections > 0 and hidden.connections == 0


def test_nothing_of_a_refused_target_leaves_the_web_tier_either(stack):
    with Receiver() as receiver:
        expect_status(stack.post("/api/tasks", {
            "title": "t", "description": "d", "agents": ["security-compliance"],
            "target_url": f"http://localhost:{receiver.port}/"}), 200)
        assert receiver.connections == 0
