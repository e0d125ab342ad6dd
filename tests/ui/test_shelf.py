"""A visitor's own articles: renamed, removed, fetched, and the questions made from them."""

from collections.abc import Iterator

import pytest
from ui_toys import NoEmbedder, WordReader, text_of

import qa
from qa import Article
from qa.samples import samples
from ui.chat import Chat
from ui.desk import Desk
from ui.session import ALL, Session
from ui.shelf import Shelf

PAGE = Article.of("The ferry left Gotland at noon.", "The ferry", "https://example.org/ferry")


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = Desk(reader=WordReader(), embedder=NoEmbedder())
    yield opened
    opened.close()


@pytest.fixture
def chat(desk: Desk) -> Chat:
    return Chat(desk)


@pytest.fixture
def session(chat: Chat) -> Session:
    session = chat.start()[0]
    chat.paste(session, "Plums grow in Visby.", "Plums")
    return session


def test_rename(chat: Chat, session: Session) -> None:
    _, seen = chat.rename(session, "  Sweet \n plums ")
    assert seen.added
    assert seen.choices[0] == ("Sweet plums", session.choice)
    assert "Sweet plums" in text_of(seen.pane or "")
    assert "empty" in text_of(chat.rename(session, " ")[1].notice)
    assert session.own[0].title == "Sweet plums"


def test_remove_opens_another_article_and_keeps_the_chat(chat: Chat, session: Session) -> None:
    list(chat.ask(session, "what about Visby", "balanced"))
    _, seen = chat.remove(session)
    assert session.own == ()
    assert seen.choice == samples()[0].article.id
    assert not text_of(seen.notice)
    assert "Visby" in text_of(seen.log)


def test_what_belongs_to_everybody_stays(chat: Chat, session: Session) -> None:
    chat.paste(session, "Pears grow in Visby.", "Pears")
    for choice in (samples()[0].article.id, ALL):
        chat.choose(session, choice)
        assert "added yourself" in text_of(chat.rename(session, "Mine")[1].notice)
        assert "added yourself" in text_of(chat.remove(session)[1].notice)
    assert len(session.own) == 2


def test_pages_are_fetched_only_where_that_is_allowed(
    chat: Chat, session: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()
    monkeypatch.setattr("qa.fetch.fetch", lambda address: asked.append(address) or PAGE)
    assert "--allow-urls" in text_of(chat.fetch(session, "https://example.org/ferry")[1].notice)
    assert not asked
    desk.allow_urls = True
    assert "no address" in text_of(chat.fetch(session, " ")[1].notice)
    _, seen = chat.fetch(session, "https://example.org/ferry")
    assert seen.added
    assert asked == ["https://example.org/ferry"]
    assert "https://example.org/ferry" in text_of(seen.pane or "")
    assert "#:~:text=Gotland" in list(chat.ask(session, "what about Gotland", "balanced"))[-1][1].log


def test_a_page_that_cannot_be_fetched_is_one_line(chat: Chat, session: Session, desk: Desk) -> None:
    desk.allow_urls = True
    for address in ("http://127.0.0.1/", "file:///etc/passwd", "nonsense"):
        _, seen = chat.fetch(session, address)
        assert text_of(seen.notice)
        assert "went wrong" not in text_of(seen.notice)
    assert len(session.own) == 1


def test_questions_are_looked_for_once_and_go_with_the_article(
    chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = list[str]()

    def made(library: qa.Library, article: Article) -> tuple[str, ...]:
        calls.append(article.title)
        return ("What grows in Visby?",)

    monkeypatch.setattr("ui.shelf.starters", made)
    for _ in range(2):
        _, seen = chat.suggest(session)
        assert 'data-ask="What grows in Visby?"' in seen.log
        assert seen.pane is None
    assert calls == ["Plums"]
    own = session.choice
    chat.choose(session, samples()[0].article.id)
    chat.suggest(session)
    assert calls == ["Plums"]
    chat.choose(session, own)
    chat.remove(session)
    assert not session.shelf.questions


def test_a_shelf_is_released(desk: Desk) -> None:
    shelf = Shelf(desk)
    shelf.add_text("Plums grow in Visby.", "Plums")
    shelf.close()
    assert shelf.articles == ()
    assert shelf.library is None
