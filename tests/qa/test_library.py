"""The facade: what it promises about answers, articles and bad input."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import KeywordReader

import qa
from qa.answering import merged
from qa.library import BATCH

TEXT = "The mayor spoke first. On Monday Lopez paid $300 to the town. Nobody objected.\n\nLater Lopez paid again."


@pytest.fixture
def library():
    return qa.Library(reader=KeywordReader({"Lopez": 4.0, "mayor": 1.0}))


def test_an_answer_quotes_its_article_and_names_every_place(library):
    article = library.add(TEXT, title="Town")
    answer = library.ask("who paid?")
    assert answer.answered
    assert answer.text == "Lopez" == library.get(answer.span.article_id).text[answer.span.start : answer.span.end]
    assert [m.start for m in answer.mentions] == [TEXT.index("Lopez"), TEXT.rindex("Lopez")]
    assert answer.sentence == "On Monday Lopez paid $300 to the town."
    assert [other.span.text for other in answer.alternatives][0] == "mayor"
    assert answer.confidence is None, "a reader without a calibrator shows no percentage"
    assert answer.trace.measure == "margin"
    assert answer.span.article_id == article.id


def test_declines_and_shows_the_closest_sentence(library):
    library.add("The clerk slept. The mayor spoke.")
    declined = qa.Library(reader=KeywordReader({"mayor": 1.0}, null=3.0))
    declined.add("The clerk slept. The mayor spoke.")
    answer = declined.ask("who paid?")
    assert (answer.answered, answer.text, answer.span, answer.sentence) == (False, "", None, "")
    assert answer.closest.text == "The mayor spoke."
    assert not answer


def test_a_mere_pronoun_is_no_answer():
    text = "The guards slept. They woke in the US."
    for sure, other in ((3.0, 2.0), (3.0, 3.0)):
        library = qa.Library(reader=KeywordReader({"They": sure, "guards": other}))
        library.add(text)
        answer = library.ask("who woke?")
        assert answer.text == "guards"
        assert all(one.span.text != "They" for one in answer.alternatives)
    # as sure of the other answer as if the pronoun had not been there: of four spans of like score, two are left
    assert math.exp(library.read_many(["who?"])[0].candidates[0].focus) == pytest.approx(1 / 2, abs=0.05)
    library = qa.Library(reader=KeywordReader({"They": 3.0, "US": 2.0}))
    library.add(text)
    assert library.ask("where?").text == "US"  # a country


def test_a_margin_of_exactly_the_threshold_answers():
    library = qa.Library(reader=KeywordReader({"mayor": 2.0}, null=2.0))
    library.add(TEXT)
    answer = library.ask("who?", mode="balanced")
    assert answer.trace.threshold == 0.0
    assert answer.trace.margin == 0.0
    assert answer.answered


def test_modes_differ_in_what_they_let_through():
    library = qa.Library(reader=KeywordReader({"mayor": 1.0}, null=2.0))
    library.add(TEXT)
    assert [library.ask("who?", mode=mode).answered for mode in ("strict", "balanced", "eager")] == [False, False, True]


def test_an_answer_that_stands_only_in_a_later_window_is_found():
    library = qa.Library(reader=KeywordReader({"Lopez": 4.0}, null=3.0, size=20))
    library.add("Filler words stand here. " * 200 + "Then Lopez came.")
    assert library.ask("who came?").text == "Lopez"


def test_a_sentence_of_400_tokens_is_read_to_its_end():
    library = qa.Library(reader=KeywordReader({"Lopez": 4.0}))
    library.add("word " * 400 + "Lopez came")
    assert library.ask("who came?").text == "Lopez"


def test_overlapping_windows_do_not_count_a_place_twice():
    library = qa.Library(reader=KeywordReader({"Lopez": 4.0}, size=12))
    library.add("one two three four five six seven eight nine Lopez ten eleven twelve thirteen fourteen fifteen")
    assert len(library.ask("who?").mentions) == 1


@pytest.mark.parametrize(
    "text",
    [
        "😀 The mayor 👩‍🔬 met Lopez.",
        "Cafe\u0301 owner Lopez spoke.",
        "Line one.\r\nLopez spoke.\r\n",
        "Then\u00a0Lopez\u00a0spoke.",
        "قال العمدة ثم تكلم Lopez في المدينة.",
    ],
)
def test_offsets_are_code_points_of_the_text_as_it_came(text, library):
    library.add(text)
    answer = library.ask("who spoke?")
    assert answer.text == "Lopez"
    assert answer.span.start == text.index("Lopez")
    assert library.articles[0].text == text


def test_the_same_text_twice_is_one_article(library):
    assert library.add(TEXT) == library.add(TEXT, title="Other")
    assert len(library) == 1


def test_articles_are_removed_and_renamed(library):
    first, second = library.add(TEXT), library.add("Lopez sang.")
    library.rename(second.id, "Song")
    library.remove(first.id)
    assert [article.title for article in library.articles] == ["Song"]
    assert library.ask("who?").span.article_id == second.id
    with pytest.raises(qa.UsageError, match=first.id):
        library.get(first.id)


def test_only_the_chosen_articles_are_asked(library):
    library.add(TEXT)
    second = library.add("Here sang Lopez.")
    for chosen in (second, second.id, [second], [second.id]):
        answer = library.ask("who?", articles=chosen)
        assert {mention.article_id for mention in answer.mentions} == {second.id}
    assert len(library.ask("who?").mentions) == 3


def test_ask_many_gives_what_ask_gives_and_reads_once(library):
    library.add(TEXT)
    questions = ["who paid?", "who spoke?", "what?"]
    one_by_one = [library.ask(question) for question in questions]
    library.reader.read.clear()
    together = library.ask_many(questions)
    assert library.reader.read == [3]
    assert [(a.text, a.mentions, a.question) for a in together] == [
        (a.text, a.mentions, a.question) for a in one_by_one
    ]
    assert library.ask_many([]) == []


def test_answers_survive_json(library):
    library.add(TEXT)
    for question in ("who paid?", "why?"):
        answer = library.ask(question)
        assert qa.Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


@pytest.mark.parametrize("question", ["", "  \n", "x" * 2001])
def test_questions_that_cannot_be_asked(library, question):
    library.add(TEXT)
    with pytest.raises(qa.UsageError) as caught:
        library.ask(question)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda lib: lib.ask("who?"), qa.UsageError, "no article to ask"),
        (lambda lib: lib.add(""), qa.InputError, "empty"),
        (lambda lib: lib.add(" \u00a0\r\n"), qa.InputError, "empty"),
        (lambda lib: lib.add("a \ud800 b"), qa.InputError, "surrogate"),
        (lambda lib: lib.add_file(b"text"), qa.UsageError, "name"),
        (lambda lib: lib.add(TEXT) and lib.ask("who?", mode="bold"), qa.UsageError, "strict, balanced or eager"),
        (lambda lib: lib.add(TEXT) and lib.ask("who?", articles=["nope"]), qa.UsageError, "nope"),
        (lambda lib: lib.add(TEXT) and lib.ask("who?", articles=[]), qa.UsageError, "No article was chosen"),
        (lambda lib: lib.add(TEXT) and lib.ask("who?", top_k=0), qa.UsageError, "top_k"),
        (lambda lib: lib.remove("nope"), qa.UsageError, "nope"),
    ],
)
def test_mistakes_are_told_in_one_line(library, call, error, words):
    with pytest.raises(error, match=words) as caught:
        call(library)
    assert "\n" not in str(caught.value)


def test_a_span_that_does_not_quote_its_article_cannot_be_made():
    article = qa.Article.of(TEXT)
    assert qa.Span.quoting(article, 4, 9).text == "mayor"
    for start, end in ((-1, 3), (5, 5), (9, 4), (0, 10_000)):
        with pytest.raises(ValueError, match="does not read"):
            qa.Span.quoting(article, start, end)
    with pytest.raises(ValueError, match="does not read"):
        qa.Span.quoting(article, 4, 9, "clerk")
    with pytest.raises(ValueError, match="no quotation"):
        qa.Span(article.id, 4, 9, "mayo")
    with pytest.raises(ValueError, match="text of its span"):
        qa.Answer("q", True, "clerk", qa.Span.quoting(article, 4, 9), None, None)


WORD = st.text(min_size=1, max_size=8)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    text=st.lists(WORD | st.sampled_from(["Lopez", "$5", "\r\n", "\n\n", "e\u0301", "👩‍🔬", "“", "."])).map(" ".join),
    question=WORD,
    null=st.floats(-6, 6),
    mode=st.sampled_from(["strict", "balanced", "eager"]),
)
def test_every_answer_quotes_its_article_exactly(text, question, null, mode):
    library = qa.Library(reader=KeywordReader({"Lopez": 2.0, "5": 1.0}, null=null, size=6))
    try:
        article = library.add(text)
        answer = library.ask(question, mode=mode)
    except qa.ArticleQAError:
        return
    spans = [answer.span, answer.sentence_span, answer.closest, *answer.mentions]
    spans += [place for other in answer.alternatives for place in (other.span, other.sentence)]
    for span in filter(None, spans):
        assert span.article_id == article.id
        assert article.text[span.start : span.end] == span.text != ""
    assert answer.text == (article.text[answer.span.start : answer.span.end] if answer.answered else "")


def test_every_mention_in_one_window_is_found_however_many_variants_the_best_has():
    library = qa.Library(reader=KeywordReader({"Ada": 5.0, "Lopez": 5.0, "of": 5.0, "Rye": 5.0}))
    library.add("Then Ada Lopez of Rye spoke at length. Nobody said a word for an hour. Ada Lopez of Rye went on.")
    answer = library.ask("who spoke?")
    assert {mention.text for mention in answer.mentions} == {answer.text}
    assert len(answer.mentions) == 2


def test_several_libraries_are_decided_on_as_one():
    reader = KeywordReader({"Lopez": 4.0, "mayor": 1.0})
    first, second = qa.Library(reader=reader), qa.Library(reader=reader)
    first.add("The mayor spoke.")
    second.add(TEXT)
    answer = first.decide(merged([library.read_many(["who?"])[0] for library in (first, second)]))
    assert answer.text == "Lopez"
    assert [m.article_id for m in answer.mentions] == [second.articles[0].id] * 2
    assert "mayor" in [other.span.text for other in answer.alternatives]
    assert answer.trace.windows == 2
    assert len(answer.trace.passages) == 2


def test_questions_beyond_one_batch_keep_their_order(library):
    library.add(TEXT)
    questions = [f"who number {n}?" for n in range(BATCH + 5)]
    assert [answer.question for answer in library.ask_many(questions)] == questions
    assert library.reader.read == [BATCH, 5]


def test_articles_may_come_from_a_generator_however_many_questions_there_are(library):
    article = library.add(TEXT)
    answers = library.ask_many(["who?"] * (BATCH + 1), articles=(one for one in [article]))
    assert [answer.text for answer in answers] == ["Lopez"] * (BATCH + 1)


def test_an_object_that_is_no_model_is_refused_with_what_it_lacks():
    homeless = KeywordReader({})
    whole = {name: getattr(homeless, name) for name in ("name", "fingerprint", "count_tokens", "windows", "logits")}
    with pytest.raises(qa.ModelError, match=r"type SimpleNamespace lacks folder\.$"):
        qa.Library(reader=SimpleNamespace(**whole))
    with pytest.raises(qa.ModelError, match="type object is no embedder"):
        qa.Library(reader=homeless, embedder=object())
