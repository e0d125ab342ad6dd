"""SQuAD files as training reads them: by title, with the place and the number of votes of each answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from qa.pronouns import is_pronoun
from qa.squad import reading, squad_entries

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Span:
    """An answer in its context, ``context[start:end]``, and how many annotators gave it."""

    start: int
    end: int
    votes: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answers; none means that the context does not say."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A context and the questions about it."""

    context: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """An article: its paragraphs in order."""

    name: str
    paragraphs: tuple[Paragraph, ...]


def load_titles(path: Path) -> list[Title]:
    """Read a SQuAD v1.1 or v2 file, gzipped or not.

    Answers that do not stand where the file says are left out, and so are mere pronouns, and an answerable question
    that has no other answer.

    Raises:
        InputError: It is no such file, or has no question that can be used.
    """
    with reading(path):
        titles = [_title(entry) for entry in squad_entries(path)]
    if not any(paragraph.questions for title in titles for paragraph in title.paragraphs):
        raise InputError(f"{path} has no questions to learn from: none is there, or no answer stands where it says.")
    return titles


def _title(entry: dict[str, Any]) -> Title:
    paragraphs = (
        Paragraph(item["context"], tuple(filter(None, (_question(qa, item["context"]) for qa in item["qas"]))))
        for item in entry["paragraphs"]
    )
    return Title(entry.get("title") or "", tuple(paragraphs))


def _question(record: dict[str, Any], context: str) -> Question | None:
    text = " ".join(record["question"].split())  # as the reader is asked, see qa.windows
    if record.get("is_impossible"):
        return Question(text, ()) if text else None
    places = Counter(
        (answer["answer_start"], answer["answer_start"] + len(answer["text"]))
        for answer in record["answers"]
        if answer["text"].strip()
        and not is_pronoun(answer["text"])  # else "they" is learned where the sentence before says who
        and context.startswith(answer["text"], answer["answer_start"])
    )
    spans = tuple(Span(start, end, votes) for (start, end), votes in places.items())
    return Question(text, spans) if text and spans else None
