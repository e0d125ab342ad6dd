"""Two reports of one set: what changed, whether that may be chance, and what cannot be compared."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from eval.compare import compare
from eval.report.document import Report, ReportedSet
from qa import UsageError


def report(*sets, modes=("balanced",)):
    return Report(modes, tuple(ReportedSet(name, tuple(outcomes)) for name, outcomes in sets))


@pytest.fixture
def runs(made):
    """A hundred questions: the second run loses five that the first got right, and gains twenty."""

    def run(right):
        return [
            made("Ada" if n in right else "Bob", ["Ada"], key=f"k{n}", question=f"Who is number {n}?", id=str(n))
            for n in range(100)
        ]

    return run(set(range(0, 60))), run(set(range(5, 80)))


def test_changes_come_with_an_interval_and_a_p_value(runs):
    (comparison,) = compare(report(("a", runs[0])), report(("a", runs[1])))
    exact = next(change for change in comparison.changes if change.metric == "exact")
    assert (exact.first, exact.second, exact.difference) == (60, 75, 15)
    assert exact.interval[0] < 15 < exact.interval[1]
    assert exact.p == pytest.approx(binomtest(5, 25).pvalue)
    assert exact.interval[0] > 0  # the two agree
    assert [flip.question for flip in comparison.worse] == [f"Who is number {n}?" for n in range(5)]
    assert len(comparison.better) == 20
    assert (comparison.better[0].first, comparison.better[0].second) == ("Bob", "Ada")


def test_a_paired_interval_is_narrower_than_that_of_two_strangers(runs):
    (comparison,) = compare(report(("a", runs[0])), report(("a", runs[1])))
    low, high = comparison.changes[0].interval
    assert high - low < 2 * 1.96 * 100 * ((0.6 * 0.4 + 0.75 * 0.25) / 100) ** 0.5


def test_a_run_does_not_differ_from_itself(runs):
    (comparison,) = compare(report(("a", runs[0])), report(("a", runs[0])))
    assert not comparison.better
    assert not comparison.worse
    for change in comparison.changes:
        assert (change.difference, change.interval, change.p) == (0, [0, 0], 1)


def test_common_questions_are_compared_whatever_their_order(runs):
    (comparison,) = compare(report(("a", runs[0][:70])), report(("renamed", runs[1][50:][::-1])))
    assert (comparison.common, comparison.asked) == (20, (70, 50))
    assert len(comparison.better) == 10


def test_different_questions_are_refused_in_one_line(runs, made):
    others = [made("Ada", ["Ada"], key="other")]
    with pytest.raises(UsageError, match=r"asked a \(100\) and b \(1\), without one question in common") as caught:
        compare(report(("a", runs[0])), report(("b", others)))
    assert "\n" not in str(caught.value)


def test_sets_go_by_their_names_and_modes_by_theirs(runs, made):
    others = [made("Ada", ["Ada"], key="other")]
    first = report(("x", others), ("a", runs[0]), modes=("strict", "eager"))
    second = report(("a", runs[1]), ("x", others), modes=("eager",))
    assert [(c.dataset, c.modes, c.common) for c in compare(first, second)] == [
        ("x", ("eager", "eager"), 1),
        ("a", ("eager", "eager"), 100),
    ]
    twice = compare(report(("x", others), ("x", runs[0])), report(("x", others), ("x", runs[1])))
    assert [comparison.common for comparison in twice] == [1, 100]
    apart = compare(report(("a", runs[0]), modes=("strict",)), report(("a", runs[1])))
    assert [comparison.modes for comparison in apart] == [("strict", "balanced")]
