"""What the handlers do to a session and what is seen then, with a toy reader."""

import json
from pathlib import Path

import pytest
from ui_toys import Elements, NoEmbedder, WordReader, text_of, texts

import qa
from qa.samples import samples
from ui.chat import Chat, View
from ui.desk import Desk
from ui.session import ALL, Session
from ui.shelf import MAX_ARTICLES

STORY = "The ferry left Gotland at noon.\n\nIt carried apples. Nobody knew that Gotland was asleep."


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(reader=WordReader(), embedder=NoEmbedder())


@pytest.fixture
def chat(desk: Desk) -> Chat:
    return Chat(desk)


@pytest.fixture
def session(chat: Chat) -> Session:
    return chat.start()[0]


def asked(chat: Chat, session: Session | None, question: str, mode: str = "balanced") -> View:
    return list(chat.ask(session, question, mode))[-1][1]


def with_story(chat: Chat, session: Session) -> View:
    return chat.paste(session, STORY, "The ferry")[1]


def test_samples_come_first_and_are_checked() -> None:
    first = samples()[0]
    assert first.article.title.startswith("$50 million")
    assert "Who offered the reward?" in first.questions
    assert all(sample.article.text.strip() and len(sample.questions) >= 3 for sample in samples())


def test_start_opens_the_sample_with_its_questions(chat: Chat) -> None:
    _, seen = chat.start()
    assert "$50 million for the bombers" in text_of(seen.pane or "")
    assert "Who offered the reward?" in text_of(seen.log)
    assert [label.split(":")[0] for label, _ in seen.choices] == ["Sample"] * 3 + ["All 3 samples"]


def test_ask_shows_the_question_while_it_is_read_then_the_answer(chat: Chat, session: Session) -> None:
    steps = [seen for _, seen in chat.ask(session, " what about Bortnikov ", "balanced")]
    assert "Reading…" in text_of(steps[0].log)
    assert steps[0].pane is None
    assert steps[0].back == ""
    assert texts(steps[1].log, "quote") == ["Bortnikov"]
    assert texts(steps[1].pane or "", "answer") == ["Bortnikov"]
    assert session.pending is None


def test_an_answer_always_quotes_its_article(chat: Chat, session: Session) -> None:
    asked(chat, session, "Vienna")
    answer = session.turns[-1].answer
    assert answer is not None
    assert answer.span is not None
    assert session.get(answer.span.article_id).text[answer.span.start : answer.span.end] == answer.text == "Vienna"


def test_what_the_article_does_not_say(chat: Chat, session: Session) -> None:
    seen = asked(chat, session, "what about Mongolia")
    assert texts(seen.log, "verdict") == ["The article does not say."]
    assert texts(seen.log, "label") == ["Closest passage, not an answer"]
    assert 'class="closest" id="closest"' in (seen.pane or "")
    assert "<mark" not in (seen.pane or "")


@pytest.mark.parametrize("question", ["", "  \n", "x" * 3000])
def test_a_question_that_cannot_be_asked_is_one_line(chat: Chat, session: Session, question: str) -> None:
    seen = asked(chat, session, question)
    assert "question" in text_of(seen.notice)
    assert "Traceback" not in seen.notice
    assert session.turns == []
    assert seen.back == question.strip()
    assert not texts(asked(chat, session, "Vienna").notice, "notice")


def test_an_unknown_mode_is_one_line(chat: Chat, session: Session) -> None:
    assert "mode" in text_of(asked(chat, session, "Vienna", "wild").notice)


def test_what_nobody_thought_of_is_one_line_too(
    chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Session, "read", lambda *_: 1 / 0)
    seen = asked(chat, session, "Vienna")
    assert "Something went wrong" in text_of(seen.notice)
    assert "division" not in seen.notice
    assert "ZeroDivisionError" in caplog.text
    assert session.turns == []
    assert session.pending is None


def test_one_question_at_a_time(chat: Chat, session: Session) -> None:
    first = chat.ask(session, "Vienna", "balanced")
    next(first)
    seen = asked(chat, session, "Paris")
    assert "one moment" in text_of(seen.notice)
    assert seen.back == "Paris"
    first.close()  # as when the page is closed
    assert session.pending is None
    assert session.turns == []


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


def test_going_to_a_mention_and_to_an_earlier_answer(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    asked(chat, session, "what about apples")
    _, seen = chat.go(session, {"turn": 0, "place": 1})
    assert 'data-focus="place-1"' in (seen.pane or "")
    assert texts(seen.pane or "", "answer") == ["Gotland"]
    before = session.focus.visit
    chat.go(session, {"turn": 0, "place": 1})
    assert session.focus.visit > before  # so that the same click scrolls again


@pytest.mark.parametrize(
    "data", [None, {}, {"turn": 99, "place": 0}, {"turn": "x"}, {"part": 99}, {"turn": -1}, [1], "?"]
)
def test_clicks_that_mean_nothing_do_no_harm(chat: Chat, session: Session, data: object) -> None:
    asked(chat, session, "Vienna")
    _, seen = chat.go(session, data)
    assert not texts(seen.notice, "notice")
    assert seen.pane


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


def judged(chat: Chat, session: Session, turn: int, verdict: str, **place: object) -> View:
    return chat.judge(session, {"turn": turn, "verdict": verdict, **place})[1]


def corrections(session: Session) -> list[tuple[str, str, str | None]]:
    kept = [correction for group in session.judged.values() for correction in group]
    return [(c.article.title, c.question, c.span.text if c.span else None) for c in kept]


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


def test_not_in_the_text_of_several_articles_is_said_of_each(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    chat.paste(session, "Plums grow in Visby.", "Plums")
    chat.choose(session, ALL)
    asked(chat, session, "what about Mongolia")
    judged(chat, session, len(session.turns) - 1, "right")
    assert {title for title, _, _ in corrections(session)} == {"The ferry", "Plums"}


def test_take_away(chat: Chat, session: Session) -> None:
    _, made, notice = chat.take(session, {"way": "html"})
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


def test_a_declined_question_says_why(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    seen = asked(chat, session, "is there anything about Mongolia")
    assert texts(seen.log, "reason") == ["Nothing in the text mentions “Mongolia”."]


def test_walking_through_the_places(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    seen = asked(chat, session, "what about Gotland")
    assert texts(seen.pane or "", "walk") == ["Place 1 of 2PreviousNext"]
    buttons = [a for tag, a in Elements(seen.pane or "").found if tag == "button" and "data-walk" in a]
    assert [(a["data-walk"], a["data-place"]) for a in buttons] == [("previous", "1"), ("next", "1")]
    numbers = [a["data-number"] for tag, a in Elements(seen.pane or "").found if tag == "mark"]
    assert numbers == ["1", "2"]
    assert not texts(asked(chat, session, "what about apples").pane or "", "walk")


def test_clear_keeps_the_articles(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    _, seen = chat.clear(session)
    assert seen.back is None
    assert session.turns == []
    assert "<mark" not in (seen.pane or "")
    assert seen.choices[0][0] == "The ferry"


def test_a_cleared_chat_can_be_brought_back_until_the_next_question(chat: Chat, session: Session) -> None:
    with_story(chat, session)
    asked(chat, session, "what about Gotland")
    before = session.turns
    _, seen = chat.clear(session)
    _, seen = chat.clear(session)  # once more loses nothing
    assert "Bring it back" in text_of(seen.log)
    _, seen = chat.go(session, {"back": True})
    assert session.turns == before
    assert "Bring it back" not in text_of(seen.log)
    chat.clear(session)
    asked(chat, session, "what about apples")
    again = session.turns
    _, seen = chat.go(session, {"back": True})
    assert session.turns == again


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


def test_a_released_session_starts_afresh(chat: Chat, session: Session) -> None:
    own = session.shelf.add_text(STORY, "Private").id
    session.close()
    assert session.own == ()
    renewed, seen = list(chat.ask(None, "Vienna", "balanced", own))[-1]
    assert "released" in text_of(seen.notice)
    assert seen.back == "Vienna"
    assert renewed.turns == []
    _, seen = list(chat.ask(None, "Vienna", "balanced", samples()[0].article.id))[-1]
    assert texts(seen.log, "quote") == ["Vienna"]
    assert "released" in text_of(chat.choose(None, own)[1].notice)
    assert "released" in text_of(chat.go(None, {"turn": 0, "place": 0})[1].notice)
    assert chat.paste(None, STORY, "Again")[1].added


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


def test_hostile_text_stays_text(chat: Chat, session: Session) -> None:
    hostile = "<script>alert(1)</script> ${alert(2)} {{alert}} <b>Oslo</b>"
    chat.paste(session, hostile, hostile)
    seen = asked(chat, session, "<img src=x onerror=alert(3)> Oslo")
    for html in (seen.log, seen.pane or ""):
        assert "<script" not in html
        assert "<img" not in html
        assert "<b>" not in html
    assert "<script>alert(1)</script>" in text_of(seen.pane or "")
