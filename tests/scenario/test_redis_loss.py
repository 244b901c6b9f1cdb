"""Goal: what was acknowledged is there again after Redis was killed, or the power failed."""
import os
import random
import struct
import time
from pathlib import Path

from redis_lab import Ledger, Redis, dose, resumes
from vocabulary import wait_for

KILLS = dose(5, 100)
POWER_CUTS = dose(3, 50)
RECORDER = Path(os.environ["AGNOSTIC_BIN"]).parent / "tests/libfsync_recorder.so"
EVERYSEC_LIMIT_S = 10 # Redis says 1 to 2 s; a busy machine may be late


def test_no_acknowledged_task_is_lost_when_redis_is_killed(lab):
    dice = random.Random(KILLS)
    assert lab.service.stack("stop", "runner") == 0
    with Ledger(lab.service) as ledger:
        for _ in range(KILLS):
            ledger.wait_for_more(20)
            time.sleep(dice.random() / 5)
            lab.redis.kill()
            lab.redis.start()
        ledger.wait_for_more(20)
    lost = ledger.lost(lab.path)
    assert lab.service.stack("start", "runner") == 0
    print(f"\nRedis killed {KILLS} times: {ledger.count()} acknowledged, {len(lost)} lost")
    assert lost == []
    lab.forget()


def cut_at_last_fsync(redis):
    """The append-only file as it would be after a power loss; how many bytes of it were not on disk."""
    last = max(redis.folder.glob("appendonlydir/*.incr.aof"),
               key=lambda path: int(path.name.split(".")[2]))
    synced, = struct.unpack("=Q", Path(f"{last}.synced").read_bytes())
    cut = last.stat().st_size - synced
    assert cut >= 0
    os.truncate(last, synced)
    return cut


def lose_power(lab, redis, load_s):
    """After load_s of load; how many were acknowledged, how many of them are lost, and since when."""
    resumes(lab.service)
    with Ledger(lab.service) as ledger:
        ledger.wait_for_more(100)
        time.sleep(load_s + random.random() / 2)
        redis.kill()
        failed_at = time.monotonic()
    cut = cut_at_last_fsync(redis)
    redis.start()
    lost = ledger.lost(lab.path)
    oldest_s = max((failed_at - ledger.when[task_id] for task_id in lost), default=0.0)
    return ledger.count(), len(lost), oldest_s, cut


def power_losses(lab, policy, rounds, load_s):
    redis = lab.shipped("--appendfsync", policy, name=f"power-{policy}",
                        env={"LD_PRELOAD": str(RECORDER)})
    with lab.instead(redis):
        wait_for(redis.answers)
        results = [lose_power(lab, redis, load_s) for _ in range(rounds)]
        redis.ask("FLUSHALL")
    counts, lost, oldest, cuts = zip(*results)
    print(f"\n{policy}: power lost {rounds} times: {sum(counts)} acknowledged, {sum(lost)} lost, the "
          f"oldest {max(oldest):.1f} s before; {sum(cuts)} bytes cut")
    return sum(lost), max(oldest), sum(cuts)


def test_no_acknowledged_task_is_lost_with_the_power_when_every_write_is_synced(lab):
    lost, _, _ = power_losses(lab, "always", POWER_CUTS, load_s=0)
    assert lost == 0


def test_a_second_is_lost_with_the_power_when_every_second_is_synced(lab):
    """Also shows that the emulation cuts at all."""
    lost, oldest_s, cut = power_losses(lab, "everysec", dose(2, 10), load_s=1.2)
    assert lost > 0 and cut > 0
    assert oldest_s < EVERYSEC_LIMIT_S
