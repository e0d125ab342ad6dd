"""What all visitors share: the models, the sample articles and the articles that were opened for everybody."""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import qa
from qa.samples import samples
from ui.visits import Visits

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from qa import Article, Embedder, Library, Reader


class Desk:
    """The articles that every visitor can read and ask, and the one reader and embedder that answer everybody.

    Attributes:
        samples: Ids of the bundled articles, the default one first.
        questions: The starter questions of each article that has some, by article id.
        visits: What programs added, each its own.

    Args:
        files: Articles to open for everybody. Those that cannot be read are named on standard error.
        folder: The folder of a library, which must be there, to open for everybody.
        reader: As for ``qa.Library``.
        embedder: As for ``qa.Library``.
        allow_urls: Whether visitors may have pages of the web fetched.

    Raises:
        ArticleQAError: None of the files can be opened, or not the library, or not a model.
    """

    def __init__(
        self,
        files: Sequence[Path] = (),
        folder: Path | None = None,
        *,
        reader: str | os.PathLike[str] | Reader | None = None,
        embedder: str | os.PathLike[str] | Embedder | None = None,
        allow_urls: bool = False,
    ) -> None:
        self.allow_urls = allow_urls
        self.visits = Visits(self)
        bundled = samples()
        self.samples = [sample.article.id for sample in bundled]
        self.questions = {sample.article.id: sample.questions for sample in bundled}
        opened = _read(files)
        with ExitStack() as undo:
            self._house = undo.enter_context(qa.Library(reader=reader, embedder=embedder))
            self._house.add_articles([*opened, *(sample.article for sample in bundled)])
            self._shared = undo.enter_context(self._opened(folder)) if folder is not None else None
            self._last: tuple[Article, ...] = self._shared.articles if self._shared is not None else ()
            undo.pop_all()

    @property
    def libraries(self) -> tuple[Library, ...]:
        """The libraries that every visitor can ask."""
        return (self._house, self._shared) if self._shared is not None else (self._house,)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles that every visitor can read; where the library folder cannot be read, as they were last."""
        if self._shared is not None:
            try:
                self._last = self._shared.articles
            except qa.LibraryError as error:
                logging.getLogger(__name__).warning("%s", error)
        return (*self._house.articles, *self._last)

    @property
    def first(self) -> Article:
        """The article that is open at the start: the first given, else the first of the library, else the sample."""
        own = [article for article in self.articles if article.id not in self.samples]
        return own[0] if own else self._house.get(self.samples[0])

    def private_library(self) -> Library:
        """Return an empty library for one visitor; it lives in memory only and uses the models of all."""
        return qa.Library(reader=self._house.reader, embedder=self._house.embedder)

    def _opened(self, folder: Path) -> Library:
        return qa.Library(folder, reader=self._house.reader, embedder=self._house.embedder, create=False)

    def close(self) -> None:
        """Release everything."""
        self.visits.close()
        for library in self.libraries:
            library.close()


def _read(files: Sequence[Path]) -> list[Article]:
    articles: list[Article] = []
    failures: list[qa.InputError] = []
    for path in files:
        try:
            articles.append(qa.read_file(path))
        except qa.InputError as error:
            failures.append(error)
    if failures and not articles:
        raise failures[0]
    for failure in failures:
        sys.stderr.write(f"article-qa: {failure}\n")
    return articles
