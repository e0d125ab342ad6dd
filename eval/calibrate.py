"""Fitting a reader's calibrator to questions that it was not trained on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.curves import expected_calibration_error, operating_rates
from eval.metrics import is_right
from index.progress import progress
from qa import Library, ModelError, UsageError
from qa.calibration import MODES, Calibrator, Features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from eval.datasets import Dataset

STRICT_ERROR = 1 / 5  # the most answers that strict may give wrong on the calibration questions
BALANCED_ERROR = 1 / 3  # and balanced
EAGER_DECLINED = 0.50  # the least share of unanswerable questions that eager must still decline
FOLDS = 8  # of titles, each of which is judged by what the others are fitted to
FEATURES = [field.name for field in fields(Features)]


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What a reader made of n questions.

    Attributes:
        table: Features of the best span of each, in the order of ``FEATURES``, shape (n, features).
        right: Whether it was right, shape (n,).
        answerable: Whether there was an answer, shape (n,).
        titles: Of the article of each, shape (n,); articles of one title may be parts of one text.
    """

    table: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    titles: NDArray[np.str_]

    @property
    def outcomes(self) -> NDArray[np.str_]:
        """What came of each, shape (n,): of ``qa.calibration.OUTCOMES``."""
        return np.where(self.right, "right", np.where(self.answerable, "elsewhere", "absent"))

    def some(self, chosen: NDArray[np.int64]) -> Observed:
        """Return some of the questions."""
        return Observed(self.table[chosen], self.right[chosen], self.answerable[chosen], self.titles[chosen])

    def folds(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the questions to fit to and those to judge by that; none where there is but one title.

        No title is on both sides, for the articles made of one share texts and questions.
        """
        from sklearn.model_selection import GroupKFold

        if (count := len(np.unique(self.titles))) > 1:
            yield from GroupKFold(min(FOLDS, count)).split(self.table, groups=self.titles)


def observe(library: Library, dataset: Dataset) -> Observed:
    """Ask every question of its article and return what came of those for which there was something to read.

    Questions that the library does not take, being empty or too long, are passed over.
    """
    table, right, answerable, titles = [], [], [], []
    for article, examples in progress(list(dataset.items), "Reading"):
        library.add_articles([article])
        for example in examples:
            try:
                (read,) = library.read_many([example.question], article)
            except UsageError:
                continue
            if read.candidates:
                table.append(list(asdict(read.features()).values()))
                answerable.append(bool(example.answers))
                right.append(bool(example.answers) and is_right(read.best, example.answers))
                titles.append(article.title)
        library.remove(article.id)  # else the words of the next ones weigh more or less than they do to those who ask
    return Observed(np.array(table), np.array(right, bool), np.array(answerable, bool), np.array(titles, str))


def fit(observed: Observed, fingerprint: str) -> Calibrator:
    """Fit a calibrator, and say how well its like does on titles that it was not fitted to.

    ``strict`` and ``balanced`` answer as much as they can while no more than ``STRICT_ERROR`` and ``BALANCED_ERROR`` of
    the answers are wrong, ``eager`` while ``EAGER_DECLINED`` of the unanswerable questions are still declined. That
    holds for the questions at hand by construction, so ``fitted_on`` has what comes of it elsewhere, by
    cross-validation: "ece" and the rates of the "modes", which are absent where the titles are too few.

    Raises:
        ModelError: scikit-learn is missing, or all outcomes are the same.
    """
    about = {
        "questions": observed.right.size,
        "answerable": int(observed.answerable.sum()),
        "titles": len(np.unique(observed.titles)),
    }
    return replace(_fitted(observed, fingerprint), fitted_on=about | _cross_validated(observed))


def _fitted(observed: Observed, fingerprint: str = "") -> Calibrator:
    """Fit the multinomial logistic regression and choose the three operating points on the same questions."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise ModelError("Calibrating takes scikit-learn: pip install 'article-qa[train]'.") from None
    right, answerable = observed.right, observed.answerable
    if right.all() or not right.any() or answerable.all():
        raise ModelError(
            f"{int(right.sum())} of {right.size} questions came out right, {int((~answerable).sum())} had no answer:"
            " calibration needs both kinds."
        )
    mean, scale = observed.table.mean(0), np.maximum(observed.table.std(0), 1e-6)
    model = LogisticRegression(C=1.0, max_iter=1000).fit((observed.table - mean) / scale, observed.outcomes)
    outcomes = list(model.classes_)
    confidence = model.predict_proba((observed.table - mean) / scale)[:, outcomes.index("right")]
    # of two outcomes scikit-learn keeps the log odds of the second alone
    weights = model.coef_ if len(outcomes) > 2 else np.vstack([0 * model.coef_, model.coef_])
    bias = model.intercept_ if len(outcomes) > 2 else np.array([0.0, *model.intercept_])
    return Calibrator(
        fingerprint=fingerprint,
        mean=_named(FEATURES, mean),
        scale=_named(FEATURES, scale),
        weights={outcome: _named(FEATURES, row) for outcome, row in zip(outcomes, weights, strict=True)},
        bias=_named(outcomes, bias),
        thresholds=operating_points(confidence, right, answerable),
        fitted_on={},
    )


def _cross_validated(observed: Observed) -> dict[str, Any]:
    """Return the calibration error and the rates of the modes on titles that nothing was fitted to, if there are any.

    The thresholds, too, are those of the other titles.
    """
    confidence = np.full(observed.right.size, np.nan)
    shown = {mode: np.zeros_like(observed.right) for mode in MODES}
    for fitted, others in observed.folds():
        try:
            calibrator = _fitted(observed.some(fitted))
        except ModelError:  # what is left is of one kind
            return {}
        confidence[others] = [calibrator.confidence(Features(*row)) for row in observed.table[others]]
        for mode, threshold in calibrator.thresholds.items():
            shown[mode][others] = confidence[others] >= threshold
    if np.isnan(confidence).any():
        return {}
    rates = {mode: operating_rates(given, observed.right, observed.answerable) for mode, given in shown.items()}
    return {
        "ece": round(expected_calibration_error(confidence, observed.right), 4),
        "modes": {mode: found for mode, found in rates.items() if "error" in found},  # one may answer nothing
    }


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
    calibrator = fit(observe(library, dataset), library.reader.fingerprint)
    calibrator.save(folder)
    return calibrator


def _named(names: list[str], values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(names, (round(float(value), 6) for value in values), strict=True))
