"""What people say of answers, kept as questions with gold answers: SQuAD v2 with exact positions."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from qa.answer import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.article import Article


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
    """Return corrections as a SQuAD v2 data set; of several about one question and article, the last counts.

    Written as JSON, it is what ``article-qa eval`` and ``article-qa train`` read.
    """
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


def _question(correction: Correction) -> dict[str, Any]:
    span = correction.span
    return {
        "id": sha256(f"{correction.article.id}\n{correction.question}".encode()).hexdigest()[:24],
        "question": correction.question,
        "answers": [{"text": span.text, "answer_start": span.start}] if span else [],
        "is_impossible": span is None,
    }
