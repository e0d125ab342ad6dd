"""Evaluators: called with a library, they return a dictionary of metrics and name the one to compare runs by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.asking import ask_all
from eval.outcome import gold_rank
from eval.scores import RANKS, Scores
from index.progress import progress

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from eval.outcome import Outcome
    from qa import Library


class AnswerEvaluator:
    """Scores the answers to a dataset in a mode.

    Every article is asked about by itself, as if it were the only one in the library, which is left as it was.

    Args:
        dataset: The questions.
        mode: strict, balanced or eager.
        limit: Ask only so many questions, chosen at random.
        seed: Of the choice.
    """

    primary_metric = "f1"

    def __init__(self, dataset: Dataset, mode: str = "balanced", limit: int | None = None, seed: int = 0) -> None:
        self.dataset = dataset.limited(limit, seed)
        self.mode = mode

    def __call__(self, library: Library) -> dict[str, float]:
        """Return the metrics of a library on the dataset."""
        return Scores.of(self.outcomes(library), self.mode).metrics()

    def outcomes(self, library: Library) -> list[Outcome]:
        """Return what came of each question, in order; an outcome can be scored in every mode."""
        pairs = self.dataset.pairs
        return list(progress(ask_all(pairs, library), f"Asking {self.dataset.name}", len(pairs)))


class RetrievalEvaluator:
    """Scores where the passage that holds a gold answer is ranked among the passages of its article.

    Every article is searched, however short; nothing is read. Questions whose answers have no place are left out.

    Args:
        dataset: The questions.
        top_k: How many passages are looked at; an answer that none of them holds has no rank.
    """

    primary_metric = "mrr"

    def __init__(self, dataset: Dataset, top_k: int = max(RANKS)) -> None:
        self.dataset = dataset
        self.top_k = top_k

    def __call__(self, library: Library) -> dict[str, float]:
        """Return recall at several ranks in percent and the mean reciprocal rank."""
        ranks: list[int | None] = []
        items = self.dataset.items
        for article, examples in progress(items, f"Searching {self.dataset.name}", len(items)):
            (added,) = library.add_articles([article])
            located = (example for example in examples if any(start is not None for start in example.starts))
            ranks += [gold_rank(library.find(e.question, [article], self.top_k), e) for e in located]
            if added:
                library.remove(article.id)
        metrics: dict[str, float] = {"retrieval_total": len(ranks)}
        if ranks:
            for k in RANKS:
                metrics[f"recall@{k}"] = round(100 * sum(bool(rank and rank <= k) for rank in ranks) / len(ranks), 4)
            metrics["mrr"] = round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4)
        return metrics
