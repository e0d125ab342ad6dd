"""SQuAD files as people make them, which evaluation and training take in the same way."""

from __future__ import annotations

import json

import pytest

from eval.datasets import load_squad
from index.errors import InputError
from qa.squad import SquadAnswer, read_squad
from qa.training.squad import load_titles

CONTEXT = "Elsa Lind steers the ferry. 🦪 A"


def written(path, *paragraphs, title: object = "A ferry"):
    path.write_text(json.dumps({"data": [{"title": title, "paragraphs": list(paragraphs)}]}))
    return path


def asked(*answers, question="Who steers?", context=CONTEXT, **more):
    return {"context": context, "qas": [{"id": 7, "question": question, "answers": list(answers), **more}]}


def test_an_answer_has_a_place_only_where_it_stands(tmp_path):
    places = {
        "rightly": {"text": "Elsa Lind", "answer_start": 0},
        "elsewhere": {"text": "Elsa Lind", "answer_start": 3},
        "before": {"text": "A", "answer_start": -1},  # which Python would look for at the end
        "unsaid": {"text": "Elsa Lind"},
        "unknown": {"text": "Elsa Lind", "answer_start": None},
        "blank": {"text": " ", "answer_start": 4},
    }
    path = written(tmp_path / "x.json", asked(*places.values()))
    ((question,),) = ((paragraph.questions) for title in read_squad(path) for paragraph in title.paragraphs)
    assert question.id == "7"
    assert question.answers[0] == SquadAnswer("Elsa Lind", 0)
    assert [answer.start for answer in question.answers[1:]] == [None] * 5
    ((_, example),) = load_squad(path).pairs
    assert example.starts == (0, None, None, None, None, None)
    ((learned,),) = (paragraph.questions for title in load_titles(path) for paragraph in title.paragraphs)
    assert [(span.start, span.end, span.votes) for span in learned.spans] == [(0, 9, 1)]


def test_without_answers_the_text_does_not_say(tmp_path):
    flagged = asked({"text": "Elsa Lind", "answer_start": 0}, is_impossible=True)
    path = written(tmp_path / "x.json", flagged, asked())
    assert [example.answers for _, example in load_squad(path).pairs] == [(), ()]
    (title,) = load_titles(path)
    assert [question.spans for paragraph in title.paragraphs for question in paragraph.questions] == [(), ()]


def test_half_characters_do_not_stop_what_comes_later(tmp_path):
    path = written(tmp_path / "x.json", asked(question="Who \ud800?", context="Elsa \udc00 Lind"), title="\ud83e")
    (title,) = read_squad(path)
    assert title.name == "\ufffd"
    assert title.paragraphs[0].context == "Elsa \ufffd Lind"
    assert title.paragraphs[0].questions[0].text == "Who \ufffd?"


def test_a_title_may_be_missing_and_an_empty_paragraph_is_passed_over(tmp_path):
    path = written(tmp_path / "x.json", {"context": " \n", "qas": []}, asked(), title=None)
    ((article, _),) = load_squad(path).pairs
    assert article.text == CONTEXT
    assert len(load_titles(path)[0].paragraphs) == 1


@pytest.mark.parametrize(
    ("paragraph", "seen"),
    [
        (asked(context=""), "empty context"),
        ({"context": CONTEXT, "qas": [{"id": "1", "question": 5, "answers": []}]}, "5 is no text"),
        ({"qas": []}, "KeyError: 'context'"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line_with_the_file(tmp_path, paragraph, seen):
    path = written(tmp_path / "x.json", paragraph)
    for load in (read_squad, load_titles):
        with pytest.raises(InputError, match=f"x.json is not a SQuAD file .*{seen}"):
            load(path)
