"""What people say of answers, kept as questions with gold answers: SQuAD v2 with exact positions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.errors import InputError
from index.files import replace_text
from qa.answer import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Correction:
    """A question about an article, with the answer that a person gave or confirmed.

    Attributes:
        span: Where the answer stands; None when the article does not say.
    """

    question: str
    article: Article
    span: Span | None

    def __post_init__(self) -> None:
        if self.span is not None and self.span != Span.quoting(self.article, self.span.start, self.span.end):
            raise ValueError(f"A correction must quote its article: {self.span} does not.")


def to_squad(corrections: Iterable[Correction]) -> dict[str, Any]:
    """Return corrections as a SQuAD v2 data set; of several about one question and article, the last counts."""
    latest = {(correction.article.id, correction.question): correction for correction in corrections}
    articles = {correction.article.id: correction.article for correction in latest.values()}
    entries = [
        {
            "title": article.title,
            "paragraphs": [
                {
                    "context": article.text,
                    "qas": [_question(c) for c in latest.values() if c.article.id == article.id],
                }
            ],
        }
        for article in articles.values()
    ]
    return {"version": "v2.0", "data": entries}


def from_squad(data: dict[str, Any]) -> tuple[Correction, ...]:
    """Return the corrections of a SQuAD v2 data set, each with its first answer; ``to_squad`` is the inverse.

    Raises:
        InputError: It is none, or an answer does not stand where it says.
    """
    try:
        return tuple(
            Correction(question["question"], article, _span(question, article))
            for entry in data["data"]
            for paragraph in entry["paragraphs"]
            for article in (Article.of(paragraph["context"], entry.get("title")),)
            for question in paragraph["qas"]
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"These are no corrections ({type(error).__name__}: {error}): give SQuAD v2 JSON.") from None


def save(corrections: Iterable[Correction], path: Path) -> None:
    """Write corrections to a file that ``article-qa eval`` reads, whole or not at all."""
    replace_text(path, json.dumps(to_squad(corrections), ensure_ascii=False, indent=1) + "\n")


def load(path: Path) -> tuple[Correction, ...]:
    """Read what ``save`` wrote.

    Raises:
        InputError: The file cannot be read or holds something else.
    """
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON ({error}).") from None
    return from_squad(data)


def _question(correction: Correction) -> dict[str, Any]:
    span = correction.span
    return {
        "id": sha256(f"{correction.article.id}\n{correction.question}".encode()).hexdigest()[:24],
        "question": correction.question,
        "answers": [{"text": span.text, "answer_start": span.start}] if span else [],
        "is_impossible": span is None,
    }


def _span(question: dict[str, Any], article: Article) -> Span | None:
    if question.get("is_impossible"):
        return None
    answer = question["answers"][0]
    start, text = int(answer["answer_start"]), str(answer["text"])
    return Span.quoting(article, start, start + len(text), text)
