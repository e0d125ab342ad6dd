"""What a person says of answers, and what is taken away."""

import json
import re

import pytest
from people import STORY, asked, with_story
from ui_toys import Elements, text_of, texts

from ui.chat import Chat, View
from ui.session import ALL, Session


def judged(chat: Chat, session: Session, turn: int, verdict: str, **place: object) -> View:
    return chat.judge(session, {"turn": turn, "verdict": verdict, **place})[1]


def corrections(session: Session) -> list[tuple[str, str, str | None]]:
    return [(c.article.title, c.question, c.span.text if c.span else None) for c in session.judged.values()]


def test_right_and_wrong_and_where_it_is(chat: Chat, session: Session) -> None:
    own = with_story(chat, session).choice
    for question in ("what about Gotland", "what about Mongolia", "what about apples"):
        asked(chat, session, question)
    seen = judged(chat, session, 0, "right")
    assert "1 correction" in text_of(seen.menu)
    assert seen.pane is None
    assert "Kept: the text does not say." in text_of(judged(chat, session, 1, "right").log)
    assert "Select the words" in text_of(judged(chat, session, 2, "wrong").log)
    assert corrections(session)[2:] == []
    at = STORY.index(" noon.")
    judged(chat, session, 2, "here", article=own, start=at, end=at + 6, words=" noon.")
    assert corrections(session) == [
        ("The ferry", "what about Gotland", "Gotland"),
        ("The ferry", "what about Mongolia", None),
        ("The ferry", "what about apples", "noon."),
    ]
    judged(chat, session, 2, "absent")
    assert corrections(session)[2] == ("The ferry", "what about apples", None)
    seen = judged(chat, session, 2, "absent")
    assert len(corrections(session)) == 2
    chat.clear(session)
    assert len(corrections(session)) == 2
    session.close()
    assert not corrections(session)


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"article": "?", "start": 0, "end": 3, "words": "The"},
        {"article": None, "start": 0, "end": 3, "words": "Not"},
        {"article": None, "start": 3, "end": 4, "words": " "},
        {"article": None, "start": -3, "end": 4, "words": ""},
        {"article": None, "start": 0, "end": 10**6, "words": "x"},
        {"article": None, "start": "0", "end": True, "words": "T"},
    ],
)
def test_a_selection_that_is_none_is_one_line(chat: Chat, session: Session, place: dict[str, object]) -> None:
    own = with_story(chat, session).choice
    asked(chat, session, "what about Gotland")
    place = {**place, "article": own} if place.get("article", "?") is None else place
    seen = judged(chat, session, 0, "here", **place)
    assert "elect" in text_of(seen.notice)
    assert session.turns[-1].verdict is None
    assert not session.judged


@pytest.mark.parametrize("data", [None, {}, {"turn": 9, "verdict": "right"}, {"turn": 1, "verdict": "odd"}, "?"])
def test_verdicts_that_mean_nothing_do_no_harm(chat: Chat, session: Session, data: object) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    chat.judge(session, data)
    assert not session.judged


def test_words_of_an_article_that_was_not_asked_answer_nothing(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    other = chat.paste(session, "Plums grow in Visby.", "Plums")[1].choice
    seen = judged(chat, session, 0, "here", article=other, start=0, end=5, words="Plums")
    assert "not asked of" in text_of(seen.notice)
    assert not session.judged


def test_where_it_is_is_taken_back_with_nothing_selected(chat: Chat, session: Session) -> None:
    own = with_story(chat, session).choice
    asked(chat, session, "what about Gotland")
    judged(chat, session, 0, "here", article=own, start=0, end=9, words="The ferry")
    assert corrections(session) == [("The ferry", "what about Gotland", "The ferry")]
    seen = judged(chat, session, 0, "here")
    assert not texts(seen.notice, "notice")
    assert not session.judged and session.turns[0].verdict is None
    assert "Select the words" in text_of(judged(chat, session, 0, "here").notice)  # there is nothing to take back


def test_not_in_the_text_of_several_articles_is_said_of_each(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    chat.paste(session, "Plums grow in Visby.", "Plums")
    chat.choose(session, ALL)
    asked(chat, session, "what about Mongolia")
    judged(chat, session, len(session.turns) - 1, "right")
    assert {title for title, _, _ in corrections(session)} == {"The ferry", "Plums"}


def seen_and_saved(chat: Chat, session: Session) -> tuple[list[str], int, int]:
    """What is said to be kept, how many corrections the menu offers, and how many its file has."""
    seen = chat.go(session, {})[1]
    offered = re.search(r"(\d+) correction", seen.menu)
    made = chat.take(session, {"way": "corrections"})[1]
    saved = [
        question
        for entry in (json.loads(json.loads(made)["text"])["data"] if made else [])
        for paragraph in entry["paragraphs"]
        for question in paragraph["qas"]
    ]
    return [hint for hint in texts(seen.log, "hint") if "Kept" in hint], int(offered[1]) if offered else 0, len(saved)


def test_what_is_said_of_an_article_that_was_removed_is_kept(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Mongolia")
    asked(chat, session, "what about Gotland")
    chat.remove(session)
    judged(chat, session, 0, "right")
    judged(chat, session, 1, "right")
    assert seen_and_saved(chat, session) == (["Kept: the text does not say.", "Kept: right."], 2, 2)
    assert {title for title, _, _ in corrections(session)} == {"The ferry"}
    judged(chat, session, 1, "absent")
    assert corrections(session)[1] == ("The ferry", "what about Gotland", None)


def test_the_last_verdict_about_a_question_counts(chat: Chat, session: Session) -> None:
    own = with_story(chat, session).choice
    for _ in range(2):
        asked(chat, session, "what about Gotland")
    judged(chat, session, 0, "right")
    judged(chat, session, 1, "wrong")
    assert seen_and_saved(chat, session) == ([], 0, 0)
    assert [turn.judgement for turn in session.turns] == ["", "wrong"]
    judged(chat, session, 0, "right")
    assert seen_and_saved(chat, session) == (["Kept: right."], 1, 1)
    judged(chat, session, 1, "here", article=own, start=0, end=9, words="The ferry")
    assert seen_and_saved(chat, session) == (["Kept: the answer is “The ferry”."], 1, 1)
    judged(chat, session, 0, "right")
    judged(chat, session, 1, "right")
    assert seen_and_saved(chat, session) == (["Kept: right."] * 2, 1, 1)
    judged(chat, session, 1, "right")  # takes it back
    assert seen_and_saved(chat, session) == ([], 0, 0)


def test_one_article_alone_and_among_others_is_one_correction(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    judged(chat, session, 0, "right")
    chat.paste(session, "Plums grow in Visby.", "Plums")
    chat.choose(session, ALL)
    asked(chat, session, "what about Gotland")
    judged(chat, session, len(session.turns) - 1, "right")
    assert seen_and_saved(chat, session) == (["Kept: right."] * 2, 1, 1)


def test_corrections_are_marked_until_they_were_downloaded_as_they_are(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    assert "data-unsaved" not in judged(chat, session, 0, "wrong").menu  # which leaves open what would be right
    assert "data-unsaved" in judged(chat, session, 0, "right").menu
    assert "data-unsaved" in chat.take(session, {"way": "json"})[3]
    assert "data-unsaved" in chat.clear(session)[1].menu
    menu = chat.take(session, {"way": "corrections"})[3]
    assert "1 correction" in menu
    assert "data-unsaved" not in menu
    chat.go(session, {"back": True})
    assert "data-unsaved" in judged(chat, session, 0, "absent").menu
    assert "data-unsaved" not in judged(chat, session, 0, "right").menu  # as in the file


def test_take_away(chat: Chat, session: Session) -> None:
    _, made, notice, _ = chat.take(session, {"way": "html"})
    assert not made
    assert "ask a question first" in text_of(notice)
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    asked(chat, session, "what about <b>Mongolia")
    assert "whether it is right" in text_of(chat.take(session, {"way": "corrections"})[2])
    assert "no way" in text_of(chat.take(session, {"way": "odd"})[2])
    parcels = [json.loads(chat.take(session, {"way": way})[1]) for way in ("html", "markdown", "json", "json")]
    assert [p["name"] for p in parcels[:3]] == ["conversation.html", "conversation.md", "conversation.json"]
    assert parcels[2]["number"] != parcels[3]["number"]
    page = parcels[0]["text"]
    assert texts(page, "quote") == ["Gotland"]
    assert "&lt;b&gt;Mongolia" in page
    links = [attrs["href"][1:] for tag, attrs in Elements(page).found if tag == "a"]
    ids = {attrs["id"] for _, attrs in Elements(page).found if "id" in attrs}
    assert len(links) == 3
    assert set(links) <= ids
