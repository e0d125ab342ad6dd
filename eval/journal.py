"""The outcomes of a run on disk as they come, so that a run that was killed goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from eval.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL_FILE = "outcomes.jsonl"


class Journal:
    """A file of outcomes, one on each line, that is only ever appended to.

    Outcomes belong to the system that answered: those of another reader, calibrator, embedder or version stay in the
    file and are not used. Times belong to the number of processes that shared the machine: those of another number are
    forgotten. A line that was not written to its end is passed over.

    Args:
        folder: Where ``outcomes.jsonl`` is; made if it does not exist.
        system: Key of the system that answers now.
        jobs: How many processes share the questions now.

    Attributes:
        foreign: How many outcomes of other systems were found.
    """

    def __init__(self, folder: Path, system: str, jobs: int = 1) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / JOURNAL_FILE
        self._system = system
        self._jobs = jobs
        self._known: dict[str, Outcome] = {}
        self.foreign = 0
        text = self._path.read_text(encoding="utf-8", errors="replace") if self._path.exists() else ""
        for line in text.splitlines():
            self._take_over(line)
        self._file = self._path.open("a", encoding="utf-8")
        if text and not text.endswith("\n"):
            self._file.write("\n")

    def get(self, key: str) -> Outcome | None:
        """Return the outcome of a question if this system was asked before."""
        return self._known.get(key)

    def append(self, outcome: Outcome) -> None:
        """Write an outcome; it outlives the process from here on.

        Raises:
            OSError: The disk is full.
        """
        record = {"system": self._system, "jobs": self._jobs, **outcome.to_dict()}
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()
        self._known[outcome.key] = outcome

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _take_over(self, line: str) -> None:
        try:
            record = json.loads(line)
            system, outcome = record["system"], Outcome.from_dict(record)
        except (ValueError, KeyError, TypeError):
            return
        if system == self._system:
            timed = record.get("jobs") == self._jobs
            self._known[outcome.key] = outcome if timed else replace(outcome, milliseconds=None)
        else:
            self.foreign += 1
