"""Goal: each form of a report is what its readers' specification says, whatever a finding says, and
no text of a target (tests/data/hostile_texts.json) does anything there but be read."""
import html.parser
import json
import os
import re
import shutil
import stat
import subprocess
import time
import uuid
import xml.etree.ElementTree as xml
from pathlib import Path

import jsonschema
import pytest

from conftest import many_stacks
from vocabulary import ROOT, expect_status

DATA = ROOT / "tests/data"
FORMS = ("json", "sarif", "junit", "gitlab-codequality", "gitlab-dast", "markdown", "annotations",
         "text", "html")
ROWS = json.loads((DATA / "hostile_texts.json").read_text())
TEXTS = {row["name"]: row["text"] * row.get("times", 1) for row in ROWS if "text" in row}
MODULES = Path(os.environ.get("NODE_PATH") or ROOT / "tests/npm/node_modules")
PUBLISHED_SARIF = MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"

# Replaces junior-qa; says whatever stands in the file beside it, byte by byte.
AGENT = """#!/bin/sh
read -r task
cat "$(dirname "$0")/lines"
"""


def hostile_finding(text, number):
    return {"check_id": f"H-{number}", "title": text, "severity": "high", "component": text,
            "description": text, "remediation": text, "category": "security", "cwe_id": text,
            "references": [text], "evidence": {"summary": text, "reproduce": text,
                                               "instances": [{"url": text}]}}


def lines_of_hostile_agent():
    """Each text as a finding and as the reason of a check, some as bytes that are no JSON text."""
    for number, row in enumerate(ROWS):
        text = TEXTS.get(row["name"], "HERE")
        for line in ({"v": 1, "type": "finding", **hostile_finding(text, number)},
                     {"v": 1, "type": "check", "id": f"H-{number}", "status": "failed", "reason": text}):
            line = json.dumps(line).encode()
            yield line.replace(b"HERE", bytes.fromhex(row["hex"])) if "hex" in row else line
    yield json.dumps({"v": 1, "type": "result", "status": "completed",
                      "summary": TEXTS["script"] + TEXTS["azure"] + TEXTS["colour"]}).encode()


def hostile_record(names):
    """A record that no agent's lines came to: each text wherever a record has one."""
    texts = [TEXTS[name] for name in names]
    agents = {text[:50] + str(i): {
        "status": "failed", "reason": text, "summary": text, "counts": {"high": 1}, "metrics": [],
        "checks": [{"id": text, "status": status, "reason": text}
                   for status in ("failed", "error", "skipped")],
        "data": {"standards": [{"asked": text, "pass": 1}]},
        "findings": [{**hostile_finding(text, i), "finding_id": text, "fingerprint": text}]}
        for i, text in enumerate(texts)}
    criteria = [{"id": text[:50], "text": text, "kind": "metric", "metric": text, "op": "<=", "value": 1,
                 "measured": 2, "result": "failed"} for text in texts]
    return {"session_id": "s", "status": "completed", "completed_at": "2026-02-21T10:00:00",
            "verdict": {"status": "NO_GO", "reasons": [{"code": text, "agent": text, "text": text}
                                                       for text in texts]},
            "criteria": criteria, "test_plan": {"target_url": texts[0]}, "agent_results": agents,
            "llm": {"used": True, "model": texts[0], "summary": " ".join(texts), "proposals": [
                {"criterion_id": text[:50], "kind": "checks", "checks": [text]} for text in texts]}}


def long_record(text):
    finding = {"check_id": "H-1", "severity": "high", "component": "c", "title": text, "category": "security"}
    return {"session_id": "s", "status": "completed", "completed_at": "2026-02-21T10:00:00",
            "verdict": {"status": "NO_GO", "reasons": [{"code": "x", "text": text}]},
            "agent_results": {"a": {"status": "failed", "findings": [finding]}}}


def flood_record(member, text):
    """As much of one text as a result may hold, each time at its longest."""
    long = (text * 8192)[:8192 // len(text.encode())]
    findings = [{"check_id": f"H-{i}", "severity": "high", "component": "c", "title": "t", "category": "security",
                 **({"evidence": {"summary": long}} if member == "seen" else {member: long})}
                for i in range(120)]
    model = {"used": True, "model": long, "summary": long, "proposals": [
        {"criterion_id": long, "kind": "metric", "metric": long, "op": "<=", "value": 1}] * 16}
    return {"verdict": {"status": "NO_GO"}, "agent_results": {"a": {"status": "completed", "findings": findings}},
            "llm": model}


def store(service, result, status="completed"):
    task_id = str(uuid.uuid4())
    record = {"task_id": task_id, "session_id": "s", "status": status,
              "created_at": "2026-02-21T10:00:00.123456+00:00",
              "updated_at": "2026-02-21T10:00:00.123456+00:00", "result": result}
    service.redis("SET", f"task:{task_id}", json.dumps(record), "EX", "600")
    return task_id


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agents")
    (folder / "hostile.sh").write_text(AGENT)
    (folder / "hostile.sh").chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    (folder / "hostile.json").write_text('{"manifest": 1, "name": "junior-qa", "command": ["./hostile.sh"]}')
    (folder / "lines").write_bytes(b"\n".join(lines_of_hostile_agent()) + b"\n")
    with many_stacks() as make:
        yield make(AGNOSTIC_AGENTS_DIR=folder)


SMALL = [name for name, text in TEXTS.items() if len(text) < 1000 and "\0" not in text]
SOURCES = {"real": None, "agent": None, "texts": hostile_record(SMALL),
           **{f"flood of {text} in {member}": flood_record(member, text) for text, member in (
               ("&", "title"), ("#", "description"), ("\U0001f600", "title"), ("_", "remediation"), ("\"", "seen"))},
           "crashed": None,
           **{name: long_record(text) for name, text in TEXTS.items() if len(text) >= 1000}}


def finished(service, source):
    if source == "crashed":
        return store(service, {"error": {"code": "".join(TEXTS[name] for name in SMALL),
                                         "message": "".join(TEXTS[name] for name in SMALL)}}, "failed")
    if SOURCES[source] is not None:
        return store(service, SOURCES[source])
    agent = "security-compliance" if source == "real" else "junior-qa"
    title = "::error::" + TEXTS["script"] + TEXTS["github of old"]
    task_id = service.submit(title=title, agents=[agent], target_url=service.url + "/")["task_id"]
    assert service.poll_until_terminal(task_id)["result"]["agent_results"][agent]["findings"]
    return task_id


@pytest.fixture(scope="module", params=SOURCES)
def bodies(service, request):
    """Every form of one task, as bytes."""
    task_id = finished(service, request.param)
    replies = {form: expect_status(service.get(f"/api/tasks/{task_id}/report?format={form}"), 200)
               for form in FORMS}
    assert all(reply.header("x-content-type-options") == "nosniff" for reply in replies.values())
    return {form: reply.body for form, reply in replies.items()}


# --- as the specifications say -----------------------------------------------------------------

def schema(form):
    return json.loads((DATA / f"forms/{form}.json").read_text())


@pytest.mark.parametrize("form", ("sarif", "gitlab-codequality", "gitlab-dast"))
def test_a_form_of_json_keeps_to_its_schema(bodies, form):
    jsonschema.Draft7Validator(schema(form)).validate(json.loads(bodies[form]))


@pytest.mark.skipif(not PUBLISHED_SARIF.exists(), reason="the npm package @microsoft/jest-sarif is missing")
def test_sarif_keeps_to_the_published_schema(bodies):
    published = json.loads(PUBLISHED_SARIF.read_text())
    jsonschema.Draft4Validator(published).validate(json.loads(bodies["sarif"]))


def keep_to(rules, element):
    rule = rules[element.tag]
    patterns = {name.rstrip("!"): pattern for name, pattern in rule["attributes"].items()}
    needed = {name[:-1] for name in rule["attributes"] if name.endswith("!")}
    assert needed <= set(element.attrib), rule["clause"]
    for name, value in element.attrib.items():
        assert re.search(patterns[name], value, re.S), (rule["clause"], name, value)
    order = [rule["children"].index(child.tag) for child in element]
    assert order == sorted(order), rule["clause"]
    for child in element:
        keep_to(rules, child)


def test_junit_keeps_to_its_schema_and_counts_what_it_holds(bodies):
    root = xml.fromstring(bodies["junit"])
    keep_to(schema("junit"), root)
    for holder in (root, *root):
        for tag, count in (("testcase", "tests"), ("failure", "failures"), ("error", "errors")):
            assert int(holder.get(count)) == len(list(holder.iter(tag)))


# --- harmless ----------------------------------------------------------------------------------

HIDDEN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")


def test_nothing_steers_a_terminal_or_a_runner(bodies):
    for form, body in bodies.items():
        text = body.decode()
        if form == "markdown":  # ours, so that nobody is mentioned
            text = text.replace("\u200b", " ")
        assert not HIDDEN.search(text), form
        assert not re.search(r"##\S", text), form
        if form != "annotations":
            assert not re.search(r"(?m)^\s*(::|---|\+\+\+|~~~)", text), form


def test_an_annotation_is_one_line_and_one_command(bodies):
    for line in bodies["annotations"].decode().splitlines():
        assert re.match(r"::(error|warning|notice) title=[^:,]*::", line), line


OUR_TAGS = set("html head meta title style body header p span h1 h2 h3 ul li table tr th td dl dt dd code "
               "article blockquote details summary br figure figcaption svg text rect path polyline".split())
OUR_ATTRIBUTES = set("lang charset http-equiv content name class viewbox role aria-label x y text-anchor "
                     "width height d points".split())


class Tags(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        assert tag in OUR_TAGS, tag
        assert {name for name, _ in attrs} <= OUR_ATTRIBUTES, attrs

    def handle_comment(self, data):
        raise AssertionError(data)

    unknown_decl = handle_comment


def test_a_page_has_no_markup_but_ours(bodies):
    Tags().feed(bodies["html"].decode())


def without_code_spans(text):
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", re.sub(r"\\[^\w\s]", "", text))


def test_a_comment_has_no_markup_but_ours_and_fits(bodies):
    text = bodies["markdown"].decode()
    assert len(bodies["markdown"]) < 65536
    bare = without_code_spans(text)
    assert set(re.findall(r"<[^ >]*>?", bare)) <= {"<details>", "</details>", "<summary>", "</summary>",
                                                   "<b>", "</b>"}
    bare = re.sub(r"(?m)^<details>.*$", "", bare)  # a block of HTML: no Markdown in there
    assert "](" not in bare and not re.search(r"@\w", bare)


def test_what_is_no_record_is_no_report(service):
    task_id = store(service, {})
    for damage in (b'{"task_id":"\xff"}', b'{"task_id":"a\\u0000b"}', b""):
        service.redis("SET", f"task:{task_id}", damage)
        answers = {service.get(f"/api/tasks/{task_id}/report?format={form}").status for form in FORMS}
        assert len(answers) == 1 and answers <= {404, 500, 503}, answers


# --- in a browser ------------------------------------------------------------------------------

def shown(page, folder):
    """The document after a browser has read a page, its scripts run if it has any."""
    (folder / "page.html").write_text(page)
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={folder}/profile", "--dump-dom", f"file://{folder}/page.html"],
        capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is missing")
def test_no_script_of_a_finding_runs_in_a_browser(service, tmp_path):
    task_id = store(service, hostile_record(SMALL))
    page = service.get(f"/api/tasks/{task_id}/report?format=html").body.decode()
    unguarded = re.sub(r"<meta http-equiv[^>]*>", "", page)  # what the policy would forbid anyway
    dom = shown(unguarded, tmp_path)
    assert "<h1>" in dom and "id=\"ran\"" not in dom
    assert "id=\"ran\"" in shown(unguarded.replace("</body>", TEXTS["script"]), tmp_path)


# --- earlier sessions --------------------------------------------------------------------------

TREND = "Findings of this session and earlier ones"


def page_of_a_session(service, key=True):
    task_id = service.submit(key=key, agents=["junior-qa"], target_url=service.url + "/twice")["task_id"]
    while (page := service.get(f"/api/tasks/{task_id}/report?format=html", key=key)).status == 409:
        time.sleep(0.2)
    return expect_status(page, 200).body.decode()


def test_the_second_session_of_a_target_shows_the_first(service):
    first, second = page_of_a_session(service), page_of_a_session(service)
    assert TREND not in first and TREND in second
    assert second.split(TREND)[-1].split("</svg>")[0].count(" NO_GO</text>") == 2


def test_sessions_of_others_are_not_shown_when_only_owners_may_read(new_stack):
    service = new_stack(AGNOSTIC_TASK_READ="owner", AGNOSTIC_AGENTS_DIR=ROOT / "tests/scenario/agents")
    key = service.post("/api/auth/api-keys", {"description": "another"}).json["api_key"]
    page_of_a_session(service)
    assert TREND not in page_of_a_session(service, key=key)
    assert TREND in page_of_a_session(service, key=key)
