"""What confidence is worth: calibration, the trade of coverage for risk, and the best place to stop answering."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 15
CURVE_POINTS = 200


class Bin(TypedDict):
    """The questions whose confidence lies in ``[low, high)``: how sure it was on average, and how often right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> list[Bin]:
    """Return the bins of equal width that have questions; the last one includes 1."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        Bin(
            low=at / bins,
            high=(at + 1) / bins,
            count=int((places == at).sum()),
            confidence=float(confidence[places == at].mean()),
            right=float(right[places == at].mean()),
        )
        for at in range(bins)
        if (places == at).any()
    ]


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Return the ECE over bins of equal width (Guo et al. 2017)."""
    gaps = (part["count"] * abs(part["confidence"] - part["right"]) for part in reliability(confidence, right, bins))
    return float(sum(gaps) / max(1, right.size))


def selective_risk(
    trust: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return coverage and risk when questions are answered from the most trusted on, each of shape (n,).

    The risk of a coverage is the share of wrong answers among those given; answering what the text does not say is
    wrong. Questions that are trusted alike are answered together, and each has the coverage and risk of the last.
    """
    order = np.argsort(-trust, kind="stable")
    sorted_trust = trust[order]
    last = np.searchsorted(-sorted_trust, -sorted_trust, side="right")  # (n,) how many are trusted at least as much
    wrong = np.concatenate([[0], np.cumsum(~right[order])])
    return last / max(1, trust.size), wrong[last] / np.maximum(1, last)


def aurc(trust: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the area under the risk-coverage curve: the mean risk over the n coverages (Geifman & El-Yaniv 2018)."""
    return float(selective_risk(trust, right)[1].mean())


def coverage_at(accuracy: float, trust: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the greatest coverage at which at least this share of the answers given is right; 0 when there is none."""
    coverage, risk = selective_risk(trust, right)
    return float(coverage[risk <= 1 - accuracy + 1e-12].max(initial=0.0))


def thinned_curve(trust: NDArray[np.float64], right: NDArray[np.bool_]) -> list[list[float]]:
    """Return the risk-coverage curve as at most ``CURVE_POINTS`` pairs, evenly spaced along the questions."""
    coverage, risk = selective_risk(trust, right)
    chosen = np.unique(np.linspace(0, len(risk) - 1, min(CURVE_POINTS, len(risk))).astype(int))
    return [[round(float(coverage[at]), 4), round(float(risk[at]), 4)] for at in chosen]


def best_threshold(
    gains: NDArray[np.float64], no_answer: NDArray[np.float64], declined_right: int
) -> tuple[float, float]:
    """Return the best total score of any threshold on the probability of no answer, and that threshold.

    A question is answered when its probability is not above the threshold. As in the official script, 0 stands for
    answering nothing, and of equally good thresholds the lowest is returned.

    Args:
        gains: What answering a question adds to the score of declining it, shape (n,).
        no_answer: Its probability of having no answer, or anything that orders questions likewise.
        declined_right: The score of answering nothing.
    """
    order = np.argsort(no_answer, kind="stable")
    values, totals = no_answer[order], declined_right + np.cumsum(gains[order])
    complete = np.append(values[1:] != values[:-1], True)  # equal probabilities fall on the same side
    values, totals = values[complete], totals[complete]
    best = int(totals.argmax())
    if totals[best] <= declined_right:
        # Where scores are no probabilities, 0 may lie among them.
        return float(declined_right), min(0.0, float(np.nextafter(values[0], -np.inf)))
    return float(totals[best]), float(values[best])


def operating_rates(
    shown: NDArray[np.bool_], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> dict[str, float]:
    """Return coverage, error rate of what is shown, answerable questions answered right and unanswerable declined.

    A rate of no questions is left out: where nothing is shown, nothing is wrong, and nothing is right either.
    """
    groups = {
        "coverage": shown,
        "error": ~right[shown],
        "answered_right": (shown & right)[answerable],
        "declined": ~shown[~answerable],
    }
    return {name: round(float(flags.mean()), 4) for name, flags in groups.items() if flags.size}
