"""A conversation to take away, as Markdown and as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.citation import citation, quote_link, shown_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.article import Article
    from qa.answer import Answer

_MARKDOWN_SIGNS = re.compile(r"^\d+(?=[.)](?:\s|$))|(?=^[-+=]|[\\`*_{}\[\]<>#|~])")  # each ends where one begins


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer.

    Attributes:
        answer: To the question as it was understood.
        articles: Those that the answer points into, by id.
        typed: The question as it was typed; empty when it was that.
        judgement: What the user said of the answer; empty when that is nothing.
    """

    answer: Answer
    articles: Mapping[str, Article]
    typed: str = ""
    judgement: str = ""

    @property
    def question(self) -> str:
        """The question as it was typed."""
        return self.typed or self.answer.question

    @property
    def citation(self) -> str:
        """How the quote is cited; empty where there is none."""
        span = self.answer.span
        return citation(self.articles[span.article_id], span) if span else ""


def to_json(exchanges: Sequence[Exchange]) -> str:
    """Return a conversation as JSON: the articles whole, so that every position can be checked, and the answers."""
    articles = {
        key: {**article.to_dict(), "source": shown_source(article) or None}
        for exchange in exchanges
        for key, article in exchange.articles.items()
    }
    answers = [
        {
            "typed": exchange.question,
            **exchange.answer.to_dict(),
            "citation": exchange.citation,
            "judgement": exchange.judgement,
        }
        for exchange in exchanges
    ]
    return json.dumps({"articles": list(articles.values()), "answers": answers}, ensure_ascii=False, indent=1) + "\n"


def to_markdown(exchanges: Sequence[Exchange]) -> str:
    """Return a conversation as Markdown: questions as headings, quotes as block quotes."""
    return "\n".join(["# Questions and answers", *(_section(exchange) for exchange in exchanges)])


def _section(exchange: Exchange) -> str:
    answer = exchange.answer
    heading = f"\n## {_line(exchange.question)}\n"
    if exchange.question != answer.question:
        heading += f"\nUnderstood as: {_line(answer.question)}\n"
    if exchange.judgement:
        heading += f"\nChecked by the user: {_line(exchange.judgement)}.\n"
    if answer.span is None:
        near = answer.closest
        passage = f"\n\nClosest passage, not an answer:\n\n> {_line(near.text)}" if near else ""
        return f"{heading}\nThe text does not say.{passage}\n"
    around = f"\n\n{_emphasised(answer)}" if answer.sentence not in ("", answer.text) else ""
    around += f"\n\n{_line(answer.remark)}" if answer.remark else ""
    sure = "" if answer.confidence is None else f". Probability that this is right: {answer.confidence:.0%}."
    link = quote_link(exchange.articles[answer.span.article_id], answer.span)
    cited = _line(exchange.citation.removesuffix(link)) + (f" <{link}>" if link else "")
    return f"{heading}\n> **{_line(answer.text)}**{around}\n\n{cited}{sure}\n"


def _emphasised(answer: Answer) -> str:
    """Return the sentence around the answer with the answer set off."""
    around, span = answer.sentence_span, answer.span
    if around is None or span is None or not around.start <= span.start < span.end <= around.end:
        return _line(answer.sentence)
    first, last = span.start - around.start, span.end - around.start
    before, after = around.text[:first], around.text[last:]
    space = " " if before != before.rstrip() else ""
    gap = " " if after != after.lstrip() else ""
    # Asterisks beside a letter and a sign, as those of "US**$5m**", set nothing off.
    return f"{_line(before)}{space}<strong>{_line(span.text)}</strong>{gap}{_line(after)}"


def _line(text: str) -> str:
    """Return a text on one line, with no sign that Markdown or HTML would take for its own."""
    return _MARKDOWN_SIGNS.sub(r"\g<0>\\", " ".join(text.split())).replace("&", "&amp;")
