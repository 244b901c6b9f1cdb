"""The histogram's percentiles, compared with those of hdr-histogram-js for the same values. Needs
node and the npm package of tests/npm (npm install there, or a folder of modules in NODE_PATH);
skipped without them.

Self-contained: needs only AGNOSTIC_BIN (the folder of the programs) and pytest."""
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = Path(os.environ["AGNOSTIC_BIN"]).parent / "tests/histogram_percentiles"
MODULES = Path(os.environ.get("NODE_PATH") or ROOT / "tests/npm/node_modules")
RANKS = ["1", "25", "50", "75", "90", "95", "99", "99.9", "99.99", "100"]
SEED = 424242
VALUES = {
    "in order": lambda dice: range(1, 100001),
    "of every magnitude": lambda dice: [int(10 ** dice.uniform(0, 7.7)) for _ in range(20000)],
    "like response times": lambda dice: [int(dice.lognormvariate(9, 1)) + 1 for _ in range(20000)],
    "all the same": lambda dice: [123456] * 50,
    "one": lambda dice: [7],
    "around powers of two": lambda dice: [2 ** n + d for n in range(1, 25) for d in (-1, 0, 1)],
}

pytestmark = pytest.mark.skipif(not shutil.which("node") or
                                not (MODULES / "hdr-histogram-js").exists(),
                                reason="node or the npm package is missing")


def percentiles(*words, values):
    done = subprocess.run([*words, *RANKS], input="\n".join(map(str, values)), text=True,
                          capture_output=True, timeout=60, env={**os.environ, "NODE_PATH": str(MODULES)})
    assert done.returncode == 0, done.stderr
    return dict(zip(RANKS, map(int, done.stdout.split()), strict=True))


@pytest.mark.parametrize("kind", VALUES)
def test_percentiles_are_those_of_hdr_histogram_js(kind):
    values = list(VALUES[kind](random.Random(SEED)))
    assert percentiles(OURS, values=values) == percentiles(
        "node", ROOT / "tests/npm/histogram.mjs", values=values)
