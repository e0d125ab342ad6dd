"""The conversation as HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_toys import Elements, tags, text_of, texts

from qa import Answer, Article, Span
from ui.answer_card import card, chips, confidence_words, conversation, notice
from ui.marks import marks
from ui.turn import Turn

ALLOWED = {
    *("div", "ol", "ul", "li", "p", "span", "i", "q", "mark", "blockquote", "cite", "button", "h2"),
    *("details", "summary", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ARTICLE = Article.of("Ann won. The prize went to Ann on Monday. Nobody said why.", "Prizes", pages=(0, 9))


ARTICLES = {ARTICLE.id: ARTICLE}


def span(start: int, end: int) -> Span:
    return Span.quoting(ARTICLE, start, end)


def answered(confidence: float | None = 0.83) -> Answer:
    best = span(27, 30)
    return Answer("Who?", True, "Ann", best, confidence, span(9, 41), mentions=(best, span(0, 3)))


def declined() -> Answer:
    return Answer("Why?", False, "", None, 0.07, None, closest=span(42, 58))


def turn(answer: Answer, *, several: bool = False, article: Article = ARTICLE) -> Turn:
    return Turn(answer.question, answer, several, articles={article.id: article}, asked=(article,))


def test_an_answer_shows_quote_sentence_confidence_and_mentions() -> None:
    html = card(turn(answered()), 3)
    assert texts(html, "quote") == ["Ann"]
    assert texts(html, "sentence") == ["The prize went to Ann on Monday."]
    assert texts(html, "answer") == ["Ann"]
    assert texts(html, "confidence") == ["likely right (83%)"]
    [tip] = [a["title"] for tag, a in Elements(html).found if a.get("class") == "confidence"]
    assert tip.startswith("83%: the probability")
    assert "on other articles, where half of the questions had no answer" in tip
    assert "can be off" in tip
    assert "also at 1 other place" in text_of(html)
    assert "page 2" in text_of(html)
    assert "Prizes" not in text_of(html)
    buttons = [a for tag, a in Elements(html).found if tag == "button"]
    assert [a["data-copy"] for a in buttons if "data-copy" in a] == ["“Ann” (Prizes, p. 2)"]
    assert [(a["data-turn"], a["data-place"]) for a in buttons if "data-turn" in a] == [
        ("3", "0"),
        ("3", "1"),
    ]


def test_a_pronoun_that_stands_for_the_answer_is_set_off_and_explained() -> None:
    article = Article.of(f"Ann won. Nobody saw it. {'On and on it rained. ' * 15}She slept.", "Prizes")
    she = Span.quoting(article, article.text.index("She"), article.text.index("She") + 3)
    around = Span.quoting(article, 0, len(article.text))
    who = Answer("Who?", True, "Ann", Span.quoting(article, 0, 3), 0.5, around, pronoun=she)
    html = card(turn(who, article=article), 0)
    assert texts(html, "pronoun") == ["She"]
    assert texts(html, "remark") == ["The text says “She”, taken to mean this."]
    found = [(mark.kind, article.text[mark.start : mark.end]) for mark in marks(who, article.id)]
    assert found == [("answer", "Ann"), ("pronoun", "She"), ("sentence", article.text)]
    assert texts(card(turn(answered()), 0), "remark") == []


def test_with_several_articles_the_title_is_named() -> None:
    assert texts(card(turn(answered(), several=True), 0), "facts") == ["likely right (83%)Prizespage 2"]


def test_without_a_calibrator_no_percentage_is_shown() -> None:
    assert "%" not in card(turn(answered(None)), 0)


def test_no_answer_says_so_and_shows_the_closest_passage_as_none() -> None:
    html = card(turn(declined()), 0)
    assert texts(html, "verdict") == ["The article does not say."]
    assert texts(html, "label") == ["Closest passage, not an answer"]
    assert "Nobody said why." in text_of(html)
    assert "<mark" not in html
    assert "%" not in html
    assert texts(card(turn(declined(), several=True), 0), "verdict") == ["The articles do not say."]
    nothing = Answer("Why?", False, "", None, None, None)
    assert text_of(card(turn(nothing), 0)).startswith("The article does not say.")


def test_a_sentence_that_is_the_quote_is_not_repeated() -> None:
    whole = span(0, 8)
    answer = Answer("?", True, whole.text, whole, None, whole, mentions=(whole,))
    assert "<blockquote" not in card(turn(answer), 0)


def test_an_endless_sentence_is_shortened_around_the_quote() -> None:
    long = Article.of("before " * 300 + "QUOTE " + "after " * 300)
    at = long.text.index("QUOTE")
    best, around = Span.quoting(long, at, at + 5), Span.quoting(long, 0, len(long.text) - 1)
    html = card(turn(Answer("?", True, "QUOTE", best, None, around, mentions=(best,)), article=long), 0)
    shown = texts(html, "sentence")[0]
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert len(shown) < 600


@given(st.text(min_size=1).filter(str.strip), st.text(max_size=30))
def test_everything_is_escaped(text: str, question: str) -> None:
    hostile = Article.of(f"{text} <script>x</script>".encode("utf-8", "replace").decode(), "<b onclick='x'>title</b>")
    whole = Span.quoting(hostile, 0, len(hostile.text))
    answer = Answer("?", True, whole.text, whole, 0.5, whole, mentions=(whole,))
    no = Answer("?", False, "", None, None, None, closest=whole)
    held = {hostile.id: hostile}
    turns = [
        Turn(f"<i>{question}</i>", answer, several=True, articles=held),
        Turn("q", no, several=True, articles=held),
        Turn("", note="<u>n</u>"),
    ]
    html = conversation(turns, [f"{question}'\"><script>"], 0)
    assert tags(html) <= ALLOWED
    assert texts(html, "quote") == [hostile.text]
    assert not [name for _, attrs in Elements(html).found for name in attrs if name.startswith("on")]


def test_conversation() -> None:
    turns = [Turn("Who?", answered(), articles=ARTICLES), Turn("", note="Other"), Turn("When?")]
    html = conversation(turns, ["Why?"], 0)
    assert texts(html, "question") == ["You asked: Who?", "You asked: When?"]
    assert html.count('aria-current="true"') == 1
    assert "Reading…" in text_of(html)
    assert "Now open: Other" in text_of(html)
    assert 'role="log" aria-live="polite"' in html
    assert "What would you like to know?" not in html
    assert "What would you like to know?" in conversation([])


def test_chips() -> None:
    assert chips([]) == ""
    assert [a["data-ask"] for tag, a in Elements(chips(["A?", '"B"?'])).found if tag == "button"] == ["A?", '"B"?']


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "very likely right"),
        (0.9, "very likely right"),
        (0.7, "likely right"),
        (0.45, "perhaps right"),
        (0.0, "a guess"),
    ],
)
def test_confidence_in_words(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


def test_notice() -> None:
    assert text_of(notice("<b>No</b>")) == "<b>No</b>"
    assert notice("") == '<div role="alert"></div>'
