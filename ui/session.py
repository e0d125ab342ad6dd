"""What one visitor has: own articles, the conversation, and what is open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING

import qa
from qa.absence import absence
from qa.answering import merged
from qa.inputs import checked_question
from qa.interpretation import said, understand
from ui.article_pane import Focus
from ui.marks import spots
from ui.shelf import Shelf
from ui.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from qa import Article, Library
    from qa.answering import Reading
    from qa.antecedents import Said
    from qa.corrections import Correction
    from ui.desk import Desk

ALL = "*"
MAX_TURNS = 200
_GONE = "That article is not here (any more): choose another."


@dataclass(eq=False)
class Session:
    """One visitor's articles and conversation; nobody else can reach them.

    While a question is being read, in a thread of its own, the visitor can go on: open another article, clear the chat.

    Attributes:
        turns: The conversation.
        cleared: The conversation before it was cleared, until the next question.
        choice: The id of the article that is asked, or ``ALL``.
        shown: The id of the article in the pane; empty for the list of articles.
        current: The turn whose answer the pane marks.
        focus: What the pane shows of the article.
        pending: The turn whose question is being read.
        judged: The gold answers of the visitor's verdicts, by article and question; they outlive the chat.
        saved: Those of them that the visitor has downloaded, as they were then.
        renewed: Whether it takes the place of one that was released, until the visitor has been told.
        shelf: The visitor's own articles.
        lock: Held by whoever changes any of these, or needs them as they are at one moment; never while reading.
    """

    desk: Desk
    turns: list[Turn] = field(default_factory=list)
    cleared: list[Turn] = field(default_factory=list)
    choice: str = ""
    shown: str = ""
    current: int | None = None
    focus: Focus = field(default_factory=Focus)
    pending: Turn | None = None
    judged: dict[tuple[str, str], Correction] = field(default_factory=dict)
    saved: dict[tuple[str, str], Correction] = field(default_factory=dict)
    renewed: bool = False
    lock: RLock = field(default_factory=RLock)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.desk)
        self.choice = self.shown = self.desk.first.id

    @property
    def own(self) -> tuple[Article, ...]:
        """The visitor's own articles, in the order in which they were added."""
        return self.shelf.articles

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
        known = {**self.shelf.questions, **self.desk.questions}
        return [question for question in known.get(self.choice, ()) if question not in asked]

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

    def open(self, choice: str) -> None:
        """Show an article, or the list of all for ``ALL``, and ask it from now on.

        Raises:
            UsageError: There is no such article.
        """
        self._open(choice, self._title(choice))

    def begin(self, question: str) -> Turn | None:
        """Put a question to the open articles into the conversation, unless another is being read; ``end`` ends it.

        What it means is found out from the questions before it, since an article was opened.

        Raises:
            UsageError: It cannot be asked.
        """
        question = checked_question(question)
        with self.lock:
            if self.pending is not None:
                return None
            asked = self.several(self.articles) if self.choice == ALL else [self.get(self.choice)]
            self.pending = Turn(question, several=len(asked) > 1, asked=tuple(asked), choice=self.choice)
            self.turns, self.cleared = [*self.turns, self.pending], []
            return self.pending

    def begin_again(self, number: int, meant: str) -> Turn | None:
        """Put a question once more, with the meaning that the visitor gives it, in the place of the turn that it had.

        Returns:
            The turn, as from ``begin``; None when another question is being read.

        Raises:
            UsageError: It cannot be asked, or it or the articles that were asked are not there any more.
        """
        meant = checked_question(meant)
        with self.lock:
            if self.pending is not None:
                return None
            old = self.turns[number] if 0 <= number < len(self.turns) else None
            if old is None or old.answer is None:
                raise qa.UsageError("That question is not here any more: ask it again.")
            articles = self.articles
            held = tuple(articles[article.id] for article in old.asked if article.id in articles)
            if not held:
                raise qa.UsageError(_GONE)
            self.pending = replace(
                old, meant=meant, answer=None, articles={}, asked=held, absence=None, verdict=None,
                choice=self.choice, replaced=old,
            )  # fmt: skip
            self.turns = [self.pending if turn is old else turn for turn in self.turns]
            return self.pending

    def finish(self, turn: Turn, mode: str) -> None:
        """Answer a question, and show the answer unless the visitor has gone on to something else meanwhile.

        Raises:
            ArticleQAError: It cannot be asked.
        """
        found = understand(
            turn.question,
            turn.meant or None,
            self._said_before(turn),
            lambda questions: self.read(questions, [article.id for article in turn.asked]),
            lambda reading: self.desk.libraries[0].decide(reading, mode),
        )
        reading, answer = found.reading, found.answer
        needed = {span.article_id for span in spots(answer)} | {p.chunk.article_id for p in reading.passages}
        kept = {key: reading.articles[key] for key in needed}
        why = None if answer.answered else absence(found.question, (a.text for a in turn.asked))
        with self.lock:
            if turn not in self.turns:
                return  # cleared
            done = replace(turn, meant=found.question, answer=answer, articles=kept, absence=why, replaced=None)
            turns = [done if other is turn else other for other in self.turns]
            dropped = max(0, len(turns) - MAX_TURNS)
            self.turns = turns[dropped:]  # which renumbers them
            if self.current is not None:
                self.current = self.current - dropped if self.current >= dropped else None
                self.focus = replace(self.focus, turn=self.current)
            if self.choice == turn.choice and done in self.turns:  # not where another article was opened meanwhile
                self.go(self.turns.index(done), 0)

    def end(self, turn: Turn) -> None:
        """Be free for the next question; of one that was not answered, there stays what was there before."""
        with self.lock:
            self.turns = self._without(turn)
            if self.pending is turn:
                self.pending = None

    def read(self, questions: Sequence[str], asked: Collection[str]) -> list[Reading]:
        """Read articles in whichever libraries they are; of each question one reading, so that one decision weighs all.

        Raises:
            ArticleQAError: None of the articles is there any more, or they cannot be read.
        """
        left, readings = set(asked), []
        for library in self._libraries():
            here = [article.id for article in library.articles if article.id in left] if left else []
            left.difference_update(here)
            if here:
                readings.append(library.read_many(questions, here))
        if not readings:
            raise qa.UsageError(_GONE)
        return [merged(of_one) for of_one in zip(*readings, strict=True)]

    def go(self, turn: int, place: int) -> None:
        """Show a place of an earlier answer; nothing happens when there is no such place."""
        with self.lock:
            answer = self.turns[turn].answer if 0 <= turn < len(self.turns) else None
            if answer is None:
                return
            spans = spots(answer)
            if 0 <= place < len(spans):
                self.shown = spans[place].article_id
            self.current = turn
            self.focus = Focus(answer, place, self.focus.visit + 1, turn=turn)

    def turn_to(self, part: int) -> None:
        """Show another part of a long article."""
        self.focus = replace(self.focus, part=part, visit=self.focus.visit + 1)

    def clear(self) -> None:
        """Begin a new conversation and forget the question that is being read; the articles stay."""
        with self.lock:
            self.cleared = self._without(self.pending) or self.cleared
            self.turns, self.pending = [], None
            self._show("" if self.choice == ALL else self.choice)

    def bring_back(self) -> None:
        """Go on with the conversation that was cleared, unless a new one has begun.

        Raises:
            UsageError: What is open is not there any more.
        """
        with self.lock:
            if self.cleared and not self.turns:
                title = self._title(self.choice)
                self.turns, self.cleared = self.cleared, []
                if self.turns[-1].choice != self.choice:  # another article was opened meanwhile
                    self._note(self.choice, title)

    def close(self) -> None:
        """Release the visitor's articles and conversation."""
        self.turns, self.cleared, self.focus, self.judged, self.saved = [], [], Focus(), {}, {}
        self.shelf.close()

    def _without(self, turn: Turn | None) -> list[Turn]:
        """Return the conversation as it was before a question that is being read."""
        kept = [turn.replaced if turn and other is turn else other for other in self.turns]
        return [other for other in kept if other is not None]

    def _said_before(self, turn: Turn) -> list[Said]:
        """Return what a follow-up can refer to: the answers before it, as far back as the same articles were asked."""
        with self.lock:
            before = self.turns[: self.turns.index(turn)] if turn in self.turns else []
        begin = max((at + 1 for at, other in enumerate(before) if other.note), default=0)
        return [said(other.understood, other.answer) for other in before[begin:] if other.answer is not None]

    def _open(self, choice: str, title: str) -> None:
        with self.lock:
            if choice != self.choice and self.turns:
                self._note(choice, title)
            self.choice = choice
            self._show("" if choice == ALL else choice)

    def _title(self, choice: str) -> str:
        return f"all {len(self.several(self.articles))} articles" if choice == ALL else self.get(choice).title

    def _note(self, choice: str, title: str) -> None:
        """Say in the conversation what is open from here on; follow-ups refer to nothing before."""
        before = self.turns if self.turns[-1].question else self.turns[:-1]
        self.turns = [*before, Turn("", note=title, choice=choice)]

    def _show(self, article_id: str) -> None:
        """Show an article from its beginning, or the list of all."""
        self.shown, self.current = article_id, None
        self.focus = Focus(visit=self.focus.visit + 1)

    def _libraries(self) -> Iterator[Library]:
        if self.shelf.library is not None:
            yield self.shelf.library
        yield from self.desk.libraries
