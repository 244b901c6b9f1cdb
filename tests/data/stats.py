"""Prints stats.tsv: pairs of small samples and what scipy says of them. Needs python3-scipy and
python3-numpy, which no test does."""
import numpy
from scipy import stats

DRAWS = numpy.random.default_rng(20260315)


def normal(n, mean=10.0, deviation=1.0):
    return DRAWS.normal(mean, deviation, n).round(3)


def whole(n, last):
    return DRAWS.integers(0, last, n).astype(float)


PAIRS = {
    "same_level": (normal(20), normal(20)),
    "a_little_more": (normal(20), normal(20, 10.8)),
    "much_more": (normal(20), normal(20, 14)),
    "much_less": (normal(20), normal(20, 6)),
    "apart_five": (numpy.arange(1.0, 6), numpy.arange(11.0, 16)),
    "apart_three": (numpy.arange(1.0, 4), numpy.arange(11.0, 14)),
    "uneven": (normal(7), normal(31, 11)),
    "two_and_many": (normal(2), normal(18, 12)),
    "many_ties": (whole(20, 4), whole(25, 5)),
    "ties_only_within": (numpy.array([1, 1, 1, 2, 2, 2.0]), numpy.array([3, 3, 3, 4, 4, 5.0])),
    "two_values": (whole(30, 2), whole(30, 2)),
    "outlier": (normal(20), numpy.append(normal(19), 10000)),
    "large_numbers": (normal(12, 1e9, 1e6), normal(12, 1.002e9, 1e6)),
    "small_numbers": (normal(12) / 1e6, normal(12, 11) / 1e6),
    "far_tail": (normal(60, 10), normal(60, 30)),
}


def cell(values):
    return ",".join(repr(float(value)) for value in values)


print("# Printed by stats.py. Mann-Whitney: asymptotic, with continuity, p that b is no greater.")
print("# t: two-sided p, pooled variance. A12: P(b > a) + P(b = a) / 2.")
print("# name\ta\tb\tmann_whitney\tt\ta12\tmedian_a")
for name, (a, b) in PAIRS.items():
    ranks = stats.mannwhitneyu(b, a, alternative="greater", method="asymptotic")
    print(name, cell(a), cell(b), repr(float(ranks.pvalue)),
          repr(float(stats.ttest_ind(a, b).pvalue)),
          repr(float(ranks.statistic / len(a) / len(b))), repr(float(numpy.median(a))), sep="\t")
