"""SQuAD files as training reads them: by title, with the place and the number of votes of each answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import InputError
from qa.pronouns import is_pronoun
from qa.squad import read_squad

if TYPE_CHECKING:
    from pathlib import Path

    from qa.squad import SquadQuestion, SquadTitle


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
    titles = [_title(title) for title in read_squad(path)]
    if not any(paragraph.questions for title in titles for paragraph in title.paragraphs):
        raise InputError(f"{path} has no questions to learn from: none is there, or no answer stands where it says.")
    return titles


def _title(title: SquadTitle) -> Title:
    paragraphs = (
        Paragraph(paragraph.context, tuple(filter(None, map(_question, paragraph.questions))))
        for paragraph in title.paragraphs
    )
    return Title(title.name, tuple(paragraphs))


def _question(asked: SquadQuestion) -> Question | None:
    text = " ".join(asked.text.split())  # as the reader is asked, see qa.windows
    places = Counter(
        (answer.start, answer.start + len(answer.text))
        for answer in asked.answers
        # of pronouns, "they" would be learned where the sentence before says who
        if answer.start is not None and not is_pronoun(answer.text)
    )
    spans = tuple(Span(start, end, votes) for (start, end), votes in places.items())
    return Question(text, spans) if text and (spans or not asked.answers) else None
