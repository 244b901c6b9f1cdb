"""Goal: the snippets of deploy/ci do what they say, as far as their shell parts go."""
import json
import os
import re
import shutil
import subprocess
import textwrap
import xml.etree.ElementTree as xml

import pytest

from vocabulary import ROOT

CI = ROOT / "deploy/ci"


def shell_of_github():
    text = (CI / "github-actions.yml").read_text()
    return textwrap.dedent(re.search(r"run: \|\n((?: {10}.*\n)+)", text).group(1))


def shell_of_gitlab():
    text = (CI / "gitlab-ci.yml").read_text()
    lines = re.search(r"script:\n((?:    - .*\n)+)", text).group(1).splitlines()
    return "set -e\n" + "\n".join(line[len("    - "):] for line in lines)


def shell_of_jenkins():
    return re.search(r"sh '''\n(.*?)'''", (CI / "Jenkinsfile").read_text(), re.S).group(1)


SHELLS = {"github": shell_of_github, "gitlab": shell_of_gitlab, "jenkins": shell_of_jenkins}


@pytest.fixture
def job(stack, tmp_path):
    """job(shell, **changes): runs it as a CI job would; the finished process."""
    shutil.copy(CI / "agnostic-qa", tmp_path)

    def run(shell, **changes):
        environment = {**os.environ, "AGNOSTIC_URL": stack.url, "AGNOSTIC_API_KEY": stack.key,
                       "TARGET_URL": stack.url + "/", "QA_TASK": "security",
                       "GITHUB_RUN_ID": "1", "GITHUB_RUN_ATTEMPT": str(tmp_path), "CI_JOB_ID": str(tmp_path),
                       "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
                       "BUILD_TAG": "jenkins-" + str(tmp_path), **changes}
        return subprocess.run(["sh", "-e", "-c", shell], cwd=tmp_path, env=environment, text=True,
                              capture_output=True, timeout=120)
    return run


@pytest.mark.parametrize("name", SHELLS)
def test_a_job_passes_on_warnings_and_keeps_its_reports(job, tmp_path, name):
    done = job(SHELLS[name]())
    assert done.returncode == 0, done.stderr
    assert "GO_WITH_WARNINGS: " in done.stdout
    if name == "github":
        assert json.loads((tmp_path / "qa.sarif").read_text())["version"] == "2.1.0"
        assert "GO\\_WITH\\_WARNINGS" in (tmp_path / "summary.md").read_text()
        assert "::warning title=SEC-" in done.stdout
    else:
        assert xml.parse(tmp_path / "qa.xml").getroot().tag == "testsuites"
    if name == "gitlab":
        assert json.loads((tmp_path / "qa-quality.json").read_text())[0]["severity"]
        assert json.loads((tmp_path / "qa-dast.json").read_text())["scan"]["status"] == "success"
    if name == "jenkins":
        assert (tmp_path / "qa.html").read_text().startswith("<!doctype html>")


def test_a_job_can_be_told_to_fail_on_warnings(job):
    assert job(SHELLS["gitlab"](), QA_FAIL_ON="warnings").returncode == 1


def test_the_same_run_asked_again_makes_no_second_task(job):
    first, again = (job("QA_ONCE=twice ./agnostic-qa $TARGET_URL") for _ in range(2))
    assert first.stdout.splitlines()[0] == again.stdout.splitlines()[0]


def test_without_a_verdict_a_job_does_not_pass(job):
    assert job(SHELLS["gitlab"](), AGNOSTIC_API_KEY="wrong").returncode == 3
    assert job(SHELLS["gitlab"](), TARGET_URL="http://127.0.0.1:9/").returncode == 3


def test_the_key_is_not_among_the_arguments():
    assert "-H \"X-API-Key" not in (CI / "agnostic-qa").read_text()
