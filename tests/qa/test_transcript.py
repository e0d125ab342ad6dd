"""A conversation as Markdown and JSON."""

import json

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
        "**Ann** \\*won\\* the \\<b\\>prize\\</b\\>.",
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
