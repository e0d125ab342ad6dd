"""One run: every question of every set, asked or taken over from a run that was stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.analysis import Result, analyse
from eval.asking import PART, ask_all, ask_in_processes
from eval.journal import Journal
from eval.outcome import question_key
from eval.system import System
from index.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from eval.asking import Pair
    from eval.datasets import Dataset
    from eval.outcome import Outcome
    from qa import Library


@dataclass(frozen=True, slots=True)
class Examination:
    """A set of questions and what came of each.

    Attributes:
        dataset: The questions that were asked.
        outcomes: Of each, in order.
    """

    dataset: Dataset
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What a system made of several sets.

    Attributes:
        system: What was measured.
        modes: In which it is scored.
        examinations: One for each set.
    """

    system: System
    modes: tuple[str, ...]
    examinations: tuple[Examination, ...]

    def results(self) -> Iterator[Result]:
        """Yield the analysis of each set in each mode."""
        for one in self.examinations:
            for mode in self.modes:
                yield analyse(one.dataset.name, one.outcomes, mode, self.system.thresholds, one.dataset.skipped)


def examine(
    datasets: Sequence[Dataset],
    library: Callable[[], Library],
    modes: Sequence[str] = ("balanced",),
    jobs: int = 1,
    folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Run:
    """Ask every question of the sets and return what came of it.

    Args:
        datasets: Those without questions are passed over.
        library: Makes a library; with several jobs it must be picklable.
        modes: To score in; a mode given twice is scored once.
        jobs: How many processes share the questions; the outcomes are the same for any number, only not the times.
        folder: Where outcomes are kept as they come; those of the same system that lie there are taken over.
        say: Is told, in a line, what is taken over.
    """
    with library() as own:
        system = System.of(own)
        journal = Journal(folder, system.key, jobs) if folder else None
        if journal and journal.foreign:
            say(f"{folder}: {journal.foreign} outcomes of another reader, embedder or version are there and not used.")

        def ask(pairs: Sequence[Pair]) -> Iterator[Outcome]:
            return ask_in_processes(pairs, library, jobs) if jobs > 1 and len(pairs) > PART else ask_all(pairs, own)

        examinations = tuple(_examined(dataset, ask, journal, say) for dataset in datasets if len(dataset))
        if journal:
            journal.close()
    return Run(system, tuple(dict.fromkeys(modes)), examinations)


def _examined(
    dataset: Dataset,
    ask: Callable[[Sequence[Pair]], Iterator[Outcome]],
    journal: Journal | None,
    say: Callable[[str], None],
) -> Examination:
    found, missing = _known(dataset, journal)
    if found:
        say(f"{dataset.name}: {len(found)} of {len(dataset)} questions were asked before and are not asked again.")
    for outcome in progress(ask(missing), f"Asking {dataset.name}", len(missing)):
        found[outcome.key] = outcome
        if journal:
            journal.append(outcome)
    return Examination(dataset, tuple(found[question_key(*pair)] for pair in dataset.pairs))


def _known(dataset: Dataset, journal: Journal | None) -> tuple[dict[str, Outcome], list[Pair]]:
    """Return the outcomes that are there already, by key, and the questions that are to be asked."""
    found: dict[str, Outcome] = {}
    missing = []
    for pair in dataset.pairs:
        outcome = journal.get(question_key(*pair)) if journal else None
        if outcome:
            found[outcome.key] = outcome
        else:
            missing.append(pair)
    return found, missing
