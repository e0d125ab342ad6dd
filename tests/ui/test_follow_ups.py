"""Follow-up questions in the web app: what they are taken to mean, changed, undone, and where they begin anew."""

import json
from collections.abc import Iterator

import pytest
from ui_toys import NoEmbedder, WordReader, text_of, texts

from qa.corrections import to_squad
from ui import verdicts
from ui.chat import Chat, View
from ui.desk import Desk
from ui.session import Session

STORY = "The ferry left Gotland at noon.\n\nIt carried apples. Captain Lind sold the apples in Visby."


@pytest.fixture
def chat() -> Iterator[Chat]:
    desk = Desk(reader=WordReader(), embedder=NoEmbedder())
    yield Chat(desk)
    desk.close()


@pytest.fixture
def session(chat: Chat) -> Session:
    session = chat.start()[0]
    chat.paste(session, STORY, "The ferry")
    asked(chat, session, "Did the ferry of Captain Lind leave Gotland?")
    return session


def asked(chat: Chat, session: Session, question: str) -> View:
    return list(chat.ask(session, question, "balanced"))[-1][1]


def again(chat: Chat, session: Session, turn: object, meant: object) -> View:
    return list(chat.ask_again(session, {"turn": turn, "meant": meant}, "balanced"))[-1][1]


def test_a_follow_up_shows_what_it_was_taken_to_mean(chat: Chat, session: Session) -> None:
    seen = asked(chat, session, "and Visby?")
    turn = session.turns[-1]
    assert turn.question == "and Visby?"
    assert turn.understood == "Did the ferry of Captain Lind leave Visby?"
    assert turn.answer is not None and turn.answer.text == "Visby"
    assert "Understood as Did the ferry of Captain Lind leave Visby?" in text_of(seen.log)
    assert len(texts(seen.log, "understood")) == 1  # the first question stands alone
    verdicts.judge(session, len(session.turns) - 1, "right")
    [gold] = session.judged.values()
    assert gold.question == turn.understood  # of its own, "and Visby?" asks nothing
    assert "leave Visby?" in json.dumps(to_squad([gold]))


def test_a_meaning_is_undone_and_changed_in_its_place(chat: Chat, session: Session) -> None:
    number = len(session.turns)
    asked(chat, session, "and Visby?")
    asked(chat, session, "Where were the apples?")
    seen = again(chat, session, number, "and Visby?")
    assert [turn.question for turn in session.turns[number:]] == ["and Visby?", "Where were the apples?"]
    assert session.turns[number].understood == "and Visby?"
    assert not texts(seen.log, "understood")
    assert session.current == number
    seen = again(chat, session, number, "Who sold the apples?")
    assert session.turns[number].answer.text == "apples"  # type: ignore[union-attr]
    assert "Understood as Who sold the apples?" in text_of(seen.log)


def test_a_turn_about_another_article_is_shown_when_it_is_changed(chat: Chat, session: Session) -> None:
    number, ferry = len(session.turns), session.choice
    asked(chat, session, "and Visby?")
    chat.paste(session, "Plums grow in Gotland.", "Plums")
    again(chat, session, number, "Who sold the apples?")
    assert (session.current, session.shown) == (number, ferry)


def test_another_article_or_a_cleared_chat_is_a_new_topic(chat: Chat, session: Session) -> None:
    chat.paste(session, "Plums grow in Visby.", "Plums")
    asked(chat, session, "and Visby?")
    assert session.turns[-1].understood == "and Visby?"
    chat.clear(session)
    asked(chat, session, "and plums?")
    assert session.turns[-1].understood == "and plums?"


def test_what_is_brought_back_is_a_topic_of_its_own_article(chat: Chat, session: Session) -> None:
    ferry = session.choice
    chat.paste(session, "Plums grow in Visby.", "Plums")
    plums = session.choice
    chat.choose(session, ferry)
    asked(chat, session, "Did the ferry of Captain Lind leave Gotland?")
    before = list(session.turns)
    chat.clear(session)
    chat.choose(session, plums)
    seen = chat.go(session, {"back": True})[1]
    assert texts(seen.log, "opened")[-1] == "Now open: Plums"
    asked(chat, session, "and Visby?")
    assert session.turns[-1].understood == "and Visby?"
    chat.clear(session)
    chat.choose(session, ferry)
    chat.choose(session, plums)
    chat.go(session, {"back": True})
    assert [turn.note for turn in session.turns[len(before) :]] == ["Plums", ""]  # as it was: the same article is open
    chat.choose(session, ferry)
    chat.clear(session)
    chat.choose(session, plums)
    chat.go(session, {"back": True})
    assert [turn.note for turn in session.turns[len(before) :]] == ["Plums", "", "Plums"]


def test_what_cannot_be_asked_again_leaves_the_answer_that_was_there(chat: Chat, session: Session) -> None:
    asked(chat, session, "and Visby?")
    before = list(session.turns)
    assert "empty" in text_of(again(chat, session, len(before) - 1, "  ").notice)
    assert "not here any more" in text_of(again(chat, session, 99, "Who?").notice)
    assert "not here any more" in text_of(again(chat, session, None, "Who?").notice)
    steps = chat.ask_again(session, {"turn": len(before) - 1, "meant": "Who sold apples?"}, "balanced")
    assert "Reading…" in text_of(next(steps)[1].log)
    assert "still being read" in text_of(asked(chat, session, "Where?").notice)
    steps.close()  # the visitor's connection broke
    assert session.turns == before
    assert session.pending is None


def test_what_is_cleared_while_it_is_asked_again_stays_cleared(chat: Chat, session: Session) -> None:
    asked(chat, session, "and Visby?")
    steps = chat.ask_again(session, {"turn": len(session.turns) - 1, "meant": "Who sold apples?"}, "balanced")
    next(steps)
    chat.clear(session)
    assert "Reading…" not in text_of(list(steps)[-1][1].log)
    assert session.turns == [] and session.pending is None
    asked(chat, session, "Where is Visby?")
    assert [turn.question for turn in session.turns] == ["Where is Visby?"]


def test_exports_show_what_was_typed_and_what_was_understood(chat: Chat, session: Session) -> None:
    asked(chat, session, "and Visby?")
    verdicts.judge(session, len(session.turns) - 1, "wrong")
    markdown = json.loads(chat.take(session, {"way": "markdown"})[1])["text"]
    assert "## and Visby?\n\nUnderstood as: Did the ferry of Captain Lind leave Visby?" in markdown
    assert "Checked by the user: wrong." in markdown
    page = json.loads(chat.take(session, {"way": "html"})[1])["text"]
    assert "Understood as: Did the ferry of Captain Lind leave Visby?" in text_of(page)
    assert "Checked by the user: wrong." in text_of(page)
    data = json.loads(json.loads(chat.take(session, {"way": "json"})[1])["text"])
    assert [answer["judgement"] for answer in data["answers"]] == ["", "wrong"]
    assert [answer["typed"] for answer in data["answers"]][-1] == "and Visby?"
    assert data["answers"][-1]["question"] == "Did the ferry of Captain Lind leave Visby?"
