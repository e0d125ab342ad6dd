"""A conversation as Markdown and JSON."""

import json

import pytest

from qa import Answer, Article, Span
from qa.transcript import Exchange, to_json, to_markdown

ARTICLE = Article.of("Ann *won* the <b>prize</b>. Nobody said why.", "Prizes", "https://example.org/")
BEST, AROUND = Span.quoting(ARTICLE, 0, 3), Span.quoting(ARTICLE, 0, 27)
ANSWER = Answer("Who?", True, "Ann", BEST, 0.83, AROUND, mentions=(BEST,))
DECLINED = Answer("Why?", False, "", None, 0.1, None, closest=Span.quoting(ARTICLE, 28, 44))
EXCHANGES = [Exchange(ANSWER, {ARTICLE.id: ARTICLE}), Exchange(DECLINED, {ARTICLE.id: ARTICLE})]


def test_markdown() -> None:
    lines = [line for line in to_markdown(EXCHANGES).splitlines() if line]
    assert lines == [
        "# Questions and answers",
        "## Who?",
        "> **Ann**",
        "<strong>Ann</strong> \\*won\\* the \\<b\\>prize\\</b\\>.",
        "“Ann” (Prizes) <https://example.org/#:~:text=Ann>. Probability that this is right: 83%.",
        "## Why?",
        "The text does not say.",
        "Closest passage, not an answer:",
        "> Nobody said why.",
    ]


def test_json_holds_all_that_is_needed_to_check_it() -> None:
    data = json.loads(to_json(EXCHANGES))
    [article] = data["articles"]
    assert Article.from_dict(article) == ARTICLE
    assert [Answer.from_dict(answer) for answer in data["answers"]] == [ANSWER, DECLINED]
    span = data["answers"][0]["span"]
    assert article["text"][span["start"] : span["end"]] == "Ann"
    assert [answer["citation"] for answer in data["answers"]] == [EXCHANGES[0].citation, ""]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1986. The mayor resigned.", r"1986\. The mayor resigned."),
        ("3) Tickets", r"3\) Tickets"),
        ("- Tickets", r"\- Tickets"),
        ("+ Tickets", r"\+ Tickets"),
        ("=", r"\="),
        ("1.5 - 2", "1.5 - 2"),
        ("5 euros", "5 euros"),
    ],
)
def test_no_line_of_the_text_begins_a_list_or_a_heading(text: str, line: str) -> None:
    article = Article.of(text)
    near = Answer("Why?", False, "", None, 0.1, None, closest=Span.quoting(article, 0, len(text)))
    assert to_markdown([Exchange(near, {article.id: article})]).splitlines()[-1] == f"> {line}"


def test_an_answer_within_a_word_is_set_off() -> None:
    article = Article.of("It cost US$5m then.")
    cost, around = Span.quoting(article, 10, 13), Span.quoting(article, 0, 19)
    answer = Answer("What?", True, "$5m", cost, 0.8, around, mentions=(cost,))
    assert "It cost US<strong>$5m</strong> then." in to_markdown([Exchange(answer, {article.id: article})])
