"""``report.json``: everything about a run, and reading it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from eval.groups import answer_length, question_type
from eval.metrics import exact_match, f1
from eval.outcome import Outcome
from qa import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from eval.analysis import Result
    from eval.examination import Run

SCHEMA = 1
REPORT_FILE = "report.json"


@dataclass(frozen=True, slots=True)
class ReportedSet:
    """A set of questions in a report, and what came of each."""

    dataset: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What of a report another run can be compared with."""

    modes: tuple[str, ...]
    sets: tuple[ReportedSet, ...]


def document(run: Run, results: Sequence[Result], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run, with the analysis of each set in each mode, as JSON-ready values.

    ``sets`` has for each set its ``results``, one for each mode, and its ``questions``, each with the scores of its
    best span beside what came of it.
    """
    each = len(run.modes)
    return {
        "schema": SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": dict(settings),
        "system": run.system.to_dict(),
        "modes": list(run.modes),
        "sets": [
            {
                "dataset": one.dataset.name,
                "results": list(results[at * each : (at + 1) * each]),
                "questions": [_question(outcome) for outcome in one.outcomes],
            }
            for at, one in enumerate(run.examinations)
        ],
    }


def load_report(path: Path) -> Report:
    """Read a report, or that of the folder in which it is.

    Raises:
        InputError: It is not a report, or one of another schema.
    """
    file = path / REPORT_FILE if path.is_dir() else path
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        schema = data["schema"]
        if schema == SCHEMA:
            sets = (
                ReportedSet(one["dataset"], tuple(Outcome.from_dict(record) for record in one["questions"]))
                for one in data["sets"]
            )
            return Report(tuple(data["modes"]), tuple(sets))
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is not a report.json of article-qa eval --out ({type(error).__name__}).") from None
    raise InputError(f"{file} has schema {schema!r}, not {SCHEMA}: make it again with this version's article-qa eval.")


def _question(outcome: Outcome) -> dict[str, Any]:
    return {
        **outcome.to_dict(),
        "type": question_type(outcome.question),
        "length": answer_length(outcome.gold),
        "best_exact": exact_match(outcome.best, outcome.gold),
        "best_f1": round(f1(outcome.best, outcome.gold), 4),
    }
