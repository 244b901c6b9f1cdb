"""Goal: what a client's constraints do not permit is not done, by any of the six, whatever leads there.
The site's own log says what was asked for, and when."""
import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from conftest import many_stacks
from site_kit import Site, page

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {
    "/admin/users": {"get": {"responses": {"200": {"description": "all"}}}},
    "/things": {"get": {"parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}],
                        "responses": {"200": {"description": "all"}}}}}}
MAP = b"""<?xml version="1.0"?><urlset><url><loc>%s/admin/map</loc></url><url><loc>%s/a</loc></url></urlset>"""
HOME = """<h1>Home</h1><a href=/a>a</a> <a href=/admin/x?id=1>x</a> <a href=/%61dmin/y>y</a>
<a href=/a/../ADMIN/z>z</a> <a href=/leads>leads</a> <a href=/administrator>no</a>
<form action=/admin/find><input name=q></form> <iframe src=/admin/frame></iframe>
<img src=/admin/i.png alt=i><link rel=stylesheet href=/s.css>"""


class Shop(Site):
    """Leads to what it must not be asked for in every way a site can, and notes when it was asked."""

    def __init__(self, home=HOME):
        self.moments = []
        super().__init__({})
        self.pages.update({
            "/": page(home), "/a": page("<a href=/>home</a> <a href=/admin/deep>deep</a>", "A"),
            "/administrator": page("no", "N"),
            "/leads": (302, {"Location": "/admin/led"}, b""),
            "/s.css": (200, {"Content-Type": "text/css"}, b"p{background:url(/admin/b.png)}"),
            "/things": (200, {"Content-Type": "application/json"}, b"[]"),
            "/openapi.json": (200, {"Content-Type": "application/json"},
                              json.dumps(DESCRIPTION).encode()),
            "/sitemap.xml": (200, {"Content-Type": "application/xml"},
                             MAP % ((self.url.encode(),) * 2))})

    def otherwise(self, path):
        self.moments.append(time.monotonic())
        return super().otherwise(path)

    def asked_beneath(self, *starts):
        return {path for path in self.paths() if path.lower().replace("%61", "a").startswith(starts)}


class Run:
    """All six at one site."""

    def __init__(self, stack, constraints, path="/", site=None, agents=(), **members):
        self.site = site or Shop()
        members.setdefault("load_rate", 20)
        self.id = stack.submit("/api/tasks" if agents else "/api/tasks/full", load_duration_s=2,
                               target_url=self.site.url + path, constraints=constraints,
                               agents=list(agents), **members)["task_id"]
        self.task = stack.poll_until_terminal(self.id)
        self.result = self.task["result"]
        self.agents = self.result.get("agent_results", {})

    def states(self):
        return {name: part["status"] for name, part in self.agents.items()}

    def check(self, agent, check_id):
        return next((each["status"], each.get("reason")) for each in self.agents[agent]["checks"]
                    if each["id"] == check_id)

    def read(self):
        return [(each["limit"], each.get("path", each.get("value")), each["result"])
                for each in self.result["criteria"]]


@pytest.fixture(scope="module")
def stack():
    with many_stacks() as make:
        yield make(AGNOSTIC_TARGET_ALLOW="127.0.0.1+load=200+active")


@pytest.fixture(scope="module")
def free(stack):
    """Without constraints."""
    return Run(stack, "")


@pytest.fixture(scope="module")
def excluded(stack):
    checks = [{"name": "theirs", "request": {"path": "/admin/own"},
               "asserts": [{"query": "status", "predicate": "==", "value": 200}]}]
    return Run(stack, "Exclude /admin, /s.css and /.git", checks=checks)


@pytest.fixture(scope="module")
def still(stack):
    return Run(stack, "Do not crawl")


# --- exclude ---------------------------------------------------------------------------------

def test_without_constraints_it_is_asked_for(free):
    asked = free.site.asked_beneath("/admin/", "/.git/")
    assert asked >= {"/admin/x?id=1", "/admin/led", "/admin/map", "/admin/users", "/admin/frame",
                     "/admin/i.png", "/admin/b.png", "/.git/HEAD"}
    assert set(free.states().values()) == {"completed"}


def test_what_is_excluded_is_asked_for_by_nobody(excluded):
    assert excluded.site.asked_beneath("/admin/", "/admin?", "/.git", "/s.css", "/a/../admin") == set()
    assert excluded.site.paths() >= {"/", "/a", "/administrator", "/things", "/robots.txt"}
    assert set(excluded.states().values()) == {"completed"}


def test_what_was_not_asked_for_is_not_tested(excluded):
    assert excluded.check("junior-qa", "FUN-04") == ("not_tested", "constraints")
    assert excluded.check("junior-qa", "FUN-13") == ("not_tested", "constraints")
    assert excluded.check("security-compliance", "SEC-FIL-01") == ("not_tested", "constraints")
    assert {each["check_id"] for each in excluded.agents["junior-qa"]["findings"]
            if "/admin" in json.dumps(each)} == set()


def test_the_result_the_plan_and_the_reports_say_what_was_read(excluded, stack):
    paths = ["/admin", "/s.css", "/.git"]
    assert excluded.read() == [("exclude", path, "met") for path in paths]
    plan = excluded.agents["qa-manager"]["data"]["test_plan"]["acceptance_criteria"]
    assert [each["path"] for each in plan] == paths
    for form in ("text", "markdown", "html"):
        report = stack.run("agnosticctl", "report", excluded.id, "--format", form).stdout
        assert "limit exclude /admin" in report, form


def test_a_target_that_is_excluded_itself_is_refused(stack):
    run = Run(stack, "Exclude /shop", path="/shop/cart")
    assert (run.task["status"], run.site.asked) == ("failed", [])
    assert run.result["error"]["code"] == "target_refused"
    assert "exclude the path of its own target_url" in run.result["error"]["message"]


def test_a_target_that_redirects_to_what_is_excluded_is_not_followed(stack):
    run = Run(stack, "Exclude /admin", path="/leads")
    assert run.site.asked_beneath("/admin") == set()
    assert run.result["verdict"]["status"] == "INCOMPLETE"


def test_a_mix_that_names_what_is_excluded_is_refused(stack):
    run = Run(stack, "Exclude /admin", agents=["performance"], load_mix=["/a", "/admin/x"])
    part = run.agents["performance"]
    assert (part["status"], part["reason"], run.site.asked) == ("refused", "target_refused", [])


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
def test_the_browser_reads_every_spelling_as_our_agents_do():
    table = (ROOT / "tests/data/bounds.tsv").read_text().splitlines()
    cases = [line.split("\t") for line in table if line[0] != "#"]
    words = f"""import {{ readBounds }} from "{ROOT}/deploy/plugins/browser/bounds.mjs";
for (const [exclude, path, excluded] of {json.dumps(cases)})
  if (readBounds(exclude.split(" "))(path) !== (excluded === "yes")) console.log(exclude, path);"""
    done = subprocess.run(["node", "--input-type=module", "-e", words], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


# --- do not crawl ----------------------------------------------------------------------------

def test_nothing_is_asked_for_because_something_leads_there(still):
    led = {"/a", "/administrator", "/leads", "/things"}
    assert still.site.paths() & led == set()
    assert still.site.asked_beneath("/admin/x", "/%61dmin", "/a/", "/admin/find", "/admin/map") == set()
    assert "/" in still.site.paths() and set(still.states().values()) == {"completed"}
    assert still.read() == [("no_crawl", None, "met")]


def test_what_lies_behind_links_is_not_tested(still):
    assert still.check("junior-qa", "FUN-04") == ("not_tested", "constraints")
    assert still.check("junior-qa", "FUN-12") == ("not_tested", "constraints")
    assert still.check("senior-qa", "EDG-01") == ("not_tested", "constraints")


# --- how much, how long ----------------------------------------------------------------------

def test_a_rate_is_kept_by_all_together(stack):
    moments = sorted(Run(stack, "max 10 rps; no load test").site.moments)
    # A tenth more than 10 a second over two seconds: what a busy machine delays comes in a bunch.
    assert max(sum(start <= moment < start + 2 for moment in moments) for start in moments) <= 22


def test_a_rate_that_nobody_can_keep_is_refused(stack):
    run = Run(stack, "max 20 requests per minute")
    assert (run.task["status"], run.site.asked) == ("failed", [])
    assert "less than one request a second" in run.result["error"]["message"]


def test_other_sites_are_asked_where_the_order_wants_it_and_the_target_s_entry_lets_it(new_stack):
    """Entries for other targets open nothing to a page of this one."""
    stack = new_stack(AGNOSTIC_TARGET_ALLOW="127.0.0.0/30,127.0.0.5")
    other, inner = (Site({"/": page("x")}, address=address) for address in ("127.0.0.2", "127.0.0.5"))
    shop = Shop(f"<a href={other.url}/>o</a><a href={inner.url}/>i</a>")
    off = Run(stack, "none", site=shop, agents=["junior-qa"])
    assert other.asked == [] and off.check("junior-qa", "FUN-05") == ("skipped", "external_links_off")
    on = Run(stack, "none", site=shop, agents=["junior-qa"], external_links=True)
    assert on.check("junior-qa", "FUN-05") == ("not_tested", "address_refused")
    assert other.asked == [("HEAD", "/")] and inner.asked == []


def test_no_load_test_sends_single_requests(stack, free):
    run = Run(stack, "No load test", agents=["performance"])
    assert run.site.asked.count(("GET", "/")) <= 10 < free.site.asked.count(("GET", "/"))


@pytest.mark.parametrize("constraints", ["Read-only", "Passive only"])
def test_without_active_tests_nothing_is_sent_that_may_change(stack, constraints):
    run = Run(stack, constraints, agents=["security-compliance", "senior-qa", "junior-qa"])
    assert {method for method, _ in run.site.asked} <= {"GET", "HEAD"}


def test_a_session_ends_in_its_time(stack):
    began = time.monotonic()
    run = Run(stack, "Max 6 seconds. Max 5 rps")
    ended = {part.get("reason") for part in run.agents.values() if part["status"] != "completed"}
    assert ended & {"time_limit", "timeout"}
    assert "agent_not_completed" in {each["code"] for each in run.result["verdict"]["reasons"]}
    assert max(run.site.moments) - began < 6 + 5  # to be taken from the queue, to be asked to end
