"""Conversations: what follow-ups are taken to mean, what is never changed, and what can be taken back."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import KeywordReader

import qa
from qa.antecedents import Said
from qa.conversation import Conversation, Turn
from qa.followups import meanings, stands_alone

TEXT = "The mayor spoke first. On Monday Anna Lopez paid $300 to the town. Nobody objected."
LED = Said("Who led the study?", "Ingrid Solheim", "“I expected limestone to win,” said Ingrid Solheim, who led it.")
BOMBED = Said("When was the plane destroyed?", "October 31", "It was destroyed over the Sinai on October 31.")
HELD = Said("How many oysters did the porcelain reefs hold?", "412", "The reefs held 412 oysters.")
OFFERED = Said("What did Ms. Brandt offer?", "an amendment", "Ms. Brandt offered an amendment.")
OLDEST = Said("Who is the oldest member of the council?", "Ann Lee, 81", "Ann Lee, 81, is the oldest member.")
LAID = Said("When were the reefs laid?", "in 2022", "The reefs were laid in 2022.")
MET = Said("Where did the envoys meet?", "Vienna", "The envoys met in Vienna.")


@pytest.fixture
def chat():
    library = qa.Library(reader=KeywordReader({"Lopez": 4.0, "Anna": 4.0, "mayor": 1.0}))
    library.add(TEXT, title="Town")
    return library.chat()


@pytest.mark.parametrize(
    "question",
    [
        "Who offered the reward?",
        "when was the plane destroyed?",
        "How much will the new bridge cost?",
        "What did Mayor Okafor say before she voted?",
        "and when does work begin?",
        "Who said that the town was borrowing too much?",
        "How many votes are there on the council?",
        "Is the bridge still open?",
        "Wann wurde die Brücke gebaut?",
        "Qui a dirigé l'étude sur les huîtres de la baie ?",
    ],
)
def test_a_question_that_stands_alone_is_never_changed(question):
    assert stands_alone(question)
    (only,) = meanings(question, [LED, HELD])
    assert (only.question, only.rule, only.cost) == (question, "literal", 0.0)


@pytest.mark.parametrize("question", ["when?", "and why?", "who is she?", "what about limestone?", "how many of them?"])
def test_the_first_question_is_never_changed(question):
    assert [one.question for one in meanings(question, [])] == [question]


@pytest.mark.parametrize(
    ("said", "question", "expected"),
    [
        (BOMBED, "where?", "Where was the plane destroyed?"),
        (BOMBED, "and by whom?", "By whom was the plane destroyed?"),
        (BOMBED, "where did that happen?", "Where was the plane destroyed?"),
        (OFFERED, "and when?", "When did Ms. Brandt offer an amendment?"),
        (OFFERED, "was it approved?", "Was an amendment approved?"),
        (OFFERED, "where does she live?", "Where does Ms. Brandt live?"),
        (LED, "who is she?", "Who is Ingrid Solheim?"),
        (LED, "what is her job?", "What is Ingrid Solheim's job?"),
        (LED, "when?", "When did Ingrid Solheim lead the study?"),
        (HELD, "and limestone?", "How many oysters did the limestone reefs hold?"),
        (HELD, "what about the concrete ones?", "How many oysters did the concrete reefs hold?"),
        (HELD, "why?", "Why did the porcelain reefs hold 412 oysters?"),
        (HELD, "when were they counted?", "When were the porcelain reefs counted?"),
        (MET, "who lives there?", "Who lives in Vienna?"),
        (MET, "when was that?", "When did the envoys meet?"),
        (MET, "and why exactly?", "Why did the envoys meet?"),
        (OLDEST, "and the youngest?", "Who is the youngest member of the council?"),
        (OLDEST, "how old is she?", "How old is Ann Lee?"),
        (HELD, "how many did the others hold?", "How many oysters did the others hold?"),
        (HELD, "and now?", "How many oysters did the porcelain reefs hold now?"),
        (HELD, "who said that?", "Who said that the porcelain reefs held 412?"),
        (LAID, "how many of them?", "How many reefs were laid?"),
        (LAID, "how many divers on board?", "How many divers were on board the reefs?"),
        (LAID, "and opened?", "When were the reefs opened?"),
    ],
)
def test_what_the_rules_expect_a_follow_up_to_mean(said, question, expected):
    found = [one.question for one in meanings(question, [said])]
    assert found[0] == expected
    assert found[-1] == question, "the words as typed are always considered, and expected least"


def test_a_pronoun_is_not_given_to_a_person_of_another_title():
    found = meanings("where does he live?", [OFFERED])
    assert all("Brandt" not in one.question for one in found)


def test_two_pronouns_do_not_stand_for_one_thing():
    found = [one.question for one in meanings("what did she say about it?", [LED])]
    assert found[0] == "What did Ingrid Solheim say about the study?"
    assert "What did Ingrid Solheim say about Ingrid Solheim?" not in found


def test_he_and_she_are_two_people():
    met = Said("Who met Queen Anna?", "King Carl", "King Carl met Queen Anna in Lund.")
    assert meanings("When did he meet her?", [met])[0].question == "When did King Carl meet Queen Anna?"
    assert meanings("Did she like him?", [met])[0].question == "Did Queen Anna like King Carl?"


def test_an_earlier_turn_is_reached_when_the_last_has_nothing_suitable():
    assert meanings("where does she work?", [LED, BOMBED])[0].question == "Where does Ingrid Solheim work?"


def test_a_turn_says_what_was_considered(chat):
    first, second = chat.ask("Who paid the town?"), chat.ask("when?")
    assert not first.rewritten
    assert second.rewritten
    assert second.question == "when?"
    assert second.answer.question == second.understood
    assert second.interpretations[-1].rule == "literal"
    best = max(second.interpretations, key=lambda one: one.score)
    assert best.question == second.understood
    assert chat.turns == (first, second)


class BriefReader(KeywordReader):
    def windows(self, question, contexts):
        if len(question.split()) > 12:
            raise qa.UsageError("The question is too long.")
        return super().windows(question, contexts)


def test_what_a_question_could_mean_is_left_out_where_it_is_too_long_for_the_reader():
    library = qa.Library(reader=BriefReader({"Lopez": 4.0, "Anna": 4.0}))
    library.add(TEXT)
    chat = library.chat()
    chat.ask("Who paid the very old town by the sea that day?")
    asked = [one.question for one in chat.ask("when was it?").interpretations]
    assert "When was the very old town?" in asked
    assert "When did Anna Lopez pay the very old town by the sea that day?" not in asked
    assert asked[-1] == "when was it?"
    with pytest.raises(qa.UsageError, match="too long"):
        chat.ask("and why " * 7)


def test_undo_asks_the_words_as_typed_in_place_of_the_turn(chat):
    chat.ask("Who paid the town?")
    assert chat.ask("when?").rewritten
    turn = chat.undo()
    assert (turn.understood, turn.rewritten, len(chat.turns)) == ("when?", False, 2)
    assert chat.turns[-1] is turn


def test_the_user_says_what_is_meant(chat):
    turn = chat.ask("and then?", understood="What happened after Monday?")
    assert (turn.question, turn.understood, turn.rewritten) == ("and then?", "What happened after Monday?", True)
    assert [one.rule for one in turn.interpretations] == ["edited"]
    assert chat.revise("Who objected?").understood == "Who objected?"
    assert len(chat.turns) == 1


def test_reset_forgets(chat):
    chat.ask("Who paid the town?")
    chat.reset()
    assert chat.turns == ()
    assert chat.ask("when?").understood == "when?"


def test_what_cannot_be_asked_changes_nothing(chat):
    with pytest.raises(qa.UsageError, match="Nothing has been asked"):
        chat.undo()
    turn = chat.ask("Who paid the town?")
    with pytest.raises(qa.UsageError, match="empty"):
        chat.ask(" ")
    with pytest.raises(qa.UsageError, match="empty"):
        chat.revise("")
    assert chat.turns == (turn,)
    with pytest.raises(qa.UsageError, match="no mode"):
        qa.Library().chat(mode="bold")


def test_dictionaries_give_the_conversation_back(chat):
    chat.ask("Who paid the town?")
    chat.ask("when?")
    data = json.loads(json.dumps(chat.to_dict()))
    again = Conversation.restore(chat._library, data)
    assert again.turns == chat.turns
    assert again.to_dict() == chat.to_dict()
    assert Turn.from_dict(json.loads(json.dumps(chat.turns[1].to_dict()))) == chat.turns[1]


WORDS = st.sampled_from(
    ["who", "when", "and", "why", "what", "about", "of", "them", "she", "it", "there", "that", "Lopez", "the", "mayor"]
    + ["did", "was", "paid", "'s", "?", ",", "Ä", "€", "😀", "a", "how many"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=4))
def test_every_answer_of_a_conversation_quotes_its_article(chat, questions):
    chat.reset()
    for question in questions:
        turn = chat.ask(question)
        span = turn.answer.span
        assert turn.answer.text == (TEXT[span.start : span.end] if span else "")
        assert turn.question == question
        assert any(one.question == turn.understood for one in turn.interpretations)
