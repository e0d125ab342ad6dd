"""What is stored and cited: articles, and the chunks and passages that point into them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from index.errors import InputError


def article_id(text: str) -> str:
    """Return the content hash that names an article: 16 hex digits of the SHA-256 of its UTF-8 text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Article:
    """A text that can be asked, kept exactly as decoded; every offset counts its Unicode code points.

    Make one with ``Article.of``, which checks the text and computes the id.

    Attributes:
        id: Content hash of ``text``; the same text is the same article.
        title: What people call it; shown with answers and put before each chunk when it is embedded.
        text: The text that all offsets refer to.
        source: Where it came from (a path or an address), or None.
        published: ISO date of publication, or None.
        author: Who wrote it, or None.
        pages: Offset at which each page starts, for paged sources; empty otherwise.
    """

    id: str
    title: str
    text: str
    source: str | None = None
    published: str | None = None
    author: str | None = None
    pages: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        text: str,
        title: str | None = None,
        source: str | None = None,
        *,
        published: str | None = None,
        author: str | None = None,
        pages: tuple[int, ...] = (),
    ) -> Self:
        """Make an article of a text, naming it by its first line when no title is given.

        Raises:
            InputError: The text is empty or has code points that no encoding can hold.
        """
        if not text.strip():
            raise InputError("The article is empty: it has no text to ask about.")
        try:
            identity = article_id(text)
        except UnicodeEncodeError as error:
            raise InputError(
                f"The article has a lone surrogate at offset {error.start}: decode the bytes properly first."
            ) from None
        return cls(identity, title or _first_words(text), text, source, published, author, pages)

    def page_at(self, offset: int) -> int | None:
        """Return the page number (from 1) on which an offset lies, or None for unpaged sources."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None

    def line_at(self, offset: int) -> int:
        """Return the line number (from 1) on which an offset lies."""
        return self.text.count("\n", 0, offset) + 1

    def to_dict(self) -> dict[str, Any]:
        """Return the article as JSON-ready values; ``from_dict`` is the inverse."""
        return {**asdict(self), "pages": list(self.pages)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild an article from ``to_dict`` output.

        Raises:
            InputError: The id does not belong to the text.
        """
        article = cls(**{**{f.name: data[f.name] for f in fields(cls)}, "pages": tuple(data["pages"])})
        if article.id != article_id(article.text):
            raise InputError(f"Article {article.id} does not match its text: the stored copy was changed.")
        return article


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch ``[start, end)`` of one article, small enough for one reader window."""

    article_id: str
    start: int
    end: int

    @classmethod
    def quoting(cls, article: Article, start: int, text: str) -> Self:
        """Make the chunk of an article that starts at an offset, checking that it reads as expected."""
        end = start + len(text)
        if article.text[start:end] != text:
            raise AssertionError(f"Chunk at {start} of article {article.id} does not quote it.")
        return cls(article.id, start, end)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that retrieval chose, with the scores and ranks (from 1) that chose it.

    A rank counts among the chunks that were searched in that way: where an article is so long that not all of its
    chunks were embedded, ``dense_rank`` counts among those that were searched for the question. A score and its
    rank are None where that retriever did not return the chunk; all are None when the article
    was short enough to be read whole and nothing had to be found.
    """

    chunk: Chunk
    rank: int
    score: float | None = None
    lexical_score: float | None = None
    lexical_rank: int | None = None
    dense_score: float | None = None
    dense_rank: int | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild a passage from what ``dataclasses.asdict`` makes of it."""
        return cls(**{**data, "chunk": Chunk(**data["chunk"])})


def _first_words(text: str, limit: int = 60) -> str:
    line = " ".join(text.strip().splitlines()[0].split())
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"
