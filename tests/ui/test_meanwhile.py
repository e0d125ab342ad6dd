"""What a visitor does while a question is being read, and what other processes do to the library meanwhile."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ui_toys import NoEmbedder, WordReader, text_of, texts

import qa
from qa.samples import samples
from ui.chat import Chat, View
from ui.desk import Desk
from ui.session import ALL, Session

FIRST, SECOND = (sample.article for sample in samples()[:2])


@pytest.fixture
def library(tmp_path: Path) -> Iterator[qa.Library]:
    """A library folder as another process sees it."""
    with qa.Library(tmp_path / "library", reader=WordReader(), embedder=NoEmbedder()) as opened:
        opened.add("Plums grow in Visby.", "Plums")
        opened.add("Pears grow in Visby too.", "Pears")
        yield opened


@pytest.fixture
def desk(library: qa.Library, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(folder=tmp_path / "library", reader=WordReader(), embedder=NoEmbedder())
    yield opened
    opened.close()


@pytest.fixture
def chat(desk: Desk) -> Chat:
    return Chat(desk)


@pytest.fixture
def session(chat: Chat) -> Session:
    session = chat.start()[0]
    session.open(FIRST.id)
    return session


def asked(chat: Chat, session: Session, question: str) -> View:
    return list(chat.ask(session, question, "balanced"))[-1][1]


def while_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen at the end of the next reading, as if in another thread."""
    read = Session.read

    def slow(session: Session, *what: object) -> object:
        reading = read(session, *what)  # type: ignore[arg-type]
        monkeypatch.setattr(Session, "read", read)
        act()
        return reading

    monkeypatch.setattr(Session, "read", slow)


def is_at_rest(session: Session, seen: View) -> bool:
    return session.pending is None and "Reading…" not in text_of(seen.log) and not texts(seen.notice, "notice")


def test_another_article_is_chosen_before_the_reading(chat: Chat, session: Session) -> None:
    steps = chat.ask(session, "Vienna", "balanced")
    next(steps)
    chat.choose(session, SECOND.id)
    seen = list(steps)[-1][1]
    assert is_at_rest(session, seen)
    assert texts(seen.log, "quote") == ["Vienna"]  # of the article that was asked
    assert texts(seen.log, "opened") == [f"Now open: {SECOND.title}"]
    assert (session.choice, session.shown) == (SECOND.id, SECOND.id)  # which the answer does not take away
    assert "<mark" not in (seen.pane or "")
    _, seen = chat.go(session, {"turn": 0, "place": 0})
    assert texts(seen.pane or "", "answer") == ["Vienna"]


def test_another_article_is_chosen_during_the_reading(
    chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_reading(monkeypatch, lambda: chat.choose(session, SECOND.id))
    seen = asked(chat, session, "Vienna")
    assert is_at_rest(session, seen)
    assert texts(seen.log, "quote") == ["Vienna"]
    assert texts(seen.log, "opened") == [f"Now open: {SECOND.title}"]
    assert session.shown == SECOND.id


def test_the_chat_is_cleared_before_the_reading(chat: Chat, session: Session) -> None:
    steps = chat.ask(session, "Vienna", "balanced")
    next(steps)
    chat.clear(session)
    seen = list(steps)[-1][1]
    assert is_at_rest(session, seen)
    assert session.turns == []
    assert "<mark" not in (seen.pane or "")
    assert texts(asked(chat, session, "Vienna").log, "quote") == ["Vienna"]


def test_the_chat_is_cleared_during_the_reading(chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    while_reading(monkeypatch, lambda: chat.clear(session))
    seen = asked(chat, session, "Vienna")
    assert is_at_rest(session, seen)
    assert session.turns == []


def test_the_chat_is_cleared_and_the_same_question_asked_again(chat: Chat, session: Session) -> None:
    first = chat.ask(session, "Vienna", "balanced")
    next(first)
    chat.clear(session)
    second = chat.ask(session, "Vienna", "balanced")
    next(second)
    seen = list(first)[-1][1]
    assert "Reading…" in text_of(seen.log)
    assert session.pending is session.turns[0]
    seen = list(second)[-1][1]
    assert is_at_rest(session, seen)
    assert texts(seen.log, "quote") == ["Vienna"]


def test_an_earlier_answer_is_shown_during_the_reading(
    chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(chat, session, "Vienna")
    while_reading(monkeypatch, lambda: chat.go(session, {"turn": 0, "place": 0}))
    seen = asked(chat, session, "Bortnikov")
    assert is_at_rest(session, seen)
    assert texts(seen.log, "quote") == ["Vienna", "Bortnikov"]


@pytest.mark.parametrize(("turn", "moved"), [(0, None), (2, 1)])
def test_the_turn_that_is_shown_is_the_same_when_the_oldest_is_dropped(
    chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch, turn: int, moved: int | None
) -> None:
    monkeypatch.setattr("ui.session.MAX_TURNS", 4)
    for question in ("Vienna", "Bortnikov", "Mongolia"):
        asked(chat, session, question)
    steps = chat.ask(session, "Vienna", "balanced")
    next(steps)
    chat.choose(session, SECOND.id)
    chat.go(session, {"turn": turn, "place": 0})
    seen = list(steps)[-1][1]
    assert len(session.turns) == 4
    assert session.current == session.focus.turn == moved
    # The words that are selected now answer the question that is shown, or none.
    assert re.findall(r'data-judge="here" data-of="(\d+)" hidden', seen.pane or "") == ([] if moved is None else ["1"])


def test_the_article_that_is_asked_was_removed(chat: Chat, desk: Desk, session: Session, library: qa.Library) -> None:
    plums, pears = library.articles
    session.open(plums.id)
    asked(chat, session, "Visby")
    library.remove(plums.id)
    seen = asked(chat, session, "Visby")
    assert "not here" in text_of(seen.notice)
    assert seen.back == "Visby"
    assert desk.first == pears
    assert (seen.choice, session.shown) == (pears.id, pears.id)
    assert plums.id not in [article_id for _, article_id in seen.choices]
    assert "Pears grow" in text_of(seen.pane or "")
    assert texts(seen.log, "quote") == ["Visby"]  # what was answered stays
    assert texts(seen.log, "opened") == ["Now open: Pears"]
    assert "not here" in text_of(chat.choose(session, plums.id)[1].notice)
    library.remove(pears.id)
    seen = chat.choose(session, pears.id)[1]
    assert seen.choice == desk.first.id == FIRST.id
    assert seen.pane


def test_the_article_of_an_earlier_answer_was_removed(chat: Chat, session: Session, library: qa.Library) -> None:
    session.open(library.articles[0].id)
    asked(chat, session, "Visby")
    asked(chat, session, "Mongolia")
    chat.choose(session, FIRST.id)
    library.remove(library.articles[0].id)
    for turn in (0, 1):  # an answer, and the closest passage of none
        _, seen = chat.go(session, {"turn": turn, "place": 0})
        assert texts(seen.notice, "notice") == ["That article is no longer in the library."]
        assert (seen.choice, session.shown) == (FIRST.id, FIRST.id)
    assert texts(seen.log, "quote") == ["Visby"]
    assert not texts(chat.go(session, {})[1].notice, "notice")  # it is said once


@pytest.mark.parametrize("choice", ["one", ALL])
def test_an_article_is_removed_during_the_reading(
    chat: Chat, session: Session, library: qa.Library, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    plums, pears = library.articles
    session.open(ALL if choice == ALL else plums.id)
    while_reading(monkeypatch, lambda: library.remove(plums.id))
    seen = asked(chat, session, "Visby")
    assert texts(seen.log, "quote") == ["Visby"]
    assert texts(seen.notice, "notice") == ["That article is no longer in the library."]
    assert (seen.choice, session.shown) == (pears.id, pears.id)  # of all, there is one
    assert session.pending is None


def test_a_library_that_cannot_be_read_any_more(chat: Chat, desk: Desk, session: Session, library: qa.Library) -> None:
    pears = library.articles[1]
    chat.choose(session, pears.id)
    desk.libraries[1].close()  # stands for a folder that is gone
    assert "Pears grow" in text_of(chat.choose(session, pears.id)[1].pane or "")
    seen = asked(chat, session, "Visby")
    assert texts(seen.notice, "notice")
    assert "went wrong" not in text_of(seen.notice)
    session.open(FIRST.id)
    assert texts(asked(chat, session, "Vienna").log, "quote") == ["Vienna"]
    assert chat.start()[1].pane


def test_another_article_is_opened_while_files_are_added(chat: Chat, session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ferries sail at noon.")
    steps = chat.upload(session, [str(tmp_path / "a.txt")])
    next(steps)
    chat.choose(session, SECOND.id)
    list(steps)
    assert session.choice == SECOND.id
    assert len(session.own) == 1
