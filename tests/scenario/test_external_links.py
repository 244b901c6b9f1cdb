"""Goal: links to other sites are asked for only where the task wants it, gently, with nothing of the
client's in the request, and never at an address that may not be tested."""
import json
import socket
import threading

from site_kit import Site, page
from test_junior_agent import Run, check, pytestmark, task  # noqa: F401

HTML = {"Content-Type": "text/html"}
GOOD = (200, HTML, b"x")


# --- vocabulary ------------------------------------------------------------------------------

def other(pages, address="127.0.0.2"):
    """Another host: a second address of this machine."""
    return Site(pages, address=address)


def links(*urls):
    """A site that links to these."""
    return Site({"/": page("".join(f"<a href='{url}'>there</a>" for url in urls))})


def asked(site, *more, wanted=True, policy=None, **limits):
    """What becomes of it. More hosts than the site's own may be asked: those of `more`."""
    order = json.loads(task(site.url, **limits))
    order["policy"] = {**order["policy"], "allow": ",".join([site.url.split("//")[1], *more]), **(policy or {})}
    order["external_links"] = wanted
    return Run(order=json.dumps(order) + "\n")


def external(run):
    """How many links ended how, without those that none did."""
    return {end: count for end, count in run.data["external"].items() if count and end != "requests"}


def outcome(run):
    return run.checks["FUN-05"]["status"], run.checks["FUN-05"].get("reason")


def closed_port(address):
    with socket.socket() as door:
        door.bind((address, 0))
        return door.getsockname()[1]


# --- off, and on -----------------------------------------------------------------------------

def test_nobody_else_is_asked_unless_the_task_wants_it():
    elsewhere = other({"/": GOOD})
    site = links(elsewhere.url + "/", elsewhere.url + "/gone")
    run = asked(site, "127.0.0.2", wanted=False)
    assert elsewhere.asked == [] and run.findings == []
    assert outcome(run) == ("skipped", "external_links_off")
    assert run.data["crawl"]["external_not_tested"] == 2 and "external" not in run.data


def test_by_hand_it_is_an_option():
    elsewhere = other({"/": GOOD})
    run = Run(links(elsewhere.url + "/").url, more=["--external-links"],
              AGNOSTIC_TARGET_ALLOW="127.0.0.1,127.0.0.2")
    assert elsewhere.asked == [("HEAD", "/")]
    assert outcome(run) == ("passed", None)


def test_a_site_without_such_links_has_nothing_to_be_judged():
    assert outcome(asked(links("/"))) == ("skipped", "no_external_links")


# --- what is found ---------------------------------------------------------------------------

def test_what_is_not_there_is_told_with_the_page_that_leads_there():
    elsewhere = other({"/": GOOD, "/broken": (500, {}, b"")})
    site = links(elsewhere.url + "/", elsewhere.url + "/gone", elsewhere.url + "/broken#a")
    run = asked(site, "127.0.0.2")
    assert run.findings == ["FUN-05 low"]
    assert run.notes["FUN-05"] == [f"{elsewhere.url}/gone answers 404, linked from {site.url}/",
                                   f"{elsewhere.url}/broken answers 500, linked from {site.url}/"]
    assert external(run) == {"fine": 1, "broken": 2}
    assert run.data["crawl"]["external_not_tested"] == 0


def test_what_is_not_for_programs_is_not_held_against_the_link():
    statuses = (401, 403, 429, 999)
    elsewhere = other({f"/{status}": (status, {}, b"") for status in statuses})
    run = asked(links(*(f"{elsewhere.url}/{status}" for status in statuses)), "127.0.0.2")
    assert (run.findings, outcome(run), external(run)) == ([], ("passed", None), {"closed": 4})


def test_get_is_tried_where_head_is_not_answered():
    refusals = {"/403": 403, "/405": 405, "/501": 501}
    elsewhere = other({})
    for path, status in refusals.items():
        elsewhere.pages[path] = lambda status=status: (
            (status, {}, b"") if elsewhere.asked[-1][0] == "HEAD" else GOOD)
    run = asked(links(*(elsewhere.url + path for path in refusals)), "127.0.0.2")
    assert external(run) == {"fine": 3}
    assert sorted(elsewhere.asked) == sorted((how, path) for path in refusals for how in ("HEAD", "GET"))


def test_a_bad_moment_is_not_a_broken_link():
    elsewhere = other({"/": lambda: GOOD if len(elsewhere.asked) > 1 else (500, {}, b"")})
    run = asked(links(elsewhere.url + "/"), "127.0.0.2")
    assert (outcome(run), elsewhere.asked) == (("passed", None), [("HEAD", "/"), ("GET", "/")])


def test_who_does_not_exist_or_does_not_listen_is_unreachable():
    elsewhere = other({"/": GOOD})
    nobody = f"http://127.0.0.3:{closed_port('127.0.0.3')}/"
    run = asked(links(elsewhere.url + "/", nobody, "http://nobody.invalid/"), "127.0.0.2", "127.0.0.3")
    assert run.findings == ["FUN-05 low"] and external(run) == {"fine": 1, "broken": 2}
    assert [note.split(": ")[0] for note in run.notes["FUN-05"]] == [nobody, "http://nobody.invalid/"]


def test_where_nobody_at_all_answers_it_may_be_our_network():
    run = asked(links("http://nobody.invalid/"))
    assert (run.findings, outcome(run)) == ([], ("not_tested", "nothing_answered"))


def test_redirects_are_followed_to_their_end():
    third = other({}, "127.0.0.3")
    elsewhere = other({"/moved": (301, {"Location": third.url + "/gone"}, b"")})
    run = asked(links(elsewhere.url + "/moved"), "127.0.0.2", "127.0.0.3")
    assert run.findings == ["FUN-05 low"] and third.paths() == {"/gone"}


def test_a_redirect_without_end_says_nothing():
    elsewhere = other({"/": (302, {"Location": "/"}, b"")})
    run = asked(links(elsewhere.url + "/"), "127.0.0.2")
    assert (run.findings, outcome(run)) == ([], ("not_tested", "no_clear_answer"))
    assert len(elsewhere.asked) == 6


def test_whoever_keeps_silent_is_not_called_unreachable():
    with socket.create_server(("127.0.0.2", 0)) as door:
        kept = []
        threading.Thread(target=lambda: kept.append(door.accept()), daemon=True).start()
        run = asked(links(f"http://127.0.0.2:{door.getsockname()[1]}/"), "127.0.0.2")
    assert (run.findings, outcome(run)) == ([], ("not_tested", "no_clear_answer"))


# --- manners ---------------------------------------------------------------------------------

def test_no_host_is_asked_more_than_once_a_second():
    hosts = [other({f"/{n}": GOOD for n in range(4)}, address) for address in ("127.0.0.2", "127.0.0.3")]
    urls = [f"{host.url}/{n}" for host in hosts for n in range(4)]
    run = asked(links(*urls), "127.0.0.2", "127.0.0.3")
    assert external(run) == {"fine": 8}
    for host in hosts:
        gaps = [later - earlier for earlier, later in zip(host.times, host.times[1:])]
        assert len(gaps) == 3 and min(gaps) >= 1
    # while one host rests the other is asked
    assert hosts[1].times[0] < hosts[0].times[1]


def test_a_host_that_asks_for_patience_gets_it():
    elsewhere = other({"/a": (429, {"Retry-After": "3"}, b""), "/b": GOOD})
    asked(links(elsewhere.url + "/a", elsewhere.url + "/b"), "127.0.0.2")
    assert elsewhere.times[1] - elsewhere.times[0] >= 3


def test_nothing_of_the_client_is_sent_to_others():
    elsewhere = other({"/": (302, {"Location": "/b", "Set-Cookie": "theirs=1"}, b""), "/b": GOOD})
    site = links(elsewhere.url + "/")
    site.pages["/"] = (200, {**HTML, "Set-Cookie": "sid=s3cret"}, site.pages["/"][2])
    order = json.loads(task(site.url))
    order["policy"]["allow"] += ",127.0.0.2"
    order["external_links"] = True
    order["checks"] = [check("own", "/", ("status", "==", 200),
                             request={"headers": {"Authorization": "Bearer s3cret", "X-Key": "s3cret"}})]
    Run(order=json.dumps(order) + "\n")
    assert elsewhere.paths() == {"/", "/b"}
    for fields in elsewhere.fields:
        assert set(fields) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_links_that_change_something_are_not_followed():
    elsewhere = other({})
    run = asked(links(elsewhere.url + "/unsubscribe?id=7"), "127.0.0.2")
    assert elsewhere.asked == [] and external(run) == {"left": 1}


# --- bounds ----------------------------------------------------------------------------------

def test_an_address_that_may_not_be_tested_is_never_asked():
    """Neither by its number, nor by a name, nor where another host redirects to it."""
    inner = other({"/": GOOD}, "127.0.0.3")
    port = inner.url.rsplit(":", 1)[1]
    elsewhere = other({"/in": (302, {"Location": inner.url + "/"}, b"")})
    named = Site({"/": GOOD})
    site = links(inner.url + "/", elsewhere.url + "/in", f"http://localhost:{named.url.rsplit(':', 1)[1]}/",
                 f"http://[::ffff:127.0.0.3]:{port}/", "http://169.254.169.254/latest/meta-data/")
    run = asked(site, "127.0.0.2")
    assert inner.asked == named.asked == []
    assert (run.findings, outcome(run)) == ([], ("not_tested", "address_refused"))
    assert external(run) == {"refused": 5}


def test_constraints_of_the_task_hold_for_other_sites_too():
    elsewhere = other({"/": GOOD, "/admin/x": GOOD})
    site = links(elsewhere.url + "/", elsewhere.url + "/admin/x")
    run = asked(site, "127.0.0.2", policy={"exclude": ["/admin"]})
    assert elsewhere.paths() == {"/"} and external(run) == {"fine": 1, "excluded": 1}
    assert outcome(run) == ("not_tested", "constraints")
    run = asked(site, "127.0.0.2", policy={"crawl": False})
    assert elsewhere.paths() == {"/"} and external(run) == {"excluded": 2}


def test_no_more_is_asked_than_the_task_permits():
    elsewhere = other({})
    run = asked(links(*(f"{elsewhere.url}/{n}" for n in range(5))), "127.0.0.2", max_requests=5)
    assert len(elsewhere.asked) < 5
    assert external(run)["not_asked"] > 0


def test_a_site_of_many_links_is_asked_for_two_hundred():
    port = closed_port("127.9.0.1")
    run = asked(links(*(f"http://127.9.0.{n}:{port}/" for n in range(1, 206))), "127.9.0.0/16")
    counts = run.data["external"]
    assert (counts["broken"], counts["beyond_limit"]) == (200, 5)
    assert counts["requests"] == 220  # and the first twenty once more
