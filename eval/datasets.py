"""Questions with gold answers, read from SQuAD files: ours, official ones, anybody's."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa import Article, InputError
from qa.squad import read_squad
from qa.training.split import held_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.squad import SquadAnswer, SquadParagraph, SquadQuestion

GOLD = Path(__file__).parent / "gold"
DIALOGUES = GOLD / "dialogues.json"  # whose questions follow each other: a format of its own, see eval.dialogues


@dataclass(frozen=True, slots=True)
class Example:
    """One question about an article; no answers means that the article does not say.

    Attributes:
        answers: Accepted texts.
        starts: Offset of each in the article; None where only the text is known, or it stands elsewhere.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    starts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named set of articles, each with its questions.

    Attributes:
        skipped: Names of files that gave nothing: context files that were asked for and not given, or files without
            a title to calibrate on.
    """

    name: str
    items: tuple[tuple[Article, tuple[Example, ...]], ...]
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return sum(len(examples) for _, examples in self.items)

    @property
    def pairs(self) -> list[tuple[Article, Example]]:
        """Every question with the article that it is about, in order."""
        return [(article, example) for article, examples in self.items for example in examples]

    def limited(self, limit: int | None, seed: int = 0) -> Dataset:
        """Return ``limit`` questions chosen at random, for the first ones are all about one article; their order stays.

        One seed always chooses the same, and with a greater limit those and more.
        """
        if limit is None or limit >= len(self):
            return self
        places = list(range(len(self)))
        random.Random(seed).shuffle(places)  # noqa: S311 - a sample, not a secret
        chosen = set(places[:limit])
        items, first = [], 0
        for article, examples in self.items:
            kept = tuple(example for at, example in enumerate(examples, first) if at in chosen)
            first += len(examples)
            if kept:
                items.append((article, kept))
        return replace(self, items=tuple(items))


def gold_files() -> list[Path]:
    """Return the gold sets that ship."""
    return sorted(path for path in GOLD.glob("*.json") if path != DIALOGUES)


def load_squad(
    path: Path, *, article_level: bool = False, contexts: Path | None = None, held_out_only: bool = False
) -> Dataset:
    """Read a SQuAD v1.1 or v2 file, gzipped or not.

    Args:
        path: The file.
        article_level: Join all paragraphs of a title into one article, with a blank line between them.
        held_out_only: Take only the titles that ``article-qa train`` sets aside.
        contexts: Folder of the texts that a gold set names by ``context_file`` instead of containing them.

    Raises:
        InputError: It is not such a file, a named text is not the one that the questions were written for, or only
            titles that are set aside are asked for and it has none.
    """
    skipped: list[str] = []

    def named(record: dict[str, Any]) -> str | None:
        text = _named_context(record, path, contexts)
        if text is None:
            skipped.append(record["context_file"])
        return text

    titles = read_squad(path, named)
    if held_out_only and not (titles := [title for title in titles if held_out(title.name)]):
        raise InputError(f"{path.name} has no title that training sets aside, one in sixteen: ask of all of them.")
    items = []
    for title in titles:
        paragraphs = title.paragraphs
        groups = [paragraphs] if article_level else [(paragraph,) for paragraph in paragraphs]
        items += [_item(title.name, group) for group in groups if group]
    return Dataset(path.name.removesuffix(".gz").removesuffix(".json"), tuple(items), tuple(skipped))


def _named_context(record: dict[str, Any], path: Path, contexts: Path | None) -> str | None:
    """Return the text that a gold set names instead of containing it, if it is there."""
    file: Path | None = contexts / record["context_file"] if contexts else None
    if file is None or not file.is_file():
        return None
    text = file.read_bytes().decode()
    if hashlib.sha256(text.encode()).hexdigest() != record["context_sha256"]:
        raise InputError(f"{file} is not the text that {path.name} asks about: its SHA-256 differs.")
    return text


def _item(title: str, paragraphs: Sequence[SquadParagraph]) -> tuple[Article, tuple[Example, ...]]:
    text, examples = "", list[Example]()
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        examples += [_example(question, len(text)) for question in paragraph.questions]
        text += paragraph.context
    return Article.of(text, title.replace("_", " ") or None), tuple(examples)


def _example(question: SquadQuestion, shift: int) -> Example:
    def place(answer: SquadAnswer) -> int | None:
        return None if answer.start is None else answer.start + shift

    return Example(
        question.id,
        question.text,
        tuple(answer.text for answer in question.answers),
        tuple(place(answer) for answer in question.answers),
    )
