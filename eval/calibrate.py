"""Fitting a reader's calibrator to questions that it was not trained on.

The questions are asked as users ask them: of articles several windows long, answerable and not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import numpy as np

from eval.datasets import Dataset, Example
from eval.metrics import RIGHT_F1, exact_match, f1, normalized
from index.progress import progress
from qa import Article, InputError, Library, ModelError
from qa.calibration import Calibrator, Features

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PARAGRAPHS = 6  # of one title make one article of about 800 words
STRICT_ERROR = 0.10  # the most answers that strict may give wrong on the calibration questions
EAGER_DECLINED = 0.50  # the least share of unanswerable questions that eager must still decline


def held_out(title: str) -> bool:
    """Return whether an article is kept from training for calibration: one title in sixteen, by its hash."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 16 == 0


def calibration_set(files: Sequence[Path], limit: int, seed: int = 0) -> Dataset:
    """Make an article-level set of the held-out titles of SQuAD-v2 files.

    Runs of paragraphs of one title are joined into articles. Unanswerable questions are those of the file and, as many
    again, questions about other parts of the same title whose answers do not occur in the article.

    Args:
        files: SQuAD-v2 files; titles that ``held_out`` does not choose are passed over.
        limit: The most questions to take of each file.
        seed: Of the choice.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    items: list[tuple[Article, tuple[Example, ...]]] = []
    for file in files:
        made = list(_articles(file, rng))
        rng.shuffle(made)
        taken = 0
        for article, examples in made:
            if taken < limit:
                items.append((article, tuple(examples[: limit - taken])))
                taken += len(items[-1][1])
    if not items:
        raise InputError(f"None of {len(files)} files has a title that is held out for calibration.")
    return Dataset("calibration", tuple(items))


def _articles(file: Path, rng: random.Random) -> Iterator[tuple[Article, list[Example]]]:
    with gzip.open(file) as stream:
        data = json.load(stream)["data"]
    for entry in data:
        if not held_out(entry.get("title", "")):
            continue
        paragraphs = entry["paragraphs"]
        groups = [paragraphs[at : at + PARAGRAPHS] for at in range(0, len(paragraphs), PARAGRAPHS)]
        for number, group in enumerate(groups):
            text = "\n\n".join(paragraph["context"] for paragraph in group)
            own = [_example(q, f"{number}") for paragraph in group for q in paragraph["qas"]]
            words = f" {normalized(text)} "
            foreign = [
                _example(q, f"{number}-foreign", impossible=True)
                for other in groups if other is not group
                for paragraph in other for q in paragraph["qas"]
                if not any(f" {normalized(answer['text'])} " in words for answer in q.get("answers", []))
            ]  # fmt: skip
            examples = rng.sample(own, min(len(own), 24))
            examples += rng.sample(foreign, min(len(foreign), len(examples) // 4))
            yield Article.of(text, entry.get("title", "").replace("_", " ") or None), examples


def _example(question: dict[str, object], mark: str, *, impossible: bool = False) -> Example:
    answers: list[dict[str, str]] = [] if impossible or question.get("is_impossible") else question["answers"]  # type: ignore[assignment]
    texts = tuple(answer["text"] for answer in answers)
    return Example(f"{question['id']}-{mark}", str(question["question"]), texts, (None,) * len(texts))


def observe(library: Library, dataset: Dataset) -> tuple[list[Features], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the features of each question's best span, whether it was right, and whether there was an answer."""
    features, right, answerable = [], [], []
    for article, examples in progress(list(dataset.items), "Reading"):
        library.add_articles([article])
        readings = library.read_many([example.question for example in examples], article)
        for example, reading in zip(examples, readings, strict=True):
            if not reading.candidates:
                continue
            best = reading.best
            features.append(reading.features())
            answerable.append(bool(example.answers))
            right.append(
                bool(example.answers)
                and (exact_match(best, example.answers) == 1.0 or f1(best, example.answers) >= RIGHT_F1)
            )
    return features, np.array(right), np.array(answerable)


def fit(
    features: Sequence[Features], right: NDArray[np.bool_], answerable: NDArray[np.bool_], fingerprint: str
) -> Calibrator:
    """Fit the logistic regression and choose the three operating points on the same questions.

    ``balanced`` is where the share of answerable questions answered right plus the share of unanswerable ones declined
    is greatest; ``strict`` and ``eager`` are given by ``STRICT_ERROR`` and ``EAGER_DECLINED``.

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
    model = LogisticRegression(C=1.0, max_iter=1000).fit((table - mean) / scale, right)
    confidence = model.predict_proba((table - mean) / scale)[:, 1]
    thresholds = operating_points(confidence, right, answerable)
    return Calibrator(
        fingerprint=fingerprint,
        mean=_named(names, mean),
        scale=_named(names, scale),
        weights=_named(names, model.coef_[0]),
        bias=float(model.intercept_[0]),
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
    hits = (shown & right).sum(1) / max(1, answerable.sum())
    declined = (~shown & ~answerable).sum(1) / max(1, (~answerable).sum())
    balanced = float(bars[np.argmax(hits + declined)])
    strict = float(bars[np.argmax(wrong <= STRICT_ERROR)]) if (wrong <= STRICT_ERROR).any() else float(bars[-1])
    eager = float(bars[np.argmax(declined >= EAGER_DECLINED)])
    return {"strict": max(strict, balanced), "balanced": balanced, "eager": min(eager, balanced)}


def operating_rates(
    shown: NDArray[np.bool_], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> dict[str, float]:
    """Return coverage, error rate of what is shown, answerable questions answered right and unanswerable declined."""
    return {
        "coverage": _rate(shown),
        "error": _rate(~right[shown]),
        "answered_right": _rate((shown & right)[answerable]),
        "declined": _rate(~shown[~answerable]),
    }


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the ECE over bins of equal width (Guo et al. 2017)."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = (abs((confidence[places == b] - right[places == b]).sum()) for b in range(bins))
    return float(sum(gaps) / max(1, right.size))


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


def _rate(flags: NDArray[np.bool_]) -> float:
    return round(float(flags.mean()), 4) if flags.size else 0.0
