"""Putting questions to a library one by one, each article by itself, in this process or in several."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import connection, get_context, parent_process
from time import perf_counter
from typing import TYPE_CHECKING

from eval.outcome import Outcome, gold_rank, question_key
from qa import UsageError
from qa.calibration import MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eval.datasets import Example
    from qa import Article, Library
    from qa.answering import Reading

    Pair = tuple[Article, Example]

PART = 16  # questions that a process is given at a time


class Examiner:
    """Asks a library about one article at a time, as if it had no other; outcomes do not depend on their order.

    Close it to leave the library as it was.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._article: Article | None = None
        self._added = False

    def ask(self, article: Article, example: Example) -> Outcome:
        """Ask one question and time it; one that the library does not take, being empty or too long, is declined."""
        fresh = self._article != article
        if fresh:
            self._turn_to(article)
        outcome = Outcome(
            question_key(article, example), example.id, example.question, article.id, example.answers, example.starts
        )
        try:
            (reading,) = self._library.read_many([example.question], article)
            if fresh and _searched(reading):  # the first search made the index, which is no part of a question's time
                (reading,) = self._library.read_many([example.question], article)
        except UsageError:
            return outcome
        return self._decided(outcome, example, reading)

    def close(self) -> None:
        """Remove the last article, if it was not there before."""
        if self._article and self._added:
            self._library.remove(self._article.id)
        self._article = None

    def _turn_to(self, article: Article) -> None:
        self.close()
        (self._added,) = self._library.add_articles([article])
        self._article = article

    def _decided(self, outcome: Outcome, example: Example, reading: Reading) -> Outcome:
        begun = perf_counter()
        answers = {mode: self._library.decide(reading, mode) for mode in MODES}
        decided = 1000 * (perf_counter() - begun) / len(MODES)
        best = reading.candidates[0] if reading.candidates else None
        return replace(
            outcome,
            best=reading.best,
            start=best.start if best else None,
            confidence=answers[MODES[0]].confidence,
            margin=best.margin if best else None,
            answered_in=tuple(mode for mode, answer in answers.items() if answer),
            searched=_searched(reading),
            gold_rank=gold_rank(reading.passages, example) if _searched(reading) else None,
            milliseconds={**reading.milliseconds, "decide": round(decided, 3)},
        )


def ask_all(pairs: Iterable[Pair], library: Library) -> Iterator[Outcome]:
    """Yield the outcome of each question in order; those about one article should stand together."""
    examiner = Examiner(library)
    try:
        for article, example in pairs:
            yield examiner.ask(article, example)
    finally:
        examiner.close()


def ask_in_processes(pairs: Sequence[Pair], library: Callable[[], Library], jobs: int) -> Iterator[Outcome]:
    """Yield the outcome of each question as it comes, in any order; processes share the questions.

    Args:
        pairs: The questions with their articles; those about one article should stand together.
        library: Makes the library of a process; it must be picklable.
        jobs: How many processes.
    """
    # Threads of onnxruntime do not survive a fork.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(library,))
    try:
        futures = [pool.submit(_ask_part, pairs[at : at + PART]) for at in range(0, len(pairs), PART)]
        for future in as_completed(futures):
            yield from future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker(library: Callable[[], Library]) -> None:
    global _examiner
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _examiner = Examiner(library())


def _ask_part(pairs: Sequence[Pair]) -> list[Outcome]:
    return [_examiner.ask(article, example) for article, example in pairs]


def _end_with_parent() -> None:
    """End this process when the one that started it was killed and can no longer tell it to."""
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)


def _searched(reading: Reading) -> bool:
    return any(passage.score is not None for passage in reading.passages)


_examiner: Examiner  # of a worker process
