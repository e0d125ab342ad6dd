"""What a person asks and clicks, what is seen then, and what happens to the session."""

from contextlib import closing
from pathlib import Path

import pytest
from people import STORY, asked, with_story
from ui_toys import Elements, NoEmbedder, WordReader, text_of, texts

import qa
from qa.samples import samples
from ui.chat import Chat
from ui.desk import Desk
from ui.programs import Programs
from ui.session import Session


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


@pytest.mark.parametrize("kind", [qa.LibraryError, qa.ModelError])
def test_where_the_server_keeps_things_is_told_to_its_output_alone(
    chat: Chat, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: type
) -> None:
    def fails(*_: object) -> None:
        raise kind("/home/ann/secret is broken")

    monkeypatch.setattr(Session, "read", fails)
    seen = asked(chat, session, "Vienna")
    assert "of this server cannot be used now" in text_of(seen.notice)
    assert "secret" not in seen.notice
    assert "/home/ann/secret is broken" in caplog.text


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


def test_nothing_is_asked_by_pressing_enter_once_more(chat: Chat, session: Session) -> None:
    first = chat.ask(session, "Vienna", "balanced")
    next(first)
    seen = asked(chat, session, " ")
    assert "Reading…" in text_of(seen.log)
    assert not texts(seen.notice, "notice")
    assert (seen.pane, seen.back) == (None, None)
    assert texts(list(first)[-1][1].log, "quote") == ["Vienna"]


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


def test_a_released_session_starts_afresh(chat: Chat, session: Session) -> None:
    own = session.shelf.add_text(STORY, "Private").id
    session.close()
    assert session.own == ()
    renewed, seen = list(chat.ask(None, "Vienna", "balanced", own))[-1]
    assert "released" in text_of(seen.news)
    assert seen.back == "Vienna"
    assert renewed.turns == []
    assert "released" in text_of(chat.choose(None, own)[1].news)
    assert "released" not in text_of(chat.start()[1].news)


def test_whatever_is_done_after_a_release_says_what_is_gone(chat: Chat, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(STORY)
    shared = samples()[1].article.id
    answered = list(chat.ask(None, "Vienna", "balanced", shared))
    pasted = chat.paste(None, STORY, "Again")
    done = [
        *answered,
        pasted,
        *chat.ask_again(None, {"turn": 0, "meant": "Vienna"}, "balanced"),
        *chat.upload(None, [str(tmp_path / "ferry.txt")]),
        chat.choose(None, shared),
        chat.fetch(None, "https://example.org"),
        chat.suggest(None),
        chat.rename(None, "Again"),
        chat.remove(None),
        chat.go(None, {"turn": 0, "place": 0}),
        chat.judge(None, {"turn": 0, "verdict": "right"}),
        chat.clear(None),
    ]
    [told] = {text_of(seen.news) for _, seen in done} | {text_of(chat.take(None, {"way": "html"})[2])}
    for words in ("released", "conversation", "corrections", "articles that you added"):
        assert words in told
    session, seen = answered[-1]
    assert (session.choice, len(session.turns), seen.back) == (shared, 1, "")
    session, seen = pasted
    assert seen.added
    assert chat.suggest(session)[1].news  # comes by itself, and must not wipe it away
    assert not asked(chat, session, "what about Gotland").news


def test_hostile_text_stays_text(chat: Chat, session: Session) -> None:
    hostile = "<script>alert(1)</script> ${alert(2)} {{alert}} <b>Oslo</b>"
    chat.paste(session, hostile, hostile)
    seen = asked(chat, session, "<img src=x onerror=alert(3)> Oslo")
    for html in (seen.log, seen.pane or ""):
        assert "<script" not in html
        assert "<img" not in html
        assert "<b>" not in html
    assert "<script>alert(1)</script>" in text_of(seen.pane or "")


def test_nobody_is_shown_the_folders_of_the_articles_that_are_open_to_all(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(STORY)
    with closing(Desk([tmp_path / "ferry.txt"], reader=WordReader(), embedder=NoEmbedder())) as desk:
        chat, programs = Chat(desk), Programs(desk)
        session = chat.start()[0]
        seen = asked(chat, session, "what about Gotland")
        taken = [chat.take(session, {"way": way})[1] for way in ("html", "markdown", "json")]
        shown = [seen.log, seen.pane or "", *taken]
        told = [
            programs.ask(None, "what about Gotland", "", [], "balanced", ""),
            programs.articles(None, ""),
            programs.passages(None, "what about Gotland", 8, "", [], ""),
        ]
    assert all("ferry.txt" in words for words in shown)
    assert tmp_path.name not in str([shown, told])
