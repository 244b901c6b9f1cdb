"""Goal: Redis may be away, slow or full: clients are told to come again, what runs comes to its end, and all
goes on by itself."""
import signal
import time

from redis_lab import Redis, is_ready, resumes, small_disk
from vocabulary import task, wait_for


def run_for(lab, seconds):
    """A task that runs by now and takes so long."""
    task_id = lab.service.submit(agents=["junior-qa"], description=f"sleep {seconds}")["task_id"]
    wait_for(lambda: lab.service.poll(task_id).json["status"] == "running")
    return task_id


def assert_ran_once(lab, task_id):
    assert lab.service.poll_until_terminal(task_id)["status"] == "completed"
    assert lab.redis.ask("HGET", f"task:{task_id}:meta", "crashes") in (None, "0")


def assert_told_to_come_again(reply):
    assert reply.status == 503 and int(reply.header("Retry-After")) > 0, reply


def test_a_restart_of_redis_is_an_answer_503_and_nothing_else(lab):
    resumes(lab.service)
    workers = sorted(lab.service.processes("agnostic-api"))
    running = run_for(lab, 2)
    lab.redis.kill(signal.SIGTERM)
    assert_told_to_come_again(lab.service.post("/api/tasks", task()))
    assert_told_to_come_again(lab.service.poll(running))
    assert not is_ready(lab.service)
    lab.redis.start()
    start = time.monotonic()
    wait_for(lambda: lab.service.post("/api/tasks", task()).status == 200)
    print(f"\nRedis is back: the first task accepted {time.monotonic() - start:.2f} s later")
    resumes(lab.service)
    assert_ran_once(lab, running)
    assert sorted(lab.service.processes("agnostic-api")) == workers


def test_a_full_memory_refuses_tasks_and_lets_those_that_run_end(lab):
    resumes(lab.service)
    running = [run_for(lab, 1) for _ in range(2)]
    lab.redis.ask("CONFIG", "SET", "maxmemory", "1")
    refused = lab.service.post("/api/tasks", task())
    for task_id in running:
        assert_ran_once(lab, task_id)
    lab.redis.ask("CONFIG", "SET", "maxmemory", "1gb")
    assert_told_to_come_again(refused)
    assert refused.json["code"] == "store_full"
    resumes(lab.service)


def test_a_full_disk_costs_nothing_that_was_acknowledged(lab):
    """With appendfsync always Redis ends itself there and then; something starts it again."""
    with small_disk(lab.folder / "full") as disk:
        small = Redis(lab.folder / "full", path=lab.path, prefix=disk.prefix,
                      log=lab.folder / "full.log")
        with lab.instead(small):
            resumes(lab.service)
            accepted = [lab.service.submit(agents=["junior-qa"])["task_id"] for _ in range(5)]
            disk.fill()
            wait_for(lambda: lab.service.post("/api/tasks", task()).status == 503)
            wait_for(lambda: not small.lives())
            disk.clear()
            small.launch()
            resumes(lab.service)
            assert [lab.service.poll_until_terminal(task_id)["status"]
                    for task_id in accepted] == ["completed"] * 5


def test_a_redis_that_hangs_costs_a_bounded_time(lab):
    resumes(lab.service)
    known = lab.service.submit()["task_id"]
    longest_s = 0.0
    lab.redis.send(signal.SIGSTOP)
    for ask in (lambda: lab.service.post("/api/tasks", task()), lambda: lab.service.poll(known)) * 2:
        start = time.monotonic()
        assert_told_to_come_again(ask())
        longest_s = max(longest_s, time.monotonic() - start)
    health = lab.service.get("/health", key=None)
    lab.redis.send(signal.SIGCONT)
    print(f"\nRedis hangs: the longest answer took {longest_s:.2f} s")
    assert health.status == 200 and health.json["redis"] == "error"
    resumes(lab.service)
    assert lab.service.poll(known).json["task_id"] == known
