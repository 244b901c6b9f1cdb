"""Goal: the functional agent finds what of a site does not work, finds nothing where all works, and
asks for no more than it may."""
import itertools
import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from site_kit import Site, page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AGENT = str(Path(os.environ.get("AGNOSTIC_BIN", ROOT / "build/test/bin")) / "agnostic-agent")

pytestmark = pytest.mark.skipif(not os.access(AGENT, os.X_OK), reason=f"no program at {AGENT}")


# --- vocabulary ------------------------------------------------------------------------------

def task(url, modes=("passive", "safe"), **limits):
    """A task as the runner writes it, for limits that the command line does not have."""
    return json.dumps({"v": 1, "type": "task", "session_id": "s1", "target": {"url": url + "/"},
                       "limits": limits, "policy": {"allow": url.split("//")[1], "max_rps": 50,
                                                    "modes": modes}}) + "\n"


class Run:
    def __init__(self, url=None, order=None, more=(), **environment):
        words = ["--url", url, "--json", *more] if url else []
        done = subprocess.run([AGENT, "junior-qa", *words], text=True, input=order,
                              capture_output=True, timeout=120, env={**os.environ, **environment})
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.status, self.stderr, self.result = done.returncode, done.stderr, lines[-1]
        self.lines = lines
        self.checks = {line["id"]: line for line in lines if line["type"] == "check"}
        self.user_lines = [line for line in lines
                           if line["type"] == "check" and line["id"] == "FUN-13"]
        self.reproduce = {line["check_id"]: line["evidence"]["reproduce"] for line in lines
                          if line["type"] == "finding"}
        self.notes = {line["check_id"]: [each["detail"] for each in line["evidence"]["instances"]]
                      for line in lines if line["type"] == "finding"}
        self.findings = [f"{line['check_id']} {line['severity']}" for line in lines
                         if line["type"] == "finding"]
        self.data = self.result.get("data")


# Where an API may be described.
DESCRIPTIONS = {"/openapi.json", "/openapi.yaml", "/swagger.json", "/v3/api-docs"}



def named(site):
    """What of a site was asked for because something leads there."""
    return {path for path in site.paths() - DESCRIPTIONS if not path.startswith("/qa-probe-")}


SOUND = {
    "/s.css": (200, {"Content-Type": "text/css"}, b"p{background:url(none.png)}"),
    "/": page("<a href=/a>a</a> <a href=/b#there>b</a> <img src=/i.png alt=i>"
              "<form action=/s><input name=q></form>"),
    "/a": page("<a href=/>home</a>", "A"),
    "/b": page("<p id=there>b</p>", "B"),
    "/i.png": (200, {"Content-Type": "image/png"}, b"png"),
}


# --- what is found ---------------------------------------------------------------------------

def test_where_all_works_nothing_is_found():
    run = Run(Site(SOUND).url)
    assert (run.status, run.result["status"], run.findings) == (0, "completed", [])
    assert run.data["total_tests"] == run.data["passed"] == 4
    assert (run.data["failed"], run.data["coverage_percentage"]) == (0, 100)


FAULTS = {
    "a page that is not there": ("/a", page("<a href=/gone>g</a>"), "FUN-04 medium"),
    "a file that is not there": ("/a", page("<img src=/gone.png>"), "FUN-21 low"),
    "a file that a style names": ("/a", page("<style>p{background:url(/no.png)}</style>"),
                                  "FUN-21 low"),
    "a file that a style sheet names": ("/a", page("<link rel=stylesheet href=/s.css>"),
                                        "FUN-21 low"),
    "an icon that is not there": ("/a", page("<link rel='shortcut icon' href=/no.ico>"),
                                  "FUN-11 info"),
    "a manifest that is not there": ("/a", page("<link rel=manifest href=/no.json>"), "FUN-11 info"),
    "a feed that is not there": ("/a", page("<link rel=alternate type=application/rss+xml href=/no>"),
                                 "FUN-11 info"),
    "an icon that the page shows too": (
        "/a", page("<link rel=icon href=/no.ico><img src=/no.ico>"), "FUN-21 low"),
    "a server error": ("/a", (500, {}, b""), "FUN-18 high"),
    "a place that is not there": ("/b", page("<p id=elsewhere>"), "FUN-06 low"),
    "a place that is not there, escaped": ("/a", page("<a href='/b#%C3%BCber'>x</a>"), "FUN-06 low"),
    "a redirect that never ends": ("/a", (302, {"Location": "/a"}, b""), "FUN-04 medium"),
    "a redirect to nowhere": ("/a", (302, {"Location": "javascript:x"}, b""), "FUN-04 medium"),
    "no title": ("/a", (200, {"Content-Type": "text/html"}, b"<!doctype html><p>x"), "FUN-09 low"),
    "no doctype": ("/a", (200, {"Content-Type": "text/html"}, b"<title>x</title>"),
                   "FUN-09 info"),
    "an id twice": ("/a", page("<p id=x><p id=x>"), "FUN-19 low"),
    "a form of two lines without a button": ("/a", page("<form><input name=x><input name=y></form>"),
                                             "FUN-20 low"),
    "a form without a button": ("/a", page("<form><input type=checkbox name=x></form>"),
                                "FUN-20 low"),
    "bytes of another charset": ("/a", (200, {"Content-Type": "text/html"},
                                        b"<!doctype html><title>x</title>caf\xe9"), "FUN-08 low"),
    "a page that only leads on": ("/a", page("<meta http-equiv=refresh content='0;url=/b'>"),
                                  "FUN-07 low"),
}


@pytest.fixture(scope="module")
def runs():
    """Each fault's run. They wait more than they work, so all at once."""
    def run(fault):
        path, answer, _ = FAULTS[fault]
        return Run(Site({**SOUND, path: answer}).url)
    with ThreadPoolExecutor(len(FAULTS)) as pool:
        return dict(zip(FAULTS, pool.map(run, FAULTS)))


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_one_finding(runs, fault):
    run, expected = runs[fault], FAULTS[fault][2]
    assert expected in run.findings, run.findings
    assert set(run.findings) <= {expected, "FUN-07 low"}


def test_a_broken_link_is_told_with_the_page_it_stands_on():
    site = Site({**SOUND, "/a": page("<a href=/gone>g</a>")})
    assert Run(site.url).notes["FUN-04"] == [
        f"{site.url}/gone answers 404, linked from {site.url}/a"]


SOUNDLY_DIFFERENT = {
    "a charset that the header names": (200, {"Content-Type": "text/html; charset=iso-8859-1"},
                                        b"<!doctype html><title>x</title>caf\xe9"),
    "a charset that the page names": (200, {"Content-Type": "text/html"},
                                      b"<!doctype html><meta charset='latin1'><title>x</title>\xe9"),
    "a place that is written with escapes": page("<p id='über a'><a href='/a#%C3%BCber%20a'>x</a>"),
    "a place with words to look for in it": page("<p id=x><a href='/a#x:~:text=words'>x</a>"),
    "a form that an event sends": page("<form><select onchange='this.form.submit()'></select></form>"),
    "a form that a link sends": page("<form name=f><input type=hidden></form>"
                                     "<a href='javascript:document.f.submit()'>go</a>"),
    "a form that is a date alone": page("<form><input type=date></form>"),
    "a page that loads itself anew": page("<meta http-equiv=refresh content='60; url=/a'>"),
    "a page that leads on who has no scripts": page(
        "<noscript><meta http-equiv=refresh content='0;url=/b'></noscript>"),
    "places that scripts may make": page("<a href=/b#made>m</a>"),
}


def test_what_is_right_in_another_way_is_not_blamed():
    for answer in SOUNDLY_DIFFERENT.values():
        run = Run(Site({**SOUND, "/a": answer, "/b": page("<p id=there><script>x()</script>")}).url)
        assert run.findings == [], answer
    assert run.checks["FUN-06"]["reason"] == "needs_browser"


@pytest.mark.parametrize("linked, reason", [
    ({"/b": (200, {"Content-Type": "text/plain"}, b"there")}, "not_all_read"),
    ({"/b": (403, {}, b"")}, "not_all_read"),
    ({"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /b")}, "not_all_read"),
    ({"/b": page("<p id=there>" + "x" * (2 << 20))}, "body_cut")])
def test_nothing_is_said_of_places_in_what_was_not_read(linked, reason):
    run = Run(Site({**SOUND, **linked}).url)
    told = run.checks["FUN-06"]
    assert (told["status"], told["reason"]) == ("not_tested", reason)


class Welcoming(Site):
    """Answers every path with success: `shown(path)` where nothing is."""

    def __init__(self, pages, shown):
        self.shown = shown
        super().__init__(pages)

    def otherwise(self, path):
        return (404, {}, b"") if path.startswith(("/robots", "/sitemap")) else self.shown(path)


def sorry(path):
    return page("Sorry, nothing here")


def test_where_all_is_answered_a_missing_page_is_known_by_its_look():
    site = Welcoming({**SOUND, "/a": page("<a href=/gone>g</a>")}, sorry)
    run = Run(site.url)
    assert run.findings == ["FUN-04 medium"]
    assert f"{site.url}/gone shows what" in run.notes["FUN-04"][0]
    assert run.checks["FUN-21"]["reason"] == "soft_404"


def restless(path):
    return page(f"<p>There is no {path} here, try the <a href=/>first page</a><p>{time.time()}"
                f"<form><input type=hidden name=csrf value='{os.urandom(8).hex()}'><label>Q <input name=q></label></form>")


def test_what_changes_with_every_request_is_no_part_of_a_look():
    site = Welcoming({**SOUND, "/a": page("<a href=/gone>g</a><a href=/deep/er/gone.html>g</a>")}, restless)
    run = Run(site.url)
    assert run.findings == ["FUN-04 medium"] and len(run.notes["FUN-04"]) == 2


@pytest.mark.parametrize("shown", [sorry, restless])
def test_where_all_is_answered_pages_that_are_there_are_not_blamed(shown):
    run = Run(Welcoming(SOUND, shown).url)
    assert run.findings == [] and run.checks["FUN-04"]["status"] == "passed"


@pytest.mark.parametrize("shown", [
    lambda path: SOUND["/"], lambda path: page(path.replace("/", " ")),
    lambda path: (200, {"Content-Type": "text/plain"}, path.encode()),
    lambda path: (302, {"Location": "/"}, b"")],
    ids=["the first page", "another for each depth", "nothing but its name", "the way to the first page"])
def test_where_what_is_missing_has_no_look_of_its_own_links_are_not_judged(shown):
    run = Run(Welcoming({**SOUND, "/a": page("<a href=/gone>g</a>")}, shown).url)
    assert run.findings == []
    told = run.checks["FUN-04"]
    assert (told["status"], told["reason"]) == ("not_tested", "soft_404")


def slow(body):
    time.sleep(1)
    return page(body)


@pytest.fixture(scope="module")
def long_runs():
    """Of a site that takes a dozen seconds, the target of which answers as each list says, over and
    over, after it has answered first."""
    def run(answers):
        asked = itertools.count()
        links = "".join(f"<a href=/slow/{chr(97 + n)}x>s</a>" for n in range(12))

        def home():
            n = next(asked)
            return answers[(n - 1) % len(answers)] if n > 0 and answers else page(links)
        return Run(Site({"/": home, **{f"/slow/{chr(97 + n)}x": lambda: slow("x")
                                       for n in range(12)}}).url)
    kinds = {"there": [], "away at times": [(503, {}, b""), page("x")],
             "away once": [(503, {}, b"")] + [page("x")] * 99}
    with ThreadPoolExecutor(len(kinds)) as pool:
        return dict(zip(kinds, pool.map(run, kinds.values())))


@pytest.mark.parametrize("kind, status, found", [
    ("there", "passed", []), ("away at times", "failed", ["FUN-15 high"]), ("away once", "passed", [])])
def test_a_target_that_is_away_at_times_is_told(long_runs, kind, status, found):
    run = long_runs[kind]
    assert run.checks["FUN-15"]["status"] == status
    assert [finding for finding in run.findings if finding.startswith("FUN-15")] == found
    metric = next(line for line in run.lines if line.get("name") == "functional.error_rate")
    assert metric["n"] >= 10 and (metric["value"] > 0.01) == (kind != "there")


def test_a_short_visit_says_nothing_of_availability():
    assert Run(Site(SOUND).url).checks["FUN-15"]["reason"] == "too_few_samples"


def test_what_fails_only_at_first_is_flaky_and_not_broken():
    answers = [(503, {}, b"")] * 3
    site = Site({**SOUND, "/a": lambda: answers.pop() if answers else page("fine")})
    run = Run(site.url)
    assert run.findings == ["FUN-14 low"]
    assert run.data["flaky_tests"] == [f"{site.url}/a"]


def test_a_bad_moment_of_robots_txt_is_not_the_end_of_the_visit():
    answers = [(503, {}, b"")]
    robots = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /x\n")
    site = Site({**SOUND, "/robots.txt": lambda: answers.pop() if answers else robots})
    run = Run(site.url)
    assert run.findings == ["FUN-14 low"] and "/a" in site.paths()
    assert run.data["flaky_tests"] == [site.url + "/robots.txt"]


def test_a_bad_moment_of_the_target_is_not_the_end_of_the_visit():
    answers = [(503, {}, b"")]
    site = Site({**SOUND, "/": lambda: answers.pop() if answers else SOUND["/"]})
    run = Run(site.url + "/")
    assert (run.findings, run.result["status"]) == (["FUN-14 low"], "completed")
    assert run.data["flaky_tests"] == [site.url + "/"] and "/a" in site.paths()


def test_a_check_that_fails_is_carried_out_three_times():
    site = Site({**SOUND, "/a": page("<a href=/gone>g</a>")})
    run = Run(site.url)
    gets = [path for method, path in site.asked if (method, path) == ("GET", "/gone")]
    assert len(gets) == 3 and run.findings == ["FUN-04 medium"]


@pytest.mark.parametrize("status, finding", [(404, "FUN-01 medium"), (503, "FUN-01 high")])
def test_a_target_that_answers_with_an_error_is_told(status, finding):
    run = Run(Site({"/": (status, {}, b"")}).url)
    assert run.findings == [finding] and run.result["reason"] == "no_2xx_answer"
    assert run.checks["FUN-04"]["reason"] == "no_2xx_answer"


def test_a_target_that_does_not_answer_has_failed():
    run = Run("http://127.0.0.1:9/", AGNOSTIC_TARGET_ALLOW="127.0.0.1:9")
    assert (run.result["status"], run.result["reason"]) == ("failed", "target_unreachable")
    assert run.findings == ["FUN-01 critical"]


# --- what is asked for -----------------------------------------------------------------------

def test_robots_and_words_that_change_something_are_respected():
    site = Site({**SOUND, "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private"),
                 "/": page("<a href=/private/x>p</a><img src=/private/i.png>"
                           "<a href=/logout>out</a><a href=/x>delete all</a>")})
    run = Run(site.url)
    assert named(site) == {"/", "/robots.txt", "/sitemap.xml"}
    assert (run.data["crawl"]["left"], run.findings) == (4, ["FUN-03 info"])


@pytest.mark.parametrize("left", ["/logout", "/x?do=delete", "/private/x"])
def test_redirects_and_sitemaps_lead_nowhere_that_links_may_not(left):
    site = Site({**SOUND, "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private"),
                 "/a": (302, {"Location": left}, b"")})
    site.pages["/sitemap.xml"] = (200, {}, f"<urlset><url><loc>{site.url}{left}</loc></url>"
                                  "</urlset>".encode())
    run = Run(site.url)
    assert "/a" in site.paths() and left not in site.paths()
    assert run.data["crawl"]["left"] == 2 and "FUN-04" not in run.notes


def test_robots_are_read_behind_a_redirect():
    site = Site({**SOUND, "/robots.txt": (301, {"Location": "/r"}, b""), "/r": (200, {}, b"")})
    run = Run(site.url)
    assert "/a" in site.paths() and run.findings == []


@pytest.mark.parametrize("answer", [
    lambda method: (302, {"Location": "/b"}, b""),
    lambda method: (405, {}, b"") if method == "HEAD" else (200, {}, b"png")],
    ids=["a redirect", "a refused HEAD"])
def test_nothing_is_said_of_what_was_asked_for_by_half(answer):
    site = Site({"/": page("<img src=/i.png>"), "/b": page("b")})
    site.pages["/i.png"] = lambda: answer(site.asked[-1][0])
    run = Run(order=task(site.url, max_requests=4))
    assert len(site.asked) == 4 and run.findings == []
    assert run.checks["FUN-21"]["reason"] == "not_all_asked"


@pytest.mark.parametrize("robots, not_tested", [
    ("Disallow: /", {"FUN-04", "FUN-18", "FUN-21"}), ("Disallow: /i.png", {"FUN-21"})])
def test_nothing_is_said_of_what_robots_leave_nothing_of(robots, not_tested):
    run = Run(Site({**SOUND, "/robots.txt": (200, {}, f"User-agent: *\n{robots}\n".encode())}).url)
    assert {name for name, check in run.checks.items() if check.get("reason") == "all_left"} == not_tested
    assert all(run.checks[name]["status"] == "not_tested" for name in not_tested)


def test_no_page_passes_whose_end_was_not_read():
    run = Run(Site({"/": page("x" * (2 << 20) + "<a href=/none>n</a>")}).url)
    assert {name for name, check in run.checks.items() if check.get("reason") == "body_cut"} == {
        "FUN-04", "FUN-18", "FUN-19", "FUN-21"}


def test_a_form_whose_end_was_not_read_is_not_blamed():
    run = Run(Site({"/": page("<form><input name=a><input name=b>" + "x" * (2 << 20) + "<button></form>")}).url)
    assert (run.checks["FUN-20"]["status"], run.checks["FUN-20"]["reason"]) == ("not_tested", "body_cut")


@pytest.mark.parametrize("check, path, told", [
    ("FUN-03", "/robots.txt", b"User-agent: *\nDisallow: /a"),
    ("FUN-10", "/sitemap.xml", b"<urlset><url><loc>http://elsewhere.test/</loc></url></urlset>")])
def test_the_command_shows_the_file_that_is_blamed(check, path, told):
    run = Run(Site({**SOUND, path: (200, {}, told)}).url)
    shown = subprocess.run(run.reproduce[check], shell=True, capture_output=True, timeout=30)
    assert told in shown.stdout


def test_own_checks_count_among_the_requests_that_are_permitted():
    site = Site({"/": page("x")})
    order = json.loads(task(site.url, max_requests=5))
    order["checks"] = [{"name": f"check {n}", "request": {"path": "/"}, "asserts": [
        {"query": "status", "predicate": "==", "value": 200}]} for n in range(10)]
    run = Run(order=json.dumps(order) + "\n")
    assert len(site.asked) == 5
    assert {line["status"] for line in run.user_lines} == {"not_tested"}


def test_that_pictures_are_not_compared_is_said():
    run = Run(Site({"/": page("x")}).url)
    plan = next(line for line in run.lines if line["type"] == "plan")
    assert {"id": "FUN-16", "reason": "not_available"} in plan["skipped"]
    assert "FUN-16" not in plan["checks"]
    assert (run.checks["FUN-16"]["status"], run.checks["FUN-16"]["reason"]) == ("not_tested", "not_available")


def test_no_policy_makes_available_what_is_not():
    done = subprocess.run([AGENT, "junior-qa"], text=True, capture_output=True,
                          input=task("http://127.0.0.1", modes=["passive", "not_available"]))
    assert done.returncode == 64 and "unknown mode" in done.stderr


def test_robots_that_were_not_asked_for_are_not_blamed():
    run = Run(order=task(Site(SOUND).url, modes=["passive"]))
    assert run.findings == [] and run.checks["FUN-03"]["reason"] == "not_asked"


def test_other_sites_are_not_asked():
    other = Site({"/": page("x")})
    site = Site({**SOUND, "/a": page(f"<a href={other.url}/>o</a>"),
                 "/b": (302, {"Location": other.url + "/"}, b"")})
    run = Run(site.url)
    assert other.asked == [] and run.findings == []
    assert run.data["crawl"]["external_not_tested"] == 1


def test_a_target_that_is_not_allowed_is_refused_unseen():
    site = Site(SOUND)
    run = Run(site.url, AGNOSTIC_TARGET_ALLOW="192.0.2.1")
    assert (run.status, run.result["status"], site.asked) == (3, "refused", [])


def test_pages_of_the_sitemap_are_visited():
    site = Site({**SOUND, "/hidden": page("<a href=/gone>g</a>")})
    site.pages["/sitemap.xml"] = (200, {}, (
        "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<url><loc>{site.url}/hidden2</loc></url><url><loc>https://elsewhere.example/</loc></url>"
        "</urlset>").encode())
    run = Run(site.url)
    assert "/hidden2" in site.paths()
    assert sorted(run.findings) == ["FUN-04 medium", "FUN-10 low"]


def test_an_endless_site_is_left_in_bounds():
    class Endless(dict):
        def get(self, path, otherwise):
            if path in ("/robots.txt", "/sitemap.xml"):
                return otherwise
            n = int(re.sub(r"\D", "", path) or 0)
            return page("".join(f"<a href=/{chr(97 + k)}x/{n * 4 + k}y/>n</a>" for k in range(4)))
    site = Site(Endless())
    run = Run(site.url)
    assert run.result["status"] == "completed"
    assert run.data["crawl"]["pages"] <= 100 and len(site.asked) < 800


# --- checks of the client's own ----------------------------------------------------------------

API = {
    **SOUND,
    "/token": (200, {"Content-Type": "application/json"}, b'{"token":"t-1","items":[{"id":7}]}'),
    "/orders?key=t-1": (200, {}, b"3 orders"),
}


def users(run):
    """By name: status, reason."""
    return {line["component"]: (line["status"], line.get("reason"))
            for line in run.user_lines}


def own(site, checks, modes=("passive", "safe")):
    order = json.loads(task(site.url, modes))
    run = Run(order=json.dumps({**order, "checks": checks}) + "\n")
    return run


def check(name, path, *asserts, **more):
    request = {"path": path, **more.pop("request", {})}
    return {"name": name, "request": request, **more, "asserts": [
        dict(zip(("query", "predicate", "value"), each)) for each in asserts]}


def test_own_checks_are_carried_out_in_their_order():
    site = Site(API)
    run = own(site, [
        check("token", "/token", ("status", "==", 200), ("jsonpath:$.items[0].id", "isInteger"),
              captures={"key": "jsonpath:$.token"}),
        check("orders", "/orders?key={{key}}", ("body", "contains", "orders")),
        check("too many", "/orders?key={{key}}", ("body", "matches", "^2 "), severity="medium")])
    assert users(run) == {"token": ("passed", None), "orders": ("passed", None),
                          "too many": ("failed", None)}
    assert run.findings == ["FUN-13 medium"]
    assert run.notes["FUN-13"] == ["body matches ^2 : it is 3 orders"]


def test_a_failing_check_is_told_as_a_command_that_shows_it():
    site = Site(API)
    run = own(site, [check("typed", "/token", ("header:Content-Type", "==", "text/plain"),
                           request={"headers": {"X-Who": "it's me"}})])
    shown = subprocess.run(["sh", "-c", run.reproduce["FUN-13"]], capture_output=True, text=True)
    assert shown.returncode == 0 and "application/json" in shown.stdout
    assert run.reproduce["FUN-13"].count("X-Who") == 1


def test_neither_what_was_sent_in_confidence_nor_what_was_captured_is_shown():
    site = Site({**API, "/me?key=t-1-secret": (200, {"Set-Cookie": "sid=of-the-session"},
                                               b"t-1-secret sent k-e-y"),
                 "/token": (200, {}, b'{"token":"t-1-secret"}')})
    run = own(site, [
        check("token", "/token", ("status", "==", 200), captures={"key": "jsonpath:$.token"}),
        check("me", "/me?key={{key}}", ("body", "==", "{{key}}"), ("header:Set-Cookie", "==", "x"),
              request={"headers": {"X-Api-Key": "k-e-y", "Accept": "*/*"}})])
    shown = json.dumps(run.lines)
    for secret in "t-1-secret", "of-the-session", "k-e-y":
        assert secret not in shown
    assert run.notes["FUN-13"] == ["body == {{key}}: it is {{key}} sent {{X-Api-Key}}",
                                   "header:Set-Cookie == x: it is ***"]
    assert run.reproduce["FUN-13"] == ("curl -gsk -D - -X GET -H 'X-Api-Key: ***' -H 'Accept: */*' "
                                       f"'{site.url}/me?key={{{{key}}}}'")


def test_a_password_in_a_body_is_not_shown():
    log_in = check("log in", "/token", ("status", "==", 200),
                   request={"method": "POST", "json": {"password": "hunter2"}})
    run = own(Site(API), [log_in], modes=("passive", "safe", "active"))
    assert users(run) == {"log in": ("failed", None)}
    assert "hunter2" not in json.dumps(run.lines)


def test_what_was_captured_cannot_leave_its_string():
    site = Site({**API, "/token": (200, {}, json.dumps({"token": 'so-"called"'}).encode())})
    run = own(site, [
        check("token", "/token", ("status", "==", 200), captures={"key": "jsonpath:$.token"}),
        check("use", "/token", ("status", "==", 200),
              request={"method": "POST", "json": {"key": "{{key}}"}})],
        modes=("passive", "safe", "active"))
    assert users(run)["use"][0] == "failed"  # it was sent: this site answers POST with 501


def test_what_changes_something_is_sent_only_where_it_may():
    site = Site(API)
    post = check("order", "/token", ("status", "==", 200), request={"method": "POST", "json": {}})
    assert users(own(site, [post])) == {"order": ("skipped", "mode")}
    assert not [method for method, _ in site.asked if method == "POST"]
    run = own(site, [post], modes=("passive", "safe", "active"))
    assert users(run)["order"][0] == "failed"  # this site answers POST with 501


def test_an_own_check_that_fails_only_at_first_is_flaky_and_what_rests_on_it_goes_on():
    answers = [(503, {}, b"")]
    site = Site({**API, "/token": lambda: answers.pop() if answers else API["/token"]})
    run = own(site, [
        check("token", "/token", ("status", "==", 200), captures={"key": "jsonpath:$.token"}),
        check("orders", "/orders?key={{key}}", ("body", "contains", "orders"))])
    assert users(run) == {"token": ("passed", None), "orders": ("passed", None)}
    assert (run.findings, run.data["flaky_tests"]) == (["FUN-14 low"], ["token"])
    assert "status == 200: it is 503" in run.notes["FUN-14"][0] and "/token" in run.reproduce["FUN-14"]


def test_an_own_check_that_may_change_something_is_not_sent_again():
    site = Site(API)
    post = check("order", "/token", ("status", "==", 200), request={"method": "POST", "json": {}})
    own(site, [post], modes=("passive", "safe", "active"))
    assert [method for method, _ in site.asked].count("POST") == 1


def test_without_its_capture_a_check_is_not_tested():
    run = own(Site(API), [check("orders", "/orders?key={{key}}", ("status", "==", 200))])
    assert users(run) == {"orders": ("not_tested", "not_captured")}


def test_a_base_url_stands_before_the_path():
    site = Site({**SOUND, "/v2/token": (200, {}, b"{}")})
    run = own(site, [check("token", "/token", ("status", "==", 200),
                           request={"base_url": site.url + "/v2/"})])
    assert users(run) == {"token": ("passed", None)}


def test_a_base_url_is_of_the_target_or_nothing_is_sent():
    """Though the policy allows the whole host."""
    site, other = Site(SOUND), Site({"/token": (200, {}, b"{}")})
    order = json.loads(task(site.url))
    order["policy"]["allow"] = "127.0.0.1"
    bases = [other.url, site.url.replace("http:", "https:")]
    order["checks"] = [check(base, "/token", ("status", "==", 200), request={"base_url": base})
                       for base in bases]
    run = Run(order=json.dumps(order) + "\n")
    assert users(run) == dict.fromkeys(bases, ("not_tested", "other_origin"))
    assert other.asked == []


def test_a_base_url_may_be_the_target_that_redirects():
    site = Site({**SOUND, "/token": (200, {}, b"{}")})
    door = Site({"/": (302, {"Location": site.url + "/"}, b""), "/token": (200, {}, b"{}")})
    order = json.loads(task(door.url))
    order["policy"]["allow"] = "127.0.0.1"
    order["checks"] = [check(each.url, "/token", ("status", "==", 200),
                             request={"base_url": each.url}) for each in (site, door)]
    run = Run(order=json.dumps(order) + "\n")
    assert users(run) == {site.url: ("passed", None), door.url: ("passed", None)}


def test_checks_may_stand_in_a_file(tmp_path):
    site, file = Site(API), tmp_path / "checks.json"
    file.write_text(json.dumps({"checks": [check("token", "/token", ("status", "==", 201))]}))
    assert Run(site.url, more=("--checks", str(file))).findings == ["FUN-13 high"]
    file.write_text('[{"name":"x"}]')
    broken = subprocess.run([AGENT, "junior-qa", "--url", site.url, "--checks", str(file)],
                            capture_output=True, text=True)
    assert broken.returncode == 64 and "check 0: request" in broken.stderr
