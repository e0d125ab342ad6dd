"""The articles that come with the product, each with questions to start from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.article import Article

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled article and questions that it answers."""

    article: Article
    questions: tuple[str, ...]


def samples() -> list[Sample]:
    """Return the bundled articles, the default one first."""
    return list(_samples())


@cache
def _samples() -> tuple[Sample, ...]:
    entries = json.loads((FOLDER / "samples.json").read_text("utf-8"))
    return tuple(
        Sample(
            Article.of(
                (FOLDER / entry["file"]).read_text("utf-8"),
                entry["title"],
                entry["source"],
                published=entry["published"],
            ),
            tuple(entry["questions"]),
        )
        for entry in entries
    )
