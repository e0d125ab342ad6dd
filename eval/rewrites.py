"""Stand-alone questions made by rule, against those that people wrote for other people's dialogues.

    python -m eval.rewrites FILE.jsonl[.gz] ...

Each line has ``history``, ``question`` and ``rewrite`` as in CANARD (Elgohary et al. 2019). There is no article to ask,
so what the rules expect most stands for what the reader would choose, and the history gives answers without places.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eval.metrics import f1
from qa.antecedents import Said
from qa.followups import meanings
from qa.squad import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

UNANSWERED = "I don't know."  # what the data says where the article did not


def understood(question: str, history: Sequence[str]) -> str:
    """Return what the rules take a question to mean.

    Args:
        question: As typed.
        history: The topic and its section, then questions and answers in turn.
    """
    turns = [Said(f"Who or what is {history[0]}?", history[0], history[0])] if history else []
    for asked, answer in zip(history[2::2], history[3::2], strict=False):
        given = "" if answer == UNANSWERED else answer
        turns.append(Said(asked, given, given))
    return meanings(question, turns)[0].question


def compare(records: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the mean token F1 with the person's rewriting: of the words as typed, and of what the rules make of them.

    The records that the rules change are also told apart.
    """
    pairs = [(one["question"], understood(one["question"], one["history"]), one["rewrite"]) for one in records]
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    return {
        "total": len(pairs),
        "changed": len(changed),
        "literal_f1": _mean([f1(typed, [rewrite]) for typed, _, rewrite in pairs]),
        "understood_f1": _mean([f1(meant, [rewrite]) for _, meant, rewrite in pairs]),
        "literal_f1_of_changed": _mean([f1(typed, [rewrite]) for typed, _, rewrite in changed]),
        "understood_f1_of_changed": _mean([f1(meant, [rewrite]) for _, meant, rewrite in changed]),
    }


def load(path: Path) -> list[dict[str, Any]]:
    """Read a file of follow-ups, gzipped or not.

    Raises:
        InputError: It is not such a file.
    """
    with reading(path):
        raw = path.read_bytes()
        lines = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode().splitlines()
        records = [json.loads(line) for line in lines if line.strip()]
        return [{name: record[name] for name in ("history", "question", "rewrite")} for record in records]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        sys.stdout.write(json.dumps({"file": path.name, **compare(load(path))}) + "\n")


def _mean(values: Sequence[float]) -> float:
    return round(100 * sum(values) / max(1, len(values)), 2)


if __name__ == "__main__":
    main()
