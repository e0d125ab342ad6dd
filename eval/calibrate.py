"""Fitting a reader's calibrator to questions that it was not trained on.

The questions are asked as users ask them, answerable and not: of articles of a page or two, which are read whole, and
of long ones, of which passages are retrieved.
"""

from __future__ import annotations

import random
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.curves import expected_calibration_error, operating_rates
from eval.datasets import Dataset, Example
from eval.metrics import is_right, normalized
from index.progress import progress
from qa import Article, InputError, Library, ModelError
from qa.calibration import Calibrator, Features
from qa.squad import reading, squad_entries
from qa.training.split import held_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PARAGRAPHS = 6  # of one title make a short article, of about 700 words
FOREIGN = 0.25  # questions about other parts of the title that are added, as a share of an article's own
STRICT_ERROR = 0.20  # the most answers that strict may give wrong on the calibration questions
EAGER_DECLINED = 0.50  # the least share of unanswerable questions that eager must still decline


def calibration_set(files: Sequence[Path], limit: int, seed: int = 0) -> Dataset:
    """Make an article-level set of the held-out titles of SQuAD-v2 files.

    Two thirds of the questions are asked of short articles (runs of paragraphs of one title), one third of whole
    titles. Titles of a single paragraph are passed over. Besides the unanswerable questions of the file there are
    questions about other parts of the title whose answers do not occur in the short article.

    Args:
        files: SQuAD-v2 files; titles that ``held_out`` does not choose are passed over.
        limit: The most questions to take of each file.
        seed: Of the choice.

    Raises:
        InputError: A file cannot be read, or none has a title that is held out.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    items: list[tuple[Article, tuple[Example, ...]]] = []
    for file in files:
        with reading(file):
            titles = [entry for entry in squad_entries(file) if held_out(entry.get("title", ""))]
            titles = [entry for entry in titles if len(entry["paragraphs"]) > 1]
            short = [article for entry in titles for article in _short_articles(entry, rng)]
            whole = [_article(entry, entry["paragraphs"], [], rng) for entry in titles]
        items += _sample(short, limit - limit // 3, rng) + _sample(whole, limit // 3, rng)
    if not items:
        raise InputError(f"None of {len(files)} files has a title of several paragraphs that is held out.")
    return Dataset("calibration", tuple(items))


def _short_articles(entry: dict[str, Any], rng: random.Random) -> Iterator[tuple[Article, list[Example]]]:
    paragraphs = entry["paragraphs"]
    for at in range(0, len(paragraphs), PARAGRAPHS):
        group = paragraphs[at : at + PARAGRAPHS]
        words = f" {normalized(' '.join(paragraph['context'] for paragraph in group))} "
        foreign = [
            question
            for paragraph in paragraphs[:at] + paragraphs[at + PARAGRAPHS :]
            for question in paragraph["qas"]
            if not any(f" {normalized(answer['text'])} " in words for answer in question.get("answers", []))
        ]
        yield _article(entry, group, foreign, rng)


def _article(
    entry: dict[str, Any], paragraphs: list[dict[str, Any]], foreign: list[dict[str, Any]], rng: random.Random
) -> tuple[Article, list[Example]]:
    text = "\n\n".join(paragraph["context"] for paragraph in paragraphs)
    own = [question for paragraph in paragraphs for question in paragraph["qas"]]
    examples = [_example(question, impossible=bool(question.get("is_impossible"))) for question in own]
    added = rng.sample(foreign, min(len(foreign), int(FOREIGN * len(own))))
    return Article.of(text, entry["title"].replace("_", " ")), examples + [_example(q, impossible=True) for q in added]


def _example(question: dict[str, Any], *, impossible: bool) -> Example:
    texts = () if impossible else tuple(answer["text"] for answer in question["answers"])
    return Example(str(question["id"]), question["question"], texts, (None,) * len(texts))


def _sample(
    articles: list[tuple[Article, list[Example]]], limit: int, rng: random.Random
) -> list[tuple[Article, tuple[Example, ...]]]:
    """Return at most ``limit`` questions in all, spread over the articles."""
    pairs = [(at, example) for at, (_, examples) in enumerate(articles) for example in examples]
    chosen = rng.sample(pairs, min(limit, len(pairs)))
    groups: dict[int, list[Example]] = {}
    for at, example in chosen:
        groups.setdefault(at, []).append(example)
    return [(articles[at][0], tuple(examples)) for at, examples in sorted(groups.items())]


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

    ``balanced`` is where the harmonic mean of the share of answerable questions answered right and the share of
    unanswerable ones declined is greatest, so that neither is bought with the other; ``strict`` and ``eager`` are given
    by ``STRICT_ERROR`` and ``EAGER_DECLINED``.

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
    hits = (shown & right).sum(1) / max(1, answerable.sum())
    declined = (~shown & ~answerable).sum(1) / max(1, (~answerable).sum())
    balanced = float(bars[np.argmax(hits * declined / np.maximum(hits + declined, 1e-9))])
    strict = float(bars[np.argmax(wrong <= STRICT_ERROR)]) if (wrong <= STRICT_ERROR).any() else float(bars[-1])
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
