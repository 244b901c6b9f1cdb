"""Goal: a master may go; Sentinels choose another, the service finds it, and nothing acknowledged is lost."""
import pytest

from conftest import many_stacks
from redis_lab import (FULL_DOSE, NO_LIMITS, Constellation, Ledger, dose, join, network_of_its_own, part,
                       resumes)
from vocabulary import task, wait_for

KILLS = dose(1, 5)
PARTITION_S = dose(4, 10)
OUTAGE_LIMIT_S = 15 # generous: the promise is 5 s on a machine that does nothing else


@pytest.fixture(scope="module")
def stars(tmp_path_factory):
    made = Constellation(tmp_path_factory.mktemp("stars"))
    try:
        yield made.start()
    finally:
        made.end()


@pytest.fixture(scope="module")
def service(stars):
    with many_stacks() as new_stack:
        yield new_stack(AGNOSTIC_REDIS_URL=stars.url, AGNOSTIC_REDIS_REPLICAS=1,
                        **NO_LIMITS)


def doctor(service):
    run = service.run("agnosticctl", "doctor")
    return run.stdout + run.stderr


def leads_to(service, stars):
    """What doctor says of where Redis is."""
    host, port = stars.master()
    told = doctor(service)
    assert stars.PASSWORD not in told and stars.SENTINEL_PASSWORD not in told
    return f'{host}:{port}, master "{stars.NAME}"' in told


@pytest.mark.skipif(not FULL_DOSE, reason="Sentinel takes 10 s to turn a deposed master into a replica")
def test_a_master_that_is_deposed_while_it_lives_is_left(stars, service):
    old = stars.master()
    task_id = service.submit()["task_id"]
    assert stars.sentinel(0, "FAILOVER", stars.NAME) == "OK"
    wait_for(lambda: stars.master() != old, 30)
    resumes(service)
    assert service.poll_until_terminal(task_id)["status"] == "completed"
    assert leads_to(service, stars)
    wait_for(stars.complete, 60)


def kill_the_master(stars, ledger):
    """Kills it under load; how long nothing was acknowledged."""
    old = stars.master()
    ledger.wait_for_more(100)
    ledger.longest_silence_s = 0.0
    stars.redises[stars.number_of(old)].kill()
    ledger.wait_for_more(100)
    assert stars.master() != old
    return old, ledger.longest_silence_s


def test_no_acknowledged_task_is_lost_when_the_master_is_killed(stars, service):
    assert leads_to(service, stars)
    assert service.get("/ready").json["replicas"] == "ok"
    assert service.stack("stop", "runner") == 0 # it is the submits that are looked at
    outages = []
    with Ledger(service) as ledger:
        for kill in range(KILLS):
            if kill > 0:
                stars.redises[stars.number_of(old)].launch()
                wait_for(stars.complete, 60)
            old, outage_s = kill_the_master(stars, ledger)
            outages.append(outage_s)
    lost = ledger.lost(stars.master(), stars.login)
    print(f"\n{KILLS} masters killed: {ledger.count()} acknowledged, {len(lost)} lost; outages "
          + ", ".join(f"{outage_s:.1f} s" for outage_s in outages))
    assert lost == []
    assert max(outages) < OUTAGE_LIMIT_S
    assert leads_to(service, stars)


def test_without_replicas_nothing_is_acknowledged(stars, service):
    service.submit()
    for n, place in enumerate(stars.places):
        if place != stars.master():
            stars.redises[n].kill()
    reply = service.post("/api/tasks", task())
    assert reply.status == 503 and reply.header("Retry-After"), reply
    ready = service.get("/ready")
    assert ready.status == 503 and ready.json["replicas"] == "error", ready


# --- the old master and the service on one side, those who choose another on the other


def partition(stars, service, ledger):
    """How many were acknowledged on the minority side, and in all."""
    old = stars.master()
    ledger.wait_for_more(100)
    part([stars.places[0][0]], [place[0] for place in stars.places[1:]])
    before = ledger.count()
    wait_for(lambda: stars.master(1) != old, 30)
    ledger.go_on(PARTITION_S)
    meanwhile = ledger.count() - before
    join()
    ledger.wait_for_more(100, 90)
    return meanwhile


def test_nothing_is_acknowledged_on_the_minority_side(tmp_path):
    with network_of_its_own(), many_stacks() as new_stack:
        stars = Constellation(tmp_path, host=lambda n: f"127.0.0.{n + 1}")
        try:
            stars.start()
            service = new_stack(AGNOSTIC_REDIS_URL=stars.url, AGNOSTIC_REDIS_REPLICAS=1,
                                **NO_LIMITS)
            assert service.stack("stop", "runner") == 0
            with Ledger(service) as ledger:
                meanwhile = partition(stars, service, ledger)
            lost = ledger.lost(stars.master(1), stars.login)
            print(f"\npartition of {PARTITION_S} s and more: {ledger.count()} acknowledged, "
                  f"{meanwhile} of them meanwhile, {len(lost)} lost; answers {ledger.statuses}, "
                  f"the longest after {ledger.longest_answer_s:.1f} s")
            assert lost == []
            assert ledger.statuses.get(503, 0) > 0
        finally:
            stars.end()
