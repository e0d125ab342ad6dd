"""What users hand in: files, questions and choices of articles, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.article import Article
from index.errors import UsageError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

MAX_QUESTION_CHARS = 2_000


def read_file(path: str | os.PathLike[str] | bytes, name: str | None = None) -> Article:
    """Read a file, or bytes with a name, into an article without adding it anywhere.

    Raises:
        InputError: It cannot be read.
        UsageError: Bytes came without a name.
    """
    from index.loaders import load_bytes, load_file

    if not isinstance(path, bytes):
        return load_file(path)
    if not name:
        raise UsageError("Bytes need a name whose suffix says what they are: add_file(data, name='story.pdf').")
    return load_bytes(path, name)


def checked_question(question: str) -> str:
    """Return a question that can be asked.

    Raises:
        UsageError: It is empty, too long, or no text.
    """
    if not isinstance(question, str) or not question.strip():
        raise UsageError("The question is empty: ask something, for example 'who offered the reward?'.")
    if len(question) > MAX_QUESTION_CHARS:
        raise UsageError(
            f"The question has {len(question):,} characters: ask in at most {MAX_QUESTION_CHARS:,}, and give"
            " long texts as articles."
        )
    return question.encode("utf-8", "replace").decode()


def article_ids(articles: Iterable[str | Article] | str | Article | None) -> list[str] | None:
    """Return the ids of the chosen articles, or None for all.

    Raises:
        UsageError: None was chosen.
    """
    if articles is None:
        return None
    chosen = [articles] if isinstance(articles, str | Article) else list(articles)
    if not chosen:
        raise UsageError("No article was chosen: name at least one, or leave it out to ask all.")
    return [article.id if isinstance(article, Article) else article for article in chosen]
