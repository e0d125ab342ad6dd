"""What happens when a person does something: each handler changes a session and returns what is seen then."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui import answer_card, article_pane, takeaway, verdicts
from ui.details import shortened
from ui.feedback import Selection
from ui.refusals import refusal
from ui.session import ALL, Session
from ui.uploads import ADDED, FAILED, KNOWN, READING, Upload, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qa import Article
    from ui.desk import Desk
    from ui.turn import Turn

_RELEASED = (
    "This page was not used for a long time, so what it held was released: the conversation, any corrections and any"
    " articles that you added are gone."
)
_REMOVED = "That article is no longer in the library."
_BUSY = "The last question is still being read: one moment."
_LABEL_CHARS = 80


@dataclass(frozen=True, slots=True)
class View:
    """What a person sees.

    Attributes:
        log: The conversation, HTML.
        pane: The article, HTML; None when it has not changed.
        notice: A one-line message above the question, HTML; empty when there is none.
        choices: Labels and ids of the articles that can be chosen.
        choice: The chosen one.
        menu: What can be saved, HTML.
        back: The question that failed, for the field that it was typed in, if that is empty; None when none was asked.
        added: Whether an article was added.
        news: That the session before this one was released, HTML; empty when it was not. It is seen in the place of
            the notice, or beside one that is put elsewhere.
    """

    log: str
    pane: str | None
    notice: str
    choices: list[tuple[str, str]]
    choice: str
    menu: str = ""
    back: str | None = None
    added: bool = False
    news: str = ""


class Problem:
    """Where a handler leaves the message of what went wrong."""

    message = ""


class Chat:
    """The handlers. Each takes the visitor's session, None when it was released, and returns it with the view."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._parcels = 0

    def start(self) -> tuple[Session, View]:
        """Begin a visit."""
        session = Session(self.desk)
        return session, view(session)

    def ask(
        self, session: Session | None, question: str, mode: str, choice: str | None = None
    ) -> Iterator[tuple[Session, View]]:
        """Answer a question: first what is seen while it is being read, then the answer."""
        session, problem, question = self._live(session), Problem(), question.strip()
        if session.pending and not question:
            yield session, view(session, pane=False)  # Enter once more, in a field that is empty since
            return
        if session.renewed:
            with _plainly(problem):
                session.open(choice or "")
            if problem.message:  # what was to be asked is gone, and nothing else was meant
                yield session, view(session, problem.message, back=question)
                return
        yield from _asked(session, lambda: session.begin(question), mode, question)

    def ask_again(self, session: Session | None, data: Any, mode: str) -> Iterator[tuple[Session, View]]:
        """Answer an earlier question with the meaning that a person gives it, in the place that it had."""
        session = self._live(session)
        data = data if isinstance(data, dict) else {}
        number, meant = _number(data.get("turn")), str(data.get("meant", ""))
        yield from _asked(session, lambda: session.begin_again(number, meant), mode)

    def choose(self, session: Session | None, choice: str) -> tuple[Session, View]:
        """Open another article, or all."""
        session, problem = self._live(session), Problem()
        with _plainly(problem):
            session.open(choice)
        return session, view(session, problem.message)

    def paste(self, session: Session | None, text: str, title: str) -> tuple[Session, View]:
        """Add a pasted text."""
        session, problem = self._live(session), Problem()
        with _plainly(problem):
            session.open(session.shelf.add_text(text, title).id)
        return session, view(session, problem.message, added=not problem.message)

    def upload(self, session: Session | None, paths: Sequence[str] | None) -> Iterator[tuple[Session, View]]:
        """Add uploaded files and tell how far each is; those that cannot be read are named, the others are added."""
        session = self._live(session)
        files = [Upload(Path(path).name) for path in paths or ()]
        choice, last = session.choice, ""
        for at, path in enumerate(paths or ()):
            files[at] = replace(files[at], state=READING)
            yield session, replace(view(session, pane=False), notice=progress(files))
            problem, known = Problem(), session.articles
            with _plainly(problem):
                last = session.shelf.add_file(path).id
                files[at] = replace(files[at], state=KNOWN if last in known else ADDED)
            if problem.message:
                files[at] = replace(files[at], state=FAILED, problem=problem.message)
        if last and session.choice == choice:  # no other article was opened meanwhile
            session.open(last)
        alone = len(files) == 1 and not files[0].problem  # of several, the states stay in view
        told = progress(files) if files else answer_card.notice("")
        yield session, replace(view(session, added=alone), notice=told)

    def fetch(self, session: Session | None, address: str) -> tuple[Session, View]:
        """Add a page of the web."""
        session, problem = self._live(session), Problem()
        with _plainly(problem):
            session.open(session.shelf.add_page(address).id)
        return session, view(session, problem.message, added=not problem.message)

    def suggest(self, session: Session | None) -> tuple[Session, View]:
        """Look for questions to start with about the open article, if the visitor added it."""
        session, problem = self._live(session, follows=True), Problem()
        with _plainly(problem):
            session.shelf.look_for_questions(session.choice)
        return session, view(session, problem.message, pane=False)

    def rename(self, session: Session | None, title: str) -> tuple[Session, View]:
        """Give the open article another title."""
        session, problem = self._live(session), Problem()
        with _plainly(problem):
            session.shelf.rename(session.choice, title)
        return session, view(session, problem.message, added=not problem.message)

    def remove(self, session: Session | None) -> tuple[Session, View]:
        """Remove the open article, and open another."""
        session, problem = self._live(session), Problem()
        with _plainly(problem):
            session.shelf.remove(session.choice)
            session.let_go(session.articles)
        return session, view(session, problem.message)

    def go(self, session: Session | None, data: Any) -> tuple[Session, View]:
        """Do what a click asks for: show a place, a part, another article, or a conversation that was cleared."""
        session, problem = self._live(session), Problem()
        data = data if isinstance(data, dict) else {}
        with _plainly(problem):
            if "open" in data:
                session.open(str(data["open"]))
            elif "back" in data:
                session.bring_back()
            elif "part" in data:
                session.turn_to(_number(data["part"]))
            else:
                session.go(_number(data.get("turn")), _number(data.get("place")))
        return session, view(session, problem.message)

    def judge(self, session: Session | None, data: Any) -> tuple[Session, View]:
        """Keep what a click says of an answer: right, wrong, not in the text, or where it is."""
        session, problem = self._live(session), Problem()
        data = data if isinstance(data, dict) else {}
        before = session.focus
        with _plainly(problem):
            verdicts.judge(session, _number(data.get("turn")), str(data.get("verdict", "")), Selection.of(data))
        return session, view(session, problem.message, pane=session.focus is not before)

    def take(self, session: Session | None, data: Any) -> tuple[Session, str, str, str]:
        """Return the file that a click asks for, empty when there is none, the notice and the menu."""
        session, problem = self._live(session), Problem()
        made = ""
        with _plainly(problem):
            way = str(data.get("way", "")) if isinstance(data, dict) else ""
            self._parcels += 1
            made = takeaway.parcel(session, way, self._parcels).to_json()
        return session, made, _news(session) or answer_card.notice(problem.message), takeaway.menu(session)

    def clear(self, session: Session | None) -> tuple[Session, View]:
        """Begin a new conversation."""
        session = self._live(session)
        session.clear()
        return session, view(session)

    def _live(self, session: Session | None, *, follows: bool = False) -> Session:
        """Return the session, or a new one where the page's own was released, of which the visitor is then told.

        Args:
            session: None when it was released.
            follows: Whether this comes by itself after what the visitor did, so that what was told then stays.
        """
        if session is None:
            return Session(self.desk, renewed=True)
        session.renewed = session.renewed and follows
        return session


def _asked(
    session: Session, begin: Callable[[], Turn | None], mode: str, question: str = ""
) -> Iterator[tuple[Session, View]]:
    """Answer a question: what is seen while it is read, then the answer; what failed is given back.

    Args:
        session: Of the visitor.
        begin: Puts the question into the conversation; None when another is being read.
        mode: In which it is answered.
        question: What was typed in the field; empty where it was not typed there.
    """
    problem, turn = Problem(), None
    try:
        with _plainly(problem):
            turn = begin()
            if turn is None:
                yield session, view(session, _BUSY, pane=False, back=question)
                return
            yield session, view(session, pane=False, back="")
            session.finish(turn, mode)
    finally:
        if turn:
            session.end(turn)
    yield session, view(session, problem.message, back=question if problem.message else "")


def view(
    session: Session, message: str = "", *, pane: bool = True, back: str | None = None, added: bool = False
) -> View:
    """Return what a person sees of a session; what another process has removed from the library is let go first."""
    with session.lock:
        articles = session.articles
        lost = session.let_go(articles)
        return View(
            log=answer_card.conversation(session.turns, session.suggestions, session.current, bool(session.cleared)),
            pane=_pane(session, articles) if pane or lost else None,
            notice=answer_card.notice(message or (_REMOVED if lost else "")),
            choices=_choices(session, articles),
            choice=session.choice,
            menu=takeaway.menu(session),
            back=back,
            added=added,
            news=_news(session),
        )


def _news(session: Session) -> str:
    return answer_card.notice(_RELEASED) if session.renewed else ""


def _pane(session: Session, articles: Mapping[str, Article]) -> str:
    article = articles.get(session.shown)
    return article_pane.page(article, session.focus) if article else article_pane.contents(session.several(articles))


def _choices(session: Session, articles: Mapping[str, Article]) -> list[tuple[str, str]]:
    several = session.several(articles)
    samples = set(session.desk.samples)
    kind = "samples" if all(article.id in samples for article in several) else "articles"
    every = [(f"All {len(several)} {kind}", ALL)] if len(several) > 1 else []
    single = [
        (shortened(("Sample: " if article.id in samples else "") + article.title, _LABEL_CHARS), article.id)
        for article in articles.values()
    ]
    return single + every


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else -1


@contextmanager
def _plainly(problem: Problem) -> Iterator[None]:
    """Turn whatever goes wrong into one line for a person."""
    try:
        yield
    except Exception as error:
        problem.message = refusal(error)
