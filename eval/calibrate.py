"""Fitting a reader's calibrator to questions that it was not trained on."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import numpy as np

from eval.curves import expected_calibration_error, operating_rates
from eval.metrics import is_right
from index.progress import progress
from qa import Library, ModelError
from qa.calibration import Calibrator, Features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eval.datasets import Dataset

STRICT_ERROR = 1 / 5  # the most answers that strict may give wrong on the calibration questions
BALANCED_ERROR = 1 / 3  # and balanced
EAGER_DECLINED = 0.50  # the least share of unanswerable questions that eager must still decline


def observe(library: Library, dataset: Dataset) -> tuple[list[Features], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the features of each question's best span, whether it was right, and whether there was an answer."""
    features, right, answerable = [], [], []
    for article, examples in progress(list(dataset.items), "Reading"):
        library.add_articles([article])
        readings = library.read_many([example.question for example in examples], article)
        for example, read in zip(examples, readings, strict=True):
            if read.candidates:
                features.append(read.features())
                answerable.append(bool(example.answers))
                right.append(bool(example.answers) and is_right(read.best, example.answers))
    return features, np.array(right), np.array(answerable)


def fit(
    features: Sequence[Features], right: NDArray[np.bool_], answerable: NDArray[np.bool_], fingerprint: str
) -> Calibrator:
    """Fit the multinomial logistic regression and choose the three operating points on the same questions.

    ``strict`` and ``balanced`` answer as much as they can while no more than ``STRICT_ERROR`` and ``BALANCED_ERROR`` of
    the answers are wrong, ``eager`` while ``EAGER_DECLINED`` of the unanswerable questions are still declined.

    Raises:
        ModelError: scikit-learn is missing, or all outcomes are the same.
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise ModelError("Calibrating takes scikit-learn: pip install 'article-qa[train]'.") from None
    if right.all() or not right.any() or answerable.all():
        raise ModelError(
            f"{int(right.sum())} of {right.size} questions came out right, {int((~answerable).sum())} had no answer:"
            " calibration needs both kinds."
        )
    names = [field.name for field in fields(Features)]
    table = np.array([[asdict(row)[name] for name in names] for row in features])  # (questions, features)
    mean, scale = table.mean(0), np.maximum(table.std(0), 1e-6)
    outcome = np.where(right, "right", np.where(answerable, "elsewhere", "absent"))
    model = LogisticRegression(C=1.0, max_iter=1000).fit((table - mean) / scale, outcome)
    outcomes = list(model.classes_)
    confidence = model.predict_proba((table - mean) / scale)[:, outcomes.index("right")]
    thresholds = operating_points(confidence, right, answerable)
    # of two outcomes scikit-learn keeps the log odds of the second alone
    weights = model.coef_ if len(outcomes) > 2 else np.vstack([0 * model.coef_, model.coef_])
    bias = model.intercept_ if len(outcomes) > 2 else np.array([0.0, *model.intercept_])
    return Calibrator(
        fingerprint=fingerprint,
        mean=_named(names, mean),
        scale=_named(names, scale),
        weights={outcome: _named(names, row) for outcome, row in zip(outcomes, weights, strict=True)},
        bias=_named(outcomes, bias),
        thresholds=thresholds,
        fitted_on={
            "questions": int(right.size),
            "answerable": int(answerable.sum()),
            "ece": round(expected_calibration_error(confidence, right), 4),
            "modes": {mode: operating_rates(confidence >= bar, right, answerable) for mode, bar in thresholds.items()},
        },
    )


def operating_points(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> dict[str, float]:
    """Return the confidence at which each mode starts to answer, never stricter for a more eager mode."""
    bars = np.unique(np.round(confidence, 4))
    shown = confidence[None, :] >= bars[:, None]  # (bars, questions)
    wrong = (shown & ~right).sum(1) / np.maximum(1, shown.sum(1))
    declined = (~shown & ~answerable).sum(1) / max(1, (~answerable).sum())
    strict, balanced = (
        float(bars[np.argmax(wrong <= most)]) if (wrong <= most).any() else float(bars[-1])
        for most in (STRICT_ERROR, BALANCED_ERROR)
    )
    eager = float(bars[np.argmax(declined >= EAGER_DECLINED)])
    return {"strict": max(strict, balanced), "balanced": balanced, "eager": min(eager, balanced)}


def calibrate(library: Library, dataset: Dataset) -> Calibrator:
    """Fit a calibrator to the reader of a library and write it beside the model.

    Raises:
        ModelError: The reader has no folder to keep it in, or scikit-learn is missing.
    """
    folder = library.reader.folder
    if folder is None:
        raise ModelError(f"Reader {library.reader.name} has no folder to keep a calibrator in.")
    calibrator = fit(*observe(library, dataset), library.reader.fingerprint)
    calibrator.save(folder)
    return calibrator


def _named(names: list[str], values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(names, (round(float(value), 6) for value in values), strict=True))
