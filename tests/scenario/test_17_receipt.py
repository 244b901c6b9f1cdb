"""Goal: a later job believes what a task came to without asking the service again."""
import json
import subprocess

from vocabulary import expect_status


def receipt_of(stack, folder, **members):
    """A finished task's receipt, keys and result as agnosticctl keeps them: their paths."""
    record = stack.submit("/api/tasks/security", target_url=stack.url + "/", **members)
    stack.poll_until_terminal(record["task_id"])
    receipt, keys, result = (folder / name for name in ("qa.receipt", "keys.json", "qa.json"))
    for words in (("receipt", record["task_id"], "--output", receipt),
                  ("receipt", "keys", "--output", keys),
                  ("report", record["task_id"], "--format", "json", "--output", result)):
        kept = stack.run("agnosticctl", *map(str, words))
        assert kept.returncode == 0, kept.stderr
    return record["task_id"], receipt, keys, result


def verify(stack, *words, **options):
    return stack.run("agnosticctl", "receipt", "verify", *map(str, words), **options)


def test_a_receipt_is_checked_without_the_service(stack, tmp_path):
    task_id, receipt, keys, result = receipt_of(stack, tmp_path)
    stack.redis("DEL", f"task:{task_id}")  # as after its 24 hours
    nowhere = {"AGNOSTIC_URL": "http://127.0.0.1:1"}
    run = verify(stack, receipt, "--key", keys, "--result", result, "--go", env=nowhere)
    assert run.returncode == 0, run.stderr
    assert f"task_id: {task_id}" in run.stdout and run.stdout.endswith("verdict: GO_WITH_WARNINGS\n")
    assert verify(stack, receipt, env=nowhere).returncode == 3  # without --key somebody is asked
    assert verify(stack, receipt).returncode == 0

    whole = receipt.read_text()
    for place in (3, len(whole) // 2, len(whole) - 20):
        receipt.write_text(whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1:])
        changed = verify(stack, receipt, "--key", keys)
        assert changed.returncode == 1 and changed.stdout == "", changed
    receipt.write_text(whole)
    result.write_text(result.read_text() + " ")
    assert verify(stack, receipt, "--key", keys, "--result", result).returncode == 1
    other = json.loads(keys.read_text())
    other["keys"][0]["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    keys.write_text(json.dumps(other))
    assert verify(stack, receipt, "--key", keys).returncode == 1


def test_a_verdict_follows_again_from_what_the_agents_told(stack, tmp_path):
    task_id, _, _, result = receipt_of(stack, tmp_path, constraints="p95 under 1 ms; be lovely")
    asked = stack.run("agnosticctl", "verdict", task_id, "--explain")
    assert asked.returncode == 2 and asked.stdout.endswith("verdict: GO_WITH_WARNINGS\n"), asked
    for word in ("medium_finding", "criterion_not_measured", "criterion_unmapped", "be lovely"):
        assert word in asked.stdout
    kept = stack.run("agnosticctl", "verdict", "--result", str(result), "--explain",
                     env={"AGNOSTIC_URL": "http://127.0.0.1:1"})
    assert (kept.returncode, kept.stdout) == (2, asked.stdout)
    forged = json.loads(result.read_text())
    forged["verdict"]["status"] = "GO"
    result.write_text(json.dumps(forged))
    assert stack.run("agnosticctl", "verdict", "--result", str(result)).returncode == 70
    result.write_text("{}")
    assert stack.run("agnosticctl", "verdict", "--result", str(result)).returncode != 0
    assert stack.run("agnosticctl", "verdict").returncode == 64


def test_openssl_agrees_with_a_receipt(stack, tmp_path):
    import base64
    _, receipt, keys, _ = receipt_of(stack, tmp_path)
    header, payload, signature = receipt.read_text().split(".")
    raw = {name: base64.urlsafe_b64decode(text + "==")
           for name, text in (("sig", signature), ("x", json.loads(keys.read_text())["keys"][0]["x"]))}
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + raw["x"])
    (tmp_path / "sig").write_bytes(raw["sig"])
    (tmp_path / "text").write_text(f"{header}.{payload}")
    run = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey",
                          "key.der", "-rawin", "-in", "text", "-sigfile", "sig"],
                         cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run


def test_a_receipt_that_cannot_be_had_is_said(stack, tmp_path):
    assert stack.run("agnosticctl", "receipt", "0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11").returncode == 1
    assert verify(stack, tmp_path / "absent").returncode == 74
    (tmp_path / "text").write_text("no receipt")
    assert verify(stack, tmp_path / "text").returncode == 1
    reply = expect_status(stack.get("/api/receipts/keys", key=False), 200)
    assert [key["crv"] for key in reply.json["keys"]] == ["Ed25519"]
