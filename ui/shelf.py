"""A visitor's own articles: added, renamed, removed, within what one visitor may hold; in memory only."""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import qa
from qa.starters import starters

if TYPE_CHECKING:
    from qa import Article, Library
    from ui.desk import Desk

MAX_ARTICLES = 50
MAX_CHARS = 30_000_000
_NOT_OWN = "Only articles that you added yourself can be renamed or removed."


class Shelf:
    """The articles that one visitor added; nobody else can reach them.

    Attributes:
        questions: Starter questions of the articles for which they were looked for, by id.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = RLock()
        self._library: Library | None = None
        self.questions: dict[str, tuple[str, ...]] = {}

    @property
    def library(self) -> Library | None:
        """The library that holds them; None as long as nothing was added."""
        return self._library

    @property
    def articles(self) -> tuple[Article, ...]:
        """In the order in which they were added."""
        return self._library.articles if self._library is not None else ()

    def add_text(self, text: str, title: str) -> Article:
        """Add a pasted text.

        Raises:
            InputError: It is empty, or there is no more room.
        """
        if not text.strip():
            raise qa.InputError("There is no text to add: paste the article first.")
        self._check_room(len(text))
        return self._private().add(text, title=" ".join(title.split()) or None)

    def add_file(self, path: str) -> Article:
        """Add an uploaded file.

        Raises:
            InputError: It cannot be read, or there is no more room.
        """
        file = Path(path)
        return self._add(qa.read_file(file.read_bytes(), file.name))

    def add_page(self, address: str) -> Article:
        """Fetch a page of the web and add it.

        Raises:
            InputError: It cannot be fetched or read, or there is no more room.
            UsageError: Fetching was not allowed when the app was started.
        """
        if not self._desk.allow_urls:
            raise qa.UsageError("This app fetches no addresses: start it with --allow-urls, or paste the text.")
        if not address.strip():
            raise qa.UsageError("There is no address to fetch: paste one that begins with https://.")
        from qa.fetch import fetch

        return self._add(fetch(address))

    def rename(self, article_id: str, title: str) -> None:
        """Give an article another title.

        Raises:
            UsageError: It is not the visitor's own, or the title is empty.
        """
        library, title = self._holding(article_id), " ".join(title.split())
        if not title:
            raise qa.UsageError("The new title is empty: write one first.")
        library.rename(article_id, title)

    def remove(self, article_id: str) -> None:
        """Remove an article.

        Raises:
            UsageError: It is not the visitor's own.
        """
        self._holding(article_id).remove(article_id)
        self.questions.pop(article_id, None)

    def look_for_questions(self, article_id: str) -> None:
        """Find the starter questions of an own article, unless that was done before."""
        library = self._library
        if library is None or article_id in self.questions or article_id not in library:
            return
        self.questions[article_id] = starters(library, library.get(article_id))

    def close(self) -> None:
        """Release the articles."""
        self.questions = {}
        if self._library is not None:
            self._library.close()
            self._library = None

    def _add(self, article: Article) -> Article:
        self._check_room(len(article.text))
        library = self._private()
        library.add_articles([article])
        return library.get(article.id)

    def _holding(self, article_id: str) -> Library:
        if self._library is None or article_id not in self._library:
            raise qa.UsageError(_NOT_OWN)
        return self._library

    def _private(self) -> Library:
        with self._lock:
            if self._library is None:
                self._library = self._desk.private_library()
            return self._library

    def _check_room(self, chars: int) -> None:
        held = self.articles
        if len(held) >= MAX_ARTICLES or sum(len(article.text) for article in held) + chars > MAX_CHARS:
            raise qa.InputError(
                f"There is no more room: {MAX_ARTICLES} articles with {MAX_CHARS:,} characters in all fit on one page."
                " Remove some, or reload it to start afresh."
            )
