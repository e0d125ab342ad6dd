"""What one visitor has: own articles, the conversation, and what is open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import qa
from ui.answer_card import Turn
from ui.article_pane import Focus
from ui.marks import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa import Answer, Article, Library
    from ui.desk import Desk

ALL = "*"
MAX_ARTICLES = 50
MAX_CHARS = 30_000_000
MAX_TURNS = 200


@dataclass(eq=False)
class Session:
    """One visitor's articles and conversation; nobody else can reach them.

    Attributes:
        turns: The conversation.
        choice: The id of the article that is asked, or ``ALL``.
        shown: The id of the article in the pane; empty for the list of articles.
        current: The turn whose answer the pane marks.
        focus: What the pane shows of the article.
        busy: Whether a question is being answered.
    """

    desk: Desk
    turns: list[Turn] = field(default_factory=list)
    choice: str = ""
    shown: str = ""
    current: int | None = None
    focus: Focus = field(default_factory=Focus)
    busy: bool = False
    _library: Library | None = None

    def __post_init__(self) -> None:
        self.choice = self.shown = self.desk.first.id

    @property
    def own(self) -> tuple[Article, ...]:
        """The visitor's own articles, in the order in which they were added."""
        return self._library.articles if self._library else ()

    @property
    def articles(self) -> dict[str, Article]:
        """All articles that the visitor can read, by id: own ones, those of everybody, samples."""
        held = {article.id: article for library in self._libraries() for article in library.articles}
        return dict(sorted(held.items(), key=lambda item: item[0] in self.desk.samples))

    @property
    def together(self) -> list[Article]:
        """The articles that "all" means: those that are no samples, and the samples where there are no others."""
        others = [article for article in self.articles.values() if article.id not in self.desk.samples]
        return others or list(self.articles.values())

    @property
    def asked(self) -> list[Article]:
        """The articles that the next question goes to."""
        return self.together if self.choice == ALL else [self.get(self.choice)]

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
        for library in self._libraries():
            if article_id in library:
                return library.get(article_id)
        raise qa.UsageError("That article is not here (any more): choose another.")

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
        title = f"all {len(self.together)} articles" if choice == ALL else self.get(choice).title
        if choice != self.choice and self.turns:
            if not self.turns[-1].question:
                self.turns.pop()
            self.turns.append(Turn("", note=title))
        self.choice = choice
        self.shown = "" if choice == ALL else choice
        self.current = None
        self.focus = Focus(visit=self.focus.visit + 1)

    def begin(self, question: str) -> None:
        """Put a question into the conversation; ``finish`` or ``give_up`` ends it."""
        self.busy = True
        self.turns = [*self.turns, Turn(question, several=len(self.asked) > 1)]

    def finish(self, mode: str) -> Answer:
        """Answer the last question of the conversation and show the answer.

        Raises:
            ArticleQAError: It cannot be asked.
        """
        turn = self.turns[-1]
        answer = self.answer(turn.question, mode)
        self.turns = [*self.turns[:-1], replace(turn, answer=answer)][-MAX_TURNS:]
        self.busy = False
        self.go(len(self.turns) - 1, 0)
        return answer

    def give_up(self) -> None:
        """Take a question that could not be answered out of the conversation."""
        self.busy = False
        self.turns = [turn for turn in self.turns if not turn.question or turn.answer]

    def answer(self, question: str, mode: str) -> Answer:
        """Ask the chosen articles, in whichever library they are, and return the answer that is surest."""
        asked = {article.id for article in self.asked}
        answers = []
        for library in self._libraries():
            here = [article.id for article in library.articles if article.id in asked]
            asked.difference_update(here)
            if here:
                answers.append(library.ask(question, here, mode))
        return _surest(answers)

    def go(self, turn: int, place: int) -> None:
        """Show a place of an earlier answer; nothing happens when there is no such place."""
        answer = self.turns[turn].answer if 0 <= turn < len(self.turns) else None
        if answer is None:
            return
        spans = places(answer) if answer.answered else (answer.closest,)
        span = spans[place] if 0 <= place < len(spans) else None
        if span is not None:
            self.shown = span.article_id
        self.current = turn
        self.focus = Focus(answer, place, self.focus.visit + 1)

    def turn_to(self, part: int) -> None:
        """Show another part of a long article."""
        self.focus = replace(self.focus, part=part, visit=self.focus.visit + 1)

    def clear(self) -> None:
        """Forget the conversation; the articles stay."""
        self.turns, self.current = [], None
        self.shown = "" if self.choice == ALL else self.choice
        self.focus = Focus(visit=self.focus.visit + 1)

    def close(self) -> None:
        """Release the visitor's articles and conversation."""
        self.turns, self.focus = [], Focus()
        if self._library:
            self._library.close()
            self._library = None

    def _libraries(self) -> Iterator[Library]:
        if self._library:
            yield self._library
        yield from self.desk.libraries

    def _private(self) -> Library:
        if self._library is None:
            self._library = self.desk.private_library()
        return self._library

    def _check_room(self, chars: int) -> None:
        if len(self.own) >= MAX_ARTICLES or sum(len(article.text) for article in self.own) + chars > MAX_CHARS:
            raise qa.InputError(
                f"There is no more room: {MAX_ARTICLES} articles with {MAX_CHARS:,} characters in all fit on one page."
                " Reload it to start afresh."
            )


def _surest(answers: list[Answer]) -> Answer:
    """Return the best of the answers of several libraries, with the places of those that say the same."""

    def rank(answer: Answer) -> tuple[bool, float, float]:
        margin = answer.trace.margin if answer.trace and answer.trace.margin is not None else float("-inf")
        return answer.answered, answer.confidence if answer.confidence is not None else 0.0, margin

    best = max(answers, key=rank)
    same = [other for other in answers if other is not best and other.answered and _says(other) == _says(best)]
    return replace(best, mentions=best.mentions + tuple(m for other in same for m in other.mentions)) if same else best


def _says(answer: Answer) -> str:
    return " ".join(answer.text.casefold().split())
