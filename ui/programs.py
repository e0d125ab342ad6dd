"""What programs can do: add articles, ask them, find passages; all values as JSON has them."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qa import UsageError
from qa.calibration import checked_mode
from qa.inputs import checked_question
from ui.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa import Article
    from ui.desk import Desk

MAX_PASSAGES = 100


class Programs:
    """The handlers of what programs ask for.

    Each takes the caller's session with the server (None when it has none) and raises an ``ArticleQAError`` for what
    cannot be done as asked. Values come from outside and may be of any type.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def ask(
        self, caller: str | None, question: Any, text: Any, articles: Any, mode: Any, library: Any
    ) -> dict[str, Any]:
        """Return the answer to a question about a text, or about articles that were added or are open to all."""
        question, mode = checked_question(question), checked_mode(_text("mode", mode))
        with self._scope(caller, text, articles, library) as (visit, asked):
            answer = self.desk.libraries[0].decide(visit.read([question], asked)[0], mode)
            nearest = answer.span or answer.closest
            title = asked[nearest.article_id].title if nearest else None
        return {**answer.to_dict(), "title": title}

    def add(self, caller: str | None, text: Any, title: Any, library: Any) -> dict[str, Any]:
        """Add a text and return what it is called."""
        text, title, library = _text("text", text), _text("title", title), _text("library", library)
        return self._added(caller, library, lambda visit: visit.shelf.add_text(text, title))

    def add_file(self, caller: str | None, path: str | None, title: Any, library: Any) -> dict[str, Any]:
        """Add an uploaded file and return what it is called."""
        title, library = _text("title", title), _text("library", library)
        if not path:
            raise UsageError("There is no file to add: upload one.")
        return self._added(caller, library, lambda visit: _named(visit, visit.shelf.add_file(path), title))

    def passages(
        self, caller: str | None, question: Any, top_k: Any, text: Any, articles: Any, library: Any
    ) -> list[dict[str, Any]]:
        """Return the passages in which a question would be looked for, best first."""
        question = checked_question(question)
        if not isinstance(top_k, int) or not 1 <= top_k <= MAX_PASSAGES:
            raise UsageError(f"top_k is {top_k!r}: choose between 1 and {MAX_PASSAGES} passages.")
        with self._scope(caller, text, articles, library) as (visit, asked):
            found, left = [], set(asked)
            for held in filter(None, (visit.shelf.library, *self.desk.libraries)):
                here = [article.id for article in held.articles if article.id in left]
                left.difference_update(here)
                found += held.find(question, here, top_k) if here else []
            found.sort(key=lambda passage: passage.rank)  # scores of several libraries have no common scale
            return [
                {
                    **{name: value for name, value in asdict(passage).items() if name != "chunk"},
                    **asdict(chunk),
                    "rank": rank,
                    "title": asked[chunk.article_id].title,
                    "text": asked[chunk.article_id].text[chunk.start : chunk.end],
                }
                for rank, passage in enumerate(found[:top_k], 1)
                for chunk in (passage.chunk,)
            ]

    def articles(self, caller: str | None, library: Any) -> list[dict[str, Any]]:
        """Return the articles that the caller can ask: its own, then those that are open to all."""
        visit = self._visit(caller, library)
        own = {article.id for article in visit.own}
        return [
            {**_described(article), "published": article.published, "own": article.id in own}
            for article in visit.articles.values()
        ]

    def _visit(self, caller: str | None, library: Any) -> Session:
        return self.desk.visits.find(_text("library", library), caller) or Session(self.desk)

    def _added(self, caller: str | None, library: str, add: Callable[[Session], Article]) -> dict[str, Any]:
        library, article = self.desk.visits.add(library, caller, add)
        return {"library": library, **_described(article)}

    @contextmanager
    def _scope(
        self, caller: str | None, text: Any, articles: Any, library: Any
    ) -> Iterator[tuple[Session, dict[str, Article]]]:
        """Yield a visit, and by id the articles that are to be asked."""
        text = _text("text", text)
        if text.strip():
            if articles:
                raise UsageError("There are both a text and articles: give one of them.")
            with closing(Session(self.desk)) as alone:
                article = alone.shelf.add_text(text, "")
                yield alone, {article.id: article}
            return
        visit = self._visit(caller, library)
        readable = visit.articles
        chosen = _ids(articles) or [article.id for article in visit.own or visit.several(readable)]
        missing = [name for name in chosen if name not in readable]
        if missing:
            raise UsageError(f"There is no article {missing[0]!r} here: the list of articles has the ids of all.")
        yield visit, {name: readable[name] for name in chosen}


def _named(visit: Session, article: Article, title: str) -> Article:
    if not title.strip():
        return article
    visit.shelf.rename(article.id, title)
    return visit.get(article.id)


def _described(article: Article) -> dict[str, Any]:
    return {"id": article.id, "title": article.title, "characters": len(article.text)}


def _text(name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise UsageError(f"{name} is {value!r:.40}: it must be text.")


def _ids(value: Any) -> list[str]:
    ids = [value] if isinstance(value, str) else value or []
    if isinstance(ids, list) and all(isinstance(one, str) for one in ids):
        return ids
    raise UsageError(f"articles is {value!r:.40}: it must be a list of ids.")
