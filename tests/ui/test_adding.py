"""The articles that a person adds and chooses, and those that are there for everybody."""

from pathlib import Path

import pytest
from people import STORY, asked, with_story
from ui_toys import NoEmbedder, WordReader, text_of, texts

import qa
from qa.samples import samples
from ui.chat import Chat
from ui.desk import Desk
from ui.session import ALL, Session
from ui.shelf import MAX_ARTICLES


def test_paste_opens_the_article_and_asks_it(chat: Chat, session: Session) -> None:
    asked(chat, session, "Vienna")
    seen = with_story(chat, session)
    assert seen.added
    assert "The ferry" in text_of(seen.pane or "")
    assert texts(seen.log, "opened") == ["Now open: The ferry"]
    assert seen.choices[0] == ("The ferry", seen.choice)
    seen = asked(chat, session, "what about Gotland")
    assert texts(seen.pane or "", "answer") == ["Gotland"]
    assert texts(seen.pane or "", "mention") == ["Gotland"]
    assert "also at 1 other place" in text_of(seen.log)


def test_paste_of_nothing(chat: Chat, session: Session) -> None:
    _, seen = chat.paste(session, " \n", "Title")
    assert not seen.added
    assert "no text" in text_of(seen.notice)


def test_upload(chat: Chat, session: Session, tmp_path: Path) -> None:
    good, bad = tmp_path / "ferry.txt", tmp_path / "bad.pdf"
    good.write_text(STORY)
    bad.write_bytes(b"%PDF-1.7 broken")
    first, second, seen = (text_of(seen.notice) for _, seen in chat.upload(session, [str(bad), str(good)]))
    assert first == "bad.pdf Reading…ferry.txt Waiting"
    assert "ferry.txt Reading…" in second
    assert seen.startswith("bad.pdf is broken or cut off") and seen.endswith("ferry.txt Added")
    assert session.get(session.shown).title == "Ferry"
    *_, (_, seen) = chat.upload(session, [str(bad), str(good)])
    assert "ferry.txt Was here already" in text_of(seen.notice)
    assert not seen.added  # so that the list stays in view
    assert list(chat.upload(session, [str(good)]))[-1][1].added
    assert len(session.own) == 1
    sample = tmp_path / "sample.txt"
    sample.write_text(samples()[0].article.text)
    assert "Was here already" in text_of(list(chat.upload(session, [str(sample)]))[-1][1].notice)
    assert not list(chat.upload(session, None))[-1][1].added


def test_choose_and_ask_all(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    chat.paste(session, "Plums grow in Visby.", "Plums")
    _, seen = chat.choose(session, ALL)
    assert ("All 2 articles", ALL) in seen.choices
    assert "2 articles" in text_of(seen.pane or "")
    seen = asked(chat, session, "what about Visby")
    assert texts(seen.log, "facts") == ["Plums"]
    assert "Plums grow" in text_of(seen.pane or "")
    assert seen.choice == ALL
    assert texts(asked(chat, session, "what about Mongolia").log, "verdict") == ["The articles do not say."]
    assert "2 articles" in text_of(chat.clear(session)[1].pane or "")
    _, seen = chat.go(session, {"open": session.own[0].id})
    assert seen.choice == session.own[0].id
    assert "not here" in text_of(chat.choose(session, "nonsense")[1].notice)


def test_visitors_have_nothing_in_common_but_the_samples(chat: Chat) -> None:
    (one, _), (other, _) = chat.start(), chat.start()
    article = one.shelf.add_text(STORY, "Private")
    asked(chat, one, "what about Gotland")
    assert other.turns == []
    assert article.id not in other.articles
    with pytest.raises(qa.UsageError):
        other.get(article.id)
    assert "not here" in text_of(chat.choose(other, article.id)[1].notice)
    assert "not here" in text_of(chat.go(other, {"open": article.id})[1].notice)
    assert texts(asked(chat, other, "what about Gotland").log, "quote") == []


def test_room_is_limited(chat: Chat, session: Session) -> None:
    for number in range(MAX_ARTICLES):
        session.shelf.add_text(f"Article number {number}.", "")
    assert "no more room" in text_of(chat.paste(session, "One more.", "")[1].notice)


def test_files_and_a_library_are_there_for_everybody(tmp_path: Path) -> None:
    story = tmp_path / "ferry.txt"
    story.write_text(STORY)
    with qa.Library(tmp_path / "library", reader=WordReader(), embedder=NoEmbedder()) as library:
        library.add("Plums grow in Visby.", "Plums")
    desk = Desk([story], tmp_path / "library", reader=WordReader(), embedder=NoEmbedder())
    chat = Chat(desk)
    for _ in range(2):
        session, seen = chat.start()
        assert "apples" in (seen.pane or "")
        assert [label for label, _ in seen.choices][:2] == ["Ferry", "Plums"]
        assert seen.choices[-1] == ("All 2 articles", ALL)
        chat.choose(session, ALL)
        assert texts(asked(chat, session, "what about Visby").log, "quote") == ["Visby"]
        session.shelf.add_text("The town of Visby again.", "Own")  # in another library than the others
        chat.choose(session, ALL)
        seen = asked(chat, session, "what about Visby")
        assert "also at 1 other place" in text_of(seen.log)
        answer = session.turns[-1].answer
        assert answer is not None
        assert answer.trace is not None
        # One decision over all that was read in three libraries, not the best of three decisions.
        assert {p.chunk.article_id for p in answer.trace.passages} == {a.id for a in session.several(session.articles)}
        assert answer.trace.windows == len(answer.trace.passages) == 3
    assert len(desk.libraries[1].articles) == 1
    desk.close()
