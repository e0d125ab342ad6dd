"""Asking a library every question of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from eval.metrics import Outcome, summary
from index.progress import progress
from qa import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eval.datasets import Dataset, Example
    from qa import Answer, Article
    from qa.answering import Reading

BATCH = 16  # questions read together


class AnswerEvaluator:
    """Scores the answers to a dataset; call it with a library to get a dictionary of metrics.

    Every article is asked about by itself, as if it were the only one in the library.

    Attributes:
        primary_metric: The metric to compare runs by.
    """

    primary_metric = "f1"

    def __init__(self, dataset: Dataset, mode: str = "balanced", limit: int | None = None) -> None:
        self.dataset = dataset
        self.mode = mode
        self.limit = limit

    def __call__(self, library: Library) -> dict[str, float]:
        """Return the metrics of a library on the dataset."""
        return summary(self.outcomes(library, [self.mode])[self.mode])

    def outcomes(self, library: Library, modes: Sequence[str]) -> dict[str, list[Outcome]]:
        """Return what came of each question in each mode, in order; every question is read once.

        Articles are added to the library where they are missing.
        """
        pairs = [(article, example) for article, examples in self.dataset.items for example in examples][: self.limit]
        library.add_articles([article for article, _ in pairs])
        found: dict[str, list[Outcome]] = {mode: [] for mode in modes}  # a mode given twice is scored once
        for article, batch in progress(list(_batches(pairs)), f"Asking {self.dataset.name}"):
            for example, reading in zip(batch, library.read_many([e.question for e in batch], article), strict=True):
                for mode in found:
                    found[mode].append(_outcome(example, reading, library.decide(reading, mode)))
        return found


def _outcome(example: Example, reading: Reading, answer: Answer) -> Outcome:
    return Outcome(
        id=example.id,
        question=example.question,
        gold=example.answers,
        predicted=answer.text,
        best=reading.best,
        confidence=answer.confidence,
        margin=reading.candidates[0].margin if reading.candidates else None,
        milliseconds=sum(reading.milliseconds.values()),
    )


def _batches(pairs: list[tuple[Article, Example]]) -> Iterator[tuple[Article, list[Example]]]:
    batch: list[Example] = []
    for at, (article, example) in enumerate(pairs):
        batch.append(example)
        last = at + 1 == len(pairs) or pairs[at + 1][0] is not article
        if last or len(batch) == BATCH:
            yield article, batch
            batch = []


class Result(TypedDict):
    """The metrics of one dataset, as printed."""

    dataset: str
    mode: str
    metrics: dict[str, float]
    skipped: list[str]


def evaluate(
    datasets: Sequence[Dataset], library: Callable[[], Library], modes: Sequence[str], limit: int | None = None
) -> list[Result]:
    """Return the results of each dataset in each mode, every dataset asked of a new library."""
    results: list[Result] = []
    for dataset in datasets:
        with library() as asked:
            outcomes = AnswerEvaluator(dataset, limit=limit).outcomes(asked, modes)
        results += [
            Result(dataset=dataset.name, mode=mode, metrics=summary(outcomes[mode]), skipped=list(dataset.skipped))
            for mode in outcomes
        ]
    return results
