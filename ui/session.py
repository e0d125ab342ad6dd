"""What one visitor has: own articles, the conversation, and what is open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import qa
from qa.answering import merged
from qa.inputs import checked_question
from ui.answer_card import Turn
from ui.article_pane import Focus
from ui.marks import places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from qa import Article, Library
    from qa.answering import Reading
    from ui.desk import Desk

ALL = "*"
MAX_ARTICLES = 50
MAX_CHARS = 30_000_000
MAX_TURNS = 200
_GONE = "That article is not here (any more): choose another."


@dataclass(eq=False)
class Session:
    """One visitor's articles and conversation; nobody else can reach them.

    While a question is being read, in a thread of its own, the visitor can go on: open another article, clear the chat.

    Attributes:
        turns: The conversation.
        choice: The id of the article that is asked, or ``ALL``.
        shown: The id of the article in the pane; empty for the list of articles.
        current: The turn whose answer the pane marks.
        focus: What the pane shows of the article.
        pending: The turn whose question is being read.
        lock: Held by whoever changes any of these, or needs them as they are at one moment; never while reading.
    """

    desk: Desk
    turns: list[Turn] = field(default_factory=list)
    choice: str = ""
    shown: str = ""
    current: int | None = None
    focus: Focus = field(default_factory=Focus)
    pending: Turn | None = None
    lock: RLock = field(default_factory=RLock)
    _library: Library | None = None

    def __post_init__(self) -> None:
        self.choice = self.shown = self.desk.first.id

    @property
    def own(self) -> tuple[Article, ...]:
        """The visitor's own articles, in the order in which they were added."""
        return self._library.articles if self._library is not None else ()

    @property
    def articles(self) -> dict[str, Article]:
        """All articles that the visitor can read, by id: own ones, those of everybody, samples."""
        held = {article.id: article for article in reversed((*self.own, *self.desk.articles))}
        return dict(sorted(reversed(held.items()), key=lambda item: item[0] in self.desk.samples))

    def several(self, articles: Mapping[str, Article]) -> list[Article]:
        """Return what ``ALL`` means: the articles that are no samples, and the samples where there are no others."""
        others = [article for article in articles.values() if article.id not in self.desk.samples]
        return others or list(articles.values())

    @property
    def suggestions(self) -> list[str]:
        """Starter questions of the open article that were not asked yet."""
        asked = {turn.question for turn in self.turns}
        return [question for question in self.desk.questions.get(self.choice, ()) if question not in asked]

    def get(self, article_id: str) -> Article:
        """Return an article that this visitor can read.

        Raises:
            UsageError: There is none with this id.
        """
        article = self.articles.get(article_id)
        if article is None:
            raise qa.UsageError(_GONE)
        return article

    def let_go(self, articles: Mapping[str, Article]) -> bool:
        """Open another article in the place of one that is not among those given, and return whether that was so."""
        with self.lock:
            several = self.several(articles)
            if self.choice not in articles and (self.choice != ALL or len(several) < 2):
                self._open(several[0].id, several[0].title)
                return True
            if self.shown and self.shown not in articles:
                self._show("" if self.choice == ALL else self.choice)
                return True
            return False

    def add_text(self, text: str, title: str) -> Article:
        """Add a pasted text and open it.

        Raises:
            InputError: It is empty, or there is no more room.
        """
        if not text.strip():
            raise qa.InputError("There is no text to add: paste the article first.")
        self._check_room(len(text))
        article = self._private().add(text, title=" ".join(title.split()) or None)
        self.open(article.id)
        return article

    def add_file(self, path: str) -> Article:
        """Add an uploaded file and open it.

        Raises:
            InputError: It cannot be read, or there is no more room.
        """
        file = Path(path)
        article = qa.read_file(file.read_bytes(), file.name)
        self._check_room(len(article.text))
        self._private().add_articles([article])
        self.open(article.id)
        return article

    def open(self, choice: str) -> None:
        """Show an article, or the list of all for ``ALL``, and ask it from now on.

        Raises:
            UsageError: There is no such article.
        """
        title = f"all {len(self.several(self.articles))} articles" if choice == ALL else self.get(choice).title
        self._open(choice, title)

    def begin(self, question: str) -> Turn | None:
        """Put a question to the open articles into the conversation, unless another is being read; ``end`` ends it.

        Raises:
            UsageError: It cannot be asked.
        """
        question = checked_question(question)
        with self.lock:
            if self.pending is not None:
                return None
            asked = self.several(self.articles) if self.choice == ALL else [self.get(self.choice)]
            self.pending = Turn(question, several=len(asked) > 1, articles={article.id: article for article in asked})
            self.turns = [*self.turns, self.pending]
            return self.pending

    def finish(self, turn: Turn, mode: str) -> None:
        """Answer a question, and show the answer unless the visitor has gone on to something else meanwhile.

        Raises:
            ArticleQAError: It cannot be asked.
        """
        reading = self.read(turn.question, turn.articles)
        answer = self.desk.libraries[0].decide(reading, mode)
        quoted = {span.article_id: reading.articles[span.article_id] for span in places(answer)}
        with self.lock:
            if turn not in self.turns:
                return  # cleared
            done = replace(turn, answer=answer, articles=quoted)
            self.turns = [done if other is turn else other for other in self.turns][-MAX_TURNS:]
            self.go(len(self.turns) - 1, 0)  # which is no answer where another article was opened meanwhile

    def end(self, turn: Turn) -> None:
        """Be free for the next question; one that was not answered is taken out of the conversation."""
        with self.lock:
            self.turns = [other for other in self.turns if other is not turn]
            if self.pending is turn:
                self.pending = None

    def read(self, question: str, asked: Collection[str]) -> Reading:
        """Read articles in whichever libraries they are; it is one reading, so that one decision weighs all of them.

        Raises:
            ArticleQAError: None of the articles is there any more, or they cannot be read.
        """
        left, readings = set(asked), []
        for library in self._libraries():
            here = [article.id for article in library.articles if article.id in left] if left else []
            left.difference_update(here)
            if here:
                readings += library.read_many([question], here)
        if not readings:
            raise qa.UsageError(_GONE)
        return merged(readings)

    def go(self, turn: int, place: int) -> None:
        """Show a place of an earlier answer; nothing happens when there is no such place."""
        with self.lock:
            answer = self.turns[turn].answer if 0 <= turn < len(self.turns) else None
            if answer is None:
                return
            spans = places(answer)
            if 0 <= place < len(spans):
                self.shown = spans[place].article_id
            self.current = turn
            self.focus = Focus(answer, place, self.focus.visit + 1)

    def turn_to(self, part: int) -> None:
        """Show another part of a long article."""
        self.focus = replace(self.focus, part=part, visit=self.focus.visit + 1)

    def clear(self) -> None:
        """Forget the conversation, and the question that is being read; the articles stay."""
        with self.lock:
            self.turns, self.pending = [], None
            self._show("" if self.choice == ALL else self.choice)

    def close(self) -> None:
        """Release the visitor's articles and conversation."""
        self.turns, self.focus = [], Focus()
        if self._library is not None:
            self._library.close()
            self._library = None

    def _open(self, choice: str, title: str) -> None:
        with self.lock:
            if choice != self.choice and self.turns:
                before = self.turns if self.turns[-1].question else self.turns[:-1]
                self.turns = [*before, Turn("", note=title)]
            self.choice = choice
            self._show("" if choice == ALL else choice)

    def _show(self, article_id: str) -> None:
        """Show an article from its beginning, or the list of all."""
        self.shown, self.current = article_id, None
        self.focus = Focus(visit=self.focus.visit + 1)

    def _libraries(self) -> Iterator[Library]:
        if self._library is not None:
            yield self._library
        yield from self.desk.libraries

    def _private(self) -> Library:
        with self.lock:
            if self._library is None:
                self._library = self.desk.private_library()
            return self._library

    def _check_room(self, chars: int) -> None:
        if len(self.own) >= MAX_ARTICLES or sum(len(article.text) for article in self.own) + chars > MAX_CHARS:
            raise qa.InputError(
                f"There is no more room: {MAX_ARTICLES} articles with {MAX_CHARS:,} characters in all fit on one page."
                " Reload it to start afresh."
            )
